//! One file, a few threads, one transaction (DESIGN §6): a reading thread decodes and frames slabs of records, working
//! threads cut, check, compare and pack their rows, the calling thread takes them in the order of the file, compares them
//! with the store and writes. Slabs go round the working threads in turn, so what comes out does not depend on who is
//! faster. Memory stays flat: the channels between them are short.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use super::danger::DangerKeys;
use super::decode::{Encoding, Scan, TextSource, scan};
use super::delta::{Delta, Known};
use super::error::{IngestError, Refusal};
use super::frame::{Framer, Slab};
use super::hash::Hashing;
use super::layout::{Finder, HEADER_WITHIN, Layout, Search};
use super::reader::{Cutter, Record, RowReader, Step, unguard};
use super::report::ImportReport;
use super::validate::{Cells, Held, Validator, Warnings, key};
use super::{ImportOptions, Progress};
use crate::compare::{FieldKind, search_fold, visible};
use crate::domain::danger::Comparer;
use crate::domain::event::Actor;
use crate::domain::pattern::Pattern;
use crate::domain::record::{Column, Facts};
use crate::store::codec;
use crate::store::print::Print;
use crate::store::{NewRow, Prints, Store, StoreError};

/// Slabs that wait before each working thread, and batches that wait behind it.
const AHEAD: usize = 1;

/// More working threads than this would only wait for the one that writes.
const MOST_WORKERS: usize = 4;

/// So many undecodable rows are tolerated in a file of any size; beyond them at most one row in a hundred.
const UNDECODABLE_FREE: u64 = 10;

/// Imports a file in one transaction, or refuses it and leaves the store as it was.
///
/// With `options.check` everything is read and counted the same way and nothing is written.
///
/// # Errors
/// [`IngestError::Refused`] when the file cannot be taken (DOMAIN §7), [`IngestError::Store`] when the store failed.
pub fn import(
    path: &Path,
    store: &dyn Store,
    options: &ImportOptions,
    actor: &Actor,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, IngestError> {
    let began = Instant::now();
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let name = visible(&name).into_owned();
    let (file, scan) = open(path, &name, options)?;
    let unreadable = |cause| IngestError::from(Refusal::Unreadable { file: name.clone(), cause });
    let mut hashing = Some(Hashing::start(&file).map_err(unreadable)?);
    let mut hash = None;
    let mut report = ImportReport {
        file: name.clone(),
        encoding: scan.encoding.name().to_owned(),
        run: options.run,
        check: options.check,
        ..ImportReport::default()
    };

    let known = {
        let snapshot = store.snapshot()?;
        let meta = snapshot.meta()?;
        // A file that the store may know is hashed before anything else is done with it; a first one meanwhile.
        if !meta.imports.is_empty()
            && let Some(hashing) = hashing.take()
        {
            let known = hashing.wait().map_err(unreadable)?;
            report.sha256.clone_from(&known.sha256);
            hash = Some(known);
        }
        let earlier = meta.imports.iter().rev().find(|earlier| {
            earlier.sha256 == report.sha256 && earlier.encoding == report.encoding && earlier.run == options.run
        });
        if let Some(earlier) = earlier {
            report.repeat(earlier);
            report.seconds = began.elapsed().as_secs_f64();
            return Ok(report);
        }
        Known { records: meta.record_numbers, in_batch: snapshot.in_batch()? }
    };

    let total = scan.bytes;
    let mut reader = RowReader::new(TextSource::new(file, &name, &scan)?);
    let (layout, at_hand) = find_header(&mut reader, &name, options).map_err(|error| named(error, &name))?;
    let framer = reader.rows(layout.width, at_hand);
    let mut delta = Delta::new(store.import()?, known, options.run, &name, actor);
    delta.header(&layout.names);
    let cancel = options.cancel.as_deref();
    let totals = std::thread::scope(|scope| {
        let (mut to, mut from) = (Vec::new(), Vec::new());
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS) {
            let (slabs, work) = sync_channel(AHEAD);
            let (done, batches) = sync_channel(AHEAD);
            let layout = &layout;
            scope.spawn(move || prepare(&work, layout, scan.encoding, &done));
            to.push(slabs);
            from.push(batches);
        }
        let reading = scope.spawn(move || read(framer, cancel, &to));
        let totals = write(&mut delta, &from, total, cancel, progress);
        drop(from);
        let print = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        totals.map(|totals| (totals, print))
    });
    let (totals, print) = totals.map_err(|error| named(error, &name))?;
    if let Some(hashing) = hashing {
        hash = Some(hashing.wait().map_err(unreadable)?);
    }
    match hash {
        Some(hash) if hash.print == print => report.sha256 = hash.sha256,
        _ => return Err(Refusal::Changed { file: name }.into()),
    }
    let warnings = totals.check(&name, scan.encoding)?;
    let (writer, counts) = delta.finish()?;
    report.fill(totals.rows, counts, warnings);
    if cancelled(cancel) {
        return Err(IngestError::Cancelled);
    }
    if !report.adds_up() {
        // Dropping the writer leaves the store as it was.
        return Err(StoreError::Corrupt("取込の件数が合いません".to_owned()).into());
    }
    if !options.check {
        let record = report.record(writer.number(), layout.names, &actor.operator);
        let record = writer.commit(crate::store::ImportRecord { at: Some(actor.at), ..record }, actor)?;
        report.number = Some(record.number);
    }
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

fn cancelled(cancel: Option<&AtomicBool>) -> bool {
    cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
}

fn open(path: &Path, name: &str, options: &ImportOptions) -> Result<(File, Scan), IngestError> {
    let unreadable = |cause| Refusal::Unreadable { file: name.to_owned(), cause };
    // Opening a pipe would wait for ever, so its kind is asked first.
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if !meta.is_file() {
        return Err(Refusal::NotAFile { file: name.to_owned() }.into());
    }
    if meta.len() > options.max_bytes {
        return Err(Refusal::TooLarge { file: name.to_owned(), bytes: meta.len(), max: options.max_bytes }.into());
    }
    let mut file = File::open(path).map_err(unreadable)?;
    let scan = scan(&mut file, name, options.encoding, options.max_bytes, options.cancel.as_deref())?;
    Ok((file, scan))
}

/// Names the file in a refusal that was made where the name is not known.
fn named(error: IngestError, name: &str) -> IngestError {
    match error {
        IngestError::Refused(Refusal::WrongKind { file, kind, advice }) if file.is_empty() => {
            Refusal::WrongKind { file: name.to_owned(), kind, advice }.into()
        }
        IngestError::Refused(Refusal::TooManyLines { file }) if file.is_empty() => {
            Refusal::TooManyLines { file: name.to_owned() }.into()
        }
        other => other,
    }
}

/// What is handed on, or why there is no more.
type Handed<T> = Result<T, IngestError>;

/// The rows of one slab on their way to the store; keys, search texts and packed rows share two buffers.
#[derive(Default)]
struct Batch {
    slab: Slab,
    items: Vec<Item>,
    text: String,
    packed: Vec<u8>,
    totals: Totals,
}

enum Item {
    Row(Prepared),
    Held { line: u32, held: Held, raw: Vec<String>, key: Option<String> },
}

struct Prepared {
    line: u32,
    key: Range<usize>,
    packed: Range<usize>,
    prints: Prints,
    facts: Facts,
    review: Option<(Pattern, Range<usize>)>,
    keys: DangerKeys,
    /// Its place among the frames of the slab.
    frame: usize,
}

/// What is counted over all rows.
#[derive(Debug, Default)]
struct Totals {
    rows: u64,
    undecodable: u64,
    /// Line and byte of the first place where bytes were no text.
    first_fault: Option<(u32, u64)>,
    warnings: Warnings,
}

impl Totals {
    fn append(&mut self, later: &Self) {
        self.rows += later.rows;
        self.undecodable += later.undecodable;
        self.first_fault = self.first_fault.or(later.first_fault);
        self.warnings.append(&later.warnings);
    }

    /// Refuses a file without rows or with too many that are no text; gives the warnings.
    fn check(&self, name: &str, encoding: Encoding) -> Result<Warnings, Refusal> {
        let (file, rows, undecodable) = (name.to_owned(), self.rows, self.undecodable);
        if rows == 0 {
            return Err(Refusal::Empty { file });
        }
        match self.first_fault {
            Some((line, byte)) if undecodable > UNDECODABLE_FREE && undecodable * 100 > rows => {
                let encoding = encoding.name();
                Err(Refusal::TooManyUndecodable { file, rows, undecodable, encoding, line, byte })
            }
            _ => Ok(self.warnings.clone()),
        }
    }
}

/// The reading thread: bytes → slabs, to each working thread in turn. Gives the print of what it read.
fn read(mut framer: Framer, cancel: Option<&AtomicBool>, to: &[SyncSender<Handed<Slab>>]) -> blake3::Hash {
    for to in to.iter().cycle() {
        let slab = match framer.slab() {
            Ok(None) => break,
            Ok(Some(_)) if cancelled(cancel) => Err(IngestError::Cancelled),
            Ok(Some(slab)) if slab.frames.last().is_some_and(|frame| frame.line == u32::MAX) => {
                Err(Refusal::TooManyLines { file: String::new() }.into())
            }
            Ok(Some(slab)) => Ok(slab),
            Err(refusal) => Err(refusal.into()),
        };
        let failed = slab.is_err();
        // Nobody listens any more: the writing side has failed and says so itself.
        if to.send(slab).is_err() || failed {
            break;
        }
    }
    framer.print()
}

/// A working thread: slabs → batches.
fn prepare(work: &Receiver<Handed<Slab>>, layout: &Layout, encoding: Encoding, done: &SyncSender<Handed<Batch>>) {
    let mut validator = Validator::new(layout);
    let mut cutter = Cutter::new();
    let mut preparer = Preparer { layout, encoding, key: String::new(), comparer: Comparer::new() };
    for slab in work {
        let batch = slab.and_then(|slab| Ok(preparer.batch(slab, &mut cutter, &mut validator)?));
        if done.send(batch).is_err() {
            return;
        }
    }
}

/// Reads the top of the file until the header is found; `true` when the record at hand is data already.
fn find_header(reader: &mut RowReader, name: &str, options: &ImportOptions) -> Result<(Layout, bool), IngestError> {
    let mut finder = Finder::new(options.layout.as_ref(), options.recompute_marks);
    for _ in 0..HEADER_WITHIN {
        let Some(cells) = reader.next()? else { break };
        let fault = reader.fault();
        match finder.take(cells) {
            Search::More => {}
            Search::Headerless(layout) => return Ok((*layout, true)),
            Search::Found(layout) => match fault {
                None => return Ok((*layout, false)),
                Some(fault) => {
                    return Err(Refusal::HeaderUndecodable {
                        file: name.to_owned(),
                        line: reader.line(),
                        encoding: reader.encoding().name(),
                        byte: fault.byte + 1,
                    }
                    .into());
                }
            },
        }
    }
    Err(finder.refusal(name))
}

/// Makes rows ready for the store, reusing its buffers.
struct Preparer<'l> {
    layout: &'l Layout,
    encoding: Encoding,
    key: String,
    comparer: Comparer,
}

impl Preparer<'_> {
    fn batch(&mut self, slab: Slab, cutter: &mut Cutter, validator: &mut Validator<'_>) -> Result<Batch, Refusal> {
        let mut batch = Batch { items: Vec::with_capacity(slab.frames.len()), ..Batch::default() };
        for (place, frame) in slab.frames.iter().enumerate() {
            let line = frame.line;
            let step = cutter.step(frame, &slab.text)?;
            let item = match (step, frame.fault) {
                (Step::Blank, _) => {
                    validator.warnings.add("blank-line", 0);
                    continue;
                }
                (step, Some(fault)) => {
                    // The bytes are shown as \xNN in the text that is kept.
                    let byte = fault.byte + 1;
                    batch.totals.undecodable += 1;
                    batch.totals.first_fault.get_or_insert((line, byte));
                    let reason = format!("{} として読めないバイトがあります(先頭から {byte} バイト目)", self.encoding);
                    let raw = match step {
                        Step::Broken { raw, .. } => raw,
                        Step::Record(record) => record.to_vec(),
                        Step::Blank => Vec::new(),
                    };
                    let key = raw.get(self.layout.columns[Column::Id.index()].unwrap_or(usize::MAX)).cloned();
                    Item::Held { line, held: Held { code: "undecodable", reason }, raw, key }
                }
                (Step::Broken { code, reason, raw }, None) => {
                    Item::Held { line, held: Held { code, reason }, raw, key: None }
                }
                (Step::Record(record), None) => self.row(line, place, record, validator, &mut batch),
            };
            batch.totals.rows += 1;
            batch.items.push(item);
        }
        batch.totals.warnings = std::mem::take(&mut validator.warnings);
        batch.slab = slab;
        Ok(batch)
    }

    fn row(
        &mut self,
        line: u32,
        frame: usize,
        record: Record<'_>,
        validator: &mut Validator<'_>,
        batch: &mut Batch,
    ) -> Item {
        let layout = self.layout;
        let at = |n: usize| unguard(record.cell(n));
        let mut cells: Cells<'_> = [""; Column::COUNT];
        for (cell, place) in cells.iter_mut().zip(layout.columns) {
            *cell = place.map_or("", at);
        }
        self.key.clear();
        key(&cells, &mut self.key);
        if record.width() != layout.width {
            let reason = format!("列の数が {} で、見出しの {} と違います", record.width(), layout.width);
            // The cells may have shifted, so only a 整理番号 at the left edge can be trusted.
            let key = (layout.columns[Column::Id.index()] == Some(0)).then(|| self.key.clone());
            return Item::Held { line, held: Held { code: "columns", reason }, raw: record.to_vec(), key };
        }
        let facts = match validator.check(line, &cells, record.text()) {
            Ok(facts) => facts,
            Err(held) => return Item::Held { line, held, raw: record.to_vec(), key: Some(self.key.clone()) },
        };
        let extras: Vec<&str> = layout.extras.iter().map(|(n, _)| at(*n)).collect();
        let packed = batch.packed.len();
        let places = layout.extras.iter().map(|(n, _)| u16::try_from(*n).unwrap_or(u16::MAX));
        codec::pack(&mut batch.packed, line, cells, places.zip(extras.iter().copied()));
        let key = batch.text.len();
        batch.text.push_str(&self.key);
        let key = key..batch.text.len();
        let review = facts.in_item1().then(|| {
            let start = batch.text.len();
            search_text(&self.key, &cells, &mut batch.text);
            (Pattern::of(&facts.marks, self.comparer.row(&cells)), start..batch.text.len())
        });
        Item::Row(Prepared {
            line,
            key,
            packed: packed..batch.packed.len(),
            prints: prints(&cells, &extras),
            keys: DangerKeys::of(&cells, &facts, &mut self.comparer),
            facts,
            review,
            frame,
        })
    }
}

/// Whether a change of a column reopens a case (DOMAIN §7).
const fn is_significant(column: Column) -> bool {
    use Column::{Acquired, Left, Lost, Mark, Multiple, Overall, Right};
    matches!(column, Left(_) | Right(_) | Mark(_) | Overall | Multiple | Acquired | Lost)
}

/// Fingerprints a row: over what reopens a case, and going on from there over everything (DOMAIN §7).
fn prints(cells: &Cells<'_>, extras: &[&str]) -> Prints {
    let of = |significant: bool| {
        Column::ALL.into_iter().zip(cells).filter(move |(column, _)| is_significant(*column) == significant)
    };
    let mut print = Print::new();
    of(true).for_each(|(_, cell)| print.cell(cell.as_bytes()));
    let significant = print.finish();
    of(false).for_each(|(_, cell)| print.cell(cell.as_bytes()));
    extras.iter().for_each(|extra| print.cell(extra.as_bytes()));
    Prints { significant, whole: print.finish() }
}

/// The text that the fuzzy search looks in: key, names, addresses and 番号 of both sides; never the 個人番号.
fn search_text(key: &str, cells: &Cells<'_>, into: &mut String) {
    into.push_str(&search_fold(key));
    let mut last = String::new();
    for field in [FieldKind::Kanji, FieldKind::Kana, FieldKind::Address] {
        for column in [Column::Left(field), Column::Right(field)] {
            let text = search_fold(cells[column.index()]);
            if !text.is_empty() && text != last {
                into.push(' ');
                into.push_str(&text);
                last = text;
            }
        }
    }
    for column in [Column::Left(FieldKind::Birth), Column::Number] {
        let text = search_fold(cells[column.index()]);
        if !text.is_empty() {
            into.push(' ');
            into.push_str(&text);
        }
    }
}

/// The calling thread: batches, from each working thread in turn → store.
fn write(
    delta: &mut Delta<'_>,
    from: &[Receiver<Handed<Batch>>],
    bytes_total: u64,
    cancel: Option<&AtomicBool>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Totals, IngestError> {
    let mut totals = Totals::default();
    let mut cutter = Cutter::new();
    for from in from.iter().cycle() {
        // A working thread whose turn it is ends without a batch only at the end of the file, or when it panicked; the scope
        // then passes the panic on.
        let Ok(batch) = from.recv() else { break };
        let Batch { slab, items, text, packed, totals: counted } = batch?;
        if cancelled(cancel) {
            return Err(IngestError::Cancelled);
        }
        totals.append(&counted);
        for item in items {
            match item {
                Item::Held { line, held, raw, key } => {
                    delta.held(line, held.code, held.reason, raw, key)?;
                }
                Item::Row(row) => {
                    let new = NewRow {
                        key: &text[row.key],
                        packed: &packed[row.packed],
                        prints: row.prints,
                        facts: row.facts,
                        review: row.review.map(|(pattern, range)| (pattern, &text[range])),
                    };
                    let raw = || match cutter.step(&slab.frames[row.frame], &slab.text) {
                        Ok(Step::Record(record)) => record.to_vec(),
                        // It was cut before, so this is never needed.
                        _ => vec![slab.frames[row.frame].of(&slab.text).to_owned()],
                    };
                    delta.row(row.line, new, &row.keys, raw)?;
                }
            }
        }
        progress(Progress { bytes_done: slab.bytes, bytes_total, rows: totals.rows });
    }
    Ok(totals)
}
