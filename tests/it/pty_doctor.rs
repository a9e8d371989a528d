//! `meken doctor` in terminals that answer as a narrow one, as a wide one, and not at all; locales and terminals that the
//! workstation cannot draw on.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use meken::compare::CellWidth;
use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};

use crate::work::{Work, binary};

/// How a terminal of the tests answers where its cursor is.
#[derive(Clone, Copy)]
enum Answers {
    /// With these widths.
    Cells(CellWidth),
    /// Not at all.
    Never,
}

/// What came out of a program, with what it needed to know answered, and its exit code.
struct Ran {
    code: u32,
    text: String,
    took: Duration,
}

fn run(work: &Work, args: &[&str], env: &[(&str, &str)], answers: Answers) -> Ran {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = NativePtySystem::default().openpty(size).unwrap();
    let mut command = CommandBuilder::new(binary());
    command.args(args);
    command.env_clear();
    command.env("HOME", work.path(""));
    command.env("MEKEN_WORKSPACE", work.workspace());
    command.env("TERM", "xterm-256color");
    command.env("LANG", "ja_JP.UTF-8");
    for (name, value) in env {
        command.env(name, value);
    }
    command.cwd(work.path(""));
    let begun = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut output = pair.master.try_clone_reader().unwrap();
    let mut keys = pair.master.take_writer().unwrap();
    let text = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&text);
    let reader = std::thread::spawn(move || {
        let mut terminal = Tty { answers, column: 0, pending: Vec::new() };
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = output.read(&mut bytes) {
            seen.lock().unwrap().extend_from_slice(&bytes[..read]);
            let said = terminal.take(&bytes[..read]);
            if keys.write_all(said.as_bytes()).is_err() {
                return;
            }
        }
    });
    let status = child.wait().unwrap();
    let took = begun.elapsed();
    drop(pair.master);
    reader.join().unwrap();
    let text = String::from_utf8(text.lock().unwrap().clone()).unwrap();
    Ran { code: status.exit_code(), text, took }
}

/// As much of a terminal as the question needs: the column of the cursor.
struct Tty {
    answers: Answers,
    column: usize,
    pending: Vec<u8>,
}

impl Tty {
    fn take(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut said = String::new();
        let whole = match std::str::from_utf8(&self.pending) {
            Ok(text) => text.to_owned(),
            Err(error) => std::str::from_utf8(&self.pending[..error.valid_up_to()]).unwrap().to_owned(),
        };
        let mut rest = whole.as_str();
        while let Some(c) = rest.chars().next() {
            if let Some(sequence) = rest.strip_prefix("\x1b[") {
                let Some(end) = sequence.find(|c: char| c.is_ascii_alphabetic()) else { break };
                if let (Answers::Cells(_), "6n") = (self.answers, &sequence[..=end]) {
                    said.push_str(&format!("\x1b[5;{}R", self.column + 1));
                }
                rest = &sequence[end + 1..];
                continue;
            }
            if rest == "\x1b" {
                break;
            }
            match (c, self.answers) {
                ('\r' | '\n', _) => self.column = 0,
                (c, Answers::Cells(width)) => self.column += width.of_char(c),
                _ => {}
            }
            rest = &rest[c.len_utf8()..];
        }
        let left = rest.len() + (self.pending.len() - whole.len());
        self.pending = self.pending.split_off(self.pending.len() - left);
        said
    }
}

fn doctor(answers: Answers, settings: &str, env: &[(&str, &str)]) -> (Ran, serde_json::Value) {
    let work = Work::new();
    std::fs::create_dir(work.workspace()).unwrap();
    work.write("work/settings.toml", settings);
    let shown = run(&work, &["doctor"], env, answers);
    let ran = run(&work, &["doctor", "--json"], env, answers);
    let start = ran.text.find("{\"version\"").unwrap_or_else(|| panic!("{}", ran.text));
    let value = serde_json::from_str(ran.text[start..].trim()).unwrap();
    assert_eq!((shown.code, ran.code), (0, 0), "{}", shown.text);
    (shown, value)
}

const NARROW: CellWidth = CellWidth { ambiguous_wide: false };
const WIDE: CellWidth = CellWidth { ambiguous_wide: true };

#[test]
fn a_narrow_terminal_fits_the_default() {
    let (shown, value) = doctor(Answers::Cells(NARROW), "", &[]);
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
    let (shown, value) = doctor(
        Answers::Cells(WIDE),
        "",
        &[("TMUX", "/tmp/t,1,0"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.4")],
    );
    assert_eq!(value["widths"]["ambiguous"], "wide");
    for words in ["ambiguous_wide = true", "PuTTY", "Tera Term", "tmux 3.4", "set -g set-clipboard on"] {
        assert!(shown.text.contains(words), "{words}: {}", shown.text);
    }
    let (shown, value) = doctor(Answers::Cells(WIDE), "[screen]\nambiguous_wide = true\n", &[]);
    assert!(value["widths"]["texts"].as_array().unwrap().iter().all(|text| text["agrees"] == true), "{value:#}");
    assert!(shown.text.contains("設定と合っています"), "{}", shown.text);
    let (shown, _) = doctor(Answers::Cells(NARROW), "[screen]\nambiguous_wide = true\n", &[]);
    assert!(shown.text.contains("false にしてください"), "{}", shown.text);
}

/// The promise is two seconds; a busy machine gets a little more.
#[test]
fn a_terminal_that_never_answers_is_not_waited_for() {
    let (shown, value) = doctor(Answers::Never, "", &[("NO_COLOR", "1")]);
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
    work.write("work/settings.toml", "[screen]\nkeymap = \"tenkeyy\"\n");
    let value = work.run("doctor --json").ok().json();
    assert!(value["settings"]["fault"].as_str().unwrap().contains("tenkey"), "{value:#}");
}

/// The workstation says what a terminal needs instead of drawing rubbish on it.
#[test]
fn terminals_and_locales_that_cannot_be_drawn_on_are_refused_with_a_hint() {
    let (work, _) = Work::with_sample(30);
    let dumb = run(&work, &["review"], &[("TERM", "dumb")], Answers::Never);
    assert!(dumb.code == 2 && dumb.text.contains("TERM=xterm-256color"), "{} {}", dumb.code, dumb.text);
    let euc = run(&work, &["review"], &[("LANG", "ja_JP.eucJP")], Answers::Never);
    assert!(euc.code == 2 && euc.text.contains("set LANG=ja_JP.UTF-8"), "{} {}", euc.code, euc.text);
    assert!(!euc.text.contains("\x1b[?1049h"));
}
