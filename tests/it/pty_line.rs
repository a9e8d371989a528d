//! Slow lines (ARCHITECTURE "Speed"): no backlog behind a held key, few bytes for a move, none when idle.

use std::time::{Duration, Instant};

use crate::terminal::{Line, Terminal};
use crate::wait::{IDLE_WORK_DONE, KEY_REPEAT, WATCH_IDLE, alone, silence};
use crate::work::Work;

/// Holds `j` for a while at the rate of a keyboard.
fn hold(terminal: &Terminal, how_long: Duration) {
    let until = Instant::now() + how_long;
    while Instant::now() < until {
        terminal.press("j");
        silence(KEY_REPEAT);
    }
}

/// On a line of 300 ms, and on one of 4 KB a second byte by byte, the cursor stops when the key is released.
#[test]
fn a_held_key_builds_no_backlog() {
    let _alone = alone();
    let (work, _) = Work::with_sample(2000);
    let far = Line::delayed(Duration::from_millis(300));
    let thin = Line { per_byte: Duration::from_micros(250), ..Line::default() };
    for (name, line) in [("far", far), ("thin", thin)] {
        let terminal = Terminal::open(&work, line);
        let first = terminal.wait_for_record();
        terminal.wait_for_rest();
        hold(&terminal, Duration::from_secs(3));
        let (frames, under_way) = (terminal.frames(), terminal.under_way());
        assert!(under_way <= 6 * 1024, "{name}: {under_way} bytes on the way when the key was released");
        terminal.wait_for_other(&first);
        terminal.wait_for_rest();
        // What was on the way, the newest frame, and the lines of the queue that were read for it.
        assert!(terminal.frames() - frames <= 4, "{name}: {} frames after the release", terminal.frames() - frames);
        terminal.assert_redraw_changes_nothing();
        terminal.quit();
    }
}

/// A move costs at most 3 KB at 200×50, and an idle screen nothing, whether or not the terminal answers questions.
#[test]
fn a_move_is_small_and_idleness_is_free() {
    let _alone = alone();
    let (work, _) = Work::with_sample(2000);
    for answers in [true, false] {
        let terminal = Terminal::open(&work, Line { answers, ..Line::sized(200, 50) });
        terminal.wait_for_record();
        terminal.wait_for_rest();
        for _ in 0..8 {
            let before = terminal.left();
            terminal.press("j");
            terminal.wait_for_rest();
            let bytes = terminal.left() - before;
            assert!((1..=3 * 1024).contains(&bytes), "{bytes} bytes for a move");
        }
        silence(IDLE_WORK_DONE);
        terminal.assert_silent(WATCH_IDLE);
        terminal.quit();
    }
}
