//! The asking side.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::protocol::{Call, ErrorKind, Holder, Reply, Request, VERSION};
use super::socket::connect;
use crate::desk::{DeskError, Service};
use crate::domain::request::{Caller, RequestId};
use crate::service::{Answer, Ask, Command, Done};
use crate::store::StoreError;

/// How long to wait for the holder to say something.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a command is sent whose answer got lost.
const TRIES: usize = 3;

/// Whoever holds the store, at the other end of the socket. They know by the kernel who asks, so that a caller handed over
/// here is not sent.
#[derive(Clone, Debug)]
pub struct Remote {
    socket: PathBuf,
}

/// How a conversation failed.
#[derive(Debug)]
enum TalkError {
    /// Nobody listens, or they went away before a word: a process that ends closes its socket before its store. The request
    /// was not carried out, or its answer was lost.
    Gone(io::Error),
    /// The connection broke half way.
    Broken(io::Error),
    /// The other side says why.
    Refused(DeskError),
}

impl From<TalkError> for DeskError {
    fn from(error: TalkError) -> Self {
        match error {
            TalkError::Gone(_) => StoreError::Busy { holder: None }.into(),
            TalkError::Broken(error) => Self::Unavailable(format!(
                "使用中の meken から応答がありません({error})。少し待ってからもう一度実行してください"
            )),
            TalkError::Refused(error) => error,
        }
    }
}

impl Remote {
    /// Whoever listens on a socket.
    pub fn at(socket: impl Into<PathBuf>) -> Self {
        Self { socket: socket.into() }
    }
}

impl Service for Remote {
    /// Nobody there is [`StoreError::Busy`] without a holder: somebody holds the store for a moment, or nobody at all.
    fn ask(&self, _: &Caller, ask: &Ask, out: &mut dyn FnMut(Answer) -> bool) -> Result<(), DeskError> {
        let mut ended = Ok(());
        talk(&self.socket, &Call::Ask(ask.clone()), &mut |reply| match reply {
            Reply::Answer(answer) => out(*answer),
            _ => {
                ended = Err(DeskError::unexpected());
                false
            }
        })?;
        ended
    }

    /// Sends a command again whose answer got lost, with its number: it is carried out once.
    fn run(&self, _: &Caller, id: RequestId, command: &Command) -> Result<Done, DeskError> {
        let call = Call::Run { id, command: Box::new(command.clone()) };
        for left in (0..TRIES).rev() {
            let mut done = Err(DeskError::unexpected());
            let talked = talk(&self.socket, &call, &mut |reply| {
                if let Reply::Done(answer) = reply {
                    done = Ok(*answer);
                }
                false
            });
            match talked {
                Ok(()) => return done,
                Err(TalkError::Gone(error) | TalkError::Broken(error)) if left > 0 && was_sent(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::unexpected())
    }
}

/// Who holds the store; `None` when nobody listens.
pub fn holder(socket: &Path) -> Option<Holder> {
    let mut found = None;
    talk(socket, &Call::Holder, &mut |reply| {
        if let Reply::Holder(holder) = reply {
            found = Some(holder);
        }
        true
    })
    .ok()?;
    found
}

/// Sends one request and shows the replies until `out` has enough or everything was said.
fn talk(socket: &Path, call: &Call, out: &mut dyn FnMut(Reply) -> bool) -> Result<(), TalkError> {
    let mut said = false;
    match converse(socket, call, out, &mut said) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(refused)) => Err(TalkError::Refused(refused)),
        Err(error) if !said && is_gone(&error) => Err(TalkError::Gone(error)),
        Err(error) => Err(TalkError::Broken(error)),
    }
}

fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionRefused, ConnectionReset, NotFound, UnexpectedEof};
    matches!(error.kind(), NotFound | ConnectionRefused | ConnectionReset | BrokenPipe | UnexpectedEof)
}

/// Whether the request may have reached somebody before the connection broke.
fn was_sent(error: &io::Error) -> bool {
    !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

fn converse(
    socket: &Path,
    call: &Call,
    out: &mut dyn FnMut(Reply) -> bool,
    said: &mut bool,
) -> io::Result<Result<(), DeskError>> {
    let mut stream = connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(&Request { version: VERSION, ask: call })?;
    line.push(b'\n');
    stream.write_all(&line)?;
    for line in BufReader::new(stream).lines() {
        let reply = serde_json::from_str(&line?)?;
        *said = true;
        match reply {
            Reply::End => return Ok(Ok(())),
            Reply::Fault(error) => return Ok(Err(*error)),
            Reply::Error { kind, message } => {
                return Ok(Err(match kind {
                    ErrorKind::Denied => DeskError::Denied,
                    ErrorKind::Usage => DeskError::Usage(message),
                    ErrorKind::Request | ErrorKind::Store => DeskError::OtherVersion(message),
                }));
            }
            reply => {
                if !out(reply) {
                    return Ok(Ok(()));
                }
            }
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
