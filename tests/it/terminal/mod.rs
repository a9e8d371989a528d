//! A terminal for tests: the real binary in a pseudo terminal, keys in, a screen out. The line can be slow, answer
//! questions or not, and stand still.

mod review;
mod screen;

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use meken::compare::CellWidth;
use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};

pub(crate) use self::review::{at_cursor, touched};
use self::screen::{Screen, cells};
use crate::wait::{BETWEEN_PRESSES, PATIENCE, silence, until};
use crate::work::{Work, binary};

/// Time without bytes after which a screen is at rest.
const REST: Duration = Duration::from_millis(400);

/// Time without bytes after which a person takes a screen for finished.
const SETTLED: Duration = Duration::from_millis(200);

/// How a terminal is made.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub(crate) size: (u16, u16),
    /// How long bytes travel, there and back together.
    pub(crate) round_trip: Duration,
    /// How long each byte takes.
    pub(crate) per_byte: Duration,
    /// Whether the terminal says when it is ready, as real ones do.
    pub(crate) answers: bool,
    /// The widths with which the terminal says where its cursor is; `None` if it does not say.
    pub(crate) cells: Option<CellWidth>,
    /// Whether the terminal controls the program, so that its loss sends SIGHUP.
    pub(crate) controls: bool,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            size: (80, 24),
            round_trip: Duration::ZERO,
            per_byte: Duration::ZERO,
            answers: true,
            cells: None,
            controls: true,
        }
    }
}

impl Line {
    pub(crate) fn sized(columns: u16, rows: u16) -> Self {
        Self { size: (columns, rows), ..Self::default() }
    }

    pub(crate) fn delayed(round_trip: Duration) -> Self {
        Self { round_trip, ..Self::default() }
    }
}

/// The screen and the signal that it has changed.
type Shared = Arc<(Mutex<Screen>, Condvar)>;

/// A terminal with a program in it.
pub(crate) struct Terminal {
    screen: Shared,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    /// When a key was last pressed.
    pressed: Mutex<Instant>,
    child: Box<dyn Child + Send + Sync>,
    /// The program's side of the line, held open until the program has ended.
    tty: Option<File>,
    /// The modes of the line before the program and after its end.
    modes: (LocalModes, Option<LocalModes>),
    master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    pub(crate) fn open(work: &Work, line: Line) -> Self {
        Self::open_with(work, line, &[], &[])
    }

    pub(crate) fn open_with(work: &Work, line: Line, args: &[&str], env: &[(&str, &str)]) -> Self {
        let (columns, rows) = line.size;
        let pair = NativePtySystem::default().openpty(pty_size(columns, rows)).unwrap();
        let mut command = CommandBuilder::new(binary());
        command.args(args);
        command.env_clear();
        let usual = [("TERM", "xterm-256color"), ("LANG", "ja_JP.UTF-8")];
        let env: HashMap<&str, &str> = usual.into_iter().chain(env.iter().copied()).collect();
        for (name, value) in env {
            command.env(name, value);
        }
        command.env("HOME", work.path(""));
        command.env("MEKEN_WORKSPACE", work.workspace());
        command.cwd(work.path(""));
        command.set_controlling_tty(line.controls);
        let tty = File::options().read(true).write(true).open(pair.master.tty_name().unwrap()).unwrap();
        let modes = (tcgetattr(&tty).unwrap().local_modes, None);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Shared::new((Mutex::new(Screen::new(line)), Condvar::new()));
        let keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let mut output = pair.master.try_clone_reader().unwrap();
        let (to, arriving) = channel();
        let shared = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                let now = Instant::now();
                let mut screen = shared.0.lock().unwrap();
                (screen.left, screen.changed) = (screen.left + read, now);
                drop(screen);
                if to.send((now + line.round_trip, bytes[..read].to_vec())).is_err() {
                    return;
                }
            }
        });
        let (shared, answers) = (Arc::clone(&screen), Arc::clone(&keys));
        std::thread::spawn(move || show(&shared, &answers, line, arriving));
        let (pressed, tty) = (Mutex::new(Instant::now()), Some(tty));
        Self { screen, keys, pressed, child, tty, modes, master: pair.master }
    }

    fn screen(&self) -> MutexGuard<'_, Screen> {
        self.screen.0.lock().unwrap()
    }

    /// Waits until the screen has what is looked for; fails with the screen when it never has.
    #[track_caller]
    fn look_for<T>(&self, what: &str, mut find: impl FnMut(&Screen) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut screen = self.screen();
        loop {
            if let Some(found) = find(&screen) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never seen: {what}\n{}", screen.contents());
            screen = self.screen.1.wait_timeout(screen, left).unwrap().0;
        }
    }

    pub(crate) fn contents(&self) -> String {
        self.screen().contents()
    }

    /// Everything that was drawn, control sequences included.
    pub(crate) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.screen().raw).into_owned()
    }

    /// Waits until the screen is as wanted, between two frames; fails with the screen when it never is.
    #[track_caller]
    pub(crate) fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.look_for(what, |screen| (!screen.partly).then(|| screen.contents()).filter(|contents| wanted(contents)))
    }

    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.wait(text, |contents| contents.contains(text))
    }

    /// Waits until the alternate screen is shown.
    #[track_caller]
    pub(crate) fn wait_for_alternate(&self) {
        self.look_for("the alternate screen", |screen| screen.parser.screen().alternate_screen().then_some(()));
    }

    /// Waits until everything is drawn and nothing more has come for a while.
    #[track_caller]
    pub(crate) fn wait_for_rest(&self) {
        self.wait_for_quiet(Instant::now(), REST);
    }

    /// Waits until everything is drawn and nothing more has come for a time, counted from this moment or the last byte.
    #[track_caller]
    fn wait_for_quiet(&self, since: Instant, how_long: Duration) {
        until("the screen at rest", || {
            let screen = self.screen();
            let is_drawn = screen.left == screen.raw.len() && !screen.partly;
            is_drawn && screen.changed.max(since).elapsed() >= how_long
        });
    }

    /// Sends keys at once, whatever the screen shows.
    pub(crate) fn press(&self, keys: impl AsRef<[u8]>) {
        let mut writer = self.keys.lock().unwrap();
        writer.write_all(keys.as_ref()).unwrap();
        writer.flush().unwrap();
        *self.pressed.lock().unwrap() = Instant::now();
    }

    /// Presses a key as a person does who has read the screen: nothing more comes, and a held key would have repeated.
    #[track_caller]
    pub(crate) fn tap(&self, keys: impl AsRef<[u8]>) {
        let pressed = *self.pressed.lock().unwrap();
        self.wait_for_quiet(pressed, SETTLED);
        silence(BETWEEN_PRESSES.saturating_sub(pressed.elapsed()));
        self.press(keys);
    }

    /// Number of bytes that left the program so far.
    pub(crate) fn left(&self) -> usize {
        self.screen().left
    }

    /// Number of bytes that left the program and are not drawn yet.
    pub(crate) fn under_way(&self) -> usize {
        let screen = self.screen();
        screen.left - screen.raw.len()
    }

    /// Number of frames that were begun on the screen so far.
    pub(crate) fn frames(&self) -> usize {
        self.screen().frames
    }

    /// Fails if the program writes anything in a time.
    #[track_caller]
    pub(crate) fn assert_silent(&self, how_long: Duration) {
        let before = self.left();
        silence(how_long);
        assert_eq!(self.left(), before, "bytes were written:\n{}", self.contents());
    }

    /// The program's side of the line, until the program has ended.
    pub(crate) fn tty(&self) -> &File {
        self.tty.as_ref().expect("the program has not ended")
    }

    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        self.screen().parser.screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(pty_size(columns, rows)).unwrap();
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap().cast_signed()).unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until the kernel gives the program this state (`T`: stopped).
    #[track_caller]
    pub(crate) fn wait_for_state(&self, state: char) {
        until(&format!("the program in state {state}"), || state_of(self.pid()) == Some(state));
    }

    /// Waits until the program has ended and everything it wrote is drawn; returns its exit code.
    #[track_caller]
    pub(crate) fn end(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "the program did not end:\n{}", self.contents());
            silence(Duration::from_millis(10));
        };
        if let Some(tty) = self.tty.take() {
            self.modes.1 = Some(tcgetattr(&tty).unwrap().local_modes);
        }
        // Nobody holds the program's side any longer, so its output has an end.
        self.look_for("the end of the output", |screen| screen.closed.then_some(()));
        status.exit_code()
    }

    /// Waits until the terminal is as the program found it: main screen, cursor shown, no paste mode, no raw mode.
    #[track_caller]
    pub(crate) fn assert_restored(&self) {
        let modes = self.tty.as_ref().map_or(self.modes.1, |tty| Some(tcgetattr(tty).unwrap().local_modes));
        assert_eq!(modes, Some(self.modes.0), "the modes of the line");
        self.look_for("the modes of the screen undone", |screen| screen.is_restored().then_some(()));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Draws what arrives, after its way along the line, and answers.
fn show(shared: &Shared, keys: &Mutex<Box<dyn Write + Send>>, line: Line, arriving: Receiver<(Instant, Vec<u8>)>) {
    for (due, bytes) in arriving {
        silence(due.saturating_duration_since(Instant::now()));
        let pieces: Vec<&[u8]> = if line.per_byte.is_zero() { vec![&bytes] } else { bytes.chunks(64).collect() };
        for piece in pieces {
            silence(line.per_byte * u32::try_from(piece.len()).unwrap());
            let mut screen = shared.0.lock().unwrap();
            let answer = screen.draw(piece);
            // Whoever sees the frame knows that the program has been told. A program that has ended reads no answers.
            let _ = keys.lock().unwrap().write_all(answer.as_bytes());
            drop(screen);
            shared.1.notify_all();
        }
    }
    shared.0.lock().unwrap().closed = true;
    shared.1.notify_all();
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// The state of a process; `None` when there is none.
pub(crate) fn state_of(pid: Pid) -> Option<char> {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    text.rsplit_once(") ")?.1.chars().next()
}
