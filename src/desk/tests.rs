//! What one operator does to a store: 支援措置 and withdrawals, step by step.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use proptest::prelude::*;

use super::*;
use crate::compare::FieldKind;
use crate::config::settings::Settings;
use crate::domain::case::{Decision, State, Target};
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::event::{Actor, Event, EventKind, UndoRefusal};
use crate::domain::guard::{Need, Rule};
use crate::domain::pattern::Pattern;
use crate::domain::record::Row;
use crate::service::{Command, UndoTarget};
use crate::store::codec::RowPacker;
use crate::store::{self, Fingerprints, ImportRecord, NewRow};
use crate::view::{AnyView, LeftOut, json};

/// A workspace whose clock goes on by a second with every look.
pub(crate) struct Office {
    pub(crate) desk: Seat,
    _folder: tempfile::TempDir,
}

/// Reads rows into a store as an import does: 整理番号 and the mark of 支援措置.
fn import(store: &Store, rows: &[(&str, &str)]) {
    let (mut writer, mut packer) = (store.import().unwrap(), RowPacker::new());
    for (line, (id, protected)) in (2..).zip(rows) {
        let mut cells = vec![String::new(); Column::COUNT];
        for (column, text) in [
            (Column::Id, *id),
            (Column::Protected, *protected),
            (Column::Overall, "×"),
            (Column::Acquired, "20200401"),
            (Column::Multiple, "1"),
        ] {
            cells[column.index()] = text.to_owned();
        }
        for field in FieldKind::ALL {
            let mark = if field == FieldKind::Address { "×" } else { "○" };
            cells[Column::Mark(field).index()] = mark.to_owned();
        }
        let row = Row { line, cells, ..Row::default() };
        let (facts, key) = (row.facts(), row.key());
        let fingerprints = Fingerprints { significant: 1, whole: protected.len() as u64 };
        let new = NewRow {
            key: &key,
            packed: packer.pack_row(&row, &[]),
            fingerprints,
            facts,
            review: Some((Pattern::default(), "")),
        };
        match writer.lookup(&key).unwrap() {
            None => drop(writer.append(new).unwrap()),
            Some(known) => writer.revise(known.no, new).unwrap(),
        }
    }
    let actor = Actor::named("取込係", Timestamp::UNIX_EPOCH);
    writer.commit(ImportRecord::default(), &actor).unwrap();
}

pub(crate) fn office(rows: &[(&str, &str)]) -> Office {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open_or_create(folder.path()).unwrap();
    import(&store, rows);
    let second = AtomicI64::new(1_702_256_400);
    let clock = Arc::new(move || Timestamp::from_second(second.fetch_add(1, Ordering::Relaxed)).unwrap());
    let desk = Seat::new(Arc::new(store), Settings::default(), "佐藤", clock).unwrap();
    Office { desk, _folder: folder }
}

pub(crate) fn papers() -> Decision {
    Decision::category(Category::C23).with(EvidenceCode::Notification)
}

pub(crate) fn letter() -> Decision {
    Decision::category(Category::C42)
}

pub(crate) fn state(desk: &Desk, no: RecordNo) -> State {
    desk.snapshot().unwrap().case(no).unwrap().state
}

pub(crate) fn sound(desk: &Desk) {
    assert_eq!(desk.snapshot().unwrap().verify().unwrap(), Vec::<String>::new());
    let report = desk.report().unwrap();
    assert_eq!(report.report.broken_identities(), Vec::<String>::new());
    assert!(report.bridge.is_none_or(|bridge| bridge.holds()));
}

/// Whether a letter was refused for 支援措置.
fn is_kept_back<T: std::fmt::Debug>(result: Result<T, DeskError>) -> bool {
    match result {
        Err(DeskError::Refused(refusal)) => (refusal.rule, refusal.need) == (Rule::Protected, Need::SafeWay),
        Ok(_) => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_letter_waits_for_a_safe_way_or_for_the_flag_to_go() {
    let office = office(&[("1", ""), ("2", "○")]);
    let desk = &office.desk;
    let [one, two] = ["1", "2"].map(|id| desk.find(id).unwrap());
    desk.protect(one, true, "申出").unwrap();
    for no in [one, two] {
        assert!(is_kept_back(desk.decide(no, &letter())));
        let refused = desk.decide_all(&[(no, letter())]).unwrap_err();
        assert!(matches!(&refused[..], [(0, DeskError::Refused(refusal))] if refusal.rule == Rule::Protected));
        assert!(state(desk, no).is_open());
        let view = json::record(&desk.view(no).unwrap());
        assert_eq!((&view["protected"], &view["category"]), (&true.into(), &serde_json::Value::Null));
        assert_eq!(view["protected_by"], if no == one { "operator" } else { "file" });
    }
    // Nothing else is kept back, and the number of those concerned is known before an export.
    desk.decide(two, &papers()).unwrap();
    assert_eq!((desk.outlook().unwrap().protected, desk.protected_records().unwrap().len()), (1, 2));
    desk.undo(None).unwrap();
    let safe = Decision { safe_way: Some("窓口で手渡し".into()), ..letter() };
    desk.decide(two, &safe).unwrap();
    let view = json::record(&desk.view(two).unwrap());
    assert_eq!((&view["category"], &view["safe_way"]), (&"4-2".into(), &"窓口で手渡し".into()));
    assert!(matches!(desk.protect(one, false, " "), Err(DeskError::NeedsReason)));
    desk.protect(one, false, "申出の取下げ").unwrap();
    desk.decide(one, &letter()).unwrap();
    assert_eq!(json::record(&desk.view(one).unwrap())["protected_by"], serde_json::Value::Null);
    sound(desk);
}

/// A newer file sets the flag between a letter that was taken back and the key that would bring it back.
#[test]
fn no_step_of_the_history_sends_a_letter_under_protection() {
    let office = office(&[("1", ""), ("2", "")]);
    let desk = &office.desk;
    let [one, two] = ["1", "2"].map(|id| desk.find(id).unwrap());
    desk.decide(one, &letter()).unwrap();
    let reopened = desk.reopen(one, "宛先の確認").unwrap();
    desk.decide(two, &letter()).unwrap();
    desk.undo(None).unwrap();
    import(desk.store(), &[("1", "有"), ("2", "有")]);
    assert!(is_kept_back(desk.redo()));
    assert!(is_kept_back(desk.undo(None)));
    assert!(is_kept_back(desk.undo(Some(one))));
    assert!(is_kept_back(desk.undo_step(reopened.id.n)));
    assert!(state(desk, one).is_open() && state(desk, two).is_open());
    // The letter that is out is not touched by the flag: its outcome, and the way back from it, are open.
    let office = self::office(&[("1", "")]);
    let desk = &office.desk;
    let one = desk.find("1").unwrap();
    desk.decide(one, &letter()).unwrap();
    import(desk.store(), &[("1", "有")]);
    let replied = Decision { replied: Some(desk.today()), ..Decision::category(Category::C46) };
    desk.decide(one, &replied).unwrap();
    desk.undo(None).unwrap();
    assert_eq!(state(desk, one), State::Decided(Category::C42));
    desk.redo().unwrap();
    sound(desk);
}

#[test]
fn a_withdrawn_record_is_listed_once_more_only_after_a_new_decision() {
    let office = office(&[("1", ""), ("2", ""), ("3", "")]);
    let desk = &office.desk;
    let [one, two, three] = ["1", "2", "3"].map(|id| desk.find(id).unwrap());
    for no in [one, two] {
        desk.decide(no, &papers()).unwrap();
    }
    let decided = desk.report().unwrap();
    desk.freeze(&desk.preview_report().unwrap()).unwrap();
    desk.make_next_batch().unwrap();
    desk.withdraw(1, "1", "別人の疑い").unwrap();
    desk.decide(three, &papers()).unwrap();

    let event = desk.snapshot().unwrap().events(0..u64::MAX, Some(one)).unwrap().pop().unwrap();
    assert_eq!((event.kind, event.reason.as_str()), (EventKind::Withdraw, "別人の疑い"));
    let states = [event.before, event.after].map(|case| case.unwrap().state);
    assert_eq!(states, [State::Decided(Category::C23), State::Pending]);
    let next = desk.outlook().unwrap();
    assert_eq!((next.rows, next.left_out), (1, vec![(LeftOut::Open, 1), (LeftOut::Reported, 1)]));
    assert_eq!((next.came_back.waiting, next.came_back.listed.len()), (vec!["1".to_owned()], 0));
    let ids = |batch: crate::domain::batch::Batch| batch.rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(desk.preview_batch().unwrap().0), ["3"]);
    // The counts follow: it is 未了 again, and the bridge says reopened.
    let report = desk.report().unwrap();
    assert_eq!((decided.report.backlog, report.report.backlog), (1, 1));
    assert_eq!(report.bridge.map(|bridge| (bridge.reopened, bridge.closed)), Some((1, 1)));
    let status = desk.status().unwrap().status;
    assert_eq!((status.reported, status.unreported, status.remaining), (1, 1, 1));

    assert_eq!(ids(desk.make_next_batch().unwrap()), ["3"]);
    assert!(matches!(desk.make_next_batch(), Err(DeskError::NothingToRelease)));
    // Neither it nor what is decided otherwise comes back by itself.
    desk.decide(one, &Decision::category(Category::C24)).unwrap();
    assert!(matches!(desk.make_next_batch(), Err(DeskError::NothingToRelease)));
    assert_eq!(desk.came_back().unwrap(), Default::default());
    desk.decide(one, &Decision { reason: Some("本人の番号".into()), ..papers() }).unwrap();
    assert_eq!(desk.came_back().unwrap().listed, ["1"]);
    assert_eq!(ids(desk.make_next_batch().unwrap()), ["1"]);
    assert_eq!(desk.came_back().unwrap(), Default::default());
    assert!(matches!(desk.make_next_batch(), Err(DeskError::NothingToRelease)));
    sound(desk);
}

/// What `u` and Ctrl-R may do around a withdrawal: nothing of before comes back, what is decided since goes back to 確認中.
#[test]
fn undo_stops_at_a_withdrawal() {
    let office = office(&[("1", ""), ("2", "")]);
    let desk = &office.desk;
    let one = desk.find("1").unwrap();
    let decided = desk.decide(one, &papers()).unwrap();
    desk.make_next_batch().unwrap();
    let refused = desk.undo(None).unwrap_err();
    assert!(matches!(refused, DeskError::LastStep { refusal: UndoRefusal::InBatch(1), .. }), "{refused:?}");
    // The operator may be looking at another record.
    assert!(refused.to_string().starts_with("整理番号 1: "), "{refused}");
    desk.withdraw(1, "1", "別人の疑い").unwrap();
    for refused in [desk.undo(None), desk.undo(Some(one)), desk.undo_step(decided.id.n)] {
        let refused = refused.unwrap_err();
        let withdrawn = matches!(refused, DeskError::Undo(why) | DeskError::LastStep { refusal: why, .. } if why == UndoRefusal::Withdrawn);
        assert!(withdrawn);
    }
    let withdrawn = desk.snapshot().unwrap().meta().unwrap().audit_seq;
    let refused = desk.undo_step(withdrawn).unwrap_err().to_string();
    assert!(refused.contains("取下げ は取り消せません") && refused.contains("決定し直して"), "{refused}");
    desk.decide(one, &papers()).unwrap();
    desk.undo(None).unwrap();
    assert_eq!(state(desk, one), State::Pending);
    assert!(matches!(desk.make_next_batch(), Err(DeskError::NothingToRelease)));
    desk.redo().unwrap();
    assert_eq!(desk.make_next_batch().unwrap().rows.len(), 1);
    sound(desk);
}

/// One thing an operator does with one of three records.
#[derive(Clone, Copy, Debug)]
enum Step {
    Decide(u32, bool),
    Hold(u32),
    Reopen(u32),
    Note(u32),
    Protect(u32, bool),
    Undo,
    UndoOf(u32),
    Redo,
    Batch,
    Withdraw(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let record = 0u32..3;
    let step = prop_oneof![
        4 => (record.clone(), any::<bool>()).prop_map(|(no, right)| Step::Decide(no, right)),
        1 => record.clone().prop_map(Step::Hold),
        1 => record.clone().prop_map(Step::Reopen),
        1 => record.clone().prop_map(Step::Note),
        1 => (record.clone(), any::<bool>()).prop_map(|(no, on)| Step::Protect(no, on)),
        3 => Just(Step::Undo),
        1 => record.clone().prop_map(Step::UndoOf),
        2 => Just(Step::Redo),
        2 => Just(Step::Batch),
        3 => record.prop_map(Step::Withdraw),
    ];
    proptest::collection::vec(step, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is done in whatever order: between a withdrawal of a record and its next listing lies a decision made since,
    /// a record stands in one list, and the counts hold.
    #[test]
    fn no_list_takes_a_withdrawn_decision(steps in steps()) {
        let office = office(&[("1", ""), ("2", ""), ("3", "")]);
        let desk = &office.desk;
        let listed_by = Mutex::new(std::collections::HashMap::<RecordNo, Timestamp>::new());
        for step in steps {
            let no = |n: u32| RecordNo(n);
            let reason = Some("見直し".to_owned());
            match step {
                Step::Decide(n, true) => drop(desk.decide(no(n), &Decision { reason, ..papers() })),
                Step::Decide(n, false) => {
                    drop(desk.decide(no(n), &Decision { reason, ..Decision::category(Category::C24) }));
                }
                Step::Hold(n) => drop(desk.decide(no(n), &Decision { reason, ..Decision::to(Target::Hold) })),
                Step::Reopen(n) => drop(desk.reopen(no(n), "見直し")),
                Step::Note(n) => drop(desk.annotate(no(n), "電話で確認")),
                Step::Protect(n, on) => drop(desk.protect(no(n), on, "申出")),
                Step::Undo => drop(desk.undo(None)),
                Step::UndoOf(n) => drop(desk.undo(Some(no(n)))),
                Step::Redo => drop(desk.redo()),
                Step::Batch => {
                    let Ok(batch) = desk.make_next_batch() else { continue };
                    for row in &batch.rows {
                        let withdrawals = desk.snapshot().unwrap().withdrawals().unwrap();
                        let newest = withdrawals.iter().filter(|one| one.record == row.record).map(|one| one.at).max();
                        prop_assert!(newest.is_none_or(|at| row.confirmed_at.unwrap() > at), "{row:?}");
                        let confirmed = row.confirmed_at.unwrap();
                        let before = listed_by.lock().unwrap().insert(row.record, confirmed);
                        prop_assert!(before.is_none_or(|before| before < confirmed), "listed twice by one decision");
                    }
                }
                Step::Withdraw(n) => {
                    let held = desk.snapshot().unwrap().case(no(n)).unwrap().in_batch;
                    let id = (n + 1).to_string();
                    let done = desk.withdraw(held.unwrap_or(1), &id, "別人の疑い");
                    prop_assert_eq!(done.is_ok(), held.is_some());
                    if done.is_ok() {
                        prop_assert_eq!(state(desk, no(n)), State::Pending);
                    }
                }
            }
            let outlook = desk.outlook().unwrap();
            let left: u64 = outlook.left_out.iter().map(|(_, count)| count).sum();
            prop_assert_eq!(outlook.rows + left, 3);
        }
        sound(desk);
    }
}

/// The trail in pages, of all and of one record, is the whole trail; so is the log, which reads it in pages of its own.
#[test]
fn pages_of_the_trail_and_the_log_leave_nothing_out() {
    let office = office(&[("1", ""), ("2", "")]);
    let desk = &office.desk;
    let [one, two] = ["1", "2"].map(|id| desk.find(id).unwrap());
    for n in 0..700 {
        desk.annotate(if n % 7 == 0 { two } else { one }, &format!("{n}")).unwrap();
    }
    for (id, record) in [(None, None), (Some("1"), Some(one)), (Some("2"), Some(two))] {
        let all: Vec<u64> =
            desk.snapshot().unwrap().events(0..u64::MAX, record).unwrap().iter().map(|event| event.id.n).collect();
        let mut told = Vec::new();
        let query = Query::Log { id: id.map(str::to_owned) };
        desk.answer(&query, &mut |view| {
            let AnyView::Step(step) = view else { panic!("{view:?}") };
            assert!(record.is_none() || step.id == id.unwrap());
            told.push(step.event.id.n);
            true
        })
        .unwrap();
        assert_eq!(told, all);
        for limit in [1, 100, all.len() - 1, all.len(), 1_000] {
            let (mut read, mut below) = (Vec::new(), None);
            loop {
                let page = desk.history(record, below, limit).unwrap();
                assert!(page.steps.len() <= limit);
                read.extend(page.steps.iter().map(|step| step.event.id.n));
                match page.next {
                    Some(next) => below = Some(next),
                    None => break,
                }
                if limit == 1 && read.len() > 9 {
                    break;
                }
            }
            assert!(read.iter().eq(all.iter().rev().take(read.len())), "{limit}");
            assert!(limit == 1 || read.len() == all.len());
        }
    }
    // Whoever has heard enough is told no more.
    let mut told = 0;
    desk.answer(&Query::Log { id: None }, &mut |_| {
        told += 1;
        told < 3
    })
    .unwrap();
    assert_eq!(told, 3);
}

/// In a new process the next undo is found below whatever colleagues did since; the record's own undo as well.
#[test]
fn a_new_process_finds_the_next_undo_below_the_steps_of_colleagues() {
    let office = office(&[("1", ""), ("2", "")]);
    let desk = &office.desk;
    let [one, two] = ["1", "2"].map(|id| desk.find(id).unwrap());
    let own = [desk.annotate(one, "一").unwrap().id, desk.annotate(two, "二").unwrap().id];
    let other = Seat::at(desk.desk().clone(), Caller::named("鈴木"));
    for n in 0..300 {
        other.annotate(one, &format!("{n}")).unwrap();
    }
    let anew = desk.reseated().unwrap();
    // Of the first record a colleague's note came later.
    let refused = anew.undo(Some(one)).unwrap_err();
    assert!(matches!(refused, DeskError::LastStep { refusal: UndoRefusal::ChangedSince, .. }), "{refused:?}");
    assert_eq!(anew.undo(None).unwrap().refers, Some(own[1]));
    assert!(matches!(anew.undo(Some(two)), Err(DeskError::Undo(UndoRefusal::Nothing))));
    assert_eq!(anew.redo().unwrap().refers, Some(own[1]));
    assert_eq!(anew.reseated().unwrap().undo(Some(two)).unwrap().refers, Some(own[1]));
    sound(desk);
}

/// Taking 支援措置 back needs a reason by every way of undo, and the trail keeps it.
#[test]
fn undo_takes_no_protection_away_without_a_reason() {
    let office = office(&[("1", "")]);
    let desk = &office.desk;
    let one = desk.find("1").unwrap();
    let set = desk.protect(one, true, "本人の申出").unwrap();
    let needs = |result: Result<Event, DeskError>| match result {
        Err(DeskError::LastStep { refusal: UndoRefusal::NeedsReason(step), .. }) => assert_eq!(step, set.id),
        other => panic!("{other:?}"),
    };
    needs(desk.undo(None));
    needs(desk.undo(Some(one)));
    needs(desk.undo_step(set.id.n));
    let because = |reason: &str| {
        let target = UndoTarget::StepBecause { step: set.id, reason: reason.to_owned() };
        desk.run(&Command::Undo(target)).map(|done| done.events().remove(0))
    };
    needs(because("  "));
    assert_eq!(desk.snapshot().unwrap().case(one).unwrap().protected, Some(true));
    let undone = because("入力の誤り").unwrap();
    assert_eq!((undone.reason.as_str(), undone.refers), ("入力の誤り", Some(set.id)));
    assert_eq!(desk.snapshot().unwrap().case(one).unwrap().protected, None);
    // Setting it is no danger, and an undone clearing sets it again.
    desk.redo().unwrap();
    assert_eq!(desk.snapshot().unwrap().case(one).unwrap().protected, Some(true));
    let cleared = desk.protect(one, false, "終了を確認").unwrap();
    assert_eq!(desk.undo_step(cleared.id.n).unwrap().reason, "");
    assert_eq!(desk.snapshot().unwrap().case(one).unwrap().protected, Some(true));
    let redone = desk.redo().unwrap_err();
    assert!(matches!(redone, DeskError::LastStep { refusal: UndoRefusal::RedoNeedsReason, .. }), "{redone:?}");
    assert_eq!(desk.snapshot().unwrap().case(one).unwrap().protected, Some(true));
    sound(desk);
}
