//! Finding a held-back row by its number, whatever their count.

use super::engine::{Direction, Key, KeyRange, Table, View};
use super::envelope::ValueKind;
use super::{QuarantineRow, StoreError, lookup};

/// A held-back row with its key.
pub(super) type Found = ((u32, u32), QuarantineRow);

/// The row with a running number. A number is a place in the table; the rows of one import follow one another, so
/// two look-ups for each import tell how many it holds.
pub(super) fn find(view: &dyn View, number: u32) -> Result<Option<Found>, StoreError> {
    let Some(mut left) = number.checked_sub(1) else { return Ok(None) };
    let mut from = Some(0);
    while let Some(least) = from {
        let keys = KeyRange::from(Key::Pair(least, 0));
        let Some((import, first)) = end(view, keys, Direction::Ascending)? else { break };
        let keys = KeyRange::up_to(Key::Pair(import, u32::MAX));
        let (_, last) = end(view, keys, Direction::Descending)?.ok_or_else(|| ValueKind::Quarantine.corrupt())?;
        let more = last - first;
        if left <= more {
            let key = (import, first + left);
            let sealed = view.get(Table::Quarantine, Key::Pair(key.0, key.1))?;
            let sealed = sealed.ok_or_else(|| ValueKind::Quarantine.corrupt())?;
            return Ok(Some((key, lookup::open_held(key, number, &sealed)?)));
        }
        left -= more + 1;
        from = import.checked_add(1);
    }
    Ok(None)
}

/// The first key of a range in a direction.
fn end(view: &dyn View, keys: KeyRange<'_>, order: Direction) -> Result<Option<(u32, u32)>, StoreError> {
    let mut found = None;
    view.range(Table::Quarantine, keys, order, &mut |key, _| {
        let Key::Pair(import, running) = key else { return Err(ValueKind::Quarantine.corrupt()) };
        found = Some((import, running));
        Ok(false)
    })?;
    Ok(found)
}
