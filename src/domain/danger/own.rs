//! The flags that a row shows by itself: F1, F4, F6, F7, F8.

use super::comparer::is_plainly_equal;
use super::{Comparer, Danger, DangerSet};
use crate::compare::{self, FieldKind, Verdict};
use crate::domain::record::{Cells, Facts, Mark, Marks, Overall};

/// Tests a row alone. Marks and 総合判定 come from its facts: a layout profile may have read them in its own way.
pub fn signs(row: &impl Cells, facts: &Facts, comparer: &mut Comparer) -> DangerSet {
    let mut set = DangerSet::default();
    let marks = &facts.marks;
    if number_is_wrong(row) {
        set.insert(Danger::F6);
    }
    if contradicts(row, marks, comparer) {
        set.insert(Danger::F8);
    }
    let agrees = facts.overall == Overall::Match && marks.mismatches().next().is_none();
    if agrees && !set.contains(Danger::F8) {
        return set;
    }
    let mut same = |field| is_same(comparer.verdict(field, row.left(field), row.right(field)));
    if same(FieldKind::Birth) && given_differs(row) && (same(FieldKind::Address) || surname_agrees(row)) {
        set.insert(Danger::F1);
    }
    if marks.mismatches().eq([FieldKind::Address]) && moved(row) {
        set.insert(Danger::F4);
    }
    if names_another(row, marks) {
        set.insert(Danger::F7);
    }
    set
}

/// F6: the check digit of the 個人番号 fails; masked numbers are not tested.
pub fn number_is_wrong(row: &impl Cells) -> bool {
    row.my_number().and_then(|number| number.check_digit_ok()) == Some(false)
}

/// F8: ○ although the strings differ beyond notation, or × although they are identical.
fn contradicts(row: &impl Cells, marks: &Marks, comparer: &mut Comparer) -> bool {
    FieldKind::ALL.into_iter().any(|field| {
        let (left, right) = (row.left(field), row.right(field));
        match marks.fields[field] {
            // Most ○ fields are plainly the same text, which needs no comparison.
            Mark::Match => {
                !compare::plainly_same(field, left, right) && comparer.verdict(field, left, right) == Verdict::Different
            }
            Mark::Mismatch => left == right && !left.trim().is_empty(),
            Mark::Unreadable => false,
        }
    })
}

/// F4: the two addresses name different municipalities.
fn moved(row: &impl Cells) -> bool {
    let municipality = |text| compare::municipality(text);
    match (municipality(row.left(FieldKind::Address)), municipality(row.right(FieldKind::Address))) {
        (Some(left), Some(right)) => left != right,
        _ => false,
    }
}

fn is_same(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Same | Verdict::Notation)
}

/// The verdict on two texts that are parts of a field.
fn verdict(field: FieldKind, left: &str, right: &str) -> Verdict {
    if is_plainly_equal(field, left, right) {
        return Verdict::Same;
    }
    compare::judge(field, left, right).verdict
}

/// The verdict on surname or given name; where a name cannot be split, that on the whole name.
fn part(row: &impl Cells, field: FieldKind, of: fn(Split<'_>) -> (&str, &str)) -> Verdict {
    let (left, right) = split(row, field).map_or((row.left(field), row.right(field)), of);
    verdict(field, left, right)
}

/// Another part of the name in one script, and none that is the same in the other: neither ● in a name nor a name written
/// in kana hides another person. A name that cannot be split differs as a whole.
fn part_differs(row: &impl Cells, of: fn(Split<'_>) -> (&str, &str)) -> bool {
    let kanji = part(row, FieldKind::Kanji, of);
    if is_same(kanji) {
        return false;
    }
    let kana = part(row, FieldKind::Kana, of);
    !is_same(kana) && (kanji == Verdict::Different || kana == Verdict::Different)
}

fn given_differs(row: &impl Cells) -> bool {
    part_differs(row, |split| split.given)
}

fn surname_agrees(row: &impl Cells) -> bool {
    [FieldKind::Kanji, FieldKind::Kana]
        .into_iter()
        .any(|field| split(row, field).is_some_and(|split| is_same(verdict(field, split.surname.0, split.surname.1))))
}

/// F7: three or more × fields, and surname and given name both differ beyond notation.
pub(super) fn names_another(row: &impl Cells, marks: &Marks) -> bool {
    marks.mismatches().count() >= 3
        && part_differs(row, |split| split.surname)
        && part_differs(row, |split| split.given)
}

/// The parts of a name, left and right.
struct Split<'r> {
    surname: (&'r str, &'r str),
    given: (&'r str, &'r str),
}

/// Splits a name. Where one side has no space, the other side's surname says where to cut.
fn split(row: &impl Cells, field: FieldKind) -> Option<Split<'_>> {
    let (left, right) = (row.left(field).trim(), row.right(field).trim());
    let (l, r) = match (compare::split_name(left), compare::split_name(right)) {
        (Some(l), Some(r)) => (l, r),
        (Some(l), None) => (l, cut_like(right, l.0, field)?),
        (None, Some(r)) => (cut_like(left, r.0, field)?, r),
        (None, None) => return None,
    };
    Some(Split { surname: (l.0, r.0), given: (l.1, r.1) })
}

/// Cuts a name without space after the shortest beginning that is the same surname.
fn cut_like<'a>(name: &'a str, surname: &str, field: FieldKind) -> Option<(&'a str, &'a str)> {
    name.char_indices()
        .skip(1)
        .map(|(at, _)| name.split_at(at))
        .find(|(start, _)| is_same(compare::judge(field, start, surname).verdict))
}
