//! Building the index of what each operator can undo for a store that was made before there was one.

use super::engine::{Direction, Key, KeyRange, Table, Txn};
use super::envelope::ValueKind;
use super::steps::StepWriter;
use super::{StoreError, audit, lookup};

/// Number of events that are read at a time when the index is built.
const PAGE: u64 = 512;

/// Builds the index from the trail, page by page. Events that cannot be read are passed over; `verify` names them.
pub(super) fn build(txn: &mut dyn Txn) -> Result<(), StoreError> {
    txn.clear(Table::Stacks)?;
    txn.clear(Table::Steps)?;
    let mut writer = StepWriter::default();
    let end = lookup::head(&*txn)?.seq + 1;
    let mut from = 1;
    while from < end {
        let to = end.min(from + PAGE);
        let mut events = Vec::new();
        let keys = KeyRange::between(Key::Seq(from), Key::Seq(to));
        txn.range(Table::Audit, keys, Direction::Ascending, &mut |key, sealed| {
            let Key::Seq(seq) = key else { return Err(ValueKind::Audit.corrupt()) };
            events.extend(audit::open_entry(seq, sealed).ok().map(|entry| entry.event));
            Ok(true)
        })?;
        for event in &events {
            writer.add(txn, event)?;
        }
        writer.finish(txn)?;
        from = to;
    }
    Ok(())
}
