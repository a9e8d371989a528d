//! One file, a few threads, one transaction (ARCHITECTURE "How an import runs"): a reading thread decodes and frames
//! slabs of records, working threads cut, check, compare and pack their rows, the calling thread takes them in the
//! order of the file, compares them with the store and writes. Slabs are dealt to the working threads in turn, so the
//! result does not depend on timing. Memory stays flat: the channels between them are short.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use jiff::civil::Date;

use super::cells::Cutter;
use super::correction::Corrections;
use super::counts::{Counts, Vanishing};
use super::delta::{Delta, StoreState};
use super::encoding::Encoding;
use super::error::{IngestError, Refusal};
use super::frame::Slab;
use super::header::{HEADER_WITHIN, HeaderFinder, HeaderSearch};
use super::held::HeldIndex;
use super::incoming::AcceptedRow;
use super::input::Input;
use super::insurer::Insurers;
use super::layout::Layout;
use super::listed::{self, Listed};
use super::options::{ImportOptions, Progress};
use super::prepare::{Batch, Prepared, PreparedRow, Preparer};
use super::reader::{ReadRecord, RowReader};
use super::recompute;
use super::report::ImportReport;
use super::separator::Separator;
use super::serial::SerialReader;
use super::source::RecordSource;
use super::space;
use super::totals::Totals;
use super::validate::Validator;
use crate::clock;
use crate::compare::{self, visible};
use crate::domain::calendar::japan_time;
use crate::domain::danger::Comparer;
use crate::domain::danger::index::Keyer;
use crate::domain::event::Actor;
use crate::domain::record::Facts;
use crate::domain::run::Run;
use crate::domain::scope::Scope;
use crate::store::{ImportRecord, NewRow, Store, StoreError};

/// Maximum number of slabs that wait before each working thread, and of batches that wait behind it.
const AHEAD: usize = 2;

/// Maximum number of working threads; more would only wait for the one that writes.
const MAXIMUM_WORKERS: usize = 4;

/// Imports a file in one transaction, or refuses it and leaves the store as it was.
///
/// With `options.check` everything is read and counted the same way and nothing is written.
///
/// # Errors
/// [`IngestError::Refused`] when the file cannot be taken (RULES §7), [`IngestError::Store`] when the store failed.
pub fn import(
    path: &Path,
    store: &Store,
    options: &ImportOptions,
    actor: &Actor,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, IngestError> {
    let began = clock::instant();
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    // What is said names the file in visible form; what is kept and written out has its true name.
    let (true_name, name) = (name.clone(), visible(&name).into_owned());
    let mut input = Input::open(path, &name, options)?;
    let (encoding, total) = (input.encoding(), input.bytes());
    let mut report = ImportReport {
        file: true_name.clone(),
        encoding: input.encoding_name().to_owned(),
        sheet: input.sheet().map(str::to_owned),
        hidden_sheets: input.hidden_sheets().to_vec(),
        run: options.run,
        check: options.check,
        ..ImportReport::default()
    };

    let asked = options.fingerprint(input.sheet());
    let (known, insurers, outdated, again) = {
        let snapshot = store.snapshot()?;
        let meta = snapshot.meta()?;
        report.sha256 = input.sha256(!meta.imports.is_empty(), options)?;
        let earlier = meta.imports.iter().rev().find(|earlier| {
            earlier.sha256 == report.sha256
                && earlier.encoding == report.encoding
                && (earlier.run == options.run || earlier.run == Run::Correction)
                && earlier.asked == asked
        });
        let outdated = recompute::is_outdated(&meta.imports);
        let again = earlier.filter(|earlier| options.recompute_facts && earlier.run == options.run).is_some();
        if let Some(earlier) = earlier.filter(|_| !again) {
            report.recompute_offered = outdated && recompute::is_newest(&meta.imports, earlier);
            report.repeat(earlier, snapshot.queue()?.len() as u64);
            report.seconds = began.elapsed().as_secs_f64();
            return Ok(report);
        }
        let mut held = HeldIndex::default();
        snapshot.each_held(&mut |row| match again {
            true => held.add_any(&row),
            false => held.add(&row),
        })?;
        let known = StoreState { records: meta.record_numbers, held };
        (known, Insurers::of(&snapshot, &meta)?, outdated, again)
    };

    store.disk().map_or(Ok(()), |disk| space::check(&disk, total))?;
    let mut reader = input.reader(options)?;
    let (mut layout, at_hand) =
        find_header(&mut reader, &name, encoding, options).map_err(|error| named(error, &name))?;
    let separator = reader.separator();
    report.separator = report.sheet.is_none().then_some(separator);
    let source = reader.rows(&layout, at_hand);
    // A file of corrected rows or a list of records speaks for no others, whatever was asked for.
    let run = match (&layout.held, layout.listed) {
        (Some(_), _) => Run::Correction,
        (None, Some(_)) => Run::Delta,
        (None, None) => options.run,
    };
    // Into an empty store a list comes as any other file.
    let list = layout.listed.filter(|_| known.records > 0);
    if list.is_some() {
        layout.keep(listed::extras(&store.snapshot()?.meta()?.imports));
    }
    let layout = layout;
    let corrections = layout.held.is_some().then(|| Corrections::load(store)).transpose()?;
    let recompute = match run {
        Run::Full => outdated || options.recompute_facts,
        Run::Delta | Run::NewCheck => options.recompute_facts && list.is_none(),
        Run::Correction => false,
    };
    report.recomputed = recompute && known.records > 0;
    let first = known.records == 0 && known.held.is_empty();
    let mut delta = Delta::new(store.import()?, known, run, &true_name, actor);
    delta.header(&layout.names, &layout.columns);
    if list.is_some() {
        delta.list();
    }
    if report.recomputed {
        delta.recompute_facts();
    }
    let keyer = Keyer::new(secret()?);
    let cancel = options.cancel.as_deref();
    let today = japan_time(actor.at).date();
    let serials = options.serial_dates.map(|system| SerialReader::new(system, today));
    let totals = std::thread::scope(|scope| {
        let (mut to, mut from) = (Vec::new(), Vec::new());
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from).min(MAXIMUM_WORKERS) {
            let (slabs, work) = sync_channel(AHEAD);
            let (done, batches) = sync_channel(AHEAD);
            let (layout, corrections) = (&layout, corrections.as_ref());
            scope.spawn(move || {
                let listed = list.map(|key| Listed::open(store, key)).transpose();
                match listed {
                    Ok(listed) => {
                        let (key, comparer, hasher) = (String::new(), Comparer::new(), store.row_hasher());
                        let preparer = Preparer {
                            layout,
                            corrections,
                            listed,
                            encoding,
                            separator,
                            serials,
                            key,
                            comparer,
                            hasher,
                            keyer,
                        };
                        prepare(&work, preparer, today, &done);
                    }
                    // Nobody listens any more only where another thread has failed and says so.
                    Err(error) => drop(done.send(Err(error.into()))),
                }
            });
            to.push(slabs);
            from.push(batches);
        }
        let reading = scope.spawn(move || read(source, cancel, &to));
        let totals = write(&mut delta, &from, separator, total, cancel, progress);
        drop(from);
        let sha256 = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        totals.map(|totals| (totals, sha256))
    });
    let (totals, sha256) = totals.map_err(|error| named(error, &name))?;
    if !report.sha256.is_empty() && report.sha256 != sha256 {
        return Err(Refusal::Changed { file: name }.into());
    }
    report.sha256 = sha256;
    let warnings = totals.check(&name, encoding)?;
    let mut refusals = Vec::new();
    refusals.extend(totals.serials.refusal(&name));
    let found = insurers.strangers(&totals.insurers);
    // Rejected rows that come back corrected are no news of another insurer.
    if !found.is_empty() && !options.allow_insurer && run != Run::Correction {
        refusals.push(Refusal::OtherInsurer { file: name.clone(), found, known: insurers.names() });
    }
    refuse(&mut refusals, options)?;
    let (writer, counts) = delta.finish()?;
    if counts.others.is_too_many(totals.rows) {
        refusals.push(Refusal::OtherPersons { file: name.clone(), rows: totals.rows, others: counts.others.clone() });
    }
    if again && !counts.nothing_new() {
        refusals.push(Refusal::Superseded { file: name.clone() });
    }
    refuse(&mut refusals, options)?;
    report.refusals = refusals.iter().map(ToString::to_string).collect();
    report.insurers = totals.insurers.keys().cloned().collect();
    report.mark_codes = totals.mark_codes.iter().cloned().collect();
    report.profile = layout.profile_file().map(str::to_owned);
    if list.is_some() && counts.quarantined > 0 {
        let mut faults: Vec<_> = counts.held.values().map(|held| (held.lines[0], held.reason.clone())).collect();
        faults.sort();
        return Err(Refusal::List { file: name, rows: counts.quarantined, faults }.into());
    }
    report.run = run;
    report.layout = layout.words();
    // What a list does not show, its records have.
    report.absent = if list.is_some() { Vec::new() } else { layout.absent() };
    report.unused = layout.unused();
    report.header_fingerprint = layout.fingerprint.clone();
    report.same_content = !first && !report.recomputed && counts.nothing_new();
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
            edition: compare::EDITION,
            facts_edition: Facts::EDITION,
            layout: report.layout.clone(),
            columns: layout.columns.iter().map(|place| place.and_then(|at| u16::try_from(at).ok())).collect(),
            at: Some(actor.at),
            ..report.record(writer.number(), layout.names, &actor.caller.operator)
        };
        let record = writer.commit(record, actor)?;
        report.number = Some(record.number);
    }
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

/// Random bytes that end with this import.
fn secret() -> Result<[u8; 16], StoreError> {
    let mut secret = [0; 16];
    getrandom::fill(&mut secret).map_err(|fault| StoreError::Engine(fault.to_string()))?;
    Ok(secret)
}

/// Refuses the file for the first reason, unless it is only checked: then the report names them all.
fn refuse(refusals: &mut Vec<Refusal>, options: &ImportOptions) -> Result<(), IngestError> {
    if options.check || refusals.is_empty() { Ok(()) } else { Err(refusals.remove(0).into()) }
}

/// Counts the records that would vanish.
fn vanishing(store: &Store, counts: &Counts) -> Result<Option<Vanishing>, StoreError> {
    /// Number of records that are looked at together.
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
            let gone = u64::from(counts.gone.contains(no));
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

/// Adds the file name to a refusal that was made where it is not known.
pub(super) fn named(error: IngestError, name: &str) -> IngestError {
    match error {
        IngestError::Refused(Refusal::WrongKind { file, kind, advice }) if file.is_empty() => {
            Refusal::WrongKind { file: name.to_owned(), kind, advice }.into()
        }
        IngestError::Refused(Refusal::Unclosed { file, line }) if file.is_empty() => {
            Refusal::Unclosed { file: name.to_owned(), line }.into()
        }
        IngestError::Refused(Refusal::SecondHeader { file, line }) if file.is_empty() => {
            Refusal::SecondHeader { file: name.to_owned(), line }.into()
        }
        IngestError::Refused(Refusal::TooManyLines { file }) if file.is_empty() => {
            Refusal::TooManyLines { file: name.to_owned() }.into()
        }
        other => other,
    }
}

/// What one thread hands to the next, or why there is no more.
type Handed<T> = Result<T, IngestError>;

/// The reading thread: bytes → slabs, to each working thread in turn. Gives the SHA-256 of what it read.
fn read(
    mut source: Box<dyn RecordSource + '_>,
    cancel: Option<&AtomicBool>,
    to: &[SyncSender<Handed<Slab>>],
) -> String {
    for to in to.iter().cycle() {
        let slab = match source.slab() {
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
    source.sha256()
}

/// A working thread: slabs → batches.
fn prepare(work: &Receiver<Handed<Slab>>, mut preparer: Preparer<'_>, today: Date, done: &SyncSender<Handed<Batch>>) {
    let mut validator = Validator::new(preparer.layout, today, preparer.encoding);
    let mut cutter = Cutter::new(preparer.separator);
    for slab in work {
        let batch = slab.and_then(|slab| preparer.batch(slab, &mut cutter, &mut validator));
        if done.send(batch).is_err() {
            return;
        }
    }
}

/// Reads the top of the file until the header is found; `true` when the record at hand is data already.
fn find_header(
    reader: &mut RowReader<'_>,
    name: &str,
    encoding: Encoding,
    options: &ImportOptions,
) -> Result<(Layout, bool), IngestError> {
    let mut finder = HeaderFinder::new(options);
    for _ in 0..HEADER_WITHIN {
        let Some(cells) = reader.next()? else { break };
        let fault = reader.fault();
        match finder.take(cells) {
            HeaderSearch::More => {}
            HeaderSearch::Headerless(layout) => return Ok((*layout, true)),
            HeaderSearch::Found(layout) => match fault {
                None => return Ok((*layout, false)),
                Some(fault) => {
                    return Err(Refusal::HeaderUndecodable {
                        file: name.to_owned(),
                        line: reader.line(),
                        encoding: encoding.name(),
                        byte: fault.byte + 1,
                    }
                    .into());
                }
            },
        }
    }
    Err(finder.refusal(name))
}

/// The calling thread: batches, from each working thread in turn → store.
fn write(
    delta: &mut Delta<'_>,
    from: &[Receiver<Handed<Batch>>],
    separator: Separator,
    bytes_total: u64,
    cancel: Option<&AtomicBool>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Totals, IngestError> {
    let mut totals = Totals::default();
    let mut cutter = Cutter::new(separator);
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
                Prepared::Rejected { rejection, raw, row } => {
                    delta.reject(rejection, raw, row)?;
                }
                Prepared::Row(row) => {
                    let new = NewRow {
                        key: &text[row.key],
                        packed: &packed[row.packed],
                        fingerprints: row.fingerprints,
                        facts: row.facts,
                        review: row.review.map(|(pattern, range)| (pattern, &text[range])),
                    };
                    let raw = || {
                        let frame = &slab.frames[row.frame];
                        let cells = match cutter.read(frame, &slab.text) {
                            Ok(ReadRecord::Cells(record)) => record.to_vec(),
                            // It was cut before, so this is never needed.
                            _ => vec![frame.of(&slab.text).to_owned()],
                        };
                        (cells, slab.twins_of(frame))
                    };
                    let PreparedRow { line, corrects, same_person, untouched, .. } = row;
                    let arriving = AcceptedRow { line, row: new, keys: &row.keys, corrects, same_person };
                    match untouched {
                        true => delta.untouched(arriving, raw)?,
                        false => delta.row(arriving, raw)?,
                    }
                }
            }
        }
        progress(Progress { bytes_done: slab.bytes, bytes_total, rows: totals.rows });
    }
    Ok(totals)
}
