//! How an event is taken back and done again.
//!
//! An undo is an event of its own whose `after` is the undone event's `before`; the stack of what can be undone or redone
//! is folded from the events of one operator, so it survives every restart.

use super::{CaseChange, Event, EventId, EventKind, Subject};
use crate::domain::case::Case;
use serde::{Deserialize, Serialize};

/// Why an event cannot be undone or redone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndoRefusal {
    /// Nothing is left to undo or redo.
    #[error("これ以上戻せる操作はありません")]
    Nothing,
    /// The record was changed afterwards.
    #[error("この操作の後に記録が変更されています。先に新しい操作を取り消してください")]
    ChangedSince,
    /// The decision was withdrawn from a batch afterwards.
    #[error("取下げで確認中に戻った記録です。前の決定には戻せません。決定し直してください")]
    Withdrawn,
    /// The record stands in a sent batch.
    #[error("解除 第{0}回に報告済の記録です。先に取下げてください")]
    InBatch(u32),
    /// No event has this number.
    #[error("{0} 番の操作はありません。履歴(F6)で番号を確かめてください")]
    NoEvent(EventId),
    /// Events of this kind are not taken back.
    #[error("{} は取り消せません。{}", .0.label(), instead(*.0))]
    Kind(EventKind),
    /// It is undone already.
    #[error("この操作はすでに取り消されています")]
    AlreadyUndone,
    /// It would take 支援措置 away, for which a reason is needed; the event is named so that it can be given.
    #[error(
        "支援措置の印を外すには理由が必要です。確認画面の取消で理由を入力するか、meken undo --reason 理由 で取り消してください"
    )]
    NeedsReason(EventId),
    /// Bringing it back would take 支援措置 away, for which a reason is needed.
    #[error("支援措置の印を外すには理由が必要なため、やり直しでは外せません。理由を付けて外してください")]
    RedoNeedsReason,
    /// Another operator did it.
    #[error("{0} さんの操作です。変えるには、確認画面で理由を付けて決定し直してください")]
    Other(String),
}

/// What to do instead of taking an event of a kind back.
fn instead(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Undo => "取消を戻すには、やり直し(Ctrl-R)を使ってください",
        EventKind::Redo => "やり直した元の操作を選んでください",
        EventKind::Import => "正しいファイルを取り込み直してください",
        EventKind::Update => "内容を確かめて、確認画面で決定し直してください",
        EventKind::Batch => "載せた記録を取下げてください",
        EventKind::Withdraw => "確認し直して決定すると、次の解除リストに載ります。決定し直してください",
        EventKind::Freeze => "新しい報告を確定してください",
        EventKind::HeldCorrected | EventKind::HeldReplaced => "正しいファイルを取り込み直してください",
        EventKind::HeldDismissed | EventKind::HeldRestored => "隔離画面(F7)で扱いを変えてください",
        EventKind::Decide | EventKind::Reopen | EventKind::Note | EventKind::Protect => "",
    }
}

/// Whether an operator may take an event back by its number; `is_done` says that it is not undone already
/// ([`UndoStack::can_undo`]).
pub fn may_undo(event: &Event, operator: &str, is_done: bool) -> Result<(), UndoRefusal> {
    if !event.kind.can_undo() {
        return Err(UndoRefusal::Kind(event.kind));
    }
    if event.operator() != operator {
        return Err(UndoRefusal::Other(event.operator().to_owned()));
    }
    if is_done { Ok(()) } else { Err(UndoRefusal::AlreadyUndone) }
}

/// The events of one operator that can be undone and redone, newest last: the model of what the store keeps as an index
/// (`store::steps`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoStack {
    done: Vec<EventId>,
    undone: Vec<EventId>,
}

impl UndoStack {
    /// The stack of an operator after events of the trail.
    pub fn of<'e>(events: impl IntoIterator<Item = &'e Event>, operator: &str) -> Self {
        let mut stack = Self::default();
        events.into_iter().for_each(|event| stack.push(event, operator));
        stack
    }

    /// Folds one more event of the trail into the stack; events of other operators are passed over.
    pub fn push(&mut self, event: &Event, operator: &str) {
        if event.operator() != operator {
            return;
        }
        match (event.kind, event.refers) {
            (EventKind::Undo, Some(id)) => {
                self.done.retain(|&done| done != id);
                self.undone.push(id);
            }
            (EventKind::Redo, Some(id)) => {
                self.undone.retain(|&undone| undone != id);
                self.done.push(id);
            }
            (kind, _) if kind.can_undo() => {
                self.done.push(event.id);
                self.undone.clear();
            }
            _ => {}
        }
    }

    /// The event that undo would take back.
    pub fn next_undo(&self) -> Option<EventId> {
        self.done.last().copied()
    }

    /// The event that redo would bring back.
    pub fn next_redo(&self) -> Option<EventId> {
        self.undone.last().copied()
    }

    /// Whether an event is done and not undone.
    pub fn can_undo(&self, id: EventId) -> bool {
        self.done.contains(&id)
    }
}

/// Whether two cases say the same, apart from their version and the batch that took the record meanwhile.
pub(super) fn same_content(a: &Case, b: &Case) -> bool {
    let content = |case: &Case| Case { version: 0, in_batch: None, ..case.clone() };
    content(a) == content(b)
}

/// Whether two cases hold the same decision, whatever their notes: what a sent list says must stay as it is.
fn same_decision(a: &Case, b: &Case) -> bool {
    let decision = |case: &Case| Case {
        version: 0,
        in_batch: None,
        note: String::new(),
        protected: None,
        reason: String::new(),
        ..case.clone()
    };
    decision(a) == decision(b)
}

/// Builds the change that takes an event back, given the record's current case.
pub fn undo(event: &Event, current: &Case) -> Result<CaseChange, UndoRefusal> {
    invert(event, current, EventKind::Undo)
}

/// Builds the change that brings an undone event back, given the record's current case.
pub fn redo(event: &Event, current: &Case) -> Result<CaseChange, UndoRefusal> {
    invert(event, current, EventKind::Redo)
}

fn invert(event: &Event, current: &Case, kind: EventKind) -> Result<CaseChange, UndoRefusal> {
    let (Subject::Record(record), Some(before), Some(after)) = (event.subject, &event.before, &event.after) else {
        return Err(UndoRefusal::Nothing);
    };
    let (from, to) = if kind == EventKind::Undo { (after, before) } else { (before, after) };
    if !same_content(current, from) {
        return Err(UndoRefusal::ChangedSince);
    }
    if let Some(batch) = current.in_batch.filter(|_| !same_decision(from, to)) {
        return Err(UndoRefusal::InBatch(batch));
    }
    Ok(CaseChange {
        record,
        kind,
        before: current.clone(),
        after: Case { version: current.version + 1, in_batch: current.in_batch, ..to.clone() },
        reason: String::new(),
        refers: Some(event.id),
    })
}
