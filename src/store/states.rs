//! The states of all records, a byte each ([`State::code`]) in a column by record number: the queue is read with them, and
//! whole cases only where somebody looks at them. A chunk holds the numbers up to the last one that was ever touched.

use super::column;
use super::engine::{Table, Txn, View};
use super::envelope::ValueKind;
use super::lookup;
use super::schema::{ColumnId, STATES_PER_CHUNK};
use super::{StoreError, envelope};
use crate::domain::case::{Case, State};
use crate::domain::record::RecordNo;

/// Keeps the state of a record.
pub(super) fn set(txn: &mut dyn Txn, no: RecordNo, state: State) -> Result<(), StoreError> {
    let (number, at) = (no.0 / STATES_PER_CHUNK, (no.0 % STATES_PER_CHUNK) as usize);
    let mut bytes = lookup::chunk(&*txn, ColumnId::States, number)?.unwrap_or_default();
    if bytes.get(at).copied().unwrap_or_default() == state.code() {
        return Ok(());
    }
    if bytes.len() <= at {
        bytes.resize(at + 1, 0);
    }
    bytes[at] = state.code();
    column::put_chunk(txn, ColumnId::States, number, &bytes)
}

/// The states of records, in the order asked.
pub(super) fn of(view: &dyn View, nos: &[RecordNo]) -> Result<Vec<State>, StoreError> {
    let mut order: Vec<usize> = (0..nos.len()).collect();
    order.sort_unstable_by_key(|&place| nos[place]);
    let mut states = vec![State::Untouched; nos.len()];
    for alike in order.chunk_by(|&a, &b| nos[a].0 / STATES_PER_CHUNK == nos[b].0 / STATES_PER_CHUNK) {
        let number = nos[alike[0]].0 / STATES_PER_CHUNK;
        let Some(bytes) = lookup::chunk(view, ColumnId::States, number)? else { continue };
        for &place in alike {
            let code = bytes.get((nos[place].0 % STATES_PER_CHUNK) as usize).copied().unwrap_or_default();
            states[place] = State::of_code(code).ok_or_else(|| ValueKind::Column.corrupt())?;
        }
    }
    Ok(states)
}

/// Makes the column from the cases, in a store that has none yet. A damaged case is passed over: `verify` names it.
pub(super) fn renew(txn: &mut dyn Txn) -> Result<(), StoreError> {
    let mut chunks: Vec<(u32, Vec<u8>)> = Vec::new();
    lookup::each_number(&*txn, Table::Decisions, &mut |no, sealed| {
        let Ok(case) = envelope::open_json::<Case>(ValueKind::Case, &no.to_le_bytes(), sealed) else { return Ok(()) };
        let (number, at) = (no / STATES_PER_CHUNK, (no % STATES_PER_CHUNK) as usize);
        if chunks.last().is_none_or(|(last, _)| *last != number) {
            chunks.push((number, Vec::new()));
        }
        if let Some((_, bytes)) = chunks.last_mut() {
            bytes.resize(at + 1, 0);
            bytes[at] = case.state.code();
        }
        Ok(())
    })?;
    chunks.iter().try_for_each(|(number, bytes)| column::put_chunk(txn, ColumnId::States, *number, bytes))
}
