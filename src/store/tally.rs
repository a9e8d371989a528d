//! The counters of all records ([`Counts`]), kept in the same transaction as whatever changes them.
//!
//! A change of cases adds the difference that it makes; an import counts everything anew, because it looks at every record
//! anyway. `verify` counts anew as well and compares.

use super::StoreError;
use super::engine::{Direction, Key, KeyRange, Table, Txn, View};
use super::envelope::{self, ValueKind};
use super::lookup;
use super::schema::{ColumnId, FACTS_PER_CHUNK};
use crate::domain::case::Case;
use crate::domain::counter::{Counter, Counts};
use crate::domain::record::Facts;

/// Adds a difference to the counters.
pub(super) fn change(txn: &mut dyn Txn, by: &Counts) -> Result<(), StoreError> {
    let mut changed: Vec<(String, i64)> = by.iter().map(|(counter, by)| (counter.key(), by)).collect();
    let names: Vec<String> = changed.iter().map(|(name, _)| name.clone()).collect();
    let keys: Vec<Key<'_>> = names.iter().map(|name| Key::Text(name)).collect();
    txn.get_many(Table::Tally, &keys, &mut |at, sealed| {
        changed[at].1 += open(&changed[at].0, sealed)?;
        Ok(())
    })?;
    changed.sort_unstable();
    for (name, _) in changed.iter().filter(|(_, count)| *count == 0) {
        txn.remove(Table::Tally, Key::Text(name))?;
    }
    changed.retain(|(_, count)| *count != 0);
    put(txn, &changed)
}

/// The counters as they are kept.
pub(super) fn read(view: &dyn View) -> Result<Counts, StoreError> {
    let mut counts = Vec::new();
    view.range(Table::Tally, KeyRange::ALL, Direction::Ascending, &mut |key, sealed| {
        let Key::Text(name) = key else { return Err(ValueKind::Tally.corrupt()) };
        let counter = Counter::of_key(name).ok_or_else(|| ValueKind::Tally.corrupt())?;
        counts.push((counter, open(name, sealed)?));
        Ok(true)
    })?;
    Ok(counts.into_iter().collect())
}

/// Replaces all counters by what facts and cases say.
pub(super) fn renew(txn: &mut dyn Txn) -> Result<(), StoreError> {
    let counts = recount(&*txn)?;
    txn.clear(Table::Tally)?;
    let mut named: Vec<(String, i64)> = counts.iter().map(|(counter, count)| (counter.key(), count)).collect();
    named.sort_unstable();
    put(txn, &named)
}

/// Counts every record by its facts and its case. A damaged value is passed over: `verify` names it.
pub(super) fn recount(view: &dyn View) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    let untouched = Case::default();
    let next_row = lookup::head(view)?.next_row;
    let mut alike: Option<(Facts, i64)> = None;
    for number in 0..next_row.div_ceil(FACTS_PER_CHUNK) {
        each_facts(view, number, &mut |facts| match &mut alike {
            // Neighbours are counted together: most are ○ and have no case.
            Some((first, n)) if (first.scope, first.class) == (facts.scope, facts.class) => *n += 1,
            before => {
                if let Some((facts, n)) = before.replace((facts, 1)) {
                    counts.add_alike(&facts, &untouched, n);
                }
            }
        })?;
    }
    if let Some((facts, n)) = alike {
        counts.add_alike(&facts, &untouched, n);
    }
    let mut current: Option<(u32, Vec<u8>)> = None;
    lookup::each_number(view, Table::Decisions, &mut |no, sealed| {
        let Ok(case) = envelope::open_json(ValueKind::Case, &no.to_le_bytes(), sealed) else { return Ok(()) };
        let number = no / FACTS_PER_CHUNK;
        if current.as_ref().is_none_or(|(held, _)| *held != number) {
            current = Some((number, sound(lookup::chunk(view, ColumnId::Facts, number))?.unwrap_or_default()));
        }
        let cells = current.as_ref().map(|(_, bytes)| bytes.as_chunks::<{ Facts::BYTES }>().0).unwrap_or_default();
        let cell = cells.get((no % FACTS_PER_CHUNK) as usize);
        if let Some(Ok(Some(facts))) = cell.map(|cell| lookup::facts_cell(*cell)) {
            counts.remove(&facts, &untouched);
            counts.add(&facts, &case);
        }
        Ok(())
    })?;
    Ok(counts)
}

/// Shows the facts of the records of a chunk that can be read.
fn each_facts(view: &dyn View, number: u32, each: &mut dyn FnMut(Facts)) -> Result<(), StoreError> {
    let bytes = sound(lookup::chunk(view, ColumnId::Facts, number))?.unwrap_or_default();
    let mut last = None;
    for cell in bytes.as_chunks::<{ Facts::BYTES }>().0 {
        let facts = match last {
            Some((known, facts)) if known == *cell => facts,
            _ => lookup::facts_cell(*cell).unwrap_or_default(),
        };
        last = Some((*cell, facts));
        facts.into_iter().for_each(&mut *each);
    }
    Ok(())
}

/// Nothing in place of a damaged value.
fn sound<T>(read: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(StoreError::Corrupt(_)) => Ok(None),
        read => read,
    }
}

/// Keeps counters under their names, which ascend.
fn put(txn: &mut dyn Txn, named: &[(String, i64)]) -> Result<(), StoreError> {
    let sealed: Vec<Vec<u8>> = named
        .iter()
        .map(|(name, count)| envelope::seal(ValueKind::Tally, name.as_bytes(), &count.to_le_bytes()))
        .collect();
    let keys = named.iter().map(|(name, _)| Key::Text(name));
    txn.put_many(Table::Tally, &mut keys.zip(sealed.iter().map(Vec::as_slice)))?;
    Ok(())
}

fn open(name: &str, sealed: &[u8]) -> Result<i64, StoreError> {
    let payload = envelope::open(ValueKind::Tally, name.as_bytes(), sealed)?;
    payload.try_into().map(i64::from_le_bytes).map_err(|_| ValueKind::Tally.corrupt())
}
