//! A row of a file by columns: its cells, its key, and why it is rejected.

use crate::domain::record::Column;

/// The cells of a row in the order of [`Column::ALL`].
pub(crate) type RowCells<'a> = [&'a str; Column::COUNT];

/// Why a row is rejected and goes to the quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// Short code.
    pub(crate) code: &'static str,
    /// In Japanese, without personal data.
    pub(crate) reason: String,
    /// The column at fault, where it is one.
    pub(crate) column: Option<Column>,
}

impl Rejection {
    /// A fault of the row as a whole.
    pub(crate) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into(), column: None }
    }

    /// A fault of one column.
    pub(crate) fn of(column: Column, code: &'static str, reason: impl Into<String>) -> Self {
        Self { column: Some(column), ..Self::new(code, reason) }
    }
}

/// The key of a record, as [`crate::domain::record::Row::key`] gives it.
pub(crate) fn key(cells: &RowCells<'_>, into: &mut String) {
    let cell = |column: Column| cells[column.index()].trim();
    let id = cell(Column::Id);
    if !id.is_empty() {
        into.push_str(id);
        return;
    }
    if !cell(Column::Number).is_empty() {
        let parts = [Column::InsurerNo, Column::Symbol, Column::Number, Column::Branch, Column::Acquired];
        for (n, column) in parts.into_iter().enumerate() {
            if n > 0 {
                into.push('-');
            }
            into.push_str(cell(column));
        }
        return;
    }
    let mut hash = blake3::Hasher::new();
    for cell in cells {
        hash.update(&(cell.len() as u64).to_le_bytes()).update(cell.as_bytes());
    }
    into.push('#');
    into.push_str(&hash.finalize().to_hex()[..16]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Row;

    proptest::proptest! {
        #[test]
        fn keys_are_those_of_the_rules(texts in proptest::collection::vec("[ 　]{0,1}[0-9a-zあ]{0,3}", Column::COUNT)) {
            let cells: RowCells<'_> = std::array::from_fn(|n| texts[n].as_str());
            let mut mine = String::new();
            key(&cells, &mut mine);
            proptest::prop_assert_eq!(mine, Row { line: 1, cells: texts.clone(), ..Row::default() }.key());
        }
    }
}
