//! Reading what follows the numbers of an address: the letter of the lot, building, floor, room and 方書 (RULES §5 A3).

use super::numeral::is_kanji_digit;
use super::parcel::{Kind, Number, Parcel, Reader};
use super::unit::{Unit, is_kanji, is_katakana};

/// Reads what follows the chain of numbers: building, floor, room, 方書.
pub(super) fn tail(parcel: &mut Parcel, units: &[Unit]) {
    let plain = units.iter().any(|u| is_bracket(u.c)).then(|| without_brackets(units));
    let mut rest = plain.as_deref().unwrap_or(units);
    let figure = |u: &Unit| u.c.is_ascii_digit() || is_kanji_digit(u.plain);
    while let [first, others @ ..] = rest {
        // 3、4 are two lots, 10の甲 is one.
        let list = first.c != '-' && others.first().is_some_and(figure);
        let letter = first.c == 'ノ' && !first.spaced && lot_len(others) > 0;
        if !(letter || is_punctuation(first.c) && !list || first.c == '-') {
            break;
        }
        rest = others;
    }
    if rest.first().is_some_and(|u| !u.spaced) || rest.len() == 1 {
        let (lot, others) = rest.split_at(lot_len(rest));
        parcel.lot = lot.to_vec();
        rest = others;
        while let [Unit { c: '-', .. }, others @ ..] = rest {
            rest = others;
        }
    }
    let reader = Reader { units: rest };
    let mut end = care_of(parcel, rest, rest.len(), &["様方", "方"]);
    let (whole, located) = (end, rooms(parcel, &reader, end));
    end = floor(parcel, &reader, located);
    parcel.attached = end < whole && !reader.edge(end);
    if parcel.care_of.is_empty() && end < whole {
        end = care_of(parcel, rest, end, &["様方", "方", "様", "気付", "宅"]);
    }
    // A list of rooms, 101・102, must not lose its first ones with the building name.
    let listed = end > 0 && end < rest.len() && is_punctuation(rest[end - 1].c);
    let listed = listed && (end == 1 || rest[end - 2].c.is_ascii_digit());
    let mut apart = false;
    for (at, unit) in rest[..end].iter().enumerate() {
        let first = at == 0 && rest.get(1).is_some_and(figure);
        if is_punctuation(unit.c) && !(listed && at + 1 == end) && !first {
            apart = true;
        } else {
            let gap = std::mem::take(&mut apart);
            parcel.building.push(Unit { spaced: unit.spaced || gap, ..*unit });
        }
    }
    while parcel.building.last().is_some_and(|u| u.c == '-') {
        parcel.building.pop();
    }
    // A name right behind 丁目 that ends in 町 is no building.
    let chome = matches!(parcel.numbers.as_slice(), [only] if only.kind == Some(Kind::Chome));
    let bare = parcel.rooms.is_empty() && parcel.floor.is_none() && !rest.is_empty() && !rest[0].spaced;
    if chome && bare && parcel.building.len() > 1 && parcel.building.last().is_some_and(|u| u.c == '町') {
        parcel.quarter = std::mem::take(&mut parcel.building);
    }
}

fn is_punctuation(c: char) -> bool {
    matches!(c, '・' | ',' | '、' | '，')
}

/// The length of the letter of the lot at the start of what follows the numbers: 甲 or 子 before no other kanji, one katakana, one Latin letter.
fn lot_len(units: &[Unit]) -> usize {
    let Some(first) = units.first() else { return 0 };
    let next = units.get(1).filter(|u| !u.spaced).map(|u| u.c);
    let letter = match first.c {
        'ケ' | 'ツ' | 'ノ' | 'ガ' | 'ー' => false,
        c if is_katakana(c) => next.is_none_or(|n| !is_katakana(n) && !matches!(n, '棟' | '館' | '号')),
        'A'..='Z' => next.is_none_or(|n| n == '-'),
        c => LOTS.contains(c) && next.is_none_or(|n| !is_kanji(n)),
    };
    usize::from(letter)
}

/// Kanji that count lots: 十干 and 十二支.
pub(crate) const LOTS: &str = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥";

/// Reads the 方書 that ends at `end` with one of some words; gives where it begins.
fn care_of(parcel: &mut Parcel, rest: &[Unit], end: usize, words: &[&str]) -> usize {
    let reader = Reader { units: rest };
    let found = words.iter().map(|word| (word, word.chars().count())).find(|(word, len)| {
        let own = end > *len && !(**word == "宅" && matches!(rest[end - 2].c, '社' | '住'));
        // A name ends in no figure.
        let named = own && !rest[end - len - 1].c.is_ascii_digit();
        named && reader.word(end - len, word) && !rest[end - len].spaced
    });
    let Some((_, len)) = found else { return end };
    let name_end = end - len;
    let located = |at: usize| {
        let (c, before) = (rest[at].c, at.checked_sub(1).map(|b| rest[b].c));
        c.is_ascii_digit()
            || matches!(c, '階' | '室' | '号' | '棟')
            || (c == 'F' && before.is_some_and(|b| b.is_ascii_digit()))
    };
    let mut start = name_end - 1;
    while start > 0 && !rest[start].spaced && !located(start - 1) {
        start -= 1;
    }
    parcel.care_of = rest[start..name_end].to_vec();
    start
}

/// Reads the 部屋番号 that ends at `end`, of one part or of several (2-301, 30-1); gives where it begins.
fn rooms(parcel: &mut Parcel, reader: &Reader<'_>, end: usize) -> usize {
    let rest = reader.units;
    let figure = |u: &Unit| u.c.is_ascii_digit() || is_kanji_digit(u.plain);
    let bare = [("号室", 2), ("号", 1), ("室", 1)]
        .iter()
        .find(|(w, n)| end > *n && reader.word(end - n, w) && figure(&rest[end - n - 1]))
        .map_or(end, |(_, n)| end - n);
    let named = bare < end;
    let digits = run_back(rest, bare);
    // 二〇一: with 〇 in it, kanji numerals at the end are no part of a name.
    let kanji = if digits == bare { kanji_back(rest, bare) } else { bare };
    let in_kanji = bare - kanji > 2 && rest[kanji..bare].iter().any(|u| u.plain == '〇');
    let in_kanji = in_kanji && (kanji == 0 || rest[kanji].spaced || rest[kanji - 1].c != '第');
    let start = if in_kanji { kanji } else { digits };
    let parted = start > 1 && rest[start - 1].c == '-' && rest[start - 2].c.is_ascii_digit();
    let is_room = start < bare && (named || parted || bare - start >= 3 || start == 0 || rest[start].spaced);
    let Some(number) = is_room.then(|| reader.number(start, bare)).flatten() else { return end };
    parcel.rooms.push(number);
    let mut end = start;
    while end > 1 && (rest[end - 1].c == '-' || (rest[end - 1].c == 'ノ' && rest[end - 2].c.is_ascii_digit())) {
        let earlier = run_back(rest, end - 1);
        let Some(number) = (earlier < end - 1).then(|| reader.number(earlier, end - 1)).flatten() else { break };
        parcel.rooms.insert(0, number);
        end = earlier;
    }
    end
}

/// Reads the 階 that ends at `end`, or right before the hyphen that parts it from a room (2F-201); gives where it begins.
fn floor(parcel: &mut Parcel, reader: &Reader<'_>, end: usize) -> usize {
    let rest = reader.units;
    let named = |end: usize| match end.checked_sub(1).map(|last| rest[last].c) {
        Some('階') => Some(end - 1),
        Some('F') if end > 1 && rest[end - 2].c.is_ascii_digit() => Some(end - 1),
        _ => None,
    };
    let parted = end > 0 && rest[end - 1].c == '-' && named(end - 1).is_some();
    let Some(bare) = named(if parted { end - 1 } else { end }) else { return end };
    let digits = run_back(rest, bare);
    let mut start = if digits < bare { digits } else { kanji_back(rest, bare) };
    let Some(number) = (start < bare).then(|| reader.number(start, bare)).flatten() else { return end };
    let letter = start > 1 && rest[start - 2].c.is_ascii_alphanumeric();
    if start > 0 && rest[start - 1].c == 'B' && !letter {
        (parcel.basement, start) = (true, start - 1);
    } else if start > 1 && reader.word(start - 2, "地下") {
        (parcel.basement, start) = (true, start - 2);
    }
    parcel.floor = Some(Number { start: rest[start].start as usize, ..number });
    start
}

fn run_back(units: &[Unit], end: usize) -> usize {
    let mut start = end;
    while start > 0 && units[start - 1].c.is_ascii_digit() && (start == end || !units[start].spaced) {
        start -= 1;
    }
    start
}

fn kanji_back(units: &[Unit], end: usize) -> usize {
    let mut start = end;
    while start > 0 && is_kanji_digit(units[start - 1].plain) && (start == end || !units[start].spaced) {
        start -= 1;
    }
    start
}

pub(super) fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '「' | '」' | '『' | '』' | '〔' | '〕' | '【' | '】' | '<' | '>' | '〈' | '〉')
}

/// Takes brackets for spaces: 394-1(小野ビル101号).
fn without_brackets(units: &[Unit]) -> Vec<Unit> {
    let mut spaced = false;
    let mut out = Vec::with_capacity(units.len());
    for unit in units {
        if is_bracket(unit.c) {
            spaced = true;
        } else {
            let apart = std::mem::take(&mut spaced);
            out.push(Unit { spaced: unit.spaced || apart, ..*unit });
        }
    }
    out
}
