//! What happened: events of the audit trail, changes asked of a store, and how an event is undone.
//!
//! Nothing is ever rewritten. An undo is an event of its own whose `after` is the undone event's `before`; the stack of
//! what can be undone or redone is folded from the events of one operator, so it survives every restart.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::batch::{Batch, Withdrawal};
use super::case::Case;
use super::record::RecordNo;
use super::tally::FrozenReport;

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// 取込
    Import,
    /// 区分の決定 (保留 and 事業主照会 included)
    Decide,
    /// 再開
    Reopen,
    /// メモ
    Note,
    /// 支援措置の設定
    Protect,
    /// 取消
    Undo,
    /// やり直し
    Redo,
    /// A newer file changed the row and took the case back to 確認中.
    Update,
    /// 解除リストの作成
    Batch,
    /// 解除の取下げ
    Withdraw,
    /// 件数報告の確定
    Freeze,
    /// A later import brought a held-back row corrected.
    HeldCorrected,
    /// A later import held a row back again with other content.
    HeldReplaced,
    /// 隔離した行の除外
    HeldDismissed,
    /// 隔離した行の除外の取消
    HeldRestored,
}

impl EventKind {
    /// The Japanese wording.
    pub fn label(self) -> &'static str {
        match self {
            Self::Import => "取込",
            Self::Decide => "決定",
            Self::Reopen => "再開",
            Self::Note => "メモ",
            Self::Protect => "支援措置",
            Self::Undo => "取消",
            Self::Redo => "やり直し",
            Self::Update => "データ更新",
            Self::Batch => "解除リスト",
            Self::Withdraw => "取下げ",
            Self::Freeze => "報告確定",
            Self::HeldCorrected => "隔離訂正",
            Self::HeldReplaced => "隔離差替",
            Self::HeldDismissed => "隔離除外",
            Self::HeldRestored => "隔離復帰",
        }
    }

    /// Whether an operator can take it back with undo.
    pub fn can_undo(self) -> bool {
        matches!(self, Self::Decide | Self::Reopen | Self::Note | Self::Protect)
    }
}

/// Who asks for a change and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The operator's name.
    pub operator: String,
    /// The time of the change.
    pub at: Timestamp,
}

/// One entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub operator: String,
    /// What kind it is.
    pub kind: EventKind,
    /// The record it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordNo>,
    /// The case before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Case>,
    /// The case after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Case>,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The event that this one undoes or redoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers: Option<u64>,
    /// File, batch or report that it is about, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The number of the held-back row that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u32>,
}

/// A change of one case, asked of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseChange {
    /// The record.
    pub record: RecordNo,
    /// The kind of event to record.
    pub kind: EventKind,
    /// The case that the change was computed from; the store refuses when it is no longer current.
    pub before: Case,
    /// The case to keep.
    pub after: Case,
    /// Why.
    pub reason: String,
    /// The event that this one undoes or redoes.
    pub refers: Option<u64>,
}

/// A change asked of a store; it and its audit entry become durable together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A case changes.
    Case(Box<CaseChange>),
    /// A 解除 batch is made.
    Batch(Box<Batch>),
    /// A record is withdrawn from a batch and goes back to 確認中, in one event.
    Withdraw {
        /// What is withdrawn and why.
        withdrawal: Withdrawal,
        /// The case that the change was computed from; the store refuses when it is no longer current.
        before: Box<Case>,
        /// The case to keep; it holds no category.
        after: Box<Case>,
    },
    /// A report is frozen.
    Freeze(Box<FrozenReport>),
    /// A held-back row is dismissed, or the dismissal is taken back.
    Held {
        /// Its number.
        number: u32,
        /// Dismissed, or open again.
        dismiss: bool,
        /// Why.
        reason: String,
    },
}

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
    NoEvent(u64),
    /// Events of this kind are not taken back.
    #[error("{} は取り消せません。{}", .0.label(), instead(*.0))]
    Kind(EventKind),
    /// It is undone already.
    #[error("この操作はすでに取り消されています")]
    AlreadyUndone,
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

/// Whether an operator may take an event back by its number, given what happened to its record.
pub fn may_undo(event: &Event, of_record: &[Event], operator: &str) -> Result<(), UndoRefusal> {
    if !event.kind.can_undo() {
        return Err(UndoRefusal::Kind(event.kind));
    }
    if event.operator != operator {
        return Err(UndoRefusal::Other(event.operator.clone()));
    }
    let mut stack = UndoStack::default();
    for event in of_record {
        stack.push(event, operator);
    }
    if stack.can_undo(event.seq) { Ok(()) } else { Err(UndoRefusal::AlreadyUndone) }
}

/// The events of one operator that can be undone and redone, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoStack {
    done: Vec<u64>,
    undone: Vec<u64>,
}

impl UndoStack {
    /// Folds one more event of the trail into the stack; events of other operators are passed over.
    pub fn push(&mut self, event: &Event, operator: &str) {
        if event.operator != operator {
            return;
        }
        match (event.kind, event.refers) {
            (EventKind::Undo, Some(seq)) => {
                self.done.retain(|&done| done != seq);
                self.undone.push(seq);
            }
            (EventKind::Redo, Some(seq)) => {
                self.undone.retain(|&undone| undone != seq);
                self.done.push(seq);
            }
            (kind, _) if kind.can_undo() => {
                self.done.push(event.seq);
                self.undone.clear();
            }
            _ => {}
        }
    }

    /// The event that undo would take back.
    pub fn next_undo(&self) -> Option<u64> {
        self.done.last().copied()
    }

    /// The event that redo would bring back.
    pub fn next_redo(&self) -> Option<u64> {
        self.undone.last().copied()
    }

    /// Whether an event is done and not undone.
    pub fn can_undo(&self, seq: u64) -> bool {
        self.done.contains(&seq)
    }
}

/// Whether two cases say the same, apart from their version.
fn same_content(a: &Case, b: &Case) -> bool {
    Case { version: 0, ..a.clone() } == Case { version: 0, ..b.clone() }
}

/// Whether two cases hold the same decision, whatever their notes: what a sent list says must stay as it is.
fn same_decision(a: &Case, b: &Case) -> bool {
    let decision =
        |case: &Case| Case { version: 0, note: String::new(), protected: None, reason: String::new(), ..case.clone() };
    decision(a) == decision(b)
}

/// Builds the change that takes an event back, given the record's current case.
pub fn undo(event: &Event, current: &Case, in_batch: Option<u32>) -> Result<CaseChange, UndoRefusal> {
    invert(event, current, in_batch, EventKind::Undo)
}

/// Builds the change that brings an undone event back, given the record's current case.
pub fn redo(event: &Event, current: &Case, in_batch: Option<u32>) -> Result<CaseChange, UndoRefusal> {
    invert(event, current, in_batch, EventKind::Redo)
}

fn invert(event: &Event, current: &Case, in_batch: Option<u32>, kind: EventKind) -> Result<CaseChange, UndoRefusal> {
    let (Some(record), Some(before), Some(after)) = (event.record, &event.before, &event.after) else {
        return Err(UndoRefusal::Nothing);
    };
    let (from, to) = if kind == EventKind::Undo { (after, before) } else { (before, after) };
    if !same_content(current, from) {
        return Err(UndoRefusal::ChangedSince);
    }
    if let Some(batch) = in_batch.filter(|_| !same_decision(from, to)) {
        return Err(UndoRefusal::InBatch(batch));
    }
    Ok(CaseChange {
        record,
        kind,
        before: current.clone(),
        after: Case { version: current.version + 1, ..to.clone() },
        reason: String::new(),
        refers: Some(event.seq),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::State;
    use crate::domain::category::Category;
    use proptest::prelude::*;

    fn event(seq: u64, kind: EventKind, refers: Option<u64>, before: &Case, after: &Case) -> Event {
        Event {
            seq,
            at: Timestamp::UNIX_EPOCH,
            operator: "佐藤".into(),
            kind,
            record: Some(RecordNo(7)),
            before: Some(before.clone()),
            after: Some(after.clone()),
            reason: String::new(),
            refers,
            detail: String::new(),
            held: None,
        }
    }

    fn decided(category: Category) -> Case {
        Case { state: State::Decided(category), version: 1, ..Case::default() }
    }

    #[test]
    fn undo_and_redo_bring_the_same_content_back() {
        let (open, done) = (Case::default(), decided(Category::C23));
        let decide = event(1, EventKind::Decide, None, &open, &done);
        let back = undo(&decide, &done, None).unwrap();
        assert!(same_content(&back.after, &open));
        assert!(back.after.version > done.version);
        let again = redo(&decide, &back.after, None).unwrap();
        assert!(same_content(&again.after, &done));
    }

    #[test]
    fn a_later_change_or_a_batch_stops_undo() {
        let (open, done) = (Case::default(), decided(Category::C23));
        let decide = event(1, EventKind::Decide, None, &open, &done);
        assert_eq!(undo(&decide, &decided(Category::C24), None), Err(UndoRefusal::ChangedSince));
        assert_eq!(undo(&decide, &done, Some(2)), Err(UndoRefusal::InBatch(2)));
    }

    /// What led to the decision that was withdrawn is history: no step before the withdrawal is taken back or made again
    /// behind it, so that the old decision cannot come back and be listed once more.
    #[test]
    fn nothing_before_a_withdrawal_is_undone_or_redone() {
        use crate::domain::case::withdraw;
        let at = |seconds| Some(Timestamp::from_second(seconds).unwrap());
        let open = Case::default();
        let hold = Case { state: State::Pending, decided_at: at(1), version: 1, ..open.clone() };
        let first = Case { decided_at: at(2), version: 2, ..decided(Category::C24) };
        let done = Case { decided_at: at(3), version: 3, ..decided(Category::C23) };
        let noted = Case { note: "電話".into(), version: 4, ..done.clone() };
        let back = withdraw(&noted, "別人の疑い", "佐藤", Timestamp::from_second(9).unwrap());
        assert!(back.state.is_open() && back.note == "電話" && back.version == 5);
        let steps = [
            event(1, EventKind::Decide, None, &open, &hold),
            event(2, EventKind::Decide, None, &hold, &first),
            event(3, EventKind::Decide, None, &first, &done),
            event(4, EventKind::Note, None, &done, &noted),
        ];
        let mut trail = steps.to_vec();
        trail.push(event(5, EventKind::Withdraw, None, &noted, &back));
        for step in &steps {
            assert_eq!(undo(step, &back, None), Err(UndoRefusal::ChangedSince), "{step:?}");
            assert_eq!(redo(step, &back, None), Err(UndoRefusal::ChangedSince), "{step:?}");
        }
        assert_eq!(may_undo(&trail[4], &trail, "佐藤"), Err(UndoRefusal::Kind(EventKind::Withdraw)));
        // A decision after it is a new one, and goes back no further than 確認中.
        let anew = Case { decided_at: at(10), version: 6, ..decided(Category::C23) };
        let decide = event(6, EventKind::Decide, None, &back, &anew);
        let undone = undo(&decide, &anew, None).unwrap().after;
        assert!(same_content(&undone, &back));
        for step in &steps {
            assert_eq!(undo(step, &undone, None), Err(UndoRefusal::ChangedSince), "{step:?}");
        }
        assert!(same_content(&redo(&decide, &undone, None).unwrap().after, &anew));
    }

    #[test]
    fn an_old_event_is_undone_by_its_number_if_it_is_mine_and_stands() {
        let (open, done) = (Case::default(), decided(Category::C23));
        let decide = event(1, EventKind::Decide, None, &open, &done);
        let undone = event(2, EventKind::Undo, Some(1), &done, &open);
        let redone = event(3, EventKind::Redo, Some(1), &open, &done);
        let trail = [decide.clone(), undone.clone(), redone];
        assert_eq!(may_undo(&decide, &trail[..1], "佐藤"), Ok(()));
        assert_eq!(may_undo(&decide, &trail[..2], "佐藤"), Err(UndoRefusal::AlreadyUndone));
        assert_eq!(may_undo(&decide, &trail, "佐藤"), Ok(()));
        assert_eq!(may_undo(&decide, &trail, "鈴木"), Err(UndoRefusal::Other("佐藤".into())));
        for kind in [EventKind::Import, EventKind::Update, EventKind::Batch, EventKind::Withdraw, EventKind::Freeze] {
            let refusal = may_undo(&Event { kind, ..decide.clone() }, &trail, "佐藤").unwrap_err();
            assert!(refusal.to_string().ends_with("ください"), "{refusal}");
        }
        assert_eq!(may_undo(&undone, &trail, "佐藤"), Err(UndoRefusal::Kind(EventKind::Undo)));
    }

    #[test]
    fn other_operators_events_are_not_mine_to_undo() {
        let mut stack = UndoStack::default();
        stack.push(&event(1, EventKind::Decide, None, &Case::default(), &decided(Category::C23)), "鈴木");
        assert_eq!(stack.next_undo(), None);
    }

    proptest! {
        /// Any sequence of decisions, undos and redos behaves as an editor's undo does.
        #[test]
        fn the_stack_is_an_editors_undo(steps in proptest::collection::vec(0u8..3, 0..60)) {
            let mut stack = UndoStack::default();
            let (mut done, mut undone): (Vec<u64>, Vec<u64>) = (vec![], vec![]);
            let case = Case::default();
            for (n, step) in steps.into_iter().enumerate() {
                let seq = n as u64 + 1;
                match step {
                    0 => {
                        stack.push(&event(seq, EventKind::Decide, None, &case, &case), "佐藤");
                        done.push(seq);
                        undone.clear();
                    }
                    1 => {
                        if let Some(last) = done.pop() {
                            prop_assert_eq!(stack.next_undo(), Some(last));
                            stack.push(&event(seq, EventKind::Undo, Some(last), &case, &case), "佐藤");
                            undone.push(last);
                        }
                    }
                    _ => {
                        if let Some(last) = undone.pop() {
                            prop_assert_eq!(stack.next_redo(), Some(last));
                            stack.push(&event(seq, EventKind::Redo, Some(last), &case, &case), "佐藤");
                            done.push(last);
                        }
                    }
                }
                prop_assert_eq!(stack.next_undo(), done.last().copied());
                prop_assert_eq!(stack.next_redo(), undone.last().copied());
            }
        }
    }
}
