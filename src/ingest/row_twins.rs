//! The characters of a row whose CP932 code is not the one they would be written with, in the order in which its cells are
//! kept.

use super::cells::{RecordCells, unguard};
use super::correction::Corrections;
use super::frame::{Frame, Slab};
use super::layout::Layout;
use super::twins::Twin;
use crate::domain::original_codes::OriginalCodes;
use crate::domain::record::Column;

impl Slab {
    /// The twins in a record, over its text as it stands in the file.
    pub(super) fn twins_of(&self, frame: &Frame) -> OriginalCodes {
        let place = |twin: &Twin| usize::try_from(twin.at).unwrap_or(usize::MAX);
        let range = frame.range();
        let first = self.twins.partition_point(|twin| place(twin) < range.start);
        let own = self.twins[first..].iter().take_while(|twin| place(twin) < range.end);
        OriginalCodes::at(frame.of(&self.text), own.map(|twin| (place(twin) - range.start, twin.bytes)))
    }
}

/// The twins of a record in the order of the columns in which its row is kept: the known ones, then the others.
///
/// A cell of a file of corrected rows that was not touched has the bytes that it had before.
pub(super) fn of_row(
    twins: &OriginalCodes,
    record: &RecordCells<'_>,
    layout: &Layout,
    corrections: Option<&Corrections>,
) -> OriginalCodes {
    let at = |n: usize| record.value(n);
    let cells = twins.cut(record.cells());
    let none = OriginalCodes::default();
    let own = |n: usize| cells.get(n).unwrap_or(&none);
    let before = corrections.and_then(|corrections| corrections.twins(layout, at));
    let known = Column::ALL.into_iter().enumerate().map(|(n, column)| {
        let place = layout.columns[column.index()];
        let now = place.map_or(("", &none), |place| (at(place), own(place)));
        before.as_ref().and_then(|before| before[n].as_ref()).map_or(now, |(text, twins)| (*text, twins))
    });
    let extras = layout.extras.iter().map(|(place, _)| (at(*place), own(*place)));
    OriginalCodes::join(known.chain(extras))
}

/// The twins of a rejected record, over its cells in the order of the file.
pub(super) fn of_rejected(
    twins: OriginalCodes,
    raw: &[String],
    layout: &Layout,
    corrections: Option<&Corrections>,
) -> OriginalCodes {
    let at = |n: usize| raw.get(n).map_or("", |cell| unguard(cell));
    let Some(before) = corrections.and_then(|corrections| corrections.twins(layout, at)) else { return twins };
    let mut cells = twins.cut(raw.iter().map(String::as_str));
    for (place, before) in layout.columns.iter().zip(&before) {
        if let (Some((_, before)), Some(cell)) = (before, place.and_then(|place| cells.get_mut(place))) {
            cell.clone_from(before);
        }
    }
    OriginalCodes::join(raw.iter().map(String::as_str).zip(&cells))
}
