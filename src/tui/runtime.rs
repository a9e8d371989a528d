//! The loop: takes in everything that has arrived, draws once, waits.

mod screen;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::clipboard::{Around, clipboard};
use super::escape::{Escape, Input, Timed};
use super::incoming::Incoming;
use super::output::Output;
use super::pace::Pace;
use super::terminal::{self, Terminal, tested_panic};
use super::writer::Writer;
use super::{AppearanceSource, Exit, Options, Reopen, TuiError, input, worker};
use crate::app::lock::Lock;
use crate::app::message::Weight;
use crate::app::{Effect, Model, Msg, update};
use crate::clock;
use crate::compare::{CellWidth, visible};
use crate::desk::Seat;
use crate::jobs::JobContext;

/// Time without a message, in milliseconds, after which the session is saved.
const IDLE: u64 = 1_500;
/// Minimum interval between two checks of the appearance files on input; they are also checked once when idle.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// Maximum time for the store to finish pending requests after the connection is lost.
const HANGUP_TIMEOUT: Duration = Duration::from_millis(1_500);
/// Tells the main thread that the worker ended, even by a panic.
struct Farewell(Sender<Incoming>);

impl Drop for Farewell {
    fn drop(&mut self) {
        let _ = self.0.send(Incoming::WorkerGone);
    }
}

/// Runs the workstation until the operator quits, a signal comes or the terminal is gone.
pub(super) fn run(desk: Seat, options: Options, reopen: Reopen) -> Result<Exit, TuiError> {
    Terminal::check()?;
    let terminal = Terminal::enter()?;
    let since = clock::instant();
    let (to, from) = mpsc::channel();
    let (ask, requests) = mpsc::channel();
    let answers = to.clone();
    let stop = Arc::new(AtomicBool::new(false));
    let jobs = JobContext { exports: options.exports, layouts: options.layouts, stop: Arc::clone(&stop) };
    let worker = thread::Builder::new().name("store".into()).spawn(move || {
        let farewell = Farewell(answers);
        worker::run(desk, jobs, reopen, &requests, &farewell.0);
    })?;
    input::start(&to, since)?;
    let output = Output::start(to)?;
    let mut model = Model::new(options.appearance.keymap, terminal::size());
    model.shared.input.lock = Lock::after(options.lock_after);
    let mut work = Runtime {
        model,
        terminal: &terminal,
        from: &from,
        later: VecDeque::new(),
        writer: Writer::default(),
        output,
        pace: Pace::default(),
        extra: Vec::new(),
        escape: Escape::default(),
        theme: options.appearance.theme,
        width: CellWidth { ambiguous_wide: options.appearance.ambiguous_wide },
        appearances: options.appearances,
        looked: since,
        since,
        ask: Some(ask),
        stop: Arc::clone(&stop),
        exit: None,
        stale: true,
        last: 0,
        rested: false,
    };
    if !options.notice.is_empty() {
        work.tell(Msg::Appearance { keymap: None, weight: Weight::Warning, said: options.notice })?;
    }
    // A fault of the screen must not take what was asked of the store with it.
    let ended = catch_unwind(AssertUnwindSafe(|| work.run())).unwrap_or(Err(TuiError::Worker));
    // What was asked before the end is still carried out: no acknowledged decision is lost.
    let exit = work.exit.take().unwrap_or(Exit::Quit);
    work.ask = None;
    // An import that is under way ends with nothing done.
    stop.store(true, Ordering::Relaxed);
    if exit != Exit::Hangup && ended.is_ok() {
        work.calm();
        terminal.forget_input();
    }
    drop(work);
    drop(terminal);
    finish(worker, &exit);
    ended.map(|()| exit)
}

/// Waits for the store: as long as it takes when there is somebody to wait, briefly when the terminal is gone.
fn finish(worker: thread::JoinHandle<()>, exit: &Exit) {
    if matches!(exit, Exit::Hangup) {
        let until = clock::instant() + HANGUP_TIMEOUT;
        while !worker.is_finished() && clock::instant() < until {
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
    from: &'t Receiver<Incoming>,
    /// What arrived while only the terminal was listened to.
    later: VecDeque<Incoming>,
    writer: Writer,
    output: Output,
    pace: Pace,
    /// Bytes that go out before the next frame.
    extra: Vec<u8>,
    escape: Escape,
    theme: crate::config::theme::Theme,
    width: CellWidth,
    appearances: Box<dyn AppearanceSource>,
    /// When the files of the appearance were last looked at.
    looked: Instant,
    since: Instant,
    ask: Option<Sender<Effect>>,
    /// Stops an import.
    stop: Arc<AtomicBool>,
    exit: Option<Exit>,
    /// Whether something came in since the last frame.
    stale: bool,
    /// When something came in last.
    last: u64,
    /// Whether the session was kept since then.
    rested: bool,
}

impl Runtime<'_> {
    fn run(&mut self) -> Result<(), TuiError> {
        while self.exit.is_none() {
            if self.stale && !self.output.is_busy() && self.pace.may_send() {
                self.draw();
            }
            match self.next(self.patience()) {
                Ok(incoming) => {
                    self.take(incoming)?;
                    while self.exit.is_none() {
                        match self.next(Duration::ZERO) {
                            Ok(incoming) => self.take(incoming)?,
                            Err(_) => break,
                        }
                    }
                    if self.looked.elapsed() >= CHECK_INTERVAL {
                        self.look_again()?;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.wake()?,
                Err(RecvTimeoutError::Disconnected) => self.exit = Some(Exit::Hangup),
            }
        }
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> Result<Incoming, RecvTimeoutError> {
        match self.later.pop_front() {
            Some(incoming) => Ok(incoming),
            None => self.from.recv_timeout(patience),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// How long to wait for the next message: until the nearest deadline, else an hour.
    fn patience(&self) -> Duration {
        let rest = (!self.rested).then_some(self.last + IDLE);
        let due = [self.escape.deadline(), self.model.shared.input.deadline(), self.pace.deadline(), rest];
        match due.into_iter().flatten().min() {
            Some(due) => Duration::from_millis(due.saturating_sub(self.now()).max(1)),
            None => Duration::from_secs(3_600),
        }
    }

    /// Time has passed without anything coming in.
    fn wake(&mut self) -> Result<(), TuiError> {
        let now = self.now();
        let waited = self.escape.flush(now);
        self.inputs(waited)?;
        if self.model.shared.input.deadline().is_some_and(|due| due <= now) {
            self.tell(Msg::Quiet { at: now })?;
        }
        if self.pace.expire(now) {
            self.drawn();
        }
        if !self.rested && now >= self.last + IDLE {
            self.rested = true;
            let stale = self.stale;
            self.tell(Msg::Idle)?;
            self.stale = stale;
            self.look_again()?;
        }
        Ok(())
    }

    /// Takes changed files up, but not between the keys of a chord or before a key that waits has been understood.
    fn look_again(&mut self) -> Result<(), TuiError> {
        self.looked = clock::instant();
        let waiting = !self.model.shared.input.pressed.is_empty() || self.model.shared.input.guard.deadline().is_some();
        if waiting || self.exit.is_some() || !self.appearances.changed() { Ok(()) } else { self.reload() }
    }

    /// Loads keymap, theme and settings; faulty ones change nothing.
    fn reload(&mut self) -> Result<(), TuiError> {
        let msg = match self.appearances.load() {
            Ok(appearance) => {
                let words = format!(
                    "キー割り当て「{}」と配色「{}」を読み直しました{}",
                    visible(appearance.keymap.name()),
                    visible(&appearance.theme.name),
                    appearance.note
                );
                self.theme = appearance.theme;
                self.width = CellWidth { ambiguous_wide: appearance.ambiguous_wide };
                self.writer.forget();
                Msg::Appearance { keymap: Some(appearance.keymap), weight: Weight::Info, said: words }
            }
            Err(fault) => {
                let said = format!("{}。元のまま続けます", visible(&fault));
                Msg::Appearance { keymap: None, weight: Weight::Error, said }
            }
        };
        self.tell(msg)
    }

    fn take(&mut self, incoming: Incoming) -> Result<(), TuiError> {
        match incoming {
            Incoming::Bytes(bytes, at) => {
                let inputs = self.escape.push(&bytes, at);
                return self.inputs(inputs);
            }
            Incoming::Written(result) => return self.written(result),
            _ => self.awake(),
        }
        match incoming {
            Incoming::Resized => self.resize(),
            Incoming::Answer(msg) => {
                // What was read ahead changes no frame.
                let stale = self.stale || !self.is_ahead(&msg);
                let told = self.tell(*msg);
                self.stale = stale;
                told
            }
            Incoming::CannotOpen(error) => Err(TuiError::Store(error)),
            Incoming::Signal(signal) => {
                self.leave(Exit::Signal(signal));
                Ok(())
            }
            Incoming::Reload => self.reload(),
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
            Incoming::Bytes(..) | Incoming::Written(_) => Ok(()),
        }
    }

    /// Whether an answer holds nothing that is shown now.
    fn is_ahead(&self, msg: &Msg) -> bool {
        let Msg::Loaded { lines, records, faults } = msg else { return false };
        let model = &self.model;
        let (here, visible) =
            (model.record(), model.review.viewport.visible(model.review.queue.len(), model.shared.queue_height()));
        let is_out_of_sight = |no| model.review.queue.row_of(no).is_none_or(|row| !visible.contains(&row));
        faults.is_empty()
            && lines.iter().all(|line| is_out_of_sight(line.no))
            && records.iter().all(|view| here != Some(view.record.no))
    }

    /// Notes that something arrived which can change the session.
    fn awake(&mut self) {
        self.last = self.now();
        self.rested = false;
    }

    fn inputs(&mut self, inputs: Vec<Timed>) -> Result<(), TuiError> {
        for Timed { what, at } in inputs {
            if what == Input::Ready {
                self.pace.answered();
                self.drawn();
                continue;
            }
            self.awake();
            self.tell(match what {
                Input::Key(key, repeat) => Msg::Key { key, at, repeat },
                Input::Paste(text) => Msg::Paste { text, at },
                Input::Stray | Input::Ready => Msg::Stray { at },
            })?;
            if self.exit.is_some() {
                break;
            }
        }
        Ok(())
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
                Effect::Redraw => {
                    tested_panic("screen");
                    self.refresh();
                }
                Effect::Reload => self.reload()?,
                Effect::Suspend => self.suspend()?,
                Effect::Stop => self.stop.store(true, Ordering::Relaxed),
                Effect::Copy(text) => self.extra.extend(clipboard(&text, Around::here()).into_bytes()),
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
}
