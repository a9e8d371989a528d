//! Spaces inside names: whether two names are split into words at contradicting places.

use super::char_class::{is_kanji, is_katakana};
use super::kana_chars::katakana;
use super::unit::UnitLine;

/// Tells whether the spaces split the two names at places that contradict each other: 林 田子, 林田 子.
pub(crate) fn breaks_conflict(left: &UnitLine, right: &UnitLine) -> bool {
    let lacks = |line: &UnitLine, other: &UnitLine| line.gaps().any(|gap| other.gaps().all(|known| known != gap));
    lacks(left, right) && lacks(right, left)
}

/// Tells whether a space parts two Latin letters on one side only: SUN LI NA has a word more than SUN LINA, XI AN is two syllables and
/// XIAN may be one. How many names there are is for a person to say.
pub(crate) fn words_differ(left: &UnitLine, right: &UnitLine) -> bool {
    let parts = |line: &UnitLine, other: &UnitLine| {
        let lettered = |at: usize| line.units.get(at).is_some_and(|u| is_lettered(u.c));
        let parted = |gap: usize| other.units.get(gap).is_some_and(|u| u.spaced);
        line.gaps().any(|gap| lettered(gap - 1) && lettered(gap) && !parted(gap))
    };
    parts(left, right) || parts(right, left)
}

/// Tells whether a character is a letter of a script that writes names in words: Latin, Cyrillic, Hangul, but neither kana nor kanji.
fn is_lettered(c: char) -> bool {
    c.is_alphabetic() && !is_kanji(c) && !is_katakana(katakana(c))
}
