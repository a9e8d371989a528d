//! Reading digits, numbers and words at a given unit of an address.

use super::number::{Number, NumeralDoubt};
use crate::compare::numeral::{is_kanji_digit, kanji_number};
use crate::compare::unit::Unit;

/// Maximum number of digits of one number.
pub(super) const MAX_DIGITS: usize = 15;

/// Minimum number of digits of a room right behind a building name, without a space or 号: コーポ101, but コーポ2.
pub(super) const MIN_ROOM_DIGITS: usize = 3;

/// Random-access reader of the units of an address.
pub(super) struct UnitReader<'a> {
    pub(super) units: &'a [Unit],
}

impl UnitReader<'_> {
    /// Returns the character at `i`.
    pub(super) fn at(&self, i: usize) -> Option<char> {
        self.units.get(i).map(|u| u.c)
    }

    /// Returns whether a space or the end of the text stands before `i`.
    pub(super) fn is_boundary(&self, i: usize) -> bool {
        self.units.get(i).is_none_or(|u| u.spaced)
    }

    /// Returns whether a word, without spaces in it, stands at `i`.
    pub(super) fn word(&self, i: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(k, c)| self.at(i + k) == Some(c) && (k == 0 || !self.is_boundary(i + k)))
    }

    /// Returns the end of the run of Latin digits at `i`.
    pub(super) fn digits_end(&self, i: usize) -> usize {
        let mut end = i;
        while self.at(end).is_some_and(|c| c.is_ascii_digit()) && (end == i || !self.is_boundary(end)) {
            end += 1;
        }
        end
    }

    /// Returns the end of the run of kanji numerals at `i`.
    pub(super) fn kanji_digits_end(&self, i: usize) -> usize {
        let mut end = i;
        while self.units.get(end).is_some_and(|u| is_kanji_digit(u.plain)) && (end == i || !self.is_boundary(end)) {
            end += 1;
        }
        end
    }

    /// Returns the end of the run of Latin digits or of kanji numerals at `i`.
    pub(super) fn numerals_end(&self, i: usize) -> usize {
        self.digits_end(i).max(self.kanji_digits_end(i))
    }

    /// Reads the digits or kanji numerals from `i` to `end` as a number; `None` when they are no number.
    pub(super) fn number(&self, i: usize, end: usize) -> Option<Number> {
        let run = &self.units[i..end];
        let (first, last) = (run.first()?, run.last()?);
        let value = if first.c.is_ascii_digit() {
            if run.len() > MAX_DIGITS {
                return None;
            }
            run.iter().fold(0, |n, u| n * 10 + u64::from(u.c.to_digit(10).unwrap_or(0)))
        } else {
            kanji_number(run.iter().map(|u| u.plain))?
        };
        let is_zero = |u: &&Unit| u.c == '0' || matches!(u.plain, '〇' | '零');
        let zeros = run.iter().take(run.len() - 1).take_while(is_zero).count();
        let formal = run.iter().any(|u| matches!(u.plain, '壱' | '弐' | '参' | '拾'));
        let hyphen = matches!(run, [_, inner @ .., _] if inner.iter().any(|u| u.plain == '一'));
        let positional = !run.iter().any(|u| matches!(u.plain, '十' | '百' | '千' | '拾'));
        let doubt = match (formal, hyphen && positional) {
            (true, _) if positional && run.len() > 1 => NumeralDoubt::Always,
            (false, false) => NumeralDoubt::No,
            _ => NumeralDoubt::Unnamed,
        };
        let (start, end) = (first.start as usize, last.end as usize);
        Some(Number { value, zeros, counter: None, doubt, spaced: first.spaced, start, end })
    }
}
