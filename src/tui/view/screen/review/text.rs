//! Lines of a record being put together.

use crate::compare::{CellWidth, visible};
use crate::config::theme::Role;
use crate::tui::view::canvas::{Line, span};

/// Lines of a record being put together: words and texts that wrap under themselves.
pub(super) struct Out {
    pub(super) lines: Vec<Line>,
    pub(super) width: CellWidth,
    pub(super) w: usize,
}

impl Out {
    /// Adds a line.
    pub(super) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Writes a word and several texts that are broken between them where possible.
    pub(super) fn listed(&mut self, head: &str, head_role: Role, items: &[String], role: Role) {
        let indent = self.width.of(head);
        let room = self.w.saturating_sub(indent).max(4);
        let mut rows: Vec<String> = Vec::new();
        for item in items {
            match rows.last_mut() {
                Some(row) if self.width.of(row) + 2 + self.width.of(item) <= room => {
                    row.push_str("  ");
                    row.push_str(item);
                }
                _ => rows.push(item.clone()),
            }
        }
        for (n, row) in rows.iter().enumerate() {
            let first = if n == 0 { head.to_owned() } else { " ".repeat(indent) };
            self.wrapped(&first, head_role, row, role);
        }
    }

    /// Writes a word and a text that wraps under itself.
    pub(super) fn wrapped(&mut self, head: &str, head_role: Role, text: &str, role: Role) {
        let indent = self.width.of(head);
        let room = self.w.saturating_sub(indent).max(4);
        for (n, range) in self.width.wrap(text, room).into_iter().enumerate() {
            let first = if n == 0 { head.to_owned() } else { " ".repeat(indent) };
            self.push(vec![span(first, head_role), span(&text[range], role)]);
        }
    }
}

/// A text made visible; words for an empty one.
pub(super) fn shown(text: &str) -> String {
    if text.is_empty() { "(空欄)".to_owned() } else { visible(text).into_owned() }
}
