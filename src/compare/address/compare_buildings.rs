//! Comparison of what follows the numbers of an address: building, floor, room and 方書 (RULES §5 A3, A5).
//!
//! A building name may be omitted. A *designator*, which tells one of several buildings or rooms from the next (a letter, a single katakana,
//! a side, or a number beside 棟, 館 or the room), may not: another designator is another place, and one on one side only is 要確認.

use super::building_name::simplified;
use super::compare_numbers::room_in_chain;
use super::designator::{
    differs_in_designator, ends_in_other_designator, has_only_designators, is_wing, may_begin_with_lot_letter,
    room_designator,
};
use super::number::{Number, same_values};
use super::pairing::{byte_range, digits_split_differently, record_relation, relate, units_match};
use super::street::StreetAddress;
use crate::compare::char_class::{is_hiragana, is_katakana, is_placeholder};
use crate::compare::draft::ComparisonDraft;
use crate::compare::reason::{Code, StepClass};
use crate::compare::unit::Unit;

/// Compares building, floor, room and 方書.
pub(super) fn compare_buildings(draft: &mut ComparisonDraft<'_>, left: &StreetAddress, right: &StreetAddress) {
    let range = |p: &StreetAddress| p.rooms.first().zip(p.rooms.last()).map_or(0..0, |(a, b)| a.start..b.end);
    let (l, r) = (range(left), range(right));
    let same_rooms = same_values(&left.rooms, &right.rooms);
    let in_chain = room_in_chain(left, right);
    if same_rooms {
        if left.rooms.iter().zip(&right.rooms).any(|(a, b)| a.zeros != b.zeros) {
            draft.step_at(Code::A3, StepClass::B, "先頭の0の有無", true, l, r);
        } else if left.room_behind_letter != right.room_behind_letter {
            draft.step_at(Code::A7, StepClass::B, "部屋番号か枝番か", true, l, r);
        }
    } else if !in_chain && same_values(&left.numbers, &right.numbers) {
        if same_text_split_differently(left, right) {
            let building_and_room =
                |p: &StreetAddress| byte_range(&p.building).start..p.rooms.last().map_or(0, |n| n.end);
            draft.step_at(
                Code::A3,
                StepClass::B,
                "建物名と部屋番号の境目",
                true,
                building_and_room(left),
                building_and_room(right),
            );
            compare_care_of(draft, &left.care_of, &right.care_of);
            return;
        }
        if left.rooms.is_empty() || right.rooms.is_empty() {
            draft.step_at(Code::A3, StepClass::B, "部屋番号の有無", true, l, r);
        } else if left.rooms.len() != right.rooms.len() && last_room(left) == last_room(right) {
            draft.step_at(Code::A3, StepClass::B, "棟番号の有無", true, l, r);
        } else {
            draft.step_at(Code::A3, StepClass::Difference, "部屋番号が異なる", true, l, r);
        }
    }
    let same_floor = compare_floors(draft, left, right);
    if let Some([l, r]) = building_and_care_of(left, right) {
        record_units(draft, &l, &r);
        return;
    }
    // The same room, or the same floor of a building without room numbers.
    let located = in_chain || (same_rooms && (!left.rooms.is_empty() || same_floor));
    compare_building_names(draft, left, right, located);
    compare_care_of(draft, &left.care_of, &right.care_of);
}

/// Compares 階; returns true when both sides have the same one.
fn compare_floors(draft: &mut ComparisonDraft<'_>, left: &StreetAddress, right: &StreetAddress) -> bool {
    let range = |p: &StreetAddress| p.floor.map_or(0..0, |f| f.start..f.end);
    let value = |p: &StreetAddress| p.floor.map(|f: Number| (f.value, p.basement));
    match (value(left), value(right)) {
        (Some(a), Some(b)) if a == b => {
            let zeros = |p: &StreetAddress| p.floor.map(|f| f.zeros);
            if zeros(left) != zeros(right) {
                draft.step_at(Code::A3, StepClass::B, "先頭の0の有無", true, range(left), range(right));
            }
            return true;
        }
        (Some(_), Some(_)) => {
            draft.step_at(Code::A3, StepClass::Difference, "階が異なる", true, range(left), range(right));
        }
        (None, None) => {}
        _ => draft.step_at(Code::A3, StepClass::B, "階の有無", true, range(left), range(right)),
    }
    false
}

/// Compares 方書.
fn compare_care_of(draft: &mut ComparisonDraft<'_>, left: &[Unit], right: &[Unit]) {
    let (l, r) = (byte_range(left), byte_range(right));
    if units_match(left, right) {
        record_units(draft, left, right);
        return;
    }
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    if short.is_empty() {
        draft.step_at(Code::A3, StepClass::B, "方書の有無", true, l, r);
    } else if units_match(short, &long[..short.len()]) {
        draft.step_at(Code::A3, StepClass::B, "方書の名の省略", true, l, r);
    } else if is_in_kana(left) != is_in_kana(right) {
        draft.step_at(Code::A3, StepClass::B, "方書の漢字とかな", true, l, r);
    } else {
        draft.step_at(Code::A5, StepClass::Difference, "方書が異なる", true, l, r);
    }
}

fn is_in_kana(units: &[Unit]) -> bool {
    units.iter().all(|u| is_katakana(u.c) || is_hiragana(u.c))
}

/// Records what two matching parts need: their spelling, and numerals that a space divides on one side only.
fn record_units(draft: &mut ComparisonDraft<'_>, left: &[Unit], right: &[Unit]) {
    (0..left.len()).for_each(|i| record_relation(draft, relate(left, i, right, i), &left[i], &right[i]));
    if digits_split_differently(left, right) {
        draft.step_at(Code::A3, StepClass::B, "数字の切れ目", true, byte_range(left), byte_range(right));
    }
}

/// Building and 方書 of one side together where a space parts them at different places: 鈴木 太郎方 and 鈴木太郎方.
fn building_and_care_of(left: &StreetAddress, right: &StreetAddress) -> Option<[Vec<Unit>; 2]> {
    let both = [left, right].map(|s| [s.building.as_slice(), s.care_of.as_slice()].concat());
    let adjacent = |s: &StreetAddress| s.rooms.is_empty() && s.floor.is_none() && !s.care_of.is_empty();
    let parted = left.building.len() != right.building.len() && adjacent(left) && adjacent(right);
    (parted && units_match(&both[0], &both[1])).then_some(both)
}

/// Returns whether building and room are the same text split at another place: サンハイツ２ １０１ and サンハイツ２１０１.
fn same_text_split_differently(left: &StreetAddress, right: &StreetAddress) -> bool {
    let text = |p: &StreetAddress| -> String {
        let rooms = p.rooms.iter().map(|n| "0".repeat(n.zeros) + &n.value.to_string()).collect::<Vec<_>>().join("-");
        p.building.iter().map(|u| u.c).chain(rooms.chars()).collect()
    };
    let has_both = |p: &StreetAddress| !p.building.is_empty() && !p.rooms.is_empty();
    has_both(left) && has_both(right) && left.building.len() != right.building.len() && text(left) == text(right)
}

fn last_room(street: &StreetAddress) -> Option<u64> {
    street.rooms.last().map(|n| n.value)
}

/// Compares building names. `located` says that room or floor are the same on both sides.
fn compare_building_names(draft: &mut ComparisonDraft<'_>, left: &StreetAddress, right: &StreetAddress, located: bool) {
    let (l, r) = (left.building.as_slice(), right.building.as_slice());
    if units_match(l, r) {
        record_units(draft, l, r);
        return;
    }
    let (simple_l, simple_r) = (simplified(l), simplified(r));
    if units_match(&simple_l, &simple_r) {
        let (class, label) = match digits_split_differently(&simple_l, &simple_r) {
            true => (StepClass::B, "数字の切れ目"),
            false => (StepClass::A, "棟・番号の表記"),
        };
        draft.step_at(Code::A3, class, label, true, byte_range(l), byte_range(r));
        return;
    }
    let mut step = |code, class, label| draft.step_at(code, class, label, true, byte_range(l), byte_range(r));
    let left_is_short = simple_l.len() < simple_r.len();
    let (short, long) = if left_is_short {
        (simple_l.as_slice(), simple_r.as_slice())
    } else {
        (simple_r.as_slice(), simple_l.as_slice())
    };
    let longer = if left_is_short { right } else { left };
    let attached = longer.room_attached;
    let designator = room_designator(long);
    // コーポＡ１０１ is Ａ１０１, but 東Ａ１０１ is not.
    let same_designator = matches!((short, designator), ([one], Some(designator)) if designator.c == one.c)
        && !has_only_designators(&long[..long.len() - 1]);
    if short.is_empty() || same_designator {
        // 東館Ａ１０１ is another room than Ａ１０１ of the main building.
        let of_building = if same_designator { &long[..long.len() - 1] } else { long };
        if is_wing(of_building) {
            step(Code::A3, StepClass::B, "棟の有無");
        } else if names_care_of_or_floor(of_building) {
            step(Code::A3, StepClass::B, "方書・階の有無");
        } else if !same_designator && (has_only_designators(long) || (attached && designator.is_some())) {
            step(Code::A3, StepClass::B, "棟・部屋の記号の有無");
        } else if longer.number_behind_joint || continues_address(long) {
            step(Code::A3, StepClass::B, "建物名か、番地の続きか");
        } else if longer.lot_letter.is_empty() && may_begin_with_lot_letter(long) {
            step(Code::A3, StepClass::B, "建物名か、番地の後の文字か");
        } else if located && !long.iter().any(|u| is_placeholder(u.c)) {
            step(Code::A3, StepClass::A, "建物名の省略");
        } else {
            step(Code::A3, StepClass::B, "建物名の有無");
        }
    } else if differs_in_designator(&simple_l, &simple_r) || (attached && ends_in_other_designator(short, long)) {
        step(Code::A5, StepClass::Difference, "棟・部屋の記号または番号が異なる");
    } else {
        step(Code::A3, StepClass::B, "建物名が異なる");
    }
}

/// Returns whether the text in place of a building name may continue the address: 8番地3, 字北, a second lot (・2 コーポ), a branch number
/// (3号 桜荘, の三山田ビル), a letter alone behind the number (い 桜荘).
fn continues_address(units: &[Unit]) -> bool {
    let begins_as_lot = units.first().is_some_and(|u| !u.c.is_alphanumeric() || u.c.is_ascii_digit() || u.c == 'ノ');
    let letter_alone = matches!(units, [first, second, ..] if !first.spaced && second.spaced);
    begins_as_lot || letter_alone || units.iter().any(|u| matches!(u.c, '番' | '字' | '丁'))
}

/// Returns whether a building name holds a 方書 or a floor that was not read as one: 鈴木方 桜荘, 山田ビル3階.
fn names_care_of_or_floor(units: &[Unit]) -> bool {
    let ends = |at: usize| units.get(at + 1).is_none_or(|next| next.spaced || !next.c.is_alphanumeric());
    let after_digit = |at: usize| at > 0 && units[at - 1].c.is_ascii_digit();
    units.iter().enumerate().any(|(at, u)| match u.c {
        '方' => at > 0 && ends(at),
        '階' => true,
        'F' => after_digit(at) && ends(at),
        _ => false,
    })
}
