//! `meken doctor` in terminals that answer as a narrow one, as a wide one, and not at all; locales and terminals that the
//! workstation cannot draw on.

use std::time::{Duration, Instant};

use meken::compare::CellWidth;

use crate::terminal::{Line, Terminal};
use crate::wait::alone;
use crate::work::Work;

/// What came out of a program, with what it needed to know answered, and its exit code.
struct Ran {
    code: u32,
    text: String,
    took: Duration,
}

/// Runs a command in a terminal that says where its cursor is, by its widths, or does not.
fn run(work: &Work, args: &[&str], env: &[(&str, &str)], cells: Option<CellWidth>) -> Ran {
    let begun = Instant::now();
    let mut terminal = Terminal::open_with(work, Line { cells, ..Line::default() }, args, env);
    let code = terminal.end();
    Ran { code, text: terminal.raw(), took: begun.elapsed() }
}

fn doctor(cells: Option<CellWidth>, settings: &str, env: &[(&str, &str)]) -> (Ran, serde_json::Value) {
    let work = Work::new();
    work.settings(settings);
    let shown = run(&work, &["doctor"], env, cells);
    let ran = run(&work, &["doctor", "--json"], env, cells);
    let start = ran.text.find("{\"version\"").unwrap_or_else(|| panic!("{}", ran.text));
    let value = serde_json::from_str(ran.text[start..].trim()).unwrap();
    assert_eq!((shown.code, ran.code), (0, 0), "{}", shown.text);
    (shown, value)
}

const NARROW: CellWidth = CellWidth { ambiguous_wide: false };
const WIDE: CellWidth = CellWidth { ambiguous_wide: true };

#[test]
fn a_narrow_terminal_fits_the_default() {
    let (shown, value) = doctor(Some(NARROW), "", &[]);
    assert_eq!(value["widths"]["ambiguous"], "narrow");
    let texts = value["widths"]["texts"].as_array().unwrap();
    assert!(texts.len() >= 14 && texts.iter().all(|text| text["agrees"] == true), "{texts:#?}");
    assert!(shown.text.contains("設定と合っています"), "{}", shown.text);
    assert!(!shown.text.contains("違います"), "{}", shown.text);
    assert!(shown.text.contains("\x1b[7m反転") && shown.text.contains("light-red"), "{}", shown.text);
    assert_eq!((&value["terminal"]["columns"], &value["terminal"]["colors"]), (&80.into(), &256.into()));
}

#[test]
fn a_wide_terminal_is_told_what_to_set_and_then_fits() {
    let (shown, value) =
        doctor(Some(WIDE), "", &[("TMUX", "/tmp/t,1,0"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.4")]);
    assert_eq!(value["widths"]["ambiguous"], "wide");
    for words in ["ambiguous_wide = true", "PuTTY", "Tera Term", "tmux 3.4", "set -g set-clipboard on"] {
        assert!(shown.text.contains(words), "{words}: {}", shown.text);
    }
    let (shown, value) = doctor(Some(WIDE), "[screen]\nambiguous_wide = true\n", &[]);
    assert!(value["widths"]["texts"].as_array().unwrap().iter().all(|text| text["agrees"] == true), "{value:#}");
    assert!(shown.text.contains("設定と合っています"), "{}", shown.text);
    let (shown, _) = doctor(Some(NARROW), "[screen]\nambiguous_wide = true\n", &[]);
    assert!(shown.text.contains("false にしてください"), "{}", shown.text);
}

/// The promise is two seconds; a busy machine gets a little more.
#[test]
fn a_terminal_that_never_answers_is_not_waited_for() {
    let _alone = alone();
    let (shown, value) = doctor(None, "", &[("NO_COLOR", "1")]);
    assert!(shown.took < Duration::from_millis(2_500), "{:?}", shown.took);
    assert!(shown.text.contains("答えないため"), "{}", shown.text);
    assert!(!shown.text.contains("\x1b[7m"), "{}", shown.text);
    assert_eq!((&value["widths"]["asked"], &value["widths"]["answered"]), (&true.into(), &false.into()));
}

#[test]
fn without_a_terminal_the_facts_are_printed_and_nothing_is_asked() {
    let (work, _) = Work::with_sample(30);
    let said = work.run("doctor").ok();
    assert!(!said.out.contains('\x1b'), "{}", said.out);
    assert!(said.out.contains("0700 本人だけ") && said.out.contains("空き容量"), "{}", said.out);
    assert!(said.out.contains("TERM が dumb または未設定"), "{}", said.out);
    let value = work.run("doctor --json").ok().json();
    assert_eq!(value["workspace"]["private"], true);
    assert!(value["workspace"]["store_bytes"].as_u64().unwrap() > 0);
    assert_eq!(value["terminal"]["is_terminal"], false);
    assert_eq!(value["widths"]["asked"], false);
    work.settings("[screen]\nkeymap = \"tenkeyy\"\n");
    let value = work.run("doctor --json").ok().json();
    assert!(value["settings"]["fault"].as_str().unwrap().contains("tenkey"), "{value:#}");
}

/// The workstation says what a terminal needs instead of drawing rubbish on it.
#[test]
fn terminals_and_locales_that_cannot_be_drawn_on_are_refused_with_a_hint() {
    let (work, _) = Work::with_sample(30);
    let dumb = run(&work, &["review"], &[("TERM", "dumb")], None);
    assert!(dumb.code == 2 && dumb.text.contains("TERM=xterm-256color"), "{} {}", dumb.code, dumb.text);
    let euc = run(&work, &["review"], &[("LANG", "ja_JP.eucJP")], None);
    assert!(euc.code == 2 && euc.text.contains("set LANG=ja_JP.UTF-8"), "{} {}", euc.code, euc.text);
    assert!(!euc.text.contains("\x1b[?1049h"));
}
