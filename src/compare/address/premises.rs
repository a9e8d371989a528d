//! Reading what follows the numbers of an address: the letter of the lot, building, floor, room and 方書 (RULES §5 A3).

use super::number::{Counter, Number};
use super::reader::{MIN_ROOM_DIGITS, UnitReader};
use super::street::StreetAddress;
use super::words::{self, LOT_KANJI, is_joining_katakana};
use crate::compare::char_class::{is_bracket, is_kanji, is_katakana};
use crate::compare::numeral::is_kanji_digit;
use crate::compare::unit::Unit;

/// Reads what follows the chain of numbers: building, floor, room, 方書.
pub(super) fn read_premises(street: &mut StreetAddress, units: &[Unit]) {
    let without_brackets = units.iter().any(|u| is_bracket(u.c)).then(|| brackets_as_spaces(units));
    let mut rest = without_brackets.as_deref().unwrap_or(units);
    let mut joint = None;
    while let [first, others @ ..] = rest {
        // 3、4 are two lots, 10の甲 is one.
        let list = first.c != '-' && others.first().is_some_and(is_numeral);
        let letter = first.c == 'ノ' && !first.spaced && lot_letter_len(others, Some('ノ')) > 0;
        if !(letter || is_punctuation(first.c) && !list || first.c == '-') {
            break;
        }
        joint = (letter || first.c == '-').then_some(first.c);
        rest = others;
    }
    street.number_behind_joint = joint.is_some() && rest.first().is_some_and(is_numeral);
    if rest.first().is_some_and(|u| !u.spaced) || rest.len() == 1 {
        let (lot, others) = rest.split_at(lot_letter_len(rest, joint));
        street.lot_letter = lot.to_vec();
        rest = others;
        while let [Unit { c: '-', .. }, others @ ..] = rest {
            rest = others;
        }
        if let [Unit { c: 'ノ', spaced: false, .. }, others @ ..] = rest
            && !lot.is_empty()
            && others.first().is_some_and(is_numeral)
        {
            rest = others;
        }
    }
    let reader = UnitReader { units: rest };
    let mut end = read_care_of(street, rest, rest.len());
    let (room_end, floor_end) = (end, read_rooms(street, &reader, end));
    let names_room = room_end > 0 && rest[room_end - 1].c == '室';
    let begins_with_room = floor_end == 0 && rest.first().is_some_and(|u| !u.spaced) && !street.rooms.is_empty();
    street.room_behind_letter = !street.lot_letter.is_empty() && begins_with_room && !names_room;
    end = read_floor(street, &reader, floor_end);
    street.room_attached = end < room_end && !reader.is_boundary(end);
    if street.care_of.is_empty() && end < room_end {
        end = read_care_of(street, rest, end);
    }
    // A list of rooms, 101・102, must not lose its first ones with the building name.
    let listed = end > 0 && end < rest.len() && is_punctuation(rest[end - 1].c);
    let listed = listed && (end == 1 || rest[end - 2].c.is_ascii_digit());
    let mut after_gap = false;
    for (at, unit) in rest[..end].iter().enumerate() {
        let first = at == 0 && rest.get(1).is_some_and(is_numeral);
        if is_punctuation(unit.c) && !(listed && at + 1 == end) && !first {
            after_gap = true;
        } else {
            let spaced = std::mem::take(&mut after_gap) || unit.spaced;
            street.building.push(Unit { spaced, ..*unit });
        }
    }
    while street.building.last().is_some_and(|u| u.c == '-') {
        street.building.pop();
    }
    // A name right behind 丁目 that ends in 町 is not a building.
    let chome = matches!(street.numbers.as_slice(), [only] if only.counter == Some(Counter::Chome));
    let bare = street.rooms.is_empty() && street.floor.is_none() && !rest.is_empty() && !rest[0].spaced;
    if chome && bare && street.building.len() > 1 && street.building.last().is_some_and(|u| u.c == '町') {
        street.quarter = std::mem::take(&mut street.building);
    }
}

/// Returns whether a unit is a digit or a kanji numeral.
fn is_numeral(unit: &Unit) -> bool {
    unit.c.is_ascii_digit() || is_kanji_digit(unit.plain)
}

fn is_punctuation(c: char) -> bool {
    matches!(c, '・' | ',' | '、' | '，')
}

/// Returns the number of units (0 or 1) of the lot letter at the start: 甲 or 子 without a kanji behind it, one katakana, one Latin letter.
///
/// `joint` is the の or the hyphen that joins it to the numbers, so that a building name may follow without a space: 10番地のイハイツ. Behind
/// a hyphen a building name may begin as well: 5-1-ハイツ桜.
fn lot_letter_len(units: &[Unit], joint: Option<char>) -> usize {
    let Some(first) = units.first() else { return 0 };
    let next = units.get(1).filter(|u| !u.spaced).map(|u| u.c);
    // イの1
    let before_number = next == Some('ノ') && units.get(2).is_some_and(|u| is_numeral(u) && !u.spaced);
    let before_name = match next {
        Some(n) if is_kanji(n) => joint.is_some() && !"棟館号塔側階室".contains(n),
        Some(n) if is_katakana(n) => joint == Some('ノ') || joint.is_some() && words::begins_building_name(&units[1..]),
        _ => false,
    };
    let letter = match first.c {
        c if is_joining_katakana(c) => false,
        c if is_katakana(c) => {
            before_number
                || (before_name && words::LOT_KATAKANA.contains(c))
                || next.is_none_or(|n| !is_katakana(n) && !matches!(n, '棟' | '館' | '号'))
        }
        'A'..='Z' => before_number || before_name || next.is_none_or(|n| n == '-'),
        c => {
            LOT_KANJI.contains(c) && next.is_none_or(|n| !is_kanji(n))
                || (before_name && words::LOT_KANJI_BEFORE_NAME.contains(c))
        }
    };
    usize::from(letter)
}

/// Reads the 方書 that ends at `end`; returns its start.
fn read_care_of(street: &mut StreetAddress, rest: &[Unit], end: usize) -> usize {
    let reader = UnitReader { units: rest };
    let found = words::CARE_OF_WORDS.iter().map(|word| (word, word.chars().count())).find(|(word, len)| {
        // 社宅 and 住宅 are buildings.
        let is_word = end > *len && !(**word == "宅" && matches!(rest[end - 2].c, '社' | '住'));
        // A name does not end in a digit.
        let named = is_word && !rest[end - len - 1].c.is_ascii_digit();
        named && reader.word(end - len, word) && !rest[end - len].spaced
    });
    let Some((_, len)) = found else { return end };
    let name_end = end - len;
    let is_location = |at: usize| {
        let (c, before) = (rest[at].c, at.checked_sub(1).map(|b| rest[b].c));
        c.is_ascii_digit()
            || matches!(c, '階' | '室' | '号' | '棟')
            || (c == 'F' && before.is_some_and(|b| b.is_ascii_digit()))
    };
    let mut start = name_end - 1;
    while start > 0 && !rest[start].spaced && !is_location(start - 1) {
        start -= 1;
    }
    street.care_of = rest[start..name_end].to_vec();
    start
}

/// Reads the 部屋番号 that ends at `end`, of one or several parts (2-301, 30-1); returns its start.
fn read_rooms(street: &mut StreetAddress, reader: &UnitReader<'_>, end: usize) -> usize {
    let rest = reader.units;
    let number_end = words::ROOM_WORDS
        .iter()
        .find(|(word, len)| end > *len && reader.word(end - len, word) && is_numeral(&rest[end - len - 1]))
        .map_or(end, |(_, len)| end - len);
    let named = number_end < end;
    let digits = digits_start(rest, number_end);
    // 二〇一: kanji numerals at the end with 〇 among them are not part of a name.
    let kanji = if digits == number_end { kanji_digits_start(rest, number_end) } else { number_end };
    let in_kanji = number_end - kanji > 2 && rest[kanji..number_end].iter().any(|u| u.plain == '〇');
    let in_kanji = in_kanji && (kanji == 0 || rest[kanji].spaced || rest[kanji - 1].c != '第');
    let start = if in_kanji { kanji } else { digits };
    let after_hyphen = start > 1 && rest[start - 1].c == '-' && rest[start - 2].c.is_ascii_digit();
    // A1 and A-1, but not the number behind a Latin word.
    let letter = if start > 1 && rest[start - 1].c == '-' { start - 2 } else { start.saturating_sub(1) };
    let is_single = letter == 0 || rest[letter].spaced || !rest[letter - 1].c.is_ascii_alphanumeric();
    let lettered = start > 0 && rest[letter].c.is_ascii_uppercase() && is_single;
    let is_room = start < number_end
        && (named
            || after_hyphen
            || lettered
            || number_end - start >= MIN_ROOM_DIGITS
            || start == 0
            || rest[start].spaced);
    let Some(number) = is_room.then(|| reader.number(start, number_end)).flatten() else { return end };
    street.rooms.push(number);
    let mut end = start;
    while end > 1 && (rest[end - 1].c == '-' || (rest[end - 1].c == 'ノ' && rest[end - 2].c.is_ascii_digit())) {
        let earlier = digits_start(rest, end - 1);
        let Some(number) = (earlier < end - 1).then(|| reader.number(earlier, end - 1)).flatten() else { break };
        street.rooms.insert(0, number);
        end = earlier;
    }
    end
}

/// Reads the 階 that ends at `end`, or before a hyphen in front of a room (2F-201); returns its start.
fn read_floor(street: &mut StreetAddress, reader: &UnitReader<'_>, end: usize) -> usize {
    let rest = reader.units;
    let word_start = |end: usize| match end.checked_sub(1).map(|last| rest[last].c) {
        Some('階') => Some(end - 1),
        Some('F') if end > 1 && rest[end - 2].c.is_ascii_digit() => Some(end - 1),
        _ => None,
    };
    let before_hyphen = end > 0 && rest[end - 1].c == '-' && word_start(end - 1).is_some();
    let Some(number_end) = word_start(if before_hyphen { end - 1 } else { end }) else { return end };
    let digits = digits_start(rest, number_end);
    let mut start = if digits < number_end { digits } else { kanji_digits_start(rest, number_end) };
    let Some(number) = (start < number_end).then(|| reader.number(start, number_end)).flatten() else { return end };
    let letter = start > 1 && rest[start - 2].c.is_ascii_alphanumeric();
    if start > 0 && rest[start - 1].c == 'B' && !letter {
        (street.basement, start) = (true, start - 1);
    } else if start > 1 && reader.word(start - 2, "地下") {
        (street.basement, start) = (true, start - 2);
    }
    street.floor = Some(Number { start: rest[start].start as usize, ..number });
    start
}

/// Returns the start of the run of Latin digits that ends at `end`.
fn digits_start(units: &[Unit], end: usize) -> usize {
    let mut start = end;
    while start > 0 && units[start - 1].c.is_ascii_digit() && (start == end || !units[start].spaced) {
        start -= 1;
    }
    start
}

/// Returns the start of the run of kanji numerals that ends at `end`.
fn kanji_digits_start(units: &[Unit], end: usize) -> usize {
    let mut start = end;
    while start > 0 && is_kanji_digit(units[start - 1].plain) && (start == end || !units[start].spaced) {
        start -= 1;
    }
    start
}

/// Replaces brackets by spaces: 394-1(小野ビル101号).
fn brackets_as_spaces(units: &[Unit]) -> Vec<Unit> {
    let mut after_bracket = false;
    let mut out = Vec::with_capacity(units.len());
    for unit in units {
        if is_bracket(unit.c) {
            after_bracket = true;
        } else {
            let spaced = std::mem::take(&mut after_bracket) || unit.spaced;
            out.push(Unit { spaced, ..*unit });
        }
    }
    out
}
