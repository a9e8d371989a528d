//! The hash that names a file in the store and in manifests (SHA-256), and when the file was last written to.
//!
//! A first file is hashed while its rows are read: what is stored is what was hashed. A file that the store may know
//! already is hashed before, and again while it is read, so that one that changes in between is noticed.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

/// Number of bytes that are read at once.
pub(crate) const CHUNK: usize = 128 * 1024;

/// An incremental hash.
#[derive(Clone, Default)]
pub(crate) struct FileHash(Sha256);

impl FileHash {
    /// Takes the next bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of the bytes so far, hexadecimal.
    pub(crate) fn hex(&self) -> String {
        self.0.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Hashes a whole file without moving its read position; `None` when stopped.
pub(crate) fn whole(file: &File, stop: Option<&AtomicBool>) -> std::io::Result<Option<String>> {
    let mut hash = FileHash::default();
    let mut buffer = vec![0; CHUNK];
    let mut at = 0;
    loop {
        if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return Ok(None);
        }
        match file.read_at(&mut buffer, at) {
            Ok(0) => return Ok(Some(hash.hex())),
            Ok(read) => {
                hash.update(&buffer[..read]);
                at += read as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// When a file was last written to, where the system tells.
pub(crate) fn written(file: &File) -> Option<SystemTime> {
    file.metadata().and_then(|meta| meta.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_hash_is_that_of_other_tools() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"abc").unwrap();
        let hash = whole(&file, None).unwrap();
        assert_eq!(hash.as_deref(), Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assert_eq!(whole(&file, Some(&AtomicBool::new(true))).unwrap(), None);
    }
}
