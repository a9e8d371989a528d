//! 住所: addresses (RULES §5 A1–A7).

use super::align::SpanKind;
use super::building::buildings;
use super::kana::large;
use super::kanji::{kanji_pair, katakana};
use super::numeral::{is_kanji_digit, kanji_number};
use super::parcel::{Doubt, Kind, NUMERAL, Number, Parcel, first_into_town, parcel};
use super::place::{self, Found};
use super::postal;
use super::reason::{Code, Hint, StepClass};
use super::step::{Draft, Pair, align};
use super::town::towns;
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

/// An address taken apart.
pub(super) struct Address {
    line: Line,
    /// Units of the 郵便番号.
    postal: usize,
    pub(super) found: Option<Found>,
    /// Where the 都道府県 and 市区町村 behind it end.
    head: usize,
    pub(super) parcel: Parcel,
}

impl Address {
    /// 都道府県 and 市区町村 as they stand.
    fn municipality(&self) -> &[Unit] {
        &self.line.units[self.postal..self.head]
    }

    /// Tells whether nothing but numbers, a building or a room is written.
    fn has_no_place(&self) -> bool {
        self.head == self.postal && self.parcel.town.is_empty()
    }
}

fn read(text: &str) -> Address {
    let line = units(text);
    let postal = postal::len(&line.units);
    let found = place::find(&line.units[postal..]);
    let len = found.as_ref().map_or_else(|| place::prefecture_len(&line.units[postal..]), |f| f.len);
    let head = postal + len;
    let parcel = parcel(&line.units[head..]);
    Address { line, postal, found, head, parcel }
}

/// Gives the canonical form of an address: 市区町村, 町名, numbers joined by `-`, building and 方書.
pub(crate) fn fold(text: &str) -> String {
    let address = read(text);
    let mut out: String = postal::digits(&address.line.units[..address.postal]).collect();
    match address.found.as_ref().and_then(Found::only) {
        Some(id) => out.push_str(&place::entry(id).full()),
        None => out.extend(address.municipality().iter().map(|u| u.c)),
    }
    if address.found.is_some() {
        out.push('/');
    }
    let parcel = &address.parcel;
    out.extend(parcel.town.iter().map(|u| u.c));
    if parcel.dropped.iter().any(|section| section.first == '小') {
        out.push('小');
    }
    let mut separator = '|';
    for (at, number) in parcel.numbers.iter().chain(&parcel.rooms).enumerate() {
        // Where a room of several parts, or one that could be a branch number, begins must not get lost.
        let apart = parcel.rooms.len() > 1 || parcel.numbers.len() < 3;
        out.push(if at == parcel.numbers.len() && apart { '#' } else { separator });
        match (number.doubt, number.kind) {
            (Doubt::Always, _) | (Doubt::Unnamed, None) => out.push('?'),
            _ => {}
        }
        out.extend(std::iter::repeat_n('0', number.zeros));
        out.push_str(&number.value.to_string());
        separator = '-';
    }
    if let [only] = parcel.numbers.as_slice()
        && !is_lot(only.kind)
        && !tells_next(&parcel.town)
    {
        out.push(if matches!(only.kind, Some(Kind::Chome | Kind::Bancho)) { '丁' } else { '号' });
    }
    for (sign, units) in [('=', &parcel.lot), ('>', &parcel.quarter), ('|', &parcel.building), ('@', &parcel.care_of)] {
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
    if resplit(&mut left, &mut right) {
        let (l, r) = (left.parcel.chain, right.parcel.chain);
        draft.step_at(Code::A1, StepClass::B, "漢数字の切れ目", true, l.0..l.1, r.0..r.1);
    }
    lift_chome(&mut left, &mut right);
    if left.line.invisible != right.line.invisible {
        draft.step(Code::A1, StepClass::A, "見えない文字");
    }
    if postal_codes(draft, &left, &right) && municipalities(draft, &left, &right) {
        towns(draft, &left, &right);
        numbers(draft, &left.parcel, &right.parcel);
        let labels = ["番地の後の文字の有無", "番地の後の文字が異なる"];
        behind_numbers(draft, &left.parcel.lot, &right.parcel.lot, Code::A5, labels);
        let labels = ["丁目の後の町名の有無", "丁目の後の町名が異なる"];
        behind_numbers(draft, &left.parcel.quarter, &right.parcel.quarter, Code::AX, labels);
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
            } else if [&left, &right].iter().any(|a| a.parcel.is_located()) {
                (Code::A3, "部屋番号・階・方書の表記")
            } else {
                (Code::A1, "区切りの表記")
            };
            draft.step(code, StepClass::A, label);
        }
    }
    if draft.drawn {
        spans(draft, &left.line, &right.line);
    }
}

pub(super) fn bytes(units: &[Unit]) -> std::ops::Range<usize> {
    match (units.first(), units.last()) {
        (Some(first), Some(last)) => first.start as usize..last.end as usize,
        _ => 0..0,
    }
}

/// Compares 郵便番号; false when one side has no address behind it, so that there is nothing else to compare.
///
/// A code that stands on one side only, or differs, is asked about: it says something about the place, but is not the place.
fn postal_codes(draft: &mut Draft<'_>, left: &Address, right: &Address) -> bool {
    let (l, r) = (&left.line.units[..left.postal], &right.line.units[..right.postal]);
    if l.is_empty() && r.is_empty() {
        return true;
    }
    if !postal::digits(l).eq(postal::digits(r)) {
        let label = if l.is_empty() || r.is_empty() { "郵便番号の有無" } else { "郵便番号が異なる" };
        draft.step_at(Code::A2, StepClass::B, label, true, bytes(l), bytes(r));
    } else if draft.left[bytes(l)] != draft.right[bytes(r)] {
        draft.step_at(Code::A1, StepClass::A, "郵便番号の表記", true, bytes(l), bytes(r));
    }
    if left.has_no_place() != right.has_no_place() {
        draft.step(Code::A2, StepClass::B, "郵便番号の後の住所の有無");
        return false;
    }
    true
}

/// Compares 都道府県 and 市区町村; false when they differ.
fn municipalities(draft: &mut Draft<'_>, left: &Address, right: &Address) -> bool {
    let (l, r) = (bytes(left.municipality()), bytes(right.municipality()));
    let text = |a: &Address| a.municipality().iter().map(|u| u.c).collect::<String>();
    match (&left.found, &right.found) {
        (Some(a), Some(b)) => {
            let meet: Vec<u16> = a.ids.iter().filter(|x| b.ids.iter().any(|y| x.0 == y.0)).map(|x| x.0).collect();
            if meet.is_empty() {
                draft.hint = Some(Hint::Moved);
                draft.step_at(Code::A6, StepClass::Difference, "市区町村が異なる", true, l, r);
                return false;
            }
            if text(left) == text(right) {
                let (head_l, head_r) = (left.municipality(), right.municipality());
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
                spelling(draft, left.municipality(), right.municipality());
                return true;
            }
            if left.head > left.postal && right.head > right.postal {
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
pub(super) fn pair(left: &[Unit], i: usize, right: &[Unit], j: usize) -> Pair {
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
    if shape(l) == Some(r) || shape(r) == Some(l) {
        return Pair::Step(Code::A4, StepClass::B, "形の似た字");
    }
    Pair::No
}

/// The kanji that looks like a katakana: whoever typed an address from paper may have taken one for the other.
fn shape(katakana: char) -> Option<char> {
    Some(match katakana {
        'ハ' => '八',
        'ニ' => '二',
        'ロ' => '口',
        'カ' => '力',
        'エ' => '工',
        'タ' => '夕',
        'ト' => '卜',
        'オ' => '才',
        'チ' => '千',
        'ミ' => '三',
        _ => return None,
    })
}

/// Records how two stretches of the same text are spelt; they are equal unit by unit.
fn spelling(draft: &mut Draft<'_>, left: &[Unit], right: &[Unit]) {
    for (l, r) in left.iter().zip(right) {
        record(draft, Pair::Equal, l, r);
    }
}

/// Records what one place of two aligned texts needed.
pub(super) fn record(draft: &mut Draft<'_>, found: Pair, left: &Unit, right: &Unit) {
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

pub(super) fn fits(left: &[Unit], right: &[Unit]) -> bool {
    left.len() == right.len() && (0..left.len()).all(|i| pair(left, i, right, i) != Pair::No)
}

/// Tells whether two stretches of the same text part their figures at different places: 1 12 and 11 2, ⅠⅠ and Ⅱ.
pub(super) fn parted_otherwise(left: &[Unit], right: &[Unit]) -> bool {
    let spelt = |u: &Unit| u.marks & mark::SPELT != 0;
    let figure = |u: &Unit| u.c.is_ascii_digit() || is_kanji_digit(u.plain) || spelt(u);
    let parted = |[a, b]: [&Unit; 2]| b.spaced || (spelt(a) && spelt(b) && a.start != b.start);
    left.windows(2).zip(right.windows(2)).any(|(l, r)| {
        let figures = [&l[0], &l[1], &r[0], &r[1]].into_iter().all(figure);
        figures && parted([&l[0], &l[1]]) != parted([&r[0], &r[1]])
    })
}

/// Moves kanji numerals from the first number into the 町名 where the other side shows that they belong there: 与一四丁目 beside 与一4丁目.
///
/// True when the numeral is a whole number as it stands (赤坂二十三番地 beside 赤坂二13番地), so that a person must say where it is cut.
fn resplit(left: &mut Address, right: &mut Address) -> bool {
    let (short, long) = if left.parcel.town.len() < right.parcel.town.len() { (left, right) } else { (right, left) };
    let count = short.parcel.town.len();
    let moved = &long.parcel.town[count.min(long.parcel.town.len())..];
    let (Some(number), Some(other)) = (short.parcel.numbers.first_mut(), long.parcel.numbers.first()) else {
        return false;
    };
    let start = short.line.units.partition_point(|u| (u.start as usize) < number.start);
    let end = short.line.units.partition_point(|u| (u.start as usize) < number.end);
    let run = &short.line.units[start..end];
    let numeral = |u: &Unit| is_kanji_digit(u.plain) && u.marks & NUMERAL == 0;
    let apart = !moved.is_empty()
        && moved.len() < run.len()
        && moved.iter().all(numeral)
        && moved.iter().zip(run).all(|(a, b)| a.plain == b.plain)
        && kanji_number(run[moved.len()..].iter().map(|u| u.plain)) == Some(other.value);
    if !apart || !fits(&short.parcel.town, &long.parcel.town[..count]) {
        return false;
    }
    let whole = run.iter().any(|u| matches!(u.plain, '十' | '百' | '千' | '拾'));
    short.parcel.town.extend_from_slice(&run[..moved.len()]);
    (number.value, number.start) = (other.value, run[moved.len()].start as usize);
    short.parcel.chain.0 = number.start;
    whole
}

/// Brings a 丁目 that one side has in its 町名, because a name follows it, beside the first number of the other side's chain:
/// 西野町7丁目北町5 and 西野町7丁目5.
fn lift_chome(left: &mut Address, right: &mut Address) {
    let (short, long) = if left.parcel.town.len() < right.parcel.town.len() { (left, right) } else { (right, left) };
    let (short, long) = (&mut short.parcel, &long.parcel);
    let count = short.town.len();
    let inner = long.town.get(count..).unwrap_or_default();
    let digits = inner.iter().take_while(|u| u.marks & NUMERAL != 0 && u.c.is_ascii_digit()).count();
    let chome = matches!(&inner[digits..], [a, b, _, ..] if a.c == '丁' && b.c == '目');
    let value = inner[..digits].iter().fold(0, |n: u64, u| 10 * n + u64::from(u.c.to_digit(10).unwrap_or(0)));
    let first = short.numbers.first();
    let same = first.is_some_and(|n| n.value == value && matches!(n.kind, None | Some(Kind::Chome)));
    if digits > 0
        && chome
        && same
        && short.numbers.len() == long.numbers.len() + 1
        && fits(&short.town, &long.town[..count])
    {
        first_into_town(short);
    }
}

/// Compares what belongs to the place although it stands behind the numbers: the letter of the lot, a name behind 丁目. The labels say that
/// one side lacks it, and that the two differ.
fn behind_numbers(
    draft: &mut Draft<'_>,
    left: &[Unit],
    right: &[Unit],
    code: Code,
    [lacking, other]: [&'static str; 2],
) {
    let (l, r) = (bytes(left), bytes(right));
    if fits(left, right) {
        (0..left.len()).for_each(|i| record(draft, pair(left, i, right, i), &left[i], &right[i]));
    } else if left.is_empty() || right.is_empty() {
        draft.step_at(Code::A2, StepClass::B, lacking, true, l, r);
    } else {
        draft.step_at(code, StepClass::Difference, other, true, l, r);
    }
}

/// Tells whether a lone number called so is the 番地, as a bare number is taken to be.
fn is_lot(kind: Option<Kind>) -> bool {
    matches!(kind, None | Some(Kind::Ban))
}

/// Tells whether only one kind of number can follow a 町名: 丁目 behind 条 or 条 and a side (北5条西4), 号 behind a block with a letter for
/// its 番 (上町A番6号).
fn tells_next(town: &[Unit]) -> bool {
    let sides = town.iter().rev().take_while(|u| matches!(u.c, '東' | '西' | '南' | '北')).count();
    let behind_jo = matches!(&town[..town.len() - sides], [.., digit, jo] if jo.c == '条' && digit.c.is_ascii_digit());
    behind_jo || town.last().is_some_and(|u| u.c.is_ascii_uppercase())
}

pub(super) fn same_values(a: &[Number], b: &[Number]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value == b.value)
}

/// Compares the chains of numbers, rooms included where one side writes them into the chain.
fn numbers(draft: &mut Draft<'_>, left: &Parcel, right: &Parcel) {
    let (l, r) = (left.chain.0..left.chain.1, right.chain.0..right.chain.1);
    let all = |p: &Parcel| [p.numbers.as_slice(), p.rooms.as_slice()].concat();
    let (all_l, all_r) = (all(left), all(right));
    let both = all_l.iter().zip(&all_r);
    if same_values(&left.numbers, &right.numbers) || room_in_chain(left, right) {
        let chained = !same_values(&left.numbers, &right.numbers);
        let pairs: Vec<(&Number, &Number)> =
            if chained { both.collect() } else { left.numbers.iter().zip(&right.numbers).collect() };
        // A7: with 丁目, 番 and 号 written before it, nothing but a room can follow.
        let before = |p: &Parcel| {
            let chome = |w: &[Unit]| w[0].marks & NUMERAL != 0 && w[1].c == '丁' && w[2].c == '目';
            let inner = p.town.windows(3).any(chome);
            let ban = p.numbers.first().is_some_and(|n| n.kind == Some(Kind::Ban));
            if ban && !inner { 0 } else { p.numbers.len() + usize::from(inner) }
        };
        let few = before(left).min(before(right)) < 3;
        let lone = left.numbers.len() == 1 && right.numbers.len() == 1 && !tells_next(&left.town);
        let lone = lone && is_lot(left.numbers[0].kind) != is_lot(right.numbers[0].kind);
        if pairs.iter().any(|(a, b)| a.zeros != b.zeros) {
            draft.step_at(Code::A1, StepClass::B, "先頭の0の有無", true, l, r);
        } else if let Some(class) = pairs.iter().filter_map(|pair| conflict(*pair)).max() {
            draft.step_at(Code::A1, class, "丁目・番・号の食い違い", true, l, r);
        } else if pairs.iter().any(|pair| numerals_doubtful(draft, *pair)) {
            draft.step_at(Code::A1, StepClass::B, "数字か、漢数字の名か", true, l, r);
        } else if chained && few {
            draft.step_at(Code::A7, StepClass::B, "部屋番号か枝番か", true, l, r);
        } else if lone {
            draft.step_at(Code::A7, StepClass::B, "番地か、丁目・号か", true, l, r);
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

/// Tells whether numerals of one side may be a name or hold a hyphen, and the other side does not write the same ones.
fn numerals_doubtful(draft: &Draft<'_>, (left, right): (&Number, &Number)) -> bool {
    let doubtful = |n: &Number| n.doubt == Doubt::Always || (n.doubt == Doubt::Unnamed && n.kind.is_none());
    (doubtful(left) || doubtful(right)) && draft.left[left.start..left.end] != draft.right[right.start..right.end]
}

/// Tells whether the two differ only in that one writes the room into the chain: 1-6-1-410 against 1-6-1 … 410.
///
/// What stands behind 丁目, 番 or 番地 is no room.
pub(super) fn room_in_chain(left: &Parcel, right: &Parcel) -> bool {
    let (chained, split) = if left.rooms.is_empty() { (left, right) } else { (right, left) };
    let count = split.numbers.len();
    let Some(before) = count.checked_sub(1).and_then(|last| chained.numbers.get(last)) else { return false };
    chained.rooms.is_empty()
        && !matches!(before.kind, Some(Kind::Chome | Kind::Ban))
        && !split.rooms.is_empty()
        && same_values(&chained.numbers, &[split.numbers.as_slice(), split.rooms.as_slice()].concat())
}

/// How far two numbers called by contradicting words are apart: a 丁目 or 字 is no 番 or 号; 番 and 号 of one number are asked about.
fn conflict((left, right): (&Number, &Number)) -> Option<StepClass> {
    let area = |kind| matches!(kind, Kind::Chome | Kind::Bancho | Kind::Aza);
    match (left.kind?, right.kind?) {
        (a, b) if a == b || matches!((a, b), (Kind::Go, Kind::Room) | (Kind::Room, Kind::Go)) => None,
        (a, b) if area(a) || area(b) => Some(StepClass::Difference),
        _ => Some(StepClass::B),
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
