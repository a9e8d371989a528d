//! A row of a file: its cells as decoded, and what is read from them directly.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::marks::{Mark, Marks, Overall, parse_multiple, parse_protected};
use crate::compare::FieldKind;
use crate::domain::original_codes::OriginalCodes;
use crate::domain::person::{MyNumber, PerField};

/// The number of a record inside a store: given at its first import, never reused, the same across newer files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordNo(pub u32);

/// Anything that holds the known columns of a row: a stored [`Row`], or the cells of a row on its way into the store.
pub trait Cells {
    /// The text of a column, empty where the file has none.
    fn cell(&self, column: Column) -> &str;

    /// What the insurer registered.
    fn left(&self, field: FieldKind) -> &str {
        self.cell(Column::Left(field))
    }

    /// What the resident register says.
    fn right(&self, field: FieldKind) -> &str {
        self.cell(Column::Right(field))
    }

    /// The 個人番号, where it has a readable form.
    fn my_number(&self) -> Option<MyNumber> {
        MyNumber::parse(self.cell(Column::MyNumber))
    }

    /// The five marks and 複数の有効な資格.
    fn marks(&self) -> Marks {
        Marks {
            fields: PerField::from_fn(|field| Mark::parse(self.cell(Column::Mark(field))).unwrap_or(Mark::Unreadable)),
            multiple: parse_multiple(self.cell(Column::Multiple)),
        }
    }

    /// Whether the file marks the record with 支援措置 (RULES §8).
    fn protected(&self) -> bool {
        parse_protected(self.cell(Column::Protected))
    }

    /// The 総合判定.
    fn overall(&self) -> Overall {
        Overall::parse(self.cell(Column::Overall)).unwrap_or(Overall::Unreadable)
    }
}

impl Cells for [&str; Column::COUNT] {
    fn cell(&self, column: Column) -> &str {
        self[column.index()]
    }
}

impl Cells for Row {
    fn cell(&self, column: Column) -> &str {
        self.cells.get(column.index()).map_or("", String::as_str)
    }
}

/// A row as it stood in the file: every cell as decoded, never normalised.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// The physical line in the file, counted from 1.
    pub line: u32,
    /// The known columns in the order of [`Column::ALL`]; empty where the file has none.
    pub cells: Vec<String>,
    /// Extra columns with their header.
    pub extras: Vec<(String, String)>,
    /// Its characters that would be written with other bytes than they had, over all cells and extras in order.
    pub twins: OriginalCodes,
}

/// `Debug` leaves the cells out: they are personal data.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("line", &self.line).finish_non_exhaustive()
    }
}

impl Row {
    /// The text of a column, empty where the file has none.
    pub fn cell(&self, column: Column) -> &str {
        Cells::cell(self, column)
    }

    /// What the insurer registered.
    pub fn left(&self, field: FieldKind) -> &str {
        Cells::left(self, field)
    }

    /// What the resident register says.
    pub fn right(&self, field: FieldKind) -> &str {
        Cells::right(self, field)
    }

    /// The id shown to people: 整理番号 where the file has one, else the record key.
    pub fn id(&self) -> String {
        self.key()
    }

    /// The key of the record across files: 整理番号; without it 保険者番号+記号+番号+枝番+取得日, else a fingerprint of the
    /// row (RULES §7).
    pub fn key(&self) -> String {
        let id = self.cell(Column::Id).trim();
        if !id.is_empty() {
            return id.to_owned();
        }
        let parts = [Column::InsurerNo, Column::Symbol, Column::Number, Column::Branch, Column::Acquired];
        if !self.cell(Column::Number).trim().is_empty() {
            return parts.map(|column| self.cell(column).trim()).join("-");
        }
        let mut hash = blake3::Hasher::new();
        for cell in &self.cells {
            hash.update(&(cell.len() as u64).to_le_bytes()).update(cell.as_bytes());
        }
        format!("#{}", &hash.finalize().to_hex()[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_a_record() {
        let mut row = Row { line: 2, cells: vec![String::new(); Column::COUNT], ..Row::default() };
        let print = row.key();
        assert!(print.starts_with('#') && print.len() == 17);
        row.cells[Column::InsurerNo.index()] = "169854".into();
        row.cells[Column::Number.index()] = "123".into();
        row.cells[Column::Acquired.index()] = "20200401".into();
        assert_eq!(row.key(), "169854--123--20200401");
        row.cells[Column::Id.index()] = "0000000001".into();
        assert_eq!(row.key(), "0000000001");
    }
}
