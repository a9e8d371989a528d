//! 隔離: the screen of the rows that an import held back.

use super::window::Window;
use crate::view::HeldView;

/// The screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// The rows, once read.
    pub rows: Option<Vec<HeldView>>,
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
    pub fn here(&self) -> Option<&HeldView> {
        self.rows.as_ref()?.get(self.window.cursor)
    }
}
