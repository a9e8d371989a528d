//! The danger pass (RULES §6): flags of a row alone are found while reading, flags that need all rows after the last one.
//!
//! The reading thread takes [`DangerKeys`] from every accepted row, ○ rows too; the writing thread notes them under the
//! record's number, and [`DangerPass::finish`] raises the flags inside the same transaction.

use std::collections::{BTreeMap, HashSet};

use super::row::RowCells;
use crate::domain::danger::index::{self, DangerIndex, RowKeys};
use crate::domain::danger::{Comparer, Danger, DangerSet, DangerSign, own};
use crate::domain::record::{Facts, RecordNo, Row};
use crate::store::{Import, StoreError};

/// The flags of a row alone, and its keys for the flags that need all rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DangerKeys {
    own: DangerSet,
    keys: RowKeys,
}

impl DangerKeys {
    /// Computes the keys and the own flags of a row.
    pub(crate) fn of(cells: &RowCells<'_>, facts: &Facts, comparer: &mut Comparer) -> Self {
        Self { own: own::signs(cells, facts, comparer), keys: index::keys(cells, facts.overall) }
    }

    /// The key of the 個人番号.
    pub(super) fn number(&self) -> Option<u32> {
        self.keys.number()
    }
}

/// Collects the keys of all rows.
#[derive(Debug, Default)]
pub(crate) struct DangerPass {
    index: DangerIndex,
    signs: BTreeMap<RecordNo, Vec<DangerSign>>,
}

impl DangerPass {
    /// Adds a row of the file.
    pub(crate) fn note(&mut self, no: RecordNo, keys: &DangerKeys) {
        self.index.push(no, keys.keys);
        for danger in keys.own.iter() {
            self.add(no, danger, None);
        }
    }

    /// Keeps a flag of a record of the file that names another record.
    pub(super) fn keep(&mut self, no: RecordNo, sign: DangerSign) {
        self.add(no, sign.danger, sign.other);
    }

    /// The records of the file so far whose 個人番号 may be one of `wanted` by its key, at most `most` of each.
    pub(super) fn holders(&self, wanted: &HashSet<u32>, most: usize) -> Vec<RecordNo> {
        self.index.numbers.holders(wanted, most)
    }

    fn add(&mut self, no: RecordNo, danger: Danger, other: Option<RecordNo>) {
        let signs = self.signs.entry(no).or_default();
        let sign = DangerSign { danger, other };
        if !signs.contains(&sign) {
            signs.push(sign);
        }
    }

    /// Raises the flags.
    pub(crate) fn finish(mut self, writer: &mut Import<'_>) -> Result<(), StoreError> {
        let DangerIndex { numbers, persons } = std::mem::take(&mut self.index);
        let (fits, numbers) = std::thread::scope(|scope| {
            let numbers = scope.spawn(|| numbers.shared());
            (persons.fits(), numbers.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let mut fitting = Vec::new();
        for pairs in fits.chunks(TOGETHER) {
            let mut nos: Vec<RecordNo> = pairs.iter().flat_map(|&(x, y)| [x, y]).collect();
            nos.sort_unstable();
            nos.dedup();
            let rows = writer.rows(&nos)?;
            let row = |no| &rows[nos.partition_point(|&other| other < no)];
            fitting.extend(pairs.iter().filter(|&&(x, y)| index::fits(row(x), row(y))));
        }
        fitting.iter().for_each(|&(x, y)| self.add(x, Danger::F2, Some(y)));
        for &(x, y) in &fitting {
            // Sorted as the candidates are, so the way back is found by bisection.
            if fitting.binary_search(&(y, x)).is_ok() {
                self.add(x, Danger::F3, Some(y));
            }
        }
        self.shared_numbers(&numbers, writer)?;
        for (no, mut signs) in self.signs {
            signs.sort_by_key(|sign| (sign.danger, sign.other));
            let mut set = DangerSet::default();
            signs.iter().for_each(|sign| set.insert(sign.danger));
            writer.flag(no, set, &signs)?;
        }
        Ok(())
    }

    /// Raises F5 in groups of rows with the same 個人番号.
    ///
    /// Every row is held against a few different persons, not against every other row: a number that thousands of rows
    /// share (a placeholder of some system) flags them all and takes time in proportion to them.
    fn shared_numbers(&mut self, groups: &[Vec<RecordNo>], writer: &mut Import<'_>) -> Result<(), StoreError> {
        let members = groups.iter().enumerate().flat_map(|(group, nos)| nos.iter().map(move |&no| (group, no)));
        let members: Vec<(usize, RecordNo)> = members.collect();
        let mut persons: Vec<(RecordNo, Row)> = Vec::new();
        let mut current = 0;
        for members in members.chunks(TOGETHER) {
            let nos: Vec<RecordNo> = members.iter().map(|&(_, no)| no).collect();
            for (&(group, no), row) in members.iter().zip(writer.rows(&nos)?) {
                if group != current {
                    current = group;
                    persons.clear();
                }
                self.shared_number(no, row, &mut persons);
            }
        }
        Ok(())
    }

    /// Raises F5 of a row against the persons found so far with its 個人番号.
    fn shared_number(&mut self, no: RecordNo, row: Row, persons: &mut Vec<(RecordNo, Row)>) {
        for (other, person) in persons.iter() {
            if index::shares_number(&row, person) {
                self.add(no, Danger::F5, Some(*other));
                if self.signs.get(other).is_none_or(|signs| signs.len() < MAXIMUM_SIGNS) {
                    self.add(*other, Danger::F5, Some(no));
                }
            }
        }
        if persons.len() < MAXIMUM_PERSONS && !persons.iter().any(|(_, person)| index::is_one_holder(&row, person)) {
            persons.push((no, row));
        }
    }
}

/// Maximum number of candidates that are looked at together: their rows are in memory, two for each and of 64 KiB at worst.
const TOGETHER: usize = 128;

/// Maximum number of different holders of one 個人番号 that every row of that number is compared with.
const MAXIMUM_PERSONS: usize = 8;

/// Maximum number of other rows that are named as evidence of a flag, at a record that many others are compared with.
const MAXIMUM_SIGNS: usize = 32;
