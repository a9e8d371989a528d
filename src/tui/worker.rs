//! The thread that owns the desk: carries requests out one after the other, in the order they were made.
//!
//! A fault of disk or engine ends the handle of the store (DESIGN §7). Then the store is opened anew and read: the change
//! that was on its way is there or it is not, and the operator is told which. Nothing is done a second time: changes asked
//! for before the operator could know are refused.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::Reopen;
use super::runtime::{Incoming, tested_panic};
use crate::app::Effect;
use crate::app::job::Job;
use crate::app::msg::{Msg, Opened};
use crate::desk::{Desk, DeskError, Loaded};
use crate::domain::calendar::japan_time;
use crate::domain::event::Event;
use crate::domain::insurer::InsurerKind;
use crate::domain::record::RecordNo;
use crate::domain::run::Run;
use crate::jobs::{self, JobContext, JobProgress};
use crate::store::StoreError;
use crate::view::{TrailPage, WorkspaceInfo};

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
            self.looking.start(self.to, head, part, jobs::paths);
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
        match carry_out(desk, &self.jobs.exports, effect) {
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
        let result = self.jobs.run(desk, &task, &mut |progress| {
            let msg = match progress {
                JobProgress::Step { done, total, rows } => Msg::Progress { done, total, rows },
                JobProgress::Unmapped(mapping) => Msg::Unmapped(mapping),
            };
            // A screen that is gone hears nothing; the job comes to its end.
            let _ = self.to.send(Incoming::Answer(Box::new(msg)));
        });
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
            rules: desk.rules(),
        },
        today: desk.today(),
        cutoff: Some(settings.calendar.next(japan_time(desk.now()))),
    };
    Ok((opened, meta.audit_seq))
}

/// Carries one request out; gives the answer, if there is one.
fn carry_out(desk: &Desk, exports: &Path, effect: Effect) -> Result<Option<Msg>, DeskError> {
    Ok(Some(match effect {
        Effect::Load { lines, records } => {
            let Loaded { lines, records, faults } = desk.load(&lines, &records)?;
            Msg::Loaded { lines, records, faults }
        }
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
        Effect::Status => Msg::Status(Box::new(desk.status()?)),
        Effect::Related(no) => Msg::Related(no, desk.related(no)?),
        Effect::KeepSession(bytes) => {
            desk.keep_session(&bytes)?;
            return Ok(None);
        }
        Effect::History { record, below, limit } => {
            let TrailPage { steps, next } = desk.history(record, below, limit)?;
            Msg::History { record, below, steps, next }
        }
        Effect::Find(id) => Msg::Found { found: desk.seek(&id)?, id },
        Effect::Step(seq) => {
            let (step, refused) = desk.step(seq)?;
            Msg::Step(Box::new(step), refused.map(|refused| refused.to_string()))
        }
        Effect::UndoStep { request, seq } => changed(request, desk.undo_step(seq))?,
        Effect::Outputs => Msg::Outputs(Box::new(jobs::outputs(desk, exports)?)),
        Effect::Contradictions => Msg::Contradictions(desk.contradictions()?),
        Effect::Held(closed) => Msg::Held(desk.held(closed)?),
        // Jobs and paths are seen to by the loop; the runtime does the rest itself.
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
