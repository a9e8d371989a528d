//! The flags that a row shows by itself: F1, F4, F6, F7, F8.

use super::{Danger, DangerSet};
use crate::compare::{self, FieldKind, Verdict};
use crate::domain::record::{Cells, Facts, Mark, Marks, Overall};

/// Tests a row alone. Marks and 総合判定 come from its facts: a layout profile may have read them in its own way.
pub fn signs(row: &impl Cells, facts: &Facts) -> DangerSet {
    let mut set = DangerSet::default();
    let marks = &facts.marks;
    if number_is_wrong(row) {
        set.insert(Danger::F6);
    }
    if contradicts(row, marks) {
        set.insert(Danger::F8);
    }
    let agrees = facts.overall == Overall::Match && marks.mismatches().next().is_none();
    if agrees && !set.contains(Danger::F8) {
        return set;
    }
    let names = Names::of(row);
    let same = |field: FieldKind| is_same(compare::compare(field, row.left(field), row.right(field)).verdict);
    if same(FieldKind::Birth) && names.given_differs() && (same(FieldKind::Address) || names.surname_agrees()) {
        set.insert(Danger::F1);
    }
    let differing: Vec<FieldKind> = marks.mismatches().collect();
    if differing == [FieldKind::Address] && moved(row) {
        set.insert(Danger::F4);
    }
    if differing.len() >= 3 && names.all_differ() {
        set.insert(Danger::F7);
    }
    set
}

/// F6: the check digit of the 個人番号 fails; masked numbers are not tested.
pub fn number_is_wrong(row: &impl Cells) -> bool {
    row.my_number().and_then(|number| number.check_digit_ok()) == Some(false)
}

/// F8: ○ although the strings differ beyond notation, or × although they are identical.
fn contradicts(row: &impl Cells, marks: &Marks) -> bool {
    FieldKind::ALL.into_iter().any(|field| {
        let (left, right) = (row.left(field), row.right(field));
        match marks.fields[field] {
            // Most ○ fields are plainly the same text, which needs no comparison.
            Mark::Match => {
                !compare::plainly_same(field, left, right)
                    && compare::compare(field, left, right).verdict == Verdict::Different
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

/// The verdicts on surname and given name, in kanji and in kana; `None` where a name cannot be split.
struct Names {
    kanji: Option<(Verdict, Verdict)>,
    kana: Option<(Verdict, Verdict)>,
    whole: (Verdict, Verdict),
}

impl Names {
    fn of(row: &impl Cells) -> Self {
        let whole = |field| compare::compare(field, row.left(field), row.right(field)).verdict;
        Self {
            kanji: split(row, FieldKind::Kanji),
            kana: split(row, FieldKind::Kana),
            whole: (whole(FieldKind::Kanji), whole(FieldKind::Kana)),
        }
    }

    /// Another given name in one script, and none that is the same in the other: ● in a name does not hide a twin. A name
    /// that cannot be split differs as a whole.
    fn given_differs(&self) -> bool {
        let kanji = self.kanji.map_or(self.whole.0, |(_, given)| given);
        let kana = self.kana.map_or(self.whole.1, |(_, given)| given);
        !is_same(kanji) && !is_same(kana) && (kanji == Verdict::Different || kana == Verdict::Different)
    }

    fn surname_agrees(&self) -> bool {
        [self.kanji, self.kana].into_iter().flatten().any(|(surname, _)| is_same(surname))
    }

    /// Surname and given name both differ beyond notation, in both scripts.
    fn all_differ(&self) -> bool {
        let differs = |parts: Option<(Verdict, Verdict)>, whole| match parts {
            Some((surname, given)) => surname == Verdict::Different && given == Verdict::Different,
            None => whole == Verdict::Different,
        };
        differs(self.kanji, self.whole.0) && differs(self.kana, self.whole.1)
    }
}

/// Compares the parts of a name. Where one side has no space, the other side's surname says where to cut.
fn split(row: &impl Cells, field: FieldKind) -> Option<(Verdict, Verdict)> {
    let (left, right) = (row.left(field).trim(), row.right(field).trim());
    let (l, r) = match (compare::split_name(left), compare::split_name(right)) {
        (Some(l), Some(r)) => (l, r),
        (Some(l), None) => (l, cut_like(right, l.0, field)?),
        (None, Some(r)) => (cut_like(left, r.0, field)?, r),
        (None, None) => return None,
    };
    Some((compare::compare(field, l.0, r.0).verdict, compare::compare(field, l.1, r.1).verdict))
}

/// Cuts a name without space after the shortest beginning that is the same surname.
fn cut_like<'a>(name: &'a str, surname: &str, field: FieldKind) -> Option<(&'a str, &'a str)> {
    name.char_indices()
        .skip(1)
        .map(|(at, _)| name.split_at(at))
        .find(|(start, _)| is_same(compare::compare(field, start, surname).verdict))
}
