//! The terminal's side of the line: what it has taken and drawn, and what it answers.

use std::time::Instant;

use meken::compare::CellWidth;

use super::Line;

/// Begin and end of every frame.
const FRAME: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

/// Asks whether the terminal is ready, and the answer.
const READY: (&[u8], &str) = (b"\x1b[5n", "\x1b[0n");

/// Longer than any sequence that is searched for, so that one cut in two is found.
const OVERLAP: usize = 16;

/// What the terminal has seen.
pub(super) struct Screen {
    pub(super) parser: vt100::Parser,
    /// Every byte that was drawn.
    pub(super) raw: Vec<u8>,
    /// Number of bytes that left the program; those not drawn yet are on the line.
    pub(super) left: usize,
    /// Number of frames that were begun.
    pub(super) frames: usize,
    /// Whether a frame is drawn in part.
    pub(super) partly: bool,
    /// When bytes last left the program or were drawn.
    pub(super) changed: Instant,
    /// Whether the program and everybody else has closed the line, and all of it is drawn.
    pub(super) closed: bool,
    answers: bool,
    cursor: Option<Cursor>,
}

impl Screen {
    pub(super) fn new(line: Line) -> Self {
        let (columns, rows) = line.size;
        Self {
            parser: vt100::Parser::new(cells(rows), cells(columns), 0),
            raw: Vec::new(),
            left: 0,
            frames: 0,
            partly: false,
            changed: Instant::now(),
            closed: false,
            answers: line.answers,
            cursor: line.cells.map(Cursor::new),
        }
    }

    pub(super) fn contents(&self) -> String {
        self.parser.screen().contents()
    }

    /// Whether the modes of the screen are as before the program: main screen, cursor shown, no paste mode.
    pub(super) fn is_restored(&self) -> bool {
        let screen = self.parser.screen();
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    }

    /// Draws bytes; returns what the terminal answers.
    pub(super) fn draw(&mut self, bytes: &[u8]) -> String {
        self.parser.process(bytes);
        let before = self.raw.len();
        self.raw.extend_from_slice(bytes);
        let start = before.saturating_sub(OVERLAP);
        let recent = &self.raw[start..];
        let count = |what: &[u8]| {
            let ends = recent.windows(what.len()).enumerate().filter(|(_, found)| *found == what);
            ends.filter(|(at, _)| start + at + what.len() > before).count()
        };
        let last = |what: &[u8]| recent.windows(what.len()).rposition(|found| found == what);
        let (begun, ended) = (count(FRAME.0), count(FRAME.1));
        if begun + ended > 0 {
            self.partly = last(FRAME.0) > last(FRAME.1);
        }
        self.frames += begun;
        self.changed = Instant::now();
        let mut answer = READY.1.repeat(if self.answers { count(READY.0) } else { 0 });
        if let Some(cursor) = &mut self.cursor {
            answer.push_str(&cursor.take(bytes));
        }
        answer
    }
}

pub(super) fn cells(n: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(n).unwrap()
}

/// As much of a terminal as the question for the cursor (DSR 6) needs: its column, by the widths of that terminal.
struct Cursor {
    width: CellWidth,
    column: usize,
    /// The beginning of a character or sequence whose rest has not come.
    pending: Vec<u8>,
}

impl Cursor {
    fn new(width: CellWidth) -> Self {
        Self { width, column: 0, pending: Vec::new() }
    }

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
                if &sequence[..=end] == "6n" {
                    said.push_str(&format!("\x1b[5;{}R", self.column + 1));
                }
                rest = &sequence[end + 1..];
                continue;
            }
            if rest == "\x1b" {
                break;
            }
            match c {
                '\r' | '\n' => self.column = 0,
                c => self.column += self.width.of_char(c),
            }
            rest = &rest[c.len_utf8()..];
        }
        let left = rest.len() + (self.pending.len() - whole.len());
        self.pending.drain(..self.pending.len() - left);
        said
    }
}

/// Sequences are found wherever the line cuts them.
#[test]
fn frames_and_questions_are_counted_however_they_are_cut() {
    let bytes = "\x1b[?2026h日本\x1b[6n\x1b[?2026l\x1b[5n\x1b[?2026h".as_bytes();
    for size in 1..=bytes.len() {
        let mut screen = Screen::new(Line { cells: Some(CellWidth { ambiguous_wide: false }), ..Line::default() });
        let answer: String = bytes.chunks(size).map(|piece| screen.draw(piece)).collect();
        // One read may hold both questions; each kind is answered once.
        assert!(answer.matches("\x1b[0n").count() == 1 && answer.matches("\x1b[5;5R").count() == 1, "{answer:?}");
        assert_eq!((screen.frames, screen.partly), (2, true), "in pieces of {size}");
    }
}
