//! A disk that fails under the workstation: the operator is told what became of the change, and nothing is done twice.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use jiff::{Timestamp, ToSpan};

use super::paths::MAXIMUM_SEARCHES;
use super::*;
use crate::app::Effect;
use crate::config::settings::Settings;
use crate::domain::calendar::japan_time;
use crate::domain::case::{Decision, Target};
use crate::domain::record::RecordNo;
use crate::domain::request::Seen;
use crate::store::Store;
use crate::store::tests::crash::{Disk, created, opened};
use crate::store::tests::{damage_last_rows, file, import_file};

const OPERATOR: &str = "佐藤";

fn desk(store: Store) -> Seat {
    Seat::new(Arc::new(store), Settings::default(), OPERATOR, Arc::new(|| Timestamp::UNIX_EPOCH)).unwrap()
}

/// A disk with a store of some records.
fn disk() -> Arc<Mutex<Disk>> {
    let disk = Disk::of(Vec::new(), None);
    let store = created(&disk);
    import_file(&store, &file((0..9).map(|n| (n, "甲")))).unwrap();
    drop(store);
    disk
}

fn hold(request: u64, record: u32) -> Effect {
    let mut decision = Decision::to(Target::Hold);
    decision.due = Some(japan_time(Timestamp::UNIX_EPOCH).date().saturating_add(7.days()));
    let seen = Seen { record: RecordNo(record), version: 0 };
    Effect::Decide { request, seen, decision: Box::new(decision) }
}

/// A worker over a disk, told nothing yet; `mended` says whether the disk works again when the store is opened anew.
fn start(disk: &Arc<Mutex<Disk>>, mended: bool) -> (Sender<Effect>, Receiver<Incoming>) {
    let (ask, requests) = channel();
    let (to, answers) = channel();
    let first = desk(opened(disk).unwrap());
    let again = Arc::clone(disk);
    let reopen: Reopen = Box::new(move || {
        if mended {
            again.lock().unwrap().left = None;
        }
        opened(&again).map(desk).map_err(|error| error.to_string())
    });
    // No job is asked for here.
    let jobs = JobContext { exports: Default::default(), layouts: Default::default(), stop: Arc::default() };
    std::thread::spawn(move || run(first, jobs, reopen, &requests, &to));
    let Ok(Incoming::Answer(msg)) = answers.recv() else { panic!("no first answer") };
    assert!(matches!(*msg, Msg::Opened(_)));
    (ask, answers)
}

fn next(answers: &Receiver<Incoming>) -> Msg {
    match answers.recv_timeout(Duration::from_secs(20)) {
        Ok(Incoming::Answer(msg)) => *msg,
        other => panic!("{other:?}"),
    }
}

/// The disk fails at every operation of a decision in turn: what the operator is told is what the store holds.
#[test]
fn the_operator_is_told_what_the_store_holds() {
    let image = disk().lock().unwrap().written.clone();
    let (mut there, mut gone) = (0, 0);
    for at in 0.. {
        let disk = Disk::of(image.clone(), None);
        let (ask, answers) = start(&disk, true);
        disk.lock().unwrap().left = Some(at);
        ask.send(hold(1, 1)).unwrap();
        let outcome = next(&answers);
        if disk.lock().unwrap().left.is_some() {
            assert!(matches!(outcome, Msg::Saved { request: 1, .. }), "nothing failed: {outcome:?}");
            break;
        }
        let Msg::Reopened { words } = next(&answers) else { panic!("not opened anew") };
        let said = match &outcome {
            Msg::Saved { request: 1, .. } => true,
            Msg::Failed { request: Some(1), fatal: false, .. } => false,
            other => panic!("{other:?}"),
        };
        assert!(words.contains(if said { "保存されています" } else { "保存されていません" }), "{words}");
        if said {
            there += 1
        } else {
            gone += 1
        }
        // The workstation goes on with the new handle, and the events are numbered on.
        ask.send(hold(2, 2)).unwrap();
        let Msg::Saved { request: 2, event } = next(&answers) else { panic!("not saved after reopening") };
        assert_eq!(event.record(), Some(RecordNo(2)));
        drop(ask);
        while answers.recv().is_ok() {}
        let store = opened(&disk).unwrap();
        let snapshot = store.snapshot().unwrap();
        let held: Vec<RecordNo> = snapshot.cases().unwrap().into_iter().map(|(no, _)| no).collect();
        assert_eq!(held.contains(&RecordNo(1)), said, "failure at {at}");
        assert_eq!(snapshot.events(0..u64::MAX, Some(RecordNo(1))).unwrap().len(), usize::from(said), "done twice");
        assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
    }
    assert!(gone > 3, "{gone} gone, {there} there");
}

/// What the same operator did in another session meanwhile is not taken for the change that was on its way.
#[test]
fn a_step_of_another_session_is_not_the_change_that_failed() {
    let disk = disk();
    let (ask, requests) = channel();
    let (to, answers) = channel();
    let (first, again) = (desk(opened(&disk).unwrap()), Arc::clone(&disk));
    let reopen: Reopen = Box::new(move || {
        again.lock().unwrap().left = None;
        let desk = opened(&again).map(desk).map_err(|error| error.to_string())?;
        desk.annotate(RecordNo(2), "電話").unwrap();
        Ok(desk)
    });
    let jobs = JobContext { exports: Default::default(), layouts: Default::default(), stop: Arc::default() };
    std::thread::spawn(move || run(first, jobs, reopen, &requests, &to));
    assert!(matches!(next(&answers), Msg::Opened(_)));
    disk.lock().unwrap().left = Some(0);
    ask.send(hold(1, 1)).unwrap();
    let outcome = next(&answers);
    assert!(matches!(outcome, Msg::Failed { request: Some(1), .. }), "{outcome:?}");
    let Msg::Reopened { words } = next(&answers) else { panic!("not opened anew") };
    assert!(words.contains("保存されていません"), "{words}");
}

/// Decisions made before the operator could know of the fault are refused by name, not carried out later.
#[test]
fn what_was_asked_before_the_fault_was_known_is_refused() {
    let disk = disk();
    let (ask, answers) = start(&disk, true);
    let mut locked = disk.lock().unwrap();
    locked.left = Some(0);
    // The worker cannot reach the disk before all three are asked.
    for request in 1..=3 {
        ask.send(hold(request, request as u32)).unwrap();
    }
    drop(locked);
    let mut failed = Vec::new();
    let words = loop {
        match next(&answers) {
            Msg::Failed { request: Some(request), fatal: false, .. } => failed.push(request),
            Msg::Reopened { words } => break words,
            other => panic!("{other:?}"),
        }
    };
    failed.sort_unstable();
    assert_eq!(failed, [1, 2, 3]);
    assert!(words.contains("2 件"), "{words}");
    drop(ask);
    while answers.recv().is_ok() {}
    assert!(opened(&disk).unwrap().snapshot().unwrap().cases().unwrap().is_empty());
}

/// A disk that stays broken: nothing more is done, and the change stays unanswered because nobody knows.
#[test]
fn a_store_that_stays_closed_does_nothing_more() {
    let disk = disk();
    let (ask, answers) = start(&disk, false);
    disk.lock().unwrap().left = Some(0);
    ask.send(hold(1, 1)).unwrap();
    let Msg::Failed { request: None, fatal: true, message } = next(&answers) else { panic!("not told") };
    assert!(message.contains("開き直せません"), "{message}");
    ask.send(hold(2, 2)).unwrap();
    assert!(matches!(next(&answers), Msg::Failed { request: Some(2), .. }));
    // Mended by the administrator: the next try resolves what was open.
    disk.lock().unwrap().left = None;
    assert!(matches!(next(&answers), Msg::Failed { request: Some(1), fatal: false, .. }));
    assert!(matches!(next(&answers), Msg::Reopened { .. }));
}

/// A block of rows with a wrong checksum: the records beside it are read, and those in it are named.
#[test]
fn a_damaged_block_keeps_no_other_record_back() {
    let disk = disk();
    let store = opened(&disk).unwrap();
    import_file(&store, &file((0..12).map(|n| (n, "甲")))).unwrap();
    damage_last_rows(&store);
    drop(store);
    let (ask, answers) = start(&disk, true);
    let nos = |of: std::ops::Range<u32>| of.map(RecordNo).collect::<Vec<_>>();
    ask.send(Effect::Load { lines: nos(0..12), records: nos(7..10) }).unwrap();
    let Msg::Loaded { lines, records, faults } = next(&answers) else { panic!("not read") };
    assert_eq!(lines.iter().map(|line| line.no).collect::<Vec<_>>(), nos(0..9));
    assert_eq!(records.iter().map(|view| view.record.no).collect::<Vec<_>>(), nos(7..9));
    assert_eq!(faults.iter().map(|(no, _)| *no).collect::<Vec<_>>(), nos(9..12));
    assert!(faults.iter().all(|(_, words)| words.contains("meken verify")), "{faults:?}");
    // The good ones can be decided.
    ask.send(hold(1, 8)).unwrap();
    assert!(matches!(next(&answers), Msg::Saved { request: 1, .. }));
}

/// A folder that never answers keeps no request waiting, however often it is asked for.
#[test]
fn a_folder_that_does_not_answer_keeps_nothing_back() {
    let (to, answers) = channel();
    let search = PathSearch::default();
    let mut waiting = Vec::new();
    for _ in 0..MAXIMUM_SEARCHES + 3 {
        let (release, hung) = channel::<()>();
        search.start(&to, "delta ".into(), "/mnt/".into(), move |part| {
            let _ = hung.recv();
            vec![format!("{part}a.csv")]
        });
        waiting.push(release);
    }
    assert_eq!(Arc::strong_count(&search.0), MAXIMUM_SEARCHES + 1);
    assert!(answers.try_recv().is_err());
    drop(waiting);
    let Msg::Completed { text, lines } = next(&answers) else { panic!("no paths") };
    assert_eq!((text.as_str(), &lines[..]), ("delta /mnt/", &["delta /mnt/a.csv".to_owned()][..]));
}

/// Paths are found while the store is closed: they are looked for beside the thread that saves.
#[test]
fn paths_are_found_without_the_store() {
    let disk = disk();
    let (ask, answers) = start(&disk, false);
    disk.lock().unwrap().left = Some(0);
    ask.send(hold(1, 1)).unwrap();
    assert!(matches!(next(&answers), Msg::Failed { fatal: true, .. }));
    ask.send(Effect::Complete { head: String::new(), part: "/dev/nul".into() }).unwrap();
    let Msg::Completed { lines, .. } = next(&answers) else { panic!("no paths") };
    assert_eq!(lines, ["/dev/null"]);
}
