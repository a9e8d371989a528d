//! What is remembered of an import.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::run::Run;

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
    /// The rules that its facts were computed by, [`Facts::EDITION`](crate::domain::record::Facts::EDITION).
    #[serde(default)]
    pub facts_edition: u32,
    /// Fingerprint of everything that was asked for beside the file itself (profile, recomputed marks).
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
pub(super) struct StoredImport {
    /// Its first row number; the next import's first row ends it.
    pub first_row: u32,
    /// What is remembered.
    pub record: ImportRecord,
}
