//! The terminal is never left broken (ARCHITECTURE "Workstation"): however the workstation ends, stops or is squeezed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Action, tcflow};

use crate::terminal::{Line, Terminal, state_of, touched};
use crate::wait::{KEY_REPEAT, PATIENCE, WATCH_BLANK, alone, silence, within};
use crate::work::Work;

/// The promise of the workstation when its terminal is lost.
const LOST_ENDS_WITHIN: Duration = Duration::from_secs(2);

/// The promise when it is ended while its terminal takes nothing.
const STOPPED_ENDS_WITHIN: Duration = Duration::from_secs(3);

/// Quit and every signal: modes undone, exit code of ARCHITECTURE "Commands", what was shown as saved is in the store.
#[test]
fn every_end_undoes_every_mode() {
    let (work, _) = Work::with_sample(300);
    let mut expected = Vec::new();
    for (signal, code) in [(None, 0), (Some(Signal::TERM), 143), (Some(Signal::HUP), 129), (Some(Signal::INT), 130)] {
        let mut terminal = Terminal::open(&work, Line::default());
        expected.push(terminal.decide_by_letter());
        match signal {
            Some(signal) => terminal.signal(signal),
            None => terminal.press("q"),
        }
        assert_eq!(terminal.end(), code);
        terminal.assert_restored();
        expected.sort();
        assert_eq!(touched(&work), expected);
    }
}

/// A fault of the screen, or of the thread that owns the store: modes undone, exit 70, no words of the data, nothing lost.
#[test]
#[cfg(debug_assertions)]
fn a_panic_undoes_every_mode() {
    let (work, _) = Work::with_sample(300);
    let mut expected = Vec::new();
    for (place, keys) in [("screen", "\x0c"), ("store", "\x1bOS")] {
        let mut terminal = Terminal::open_with(&work, Line::default(), &[], &[("MEKEN_TEST_PANIC", place)]);
        expected.push(terminal.decide_by_letter());
        terminal.tap(keys);
        assert_eq!(terminal.end(), 70, "{place}");
        terminal.assert_restored();
        let screen = terminal.wait_for("内部の誤り");
        assert!(!screen.contains("高崎"), "the words of the panic are shown: {screen}");
        expected.sort();
        assert_eq!(touched(&work), expected, "{place}");
        work.run("verify").ok();
    }
}

/// Holds a workstation whose connection is lost: started by the test below, killed with its side of the terminal.
#[test]
#[ignore = "a helper of the test below"]
fn holds_a_workstation() {
    let (work, _) = Work::with_sample(300);
    let terminal = Terminal::open(&work, Line { controls: false, ..Line::default() });
    terminal.wait_for_record();
    let mut out = std::io::stderr();
    writeln!(out, "ready {}", terminal.pid().as_raw_nonzero()).unwrap();
    // Until it is killed.
    silence(2 * PATIENCE);
}

/// Leaves no process behind when the test fails.
struct Kill(Pid);

impl Drop for Kill {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = kill_process(self.0, Signal::KILL);
        }
    }
}

/// No SIGHUP comes where the terminal does not control the program (nohup, setsid): it is gone within two seconds anyway.
#[test]
fn a_lost_connection_ends_it_without_a_signal() {
    let _alone = alone();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "pty_end::holds_a_workstation", "--ignored", "--nocapture"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (to, ready) = channel();
    let lines = BufReader::new(holder.stderr.take().unwrap()).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some(pid) = line.strip_prefix("ready ") {
                let _ = to.send(pid.parse::<i32>().unwrap());
            }
        }
    });
    let pid = Pid::from_raw(ready.recv_timeout(PATIENCE).expect("the helper is ready")).unwrap();
    assert!(state_of(pid).is_some());
    holder.kill().unwrap();
    holder.wait().unwrap();
    let _killed = Kill(pid);
    // One that spins would still be there, running; one that ended may wait for its parent.
    within(LOST_ENDS_WITHIN, "the program without its terminal ended", || {
        state_of(pid).is_none_or(|state| matches!(state, 'Z' | 'X'))
    });
}

/// Ctrl-Z gives the terminal back, fg takes it again and draws everything; so does a stop from outside.
#[test]
fn it_stops_and_goes_on() {
    let (work, _) = Work::with_sample(300);
    let terminal = Terminal::open(&work, Line::default());
    let id = terminal.wait_for_record();
    for outside in [false, true] {
        terminal.wait_for_rest();
        if outside {
            terminal.signal(Signal::TSTP);
        } else {
            terminal.press("\x1a");
        }
        terminal.wait_for_state('T');
        terminal.assert_restored();
        terminal.signal(Signal::CONT);
        terminal.wait_for_alternate();
        assert_eq!(terminal.wait_for_record(), id);
    }
    let id = terminal.decide_by_letter();
    terminal.quit();
    assert_eq!(touched(&work), [id]);
}

#[test]
fn it_bears_every_size() {
    let (work, _) = Work::with_sample(300);
    let terminal = Terminal::open(&work, Line::default());
    let id = terminal.wait_for_record();
    for (columns, rows) in [(1, 1), (2, 1), (1, 40), (200, 1), (39, 9), (40, 10), (200, 50), (1, 1)] {
        terminal.resize(columns, rows);
        // As often as a held key repeats.
        silence(KEY_REPEAT);
        terminal.press("m");
    }
    terminal.wait_for_rest();
    terminal.resize(80, 24);
    assert_eq!(terminal.wait_for_record(), id);
    terminal.assert_redraw_changes_nothing();
    terminal.quit();
    // A key on a screen too small to show the record, and held down besides, decides nothing there.
    assert!(touched(&work).len() <= 1);
}

#[test]
fn a_terminal_that_cannot_place_a_cursor_is_refused() {
    let (work, _) = Work::with_sample(300);
    for term in ["dumb", ""] {
        let mut terminal = Terminal::open_with(&work, Line::default(), &[], &[("TERM", term)]);
        assert_eq!(terminal.end(), 2);
        terminal.wait_for("TERM=xterm-256color");
        terminal.assert_restored();
    }
}

#[test]
fn a_c_locale_and_no_color_change_no_record() {
    let (work, _) = Work::with_sample(300);
    let usual = Terminal::open(&work, Line::default());
    usual.wait_for_record();
    usual.wait_for_rest();
    // Attributes make cells out of trailing blanks.
    // The status line below says what is wrong with the locale.
    let trimmed = |text: &str| text.lines().take(20).map(str::trim_end).collect::<Vec<_>>().join("\n");
    let expected = trimmed(&usual.contents());
    drop(usual);
    let env = [("LANG", "C"), ("LC_ALL", "C"), ("NO_COLOR", "1")];
    let plain = Terminal::open_with(&work, Line::default(), &[], &env);
    plain.wait("the same frame", |screen| trimmed(screen) == expected);
}

/// Ctrl-S: the program goes on, nothing piles up, and the screen is right when the terminal takes bytes again.
#[test]
fn a_stopped_terminal_gets_the_newest_frame_only() {
    let _alone = alone();
    let (work, _) = Work::with_sample(1000);
    let mut terminal = Terminal::open(&work, Line::default());
    let first = terminal.wait_for_record();
    terminal.wait_for_rest();
    let before = terminal.left();
    tcflow(terminal.tty(), Action::OOff).unwrap();
    for _ in 0..40 {
        terminal.press("j");
        silence(KEY_REPEAT);
    }
    terminal.assert_silent(WATCH_BLANK);
    assert_eq!(terminal.left(), before, "bytes left while the terminal was stopped");
    tcflow(terminal.tty(), Action::OOn).unwrap();
    terminal.wait_for_other(&first);
    terminal.wait_for_rest();
    assert!(terminal.left() - before < 16 * 1024, "a backlog of {} bytes", terminal.left() - before);
    terminal.assert_redraw_changes_nothing();
    // A program whose terminal takes nothing can still be ended.
    tcflow(terminal.tty(), Action::OOff).unwrap();
    terminal.press("jjj");
    terminal.assert_silent(WATCH_BLANK);
    terminal.signal(Signal::TERM);
    within(STOPPED_ENDS_WITHIN, "the program at a stopped terminal ended", || state_of(terminal.pid()) == Some('Z'));
    assert_eq!(terminal.end(), 143);
    assert_eq!(touched(&work), Vec::<String>::new());
}
