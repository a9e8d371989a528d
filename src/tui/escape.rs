//! From the bytes of a terminal to keys (ARCHITECTURE "Workstation"): a sequence is one key or nothing, wherever the
//! network splits it.
//!
//! crossterm reads sequences too, but lets the rest of one it does not know come through as keys, and takes an ESC that
//! came alone for a key at once. Here a sequence is read to its end whatever it is: answers of the terminal, mouse and
//! focus reports and strings come out as [`Input::Stray`], which interrupts chords. A lone ESC is given on after a moment;
//! should `[` or `O` follow it late, what comes up to the final letter still belongs to it and types nothing.

mod sequence;

use crate::config::keys::{Key, KeyCode};
use sequence::{key_of_byte, key_of_sequence};

/// What the terminal sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// A key, and whether the terminal says that it is held down.
    Key(Key, bool),
    /// A bracketed paste.
    Paste(String),
    /// The answer to DSR 5: the terminal has drawn everything up to the question.
    Ready,
    /// Input that is no key; it interrupts chords.
    Stray,
}

/// An input with the time its last byte arrived, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Timed {
    pub(super) what: Input,
    pub(super) at: u64,
}

/// Maximum wait, in milliseconds, of a lone ESC for the rest of a sequence.
const LONE: u64 = 50;
/// Maximum time, in milliseconds, after which a `[` can still belong to an ESC that was already given on.
const LATE: u64 = 1_500;
/// Maximum wait, in milliseconds, of such a `[` for its next byte.
const STEP: u64 = 40;
/// Maximum wait, in milliseconds, of any other sequence for its end.
const SEQUENCE_TIMEOUT: u64 = 10_000;
/// Maximum wait, in milliseconds, of a string (OSC, DCS …) for its end; short, because Alt and `]` begin one too.
const STRING_TIMEOUT: u64 = 3_000;
/// Maximum wait, in milliseconds, of a character of several bytes for its end.
const CHARACTER_TIMEOUT: u64 = 1_000;
/// Maximum length of the parameters of a sequence, in bytes.
const MAXIMUM_PARAMETERS: usize = 64;
/// Maximum number of bytes kept of a paste; text fields hold less.
const MAXIMUM_PASTE: usize = 64 * 1024;
const PASTE_END: &[u8] = b"\x1b[201~";

/// Where in a sequence the bytes have come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// The bytes so far of a character, and its length.
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
            State::Text | State::Mouse(_) => STRING_TIMEOUT,
            State::Character(..) => CHARACTER_TIMEOUT,
            State::Escape { given: true } | State::Sequence { .. } | State::Console | State::Paste(_) => {
                SEQUENCE_TIMEOUT
            }
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
                    if text.len() > MAXIMUM_PASTE {
                        // What is kept of the end is only there to find the end.
                        text.remove(MAXIMUM_PASTE - PASTE_END.len());
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
            byte => out.key(key_of_byte(byte, false)),
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
            byte => out.key(key_of_byte(byte, true)),
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
            0x20..=0x3f if parameters.len() < MAXIMUM_PARAMETERS => {
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
        match key_of_sequence(ss3, parameters, last) {
            Some(Some((key, repeat))) => out.push(Input::Key(key, repeat)),
            // A key that was let go.
            Some(None) => {}
            None => out.stray(),
        }
    }
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
mod tests;
