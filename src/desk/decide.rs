//! Decisions and how they are taken back.

use crate::domain::case::{self, Case, Decision};
use crate::domain::event::{self, Actor, CaseChange, Change, Event, EventKind, UndoRefusal, UndoStack};
use crate::domain::guard;
use crate::domain::record::RecordNo;
use crate::store::{Snapshot, StoreError};

use super::{Desk, DeskError};

/// An undo stack and how far the trail was read into it: reading all of it for every undo would take longer every day.
#[derive(Debug, Default)]
pub(super) struct KeptStack {
    stack: UndoStack,
    read: u64,
}

impl Desk {
    /// Decides one record; durable when it returns.
    pub fn decide(&self, no: RecordNo, decision: &Decision) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let in_batch = snapshot.batch_of(no)?;
        let change = self.plan(&snapshot, no, decision, in_batch, None)?;
        drop(snapshot);
        self.apply_one(change)
    }

    /// Decides many records, all or nothing; on refusal every refused one is named by its place in the list.
    pub fn decide_all(&self, decisions: &[(RecordNo, Decision)]) -> Result<Vec<Event>, Vec<(usize, DeskError)>> {
        let first = |error: DeskError| vec![(0, error)];
        let snapshot = self.snapshot().map_err(|error| first(error.into()))?;
        let in_batch = snapshot.in_batch().map_err(|error| first(error.into()))?;
        let mut changes: Vec<CaseChange> = Vec::with_capacity(decisions.len());
        let mut refused = Vec::new();
        // A record named twice is decided twice, each time from where the line before left it.
        let mut newest: std::collections::HashMap<RecordNo, usize> = std::collections::HashMap::new();
        for (place, (no, decision)) in decisions.iter().enumerate() {
            let before = newest.get(no).map(|&at| changes[at].after.clone());
            match self.plan(&snapshot, *no, decision, in_batch.get(no).copied(), before) {
                Ok(change) => {
                    newest.insert(*no, changes.len());
                    changes.push(change);
                }
                Err(error) => refused.push((place, error)),
            }
        }
        drop(snapshot);
        if !refused.is_empty() {
            return Err(refused);
        }
        let changes: Vec<Change> = changes.into_iter().map(|change| Change::Case(Box::new(change))).collect();
        self.store.apply(&changes, &self.actor()).map_err(|error| first(error.into()))
    }

    /// Takes a decided record back to 確認中.
    pub fn reopen(&self, no: RecordNo, reason: &str) -> Result<Event, DeskError> {
        let (record, before, in_batch) = self.current(no)?;
        let after = case::reopen(&before, reason, &self.surroundings(&record, in_batch))?;
        self.apply_one(change(no, EventKind::Reopen, before, after, reason))
    }

    /// Replaces the note of a record.
    pub fn annotate(&self, no: RecordNo, note: &str) -> Result<Event, DeskError> {
        let (_, before, _) = self.current(no)?;
        let after = case::annotate(&before, note);
        self.apply_one(change(no, EventKind::Note, before, after, ""))
    }

    /// Sets or clears 支援措置 (DV・虐待等) of a record.
    pub fn protect(&self, no: RecordNo, on: bool, reason: &str) -> Result<Event, DeskError> {
        if reason.trim().is_empty() {
            return Err(DeskError::NeedsReason);
        }
        let (record, before, _) = self.current(no)?;
        let after = case::protect(&before, on, &record.facts, reason.trim());
        self.apply_one(change(no, EventKind::Protect, before, after, reason.trim()))
    }

    /// Takes back the operator's newest change, or their newest change of one record.
    pub fn undo(&self, record: Option<RecordNo>) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let seq = match record {
            None => self.own_stack(&snapshot, UndoStack::next_undo)?,
            Some(_) => self.undo_stack(&snapshot, record)?.next_undo(),
        };
        let seq = seq.ok_or(UndoRefusal::Nothing)?;
        let change = self.inverse(&snapshot, seq, event::undo)?;
        drop(snapshot);
        self.apply_one(change)
    }

    /// Brings back what the operator took back last.
    pub fn redo(&self) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let seq = self.own_stack(&snapshot, UndoStack::next_redo)?.ok_or(UndoRefusal::Nothing)?;
        let change = self.inverse(&snapshot, seq, event::redo)?;
        drop(snapshot);
        self.apply_one(change)
    }

    pub(super) fn actor(&self) -> Actor {
        Actor { operator: self.operator.clone(), at: self.now() }
    }

    fn plan(
        &self,
        snapshot: &Snapshot<'_>,
        no: RecordNo,
        decision: &Decision,
        in_batch: Option<u32>,
        before: Option<Case>,
    ) -> Result<CaseChange, DeskError> {
        let record = snapshot.records(&[no])?.pop().ok_or(StoreError::NoRecord(no))?;
        let before = match before {
            Some(before) => before,
            None => snapshot.case(no)?,
        };
        let after = case::decide(&before, decision, &self.surroundings(&record, in_batch))?;
        let reason = decision.reason.as_deref().unwrap_or_default();
        Ok(change(no, EventKind::Decide, before, after, reason))
    }

    fn current(&self, no: RecordNo) -> Result<(crate::domain::record::Record, Case, Option<u32>), DeskError> {
        let snapshot = self.snapshot()?;
        let record = snapshot.records(&[no])?.pop().ok_or(StoreError::NoRecord(no))?;
        Ok((record, snapshot.case(no)?, snapshot.batch_of(no)?))
    }

    /// Asks the operator's stack, after reading what was added to the trail since the last time.
    fn own_stack<T>(&self, snapshot: &Snapshot<'_>, ask: impl FnOnce(&UndoStack) -> T) -> Result<T, StoreError> {
        // A stack that a panic left half read is begun anew.
        let mut kept = self.undo.lock().unwrap_or_else(|poisoned| {
            let mut kept = poisoned.into_inner();
            *kept = KeptStack::default();
            kept
        });
        for event in snapshot.events(kept.read + 1..u64::MAX, None)? {
            kept.stack.push(&event, &self.operator);
            kept.read = event.seq;
        }
        Ok(ask(&kept.stack))
    }

    fn undo_stack(&self, snapshot: &Snapshot<'_>, record: Option<RecordNo>) -> Result<UndoStack, DeskError> {
        let mut stack = UndoStack::default();
        for event in snapshot.events(0..u64::MAX, record)? {
            stack.push(&event, &self.operator);
        }
        Ok(stack)
    }

    fn inverse(
        &self,
        snapshot: &Snapshot<'_>,
        seq: u64,
        invert: fn(&Event, &Case, Option<u32>) -> Result<CaseChange, UndoRefusal>,
    ) -> Result<CaseChange, DeskError> {
        let event = snapshot.events(seq..seq + 1, None)?.pop().ok_or(UndoRefusal::Nothing)?;
        match self.invert(snapshot, &event, invert) {
            Err(DeskError::Undo(refusal)) => {
                let record =
                    event.record.map(|no| snapshot.records(&[no])).transpose()?.and_then(|mut found| found.pop());
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
        invert: fn(&Event, &Case, Option<u32>) -> Result<CaseChange, UndoRefusal>,
    ) -> Result<CaseChange, DeskError> {
        let no = event.record.ok_or(UndoRefusal::Nothing)?;
        let record = snapshot.records(&[no])?.pop().ok_or(StoreError::NoRecord(no))?;
        let change = match invert(event, &snapshot.case(no)?, snapshot.batch_of(no)?) {
            // What changed it since is no step that could be taken back first.
            Err(UndoRefusal::ChangedSince) if was_withdrawn(snapshot, no, event.seq)? => {
                return Err(UndoRefusal::Withdrawn.into());
            }
            change => change?,
        };
        guard::check_return(&change.before, &change.after, &record.facts)?;
        Ok(change)
    }

    pub(super) fn apply_one(&self, change: CaseChange) -> Result<Event, DeskError> {
        let mut events = self.store.apply(&[Change::Case(Box::new(change))], &self.actor())?;
        events.pop().ok_or_else(|| StoreError::Corrupt("記録された操作がありません".to_owned()).into())
    }
}

/// Whether a record was withdrawn from a batch after an event.
fn was_withdrawn(snapshot: &Snapshot<'_>, no: RecordNo, seq: u64) -> Result<bool, StoreError> {
    let since = snapshot.events(seq.saturating_add(1)..u64::MAX, Some(no))?;
    Ok(since.iter().any(|event| event.kind == EventKind::Withdraw))
}

fn change(no: RecordNo, kind: EventKind, before: Case, after: Case, reason: &str) -> CaseChange {
    CaseChange { record: no, kind, before, after, reason: reason.to_owned(), refers: None }
}
