//! 出力: the screen of the 解除 lists and 件数報告 that were made, and of what the next ones would be.

use super::window::Window;
use crate::view::{BatchSummary, Contradiction, NextRelease, Outputs, ReportView};

/// A line of 出力.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// The next 解除 list.
    Next(&'a NextRelease),
    /// A 解除 list that was made.
    Sent(&'a BatchSummary),
    /// A 件数報告.
    Count(&'a ReportView),
}

/// The screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// What it shows, once read.
    pub all: Option<Outputs>,
    /// Records with one 個人番号 decided both ways (G9); `None` until looked for.
    pub contradictions: Option<Vec<Contradiction>>,
    /// The visible part.
    pub window: Window,
}

impl Output {
    /// The lines: next list, lists, counts now, frozen reports.
    pub fn len(&self) -> usize {
        self.all.as_ref().map_or(0, |all| 2 + all.sent.len() + all.frozen.len())
    }

    /// Whether nothing is read yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A line.
    pub fn entry(&self, row: usize) -> Option<Entry<'_>> {
        let all = self.all.as_ref()?;
        let sent = all.sent.len();
        match row {
            0 => Some(Entry::Next(&all.next)),
            row if row <= sent => all.sent.get(row - 1).map(Entry::Sent),
            row if row == sent + 1 => Some(Entry::Count(&all.now)),
            row => all.frozen.get(row - sent - 2).map(Entry::Count),
        }
    }

    /// The line at the cursor.
    pub fn here(&self) -> Option<Entry<'_>> {
        self.entry(self.window.cursor)
    }
}
