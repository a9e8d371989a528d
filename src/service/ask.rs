//! Questions and their answers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A question that anyone may ask while others work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// What a command of the command line shows: any number of [`Answer::Value`]s.
    Values(Query),
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// A JSON value of the command line.
    Value(Value),
}

/// What a command of the command line shows; the answer is a row of JSON values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Query {
    /// Where the work stands: one value.
    Status,
    /// Records: one value each.
    List {
        /// Filter expression, empty for all.
        filter: String,
        /// Every row instead of item 1 only.
        all: bool,
        /// The order.
        sort: Sort,
        /// At most so many.
        limit: Option<u64>,
        /// Texts as they came, for a file; otherwise in visible form.
        #[serde(default)]
        raw: bool,
    },
    /// How many records a list without a limit would hold: one value.
    Count {
        /// Filter expression, empty for all.
        filter: String,
        /// Every row instead of item 1 only.
        all: bool,
    },
    /// One record: one value.
    Show {
        /// 整理番号
        id: String,
    },
    /// The 件数報告 as it stands: one value.
    Report,
    /// The audit trail: one value an event.
    Log {
        /// 整理番号, to narrow to one record.
        id: Option<String>,
    },
    /// The rows held back: one value each.
    Quarantine {
        /// Closed ones too.
        closed: bool,
    },
    /// The 解除 batches: one value each.
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
