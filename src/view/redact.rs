//! What a viewer may not see is left out here, and nowhere else.
//!
//! Every view passes [`redact()`] once, where it is made. A 個人番号 keeps its last four digits for everybody
//! (ARCHITECTURE "Protection"); where a second look is blind (G10) the first operator's decision is left out until it
//! has been confirmed.

use std::borrow::Cow;

use super::record::RecordView;
use super::trail::{Step, TrailPage};
use super::viewer::Viewer;
use crate::domain::case::{Case, Proposal, State};
use crate::domain::event::{Detail, Event};
use crate::domain::original_codes::has_two_codes;
use crate::domain::quarantine;
use crate::domain::record::{Column, Record, Row};

/// Leaves out what a viewer may not see.
#[must_use]
pub fn redact<V: Redact>(mut view: V, viewer: &Viewer) -> V {
    view.redact(viewer);
    view
}

/// Something of which a viewer may not see everything.
pub trait Redact {
    /// Leaves out what the viewer may not see.
    fn redact(&mut self, viewer: &Viewer);
}

/// The cells of a held-back row as they may be shown or written out: no 個人番号 beyond its last four digits.
///
/// `my_number` and `id` are the places of 個人番号 and 整理番号 where the row fits its header.
pub fn held_cells(cells: &[String], my_number: Option<usize>, id: Option<usize>) -> Vec<String> {
    quarantine::masked(cells, my_number, id)
}

/// Whether a first decision is hidden from a viewer: another operator made it, and it waits for the second look.
fn hides(viewer: &Viewer, case: &Case) -> bool {
    viewer.blind && matches!(case.state, State::AwaitingSecond(_)) && case.operator != viewer.operator
}

/// Leaves out everything that tells the decision; the note and 支援措置 belong to the work of everybody.
fn hide_decision(case: &mut Case) {
    let state = match case.state {
        State::AwaitingSecond(_) => State::AwaitingSecond(Proposal { category: None }),
        state => state,
    };
    *case = Case {
        state,
        note: std::mem::take(&mut case.note),
        protected: case.protected,
        deadline: case.deadline,
        in_batch: case.in_batch,
        version: case.version,
        ..Case::default()
    };
}

fn hide_event(event: &mut Event) {
    event.reason.clear();
    event.detail = Detail::None;
    event.actor.operator.clear();
    [&mut event.before, &mut event.after].into_iter().flatten().for_each(hide_decision);
}

impl Redact for Case {
    fn redact(&mut self, viewer: &Viewer) {
        if hides(viewer, self) {
            hide_decision(self);
        }
    }
}

impl Redact for Row {
    fn redact(&mut self, _: &Viewer) {
        let key = self.key();
        if let Some(cell) = self.cells.get_mut(Column::MyNumber.index()).filter(|cell| !cell.is_empty()) {
            *cell = masked(cell);
        }
        // The key of a row without numbers is a fingerprint of all its cells; it stands in place of 整理番号 as in lists.
        if self.key() != key
            && let Some(id) = self.cells.get_mut(Column::Id.index())
        {
            *id = key;
        }
        for (_, text) in &mut self.extras {
            if let Cow::Owned(masked) = quarantine::mask(text) {
                *text = masked;
            }
        }
    }
}

/// The cell of a 個人番号 with its last four digits. A character with two codes stays, so that the original bytes of the
/// cells behind it are found by its number.
fn masked(cell: &String) -> String {
    let masked = held_cells(std::slice::from_ref(cell), Some(0), None).concat();
    if masked.chars().count() != cell.chars().count() {
        return masked;
    }
    cell.chars()
        .zip(masked.chars())
        .map(|(original, masked)| if has_two_codes(original) { original } else { masked })
        .collect()
}

impl Redact for Record {
    fn redact(&mut self, viewer: &Viewer) {
        self.row.redact(viewer);
    }
}

impl Redact for RecordView {
    fn redact(&mut self, viewer: &Viewer) {
        self.record.redact(viewer);
        self.signs.iter_mut().filter_map(|sign| sign.record.as_mut()).for_each(|record| record.redact(viewer));
        if hides(viewer, &self.case) {
            hide_decision(&mut self.case);
            let is_first = |event: &&mut Event| {
                event.operator() != viewer.operator
                    && event.after.as_ref().is_some_and(|case| matches!(case.state, State::AwaitingSecond(_)))
            };
            self.recent.iter_mut().filter(is_first).for_each(hide_event);
        }
    }
}

impl Redact for Step {
    fn redact(&mut self, viewer: &Viewer) {
        if viewer.blind && self.awaits_second && self.event.operator() != viewer.operator {
            hide_event(&mut self.event);
        }
    }
}

impl Redact for TrailPage {
    fn redact(&mut self, viewer: &Viewer) {
        self.steps.iter_mut().for_each(|step| step.redact(viewer));
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::compare::visible;
    use crate::domain::category::{Category, EvidenceCode};
    use crate::domain::danger::Danger;
    use crate::domain::event::{Actor, EventKind, Subject};
    use crate::domain::record::RecordNo;
    use crate::domain::request::Role;
    use crate::view::{AnyView, DangerView, HeldView, QueueLine};

    /// Every kind of viewer: the first operator or another, with each role, blind to the first decision or not.
    fn viewers() -> impl Iterator<Item = Viewer> {
        let roles = [Role::Operator, Role::Viewer].into_iter();
        roles.flat_map(|role| {
            ["佐藤", "鈴木"].into_iter().flat_map(move |operator| {
                [false, true].map(|blind| Viewer { operator: operator.to_owned(), role, blind })
            })
        })
    }

    fn row(id: &str) -> Row {
        let mut row = Row { line: 2, cells: vec![String::new(); Column::COUNT], ..Row::default() };
        row.cells[Column::Id.index()] = id.to_owned();
        row.cells[Column::MyNumber.index()] = "000012345678".to_owned();
        row.extras = vec![("旧番号".into(), "前は000012345678".into())];
        row
    }

    fn record(id: &str) -> Record {
        let row = row(id);
        Record { no: RecordNo(1), facts: row.facts(), row }
    }

    /// A first decision of 佐藤 that waits for the second.
    fn first_decision() -> Case {
        Case {
            state: State::AwaitingSecond(Proposal { category: Some(Category::C24) }),
            evidence: vec![crate::domain::case::Evidence::plain(EvidenceCode::Visual)],
            note: "電話".into(),
            reason: "届出書を見た".into(),
            operator: "佐藤".into(),
            decided_at: Some(Timestamp::UNIX_EPOCH),
            version: 1,
            ..Case::default()
        }
    }

    fn event() -> Event {
        let actor = Actor::named("佐藤", Timestamp::UNIX_EPOCH);
        Event {
            before: Some(Case::default()),
            after: Some(first_decision()),
            reason: "届出書を見た".into(),
            ..Event::new(EventKind::Decide, Subject::Record(RecordNo(1)), &actor)
        }
    }

    fn view(case: Case) -> RecordView {
        let other = DangerView {
            danger: Danger::F5,
            other: Some("0000002".into()),
            fields: Vec::new(),
            words: "個人番号が同じです".into(),
            record: Some(Box::new(record("0000002"))),
        };
        let (signs, recent) = (vec![other], vec![event()]);
        RecordView { signs, recent, ..RecordView::of(record("0000001"), case, Timestamp::UNIX_EPOCH) }
    }

    fn step(awaits_second: bool) -> Step {
        Step { event: event(), id: "0000001".into(), awaits_second }
    }

    /// Whatever the role, of a 個人番号 the last four digits are left in every view that could hold one.
    #[test]
    fn no_role_sees_a_whole_my_number() {
        for viewer in viewers() {
            let seen = redact(view(Case::default()), &viewer);
            assert_eq!(seen.record.row.cell(Column::MyNumber), "********5678");
            assert_eq!(seen.record.row.extras[0].1, "前は********5678");
            let text = serde_json::to_string(&AnyView::Record(Box::new(seen))).unwrap();
            assert!(!text.contains("12345678") && text.contains("5678"), "{viewer:?}: {text}");
        }
        let held = held_cells(&["1".into(), "0000-1234-5678".into(), "000012345678".into()], Some(1), Some(0));
        assert_eq!(held, ["1", "********5678", "********5678"]);
    }

    /// A blind viewer learns nothing of another operator's first decision, in no view; everybody else sees it.
    #[test]
    fn a_first_decision_is_hidden_from_whoever_decides_second_alone() {
        for viewer in viewers() {
            let hidden = viewer.blind && viewer.operator != "佐藤";
            let seen = redact(view(first_decision()), &viewer);
            let of_event = redact(step(true), &viewer).event;
            let line = QueueLine::of(&record("0000001"), first_decision(), &viewer);
            let page = TrailPage { steps: vec![step(true)], next: None };
            assert_eq!(redact(page, &viewer).steps[0].event, of_event);
            let views = [
                serde_json::to_string(&seen).unwrap(),
                serde_json::to_string(&of_event).unwrap(),
                serde_json::to_string(&line).unwrap(),
            ];
            for text in views {
                assert_eq!(!text.contains("佐藤"), hidden, "{viewer:?}: {text}");
                assert!(
                    !hidden || !text.contains("目検") && !text.contains("2-4") && !text.contains("届出書を見た"),
                    "{viewer:?}: {text}"
                );
            }
            // That it waits, and what belongs to everybody, is told.
            assert!(matches!(seen.case.state, State::AwaitingSecond(_)));
            assert_eq!((seen.case.note.as_str(), seen.case.version), ("電話", 1));
        }
    }

    /// Once it was confirmed, or where it never waited, nothing is hidden from anybody.
    #[test]
    fn decisions_that_wait_for_nobody_are_seen_by_all() {
        for viewer in viewers() {
            for state in [State::Untouched, State::Pending, State::AwaitingEmployer] {
                let case = Case { state, ..first_decision() };
                let seen = redact(view(case.clone()), &viewer);
                assert_eq!((seen.case, seen.recent), (case, vec![event()]));
            }
            assert_eq!(redact(step(false), &viewer), step(false));
        }
    }

    /// A record without 整理番号 and 番号 keeps its key, which is a fingerprint of all its cells.
    #[test]
    fn a_redacted_row_keeps_its_key() {
        for id in ["", "0000001"] {
            for my_number in ["000012345678", "0000 1234 5678", "", "1.23457E+11", "№1234567890Ⅷ2345"] {
                let mut row = row(id);
                row.cells[Column::MyNumber.index()] = my_number.to_owned();
                let key = row.key();
                assert_eq!(redact(row, &Viewer::default()).key(), key, "{my_number}");
            }
        }
    }

    /// The original bytes of the cells behind the 個人番号 are found by the number of their character.
    #[test]
    fn masking_moves_no_original_bytes() {
        let mut row = row("1");
        row.cells[Column::MyNumber.index()] = "Ⅷ12345678".to_owned();
        row.cells[Column::Remarks.index()] = "≒".to_owned();
        row.twins.push(1, [0x81, 0xE0]);
        let before = row.twins.cut(row.cells.iter().map(String::as_str));
        let redacted = redact(row, &Viewer::default());
        assert_eq!(redacted.twins.cut(redacted.cells.iter().map(String::as_str)), before);
        assert_eq!(visible(redacted.cell(Column::MyNumber)), "Ⅷ****5678");
    }

    /// A held-back row tells its cells as they were made.
    #[test]
    fn a_held_row_is_made_of_masked_cells() {
        let text = serde_json::to_string(&HeldView {
            number: 1,
            import: 1,
            file: "a.csv".into(),
            line: 2,
            column: None,
            code: "columns".into(),
            reason: "列の数が違います".into(),
            key: None,
            state: quarantine::QuarantineState::Open,
            closed: None,
            names: Vec::new(),
            cells: held_cells(&["山田,000012345678".into()], None, None),
            fault: None,
        });
        assert!(!text.unwrap().contains("12345678"));
    }
}
