//! Reads a file at a place of its own, so that several readers of one open file do not disturb each other.

use std::fs::File;
use std::io::{BufReader, Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A buffered reader of a file.
pub(super) type FileReader = BufReader<FileCursor>;

/// A place in an open file.
pub(super) struct FileCursor {
    file: Arc<File>,
    at: u64,
    /// The end of what was read last, for whoever shows progress.
    read: Arc<AtomicU64>,
}

impl FileCursor {
    /// A reader before the first byte; `read` is told how far it is.
    pub(super) fn reader(file: &Arc<File>, read: &Arc<AtomicU64>) -> FileReader {
        BufReader::with_capacity(64 * 1024, Self { file: Arc::clone(file), at: 0, read: Arc::clone(read) })
    }
}

impl Read for FileCursor {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        self.read.store(self.at, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for FileCursor {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.file.metadata()?.len().checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
