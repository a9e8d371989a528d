//! The loop: takes in everything that has arrived, draws once, waits.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use signal_hook::consts::SIGTSTP;
use signal_hook::low_level::emulate_default_handler;

use super::errand::Errands;
use super::escape::{Escape, Timed};
use super::terminal::Terminal;
use super::writer::Writer;
use super::{Exit, Options, TuiError, input, view, worker};
use crate::app::{Effect, Model, Msg, update};
use crate::compare::CellWidth;
use crate::desk::Desk;
use crate::store::StoreError;

/// After so long without a message the session is kept.
const IDLE: Duration = Duration::from_millis(1_500);
/// After a lost connection the store gets so long to finish what was asked before.
const LAST_CHANCE: Duration = Duration::from_millis(1_500);

/// Whatever can arrive.
#[derive(Debug)]
pub(super) enum Incoming {
    Key(Timed),
    Paste(String),
    Resize(u16, u16),
    Answer(Box<Msg>),
    CannotOpen(StoreError),
    Signal(i32),
    Stop,
    Continued,
    Hangup,
    WorkerGone,
}

/// Tells the main thread that the worker ended, even by a panic.
struct Farewell(Sender<Incoming>);

impl Drop for Farewell {
    fn drop(&mut self) {
        let _ = self.0.send(Incoming::WorkerGone);
    }
}

/// Runs the workstation until the operator quits, a signal comes or the terminal is gone.
pub(super) fn run(desk: Desk, options: Options) -> Result<Exit, TuiError> {
    Terminal::check()?;
    let size = crossterm::terminal::size()?;
    let terminal = Terminal::enter()?;
    let since = Instant::now();
    let (to, from) = mpsc::channel();
    let (ask, requests) = mpsc::channel();
    let answers = to.clone();
    let stop = Arc::new(AtomicBool::new(false));
    let errands = Errands { exports: options.exports, layouts: options.layouts, stop: Arc::clone(&stop) };
    let worker = thread::Builder::new().name("store".into()).spawn(move || {
        let farewell = Farewell(answers);
        worker::run(&desk, &errands, &requests, &farewell.0);
    })?;
    input::start(&to, since)?;
    drop(to);
    let mut work = Runtime {
        model: Model::new(options.keymap, size),
        terminal: &terminal,
        writer: Writer::default(),
        escape: Escape::default(),
        theme: options.theme,
        width: CellWidth { ambiguous_wide: options.ambiguous_wide },
        since,
        ask: Some(ask),
        stop: Arc::clone(&stop),
        exit: None,
        stale: true,
        rested: false,
    };
    let ended = work.run(&from);
    // What was asked before the end is still carried out: no acknowledged decision is lost.
    let exit = work.exit.take().unwrap_or(Exit::Quit);
    work.ask = None;
    // An import that is under way ends with nothing done.
    stop.store(true, Ordering::Relaxed);
    drop(work);
    finish(worker, &exit);
    drop(terminal);
    ended.map(|()| exit)
}

/// Waits for the store: as long as it takes when there is somebody to wait, briefly when the terminal is gone.
fn finish(worker: thread::JoinHandle<()>, exit: &Exit) {
    if matches!(exit, Exit::Hangup) {
        let until = Instant::now() + LAST_CHANCE;
        while !worker.is_finished() && Instant::now() < until {
            thread::sleep(Duration::from_millis(10));
        }
        return;
    }
    // A panic of the worker has been reported by the hook.
    let _ = worker.join();
}

struct Runtime<'t> {
    model: Model,
    terminal: &'t Terminal,
    writer: Writer,
    escape: Escape,
    theme: crate::config::theme::Theme,
    width: CellWidth,
    since: Instant,
    ask: Option<Sender<Effect>>,
    /// Stops an import.
    stop: Arc<AtomicBool>,
    exit: Option<Exit>,
    /// Whether something came in since the last frame.
    stale: bool,
    /// Whether the session was kept since the last message.
    rested: bool,
}

impl Runtime<'_> {
    fn run(&mut self, from: &Receiver<Incoming>) -> Result<(), TuiError> {
        while self.exit.is_none() {
            if self.stale {
                self.draw()?;
            }
            match from.recv_timeout(self.patience()) {
                Ok(incoming) => {
                    self.rested = false;
                    self.take(incoming)?;
                    while self.exit.is_none() {
                        match from.try_recv() {
                            Ok(incoming) => self.take(incoming)?,
                            Err(_) => break,
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.wake()?,
                Err(RecvTimeoutError::Disconnected) => self.exit = Some(Exit::Hangup),
            }
        }
        Ok(())
    }

    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// How long to wait when nothing comes: for ever, unless something waits for its time.
    fn patience(&self) -> Duration {
        let due = self.escape.deadline().into_iter().chain(self.model.guard.deadline()).min();
        match due {
            Some(due) => Duration::from_millis(due.saturating_sub(self.now()).max(1)),
            None if self.rested => Duration::from_secs(3_600),
            None => IDLE,
        }
    }

    /// Time has passed without anything coming in.
    fn wake(&mut self) -> Result<(), TuiError> {
        let now = self.now();
        for timed in self.escape.flush(now) {
            self.key(timed)?;
        }
        if self.model.guard.deadline().is_some() {
            return self.tell(Msg::Quiet { at: now });
        }
        if !self.rested && self.escape.deadline().is_none() {
            self.rested = true;
            let stale = self.stale;
            self.tell(Msg::Idle)?;
            self.stale = stale;
        }
        Ok(())
    }

    fn take(&mut self, incoming: Incoming) -> Result<(), TuiError> {
        match incoming {
            Incoming::Key(timed) => {
                for timed in self.escape.push(timed) {
                    self.key(timed)?;
                }
                Ok(())
            }
            Incoming::Paste(text) => self.tell(Msg::Paste(text)),
            Incoming::Resize(w, h) => {
                self.writer.forget();
                self.tell(Msg::Resize(w, h))
            }
            Incoming::Answer(msg) => self.tell(*msg),
            Incoming::CannotOpen(error) => Err(TuiError::Store(error)),
            Incoming::Signal(signal) => {
                self.leave(Exit::Signal(signal));
                Ok(())
            }
            Incoming::Hangup => {
                self.leave(Exit::Hangup);
                Ok(())
            }
            Incoming::WorkerGone => Err(TuiError::Worker),
            Incoming::Stop => self.suspend(),
            Incoming::Continued => {
                self.terminal.resume()?;
                self.refresh();
                Ok(())
            }
        }
    }

    fn key(&mut self, timed: Timed) -> Result<(), TuiError> {
        self.tell(Msg::Key { key: timed.key, at: timed.at, repeat: timed.repeat })
    }

    /// Ends the program: the session is kept first.
    fn leave(&mut self, exit: Exit) {
        for effect in update(&mut self.model, Msg::Idle) {
            self.request(effect);
        }
        self.exit = Some(exit);
    }

    fn tell(&mut self, msg: Msg) -> Result<(), TuiError> {
        self.stale = true;
        for effect in update(&mut self.model, msg) {
            match effect {
                Effect::Quit => self.exit = Some(Exit::Quit),
                Effect::Redraw => self.refresh(),
                Effect::Suspend => self.suspend()?,
                Effect::Stop => self.stop.store(true, Ordering::Relaxed),
                Effect::Copy(text) => self.write(clipboard(&text).as_bytes())?,
                effect => self.request(effect),
            }
        }
        Ok(())
    }

    fn request(&self, effect: Effect) {
        if let Some(ask) = &self.ask {
            // A worker that is gone has said why; the program is ending.
            let _ = ask.send(effect);
        }
    }

    /// Draws everything again, with the size the terminal has now.
    fn refresh(&mut self) {
        if let Ok(size) = crossterm::terminal::size() {
            self.model.size = size;
        }
        self.writer.forget();
        self.stale = true;
    }

    /// Gives the terminal back to the shell until the program is continued.
    fn suspend(&mut self) -> Result<(), TuiError> {
        self.terminal.suspend();
        emulate_default_handler(SIGTSTP)?;
        self.terminal.resume()?;
        self.refresh();
        Ok(())
    }

    fn draw(&mut self) -> Result<(), TuiError> {
        self.stale = false;
        let (w, h) = self.model.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, w, h));
        let cursor = view::draw(&self.model, &self.theme, self.width, &mut buffer);
        let bytes = self.writer.frame(buffer, cursor);
        if !bytes.is_empty() {
            self.write(&bytes)?;
        }
        for effect in update(&mut self.model, Msg::Drawn) {
            self.request(effect);
        }
        Ok(())
    }

    /// Writes to the terminal; one that is gone ends the program in order.
    fn write(&mut self, bytes: &[u8]) -> Result<(), TuiError> {
        match self.terminal.write(bytes) {
            Ok(()) => Ok(()),
            Err(error) if is_gone(&error) => {
                self.leave(Exit::Hangup);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    const EIO: i32 = 5;
    error.kind() == io::ErrorKind::BrokenPipe || error.raw_os_error() == Some(EIO)
}

/// Asks the terminal to put a text into the operator's clipboard (OSC 52).
fn clipboard(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::from("\x1b]52;c;");
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place) & 63) as usize;
            out.push(if place <= chunk.len() { DIGITS[digit] as char } else { '=' });
        }
    }
    out.push('\x07');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clipboard_speaks_base64() {
        for (text, coded) in [("0001234", "MDAwMTIzNA=="), ("abc", "YWJj"), ("ab", "YWI="), ("", "")] {
            assert_eq!(clipboard(text), format!("\x1b]52;c;{coded}\x07"));
        }
    }
}
