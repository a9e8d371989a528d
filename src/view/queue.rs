//! A line of the queue.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::redact::redact;
use super::viewer::Viewer;
use crate::compare::FieldKind;
use crate::domain::case::Case;
use crate::domain::record::{Record, RecordNo};

/// A line of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueLine {
    /// The record.
    pub no: RecordNo,
    /// 整理番号, as in the file.
    pub id: String,
    /// 漢字氏名 of the insurer, as in the file.
    pub name: String,
    /// Who made the last decision.
    pub operator: String,
    /// 期日 or 返信期限.
    pub due: Option<Date>,
    /// 支援措置
    pub protected: bool,
}

impl QueueLine {
    /// The line of a record, without what the viewer may not see.
    pub fn of(record: &Record, case: Case, viewer: &Viewer) -> Self {
        let case = redact(case, viewer);
        Self {
            no: record.no,
            id: record.row.id(),
            name: record.row.left(FieldKind::Kanji).to_owned(),
            protected: case.is_protected(&record.facts),
            operator: case.operator,
            due: case.due,
        }
    }
}
