//! Applying changes: every check, every value and every audit event in one transaction.

use redb::{ReadableTable, ReadableTableMetadata, WriteTransaction};

use super::StoreError;
use super::audit::{self, Trail};
use super::envelope::{self, Kind};
use super::look;
use super::redb_store::RedbStore;
use super::schema::{BATCHES, DECISIONS, Head, IN_BATCH, META, META_HEAD, REPORTS, WITHDRAWALS};
use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::Case;
use crate::domain::event::{Actor, CaseChange, Change, Event, EventKind};
use crate::domain::record::RecordNo;
use crate::domain::tally::FrozenReport;

/// Applies all changes or none.
pub(super) fn apply(store: &RedbStore, changes: &[Change], actor: &Actor) -> Result<Vec<Event>, StoreError> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let txn = store.begin()?;
    let mut head = look::head(&txn)?;
    let mut events = Vec::with_capacity(changes.len());
    {
        let mut trail = Trail::of(&txn)?;
        for change in changes {
            let event = match change {
                Change::Case(change) => change_case(&txn, change, actor)?,
                Change::Batch(batch) => make_batch(&txn, batch, actor)?,
                Change::Withdraw(withdrawal) => withdraw(&txn, withdrawal, actor)?,
                Change::Freeze(report) => freeze(&txn, report, actor)?,
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
    let sealed = envelope::seal_json(Kind::Case, &no.0.to_le_bytes(), case)?;
    txn.open_table(DECISIONS)?.insert(no.0, sealed.as_slice())?;
    Ok(())
}

fn refuse<T>(words: String) -> Result<T, StoreError> {
    Err(StoreError::Refused(words))
}

fn change_case(txn: &WriteTransaction, change: &CaseChange, actor: &Actor) -> Result<Event, StoreError> {
    let no = change.record;
    if look::facts(txn, no)?.is_none() {
        return Err(StoreError::NoRecord(no));
    }
    if look::case(txn, no)? != change.before {
        return Err(StoreError::Conflict(no));
    }
    // The batch may have been made after the caller asked the guards.
    if change.before.state != change.after.state
        && let Some(batch) = look::in_batch(txn, no)?
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
        if look::case(txn, row.record)?.state.category() != Some(row.category) {
            return Err(StoreError::Conflict(row.record));
        }
        if let Some(other) = look::in_batch(txn, row.record)? {
            return refuse(format!("整理番号 {} は解除 第{other}回に入っています", row.id));
        }
        let key = row.record.0.to_le_bytes();
        let value = envelope::checked(Kind::InBatch, &key, batch.number);
        txn.open_table(IN_BATCH)?.insert(row.record.0, value)?;
    }
    let sealed = envelope::seal_json(Kind::Batch, &batch.number.to_le_bytes(), batch)?;
    batches.insert(batch.number, sealed.as_slice())?;
    let detail = format!("解除 第{}回 {}件", batch.number, batch.rows.len());
    Ok(Event { detail, ..audit::event(EventKind::Batch, actor) })
}

fn withdraw(txn: &WriteTransaction, withdrawal: &Withdrawal, actor: &Actor) -> Result<Event, StoreError> {
    let no = withdrawal.record;
    if look::in_batch(txn, no)? != Some(withdrawal.batch) {
        return refuse(format!("整理番号 {} は解除 第{}回に入っていません", withdrawal.id, withdrawal.batch));
    }
    txn.open_table(IN_BATCH)?.remove(no.0)?;
    let mut withdrawals = txn.open_table(WITHDRAWALS)?;
    let number = withdrawals.len()? as u32 + 1;
    let sealed = envelope::seal_json(Kind::Withdrawal, &number.to_le_bytes(), withdrawal)?;
    withdrawals.insert(number, sealed.as_slice())?;
    Ok(Event {
        record: Some(no),
        reason: withdrawal.reason.clone(),
        detail: format!("解除 第{}回", withdrawal.batch),
        ..audit::event(EventKind::Withdraw, actor)
    })
}

fn freeze(txn: &WriteTransaction, report: &FrozenReport, actor: &Actor) -> Result<Event, StoreError> {
    let mut reports = txn.open_table(REPORTS)?;
    let last = reports.last()?.map(|(number, _)| number.value());
    check_number("件数報告", report.number, last)?;
    let sealed = envelope::seal_json(Kind::Report, &report.number.to_le_bytes(), report)?;
    reports.insert(report.number, sealed.as_slice())?;
    let detail = format!("件数報告 第{}回", report.number);
    Ok(Event { detail, ..audit::event(EventKind::Freeze, actor) })
}
