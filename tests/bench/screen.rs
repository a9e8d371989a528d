//! The workstation at size (DESIGN §10): what a key costs from the press to the finished frame, in CPU time of the whole
//! process, in time and in bytes, at 80×24 and 200×50; search and filter per keystroke; undo over a long trail.
//!
//! `cargo bench --bench screen`; `MEKEN_BENCH_ROWS` (default 400,000, about 30,000 of them under review) sets the size and
//! `MEKEN_BENCH_DECIDED` (default 0) how many records are decided before. The terminal says when it is ready, as real ones
//! do, so that a frame ends where its question stands.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on fails, and prints its table"
)]

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};

fn main() {
    let number = |name: &str, default: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let rows = number("MEKEN_BENCH_ROWS", 400_000);
    let decided = number("MEKEN_BENCH_DECIDED", 0) as usize;
    let place = tempfile::tempdir().unwrap();
    let (csv, work) = (place.path().join("sample.csv"), place.path().join("work"));
    run(&["sample", "--rows", &rows.to_string(), "-o", csv.to_str().unwrap()], &work);
    run(&["-q", "import", csv.to_str().unwrap()], &work);
    let listed = decide(&work, place.path(), decided);
    println!("rows {rows}, under review {listed}, decided {decided}");
    println!(
        "{:<28}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "", "keys", "CPU p50", "CPU p99", "time p50", "time p99", "bytes"
    );
    for (columns, lines) in [(80, 24), (200, 50)] {
        let name = |what: &str| format!("{columns}×{lines} {what}");
        let mut terminal = Terminal::open(&work, columns, lines);
        terminal.measure(&name("cursor down"), &repeat("j", 200));
        terminal.measure(&name("cursor up"), &repeat("k", 200));
        terminal.measure(&name("page"), &repeat("\x1b[6~", 100));
        terminal.measure(&name("to the end and back"), &["G", "g", "g"].repeat(20));
        terminal.measure(&name("fields"), &repeat("w", 30));
        let search =
            keys(&["ﾀｶﾊｼ", "たなか", "高橋", "髙橋", "1234", "奈良県生駒市", "さとう 太", "zzqx", "渡辺 花", "生駒1"]);
        terminal.measure_lines(&name("search"), "/", &search, "\x1b");
        let filter = keys(&["class:② state:未着手", "kanji:N2", "flag:F1", "text:赤坂"]);
        terminal.measure_lines(&name("filter, typing"), "f", &filter, "\x1b");
        terminal.measure_enter(&name("filter, enter"), "f", &filter);
        terminal.measure(&name("undo with nothing to undo"), &["u"]);
        drop(terminal);
    }
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
    fn open(work: &Path, columns: u16, rows: u16) -> Self {
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
        let mut terminal = Self { output, keys, child, _master: pair.master };
        terminal.settle(Duration::from_secs(2));
        terminal
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

    fn measure(&mut self, name: &str, keys: &[&str]) {
        let costs = keys.iter().map(|key| self.press(key, Duration::from_millis(25))).collect();
        report(name, costs);
    }

    /// Types lines into a prompt that `open` opens and `close` closes; only the typing is measured.
    fn measure_lines(&mut self, name: &str, open: &str, lines: &[Vec<String>], close: &str) {
        let mut costs = Vec::new();
        for line in lines {
            self.press(open, Duration::from_millis(300));
            costs.extend(line.iter().map(|key| self.press(key, Duration::from_millis(60))));
            self.press(close, Duration::from_millis(200));
            self.press(close, Duration::from_millis(200));
        }
        report(name, costs);
    }

    /// Types lines and measures the Enter alone.
    fn measure_enter(&mut self, name: &str, open: &str, lines: &[Vec<String>]) {
        let mut costs = Vec::new();
        for line in lines {
            self.press(open, Duration::from_millis(300));
            for key in line {
                self.press(key, Duration::from_millis(20));
            }
            costs.push(self.press("\r", Duration::from_millis(1_000)));
            self.press("\x1b", Duration::from_millis(200));
            self.press("\x1b", Duration::from_millis(200));
        }
        report(name, costs);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn report(name: &str, costs: Vec<Cost>) {
    let at = |of: &dyn Fn(&Cost) -> Duration, part: usize| {
        let mut all: Vec<Duration> = costs.iter().map(of).collect();
        all.sort();
        format!("{:.2} ms", all[(all.len() - 1) * part / 100].as_secs_f64() * 1e3)
    };
    let mut bytes: Vec<usize> = costs.iter().map(|cost| cost.bytes).collect();
    bytes.sort_unstable();
    println!(
        "{name:<28}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}",
        costs.len(),
        at(&|cost| cost.cpu, 50),
        at(&|cost| cost.cpu, 99),
        at(&|cost| cost.time, 50),
        at(&|cost| cost.time, 99),
        bytes[bytes.len() / 2]
    );
}
