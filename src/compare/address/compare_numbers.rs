//! Comparison of the chains of numbers of two addresses, rooms included where one side writes them into the chain.

use super::number::{Counter, Number, NumeralDoubt, same_values};
use super::street::StreetAddress;
use crate::compare::draft::ComparisonDraft;
use crate::compare::mark;
use crate::compare::reason::{Code, Hint, StepClass};
use crate::compare::unit::Unit;

/// Compares the chains of numbers, rooms included where one side writes them into the chain.
pub(super) fn compare_numbers(draft: &mut ComparisonDraft<'_>, left: &StreetAddress, right: &StreetAddress) {
    let (l, r) = (left.chain.0..left.chain.1, right.chain.0..right.chain.1);
    let all = |s: &StreetAddress| [s.numbers.as_slice(), s.rooms.as_slice()].concat();
    let (all_l, all_r) = (all(left), all(right));
    let both = all_l.iter().zip(&all_r);
    if same_values(&left.numbers, &right.numbers) || room_in_chain(left, right) {
        let chained = !same_values(&left.numbers, &right.numbers);
        let pairs: Vec<(&Number, &Number)> =
            if chained { both.collect() } else { left.numbers.iter().zip(&right.numbers).collect() };
        let too_few_levels = levels(left).min(levels(right)) < 3;
        if pairs.iter().any(|(a, b)| a.zeros != b.zeros) {
            draft.step_at(Code::A1, StepClass::B, "先頭の0の有無", true, l, r);
        } else if let Some(class) = pairs.iter().filter_map(|pair| conflict(*pair)).max() {
            draft.step_at(Code::A1, class, "丁目・番・号の食い違い", true, l, r);
        } else if pairs.iter().skip(1).any(|pair| is_chome_or_lot_letter(draft, *pair)) {
            draft.step_at(Code::A1, StepClass::B, "丁目か、番地の後の丁か", true, l, r);
        } else if pairs.iter().any(|pair| is_numeral_doubtful(draft, *pair)) {
            draft.step_at(Code::A1, StepClass::B, "数字か、漢数字の名か", true, l, r);
        } else if (chained && too_few_levels) || (!chained && may_be_spaced_room(left, right)) {
            draft.step_at(Code::A7, StepClass::B, "部屋番号か枝番か", true, l, r);
        } else if is_lone_doubtful(left, right) {
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

/// Returns whether 丁, without 目, stands on one side only behind a number that is not the first: there it is the letter after 丙
/// rather than 丁目.
fn is_chome_or_lot_letter(draft: &ComparisonDraft<'_>, (left, right): (&Number, &Number)) -> bool {
    let cho = |text: &str, number: &Number| {
        let behind = text.get(number.end..).unwrap_or_default().trim_start();
        number.counter == Some(Counter::Chome) && behind.starts_with('丁') && !behind.starts_with("丁目")
    };
    let chome = |number: &Number| number.counter == Some(Counter::Chome);
    (cho(draft.left, left) && !chome(right)) || (cho(draft.right, right) && !chome(left))
}

/// Minimum value of a number that is a 番地 and no 丁目: the largest 丁目 of the country are below 50.
const MIN_LOT: u64 = 100;

/// Returns the number of levels of a chain, 丁目 in the 町名 included; 0 where it begins with a 番地. Behind 丁目, 番 and 号 only a room can
/// follow (A7).
fn levels(street: &StreetAddress) -> usize {
    let is_chome = |w: &[Unit]| w[0].marks & mark::NUMERAL != 0 && w[1].c == '丁' && w[2].c == '目';
    let chome_in_town = street.town.windows(3).any(is_chome);
    let is_lot = |n: &Number| n.counter == Some(Counter::Ban) || (n.counter.is_none() && n.value >= MIN_LOT);
    match street.numbers.first() {
        Some(first) if is_lot(first) && !chome_in_town => 0,
        _ => street.numbers.len() + usize::from(chome_in_town),
    }
}

/// Returns whether one side writes a space behind 丁目 and the other side none, so that the number may be a room or a 番地: 5丁目 201 and 5-201.
fn may_be_spaced_room(left: &StreetAddress, right: &StreetAddress) -> bool {
    let ([first_l, l], [first_r, r]) = (left.numbers.as_slice(), right.numbers.as_slice()) else { return false };
    let is_apart = |first: &Number, n: &Number| n.spaced && first.counter.is_some();
    let is_bare = |n: &Number| matches!(n.counter, None | Some(Counter::Go));
    l.value >= MIN_LOT && is_apart(first_l, l) != is_apart(first_r, r) && is_bare(l) && is_bare(r)
}

/// Returns whether a lone number has a counter on one side only that the other side need not mean: 5丁目 and 5, 5号 and 5.
fn is_lone_doubtful(left: &StreetAddress, right: &StreetAddress) -> bool {
    let ([l], [r]) = (left.numbers.as_slice(), right.numbers.as_slice()) else { return false };
    let agree = |s: &StreetAddress| s.bare_number.agree(l.counter, r.counter);
    !(agree(left) && agree(right))
}

/// Returns whether kanji numerals of one side may be a name or contain a hyphen and the other side is not written in the same way.
fn is_numeral_doubtful(draft: &ComparisonDraft<'_>, (left, right): (&Number, &Number)) -> bool {
    let doubtful =
        |n: &Number| n.doubt == NumeralDoubt::Always || (n.doubt == NumeralDoubt::Unnamed && n.counter.is_none());
    (doubtful(left) || doubtful(right)) && draft.left[left.start..left.end] != draft.right[right.start..right.end]
}

/// Returns whether the only difference is that one side writes the room into the chain: 1-6-1-410 against 1-6-1 … 410.
///
/// A number behind 丁目, 番 or 番地 is never a room.
pub(super) fn room_in_chain(left: &StreetAddress, right: &StreetAddress) -> bool {
    let (chained, split) = if left.rooms.is_empty() { (left, right) } else { (right, left) };
    let count = split.numbers.len();
    let Some(before) = count.checked_sub(1).and_then(|last| chained.numbers.get(last)) else { return false };
    chained.rooms.is_empty()
        && !matches!(before.counter, Some(Counter::Chome | Counter::Ban))
        && !split.rooms.is_empty()
        && same_values(&chained.numbers, &[split.numbers.as_slice(), split.rooms.as_slice()].concat())
}

/// Returns the class of contradicting counters of two numbers: a 丁目 or 字 is never a 番 or 号; 番 against 号 is 要確認.
fn conflict((left, right): (&Number, &Number)) -> Option<StepClass> {
    match (left.counter?, right.counter?) {
        (a, b) if a == b || matches!((a, b), (Counter::Go, Counter::Room) | (Counter::Room, Counter::Go)) => None,
        (a, b) if a.is_area() || b.is_area() => Some(StepClass::Difference),
        _ => Some(StepClass::B),
    }
}
