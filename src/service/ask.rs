//! Questions and their answers.

use serde::{Deserialize, Serialize};

use crate::domain::event::EventId;
use crate::domain::record::RecordNo;
use crate::domain::scope::Scope;
use crate::view::{
    AnyView, Contradiction, Opened, Outputs, QueueLine, QueuePage, RecordView, RelatedRecords, Step, TrailPage,
};

/// A question that anyone may ask while others work. Each has one answer of the kind named, but for [`Ask::View`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// What a command of the command line shows: any number of [`Answer::View`]s.
    View(Query),
    /// What a workstation begins with: [`Answer::Opened`].
    Open,
    /// A page of the queue by its number from 0: [`Answer::Queue`].
    Queue(u32),
    /// Lines of the queue and whole records: [`Answer::Loaded`].
    Load {
        /// Queue lines.
        lines: Vec<RecordNo>,
        /// Whole records with comparisons.
        records: Vec<RecordNo>,
    },
    /// The records of item 1 that pass a filter expression, in queue order: [`Answer::Records`].
    Filter(String),
    /// The search texts of the records of item 1: [`Answer::Texts`].
    SearchTexts,
    /// The rows related to a record: [`Answer::Related`].
    Related(RecordNo),
    /// A page of the audit trail, newest first: [`Answer::Trail`].
    Trail {
        /// The record, or all.
        record: Option<RecordNo>,
        /// Only events below this number.
        below: Option<u64>,
        /// At most so many.
        limit: usize,
    },
    /// The record with this 整理番号, under review or not: [`Answer::Found`].
    Find(String),
    /// One step of the trail, and whether the caller may take it back: [`Answer::Step`].
    Step(EventId),
    /// The lists and reports that were made, and what the next would be: [`Answer::Outputs`].
    Outputs,
    /// Records with one 個人番号 decided both ways (G9): [`Answer::Contradictions`].
    Contradictions,
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// What a command of the command line shows.
    View(AnyView),
    /// What a workstation begins with.
    Opened(Box<Opened>),
    /// A page of the queue.
    Queue(QueuePage),
    /// What was read.
    Loaded {
        /// Queue lines.
        lines: Vec<QueueLine>,
        /// Whole records.
        records: Vec<RecordView>,
        /// Records that cannot be read, and why.
        faults: Vec<(RecordNo, String)>,
    },
    /// Records in their order.
    Records(Vec<RecordNo>),
    /// Search texts.
    Texts(Vec<(RecordNo, String)>),
    /// Rows related to a record.
    Related(RelatedRecords),
    /// A page of the trail.
    Trail(TrailPage),
    /// A record and where it stands; `None` where there is none.
    Found(Option<(RecordNo, Scope)>),
    /// A step of the trail.
    Step {
        /// The step.
        step: Box<Step>,
        /// Why the caller may not take it back, if so.
        refused: Option<String>,
    },
    /// Lists and reports.
    Outputs(Box<Outputs>),
    /// Pairs of records.
    Contradictions(Vec<Contradiction>),
}

/// What a command of the command line shows; the answer is a row of views.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Query {
    /// Where the work stands: one view.
    Status,
    /// Records: one view each.
    List {
        /// Filter expression, empty for all.
        filter: String,
        /// Every row instead of item 1 only.
        all: bool,
        /// The order.
        sort: Sort,
        /// At most so many.
        limit: Option<u64>,
    },
    /// How many records a list without a limit would hold: one view.
    Count {
        /// Filter expression, empty for all.
        filter: String,
        /// Every row instead of item 1 only.
        all: bool,
    },
    /// One record: one view.
    Show {
        /// 整理番号
        id: String,
    },
    /// The 件数報告 as it stands: one view.
    Report,
    /// The audit trail: one view an event.
    Log {
        /// 整理番号, to narrow to one record.
        id: Option<String>,
    },
    /// The rows held back: one view each.
    Quarantine {
        /// Closed ones too.
        closed: bool,
    },
    /// The 解除 batches: one view each.
    Batches,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// The order of the review queue; rows outside item 1 follow in file order.
    #[default]
    Queue,
    /// 整理番号
    Id,
    /// File order.
    Line,
    /// Class, then file order.
    Class,
    /// Newest decision first; undecided last.
    Decided,
}

impl Sort {
    /// The words of the command line.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("queue", Self::Queue),
        ("id", Self::Id),
        ("line", Self::Line),
        ("class", Self::Class),
        ("decided", Self::Decided),
    ];
}
