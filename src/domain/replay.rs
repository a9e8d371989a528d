//! The state of a store as its audit trail tells it.
//!
//! Every event holds what it changed, so replaying the trail from the beginning gives the cases, batches, withdrawals, reports,
//! held-back rows and imports that the store must hold now. `verify` compares the two and their hash.

use std::collections::BTreeMap;

use serde::Serialize;

use super::case::Case;
use super::event::{Detail, Event, EventKind, Subject};
use super::quarantine::QuarantineState;
use super::record::RecordNo;

/// State told by a trail, or read from the tables of a store to be compared with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// The case of every record that was ever touched.
    pub cases: BTreeMap<RecordNo, Case>,
    /// Digest of each batch by number; empty where an event of before layout 5 made it.
    pub batches: BTreeMap<u32, String>,
    /// Digest of each withdrawal in the order of their events; empty where an event of before layout 5 made it.
    pub withdrawals: Vec<String>,
    /// Digest of each frozen report by number; empty where an event of before layout 5 made it.
    pub reports: BTreeMap<u32, String>,
    /// Where each held-back row stands that an event since layout 5 speaks of.
    pub held: BTreeMap<u32, QuarantineState>,
    /// Number of the newest import.
    pub imports: u32,
}

/// What a trail cannot tell of itself, because events of before layout 5 did not hold it.
pub struct Older<'a> {
    /// Number of the last event that was written before layout 5; 0 where there is none.
    pub until: u64,
    /// The records of a batch by its number.
    pub records: &'a dyn Fn(u32) -> Vec<RecordNo>,
}

/// An event that does not follow from those before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The case was another one.
    #[error("変更前の内容が、その時点の決定と違います")]
    Before,
    /// A running number is not the next one.
    #[error("番号が連続していません")]
    Number,
    /// A record is taken into a batch while it stands in another.
    #[error("記録番号 {} がすでに解除リストにあります", .0.0)]
    InBatch(RecordNo),
}

impl Replay {
    /// Carries one event out.
    ///
    /// # Errors
    /// The event does not follow from the state; it is carried out all the same, so that what comes after can be checked.
    pub fn apply(&mut self, event: &Event, older: &Older<'_>) -> Result<(), Contradiction> {
        let is_older = event.id.n <= older.until;
        let cases = self.apply_case(event, is_older);
        match (event.subject, &event.detail) {
            (Subject::Batch(number), detail) => {
                let (records, digest) = match detail {
                    Detail::Batch { records, digest } => (records.clone(), digest.clone()),
                    _ => ((older.records)(number), String::new()),
                };
                let expected = self.batches.last_key_value().map_or(1, |(last, _)| last + 1);
                self.batches.insert(number, digest);
                self.take(number, &records, is_older)?;
                next(number, expected)?;
            }
            (Subject::Report(number), detail) => {
                let digest = match detail {
                    Detail::Report { digest } => digest.clone(),
                    _ => String::new(),
                };
                let expected = self.reports.last_key_value().map_or(1, |(last, _)| last + 1);
                self.reports.insert(number, digest);
                next(number, expected)?;
            }
            (Subject::Held(number), Detail::Held(step)) => {
                self.held.insert(number, step.state);
            }
            (Subject::Import(number), _) => {
                let expected = self.imports + 1;
                self.imports = number;
                next(number, expected)?;
            }
            _ => {}
        }
        if event.kind == EventKind::Withdraw {
            self.withdrawals.push(match &event.detail {
                Detail::Withdrawal { digest, .. } => digest.clone(),
                _ => String::new(),
            });
        }
        cases
    }

    /// Replaces the case of a record by what the event says it became.
    fn apply_case(&mut self, event: &Event, is_older: bool) -> Result<(), Contradiction> {
        let Subject::Record(no) = event.subject else { return Ok(()) };
        let (Some(before), Some(after)) = (&event.before, &event.after) else {
            // The oldest withdrawals left the decision as it was.
            if event.kind == EventKind::Withdraw
                && let Some(case) = self.cases.get_mut(&no)
            {
                case.in_batch = None;
            }
            return Ok(());
        };
        let current = self.cases.entry(no).or_default();
        // Before layout 5 the batch stood beside the case, not in it.
        let in_batch = current.in_batch;
        let found = if is_older { Case { in_batch: None, ..current.clone() } } else { current.clone() };
        *current = after.clone();
        if is_older {
            current.in_batch = in_batch.filter(|_| event.kind != EventKind::Withdraw);
        }
        if found == *before { Ok(()) } else { Err(Contradiction::Before) }
    }

    /// Puts records into a batch.
    fn take(&mut self, number: u32, records: &[RecordNo], is_older: bool) -> Result<(), Contradiction> {
        let mut taken = Ok(());
        for no in records {
            let case = self.cases.entry(*no).or_default();
            if case.in_batch.is_some() {
                taken = Err(Contradiction::InBatch(*no));
            }
            case.in_batch = Some(number);
            case.version += u32::from(!is_older);
        }
        taken
    }

    /// A hash over all of it (BLAKE3, hexadecimal): equal for equal states.
    pub fn hash(&self) -> String {
        // Ordered maps of plain values: nothing here can fail to be written.
        let json = serde_json::to_vec(self).unwrap_or_default();
        blake3::hash(&json).to_hex().to_string()
    }
}

fn next(number: u32, expected: u32) -> Result<(), Contradiction> {
    if number == expected { Ok(()) } else { Err(Contradiction::Number) }
}

#[cfg(test)]
mod tests;
