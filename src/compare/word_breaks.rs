//! Spaces inside names: whether two names are split into words at contradicting places.

use super::char_class::{is_kanji, is_katakana};
use super::kana_chars::katakana;
use super::unit::UnitLine;

/// Returns whether spaces split the two names at contradicting places: 林 田子, 林田 子.
pub(crate) fn breaks_conflict(left: &UnitLine, right: &UnitLine) -> bool {
    let lacks = |line: &UnitLine, other: &UnitLine| line.gaps().any(|gap| other.gaps().all(|known| known != gap));
    lacks(left, right) && lacks(right, left)
}

/// Returns whether a space separates two Latin letters on one side only: SUN LI NA has a word more than SUN LINA, XI AN is two syllables
/// and XIAN may be one. A person decides how many names there are.
pub(crate) fn words_differ(left: &UnitLine, right: &UnitLine) -> bool {
    let splits_more = |line: &UnitLine, other: &UnitLine| {
        let is_letter = |at: usize| line.units.get(at).is_some_and(|u| is_letter_of_words(u.c));
        let is_split = |gap: usize| other.units.get(gap).is_some_and(|u| u.spaced);
        line.gaps().any(|gap| is_letter(gap - 1) && is_letter(gap) && !is_split(gap))
    };
    splits_more(left, right) || splits_more(right, left)
}

/// Returns whether a character is a letter of a script with spaces between words: Latin, Cyrillic, Hangul, but neither kana nor kanji.
fn is_letter_of_words(c: char) -> bool {
    c.is_alphabetic() && !is_kanji(c) && !is_katakana(katakana(c))
}
