//! Slow lines (ARCHITECTURE "Speed"): no backlog behind a held key, few bytes for a move, none when idle.

use std::time::{Duration, Instant};

use crate::pty_terminal::{BETWEEN_PRESSES, Line, Terminal, at_cursor};
use crate::work::Work;

/// Holds `j` for a while at the rate of a keyboard.
fn hold(terminal: &Terminal, how_long: Duration) {
    let until = Instant::now() + how_long;
    while Instant::now() < until {
        terminal.press("j");
        std::thread::sleep(Duration::from_millis(33));
    }
}

/// On a line of 300 ms, and on one of 4 KB a second byte by byte, the cursor stops when the key is released.
#[test]
fn a_held_key_builds_no_backlog() {
    let (work, _) = Work::with_sample(2000);
    let far = Line { round_trip: Duration::from_millis(300), ..Line::default() };
    let thin = Line { per_byte: Duration::from_micros(250), ..Line::default() };
    for (name, line) in [("far", far), ("thin", thin)] {
        let mut terminal = Terminal::open(&work, line);
        let first = terminal.wait_for_record();
        terminal.wait_for_rest();
        std::thread::sleep(Duration::from_millis(700));
        hold(&terminal, Duration::from_secs(3));
        let (frames, under_way) = (terminal.frames(), terminal.left() - terminal.drawn());
        assert!(under_way <= 6 * 1024, "{name}: {under_way} bytes on the way when the key was released");
        let last = terminal.wait("another record", |screen| at_cursor(screen).is_some_and(|id| id != first));
        assert!(at_cursor(&last).is_some());
        terminal.wait_for_rest();
        std::thread::sleep(line.round_trip);
        // What was on the way, the newest frame, and the lines of the queue that were read for it.
        assert!(terminal.frames() - frames <= 4, "{name}: {} frames after the release", terminal.frames() - frames);
        let stands = terminal.contents();
        terminal.press("\x0c");
        terminal.wait_for_rest();
        std::thread::sleep(line.round_trip * 2);
        assert_eq!(terminal.contents(), stands, "{name}");
        terminal.press("q");
        assert_eq!(terminal.end(), 0);
        // The answers that were on their way have not been typed into what comes after.
        terminal.is_restored();
    }
}

/// A move costs at most 3 KB at 200×50, and an idle screen nothing, whether or not the terminal answers questions.
#[test]
fn a_move_is_small_and_idleness_is_free() {
    let (work, _) = Work::with_sample(2000);
    for answers in [true, false] {
        let mut terminal = Terminal::open(&work, Line { size: (200, 50), answers, ..Line::default() });
        terminal.wait_for_record();
        terminal.wait_for_rest();
        for _ in 0..8 {
            let before = terminal.left();
            terminal.press("j");
            terminal.wait_for_rest();
            let bytes = terminal.left() - before;
            assert!((1..=3 * 1024).contains(&bytes), "{bytes} bytes for a move");
        }
        std::thread::sleep(Duration::from_millis(1_800));
        let before = terminal.left();
        std::thread::sleep(Duration::from_millis(2_500));
        assert_eq!(terminal.left(), before, "an idle screen wrote bytes");
        std::thread::sleep(BETWEEN_PRESSES);
        terminal.press("q");
        assert_eq!(terminal.end(), 0);
        terminal.is_restored();
    }
}
