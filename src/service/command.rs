//! Commands: what a caller asks to have changed.

use serde::{Deserialize, Serialize};

use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::{Case, Decision};
use crate::domain::event::{Event, EventId};
use crate::domain::record::RecordNo;
use crate::domain::request::Seen;
use crate::domain::tally::Report;
use crate::view::{NextRelease, ReportView};

/// A change that is asked for. Whatever changes one case says which version of it the caller has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Decide a record.
    Decide {
        /// The record as it was shown.
        seen: Seen,
        /// The decision.
        decision: Box<Decision>,
    },
    /// Decide many records, all or nothing. A record named twice is decided twice, the second time from where the first
    /// decision left it.
    DecideMany(Vec<(Seen, Decision)>),
    /// Replace the note of a record.
    Annotate {
        /// The record as it was shown.
        seen: Seen,
        /// The note.
        note: String,
    },
    /// Set or clear 支援措置 (DV・虐待等) of a record.
    Protect {
        /// The record as it was shown.
        seen: Seen,
        /// Whether it is set.
        on: bool,
        /// Why.
        reason: String,
    },
    /// Take a decided record back to 確認中.
    Reopen {
        /// The record as it was shown.
        seen: Seen,
        /// Why.
        reason: String,
    },
    /// Take a change back.
    Undo(UndoTarget),
    /// Bring back what the caller took back last.
    Redo {
        /// The newest event the caller knows of (see [`UndoTarget::Newest`]).
        known: Option<u64>,
    },
    /// Make the next 解除 list from all eligible records.
    MakeBatch(BatchExpect),
    /// Take a record out of a sent list and back to 確認中.
    Withdraw {
        /// The list.
        batch: u32,
        /// 整理番号
        id: String,
        /// Why.
        reason: String,
    },
    /// Keep the 件数報告 as a numbered one.
    Freeze(Box<ReportExpect>),
    /// Dismiss rows held back at import, or take that back; all or none.
    Dismiss {
        /// Their numbers.
        numbers: Vec<u32>,
        /// Whether they are dismissed; else they are open again.
        dismiss: bool,
        /// Why.
        reason: String,
    },
    /// Keep where the caller stands, for the next start.
    KeepSession(Vec<u8>),
}

/// Which change is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndoTarget {
    /// The caller's newest change.
    Newest {
        /// The newest event the caller knows of: refused where they have done something later elsewhere. `None` asks for
        /// whatever is the newest.
        known: Option<u64>,
    },
    /// The caller's newest change of one record.
    Of(RecordNo),
    /// The event with this number, if its record still stands as it left it.
    Step(EventId),
    /// The same, with the reason that is needed where 支援措置 is taken away.
    StepBecause {
        /// The event.
        step: EventId,
        /// Why.
        reason: String,
    },
}

/// What the preview of a 解除 list counted; a list that would be another one is not made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchExpect {
    /// The number of the list.
    pub number: u32,
    /// Its rows.
    pub rows: u64,
    /// Rows called right although a flag names another person.
    pub doubtful: u64,
    /// Rows under 支援措置.
    pub protected: u64,
}

impl From<&NextRelease> for BatchExpect {
    /// What is expected of the list that is made after this preview.
    fn from(next: &NextRelease) -> Self {
        Self { number: next.number, rows: next.rows, doubtful: next.doubtful.0, protected: next.protected }
    }
}

/// What the preview of a 件数報告 counted; other counts are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportExpect {
    /// The number of the report.
    pub number: u32,
    /// The counts.
    pub report: Report,
}

/// What a command has done; it is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// Cases or held-back rows changed: the events in the order of the changes.
    Changed(Vec<Event>),
    /// A 解除 list was made.
    Batch(Box<Batch>),
    /// A record was taken out of a list.
    Withdrawn {
        /// What was withdrawn.
        withdrawal: Withdrawal,
        /// The case of the record now.
        case: Box<Case>,
    },
    /// A 件数報告 was kept.
    Frozen(Box<ReportView>),
    /// Where the caller stands was kept.
    Kept,
}

impl Done {
    /// The events of a change; empty for anything else.
    pub fn events(self) -> Vec<Event> {
        match self {
            Self::Changed(events) => events,
            _ => Vec::new(),
        }
    }
}
