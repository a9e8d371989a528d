//! The disk space that an import will take, estimated from the size of its file before anything is written.

use crate::store::{Disk, StoreError};

/// Refuses a file for which the disk has too little space.
pub(super) fn check(disk: &Disk, file_bytes: u64) -> Result<(), StoreError> {
    let needed = needed(file_bytes, disk.used);
    if needed <= disk.free {
        return Ok(());
    }
    Err(StoreError::NoSpace { folder: disk.folder.display().to_string(), needed, free: disk.free })
}

/// Bytes that an import takes at most of the time, with its temporary files.
///
/// A store takes about three fifths of its CSV files and temporary files a tenth of the file. A newer file mostly holds the
/// records that are there: only what it would take beyond the store is expected to be new.
fn needed(file_bytes: u64, used: u64) -> u64 {
    (file_bytes / 5 * 3).saturating_sub(used) + file_bytes / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    #[test]
    fn a_file_is_refused_before_the_disk_is_full() {
        let check = |file, used, free| {
            check(&Disk { folder: "/作業".into(), used: used * MB, free: free * MB }, file * MB)
                .map_err(|error| error.to_string())
        };
        // A first file, its newer version, an addition to it, and a file of ten times as many rows.
        assert_eq!(check(1_000, 0, 700), Ok(()));
        assert_eq!(check(1_000, 600, 100), Ok(()));
        assert_eq!(check(10, 600, 1), Ok(()));
        assert!(check(10_000, 600, 6_300).is_err());
        assert_eq!(
            check(1_000, 0, 480),
            Err("/作業 の空き容量が足りません。取込に約 700 MB 要りますが、480 MB しかありません。220 MB 以上空けてください"
                .to_owned())
        );
    }
}
