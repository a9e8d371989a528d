//! The file under the engine, spared of writing what it holds already.
//!
//! To finish its checksums a commit of redb takes every page that the transaction wrote into its write buffer once more and
//! writes it out again, most of them unchanged. An import writes far more pages than the buffer holds, so its whole file
//! would go to the disk twice. A page that was written before is therefore compared with the file first, and left alone where
//! nothing has changed. What the file holds afterwards is the same either way, and so is what the next sync makes durable.

use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::{BackendError, StorageBackend};

/// A backend that does not write a page again that stands in the file.
#[derive(Debug)]
pub(super) struct Sparing<B> {
    inner: B,
    pages: Mutex<Pages>,
}

/// What was written since the file was opened.
#[derive(Debug, Default)]
struct Pages {
    /// A bit for every page at whose beginning something was written.
    written: Vec<u64>,
    /// Where a page is read to be compared.
    found: Vec<u8>,
}

/// Pages of the engine begin at multiples of this.
const PAGE: u64 = 4096;

impl Pages {
    /// Notes a page; whether it was noted already.
    fn note(&mut self, offset: u64) -> bool {
        let page = offset / PAGE;
        let (word, bit) = ((page / 64) as usize, 1 << (page % 64));
        if self.written.len() <= word {
            self.written.resize(word + 1, 0);
        }
        let known = self.written[word] & bit != 0;
        self.written[word] |= bit;
        known
    }
}

impl<B: StorageBackend> Sparing<B> {
    /// Wraps a backend.
    pub(super) fn over(inner: B) -> Self {
        Self { inner, pages: Mutex::default() }
    }

    /// Holds nothing that a panic could leave half done.
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the file holds these bytes; `false` also where it cannot be read, for then the write tells the fault.
    fn holds(&self, found: &mut Vec<u8>, offset: u64, data: &[u8]) -> bool {
        found.resize(data.len(), 0);
        self.inner.read(offset, found).is_ok() && found == data
    }
}

impl<B: StorageBackend> StorageBackend for Sparing<B> {
    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        let mut pages = self.pages();
        if pages.note(offset) && self.holds(&mut pages.found, offset, data) {
            return Ok(());
        }
        drop(pages);
        self.inner.write(offset, data)
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        self.inner.sync_data()
    }

    fn len(&self) -> Result<u64, io::Error> {
        self.inner.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        self.inner.read(offset, out)
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.inner.set_len(len)
    }

    fn close(&self) -> Result<(), io::Error> {
        self.inner.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.query_lock_range(start, end)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use redb::backends::InMemoryBackend;

    use super::*;

    /// Counts what is written.
    #[derive(Debug, Default)]
    struct Counting(InMemoryBackend, Arc<AtomicUsize>);

    impl StorageBackend for Counting {
        fn len(&self) -> Result<u64, io::Error> {
            self.0.len()
        }
        fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
            self.0.read(offset, out)
        }
        fn set_len(&self, len: u64) -> Result<(), io::Error> {
            self.0.set_len(len)
        }
        fn sync_data(&self) -> Result<(), io::Error> {
            self.0.sync_data()
        }
        fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.write(offset, data)
        }
    }

    #[test]
    fn only_what_the_file_does_not_hold_is_written() {
        let written = Arc::new(AtomicUsize::new(0));
        let file = Sparing::over(Counting(InMemoryBackend::new(), Arc::clone(&written)));
        file.set_len(8 * PAGE).unwrap();
        let mut expected = vec![0; 8 * PAGE as usize];
        let mut write = |page: u64, byte: u8, pages: u64| {
            let (offset, data) = (page * PAGE, vec![byte; (pages * PAGE) as usize]);
            let before = written.load(Ordering::Relaxed);
            file.write(offset, &data).unwrap();
            expected[offset as usize..][..data.len()].copy_from_slice(&data);
            let mut found = vec![1; expected.len()];
            file.read(0, &mut found).unwrap();
            assert!(found == expected, "page {page}");
            written.load(Ordering::Relaxed) > before
        };
        // A page is looked at only after it was written once: zeros on a new page are written.
        assert!(write(3, 0, 1));
        assert!(!write(3, 0, 1));
        assert!(write(3, 7, 1));
        assert!(!write(3, 7, 1));
        // The same page as the beginning of a longer run.
        assert!(write(3, 7, 2));
        assert!(!write(3, 7, 2));
        assert!(!write(3, 7, 1));
        // Changed behind its beginning.
        assert!(write(4, 8, 1));
        assert!(write(3, 7, 2));
        assert!(write(0, 7, 1));
        file.set_len(2 * PAGE).unwrap();
        // What cannot be read is written, and the write tells the fault.
        assert!(file.write(3 * PAGE, &[7; PAGE as usize]).is_err());
    }
}
