//! The service: every question and every change goes through it, whoever asks and from wherever.

use std::ops::Deref;

use super::view::Loaded;
use super::{Desk, DeskError};
use crate::domain::batch::Withdrawal;
use crate::domain::event::{Event, EventKind, Subject};
use crate::domain::record::RecordNo;
use crate::domain::request::{Caller, RequestId, Role};
use crate::service::{Answer, Ask, Command, Done, UndoTarget};

/// Answers questions and carries commands out: a desk in this process, or whoever holds the store at the other end of the
/// socket. The caller is an argument: one service has many.
pub trait Service: Send + Sync {
    /// Answers a question answer by answer; `out` says whether to go on.
    fn ask(&self, who: &Caller, ask: &Ask, out: &mut dyn FnMut(Answer) -> bool) -> Result<(), DeskError>;

    /// Carries a command out; durable when it returns. A request that was carried out before is not carried out again: it
    /// gets the answer of the first time.
    fn run(&self, who: &Caller, id: RequestId, command: &Command) -> Result<Done, DeskError>;
}

/// A new request number: 128 random bits of the system.
pub fn request_id() -> Result<RequestId, DeskError> {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(RequestId(u128::from_le_bytes(bytes))),
        Err(error) => Err(DeskError::Unavailable(format!("乱数を得られません: {error}"))),
    }
}

/// A command on its way: who asks, and under which number.
pub(super) struct Request<'r> {
    pub(super) who: &'r Caller,
    pub(super) id: RequestId,
}

impl Deref for Request<'_> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        self.who
    }
}

impl Service for Desk {
    fn ask(&self, who: &Caller, ask: &Ask, out: &mut dyn FnMut(Answer) -> bool) -> Result<(), DeskError> {
        let answer = match ask {
            Ask::View(query) => return self.answer(who, query, &mut |view| out(Answer::View(view))),
            Ask::Open => Answer::Opened(Box::new(self.open(who)?)),
            Ask::Queue(page) => Answer::Queue(self.queue_page(*page)?),
            Ask::Load { lines, records } => {
                let Loaded { lines, records, faults } = self.load(who, lines, records)?;
                Answer::Loaded { lines, records, faults }
            }
            Ask::Filter(expression) => Answer::Records(self.matching(expression)?),
            Ask::SearchTexts => Answer::Texts(self.snapshot()?.search_texts()?),
            Ask::Related(no) => Answer::Related(self.related(*no)?),
            Ask::Trail { record, below, limit } => Answer::Trail(self.history(who, *record, *below, *limit)?),
            Ask::Find(id) => Answer::Found(self.seek(id)?),
            Ask::Step(id) => {
                let (step, refused) = self.step(who, *id)?;
                Answer::Step { step: Box::new(step), refused: refused.map(|refused| refused.to_string()) }
            }
            Ask::Outputs => Answer::Outputs(Box::new(self.outputs()?)),
            Ask::Contradictions => Answer::Contradictions(self.contradictions()?),
        };
        out(answer);
        Ok(())
    }

    fn run(&self, who: &Caller, id: RequestId, command: &Command) -> Result<Done, DeskError> {
        if let Command::KeepSession(bytes) = command {
            self.keep_session(who, bytes)?;
            return Ok(Done::Kept);
        }
        if who.role == Role::Viewer {
            return Err(DeskError::ViewerOnly);
        }
        if let Some(done) = self.done_before(who, id, command)? {
            return Ok(done);
        }
        match self.carry_out(&Request { who, id }, command) {
            // Sent again while the first one was under way: it is what the second one failed on.
            Err(error) => Err(match self.done_before(who, id, command) {
                Ok(Some(done)) => return Ok(done),
                _ => error,
            }),
            // Had the first one been carried out in between, its list or report is the one that was kept.
            Ok(done @ (Done::Batch(_) | Done::Frozen(_) | Done::Withdrawn { .. })) => {
                Ok(self.done_before(who, id, command).ok().flatten().unwrap_or(done))
            }
            done => done,
        }
    }
}

impl Desk {
    fn carry_out(&self, who: &Request<'_>, command: &Command) -> Result<Done, DeskError> {
        let one = |event| Done::Changed(vec![event]);
        match command {
            Command::Decide { seen, decision } => self.decide(who, *seen, decision).map(one),
            Command::DecideMany(decisions) => self.decide_all(who, decisions).map(Done::Changed),
            Command::Annotate { seen, note } => self.annotate(who, *seen, note).map(one),
            Command::Protect { seen, on, reason } => self.protect(who, *seen, *on, reason).map(one),
            Command::Reopen { seen, reason } => self.reopen(who, *seen, reason).map(one),
            Command::Undo(UndoTarget::Newest { known }) => self.undo_newest(who, *known).map(one),
            Command::Undo(UndoTarget::Of(record)) => self.undo_of(who, *record).map(one),
            Command::Undo(UndoTarget::Step(id)) => self.undo_step(who, *id, "").map(one),
            Command::Undo(UndoTarget::StepBecause { step, reason }) => self.undo_step(who, *step, reason).map(one),
            Command::Redo { known } => self.redo(who, *known).map(one),
            Command::MakeBatch(expect) => self.make_batch(who, *expect).map(|batch| Done::Batch(Box::new(batch))),
            Command::Withdraw { batch, id, reason } => {
                let (withdrawal, case) = self.withdraw(who, *batch, id, reason)?;
                Ok(Done::Withdrawn { withdrawal, case: Box::new(case) })
            }
            Command::Freeze(expect) => self.freeze(who, expect).map(|report| Done::Frozen(Box::new(report))),
            Command::Dismiss { numbers, dismiss, reason } => {
                self.close_held(who, numbers, *dismiss, reason).map(Done::Changed)
            }
            Command::KeepSession(bytes) => {
                self.keep_session(who, bytes)?;
                Ok(Done::Kept)
            }
        }
    }

    /// The answer of a command that was carried out before; `None` for a new one, and for what another operator asked for.
    fn done_before(&self, who: &Caller, id: RequestId, command: &Command) -> Result<Option<Done>, DeskError> {
        match self.snapshot()?.request(id)? {
            Some(events) if events.iter().all(|event| event.operator() == who.operator) => {
                if !events.iter().all(|event| is_of(command, event)) {
                    return Err(DeskError::Usage("要求の番号が別の操作と重なっています".to_owned()));
                }
                self.told_by(events).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The answer of a command, told by the events it made.
    fn told_by(&self, events: Vec<Event>) -> Result<Done, DeskError> {
        let snapshot = self.snapshot()?;
        let Some(event) = events.first() else { return Ok(Done::Changed(events)) };
        match (event.kind, event.subject) {
            (EventKind::Batch, Subject::Batch(number)) => Ok(Done::Batch(Box::new(self.batch(number)?.batch))),
            (EventKind::Freeze, Subject::Report(number)) => {
                let report = self.frozen_report(number)?.ok_or_else(DeskError::unexpected)?;
                Ok(Done::Frozen(Box::new(report)))
            }
            (EventKind::Withdraw, Subject::Record(record)) => {
                let is_it = |one: &Withdrawal| one.record == record && Some(one.batch) == event.withdrawn_from();
                let withdrawal = snapshot.withdrawals()?.into_iter().find(|one| is_it(one) && one.at == event.at);
                let case = event.after.clone().map(Box::new);
                let (withdrawal, case) = withdrawal.zip(case).ok_or_else(DeskError::unexpected)?;
                Ok(Done::Withdrawn { withdrawal, case })
            }
            _ => Ok(Done::Changed(events)),
        }
    }
}

/// Whether an event can be what a command made.
fn is_of(command: &Command, event: &Event) -> bool {
    let is_about = |record: RecordNo| event.subject == Subject::Record(record);
    match command {
        Command::Decide { seen, .. } => event.kind == EventKind::Decide && is_about(seen.record),
        Command::DecideMany(decisions) => {
            event.kind == EventKind::Decide && decisions.iter().any(|(seen, _)| is_about(seen.record))
        }
        Command::Annotate { seen, .. } => event.kind == EventKind::Note && is_about(seen.record),
        Command::Protect { seen, .. } => event.kind == EventKind::Protect && is_about(seen.record),
        Command::Reopen { seen, .. } => event.kind == EventKind::Reopen && is_about(seen.record),
        Command::Undo(UndoTarget::Of(record)) => event.kind == EventKind::Undo && is_about(*record),
        Command::Undo(UndoTarget::Newest { .. } | UndoTarget::Step(_) | UndoTarget::StepBecause { .. }) => {
            event.kind == EventKind::Undo
        }
        Command::Redo { .. } => event.kind == EventKind::Redo,
        Command::MakeBatch(_) => event.kind == EventKind::Batch,
        Command::Withdraw { batch, .. } => event.withdrawn_from() == Some(*batch),
        Command::Freeze(_) => event.kind == EventKind::Freeze,
        Command::Dismiss { dismiss: true, .. } => event.kind == EventKind::HeldDismissed,
        Command::Dismiss { dismiss: false, .. } => event.kind == EventKind::HeldRestored,
        Command::KeepSession(_) => false,
    }
}
