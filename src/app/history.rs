//! 履歴: a stretch of the audit trail, newest first, read page by page.

use std::collections::HashMap;

use super::window::Window;
use crate::domain::event::EventKind;
use crate::domain::record::RecordNo;
use crate::view::Step;

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
    pub window: Window,
    /// Events below this number are not read yet.
    pub next: Option<u64>,
    /// Whether anything was read.
    pub read: bool,
    /// Whether a page was asked for and has not come.
    pub(super) asked: bool,
    /// What became of events that were undone: whether they are undone now. The newest word counts.
    fates: HashMap<u64, bool>,
}

impl History {
    /// The trail of a record, or of all, before anything is read.
    pub fn of(record: Option<RecordNo>, id: String) -> Self {
        Self { record, id, ..Self::default() }
    }

    /// Adds a page below what is read.
    pub fn add(&mut self, steps: Vec<Step>, next: Option<u64>) {
        for Step { event, .. } in &steps {
            if let (EventKind::Undo | EventKind::Redo, Some(seq)) = (event.kind, event.refers) {
                self.fates.entry(seq).or_insert(event.kind == EventKind::Undo);
            }
        }
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
        self.steps.get(self.window.cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Event;
    use jiff::Timestamp;

    fn step(seq: u64, kind: EventKind, refers: Option<u64>) -> Step {
        let event = Event {
            seq,
            at: Timestamp::UNIX_EPOCH,
            operator: String::new(),
            kind,
            record: None,
            before: None,
            after: None,
            reason: String::new(),
            refers,
            detail: String::new(),
            held: None,
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
