//! Folding of an address into units: width, variants, ケ ノ ツ, hyphens.

use crate::compare::char_class::{is_bar, is_hiragana, is_kanji, is_katakana};
use crate::compare::kana_chars::large;
use crate::compare::mark;
use crate::compare::unit::{self, UnitLine};
use crate::compare::variants::{in_places, standard};

/// Folds an address into units.
pub(crate) fn units(text: &str) -> UnitLine {
    let mut line = unit::line(text);
    let mut before: Option<char> = None;
    for at in 0..line.units.len() {
        let next = line.units.get(at + 1).map(|u| u.c);
        let unit = &mut line.units[at];
        let c = fold_char(unit.c, before, next);
        if c != unit.c {
            unit.marks |= mark::VARIANT;
            unit.c = c;
        }
        before = Some(c);
    }
    line
}

/// Folds one character by its neighbours.
fn fold_char(c: char, before: Option<char>, next: Option<char>) -> char {
    let kanji = |c: Option<char>| c.is_some_and(is_kanji);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match c {
        '0'..='9' => c,
        'a'..='z' => c.to_ascii_uppercase(),
        'ヶ' | 'ヵ' => 'ケ',
        'ケ' | 'が' if before.is_some() && kanji(next) => 'ケ',
        'ガ' if (kanji(before) || before.is_some_and(is_hiragana)) && kanji(next) => 'ケ',
        'の' | 'ノ' | '之' if before.is_some() => 'ノ',
        'つ' | 'っ' if kanji(before) && kanji(next) => 'ツ',
        'る' if matches!(before, Some('上' | '下' | '入')) => 'ル',
        '一' if digit(before) && digit(next) => '-',
        _ if is_kanji(c) => in_places(standard(c)),
        _ if is_bar(c) => {
            let after_kana = before.is_some_and(is_katakana);
            if after_kana && (c == 'ー' || !digit(next)) { 'ー' } else { '-' }
        }
        _ if is_katakana(c) => large(c).unwrap_or(c),
        _ => c,
    }
}
