//! Applying changes: every check, every value and every audit event in one transaction.

use super::audit::Trail;
use super::cases::CaseChanges;
use super::engine::{Engine, Key, Table, Txn};
use super::envelope::{self, ValueKind};
use super::lookup;
use super::schema::{Head, META_HEAD, META_HELD, pair_key};
use super::{HeldEnd, QuarantineRow, StoreError, held, requests};
use crate::domain::batch::{Batch, Withdrawal, stays_reported};
use crate::domain::case::Case;
use crate::domain::event::{Actor, CaseChange, Change, Detail, Event, EventKind, HeldStep, Subject};
use crate::domain::quarantine::QuarantineState;
use crate::domain::record::RecordNo;
use crate::domain::tally::FrozenReport;

/// Applies all changes or none. A request that was carried out already is not carried out again: its events are the answer.
pub(super) fn apply(engine: &dyn Engine, changes: &[Change], actor: &Actor) -> Result<Vec<Event>, StoreError> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let mut events = Vec::with_capacity(changes.len());
    engine.write(&mut |txn| {
        events.clear();
        if let Some(known) = requests::find_own(&*txn, actor)? {
            events = known;
            return Ok(());
        }
        let mut head = lookup::head(&*txn)?;
        let (mut trail, mut cases) = (Trail::default(), CaseChanges::default());
        for change in changes {
            let event = match change {
                Change::Case(change) => change_case(txn, &mut cases, change, actor)?,
                Change::Batch(batch) => make_batch(txn, &mut cases, batch, actor)?,
                Change::Withdraw { withdrawal, before, after } => {
                    withdraw(txn, &mut cases, withdrawal, [before, after], actor)?
                }
                Change::Freeze(report) => freeze(txn, report, actor)?,
                Change::Held { number, dismiss, reason } => close_held(txn, *number, *dismiss, reason, actor)?,
            };
            events.push(trail.append(txn, &mut head, event)?);
        }
        trail.finish(txn)?;
        cases.finish(txn)?;
        requests::keep(txn, actor.request, &events)?;
        put_head(txn, &head)
    })?;
    Ok(events)
}

/// Keeps the head.
pub(super) fn put_head(txn: &mut dyn Txn, head: &Head) -> Result<(), StoreError> {
    txn.put(Table::Meta, Key::Text(META_HEAD), &head.seal())?;
    Ok(())
}

fn refuse<T>(words: String) -> Result<T, StoreError> {
    Err(StoreError::Refused(words))
}

fn change_case(
    txn: &mut dyn Txn,
    cases: &mut CaseChanges,
    change: &CaseChange,
    actor: &Actor,
) -> Result<Event, StoreError> {
    let no = change.record;
    if lookup::case(&*txn, no)? != change.before {
        return Err(StoreError::Conflict(no));
    }
    if change.after.in_batch != change.before.in_batch {
        return refuse("解除リストに入れる操作と取下げ以外では、回は変わりません".to_owned());
    }
    // The guards of whoever asks may know less of the batch.
    if change.before.state != change.after.state
        && !stays_reported(change.before.state, change.after.state)
        && let Some(batch) = change.before.in_batch
    {
        return refuse(format!("解除 第{batch}回に報告済の記録です。先に取下げてください"));
    }
    cases.put(txn, no, &change.before, &change.after)?;
    Ok(Event {
        before: Some(change.before.clone()),
        after: Some(change.after.clone()),
        reason: change.reason.clone(),
        refers: change.refers,
        ..Event::new(change.kind, Subject::Record(no), actor)
    })
}

/// Refuses a running number that is not the next one.
fn check_number(what: &str, number: u32, last: Option<u32>) -> Result<(), StoreError> {
    let next = last.unwrap_or(0) + 1;
    if number == next {
        return Ok(());
    }
    refuse(format!("{what}の番号は {next} になるはずですが {number} です。最新の内容を確認してください"))
}

/// Makes a batch; the cases of its records say from then on in which one they stand, so that a decision that was computed
/// before is no longer current.
fn make_batch(txn: &mut dyn Txn, cases: &mut CaseChanges, batch: &Batch, actor: &Actor) -> Result<Event, StoreError> {
    check_number("解除リスト", batch.number, lookup::last_number(&*txn, Table::Batches)?)?;
    if batch.rows.is_empty() {
        return refuse("解除する記録がありません".to_owned());
    }
    for row in &batch.rows {
        // Whatever holds a category is a record.
        let case = lookup::case(&*txn, row.record)?;
        if !row.tells(&case) {
            return Err(StoreError::Conflict(row.record));
        }
        if let Some(other) = case.in_batch {
            return refuse(format!("整理番号 {} は解除 第{other}回に入っています", row.id));
        }
        let after = Case { in_batch: Some(batch.number), version: case.version + 1, ..case.clone() };
        cases.put(txn, row.record, &case, &after)?;
    }
    let sealed = envelope::seal_json(ValueKind::Batch, &batch.number.to_le_bytes(), batch)?;
    txn.put(Table::Batches, Key::Number(batch.number), &sealed)?;
    let records = batch.rows.iter().map(|row| row.record).collect();
    let detail = Detail::Batch { records, digest: envelope::digest(&sealed) };
    Ok(Event { detail, ..Event::new(EventKind::Batch, Subject::Batch(batch.number), actor) })
}

/// Takes a record out of a batch and its case back, in one transaction: a decision that was withdrawn never stands alone.
fn withdraw(
    txn: &mut dyn Txn,
    cases: &mut CaseChanges,
    withdrawal: &Withdrawal,
    [before, after]: [&Case; 2],
    actor: &Actor,
) -> Result<Event, StoreError> {
    let no = withdrawal.record;
    let current = lookup::case(&*txn, no)?;
    if current.in_batch != Some(withdrawal.batch) {
        return refuse(format!("整理番号 {} は解除 第{}回に入っていません", withdrawal.id, withdrawal.batch));
    }
    if current != *before {
        return Err(StoreError::Conflict(no));
    }
    if !after.state.is_open() || after.in_batch.is_some() {
        return refuse(format!("整理番号 {} は、取下げと同時に確認中に戻します", withdrawal.id));
    }
    cases.put(txn, no, before, after)?;
    let number = txn.len(Table::Withdrawals)? as u32 + 1;
    let sealed = envelope::seal_json(ValueKind::Withdrawal, &number.to_le_bytes(), withdrawal)?;
    txn.put(Table::Withdrawals, Key::Number(number), &sealed)?;
    Ok(Event {
        before: Some(before.clone()),
        after: Some(after.clone()),
        reason: withdrawal.reason.clone(),
        detail: Detail::Withdrawal { batch: withdrawal.batch, digest: envelope::digest(&sealed) },
        ..Event::new(EventKind::Withdraw, Subject::Record(no), actor)
    })
}

/// Dismisses a held-back row, or takes the dismissal back.
fn close_held(txn: &mut dyn Txn, number: u32, dismiss: bool, reason: &str, actor: &Actor) -> Result<Event, StoreError> {
    let Some((key, mut row)) = held::find(&*txn, number)? else {
        return refuse(format!("隔離番号 {number} の行はありません。meken quarantine で確認してください"));
    };
    let (from, to) = match dismiss {
        true => (QuarantineState::Open, QuarantineState::Dismissed),
        false => (QuarantineState::Dismissed, QuarantineState::Open),
    };
    if row.state != from {
        return refuse(format!("隔離番号 {number} の行は{}です。最新の一覧を確認してください", row.state.words()));
    }
    row.state = to;
    row.closed =
        dismiss.then(|| HeldEnd { at: actor.at, operator: actor.caller.operator.clone(), reason: reason.to_owned() });
    let open = lookup::held_open(&*txn)?;
    put_held(txn, key, &row)?;
    put_held_open(txn, if dismiss { open.saturating_sub(1) } else { open + 1 })?;
    let kind = if dismiss { EventKind::HeldDismissed } else { EventKind::HeldRestored };
    Ok(Event { reason: reason.to_owned(), ..held_event(kind, &row, None, actor) })
}

/// The event that tells what became of a held-back row, and which record it became.
pub(super) fn held_event(kind: EventKind, row: &QuarantineRow, record: Option<RecordNo>, actor: &Actor) -> Event {
    let (file, code) = (row.file.clone(), row.code.clone());
    let step = HeldStep { file, line: row.line, code, state: row.state, record };
    Event { detail: Detail::Held(Box::new(step)), ..Event::new(kind, Subject::Held(row.number), actor) }
}

/// Keeps a held-back row.
pub(super) fn put_held(txn: &mut dyn Txn, key: (u32, u32), row: &QuarantineRow) -> Result<(), StoreError> {
    let sealed = envelope::seal_json(ValueKind::Quarantine, &pair_key(key.0, key.1), row)?;
    txn.put(Table::Quarantine, Key::Pair(key.0, key.1), &sealed)?;
    Ok(())
}

/// Keeps how many held-back rows are open.
pub(super) fn put_held_open(txn: &mut dyn Txn, open: u64) -> Result<(), StoreError> {
    let sealed = envelope::seal(ValueKind::Meta, META_HELD.as_bytes(), &open.to_le_bytes());
    txn.put(Table::Meta, Key::Text(META_HELD), &sealed)?;
    Ok(())
}

fn freeze(txn: &mut dyn Txn, report: &FrozenReport, actor: &Actor) -> Result<Event, StoreError> {
    check_number("件数報告", report.number, lookup::last_number(&*txn, Table::Reports)?)?;
    let sealed = envelope::seal_json(ValueKind::Report, &report.number.to_le_bytes(), report)?;
    txn.put(Table::Reports, Key::Number(report.number), &sealed)?;
    let detail = Detail::Report { digest: envelope::digest(&sealed) };
    Ok(Event { detail, ..Event::new(EventKind::Freeze, Subject::Report(report.number), actor) })
}
