//! The values that are not JSON (ARCHITECTURE "The store") and how columns are cut; which keys lead to which values is
//! [`super::engine::Table`].
//!
//! Rows and records are numbered from 0 by one counter. A record has the number of its first row; a newer row of the same
//! record takes a fresh number that is a *version*, not a record: its cell in the facts column says so.

use super::StoreError;
use super::envelope::{self, ValueKind};

/// The version of this layout. Stores from [`OLDEST`] on take it when they are opened ([`super::migrate`]); others are refused.
/// Version 3 brought the quick checksum ([`envelope`]) and original bytes behind rows, version 4 codes for the words that most
/// rows have ([`super::codec`]), version 5 cases that hold their batch, requests, events that can be replayed, and a secret of
/// the store for the hash of its rows ([`super::row_hash`]; a store without one keeps the old hash), version 6 counters
/// ([`super::tally`]), states ([`super::states`]), a queue without the records that have vanished, and the index of what each
/// operator can undo ([`super::steps`]).
pub(super) const SCHEMA: u32 = 6;

/// The oldest layout that can be read.
pub(super) const OLDEST: u32 = 2;

/// Name of the identity in [`Table::Meta`](super::engine::Table::Meta).
pub(super) const META_STORE: &str = "store";
/// Name of the secret that rows are hashed with in [`Table::Meta`](super::engine::Table::Meta); not there in stores made before there was one.
pub(super) const META_ROW_KEY: &str = "row_key";
/// Name of the head in [`Table::Meta`](super::engine::Table::Meta).
pub(super) const META_HEAD: &str = "head";
/// Name of the number of open held-back rows in [`Table::Meta`](super::engine::Table::Meta); not there means that they must be counted.
pub(super) const META_HELD: &str = "held";
/// Name of what a store of an earlier layout held when it was raised, in [`Table::Meta`](super::engine::Table::Meta) (see [`super::migrate`]).
pub(super) const META_MIGRATION: &str = "migration";

/// What [`Table::Columns`](super::engine::Table::Columns) holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum ColumnId {
    /// Facts by record number.
    Facts = 1,
    /// Fingerprints by record number.
    Fingerprints = 2,
    /// Queue entries of item 1 in default order.
    Queue = 3,
    /// Search texts in order of writing; a later text of a record replaces an earlier one.
    Search = 4,
    /// Records that have vanished, with the scope they had.
    Vanished = 5,
    /// States by record number.
    States = 6,
    /// Queue entries of the records that have vanished, for their coming back.
    VanishedQueue = 7,
}

impl ColumnId {
    /// Whether its chunks are compressed: facts repeat, texts are long; fingerprints and queue entries gain nothing.
    pub(super) fn is_compressed(self) -> bool {
        matches!(self, Self::Facts | Self::Search | Self::States)
    }
}

/// Facts in a chunk.
pub(super) const FACTS_PER_CHUNK: u32 = 4096;
/// Fingerprints in a chunk: small, because a delta file asks for scattered ones, and just below a page of the engine.
pub(super) const FINGERPRINTS_PER_CHUNK: u32 = 252;
/// States in a chunk: a decision writes one.
pub(super) const STATES_PER_CHUNK: u32 = 16_384;
/// Bytes of a vanished record: its number and the scope it had.
pub(super) const VANISHED_BYTES: usize = 5;
/// Vanished records in a chunk.
pub(super) const VANISHED_PER_CHUNK: usize = 65_536;
/// Bytes after which a chunk of search texts is full.
pub(super) const SEARCH_CHUNK_BYTES: usize = 64 * 1024;
/// The facts cell of a number that is no record but a newer row of one.
pub(super) const NO_RECORD: [u8; 6] = [0xff; 6];

/// The state that changes with every commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The next free row number.
    pub next_row: u32,
    /// Number of the newest audit event.
    pub seq: u64,
    /// Hash of the newest audit event.
    pub hash: [u8; 32],
}

impl Head {
    /// The head of an empty store.
    pub(super) const START: Self = Self { next_row: 0, seq: 0, hash: [0; 32] };

    /// Seals for [`Table::Meta`](super::engine::Table::Meta).
    pub(super) fn seal(&self) -> Vec<u8> {
        let mut payload = Vec::with_capacity(44);
        payload.extend(self.next_row.to_le_bytes());
        payload.extend(self.seq.to_le_bytes());
        payload.extend(self.hash);
        envelope::seal(ValueKind::Meta, META_HEAD.as_bytes(), &payload)
    }

    /// Reads what [`Head::seal`] wrote.
    pub(super) fn open(sealed: &[u8]) -> Result<Self, StoreError> {
        let payload = envelope::open(ValueKind::Meta, META_HEAD.as_bytes(), sealed)?;
        let parts = || {
            let (row, rest) = payload.split_first_chunk::<4>()?;
            let (seq, hash) = rest.split_first_chunk::<8>()?;
            Some((u32::from_le_bytes(*row), u64::from_le_bytes(*seq), hash.try_into().ok()?))
        };
        let (next_row, seq, hash) = parts().ok_or_else(|| ValueKind::Meta.corrupt())?;
        Ok(Self { next_row, seq, hash })
    }
}

/// The row numbers of a record that a newer file changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Versions {
    /// The row that counts.
    pub current: u32,
    /// The row before it.
    pub previous: u32,
}

impl Versions {
    /// Seals for [`Table::Versions`](super::engine::Table::Versions).
    pub(super) fn seal(self, no: u32) -> Vec<u8> {
        let mut payload = [0; 8];
        payload[..4].copy_from_slice(&self.current.to_le_bytes());
        payload[4..].copy_from_slice(&self.previous.to_le_bytes());
        envelope::seal(ValueKind::Versions, &no.to_le_bytes(), &payload)
    }

    /// Reads what [`Versions::seal`] wrote.
    pub(super) fn open(no: u32, sealed: &[u8]) -> Result<Self, StoreError> {
        let payload = envelope::open(ValueKind::Versions, &no.to_le_bytes(), sealed)?;
        let bytes: [u8; 8] = payload.try_into().map_err(|_| ValueKind::Versions.corrupt())?;
        let [a, b, c, d, e, f, g, h] = bytes;
        Ok(Self { current: u32::from_le_bytes([a, b, c, d]), previous: u32::from_le_bytes([e, f, g, h]) })
    }
}

/// The key of a column chunk as it enters checksums.
pub(super) fn chunk_key(column: ColumnId, chunk: u32) -> [u8; 5] {
    let [a, b, c, d] = chunk.to_le_bytes();
    [column as u8, a, b, c, d]
}

/// The key of a quarantined row as it enters checksums.
pub(super) fn pair_key(first: u32, second: u32) -> [u8; 8] {
    (u64::from(first) << 32 | u64::from(second)).to_be_bytes()
}
