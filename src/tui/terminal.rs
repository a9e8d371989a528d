//! The modes of the terminal: set together, undone together, however the program ends.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::TuiError;

/// Alternate screen, bracketed paste, hidden cursor.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[0m\x1b[2J";
/// The same undone, with whatever a frame may have left on.
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// Whether the modes are on: the panic hook and the guard must undo them exactly once.
static ON: AtomicBool = AtomicBool::new(false);

/// The terminal in the modes of the workstation; dropping it undoes them.
#[derive(Debug)]
pub(super) struct Terminal(());

impl Terminal {
    /// Checks that there is a terminal that can be drawn on.
    pub(super) fn check() -> Result<(), TuiError> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(TuiError::NoTerminal);
        }
        // An unset TERM is as little able as a dumb one.
        match std::env::var("TERM") {
            Ok(term) if !term.is_empty() && term != "dumb" => Ok(()),
            _ => Err(TuiError::DumbTerminal),
        }
    }

    /// Sets the modes and sees to it that a panic undoes them before its message.
    pub(super) fn enter() -> Result<Self, TuiError> {
        Self::check()?;
        static HOOK: std::sync::Once = std::sync::Once::new();
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                leave();
                before(info);
            }));
        });
        let terminal = Self(());
        terminal.resume()?;
        Ok(terminal)
    }

    /// Sets the modes again, after a suspend.
    pub(super) fn resume(&self) -> Result<(), TuiError> {
        enable_raw_mode()?;
        ON.store(true, Ordering::SeqCst);
        self.write(ENTER.as_bytes())?;
        Ok(())
    }

    /// Undoes the modes for a while.
    pub(super) fn suspend(&self) {
        leave();
    }

    /// Writes bytes at once.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

/// Undoes every mode; a terminal that is gone cannot be told, and need not be.
fn leave() {
    if ON.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(LEAVE.as_bytes());
        let _ = out.flush();
        let _ = disable_raw_mode();
    }
}
