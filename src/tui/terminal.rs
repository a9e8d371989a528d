//! The modes of the terminal: set together, undone together, however the program ends.

use std::io::{self, IsTerminal};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::{QueueSelector, tcflush, tcgetwinsize};

use super::TuiError;
use crate::clock;

/// Alternate screen, bracketed paste, hidden cursor.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[0m\x1b[2J";
/// The sequences that undo these modes, and every attribute that a frame can leave on.
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// Maximum time that a write to the terminal can block (flow control); then it is given up, so that the program can end.
const BLOCKED: Duration = Duration::from_millis(300);

/// The size that is taken for granted where a line knows none.
const USUAL: (u16, u16) = (80, 24);

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
        HOOK.call_once(|| std::panic::set_hook(Box::new(panicked)));
        let terminal = Self(());
        terminal.resume()?;
        Ok(terminal)
    }

    /// Sets the modes again, after a suspend.
    pub(super) fn resume(&self) -> Result<(), TuiError> {
        enable_raw_mode()?;
        ON.store(true, Ordering::SeqCst);
        write(ENTER.as_bytes())?;
        Ok(())
    }

    /// Undoes the modes for a while.
    pub(super) fn suspend(&self) {
        leave();
    }

    /// Throws away what was typed or answered and not read: it must not reach the shell.
    pub(super) fn forget_input(&self) {
        // A terminal that is gone has no input.
        let _ = tcflush(stdin(), QueueSelector::IFlush);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

/// Whether the modes are on.
pub(super) fn is_on() -> bool {
    ON.load(Ordering::SeqCst)
}

/// Columns and rows of the terminal.
pub(super) fn size() -> (u16, u16) {
    match tcgetwinsize(stdout()) {
        Ok(found) if found.ws_col > 0 && found.ws_row > 0 => (found.ws_col, found.ws_row),
        _ => USUAL,
    }
}

/// Writes bytes, however long it takes.
pub(super) fn write(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(stdout(), bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Whoever shares the terminal may have made it non-blocking.
            Err(Errno::AGAIN) => {
                let _ = is_writable(Duration::from_secs(1));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether the terminal takes bytes within some time.
fn is_writable(patience: Duration) -> bool {
    let until = clock::instant() + patience;
    let out = stdout();
    let mut fds = [PollFd::new(&out, PollFlags::OUT)];
    loop {
        let left = until.saturating_duration_since(clock::instant());
        let timeout = Timespec::try_from(left).ok();
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => return fds[0].revents().contains(PollFlags::OUT),
            Err(Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Undoes every mode; a terminal that is gone or takes nothing cannot be told.
fn leave() {
    if ON.swap(false, Ordering::SeqCst) {
        if is_writable(BLOCKED) {
            let _ = write(LEAVE.as_bytes());
        }
        let _ = disable_raw_mode();
    }
}

/// Undoes the modes and says where the fault lies. The words of a panic can hold pieces of names and addresses, so they
/// are left out.
fn panicked(info: &PanicHookInfo<'_>) {
    leave();
    let place = info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
    let thread = std::thread::current().name().unwrap_or("?").to_owned();
    let message = format!("meken: 内部の誤り ({place}, {thread})。開発元へお知らせください\n");
    let _ = rustix::io::write(stderr(), message.as_bytes());
}

/// Panics where a test of the terminal's modes wants it; a released program has no such place.
pub(super) fn tested_panic(place: &str) {
    #[cfg(debug_assertions)]
    assert!(std::env::var("MEKEN_TEST_PANIC").as_deref() != Ok(place), "a panic for a test: 高崎 一郎");
    #[cfg(not(debug_assertions))]
    let _ = place;
}
