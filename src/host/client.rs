//! The asking side.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::protocol::{Ask, ErrorKind, Holder, Reply, Request, VERSION};
use super::socket::connect;
use crate::desk::Query;
use crate::view::AnyView;

/// How long to wait for the holder to say something.
const PATIENCE: Duration = Duration::from_secs(30);

/// How asking ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// Everything was answered.
    Answered,
    /// Nobody listens: the store is held for a moment by a command, or not at all.
    Nobody,
}

/// The holder could not or would not answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The holder says why.
    #[error("{message}")]
    Refused {
        /// What kind of fault it is.
        kind: ErrorKind,
        /// For the user.
        message: String,
    },
    /// The connection broke.
    #[error("使用中の meken から応答がありません({0})。少し待ってからもう一度実行してください")]
    Broken(#[from] io::Error),
}

impl AskError {
    /// What kind of fault it is; a broken connection is a reason to try again.
    pub fn kind(&self) -> Option<ErrorKind> {
        match self {
            Self::Refused { kind, .. } => Some(*kind),
            Self::Broken(_) => None,
        }
    }
}

/// Asks whoever holds the store; `out` takes the views and says whether to go on.
pub fn ask(socket: &Path, query: &Query, out: &mut dyn FnMut(AnyView) -> bool) -> Result<Asked, AskError> {
    let mut fault = None;
    let asked = talk(socket, Ask::Query(query.clone()), &mut |value| match serde_json::from_value(value) {
        Ok(view) => out(view),
        Err(error) => {
            fault = Some(io::Error::from(error));
            false
        }
    })?;
    fault.map_or(Ok(asked), |error| Err(error.into()))
}

/// Who holds the store; `None` when nobody listens.
pub fn holder(socket: &Path) -> Option<Holder> {
    let mut found = None;
    talk(socket, Ask::Holder, &mut |value| {
        found = serde_json::from_value(value).ok();
        true
    })
    .ok()?;
    found
}

fn talk(socket: &Path, ask: Ask, out: &mut dyn FnMut(Value) -> bool) -> Result<Asked, AskError> {
    let mut said = false;
    match converse(socket, ask, out, &mut said) {
        // Nobody was there, or they went away before a word: a process that ends closes its socket before its store.
        Err(AskError::Broken(error)) if !said && is_gone(&error) => Ok(Asked::Nobody),
        ended => ended,
    }
}

fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionRefused, ConnectionReset, NotFound, UnexpectedEof};
    matches!(error.kind(), NotFound | ConnectionRefused | ConnectionReset | BrokenPipe | UnexpectedEof)
}

fn converse(socket: &Path, ask: Ask, out: &mut dyn FnMut(Value) -> bool, said: &mut bool) -> Result<Asked, AskError> {
    let mut stream = connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(&Request { version: VERSION, ask }).map_err(io::Error::from)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    for line in BufReader::new(stream).lines() {
        let reply = serde_json::from_str(&line?).map_err(io::Error::from)?;
        *said = true;
        match reply {
            Reply::Value(value) => {
                if !out(value) {
                    return Ok(Asked::Answered);
                }
            }
            Reply::End => return Ok(Asked::Answered),
            Reply::Error { kind, message } => return Err(AskError::Refused { kind, message }),
        }
    }
    Err(io::Error::from(io::ErrorKind::UnexpectedEof).into())
}
