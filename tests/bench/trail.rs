//! What a long trail costs (ARCHITECTURE "The store"): opening, undo, 履歴, a step by its number and `log` with a short
//! trail and a long one over the same records, and their ratio.
//!
//! `cargo bench --bench trail`; `MEKEN_BENCH_EVENTS` (default `10000,1000000`) sets the two lengths. The events are notes of
//! colleagues, made many at a time; below all of them lies one step of the operator who then undoes. A hundredth of the events
//! are about one record. Each figure is the median of its runs, which both stores take in
//! turns; a handle of the store is opened anew where it says so, as a new
//! process does. The larger store takes about a kilobyte of disk for each event.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a measurement reads the clock, fails where it cannot go on, and prints its table"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use meken::config::settings::Settings;
use meken::desk::{Query, Seat, Service};
use meken::domain::case::{Case, annotate};
use meken::domain::event::{Actor, CaseChange, Change, EventId, EventKind};
use meken::domain::record::RecordNo;
use meken::domain::request::Seen;
use meken::service::{Ask, Command, Done, UndoTarget};
use meken::store;

/// Rows of the file.
const ROWS: &str = "100000";

/// Records that have events.
const TOUCHED: usize = 2_000;

/// Events in a transaction.
const AT_ONCE: u64 = 20_000;

/// Runs of each measurement.
const RUNS: usize = 15;

/// Lines of a page of 履歴.
const PAGE: usize = 50;

const OWN: &str = "佐藤";

fn main() {
    let sizes = std::env::var("MEKEN_BENCH_EVENTS").unwrap_or_else(|_| "10000,1000000".to_owned());
    let sizes: Vec<u64> = sizes.split(',').map(|events| events.trim().parse().unwrap()).collect();
    let [short, long] = sizes[..] else { panic!("two lengths with a comma, not {sizes:?}") };
    let sites = [short, long].map(Site::make);
    // Nobody pays for what was written while the stores were made.
    rustix::fs::sync();
    println!("| what | {short} events | {long} events | ratio |\n|---|---|---|---|");
    let row = |what: &str, [few, many]: [f64; 2]| println!("| {what} | {few:.2} | {many:.2} | {:.2} |", many / few);
    for (what, work) in COLD {
        row(what, in_turns(&sites, |site| milliseconds(work(site))));
    }
    let seats = [seat(&sites[0].work), seat(&sites[1].work)];
    let desks = [(&sites[0], &seats[0]), (&sites[1], &seats[1])];
    for (what, work) in WARM {
        row(what, in_turns(&desks, |(site, seat)| milliseconds(work(site, seat))));
    }
    row(LOG_OF_ONE, in_turns(&desks, |(site, seat)| log_of_one(site, seat)));
    drop(seats);
    let logs = [log_of_all(&sites[0]), log_of_all(&sites[1])];
    row("meken log of all: µs for each event", logs.map(|(each, _)| each));
    row("meken log of all: peak memory, MB", logs.map(|(_, peak)| peak));
}

/// A workspace with a trail.
struct Site {
    _folder: tempfile::TempDir,
    work: PathBuf,
    events: u64,
    /// The record with a hundredth of the events.
    busy: RecordNo,
    busy_id: String,
    /// A record with few.
    quiet: RecordNo,
}

impl Site {
    /// Imports a file and makes so many events.
    fn make(events: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (csv, work) = (folder.path().join("sample.csv"), folder.path().join("work"));
        meken(&["sample", "--rows", ROWS, "-o", csv.to_str().unwrap()], &work);
        meken(&["-q", "import", csv.to_str().unwrap()], &work);
        std::fs::remove_file(&csv).unwrap();
        let records = fill(&work, events);
        let (busy, quiet) = (records[0], records[2]);
        let busy_id = seat(&work).view(busy).unwrap().record.row.id();
        Self { _folder: folder, work, events, busy, busy_id, quiet }
    }
}

/// A measurement that opens the store itself.
type Cold = fn(&Site) -> Duration;

/// A measurement at a store that is open.
type Warm = fn(&Site, &Seat) -> Duration;

const COLD: [(&str, Cold); 2] = [
    ("open the store and the workstation, ms", |site| {
        let begun = Instant::now();
        let seat = seat(&site.work);
        seat.desk().ask(seat.caller(), &Ask::Open, &mut |_| true).unwrap();
        begun.elapsed()
    }),
    ("first undo with a new handle, opening apart, ms", |site| {
        let seat = seat(&site.work);
        let took = timed(|| run(&seat, Command::Undo(UndoTarget::Newest { known: None })));
        run(&seat, Command::Redo { known: None });
        took
    }),
];

const WARM: [(&str, Warm); 9] = [
    ("the next redo, ms", |_, seat| {
        run(seat, Command::Undo(UndoTarget::Newest { known: None }));
        timed(|| run(seat, Command::Redo { known: None }))
    }),
    ("a durable change, ms", |site, seat| timed(|| annotate_anew(seat, site.quiet))),
    ("undo of the record with a hundredth of the events, ms", |site, seat| {
        annotate_anew(seat, site.busy);
        timed(|| run(seat, Command::Undo(UndoTarget::Of(site.busy))))
    }),
    ("undo of a step by its number, ms", |site, seat| {
        let step = annotate_anew(seat, site.busy);
        timed(|| run(seat, Command::Undo(UndoTarget::Step(step))))
    }),
    ("why an old step is not undone, ms", |_, seat| {
        timed(|| assert!(seat.step(EventId::first(3)).unwrap().1.is_some()))
    }),
    ("a page of 履歴 of all, the newest, ms", |_, seat| page(seat, None, None)),
    ("a page of 履歴 of all, from the middle, ms", |site, seat| page(seat, None, Some(site.events / 2))),
    ("a page of 履歴 of that record, ms", |site, seat| page(seat, Some(site.busy), None)),
    ("that record with its last changes, ms", |site, seat| timed(|| seat.view(site.busy).unwrap())),
];

const LOG_OF_ONE: &str = "log of that record: µs for each event";

/// Microseconds for each event in the log of the record with a hundredth of them.
fn log_of_one(site: &Site, seat: &Seat) -> f64 {
    let mut told = 0;
    let query = Query::Log { id: Some(site.busy_id.clone()) };
    let took = timed(|| {
        seat.answer(&query, &mut |_| {
            told += 1;
            true
        })
        .unwrap();
    });
    1e6 * took.as_secs_f64() / f64::from(told)
}

/// Microseconds for each event in the log of all, as a process, and its peak memory in MB.
fn log_of_all(site: &Site) -> (f64, f64) {
    let (took, peak) = peak(&["log"], &site.work);
    (1e6 * took.as_secs_f64() / site.events as f64, peak / 1e3)
}

fn page(seat: &Seat, record: Option<RecordNo>, below: Option<u64>) -> Duration {
    timed(|| assert_eq!(seat.history(record, below, PAGE).unwrap().steps.len(), PAGE))
}

/// Changes the note of a record; gives the step.
fn annotate_anew(seat: &Seat, no: RecordNo) -> EventId {
    let version = seat.snapshot().unwrap().case(no).unwrap().version;
    run(seat, Command::Annotate { seen: Seen { record: no, version }, note: version.to_string() })
}

/// The medians of a measurement that both sites take in turns.
fn in_turns<S>(sites: &[S; 2], mut work: impl FnMut(&S) -> f64) -> [f64; 2] {
    let mut measured = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        for (site, measured) in sites.iter().zip(&mut measured) {
            measured.push(work(site));
        }
    }
    measured.map(|mut all| {
        all.sort_by(f64::total_cmp);
        all[RUNS / 2]
    })
}

/// Makes the events; gives the records, the one with a hundredth of the events first.
fn fill(work: &Path, events: u64) -> Vec<RecordNo> {
    let store = store::open(work).unwrap();
    let records: Vec<RecordNo> =
        store.snapshot().unwrap().queue().unwrap().iter().take(TOUCHED + 2).map(|entry| entry.no).collect();
    let mut cases: HashMap<RecordNo, Case> = HashMap::new();
    let mut note = |no: RecordNo, n: u64| {
        let before = cases.get(&no).cloned().unwrap_or_default();
        let after = annotate(&before, &format!("電話 {n}"));
        cases.insert(no, after.clone());
        let (kind, reason) = (EventKind::Note, String::new());
        Change::Case(Box::new(CaseChange { record: no, kind, before, after, reason, refers: None }))
    };
    // The step below all others is of a record that nobody else touches.
    store.apply(&[note(records[TOUCHED + 1], 0)], &Actor::named(OWN, Timestamp::now())).unwrap();
    let mut done = 0;
    while done < events {
        let until = events.min(done + AT_ONCE);
        let record = |n: u64| if n.is_multiple_of(100) { records[0] } else { records[1 + n as usize % TOUCHED] };
        let changes: Vec<Change> = (done..until).map(|n| note(record(n), n)).collect();
        let colleague = format!("同僚{}", done / AT_ONCE % 3);
        store.apply(&changes, &Actor::named(colleague, Timestamp::now())).unwrap();
        done = until;
    }
    store.settle().unwrap();
    records
}

/// A seat at the store, opened anew.
fn seat(work: &Path) -> Seat {
    let store = Arc::new(store::open(work).unwrap());
    Seat::new(store, Settings::default(), OWN, Arc::new(Timestamp::now)).unwrap()
}

/// Carries a command out; gives its event.
fn run(seat: &Seat, command: Command) -> EventId {
    match seat.run(&command).unwrap() {
        Done::Changed(events) => events[0].id,
        other => panic!("{other:?}"),
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    drop(work());
    begun.elapsed()
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn meken(args: &[&str], work: &Path) {
    peak(args, work);
}

/// Runs the program; gives its time and its peak memory in kB.
fn peak(args: &[&str], work: &Path) -> (Duration, f64) {
    let begun = Instant::now();
    let program = env!("CARGO_BIN_EXE_meken");
    let mut child =
        Process::new(program).args(args).env("MEKEN_WORKSPACE", work).stdout(Stdio::null()).spawn().unwrap();
    let mut peak = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let told = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = told.lines().find(|line| line.starts_with("VmHWM"));
        peak = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "{args:?}: {status}");
    (begun.elapsed(), peak)
}
