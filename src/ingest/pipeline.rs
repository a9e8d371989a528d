//! One file, a few threads, one transaction (DESIGN §6): a reading thread decodes and frames slabs of records, working
//! threads cut, check, compare and pack their rows, the calling thread takes them in the order of the file, compares them
//! with the store and writes. Slabs go round the working threads in turn, so what comes out does not depend on who is
//! faster. Memory stays flat: the channels between them are short.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use super::correction::{Correction, Corrections};
use super::danger::DangerKeys;
use super::decode::{Encoding, Scan, TextSource, scan};
use super::delta::{Arrival, Counts, Delta, Known, Vanishing};
use super::error::{IngestError, Refusal};
use super::frame::{Framer, Slab};
use super::hash;
use super::held::HeldIndex;
use super::layout::{Finder, HEADER_WITHIN, Layout, Search};
use super::reader::{Cutter, Record, RowReader, Step, unguard};
use super::report::ImportReport;
use super::validate::{Cells, Held, Validator, Warnings, key};
use super::{ImportOptions, Progress};
use crate::compare::{FieldKind, search_fold, visible};
use crate::domain::danger::Comparer;
use crate::domain::event::Actor;
use crate::domain::pattern::Pattern;
use crate::domain::person::MyNumber;
use crate::domain::record::{Column, Facts};
use crate::domain::scope::Scope;
use crate::store::print::Print;
use crate::store::{ImportRecord, NewRow, Prints, Run, Store, StoreError, codec};

/// Slabs that wait before each working thread, and batches that wait behind it.
const AHEAD: usize = 1;

/// More working threads than this would only wait for the one that writes.
const MOST_WORKERS: usize = 4;

/// So many undecodable rows are tolerated in a file of any size; beyond them at most one row in a hundred.
const UNDECODABLE_FREE: u64 = 3;

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
    let mut report = ImportReport {
        file: name.clone(),
        encoding: scan.encoding.name().to_owned(),
        run: options.run,
        check: options.check,
        ..ImportReport::default()
    };

    let asked = options.print();
    let known = {
        let snapshot = store.snapshot()?;
        let meta = snapshot.meta()?;
        if !meta.imports.is_empty() {
            report.sha256 =
                hash::whole(&file, options.cancel.as_deref()).map_err(unreadable)?.ok_or(IngestError::Cancelled)?;
        }
        let earlier = meta.imports.iter().rev().find(|earlier| {
            earlier.sha256 == report.sha256
                && earlier.encoding == report.encoding
                && (earlier.run == options.run || earlier.run == Run::Correction)
                && earlier.asked == asked
        });
        if let Some(earlier) = earlier {
            report.repeat(earlier);
            report.seconds = began.elapsed().as_secs_f64();
            return Ok(report);
        }
        let mut held = HeldIndex::default();
        snapshot.each_held(&mut |row| held.add(&row))?;
        Known { records: meta.record_numbers, in_batch: snapshot.in_batch()?, held }
    };

    let total = scan.bytes;
    let mut reader = RowReader::new(TextSource::new(file, &name, &scan)?);
    let (layout, at_hand) = find_header(&mut reader, &name, options).map_err(|error| named(error, &name))?;
    let framer = reader.rows(layout.width, at_hand);
    // A file of corrected rows speaks for no others, whatever was asked for.
    let run = if layout.held.is_some() { Run::Correction } else { options.run };
    let corrections = layout.held.is_some().then(|| Corrections::load(store)).transpose()?;
    let first = known.records == 0 && known.held.is_empty();
    let mut delta = Delta::new(store.import()?, known, run, &name, actor);
    delta.header(&layout.names);
    let cancel = options.cancel.as_deref();
    let totals = std::thread::scope(|scope| {
        let (mut to, mut from) = (Vec::new(), Vec::new());
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS) {
            let (slabs, work) = sync_channel(AHEAD);
            let (done, batches) = sync_channel(AHEAD);
            let (layout, corrections, encoding) = (&layout, corrections.as_ref(), scan.encoding);
            scope.spawn(move || {
                let preparer =
                    Preparer { layout, corrections, encoding, key: String::new(), comparer: Comparer::new() };
                prepare(&work, preparer, &done);
            });
            to.push(slabs);
            from.push(batches);
        }
        let reading = scope.spawn(move || read(framer, cancel, &to));
        let totals = write(&mut delta, &from, total, cancel, progress);
        drop(from);
        let sha256 = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        totals.map(|totals| (totals, sha256))
    });
    let (totals, sha256) = totals.map_err(|error| named(error, &name))?;
    if !report.sha256.is_empty() && report.sha256 != sha256 {
        return Err(Refusal::Changed { file: name }.into());
    }
    report.sha256 = sha256;
    let warnings = totals.check(&name, scan.encoding)?;
    let (writer, counts) = delta.finish()?;
    report.run = run;
    report.layout = layout.words();
    report.header_print = layout.print.clone();
    report.same_content = !first && counts.nothing_new();
    report.vanishing = vanishing(store, &counts)?;
    report.fill(totals.rows, counts, warnings);
    if let Some(vanishing) = report.vanishing.filter(|vanishing| vanishing.is_doubtful() && !options.allow_vanish)
        && !options.check
    {
        return Err(Refusal::WouldVanish { file: name, vanishing }.into());
    }
    if cancelled(cancel) {
        return Err(IngestError::Cancelled);
    }
    if !report.adds_up() {
        // Dropping the writer leaves the store as it was.
        return Err(StoreError::Corrupt("取込の件数が合いません".to_owned()).into());
    }
    if !options.check && !report.same_content {
        let record = ImportRecord {
            asked,
            layout: report.layout.clone(),
            columns: layout.columns.iter().map(|place| place.and_then(|at| u16::try_from(at).ok())).collect(),
            at: Some(actor.at),
            ..report.record(writer.number(), layout.names, &actor.operator)
        };
        let record = writer.commit(record, actor)?;
        report.number = Some(record.number);
    }
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

/// Of how many records the file would take away how many.
fn vanishing(store: &dyn Store, counts: &Counts) -> Result<Option<Vanishing>, StoreError> {
    /// How many records are looked at together.
    const SCAN: u32 = 16_384;
    if counts.gone.is_empty() {
        return Ok(None);
    }
    let snapshot = store.snapshot()?;
    let mut found = Vanishing::default();
    for start in (0..snapshot.meta()?.record_numbers).step_by(SCAN as usize) {
        for (no, facts) in snapshot.facts(start..start.saturating_add(SCAN))? {
            if facts.scope == Scope::Vanished {
                continue;
            }
            let gone = u64::from(counts.gone.binary_search(&no).is_ok());
            let item1 = u64::from(facts.in_item1());
            found.records += 1;
            found.gone += gone;
            found.item1 += item1;
            found.item1_gone += gone * item1;
        }
    }
    Ok(Some(found))
}

fn cancelled(cancel: Option<&AtomicBool>) -> bool {
    cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
}

pub(super) fn open(path: &Path, name: &str, options: &ImportOptions) -> Result<(File, Scan), IngestError> {
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
pub(super) fn named(error: IngestError, name: &str) -> IngestError {
    match error {
        IngestError::Refused(Refusal::WrongKind { file, kind, advice }) if file.is_empty() => {
            Refusal::WrongKind { file: name.to_owned(), kind, advice }.into()
        }
        IngestError::Refused(Refusal::Unclosed { file, line }) if file.is_empty() => {
            Refusal::Unclosed { file: name.to_owned(), line }.into()
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
    Held { held: Held, raw: Vec<String>, arrival: Arrival },
}

struct Prepared {
    line: u32,
    /// The number of the held-back row that it corrects.
    corrects: Option<u32>,
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
    /// The 保険者番号 of the file with the first line of each.
    insurers: BTreeMap<String, u32>,
}

impl Totals {
    fn append(&mut self, later: &Self) {
        self.rows += later.rows;
        self.undecodable += later.undecodable;
        self.first_fault = self.first_fault.or(later.first_fault);
        self.warnings.append(&later.warnings);
        for (number, &line) in &later.insurers {
            let first = self.insurers.entry(number.clone()).or_insert(line);
            *first = line.min(*first);
        }
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
            _ => {
                let mut warnings = self.warnings.clone();
                let mut lines: Vec<u32> = self.insurers.values().copied().collect();
                lines.sort_unstable();
                lines.iter().skip(1).for_each(|&line| warnings.add("insurer-mixed", line));
                Ok(warnings)
            }
        }
    }
}

/// The reading thread: bytes → slabs, to each working thread in turn. Gives the SHA-256 of what it read.
fn read(mut framer: Framer, cancel: Option<&AtomicBool>, to: &[SyncSender<Handed<Slab>>]) -> String {
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
    framer.sha256()
}

/// A working thread: slabs → batches.
fn prepare(work: &Receiver<Handed<Slab>>, mut preparer: Preparer<'_>, done: &SyncSender<Handed<Batch>>) {
    let mut validator = Validator::new(preparer.layout);
    let mut cutter = Cutter::new();
    for slab in work {
        let batch = slab.and_then(|slab| Ok(preparer.batch(slab, &mut cutter, &mut validator)?));
        if done.send(batch).is_err() {
            return;
        }
    }
}

/// Reads the top of the file until the header is found; `true` when the record at hand is data already.
fn find_header(reader: &mut RowReader, name: &str, options: &ImportOptions) -> Result<(Layout, bool), IngestError> {
    let mut finder = Finder::new(options);
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
    corrections: Option<&'l Corrections>,
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
                    let key = loose_key(self.layout, &raw);
                    let held = Held { column: faulty(self.layout, &raw), ..Held::new("undecodable", reason) };
                    held_back(held, line, raw, key, None)
                }
                (Step::Broken { code, reason, raw }, None) => {
                    let key = loose_key(self.layout, &raw);
                    held_back(Held::new(code, reason), line, raw, key, None)
                }
                (Step::Record(record), None) if self.layout.is_header(&record) => {
                    validator.warnings.add("header-line", line);
                    continue;
                }
                (Step::Record(record), None) if is_footer(&record) => {
                    validator.warnings.add("footer", line);
                    continue;
                }
                (Step::Record(record), None) => self.row(line, place, record, validator, &mut batch),
            };
            batch.totals.rows += 1;
            batch.items.push(item);
        }
        batch.totals.warnings = std::mem::take(&mut validator.warnings);
        batch.totals.insurers = validator.insurers.clone();
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
        let mut correction = None;
        if let Some(corrections) = self.corrections {
            correction = match corrections.of(layout, at, &mut cells) {
                Ok(correction) => correction,
                Err(held) => return held_back(held, line, record.to_vec(), None, None),
            };
            if correction.is_some_and(|correction| correction.zeros) {
                validator.warnings.add("leading-zeros", line);
            }
        }
        self.key.clear();
        key(&cells, &mut self.key);
        let width = (record.width() != layout.width).then(|| accept_width(layout, &record, &cells));
        if let Some(Some(code)) = width {
            validator.warnings.add(code, line);
        }
        if width == Some(None) {
            let reason = format!("列の数が {} で、見出しの {} と違います", record.width(), layout.width);
            // The cells may have shifted, so only a 整理番号 at the left edge can be trusted.
            let key = (layout.columns[Column::Id.index()] == Some(0)).then(|| self.key.clone());
            return held_back(Held::new("columns", reason), line, record.to_vec(), key, correction);
        }
        if correction.is_some_and(|correction| correction.unchanged) {
            let reason =
                "隔離した行が直されていません。直すか、このまま取り込むときは隔離確認の列に ○ を入れてください";
            let key = Some(self.key.clone());
            return held_back(Held::new("not-corrected", reason), line, record.to_vec(), key, correction);
        }
        if correction.is_some_and(|correction| correction.surplus) {
            let reason = "列が多すぎます。隔離余りの列を空にして、値を見出しの列に合わせてください";
            let key = Some(self.key.clone());
            return held_back(Held::new("columns", reason), line, record.to_vec(), key, correction);
        }
        let facts = match validator.check(line, &cells, record.text()) {
            Ok(facts) => facts,
            Err(held) => {
                let mut raw = record.to_vec();
                if correction.is_some() {
                    // What was masked or guarded when it was written out is kept as it was before.
                    for (place, cell) in layout.columns.into_iter().zip(cells) {
                        if let Some(raw) = place.and_then(|place| raw.get_mut(place)) {
                            cell.clone_into(raw);
                        }
                    }
                }
                return held_back(held, line, raw, Some(self.key.clone()), correction);
            }
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
            corrects: correction.map(|correction| correction.number),
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

fn held_back(held: Held, line: u32, raw: Vec<String>, key: Option<String>, correction: Option<Correction>) -> Item {
    let corrects = correction.map(|correction| correction.number);
    let unchanged = correction.is_some_and(|correction| correction.unchanged);
    Item::Held { held, raw, arrival: Arrival { line, key, corrects, unchanged } }
}

/// The 整理番号 of a row that cannot be read as a whole: of its cells, or of the beginning of its text.
fn loose_key(layout: &Layout, raw: &[String]) -> Option<String> {
    let place = layout.columns[Column::Id.index()]?;
    let cell = match raw {
        [line] if layout.width > 1 => line.split(',').next().filter(|_| place == 0)?,
        cells => cells.get(place)?,
    };
    let key = unguard(cell).trim().trim_matches('"');
    // Undecodable bytes are shown as `\xNN`.
    (!key.is_empty() && key.len() < 64 && !key.contains('\\')).then(|| key.to_owned())
}

/// The column whose cell shows an undecodable byte.
fn faulty(layout: &Layout, raw: &[String]) -> Option<Column> {
    let at = raw.iter().position(|cell| cell.contains("\\x")).filter(|_| raw.len() == layout.width)?;
    Column::ALL.into_iter().find(|column| layout.columns[column.index()] == Some(at))
}

/// Takes a row of another width where no cell can have shifted; the code of the warning that goes with it.
///
/// Cells beyond the header must be blank. A row may lack columns at its end that the review does not need (spreadsheets
/// leave out the last commas of rows that end blank), if every mark stands in its place.
fn accept_width(layout: &Layout, record: &Record<'_>, cells: &Cells<'_>) -> Option<&'static str> {
    let lacks = |column: Column| layout.columns[column.index()].is_some_and(|at| at >= record.width());
    let spare = [Column::Remarks, Column::Protected];
    let needed = Column::ALL.into_iter().any(|column| !spare.contains(&column) && lacks(column));
    let marked = |column: Column| {
        let cell = cells[column.index()];
        match column {
            Column::Overall => layout.overall(cell).is_some(),
            _ => !layout.has(column) || layout.mark(cell).is_some(),
        }
    };
    let blank = (layout.width..record.width()).all(|at| record.cell(at).trim().is_empty());
    let marks = FieldKind::ALL.map(Column::Mark);
    if needed || !blank || !marked(Column::Overall) || !marks.into_iter().all(marked) {
        return None;
    }
    Some(if record.width() > layout.width { "trailing-commas" } else { "short-row" })
}

/// Whether a record is the last line that some systems write: 合計, 件数 … with a number, and nothing else.
fn is_footer(record: &Record<'_>) -> bool {
    const WORDS: [&str; 12] =
        ["総合計", "合計件数", "合計", "総計", "小計", "総件数", "データ件数", "件数", "計", "以上", "end", "eof"];
    let mut filled = record.cells().map(str::trim).filter(|cell| !cell.is_empty());
    let Some(first) = filled.next() else { return false };
    // Nearly every row ends here.
    if first.starts_with(|c: char| c.is_ascii_digit()) || first.len() > 60 {
        return false;
    }
    let rest: Vec<&str> = filled.by_ref().take(2).collect();
    if filled.next().is_some() {
        return false;
    }
    let first = super::words::normalise(first);
    let Some(tail) = WORDS.iter().find_map(|word| first.strip_prefix(word)) else { return false };
    let plain = |text: &str| {
        text.chars().all(|c| c.is_ascii_digit() || matches!(c, '件' | '名' | '人' | '行' | ',' | '=' | '.'))
    };
    plain(tail) && rest.iter().all(|cell| plain(&super::words::normalise(cell)))
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

/// The text that the fuzzy search looks in: key, names, addresses and 番号 of both sides; of the 個人番号 only the last
/// four digits.
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
    if let Some(number) = MyNumber::parse(cells[Column::MyNumber.index()]) {
        into.push(' ');
        into.push_str(&number.last4().digits());
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
                Item::Held { held, raw, arrival } => delta.held(held, raw, arrival)?,
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
                    delta.row(row.line, new, &row.keys, row.corrects, raw)?;
                }
            }
        }
        progress(Progress { bytes_done: slab.bytes, bytes_total, rows: totals.rows });
    }
    Ok(totals)
}
