//! Merged cells of a sheet: the value stands in the first one, the others are empty, and nobody can say whose it is.

use calamine::Dimensions;

/// The rows with merged cells, asked for in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct MergedRows {
    /// First row (from 1), last row and first column (from 0) of each region, the last ones first.
    regions: Vec<(u32, u32, usize)>,
    /// By first column: the last row that a region so far reaches.
    reached: Vec<(usize, u32)>,
}

impl MergedRows {
    /// The regions of a sheet.
    pub(super) fn new(regions: &[Dimensions]) -> Self {
        let regions = regions.iter().filter(|region| region.start != region.end);
        let mut regions: Vec<_> =
            regions.map(|region| (region.start.0 + 1, region.end.0 + 1, region.start.1 as usize)).collect();
        regions.sort_unstable_by(|a, b| b.cmp(a));
        Self { regions, reached: Vec::new() }
    }

    /// Whether a row has merged cells among its first `width` columns.
    pub(super) fn is_merged(&mut self, row: u32, width: usize) -> bool {
        while let Some((_, last, column)) = self.regions.pop_if(|(first, ..)| *first <= row) {
            self.reached.push((column, last));
        }
        self.reached.retain(|(_, last)| *last >= row);
        self.reached.iter().any(|(column, _)| *column < width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_between_first_and_last_are_merged() {
        let region = |start, end| Dimensions { start, end };
        let mut merged = MergedRows::new(&[
            region((9, 0), (9, 3)),
            region((0, 0), (1, 0)),
            region((4, 40), (8, 41)),
            region((3, 2), (3, 2)),
        ]);
        let found: Vec<u32> = (1..15).filter(|row| merged.is_merged(*row, 30)).collect();
        assert_eq!(found, [1, 2, 10]);
    }
}
