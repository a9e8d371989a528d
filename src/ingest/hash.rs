//! The hash of a file, taken on a thread of its own while the file is being read.
//!
//! It names the file in the store and in manifests (SHA-256), and shows whether the reading thread saw the same bytes
//! (BLAKE3, which is faster).

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::decode::CHUNK;

/// What is known of the bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileHash {
    /// SHA-256, hexadecimal.
    pub(crate) sha256: String,
    /// What whoever else reads the file must arrive at.
    pub(crate) print: blake3::Hash,
}

/// A hash in the making; dropping it stops the thread.
pub(crate) struct Hashing {
    thread: Option<JoinHandle<std::io::Result<FileHash>>>,
    stop: Arc<AtomicBool>,
}

impl Hashing {
    /// Begins; the place where `file` is being read does not move.
    pub(crate) fn start(file: &File) -> std::io::Result<Self> {
        let file = file.try_clone()?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || hash(&file, &stopped));
        Ok(Self { thread: Some(thread), stop })
    }

    /// Waits for the hash.
    pub(crate) fn wait(mut self) -> std::io::Result<FileHash> {
        let thread = self.thread.take().ok_or_else(|| std::io::Error::other("hashed twice"))?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Drop for Hashing {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn hash(file: &File, stop: &AtomicBool) -> std::io::Result<FileHash> {
    let (mut sha, mut print) = (Sha256::new(), blake3::Hasher::new());
    let mut buffer = vec![0; CHUNK];
    let mut at = 0;
    loop {
        match file.read_at(&mut buffer, at) {
            _ if stop.load(Ordering::Relaxed) => return Err(std::io::ErrorKind::Interrupted.into()),
            Ok(0) => break,
            Ok(read) => {
                sha.update(&buffer[..read]);
                print.update(&buffer[..read]);
                at += read as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let sha256 = sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(FileHash { sha256, print: print.finalize() })
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
        let hash = Hashing::start(&file).unwrap().wait().unwrap();
        assert_eq!(hash.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hash.print, blake3::hash(b"abc"));
    }
}
