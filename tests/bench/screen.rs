//! The workstation at size (ARCHITECTURE "Speed"), as the rows of the README's table: what a key costs from the press
//! to the finished frame, in CPU time of the whole process and in bytes, beside a bare frame of ratatui; searches,
//! filters, first frames, idleness and a key held down on a slow line.
//!
//! `cargo bench --bench screen` takes about four minutes. `MEKEN_BENCH_ROWS` (default `100000,400000,1000000`) sets the three
//! sizes: keys are pressed at the second, and first frame and search are looked at again with the third.
//! `MEKEN_BENCH_DECIDED` (default 0) says how many records are decided before, `MEKEN_BENCH_DETAIL=1` prints every
//! measurement. The terminal says when it is ready, as real ones do, so that a frame ends where its question stands.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a measurement reads the clock, knows the engine, fails where it cannot go on, and prints its table"
)]

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::io::{Read, Write};
use std::iter::repeat_n;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph};
use ratatui::{TerminalOptions, Viewport};
use tempfile::TempDir;

fn main() {
    let sizes = std::env::var("MEKEN_BENCH_ROWS").unwrap_or_else(|_| "100000,400000,1000000".to_owned());
    let sizes: Vec<u64> = sizes.split(',').map(|rows| rows.trim().parse().unwrap()).collect();
    let decided = std::env::var("MEKEN_BENCH_DECIDED").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let [small, middle, large] = sizes[..] else { panic!("three sizes with commas, not {sizes:?}") };
    let [small, middle, large] = [small, middle, large].map(|rows| Files::make(rows, decided));
    println!("files of {small}, {middle} and {large}; {decided} decided before");
    println!("| what | measured | target |\n|---|---|---|");

    let bare = bare_frame();
    let mut wide = Terminal::open(&middle.work, 200, 50);
    let down = wide.measure("200×50 down", &repeat("j", 200));
    let up = wide.measure("200×50 up", &repeat("k", 200));
    let page = wide.measure("200×50 page", &repeat("\x1b[6~", 60));
    let ends = wide.measure("200×50 to the end and back", &["G", "g", "g"].repeat(10));
    let typing = wide.measure_lines("200×50 filter, typing", "f", &keys(&FILTERS), "\x1b");
    let columns = wide.measure_enter("200×50 filter by columns", "f", &keys(&FILTERS[..4]));
    let rows = wide.measure_enter("200×50 filter by text", "f", &keys(&FILTERS[4..]));
    let search = wide.measure_lines("200×50 search", "/", &keys(&SEARCHES), "\x1b");
    let idle = wide.idle(Duration::from_secs(3));
    drop(wide);
    let mut usual = Terminal::open(&middle.work, 80, 24);
    let at_80 = usual.measure("80×24 down", &repeat("j", 150));
    drop(usual);
    let mut last = Terminal::open(&large.work, 200, 50);
    let last_down = last.measure("200×50 down, largest", &repeat("j", 100));
    let last_search = last.measure_lines("200×50 search, largest", "/", &keys(&SEARCHES), "\x1b");
    drop(last);
    let held = Terminal::open(&middle.work, 200, 50).hold(Duration::from_millis(300), Duration::from_secs(3));
    let (mut nothing, mut few, mut many) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..9 {
        nothing.push(process_start(&small.work));
        few.push(first_frame(&small.work));
        many.push(first_frame(&large.work));
    }
    let [nothing, few, many] = [nothing, few, many].map(middle_of);

    let whole = |ms: f64| format!("{ms:.0} ms");
    let row = |what: &str, measured: String, target: &str| println!("| {what} | {measured} | {target} |");
    row(
        "cursor move, 200×50: CPU, bytes (median)",
        format!(
            "{:.2} ms, {:.1} KB down; {:.2} ms, {:.1} KB up",
            down.cpu(50),
            down.kilobytes(50),
            up.cpu(50),
            up.kilobytes(50)
        ),
        "≤ 1 ms, ≤ 3 KB",
    );
    row("the same ÷ a bare frame of ratatui of that size", format!("{:.1} (÷ {bare:.2} ms)", down.cpu(50) / bare), "");
    row("the same at 80×24", format!("{:.2} ms, {:.1} KB", at_80.cpu(50), at_80.kilobytes(50)), "");
    row("the same with the largest file", format!("{:.2} ms", last_down.cpu(50)), "");
    row("largest frame of a move", format!("{:.1} KB", down.kilobytes(100).max(up.kilobytes(100))), "≤ 3 KB");
    row(
        "a page; the last record and the first",
        format!("{:.1} ms, {:.1} KB; {:.1} ms", page.cpu(50), page.kilobytes(50), ends.cpu(50)),
        "",
    );
    row(
        "search per keystroke, p99: CPU (elapsed)",
        format!(
            "{:.1} ms ({}) over {}; {:.1} ms ({}) over {}",
            search.cpu(99),
            whole(search.time(99)),
            middle.listed,
            last_search.cpu(99),
            whole(last_search.time(99)),
            large.listed
        ),
        "≤ 16 ms",
    );
    row("a key in the filter prompt", format!("{:.2} ms", typing.cpu(50)), "");
    row(
        "filter on Enter: by columns; by the text of rows",
        format!("{}; {}", whole(columns.cpu(50)), whole(rows.cpu(50))),
        "",
    );
    row(
        "start → first frame with its record",
        format!("{} of {} rows, {} of {}", whole(many), large.rows, whole(few), small.rows),
        "≤ 50 ms",
    );
    row("the largest ÷ the smallest", format!("{:.2}", many / few), "≤ 1.2");
    row("the largest ÷ start of `meken --version`", format!("{:.1} (÷ {nothing:.1} ms)", many / nothing), "");
    row("idle output in 3 s", format!("{} bytes, {:.2} ms of CPU", idle.bytes, milliseconds(idle.cpu)), "0 bytes");
    row(
        "a key held down for 3 s on a line of 300 ms: after its release",
        format!("{} frames, {:.1} KB, {:.0} ms", held.frames, held.bytes as f64 / 1024.0, milliseconds(held.time)),
        "no backlog",
    );
}

/// Filters that columns answer, then one that needs the text of rows.
const FILTERS: [&str; 5] = ["class:② state:未着手", "kanji:N2", "address:表記ゆれ", "flag:F1", "text:赤坂"];

/// What people search for, and what nobody has.
const SEARCHES: [&str; 16] = [
    "ﾀｶﾊｼ",
    "たなか",
    "高橋",
    "髙橋",
    "1234",
    "奈良県生駒市",
    "さとう 太",
    "zzqx",
    "渡辺 花",
    "生駒1",
    "ｽｽﾞｷ ｲﾁﾛｳ",
    "わたなべ",
    "19610215",
    "6825",
    "こばやし ゆ",
    "小笠原 9999",
];

/// A fictitious file of some size, imported.
struct Files {
    rows: u64,
    listed: usize,
    work: PathBuf,
    _place: TempDir,
}

impl Files {
    fn make(rows: u64, decided: usize) -> Self {
        let place = tempfile::tempdir().unwrap();
        let (csv, work) = (place.path().join("sample.csv"), place.path().join("work"));
        run(&["sample", "--rows", &rows.to_string(), "-o", csv.to_str().unwrap()], &work);
        run(&["-q", "import", csv.to_str().unwrap()], &work);
        let listed = decide(&work, place.path(), decided);
        Self { rows, listed, work, _place: place }
    }
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows ({} under review)", self.rows, self.listed)
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn middle_of(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Milliseconds of a frame that ratatui draws and writes for itself: 200×50, a border, other text each time.
fn bare_frame() -> f64 {
    let mut out = Vec::new();
    let viewport = Viewport::Fixed(Rect::new(0, 0, 200, 50));
    let mut terminal =
        ratatui::Terminal::with_options(CrosstermBackend::new(&mut out), TerminalOptions { viewport }).unwrap();
    let mut times = Vec::new();
    for n in 0..200 {
        let line = |y: usize| Line::from(format!("{:07} 高崎 一郎 東京都港区赤坂{}-{} ", n + y, y, n).repeat(4));
        let text: Vec<Line<'_>> = (0..48).map(line).collect();
        let began = Instant::now();
        terminal
            .draw(|frame| frame.render_widget(Paragraph::new(text).block(Block::bordered()), frame.area()))
            .unwrap();
        times.push(milliseconds(began.elapsed()));
    }
    middle_of(times)
}

/// Milliseconds of a process that does nothing.
fn process_start(work: &Path) -> f64 {
    let began = Instant::now();
    run(&["--version"], work);
    milliseconds(began.elapsed())
}

/// Milliseconds from the start to the frame that shows the record at the cursor.
fn first_frame(work: &Path) -> f64 {
    let began = Instant::now();
    let mut terminal = Terminal::start(work, 200, 50);
    let mut seen = Vec::new();
    while !seen.windows(9).any(|found| found == "加入者".as_bytes()) {
        seen.extend(terminal.output.recv_timeout(Duration::from_secs(20)).unwrap());
    }
    let time = milliseconds(began.elapsed());
    terminal.settle(Duration::from_millis(300));
    time
}

fn repeat(key: &'static str, times: usize) -> Vec<&'static str> {
    vec![key; times]
}

/// The keystrokes of some lines of text.
fn keys(lines: &[&str]) -> Vec<Vec<String>> {
    lines.iter().map(|line| line.chars().map(String::from).collect()).collect()
}

/// Decides the first records by a file and gives how many are under review.
fn decide(work: &Path, place: &Path, decided: usize) -> usize {
    let listed =
        Command::new(meken()).args(["list", "--format", "json"]).env("MEKEN_WORKSPACE", work).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    let ids: Vec<&str> = text.lines().filter_map(|line| line.split("\"id\":\"").nth(1)?.split('"').next()).collect();
    if decided > 0 {
        let mut csv = String::from("id,code,due\n");
        for id in ids.iter().take(decided) {
            writeln!(csv, "{id},hold,2099-12-31").unwrap();
        }
        let path = place.join("decided.csv");
        std::fs::write(&path, csv).unwrap();
        run(&["-q", "decide", "--from", path.to_str().unwrap()], work);
    }
    ids.len()
}

fn meken() -> &'static str {
    env!("CARGO_BIN_EXE_meken")
}

fn run(args: &[&str], workspace: &Path) {
    let status = Command::new(meken()).args(args).env("MEKEN_WORKSPACE", workspace).stdout(Stdio::null()).status();
    assert!(status.unwrap().success(), "{args:?}");
}

/// What one key cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    cpu: Duration,
    time: Duration,
    bytes: usize,
}

/// The workstation in a terminal that answers at once.
struct Terminal {
    output: Receiver<Vec<u8>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts the workstation and waits until it rests.
    fn open(work: &Path, columns: u16, rows: u16) -> Self {
        let mut terminal = Self::start(work, columns, rows);
        terminal.settle(Duration::from_secs(2));
        // The texts of the search are read with the first prompt.
        for key in ["/", "\x1b"] {
            terminal.press(key, Duration::from_secs(1));
        }
        terminal
    }

    fn start(work: &Path, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = NativePtySystem::default().openpty(size).unwrap();
        let mut command = CommandBuilder::new(meken());
        command.env("MEKEN_WORKSPACE", work);
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (to, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 65_536];
            while let Ok(read @ 1..) = reader.read(&mut bytes) {
                if to.send(bytes[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { output, keys, child, _master: pair.master }
    }

    /// Reads and answers until nothing has come for a while; gives the bytes and when the last frame ended.
    fn settle(&mut self, quiet: Duration) -> (usize, Option<Instant>) {
        let (mut bytes, mut ended) = (0, None);
        while let Ok(piece) = self.output.recv_timeout(quiet) {
            bytes += piece.len();
            let questions = piece.windows(4).filter(|found| *found == b"\x1b[5n").count();
            if questions > 0 {
                ended = Some(Instant::now());
            }
            for _ in 0..questions {
                self.keys.write_all(b"\x1b[0n").unwrap();
            }
        }
        (bytes, ended)
    }

    /// CPU time of every thread of the workstation.
    fn cpu(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.process_id().unwrap())).unwrap();
        let spent = tasks.flatten().filter_map(|task| {
            let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(spent.sum())
    }

    /// Presses a key and waits until everything it brings about stands on the screen.
    fn press(&mut self, key: &str, quiet: Duration) -> Cost {
        let (cpu, began) = (self.cpu(), Instant::now());
        self.keys.write_all(key.as_bytes()).unwrap();
        let (bytes, ended) = self.settle(quiet);
        let time = ended.map_or(Duration::ZERO, |ended| ended - began);
        Cost { cpu: self.cpu() - cpu, time, bytes }
    }

    fn measure(&mut self, name: &str, keys: &[&str]) -> Costs {
        Costs::new(name, keys.iter().map(|key| self.press(key, Duration::from_millis(25))).collect())
    }

    /// Types lines into a prompt that `open` opens and `close` closes; only the typing is measured.
    fn measure_lines(&mut self, name: &str, open: &str, lines: &[Vec<String>], close: &str) -> Costs {
        let mut costs = Vec::new();
        for line in lines {
            self.press(open, Duration::from_millis(200));
            costs.extend(line.iter().map(|key| self.press(key, Duration::from_millis(60))));
            self.press(close, Duration::from_millis(150));
            self.press(close, Duration::from_millis(150));
        }
        Costs::new(name, costs)
    }

    /// Types lines and measures the Enter alone.
    fn measure_enter(&mut self, name: &str, open: &str, lines: &[Vec<String>]) -> Costs {
        let mut costs = Vec::new();
        for line in lines.iter().chain(lines).chain(lines) {
            self.press(open, Duration::from_millis(200));
            for key in line {
                self.press(key, Duration::from_millis(20));
            }
            costs.push(self.press("\r", Duration::from_millis(1_500)));
            self.press("\x1b", Duration::from_millis(150));
            self.press("\x1b", Duration::from_millis(150));
        }
        Costs::new(name, costs)
    }

    /// What it costs to do nothing, once the session is kept.
    fn idle(&mut self, time: Duration) -> Cost {
        self.settle(Duration::from_secs(4));
        let (cpu, began) = (self.cpu(), Instant::now());
        let mut bytes = 0;
        while let Ok(piece) = self.output.recv_timeout(time.saturating_sub(began.elapsed())) {
            bytes += piece.len();
        }
        Cost { cpu: self.cpu() - cpu, time, bytes }
    }

    /// Holds `j` at the rate of a keyboard on a line whose answers take a while; gives what comes after the release.
    fn hold(mut self, round_trip: Duration, time: Duration) -> Held {
        let mut answers: VecDeque<Instant> = VecDeque::new();
        let (began, mut pressed) = (Instant::now(), Instant::now());
        let (mut held, mut last) = (Held::default(), None);
        // Two seconds without a frame: nothing more comes.
        while last.is_none_or(|last: Instant| last.elapsed() < Duration::from_secs(2)) {
            if began.elapsed() < time && pressed.elapsed() >= Duration::from_millis(33) {
                self.keys.write_all(b"j").unwrap();
                pressed = Instant::now();
            }
            while answers.front().is_some_and(|due| *due <= Instant::now()) {
                answers.pop_front();
                self.keys.write_all(b"\x1b[0n").unwrap();
            }
            let Ok(piece) = self.output.recv_timeout(Duration::from_millis(2)) else { continue };
            last = Some(Instant::now());
            let count = |what: &[u8]| piece.windows(what.len()).filter(|found| *found == what).count();
            answers.extend(repeat_n(Instant::now() + round_trip, count(b"\x1b[5n")));
            if began.elapsed() >= time {
                held.frames += count(b"\x1b[?2026h");
                held.bytes += piece.len();
                held.time = began.elapsed() - time;
            }
        }
        held
    }
}

/// What came after a key was released.
#[derive(Default)]
struct Held {
    frames: usize,
    bytes: usize,
    time: Duration,
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What some keys cost.
struct Costs(Vec<Cost>);

impl Costs {
    fn new(name: &str, costs: Vec<Cost>) -> Self {
        let costs = Self(costs);
        if std::env::var_os("MEKEN_BENCH_DETAIL").is_some() {
            let at = |part| {
                format!("CPU {:.2} ms, {:.2} ms, {:.1} KB", costs.cpu(part), costs.time(part), costs.kilobytes(part))
            };
            eprintln!("{name}: {} keys; p50 {}; p99 {}", costs.0.len(), at(50), at(99));
        }
        costs
    }

    fn at(&self, part: usize, of: impl Fn(&Cost) -> f64) -> f64 {
        let mut all: Vec<f64> = self.0.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[(all.len() - 1) * part / 100]
    }

    fn cpu(&self, part: usize) -> f64 {
        self.at(part, |cost| milliseconds(cost.cpu))
    }

    fn time(&self, part: usize) -> f64 {
        self.at(part, |cost| milliseconds(cost.time))
    }

    fn kilobytes(&self, part: usize) -> f64 {
        self.at(part, |cost| cost.bytes as f64 / 1024.0)
    }
}
