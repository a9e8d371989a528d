//! Japanese on a grid: no half of a wide character is ever left, whatever covers it, and nothing is told by colour alone.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::tests::theme;
use super::*;
use crate::app::Msg;
use crate::app::update::testing::{Bench, shipped_keymap};
use crate::compare::{SpanKind, Verdict};
use crate::config::embedded;
use crate::tui::writer::Writer;

/// Keys that open every kind of window over the record.
const WINDOWS: &[&str] = &["?", ":", "i", "o", "2 3", "x", "4", "2 1", "/", "f", "h"];

/// Every cell is a character of one cell, or the first of two whose second is empty.
#[track_caller]
pub(super) fn assert_whole(buffer: &Buffer, width: CellWidth, what: &str) {
    let area = *buffer.area();
    for y in 0..area.height {
        let mut x = 0;
        while x < area.width {
            let symbol = buffer[(x, y)].symbol();
            assert!(!symbol.is_empty(), "{what}: half a character at {x},{y}");
            let cells = width.of(symbol).max(1) as u16;
            for behind in x + 1..(x + cells).min(area.width) {
                assert!(buffer[(behind, y)].symbol().is_empty(), "{what}: {symbol} is covered at {behind},{y}");
            }
            assert!(x + cells <= area.width, "{what}: {symbol} leaves the screen at {x},{y}");
            x += cells;
        }
    }
}

/// Sizes one cell apart move every edge of a window over both halves of the characters below it.
#[test]
fn windows_over_kanji_leave_no_halves() {
    for window in WINDOWS {
        let mut bench = Bench::new(12, (80, 24));
        bench.press("j");
        bench.press(window);
        for ambiguous_wide in [false, true] {
            let width = CellWidth { ambiguous_wide };
            for w in 60..=101 {
                bench.send(Msg::Resize(w, 24));
                assert_whole(&frame(&bench.model, &theme("dark"), width), width, &format!("{window} at {w}"));
            }
        }
    }
}

/// The same on a terminal: opening and closing windows over kanji leaves exactly what the frame says, cell by cell.
#[test]
fn a_terminal_shows_windows_over_kanji_cell_by_cell() {
    let cells = |n: u16| std::num::NonZeroU16::new(n).unwrap();
    for w in [80, 81, 82, 83] {
        let mut bench = Bench::new(12, (w, 24));
        let mut writer = Writer::default();
        let mut terminal = vt100::Parser::new(cells(24), cells(w), 0);
        for key in ["j", "?", "esc", ":", "esc", "i", "esc", "x", "n", "j", "2 3", "esc", "o", "esc"] {
            bench.press(key);
            let mut buffer = Buffer::empty(Rect::new(0, 0, w, 24));
            let cursor = draw(&bench.model, &theme("dark"), CellWidth::default(), &mut buffer);
            terminal.process(&writer.frame(buffer.clone(), cursor));
            for y in 0..24 {
                for x in 0..w {
                    let shown = terminal.screen().cell(y, x).map(|cell| cell.contents().to_owned()).unwrap_or_default();
                    let wanted = buffer[(x, y)].symbol();
                    // The emulator joins halfwidth sound marks to the kana before them; terminals do not.
                    let mark = |text: &str| text.contains(['ﾞ', 'ﾟ']);
                    if mark(wanted) || mark(&shown) {
                        continue;
                    }
                    assert_eq!(shown.trim(), wanted.trim(), "after {key} at {x},{y} of {w}");
                }
            }
        }
    }
}

/// All themes show the same text, and the text alone says what differs and how: signs in the queue, marks under the
/// characters, words for the verdict.
#[test]
fn nothing_is_told_by_colour_alone() {
    let mut bench = Bench::new(12, (100, 40));
    let mut kinds = BTreeSet::new();
    for _ in 0..12 {
        let text = frame_text(&bench.model, &theme("mono"), CellWidth::default());
        for (name, _) in embedded::THEMES {
            assert_eq!(frame_text(&bench.model, &theme(name), CellWidth::default()), text, "{name}");
        }
        let view = std::sync::Arc::clone(bench.model.view().unwrap());
        for (_, comparison) in view.comparisons.iter() {
            let word = match comparison.verdict {
                Verdict::Same => "一致",
                Verdict::Notation => "表記ゆれ",
                Verdict::Uncertain => "要確認",
                Verdict::Different => "相違",
                Verdict::Missing => "欠落",
            };
            assert!(text.contains(word), "{word}\n{text}");
            for aligned in &comparison.aligned {
                let mark = match aligned.kind {
                    SpanKind::Equal => continue,
                    SpanKind::Notation => "~",
                    SpanKind::Uncertain => "?",
                    SpanKind::Different => "^",
                };
                kinds.insert(mark);
                // Values shown whole bear the mark that weighs most.
                let whole = comparison.verdict == Verdict::Different && text.contains('^');
                assert!(text.contains(mark) || whole, "{mark}\n{text}");
            }
        }
        assert!(text.contains('▶'), "{text}");
        bench.press("j");
    }
    assert_eq!(kinds.len(), 3, "the people of the test show every kind: {kinds:?}");
    // What is decided, and what is not saved yet.
    bench.press("g g");
    bench.world.slow = true;
    bench.press("m");
    assert!(frame_text(&bench.model, &theme("mono"), CellWidth::default()).contains('○'));
    bench.world.slow = false;
    bench.answer_all();
    assert!(frame_text(&bench.model, &theme("mono"), CellWidth::default()).contains('●'));
}

/// Hints and help show the keys that are in force: on the numeric pad its own.
#[test]
fn hints_and_help_follow_the_keymap() {
    let mut bench = Bench::new(12, (80, 24));
    bench.model.shared.keymap = shipped_keymap("tenkey");
    let text = |bench: &Bench| frame_text(&bench.model, &theme("dark"), CellWidth::default());
    insta::assert_snapshot!("tenkey", text(&bench));
    bench.press("0 1");
    insta::assert_snapshot!("tenkey-help", text(&bench));
    bench.press("*");
    bench.press("2 1");
    assert!(text(&bench).contains("* やめる"), "{}", text(&bench));
    bench.press("*");
    bench.press("7");
    insta::assert_snapshot!("tenkey-which-key", text(&bench));
    bench.press("esc");
    bench.press("1");
    bench.press("8");
    let shown = text(&bench);
    assert!(shown.contains("[Enter] はい") && shown.contains("[* n Esc] いいえ"), "{shown}");
    bench.press("*");
    // A memo names the key that leaves it, a chord the one that breaks it off.
    bench.press("7 *");
    assert!(text(&bench).contains("Enter 保存  * やめる"), "{}", text(&bench));
    bench.press("* 2");
    assert!(!text(&bench).contains("Esc"), "{}", text(&bench));
    bench.press("*");
    bench.model.shared.keymap = shipped_keymap("vim");
    insta::assert_snapshot!("vim", text(&bench));
}
