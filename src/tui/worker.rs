//! The thread that owns the desk: carries requests out one after the other, in the order they were made.
//!
//! A fault of disk or engine ends the handle of the store (DESIGN §7). Then the store is opened anew and read: the change
//! that was on its way is there or it is not, and the operator is told which. Nothing is done a second time: changes asked
//! for before the operator could know are refused.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::Reopen;
use super::job::{self, JobContext};
use super::runtime::{Incoming, tested_panic};
use crate::app::Effect;
use crate::app::job::Job;
use crate::app::msg::{Msg, Opened};
use crate::app::screen::history::Step;
use crate::app::screen::quarantine::HeldRow;
use crate::compare::{FieldKind, visible};
use crate::desk::{Desk, DeskError, HeldView, RecordView as DeskRecord, RelatedRow};
use crate::domain::calendar::japan_time;
use crate::domain::event::Event;
use crate::domain::insurer::InsurerKind;
use crate::domain::record::{Column, Record, RecordNo};
use crate::domain::run::Run;
use crate::store::{Snapshot, StoreError};
use crate::view::{DangerView, QueueLine, RecordView, RelatedRecord, RelatedRecords, StatusView, WorkspaceInfo};

/// So many changes stand in the summary of a record.
const RECENT: usize = 3;

/// After so long without a request the store is settled: reopening after a crash is then immediate.
const IDLE: Duration = Duration::from_secs(2);

/// A store that could not be opened anew is tried again after so long.
const AGAIN: Duration = Duration::from_secs(5);

/// Runs until the requests end.
pub(super) fn run(desk: Desk, jobs: JobContext, reopen: Reopen, requests: &Receiver<Effect>, to: &Sender<Incoming>) {
    let send = |msg: Msg| to.send(Incoming::Answer(Box::new(msg))).is_ok();
    let (opened, known) = match open(&desk) {
        Ok(opened) => opened,
        Err(error) => {
            let _ = to.send(Incoming::CannotOpen(error));
            return;
        }
    };
    if !send(Msg::Opened(Box::new(opened))) {
        return;
    }
    let mut worker = Worker {
        desk: Some(desk),
        jobs,
        reopen,
        requests,
        to,
        later: VecDeque::new(),
        looking: Looking::default(),
        kept: Cache::default(),
        known,
        unsettled: false,
        fault: None,
    };
    while worker.step() {}
}

/// What was on its way when the store failed.
#[derive(Debug)]
struct StoreFault {
    /// The change that may or may not be durable.
    change: Option<(u64, Option<RecordNo>)>,
    words: String,
    tried: Instant,
    /// Changes asked for before the operator could know.
    refused: usize,
    told: bool,
}

struct Worker<'w> {
    /// `None` while the store is closed after a fault.
    desk: Option<Desk>,
    jobs: JobContext,
    reopen: Reopen,
    requests: &'w Receiver<Effect>,
    to: &'w Sender<Incoming>,
    /// Requests that were looked at early.
    later: VecDeque<Effect>,
    looking: Looking,
    kept: Cache,
    /// The newest audit event known to be durable.
    known: u64,
    /// Whether something changed since the store was settled.
    unsettled: bool,
    fault: Option<StoreFault>,
}

/// Threads that look for paths: a folder on a network may never answer, and no decision waits behind it.
#[derive(Default)]
struct Looking(Arc<()>);

/// So many folders are waited for; beyond that the key that asks does nothing.
const MOST_LOOKING: usize = 8;

impl Looking {
    /// Looks for the paths that begin with `part`, and tells what was found when it is found.
    fn start(
        &self,
        to: &Sender<Incoming>,
        head: String,
        part: String,
        paths: impl FnOnce(&str) -> Vec<String> + Send + 'static,
    ) {
        if Arc::strong_count(&self.0) > MOST_LOOKING {
            return;
        }
        let (running, to) = (Arc::clone(&self.0), to.clone());
        let look = move || {
            let lines = paths(&part).into_iter().map(|path| format!("{head}{path}")).collect();
            // A screen that is gone, or a line that reads otherwise by now, hears nothing of it.
            let _ = to.send(Incoming::Answer(Box::new(Msg::Completed { text: format!("{head}{part}"), lines })));
            drop(running);
        };
        // Without a thread there are no paths to offer; the line can still be typed.
        let _ = std::thread::Builder::new().name("paths".into()).spawn(look);
    }
}

/// The request number and the record of an effect that changes something.
fn change_of(effect: &Effect) -> Option<(u64, Option<RecordNo>)> {
    match effect {
        Effect::Decide { request, record, .. }
        | Effect::Annotate { request, record, .. }
        | Effect::Protect { request, record, .. } => Some((*request, Some(*record))),
        Effect::Undo { request } | Effect::Redo { request } | Effect::UndoStep { request, .. } => {
            Some((*request, None))
        }
        _ => None,
    }
}

impl Worker<'_> {
    fn send(&self, msg: Msg) -> bool {
        self.to.send(Incoming::Answer(Box::new(msg))).is_ok()
    }

    /// Carries one request out; gives whether to go on.
    fn step(&mut self) -> bool {
        let effect = match self.later.pop_front() {
            Some(effect) => effect,
            None => match self.requests.recv_timeout(if self.desk.is_some() { IDLE } else { AGAIN }) {
                Ok(effect) => effect,
                Err(RecvTimeoutError::Timeout) => return self.idle(),
                Err(RecvTimeoutError::Disconnected) => return false,
            },
        };
        if let Effect::Complete { head, part } = effect {
            self.looking.start(self.to, head, part, job::paths);
            return true;
        }
        if self.desk.is_none() && !self.recover() {
            return self.refuse(&effect);
        }
        let Some(desk) = &self.desk else { return true };
        if matches!(effect, Effect::Status) {
            tested_panic("store");
        }
        let change = change_of(&effect);
        self.unsettled |= change.is_some();
        let is_session = matches!(effect, Effect::KeepSession(_));
        if let Effect::Do(task) = effect {
            return self.job(task);
        }
        match carry_out(desk, &self.jobs.exports, effect, &mut self.kept) {
            Ok(None) => true,
            Ok(Some(msg)) => {
                if let Msg::Saved { event, .. } = &msg {
                    self.known = event.seq;
                }
                self.send(msg)
            }
            Err(DeskError::Store(error)) if error.is_final() => {
                // Where the operator stands is kept again soon enough.
                self.failed(if is_session { None } else { change }, &error)
            }
            Err(error) => self.send(not_done(change.map(|(request, _)| request), &error)),
        }
    }

    /// Runs a job to its end; gives whether to go on.
    fn job(&mut self, task: Job) -> bool {
        let Some(desk) = &self.desk else { return true };
        let result = self.jobs.run(desk, &task, &mut |msg| {
            // A screen that is gone hears nothing; the job comes to its end.
            let _ = self.to.send(Incoming::Answer(Box::new(msg)));
        });
        self.kept = Cache::default();
        self.unsettled = true;
        let (opened, ended) = match result {
            Ok(outcome) => (open(desk), Ok(outcome)),
            Err(fault) => {
                let going_on = self.send(Msg::Done(task, Err(fault.to_string())));
                return match fault.store().filter(|error| error.is_final()) {
                    Some(error) => self.failed(None, error),
                    None => going_on,
                };
            }
        };
        match opened {
            Ok((opened, known)) => {
                self.known = known;
                let changed = matches!(task, Job::Import(_));
                (!changed || self.send(Msg::Renewed(Box::new(opened)))) && self.send(Msg::Done(task, ended))
            }
            Err(error) => self.send(Msg::Done(task, ended)) && self.failed(None, &error),
        }
    }

    /// Nobody asks for anything: settles the store, or tries to open it again.
    fn idle(&mut self) -> bool {
        match &self.desk {
            None => {
                self.recover();
                return true;
            }
            Some(desk) if std::mem::take(&mut self.unsettled) => {
                if let Err(error) = desk.store().settle() {
                    return self.failed(None, &error);
                }
            }
            Some(_) => {}
        }
        // Settled once; nothing more is to be done before the next request.
        match self.requests.recv() {
            Ok(effect) => {
                self.later.push_back(effect);
                true
            }
            Err(_) => false,
        }
    }

    /// The handle is done for.
    fn failed(&mut self, change: Option<(u64, Option<RecordNo>)>, error: &StoreError) -> bool {
        self.desk = None;
        self.kept = Cache::default();
        let words = error.to_string();
        self.fault = Some(StoreFault { change, words, tried: Instant::now(), refused: 0, told: false });
        // What was asked before the operator knew is not done.
        let waiting: Vec<Effect> =
            std::mem::take(&mut self.later).into_iter().chain(self.requests.try_iter()).collect();
        for effect in waiting {
            if let Some(fault) = self.fault.as_mut().filter(|_| change_of(&effect).is_some()) {
                fault.refused += 1;
            }
            if !self.refuse(&effect) {
                return false;
            }
        }
        self.recover();
        true
    }

    /// Answers a request while the store is closed.
    fn refuse(&self, effect: &Effect) -> bool {
        let message = "保存の障害の後、データを開けていないため、行っていません".to_owned();
        match (change_of(effect), effect) {
            (Some((request, _)), _) => self.send(Msg::Failed { request: Some(request), message, fatal: false }),
            (None, Effect::Filter(_)) => self.send(Msg::Failed { request: None, message, fatal: false }),
            // Records are asked for again once the store is open.
            _ => true,
        }
    }

    /// Opens the store anew and reads back what became of the change that was on its way; gives whether it is open.
    fn recover(&mut self) -> bool {
        let Some(fault) = &mut self.fault else { return self.desk.is_some() };
        if fault.told && fault.tried.elapsed() < AGAIN {
            return false;
        }
        fault.tried = Instant::now();
        let found = (self.reopen)().and_then(|desk| {
            let found = written_since(&desk, self.known).map_err(|error| error.to_string())?;
            Ok((desk, found))
        });
        let (desk, (event, id)) = match found {
            Ok(found) => found,
            Err(why) => {
                if !std::mem::replace(&mut fault.told, true) {
                    let message = format!(
                        "{}。データを開き直せません: {why}。最後の操作が保存されたかは開き直すまで分かりません",
                        fault.words
                    );
                    self.send(Msg::Failed { request: None, message, fatal: true });
                }
                return false;
            }
        };
        let Some(fault) = self.fault.take() else { return true };
        let mut words = format!("保存中に障害がありました({})。データを開き直しました", fault.words);
        if let Some((request, _)) = fault.change {
            match event {
                Some(event) => {
                    words = format!("{words}。{id} の{}は保存されています", event.kind.label());
                    self.known = event.seq;
                    self.send(Msg::Saved { request, event: Box::new(event) });
                }
                None => {
                    words = format!("{words}。最後の操作は保存されていません。もう一度操作してください");
                    self.send(Msg::Failed { request: Some(request), message: fault.words, fatal: false });
                }
            }
        }
        if fault.refused > 0 {
            words = format!("{words}。その後の {} 件も行っていません", fault.refused);
        }
        self.desk = Some(desk);
        self.send(Msg::Reopened { words });
        true
    }
}

/// The operator's newest event after a known one, with the 整理番号 of its record.
fn written_since(desk: &Desk, known: u64) -> Result<(Option<Event>, String), StoreError> {
    let snapshot = desk.snapshot()?;
    let newest =
        snapshot.events(known + 1..u64::MAX, None)?.into_iter().rfind(|event| event.operator == desk.operator());
    let Some(no) = newest.as_ref().and_then(|event| event.record) else { return Ok((newest, String::new())) };
    let id = snapshot.records(&[no])?.first().map(|record| record.row.id()).unwrap_or_default();
    Ok((newest, id))
}

/// What the workstation begins with, and the newest audit event.
fn open(desk: &Desk) -> Result<(Opened, u64), StoreError> {
    let snapshot = desk.snapshot()?;
    let meta = snapshot.meta()?;
    let kind = match desk.insurer() {
        Some(InsurerKind::Municipal) => "市国保",
        Some(InsurerKind::LateElderly) => "後期",
        Some(InsurerKind::NationalUnion) => "国保組合",
        Some(InsurerKind::HealthUnion) => "健保組合",
        Some(InsurerKind::KyokaiKenpo) => "協会けんぽ",
        Some(InsurerKind::MutualAid) => "共済",
        None => "",
    };
    let newest = meta.imports.iter().rev().find(|import| import.run != Run::Correction);
    let run = match newest.map(|import| import.run) {
        Some(Run::Full) => "全件",
        Some(Run::Delta) => "差分",
        Some(Run::NewCheck) => "誤入力",
        Some(Run::Correction) | None => "",
    };
    let settings = desk.settings();
    let opened = Opened {
        entries: snapshot.queue()?,
        touched: snapshot.cases()?.into_iter().map(|(no, case)| (no, case.state)).collect(),
        session: snapshot.session(desk.operator())?,
        workspace: WorkspaceInfo {
            operator: desk.operator().to_owned(),
            label: format!("{kind} {run}").trim().to_owned(),
            insurer: desk.insurer(),
            employer_enabled: settings.review.employer,
            letter_days: settings.notice.letter_days,
        },
        today: desk.today(),
        cutoff: Some(settings.calendar.next(japan_time(desk.now()))),
    };
    Ok((opened, meta.audit_seq))
}

/// Carries one request out; gives the answer, if there is one.
fn carry_out(desk: &Desk, exports: &Path, effect: Effect, kept: &mut Cache) -> Result<Option<Msg>, DeskError> {
    Ok(Some(match effect {
        Effect::Load { lines, records } => load(desk, &lines, &records, kept)?,
        Effect::Decide { request, record, decision } => changed(request, desk.decide(record, &decision))?,
        Effect::Protect { request, record, on, reason } => changed(request, desk.protect(record, on, &reason))?,
        Effect::Annotate { request, record, note } => changed(request, desk.annotate(record, &note))?,
        Effect::Undo { request } => changed(request, desk.undo(None))?,
        Effect::Redo { request } => changed(request, desk.redo())?,
        Effect::Filter(expression) => {
            let nos = desk.matching(&expression)?;
            Msg::Filtered { expression, nos }
        }
        Effect::SearchTexts => Msg::Texts(Arc::new(desk.snapshot()?.search_texts()?)),
        Effect::Status => {
            let view = desk.status()?;
            Msg::Status(Box::new(StatusView {
                as_of: view.as_of,
                status: view.status,
                quarantined: view.quarantined,
                cutoff: view.next,
                file: view.file,
                trend: view.trend,
                forecast: view.forecast,
            }))
        }
        Effect::Related(no) => {
            let (rows, within) = desk.related(no)?;
            let rows = rows.into_iter().map(related).collect();
            Msg::Related(no, RelatedRecords { rows, within })
        }
        Effect::KeepSession(bytes) => {
            desk.keep_session(&bytes)?;
            return Ok(None);
        }
        Effect::History { record, below, limit } => {
            let page = desk.history(record, below, limit)?;
            let steps = page.steps.into_iter().map(|step| Step { event: step.event, id: step.id }).collect();
            Msg::History { record, below, steps, next: page.next }
        }
        Effect::Find(id) => Msg::Found { found: desk.seek(&id)?, id },
        Effect::Step(seq) => {
            let (step, refused) = desk.step(seq)?;
            let step = Step { event: step.event, id: step.id };
            Msg::Step(Box::new(step), refused.map(|refused| refused.to_string()))
        }
        Effect::UndoStep { request, seq } => changed(request, desk.undo_step(seq))?,
        Effect::Outputs => Msg::Outputs(Box::new(job::outputs(desk, exports)?)),
        Effect::Contradictions => {
            let found = desk.contradictions()?.into_iter().map(|pair| (pair.right, pair.wrong));
            Msg::Contradictions(found.collect())
        }
        Effect::Held(closed) => Msg::Held(desk.held(closed)?.into_iter().map(held).collect()),
        // JobContext and paths are seen to by the loop; the runtime does the rest itself.
        Effect::Do(_)
        | Effect::Complete { .. }
        | Effect::Stop
        | Effect::Copy(_)
        | Effect::Reload
        | Effect::Redraw
        | Effect::Suspend
        | Effect::Quit => return Ok(None),
    }))
}

/// A related row, as the screen shows it.
fn related(found: RelatedRow) -> RelatedRecord {
    let row = &found.row;
    let shown = |text: &str| if text.is_empty() { "(空欄)".to_owned() } else { visible(text).into_owned() };
    let mut detail: Vec<(String, String)> = Vec::new();
    for field in FieldKind::ALL {
        let (left, right) = (row.left(field), row.right(field));
        detail.push((format!("{} 加入者", field.short()), shown(left)));
        if left != right {
            detail.push(("     J-LIS".to_owned(), shown(right)));
        }
    }
    let dates =
        [(Column::Acquired, "取得"), (Column::Lost, "喪失")].map(|(column, word)| (word, row.cell(column).trim()));
    let dates = dates.into_iter().filter(|(_, text)| !text.is_empty());
    let dates: Vec<String> = dates.map(|(word, text)| format!("{word} {}", visible(text))).collect();
    if !dates.is_empty() {
        detail.push(("資格".to_owned(), dates.join("  ")));
    }
    RelatedRecord {
        no: found.no,
        id: found.id,
        summary: format!("{}  {}  {}  {}  {}", found.why, found.class, found.name, found.birth, found.address),
        detail,
    }
}

/// A row held back, as the screen shows it.
fn held(view: HeldView) -> HeldRow {
    let row = view.row;
    let closed = row.closed.map(|end| {
        let at = japan_time(end.at).strftime("%Y-%m-%d %H:%M");
        format!("{at} {} {}", end.operator, end.reason).trim().to_owned()
    });
    HeldRow {
        number: row.number,
        import: row.import,
        file: row.file,
        line: row.line,
        code: row.code,
        reason: row.reason,
        state: row.state,
        closed: closed.unwrap_or_default(),
        names: view.names,
        cells: view.cells,
        fault: view.fault,
    }
}

/// What was read and stays as it is until a job writes or the store is opened anew.
#[derive(Default)]
struct Cache {
    batches: Option<HashMap<RecordNo, u32>>,
    /// Records read for their lines: most are shown whole a moment later.
    records: HashMap<RecordNo, Record>,
}

/// So many records are kept.
const CACHED_RECORDS: usize = 256;

impl Cache {
    /// Reads those of some records that are not kept, and keeps them.
    fn read(&mut self, snapshot: &dyn Snapshot, nos: &[RecordNo]) -> Result<(), StoreError> {
        if self.records.len() + nos.len() > CACHED_RECORDS {
            self.records.clear();
        }
        let mut unread: Vec<RecordNo> = nos.iter().copied().filter(|no| !self.records.contains_key(no)).collect();
        unread.sort_unstable();
        unread.dedup();
        self.records.extend(snapshot.records(&unread)?.into_iter().map(|record| (record.no, record)));
        Ok(())
    }

    /// The batch in which a record stands.
    fn batch_of(&mut self, snapshot: &dyn Snapshot, no: RecordNo) -> Result<Option<u32>, StoreError> {
        if self.batches.is_none() {
            self.batches = Some(snapshot.in_batch()?);
        }
        Ok(self.batches.as_ref().and_then(|batches| batches.get(&no).copied()))
    }
}

/// Reads what is to be shown. One record that cannot be read keeps no other back: it is named beside those that were read.
///
/// # Errors
/// Only such that end the handle of the store.
fn load(desk: &Desk, lines: &[RecordNo], records: &[RecordNo], kept: &mut Cache) -> Result<Msg, DeskError> {
    match load_all(desk, lines, records, kept) {
        Ok((lines, records)) => return Ok(Msg::Loaded { lines, records, faults: Vec::new() }),
        Err(error) if is_final(&error) => return Err(error),
        Err(_) => {}
    }
    let (mut read_lines, mut read_records, mut faults) = (Vec::new(), Vec::new(), Vec::<(RecordNo, String)>::new());
    let each = records.iter().map(|no| (&[][..], std::slice::from_ref(no)));
    let each = lines.iter().map(|no| (std::slice::from_ref(no), &[][..])).chain(each);
    for (line, view) in each {
        match load_all(desk, line, view, kept) {
            Ok((lines, records)) => {
                read_lines.extend(lines);
                read_records.extend(records);
            }
            Err(error) if is_final(&error) => return Err(error),
            Err(error) => {
                let new = line.iter().chain(view).filter(|no| faults.iter().all(|(known, _)| known != *no));
                let new: Vec<RecordNo> = new.copied().collect();
                faults.extend(new.into_iter().map(|no| (no, error.to_string())));
            }
        }
    }
    Ok(Msg::Loaded { lines: read_lines, records: read_records, faults })
}

/// Whether the handle of the store is done for.
fn is_final(error: &DeskError) -> bool {
    matches!(error, DeskError::Store(error) if error.is_final())
}

fn load_all(
    desk: &Desk,
    lines: &[RecordNo],
    records: &[RecordNo],
    kept: &mut Cache,
) -> Result<(Vec<QueueLine>, Vec<RecordView>), DeskError> {
    let snapshot = desk.snapshot()?;
    let nos: Vec<RecordNo> = lines.iter().chain(records).copied().collect();
    kept.read(&*snapshot, &nos)?;
    let mut out = Vec::with_capacity(lines.len());
    for record in lines.iter().filter_map(|no| kept.records.get(no)) {
        let case = snapshot.case(record.no)?;
        let protected = case.is_protected(&record.facts);
        out.push(QueueLine {
            no: record.no,
            id: record.row.id(),
            name: record.row.left(FieldKind::Kanji).to_owned(),
            operator: case.operator,
            due: case.due,
            protected,
        });
    }
    let mut read = Vec::with_capacity(records.len());
    for &no in records {
        let Some(record) = kept.records.get(&no).cloned() else { continue };
        let case = snapshot.case(no)?;
        let in_batch = kept.batch_of(&*snapshot, no)?;
        let recent = if case.version > 0 { recent(&*snapshot, record.no)? } else { Vec::new() };
        let view = DeskRecord::of(&*snapshot, record, case, in_batch)?;
        read.push(joined(desk, view, recent));
    }
    Ok((out, read))
}

/// The last changes of a record, newest first.
fn recent(snapshot: &dyn Snapshot, no: RecordNo) -> Result<Vec<Event>, DeskError> {
    let mut events = snapshot.events(0..u64::MAX, Some(no))?;
    let older = events.len().saturating_sub(RECENT);
    events.drain(..older);
    events.reverse();
    Ok(events)
}

fn sign(sign: crate::desk::Sign) -> DangerView {
    let record = sign.row.map(|record| Arc::new(*record));
    DangerView { danger: sign.danger, other: sign.other.map(|(_, id)| id), words: sign.evidence.words, record }
}

fn joined(desk: &Desk, view: DeskRecord, recent: Vec<Event>) -> RecordView {
    let around = desk.surroundings(&view.record, view.in_batch);
    let (matched_on, lost_in_file, now) = (around.matched_on, around.lost_in_file, around.now);
    RecordView {
        signs: view.signs.into_iter().map(sign).collect(),
        recent,
        record: view.record,
        case: view.case,
        comparisons: view.comparisons,
        suggestion: view.suggestion,
        in_batch: view.in_batch,
        previous: view.previous,
        matched_on,
        lost_in_file,
        now,
    }
}

fn changed(request: u64, result: Result<Event, DeskError>) -> Result<Msg, DeskError> {
    match result {
        Ok(event) => Ok(Msg::Saved { request, event: Box::new(event) }),
        Err(DeskError::Refused(refusal)) => Ok(Msg::Refused { request, refusal }),
        Err(error) => Err(error),
    }
}

fn not_done(request: Option<u64>, error: &DeskError) -> Msg {
    // Damaged values stay damaged: nothing may be written over them.
    let fatal = matches!(error, DeskError::Store(StoreError::Corrupt(_)));
    Msg::Failed { request, message: error.to_string(), fatal }
}

#[cfg(test)]
mod tests;
