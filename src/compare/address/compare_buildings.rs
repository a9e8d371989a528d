//! Comparison of what follows the numbers of an address: building, floor, room and 方書 (RULES §5 A3, A5).
//!
//! A building name may be omitted. A *designator*, which tells one of several buildings or rooms from the next (a letter, a single katakana,
//! a side, or a number beside 棟, 館 or the room), may not: another designator is another place, and one on one side only is 要確認.

use super::compare_numbers::room_in_chain;
use super::number::{Number, same_values};
use super::pairing::{byte_range, digits_split_differently, record_relation, relate, units_match};
use super::street::StreetAddress;
use super::words::{BUILDING_COUNTERS, is_joining_katakana};
use crate::compare::alignment::UnitRelation;
use crate::compare::char_class::{is_kanji, is_katakana, is_placeholder};
use crate::compare::draft::ComparisonDraft;
use crate::compare::mark;
use crate::compare::numeral::is_kanji_digit;
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
    if units_match(left, right) {
        (0..left.len()).for_each(|i| record_relation(draft, relate(left, i, right, i), &left[i], &right[i]));
        if digits_split_differently(left, right) {
            draft.step_at(Code::A3, StepClass::B, "数字の切れ目", true, byte_range(left), byte_range(right));
        }
    } else if left.is_empty() || right.is_empty() {
        draft.step_at(Code::A3, StepClass::B, "方書の有無", true, byte_range(left), byte_range(right));
    } else {
        draft.step_at(Code::A5, StepClass::Difference, "方書が異なる", true, byte_range(left), byte_range(right));
    }
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
    let split_label = |l: &[Unit], r: &[Unit]| digits_split_differently(l, r).then_some("数字の切れ目");
    if units_match(l, r) {
        (0..l.len()).for_each(|i| record_relation(draft, relate(l, i, r, i), &l[i], &r[i]));
        if let Some(label) = split_label(l, r) {
            draft.step_at(Code::A3, StepClass::B, label, true, byte_range(l), byte_range(r));
        }
        return;
    }
    let (simple_l, simple_r) = (simplified(l), simplified(r));
    if units_match(&simple_l, &simple_r) {
        let (class, label) = match split_label(&simple_l, &simple_r) {
            Some(label) => (StepClass::B, label),
            None => (StepClass::A, "棟・番号の表記"),
        };
        draft.step_at(Code::A3, class, label, true, byte_range(l), byte_range(r));
        return;
    }
    let mut step = |code, class, label| draft.step_at(code, class, label, true, byte_range(l), byte_range(r));
    let (short, long) = if l.len() < r.len() {
        (simple_l.as_slice(), simple_r.as_slice())
    } else {
        (simple_r.as_slice(), simple_l.as_slice())
    };
    let attached = if l.len() < r.len() { right.room_attached } else { left.room_attached };
    let designator = room_designator(long);
    // コーポＡ１０１ is Ａ１０１, but 東Ａ１０１ is not.
    let same_designator = matches!((short, designator), ([one], Some(designator)) if designator.c == one.c)
        && !has_only_designators(&long[..long.len() - 1]);
    if short.is_empty() || same_designator {
        if is_wing(long) {
            step(Code::A3, StepClass::B, "棟の有無");
        } else if !same_designator && (has_only_designators(long) || (attached && designator.is_some())) {
            step(Code::A3, StepClass::B, "棟・部屋の記号の有無");
        } else if continues_address(long) {
            step(Code::A3, StepClass::B, "建物名か、番地の続きか");
        } else if located && !long.iter().any(|u| is_placeholder(u.c)) {
            step(Code::A3, StepClass::A, "建物名の省略");
        } else {
            step(Code::A3, StepClass::B, "建物名の有無");
        }
    } else if differs_in_designator(&simple_l, &simple_r) {
        step(Code::A5, StepClass::Difference, "棟・部屋の記号または番号が異なる");
    } else {
        step(Code::A3, StepClass::B, "建物名が異なる");
    }
}

/// Returns whether the text in place of a building name may continue the address: 8番地3, 字北, a second lot (・2 コーポ).
fn continues_address(units: &[Unit]) -> bool {
    let second_lot = units.first().is_some_and(|u| !u.c.is_alphanumeric());
    second_lot || units.iter().any(|u| matches!(u.c, '番' | '字' | '丁'))
}

/// Words for a side of a building, each with the full-width letter that replaces it. They are designators, but not the same as 東 or E.
const SIDE_WORDS: [(&str, char); 5] =
    [("イースト", 'Ｅ'), ("ウエスト", 'Ｗ'), ("サウス", 'Ｓ'), ("ノース", 'Ｎ'), ("センター", 'Ｃ')];

/// Returns a building name with ２号棟 as ２棟, Ⅱ as 2, and a word for a side as one letter.
fn simplified(units: &[Unit]) -> Vec<Unit> {
    const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let mut out: Vec<Unit> = Vec::with_capacity(units.len());
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        let rest = &units[at..];
        let starts_with =
            |word: &str| word.chars().count() <= rest.len() && word.chars().zip(rest).all(|(c, u)| c == u.c);
        let count = rest.iter().take_while(|u| u.marks & mark::ROMAN != 0 && u.start == unit.start).count();
        let is_alphanumeric =
            |u: Option<&Unit>| u.is_some_and(|u| u.c.is_ascii_alphanumeric() || is_kanji_digit(u.plain));
        let alone = !is_alphanumeric(at.checked_sub(1).and_then(|before| units.get(before)))
            && !is_alphanumeric(units.get(at + count));
        if count > 0 && alone {
            let run: String = rest.iter().take_while(|u| u.start == unit.start).map(|u| u.c).collect();
            let value = ROMAN.iter().position(|roman| *roman == run).map_or(0, |index| index + 1);
            out.extend(value.to_string().chars().map(|c| Unit { c, plain: c, ..*unit }));
            at += run.len();
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

/// Characters that are designators at the end of a name or before 棟 or 館.
const DESIGNATOR_CHARS: &str = "甲乙丙丁戊東西南北上中下左右前後内外表裏本別新旧";

/// Returns whether a unit is a designator: it tells one building or room from the next and is not part of a name.
fn is_designator(units: &[Unit], at: usize) -> bool {
    let c = units[at].c;
    let beside = |like: fn(char) -> bool| {
        let before = at > 0 && !units[at].spaced && like(units[at - 1].c);
        let after = units.get(at + 1).is_some_and(|u| !u.spaced && like(u.c));
        before || after
    };
    let last = units.get(at + 1).is_none_or(|u| matches!(u.c, '棟' | '館' | '号' | '塔' | '側'));
    match c {
        'A'..='Z' => !beside(|c| c.is_ascii_alphabetic()),
        '0'..='9' | 'Ｅ' | 'Ｗ' | 'Ｓ' | 'Ｎ' | 'Ｃ' => true,
        _ if is_joining_katakana(c) => false,
        'い' | 'ろ' | 'は' | 'に' | 'ほ' | 'へ' | 'と' => at == 0 && last,
        _ if is_katakana(c) => !beside(is_katakana),
        _ if c.is_numeric() => !is_kanji(c),
        _ => last && DESIGNATOR_CHARS.contains(c),
    }
}

/// Returns the designator at the end of a building name, which belongs to the room when no space divides them: コーポＡ１０１ is Ａ１０１, not
/// １０１. With a space it ends the name (若葉ハイツＡ 305); the number of a building is not one (山田ビル2 201).
fn room_designator(units: &[Unit]) -> Option<Unit> {
    let last = units.len().checked_sub(1)?;
    let number = last > 0 && units[last].c.is_ascii_digit();
    (!number && is_designator(units, last)).then_some(units[last])
}

/// Words that say which of several buildings, floors or rooms is meant, and are not a name by themselves.
const DESIGNATOR_WORDS: [&str; 15] = [
    "アネツクス",
    "タワー",
    "ウイング",
    "最上",
    "屋上",
    "地下",
    "離レ",
    "離れ",
    "母屋",
    "海側",
    "山側",
    "街区",
    "番館",
    "NO.",
    "NO",
];

/// Characters that are not a name by themselves, besides [`DESIGNATOR_CHARS`], [`BUILDING_COUNTERS`], digits and letters. The full-width
/// letters are those of [`SIDE_WORDS`].
const CONNECTING_CHARS: &str = "#.ノの-ＥＷＳＮＣ";

/// Returns whether a building name is not a name: one character, or only designators, counters and words for a part of a building.
fn has_only_designators(units: &[Unit]) -> bool {
    if units.len() == 1 {
        return true;
    }
    let letters = units.iter().filter(|u| u.c.is_ascii_alphabetic()).count();
    let mut at = 0;
    while at < units.len() {
        let rest = &units[at..];
        let starts_with =
            |word: &&str| word.chars().count() <= rest.len() && word.chars().zip(rest).all(|(c, u)| c == u.c);
        if let Some(word) = DESIGNATOR_WORDS.iter().find(|word| starts_with(word)) {
            at += word.chars().count();
            continue;
        }
        let c = rest[0].c;
        let letter = c.is_ascii_alphabetic() && letters < 4;
        let numeral = c.is_numeric() || is_kanji_digit(rest[0].plain);
        if !(letter
            || numeral
            || DESIGNATOR_CHARS.contains(c)
            || BUILDING_COUNTERS.contains(c)
            || CONNECTING_CHARS.contains(c)
            || is_designator(units, at))
        {
            return false;
        }
        at += 1;
    }
    !units.is_empty()
}

/// Returns whether a building name says which wing or which of several rooms is meant: 棟, ２号館, 東館, Ａ塔, １０１・１０２.
fn is_wing(units: &[Unit]) -> bool {
    units.iter().any(|u| u.c == '棟')
        || match units {
            [.., last] if !last.c.is_alphanumeric() => true,
            [.., before, last] if matches!(last.c, '館' | '塔' | '側' | '号' | '期') => {
                before.c == '番' || before.c == '号' || before.c.is_numeric() || is_designator(units, units.len() - 2)
            }
            _ => false,
        }
}

/// Returns whether two building names differ only in a number or a designator: コーポ２ and コーポ３, Ａ棟 and Ｂ棟, 別館 and 本館, イ and ロ.
fn differs_in_designator(left: &[Unit], right: &[Unit]) -> bool {
    let name = |units: &[Unit]| units.iter().filter(|u| !u.c.is_ascii_digit()).copied().collect::<Vec<_>>();
    let numbers = |units: &[Unit]| -> Vec<String> {
        let text: String = units.iter().map(|u| u.c).collect();
        text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (numbers(left), numbers(right));
    if a.len() == b.len() && a != b && units_match(&name(left), &name(right)) {
        return true;
    }
    let both_designators = |at: usize| is_designator(left, at) && is_designator(right, at);
    left.len() == right.len()
        && (0..left.len()).all(|i| relate(left, i, right, i) != UnitRelation::Unrelated || both_designators(i))
}
