//! 隔離: rows that an import held back.

use super::window::Window;

/// A row that was held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRow {
    /// The import that held it back.
    pub import: u32,
    /// File name without folder.
    pub file: String,
    /// Physical line from 1.
    pub line: u32,
    /// Short code of the reason.
    pub code: String,
    /// The reason.
    pub reason: String,
    /// The cells of the file; 個人番号 masked.
    pub raw: Vec<String>,
}

/// The screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// The rows, once read.
    pub rows: Option<Vec<HeldRow>>,
    /// The visible part.
    pub window: Window,
}

impl Held {
    /// How many rows are known.
    pub fn len(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len)
    }

    /// Whether no row is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at the cursor.
    pub fn here(&self) -> Option<&HeldRow> {
        self.rows.as_ref()?.get(self.window.cursor)
    }
}
