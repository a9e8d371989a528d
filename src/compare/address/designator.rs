//! Designators: what tells one of several buildings, lots or rooms from the next, and is not a name.

use super::pairing::{relate, units_match};
use super::words::{BUILDING_COUNTERS, LOT_KANJI_BEFORE_NAME, LOT_KATAKANA, begins_building_name, is_joining_katakana};
use crate::compare::alignment::UnitRelation;
use crate::compare::char_class::{is_kanji, is_katakana};
use crate::compare::numeral::is_kanji_digit;
use crate::compare::unit::Unit;

/// Characters that are designators at the end of a name or before 棟 or 館.
const DESIGNATOR_CHARS: &str = "甲乙丙丁戊東西南北上中下左右前後内外表裏本別新旧";

/// Returns whether a unit is a designator: it tells one building or room from the next and is not part of a name.
pub(super) fn is_designator(units: &[Unit], at: usize) -> bool {
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
pub(super) fn room_designator(units: &[Unit]) -> Option<Unit> {
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
/// letters are those of the words for sides in `building_name`.
const CONNECTING_CHARS: &str = "#.ノの-ＥＷＳＮＣ";

/// Returns whether a building name is not a name: one character, or only designators, counters and words for a part of a building.
pub(super) fn has_only_designators(units: &[Unit]) -> bool {
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
pub(super) fn is_wing(units: &[Unit]) -> bool {
    // 東館 桜荘
    let wing_before_name = (1..units.len()).any(|at| {
        matches!(units[at].c, '館' | '塔' | '側')
            && units.get(at + 1).is_some_and(|next| next.spaced)
            && (units[at - 1].c.is_numeric() || DESIGNATOR_CHARS.contains(units[at - 1].c))
    });
    wing_before_name
        || units.iter().any(|u| u.c == '棟')
        || match units {
            [.., last] if !last.c.is_alphanumeric() => true,
            [.., before, last] if matches!(last.c, '館' | '塔' | '側' | '号' | '期') => {
                before.c == '番' || before.c == '号' || before.c.is_numeric() || is_designator(units, units.len() - 2)
            }
            _ => false,
        }
}

/// Returns whether two building names differ only in a number or a designator: コーポ２ and コーポ３, Ａ棟 and Ｂ棟, 別館 and 本館, イ and ロ.
pub(super) fn differs_in_designator(left: &[Unit], right: &[Unit]) -> bool {
    let name = |units: &[Unit]| units.iter().filter(|u| !u.c.is_ascii_digit()).copied().collect::<Vec<_>>();
    let numbers = |units: &[Unit]| -> Vec<String> {
        let text: String = units.iter().map(|u| u.c).collect();
        text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (numbers(left), numbers(right));
    if a.len() == b.len() && a != b && units_match(&name(left), &name(right)) {
        return true;
    }
    let both_designators = |at: usize| {
        let roman = may_be_roman(left[at].c, right[at].c) || may_be_roman(right[at].c, left[at].c);
        is_designator(left, at) && is_designator(right, at) && !roman
    };
    left.len() == right.len()
        && (0..left.len()).all(|i| relate(left, i, right, i) != UnitRelation::Unrelated || both_designators(i))
}

/// Returns whether a Latin letter may be the Roman numeral for a digit: ハイツI and ハイツ1.
fn may_be_roman(letter: char, digit: char) -> bool {
    matches!((letter, digit), ('I', '1') | ('V', '5'))
}

/// Returns whether two building names end in designators of one kind that differ, where one is no more than that: コーポＡ１０１ and
/// Ｂ１０１.
pub(super) fn ends_in_other_designator(short: &[Unit], long: &[Unit]) -> bool {
    let ([one], Some(other)) = (short, room_designator(long)) else { return false };
    let same_kind = (one.c.is_ascii_uppercase() && other.c.is_ascii_uppercase())
        || (is_katakana(one.c) && is_katakana(other.c) && !is_joining_katakana(one.c));
    same_kind && one.c != other.c
}

/// Returns whether a building name without a space before it may begin with the letter of the lot: 10番地イハイツ, 10番地甲桜荘, 5-1Aコーポ.
pub(super) fn may_begin_with_lot_letter(units: &[Unit]) -> bool {
    let [first, rest @ ..] = units else { return false };
    if first.spaced {
        return false;
    }
    match first.c {
        'A'..='Z' => !rest.first().is_some_and(|u| u.c.is_ascii_alphanumeric()),
        c if LOT_KATAKANA.contains(c) => !rest.first().is_some_and(|u| is_katakana(u.c)) || begins_building_name(rest),
        c => LOT_KANJI_BEFORE_NAME.contains(c),
    }
}
