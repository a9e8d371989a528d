//! What a long trail costs (ARCHITECTURE "The store"): opening, undo, 履歴, a step by its number and `log` with a short
//! trail and a long one over the same records, and their ratio.
//!
//! `cargo bench --bench trail`; `MEKEN_BENCH_EVENTS` (default `10000,1000000`) sets the two lengths. The events are notes of
//! colleagues, made many at a time; below all of them lies one step of the operator who then undoes. A hundredth of the events
//! are about one record. Each figure is the median of its runs; a handle of the store is opened anew where it says so, as a new
//! process does. The larger store takes about a kilobyte of disk for each event.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a measurement reads the clock, fails where it cannot go on, and prints its table"
)]

use std::collections::HashMap;
use std::path::Path;
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
    let (few, many) = (measure(short), measure(long));
    println!("| what | {short} events | {long} events | ratio |\n|---|---|---|---|");
    for ((what, few), (_, many)) in few.into_iter().zip(many) {
        println!("| {what} | {few:.2} | {many:.2} | {:.2} |", many / few);
    }
}

/// Makes a store with so many events and gives every measurement.
fn measure(events: u64) -> Vec<(&'static str, f64)> {
    let place = tempfile::tempdir().unwrap();
    let (csv, work) = (place.path().join("sample.csv"), place.path().join("work"));
    meken(&["sample", "--rows", ROWS, "-o", csv.to_str().unwrap()], &work);
    meken(&["-q", "import", csv.to_str().unwrap()], &work);
    std::fs::remove_file(&csv).unwrap();
    let records = fill(&work, events);
    let (busy, quiet) = (records[0], records[2]);
    let busy_id = seat(&work).view(busy).unwrap().record.row.id();
    let mut rows = Vec::new();

    rows.push((
        "open the store and the workstation, ms",
        milliseconds(|| {
            let begun = Instant::now();
            let seat = seat(&work);
            seat.desk().ask(seat.caller(), &Ask::Open, &mut |_| true).unwrap();
            begun.elapsed()
        }),
    ));
    rows.push((
        "first undo with a new handle, opening apart, ms",
        milliseconds(|| {
            let seat = seat(&work);
            let took = timed(|| run(&seat, Command::Undo(UndoTarget::Newest { known: None })));
            run(&seat, Command::Redo { known: None });
            took
        }),
    ));
    let seat = seat(&work);
    rows.push((
        "the next redo, ms",
        milliseconds(|| {
            run(&seat, Command::Undo(UndoTarget::Newest { known: None }));
            timed(|| run(&seat, Command::Redo { known: None }))
        }),
    ));
    let decide = |seat: &Seat, no: RecordNo| {
        let version = seat.snapshot().unwrap().case(no).unwrap().version;
        let note = format!("{version}");
        run(seat, Command::Annotate { seen: Seen { record: no, version }, note })
    };
    rows.push(("a durable change, ms", milliseconds(|| timed(|| decide(&seat, quiet)))));
    rows.push((
        "undo of one record by its number of events, ms",
        milliseconds(|| {
            decide(&seat, busy);
            timed(|| run(&seat, Command::Undo(UndoTarget::Of(busy))))
        }),
    ));
    rows.push((
        "undo of a step by its number, ms",
        milliseconds(|| {
            let step = decide(&seat, busy);
            timed(|| run(&seat, Command::Undo(UndoTarget::Step(step))))
        }),
    ));
    rows.push((
        "why an old step is not undone, ms",
        milliseconds(|| timed(|| assert!(seat.step(EventId::first(3)).unwrap().1.is_some()))),
    ));
    rows.push((
        "a page of 履歴 of all, the newest, ms",
        milliseconds(|| timed(|| assert_eq!(seat.history(None, None, PAGE).unwrap().steps.len(), PAGE))),
    ));
    rows.push((
        "a page of 履歴 of all, from the middle, ms",
        milliseconds(|| timed(|| assert_eq!(seat.history(None, Some(events / 2), PAGE).unwrap().steps.len(), PAGE))),
    ));
    rows.push((
        "a page of 履歴 of the record with a hundredth of them, ms",
        milliseconds(|| timed(|| assert_eq!(seat.history(Some(busy), None, PAGE).unwrap().steps.len(), PAGE))),
    ));
    rows.push(("that record with its last changes, ms", milliseconds(|| timed(|| drop(seat.view(busy).unwrap())))));
    let told = seat.snapshot().unwrap().events(0..u64::MAX, Some(busy)).unwrap().len();
    rows.push((
        "log of that record: µs for each event",
        1e3 / told as f64
            * milliseconds(|| {
                let query = Query::Log { id: Some(busy_id.clone()) };
                timed(|| seat.answer(&query, &mut |_| true).unwrap())
            }),
    ));
    drop(seat);
    let (seconds, peak) = peak(&["log"], &work);
    rows.push(("meken log of all: µs for each event", seconds.as_secs_f64() * 1e6 / events as f64));
    rows.push(("meken log of all: peak memory, MB", peak / 1e3));
    rows
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

/// The median of some runs.
fn milliseconds(mut work: impl FnMut() -> Duration) -> f64 {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| work()).collect();
    times.sort();
    times[RUNS / 2].as_secs_f64() * 1e3
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
