//! Taking changes back and bringing them back.

use crate::domain::case::Case;
use crate::domain::event::{self, CaseChange, Event, EventId, EventKind, UndoRefusal};
use crate::domain::guard;
use crate::domain::record::RecordNo;
use crate::store::{OwnSteps, Snapshot, StoreError};

use super::service::Request;
use super::{Desk, DeskError};

/// Number of events of a record that are read at a time.
const PAGE: usize = 64;

impl Desk {
    /// Takes back the operator's newest change; refused where it is not the newest one they know of.
    pub(super) fn undo_newest(&self, who: &Request<'_>, known: Option<u64>) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let id = own_steps(&snapshot, who, known)?.undo.ok_or(UndoRefusal::Nothing)?;
        let change = because(&snapshot, self.inverse(&snapshot, id, event::undo)?, "")?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    /// Takes back the operator's newest change of one record.
    pub(super) fn undo_of(&self, who: &Request<'_>, record: RecordNo) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let id = snapshot.own_step_of(&who.operator, record)?.ok_or(UndoRefusal::Nothing)?;
        let change = because(&snapshot, self.inverse(&snapshot, id, event::undo)?, "")?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    /// Brings back what the operator took back last; refused where they have done something later elsewhere.
    pub(super) fn redo(&self, who: &Request<'_>, known: Option<u64>) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let id = own_steps(&snapshot, who, known)?.redo.ok_or(UndoRefusal::Nothing)?;
        let change =
            because(&snapshot, self.inverse(&snapshot, id, event::redo)?, "").map_err(|error| match error {
                DeskError::LastStep { id, refusal: UndoRefusal::NeedsReason(_) } => {
                    DeskError::LastStep { id, refusal: UndoRefusal::RedoNeedsReason }
                }
                error => error,
            })?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    fn inverse(
        &self,
        snapshot: &Snapshot<'_>,
        id: EventId,
        invert: fn(&Event, &Case) -> Result<CaseChange, UndoRefusal>,
    ) -> Result<CaseChange, DeskError> {
        let event = snapshot.events(id.n..id.n + 1, None)?.pop().ok_or(UndoRefusal::Nothing)?;
        match self.invert(snapshot, &event, invert) {
            Err(DeskError::Undo(refusal)) => {
                let record =
                    event.record().map(|no| snapshot.records(&[no])).transpose()?.and_then(|mut found| found.pop());
                let id = record.ok_or(UndoRefusal::Nothing)?.row.id();
                Err(DeskError::LastStep { id, refusal })
            }
            change => change,
        }
    }

    /// Computes the change that takes an event back or does it again, as far as that may be now.
    pub(super) fn invert(
        &self,
        snapshot: &Snapshot<'_>,
        event: &Event,
        invert: fn(&Event, &Case) -> Result<CaseChange, UndoRefusal>,
    ) -> Result<CaseChange, DeskError> {
        let no = event.record().ok_or(UndoRefusal::Nothing)?;
        let record = snapshot.records(&[no])?.pop().ok_or(StoreError::NoRecord(no))?;
        let change = match invert(event, &snapshot.case(no)?) {
            // What changed it since is no step that could be taken back first.
            Err(UndoRefusal::ChangedSince) if was_withdrawn(snapshot, no, event.id.n)? => {
                return Err(UndoRefusal::Withdrawn.into());
            }
            change => change?,
        };
        guard::check_return(&change.before, &change.after, &record.facts)?;
        Ok(change)
    }
}

/// The operator's newest steps; refused where they have done something later than what they know of.
fn own_steps(snapshot: &Snapshot<'_>, who: &Request<'_>, known: Option<u64>) -> Result<OwnSteps, DeskError> {
    let own = snapshot.own_steps(&who.operator)?;
    match known {
        Some(known) if own.newest > known => Err(DeskError::StepsMoved { newest: own.newest }),
        _ => Ok(own),
    }
}

/// An undo with the reason for it. One that takes 支援措置 away needs it like any other way of doing so: the person may be in
/// danger, and a slip of a key must not be what exposes them.
pub(super) fn because(snapshot: &Snapshot<'_>, change: CaseChange, reason: &str) -> Result<CaseChange, DeskError> {
    let CaseChange { record, before, after, refers, .. } = &change;
    let Some(found) = snapshot.records(&[*record])?.pop() else { return Err(StoreError::NoRecord(*record).into()) };
    let reason = reason.trim();
    if let Some(step) = refers
        && reason.is_empty()
        && before.is_protected(&found.facts)
        && !after.is_protected(&found.facts)
    {
        return Err(DeskError::LastStep { id: found.row.id(), refusal: UndoRefusal::NeedsReason(*step) });
    }
    Ok(CaseChange { reason: reason.to_owned(), ..change })
}

/// Whether a record was withdrawn from a batch after an event.
fn was_withdrawn(snapshot: &Snapshot<'_>, no: RecordNo, seq: u64) -> Result<bool, StoreError> {
    let mut below = u64::MAX;
    loop {
        let page = snapshot.events_below(below, Some(no), PAGE)?;
        let mut since = page.iter().take_while(|event| event.id.n > seq);
        if since.any(|event| event.kind == EventKind::Withdraw) {
            return Ok(true);
        }
        match page.last() {
            Some(last) if last.id.n > seq => below = last.id.n,
            _ => return Ok(false),
        }
    }
}
