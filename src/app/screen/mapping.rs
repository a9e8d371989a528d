//! 列の対応: which column of a file is which, chosen by the operator where the header does not say.

use crate::app::action::{Action, Screen};
use crate::app::job::{ImportSource, Job};
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::palette::Palette;
use crate::app::next::Next;
use crate::app::shared::Shared;
use crate::app::viewport::Viewport;
use crate::config::keymap::Layer;
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
    pub viewport: Viewport,
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
            self.viewport.cursor = at % len;
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
        self.columns.get(self.viewport.cursor)
    }

    /// Does an action.
    pub fn on_action(&mut self, shared: &mut Shared, action: Action) -> Next {
        match action {
            Action::Open => Next::Open(Modal::Palette(Palette::of_columns())),
            Action::Dismiss => self.take_for(shared, None),
            Action::Write => {
                if let [first, rest @ ..] = &self.missing()[..] {
                    let more = if rest.is_empty() { String::new() } else { format!(" ほか{}列", rest.len()) };
                    return Next::say(Weight::Warning, format!("まだ足りません: {}{more}", first.name()));
                }
                Next::Begin(Job::Check(ImportSource { columns: self.chosen(), ..self.source.clone() }))
            }
            _ => Next::NotHere,
        }
    }

    /// Takes the selected column of the file for something, and goes on to the next one.
    pub fn take_for(&mut self, shared: &mut Shared, column: Option<Column>) -> Next {
        let row = self.viewport.cursor;
        self.choose(row, column);
        if column.is_some() && !self.missing().is_empty() {
            self.go_to_open(row);
        }
        shared.detail_top = 0;
        let missing = self.missing().len();
        let words = if missing == 0 {
            format!("対応が揃いました。{} で検査に進めます", shared.key_for(Layer::List, Action::Write))
        } else {
            format!("不足 {missing} 列")
        };
        Next::say(Weight::Info, words)
    }

    /// A file has come whose columns cannot be told by its header.
    pub fn on_unmapped(&mut self, shared: &mut Shared, mapping: Self) {
        *self = mapping;
        self.go_to_open(0);
        shared.show(Screen::Mapping);
        shared.detail_top = 0;
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
        assert_eq!(mapping.viewport.cursor, 1);
        mapping.choose(1, Some(kanji));
        mapping.go_to_open(1);
        assert_eq!(mapping.viewport.cursor, 2);
        mapping.choose(1, None);
        mapping.choose(99, Some(Column::Id));
        assert_eq!(mapping.chosen(), []);
    }
}
