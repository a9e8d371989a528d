//! Reading the counter behind a number: 丁目, 番地, 号, …

use super::number::Counter;
use super::reader::UnitReader;
use super::words::{self, BAN, COUNTER_WORDS, CounterWord};
use crate::compare::char_class::{is_bracket, is_kanji, is_katakana};

impl UnitReader<'_> {
    /// Reads the counter at `i`; returns it with its end.
    pub(super) fn counter(&self, i: usize) -> Option<(Counter, usize)> {
        if self.is_boundary(i) {
            return None;
        }
        COUNTER_WORDS.into_iter().find_map(|word| {
            let end = i + word.len();
            (self.starts_with(word, i) && self.is_counter(word, end)).then_some((word.counter, end))
        })
    }

    /// Returns whether the characters at `i` are those of a counter.
    fn starts_with(&self, word: CounterWord, i: usize) -> bool {
        let second = |c| self.at(i + 1) == Some(c) && !self.is_boundary(i + 1);
        self.at(i) == Some(word.first) && word.second.is_none_or(second)
    }

    /// Returns whether the characters of a counter that end at `end` are one and not part of a name.
    fn is_counter(&self, word: CounterWord, end: usize) -> bool {
        match word {
            words::AZA => self.is_boundary(end),
            // 丁 also before a building name without a space: 十八丁サンハイツ.
            words::CHO => self.closes_number(end) || self.at(end).is_some_and(is_katakana),
            words::BANCHO => self.closes_number(end),
            // 番 before a building name without a space: ２５６７番メゾン桜, but not 八番館 or 一番町.
            BAN => {
                let begins_name = |c: char| {
                    is_katakana(c) || c.is_ascii_alphabetic() || (is_kanji(c) && !words::NAME_AFTER_BAN.contains(c))
                };
                self.closes_number(end) || self.at(end).is_some_and(begins_name)
            }
            words::GO => !self.at(end).is_some_and(|c| words::WORD_AFTER_GO.contains(c)),
            _ => true,
        }
    }

    /// Returns whether a number with its counter can end before `end`: before a space, another number or a bracket.
    fn closes_number(&self, end: usize) -> bool {
        self.is_boundary(end)
            || self.numerals_end(end) > end
            || (matches!(self.at(end), Some('-' | 'ノ')) && self.numerals_end(end + 1) > end + 1)
            || self.at(end).is_some_and(is_bracket)
    }

    /// Returns whether the 号 of 住居表示 stands at `i`, behind a 番 and a space: 2番 3号, but not 2番 301号 or 2番地 3号.
    pub(super) fn is_spaced_go(&self, i: usize) -> bool {
        let end = self.numerals_end(i);
        self.at(i - 1) == Some(BAN.first)
            && self.at(end) == Some(words::GO.first)
            && matches!(self.counter(end), Some((Counter::Go, _)))
            && self.number(i, end).is_some_and(|number| number.value < 100)
    }

    /// Returns whether a number at `i`, with or without 第, counts 地割.
    pub(super) fn is_chiwari_number(&self, i: usize) -> bool {
        let start = if self.at(i) == Some('第') { i + 1 } else { i };
        let end = self.numerals_end(start);
        end > start && self.word(end, "地割")
    }
}
