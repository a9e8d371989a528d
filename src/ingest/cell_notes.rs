//! What the cells of a sheet are beside their text: a number where a text belongs, a formula, a merged cell. Text files have none of it.

use super::row::Rejection;
use crate::domain::record::Column;

/// What the cells of a record are beside their text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CellNotes {
    /// A cell holds the saved result of a formula.
    pub(crate) formula: bool,
    /// Why the record cannot be used as it stands.
    pub(crate) fault: Option<CellFault>,
}

/// A cell whose text is not what was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellFault {
    /// A number, a date, a truth value or an error where a column identifies somebody.
    NotText(Column),
    /// A formula whose result was never computed.
    NoResult,
    /// It is merged with another one, so that its value stands in one of several cells.
    Merged,
}

impl CellFault {
    /// The fault as it stands in quarantine.
    pub(super) fn rejection(self) -> Rejection {
        match self {
            Self::NotText(column) => Rejection::of(
                column,
                "number-cell",
                format!(
                    "{}が文字列ではなく数値のセルです。先頭の 0 や桁が失われているおそれがあります。元の値を確かめ、文字列にして取り込み直してください",
                    column.name()
                ),
            ),
            Self::NoResult => Rejection::new(
                "formula-empty",
                "数式の計算結果が保存されていません。表計算ソフトで開いて保存し直すか、値を入れてください",
            ),
            Self::Merged => Rejection::new(
                "merged-cells",
                "結合されたセルがあります。結合を解き、それぞれのセルに値を入れてください",
            ),
        }
    }
}
