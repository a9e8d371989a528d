//! Rows of a file that share a key, found without holding the keys of all rows in memory: candidates for the danger flags F2, F3
//! and F5 (RULES §6).
//!
//! The keys of every row go to a list that grows in a temporary file. At the end of the file small sieves pass on the rows
//! that perhaps share a key with another, and sorting brings these together.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;

use crate::domain::danger::index::RowKeys;
use crate::domain::record::RecordNo;
use crate::spill::{Scratch, Sorted, Sorter, Spool};

/// Memory of the list of all rows, in bytes.
const ROWS_BYTES: usize = 4 * 1024 * 1024;

/// Memory of a sorter, in bytes.
pub(super) const SORTER_BYTES: usize = 2 * 1024 * 1024;

/// Stands for "no key".
const NO_KEY: u64 = 0;

/// Maximum number of registered persons of one key that are looked at; more is no person but a placeholder.
const MAXIMUM_ALIKE: usize = 64;

/// A set of keys that may say "perhaps" for a key that is not in it.
#[derive(Debug)]
struct Sieve(Vec<u64>);

impl Sieve {
    const BITS: u32 = 24;

    fn new() -> Self {
        Self(vec![0; 1 << (Self::BITS - 6)])
    }

    /// Whether the key is perhaps in it.
    fn holds(&self, key: u64) -> bool {
        let bit = key >> (64 - Self::BITS);
        self.0[bit as usize / 64] >> (bit % 64) & 1 == 1
    }

    fn insert(&mut self, key: u64) {
        let bit = key >> (64 - Self::BITS);
        self.0[bit as usize / 64] |= 1 << (bit % 64);
    }
}

/// Collects the keys of all rows.
#[derive(Debug)]
pub(super) struct Candidates {
    scratch: Scratch,
    /// Record, key of its 個人番号 and of its registered side.
    rows: Spool<(u32, u64, u64)>,
    /// Key of the J-LIS side and record, where a row is not all ○.
    subjects: Sorter<(u64, u32)>,
    /// The keys of the subjects.
    wanted: Sieve,
}

/// What the keys name.
pub(super) struct Found {
    /// Pairs in order: the J-LIS side of the first may fit the registered side of the second (F2).
    pub(super) fits: Sorted<(u32, u32)>,
    /// Key and record of rows that may hold one 個人番号 (F5): those of one key follow one another in order, at least two.
    pub(super) shared: Shared,
}

impl Candidates {
    /// Begins without rows; temporary files are made in `scratch`.
    pub(super) fn new(scratch: &Scratch) -> Self {
        Self {
            scratch: scratch.clone(),
            rows: Spool::new(scratch, ROWS_BYTES),
            subjects: Sorter::new(scratch, SORTER_BYTES),
            wanted: Sieve::new(),
        }
    }

    /// Adds the keys of a record.
    pub(super) fn push(&mut self, no: RecordNo, keys: &RowKeys) -> io::Result<()> {
        if let Some(right) = keys.right {
            self.wanted.insert(right);
            self.subjects.push((right, no.0))?;
        }
        self.rows.push((no.0, keys.number.unwrap_or(NO_KEY), keys.left.unwrap_or(NO_KEY)))
    }

    /// The records whose 個人番号 may be one of these by their keys, of each key the first ones.
    pub(super) fn holders(&self, wanted: &HashSet<u64>, most: usize) -> io::Result<Vec<RecordNo>> {
        let mut found: HashMap<u64, BTreeSet<u32>> = HashMap::new();
        self.rows.each(|(no, number, _)| {
            if wanted.contains(&number) {
                let found = found.entry(number).or_default();
                found.insert(no);
                if found.len() > most {
                    found.pop_last();
                }
            }
            io::Result::Ok(())
        })?;
        let mut holders: Vec<RecordNo> = found.into_values().flatten().map(RecordNo).collect();
        holders.sort_unstable();
        Ok(holders)
    }

    /// Finds the candidates.
    pub(super) fn find(self) -> io::Result<Found> {
        let Self { scratch, rows, subjects, wanted } = self;
        let (mut once, mut again) = (Sieve::new(), Sieve::new());
        rows.each(|(_, number, _)| {
            if once.holds(number) {
                again.insert(number);
            }
            once.insert(number);
            io::Result::Ok(())
        })?;
        drop(once);
        let (mut numbers, mut lefts) = (Sorter::new(&scratch, SORTER_BYTES), Sorter::new(&scratch, SORTER_BYTES));
        rows.each(|(no, number, left)| {
            if number != NO_KEY && again.holds(number) {
                numbers.push((number, no))?;
            }
            if left != NO_KEY && wanted.holds(left) {
                lefts.push((left, no))?;
            }
            io::Result::Ok(())
        })?;
        drop((rows, again, wanted));
        let mut pairs = Sorter::new(&scratch, SORTER_BYTES);
        fits(subjects.sorted()?, lefts.sorted()?, |pair| pairs.push(pair))?;
        Ok(Found { fits: pairs.sorted()?, shared: Shared::of(numbers.sorted()?) })
    }
}

/// Names the pairs whose keys are equal.
fn fits(
    subjects: Sorted<(u64, u32)>,
    lefts: Sorted<(u64, u32)>,
    mut pair: impl FnMut((u32, u32)) -> io::Result<()>,
) -> io::Result<()> {
    let mut lefts = lefts.peekable();
    let (mut current, mut alike) = (NO_KEY, Vec::with_capacity(MAXIMUM_ALIKE));
    for subject in subjects {
        let (key, no) = subject?;
        if key != current {
            current = key;
            alike.clear();
            while let Some(left) = lefts.next_if(|left| !left.as_ref().is_ok_and(|(left, _)| *left > key)) {
                let (left, other) = left?;
                if left == key && alike.len() < MAXIMUM_ALIKE {
                    alike.push(other);
                }
            }
        }
        alike.iter().filter(|&&other| other != no).try_for_each(|&other| pair((no, other)))?;
    }
    Ok(())
}

/// Rows that share their key with another one.
pub(super) struct Shared {
    sorted: std::iter::Peekable<Sorted<(u64, u32)>>,
    previous: u64,
}

impl Shared {
    fn of(sorted: Sorted<(u64, u32)>) -> Self {
        Self { sorted: sorted.peekable(), previous: NO_KEY }
    }
}

impl Iterator for Shared {
    type Item = io::Result<(u64, RecordNo)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (key, no) = match self.sorted.next()? {
                Ok(next) => next,
                Err(fault) => return Some(Err(fault)),
            };
            let before = std::mem::replace(&mut self.previous, key) == key;
            if before || matches!(self.sorted.peek(), Some(Ok((next, _))) if *next == key) {
                return Some(Ok((key, RecordNo(no))));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same in memory, as it was before keys went to temporary files: by record number, 0 where a record has no key.
    #[derive(Default)]
    struct Model {
        numbers: Vec<u64>,
        left: Vec<u64>,
        subjects: Vec<(u64, u32)>,
    }

    impl Model {
        fn push(&mut self, no: RecordNo, keys: &RowKeys) {
            let place = no.0 as usize;
            if self.numbers.len() <= place {
                self.numbers.resize(place + 1, NO_KEY);
                self.left.resize(place + 1, NO_KEY);
            }
            self.numbers[place] = keys.number.unwrap_or(NO_KEY);
            self.left[place] = keys.left.unwrap_or(NO_KEY);
            self.subjects.extend(keys.right.map(|key| (key, no.0)));
        }

        fn holders(&self, wanted: &HashSet<u64>, most: usize) -> Vec<RecordNo> {
            let mut found: HashMap<u64, usize> = HashMap::new();
            let mut is_wanted = |key: u64| {
                wanted.contains(&key) && {
                    let found = found.entry(key).or_default();
                    *found += 1;
                    *found <= most
                }
            };
            (0u32..).zip(&self.numbers).filter(|&(_, &key)| is_wanted(key)).map(|(no, _)| RecordNo(no)).collect()
        }

        fn fits(&mut self) -> Vec<(u32, u32)> {
            self.subjects.sort_unstable();
            let mut looked_at: HashMap<u64, usize> = HashMap::new();
            let mut fits = Vec::new();
            for (other, &key) in (0u32..).zip(&self.left).filter(|&(_, &key)| key != NO_KEY) {
                let alike: Vec<u32> =
                    self.subjects.iter().filter(|subject| subject.0 == key).map(|subject| subject.1).collect();
                let looked_at = looked_at.entry(key).or_default();
                if !alike.is_empty() && *looked_at < MAXIMUM_ALIKE {
                    *looked_at += 1;
                    fits.extend(alike.into_iter().filter(|&no| no != other).map(|no| (no, other)));
                }
            }
            fits.sort_unstable();
            fits
        }

        fn shared(&self) -> Vec<(u64, RecordNo)> {
            let mut all: Vec<_> =
                self.numbers.iter().copied().zip((0..).map(RecordNo)).filter(|&(key, _)| key != NO_KEY).collect();
            all.sort_unstable();
            all.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1).flatten().copied().collect()
        }
    }

    /// Keys that often meet: a few persons, some of them with a bit that the sieves do not see.
    fn key() -> impl Strategy<Value = Option<u64>> {
        prop_oneof![2 => Just(None), 4 => Just(Some(1 << 63)), 9 => (1u64..40).prop_map(|n| Some((n % 13) << 56 | n))]
    }

    proptest! {
        #[test]
        fn candidates_are_those_of_the_model(
            rows in proptest::collection::vec((key(), key(), key()), 0..400),
            turn in 1usize..50,
            wanted in proptest::collection::hash_set((1u64..40).prop_map(|n| (n % 13) << 56 | n), 0..5),
            most in 1usize..8,
        ) {
            let (mut candidates, mut model) = (Candidates::new(&Scratch::default()), Model::default());
            let mut rows: Vec<_> = (0u32..).zip(rows).collect();
            // A newer file comes in any order.
            let turn = turn.min(rows.len());
            rows.rotate_left(turn);
            for (no, (number, left, right)) in rows {
                let keys = RowKeys { number, left, right };
                candidates.push(RecordNo(no), &keys).unwrap();
                model.push(RecordNo(no), &keys);
            }
            prop_assert_eq!(candidates.holders(&wanted, most).unwrap(), model.holders(&wanted, most));
            let found = candidates.find().unwrap();
            let fits: Vec<_> = found.fits.map(Result::unwrap).collect();
            prop_assert_eq!(fits, model.fits());
            let shared: Vec<_> = found.shared.map(Result::unwrap).collect();
            prop_assert_eq!(shared, model.shared());
        }
    }
}
