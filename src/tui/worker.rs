//! The thread that owns the desk: carries requests out one after the other, in the order they were made.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::errand::{self, Errands};
use super::runtime::Incoming;
use crate::app::Effect;
use crate::app::held::HeldRow;
use crate::app::history::Step;
use crate::app::model::{Board, Line, Office, Related, Sheet, Sign};
use crate::app::msg::{Msg, Opened};
use crate::app::task::Task;
use crate::compare::FieldKind;
use crate::desk::{Desk, DeskError, HeldView, RecordView};
use crate::domain::calendar::japan_time;
use crate::domain::event::Event;
use crate::domain::insurer::InsurerKind;
use crate::domain::record::RecordNo;
use crate::store::{Run, Snapshot, StoreError};

/// So many changes stand in the summary of a record.
const RECENT: usize = 3;

/// After so long without a request the store is settled: reopening after a crash is then immediate.
const IDLE: Duration = Duration::from_secs(2);

/// Runs until the requests end.
pub(super) fn run(desk: &Desk, errands: &Errands, requests: &Receiver<Effect>, to: &Sender<Incoming>) {
    let send = |msg: Msg| to.send(Incoming::Answer(Box::new(msg))).is_ok();
    match open(desk) {
        Ok(opened) => {
            if !send(Msg::Opened(Box::new(opened))) {
                return;
            }
        }
        Err(error) => {
            let _ = to.send(Incoming::CannotOpen(error));
            return;
        }
    }
    let mut batches: Option<HashMap<RecordNo, u32>> = None;
    let mut unsettled = false;
    loop {
        let effect = match requests.recv_timeout(IDLE) {
            Ok(effect) => effect,
            Err(RecvTimeoutError::Timeout) => {
                if std::mem::take(&mut unsettled) {
                    // A store that cannot settle now settles with its next commit.
                    let _ = desk.store().settle();
                }
                match requests.recv() {
                    Ok(effect) => effect,
                    Err(_) => return,
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        unsettled |= matches!(
            effect,
            Effect::Decide { .. }
                | Effect::Annotate { .. }
                | Effect::Undo { .. }
                | Effect::Redo { .. }
                | Effect::UndoStep { .. }
        );
        if let Effect::Do(task) = effect {
            let result = errands.run(desk, &task, &mut |msg| {
                // A screen that is gone hears nothing; the errand comes to its end.
                let _ = send(msg);
            });
            batches = None;
            unsettled = true;
            let changed = matches!(task, Task::Import(_)) && result.is_ok();
            if changed {
                match open(desk) {
                    Ok(opened) => {
                        if !send(Msg::Reopened(Box::new(opened))) {
                            return;
                        }
                    }
                    Err(error) => {
                        if !send(failed(None, &error.into())) {
                            return;
                        }
                    }
                }
            }
            if !send(Msg::Done(task, result)) {
                return;
            }
            continue;
        }
        if let Some(msg) = carry_out(desk, &errands.exports, effect, &mut batches)
            && !send(msg)
        {
            return;
        }
    }
}

fn open(desk: &Desk) -> Result<Opened, StoreError> {
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
    Ok(Opened {
        entries: snapshot.queue()?,
        touched: snapshot.cases()?.into_iter().map(|(no, case)| (no, case.state)).collect(),
        session: snapshot.session(desk.operator())?,
        office: Office {
            operator: desk.operator().to_owned(),
            label: format!("{kind} {run}").trim().to_owned(),
            insurer: desk.insurer(),
            employer_enabled: settings.review.employer,
            letter_days: settings.notice.letter_days,
        },
        today: desk.today(),
        cutoff: Some(settings.calendar.next(japan_time(desk.now()))),
    })
}

/// Carries one request out; gives the answer, if there is one.
fn carry_out(desk: &Desk, exports: &Path, effect: Effect, batches: &mut Option<HashMap<RecordNo, u32>>) -> Option<Msg> {
    match effect {
        Effect::Load { lines, sheets } => {
            Some(load(desk, &lines, &sheets, batches).unwrap_or_else(|error| failed(None, &error)))
        }
        Effect::Decide { request, record, decision } => Some(changed(request, desk.decide(record, &decision))),
        Effect::Annotate { request, record, note } => Some(changed(request, desk.annotate(record, &note))),
        Effect::Undo { request } => Some(changed(request, desk.undo(None))),
        Effect::Redo { request } => Some(changed(request, desk.redo())),
        Effect::Filter(expression) => Some(match desk.matching(&expression) {
            Ok(nos) => Msg::Filtered { expression, nos },
            Err(error) => failed(None, &error),
        }),
        Effect::SearchTexts => Some(match desk.snapshot().and_then(|snapshot| snapshot.search_texts()) {
            Ok(texts) => Msg::Texts(Arc::new(texts)),
            Err(error) => failed(None, &error.into()),
        }),
        Effect::Status => Some(match desk.status() {
            Ok(view) => Msg::Status(Box::new(Board {
                as_of: view.as_of,
                status: view.status,
                quarantined: view.quarantined,
                cutoff: view.next,
                file: view.file,
                trend: view.trend,
                forecast: view.forecast,
            })),
            Err(error) => failed(None, &error),
        }),
        Effect::Related(no) => Some(match desk.related(no) {
            Ok(rows) => Msg::Related(
                no,
                rows.into_iter()
                    .map(|row| Related {
                        no: row.no,
                        id: row.id,
                        summary: format!("{}  {}  {}  {}  {}", row.why, row.class, row.name, row.birth, row.address),
                    })
                    .collect(),
            ),
            Err(error) => failed(None, &error),
        }),
        Effect::KeepSession(bytes) => desk.keep_session(&bytes).err().map(|error| failed(None, &error.into())),
        Effect::History { record, below, limit } => Some(match desk.history(record, below, limit) {
            Ok(page) => {
                let steps = page.steps.into_iter().map(|step| Step { event: step.event, id: step.id }).collect();
                Msg::History { record, below, steps, next: page.next }
            }
            Err(error) => failed(None, &error),
        }),
        Effect::Step(seq) => Some(match desk.step(seq) {
            Ok((step, refused)) => {
                let step = Step { event: step.event, id: step.id };
                Msg::Step(Box::new(step), refused.map(|refused| refused.to_string()))
            }
            Err(error) => failed(None, &error),
        }),
        Effect::UndoStep { request, seq } => Some(changed(request, desk.undo_step(seq))),
        Effect::Outputs => Some(match errand::outputs(desk, exports) {
            Ok(outputs) => Msg::Outputs(Box::new(outputs)),
            Err(error) => failed(None, &error),
        }),
        Effect::Contradictions => Some(match desk.contradictions() {
            Ok(found) => Msg::Contradictions(found.into_iter().map(|pair| (pair.right, pair.wrong)).collect()),
            Err(error) => failed(None, &error),
        }),
        Effect::Held(closed) => Some(match desk.held(closed) {
            Ok(rows) => Msg::Held(rows.into_iter().map(held).collect()),
            Err(error) => failed(None, &error),
        }),
        // Errands are run in the loop; the runtime does the rest itself.
        Effect::Do(_) | Effect::Stop | Effect::Copy(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => None,
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

fn load(
    desk: &Desk,
    lines: &[RecordNo],
    sheets: &[RecordNo],
    batches: &mut Option<HashMap<RecordNo, u32>>,
) -> Result<Msg, DeskError> {
    let snapshot = desk.snapshot()?;
    let mut out = Vec::with_capacity(lines.len());
    for record in snapshot.records(lines)? {
        let case = snapshot.case(record.no)?;
        out.push(Line {
            no: record.no,
            id: record.row.id(),
            name: record.row.left(FieldKind::Kanji).to_owned(),
            operator: case.operator,
            due: case.due,
        });
    }
    if batches.is_none() {
        *batches = Some(snapshot.in_batch()?);
    }
    let mut read = Vec::with_capacity(sheets.len());
    for record in snapshot.records(sheets)? {
        let case = snapshot.case(record.no)?;
        let in_batch = batches.as_ref().and_then(|batches| batches.get(&record.no).copied());
        let recent = if case.version > 0 { recent(&*snapshot, record.no)? } else { Vec::new() };
        let view = RecordView::of(&*snapshot, record, case, in_batch)?;
        read.push(sheet(desk, view, recent));
    }
    Ok(Msg::Loaded { lines: out, sheets: read })
}

/// The last changes of a record, newest first.
fn recent(snapshot: &dyn Snapshot, no: RecordNo) -> Result<Vec<Event>, DeskError> {
    let mut events = snapshot.events(0..u64::MAX, Some(no))?;
    let older = events.len().saturating_sub(RECENT);
    events.drain(..older);
    events.reverse();
    Ok(events)
}

fn sign(sign: crate::desk::Sign) -> Sign {
    let record = sign.row.map(|record| Arc::new(*record));
    Sign { danger: sign.danger, other: sign.other.map(|(_, id)| id), words: sign.evidence.words, record }
}

fn sheet(desk: &Desk, view: RecordView, recent: Vec<Event>) -> Sheet {
    let around = desk.surroundings(&view.record, view.in_batch);
    let (matched_on, lost_in_file, now) = (around.matched_on, around.lost_in_file, around.now);
    Sheet {
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

fn changed(request: u64, result: Result<Event, DeskError>) -> Msg {
    match result {
        Ok(event) => Msg::Saved { request, event: Box::new(event) },
        Err(DeskError::Refused(refusal)) => Msg::Refused { request, refusal },
        Err(error) => failed(Some(request), &error),
    }
}

/// A fault of disk or engine is final for the handle: nothing is tried again blindly (DESIGN §7).
fn failed(request: Option<u64>, error: &DeskError) -> Msg {
    let fatal = matches!(error, DeskError::Store(StoreError::Engine(_) | StoreError::Corrupt(_)));
    Msg::Failed { request, message: error.to_string(), fatal }
}
