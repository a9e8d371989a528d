//! The danger pass (RULES §6): flags of a row alone are found while reading, flags that need all rows after the last one.
//!
//! The working threads take [`DangerKeys`] from every accepted row, ○ rows too; the writing thread notes them under the
//! record's number and raises the own flags, and [`DangerPass::finish`] raises the others inside the same transaction.

use std::collections::HashSet;

use super::candidates::{Candidates, Found, SORTER_BYTES, Shared};
use super::row::RowCells;
use crate::domain::danger::index::{self, Keyer, RowKeys};
use crate::domain::danger::{Comparer, Danger, DangerSet, DangerSign, own};
use crate::domain::record::{Facts, RecordNo, RecordSet, Row};
use crate::spill::{Scratch, Sorted, Sorter};
use crate::store::{Import, StoreError};

/// The flags of a row alone, and its keys for the flags that need all rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DangerKeys {
    own: DangerSet,
    keys: RowKeys,
}

impl DangerKeys {
    /// Computes the keys and the own flags of a row.
    pub(crate) fn of(cells: &RowCells<'_>, facts: &Facts, comparer: &mut Comparer, keyer: &Keyer) -> Self {
        Self { own: own::signs(cells, facts, comparer), keys: keyer.keys(cells, facts.overall) }
    }

    /// The key of the 個人番号.
    pub(super) fn number(&self) -> Option<u64> {
        self.keys.number
    }
}

/// A flag with its record and the other record, as it waits for those of the same record.
type Raised = Sorter<(u32, u8, u32)>;

/// Collects the keys of all rows.
#[derive(Debug)]
pub(crate) struct DangerPass {
    candidates: Candidates,
    flags: Flags,
    /// Flags to be kept of the record whose row comes next.
    kept: Vec<DangerSign>,
}

/// Raises flags.
#[derive(Debug)]
struct Flags {
    scratch: Scratch,
    /// Records of earlier imports that this pass has flagged; the flags of others are older.
    flagged: RecordSet,
}

impl DangerPass {
    /// Begins without rows; temporary files are made in `scratch`.
    pub(crate) fn new(scratch: Scratch) -> Self {
        let candidates = Candidates::new(&scratch);
        Self { candidates, flags: Flags { scratch, flagged: RecordSet::default() }, kept: Vec::new() }
    }

    /// Adds a row of the file and raises its own flags.
    pub(crate) fn note(&mut self, no: RecordNo, keys: &DangerKeys, writer: &mut Import<'_>) -> Result<(), StoreError> {
        self.candidates.push(no, &keys.keys)?;
        let mut signs = std::mem::take(&mut self.kept);
        signs.extend(keys.own.iter().map(|danger| DangerSign { danger, other: None }));
        if signs.is_empty() { Ok(()) } else { self.flags.raise(no, signs, writer) }
    }

    /// Keeps a flag that names another record, for the record whose row is noted next.
    pub(super) fn keep(&mut self, sign: DangerSign) {
        self.kept.push(sign);
    }

    /// The records of the file so far whose 個人番号 may be one of `wanted` by its key, at most `most` of each.
    pub(super) fn holders(&self, wanted: &HashSet<u64>, most: usize) -> Result<Vec<RecordNo>, StoreError> {
        Ok(self.candidates.holders(wanted, most)?)
    }

    /// Raises the flags that need all rows.
    pub(crate) fn finish(self, writer: &mut Import<'_>) -> Result<(), StoreError> {
        let Self { candidates, mut flags, .. } = self;
        let Found { fits, shared } = candidates.find()?;
        let raised = flags.fits(fits, writer)?;
        flags.raise_all(raised, writer)?;
        let raised = flags.shared_numbers(shared, writer)?;
        flags.raise_all(raised, writer)
    }
}

impl Flags {
    /// The flags that this pass has raised of a record so far.
    fn standing(&self, no: RecordNo, writer: &mut Import<'_>) -> Result<Vec<DangerSign>, StoreError> {
        let raised = self.flagged.contains(no) || writer.is_new(no) && !writer.facts(no)?.dangers.is_empty();
        if raised { writer.signs(no) } else { Ok(Vec::new()) }
    }

    /// Adds flags to those that this pass has raised of a record.
    fn raise(&mut self, no: RecordNo, signs: Vec<DangerSign>, writer: &mut Import<'_>) -> Result<(), StoreError> {
        let mut all = self.standing(no, writer)?;
        all.extend(signs);
        all.sort_by_key(|sign| (sign.danger, sign.other));
        all.dedup();
        let mut set = DangerSet::default();
        all.iter().for_each(|sign| set.insert(sign.danger));
        if !writer.is_new(no) {
            self.flagged.insert(no);
        }
        writer.flag(no, set, &all)
    }

    /// Raises what waited, record by record.
    fn raise_all(&mut self, raised: Raised, writer: &mut Import<'_>) -> Result<(), StoreError> {
        let mut raised = raised.sorted()?.peekable();
        while let Some(first) = raised.next() {
            let first = first?;
            let mut signs = vec![sign(first)];
            while let Some(next) = raised.next_if(|next| next.as_ref().is_ok_and(|next| next.0 == first.0)) {
                signs.push(sign(next?));
            }
            self.raise(RecordNo(first.0), signs, writer)?;
        }
        Ok(())
    }

    /// Finds F2 in pairs whose keys fit, and F3 where a pair fits both ways.
    fn fits(&self, mut fits: Sorted<(u32, u32)>, writer: &mut Import<'_>) -> Result<Raised, StoreError> {
        let (mut fitting, mut mirrored) =
            (Sorter::new(&self.scratch, SORTER_BYTES), Sorter::new(&self.scratch, SORTER_BYTES));
        let mut raised = Raised::new(&self.scratch, SORTER_BYTES);
        loop {
            let pairs = fits.by_ref().take(TOGETHER).collect::<Result<Vec<(u32, u32)>, _>>()?;
            if pairs.is_empty() {
                break;
            }
            let mut nos: Vec<RecordNo> = pairs.iter().flat_map(|&(x, y)| [RecordNo(x), RecordNo(y)]).collect();
            nos.sort_unstable();
            nos.dedup();
            let rows = writer.rows(&nos)?;
            let row = |no| &rows[nos.partition_point(|&other| other < RecordNo(no))];
            for &(x, y) in pairs.iter().filter(|&&(x, y)| index::fits(row(x), row(y))) {
                fitting.push((x, y))?;
                mirrored.push((y, x))?;
                raised.push((x, Danger::F2 as u8, y))?;
            }
        }
        let mut mirrored = mirrored.sorted()?.peekable();
        for pair in fitting.sorted()? {
            let pair = pair?;
            while mirrored.next_if(|other| other.as_ref().is_ok_and(|other| *other < pair)).is_some() {}
            if let Some(other) = mirrored.next_if(|other| !other.as_ref().is_ok_and(|other| *other != pair)) {
                let (x, y) = other?;
                raised.push((x, Danger::F3 as u8, y))?;
            }
        }
        Ok(raised)
    }

    /// Finds F5 in groups of rows with the same 個人番号.
    ///
    /// Every row is held against a few different persons, not against every other row: a number that thousands of rows
    /// share (a placeholder of some system) flags them all and takes time in proportion to them.
    fn shared_numbers(&self, mut shared: Shared, writer: &mut Import<'_>) -> Result<Raised, StoreError> {
        let mut raised = Raised::new(&self.scratch, SORTER_BYTES);
        let mut persons: Vec<Holder> = Vec::new();
        let mut current = None;
        loop {
            let members = shared.by_ref().take(TOGETHER).collect::<Result<Vec<(u64, RecordNo)>, _>>()?;
            if members.is_empty() {
                return Ok(raised);
            }
            let nos: Vec<RecordNo> = members.iter().map(|&(_, no)| no).collect();
            for (&(key, no), row) in members.iter().zip(writer.rows(&nos)?) {
                if current.replace(key) != Some(key) {
                    persons.clear();
                }
                self.shared_number(no, row, &mut persons, &mut raised, writer)?;
            }
        }
    }

    /// Finds F5 of a row against the persons found so far with its 個人番号.
    fn shared_number(
        &self,
        no: RecordNo,
        row: Row,
        persons: &mut Vec<Holder>,
        raised: &mut Raised,
        writer: &mut Import<'_>,
    ) -> Result<(), StoreError> {
        let mut signs = 0;
        for person in persons.iter_mut().filter(|person| index::shares_number(&row, &person.row)) {
            raised.push((no.0, Danger::F5 as u8, person.no.0))?;
            signs += 1;
            if person.signs < MAXIMUM_SIGNS {
                raised.push((person.no.0, Danger::F5 as u8, no.0))?;
                person.signs += 1;
            }
        }
        if persons.len() < MAXIMUM_PERSONS && !persons.iter().any(|person| index::is_one_holder(&row, &person.row)) {
            persons.push(Holder { no, row, signs: self.standing(no, writer)?.len() + signs });
        }
        Ok(())
    }
}

/// One of different holders of a 個人番号.
struct Holder {
    no: RecordNo,
    row: Row,
    /// Number of its flags so far.
    signs: usize,
}

fn sign((_, danger, other): (u32, u8, u32)) -> DangerSign {
    DangerSign { danger: Danger::ALL[usize::from(danger)], other: Some(RecordNo(other)) }
}

/// Maximum number of candidates that are looked at together: their rows are in memory, two for each and of 64 KiB at worst.
const TOGETHER: usize = 128;

/// Maximum number of different holders of one 個人番号 that every row of that number is compared with.
const MAXIMUM_PERSONS: usize = 8;

/// Maximum number of other rows that are named as evidence of a flag, at a record that many others are compared with.
const MAXIMUM_SIGNS: usize = 32;
