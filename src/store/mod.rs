//! Keeps everything durable, and hides how (DESIGN §7).
//!
//! Callers see two traits: [`Store`] opens a consistent [`Snapshot`] for reading, applies changes together with their audit
//! events in one durable transaction, and takes an import as one transaction through an [`ImportWriter`]. redb is the
//! embedded engine behind them; no caller may know it. A fault of the engine ([`StoreError::is_final`]) ends the handle:
//! drop it, open the store anew and read back whether the last change is there. May use `domain` and `compare`; knows no terminal and no clock.

#![expect(clippy::disallowed_types, reason = "the room of the engine")]

mod audit;
mod backend;
mod check;
pub mod codec;
mod column;
mod envelope;
mod error;
mod import;
mod keys;
mod look;
mod place;
pub(crate) mod print;
mod read;
mod redb_store;
mod schema;
#[cfg(test)]
pub(crate) mod tests;
mod write;

use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use error::StoreError;
pub use place::{exists, remove, remove_unused};
pub use redb_store::{FILE_NAME, RedbStore, open, open_or_create};

use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::Case;
use crate::domain::danger::{DangerSet, DangerSign};
use crate::domain::event::{Actor, Change, Event};
use crate::domain::held::HeldState;
use crate::domain::pattern::Pattern;
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Facts, Record, RecordNo, Row};
use crate::domain::tally::FrozenReport;
use crate::domain::twins::Twins;

/// A store that one process holds.
pub trait Store: Send + Sync {
    /// Opens a consistent view of everything that is durable now; while it lives, replaced pages are not freed.
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, StoreError>;

    /// Applies changes and their audit events in one transaction, durable (two-phase) before it returns.
    ///
    /// All or nothing; a case that is no longer what its change was computed from gives [`StoreError::Conflict`].
    fn apply(&self, changes: &[Change], actor: &Actor) -> Result<Vec<Event>, StoreError>;

    /// Begins an import: one transaction, nothing is visible before [`ImportWriter::commit`], dropping it aborts. Other
    /// changes wait for its end.
    fn import(&self) -> Result<Box<dyn ImportWriter + '_>, StoreError>;

    /// Makes the next opening after a crash immediate; called when idle.
    fn settle(&self) -> Result<(), StoreError>;

    /// Keeps where an operator stands (position, filter, half-typed note): opaque bytes, not audited.
    fn keep_session(&self, operator: &str, session: &[u8]) -> Result<(), StoreError>;
}

/// A consistent view of a store.
pub trait Snapshot {
    /// What the store holds: identity, imports, audit head.
    fn meta(&self) -> Result<Meta, StoreError>;

    /// The records of item 1 in the default order (DESIGN §4), without reading any row.
    fn queue(&self) -> Result<Vec<QueueEntry>, StoreError>;

    /// The facts of the records numbered in a range, in order; numbers that are no record are passed over.
    fn facts(&self, range: Range<u32>) -> Result<Vec<(RecordNo, Facts)>, StoreError>;

    /// Current rows with facts, in the order asked; an unknown number is an error.
    fn records(&self, nos: &[RecordNo]) -> Result<Vec<Record>, StoreError>;

    /// The row that a record had before its last change by a newer file, where there was one.
    fn previous(&self, no: RecordNo) -> Result<Option<Row>, StoreError>;

    /// The danger flags of a record with their evidence.
    fn signs(&self, no: RecordNo) -> Result<Vec<DangerSign>, StoreError>;

    /// Search texts of the records of item 1 (see [`crate::compare::search_fold`]), in no particular order.
    fn search_texts(&self) -> Result<Vec<(RecordNo, String)>, StoreError>;

    /// The record with this key (整理番号).
    fn find(&self, key: &str) -> Result<Option<RecordNo>, StoreError>;

    /// The case of a record; the untouched case where nothing was ever decided.
    fn case(&self, no: RecordNo) -> Result<Case, StoreError>;

    /// Every case that was ever touched, by record.
    fn cases(&self) -> Result<Vec<(RecordNo, Case)>, StoreError>;

    /// Audit events with numbers in a range, oldest first; `record` narrows to one record.
    fn events(&self, seqs: Range<u64>, record: Option<RecordNo>) -> Result<Vec<Event>, StoreError>;

    /// The 解除 batches, oldest first.
    fn batches(&self) -> Result<Vec<Batch>, StoreError>;

    /// The withdrawals, oldest first.
    fn withdrawals(&self) -> Result<Vec<Withdrawal>, StoreError>;

    /// The batch in which a record stands now, not counting one it was withdrawn from.
    fn batch_of(&self, no: RecordNo) -> Result<Option<u32>, StoreError>;

    /// The batch in which each record stands now (withdrawn ones left out).
    fn in_batch(&self) -> Result<std::collections::HashMap<RecordNo, u32>, StoreError>;

    /// The frozen reports, oldest first.
    fn reports(&self) -> Result<Vec<FrozenReport>, StoreError>;

    /// Where an operator stood, as given to [`Store::keep_session`].
    fn session(&self, operator: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Every row that was ever held back, open ones and closed ones, in the order of their numbers.
    fn quarantine(&self) -> Result<Vec<QuarantineRow>, StoreError> {
        let mut all = Vec::new();
        self.each_held(&mut |row| all.push(row))?;
        Ok(all)
    }

    /// Shows every row that was ever held back, one after another, in the order of their numbers.
    fn each_held(&self, each: &mut dyn FnMut(QuarantineRow)) -> Result<(), StoreError>;

    /// How many held-back rows are open.
    fn held_open(&self) -> Result<u64, StoreError>;

    /// Recounts and checks: audit chain, cases against the chain, checksums of every value. Gives every fault in words.
    fn verify(&self) -> Result<Vec<String>, StoreError>;
}

/// What a store holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Schema version.
    pub schema: u32,
    /// Random identity of the store.
    pub id: String,
    /// The imports, oldest first.
    pub imports: Vec<ImportRecord>,
    /// How many record numbers were given out.
    pub record_numbers: u32,
    /// Number of the newest audit event; 0 when there is none.
    pub audit_seq: u64,
    /// Hash of the newest audit event, hexadecimal; it closes the chain.
    pub audit_head: String,
}

/// Which rows a file speaks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Run {
    /// 全件: rows that are missing have vanished.
    #[default]
    Full,
    /// 差分突合: adds and updates only.
    Delta,
    /// 誤入力チェック: adds and updates only.
    NewCheck,
    /// 隔離訂正: held-back rows that were written out and corrected; adds and updates only.
    Correction,
}

/// An import as it is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRecord {
    /// Running number from 1.
    pub number: u32,
    /// File name without folder.
    pub file: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Encoding as recognised or forced.
    pub encoding: String,
    /// Kind of run.
    pub run: Run,
    /// The file's header names in order, for extras.
    pub header: Vec<String>,
    /// Where each of [`crate::domain::record::Column::ALL`] stood in the file.
    #[serde(default)]
    pub columns: Vec<Option<u16>>,
    /// How the columns were found, in words: by the header, or by which profile.
    #[serde(default)]
    pub layout: String,
    /// The rules that its patterns were made under, [`crate::compare::EDITION`].
    #[serde(default)]
    pub edition: u32,
    /// Print of everything that was asked for beside the file itself (profile, recomputed marks).
    #[serde(default)]
    pub asked: String,
    /// Rows read.
    pub rows: u64,
    /// New records.
    pub imported: u64,
    /// Held back.
    pub quarantined: u64,
    /// Identical repeats within the file.
    pub repeats: u64,
    /// Known records with another row.
    pub updated: u64,
    /// Known records with the same row.
    pub unchanged: u64,
    /// Records no longer in the file.
    pub vanished: u64,
    /// Decided cases taken back to 確認中 by a change.
    pub reopened: u64,
    /// Warnings by code.
    pub warnings: std::collections::BTreeMap<String, u64>,
    /// All imported rows by class label, in the order of the classes.
    pub by_class: Vec<(String, u64)>,
    /// Records in item 1 after it.
    pub in_item1: u64,
    /// The 保険者番号 of its rows; `None` where an earlier edition of the program did not keep them.
    #[serde(default)]
    pub insurers: Option<Vec<String>>,
    /// When it ended.
    pub at: Option<Timestamp>,
    /// Who imported.
    pub operator: String,
}

/// An import as it is kept: what is remembered and which rows it wrote.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredImport {
    /// Its first row number; the next import's first row ends it.
    first_row: u32,
    /// What is remembered.
    record: ImportRecord,
}

/// A row held back at import, with what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineRow {
    /// Its running number from 1, the same for ever (the store gives it).
    #[serde(skip)]
    pub number: u32,
    /// The import that held it back.
    pub import: u32,
    /// File name without folder.
    pub file: String,
    /// Physical line from 1.
    pub line: u32,
    /// Short code of the reason.
    pub code: String,
    /// The reason in Japanese, without personal data.
    pub reason: String,
    /// The record as it stood in the file: decoded cells, or undecodable bytes as `\xNN`.
    pub raw: Vec<String>,
    /// The canonical name of the column at fault, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The record key, where it could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its characters that would be written with other bytes, over all of `raw`.
    #[serde(default, skip_serializing_if = "Twins::is_empty")]
    pub twins: Twins,
    /// Where it stands.
    #[serde(default)]
    pub state: HeldState,
    /// Who closed it, when and why; `None` while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<HeldEnd>,
}

/// How a held-back row was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldEnd {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub operator: String,
    /// Why; empty where an import closed it.
    pub reason: String,
}

/// A record that an import meets again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub no: RecordNo,
    /// Prints of its current row.
    pub prints: Prints,
    /// Whether the current import wrote or met it already (then the file repeats its key).
    pub seen: bool,
    /// Whether an earlier full file no longer held it.
    pub vanished: bool,
}

/// Fingerprints of a row, to tell a change without reading it back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prints {
    /// Over what reopens a case: values, marks, 総合判定, 複数の有効な資格, 取得日, 喪失日 (DOMAIN §7).
    pub significant: u64,
    /// Over every cell and extra.
    pub whole: u64,
}

/// A row ready to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// Record key.
    pub key: &'a str,
    /// The row packed by [`codec::RowPacker`].
    pub packed: &'a [u8],
    /// Its prints.
    pub prints: Prints,
    /// Its facts; danger flags may be added later with [`ImportWriter::flag`].
    pub facts: Facts,
    /// For records of item 1: the pattern and the search text.
    pub review: Option<(Pattern, &'a str)>,
}

/// One import in progress.
pub trait ImportWriter {
    /// The number this import will have.
    fn number(&self) -> u32;

    /// Tells the header names of the file, so that [`ImportWriter::rows`] can name the extras of its rows; without it
    /// they are named by their place until the commit. The header that is kept is that of the [`ImportRecord`].
    fn set_header(&mut self, header: &[String]);

    /// Looks a record key up, in what was there and in what this import has written.
    fn lookup(&mut self, key: &str) -> Result<Option<Known>, StoreError>;

    /// Adds a new record; keys must not be known.
    fn append(&mut self, row: NewRow<'_>) -> Result<RecordNo, StoreError>;

    /// Gives a known record a new row and takes its danger flags from it; the old row stays readable through [`Snapshot::previous`].
    fn revise(&mut self, no: RecordNo, row: NewRow<'_>) -> Result<(), StoreError>;

    /// Notes that the file holds a known record unchanged; one that had vanished stands where it stood before.
    fn meet(&mut self, no: RecordNo) -> Result<(), StoreError>;

    /// Adds danger flags to a record of this import or an earlier one, replacing its earlier flags.
    fn flag(&mut self, no: RecordNo, set: DangerSet, signs: &[DangerSign]) -> Result<(), StoreError>;

    /// The records that the file has not met (for a full run); marks them vanished and gives their numbers.
    fn vanish_unmet(&mut self) -> Result<Vec<RecordNo>, StoreError>;

    /// Reads the rows of records as they stand within this import, in the order asked. They are all held in memory, and
    /// many are read at less cost together than one by one.
    fn rows(&mut self, nos: &[RecordNo]) -> Result<Vec<Row>, StoreError>;

    /// The packed row that a record had before this import (see `codec::cells`); cheapest in the order of the records.
    fn before(&mut self, no: RecordNo) -> Result<Vec<u8>, StoreError>;

    /// The records of earlier imports that this one has not written or met so far.
    fn unmet(&mut self) -> Result<Vec<RecordNo>, StoreError>;

    /// How many records stand in item 1 as this import leaves them so far.
    fn in_item1(&self) -> u64;

    /// The facts of a record as they stand within this import.
    fn facts(&mut self, no: RecordNo) -> Result<Facts, StoreError>;

    /// The current case of a record.
    fn case(&mut self, no: RecordNo) -> Result<Case, StoreError>;

    /// Changes a case in the same transaction (a changed row goes back to 確認中).
    fn change_case(&mut self, no: RecordNo, before: &Case, after: &Case, reason: &str) -> Result<(), StoreError>;

    /// Holds a row back; gives its number.
    fn quarantine(&mut self, row: QuarantineRow) -> Result<u32, StoreError>;

    /// Closes a row that an earlier import held back; `record` is the record that it became.
    fn close_held(&mut self, number: u32, state: HeldState, record: Option<RecordNo>) -> Result<(), StoreError>;

    /// Writes columns, queue and the audit event, and commits durably.
    fn commit(self: Box<Self>, record: ImportRecord, actor: &Actor) -> Result<ImportRecord, StoreError>;
}
