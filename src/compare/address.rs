//! 住所: addresses (`DOMAIN §5` A1–A6).

use super::align::SpanKind;
use super::kana::large;
use super::kanji::{kanji_pair, katakana};
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
        'ガ' if kanji(before) && kanji(next) => 'ケ',
        'の' | 'ノ' | '之' if before.is_some() && (kanji(before) || kanji(next) || digit(before)) => 'ノ',
        'つ' | 'っ' if kanji(before) && kanji(next) => 'ツ',
        'る' if matches!(before, Some('上' | '下' | '入')) => 'ル',
        '一' if digit(before) && digit(next) => '-',
        _ if is_bar(c) => {
            let after_kana = before.is_some_and(is_katakana);
            if after_kana && (c == 'ー' || !digit(next)) { 'ー' } else { '-' }
        }
        _ if is_katakana(c) => large(c).unwrap_or(c),
        _ if is_kanji(c) => in_places(standard(c)),
        _ => c,
    }
}

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
        // Where a room of several parts begins must not get lost.
        out.push(if at == parcel.numbers.len() && parcel.rooms.len() > 1 { '#' } else { separator });
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
        out.push_str(&format!("|{}F", floor.value));
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
    let (left, right) = (read(draft.left), read(draft.right));
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
            draft.step(Code::A1, StepClass::A, "全角・半角、空白");
        }
    }
    spans(draft, &left.line, &right.line);
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
                if draft.left[l.clone()] != draft.right[r.clone()] {
                    draft.step_at(Code::A4, StepClass::A, "地名の字", true, l, r);
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
        return;
    }
    let (short, long) = if l.len() < r.len() { (l, r) } else { (r, l) };
    let (lb, rb) = (bytes(l), bytes(r));
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
    if !short.is_empty() && fits(short, &long[extra..]) && long[..extra].iter().any(|u| street(u.c)) {
        draft.step_at(Code::A2, StepClass::B, "通り名の省略", true, lb, rb);
        return;
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
fn room_in_chain(left: &Parcel, right: &Parcel) -> bool {
    let (chained, split) = if left.rooms.is_empty() { (left, right) } else { (right, left) };
    chained.rooms.is_empty()
        && !split.rooms.is_empty()
        && !split.numbers.is_empty()
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
        if left.rooms.is_empty() || right.rooms.is_empty() {
            draft.step_at(Code::A3, StepClass::B, "部屋番号の有無", true, rooms(left), rooms(right));
        } else {
            draft.step_at(Code::A3, StepClass::Difference, "部屋番号が異なる", true, rooms(left), rooms(right));
        }
    }
    let floor = |p: &Parcel| p.floor.map_or(0..0, |f| f.start..f.end);
    match (left.floor, right.floor) {
        (Some(a), Some(b)) if a.value != b.value => {
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
    let same_letter = matches!(few, [one] if letter(many) == Some(one.c));
    if few.is_empty() || same_letter {
        if many.iter().any(|u| u.c == '棟') {
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
    let numbers = |units: &[Unit]| -> Vec<String> {
        let text: String = units.iter().map(|u| u.c).collect();
        text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (numbers(left), numbers(right));
    if a.len() == b.len() && a != b {
        draft.step_at(Code::A3, StepClass::Difference, "棟または建物の番号が異なる", true, l, r);
    } else {
        draft.step_at(Code::A3, StepClass::B, "建物名が異なる", true, l, r);
    }
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
