//! What follows the numbers of an address: building, floor, room and 方書 (RULES §5 A3, A5).
//!
//! A building name may be left out; what tells one of several buildings or rooms from the next may not. Such a *sign* is a letter, a
//! single katakana, a side or a number beside 棟, 館 or the room: another sign is another place, and one on one side only is asked about.

use super::address::{bytes, fits, pair, parted_otherwise, record, room_in_chain, same_values};
use super::numeral::is_kanji_digit;
use super::parcel::{Number, Parcel};
use super::reason::{Code, StepClass};
use super::step::{Draft, Pair};
use super::unit::{Unit, is_katakana, is_placeholder, mark};

/// Compares building, floor, room and 方書.
pub(super) fn buildings(draft: &mut Draft<'_>, left: &Parcel, right: &Parcel) {
    let range = |p: &Parcel| p.rooms.first().zip(p.rooms.last()).map_or(0..0, |(a, b)| a.start..b.end);
    let (l, r) = (range(left), range(right));
    let same_rooms = same_values(&left.rooms, &right.rooms);
    let in_chain = room_in_chain(left, right);
    if same_rooms {
        if left.rooms.iter().zip(&right.rooms).any(|(a, b)| a.zeros != b.zeros) {
            draft.step_at(Code::A3, StepClass::B, "先頭の0の有無", true, l, r);
        }
    } else if !in_chain && same_values(&left.numbers, &right.numbers) {
        if joined_otherwise(left, right) {
            let whole = |p: &Parcel| bytes(&p.building).start..p.rooms.last().map_or(0, |n| n.end);
            draft.step_at(Code::A3, StepClass::B, "建物名と部屋番号の境目", true, whole(left), whole(right));
            care_of(draft, &left.care_of, &right.care_of);
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
    let same_floor = floors(draft, left, right);
    // The same room, or the same floor of a building whose rooms nobody writes.
    let located = in_chain || (same_rooms && (!left.rooms.is_empty() || same_floor));
    building_names(draft, left, right, located);
    care_of(draft, &left.care_of, &right.care_of);
}

/// Compares 階; true when both sides write the same one.
fn floors(draft: &mut Draft<'_>, left: &Parcel, right: &Parcel) -> bool {
    let range = |p: &Parcel| p.floor.map_or(0..0, |f| f.start..f.end);
    let value = |p: &Parcel| p.floor.map(|f: Number| (f.value, p.basement));
    match (value(left), value(right)) {
        (Some(a), Some(b)) if a == b => {
            let zeros = |p: &Parcel| p.floor.map(|f| f.zeros);
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
fn care_of(draft: &mut Draft<'_>, left: &[Unit], right: &[Unit]) {
    if fits(left, right) {
        (0..left.len()).for_each(|i| record(draft, pair(left, i, right, i), &left[i], &right[i]));
        if parted_otherwise(left, right) {
            draft.step_at(Code::A3, StepClass::B, "数字の切れ目", true, bytes(left), bytes(right));
        }
    } else if left.is_empty() || right.is_empty() {
        draft.step_at(Code::A3, StepClass::B, "方書の有無", true, bytes(left), bytes(right));
    } else {
        draft.step_at(Code::A5, StepClass::Difference, "方書が異なる", true, bytes(left), bytes(right));
    }
}

/// Tells whether building and room are the same text, split at another place: サンハイツ２ １０１ and サンハイツ２１０１.
fn joined_otherwise(left: &Parcel, right: &Parcel) -> bool {
    let text = |p: &Parcel| -> String {
        let rooms = p.rooms.iter().map(|n| "0".repeat(n.zeros) + &n.value.to_string()).collect::<Vec<_>>().join("-");
        p.building.iter().map(|u| u.c).chain(rooms.chars()).collect()
    };
    let some = |p: &Parcel| !p.building.is_empty() && !p.rooms.is_empty();
    some(left) && some(right) && left.building.len() != right.building.len() && text(left) == text(right)
}

fn last_room(parcel: &Parcel) -> Option<u64> {
    parcel.rooms.last().map(|n| n.value)
}

/// Compares building names; `located` when room or floor are the same on both sides.
fn building_names(draft: &mut Draft<'_>, left: &Parcel, right: &Parcel, located: bool) {
    let (l, r) = (left.building.as_slice(), right.building.as_slice());
    let parted = |l: &[Unit], r: &[Unit]| parted_otherwise(l, r).then_some("数字の切れ目");
    if fits(l, r) {
        (0..l.len()).for_each(|i| record(draft, pair(l, i, r, i), &l[i], &r[i]));
        if let Some(label) = parted(l, r) {
            draft.step_at(Code::A3, StepClass::B, label, true, bytes(l), bytes(r));
        }
        return;
    }
    let (plain_l, plain_r) = (simplified(l), simplified(r));
    if fits(&plain_l, &plain_r) {
        let (class, label) = match parted(&plain_l, &plain_r) {
            Some(label) => (StepClass::B, label),
            None => (StepClass::A, "棟・番号の表記"),
        };
        draft.step_at(Code::A3, class, label, true, bytes(l), bytes(r));
        return;
    }
    let mut step = |code, class, label| draft.step_at(code, class, label, true, bytes(l), bytes(r));
    let (few, many) = if l.len() < r.len() {
        (plain_l.as_slice(), plain_r.as_slice())
    } else {
        (plain_r.as_slice(), plain_l.as_slice())
    };
    let attached = if l.len() < r.len() { right.attached } else { left.attached };
    let sign = sign_of_room(many);
    // コーポＡ１０１ is Ａ１０１, but 東Ａ１０１ is not.
    let same_sign =
        matches!((few, sign), ([one], Some(sign)) if sign.c == one.c) && !is_only_signs(&many[..many.len() - 1]);
    if few.is_empty() || same_sign {
        if is_wing(many) {
            step(Code::A3, StepClass::B, "棟の有無");
        } else if !same_sign && (is_only_signs(many) || (attached && sign.is_some())) {
            step(Code::A3, StepClass::B, "棟・部屋の記号の有無");
        } else if is_address(many) {
            step(Code::A3, StepClass::B, "建物名か、番地の続きか");
        } else if located && !many.iter().any(|u| is_placeholder(u.c)) {
            step(Code::A3, StepClass::A, "建物名の省略");
        } else {
            step(Code::A3, StepClass::B, "建物名の有無");
        }
    } else if is_other_sign(&plain_l, &plain_r) {
        step(Code::A5, StepClass::Difference, "棟・部屋の記号または番号が異なる");
    } else {
        step(Code::A3, StepClass::B, "建物名が異なる");
    }
}

/// Tells whether what stands where a building could is perhaps more of the address: 8番地3, 字北, a second lot (・2 コーポ).
fn is_address(units: &[Unit]) -> bool {
    let second = units.first().is_some_and(|u| !u.c.is_alphanumeric());
    second || units.iter().any(|u| matches!(u.c, '番' | '字' | '丁'))
}

/// Words that name a side of a building, and the letter that stands for each here. They are signs, but not the same as 東 or E.
const SIDES: [(&str, char); 5] =
    [("イースト", 'Ｅ'), ("ウエスト", 'Ｗ'), ("サウス", 'Ｓ'), ("ノース", 'Ｎ'), ("センター", 'Ｃ')];

/// Writes ２号棟 as ２棟, Ⅱ as 2, and a word for a side as one sign.
fn simplified(units: &[Unit]) -> Vec<Unit> {
    const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let mut out: Vec<Unit> = Vec::with_capacity(units.len());
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        let rest = &units[at..];
        let starts = |word: &str| word.chars().count() <= rest.len() && word.chars().zip(rest).all(|(c, u)| c == u.c);
        let count = rest.iter().take_while(|u| u.marks & mark::SPELT != 0 && u.start == unit.start).count();
        let figure = |u: Option<&Unit>| u.is_some_and(|u| u.c.is_ascii_alphanumeric() || is_kanji_digit(u.plain));
        let alone = !figure(at.checked_sub(1).and_then(|before| units.get(before))) && !figure(units.get(at + count));
        if count > 0 && alone {
            let run: String = rest.iter().take_while(|u| u.start == unit.start).map(|u| u.c).collect();
            let value = ROMAN.iter().position(|roman| *roman == run).map_or(0, |index| index + 1);
            out.extend(value.to_string().chars().map(|c| Unit { c, plain: c, ..*unit }));
            at += run.len();
        } else if let Some((word, sign)) = SIDES.into_iter().find(|(word, _)| starts(word)) {
            let count = word.chars().count();
            out.push(Unit { c: sign, plain: sign, end: rest[count - 1].end, ..*unit });
            at += count;
        } else {
            if !starts("号棟") || at == 0 {
                out.push(*unit);
            }
            at += 1;
        }
    }
    out
}

/// Characters that say which of several: they are signs at the end of a name or before 棟 or 館.
const WHICH: &str = "甲乙丙丁戊東西南北上中下左右前後内外表裏本別新旧";

/// Tells whether the unit at a place is a sign: it tells one building or room from the next and is no part of a name.
fn is_sign(units: &[Unit], at: usize) -> bool {
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
        'ケ' | 'ツ' | 'ノ' | 'ガ' | 'ー' => false,
        'い' | 'ろ' | 'は' | 'に' | 'ほ' | 'へ' | 'と' => at == 0 && last,
        _ if is_katakana(c) => !beside(is_katakana),
        _ if c.is_numeric() => !super::unit::is_kanji(c),
        _ => last && WHICH.contains(c),
    }
}

/// The sign at the end of a building name, which belongs to the room where no space parts them: コーポＡ１０１ is Ａ１０１, not １０１. Behind a
/// space it ends the name (若葉ハイツＡ 305), and the number of a building is none (山田ビル2 201).
fn sign_of_room(units: &[Unit]) -> Option<Unit> {
    let last = units.len().checked_sub(1)?;
    let number = last > 0 && units[last].c.is_ascii_digit();
    (!number && is_sign(units, last)).then_some(units[last])
}

/// Words and characters that say which of several buildings, floors or rooms, and make no name by themselves.
const WHICH_WORDS: [&str; 15] = [
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

/// Characters that make no name by themselves, beside those of [`WHICH`], figures and letters: counters, and the signs of [`SIDES`].
const COUNTERS: &str = "棟館号塔側階室組班期区街番第地#.ノの-ＥＷＳＮＣ";

/// Tells whether a building name is no name at all: one character, or nothing but signs, counters and words for a part of a building.
fn is_only_signs(units: &[Unit]) -> bool {
    if units.len() == 1 {
        return true;
    }
    let letters = units.iter().filter(|u| u.c.is_ascii_alphabetic()).count();
    let mut at = 0;
    while at < units.len() {
        let rest = &units[at..];
        let starts = |word: &&str| word.chars().count() <= rest.len() && word.chars().zip(rest).all(|(c, u)| c == u.c);
        if let Some(word) = WHICH_WORDS.iter().find(|word| starts(word)) {
            at += word.chars().count();
            continue;
        }
        let c = rest[0].c;
        let letter = c.is_ascii_alphabetic() && letters < 4;
        let figure = c.is_numeric() || is_kanji_digit(rest[0].plain);
        if !(letter || figure || WHICH.contains(c) || COUNTERS.contains(c) || is_sign(units, at)) {
            return false;
        }
        at += 1;
    }
    !units.is_empty()
}

/// Tells whether a building name says which wing or which of several rooms: 棟, ２号館, 東館, Ａ塔, １０１・１０２.
fn is_wing(units: &[Unit]) -> bool {
    units.iter().any(|u| u.c == '棟')
        || match units {
            [.., last] if !last.c.is_alphanumeric() => true,
            [.., before, last] if matches!(last.c, '館' | '塔' | '側' | '号' | '期') => {
                before.c == '番' || before.c == '号' || before.c.is_numeric() || is_sign(units, units.len() - 2)
            }
            _ => false,
        }
}

/// Tells whether two building names differ only in a number or a sign: コーポ２ and コーポ３, Ａ棟 and Ｂ棟, 別館 and 本館, イ and ロ.
fn is_other_sign(left: &[Unit], right: &[Unit]) -> bool {
    let name = |units: &[Unit]| units.iter().filter(|u| !u.c.is_ascii_digit()).copied().collect::<Vec<_>>();
    let numbers = |units: &[Unit]| -> Vec<String> {
        let text: String = units.iter().map(|u| u.c).collect();
        text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (numbers(left), numbers(right));
    if a.len() == b.len() && a != b && fits(&name(left), &name(right)) {
        return true;
    }
    let sign = |at: usize| is_sign(left, at) && is_sign(right, at);
    left.len() == right.len() && (0..left.len()).all(|i| pair(left, i, right, i) != Pair::No || sign(i))
}
