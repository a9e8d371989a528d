//! What goes over the socket: one line of JSON asks, lines of JSON answer, the last one says how it ended.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::desk::{DeskError, Query};

/// The version that both sides must speak.
pub(super) const VERSION: u32 = 2;

/// A line that asks.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) version: u32,
    pub(super) ask: Ask,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Ask {
    /// Who holds the store.
    Holder,
    /// A question about the records.
    Query(Query),
}

/// A line that answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reply {
    /// One view of the answer.
    Value(Value),
    /// Everything was said.
    End,
    /// The question could not be answered.
    Error {
        /// What kind of fault it is, for the exit code.
        kind: ErrorKind,
        /// For the user.
        message: String,
    },
}

/// Kinds of faults that a client tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// The request cannot be met.
    Request,
    /// The words of the request are wrong.
    Usage,
    /// The store failed.
    Store,
    /// Not allowed.
    Denied,
}

impl ErrorKind {
    pub(super) fn of(error: &DeskError) -> Self {
        match error {
            DeskError::Filter(_) | DeskError::Usage(_) => Self::Usage,
            DeskError::Store(crate::store::StoreError::Missing) => Self::Request,
            DeskError::Store(_) => Self::Store,
            _ => Self::Request,
        }
    }
}

/// Who holds the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The operator.
    pub operator: String,
    /// The process.
    pub pid: u32,
    /// What it does: 確認画面, 取込 ….
    pub doing: String,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} の{}、プロセス {}", crate::compare::visible(&self.operator), self.doing, self.pid)
    }
}
