//! The thread that writes: a terminal that takes nothing (flow control, a dead line) never stops the main thread, so that
//! keys, signals and the store go on, and what piles up meanwhile is drawn as one frame.

use std::io;
use std::sync::mpsc::{self, Sender};
use std::thread;

use super::incoming::Incoming;
use super::terminal;

/// The way to the terminal; one piece at a time is on it.
#[derive(Debug)]
pub(super) struct Output {
    to: Sender<Vec<u8>>,
    busy: bool,
}

impl Output {
    /// Starts the thread; it tells of every piece that was written and ends with the program.
    pub(super) fn start(tell: Sender<Incoming>) -> io::Result<Self> {
        let (to, pieces) = mpsc::channel::<Vec<u8>>();
        thread::Builder::new().name("output".into()).spawn(move || {
            for piece in pieces {
                // After a panic the modes are undone already: nothing may be drawn on the shell's screen.
                let result = if terminal::is_on() { terminal::write(&piece) } else { Ok(()) };
                if tell.send(Incoming::Written(result)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { to, busy: false })
    }

    /// Whether a piece is still being written.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    /// Writes a piece; there must be none on the way.
    pub(super) fn send(&mut self, piece: Vec<u8>) {
        // The thread ends only with the program.
        self.busy = self.to.send(piece).is_ok();
    }

    /// Notes that the piece was written.
    pub(super) fn written(&mut self) {
        self.busy = false;
    }
}
