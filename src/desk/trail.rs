//! The audit trail page by page, and taking one old step back.

use std::collections::HashMap;

use crate::domain::event::{self, Event, UndoRefusal};
use crate::domain::record::RecordNo;
use crate::domain::request::Caller;
use crate::store::Snapshot;

use super::{Desk, DeskError};

/// An event with the 整理番号 of its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What happened.
    pub event: Event,
    /// 整理番号, empty for an event without a record.
    pub id: String,
}

/// A stretch of the trail, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The events.
    pub steps: Vec<Step>,
    /// Where the next page ends: events below this number are not read yet; `None` when there are none.
    pub next: Option<u64>,
}

impl Desk {
    /// Reads at most `limit` events below a number (or the newest), of one record or of all.
    pub fn history(&self, record: Option<RecordNo>, below: Option<u64>, limit: usize) -> Result<Page, DeskError> {
        let snapshot = self.snapshot()?;
        let end = match below {
            Some(below) => below,
            None => snapshot.meta()?.audit_seq + 1,
        };
        let limit = limit.max(1);
        // One record has few events; of all, only the page itself is read.
        let start = if record.is_some() { 0 } else { end.saturating_sub(limit as u64) };
        let mut events = snapshot.events(start..end, record)?;
        let dropped = events.len().saturating_sub(limit);
        events.drain(..dropped);
        let first = events.first().map(|event| event.seq);
        let more = if record.is_some() { dropped > 0 } else { first.is_some_and(|seq| seq > 1) };
        events.reverse();
        Ok(Page { steps: steps(&*snapshot, events)?, next: first.filter(|_| more) })
    }

    /// An event by its number, and why an operator may not take it back, if so.
    pub fn step(&self, who: &Caller, seq: u64) -> Result<(Step, Option<DeskError>), DeskError> {
        let snapshot = self.snapshot()?;
        let event = snapshot.events(seq..seq.saturating_add(1), None)?.pop();
        let event = event.ok_or(UndoRefusal::NoEvent(seq))?;
        let refused = self.reversal(&*snapshot, who, &event).err();
        let step = steps(&*snapshot, vec![event])?.pop().ok_or(UndoRefusal::NoEvent(seq))?;
        Ok((step, refused))
    }

    /// Takes one event back by its number, if its record still stands as it left it.
    pub(super) fn undo_step(&self, who: &Caller, seq: u64) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let event = snapshot.events(seq..seq.saturating_add(1), None)?.pop();
        let change = self.reversal(&*snapshot, who, &event.ok_or(UndoRefusal::NoEvent(seq))?)?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    fn reversal(&self, snapshot: &dyn Snapshot, who: &Caller, event: &Event) -> Result<event::CaseChange, DeskError> {
        let no = event.record.ok_or(UndoRefusal::Kind(event.kind))?;
        event::may_undo(event, &snapshot.events(0..u64::MAX, Some(no))?, &who.operator)?;
        self.invert(snapshot, event, event::undo)
    }
}

/// Adds the 整理番号 to events.
fn steps(snapshot: &dyn Snapshot, events: Vec<Event>) -> Result<Vec<Step>, DeskError> {
    let mut nos: Vec<RecordNo> = events.iter().filter_map(|event| event.record).collect();
    nos.sort_unstable();
    nos.dedup();
    let ids: HashMap<RecordNo, String> =
        snapshot.records(&nos)?.iter().map(|record| (record.no, record.row.id())).collect();
    let id = |event: &Event| event.record.and_then(|no| ids.get(&no)).cloned().unwrap_or_default();
    Ok(events.into_iter().map(|event| Step { id: id(&event), event }).collect())
}
