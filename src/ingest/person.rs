//! Looks up who holds a 個人番号 that is new to a record, at the end of the file, when all numbers are known. The rules are those
//! of [`crate::domain::identity`].

use std::collections::{HashMap, HashSet};

use super::danger::DangerPass;
use super::incoming::DeferredRow;
use crate::domain::identity::{Change, is_other_person};
use crate::domain::record::{Cells, Column, RecordNo, Row};
use crate::store::{Import, StoreError, codec};

/// Maximum number of rows whose 個人番号 alone is another, which wait in memory for the end of the file: then it is known
/// whose number it was. About one number in 250,000 rows is wrong, so a file that changes more is not correcting them.
pub(super) const MAXIMUM_RENUMBERED: usize = 1_000;

/// A row whose 個人番号 is new to its record, and waits for the end of the file.
pub(super) struct Renumbered {
    pub(super) no: RecordNo,
    pub(super) change: Change,
    pub(super) row: DeferredRow,
}

impl Renumbered {
    /// Its record key.
    pub(super) fn key(&self) -> &str {
        &self.row.key
    }
}

/// Number of rows that are read together.
const TOGETHER: usize = 1_024;

/// Maximum number of rows with one 個人番号 that are looked at; a number that more rows hold is a placeholder.
const MAXIMUM_HOLDERS: usize = 64;

/// For each waiting row, whether its new 個人番号 is that of another record's person: in the file, or in the store where the
/// file says nothing of that record.
pub(super) fn are_taken(
    waiting: &[Renumbered],
    danger: &DangerPass,
    writer: &mut Import<'_>,
) -> Result<Vec<bool>, StoreError> {
    let rows: Vec<_> =
        waiting.iter().map(|one| codec::cells(&one.row.packed, Column::COUNT).unwrap_or([""; _])).collect();
    let mut search =
        HolderSearch { waiting, taken: vec![false; waiting.len()], by_number: HashMap::new(), rows: &rows };
    for (at, row) in rows.iter().enumerate() {
        if let Some(number) = row.my_number().and_then(|number| number.join_key()) {
            search.by_number.entry(number).or_default().push(at);
        }
    }
    if search.by_number.is_empty() {
        return Ok(search.taken);
    }
    for (one, row) in waiting.iter().zip(&rows) {
        search.look_at(one.no, row);
    }
    let wanted: HashSet<u64> = waiting.iter().filter_map(|one| one.row.keys.number()).collect();
    let mut look_at = |nos: &[RecordNo], writer: &mut Import<'_>| -> Result<(), StoreError> {
        for (&no, row) in nos.iter().zip(writer.rows(nos)?) {
            search.look_at(no, &row as &Row);
        }
        Ok(())
    };
    danger.holders(&wanted, MAXIMUM_HOLDERS)?.chunks(TOGETHER).try_for_each(|nos| look_at(nos, writer))?;
    let mut next = RecordNo(0);
    loop {
        let nos = writer.unmet(next, TOGETHER)?;
        let Some(last) = nos.last() else { return Ok(search.taken) };
        look_at(&nos, writer)?;
        next = RecordNo(last.0 + 1);
    }
}

struct HolderSearch<'a> {
    waiting: &'a [Renumbered],
    rows: &'a [[&'a str; Column::COUNT]],
    taken: Vec<bool>,
    by_number: HashMap<u64, Vec<usize>>,
}

impl HolderSearch<'_> {
    /// Marks the waiting rows whose new number the row of a record holds.
    fn look_at(&mut self, no: RecordNo, row: &impl Cells) {
        let Some(number) = row.my_number().and_then(|number| number.join_key()) else { return };
        for &at in self.by_number.get(&number).map_or(&[][..], Vec::as_slice) {
            if self.waiting[at].no != no && !self.taken[at] {
                self.taken[at] = is_other_person(row, &self.rows[at]);
            }
        }
    }
}
