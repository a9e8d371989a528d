//! The terminal is never left broken (ARCHITECTURE "Workstation"): however the workstation ends, stops or is squeezed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Action, tcflow};

use crate::pty_terminal::{BETWEEN_PRESSES, Line, Terminal, at_cursor, state_of, touched};
use crate::work::Work;

/// Decides the record at the cursor by `m` and waits until it is shown as saved.
fn decide(terminal: &Terminal) -> String {
    let id = terminal.wait_for_record();
    std::thread::sleep(BETWEEN_PRESSES);
    terminal.press("m");
    terminal.wait("the record saved", |screen| screen.lines().any(|line| line.contains(&id) && line.contains("●4-")));
    id
}

/// Quit and every signal: modes undone, exit code of ARCHITECTURE "Commands", what was shown as saved is in the store.
#[test]
fn every_end_undoes_every_mode() {
    let (work, _) = Work::with_sample(300);
    let mut expected = Vec::new();
    for (signal, code) in [(None, 0), (Some(Signal::TERM), 143), (Some(Signal::HUP), 129), (Some(Signal::INT), 130)] {
        let mut terminal = Terminal::open(&work, Line::default());
        expected.push(decide(&terminal));
        match signal {
            Some(signal) => terminal.signal(signal),
            None => terminal.press("q"),
        }
        assert_eq!(terminal.end(), code);
        terminal.is_restored();
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
        expected.push(decide(&terminal));
        std::thread::sleep(BETWEEN_PRESSES);
        terminal.press(keys);
        assert_eq!(terminal.end(), 70, "{place}");
        terminal.is_restored();
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
    std::thread::sleep(Duration::from_secs(60));
}

/// No SIGHUP comes where the terminal does not control the program (nohup, setsid): it is gone within two seconds anyway.
#[test]
fn a_lost_connection_ends_it_without_a_signal() {
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
    let pid = Pid::from_raw(ready.recv_timeout(Duration::from_secs(60)).expect("the helper is ready")).unwrap();
    assert!(state_of(pid).is_some());
    holder.kill().unwrap();
    holder.wait().unwrap();
    let lost = Instant::now();
    // One that spins would still be there, running; one that ended may wait for its parent.
    while state_of(pid).is_some_and(|state| state != 'Z') {
        if lost.elapsed() > Duration::from_secs(2) {
            let state = state_of(pid);
            let _ = kill_process(pid, Signal::KILL);
            panic!("still there after {:?}: {state:?}", lost.elapsed());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Ctrl-Z gives the terminal back, fg takes it again and draws everything; so does a stop from outside.
#[test]
fn it_stops_and_goes_on() {
    let (work, _) = Work::with_sample(300);
    let mut terminal = Terminal::open(&work, Line::default());
    let id = terminal.wait_for_record();
    for outside in [false, true] {
        std::thread::sleep(BETWEEN_PRESSES);
        if outside {
            terminal.signal(Signal::TSTP);
        } else {
            terminal.press("\x1a");
        }
        terminal.wait_for_state('T');
        terminal.is_restored();
        terminal.signal(Signal::CONT);
        terminal.wait_for_alternate();
        assert_eq!(terminal.wait_for_record(), id);
    }
    let id = decide(&terminal);
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_restored();
    assert_eq!(touched(&work), [id]);
}

#[test]
fn it_bears_every_size() {
    let (work, _) = Work::with_sample(300);
    let mut terminal = Terminal::open(&work, Line::default());
    let id = terminal.wait_for_record();
    for (columns, rows) in [(1, 1), (2, 1), (1, 40), (200, 1), (39, 9), (40, 10), (200, 50), (1, 1)] {
        terminal.resize(columns, rows);
        std::thread::sleep(Duration::from_millis(30));
        terminal.press("m");
    }
    terminal.wait_for_rest();
    terminal.resize(80, 24);
    assert_eq!(terminal.wait_for_record(), id);
    let expected = terminal.contents();
    // What stands there is what a screen drawn anew shows.
    terminal.press("\x0c");
    terminal.wait_for_rest();
    assert_eq!(terminal.contents(), expected);
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_restored();
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
        terminal.is_restored();
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
    let (work, _) = Work::with_sample(1000);
    let mut terminal = Terminal::open(&work, Line::default());
    let first = terminal.wait_for_record();
    terminal.wait_for_rest();
    let before = terminal.left();
    tcflow(terminal.tty(), Action::OOff).unwrap();
    for _ in 0..40 {
        terminal.press("j");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(terminal.left(), before, "bytes left while the terminal was stopped");
    tcflow(terminal.tty(), Action::OOn).unwrap();
    terminal.wait("another record", |screen| at_cursor(screen).is_some_and(|id| id != first));
    terminal.wait_for_rest();
    assert!(terminal.left() - before < 16 * 1024, "a backlog of {} bytes", terminal.left() - before);
    let shown = terminal.contents();
    terminal.press("\x0c");
    terminal.wait_for_rest();
    assert_eq!(terminal.contents(), shown);
    // A program whose terminal takes nothing can still be ended.
    tcflow(terminal.tty(), Action::OOff).unwrap();
    terminal.press("jjj");
    std::thread::sleep(Duration::from_millis(100));
    terminal.signal(Signal::TERM);
    let asked = Instant::now();
    assert_eq!(terminal.end(), 143);
    assert!(asked.elapsed() < Duration::from_secs(3));
    tcflow(terminal.tty(), Action::OOn).unwrap();
    assert_eq!(touched(&work), Vec::<String>::new());
}
