//! Joins arrow keys that the network split (DESIGN §4): ESC, a pause, `[B` is one arrow or nothing.
//!
//! A lone ESC waits a little; should `[` or `O` follow it, now or within a second and a half, what comes up to the final
//! letter is read as the sequence it is. Whatever is no known sequence is dropped: it was no command of a person.

use crate::config::keys::{Key, KeyCode};

/// A key with the time it arrived, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timed {
    pub(super) key: Key,
    pub(super) at: u64,
    pub(super) repeat: bool,
}

/// How long a lone ESC waits for the rest of a sequence.
const LONE: u64 = 60;
/// How long after an ESC a `[` may still belong to it.
const LATE: u64 = 1_500;
/// How long a begun sequence waits for its next character.
const STEP: u64 = 40;
/// No sequence of a keyboard is longer.
const LONGEST: usize = 12;

/// What has come of a possible sequence.
#[derive(Debug, Default)]
pub(super) struct Escape {
    /// An ESC that still waits.
    lone: Option<Timed>,
    /// When the last ESC came that was given on as a key.
    last: Option<u64>,
    /// The characters of a sequence in the making: `[`, parameters.
    parts: Vec<Timed>,
}

impl Escape {
    /// Takes a key in; gives the keys that are certain.
    pub(super) fn push(&mut self, timed: Timed) -> Vec<Timed> {
        let mut out = self.flush(timed.at);
        let plain = timed.key.typed();
        if !self.parts.is_empty() {
            match plain {
                Some(c) if self.parts.len() < LONGEST && (c.is_ascii_digit() || c == ';') => {
                    self.parts.push(timed);
                    return out;
                }
                Some(c) if c.is_ascii_alphabetic() || c == '~' => {
                    out.extend(self.finish(c, timed));
                    return out;
                }
                // No sequence goes on like this: what was begun was typed.
                _ => out.append(&mut self.parts),
            }
        }
        let after_escape = self.lone.is_some() || self.last.is_some_and(|last| timed.at.saturating_sub(last) <= LATE);
        if after_escape && matches!(plain, Some('[' | 'O')) {
            self.parts.push(timed);
            return out;
        }
        out.extend(self.lone.take());
        if timed.key == Key::plain(KeyCode::Esc) {
            self.lone = Some(timed);
            return out;
        }
        self.last = None;
        out.push(timed);
        out
    }

    /// Gives what has waited long enough.
    pub(super) fn flush(&mut self, now: u64) -> Vec<Timed> {
        let mut out = Vec::new();
        if self.parts.last().is_some_and(|part| now.saturating_sub(part.at) >= STEP) {
            // `[` alone after ESC: a person pressed both.
            out.extend(self.lone.take());
            out.append(&mut self.parts);
            self.last = None;
        }
        if self.parts.is_empty()
            && let Some(escape) = self.lone.take_if(|escape| now.saturating_sub(escape.at) >= LONE)
        {
            self.last = Some(escape.at);
            out.push(escape);
        }
        out
    }

    /// When something waiting is to be given on.
    pub(super) fn deadline(&self) -> Option<u64> {
        match self.parts.last() {
            Some(part) => Some(part.at + STEP),
            None => self.lone.map(|escape| escape.at + LONE),
        }
    }

    /// Reads a complete sequence.
    fn finish(&mut self, last: char, timed: Timed) -> Option<Timed> {
        let parameters: String = self.parts.drain(..).skip(1).filter_map(|part| part.key.typed()).collect();
        self.lone = None;
        self.last = None;
        let first: u8 = parameters.split(';').next().unwrap_or_default().parse().unwrap_or(0);
        let code = match last {
            'A' => KeyCode::Up,
            'B' => KeyCode::Down,
            'C' => KeyCode::Right,
            'D' => KeyCode::Left,
            'H' => KeyCode::Home,
            'F' => KeyCode::End,
            'Z' => KeyCode::BackTab,
            '~' => match first {
                1 | 7 => KeyCode::Home,
                2 => KeyCode::Insert,
                3 => KeyCode::Delete,
                4 | 8 => KeyCode::End,
                5 => KeyCode::PageUp,
                6 => KeyCode::PageDown,
                11..=15 => KeyCode::F(first - 10),
                17..=21 => KeyCode::F(first - 11),
                23 | 24 => KeyCode::F(first - 12),
                _ => return None,
            },
            _ => return None,
        };
        Some(Timed { key: Key::plain(code), ..timed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds keys with their times; gives what came out, with a pause at the end.
    fn run(keys: &[(&str, u64)]) -> Vec<String> {
        let mut escape = Escape::default();
        let mut out = Vec::new();
        for (word, at) in keys {
            // The runtime flushes at each deadline.
            while let Some(due) = escape.deadline().filter(|due| due < at) {
                out.extend(escape.flush(due));
            }
            out.extend(escape.push(Timed { key: word.parse().unwrap(), at: *at, repeat: false }));
        }
        while let Some(due) = escape.deadline() {
            out.extend(escape.flush(due));
        }
        out.into_iter().map(|timed| timed.key.to_string()).collect()
    }

    #[test]
    fn a_split_arrow_is_one_arrow_or_nothing() {
        assert_eq!(run(&[("esc", 0), ("[", 20), ("B", 21)]), ["down"]);
        assert_eq!(run(&[("esc", 0), ("[", 20), ("B", 50)]), ["down"]);
        assert_eq!(run(&[("esc", 0), ("O", 20), ("A", 21)]), ["up"]);
        // The ESC was given on before the rest came; the rest is still no command.
        assert_eq!(run(&[("esc", 0), ("[", 400), ("B", 401)]), ["esc", "down"]);
        assert_eq!(run(&[("esc", 0), ("[", 10), ("2", 11), ("4", 12), ("~", 13)]), ["F12"]);
        assert_eq!(run(&[("esc", 0), ("[", 10), ("1", 11), (";", 11), ("5", 11), ("C", 12)]), ["right"]);
        assert_eq!(run(&[("esc", 0), ("[", 10), ("9", 11), ("9", 12), ("~", 13)]), [""; 0]);
    }

    #[test]
    fn what_a_person_types_comes_through() {
        assert_eq!(run(&[("esc", 0)]), ["esc"]);
        assert_eq!(run(&[("esc", 0), ("j", 5)]), ["esc", "j"]);
        assert_eq!(run(&[("[", 0), ("2", 3), ("3", 6)]), ["[", "2", "3"]);
        assert_eq!(run(&[("esc", 0), ("[", 300), ("j", 700)]), ["esc", "[", "j"]);
        assert_eq!(run(&[("esc", 0), ("esc", 10)]), ["esc", "esc"]);
        assert_eq!(run(&[("esc", 0), ("[", 2_000), ("B", 2_001)]), ["esc", "[", "B"]);
    }

    proptest::proptest! {
        /// Without an ESC nothing is changed, lost or reordered.
        #[test]
        fn other_keys_are_left_alone(keys in proptest::collection::vec(("[a-zA-Z0-9\\[;~]", 0u64..50), 0..30)) {
            let mut at = 0;
            let timed: Vec<(&str, u64)> = keys.iter().map(|(key, gap)| { at += gap; (key.as_str(), at) }).collect();
            let expected: Vec<String> = keys.iter().map(|(key, _)| key.clone()).collect();
            proptest::prop_assert_eq!(run(&timed), expected);
        }
    }
}
