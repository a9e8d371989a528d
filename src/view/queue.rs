//! A line of the queue.

use jiff::civil::Date;

use crate::domain::record::RecordNo;

/// A line of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
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
