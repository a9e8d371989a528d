//! From the bytes of a terminal to keys (ARCHITECTURE "Workstation"): a sequence is one key or nothing, wherever the
//! network splits it.
//!
//! crossterm reads sequences too, but lets the rest of one it does not know come through as keys, and takes an ESC that
//! came alone for a key at once. Here a sequence is read to its end whatever it is: answers of the terminal, mouse and
//! focus reports and strings come out as [`Input::Stray`], which interrupts chords. A lone ESC is given on after a moment;
//! should `[` or `O` follow it late, what comes up to the final letter still belongs to it and types nothing.

use crate::config::keys::{Key, KeyCode};

/// What the terminal sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// A key, and whether the terminal says that it is held down.
    Key(Key, bool),
    /// A bracketed paste.
    Paste(String),
    /// The terminal has drawn everything up to the question (DSR 5).
    Ready,
    /// Something that is no key: whatever stands around it was not typed in peace.
    Stray,
}

/// An input with the time its last byte arrived, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Timed {
    pub(super) what: Input,
    pub(super) at: u64,
}

/// How long a lone ESC waits for the rest of a sequence.
const LONE: u64 = 50;
/// How long after an ESC that was given on a `[` may still belong to it.
const LATE: u64 = 1_500;
/// How long such a `[` waits for its next byte before it is given on.
const STEP: u64 = 40;
/// How long a sequence that is certainly one waits for its end.
const GIVE_UP: u64 = 10_000;
/// How long a string (OSC, DCS …) waits: a person who pressed Alt and `]` must not wait for ever.
const STRING_OVER: u64 = 3_000;
/// How long a character of several bytes waits.
const CHARACTER_OVER: u64 = 1_000;
/// No parameters of a keyboard are longer.
const LONGEST: usize = 64;
/// As much of a paste is kept; text fields hold less.
const LONGEST_PASTE: usize = 64 * 1024;
const PASTE_END: &[u8] = b"\x1b[201~";

/// Where in a sequence the bytes have come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// Part of a character of so many bytes.
    Character(Vec<u8>, usize),
    /// An ESC; `given` when it went on as a key.
    Escape { given: bool },
    /// After `ESC [` (or `ESC O` for SS3): the parameters so far.
    Sequence { ss3: bool, parameters: Vec<u8>, late: Late },
    /// After `ESC [ [`: function keys of the Linux console.
    Console,
    /// Bytes of an old mouse report still to come.
    Mouse(u8),
    /// A string up to its end.
    Text,
    /// A bracketed paste.
    Paste(Vec<u8>),
}

/// How the opening of a sequence stands to its ESC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Late {
    /// Right behind it.
    No,
    /// The ESC was given on before.
    Opening,
    /// The ESC and the opening were given on before: what follows may be typed, or the rest of the sequence.
    Given,
}

/// Reads bytes into inputs.
#[derive(Debug, Default)]
pub(super) struct Escape {
    state: State,
    /// When the last byte of the state came.
    since: u64,
}

impl Escape {
    /// Takes bytes that arrived together; gives what is certain.
    pub(super) fn push(&mut self, bytes: &[u8], at: u64) -> Vec<Timed> {
        let mut out = Out { all: self.flush(at), at };
        for (place, &byte) in bytes.iter().enumerate() {
            self.byte(byte, place + 1 < bytes.len(), &mut out);
            if self.state != State::Ground {
                self.since = at;
            }
        }
        out.all
    }

    /// Gives what has waited long enough.
    pub(super) fn flush(&mut self, now: u64) -> Vec<Timed> {
        let mut out = Out { all: Vec::new(), at: self.since };
        while let Some(due) = self.deadline().filter(|due| *due <= now) {
            match &mut self.state {
                State::Escape { given: given @ false } => {
                    *given = true;
                    out.key(Key::plain(KeyCode::Esc));
                }
                State::Sequence { ss3, late: late @ Late::Opening, parameters } if parameters.is_empty() => {
                    *late = Late::Given;
                    out.key(Key::char(if *ss3 { 'O' } else { '[' }));
                }
                State::Escape { given: true } | State::Sequence { late: Late::Given, .. } => self.state = State::Ground,
                _ => {
                    self.state = State::Ground;
                    out.at = due;
                    out.stray();
                }
            }
        }
        out.all
    }

    /// When something waiting is to be given on or given up.
    pub(super) fn deadline(&self) -> Option<u64> {
        let patience = match &self.state {
            State::Ground => return None,
            State::Escape { given: false } => LONE,
            State::Sequence { late: Late::Opening, parameters, .. } if parameters.is_empty() => STEP,
            State::Sequence { late: Late::Given, .. } => LATE,
            State::Text | State::Mouse(_) => STRING_OVER,
            State::Character(..) => CHARACTER_OVER,
            State::Escape { given: true } | State::Sequence { .. } | State::Console | State::Paste(_) => GIVE_UP,
        };
        Some(self.since + patience)
    }

    fn byte(&mut self, byte: u8, more: bool, out: &mut Out) {
        match std::mem::take(&mut self.state) {
            State::Ground => self.ground(byte, out),
            State::Character(bytes, length) => self.character(bytes, length, byte, out),
            State::Escape { given } => self.escape(given, byte, more, out),
            State::Sequence { ss3, parameters, late } => self.sequence(ss3, parameters, late, byte, out),
            State::Console => match byte {
                b'A'..=b'E' => out.key(Key::plain(KeyCode::F(byte - b'A' + 1))),
                _ => out.stray(),
            },
            State::Mouse(1) => out.stray(),
            State::Mouse(left) => self.state = State::Mouse(left - 1),
            State::Text => match byte {
                0x1b => {
                    out.stray();
                    self.state = State::Escape { given: false };
                }
                // BEL ends an OSC; whatever else controls was pressed by somebody who wants out.
                0x00..=0x1f => out.stray(),
                _ => self.state = State::Text,
            },
            State::Paste(mut text) => {
                text.push(byte);
                if text.ends_with(PASTE_END) {
                    text.truncate(text.len() - PASTE_END.len());
                    out.push(Input::Paste(String::from_utf8_lossy(&text).into_owned()));
                } else {
                    if text.len() > LONGEST_PASTE {
                        // What is kept of the end is only there to find the end.
                        text.remove(LONGEST_PASTE - PASTE_END.len());
                    }
                    self.state = State::Paste(text);
                }
            }
        }
    }

    fn ground(&mut self, byte: u8, out: &mut Out) {
        match byte {
            0x1b => self.state = State::Escape { given: false },
            0xc2..=0xdf => self.state = State::Character(vec![byte], 2),
            0xe0..=0xef => self.state = State::Character(vec![byte], 3),
            0xf0..=0xf4 => self.state = State::Character(vec![byte], 4),
            0x80..=0xff => out.stray(),
            byte => out.key(plain(byte, false)),
        }
    }

    fn character(&mut self, mut bytes: Vec<u8>, length: usize, byte: u8, out: &mut Out) {
        if !(0x80..=0xbf).contains(&byte) {
            out.stray();
            return self.ground(byte, out);
        }
        bytes.push(byte);
        if bytes.len() < length {
            self.state = State::Character(bytes, length);
            return;
        }
        match std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()).filter(|c| !c.is_control()) {
            Some(c) => out.key(Key::char(c)),
            None => out.stray(),
        }
    }

    fn escape(&mut self, given: bool, byte: u8, more: bool, out: &mut Out) {
        let waited = out.at.saturating_sub(self.since);
        match byte {
            // After a long while only what arrives as a piece is still taken for the rest of a sequence.
            b'[' | b'O' if !given || waited < LATE || more => {
                let late = if given { Late::Opening } else { Late::No };
                self.state = State::Sequence { ss3: byte == b'O', parameters: Vec::new(), late };
            }
            0x1b => {
                if !given {
                    out.key(Key::plain(KeyCode::Esc));
                }
                self.state = State::Escape { given: false };
            }
            // The end of a string.
            b'\\' => out.stray(),
            _ if given => self.ground(byte, out),
            b']' | b'P' | b'X' | b'^' | b'_' => self.state = State::Text,
            0x80..=0xff => {
                out.stray();
                self.ground(byte, out);
            }
            byte => out.key(plain(byte, true)),
        }
    }

    fn sequence(&mut self, ss3: bool, mut parameters: Vec<u8>, late: Late, byte: u8, out: &mut Out) {
        // Behind an opening that was given on, a first byte that no known sequence has was typed by a person.
        let known = match byte {
            b'0'..=b'9' | b';'..=b'?' | b'A'..=b'D' | b'F' | b'H' | b'I' | b'M' | b'O'..=b'S' | b'Z' | b'~' => true,
            b'j'..=b'y' => ss3,
            _ => false,
        };
        if late == Late::Given && parameters.is_empty() && !known {
            return self.ground(byte, out);
        }
        match byte {
            b'[' if parameters.is_empty() && !ss3 => self.state = State::Console,
            0x20..=0x3f if parameters.len() < LONGEST => {
                parameters.push(byte);
                self.state = State::Sequence { ss3, parameters, late };
            }
            0x40..=0x7e if late == Late::Given => out.stray(),
            0x40..=0x7e => self.finish(ss3, &parameters, byte, out),
            0x1b => {
                out.stray();
                self.state = State::Escape { given: false };
            }
            _ => {
                out.stray();
                self.ground(byte, out);
            }
        }
    }

    /// Reads a complete sequence.
    fn finish(&mut self, ss3: bool, parameters: &[u8], last: u8, out: &mut Out) {
        match (parameters, last) {
            (b"0", b'n') if !ss3 => return out.push(Input::Ready),
            (b"200", b'~') if !ss3 => {
                self.state = State::Paste(Vec::new());
                return;
            }
            (b"", b'M') if !ss3 => {
                self.state = State::Mouse(3);
                return;
            }
            _ => {}
        }
        match read(ss3, parameters, last) {
            Some(Some((key, repeat))) => out.push(Input::Key(key, repeat)),
            // A key that was let go.
            Some(None) => {}
            None => out.stray(),
        }
    }
}

/// The key of a sequence: `None` for what is no key, `Some(None)` for a key that was let go.
fn read(ss3: bool, parameters: &[u8], last: u8) -> Option<Option<(Key, bool)>> {
    let text = std::str::from_utf8(parameters).ok()?;
    let mut numbers = text.split(';').map(|part| {
        let mut halves = part.split(':');
        let number = halves.next().unwrap_or_default();
        (if number.is_empty() { Some(1) } else { number.parse::<u32>().ok() }, halves.next())
    });
    let first = numbers.next()?.0?;
    let second = numbers.next();
    let (modifiers, kind) = match second {
        None => (1, None),
        Some((number, kind)) => (number?, kind),
    };
    let third = numbers.next().map(|(number, _)| number);
    if numbers.next().is_some() {
        return None;
    }
    let character = |code: u32| {
        Some(match code {
            9 => KeyCode::Tab,
            13 => KeyCode::Enter,
            27 => KeyCode::Esc,
            8 | 127 => KeyCode::Backspace,
            code => KeyCode::Char(char::from_u32(code).filter(|c| !c.is_control())?),
        })
    };
    let code = match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'Z' if !ss3 => KeyCode::BackTab,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        // With parameters it is the answer to where the cursor stands.
        b'R' if parameters.is_empty() => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        b'M' if ss3 => KeyCode::Enter,
        // The numeric pad in application mode.
        b'X' if ss3 => KeyCode::Char('='),
        b'j'..=b'y' if ss3 => KeyCode::Char(char::from(last - b'j' + b'*')),
        b'u' if !ss3 && !parameters.is_empty() => character(first)?,
        b'~' if !ss3 && third.is_some() && first == 27 => character(third??)?,
        b'~' if !ss3 && third.is_none() => match first {
            1 | 7 => KeyCode::Home,
            2 => KeyCode::Insert,
            3 => KeyCode::Delete,
            4 | 8 => KeyCode::End,
            5 => KeyCode::PageUp,
            6 => KeyCode::PageDown,
            11..=15 => KeyCode::F(first as u8 - 10),
            17..=21 => KeyCode::F(first as u8 - 11),
            23..=24 => KeyCode::F(first as u8 - 12),
            _ => return None,
        },
        _ => return None,
    };
    if matches!(last, b'A'..=b'H' | b'P'..=b'S' | b'Z') && (first != 1 || third.is_some()) {
        return None;
    }
    let held = modifiers.checked_sub(1).filter(|held| *held < 256)?;
    let key = Key::new(code, held & 4 != 0, held & 2 != 0, held & 1 != 0);
    match kind {
        None | Some("1") => Some(Some((key, false))),
        Some("2") => Some(Some((key, true))),
        Some("3") => Some(None),
        Some(_) => None,
    }
}

/// The key of a byte below 128.
fn plain(byte: u8, alt: bool) -> Key {
    let (code, ctrl) = match byte {
        b'\r' => (KeyCode::Enter, false),
        b'\t' => (KeyCode::Tab, false),
        0x7f => (KeyCode::Backspace, false),
        0x00 => (KeyCode::Char(' '), true),
        0x01..=0x1a => (KeyCode::Char(char::from(byte - 1 + b'a')), true),
        0x1b..=0x1f => (KeyCode::Char(char::from(byte - 0x1c + b'4')), true),
        byte => (KeyCode::Char(char::from(byte)), false),
    };
    Key::new(code, ctrl, alt, false)
}

/// Collects inputs of one moment.
struct Out {
    all: Vec<Timed>,
    at: u64,
}

impl Out {
    fn push(&mut self, what: Input) {
        self.all.push(Timed { what, at: self.at });
    }

    fn key(&mut self, key: Key) {
        self.push(Input::Key(key, false));
    }

    fn stray(&mut self) {
        self.push(Input::Stray);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sequence a keyboard, a mouse or a terminal sends that is known here, with its key (`-`: none).
    const KNOWN: &[(&str, &str)] = &[
        ("\x1b[A", "up"),
        ("\x1b[B", "down"),
        ("\x1b[C", "right"),
        ("\x1b[D", "left"),
        ("\x1b[H", "home"),
        ("\x1b[F", "end"),
        ("\x1b[Z", "backtab"),
        ("\x1bOA", "up"),
        ("\x1bOB", "down"),
        ("\x1bOC", "right"),
        ("\x1bOD", "left"),
        ("\x1bOH", "home"),
        ("\x1bOF", "end"),
        ("\x1bOP", "F1"),
        ("\x1bOQ", "F2"),
        ("\x1bOR", "F3"),
        ("\x1bOS", "F4"),
        ("\x1b[P", "F1"),
        ("\x1b[[A", "F1"),
        ("\x1b[[E", "F5"),
        ("\x1bOM", "enter"),
        ("\x1bOr", "2"),
        ("\x1bOs", "3"),
        ("\x1bOm", "-"),
        ("\x1b[1~", "home"),
        ("\x1b[2~", "insert"),
        ("\x1b[3~", "delete"),
        ("\x1b[4~", "end"),
        ("\x1b[5~", "pgup"),
        ("\x1b[6~", "pgdn"),
        ("\x1b[7~", "home"),
        ("\x1b[8~", "end"),
        ("\x1b[11~", "F1"),
        ("\x1b[12~", "F2"),
        ("\x1b[13~", "F3"),
        ("\x1b[14~", "F4"),
        ("\x1b[15~", "F5"),
        ("\x1b[17~", "F6"),
        ("\x1b[18~", "F7"),
        ("\x1b[19~", "F8"),
        ("\x1b[20~", "F9"),
        ("\x1b[21~", "F10"),
        ("\x1b[23~", "F11"),
        ("\x1b[24~", "F12"),
        ("\x1b[1;5C", "ctrl-right"),
        ("\x1b[1;2B", "shift-down"),
        ("\x1b[1;3A", "alt-up"),
        ("\x1b[1;5P", "ctrl-F1"),
        ("\x1b[3;5~", "ctrl-delete"),
        ("\x1b[109u", "m"),
        ("\x1b[109;5u", "ctrl-m"),
        ("\x1b[109;1:3u", "none"),
        ("\x1b[27;5;109~", "ctrl-m"),
        ("\x1b[27u", "esc"),
        ("\x1b[0n", "ready"),
        // No keys: cursor position, device attributes, mode and colour reports, mouse, focus, pastes.
        ("\x1b[23;23R", "stray"),
        ("\x1b[?62;4;22c", "stray"),
        ("\x1b[>41;354;0c", "stray"),
        ("\x1b[?2026;2$y", "stray"),
        ("\x1b[8;24;80t", "stray"),
        ("\x1b[?0u", "stray"),
        ("\x1b[3n", "stray"),
        ("\x1b]11;rgb:2323/2323/2323\x1b\\", "stray"),
        ("\x1b]52;c;bTIzYQ==\x07", "stray"),
        ("\x1bP>|xterm(23)\x1b\\", "stray"),
        ("\x1bP1$r0m\x1b\\", "stray"),
        ("\x1b_Gi=1;OK\x1b\\", "stray"),
        ("\x1b[<0;23;23M", "stray"),
        ("\x1b[<0;23;23m", "stray"),
        ("\x1b[0;23;23M", "stray"),
        ("\x1b[Mmma", "stray"),
        ("\x1b[I", "stray"),
        ("\x1b[O", "stray"),
        ("\x1b[200~m23a\r\x1b[201~", "paste"),
        ("\x1b[201~", "stray"),
        ("\x1b[99~", "stray"),
        ("\x1b[23m", "stray"),
        ("\x1bm", "alt-m"),
        ("髙", "髙"),
        ("𠮷", "𠮷"),
    ];

    /// Feeds pieces with the pauses before them; gives what came out, with a pause at the end.
    fn run(pieces: &[(&[u8], u64)]) -> Vec<String> {
        let mut escape = Escape::default();
        let mut out = Vec::new();
        let mut at = 10_000;
        for (bytes, pause) in pieces {
            at += pause;
            // The runtime flushes at each deadline.
            while let Some(due) = escape.deadline().filter(|due| *due < at) {
                out.extend(escape.flush(due));
            }
            out.extend(escape.push(bytes, at));
        }
        while let Some(due) = escape.deadline() {
            out.extend(escape.flush(due));
        }
        let mut words: Vec<String> = out
            .into_iter()
            .map(|timed| match timed.what {
                Input::Key(key, _) => key.to_string(),
                Input::Paste(_) => "paste".to_owned(),
                Input::Ready => "ready".to_owned(),
                Input::Stray => "stray".to_owned(),
            })
            .collect();
        words.dedup_by(|a, b| a == "stray" && b == "stray");
        words
    }

    #[test]
    fn every_known_sequence_is_one_input() {
        for (bytes, word) in KNOWN {
            let expected: Vec<&str> = if *word == "none" { vec![] } else { vec![word] };
            assert_eq!(run(&[(bytes.as_bytes(), 0)]), expected, "{bytes:?}");
        }
    }

    /// Every sequence, split at every place, with every kind of pause: the key or nothing, besides an Esc that was alone
    /// and a `[` or `O` that came alone after it.
    #[test]
    fn every_split_of_every_sequence_is_its_key_or_nothing() {
        for (text, word) in KNOWN {
            let bytes = text.as_bytes();
            for place in 1..bytes.len() {
                for pause in [0, 1, 20, 45, 49, 51, 100, 400, 1_000, 1_499, 2_000, 2_900] {
                    if bytes[0] != 0x1b && pause > CHARACTER_OVER {
                        continue;
                    }
                    if place == 1 && pause >= LONE && matches!(bytes[1], b']' | b'P' | b'_' | b'm') {
                        // Behind an ESC that was given on they are keys; the rest is a burst or one unbound key.
                        continue;
                    }
                    let got = run(&[(&bytes[..place], 0), (&bytes[place..], pause)]);
                    let harmless = |got: &String| got == word || ["esc", "stray", "[", "O"].contains(&got.as_str());
                    assert!(got.iter().all(harmless), "{text:?} split at {place} by {pause} ms: {got:?}");
                    if pause < STEP {
                        let expected: Vec<&str> = if *word == "none" { vec![] } else { vec![word] };
                        assert_eq!(got, expected, "{text:?} split at {place} by {pause} ms");
                    }
                }
            }
        }
    }

    /// A line so slow that every byte comes alone.
    #[test]
    fn sequences_byte_by_byte_type_nothing() {
        for (text, word) in KNOWN {
            let bytes = text.as_bytes();
            if bytes.len() > 1 && matches!(bytes[1], b']' | b'P' | b'_' | b'm') || bytes[0] != 0x1b {
                continue;
            }
            for pause in [1, 30, 45, 60, 300, 900] {
                let pieces: Vec<(&[u8], u64)> = bytes.chunks(1).map(|byte| (byte, pause)).collect();
                let got = run(&pieces);
                let harmless = |got: &String| got == word || ["esc", "stray", "[", "O"].contains(&got.as_str());
                // What stands between the marks of a paste, three bytes of an old mouse and the letter of a console's
                // function key cannot be told from keys when even the mark came in pieces.
                if pause >= STEP && (*word == "paste" || text.starts_with("\x1b[M") || text.starts_with("\x1b[[")) {
                    continue;
                }
                assert!(got.iter().all(harmless), "{text:?} by {pause} ms: {got:?}");
            }
        }
    }

    #[test]
    fn what_a_person_types_comes_through() {
        type Typed<'a> = (&'a [(&'a [u8], u64)], &'a [&'a str]);
        let table: [Typed<'_>; 10] = [
            (&[(b"\x1b", 0)], &["esc"]),
            (&[(b"\x1b", 0), (b"j", 80)], &["esc", "j"]),
            (&[(b"[23", 0)], &["[", "2", "3"]),
            (&[(b"\x1b", 0), (b"[", 300), (b"j", 400)], &["esc", "[", "j"]),
            (&[(b"\x1b", 0), (b"[", 300), (b"m", 100)], &["esc", "[", "m"]),
            (&[(b"\x1b", 0), (b"[", 300), (b"[", 200), (b"[", 200)], &["esc", "[", "[", "["]),
            (&[(b"\x1b\x1b", 0)], &["esc", "esc"]),
            (&[(b"\x1b", 0), (b"[", 2_000), (b"2", 100), (b"3", 100)], &["esc", "[", "2", "3"]),
            (&[(b"\x1a\x03\r\t\x7f\0", 0)], &["ctrl-z", "ctrl-c", "enter", "tab", "backspace", "ctrl-space"]),
            ("２３あ".as_bytes().chunks(1).map(|b| (b, 1)).collect::<Vec<_>>().leak(), &["２", "３", "あ"]),
        ];
        for (pieces, expected) in table {
            assert_eq!(run(pieces), expected, "{pieces:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_stray() {
        // ノ and ミ in Shift_JIS end in letters; a cut UTF-8 character is followed by a key.
        assert_eq!(run(&[(b"\x83m\x83~", 0)]), ["stray", "m", "stray", "~"]);
        assert_eq!(run(&[(b"\xe9\xabm", 0)]), ["stray", "m"]);
        assert_eq!(run(&[(b"\xc2\x9b2", 0)]), ["stray", "2"]);
    }

    #[test]
    fn a_paste_is_cut_but_its_end_is_found() {
        let text = format!("\x1b[200~{}\x1b[201~j", "m".repeat(3 * LONGEST_PASTE));
        assert_eq!(run(&[(text.as_bytes(), 0)]), ["paste", "j"]);
    }

    proptest::proptest! {
        /// Without ESC and controls nothing is changed, lost or reordered.
        #[test]
        fn other_keys_are_left_alone(keys in proptest::collection::vec(("[a-zA-Z0-9\\[;~髙ﾊﾟ]", 0u64..50), 0..30)) {
            let pieces: Vec<(&[u8], u64)> = keys.iter().map(|(key, gap)| (key.as_bytes(), *gap)).collect();
            let expected: Vec<String> = keys.iter().flat_map(|(key, _)| key.chars().map(String::from)).collect();
            proptest::prop_assert_eq!(run(&pieces), expected);
        }

        /// However bytes are cut, the same inputs come out where no time passes.
        #[test]
        fn pieces_do_not_matter(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60), size in 1usize..9) {
            let whole = run(&[(&bytes, 0)]);
            let pieces: Vec<(&[u8], u64)> = bytes.chunks(size).map(|piece| (piece, 0)).collect();
            proptest::prop_assert_eq!(run(&pieces), whole);
        }
    }
}
