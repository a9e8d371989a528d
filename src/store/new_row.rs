//! A row as an import brings it, and what the store knows of its record.

use crate::domain::pattern::Pattern;
use crate::domain::record::{Facts, RecordNo};

/// A record that an import meets again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub no: RecordNo,
    /// Fingerprints of its current row.
    pub fingerprints: Fingerprints,
    /// Whether the current import wrote or met it already (then the file repeats its key).
    pub seen: bool,
    /// Whether an earlier full file no longer held it.
    pub vanished: bool,
}

/// Fingerprints of a row, to tell a change without reading it back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprints {
    /// Over what reopens a case: values, marks, 総合判定, 複数の有効な資格, 取得日, 喪失日 (RULES §7).
    pub significant: u64,
    /// Over every cell and extra.
    pub whole: u64,
}

/// A row ready to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// Record key.
    pub key: &'a str,
    /// The row packed by [`super::codec::RowPacker`].
    pub packed: &'a [u8],
    /// Its fingerprints.
    pub fingerprints: Fingerprints,
    /// Its facts; danger flags may be added later with [`super::Import::flag`].
    pub facts: Facts,
    /// For records of item 1: the pattern and the search text.
    pub review: Option<(Pattern, &'a str)>,
}
