//! A terminal for tests: the real binary in a pseudo terminal, keys in, a screen out; the line can be slow, answer
//! questions or stand still.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};

use crate::work::{Work, binary};

/// Long enough for a machine that does other things too; no test waits for it unless it fails.
const PATIENCE: Duration = Duration::from_secs(40);

/// Longer than a held key repeats, as a person's second press is.
pub(crate) const BETWEEN_PRESSES: Duration = Duration::from_millis(300);

/// Begins and ends every frame.
const FRAME: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

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
    /// Whether the terminal controls the program, so that its loss sends SIGHUP.
    pub(crate) controls: bool,
}

impl Default for Line {
    fn default() -> Self {
        Self { size: (80, 24), round_trip: Duration::ZERO, per_byte: Duration::ZERO, answers: true, controls: true }
    }
}

/// What the terminal has seen.
struct Screen {
    parser: vt100::Parser,
    /// The last bytes, to find questions cut in two.
    tail: Vec<u8>,
    /// Whether a frame is on the screen in part.
    partly: bool,
}

/// A terminal with a program in it.
pub(crate) struct Terminal {
    screen: Arc<(Mutex<Screen>, Condvar)>,
    /// Bytes that left the program, and bytes that were drawn.
    left: Arc<AtomicUsize>,
    drawn: Arc<AtomicUsize>,
    frames: Arc<AtomicUsize>,
    /// Set while the terminal takes nothing.
    still: Arc<AtomicBool>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    child: Box<dyn Child + Send + Sync>,
    /// The program's side, held open so that its modes can be seen after its end.
    tty: File,
    modes: LocalModes,
    master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    pub(crate) fn open(work: &Work, line: Line) -> Self {
        Self::open_with(work, line, &[], &[])
    }

    pub(crate) fn open_with(work: &Work, line: Line, args: &[&str], env: &[(&str, &str)]) -> Self {
        let (columns, rows) = line.size;
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = NativePtySystem::default().openpty(size).unwrap();
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
        let modes = tcgetattr(&tty).unwrap().local_modes;
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let cells = |n| std::num::NonZeroU16::new(n).unwrap();
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        let screen = Arc::new((Mutex::new(Screen { parser, tail: Vec::new(), partly: false }), Condvar::new()));
        let mut output = pair.master.try_clone_reader().unwrap();
        let keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let (to, arriving) = channel();
        let still = Arc::new(AtomicBool::new(false));
        let (left, drawn, frames) = <(Arc<AtomicUsize>, Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let (stands, counted) = (Arc::clone(&still), Arc::clone(&left));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                while stands.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                let Ok(read @ 1..) = output.read(&mut bytes) else { return };
                counted.fetch_add(read, Ordering::SeqCst);
                if to.send((Instant::now() + line.round_trip, bytes[..read].to_vec())).is_err() {
                    return;
                }
            }
        });
        let terminal = Self { screen, left, drawn, frames, still, keys, child, tty, modes, master: pair.master };
        terminal.show(line, arriving);
        terminal
    }

    /// Draws what arrives, after its way along the line, and answers.
    fn show(&self, line: Line, arriving: Receiver<(Instant, Vec<u8>)>) {
        let (shared, keys) = (Arc::clone(&self.screen), Arc::clone(&self.keys));
        let (drawn, frames) = (Arc::clone(&self.drawn), Arc::clone(&self.frames));
        std::thread::spawn(move || {
            for (due, bytes) in arriving {
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                let pieces: Vec<&[u8]> =
                    if line.per_byte.is_zero() { vec![&bytes] } else { bytes.chunks(64).collect() };
                for piece in pieces {
                    std::thread::sleep(line.per_byte * u32::try_from(piece.len()).unwrap());
                    let mut screen = shared.0.lock().unwrap();
                    screen.parser.process(piece);
                    let kept = screen.tail.len();
                    screen.tail.extend_from_slice(piece);
                    let count = |what: &[u8]| {
                        let ends = screen.tail.windows(what.len()).enumerate().filter(|(_, found)| *found == what);
                        ends.filter(|(at, _)| at + what.len() > kept).count()
                    };
                    let (questions, begun, ended) = (count(b"\x1b[5n"), count(FRAME.0), count(FRAME.1));
                    let last = |what: &[u8]| screen.tail.windows(what.len()).rposition(|found| found == what);
                    if begun + ended > 0 {
                        screen.partly = last(FRAME.0) > last(FRAME.1);
                    }
                    let cut = screen.tail.len().saturating_sub(16);
                    screen.tail.drain(..cut);
                    drop(screen);
                    drawn.fetch_add(piece.len(), Ordering::SeqCst);
                    frames.fetch_add(begun, Ordering::SeqCst);
                    for _ in 0..if line.answers { questions } else { 0 } {
                        // A program that has ended reads no answers.
                        let _ = keys.lock().unwrap().write_all(b"\x1b[0n");
                    }
                    shared.1.notify_all();
                }
            }
        });
    }

    pub(crate) fn contents(&self) -> String {
        self.screen.0.lock().unwrap().parser.screen().contents()
    }

    /// Waits until the screen is as wanted; fails with the screen when it never is.
    #[track_caller]
    pub(crate) fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let until = Instant::now() + PATIENCE;
        let mut screen = self.screen.0.lock().unwrap();
        loop {
            let contents = screen.parser.screen().contents();
            // Half a frame is no frame.
            if !screen.partly && wanted(&contents) {
                return contents;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never seen: {what}\n{contents}");
            screen = self.screen.1.wait_timeout(screen, left).unwrap().0;
        }
    }

    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.wait(text, |contents| contents.contains(text))
    }

    /// Waits until a record stands at the cursor; gives its 整理番号.
    #[track_caller]
    pub(crate) fn wait_for_record(&self) -> String {
        at_cursor(&self.wait("a record at the cursor", |screen| at_cursor(screen).is_some())).unwrap()
    }

    /// Waits until nothing has come for a while.
    pub(crate) fn wait_for_rest(&self) {
        let mut before = (self.left(), Instant::now());
        while before.1.elapsed() < Duration::from_millis(400) {
            std::thread::sleep(Duration::from_millis(20));
            let partly = self.screen.0.lock().unwrap().partly;
            if self.left() != before.0 || self.drawn() != before.0 || partly {
                before = (self.left(), Instant::now());
            }
        }
    }

    pub(crate) fn press(&self, keys: impl AsRef<[u8]>) {
        let mut writer = self.keys.lock().unwrap();
        writer.write_all(keys.as_ref()).unwrap();
        writer.flush().unwrap();
    }

    /// Shows by the search prompt, which has no part in any decision, that everything pressed before was taken in.
    #[track_caller]
    pub(crate) fn is_alive(&self) {
        std::thread::sleep(BETWEEN_PRESSES);
        self.press("\x1b");
        std::thread::sleep(BETWEEN_PRESSES);
        self.press("/");
        self.wait_for("検索:");
        self.press("\x1b");
        self.wait("no prompt", |screen| !screen.contains("検索:"));
    }

    /// Bytes that left the program so far.
    pub(crate) fn left(&self) -> usize {
        self.left.load(Ordering::SeqCst)
    }

    /// Bytes that were drawn so far.
    pub(crate) fn drawn(&self) -> usize {
        self.drawn.load(Ordering::SeqCst)
    }

    /// Frames that were begun on the screen so far.
    pub(crate) fn frames(&self) -> usize {
        self.frames.load(Ordering::SeqCst)
    }

    /// Takes nothing more, or goes on.
    pub(crate) fn stand_still(&self, still: bool) {
        self.still.store(still, Ordering::SeqCst);
    }

    /// The program's side of the terminal.
    pub(crate) fn tty(&self) -> &File {
        &self.tty
    }

    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let cells = |n| std::num::NonZeroU16::new(n).unwrap();
        self.screen.0.lock().unwrap().parser.screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
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
        let until = Instant::now() + PATIENCE;
        while state_of(self.pid()) != Some(state) {
            assert!(Instant::now() < until, "the program is {:?}, not {state}", state_of(self.pid()));
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub(crate) fn end(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < until, "the program did not end:\n{}", self.contents());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the terminal is as the program found it: main screen, cursor shown, no paste mode, no raw mode.
    #[track_caller]
    pub(crate) fn is_restored(&self) {
        let modes = tcgetattr(&self.tty).unwrap().local_modes;
        assert_eq!(modes, self.modes, "the modes of the line");
        let until = Instant::now() + PATIENCE;
        let mut held = self.screen.0.lock().unwrap();
        loop {
            let screen = held.parser.screen();
            if !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste() {
                return;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "not restored:\n{}", screen.contents());
            held = self.screen.1.wait_timeout(held, left).unwrap().0;
        }
    }

    /// Whether the alternate screen is shown.
    #[track_caller]
    pub(crate) fn wait_for_alternate(&self) {
        let until = Instant::now() + PATIENCE;
        while !self.screen.0.lock().unwrap().parser.screen().alternate_screen() {
            assert!(Instant::now() < until, "the workstation did not come back");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.stand_still(false);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The state of a process; `None` when there is none.
pub(crate) fn state_of(pid: Pid) -> Option<char> {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    text.rsplit_once(") ")?.1.chars().next()
}

/// The 整理番号 at the cursor: the row that begins with ▶.
pub(crate) fn at_cursor(screen: &str) -> Option<String> {
    let (_, rest) = screen.split_once('▶')?;
    let id: String = rest.chars().take_while(char::is_ascii_digit).collect();
    // Before its row is read the line holds nothing but a mark.
    (!id.is_empty()).then_some(id)
}

/// 整理番号 of the records that have a category, a hold or anything else that was decided.
pub(crate) fn touched(work: &Work) -> Vec<String> {
    let said = work.run("list --json --sort id").ok();
    let open = |record: &serde_json::Value| record["state"] == "未着手";
    said.json_lines().iter().filter(|record| !open(record)).map(|r| r["id"].as_str().unwrap().to_owned()).collect()
}
