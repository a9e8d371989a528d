//! The disk of a store: what it holds and what is free.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use super::{FILE_NAME, Store};

/// The disk that a store lies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// The folder of the store, where temporary files are made as well.
    pub folder: PathBuf,
    /// Bytes that the store takes up.
    pub used: u64,
    /// Bytes that are free for this user.
    pub free: u64,
}

impl Store {
    /// The disk that it lies on; `None` for a store in memory, and where the system does not tell.
    pub fn disk(&self) -> Option<Disk> {
        /// Unit in which the system counts the blocks of a file, in bytes.
        const BLOCK: u64 = 512;
        let folder = self.scratch().folder()?.to_owned();
        let used = BLOCK * std::fs::metadata(folder.join(FILE_NAME)).ok()?.blocks();
        let system = rustix::fs::statvfs(&folder).ok()?;
        Some(Disk { folder, used, free: system.f_bavail.saturating_mul(system.f_frsize) })
    }
}
