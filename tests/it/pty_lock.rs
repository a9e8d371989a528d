//! The idle lock (ARCHITECTURE "Workstation"): a blank screen after a while, and keys that only wake it.

use crate::terminal::{Line, Terminal, at_cursor, touched};
use crate::wait::{BETWEEN_PRESSES, WATCH_BLANK, silence};
use crate::work::Work;

const LOCKED: &str = "画面を隠しています";

#[test]
fn the_keys_that_wake_a_locked_screen_decide_nothing() {
    let (work, _) = Work::with_sample(300);
    work.settings("[review]\nlock_after_minutes = 0.02\n");
    let terminal = Terminal::open(&work, Line::default());
    let id = terminal.wait_for_record();
    for keys in ["m", "23", "mmmmmmmmmmmmmmmm", "\x1b[23~", "\x1b[200~m23\x1b[201~", "\x1b", "q"] {
        let screen = terminal.wait_for(LOCKED);
        // Nothing of anybody: no number, no name, no queue.
        assert!(!screen.contains('▶') && !screen.contains(&id) && !screen.contains("加入者"), "{screen}");
        // Once it is blank, nothing more is written.
        terminal.wait_for_rest();
        terminal.assert_silent(WATCH_BLANK);
        terminal.press(keys);
        let screen = terminal.wait("the screen again", |screen| at_cursor(screen).is_some());
        assert_eq!(at_cursor(&screen).as_ref(), Some(&id), "{keys:?} moved the cursor");
    }
    // The next press counts: keys belong to the one that woke the screen for 300 ms.
    silence(BETWEEN_PRESSES + BETWEEN_PRESSES / 2);
    terminal.press("j");
    terminal.wait_for_other(&id);
    terminal.quit();
    assert_eq!(touched(&work), Vec::<String>::new());
}
