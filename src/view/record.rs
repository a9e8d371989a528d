//! A record with everything an operator needs to see.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::compare::Comparison;
use crate::domain::case::Case;
use crate::domain::danger::Danger;
use crate::domain::event::Event;
use crate::domain::person::PerField;
use crate::domain::record::{Record, Row};
use crate::domain::suggestion::Suggestion;

/// A record with everything an operator needs to see.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordView {
    /// The record.
    pub record: Record,
    /// Its case.
    pub case: Case,
    /// The five fields compared.
    pub comparisons: PerField<Comparison>,
    /// Danger flags with the other record.
    pub signs: Vec<DangerView>,
    /// What meken proposes.
    pub suggestion: Option<Suggestion>,
    /// The batch in which it stands.
    pub in_batch: Option<u32>,
    /// The row before the last change by a newer file.
    pub previous: Option<Row>,
    /// 突合時点
    pub matched_on: Date,
    /// 喪失日 of the file where it lies after 突合時点.
    pub lost_in_file: Option<Date>,
    /// When it was read.
    pub now: Timestamp,
    /// The last changes of its case, newest first.
    pub recent: Vec<Event>,
}

/// A danger flag with the record that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct DangerView {
    /// The flag.
    pub danger: Danger,
    /// 整理番号 of the other record.
    pub other: Option<String>,
    /// Why it stands.
    pub words: String,
    /// The other record, where it is to be shown.
    pub record: Option<Arc<Record>>,
}
