//! What tests do at a desk: each step on the record as it stands at that moment, as an operator does who looks first.

use super::{DeskError, Seat};
use crate::domain::batch::Batch;
use crate::domain::case::Decision;
use crate::domain::event::Event;
use crate::domain::event::EventId;
use crate::domain::record::RecordNo;
use crate::domain::request::Seen;
use crate::service::{Command, UndoTarget};
use crate::store::StoreError;

impl Seat {
    /// A record as it stands now.
    pub(crate) fn seen(&self, record: RecordNo) -> Seen {
        let version = self.snapshot().unwrap().case(record).unwrap().version;
        Seen { record, version }
    }

    fn change(&self, command: &Command) -> Result<Event, DeskError> {
        let done = self.run(command)?;
        done.events().pop().ok_or_else(|| StoreError::Corrupt("no event".to_owned()).into())
    }

    pub(crate) fn decide(&self, no: RecordNo, decision: &Decision) -> Result<Event, DeskError> {
        self.change(&Command::Decide { seen: self.seen(no), decision: Box::new(decision.clone()) })
    }

    pub(crate) fn decide_all(&self, decisions: &[(RecordNo, Decision)]) -> Result<Vec<Event>, Vec<(usize, DeskError)>> {
        let seen = decisions.iter().map(|(no, decision)| (self.seen(*no), decision.clone()));
        match self.run(&Command::DecideMany(seen.collect())) {
            Ok(done) => Ok(done.events()),
            Err(DeskError::Lines(refused)) => Err(refused),
            Err(error) => Err(vec![(0, error)]),
        }
    }

    pub(crate) fn reopen(&self, no: RecordNo, reason: &str) -> Result<Event, DeskError> {
        self.change(&Command::Reopen { seen: self.seen(no), reason: reason.to_owned() })
    }

    pub(crate) fn annotate(&self, no: RecordNo, note: &str) -> Result<Event, DeskError> {
        self.change(&Command::Annotate { seen: self.seen(no), note: note.to_owned() })
    }

    pub(crate) fn protect(&self, no: RecordNo, on: bool, reason: &str) -> Result<Event, DeskError> {
        self.change(&Command::Protect { seen: self.seen(no), on, reason: reason.to_owned() })
    }

    pub(crate) fn undo(&self, record: Option<RecordNo>) -> Result<Event, DeskError> {
        self.change(&Command::Undo(record.map_or(UndoTarget::Newest { known: None }, UndoTarget::Of)))
    }

    pub(crate) fn redo(&self) -> Result<Event, DeskError> {
        self.change(&Command::Redo { known: None })
    }

    pub(crate) fn undo_step(&self, seq: u64) -> Result<Event, DeskError> {
        self.change(&Command::Undo(UndoTarget::Step(EventId::first(seq))))
    }

    pub(crate) fn make_next_batch(&self) -> Result<Batch, DeskError> {
        let (_, expect) = self.preview_batch()?;
        self.make_batch(expect)
    }
}
