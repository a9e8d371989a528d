//! The runtime towards the terminal: frames, the size, giving the terminal back to the shell.

use std::io;
use std::time::Duration;

use signal_hook::consts::SIGTSTP;
use signal_hook::low_level::emulate_default_handler;

use super::Runtime;
use crate::app::{Msg, update};
use crate::clock;
use crate::tui::escape::Input;
use crate::tui::incoming::Incoming;
use crate::tui::{Exit, TuiError, pace, terminal, view};

/// Maximum wait for the last frame and the last answer of the terminal before the modes are undone.
const CALM_TIMEOUT: Duration = Duration::from_millis(500);

impl Runtime<'_> {
    pub(super) fn resize(&mut self) -> Result<(), TuiError> {
        self.writer.forget();
        let (w, h) = terminal::size();
        self.tell(Msg::Resize(w, h))
    }

    /// Draws everything again, with the size the terminal has now.
    pub(super) fn refresh(&mut self) {
        self.model.shared.size = terminal::size();
        self.writer.forget();
        self.pace.forget();
        self.stale = true;
    }

    /// Gives the terminal back to the shell until the program is continued.
    pub(super) fn suspend(&mut self) -> Result<(), TuiError> {
        self.calm();
        self.terminal.suspend();
        emulate_default_handler(SIGTSTP)?;
        self.terminal.resume()?;
        self.refresh();
        Ok(())
    }

    /// Waits a little until nothing is on its way to the terminal and no answer on its way back: an answer that comes
    /// when the shell reads again would be typed into it.
    pub(super) fn calm(&mut self) {
        let until = clock::instant() + CALM_TIMEOUT;
        while self.output.is_busy() || !self.pace.is_quiet() {
            let left = until.saturating_duration_since(clock::instant());
            match self.from.recv_timeout(left) {
                Ok(Incoming::Written(_)) => self.output.written(),
                Ok(Incoming::Bytes(bytes, at)) => {
                    // Whatever else is typed now was not meant for what comes next.
                    let inputs = self.escape.push(&bytes, at);
                    inputs.iter().filter(|timed| timed.what == Input::Ready).for_each(|_| self.pace.answered());
                }
                Ok(incoming) => self.later.push_back(incoming),
                Err(_) => return,
            }
        }
    }

    pub(super) fn draw(&mut self) {
        self.stale = false;
        let (w, h) = self.model.shared.size;
        let mut buffer = self.writer.buffer(w, h);
        let cursor = view::draw(&self.model, &self.theme, self.width, &mut buffer);
        let mut bytes = std::mem::take(&mut self.extra);
        bytes.append(&mut self.writer.frame(buffer, cursor));
        if bytes.is_empty() {
            return self.drawn();
        }
        if self.pace.asks() {
            bytes.extend_from_slice(pace::QUESTION);
            self.pace.sent(bytes.len(), self.now());
        }
        self.output.send(bytes);
    }

    /// A piece went out, or could not; a terminal that is gone ends the program in order.
    pub(super) fn written(&mut self, result: io::Result<()>) -> Result<(), TuiError> {
        self.output.written();
        match result {
            Ok(()) => {
                self.drawn();
                Ok(())
            }
            Err(error) if is_gone(&error) => {
                self.leave(Exit::Hangup);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Tells the model that it stands on the screen, once it does.
    pub(super) fn drawn(&mut self) {
        if self.stale || self.output.is_busy() || !self.pace.is_drawn() {
            return;
        }
        self.model.shared.input.guard.pass(self.now());
        for effect in update(&mut self.model, Msg::Drawn) {
            self.request(effect);
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    const EIO: i32 = 5;
    error.kind() == io::ErrorKind::BrokenPipe || error.raw_os_error() == Some(EIO)
}
