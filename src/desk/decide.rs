//! Changes of one case: decisions, notes, 支援措置.

use std::collections::HashMap;

use crate::domain::case::{self, Case, Decision};
use crate::domain::event::{Actor, CaseChange, Change, Event, EventKind};
use crate::domain::record::{Record, RecordNo};
use crate::domain::request::{Caller, Seen};
use crate::domain::transition;
use crate::store::{Snapshot, StoreError};

use super::service::Request;
use super::{Desk, DeskError};

impl Desk {
    /// Decides one record; durable when it returns.
    pub(super) fn decide(&self, who: &Request<'_>, seen: Seen, decision: &Decision) -> Result<Event, DeskError> {
        let snapshot = self.snapshot()?;
        let before = current_case(&snapshot, seen)?;
        let change = self.plan(&snapshot, who, seen.record, decision, before)?;
        drop(snapshot);
        self.apply_one(who, change)
    }

    /// Decides many records, all or nothing; on refusal every refused one is named by its place in the list.
    pub(super) fn decide_all(
        &self,
        who: &Request<'_>,
        decisions: &[(Seen, Decision)],
    ) -> Result<Vec<Event>, DeskError> {
        let snapshot = self.snapshot()?;
        let mut changes: Vec<CaseChange> = Vec::with_capacity(decisions.len());
        let mut refused = Vec::new();
        // A record named twice is decided twice, each time from where the line before left it.
        let mut newest: HashMap<RecordNo, usize> = HashMap::new();
        for (place, (seen, decision)) in decisions.iter().enumerate() {
            let no = seen.record;
            let before = match newest.get(&no) {
                Some(&at) => Ok(changes[at].after.clone()),
                None => current_case(&snapshot, *seen),
            };
            match before.and_then(|before| self.plan(&snapshot, who, no, decision, before)) {
                Ok(change) => {
                    newest.insert(no, changes.len());
                    changes.push(change);
                }
                // A fault of the store is no fault of a line.
                Err(error @ DeskError::Store(_)) => return Err(error),
                Err(error) => refused.push((place, error)),
            }
        }
        drop(snapshot);
        if !refused.is_empty() {
            return Err(DeskError::Lines(refused));
        }
        let changes: Vec<Change> = changes.into_iter().map(|change| Change::Case(Box::new(change))).collect();
        self.apply(who, &changes)
    }

    /// Takes a decided record back to 確認中.
    pub(super) fn reopen(&self, who: &Request<'_>, seen: Seen, reason: &str) -> Result<Event, DeskError> {
        let (record, before) = self.current(seen)?;
        let after = transition::reopen(&before, reason, &self.context(&who.operator, &record))?;
        self.apply_one(who, change(seen.record, EventKind::Reopen, before, after, reason))
    }

    /// Replaces the note of a record.
    pub(super) fn annotate(&self, who: &Request<'_>, seen: Seen, note: &str) -> Result<Event, DeskError> {
        let (_, before) = self.current(seen)?;
        let after = case::annotate(&before, note);
        self.apply_one(who, change(seen.record, EventKind::Note, before, after, ""))
    }

    /// Sets or clears 支援措置 (DV・虐待等) of a record.
    pub(super) fn protect(&self, who: &Request<'_>, seen: Seen, on: bool, reason: &str) -> Result<Event, DeskError> {
        let (record, before) = self.current(seen)?;
        if reason.trim().is_empty() {
            return Err(DeskError::NeedsReason);
        }
        let after = case::protect(&before, on, &record.facts, reason.trim());
        self.apply_one(who, change(seen.record, EventKind::Protect, before, after, reason.trim()))
    }

    /// Who does something, when (now), and under which number.
    pub(super) fn actor(&self, request: &Request<'_>) -> Actor {
        Actor { request: Some(request.id), ..Actor::new(request.who.clone(), self.now()) }
    }

    fn plan(
        &self,
        snapshot: &Snapshot<'_>,
        who: &Caller,
        no: RecordNo,
        decision: &Decision,
        before: Case,
    ) -> Result<CaseChange, DeskError> {
        let record = snapshot.records(&[no])?.pop().ok_or(StoreError::NoRecord(no))?;
        let after = transition::decide(&before, decision, &self.context(&who.operator, &record))?;
        let reason = decision.reason.as_deref().unwrap_or_default();
        Ok(change(no, EventKind::Decide, before, after, reason))
    }

    /// A record with its case, which is still the one that was seen.
    fn current(&self, seen: Seen) -> Result<(Record, Case), DeskError> {
        let snapshot = self.snapshot()?;
        let case = current_case(&snapshot, seen)?;
        let record = snapshot.records(&[seen.record])?.pop().ok_or(StoreError::NoRecord(seen.record))?;
        Ok((record, case))
    }

    pub(super) fn apply_one(&self, who: &Request<'_>, change: CaseChange) -> Result<Event, DeskError> {
        let mut events = self.apply(who, &[Change::Case(Box::new(change))])?;
        events.pop().ok_or_else(|| StoreError::Corrupt("記録された操作がありません".to_owned()).into())
    }

    /// Makes changes durable; one whose case was changed meanwhile is as stale as one that was seen too long ago.
    pub(super) fn apply(&self, who: &Request<'_>, changes: &[Change]) -> Result<Vec<Event>, DeskError> {
        // What ties the events of a page together; one change stands alone.
        let group = (changes.len() > 1).then_some(who.id);
        self.apply_as(&Actor { group, ..self.actor(who) }, changes)
    }

    /// The same by an actor who is named in the changes.
    pub(super) fn apply_as(&self, actor: &Actor, changes: &[Change]) -> Result<Vec<Event>, DeskError> {
        match self.store.apply(changes, actor) {
            Err(StoreError::Conflict(no)) => {
                let snapshot = self.snapshot()?;
                let case = snapshot.case(no)?;
                Err(stale(&snapshot, no, case)?)
            }
            applied => Ok(applied?),
        }
    }
}

/// The case of a record, which must be the one that was seen.
fn current_case(snapshot: &Snapshot<'_>, seen: Seen) -> Result<Case, DeskError> {
    let case = snapshot.case(seen.record)?;
    if case.version == seen.version { Ok(case) } else { Err(stale(snapshot, seen.record, case)?) }
}

/// Tells how a record stands now that was seen otherwise.
fn stale(snapshot: &Snapshot<'_>, no: RecordNo, case: Case) -> Result<DeskError, DeskError> {
    let record = snapshot.records(&[no])?.pop().ok_or(StoreError::NoRecord(no))?;
    Ok(DeskError::Stale { id: record.row.id(), record: no, case: Box::new(case) })
}

fn change(no: RecordNo, kind: EventKind, before: Case, after: Case, reason: &str) -> CaseChange {
    CaseChange { record: no, kind, before, after, reason: reason.to_owned(), refers: None }
}
