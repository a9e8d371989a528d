//! The main job at size, as ratios to yardsticks in the same run (ARCHITECTURE "Speed"): import beside decode + csv +
//! pack, beside `sqlite3 .import` and beside a bare insertion of the same blocks, a newer file of which 97 % is unchanged, then
//! `meken status` and the first frame as whole processes and the latency of a durable decision. At last `status` and first frame
//! of all sizes with as many records under review as the smallest has.
//!
//! `cargo bench --bench job`; `MEKEN_BENCH_ROWS` (default `100000,1000000,10000000`) and `MEKEN_BENCH_RUNS` (default 3; sizes
//! above 4,000,000 take one run) set the size; the largest takes some 15 minutes and 20 GB of disk. Yardsticks and import take turns, each begins
//! with the disk at rest, and each figure is the median of its runs. CPU seconds (user + system) tell more than the clock on
//! a machine that others use. Peak memory is the kernel's own high-water mark of the process.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a measurement reads the clock, knows the engine, fails where it cannot go on, and prints its table"
)]

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::ops::Bound;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use meken::compare::{FieldKind, compare};
use meken::domain::case::{Case, annotate};
use meken::domain::event::{Actor, CaseChange, Change, EventKind};
use meken::store;
use meken::store::codec::RowPacker;
use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

fn main() {
    let sizes = std::env::var("MEKEN_BENCH_ROWS").unwrap_or_else(|_| "100000,1000000,10000000".to_owned());
    let runs: usize = std::env::var("MEKEN_BENCH_RUNS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let sizes: Vec<u64> = sizes.split(',').map(|rows| rows.trim().parse().unwrap()).collect();
    for &rows in &sizes {
        measure(rows, if rows > 4_000_000 { 1 } else { runs });
    }
    println!("as many under review at every size");
    let least = sizes.iter().min().unwrap() / 20;
    for &rows in &sizes {
        let place = tempfile::tempdir().unwrap();
        let (all, some) = (place.path().join("all.csv"), place.path().join("some.csv"));
        run(&["sample", "--rows", &rows.to_string(), "--encoding", "utf-8", "-o", all.to_str().unwrap()], place.path());
        keep_differing(&all, &some, least);
        std::fs::remove_file(&all).unwrap();
        run(&["-q", "import", some.to_str().unwrap()], &place.path().join("work"));
        print_opening(&format!("of {rows} rows"), &place.path().join("work"), runs);
    }
}

/// Times `status` and the first frame of a workspace, cold of nothing but the process.
fn print_opening(what: &str, work: &Path, runs: usize) {
    let status: Vec<Duration> = (0..runs * 5).map(|_| run(&["status", "--json"], work).clock).collect();
    let frame: Vec<Duration> = (0..runs * 5).map(|_| first_frame(work)).collect();
    println!("meken status {what:<20}{:>8.1} ms", median(status).as_secs_f64() * 1e3);
    println!("first frame  {what:<20}{:>8.1} ms", median(frame).as_secs_f64() * 1e3);
}

/// Copies the rows that agree and the first of the others.
fn keep_differing(from: &Path, to: &Path, differing: u64) {
    let mut reader = csv::Reader::from_path(from).unwrap();
    let mut writer = csv::Writer::from_path(to).unwrap();
    writer.write_record(reader.headers().unwrap()).unwrap();
    let mut left = differing;
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).unwrap() {
        if &row[OVERALL] != "○" {
            if left == 0 {
                continue;
            }
            left -= 1;
        }
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
}

/// Copies a file and changes the J-LIS address in every 33rd row.
fn change_some(from: &Path, to: &Path) {
    let mut reader = csv::Reader::from_path(from).unwrap();
    let mut writer = csv::Writer::from_path(to).unwrap();
    writer.write_record(reader.headers().unwrap()).unwrap();
    let mut row = csv::StringRecord::new();
    let mut line = 0;
    while reader.read_record(&mut row).unwrap() {
        line += 1;
        if line % 33 == 0 {
            let address = format!("{}１", &row[RIGHT_ADDRESS]);
            row = row
                .iter()
                .enumerate()
                .map(|(at, cell)| if at == RIGHT_ADDRESS { address.as_str() } else { cell })
                .collect();
        }
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
}

/// Places of columns in a file of `meken sample`.
const OVERALL: usize = 26;
const RIGHT_ADDRESS: usize = 11 + 3 * FieldKind::Address.index();

fn measure(rows: u64, runs: usize) {
    let place = tempfile::tempdir().unwrap();
    let (cp932, utf8) = (place.path().join("sample.csv"), place.path().join("utf8.csv"));
    run(&["sample", "--rows", &rows.to_string(), "-o", cp932.to_str().unwrap()], place.path());
    run(&["sample", "--rows", &rows.to_string(), "--encoding", "utf-8", "-o", utf8.to_str().unwrap()], place.path());
    let (mut pack, mut import, mut cpu, mut sqlite, mut bare) = (vec![], vec![], vec![], vec![], vec![]);
    let mut peak = 0;
    for round in 0..runs {
        settle();
        pack.push(timed(|| decode_csv_pack(&cp932)));
        let work = place.path().join(format!("work{round}"));
        let used = run(&["-q", "import", cp932.to_str().unwrap()], &work);
        import.push(used.clock);
        cpu.push(used.cpu);
        peak = peak.max(used.peak);
        let database = place.path().join(format!("sqlite{round}.db"));
        settle();
        sqlite.push(timed(|| sqlite_import(&database, &utf8)));
        let scratch = place.path().join(format!("bare{round}.redb"));
        bare.push(bare_insert(&work.join("meken.redb"), &scratch));
        // The next run takes the memory of these pages; on a virtual machine, memory that was never used is slow.
        std::fs::remove_file(&database).unwrap();
        std::fs::remove_file(&scratch).unwrap();
        if round > 0 {
            std::fs::remove_dir_all(&work).unwrap();
        }
    }
    let work = place.path().join("work0");
    let store = work.join("meken.redb");
    let plain = std::fs::metadata(&utf8).unwrap().len();
    let stored = std::fs::metadata(&store).unwrap();
    let newer_csv = place.path().join("newer.csv");
    change_some(&utf8, &newer_csv);
    let (mut first, mut newer, mut newer_peak) = (vec![], vec![], 0);
    for _ in 0..runs {
        let again = place.path().join("again");
        first.push(run(&["-q", "import", utf8.to_str().unwrap()], &again).clock);
        let used = run(&["-q", "import", newer_csv.to_str().unwrap()], &again);
        newer.push(used.clock);
        newer_peak = newer_peak.max(used.peak);
        std::fs::remove_dir_all(&again).unwrap();
    }
    std::fs::remove_file(&newer_csv).unwrap();
    let (first, newer) = (median(first), median(newer));
    let (pack, import, sqlite, bare) = (median(pack), median(import), median(sqlite), median(bare));
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    let share = |bytes: u64| bytes as f64 / plain as f64;
    println!("rows {rows}, {} MB as UTF-8, median of {runs} runs", plain / 1_000_000);
    println!("decode + csv + pack              {:>8.2} s", pack.as_secs_f64());
    println!("sqlite3 .import (UTF-8 twin)     {:>8.2} s", sqlite.as_secs_f64());
    println!("bare insertion of the blocks     {:>8.2} s", bare.as_secs_f64());
    println!("meken import (CP932)             {:>8.2} s", import.as_secs_f64());
    println!("  CPU, user + system             {:>8.2} s", median(cpu).as_secs_f64());
    println!("  ÷ decode + csv + pack          {:>8.2}", ratio(import, pack));
    println!("  ÷ sqlite3 .import              {:>8.2}", ratio(import, sqlite));
    println!("  ÷ bare insertion               {:>8.2}", ratio(import, bare));
    println!("  peak memory                    {:>8} MB", peak / 1000);
    println!("store ÷ UTF-8 CSV, file length   {:>8.2}", share(stored.len()));
    println!("store ÷ UTF-8 CSV, disk blocks   {:>8.2}", share(512 * stored.blocks()));
    println!("compare, five fields             {:>8.1} µs", compare_five(&utf8).as_secs_f64() * 1e6);
    println!("newer file, 97 % unchanged       {:>8.2} s", newer.as_secs_f64());
    println!("  ÷ its first import             {:>8.2}", ratio(newer, first));
    println!("  peak memory                    {:>8} MB", newer_peak / 1000);
    print_opening("", &work, runs);
    let (decision, append) = decisions(&work, &place.path().join("append"));
    println!("durable decision, p50            {:>8.2} ms", decision.as_secs_f64() * 1e3);
    println!("  ÷ append + fdatasync of 4 KB   {:>8.2}", ratio(decision, append));
    println!();
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn meken() -> &'static str {
    env!("CARGO_BIN_EXE_meken")
}

/// What a process used.
#[derive(Clone, Copy, Default)]
struct Used {
    /// From its start to its end.
    clock: Duration,
    /// Peak memory in kB.
    peak: u64,
    /// User and system time.
    cpu: Duration,
}

/// Runs the program in a workspace.
fn run(args: &[&str], workspace: &Path) -> Used {
    settle();
    let began = Instant::now();
    let mut child =
        Command::new(meken()).args(args).env("MEKEN_WORKSPACE", workspace).stdout(Stdio::null()).spawn().unwrap();
    let process = child.id();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut used = Used::default();
            while !ended.load(Ordering::Relaxed) {
                // What it used only grows, so the last look before the end tells it.
                used = look(process).unwrap_or(used);
                std::thread::park_timeout(Duration::from_millis(20));
            }
            used
        });
        let status = child.wait().unwrap();
        let clock = began.elapsed();
        ended.store(true, Ordering::Relaxed);
        watcher.thread().unpark();
        assert!(status.success(), "{args:?}: {status}");
        Used { clock, ..watcher.join().unwrap() }
    })
}

/// Waits until the disk has what was written before, so that nobody pays for another's writing.
fn settle() {
    rustix::fs::sync();
}

fn look(process: u32) -> Option<Used> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM"))?.split_whitespace().nth(1)?.parse().ok()?;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Fields 14 and 15 in hundredths of a second, counted behind the name in brackets.
    let times = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2);
    let ticks: u64 = times.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Some(Used { peak, cpu: Duration::from_millis(10 * ticks), ..Used::default() })
}

const BLOCKS: TableDefinition<u32, &[u8]> = TableDefinition::new("rows");

/// A further yardstick: the blocks of rows of a finished store inserted into a bare database by cursor, and made durable.
fn bare_insert(store: &Path, to: &Path) -> Duration {
    let source = Database::open(store).unwrap();
    let blocks: Vec<(u32, Vec<u8>)> = source
        .begin_read()
        .unwrap()
        .open_table(BLOCKS)
        .unwrap()
        .iter()
        .unwrap()
        .map(|entry| {
            let (first, block) = entry.unwrap();
            (first.value(), block.value().to_vec())
        })
        .collect();
    drop(source);
    settle();
    timed(|| {
        let database = Database::builder().set_cache_size(32 << 20).create(to).unwrap();
        let mut txn = database.begin_write().unwrap();
        txn.set_two_phase_commit(true);
        {
            let mut table = txn.open_table(BLOCKS).unwrap();
            let mut cursor = table.upper_bound_mut(Bound::<u32>::Unbounded).unwrap();
            for (first, block) in &blocks {
                cursor.insert_before(first, block.as_slice()).unwrap();
            }
            cursor.close().unwrap();
        }
        txn.commit().unwrap();
    })
}

/// The median time of a durable change of one case, and of appending 4 KB to a file and making it durable.
fn decisions(workspace: &Path, scratch: &Path) -> (Duration, Duration) {
    let store = store::open(workspace).unwrap();
    let queue = store.snapshot().unwrap().queue().unwrap();
    let actor = Actor::named("bench", jiff::Timestamp::now());
    let mut file = File::create(scratch).unwrap();
    let (mut decided, mut appended) = (Vec::new(), Vec::new());
    for entry in queue.iter().take(200) {
        let before = Case::default();
        let after = annotate(&before, "確認中");
        let (kind, reason) = (EventKind::Note, String::new());
        let change = CaseChange { record: entry.no, kind, before, after, reason, refers: None };
        decided.push(timed(|| drop(store.apply(&[Change::Case(Box::new(change))], &actor).unwrap())));
        appended.push(timed(|| {
            file.write_all(&[7; 4096]).unwrap();
            file.sync_data().unwrap();
        }));
    }
    (median(decided), median(appended))
}

/// The yardstick: the same bytes decoded strictly, cut into cells and packed, with nothing stored.
fn decode_csv_pack(path: &Path) {
    let mut bytes = Vec::new();
    let mut decoder = encoding_rs::SHIFT_JIS.new_decoder_without_bom_handling();
    let mut file = BufReader::with_capacity(1 << 18, File::open(path).unwrap());
    let mut input = vec![0; 1 << 18];
    let mut text = Vec::with_capacity(1 << 20);
    let mut packer = RowPacker::default();
    let mut record = csv_core_record();
    let mut packed = 0usize;
    loop {
        let read = file.read(&mut input).unwrap();
        let mut chunk = String::with_capacity(3 * read + 16);
        let (result, _) = decoder.decode_to_string_without_replacement(&input[..read], &mut chunk, read == 0);
        assert!(matches!(result, encoding_rs::DecoderResult::InputEmpty));
        text.extend_from_slice(chunk.as_bytes());
        // Whole lines only; a quoted line end would need its record, so the cut is made where quotes are even.
        let cut = if read == 0 { text.len() } else { last_record_end(&text) };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..cut]);
        while reader.read_byte_record(&mut record).unwrap() {
            let cells = record.iter().map(|cell| std::str::from_utf8(cell).unwrap());
            packed += packer.pack(1, cells.take(29).chain([""]), []).len();
        }
        bytes.clear();
        bytes.extend_from_slice(&text[cut..]);
        std::mem::swap(&mut bytes, &mut text);
        if read == 0 {
            break;
        }
    }
    assert!(packed > 0);
}

fn csv_core_record() -> csv::ByteRecord {
    csv::ByteRecord::with_capacity(1024, 32)
}

/// The end of the last record that is complete: a line end outside quotes.
fn last_record_end(text: &[u8]) -> usize {
    let mut quoted = false;
    let mut end = 0;
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => end = at + 1,
            _ => {}
        }
    }
    end
}

/// The median time to compare the five fields of a record, over the rows of the file whose 総合判定 is not ○.
fn compare_five(csv: &Path) -> Duration {
    let mut reader = csv::Reader::from_path(csv).unwrap();
    let rows = reader.records().map(Result::unwrap).filter(|row| &row[OVERALL] != "○").take(20_000);
    median(
        rows.map(|row: csv::StringRecord| {
            timed(|| {
                for field in FieldKind::ALL {
                    let at = 10 + 3 * field.index();
                    std::hint::black_box(compare(field, &row[at], &row[at + 1]));
                }
            })
        })
        .collect(),
    )
}

fn sqlite_import(database: &Path, csv: &Path) {
    let status = Command::new("sqlite3")
        .arg(database)
        .args([".mode csv", &format!(".import '{}' rows", csv.display())])
        .stdout(Stdio::null())
        .status()
        .expect("sqlite3 is one of the yardsticks");
    assert!(status.success());
}

/// From the start of the program to the first frame that shows a record.
fn first_frame(workspace: &Path) -> Duration {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = NativePtySystem::default().openpty(size).unwrap();
    let mut command = CommandBuilder::new(meken());
    command.env("MEKEN_WORKSPACE", workspace);
    command.env("TERM", "xterm-256color");
    let began = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut output = pair.master.try_clone_reader().unwrap();
    let (mut seen, mut bytes) = (Vec::new(), [0; 4096]);
    // The record pane names a field: the frame is more than an empty box.
    while !String::from_utf8_lossy(&seen).contains("加入者") {
        let read = output.read(&mut bytes).unwrap();
        assert!(read > 0, "the program ended before its first frame");
        seen.extend_from_slice(&bytes[..read]);
    }
    let took = began.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    took
}
