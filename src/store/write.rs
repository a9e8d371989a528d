//! Applying changes: every check, every value and every audit event in one transaction.

use redb::{ReadableTable, ReadableTableMetadata, Table, WriteTransaction};

use super::audit::{self, Trail};
use super::envelope::{self, ValueKind};
use super::lookup;
use super::redb_store::RedbStore;
use super::schema::{
    BATCHES, DECISIONS, Head, IN_BATCH, META, META_HEAD, META_HELD, QUARANTINE, REPORTS, Sealed, WITHDRAWALS, pair_key,
};
use super::{HeldEnd, QuarantineRow, StoreError};
use crate::domain::batch::{Batch, Withdrawal, stays_reported};
use crate::domain::case::Case;
use crate::domain::event::{Actor, CaseChange, Change, Event, EventKind};
use crate::domain::held::HeldState;
use crate::domain::record::RecordNo;
use crate::domain::tally::FrozenReport;

/// Applies all changes or none.
pub(super) fn apply(store: &RedbStore, changes: &[Change], actor: &Actor) -> Result<Vec<Event>, StoreError> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let txn = store.begin()?;
    let mut head = lookup::head(&txn)?;
    let mut events = Vec::with_capacity(changes.len());
    {
        let mut trail = Trail::of(&txn)?;
        for change in changes {
            let event = match change {
                Change::Case(change) => change_case(&txn, change, actor)?,
                Change::Batch(batch) => make_batch(&txn, batch, actor)?,
                Change::Withdraw { withdrawal, before, after } => withdraw(&txn, withdrawal, before, after, actor)?,
                Change::Freeze(report) => freeze(&txn, report, actor)?,
                Change::Held { number, dismiss, reason } => held(&txn, *number, *dismiss, reason, actor)?,
            };
            events.push(trail.append(&mut head, event)?);
        }
    }
    put_head(&txn, &head)?;
    txn.commit()?;
    Ok(events)
}

/// Keeps the head.
pub(super) fn put_head(txn: &WriteTransaction, head: &Head) -> Result<(), StoreError> {
    txn.open_table(META)?.insert(META_HEAD, head.seal().as_slice())?;
    Ok(())
}

/// Keeps a case.
pub(super) fn put_case(txn: &WriteTransaction, no: RecordNo, case: &Case) -> Result<(), StoreError> {
    let sealed = envelope::seal_json(ValueKind::Case, &no.0.to_le_bytes(), case)?;
    txn.open_table(DECISIONS)?.insert(no.0, sealed.as_slice())?;
    Ok(())
}

fn refuse<T>(words: String) -> Result<T, StoreError> {
    Err(StoreError::Refused(words))
}

fn change_case(txn: &WriteTransaction, change: &CaseChange, actor: &Actor) -> Result<Event, StoreError> {
    let no = change.record;
    if lookup::facts(txn, no)?.is_none() {
        return Err(StoreError::NoRecord(no));
    }
    if lookup::case(txn, no)? != change.before {
        return Err(StoreError::Conflict(no));
    }
    // The batch may have been made after the caller asked the guards.
    if change.before.state != change.after.state
        && !stays_reported(change.before.state, change.after.state)
        && let Some(batch) = lookup::in_batch(txn, no)?
    {
        return refuse(format!("解除 第{batch}回に報告済の記録です。先に取下げてください"));
    }
    put_case(txn, no, &change.after)?;
    Ok(Event {
        record: Some(no),
        before: Some(change.before.clone()),
        after: Some(change.after.clone()),
        reason: change.reason.clone(),
        refers: change.refers,
        ..audit::event(change.kind, actor)
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

fn make_batch(txn: &WriteTransaction, batch: &Batch, actor: &Actor) -> Result<Event, StoreError> {
    let mut batches = txn.open_table(BATCHES)?;
    let last = batches.last()?.map(|(number, _)| number.value());
    check_number("解除リスト", batch.number, last)?;
    if batch.rows.is_empty() {
        return refuse("解除する記録がありません".to_owned());
    }
    for row in &batch.rows {
        // Whatever holds a category is a record.
        if lookup::case(txn, row.record)?.state.category() != Some(row.category) {
            return Err(StoreError::Conflict(row.record));
        }
        if let Some(other) = lookup::in_batch(txn, row.record)? {
            return refuse(format!("整理番号 {} は解除 第{other}回に入っています", row.id));
        }
        let key = row.record.0.to_le_bytes();
        let value = envelope::checked(ValueKind::InBatch, &key, batch.number);
        txn.open_table(IN_BATCH)?.insert(row.record.0, value)?;
    }
    let sealed = envelope::seal_json(ValueKind::Batch, &batch.number.to_le_bytes(), batch)?;
    batches.insert(batch.number, sealed.as_slice())?;
    let detail = format!("解除 第{}回 {}件", batch.number, batch.rows.len());
    Ok(Event { detail, ..audit::event(EventKind::Batch, actor) })
}

/// Takes a record out of a batch and its case back, in one transaction: a decision that was withdrawn never stands alone.
fn withdraw(
    txn: &WriteTransaction,
    withdrawal: &Withdrawal,
    before: &Case,
    after: &Case,
    actor: &Actor,
) -> Result<Event, StoreError> {
    let no = withdrawal.record;
    if lookup::in_batch(txn, no)? != Some(withdrawal.batch) {
        return refuse(format!("整理番号 {} は解除 第{}回に入っていません", withdrawal.id, withdrawal.batch));
    }
    if lookup::case(txn, no)? != *before {
        return Err(StoreError::Conflict(no));
    }
    if !after.state.is_open() {
        return refuse(format!("整理番号 {} は、取下げと同時に確認中に戻します", withdrawal.id));
    }
    txn.open_table(IN_BATCH)?.remove(no.0)?;
    put_case(txn, no, after)?;
    let mut withdrawals = txn.open_table(WITHDRAWALS)?;
    let number = withdrawals.len()? as u32 + 1;
    let sealed = envelope::seal_json(ValueKind::Withdrawal, &number.to_le_bytes(), withdrawal)?;
    withdrawals.insert(number, sealed.as_slice())?;
    Ok(Event {
        record: Some(no),
        before: Some(before.clone()),
        after: Some(after.clone()),
        reason: withdrawal.reason.clone(),
        detail: format!("解除 第{}回", withdrawal.batch),
        ..audit::event(EventKind::Withdraw, actor)
    })
}

/// Dismisses a held-back row, or takes the dismissal back.
fn held(txn: &WriteTransaction, number: u32, dismiss: bool, reason: &str, actor: &Actor) -> Result<Event, StoreError> {
    let mut table = txn.open_table(QUARANTINE)?;
    let found = match number.checked_sub(1) {
        Some(before) => table.iter()?.nth(before as usize).transpose()?,
        None => None,
    };
    let Some((key, mut row)) = found
        .map(|(key, sealed)| {
            Ok::<_, StoreError>((key.value(), lookup::open_held(key.value(), number, sealed.value())?))
        })
        .transpose()?
    else {
        return refuse(format!("隔離番号 {number} の行はありません。meken quarantine で確認してください"));
    };
    let (from, to) = match dismiss {
        true => (HeldState::Open, HeldState::Dismissed),
        false => (HeldState::Dismissed, HeldState::Open),
    };
    if row.state != from {
        return refuse(format!("隔離番号 {number} の行は{}です。最新の一覧を確認してください", row.state.words()));
    }
    row.state = to;
    row.closed = dismiss.then(|| HeldEnd { at: actor.at, operator: actor.operator.clone(), reason: reason.to_owned() });
    let open = lookup::held_open(txn)?;
    put_held(&mut table, key, &row)?;
    drop(table);
    put_held_open(txn, if dismiss { open.saturating_sub(1) } else { open + 1 })?;
    let kind = if dismiss { EventKind::HeldDismissed } else { EventKind::HeldRestored };
    Ok(Event { reason: reason.to_owned(), ..held_event(kind, &row, actor) })
}

/// The event that tells what became of a held-back row.
pub(super) fn held_event(kind: EventKind, row: &QuarantineRow, actor: &Actor) -> Event {
    let detail = format!("{}:{} [{}] {}", row.file, row.line, row.code, row.state.words());
    Event { held: Some(row.number), detail, ..audit::event(kind, actor) }
}

/// Keeps a held-back row.
pub(super) fn put_held(
    table: &mut Table<'_, (u32, u32), Sealed>,
    key: (u32, u32),
    row: &QuarantineRow,
) -> Result<(), StoreError> {
    let sealed = envelope::seal_json(ValueKind::Quarantine, &pair_key(key.0, key.1), row)?;
    table.insert(key, sealed.as_slice())?;
    Ok(())
}

/// Keeps how many held-back rows are open.
pub(super) fn put_held_open(txn: &WriteTransaction, open: u64) -> Result<(), StoreError> {
    let sealed = envelope::seal(ValueKind::Meta, META_HELD.as_bytes(), &open.to_le_bytes());
    txn.open_table(META)?.insert(META_HELD, sealed.as_slice())?;
    Ok(())
}

fn freeze(txn: &WriteTransaction, report: &FrozenReport, actor: &Actor) -> Result<Event, StoreError> {
    let mut reports = txn.open_table(REPORTS)?;
    let last = reports.last()?.map(|(number, _)| number.value());
    check_number("件数報告", report.number, last)?;
    let sealed = envelope::seal_json(ValueKind::Report, &report.number.to_le_bytes(), report)?;
    reports.insert(report.number, sealed.as_slice())?;
    let detail = format!("件数報告 第{}回", report.number);
    Ok(Event { detail, ..audit::event(EventKind::Freeze, actor) })
}
