//! Folding of a building name for the comparison: numerals and words for a side.

use super::words::NUMBERED_PARTS;
use crate::compare::char_class::{is_kanji, is_katakana};
use crate::compare::mark;
use crate::compare::numeral::{is_kanji_digit, kanji_number};
use crate::compare::unit::Unit;

/// Words for a side of a building, each with the full-width letter that replaces it. They are designators, but not the same as 東 or E.
const SIDE_WORDS: [(&str, char); 5] =
    [("イースト", 'Ｅ'), ("ウエスト", 'Ｗ'), ("サウス", 'Ｓ'), ("ノース", 'Ｎ'), ("センター", 'Ｃ')];

/// Roman numerals that building names are counted with.
const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// Returns a building name with ２号棟 as ２棟, Roman and kanji numerals as digits, and a word for a side as one letter.
pub(super) fn simplified(units: &[Unit]) -> Vec<Unit> {
    let mut out: Vec<Unit> = Vec::with_capacity(units.len());
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        let rest = &units[at..];
        let starts_with =
            |word: &str| word.chars().count() <= rest.len() && word.chars().zip(rest).all(|(c, u)| c == u.c);
        if let Some((value, count)) = numeral(units, at) {
            let digits = value.to_string();
            let end = rest[count - 1].end;
            let digit = |(n, c)| Unit { c, plain: c, end, spaced: n == 0 && unit.spaced, ..*unit };
            out.extend(digits.chars().enumerate().map(digit));
            at += count;
        } else if let Some((word, letter)) = SIDE_WORDS.into_iter().find(|(word, _)| starts_with(word)) {
            let count = word.chars().count();
            out.push(Unit { c: letter, plain: letter, end: rest[count - 1].end, ..*unit });
            at += count;
        } else {
            if !starts_with("号棟") || at == 0 {
                out.push(*unit);
            }
            at += 1;
        }
    }
    out
}

/// Reads a Roman or kanji numeral at `at` that counts buildings; returns its value and its number of units.
///
/// Numerals beside digits or other numerals are not read: ハイツⅡ1 and ハイツ21 are two names.
fn numeral(units: &[Unit], at: usize) -> Option<(u64, usize)> {
    let rest = &units[at..];
    let first = rest.first()?;
    let before = at.checked_sub(1).map(|before| &units[before]);
    let is_joined = |u: &Unit| u.c.is_ascii_alphanumeric() || is_kanji_digit(u.plain);
    if before.is_some_and(is_joined) {
        return None;
    }
    let roman = |count: usize| {
        let run: String = rest[..count].iter().map(|u| u.c).collect();
        ROMAN.iter().position(|roman| *roman == run).map(|index| index as u64 + 1)
    };
    let same_run = |like: &dyn Fn(&Unit) -> bool| {
        rest.iter().enumerate().take_while(|(n, u)| like(u) && (*n == 0 || !u.spaced)).count()
    };
    let (value, count) = if first.marks & mark::ROMAN != 0 {
        let count = rest.iter().take_while(|u| u.marks & mark::ROMAN != 0 && u.start == first.start).count();
        (roman(count), count)
    } else if first.c.is_ascii_uppercase() {
        // A single letter is a letter: ハイツI may be the one beside ハイツH.
        let count = same_run(&|u| u.c.is_ascii_uppercase());
        let follows_name = before.is_some_and(|u| is_katakana(u.c) || is_kanji(u.c));
        let counts = follows_name && (count == rest.len() || is_numbered_part(rest[count].c));
        (roman(count).filter(|_| count > 1 && counts), count)
    } else if is_kanji_digit(first.plain) {
        let count = same_run(&|u| is_kanji_digit(u.plain));
        let ordinal = before.is_some_and(|u| u.c == '第');
        let last_word = before.is_some_and(|u| is_katakana(u.c)) && count == rest.len();
        let counts = ordinal || last_word || rest.get(count).is_some_and(|u| !u.spaced) && is_part(&rest[count..]);
        let zero = matches!(first.plain, '〇' | '零');
        (kanji_number(rest[..count].iter().map(|u| u.plain)).filter(|_| counts && !zero), count)
    } else {
        (None, 0)
    };
    let closed = !rest.get(count).is_some_and(is_joined);
    value.filter(|_| closed).map(|value| (value, count))
}

fn is_numbered_part(c: char) -> bool {
    NUMBERED_PARTS.contains(c)
}

/// Returns whether a word for a part of a building stands at the start: 棟, 号館, 番館, but not 番町.
fn is_part(units: &[Unit]) -> bool {
    match units {
        [first, second, ..] if first.c == '番' => second.c == '館',
        [first, ..] => is_numbered_part(first.c),
        [] => false,
    }
}
