//! Rows held back at import.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::original_codes::OriginalCodes;
use crate::domain::quarantine::QuarantineState;

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
    #[serde(default, skip_serializing_if = "OriginalCodes::is_empty")]
    pub twins: OriginalCodes,
    /// Where it stands.
    #[serde(default)]
    pub state: QuarantineState,
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
