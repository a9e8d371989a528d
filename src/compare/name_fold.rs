//! Folding and relations that names in kanji and readings have in common.

use super::char_class::{is_apostrophe, is_bar, is_kanji, is_latin};
use super::kana_chars::{katakana, large, unvoiced};
use super::unit::Unit;
use super::variants::relation;

/// Returns the ASCII sign for an apostrophe, or for a hyphen behind a Latin letter, that is written with another code: O’BRIEN, SMITH‐JONES.
pub(crate) fn ascii_sign(c: char, before: Option<char>) -> Option<char> {
    match c {
        '\'' | '-' => None,
        _ if is_apostrophe(c) => Some('\''),
        _ if is_bar(c) && before.is_some_and(is_latin) => Some('-'),
        _ => None,
    }
}

/// Returns whether a unit is an iteration mark that stands for a unit of the other side: 々 for a kanji or one of its forms, ヽ and ヾ for a
/// kana with or without sound mark.
pub(crate) fn repeats(side: &[Unit], at: usize, other: &Unit) -> bool {
    let is_mark = |c| matches!(c, '々' | 'ヽ' | 'ヾ' | 'ゝ' | 'ゞ');
    let here = side[at].c;
    if !is_mark(here) {
        return false;
    }
    let Some(repeated) = side[..at].iter().rfind(|unit| !is_mark(unit.c)) else { return false };
    if here == '々' {
        let is_form = || is_kanji(repeated.c) && is_kanji(other.c) && relation(repeated.c, other.c).is_some();
        return repeated.c == other.c || is_form();
    }
    let sound = |unit: &Unit| unvoiced(large(katakana(unit.plain)).unwrap_or(katakana(unit.plain)));
    sound(repeated) == sound(other)
}
