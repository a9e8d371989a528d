//! Has a file written to the disk while it is still being filled, so that the commit finds little left to wait for.
//!
//! A help and no promise: only the commit makes anything durable. The file is opened a second time, because the kernel tells
//! a fault of the disk once to each opening, and the commit must hear of it.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Bytes after which the disk is asked to begin.
const EVERY: usize = 16 * 1024 * 1024;

/// A thread that asks the disk to write a file, again and again.
#[derive(Debug, Default)]
pub(super) struct Flusher {
    ask: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    bytes: usize,
}

impl Flusher {
    /// Watches over a file; where it cannot be opened or no thread be had, nothing is asked.
    pub(super) fn of(path: &Path) -> Self {
        let Ok(file) = File::open(path) else { return Self::default() };
        let (ask, asked) = sync_channel(1);
        let work = move || {
            // A fault shows at the commit.
            asked.into_iter().for_each(|()| drop(file.sync_data()));
        };
        match std::thread::Builder::new().name("flush".to_owned()).spawn(work) {
            Ok(thread) => Self { ask: Some(ask), thread: Some(thread), bytes: 0 },
            Err(_) => Self::default(),
        }
    }

    /// Notes bytes that were written to the file.
    pub(super) fn note(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.bytes >= EVERY {
            self.bytes = 0;
            // Asked already, or nobody there: either way there is nothing to do.
            let _ = self.ask.as_ref().map(|ask| ask.try_send(()));
        }
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        self.ask = None;
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
