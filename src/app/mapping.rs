//! 列の対応: which column of a file is which, chosen by the operator where the header does not say.

use super::job::ImportSource;
use super::window::Window;
use crate::domain::record::Column;

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileColumn {
    /// Its number from 1.
    pub number: usize,
    /// Its header name, visible; empty where the file has no header.
    pub name: String,
    /// The values of the first rows, visible; 個人番号 masked.
    pub samples: Vec<String>,
    /// What it is taken for.
    pub column: Option<Column>,
}

/// The screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// The file as the operator named it, and how it is to be read.
    pub source: ImportSource,
    /// The columns in the order of the file.
    pub columns: Vec<FileColumn>,
    /// The visible part.
    pub window: Window,
}

impl Mapping {
    /// Whether a file is refused without a column (RULES §7).
    pub fn is_needed(column: Column) -> bool {
        matches!(column, Column::Left(_) | Column::Right(_) | Column::Mark(_) | Column::Overall)
    }

    /// Takes a column of the file for something; what was taken for it before is taken for nothing.
    pub fn choose(&mut self, row: usize, column: Option<Column>) {
        if column.is_some() {
            self.columns.iter_mut().filter(|one| one.column == column).for_each(|one| one.column = None);
        }
        if let Some(one) = self.columns.get_mut(row) {
            one.column = column;
        }
    }

    /// Goes to the first column from a row on that is taken for nothing, going round.
    pub fn go_to_open(&mut self, row: usize) {
        let len = self.columns.len();
        let open = (row..row + len).find(|at| self.columns[at % len].column.is_none());
        if let Some(at) = open {
            self.window.cursor = at % len;
        }
    }

    /// The needed columns that no column of the file is taken for.
    pub fn missing(&self) -> Vec<Column> {
        let open =
            |column: &Column| Self::is_needed(*column) && self.columns.iter().all(|one| one.column != Some(*column));
        Column::ALL.into_iter().filter(open).collect()
    }

    /// What was chosen: column and number in the file.
    pub fn chosen(&self) -> Vec<(Column, usize)> {
        self.columns.iter().filter_map(|one| Some((one.column?, one.number))).collect()
    }

    /// The column at the cursor.
    pub fn here(&self) -> Option<&FileColumn> {
        self.columns.get(self.window.cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::FieldKind;

    #[test]
    fn no_column_is_taken_twice_and_what_is_missing_is_named() {
        let column = |number, column| FileColumn { number, name: format!("列{number}"), samples: vec![], column };
        let kanji = Column::Left(FieldKind::Kanji);
        let mut mapping = Mapping {
            columns: vec![column(1, Some(Column::Id)), column(2, None), column(3, Some(kanji))],
            ..Mapping::default()
        };
        assert_eq!(mapping.missing().len(), 15);
        mapping.choose(1, Some(kanji));
        assert_eq!(mapping.chosen(), [(Column::Id, 1), (kanji, 2)]);
        mapping.choose(1, None);
        assert_eq!(mapping.missing().len(), 16);
        mapping.go_to_open(1);
        assert_eq!(mapping.window.cursor, 1);
        mapping.choose(1, Some(kanji));
        mapping.go_to_open(1);
        assert_eq!(mapping.window.cursor, 2);
        mapping.choose(1, None);
        mapping.choose(99, Some(Column::Id));
        assert_eq!(mapping.chosen(), []);
    }
}
