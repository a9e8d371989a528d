//! Comparison of two addresses (RULES §5 A1–A7).

use super::compare_buildings::compare_buildings;
use super::compare_municipalities::compare_municipalities;
use super::compare_numbers::compare_numbers;
use super::compare_towns::compare_towns;
use super::pairing::{byte_range, record_relation, relate, units_match};
use super::parse::{ParsedAddress, parse};
use super::postal_code;
use super::reconcile::{has_number_in_town, move_ban_into_town, move_chome_into_town, move_numeral_into_town};
use crate::compare::alignment::{UnitRelation, align};
use crate::compare::char_class::is_placeholder;
use crate::compare::draft::{ComparisonDraft, Step};
use crate::compare::reason::{Code, StepClass};
use crate::compare::span::SpanKind;
use crate::compare::unit::{Unit, UnitLine};
use crate::compare::verdict::Verdict;

/// Compares two addresses.
pub(crate) fn compare(draft: &mut ComparisonDraft<'_>) {
    if draft.left == draft.right && !draft.left.chars().any(is_placeholder) {
        return;
    }
    let (mut left, mut right) = (parse(draft.left), parse(draft.right));
    if move_numeral_into_town(&mut left, &mut right) {
        let (l, r) = (left.street.chain, right.street.chain);
        draft.step_at(Code::A1, StepClass::B, "漢数字の切れ目", true, l.0..l.1, r.0..r.1);
    }
    if move_ban_into_town(&mut left, &mut right) {
        let (l, r) = (byte_range(&left.street.town), byte_range(&right.street.town));
        draft.step_at(Code::A1, StepClass::B, "漢数字の切れ目", true, l, r);
    }
    move_chome_into_town(&mut left, &mut right);
    if left.line.invisible != right.line.invisible {
        draft.step(Code::A1, StepClass::A, "見えない文字");
    }
    if !(compare_postal_codes(draft, &left, &right) && compare_municipalities(draft, &left, &right)) {
        // Nothing else can be compared.
    } else if has_number_in_town(&left, &right) {
        let bytes = |a: &ParsedAddress| byte_range(&a.line.units[a.street_start..]);
        draft.step_at(Code::A1, StepClass::B, "番地か、地名の数字か", true, bytes(&left), bytes(&right));
    } else {
        compare_towns(draft, &left, &right);
        compare_numbers(draft, &left.street, &right.street);
        let labels = ["番地の後の文字の有無", "番地の後の文字が異なる"];
        compare_behind_numbers(draft, &left.street.lot_letter, &right.street.lot_letter, Code::A5, labels);
        let labels = ["丁目の後の町名の有無", "丁目の後の町名が異なる"];
        compare_behind_numbers(draft, &left.street.quarter, &right.street.quarter, Code::AX, labels);
        compare_buildings(draft, &left.street, &right.street);
    }
    if draft.verdict() <= Verdict::Notation {
        let unreadable = |line: &UnitLine| line.units.iter().any(|u| is_placeholder(u.c));
        if unreadable(&left.line) || unreadable(&right.line) {
            draft.unreadable += 1;
            draft.step(Code::N3, StepClass::B, "読めない文字");
        } else if draft.steps.is_empty() && draft.left != draft.right {
            let same_text = left.line.text() == right.line.text();
            let (code, label) = if same_text {
                (Code::A1, "全角・半角、空白")
            } else if [&left, &right].iter().any(|a| a.street.is_located()) {
                (Code::A3, "部屋番号・階・方書の表記")
            } else {
                (Code::A1, "区切りの表記")
            };
            draft.step(code, StepClass::A, label);
        }
    }
    if draft.with_spans {
        add_spans(draft, &left.line, &right.line);
    }
}

/// Compares 郵便番号; returns false when only one side has an address behind it, so that nothing else can be compared.
///
/// A code that differs or stands on one side only is 要確認: it hints at the place but does not identify it.
fn compare_postal_codes(draft: &mut ComparisonDraft<'_>, left: &ParsedAddress, right: &ParsedAddress) -> bool {
    let (l, r) = (&left.line.units[..left.postal_len], &right.line.units[..right.postal_len]);
    if l.is_empty() && r.is_empty() {
        return true;
    }
    if !postal_code::digits(l).eq(postal_code::digits(r)) {
        let label = if l.is_empty() || r.is_empty() { "郵便番号の有無" } else { "郵便番号が異なる" };
        draft.step_at(Code::A2, StepClass::B, label, true, byte_range(l), byte_range(r));
    } else if draft.left[byte_range(l)] != draft.right[byte_range(r)] {
        draft.step_at(Code::A1, StepClass::A, "郵便番号の表記", true, byte_range(l), byte_range(r));
    }
    if left.has_no_locality() != right.has_no_locality() {
        draft.step(Code::A2, StepClass::B, "郵便番号の後の住所の有無");
        return false;
    }
    true
}

/// Compares a part behind the numbers that belongs to the place: the lot letter or a name behind 丁目. The labels are for a part that one side
/// lacks and for two that differ.
fn compare_behind_numbers(
    draft: &mut ComparisonDraft<'_>,
    left: &[Unit],
    right: &[Unit],
    code: Code,
    [missing, different]: [&'static str; 2],
) {
    let (l, r) = (byte_range(left), byte_range(right));
    if units_match(left, right) {
        (0..left.len()).for_each(|i| record_relation(draft, relate(left, i, right, i), &left[i], &right[i]));
    } else if left.is_empty() || right.is_empty() {
        draft.step_at(Code::A2, StepClass::B, missing, true, l, r);
    } else {
        draft.step_at(code, StepClass::Difference, different, true, l, r);
    }
}

/// Adds the spans of an alignment of the two texts, each with the kind of the steps it lies in.
fn add_spans(draft: &mut ComparisonDraft<'_>, left: &UnitLine, right: &UnitLine) {
    let (l, r) = (&left.units, &right.units);
    let aligned = align(l, r, |i, j| match relate(l, i, r, j) {
        UnitRelation::Equal => 0,
        UnitRelation::Unrelated => 7,
        _ => 2,
    });
    let (mut at_left, mut at_right) = (0, 0);
    for (i, j) in aligned {
        let a = i.map_or(at_left..at_left, |i| l[i].range());
        let b = j.map_or(at_right..at_right, |j| r[j].range());
        let paired = i.zip(j).is_some_and(|(i, j)| relate(l, i, r, j) == UnitRelation::Equal);
        let kind = if paired && draft.left[a.clone()] == draft.right[b.clone()] {
            SpanKind::Equal
        } else if paired {
            SpanKind::Notation
        } else {
            let inside = |step: &Step| {
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
