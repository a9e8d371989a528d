//! 住所: addresses (`DOMAIN §5` A1–A6).

use super::align::SpanKind;
use super::kana::large;
use super::kanji::{kanji_pair, katakana};
use super::numeral::{is_kanji_digit, kanji_number};
use super::parcel::{Kind, NUMERAL, Number, Parcel, parcel};
use super::place::{self, Found};
use super::reason::{Code, Hint, StepClass};
use super::step::{Draft, Pair, align};
use super::unit::{self, Line, Unit, is_bar, is_hiragana, is_kanji, is_katakana, is_placeholder, mark};
use super::variants::{in_places, standard};
use super::verdict::Verdict;

/// Folds an address into units: width, variants, ケ ノ ツ, hyphens.
pub(crate) fn units(text: &str) -> Line {
    let mut line = unit::line(text);
    let mut before: Option<char> = None;
    for at in 0..line.units.len() {
        let next = line.units.get(at + 1).map(|u| u.c);
        let unit = &mut line.units[at];
        let c = fold_char(unit.c, before, next);
        if c != unit.c {
            unit.marks |= mark::VARIANT;
            unit.c = c;
        }
        before = Some(c);
    }
    line
}

fn fold_char(c: char, before: Option<char>, next: Option<char>) -> char {
    let kanji = |c: Option<char>| c.is_some_and(is_kanji);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match c {
        '0'..='9' => c,
        'a'..='z' => c.to_ascii_uppercase(),
        'ヶ' | 'ヵ' => 'ケ',
        'ケ' | 'が' if before.is_some() && kanji(next) => 'ケ',
        'ガ' if (kanji(before) || before.is_some_and(is_hiragana)) && kanji(next) => 'ケ',
        'の' | 'ノ' | '之' if before.is_some() => 'ノ',
        'つ' | 'っ' if kanji(before) && kanji(next) => 'ツ',
        'る' if matches!(before, Some('上' | '下' | '入')) => 'ル',
        '一' if digit(before) && digit(next) => '-',
        _ if is_kanji(c) => in_places(standard(c)),
        _ if is_bar(c) => {
            let after_kana = before.is_some_and(is_katakana);
            if after_kana && (c == 'ー' || !digit(next)) { 'ー' } else { '-' }
        }
        _ if is_katakana(c) => large(c).unwrap_or(c),
        _ => c,
    }
}

/// Towns, as folded, whose spellings stand for two towns of one 市区町村: of the 117,000 towns in KEN_ALL of Japan Post (2026-10, no copyright
/// asserted) only 清須市西枇杷島町 has such a pair, 日の出 and 日之出.
const TWINS: [&str; 1] = ["西枇杷島町日ノ出"];

/// An address taken apart.
struct Address {
    line: Line,
    found: Option<Found>,
    /// Units of the 都道府県 and 市区町村.
    head: usize,
    parcel: Parcel,
}

fn read(text: &str) -> Address {
    let line = units(text);
    let found = place::find(&line.units);
    let head = found.as_ref().map_or_else(|| place::prefecture_len(&line.units), |f| f.len);
    let parcel = parcel(&line.units[head..]);
    Address { line, found, head, parcel }
}

/// Gives the canonical form of an address: 市区町村, 町名, numbers joined by `-`, building and 方書.
pub(crate) fn fold(text: &str) -> String {
    let address = read(text);
    let mut out = match address.found.as_ref().and_then(Found::only) {
        Some(id) => place::entry(id).full(),
        None => address.line.units[..address.head].iter().map(|u| u.c).collect(),
    };
    if address.found.is_some() {
        out.push('/');
    }
    let parcel = &address.parcel;
    out.extend(parcel.town.iter().map(|u| u.c));
    let mut separator = '|';
    for (at, number) in parcel.numbers.iter().chain(&parcel.rooms).enumerate() {
        // Where a room of several parts, or one that could be a branch number, begins must not get lost.
        let apart = parcel.rooms.len() > 1 || (parcel.numbers.len() < 3 && number.value < 100);
        out.push(if at == parcel.numbers.len() && apart { '#' } else { separator });
        out.extend(std::iter::repeat_n('0', number.zeros));
        out.push_str(&number.value.to_string());
        separator = '-';
    }
    for (sign, units) in [('|', &parcel.building), ('@', &parcel.care_of)] {
        if !units.is_empty() {
            out.push(sign);
            out.extend(units.iter().map(|u| u.c));
        }
    }
    if let Some(floor) = parcel.floor {
        out.push_str(&format!("|{}{}F", if parcel.basement { "B" } else { "" }, floor.value));
    }
    out
}

/// Gives the normalised 都道府県 and 市区町村.
pub(crate) fn municipality(text: &str) -> Option<String> {
    place::municipality(text)
}

/// Compares two addresses.
pub(crate) fn compare(draft: &mut Draft<'_>) {
    if draft.left == draft.right && !draft.left.chars().any(is_placeholder) {
        return;
    }
    let (mut left, mut right) = (read(draft.left), read(draft.right));
    resplit(&mut left, &mut right);
    if left.line.invisible != right.line.invisible {
        draft.step(Code::A1, StepClass::A, "見えない文字");
    }
    let same_place = municipalities(draft, &left, &right);
    if same_place {
        towns(draft, &left, &right);
        numbers(draft, &left.parcel, &right.parcel);
        buildings(draft, &left.parcel, &right.parcel);
    }
    if draft.verdict() <= Verdict::Notation {
        let unreadable = |line: &Line| line.units.iter().any(|u| is_placeholder(u.c));
        if unreadable(&left.line) || unreadable(&right.line) {
            draft.unreadable += 1;
            draft.step(Code::N3, StepClass::B, "読めない文字");
        } else if draft.steps.is_empty() && draft.left != draft.right {
            let plain = left.line.text() == right.line.text();
            let (code, label) = if plain {
                (Code::A1, "全角・半角、空白")
            } else {
                (Code::A3, "部屋番号・階・方書の表記")
            };
            draft.step(code, StepClass::A, label);
        }
    }
    if draft.drawn {
        spans(draft, &left.line, &right.line);
    }
}

fn bytes(units: &[Unit]) -> std::ops::Range<usize> {
    match (units.first(), units.last()) {
        (Some(first), Some(last)) => first.start as usize..last.end as usize,
        _ => 0..0,
    }
}

/// Compares 都道府県 and 市区町村; false when they differ.
fn municipalities(draft: &mut Draft<'_>, left: &Address, right: &Address) -> bool {
    let (l, r) = (bytes(&left.line.units[..left.head]), bytes(&right.line.units[..right.head]));
    let text = |a: &Address| a.line.units[..a.head].iter().map(|u| u.c).collect::<String>();
    match (&left.found, &right.found) {
        (Some(a), Some(b)) => {
            let meet: Vec<u16> = a.ids.iter().filter(|x| b.ids.iter().any(|y| x.0 == y.0)).map(|x| x.0).collect();
            if meet.is_empty() {
                draft.hint = Some(Hint::Moved);
                draft.step_at(Code::A6, StepClass::Difference, "市区町村が異なる", true, l, r);
                return false;
            }
            if text(left) == text(right) {
                let (head_l, head_r) = (&left.line.units[..left.head], &right.line.units[..right.head]);
                spelling(draft, head_l, head_r);
                // 鹿嶋市 and 鹿島市 without 都道府県 are two cities.
                let spelt_alike = head_l.iter().zip(head_r).all(|(l, r)| l.plain == r.plain);
                if !spelt_alike && a.only().is_none() && a.ids.len() > 1 {
                    draft.step_at(Code::A2, StepClass::B, "字の似た別の市区町村がある", true, l, r);
                }
                return true;
            }
            let plain = a.only().is_some() && a.only() == b.only();
            if plain && a.prefecture != b.prefecture {
                draft.step_at(Code::A2, StepClass::A, "都道府県の省略", true, l, r);
            } else if plain {
                draft.step_at(Code::A2, StepClass::A, "郡の省略", true, l, r);
            } else {
                draft.step_at(Code::A2, StepClass::B, "都道府県・市・区の省略", true, l, r);
            }
            true
        }
        (None, None) => {
            if text(left) == text(right) {
                spelling(draft, &left.line.units[..left.head], &right.line.units[..right.head]);
                return true;
            }
            if left.head > 0 && right.head > 0 {
                draft.hint = Some(Hint::Moved);
                draft.step_at(Code::A6, StepClass::Difference, "都道府県が異なる", true, l, r);
                return false;
            }
            draft.step_at(Code::A2, StepClass::B, "都道府県の省略", true, l, r);
            true
        }
        (known, _) => {
            let (known, other) = if known.is_some() { (left, right) } else { (right, left) };
            let ends = |of: &[Unit], with: &[Unit]| {
                of.len() >= with.len() && of.iter().rev().zip(with.iter().rev()).all(|(a, b)| a.c == b.c)
            };
            let fits = ends(&other.parcel.town, &known.parcel.town);
            let same =
                |a: &[Number], b: &[Number]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value == b.value);
            if fits && same(&other.parcel.numbers, &known.parcel.numbers) {
                draft.step_at(Code::A2, StepClass::B, "市区町村を読み取れない", true, l, r);
                numbers(draft, &left.parcel, &right.parcel);
                buildings(draft, &left.parcel, &right.parcel);
            } else {
                draft.step(Code::AX, StepClass::Difference, "住所が異なる");
            }
            false
        }
    }
}

/// Relates two units of 町名 or building names.
fn pair(left: &[Unit], i: usize, right: &[Unit], j: usize) -> Pair {
    let (l, r) = (left[i].c, right[j].c);
    if l == r && is_kanji(l) {
        return Pair::Equal;
    }
    match (is_placeholder(l), is_placeholder(r)) {
        (true, true) => return Pair::Unreadable,
        (true, false) if !r.is_ascii_digit() => return Pair::Placeholder,
        (false, true) if !l.is_ascii_digit() => return Pair::Placeholder,
        _ => {}
    }
    if l == r {
        return Pair::Equal;
    }
    if is_kanji(l) && is_kanji(r) {
        return match kanji_pair(l, r) {
            Pair::Step(_, class, label) => Pair::Step(Code::A4, class, label),
            other => other,
        };
    }
    if is_hiragana(l) != is_hiragana(r)
        && large(katakana(l)).unwrap_or(katakana(l)) == large(katakana(r)).unwrap_or(katakana(r))
    {
        return Pair::Step(Code::A4, StepClass::B, "ひらがな・カタカナ");
    }
    Pair::No
}

/// Records how two stretches of the same text are spelt; they are equal unit by unit.
fn spelling(draft: &mut Draft<'_>, left: &[Unit], right: &[Unit]) {
    for (l, r) in left.iter().zip(right) {
        record(draft, Pair::Equal, l, r);
    }
}

/// Records what one place of two aligned texts needed.
fn record(draft: &mut Draft<'_>, found: Pair, left: &Unit, right: &Unit) {
    let (l, r) = (left.range(), right.range());
    match found {
        Pair::Equal => {
            if draft.left[l.clone()] == draft.right[r.clone()] {
                return;
            }
            let both = left.marks | right.marks;
            if both & NUMERAL != 0 {
                draft.step_at(Code::A1, StepClass::A, "数字の表記", false, l, r);
            } else if left.plain != right.plain || both & (mark::COMPAT | mark::IVS) != 0 {
                draft.step_at(Code::A4, StepClass::A, "地名の字", true, l, r);
            } else {
                draft.step_at(Code::A1, StepClass::A, "全角・半角、空白", false, l, r);
            }
        }
        Pair::Step(code, class, label) => draft.step_at(code, class, label, true, l, r),
        Pair::Placeholder => {
            draft.placeholders += 1;
            draft.step_at(Code::N3, StepClass::B, "読めない文字", true, l, r);
        }
        Pair::Unreadable => {
            draft.unreadable += 1;
            draft.step_at(Code::N3, StepClass::B, "双方とも読めない文字", true, l, r);
        }
        Pair::No => {}
    }
}

fn fits(left: &[Unit], right: &[Unit]) -> bool {
    left.len() == right.len() && (0..left.len()).all(|i| pair(left, i, right, i) != Pair::No)
}

/// Moves kanji numerals from the first number into the 町名 where the other side shows that they belong there: 与一四丁目 beside 与一4丁目.
fn resplit(left: &mut Address, right: &mut Address) {
    let (short, long) = if left.parcel.town.len() < right.parcel.town.len() { (left, right) } else { (right, left) };
    let count = short.parcel.town.len();
    let moved = &long.parcel.town[count.min(long.parcel.town.len())..];
    let (Some(number), Some(other)) = (short.parcel.numbers.first_mut(), long.parcel.numbers.first()) else { return };
    let start = short.line.units.partition_point(|u| (u.start as usize) < number.start);
    let end = short.line.units.partition_point(|u| (u.start as usize) < number.end);
    let run = &short.line.units[start..end];
    let numeral = |u: &Unit| is_kanji_digit(u.plain) && u.marks & NUMERAL == 0;
    let apart = !moved.is_empty()
        && moved.len() < run.len()
        && moved.iter().all(numeral)
        && moved.iter().zip(run).all(|(a, b)| a.plain == b.plain)
        && kanji_number(run[moved.len()..].iter().map(|u| u.plain)) == Some(other.value);
    if apart && fits(&short.parcel.town, &long.parcel.town[..count]) {
        short.parcel.town.extend_from_slice(&run[..moved.len()]);
        (number.value, number.start) = (other.value, run[moved.len()].start as usize);
        short.parcel.chain.0 = number.start;
    }
}

fn towns(draft: &mut Draft<'_>, left: &Address, right: &Address) {
    let (l, r) = (&left.parcel.town, &right.parcel.town);
    if left.parcel.dropped.len() != right.parcel.dropped.len() {
        let side = |a: &Address| a.parcel.dropped.first().map_or(0..0, |d| d.0..d.1);
        draft.step_at(Code::A2, StepClass::A, "大字・字の省略", false, side(left), side(right));
    }
    if fits(l, r) {
        for i in 0..l.len() {
            record(draft, pair(l, i, r, i), &l[i], &r[i]);
        }
        let both = |i: usize| matches!((l[i].plain, r[i].plain), ('の', '之') | ('之', 'の'));
        if (0..l.len()).any(both) && TWINS.iter().any(|twin| l.iter().map(|u| u.c).eq(twin.chars())) {
            draft.step_at(Code::A4, StepClass::B, "字だけが違う別の町がある", true, bytes(l), bytes(r));
        }
        return;
    }
    let (short, long) = if l.len() < r.len() { (l, r) } else { (r, l) };
    let (lb, rb) = (bytes(l), bytes(r));
    // ハの７４ and ハ７４.
    if let [rest @ .., letter, no] = long.as_slice()
        && no.c == 'ノ'
        && is_katakana(letter.c)
        && rest.len() < short.len()
        && fits(short, &long[..long.len() - 1])
    {
        draft.step_at(Code::A2, StepClass::B, "「の」の有無", true, lb, rb);
        return;
    }
    // 甲, 乙, イ, ロ before the number on one side only.
    if let [rest @ .., last] = long.as_slice()
        && fits(short, rest)
        && "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥".contains(last.c)
    {
        draft.step_at(Code::A2, StepClass::B, "甲・乙などの有無", true, lb, rb);
        return;
    }
    // A street of 京都 before the 町名 on one side only.
    let extra = long.len() - short.len();
    let street = |c: char| matches!(c, '通' | 'ル' | '入');
    let in_kyoto = left.found.as_ref().is_some_and(Found::in_kyoto);
    if in_kyoto && !short.is_empty() && fits(short, &long[extra..]) && long[..extra].iter().any(|u| street(u.c)) {
        draft.step_at(Code::A2, StepClass::B, "通り名の省略", true, lb, rb);
        return;
    }
    // 条 of 北16条西, or a former 区, on one side only.
    let without = |units: &[Unit], word: char| -> Vec<Unit> {
        let digit = |at: usize| at > 0 && units[at - 1].c.is_ascii_digit();
        let keep = |at: usize| units[at].c != word || (word == '条' && !digit(at));
        (0..units.len()).filter(|at| keep(*at)).map(|at| units[at]).collect()
    };
    for (word, label) in [('条', "条の省略"), ('区', "区の有無"), ('第', "「第」の有無")] {
        if short.len() < long.len() && fits(&without(short, word), &without(long, word)) {
            draft.step_at(Code::A2, StepClass::B, label, true, lb, rb);
            return;
        }
    }
    draft.step_at(Code::AX, StepClass::Difference, "町名が異なる", true, lb, rb);
}

fn same_values(a: &[Number], b: &[Number]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value == b.value)
}

/// Compares the chains of numbers, rooms included where one side writes them into the chain.
fn numbers(draft: &mut Draft<'_>, left: &Parcel, right: &Parcel) {
    let (l, r) = (left.chain.0..left.chain.1, right.chain.0..right.chain.1);
    let all = |p: &Parcel| [p.numbers.as_slice(), p.rooms.as_slice()].concat();
    let (all_l, all_r) = (all(left), all(right));
    let both = all_l.iter().zip(&all_r);
    if same_values(&left.numbers, &right.numbers) || room_in_chain(left, right) {
        if both.clone().any(|(a, b)| a.zeros != b.zeros) {
            draft.step_at(Code::A1, StepClass::B, "先頭の0の有無", true, l, r);
        } else if left.numbers.iter().zip(&right.numbers).any(|(a, b)| conflict(a.kind, b.kind)) {
            draft.step_at(Code::A1, StepClass::B, "丁目・番・号の食い違い", true, l, r);
        } else if draft.left[l.clone()] != draft.right[r.clone()] {
            draft.step_at(Code::A1, StepClass::A, "番地の表記", true, l, r);
        }
        return;
    }
    let (short, long) = if left.numbers.len() < right.numbers.len() { (left, right) } else { (right, left) };
    let count = short.numbers.len();
    if count < long.numbers.len() && same_values(&short.numbers, &long.numbers[..count]) {
        let extra = &long.numbers[count..];
        let other_room = long.rooms.is_empty() && !short.rooms.is_empty() && !same_values(extra, &short.rooms);
        if other_room && extra.len() == short.rooms.len() {
            draft.step_at(Code::A3, StepClass::Difference, "部屋番号が異なる", true, l, r);
        } else {
            draft.step_at(Code::A3, StepClass::B, "枝番または部屋番号の有無", true, l, r);
        }
        return;
    }
    let mut digits: [Vec<u8>; 2] =
        [&all_l, &all_r].map(|n| n.iter().flat_map(|n| n.value.to_string().into_bytes()).collect());
    let regrouped = digits[0] == digits[1];
    digits.iter_mut().for_each(|d| d.sort_unstable());
    if regrouped || digits[0] == digits[1] {
        draft.hint = Some(Hint::NumbersRegrouped);
    }
    draft.step_at(Code::A5, StepClass::Difference, "番号が異なる", true, l, r);
}

/// Tells whether the two differ only in that one writes the room into the chain: 1-6-1-410 against 1-6-1 … 410.
///
/// What stands behind 丁目, 番 or 番地 is no room, and a small number behind a short chain may be a branch number as well.
fn room_in_chain(left: &Parcel, right: &Parcel) -> bool {
    let (chained, split) = if left.rooms.is_empty() { (left, right) } else { (right, left) };
    let count = split.numbers.len();
    let Some(before) = count.checked_sub(1).and_then(|last| chained.numbers.get(last)) else { return false };
    chained.rooms.is_empty()
        && !matches!(before.kind, Some(Kind::Chome | Kind::Ban))
        && split.rooms.first().is_some_and(|room| count > 2 || room.value > 99)
        && same_values(&chained.numbers, &[split.numbers.as_slice(), split.rooms.as_slice()].concat())
}

fn conflict(a: Option<Kind>, b: Option<Kind>) -> bool {
    matches!(
        (a, b),
        (Some(Kind::Chome), Some(Kind::Ban | Kind::Go | Kind::Room))
            | (Some(Kind::Ban | Kind::Go | Kind::Room), Some(Kind::Chome))
            | (Some(Kind::Ban), Some(Kind::Go | Kind::Room))
            | (Some(Kind::Go | Kind::Room), Some(Kind::Ban))
    )
}

/// Compares building, floor, room and 方書.
fn buildings(draft: &mut Draft<'_>, left: &Parcel, right: &Parcel) {
    let rooms = |p: &Parcel| p.rooms.first().zip(p.rooms.last()).map_or(0..0, |(a, b)| a.start..b.end);
    let same_rooms = same_values(&left.rooms, &right.rooms);
    let in_chain = room_in_chain(left, right);
    if same_rooms {
        if left.rooms.iter().zip(&right.rooms).any(|(a, b)| a.zeros != b.zeros) {
            draft.step_at(Code::A3, StepClass::B, "先頭の0の有無", true, rooms(left), rooms(right));
        }
    } else if !in_chain && same_values(&left.numbers, &right.numbers) {
        if joined_otherwise(left, right) {
            let whole = |p: &Parcel| bytes(&p.building).start..p.rooms.last().map_or(0, |n| n.end);
            draft.step_at(Code::A3, StepClass::B, "建物名と部屋番号の境目", true, whole(left), whole(right));
            return;
        }
        if left.rooms.is_empty() || right.rooms.is_empty() {
            draft.step_at(Code::A3, StepClass::B, "部屋番号の有無", true, rooms(left), rooms(right));
        } else if left.rooms.len() != right.rooms.len() && last_room(left) == last_room(right) {
            draft.step_at(Code::A3, StepClass::B, "棟番号の有無", true, rooms(left), rooms(right));
        } else {
            draft.step_at(Code::A3, StepClass::Difference, "部屋番号が異なる", true, rooms(left), rooms(right));
        }
    }
    let floor = |p: &Parcel| p.floor.map_or(0..0, |f| f.start..f.end);
    match (left.floor, right.floor) {
        (Some(a), Some(b)) if (a.value, left.basement) != (b.value, right.basement) => {
            draft.step_at(Code::A3, StepClass::Difference, "階が異なる", true, floor(left), floor(right));
        }
        (None, Some(_)) | (Some(_), None) => {
            draft.step_at(Code::A3, StepClass::B, "階の有無", true, floor(left), floor(right));
        }
        _ => {}
    }
    let has_room = in_chain || (same_rooms && !left.rooms.is_empty());
    building_names(draft, left, right, has_room);
    let (a, b) = (&left.care_of, &right.care_of);
    if a.is_empty() != b.is_empty() {
        draft.step_at(Code::A3, StepClass::B, "方書の有無", true, bytes(a), bytes(b));
    } else if fits(a, b) {
        for i in 0..a.len() {
            record(draft, pair(a, i, b, i), &a[i], &b[i]);
        }
    } else {
        draft.step_at(Code::A3, StepClass::B, "方書が異なる", true, bytes(a), bytes(b));
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

fn building_names(draft: &mut Draft<'_>, left: &Parcel, right: &Parcel, has_room: bool) {
    let (left_attached, right_attached) = (left.attached, right.attached);
    let (left, right) = (left.building.as_slice(), right.building.as_slice());
    if fits(left, right) {
        for i in 0..left.len() {
            record(draft, pair(left, i, right, i), &left[i], &right[i]);
        }
        return;
    }
    let (l, r) = (bytes(left), bytes(right));
    let (few, many, attached) =
        if left.len() < right.len() { (left, right, right_attached) } else { (right, left, left_attached) };
    // A letter right before the room belongs to the room: コーポＡ１０１ is Ａ１０１, not １０１.
    let letter = |units: &[Unit]| match units {
        [.., before, last] if last.c.is_ascii_uppercase() && !before.c.is_ascii_alphanumeric() => Some(last.c),
        [last] if last.c.is_ascii_alphanumeric() => Some(last.c),
        _ => None,
    };
    // ２号棟 is ２棟.
    let wings = |units: &[Unit]| -> Vec<Unit> {
        let counter = |at: usize| units[at].c == '号' && units.get(at + 1).is_some_and(|u| u.c == '棟');
        (0..units.len()).filter(|at| !counter(*at)).map(|at| units[at]).collect()
    };
    if fits(&wings(left), &wings(right)) {
        draft.step_at(Code::A3, StepClass::A, "棟の表記", true, l, r);
        return;
    }
    let same_letter = matches!(few, [one] if letter(many) == Some(one.c));
    if few.is_empty() || same_letter {
        if wing(many, attached) {
            draft.step_at(Code::A3, StepClass::B, "棟の有無", true, l, r);
        } else if !same_letter && letter(many).is_some() && (attached || many.len() == 1) {
            draft.step_at(Code::A3, StepClass::B, "部屋番号の英字の有無", true, l, r);
        } else if has_room && !many.iter().any(|u| is_placeholder(u.c)) {
            draft.step_at(Code::A3, StepClass::A, "建物名の省略", true, l, r);
        } else {
            draft.step_at(Code::A3, StepClass::B, "建物名の有無", true, l, r);
        }
        return;
    }
    if other_wing(left, right) {
        draft.step_at(Code::A3, StepClass::Difference, "棟または建物の番号が異なる", true, l, r);
    } else {
        draft.step_at(Code::A3, StepClass::B, "建物名が異なる", true, l, r);
    }
}

/// Tells whether a building name says which wing or which of several rooms: 棟, ２号館, 東館, メゾン東１０１, １０１・１０２.
fn wing(units: &[Unit], attached: bool) -> bool {
    units.iter().any(|u| u.c == '棟')
        || match units {
            [.., last] if !last.c.is_alphanumeric() => true,
            [.., before, last] if last.c == '館' => {
                "東西南北本新別旧号".contains(before.c) || before.c.is_ascii_alphanumeric()
            }
            [.., last] => attached && "東西南北左右".contains(last.c),
            [] => false,
        }
}

/// Tells whether two building names differ only in a number, or in the letter before 棟: コーポ２ and コーポ３, Ａ棟 and Ｂ棟.
fn other_wing(left: &[Unit], right: &[Unit]) -> bool {
    let name = |units: &[Unit]| units.iter().filter(|u| !u.c.is_ascii_digit()).copied().collect::<Vec<_>>();
    let numbers = |units: &[Unit]| -> Vec<String> {
        let text: String = units.iter().map(|u| u.c).collect();
        text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (numbers(left), numbers(right));
    if a.len() == b.len() && a != b && fits(&name(left), &name(right)) {
        return true;
    }
    let letter = |at: usize| {
        let wing = |units: &[Unit]| units.get(at + 1).is_some_and(|u| matches!(u.c, '棟' | '館'));
        left[at].c.is_ascii_uppercase() && right[at].c.is_ascii_uppercase() && wing(left) && wing(right)
    };
    left.len() == right.len() && (0..left.len()).all(|i| pair(left, i, right, i) != Pair::No || letter(i))
}

/// Draws the spans from an alignment of the two texts, coloured by the steps they lie in.
fn spans(draft: &mut Draft<'_>, left: &Line, right: &Line) {
    let (l, r) = (&left.units, &right.units);
    let places = align(l, r, |i, j| match pair(l, i, r, j) {
        Pair::Equal => 0,
        Pair::No => 7,
        _ => 2,
    });
    let (mut at_left, mut at_right) = (0, 0);
    for (i, j) in places {
        let a = i.map_or(at_left..at_left, |i| l[i].range());
        let b = j.map_or(at_right..at_right, |j| r[j].range());
        let paired = i.zip(j).is_some_and(|(i, j)| pair(l, i, r, j) == Pair::Equal);
        let kind = if paired && draft.left[a.clone()] == draft.right[b.clone()] {
            SpanKind::Equal
        } else if paired {
            SpanKind::Notation
        } else {
            let inside = |step: &super::step::Step| {
                (i.is_some() && step.left.start <= a.start && a.end <= step.left.end)
                    || (j.is_some() && step.right.start <= b.start && b.end <= step.right.end)
            };
            match draft.steps.iter().filter(|s| inside(s)).map(|s| s.class).max() {
                Some(StepClass::Difference) => SpanKind::Different,
                Some(StepClass::B) => SpanKind::Uncertain,
                _ => SpanKind::Notation,
            }
        };
        (at_left, at_right) = (a.end, b.end);
        draft.span(kind, a, b);
    }
}
