//! What goes over the socket: one line of JSON asks, lines of JSON answer, the last one says how it ended.

use serde::{Deserialize, Serialize};

use crate::desk::DeskError;
use crate::domain::request::RequestId;
use crate::service::{Answer, Ask, Command, Done};

/// The version that both sides must speak.
pub(super) const VERSION: u32 = 2;

/// A line that asks.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request<C> {
    pub(super) version: u32,
    pub(super) ask: C,
}

/// The part of a request that every version has.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub(super) version: u32,
}

/// What is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Call {
    /// Who holds the store.
    Holder,
    /// A question.
    Ask(Ask),
    /// A change.
    Run {
        /// The number of the request; the same when it is sent again.
        id: RequestId,
        /// The change.
        command: Box<Command>,
    },
}

/// A line that answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reply {
    /// Who holds the store.
    Holder(Holder),
    /// One answer to a question.
    Answer(Box<Answer>),
    /// The change is durable.
    Done(Box<Done>),
    /// Everything was said.
    End,
    /// It could not be done.
    Fault(Box<DeskError>),
    /// The request was not understood, or its sender is not allowed to ask. The same in every version.
    Error {
        /// What kind of fault it is.
        kind: ErrorKind,
        /// For the user.
        message: String,
    },
}

/// Faults of the connection that a client tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ErrorKind {
    /// The request cannot be met.
    Request,
    /// The words of the request are wrong.
    Usage,
    /// The store failed (said by version 1).
    Store,
    /// Not allowed.
    Denied,
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
