//! One request of the screens: the question or command it is for the service, and the message its answer is.

use std::path::Path;
use std::sync::Arc;

use crate::app::Effect;
use crate::app::msg::Msg;
use crate::desk::{DeskError, Seat, Service};
use crate::domain::event::{EventId, UndoRefusal};
use crate::domain::request::{Caller, RequestId};
use crate::jobs;
use crate::service::{Answer, Ask, Command, Done, Query, UndoTarget};
use crate::store::StoreError;
use crate::view::{AnyView, HeldView, Opened};

/// The request number of an effect that changes something.
pub(super) fn change_of(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::Decide { request, .. }
        | Effect::Annotate { request, .. }
        | Effect::Protect { request, .. }
        | Effect::Undo { request }
        | Effect::Redo { request }
        | Effect::UndoStep { request, .. } => Some(*request),
        _ => None,
    }
}

/// What the workstation begins with.
pub(super) fn open(desk: &Seat) -> Result<Opened, StoreError> {
    match one(desk.desk(), desk.caller(), &Ask::Open) {
        Ok(Answer::Opened(opened)) => Ok(*opened),
        Ok(_) => Err(StoreError::Refused(DeskError::unexpected().to_string())),
        Err(DeskError::Store(error)) => Err(error),
        Err(error) => Err(StoreError::Refused(error.to_string())),
    }
}

/// Carries one request out; gives the answer, if there is one.
///
/// A change is carried out under the number `id`.
/// `known` is the newest event the operator was told of.
pub(super) fn carry_out(
    service: &dyn Service,
    who: &Caller,
    id: RequestId,
    known: u64,
    exports: &Path,
    effect: Effect,
) -> Result<Option<Msg>, DeskError> {
    let ask = |ask: Ask| one(service, who, &ask);
    let run = |request: u64, command: Command| changed(request, service.run(who, id, &command));
    Ok(Some(match effect {
        Effect::Decide { request, seen, decision } => run(request, Command::Decide { seen, decision })?,
        Effect::Protect { request, seen, on, reason } => run(request, Command::Protect { seen, on, reason })?,
        Effect::Annotate { request, seen, note } => run(request, Command::Annotate { seen, note })?,
        Effect::Undo { request } => run(request, Command::Undo(UndoTarget::Newest { known: Some(known) }))?,
        Effect::UndoStep { request, seq, reason } => {
            let step = EventId::first(seq);
            let target =
                if reason.is_empty() { UndoTarget::Step(step) } else { UndoTarget::StepBecause { step, reason } };
            run(request, Command::Undo(target))?
        }
        Effect::Redo { request } => run(request, Command::Redo { known: Some(known) })?,
        Effect::KeepSession(bytes) => {
            service.run(who, id, &Command::KeepSession(bytes))?;
            return Ok(None);
        }
        Effect::Queue(page) => match ask(Ask::Queue(page))? {
            Answer::Queue(page) => Msg::Queue(page),
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Load { lines, records } => match ask(Ask::Load { lines, records })? {
            Answer::Loaded { lines, records, faults } => Msg::Loaded { lines, records, faults },
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Filter(expression) => match ask(Ask::Filter(expression.clone()))? {
            Answer::Records(nos) => Msg::Filtered { expression, nos },
            _ => return Err(DeskError::unexpected()),
        },
        Effect::SearchTexts => match ask(Ask::SearchTexts)? {
            Answer::Texts(texts) => Msg::Texts(Arc::new(texts)),
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Status => match ask(Ask::View(Query::Status))? {
            Answer::View(AnyView::Status(view)) => Msg::Status(view),
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Related(no) => match ask(Ask::Related(no))? {
            Answer::Related(related) => Msg::Related(no, related),
            _ => return Err(DeskError::unexpected()),
        },
        Effect::History { record, below, limit } => match ask(Ask::Trail { record, below, limit })? {
            Answer::Trail(page) => Msg::History { record, below, steps: page.steps, next: page.next },
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Find(id) => match ask(Ask::Find(id.clone()))? {
            Answer::Found(found) => Msg::Found { id, found },
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Step(seq) => match ask(Ask::Step(EventId::first(seq)))? {
            Answer::Step { step, refused } => Msg::Step(step, refused),
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Outputs => match ask(Ask::Outputs)? {
            Answer::Outputs(outputs) => Msg::Outputs(Box::new(jobs::in_folder(*outputs, exports))),
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Contradictions => match ask(Ask::Contradictions)? {
            Answer::Contradictions(found) => Msg::Contradictions(found),
            _ => return Err(DeskError::unexpected()),
        },
        Effect::Held(closed) => Msg::Held(held(service, who, closed)?),
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

/// The one answer to a question.
fn one(service: &dyn Service, who: &Caller, ask: &Ask) -> Result<Answer, DeskError> {
    let mut found = None;
    service.ask(who, ask, &mut |answer| {
        found = Some(answer);
        false
    })?;
    found.ok_or_else(DeskError::unexpected)
}

/// The rows held back, one answer each.
fn held(service: &dyn Service, who: &Caller, closed: bool) -> Result<Vec<HeldView>, DeskError> {
    let (mut rows, mut unexpected) = (Vec::new(), false);
    service.ask(who, &Ask::View(Query::Quarantine { closed }), &mut |answer| {
        match answer {
            Answer::View(AnyView::Held(row)) => rows.push(*row),
            _ => unexpected = true,
        }
        !unexpected
    })?;
    if unexpected { Err(DeskError::unexpected()) } else { Ok(rows) }
}

fn changed(request: u64, result: Result<Done, DeskError>) -> Result<Msg, DeskError> {
    match result.map(Done::events) {
        Ok(mut events) => match events.pop() {
            Some(event) => Ok(Msg::Saved { request, event: Box::new(event) }),
            None => Err(DeskError::unexpected()),
        },
        Err(DeskError::Refused(refusal)) => Ok(Msg::Refused { request, refusal }),
        Err(DeskError::LastStep { id, refusal: UndoRefusal::NeedsReason(step) }) => {
            Ok(Msg::NeedsReason { request, id, seq: step.n })
        }
        Err(error @ DeskError::Stale { .. }) => {
            let message = error.to_string();
            let DeskError::Stale { record, case, .. } = error else { return Err(error) };
            Ok(Msg::Stale { request, record, case, message })
        }
        Err(error) => Err(error),
    }
}

pub(super) fn not_done(request: Option<u64>, error: &DeskError) -> Msg {
    // Damaged values stay damaged: nothing may be written over them.
    let fatal = matches!(error, DeskError::Store(StoreError::Corrupt(_)));
    Msg::Failed { request, message: error.to_string(), fatal }
}
