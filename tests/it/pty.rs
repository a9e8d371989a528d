//! The workstation as an operator has it: the real binary in a pseudo terminal, keys in, a screen out.

use rustix::process::Signal;

use crate::terminal::{Line, Terminal, at_cursor, touched};
use crate::work::{Truth, Work};

fn in_item1(truth: &[Truth]) -> usize {
    truth.iter().filter(|row| row.in_item1).count()
}

/// The job of ARCHITECTURE "Workstation" in a terminal that answers no questions: three decisions, one undone, quit,
/// and everything is there again.
#[test]
fn a_day_of_review_survives_quitting() {
    let (work, truth) = Work::with_sample(1000);
    let total = in_item1(&truth);
    let mute = Line { answers: false, ..Line::default() };
    let terminal = Terminal::open(&work, mute);
    terminal.wait_for(&format!("残 {total}/{total}"));
    let decided: Vec<String> = (0..3).map(|_| terminal.decide_by_letter()).collect();
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
    assert_eq!(touched(&work), expected);
    work.run(&format!("show {}", decided[0])).ok();
    work.run("report --json").ok();
    work.run("log --json").ok();
    let said = work.run(&format!("decide {} 2-3 --evidence 目検", decided[2])).ends_with(75);
    assert!(said.err.contains("確認画面"), "{}", said.err);
    work.run("import sample.csv").ends_with(75);
    terminal.quit();
    assert_eq!(touched(&work), expected);
    let terminal = Terminal::open(&work, mute);
    terminal.wait("the same record at the cursor", |screen| at_cursor(screen) == here);
    terminal.wait_for(&format!("残 {}/{total}", total - 2));
    // Undo reaches back across the restart, and redo brings it back.
    terminal.press("u");
    terminal.wait_for(&format!("残 {}/{total}", total - 1));
    terminal.tap("\x12");
    terminal.wait_for(&format!("残 {}/{total}", total - 2));
    terminal.quit();
    work.run("verify").ok();
}

/// The cable is pulled: kill -9 after a decision was shown as saved loses nothing, and the store opens at once.
#[test]
fn nothing_that_was_shown_as_saved_is_lost_by_kill_9() {
    let (work, truth) = Work::with_sample(1000);
    let total = in_item1(&truth);
    let mut expected = Vec::new();
    for round in 0..3 {
        let mut terminal = Terminal::open(&work, Line::default());
        terminal.wait_for(&format!("残 {}/{total}", total - expected.len()));
        for _ in 0..=round {
            expected.push(terminal.decide_by_letter());
        }
        terminal.wait_for(&format!("残 {}/{total}", total - expected.len()));
        terminal.signal(Signal::KILL);
        terminal.end();
        let mut sorted = expected.clone();
        sorted.sort();
        assert_eq!(touched(&work), sorted);
        work.run("verify").ok();
    }
}

/// Text that is pasted, and a key that is held, decide nothing or at most once.
#[test]
fn stray_input_decides_nothing() {
    let (work, truth) = Work::with_sample(1000);
    let total = in_item1(&truth);
    let terminal = Terminal::open(&work, Line { answers: false, ..Line::default() });
    terminal.wait_for(&format!("残 {total}/{total}"));
    terminal.press(format!("\x1b[200~{}\x1b[201~", "m23a".repeat(50)));
    terminal.press("m".repeat(100));
    terminal.press("]");
    terminal.assert_alive();
    terminal.quit();
    assert!(touched(&work).len() <= 1, "{:?}", touched(&work));
}

#[test]
fn small_and_odd_terminals_are_told_so() {
    let (work, _) = Work::with_sample(300);
    let terminal = Terminal::open(&work, Line::sized(30, 8));
    terminal.wait("a notice", |screen| screen.contains("40") || screen.contains("狭"));
    terminal.quit();
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
    let terminal = Terminal::open(&work, Line::sized(100, 30));
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
    terminal.tap("\r");
    terminal.wait_for("本当に全件");
    terminal.tap("n");
    terminal.wait_for("何も変わっていません");
    // A file of the same people that speaks for no others changes nothing.
    terminal.press("\x1b[19~");
    terminal.wait_for("取り込むファイル:");
    terminal.press("部分/part.csv --run delta\r");
    terminal.wait_for("消滅 0");
    terminal.tap("n");
    terminal.quit();
}

#[test]
fn a_wide_terminal_shows_more() {
    let (work, truth) = Work::with_sample(300);
    let total = in_item1(&truth);
    let terminal = Terminal::open(&work, Line::sized(160, 45));
    let screen = terminal.wait_for(&format!("残 {total}/{total}"));
    assert!(screen.lines().count() >= 40);
    terminal.press("?");
    terminal.wait_for("説明");
    terminal.press("\x1b");
    terminal.wait("the record again", |screen| screen.contains('▶') && at_cursor(screen).is_some());
    terminal.quit();
}
