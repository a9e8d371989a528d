//! Jumps to a record, and back to where the work was before.

use super::state::{Awaited, Review};
use crate::app::action::Screen;
use crate::app::message::Weight;
use crate::app::shared::Shared;
use crate::compare::visible;
use crate::domain::record::RecordNo;
use crate::domain::scope::Scope;

impl Review {
    /// Goes to a record wherever it stands in the queue; false when it is none of the records under review.
    pub(in crate::app) fn go_to_record(&mut self, shared: &mut Shared, no: RecordNo) -> bool {
        if self.queue.entry_of(no).is_none() {
            if self.queue.is_complete() {
                return false;
            }
            self.wait_for(shared, Awaited::Record(no));
            return true;
        }
        if self.queue.row_of(no).is_none() {
            self.unfilter(shared);
            shared.say(Weight::Info, "絞り込みを解除して、その記録へ移りました");
        }
        let row = self.queue.row_near(no);
        self.go_to(shared, row);
        true
    }

    /// Goes to the record that was asked for by its 整理番号, or says why not.
    pub(in crate::app) fn on_found(&mut self, shared: &mut Shared, id: &str, found: Option<(RecordNo, Scope)>) {
        let id = visible(id);
        let Some((no, scope)) = found else {
            return shared.say(Weight::Warning, format!("整理番号 {id} の記録はありません"));
        };
        if scope != Scope::Item1 || self.queue.is_complete() && self.queue.entry_of(no).is_none() {
            let words =
                format!("整理番号 {id} は確認の対象ではありません({})。meken show {id} で見られます", scope.label());
            return shared.say(Weight::Warning, words);
        }
        let before = self.record();
        shared.show(Screen::Review);
        if self.queue.is_narrowed() && self.queue.row_of(no).is_none() {
            self.unfilter(shared);
            shared.say(Weight::Info, format!("整理番号 {id} は絞込の外のため、絞り込みを解除して移りました"));
        }
        self.go_to_record(shared, no);
        self.remember(before);
    }

    /// Remembers where the work was before a jump.
    pub(in crate::app) fn remember(&mut self, before: Option<RecordNo>) {
        let Some(before) = before.filter(|before| self.record() != Some(*before)) else { return };
        // A new jump begins a new way forward.
        self.jumps.after.clear();
        self.jumps.before.retain(|no| *no != before);
        self.jumps.before.push(before);
        if self.jumps.before.len() > MAX_PLACES {
            self.jumps.before.remove(0);
        }
    }

    /// Goes back to where the work was before the last jump, or forward again.
    pub(in crate::app) fn leap(&mut self, shared: &mut Shared, forward: bool) {
        let here = self.record();
        while let Some(no) = if forward { self.jumps.after.pop() } else { self.jumps.before.pop() } {
            if here != Some(no) && self.go_to_record(shared, no) {
                let left = if forward { &mut self.jumps.before } else { &mut self.jumps.after };
                left.extend(here.filter(|here| left.last() != Some(here)));
                return;
            }
        }
        shared.say(
            Weight::Info,
            match forward {
                true => "進む先はありません(戻った後に、戻る前の記録へ進みます)",
                false => "戻る先はありません(検索・関連・履歴・取消で移る前の記録へ戻ります)",
            },
        );
    }
}

/// Maximum number of records remembered.
const MAX_PLACES: usize = 50;
