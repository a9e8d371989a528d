//! 隔離: rows that an import held back, and what became of them.

use super::window::Window;
use crate::domain::held::HeldState;

/// A row that was held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRow {
    /// Its running number.
    pub number: u32,
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
    /// Where it stands.
    pub state: HeldState,
    /// Who closed it, when and why, in words; empty while it is open.
    pub closed: String,
    /// Header names of its file.
    pub names: Vec<String>,
    /// Its cells, visible; 個人番号 masked.
    pub cells: Vec<String>,
    /// The place of the cell at fault, where it is one.
    pub fault: Option<usize>,
}

/// The screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// The rows, once read.
    pub rows: Option<Vec<HeldRow>>,
    /// Whether closed rows are shown as well.
    pub closed: bool,
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

    /// How many of them are open.
    pub fn open(&self) -> usize {
        self.rows.iter().flatten().filter(|row| row.state.is_open()).count()
    }

    /// The row at the cursor.
    pub fn here(&self) -> Option<&HeldRow> {
        self.rows.as_ref()?.get(self.window.cursor)
    }
}
