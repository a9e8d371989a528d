//! What happened: the events of the audit trail.
//!
//! An event says who did what to which subject, and holds everything needed to do it again: replaying all events gives the
//! state of the store ([`crate::domain::replay`]). It holds facts, no words; the view makes the words. Nothing is ever
//! rewritten: an undo is an event of its own ([`undo`]).

mod change;
mod id;
mod kind;
mod reversal;
mod stored;
mod words;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use change::{CaseChange, Change};
pub use id::{EventId, InvalidEventId};
pub use kind::EventKind;
pub use reversal::{UndoRefusal, UndoStack, may_undo, redo, undo};

use super::case::Case;
use super::quarantine::QuarantineState;
use super::record::RecordNo;
use super::request::{Caller, RequestId};
use super::run::Run;

/// Who asks for a change, when, and with which request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub caller: Caller,
    /// The time of the change.
    pub at: Timestamp,
    /// The request; one that was carried out already is not carried out again. `None` for work that is never sent twice.
    pub request: Option<RequestId>,
    /// What ties several requests together: a page of many records decided at once.
    pub group: Option<RequestId>,
}

impl Actor {
    /// An actor without a request.
    pub fn new(caller: Caller, at: Timestamp) -> Self {
        Self { caller, at, request: None, group: None }
    }

    /// An actor known by name alone, for tests.
    pub fn named(operator: impl Into<String>, at: Timestamp) -> Self {
        Self::new(Caller::named(operator), at)
    }
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A record under review.
    Record(RecordNo),
    /// A 解除 batch by its number.
    Batch(u32),
    /// A frozen 件数報告 by its number.
    Report(u32),
    /// A row held back at import, by its number.
    Held(u32),
    /// An import by its number.
    Import(u32),
    /// A letter by its number.
    Letter(u32),
    /// A case of a wrong number (5), by its number.
    ErrorCase(u32),
    /// An inquiry to J-LIS, by its number.
    Inquiry(u32),
}

/// Facts of an event beside its subject and the case before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Nothing more.
    #[default]
    None,
    /// Words that a program before store layout 5 kept in place of facts.
    Words(String),
    /// The same about a held-back row that became a record.
    OlderHeld {
        /// The words.
        words: String,
        /// The record.
        record: RecordNo,
    },
    /// What an import did.
    Import(Box<ImportSummary>),
    /// The records that a batch took; their cases stand in it from then on.
    Batch {
        /// The records in the order of the batch.
        records: Vec<RecordNo>,
        /// Digest of the batch as stored, hexadecimal.
        digest: String,
    },
    /// The batch that a record was withdrawn from.
    Withdrawal {
        /// Number of the batch.
        batch: u32,
        /// Digest of the withdrawal as stored, hexadecimal.
        digest: String,
    },
    /// A report that was frozen.
    Report {
        /// Digest of the report as stored, hexadecimal.
        digest: String,
    },
    /// Where a held-back row came from and where it stands now.
    Held(Box<HeldStep>),
}

/// What became of a held-back row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldStep {
    /// File name without folder.
    pub file: String,
    /// Physical line from 1.
    pub line: u32,
    /// Short code of the reason it was held back for.
    pub code: String,
    /// Where it stands now.
    pub state: QuarantineState,
    /// The record that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordNo>,
}

/// What the audit trail keeps of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportSummary {
    /// Running number from 1.
    pub number: u32,
    /// File name without folder.
    pub file: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Encoding as recognised or forced.
    pub encoding: String,
    /// How the columns were found, in words.
    pub layout: String,
    /// Kind of run.
    pub run: Run,
    /// Rows read.
    pub rows: u64,
    /// New records.
    pub imported: u64,
    /// Rows held back.
    pub quarantined: u64,
    /// Identical repeats within the file.
    pub repeats: u64,
    /// Known records with another row.
    pub updated: u64,
    /// Known records with the same row.
    pub unchanged: u64,
    /// Records no longer in the file.
    pub vanished: u64,
    /// Decided cases taken back to 確認中 by a change.
    pub reopened: u64,
    /// Warnings by code.
    pub warnings: std::collections::BTreeMap<String, u64>,
}

/// One entry of the audit trail; its JSON form is that of module `stored`, which also reads the form of older stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "stored::StoredEvent", into = "stored::StoredEvent")]
pub struct Event {
    /// Where it stands in the trail.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Caller,
    /// The request that it was asked by; `None` in stores of before and for imports.
    pub request: Option<RequestId>,
    /// What ties it to other events: a page of many decided at once.
    pub group: Option<RequestId>,
    /// What kind it is.
    pub kind: EventKind,
    /// What it is about.
    pub subject: Subject,
    /// The case before.
    pub before: Option<Case>,
    /// The case after.
    pub after: Option<Case>,
    /// Why.
    pub reason: String,
    /// The event that this one undoes or redoes.
    pub refers: Option<EventId>,
    /// What else happened.
    pub detail: Detail,
}

impl Event {
    /// An event of an actor that has no place in the trail yet.
    pub fn new(kind: EventKind, subject: Subject, actor: &Actor) -> Self {
        Self {
            id: EventId::first(0),
            at: actor.at,
            actor: actor.caller.clone(),
            request: actor.request,
            group: actor.group,
            kind,
            subject,
            before: None,
            after: None,
            reason: String::new(),
            refers: None,
            detail: Detail::None,
        }
    }

    /// The operator's name.
    pub fn operator(&self) -> &str {
        &self.actor.operator
    }

    /// The record that it belongs to, be it about the record or about a held-back row that became one.
    pub fn record(&self) -> Option<RecordNo> {
        match (self.subject, &self.detail) {
            (Subject::Record(no), _) => Some(no),
            (_, Detail::Held(step)) => step.record,
            (_, Detail::OlderHeld { record, .. }) => Some(*record),
            _ => None,
        }
    }

    /// The batch that its record was withdrawn from, where it tells of that.
    pub fn withdrawn_from(&self) -> Option<u32> {
        match &self.detail {
            Detail::Withdrawal { batch, .. } => Some(*batch),
            Detail::Words(words) if self.kind == EventKind::Withdraw => words::numbered(words),
            _ => None,
        }
    }

    /// The held-back row that it is about.
    pub fn held(&self) -> Option<u32> {
        match self.subject {
            Subject::Held(number) => Some(number),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
