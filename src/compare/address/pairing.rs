//! Unit-by-unit comparison of two parts of addresses: 町名, building names, 方書.

use crate::compare::alignment::UnitRelation;
use crate::compare::char_class::{is_hiragana, is_kanji, is_placeholder};
use crate::compare::draft::ComparisonDraft;
use crate::compare::kana_chars::{katakana, large};
use crate::compare::kanji_pair::kanji_pair;
use crate::compare::mark;
use crate::compare::numeral::is_kanji_digit;
use crate::compare::reason::{Code, StepClass};
use crate::compare::unit::Unit;

/// Returns the bytes of some units in the original.
pub(super) fn byte_range(units: &[Unit]) -> std::ops::Range<usize> {
    match (units.first(), units.last()) {
        (Some(first), Some(last)) => first.start as usize..last.end as usize,
        _ => 0..0,
    }
}

/// Returns how two units are related.
pub(super) fn relate(left: &[Unit], i: usize, right: &[Unit], j: usize) -> UnitRelation {
    let (l, r) = (left[i].c, right[j].c);
    if l == r && is_kanji(l) {
        return UnitRelation::Equal;
    }
    match (is_placeholder(l), is_placeholder(r)) {
        (true, true) => return UnitRelation::Unreadable,
        (true, false) if !r.is_ascii_digit() => return UnitRelation::Placeholder,
        (false, true) if !l.is_ascii_digit() => return UnitRelation::Placeholder,
        _ => {}
    }
    if l == r {
        return UnitRelation::Equal;
    }
    if is_kanji(l) && is_kanji(r) {
        return match kanji_pair(l, r) {
            UnitRelation::Step(_, class, label) => UnitRelation::Step(Code::A4, class, label),
            other => other,
        };
    }
    if is_hiragana(l) != is_hiragana(r)
        && large(katakana(l)).unwrap_or(katakana(l)) == large(katakana(r)).unwrap_or(katakana(r))
    {
        return UnitRelation::Step(Code::A4, StepClass::B, "ひらがな・カタカナ");
    }
    if lookalike_kanji(l) == Some(r) || lookalike_kanji(r) == Some(l) {
        return UnitRelation::Step(Code::A4, StepClass::B, "形の似た字");
    }
    UnitRelation::Unrelated
}

/// Returns the kanji that looks like a katakana and may have been mistaken for it when the address was typed from paper.
fn lookalike_kanji(katakana: char) -> Option<char> {
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

/// Records differences of spelling between two parts whose folded units are equal.
pub(super) fn record_spelling(draft: &mut ComparisonDraft<'_>, left: &[Unit], right: &[Unit]) {
    for (l, r) in left.iter().zip(right) {
        record_relation(draft, UnitRelation::Equal, l, r);
    }
}

/// Records the step that a pair of units needs, if any.
pub(super) fn record_relation(draft: &mut ComparisonDraft<'_>, relation: UnitRelation, left: &Unit, right: &Unit) {
    let (l, r) = (left.range(), right.range());
    match relation {
        UnitRelation::Equal => {
            if draft.left[l.clone()] == draft.right[r.clone()] {
                return;
            }
            let both = left.marks | right.marks;
            if both & mark::NUMERAL != 0 {
                draft.step_at(Code::A1, StepClass::A, "数字の表記", false, l, r);
            } else if left.plain != right.plain || both & (mark::COMPAT | mark::IVS) != 0 {
                draft.step_at(Code::A4, StepClass::A, "地名の字", true, l, r);
            } else {
                draft.step_at(Code::A1, StepClass::A, "全角・半角、空白", false, l, r);
            }
        }
        UnitRelation::Step(code, class, label) => draft.step_at(code, class, label, true, l, r),
        UnitRelation::Placeholder => {
            draft.placeholders += 1;
            draft.step_at(Code::N3, StepClass::B, "読めない文字", true, l, r);
        }
        UnitRelation::Unreadable => {
            draft.unreadable += 1;
            draft.step_at(Code::N3, StepClass::B, "双方とも読めない文字", true, l, r);
        }
        UnitRelation::Unrelated => {}
    }
}

/// Returns whether two parts have the same length and every pair of units is related.
pub(super) fn units_match(left: &[Unit], right: &[Unit]) -> bool {
    left.len() == right.len() && (0..left.len()).all(|i| relate(left, i, right, i) != UnitRelation::Unrelated)
}

/// Returns whether two parts with the same units divide their numerals at different places: 1 12 and 11 2, ⅠⅠ and Ⅱ.
pub(super) fn digits_split_differently(left: &[Unit], right: &[Unit]) -> bool {
    let is_roman = |u: &Unit| u.marks & mark::ROMAN != 0;
    let is_numeral = |u: &Unit| u.c.is_ascii_digit() || is_kanji_digit(u.plain) || is_roman(u);
    let is_split = |[a, b]: [&Unit; 2]| b.spaced || (is_roman(a) && is_roman(b) && a.start != b.start);
    left.windows(2).zip(right.windows(2)).any(|(l, r)| {
        let all_numerals = [&l[0], &l[1], &r[0], &r[1]].into_iter().all(is_numeral);
        all_numerals && is_split([&l[0], &l[1]]) != is_split([&r[0], &r[1]])
    })
}
