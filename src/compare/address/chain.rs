//! Reading the chain of numbers of an address (RULES §5 A1–A3).
//!
//! Digits are never regrouped: a chain is a list of numbers with the boundaries they were written with. Kanji numerals count as
//! numbers only where a counter (丁目, 番地, 条, …) or the chain says so; 三田, 六本木 and 八丁堀 stay text.

use super::number::{Counter, Number};
use super::reader::UnitReader;
use super::words::{self, is_numeral_katakana, is_town_katakana};
use crate::compare::char_class::is_katakana;

impl UnitReader<'_> {
    /// Reads the first number of a chain at `i`; returns it with its end.
    pub(super) fn first_number(&self, i: usize) -> Option<(Number, usize)> {
        let end = self.digits_end(i);
        if end > i {
            return self.number(i, end).map(|n| (n, end));
        }
        let end = self.kanji_digits_end(i);
        if end == i {
            return None;
        }
        let is_number = words::NUMERAL_WORDS.iter().any(|word| self.word(end, word))
            || match self.at(end) {
                Some('丁') => self.counter(end).is_some(),
                Some('号') => !self.word(end, "号室") && self.counter(end).is_some(),
                Some('区' | '-') => self.numerals_end(end + 1) > end + 1,
                Some('番') => self.is_lot_number(i, end),
                Some('ノ') => !self.is_boundary(end) && self.is_joined_by_no(end + 1),
                _ => false,
            };
        if is_number { self.number(i, end).map(|n| (n, end)) } else { None }
    }

    /// Reads the next number of a chain at `i`; returns it with its end.
    fn next_number(&self, i: usize) -> Option<(Number, usize)> {
        let end = self.digits_end(i);
        if end > i {
            return self.number(i, end).map(|n| (n, end));
        }
        let end = self.kanji_digits_end(i);
        let before_name = !self.is_boundary(i) && self.begins_building(end);
        if end == i || !(self.ends_numeral(end) || before_name) {
            return None;
        }
        self.number(i, end).map(|n| (n, end))
    }

    /// Returns whether kanji numerals that end before `end` are a number by what follows: a space, a counter, a hyphen or の.
    fn ends_numeral(&self, end: usize) -> bool {
        self.is_boundary(end) || self.counter(end).is_some() || matches!(self.at(end), Some('-' | 'ノ'))
    }

    /// Returns whether a building name begins at `i` without a space: ＡＢＣビル behind 番地の十四, but not ケ岳 behind 八.
    fn begins_building(&self, i: usize) -> bool {
        self.at(i).is_some_and(|c| c.is_ascii_alphabetic() || (is_katakana(c) && !is_numeral_katakana(c)))
    }

    /// Returns whether kanji numerals at `i`, behind a numeral and の, are the next number of a chain: 一の二の三, but not 一の宮 or 一の12.
    fn is_joined_by_no(&self, i: usize) -> bool {
        let end = self.kanji_digits_end(i);
        end > i && !self.is_boundary(i) && (self.ends_numeral(end) || self.begins_building(end))
    }

    /// Returns whether the kanji numerals from `i` to `end`, with 番 behind them, are a number and not part of a name: 麻布十番 and 六番 are
    /// names, 千二百番 and 五番の二 are numbers.
    fn is_lot_number(&self, i: usize, end: usize) -> bool {
        let after = end + 1;
        let next = self.numerals_end(after);
        if self.counter(end).is_none() || (next > after && self.at(next) == Some('丁')) {
            return false;
        }
        let numbered = next > after && !self.is_boundary(after);
        let last = |end: usize| self.is_boundary(end) || self.at(end) == Some('号');
        end - i > 1
            || matches!(self.at(i), Some('百' | '千'))
            || (numbered && self.at(next) == Some('号'))
            || (numbered && self.kanji_digits_end(after) == next && last(next))
            || (self.at(after) == Some('ノ') && self.numerals_end(after + 1) > after + 1)
            || (next == after && !matches!(self.at(after), Some('-' | 'ノ')))
            || (self.is_boundary(after) && self.next_number(after).is_none())
    }

    /// Reads the chain of numbers at `i`; returns its numbers and its end.
    pub(super) fn chain(&self, i: usize) -> Option<(Vec<Number>, usize)> {
        let (first, mut end) = self.first_number(i)?;
        let mut numbers = vec![first];
        loop {
            let mut next = end;
            let mut spaces = false;
            let mut joined = false;
            if let Some((counter, after)) = self.counter(end) {
                if let Some(last) = numbers.last_mut() {
                    last.counter = Some(counter);
                }
                next = after;
                end = after;
                spaces = matches!(counter, Counter::Chome | Counter::Bancho) || self.is_spaced_go(after);
                joined = matches!(counter, Counter::Chome | Counter::Bancho | Counter::Ban);
                if counter == Counter::Room {
                    break;
                }
            }
            if self.at(next) == Some('-') {
                while self.at(next) == Some('-') {
                    next += 1;
                }
                spaces = true;
                joined = true;
            } else if self.at(next) == Some('ノ') && !self.is_boundary(next) {
                next += 1;
                spaces = false;
                joined = true;
            }
            if !joined || (self.is_boundary(next) && !spaces) {
                break;
            }
            if self.is_chiwari_number(next) {
                break;
            }
            let Some((number, after)) = self.next_number(next) else { break };
            // A number that counts buildings or floors belongs to what follows.
            if !self.is_boundary(after) && words::BUILDING_WORDS.iter().any(|word| self.word(after, word)) {
                break;
            }
            numbers.push(number);
            end = after;
        }
        Some((numbers, end))
    }

    /// Returns whether a single number that ends at `end` belongs to the 町名: 北24条西6丁目, 3番町, 上る2丁目下天神町.
    pub(super) fn belongs_to_town(&self, end: usize) -> bool {
        if self.is_boundary(end) {
            return false;
        }
        let counter = self.counter(end);
        if counter.is_none() && words::TOWN_NUMBER_WORDS.iter().any(|word| self.word(end, word)) {
            return true;
        }
        if counter.is_some_and(|(counter, after)| {
            counter == Counter::Go && self.next_number(after).is_some() && !self.is_boundary(after)
        }) {
            return true;
        }
        if counter.is_some_and(|(counter, _)| counter == Counter::Ban) {
            return false;
        }
        if counter.is_some_and(|(counter, after)| counter == Counter::Chome && self.is_chiwari_number(after)) {
            return true;
        }
        let mut at = end;
        while at < self.units.len()
            && !self.is_boundary(at)
            && self.digits_end(at) == at
            && !(at > end && self.first_number(at).is_some())
        {
            at += 1;
        }
        if self.units[end..at].iter().any(|u| is_katakana(u.c) && !is_town_katakana(u.c)) {
            return false;
        }
        let is_town = match self.units[end..at].iter().map(|u| u.c).collect::<Vec<_>>().as_slice() {
            [.., '上' | '下', 'ル'] | [.., '通', 'リ' | 'り'] | ['丁', '目', '上' | '下'] => true,
            [.., last] => words::TOWN_ENDINGS.contains(*last),
            [] => false,
        };
        let is_ward = at == end + 1 && self.at(end) == Some('区');
        is_town && (is_ward || !self.is_boundary(at)) && counter.is_none_or(|(_, after)| after < at)
    }
}
