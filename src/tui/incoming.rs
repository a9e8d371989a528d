//! What the threads of the workstation send to the main thread.

use std::io;

use crate::app::Msg;
use crate::store::StoreError;

/// Whatever can arrive.
#[derive(Debug)]
pub(super) enum Incoming {
    /// Bytes from the terminal, and when.
    Bytes(Vec<u8>, u64),
    /// A piece went to the terminal.
    Written(io::Result<()>),
    Resized,
    Answer(Box<Msg>),
    CannotOpen(StoreError),
    Signal(i32),
    Stop,
    Continued,
    Hangup,
    Reload,
    WorkerGone,
}
