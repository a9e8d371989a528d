//! Moving through the queue and the record, and how the record is shown.

use super::queue::Found;
use super::state::{Awaited, Fields, Pane, Review};
use crate::app::action::Action;
use crate::app::message::Weight;
use crate::app::scroll::MAX_LINES;
use crate::app::shared::Shared;

impl Review {
    /// Does an action of movement or display.
    pub(in crate::app) fn on_movement(&mut self, shared: &mut Shared, action: Action) {
        let reach = shared.reach.get();
        let height = shared.queue_height();
        let len = self.queue.len();
        let page = height.saturating_sub(1).max(1) as isize;
        match action {
            Action::Next | Action::ScrollDown if self.pane == Pane::Record || action == Action::ScrollDown => {
                let step = if shared.modal.is_some() { UNDER } else { step_of(action) };
                self.scroll = self.scroll.min(reach).saturating_add(step).min(MAX_LINES);
            }
            Action::Prev | Action::ScrollUp if self.pane == Pane::Record || action == Action::ScrollUp => {
                let step = if shared.modal.is_some() { UNDER } else { step_of(action) };
                self.scroll = self.scroll.min(reach).saturating_sub(step);
            }
            Action::PageDown if self.pane == Pane::Record => {
                self.scroll = self.scroll.saturating_add(page.unsigned_abs()).min(MAX_LINES);
            }
            Action::PageUp if self.pane == Pane::Record => {
                self.scroll = self.scroll.min(reach).saturating_sub(page.unsigned_abs());
            }
            Action::Next => self.go(shared, |review| review.viewport.step(1, len, height)),
            Action::Prev => self.go(shared, |review| review.viewport.step(-1, len, height)),
            Action::PageDown => self.go(shared, |review| review.viewport.step(page, len, height)),
            Action::PageUp => self.go(shared, |review| review.viewport.step(-page, len, height)),
            Action::First => self.go(shared, |review| review.viewport.cursor = 0),
            Action::Last => self.go(shared, |review| review.viewport.cursor = len.saturating_sub(1)),
            Action::NextUndecided => match self.queue.next_open(self.viewport.cursor) {
                Found::Row(row) => self.go_ahead(shared, row),
                Found::Nothing => shared.say(Weight::Info, "ほかに未決定の記録はありません"),
                Found::Unread => self.wait_for(shared, Awaited::Move(action)),
            },
            Action::PrevUndecided => match self.queue.previous_open(self.viewport.cursor) {
                Found::Row(row) => self.go_to(shared, row),
                Found::Nothing => shared.say(Weight::Info, "ほかに未決定の記録はありません"),
                Found::Unread => self.wait_for(shared, Awaited::Move(action)),
            },
            Action::NextHit => self.step_hit(shared, true),
            Action::PrevHit => self.step_hit(shared, false),
            Action::FocusNext => self.focus(shared, if self.pane == Pane::Queue { Pane::Record } else { Pane::Queue }),
            Action::FocusQueue => self.focus(shared, Pane::Queue),
            Action::FocusRecord => self.focus(shared, Pane::Record),
            Action::Zoom => self.zoom(shared, !self.zoom),
            Action::CycleFields => {
                self.fields = match self.fields {
                    Fields::All => Fields::Differing,
                    Fields::Differing => Fields::Plain,
                    Fields::Plain => Fields::All,
                };
                let words = match self.fields {
                    Fields::All => "項目: 全部",
                    Fields::Differing => "項目: 相違のみ",
                    Fields::Plain => "項目: 簡易(印なし)",
                };
                self.scroll = 0;
                shared.say(Weight::Info, words);
            }
            Action::Clear if self.zoom => self.zoom(shared, false),
            Action::Clear => self.clear(shared),
            _ => {}
        }
    }

    /// Sends movement keys to a pane, and says so; the queue is seen again when it is gone to.
    fn focus(&mut self, shared: &mut Shared, pane: Pane) {
        self.pane = pane;
        let keys = [Action::Next, Action::Prev].map(|action| shared.key_of(action).unwrap_or_default()).join(" ");
        match pane {
            Pane::Queue => {
                self.zoom = false;
                shared.say(Weight::Info, format!("枠: 一覧 ({keys} で次・前の記録)"));
            }
            Pane::Record => shared.say(Weight::Info, format!("枠: 記録 ({keys} で表示を送ります)")),
        }
    }

    /// Shows the record over the whole width, where movement keys scroll it, or beside the queue again.
    fn zoom(&mut self, shared: &mut Shared, zoom: bool) {
        self.zoom = zoom;
        self.pane = if zoom { Pane::Record } else { Pane::Queue };
        self.scroll = 0;
        let key = shared.key_of(Action::Zoom).map(|key| format!(" ({key} で戻す)")).unwrap_or_default();
        shared.say(Weight::Info, if zoom { format!("記録を広げました{key}") } else { "一覧に戻りました".to_owned() });
    }
}

/// Lines that a record is scrolled by while a question leaves little of it.
const UNDER: usize = 2;

fn step_of(action: Action) -> usize {
    match action {
        Action::ScrollDown | Action::ScrollUp => 5,
        _ => 1,
    }
}
