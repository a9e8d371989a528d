//! Taking changes back and bringing them back.

use std::sync::PoisonError;

use crate::domain::case::Case;
use crate::domain::event::{self, CaseChange, Event, EventId, EventKind, UndoRefusal, UndoStack};
use crate::domain::guard;
use crate::domain::record::RecordNo;
use crate::domain::request::Caller;
use crate::store::{Snapshot, StoreError};

use super::service::Request;
use super::{Desk, DeskError};

/// The undo stack of one operator and how far the trail was read into it: reading all of it for every undo would take
/// longer every day.
#[derive(Debug, Default)]
pub(super) struct OperatorStack {
    stack: UndoStack,
    /// The newest event of the trail that was read.
    read: u64,
    /// The newest event that changed the stack.
    newest: u64,
}

impl OperatorStack {
    /// Reads what was added to the trail since the last time.
    fn read_on(&mut self, snapshot: &Snapshot<'_>, operator: &str) -> Result<(), StoreError> {
        for event in snapshot.events(self.read + 1..u64::MAX, None)? {
            let kind = event.kind;
            if event.operator() == operator && (kind.can_undo() || matches!(kind, EventKind::Undo | EventKind::Redo)) {
                self.newest = event.id.n;
            }
            self.stack.push(&event, operator);
            self.read = event.id.n;
        }
        Ok(())
    }
}

impl Desk {
    /// Takes back the operator's newest change; refused where it is not the newest one they know of.
    pub(super) fn undo_newest(&self, who: &Request<'_>, known: Option<u64>) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let id = self.own_stack(&snapshot, who, known, UndoStack::next_undo)?.ok_or(UndoRefusal::Nothing)?;
        let change = because(&snapshot, self.inverse(&snapshot, id, event::undo)?, "")?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    /// Takes back the operator's newest change of one record.
    pub(super) fn undo_of(&self, who: &Request<'_>, record: RecordNo) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let mut stack = UndoStack::default();
        for event in snapshot.events(0..u64::MAX, Some(record))? {
            stack.push(&event, &who.operator);
        }
        let step = stack.next_undo().ok_or(UndoRefusal::Nothing)?;
        let change = because(&snapshot, self.inverse(&snapshot, step, event::undo)?, "")?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    /// Brings back what the operator took back last; refused where they have done something later elsewhere.
    pub(super) fn redo(&self, who: &Request<'_>, known: Option<u64>) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let id = self.own_stack(&snapshot, who, known, UndoStack::next_redo)?.ok_or(UndoRefusal::Nothing)?;
        let change = self.inverse(&snapshot, id, event::redo)?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    /// Asks an operator's stack, after reading what was added to the trail since the last time.
    fn own_stack<T>(
        &self,
        snapshot: &Snapshot<'_>,
        who: &Caller,
        known: Option<u64>,
        ask: impl FnOnce(&UndoStack) -> T,
    ) -> Result<T, DeskError> {
        let mut stacks = self.undo.lock().unwrap_or_else(PoisonError::into_inner);
        // Out of the map while it is read: one that a fault leaves half read is begun anew.
        let mut own = stacks.remove(&who.operator).unwrap_or_default();
        own.read_on(snapshot, &who.operator)?;
        let (answer, newest) = (ask(&own.stack), own.newest);
        stacks.insert(who.operator.clone(), own);
        match known {
            Some(known) if newest > known => Err(DeskError::StepsMoved { newest }),
            _ => Ok(answer),
        }
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
    let since = snapshot.events(seq.saturating_add(1)..u64::MAX, Some(no))?;
    Ok(since.iter().any(|event| event.kind == EventKind::Withdraw))
}
