//! Comparison of two dates (RULES §5 D1–D3).

use super::date::PartialDate;
use super::doubt::Doubt;
use super::era::Era;
use super::parse::{Reading, readings};
use super::serial::birth_serial;
use crate::compare::draft::ComparisonDraft;
use crate::compare::reason::{Code, Hint, StepClass};
use crate::compare::unit;

/// Compares two dates.
pub(in crate::compare) fn compare(draft: &mut ComparisonDraft<'_>) {
    let (left, right) = (readings(draft.left), readings(draft.right));
    let (Some(first_left), Some(first_right)) = (left.first(), right.first()) else {
        compare_unreadable(draft, left.is_empty() && right.is_empty());
        return;
    };
    let same_text = draft.left == draft.right;
    let pairs = || left.iter().flat_map(|l| right.iter().map(move |r| (l, r)));
    if let Some((l, r)) = pairs().find(|(l, r)| l.date == r.date) {
        if l.date.is_partial() {
            draft.hint = Some(Hint::PartUnknown);
            draft.step(Code::D2, StepClass::B, "双方とも日付の一部が不詳");
        }
        // A text that may mean two dates need not mean the same one on both sides.
        let doubts = [l, r].map(|side| side.doubt.filter(|_| !same_text || left.len() > 1));
        for doubt in doubts.into_iter().flatten() {
            record_doubt(draft, doubt);
        }
        if same_text || !draft.steps.is_empty() {
            return;
        }
        if l.era.zip(r.era).is_some_and(|(l, r)| l != r) {
            draft.step(Code::D3, StepClass::B, "改元の日(元号が異なる)");
        } else {
            draft.step(Code::D3, StepClass::A, "日付の表記");
        }
        return;
    }
    let (code, hint, label) = pairs()
        .map(|(l, r)| classify_difference(l, r))
        .find(|(_, hint, _)| hint.is_some())
        .unwrap_or_else(|| classify_difference(first_left, first_right));
    draft.hint = hint;
    draft.step_at(code, StepClass::Difference, label, true, 0..draft.left.len(), 0..draft.right.len());
}

/// Records a doubt about the notation of dates that seem to be equal.
fn record_doubt(draft: &mut ComparisonDraft<'_>, doubt: Doubt) {
    let (left, right) = (0..draft.left.len(), 0..draft.right.len());
    if draft.steps.iter().all(|step| step.label != doubt.label()) {
        draft.step_at(Code::D3, StepClass::B, doubt.label(), draft.left != draft.right, left, right);
    }
}

/// Records that one or both texts are no dates.
fn compare_unreadable(draft: &mut ComparisonDraft<'_>, both: bool) {
    let folded = |text: &str| -> String { unit::line(text).units.iter().map(|u| u.c.to_ascii_uppercase()).collect() };
    let is_serial = |text: &str| birth_serial(text).is_some();
    draft.step(
        Code::DX,
        StepClass::B,
        if folded(draft.left) == folded(draft.right) {
            "日付として読めない値"
        } else if both {
            "双方とも日付として読めない値"
        } else if is_serial(draft.left) || is_serial(draft.right) {
            "片方が日付として読めない値(表計算ソフトの日付番号の可能性)"
        } else {
            "片方が日付として読めない値"
        },
    );
}

/// Returns code, hint and label of the mistake that may have led from one date to the other.
fn classify_difference(left: &Reading, right: &Reading) -> (Code, Option<Hint>, &'static str) {
    let (l, r) = (left.date, right.date);
    if (l.month, l.day) != (r.month, r.day) && l.year == r.year && (l.is_partial() || r.is_partial()) {
        return (Code::D2, Some(Hint::PartUnknown), "日付の一部が不詳");
    }
    if (l.month, l.day) == (r.month, r.day) {
        let era_years = |date: PartialDate, era: Option<Era>| -> Vec<i16> {
            match era {
                Some(era) => vec![date.year - era.offset()],
                None => Era::ALL.iter().filter(|e| e.contains(date)).map(|e| date.year - e.offset()).collect(),
            }
        };
        let others = era_years(r, right.era);
        if era_years(l, left.era).iter().any(|n| others.contains(n)) {
            return (Code::D2, Some(Hint::EraSlip), "元号の取り違え");
        }
    }
    let (a, b) = (l.digits().into_bytes(), r.digits().into_bytes());
    let differ: Vec<usize> = (0..a.len().min(b.len())).filter(|i| a[*i] != b[*i]).collect();
    if (l.month, l.day) == (r.month, r.day) && l.year.abs_diff(r.year) == 1 {
        return (Code::D2, Some(Hint::YearOff), "年が一つ違い");
    }
    match differ.as_slice() {
        [_] => return (Code::D1, Some(Hint::OneDigit), "一桁の違い"),
        [i, j] if *j == i + 1 && a[*i] == b[*j] && a[*j] == b[*i] => {
            return (Code::D1, Some(Hint::Transposed), "隣り合う数字の入れ替わり");
        }
        _ => {}
    }
    if l.year == r.year && l.month.is_some() && l.month == r.day && l.day == r.month {
        return (Code::D1, Some(Hint::MonthDaySwapped), "月と日の入れ替わり");
    }
    (Code::DX, None, "日付が異なる")
}
