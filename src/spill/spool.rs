//! Records in the order in which they came, to be read as often as needed.

use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::os::unix::fs::FileExt;

use super::{Fixed, Scratch};

/// Bytes that are read together.
const READ_BYTES: usize = 64 * 1024;

/// A list of records that goes on in a file where it outgrows its budget.
#[derive(Debug)]
pub struct Spool<R> {
    scratch: Scratch,
    /// Maximum number of bytes in memory.
    budget: usize,
    /// The first records, as far as they had to go.
    file: Option<File>,
    filed: u64,
    /// The last records.
    held: Vec<u8>,
    records: PhantomData<R>,
}

impl<R: Fixed> Spool<R> {
    /// An empty list with so many bytes of memory.
    pub fn new(scratch: &Scratch, budget: usize) -> Self {
        Self { scratch: scratch.clone(), budget, file: None, filed: 0, held: Vec::new(), records: PhantomData }
    }

    /// Adds a record.
    pub fn push(&mut self, record: R) -> io::Result<()> {
        record.put(&mut self.held);
        if self.held.len() + R::BYTES > self.budget { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(self.scratch.file()?),
        };
        file.write_all_at(&self.held, self.filed)?;
        self.filed += self.held.len() as u64;
        self.held.clear();
        Ok(())
    }

    /// Shows every record in the order in which they came.
    pub fn each<E: From<io::Error>>(&self, mut each: impl FnMut(R) -> Result<(), E>) -> Result<(), E> {
        let mut show = |bytes: &[u8]| bytes.chunks_exact(R::BYTES).try_for_each(|bytes| each(R::take(bytes)));
        if let Some(file) = &self.file {
            let most = READ_BYTES / R::BYTES * R::BYTES;
            let mut buffer = vec![0; most];
            let mut at = 0;
            while at < self.filed {
                let length = most.min((self.filed - at) as usize);
                file.read_exact_at(&mut buffer[..length], at)?;
                show(&buffer[..length])?;
                at += length as u64;
            }
        }
        show(&self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_in_their_order_as_often_as_asked() {
        for budget in [1, 12, 100, 100_000] {
            let mut spool = Spool::new(&Scratch::default(), budget);
            for n in 0..10_000u32 {
                spool.push((n, u64::from(n) << 33)).unwrap();
            }
            assert_eq!(spool.file.is_some(), budget < 100_000 * 12 / 10, "{budget}");
            for _ in 0..2 {
                let mut next = 0;
                spool
                    .each(|record: (u32, u64)| {
                        assert_eq!(record, (next, u64::from(next) << 33));
                        next += 1;
                        io::Result::Ok(())
                    })
                    .unwrap();
                assert_eq!(next, 10_000);
            }
        }
    }
}
