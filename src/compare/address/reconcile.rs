//! Corrections of the boundary between 町名 and numbers on one side, where the other side shows that it lies elsewhere.

use super::number::{Counter, same_values};
use super::pairing::units_match;
use super::parse::ParsedAddress;
use super::street::move_first_number_into_town;
use crate::compare::mark;
use crate::compare::numeral::{is_kanji_digit, kanji_number};
use crate::compare::unit::Unit;

/// Moves kanji numerals from the first number into the 町名 where the other side shows that they belong there: 与一四丁目 beside 与一4丁目.
///
/// Returns true when the numerals are also one number as they stand (赤坂二十三番地 beside 赤坂二13番地), so that a person must decide.
pub(super) fn move_numeral_into_town(left: &mut ParsedAddress, right: &mut ParsedAddress) -> bool {
    let (short, long) = if left.street.town.len() < right.street.town.len() { (left, right) } else { (right, left) };
    let count = short.street.town.len();
    let moved = &long.street.town[count.min(long.street.town.len())..];
    let (Some(number), Some(other)) = (short.street.numbers.first_mut(), long.street.numbers.first()) else {
        return false;
    };
    let start = short.line.units.partition_point(|u| (u.start as usize) < number.start);
    let end = short.line.units.partition_point(|u| (u.start as usize) < number.end);
    let run = &short.line.units[start..end];
    let is_numeral = |u: &Unit| is_kanji_digit(u.plain) && u.marks & mark::NUMERAL == 0;
    let belongs_to_town = !moved.is_empty()
        && moved.len() < run.len()
        && moved.iter().all(is_numeral)
        && moved.iter().zip(run).all(|(a, b)| a.plain == b.plain)
        && kanji_number(run[moved.len()..].iter().map(|u| u.plain)) == Some(other.value);
    if !belongs_to_town || !units_match(&short.street.town, &long.street.town[..count]) {
        return false;
    }
    let is_one_number = run.iter().any(|u| matches!(u.plain, '十' | '百' | '千' | '拾'));
    short.street.town.extend_from_slice(&run[..moved.len()]);
    (number.value, number.start) = (other.value, run[moved.len()].start as usize);
    short.street.chain.0 = number.start;
    is_one_number
}

/// Moves the first number into the 町名 where the other side has it there as a 丁目, because a name follows it: 西野町7丁目5 beside
/// 西野町7丁目北町5.
pub(super) fn move_chome_into_town(left: &mut ParsedAddress, right: &mut ParsedAddress) {
    let (short, long) = if left.street.town.len() < right.street.town.len() { (left, right) } else { (right, left) };
    let (short, long) = (&mut short.street, &long.street);
    let count = short.town.len();
    let extra = long.town.get(count..).unwrap_or_default();
    let Some((value, behind)) = digits_at_start(extra) else { return };
    let chome = matches!(behind, [a, b, _, ..] if a.c == '丁' && b.c == '目');
    let first = short.numbers.first();
    let same = first.is_some_and(|n| n.value == value && matches!(n.counter, None | Some(Counter::Chome)));
    if chome && same && short.numbers.len() == long.numbers.len() + 1 && units_match(&short.town, &long.town[..count]) {
        move_first_number_into_town(short);
    }
}

/// Moves a 番 in kanji numerals into the 町名 where the other side shows that it may belong there: 麻布十番8号 beside 麻布十番8. Returns true
/// where it does, because the numerals are also a number as they stand.
pub(super) fn move_ban_into_town(left: &mut ParsedAddress, right: &mut ParsedAddress) -> bool {
    let (short, long) = if left.street.town.len() < right.street.town.len() { (left, right) } else { (right, left) };
    let count = short.street.town.len();
    let moved = long.street.town.get(count..).unwrap_or_default();
    let ([first, others @ ..], [numerals @ .., ban]) = (short.street.numbers.as_slice(), moved) else { return false };
    let start = short.line.units.partition_point(|u| (u.start as usize) < first.start);
    let run = short.line.units.get(start..start + moved.len()).unwrap_or_default();
    let is_kanji_run =
        !numerals.is_empty() && numerals.iter().all(|u| is_kanji_digit(u.plain) && u.marks & mark::NUMERAL == 0);
    let same_text = run.len() == moved.len() && moved.iter().zip(run).all(|(a, b)| a.plain == b.plain);
    let is_lot = is_kanji_run && ban.c == '番' && first.counter == Some(Counter::Ban) && same_text;
    let fits = same_values(others, &long.street.numbers) && units_match(&short.street.town, &long.street.town[..count]);
    if !is_lot || !fits {
        return false;
    }
    short.street.town.extend_from_slice(run);
    short.street.numbers.remove(0);
    short.street.chain.0 = short.street.numbers.first().map_or(short.street.chain.1, |next| next.start);
    true
}

/// Returns whether a number that the 町名 of one side ends with may be the first number of the other side: 十ノ3 beside 10-3, 四番二十四荘
/// beside 4-24 荘, 五番 101 beside 5番 101号, 五 beside 5, 第8地割12 beside 8-12.
pub(super) fn has_number_in_town(left: &ParsedAddress, right: &ParsedAddress) -> bool {
    let (short, long) = if left.street.town.len() < right.street.town.len() { (left, right) } else { (right, left) };
    let count = short.street.town.len();
    let moved = long.street.town.get(count..).unwrap_or_default();
    let moved = if let [Unit { c: 'ノ', .. }, rest @ ..] = moved { rest } else { moved };
    let [first, others @ ..] = short.street.numbers.as_slice() else { return false };
    let next = others.first().or(short.street.rooms.first()).map(|n| n.value);
    let following = long.street.numbers.first().map(|n| n.value);
    let fits = if let Some((value, rest)) = digits_at_start(moved) {
        let is_word = ["地割", "条", "線", "号線", "番町"].iter().any(|word| rest.iter().map(|u| u.c).eq(word.chars()));
        is_word && value == first.value && next.is_some() && next == following && first.counter != Some(Counter::Chome)
    } else if let Some((value, rest)) = kanji_at_start(moved) {
        value == first.value
            && match rest {
                [] => others.is_empty() && following.is_none(),
                [word] => is_joint(word) && next.is_some() && next == following,
                [word, rest @ ..] => {
                    is_joint(word)
                        && match kanji_at_start(rest) {
                            Some((value, _)) => next == Some(value),
                            // A building name behind 十丁.
                            None => word.c != 'ノ' && others.is_empty(),
                        }
                }
            }
    } else {
        false
    };
    fits && units_match(&short.street.town, &long.street.town[..count])
}

/// Reads the digits of a number in a 町名; returns its value and the units behind it.
fn digits_at_start(units: &[Unit]) -> Option<(u64, &[Unit])> {
    let count = units.iter().take_while(|u| u.marks & mark::NUMERAL != 0 && u.c.is_ascii_digit()).count();
    let (digits, rest) = units.split_at(count);
    let value = digits.iter().fold(0, |n: u64, u| 10 * n + u64::from(u.c.to_digit(10).unwrap_or(0)));
    (count > 0).then_some((value, rest))
}

/// Reads the kanji numerals of a number; returns its value and the units behind it.
fn kanji_at_start(units: &[Unit]) -> Option<(u64, &[Unit])> {
    let count = units.iter().take_while(|u| is_kanji_digit(u.plain)).count();
    let (numerals, rest) = units.split_at(count);
    kanji_number(numerals.iter().map(|u| u.plain)).map(|value| (value, rest))
}

/// Returns whether a word parts two numbers that are written in kanji numerals.
fn is_joint(word: &Unit) -> bool {
    matches!(word.c, 'ノ' | '番' | '丁')
}
