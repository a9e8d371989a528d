//! External sorting: runs are sorted in memory, written one after another into one file, and merged.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use itertools::{Itertools, KMergeBy};

use super::{Fixed, Scratch};

/// Bytes of the buffers of all runs while they are merged, and of one run at least and at most.
const MERGE_BYTES: usize = 1024 * 1024;
const MINIMUM_BUFFER: usize = 4 * 1024;
const MAXIMUM_BUFFER: usize = 64 * 1024;

/// Records that will be read in order.
#[derive(Debug)]
pub struct Sorter<R> {
    scratch: Scratch,
    /// Maximum number of records in memory.
    most: usize,
    held: Vec<R>,
    file: Option<Arc<File>>,
    /// Where each sorted run in the file ends.
    ends: Vec<u64>,
    /// Bytes on their way to the file.
    buffer: Vec<u8>,
}

impl<R: Fixed + Ord> Sorter<R> {
    /// An empty sorter with so many bytes of memory.
    pub fn new(scratch: &Scratch, budget: usize) -> Self {
        let most = (budget / size_of::<R>()).max(1);
        Self { scratch: scratch.clone(), most, held: Vec::new(), file: None, ends: Vec::new(), buffer: Vec::new() }
    }

    /// Adds a record.
    pub fn push(&mut self, record: R) -> io::Result<()> {
        if self.held.len() >= self.most {
            self.spill()?;
        }
        self.held.push(record);
        Ok(())
    }

    /// Writes what is held as a sorted run.
    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(Arc::new(self.scratch.file()?)),
        };
        let mut end = self.ends.last().copied().unwrap_or(0);
        for records in self.held.chunks((MAXIMUM_BUFFER / R::BYTES).max(1)) {
            self.buffer.clear();
            records.iter().for_each(|record| record.put(&mut self.buffer));
            file.write_all_at(&self.buffer, end)?;
            end += self.buffer.len() as u64;
        }
        self.ends.push(end);
        self.held.clear();
        Ok(())
    }

    /// The records in order.
    pub fn sorted(mut self) -> io::Result<Sorted<R>> {
        let Some(file) = self.file.take() else {
            self.held.sort_unstable();
            return Ok(Sorted(Source::Held(self.held.into_iter())));
        };
        if !self.held.is_empty() {
            self.file = Some(Arc::clone(&file));
            self.spill()?;
        }
        drop(self.held);
        let buffer = (MERGE_BYTES / self.ends.len()).clamp(MINIMUM_BUFFER, MAXIMUM_BUFFER);
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let runs = starts.zip(&self.ends).map(|(at, &end)| Run {
            file: Arc::clone(&file),
            at,
            end,
            read: Vec::new(),
            place: 0,
            buffer: (buffer / R::BYTES).max(1) * R::BYTES,
            record: std::marker::PhantomData,
        });
        let first: fn(&io::Result<R>, &io::Result<R>) -> bool = |a, b| match (a, b) {
            (Ok(a), Ok(b)) => a < b,
            (first, _) => first.is_err(),
        };
        Ok(Sorted(Source::Merged(runs.kmerge_by(first))))
    }
}

/// What comes first of two records; a fault comes first of all.
type First<R> = fn(&io::Result<R>, &io::Result<R>) -> bool;

/// Sorted records; a fault of the disk is told in place of a record.
#[derive(Debug)]
pub struct Sorted<R: Fixed>(Source<R>);

#[derive(Debug)]
enum Source<R: Fixed> {
    Held(std::vec::IntoIter<R>),
    Merged(KMergeBy<Run<R>, First<R>>),
}

impl<R: Fixed> Iterator for Sorted<R> {
    type Item = io::Result<R>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Source::Held(held) => held.next().map(Ok),
            Source::Merged(merged) => merged.next(),
        }
    }
}

/// Reads a sorted run of the file.
#[derive(Debug)]
struct Run<R> {
    file: Arc<File>,
    at: u64,
    end: u64,
    read: Vec<u8>,
    place: usize,
    /// Bytes that are read together.
    buffer: usize,
    record: std::marker::PhantomData<R>,
}

impl<R: Fixed> Iterator for Run<R> {
    type Item = io::Result<R>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.place == self.read.len() {
            if self.at == self.end {
                return None;
            }
            self.read.resize(self.buffer.min((self.end - self.at) as usize), 0);
            self.place = 0;
            if let Err(fault) = self.file.read_exact_at(&mut self.read, self.at) {
                self.at = self.end;
                self.place = self.read.len();
                return Some(Err(fault));
            }
            self.at += self.read.len() as u64;
        }
        let record = R::take(&self.read[self.place..]);
        self.place += R::BYTES;
        Some(Ok(record))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_memory_does(
            records in proptest::collection::vec((0u32..50, any::<u64>(), any::<u8>()), 0..400),
            budget in prop_oneof![Just(1usize), Just(100), Just(1_000), Just(1 << 20)],
        ) {
            let mut sorter = Sorter::new(&Scratch::default(), budget);
            for &record in &records {
                sorter.push(record).unwrap();
            }
            let sorted: Vec<_> = sorter.sorted().unwrap().map(Result::unwrap).collect();
            let mut expected = records;
            expected.sort_unstable();
            prop_assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn only_what_outgrows_the_budget_makes_a_file() {
        let mut sorter = Sorter::new(&Scratch::in_folder("/there/is/no/such/folder"), 80);
        for n in 0..10u64 {
            sorter.push(n).unwrap();
        }
        assert!(sorter.push(10).is_err());
        let mut sorter = Sorter::new(&Scratch::in_folder("/there/is/no/such/folder"), 80);
        (0..10u64).rev().for_each(|n| sorter.push(n).unwrap());
        assert!(sorter.sorted().unwrap().map(Result::unwrap).eq(0..10));
    }

    #[test]
    fn its_file_has_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(&Scratch::in_folder(folder.path()), 80);
        (0..1_000u64).for_each(|n| sorter.push(n).unwrap());
        assert!(sorter.file.is_some());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
