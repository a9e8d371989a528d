//! Corrections of the boundary between 町名 and numbers on one side, where the other side shows that it lies elsewhere.

use super::number::Counter;
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
    let digits = extra.iter().take_while(|u| u.marks & mark::NUMERAL != 0 && u.c.is_ascii_digit()).count();
    let chome = matches!(&extra[digits..], [a, b, _, ..] if a.c == '丁' && b.c == '目');
    let value = extra[..digits].iter().fold(0, |n: u64, u| 10 * n + u64::from(u.c.to_digit(10).unwrap_or(0)));
    let first = short.numbers.first();
    let same = first.is_some_and(|n| n.value == value && matches!(n.counter, None | Some(Counter::Chome)));
    if digits > 0
        && chome
        && same
        && short.numbers.len() == long.numbers.len() + 1
        && units_match(&short.town, &long.town[..count])
    {
        move_first_number_into_town(short);
    }
}
