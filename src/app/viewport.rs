//! The visible part of a list: where it begins and which row is selected.

use std::ops::Range;

/// A viewport over a list of any length; only the rows in it are ever asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Viewport {
    /// The first visible row.
    pub top: usize,
    /// The selected row.
    pub cursor: usize,
}

impl Viewport {
    /// Keeps the cursor inside the list and the viewport around the cursor, with a row to spare where there is room.
    pub fn fit(&mut self, len: usize, height: usize) {
        self.cursor = self.cursor.min(len.saturating_sub(1));
        let height = height.max(1);
        let spare = if height >= 5 { 1 } else { 0 };
        self.top = self.top.min(self.cursor.saturating_sub(spare));
        if self.cursor + spare >= self.top + height {
            self.top = self.cursor + spare + 1 - height;
        }
        self.top = self.top.min(len.saturating_sub(height));
    }

    /// Moves the cursor by rows, stopping at both ends.
    pub fn step(&mut self, by: isize, len: usize, height: usize) {
        self.cursor = self.cursor.saturating_add_signed(by);
        self.fit(len, height);
    }

    /// The visible rows.
    pub fn visible(&self, len: usize, height: usize) -> Range<usize> {
        let end = (self.top + height).min(len);
        self.top.min(end)..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_cursor_is_always_visible(
            moves in proptest::collection::vec((-50isize..50, 0usize..60, 0usize..20), 1..40),
        ) {
            let mut viewport = Viewport::default();
            for (by, len, height) in moves {
                viewport.step(by, len, height);
                let visible = viewport.visible(len, height.max(1));
                proptest::prop_assert!(visible.len() <= height.max(1));
                if len > 0 {
                    proptest::prop_assert!(visible.contains(&viewport.cursor));
                    proptest::prop_assert_eq!(visible.len(), len.min(height.max(1)));
                }
            }
        }
    }
}
