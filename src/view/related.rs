//! The rows related to a record.

use serde::{Deserialize, Serialize};

use crate::compare::{FieldKind, visible};
use crate::domain::record::{Column, Record, RecordNo};

/// A row related to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedRecords {
    /// The rows.
    pub rows: Vec<RelatedRecord>,
    /// How many rows before and after were looked at, where that was not the whole file.
    pub within: Option<u32>,
}

impl RelatedRecord {
    /// A record and why it is related. Of its row only the five fields and the dates of 資格 are told.
    pub fn of(record: &Record, why: &str) -> Self {
        let row = &record.row;
        let shown = |text: &str| if text.is_empty() { "(空欄)".to_owned() } else { visible(text).into_owned() };
        let mut detail: Vec<(String, String)> = Vec::new();
        for field in FieldKind::ALL {
            let (left, right) = (row.left(field), row.right(field));
            detail.push((format!("{} 加入者", field.short()), shown(left)));
            if left != right {
                detail.push(("     J-LIS".to_owned(), shown(right)));
            }
        }
        let dates =
            [(Column::Acquired, "取得"), (Column::Lost, "喪失")].map(|(column, word)| (word, row.cell(column).trim()));
        let dates = dates.into_iter().filter(|(_, text)| !text.is_empty());
        let dates: Vec<String> = dates.map(|(word, text)| format!("{word} {}", visible(text))).collect();
        if !dates.is_empty() {
            detail.push(("資格".to_owned(), dates.join("  ")));
        }
        let class = record.facts.class.label();
        let [name, birth, address] =
            [FieldKind::Kanji, FieldKind::Birth, FieldKind::Address].map(|field| visible(row.left(field)));
        Self { no: record.no, id: row.id(), summary: format!("{why}  {class}  {name}  {birth}  {address}"), detail }
    }
}
