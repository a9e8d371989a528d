//! The rows related to a record.

use crate::domain::record::RecordNo;

/// A row related to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedRecord {
    /// The record.
    pub no: RecordNo,
    /// 整理番号
    pub id: String,
    /// Everything else about it, in one line.
    pub summary: String,
    /// Its values field by field: a word and a text.
    pub detail: Vec<(String, String)>,
}

/// What was found of the rows related to a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelatedRecords {
    /// The rows.
    pub rows: Vec<RelatedRecord>,
    /// How many rows before and after were looked at, where that was not the whole file.
    pub within: Option<u32>,
}
