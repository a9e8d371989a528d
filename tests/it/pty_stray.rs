//! Stray input never decides (ARCHITECTURE "Workstation"): after each kind of it the store is asked what was decided.

use std::time::Duration;

use crate::terminal::{Line, Terminal, touched};
use crate::wait::{
    AFTER_OPEN_STRING, BEYOND_STRAY, BURST_GAP, KEY_REPEAT, REPEAT_DELAY, TYPED_AHEAD, WITHIN_ESC, alone, silence,
};
use crate::work::Work;

fn opened(work: &Work) -> Terminal {
    let terminal = Terminal::open(work, Line::default());
    terminal.wait_for_record();
    terminal.wait_for_rest();
    terminal
}

/// Ends the workstation and asks what was decided.
fn decided(work: &Work, terminal: Terminal) -> Vec<String> {
    terminal.assert_alive();
    terminal.quit();
    touched(work)
}

#[test]
fn pasted_text_decides_nothing() {
    let (work, _) = Work::with_sample(300);
    let terminal = opened(&work);
    let text = "m23a41vdx y\r".repeat(17);
    assert!(text.len() >= 200);
    terminal.press(format!("\x1b[200~{text}\x1b[201~"));
    terminal.wait_for("貼り付けは入力欄でだけ使えます");
    // Without the marks it is a burst, at once or in the pieces of a network.
    terminal.tap(&text);
    terminal.wait_for_rest();
    for piece in text.as_bytes().chunks(16) {
        terminal.press(piece);
        silence(BURST_GAP);
    }
    assert_eq!(decided(&work, terminal), Vec::<String>::new());
}

/// A key held down decides once, as the press that it began with would.
#[test]
fn a_held_key_decides_once_at_most() {
    let _alone = alone();
    let (work, _) = Work::with_sample(300);
    let terminal = opened(&work);
    terminal.press("m");
    silence(REPEAT_DELAY);
    for _ in 0..25 {
        terminal.press("m");
        silence(KEY_REPEAT);
    }
    let decided = decided(&work, terminal);
    assert!(decided.len() <= 1, "{decided:?}");
}

/// F11 holds `2` and `3`, which is a decision; a paste holds `m`, which is another.
#[test]
fn split_sequences_decide_nothing() {
    let (work, _) = Work::with_sample(300);
    let terminal = opened(&work);
    for (sequence, pause) in
        [("\x1b[23~", BEYOND_STRAY), ("\x1b[23;5~", WITHIN_ESC), ("\x1b[200~m\x1b[201~", BEYOND_STRAY)]
    {
        for place in 1..sequence.len().min(7) {
            terminal.press(&sequence[..place]);
            silence(pause);
            terminal.press(&sequence[place..]);
            silence(BEYOND_STRAY);
        }
    }
    // Every byte alone.
    for byte in "\x1b[23~".bytes() {
        terminal.press([byte]);
        silence(BEYOND_STRAY);
    }
    assert_eq!(decided(&work, terminal), Vec::<String>::new());
}

/// Mouse, focus, cursor position, device attributes, colours, clipboard, and bytes of another encoding.
#[test]
fn reports_of_the_terminal_decide_nothing() {
    let (work, _) = Work::with_sample(300);
    let terminal = opened(&work);
    for report in [
        &b"\x1b[<0;23;23M\x1b[<0;23;23m"[..],
        b"\x1b[M mm",
        b"\x1b[I",
        b"\x1b[23;23R",
        b"\x1b[?62;4c",
        b"\x1b[>41;0c",
        b"\x1b]11;m\x07",
        b"\x1bP>|m23\x1b\\",
        b"\x83m",
        b"\xe9m",
        b"2\x1b[I3",
        b"2\x803",
    ] {
        terminal.press(report);
        silence(BEYOND_STRAY);
    }
    assert_eq!(decided(&work, terminal), Vec::<String>::new());
}

#[test]
fn an_ime_left_on_is_named() {
    let (work, _) = Work::with_sample(300);
    let terminal = opened(&work);
    terminal.press("あ");
    terminal.wait_for("IMEがオンです");
    terminal.press("目検");
    // A full-width letter is the letter: movement moves.
    let here = terminal.wait_for_record();
    terminal.tap("ｊ");
    terminal.wait_for_other(&here);
    assert_eq!(decided(&work, terminal), Vec::<String>::new());
}

/// Keys typed before the first frame, and behind a decision whose next record nobody has seen.
#[test]
fn keys_ahead_of_the_screen_decide_nothing() {
    let (work, _) = Work::with_sample(300);
    let slow = Line::delayed(Duration::from_millis(300));
    for keys in ["m", "23", "a", "x", "mmm"] {
        let terminal = Terminal::open(&work, slow);
        terminal.press(keys);
        terminal.wait_for_record();
        terminal.wait_for_rest();
        terminal.quit();
        assert_eq!(touched(&work), Vec::<String>::new(), "{keys}");
    }
    // On a slow line the second key comes before the next record stands on the screen.
    let terminal = Terminal::open(&work, slow);
    let id = terminal.wait_for_record();
    terminal.wait_for_rest();
    terminal.press("m");
    silence(TYPED_AHEAD);
    terminal.press("d");
    terminal.wait_for_other(&id);
    assert_eq!(decided(&work, terminal), [id]);
}

/// Noise on the line in pieces of every size: nothing is decided, and the workstation goes on.
#[test]
fn noise_decides_nothing() {
    let (work, _) = Work::with_sample(300);
    let terminal = opened(&work);
    // A fixed generator; keys that quit or suspend are left out, so that the noise goes on.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    let bytes: Vec<u8> =
        std::iter::repeat_with(&mut noise).filter(|byte| !matches!(byte, b'q' | b':' | 0x1a)).take(20_000).collect();
    for piece in bytes.chunks(200) {
        terminal.press(piece);
        silence(BURST_GAP);
    }
    // The noise may end inside a control string.
    silence(AFTER_OPEN_STRING);
    assert_eq!(decided(&work, terminal), Vec::<String>::new());
}
