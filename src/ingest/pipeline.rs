//! One file, two threads, one transaction (DESIGN §6): a reading thread decodes, parses, checks and packs batches of rows;
//! the calling thread compares them with the store and writes. Memory stays flat: the channel between them is short.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use super::correction::{Correction, Corrections};
use super::danger::DangerKeys;
use super::decode::{Scan, TextSource, scan};
use super::delta::{Arrival, Delta, Known};
use super::error::{IngestError, Refusal};
use super::held::HeldIndex;
use super::layout::{Finder, HEADER_WITHIN, Layout, Search};
use super::print::Print;
use super::reader::{RowReader, Step, unguard};
use super::report::ImportReport;
use super::validate::{Cells, Held, Validator, Warnings, key};
use super::{ImportOptions, Progress};
use crate::compare::{FieldKind, compare, search_fold, visible};
use crate::domain::event::Actor;
use crate::domain::pattern::Pattern;
use crate::domain::person::{MyNumber, PerField};
use crate::domain::record::{Column, Facts};
use crate::store::codec::RowPacker;
use crate::store::{ImportRecord, NewRow, Prints, Run, Store, StoreError};

/// Rows per batch.
const BATCH: usize = 4096;

/// Batches under way between the threads.
const AHEAD: usize = 2;

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
    let mut report = ImportReport {
        file: name.clone(),
        sha256: scan.sha256.clone(),
        encoding: scan.encoding.name().to_owned(),
        run: options.run,
        check: options.check,
        ..ImportReport::default()
    };

    let asked = options.print();
    let known = {
        let snapshot = store.snapshot()?;
        let meta = snapshot.meta()?;
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
    let source = TextSource::new(file, &name, &scan)?;
    let first = known.records == 0 && known.held.is_empty();
    let mut delta = Delta::new(store.import()?, known, options.run, &name, actor);
    let cancel = options.cancel.as_deref();
    let end = std::thread::scope(|scope| {
        let (send, receive) = sync_channel(AHEAD);
        scope.spawn(|| read(source, store, &name, options, send));
        write(&mut delta, &receive, total, cancel, progress)
    })?;
    report.run = delta.run();
    let (writer, counts) = delta.finish()?;
    let nothing_new = counts.nothing_new();
    report.fill(end.rows, counts, end.warnings);
    if cancelled(cancel) {
        return Err(IngestError::Cancelled);
    }
    if !report.adds_up() {
        // Dropping the writer leaves the store as it was.
        return Err(StoreError::Corrupt("取込の件数が合いません".to_owned()).into());
    }
    report.layout = end.layout.words();
    report.header_print = end.layout.print.clone();
    report.same_content = !first && nothing_new;
    if !options.check && !report.same_content {
        let record = ImportRecord {
            asked,
            layout: end.layout.words(),
            columns: end.layout.columns.iter().map(|place| place.and_then(|at| u16::try_from(at).ok())).collect(),
            ..report.record(writer.number(), end.layout.names, &actor.operator)
        };
        let record = writer.commit(ImportRecord { at: Some(actor.at), ..record }, actor)?;
        report.number = Some(record.number);
    }
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
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

/// What the reading thread sends.
enum Message {
    Header(Vec<String>, bool),
    Rows(Batch),
    End(End),
    Failed(IngestError),
}

/// What is known at the end of the file.
struct End {
    rows: u64,
    warnings: Warnings,
    layout: Layout,
}

/// Some rows on their way to the store; texts and packed rows share two buffers.
#[derive(Default)]
struct Batch {
    items: Vec<Item>,
    text: String,
    packed: Vec<u8>,
    /// The cells as they stand in the file, and where each ends.
    raw: String,
    ends: Vec<usize>,
    bytes: u64,
    rows: u64,
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
    /// Which of the batch's ends are those of its cells.
    cells: Range<usize>,
}

/// Thread A: bytes → batches.
fn read(source: TextSource, store: &dyn Store, name: &str, options: &ImportOptions, send: SyncSender<Message>) {
    let message = match read_rows(source, store, name, options, &send) {
        Ok(Some(end)) => Message::End(end),
        // Nobody listens any more: the writing side has failed and says so itself.
        Ok(None) => return,
        Err(IngestError::Refused(Refusal::WrongKind { file, kind, advice })) if file.is_empty() => {
            Message::Failed(Refusal::WrongKind { file: name.to_owned(), kind, advice }.into())
        }
        Err(error) => Message::Failed(error),
    };
    // The other side may have stopped listening.
    let _ = send.send(message);
}

fn read_rows(
    source: TextSource,
    store: &dyn Store,
    name: &str,
    options: &ImportOptions,
    send: &SyncSender<Message>,
) -> Result<Option<End>, IngestError> {
    let mut reader = RowReader::new(source);
    let (layout, mut first_is_data) = find_header(&mut reader, name, options)?;
    if send.send(Message::Header(layout.names.clone(), layout.held.is_some())).is_err() {
        return Ok(None);
    }
    let corrections = layout.held.is_some().then(|| Corrections::load(store)).transpose()?;
    let cancel = options.cancel.as_deref();
    let mut validator = Validator::new(&layout);
    let mut preparer = Preparer::default();
    let mut batch = Batch::default();
    let mut rows = 0u64;
    let mut undecodable = 0u64;
    let mut first_fault = None;
    let blank_before = reader.blank_lines();
    loop {
        let step = if first_is_data { Step::Record } else { reader.next(Some(layout.width))? };
        first_is_data = false;
        let line = reader.line();
        if line == u32::MAX {
            return Err(Refusal::TooManyLines { file: name.to_owned() }.into());
        }
        let fault = reader.fault();
        let item = match step {
            Step::End => break,
            _ if fault.is_some() => {
                // The bytes are shown as \xNN in the text that is kept.
                let byte = fault.map_or(0, |fault| fault.byte + 1);
                undecodable += 1;
                first_fault.get_or_insert((line, byte));
                let reason = format!("{} として読めないバイトがあります(先頭から {byte} バイト目)", reader.encoding());
                let raw = match step {
                    Step::Broken { raw, .. } => raw,
                    _ => reader.cells(),
                };
                let key = loose_key(&layout, &raw);
                let held = Held { column: faulty(&layout, &raw), ..Held::new("undecodable", reason) };
                Item::Held { held, raw, arrival: Arrival { line, key, ..Arrival::default() } }
            }
            Step::Broken { code, reason, raw } => {
                let key = loose_key(&layout, &raw);
                Item::Held { held: Held::new(code, reason), raw, arrival: Arrival { line, key, ..Arrival::default() } }
            }
            Step::Record => preparer.prepare(&reader, &layout, corrections.as_ref(), &mut validator, &mut batch),
        };
        rows += 1;
        batch.items.push(item);
        if batch.items.len() == BATCH {
            if cancelled(cancel) {
                return Err(IngestError::Cancelled);
            }
            batch.bytes = reader.bytes_read();
            batch.rows = rows;
            if send.send(Message::Rows(std::mem::take(&mut batch))).is_err() {
                return Ok(None);
            }
        }
    }
    if rows == 0 {
        return Err(Refusal::Empty { file: name.to_owned() }.into());
    }
    if let Some((line, byte)) = first_fault
        && undecodable > UNDECODABLE_FREE
        && undecodable * 100 > rows
    {
        let (file, encoding) = (name.to_owned(), reader.encoding().name());
        return Err(Refusal::TooManyUndecodable { file, rows, undecodable, encoding, line, byte }.into());
    }
    for _ in blank_before..reader.blank_lines() {
        validator.warnings.add("blank-line", 0);
    }
    batch.bytes = reader.bytes_read();
    batch.rows = rows;
    if send.send(Message::Rows(batch)).is_err() {
        return Ok(None);
    }
    let warnings = std::mem::take(&mut validator.warnings);
    Ok(Some(End { rows, warnings, layout }))
}

/// Reads the top of the file until the header is found; `true` when the record at hand is data already.
fn find_header(reader: &mut RowReader, name: &str, options: &ImportOptions) -> Result<(Layout, bool), IngestError> {
    let mut finder = Finder::new(options);
    for _ in 0..HEADER_WITHIN {
        let cells = match reader.next(None)? {
            Step::End => break,
            Step::Record => reader.cells(),
            Step::Broken { raw, .. } => raw,
        };
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
#[derive(Default)]
struct Preparer {
    key: String,
    packer: RowPacker,
}

impl Preparer {
    fn prepare(
        &mut self,
        reader: &RowReader,
        layout: &Layout,
        corrections: Option<&Corrections>,
        validator: &mut Validator<'_>,
        batch: &mut Batch,
    ) -> Item {
        let line = reader.line();
        let (text, record) = reader.record();
        let at = |n: usize| record.range(n).map_or("", |range| unguard(&text[range]));
        let mut cells: Cells<'_> = [""; Column::COUNT];
        for (cell, place) in cells.iter_mut().zip(layout.columns) {
            *cell = place.map_or("", at);
        }
        let mut correction = None;
        if let Some(corrections) = corrections {
            correction = match corrections.of(layout, at, &mut cells) {
                Ok(correction) => correction,
                Err(held) => return held_back(held, line, reader.cells(), None, None),
            };
            if correction.is_some_and(|correction| correction.zeros) {
                validator.warnings.add("leading-zeros", line);
            }
        }
        self.key.clear();
        key(&cells, &mut self.key);
        if reader.width() != layout.width {
            let reason = format!("列の数が {} で、見出しの {} と違います", reader.width(), layout.width);
            // The cells may have shifted, so only a 整理番号 at the left edge can be trusted.
            let key = (layout.columns[Column::Id.index()] == Some(0)).then(|| self.key.clone());
            return held_back(Held::new("columns", reason), line, reader.cells(), key, correction);
        }
        if correction.is_some_and(|correction| correction.unchanged) {
            let reason =
                "隔離した行が直されていません。直すか、このまま取り込むときは隔離確認の列に ○ を入れてください";
            let key = Some(self.key.clone());
            return held_back(Held::new("not-corrected", reason), line, reader.cells(), key, correction);
        }
        if correction.is_some_and(|correction| correction.surplus) {
            let reason = "列が多すぎます。隔離余りの列を空にして、値を見出しの列に合わせてください";
            let key = Some(self.key.clone());
            return held_back(Held::new("columns", reason), line, reader.cells(), key, correction);
        }
        let facts = match validator.check(line, &cells) {
            Ok(facts) => facts,
            Err(held) => {
                let mut raw = reader.cells();
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
        let bytes = self.packer.pack(line, cells, places.zip(extras.iter().copied()));
        batch.packed.extend_from_slice(bytes);
        let first = batch.ends.len();
        let start = batch.raw.len();
        batch.raw.push_str(text);
        batch.ends.extend((0..record.len()).filter_map(|n| record.range(n)).map(|range| start + range.end));
        let key = batch.text.len();
        batch.text.push_str(&self.key);
        let key = key..batch.text.len();
        let review = facts.in_item1().then(|| {
            let comparisons = PerField::from_fn(|field| {
                compare(field, cells[Column::Left(field).index()], cells[Column::Right(field).index()])
            });
            let start = batch.text.len();
            search_text(&self.key, &cells, &mut batch.text);
            (Pattern::of(&facts.marks, &comparisons), start..batch.text.len())
        });
        Item::Row(Prepared {
            line,
            corrects: correction.map(|correction| correction.number),
            key,
            packed: packed..batch.packed.len(),
            prints: prints(&cells, &extras),
            keys: DangerKeys::of(&cells, &facts),
            facts,
            review,
            cells: first..batch.ends.len(),
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

/// Fingerprints a row: over what reopens a case, and over everything (DOMAIN §7).
fn prints(cells: &Cells<'_>, extras: &[&str]) -> Prints {
    let mut whole = Print::new();
    let mut significant = Print::new();
    for (column, cell) in Column::ALL.into_iter().zip(cells) {
        if matches!(
            column,
            Column::Left(_)
                | Column::Right(_)
                | Column::Mark(_)
                | Column::Overall
                | Column::Multiple
                | Column::Acquired
                | Column::Lost
        ) {
            significant.cell(cell.as_bytes());
        }
        whole.cell(cell.as_bytes());
    }
    for extra in extras {
        whole.cell(extra.as_bytes());
    }
    Prints { significant: significant.finish(), whole: whole.finish() }
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

/// The cells of one row of a batch, as they stand in the file.
fn cells(raw: &str, ends: &[usize], of: Range<usize>) -> Vec<String> {
    // The first cell begins where the last one of the row before ends.
    let mut from = of.start.checked_sub(1).map_or(0, |before| ends[before]);
    ends[of].iter().map(|&end| raw[std::mem::replace(&mut from, end)..end].to_owned()).collect()
}

/// Thread B: batches → store.
fn write(
    delta: &mut Delta<'_>,
    receive: &Receiver<Message>,
    bytes_total: u64,
    cancel: Option<&AtomicBool>,
    progress: &mut dyn FnMut(Progress),
) -> Result<End, IngestError> {
    loop {
        let batch = match receive.recv() {
            Ok(Message::Header(names, correction)) => {
                delta.header(&names, correction);
                continue;
            }
            Ok(Message::Rows(batch)) => batch,
            Ok(Message::End(end)) => return Ok(end),
            Ok(Message::Failed(error)) => return Err(error),
            // The reading thread always ends with a message, unless it panicked; the scope then passes the panic on.
            Err(_) => return Err(IngestError::Cancelled),
        };
        if cancelled(cancel) {
            return Err(IngestError::Cancelled);
        }
        let Batch { items, text, packed, raw, ends, bytes, rows } = batch;
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
                    delta.row(row.line, new, &row.keys, row.corrects, || cells(&raw, &ends, row.cells))?;
                }
            }
        }
        progress(Progress { bytes_done: bytes, bytes_total, rows });
    }
}
