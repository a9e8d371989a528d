//! Several writers at once, as processes on one workspace and as threads on one store: whoever is told that a change was
//! saved finds it again, whoever is not told so has changed nothing, and the trail stays whole.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::sync::Barrier;

use meken::domain::case::{Case, annotate};
use meken::domain::event::{Actor, CaseChange, Change, Event, EventKind};
use meken::domain::record::RecordNo;
use meken::store::{self, StoreError};

use crate::terminal::touched;
use crate::wait::until;
use crate::work::{Said, Truth, Work};

/// Exit code of a command that found the store held by another process.
const BUSY: i32 = 75;

fn start(work: &Work, line: &str) -> Child {
    let mut command = work.command();
    command.args(line.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Starts commands together and waits for all of them.
fn at_once<const N: usize>(work: &Work, lines: [&str; N]) -> [Said; N] {
    lines.map(|line| start(work, line)).map(|child| child.wait_with_output().unwrap().into())
}

/// Records that 2-3 fits.
fn fitting(truth: &[Truth]) -> Vec<&str> {
    truth.iter().filter(|row| row.in_item1 && row.category == "2-3").map(|row| row.id.as_str()).collect()
}

fn decide(id: &str) -> String {
    format!("decide {id} 2-3 --evidence 目検")
}

/// Two processes decide different records: each is saved or told that the store is held.
#[test]
fn two_processes_that_decide_lose_nothing() {
    let (work, truth) = Work::with_sample(600);
    let ids = fitting(&truth);
    assert!(ids.len() >= 16, "{}", ids.len());
    let mut saved = BTreeSet::new();
    for pair in ids[..16].chunks(2) {
        let said = at_once(&work, [decide(pair[0]).as_str(), decide(pair[1]).as_str()]);
        assert!(said.iter().any(|said| said.code == Some(0)), "{} {}", said[0].err, said[1].err);
        for (id, said) in pair.iter().zip(said) {
            if said.code == Some(0) {
                saved.insert((*id).to_owned());
            } else {
                said.ends_with(BUSY);
            }
        }
        assert_eq!(touched(&work), saved.iter().cloned().collect::<Vec<_>>());
    }
    // One event for the import and one for each decision that was acknowledged.
    assert_eq!(work.run("log --json").ok().json_lines().len(), 1 + saved.len());
    work.run("verify").ok();
}

/// Two processes decide the same record in different ways: one is right, the other is told, and nothing is overwritten.
#[test]
fn two_processes_on_one_record_do_not_overwrite_each_other() {
    let (work, truth) = Work::with_sample(600);
    for (n, id) in fitting(&truth).into_iter().take(6).enumerate() {
        let (one, other) = (decide(id), format!("decide {id} 4-2"));
        // Either may win.
        let lines = if n % 2 == 0 { [one.as_str(), &other] } else { [other.as_str(), &one] };
        let said = at_once(&work, lines);
        let saved = said.iter().filter(|said| said.code == Some(0)).count();
        assert_eq!(saved, 1, "{id}: {} {}", said[0].err, said[1].err);
        let refused = said.iter().find(|said| said.code != Some(0)).unwrap();
        assert!(matches!(refused.code, Some(1 | BUSY)), "{:?} {}", refused.code, refused.err);
        let log = work.run(&format!("log {id} --json")).ok().json_lines();
        assert_eq!(log.len(), 1, "{log:?}");
        let now = work.run(&format!("show {id} --json")).ok().json();
        assert_eq!((&now["state"], &now["category"]), (&log[0]["after"]["state"], &log[0]["after"]["category"]));
    }
    work.run("verify").ok();
}

/// Whoever decides while a file is imported is told so and who imports; what was saved before the import is there after it.
#[test]
fn an_import_and_decisions_do_not_mix() {
    let work = Work::new();
    work.run("sample --rows 40000 --truth truth.tsv -o whole.csv").ok();
    let whole = std::fs::read(work.path("whole.csv")).unwrap();
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    std::fs::write(work.path("part.csv"), lines[..400].concat()).unwrap();
    work.run("import part.csv").ok();
    let listed: BTreeSet<String> =
        work.run("list --json").ok().json_lines().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    let truth = crate::work::truth(&work.path("truth.tsv"));
    let ids: Vec<&str> = fitting(&truth).into_iter().filter(|id| listed.contains(*id)).collect();
    let [before, meanwhile] = [ids[0], ids[1]];
    work.run(&decide(before)).ok();
    let import = start(&work, "import whole.csv");
    let socket = work.workspace().join("meken.sock");
    until("the store held by the import", || socket.exists());
    let refused = work.run(&decide(meanwhile)).ends_with(BUSY);
    assert!(refused.err.contains("取込") && refused.err.contains(&import.id().to_string()), "{}", refused.err);
    Said::from(import.wait_with_output().unwrap()).ok();
    assert_eq!(touched(&work), [before]);
    work.run(&decide(meanwhile)).ok();
    assert_eq!(touched(&work).len(), 2);
    assert_eq!(work.run("log --json").ok().json_lines().len(), 4);
    work.run("verify").ok();
}

/// Two imports that start together: in turn, or one is told that the store is held; never half of one.
#[test]
fn two_imports_at_once_are_whole() {
    let work = Work::new();
    for seed in [1, 2] {
        work.run(&format!("sample --rows 3000 --seed {seed} -o {seed}.csv")).ok();
    }
    let said = at_once(&work, ["import 1.csv --json", "import 2.csv --json --run delta"]);
    let mut imported = 0;
    for said in said {
        if said.code == Some(0) {
            imported += 1;
        } else {
            said.ends_with(BUSY);
        }
    }
    assert!(imported >= 1);
    assert_eq!(work.run("log --json").ok().json_lines().len(), imported);
    work.run("verify").ok();
}

fn note(record: RecordNo, before: &Case, words: &str) -> Change {
    let after = annotate(before, words);
    let (kind, reason) = (EventKind::Note, String::new());
    Change::Case(Box::new(CaseChange { record, kind, before: before.clone(), after, reason, refers: None }))
}

/// Threads change records of their own, and one record that all of them saw in the same state: one of them changes it.
#[test]
fn threads_on_one_store_conflict_only_where_they_meet() {
    const THREADS: usize = 4;
    const EACH: usize = 8;
    let (work, _) = Work::with_sample(300);
    let store = store::open(&work.workspace()).unwrap();
    let records: Vec<RecordNo> = store.snapshot().unwrap().queue().unwrap().iter().map(|entry| entry.no).collect();
    let (shared, own) = records.split_first().unwrap();
    let start = Barrier::new(THREADS);
    let change = |n: usize, own: &[RecordNo]| {
        let actor = Actor::named(format!("操作者{n}"), "2023-12-11T01:00:00Z".parse().unwrap());
        let untouched = Case::default();
        start.wait();
        let at_once = store.apply(&[note(*shared, &untouched, &format!("{n}"))], &actor);
        let mut saved: Vec<Event> = Vec::new();
        for record in own {
            saved.extend(store.apply(&[note(*record, &untouched, "確認")], &actor).unwrap());
            // What has moved on is refused, with everything that was to be changed before it.
            let stale = [note(*record, &annotate(&untouched, "確認"), "上書き"), note(*shared, &untouched, "上書き")];
            assert!(matches!(store.apply(&stale, &actor), Err(StoreError::Conflict(at)) if at == *shared));
        }
        (at_once, saved)
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let change = &change;
        let threads = own.chunks(EACH).take(THREADS).enumerate();
        let threads: Vec<_> = threads.map(|(n, own)| scope.spawn(move || change(n, own))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut saved: Vec<Event> = Vec::new();
    let mut conflicts = 0;
    for (at_once, own) in results {
        match at_once {
            Ok(events) => saved.extend(events),
            Err(StoreError::Conflict(at)) if at == *shared => conflicts += 1,
            Err(error) => panic!("{error}"),
        }
        saved.extend(own);
    }
    assert_eq!((conflicts, saved.len()), (THREADS - 1, 1 + THREADS * EACH));
    saved.sort_by_key(|event| event.id.n);
    // What was acknowledged is what another opening finds, in one unbroken order behind the import.
    drop(store);
    let store = store::open(&work.workspace()).unwrap();
    let snapshot = store.snapshot().unwrap();
    let first = saved[0].id.n;
    assert_eq!(snapshot.events(first..u64::MAX, None).unwrap(), saved);
    for event in &saved {
        let case = snapshot.case(event.record().unwrap()).unwrap();
        assert_eq!(Some(&case), event.after.as_ref());
    }
    assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
}
