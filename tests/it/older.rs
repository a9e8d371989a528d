//! A store of layout 4, written by the release before layout 5, is read for ever: with decisions, undos, letters, a reopened
//! record, 支援措置, two batches, a withdrawal, two reports, a newer file that changed a reported record, and rows held back. So is
//! one of layout 5, made in the same way by the release before layout 6.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use jiff::civil::date;
use meken::domain::case::{Case, State, annotate};
use meken::domain::category::Category;
use meken::domain::event::{Actor, CaseChange, Change, Detail, Event, EventKind, Subject, UndoStack};
use meken::domain::tally::Status;
use meken::store::{FILE_NAME, Snapshot, Store, open};
use meken::view::{Step, json};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/stores/layout4")
}

/// A copy of the store in a workspace of its own.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(data().join("meken.redb"), folder.path().join(FILE_NAME)).unwrap();
    folder
}

fn sound(store: &Store) {
    assert_eq!(store.snapshot().unwrap().verify().unwrap(), Vec::<String>::new());
}

fn events(snapshot: &Snapshot<'_>) -> Vec<Event> {
    snapshot.events(0..u64::MAX, None).unwrap()
}

fn case_of(snapshot: &Snapshot<'_>, id: &str) -> Case {
    snapshot.case(snapshot.find(id).unwrap().unwrap()).unwrap()
}

/// Opens a copy of a store in a workspace of its own: it is raised, sound, and tells the trail that its release told.
fn raised(data: &Path, folder: &Path) -> Store {
    std::fs::copy(data.join("meken.redb"), folder.join(FILE_NAME)).unwrap();
    let store = open(folder).unwrap();
    sound(&store);
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.meta().unwrap().schema, 6);
    let told = std::fs::read_to_string(data.join("log.json")).unwrap();
    let events = events(&snapshot);
    assert_eq!(events.len(), told.lines().count());
    for (event, told) in events.into_iter().zip(told.lines()) {
        let id = event.record().map(|no| snapshot.records(&[no]).unwrap()[0].row.id()).unwrap_or_default();
        let step = Step { event, id, awaits_second: false };
        assert_eq!(json::step(&step).to_string(), told);
    }
    drop(snapshot);
    store
}

#[test]
fn it_opens_verifies_and_tells_the_same_trail() {
    raised(&data(), tempfile::tempdir().unwrap().path());
}

/// The store of the release before layout 6, made in the same way, counts what its release counted.
#[test]
fn a_store_of_layout_5_tells_the_same_trail_and_counts() {
    let (data, folder) = (data().with_file_name("layout5"), tempfile::tempdir().unwrap());
    let store = raised(&data, folder.path());
    let told: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(data.join("status.json")).unwrap()).unwrap();
    let status = Status::of(&store.snapshot().unwrap().counts().unwrap());
    for (name, count) in [
        ("/in_item1", status.in_item1),
        ("/decided", status.decided),
        ("/waiting", status.waiting),
        ("/remaining", status.remaining),
        ("/out_of_scope", status.out_of_scope),
        ("/release/reported", status.reported),
        ("/release/unreported", status.unreported),
        ("/release/changed", status.changed),
        ("/operators/0/decided", status.operators["root"]),
    ] {
        assert_eq!(told.pointer(name).and_then(serde_json::Value::as_u64), Some(count), "{name}");
    }
}

#[test]
fn its_cases_hold_their_batch_and_every_date() {
    let folder = copy();
    let store = open(folder.path()).unwrap();
    let snapshot = store.snapshot().unwrap();
    let case = |id: &str| case_of(&snapshot, id);
    for (id, batch) in [
        ("0000000296", Some(1)),
        // Reported, then changed by a newer file.
        ("0000000063", Some(1)),
        // Withdrawn.
        ("0000000149", None),
        ("0000000212", Some(2)),
        ("0000000133", None),
    ] {
        assert_eq!(case(id).in_batch, batch, "{id}");
    }
    let letter = case("0000000226");
    assert_eq!(letter.state, State::Decided(Category::C41));
    assert_eq!((letter.sent(), letter.due()), (Some(date(2026, 11, 20)), Some(date(2026, 12, 4))));
    assert_eq!((case("0000000011").deadline, case("0000000011").letter), (Some(date(2026, 12, 10)), None));
    assert_eq!((case("0000000161").protected, case("0000000197").protected), (Some(true), None));
    // Records that no batch ever held are untouched or have none.
    let listed = snapshot.cases().unwrap().iter().filter(|(_, case)| case.in_batch.is_some()).count();
    let batches = snapshot.batches().unwrap();
    assert_eq!(listed, batches.iter().map(|batch| batch.rows.len()).sum::<usize>() - 1);
}

#[test]
fn its_events_have_their_subject_and_keep_their_words() {
    let folder = copy();
    let store = open(folder.path()).unwrap();
    let events = events(&store.snapshot().unwrap());
    let subjects = |kind: EventKind| -> Vec<Subject> {
        events.iter().filter(|event| event.kind == kind).map(|event| event.subject).collect()
    };
    assert_eq!(subjects(EventKind::Batch), [Subject::Batch(1), Subject::Batch(2)]);
    assert_eq!(subjects(EventKind::Import), [Subject::Import(1), Subject::Import(2)]);
    assert_eq!(subjects(EventKind::Freeze), [Subject::Report(1), Subject::Report(2)]);
    assert_eq!(subjects(EventKind::HeldDismissed), [Subject::Held(1)]);
    for event in events.iter().filter(|event| event.kind == EventKind::Batch) {
        assert!(matches!(event.detail, Detail::Words(_)), "{event:?}");
    }
    let withdrawn = events.iter().find(|event| event.kind == EventKind::Withdraw).unwrap();
    assert_eq!(withdrawn.withdrawn_from(), Some(1));
}

/// What each operator can undo is found without the trail, as the trail tells it.
#[test]
fn its_operators_can_undo_what_they_could() {
    let folder = copy();
    let store = open(folder.path()).unwrap();
    let snapshot = store.snapshot().unwrap();
    let events = events(&snapshot);
    let operators: BTreeSet<&str> = events.iter().map(Event::operator).collect();
    let mut undone = 0;
    for operator in operators {
        let stack = UndoStack::of(&events, operator);
        let own = snapshot.own_steps(operator).unwrap();
        assert_eq!((own.undo, own.redo), (stack.next_undo(), stack.next_redo()), "{operator}");
        for event in events.iter().filter(|event| event.operator() == operator && event.kind.can_undo()) {
            assert_eq!(snapshot.is_done(operator, event.id).unwrap(), stack.can_undo(event.id), "{operator} {event:?}");
            undone += usize::from(!stack.can_undo(event.id));
        }
    }
    assert!(undone > 0);
}

/// Raised once: opened again nothing more is written, and what happens from then on follows on.
#[test]
fn it_goes_on_from_there() {
    let folder = copy();
    let head = |store: &Store| store.snapshot().unwrap().meta().unwrap().audit_head;
    let before = head(&open(folder.path()).unwrap());
    let store = open(folder.path()).unwrap();
    assert_eq!(head(&store), before);
    let (record, listed) = {
        let snapshot = store.snapshot().unwrap();
        (snapshot.find("0000000296").unwrap().unwrap(), case_of(&snapshot, "0000000296"))
    };
    let after = annotate(&listed, "確認済");
    assert_eq!(after.in_batch, Some(1));
    let (before, reason) = (listed, String::new());
    let change = CaseChange { record, kind: EventKind::Note, before, after, reason, refers: None };
    let actor = Actor::named("佐藤", Timestamp::UNIX_EPOCH);
    let events = store.apply(&[Change::Case(Box::new(change))], &actor).unwrap();
    assert_eq!(events[0].subject, Subject::Record(record));
    sound(&store);
    drop(store);
    sound(&open(folder.path()).unwrap());
}

/// One damaged byte in a case or an event: the store opens, other records are shown, and `verify` says which value it is.
#[test]
fn verify_names_a_damaged_value() {
    let whole = std::fs::read(data().join("meken.redb")).unwrap();
    let note = "\"note\":\"電話待ち\"".as_bytes();
    let places: Vec<usize> = (0..whole.len() - note.len()).filter(|&at| whole[at..].starts_with(note)).collect();
    let mut told = String::new();
    for at in places {
        let folder = copy();
        let mut bytes = whole.clone();
        bytes[at + note.len() - 2] ^= 1;
        std::fs::write(folder.path().join(FILE_NAME), bytes).unwrap();
        let run = |args: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_meken"));
            command.arg("--workspace").arg(folder.path()).args(args).output().unwrap()
        };
        assert!(run(&["show", "0000000296"]).status.success());
        let verified = run(&["verify"]);
        assert_eq!(verified.status.code(), Some(4));
        told.push_str(&String::from_utf8(verified.stdout).unwrap());
    }
    for fault in ["の決定を読めません", "監査記録"] {
        assert!(told.contains(fault), "{told}");
    }
}
