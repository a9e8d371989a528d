//! The audit trail page by page, and taking one old step back.

use std::collections::HashMap;

use crate::domain::case::State;
use crate::domain::event::{self, Event, EventId, UndoRefusal};
use crate::domain::record::RecordNo;
use crate::domain::request::Caller;
use crate::store::{Snapshot, StoreError};
use crate::view::{Step, TrailPage, Viewer, redact};

use super::service::Request;
use super::undo::because;
use super::{Desk, DeskError};

impl Desk {
    /// Reads at most `limit` events below a number (or the newest), of one record or of all.
    pub fn history(
        &self,
        who: &Caller,
        record: Option<RecordNo>,
        below: Option<u64>,
        limit: usize,
    ) -> Result<TrailPage, DeskError> {
        let snapshot = self.snapshot()?;
        let end = match below {
            Some(below) => below,
            None => snapshot.meta()?.audit_seq + 1,
        };
        let limit = limit.max(1);
        // One more than the page tells whether there is another.
        let mut events = snapshot.events_below(end, record, limit.saturating_add(1))?;
        let more = events.len() > limit;
        events.truncate(limit);
        let next = events.last().map(|event| event.id.n).filter(|_| more);
        Ok(TrailPage { steps: self.steps(&snapshot, who, events)?, next })
    }

    /// An event by its number, and why an operator may not take it back, if so.
    pub fn step(&self, who: &Caller, id: EventId) -> Result<(Step, Option<DeskError>), DeskError> {
        let snapshot = self.snapshot()?;
        let event = event_of(&snapshot, id)?;
        let event = event.ok_or(UndoRefusal::NoEvent(id))?;
        let refused = self.reversal(&snapshot, who, &event).err();
        let step = self.steps(&snapshot, who, vec![event])?.pop().ok_or(UndoRefusal::NoEvent(id))?;
        Ok((step, refused))
    }

    /// Takes one event back by its number, if its record still stands as it left it.
    pub(super) fn undo_step(&self, who: &Request<'_>, id: EventId, reason: &str) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let event = event_of(&snapshot, id)?;
        let change = self.reversal(&snapshot, who, &event.ok_or(UndoRefusal::NoEvent(id))?)?;
        let change = because(&snapshot, change, reason)?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    fn reversal(&self, snapshot: &Snapshot<'_>, who: &Caller, event: &Event) -> Result<event::CaseChange, DeskError> {
        event::may_undo(event, &who.operator, snapshot.is_done(&who.operator, event.id)?)?;
        self.invert(snapshot, event, event::undo)
    }

    /// Adds the 整理番号 of their records to events, for the viewer.
    pub(super) fn steps(
        &self,
        snapshot: &Snapshot<'_>,
        who: &Caller,
        events: Vec<Event>,
    ) -> Result<Vec<Step>, DeskError> {
        let mut nos: Vec<RecordNo> = events.iter().filter_map(|event| event.record()).collect();
        nos.sort_unstable();
        nos.dedup();
        let ids: HashMap<RecordNo, String> =
            snapshot.records(&nos)?.iter().map(|record| (record.no, record.row.id())).collect();
        let viewer = Viewer::of(who);
        let step = |event: Event| {
            let id = event.record().and_then(|no| ids.get(&no)).cloned().unwrap_or_default();
            let awaits_second = awaits_second(snapshot, &event)?;
            Ok(redact(Step { event, id, awaits_second }, &viewer))
        };
        events.into_iter().map(step).collect()
    }
}

/// The event with this number; the store in a file has chain 0 alone.
fn event_of(snapshot: &Snapshot<'_>, id: EventId) -> Result<Option<Event>, StoreError> {
    if id.chain > 0 {
        return Ok(None);
    }
    Ok(snapshot.events(id.n..id.n.saturating_add(1), None)?.pop())
}

/// Whether an event is a first decision (G10) that still waits for the second.
fn awaits_second(snapshot: &Snapshot<'_>, event: &Event) -> Result<bool, DeskError> {
    let first = event.after.as_ref().filter(|case| matches!(case.state, State::AwaitingSecond(_)));
    let (Some(_), Some(no)) = (first, event.record()) else { return Ok(false) };
    Ok(matches!(snapshot.case(no)?.state, State::AwaitingSecond(_)))
}
