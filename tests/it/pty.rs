//! The workstation as an operator has it: the real binary in a pseudo terminal, keys in, a screen out.

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};

use crate::work::{Truth, Work, binary};

/// Long enough for a machine that does other things too; no test waits for it unless it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal with a program in it.
struct Terminal {
    screen: Arc<(Mutex<vt100::Parser>, Condvar)>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Held open: without it the program would see its terminal go away.
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn open(work: &Work, args: &[&str], columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = NativePtySystem::default().openpty(size).unwrap();
        let mut command = CommandBuilder::new(binary());
        command.args(args);
        command.env_clear();
        command.env("HOME", work.path(""));
        command.env("MEKEN_WORKSPACE", work.workspace());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "ja_JP.UTF-8");
        command.cwd(work.path(""));
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let cells = |n| std::num::NonZeroU16::new(n).unwrap();
        let screen = Arc::new((Mutex::new(vt100::Parser::new(cells(rows), cells(columns), 0)), Condvar::new()));
        let mut output = pair.master.try_clone_reader().unwrap();
        let shared = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                shared.0.lock().unwrap().process(&bytes[..read]);
                shared.1.notify_all();
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { screen, keys, child, _master: pair.master }
    }

    fn contents(&self) -> String {
        self.screen.0.lock().unwrap().screen().contents()
    }

    /// Waits until the screen is as wanted; fails with the screen when it never is.
    #[track_caller]
    fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let until = Instant::now() + PATIENCE;
        let mut parser = self.screen.0.lock().unwrap();
        loop {
            let contents = parser.screen().contents();
            if wanted(&contents) {
                return contents;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never seen: {what}\n{contents}");
            parser = self.screen.1.wait_timeout(parser, left).unwrap().0;
        }
    }

    #[track_caller]
    fn wait_for(&self, text: &str) -> String {
        self.wait(text, |contents| contents.contains(text))
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits for the end of the program.
    #[track_caller]
    fn end(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < until, "the program did not end:\n{}", self.contents());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whether the program left the terminal as it found it: main screen, cursor shown, no paste mode. What it wrote last may
    /// still be on its way when it has ended.
    fn is_restored(&self) -> bool {
        let until = Instant::now() + PATIENCE;
        let mut parser = self.screen.0.lock().unwrap();
        loop {
            let screen = parser.screen();
            if !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste() {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            parser = self.screen.1.wait_timeout(parser, left).unwrap().0;
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The 整理番号 at the cursor: the row that begins with ▶.
fn at_cursor(screen: &str) -> Option<String> {
    let (_, rest) = screen.split_once('▶')?;
    let id: String = rest.chars().take_while(char::is_ascii_digit).collect();
    // Before its row is read the line holds nothing but a mark.
    (!id.is_empty()).then_some(id)
}

fn records(work: &Work) -> Vec<(String, String)> {
    work.run("list --json --sort id")
        .ok()
        .json_lines()
        .iter()
        .map(|r| (r["id"].as_str().unwrap().to_owned(), r["category"].as_str().unwrap_or("-").to_owned()))
        .filter(|(_, category)| category != "-")
        .collect()
}

fn in_item1(truth: &[Truth]) -> usize {
    truth.iter().filter(|row| row.in_item1).count()
}

/// Longer than a held key repeats, as a person's second press is.
const BETWEEN_PRESSES: Duration = Duration::from_millis(300);

/// Decides the record at the cursor by a letter (`m`: no guard asks anything) and waits until it is shown as saved.
fn decide_by_letter(terminal: &mut Terminal) -> String {
    let screen = terminal.wait("a cursor", |screen| at_cursor(screen).is_some());
    let id = at_cursor(&screen).unwrap();
    std::thread::sleep(BETWEEN_PRESSES);
    terminal.press("m");
    terminal.wait("the record saved and the next one shown", |screen| {
        let saved = screen.lines().any(|line| line.contains(&id) && line.contains("●4-"));
        saved && at_cursor(screen).is_some_and(|next| next != id)
    });
    id
}

/// The job of ARCHITECTURE "Workstation" in a terminal: three decisions, one undone, quit, and everything is there
/// again.
#[test]
fn a_day_of_review_survives_quitting() {
    let (work, truth) = Work::with_sample(1000);
    let total = in_item1(&truth);
    let mut terminal = Terminal::open(&work, &[], 80, 24);
    terminal.wait_for(&format!("残 {total}/{total}"));
    let decided: Vec<String> = (0..3).map(|_| decide_by_letter(&mut terminal)).collect();
    terminal.wait_for(&format!("残 {}/{total}", total - 3));
    terminal.press("u");
    let screen = terminal.wait("one undone", |screen| {
        screen.contains(&format!("残 {}/{total}", total - 2)) && at_cursor(screen).is_some()
    });
    let here = at_cursor(&screen);
    assert!(here.is_some());
    // Anyone may ask meanwhile; whoever wants to write is told who holds the store.
    let status = work.run("status --json").ok().json();
    assert_eq!((&status["waiting"], &status["in_item1"]), (&2.into(), &total.into()));
    let mut expected = decided[..2].to_vec();
    expected.sort();
    assert_eq!(records(&work).into_iter().map(|(id, _)| id).collect::<Vec<_>>(), expected);
    work.run(&format!("show {}", decided[0])).ok();
    work.run("report --json").ok();
    work.run("log --json").ok();
    let said = work.run(&format!("decide {} 2-3 --evidence 目検", decided[2])).ends_with(75);
    assert!(said.err.contains("確認画面"), "{}", said.err);
    work.run("import sample.csv").ends_with(75);
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    assert!(terminal.is_restored());
    assert_eq!(records(&work).into_iter().map(|(id, _)| id).collect::<Vec<_>>(), expected);
    let mut terminal = Terminal::open(&work, &[], 80, 24);
    terminal.wait("the same record at the cursor", |screen| at_cursor(screen) == here);
    terminal.wait_for(&format!("残 {}/{total}", total - 2));
    // Undo reaches back across the restart, and redo brings it back.
    terminal.press("u");
    terminal.wait_for(&format!("残 {}/{total}", total - 1));
    std::thread::sleep(BETWEEN_PRESSES);
    terminal.press("\x12");
    terminal.wait_for(&format!("残 {}/{total}", total - 2));
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    work.run("verify").ok();
}

/// The cable is pulled: kill -9 after a decision was shown as saved loses nothing, and the store opens at once.
#[test]
fn nothing_that_was_shown_as_saved_is_lost_by_kill_9() {
    let (work, truth) = Work::with_sample(1000);
    let total = in_item1(&truth);
    let mut expected = Vec::new();
    for round in 0..3 {
        let mut terminal = Terminal::open(&work, &[], 80, 24);
        terminal.wait_for(&format!("残 {}/{total}", total - expected.len()));
        for _ in 0..=round {
            expected.push(decide_by_letter(&mut terminal));
        }
        terminal.wait_for(&format!("残 {}/{total}", total - expected.len()));
        let pid = rustix::process::Pid::from_raw(terminal.child.process_id().unwrap().cast_signed()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        terminal.end();
        let mut sorted = expected.clone();
        sorted.sort();
        assert_eq!(records(&work).into_iter().map(|(id, _)| id).collect::<Vec<_>>(), sorted);
        work.run("verify").ok();
    }
}

/// SIGTERM, SIGHUP and SIGINT end the program with the terminal restored and the store free.
#[test]
fn every_end_leaves_the_terminal_as_it_was() {
    use rustix::process::Signal;
    let (work, truth) = Work::with_sample(300);
    let total = in_item1(&truth);
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut terminal = Terminal::open(&work, &[], 80, 24);
        terminal.wait_for(&format!("残 {total}/{total}"));
        let pid = rustix::process::Pid::from_raw(terminal.child.process_id().unwrap().cast_signed()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
        assert_eq!(terminal.end(), code, "{signal:?}");
        terminal.wait("the screen of before", |screen| !screen.contains('▶'));
        assert!(terminal.is_restored(), "{signal:?}");
    }
}

/// Text that is pasted, and a key that is held, decide nothing or at most once.
#[test]
fn stray_input_decides_nothing() {
    let (work, truth) = Work::with_sample(1000);
    let total = in_item1(&truth);
    let mut terminal = Terminal::open(&work, &[], 80, 24);
    terminal.wait_for(&format!("残 {total}/{total}"));
    terminal.press(&format!("\x1b[200~{}\x1b[201~", "m23a".repeat(50)));
    terminal.press(&"m".repeat(100));
    terminal.press("]");
    std::thread::sleep(Duration::from_millis(300));
    terminal.press("/");
    terminal.wait_for("検索:");
    terminal.press("\x1b");
    // Esc and a key in one breath would be Alt and that key.
    terminal.wait("no prompt", |screen| !screen.contains("検索:"));
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    assert!(records(&work).len() <= 1, "{:?}", records(&work));
}

#[test]
fn small_and_odd_terminals_are_told_so() {
    let (work, _) = Work::with_sample(300);
    let mut terminal = Terminal::open(&work, &[], 30, 8);
    terminal.wait("a notice", |screen| screen.contains("40") || screen.contains("狭"));
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    let said = work.run("review").ends_with(1);
    assert!(said.err.contains("端末"), "{}", said.err);
}

/// From the prompt to the disk and back: a path is completed, checked, and what would vanish is asked about.
#[test]
fn a_file_is_completed_and_checked_from_the_screen() {
    let (work, truth) = Work::with_sample(300);
    let total = in_item1(&truth);
    let whole = std::fs::read(work.path("sample.csv")).unwrap();
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    std::fs::create_dir(work.path("部分")).unwrap();
    std::fs::write(work.path("部分/part.csv"), lines[..40].concat()).unwrap();
    let mut terminal = Terminal::open(&work, &[], 100, 30);
    terminal.wait_for(&format!("残 {total}/{total}"));
    terminal.press("\x1b[19~");
    terminal.wait_for("取り込むファイル:");
    terminal.press("部");
    terminal.wait_for("ファイル: 部");
    terminal.press("\t");
    terminal.wait_for("ファイル: 部分/");
    terminal.press("\t");
    terminal.wait_for("ファイル: 部分/part.csv");
    terminal.press("\r");
    terminal.wait_for("取り込みますか");
    std::thread::sleep(BETWEEN_PRESSES);
    terminal.press("\r");
    terminal.wait_for("本当に全件");
    std::thread::sleep(BETWEEN_PRESSES);
    terminal.press("n");
    terminal.wait_for("何も変わっていません");
    // A file of the same people that speaks for no others changes nothing.
    terminal.press("\x1b[19~");
    terminal.wait_for("取り込むファイル:");
    terminal.press("部分/part.csv --run delta\r");
    terminal.wait_for("消滅 0");
    std::thread::sleep(BETWEEN_PRESSES);
    terminal.press("n");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_wide_terminal_shows_more() {
    let (work, truth) = Work::with_sample(300);
    let total = in_item1(&truth);
    let mut terminal = Terminal::open(&work, &[], 160, 45);
    let screen = terminal.wait_for(&format!("残 {total}/{total}"));
    assert!(screen.lines().count() >= 40);
    terminal.press("?");
    terminal.wait_for("説明");
    terminal.press("\x1b");
    terminal.wait("the record again", |screen| screen.contains('▶') && at_cursor(screen).is_some());
    std::thread::sleep(Duration::from_millis(100));
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}
