//! 履歴: a stretch of the audit trail, newest first, read page by page.

use std::collections::HashMap;

use super::review::Review;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::message::Weight;
use crate::app::modal::prompt::Prompt;
use crate::app::modal::question::Then;
use crate::app::next::Next;
use crate::app::shared::{Asked, Shared};
use crate::app::viewport::Viewport;
use crate::compare::visible;
use crate::domain::calendar::japan_time;
use crate::domain::event::EventKind;
use crate::domain::record::RecordNo;
use crate::view::Step;
use crate::view::trail::{self, change_words, reversal_words};

/// The trail of one record or of all, as far as it is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The record, or all of them.
    pub record: Option<RecordNo>,
    /// 整理番号 of the record.
    pub id: String,
    /// What is read, newest first.
    pub steps: Vec<Step>,
    /// The visible part.
    pub viewport: Viewport,
    /// Events below this number are not read yet.
    pub next: Option<u64>,
    /// Whether anything was read.
    pub read: bool,
    /// Whether a page was asked for and has not come.
    asked: bool,
    /// What became of events that were undone: whether they are undone now. The newest word counts.
    fates: HashMap<u64, bool>,
    /// Pages above what is read that are not kept, the newest first.
    above: Vec<PageBounds>,
    /// Whether the lowest of them was asked for.
    rising: bool,
    /// The search through pages that are not kept, while words are looked for.
    scan: Option<Scan>,
}

/// Where a page of the trail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PageBounds {
    /// Its events lie below this number.
    below: u64,
    /// How many there are.
    len: usize,
}

/// A search through the trail below what is read.
#[derive(Clone, Debug, Default, PartialEq)]
struct Scan {
    /// The page that is looked through, once it has come.
    page: Option<(u64, Vec<Step>, Option<u64>)>,
    /// Pages without a hit, the newest first.
    passed: Vec<PageBounds>,
    /// Events below this number are looked through next.
    next: u64,
}

impl History {
    /// The trail of a record, or of all, before anything is read.
    pub fn of(record: Option<RecordNo>, id: String) -> Self {
        Self { record, id, ..Self::default() }
    }

    /// Notes what a page says of events below it.
    fn note_fates(&mut self, steps: &[Step]) {
        for Step { event, .. } in steps {
            if let (EventKind::Undo | EventKind::Redo, Some(seq)) = (event.kind, event.refers) {
                self.fates.entry(seq.n).or_insert(event.kind == EventKind::Undo);
            }
        }
    }

    /// Adds a page below what is read.
    pub fn add(&mut self, steps: Vec<Step>, next: Option<u64>) {
        self.note_fates(&steps);
        self.steps.extend(steps);
        self.next = next;
        self.read = true;
        self.asked = false;
    }

    /// Whether an event was taken back and not brought back.
    pub fn is_undone(&self, seq: u64) -> bool {
        self.fates.get(&seq).copied().unwrap_or(false)
    }

    /// The step at the cursor.
    pub fn here(&self) -> Option<&Step> {
        self.steps.get(self.viewport.cursor)
    }

    /// Does an action.
    pub fn on_action(&mut self, shared: &mut Shared, action: Action, review: &Review) -> Next {
        match action {
            Action::FocusNext => {
                let record = if self.record.is_some() { None } else { review.record() };
                *self = Self::of_record(record, review);
                shared.detail_top = 0;
                Next::Stay
            }
            Action::Open => match self.here() {
                Some(step) => Next::send(Effect::Step(step.event.id.n)),
                None => Next::Stay,
            },
            Action::Jump => match self.here().and_then(|step| step.event.record()) {
                Some(no) => Next::ShowRecord(no),
                None => Next::say(Weight::Info, "移る先の記録がありません"),
            },
            _ => Next::NotHere,
        }
    }

    /// The trail of a record under review, or of all, before anything is read.
    pub fn of_record(record: Option<RecordNo>, review: &Review) -> Self {
        Self::of(record, record.map(|no| review.id_of(no)).unwrap_or_default())
    }

    /// Reads the trail anew, page by page as it comes into sight.
    pub fn read(&mut self) -> Next {
        let viewport = self.viewport;
        *self = Self { viewport, ..Self::of(self.record, std::mem::take(&mut self.id)) };
        Next::Stay
    }

    /// A page has come; one that was asked for before the trail changed is left out.
    pub fn on_page(&mut self, record: Option<RecordNo>, below: Option<u64>, steps: Vec<Step>, next: Option<u64>) {
        if self.record != record {
            return;
        }
        let scanned = self.scan.as_ref().map(|scan| scan.next);
        let rising = self.above.last().filter(|_| self.rising).map(|page| page.below);
        match below {
            Some(below) if scanned == Some(below) => {
                self.note_fates(&steps);
                self.asked = false;
                if let Some(scan) = &mut self.scan {
                    scan.page = Some((below, steps, next));
                }
            }
            Some(below) if rising == Some(below) => self.add_above(steps),
            Some(below) if self.next == Some(below) => self.add(steps, next),
            None if self.next.is_none() && !self.read => self.add(steps, next),
            _ => {}
        }
    }

    /// Adds the page above what is read; the cursor stays on its event.
    fn add_above(&mut self, mut steps: Vec<Step>) {
        (self.asked, self.rising) = (false, false);
        let Some(page) = self.above.pop() else { return };
        steps.truncate(page.len);
        self.viewport.top += steps.len();
        self.viewport.cursor += steps.len();
        self.steps.splice(0..0, steps);
    }

    /// Whether there are newer events than those that are kept.
    pub fn is_cut(&self) -> bool {
        !self.above.is_empty()
    }

    /// Looks through the page of a search that has come: `None` while more is to be read, else whether words were found. The
    /// page with the first hit takes the place of what was read, any other is not kept, so that memory stays flat.
    pub fn look_through(&mut self, holds: impl Fn(&str) -> bool) -> Option<bool> {
        let scan = self.scan.as_mut()?;
        let (below, steps, next) = scan.page.take()?;
        let hit = steps.iter().position(|step| holds(&step_text(step)));
        match (hit, next) {
            (Some(hit), _) => {
                if let Some(first) = self.steps.first() {
                    self.above.push(PageBounds { below: first.event.id.n + 1, len: self.steps.len() });
                }
                self.above.append(&mut scan.passed);
                self.scan = None;
                (self.steps, self.next) = (steps, next);
                self.viewport = Viewport { top: hit, cursor: hit };
                Some(true)
            }
            (None, Some(next)) => {
                scan.passed.push(PageBounds { below, len: steps.len() });
                scan.next = next;
                None
            }
            (None, None) => {
                self.scan = None;
                Some(false)
            }
        }
    }

    /// Whether a search goes through pages that are not kept.
    pub fn is_scanning(&self) -> bool {
        self.scan.is_some()
    }

    /// Leaves a search; what is read stays.
    pub fn stop_scan(&mut self) {
        if self.scan.take().is_some() {
            self.asked = false;
        }
    }

    /// Asks for the page that comes into sight, or for the next one while words are looked for.
    pub fn settle(&mut self, height: usize, seeking: bool) -> Option<Effect> {
        if !seeking {
            self.stop_scan();
        }
        if self.asked {
            return None;
        }
        if let Some(next) = self.next.filter(|_| seeking && self.scan.is_none() && self.steps.len() >= KEPT) {
            self.scan = Some(Scan { next, ..Scan::default() });
        }
        if let Some(scan) = &self.scan {
            self.asked = true;
            return Some(Effect::History { record: self.record, below: Some(scan.next), limit: SEEK_PAGE });
        }
        if let Some(page) = self.above.last().filter(|_| self.viewport.top == 0 && !seeking) {
            (self.asked, self.rising) = (true, true);
            return Some(Effect::History { record: self.record, below: Some(page.below), limit: page.len });
        }
        let in_sight = self.viewport.top.max(self.viewport.cursor) + height >= self.steps.len();
        let more = !self.read || self.next.is_some();
        if !(in_sight || seeking) || !more {
            return None;
        }
        self.asked = true;
        // What is not to be seen is read in longer pages.
        let limit = if seeking { SEEK_PAGE } else { height + 2 };
        Some(Effect::History { record: self.record, below: self.next, limit })
    }

    /// A step was looked up: says why it cannot be taken back, or asks before it is.
    pub fn on_step(step: &Step, refused: Option<String>) -> Next {
        let event = &step.event;
        if let Some(refused) = refused {
            let message = format!("{} 番は取り消せません: {refused}", event.id.n);
            return Next::say(Weight::Warning, message);
        }
        let mut lines = vec![
            format!("{} 番の操作を取り消します。", event.id.n),
            format!(
                "{}  {}  {}  {}",
                visible(&step.id),
                japan_time(event.at).strftime("%Y-%m-%d %H:%M"),
                visible(event.operator()),
                event.kind.label()
            ),
            reversal_words(event),
        ];
        lines.retain(|line| !line.is_empty());
        lines.push("取消も履歴に残り、やり直しで戻せます。".to_owned());
        Next::confirm(lines, Then::UndoStep(event.id.n))
    }

    /// Takes one old step back, once that was confirmed.
    pub fn undo_step(shared: &mut Shared, seq: u64) -> Next {
        if shared.is_blocked() {
            return Next::Stay;
        }
        let request = shared.changes.ask(Asked::History, None, None);
        Next::send(Effect::UndoStep { request, seq, reason: String::new() })
    }

    /// The reason was given for which a step is taken back that set 支援措置.
    pub fn on_reason(shared: &mut Shared, seq: u64, prompt: Prompt) -> Next {
        let reason = prompt.line.text().trim().to_owned();
        if reason.is_empty() {
            return Next::AskAgain(prompt.again("理由を入力してください"));
        }
        if shared.is_blocked() {
            return Next::Stay;
        }
        let request = shared.changes.ask(Asked::History, None, None);
        Next::send(Effect::UndoStep { request, seq, reason })
    }

    /// Everything that a line and its detail say, for finding.
    pub fn row_text(&self, row: usize) -> String {
        self.steps.get(row).map_or_else(String::new, step_text)
    }
}

/// Everything that the line of a step and its detail say.
fn step_text(step: &Step) -> String {
    let moment = |at| japan_time(at).strftime("%m/%d %H:%M %Y-%m-%d").to_string();
    let event = &step.event;
    let change = change_words(event);
    let note = event.after.as_ref().map_or("", |case| case.note.as_str());
    let words = [
        &moment(event.at),
        event.operator(),
        &step.id,
        event.kind.label(),
        &change,
        &event.reason,
        &trail::detail(event),
        note,
    ];
    words.join(" ")
}

/// Number of events read at once while one is looked for.
const SEEK_PAGE: usize = 500;

/// Number of events that are kept while words are looked for; pages below are looked through and not kept.
pub(in crate::app) const KEPT: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Actor, Event, EventId, Subject};
    use crate::domain::record::RecordNo;
    use jiff::Timestamp;

    fn step(seq: u64, kind: EventKind, refers: Option<u64>) -> Step {
        let event = Event {
            id: EventId::first(seq),
            refers: refers.map(EventId::first),
            ..Event::new(kind, Subject::Record(RecordNo(1)), &Actor::named("佐藤", Timestamp::UNIX_EPOCH))
        };
        Step { event, id: String::new(), awaits_second: false }
    }

    #[test]
    fn the_newest_word_about_an_event_counts() {
        let mut history = History::default();
        history.add(vec![step(5, EventKind::Redo, Some(1)), step(4, EventKind::Undo, Some(2))], Some(4));
        history.add(vec![step(3, EventKind::Undo, Some(1)), step(2, EventKind::Decide, None)], Some(2));
        history.add(vec![step(1, EventKind::Decide, None)], None);
        assert_eq!((history.is_undone(1), history.is_undone(2), history.is_undone(5)), (false, true, false));
        assert_eq!((history.steps.len(), history.next), (5, None));
    }
}
