//! Imports of a quarantine export that was corrected: it is recognised by its columns, concerns only its own rows, and a cell
//! that was not edited keeps the value of the first import.

use std::collections::HashMap;

use super::cells::unguard;
use super::layout::Layout;
use super::others::OTHER_PERSON;
use super::row::{Rejection, RowCells};
use crate::domain::original_codes::OriginalCodes;
use crate::domain::quarantine::{self, QuarantineState};
use crate::domain::record::{Column, Mark};
use crate::store::{ImportRecord, QuarantineRow, Store, StoreError};

/// A rejected row as it was first imported, by columns.
struct Origin {
    row: QuarantineRow,
    /// By [`Column::ALL`]: its cells and what was written out of them.
    cells: Vec<Option<(String, String)>>,
    /// By [`Column::ALL`]: which of its cells that is.
    places: Vec<Option<usize>>,
    /// It has more cells than its file had columns.
    surplus: bool,
}

/// The rejected rows of earlier imports, by number.
pub(crate) struct Corrections(HashMap<u32, Origin>);

/// A row of a correction file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    /// The number of the row it corrects.
    pub(crate) number: u32,
    /// Nothing was corrected.
    pub(crate) unchanged: bool,
    /// It was rejected as perhaps another person's, and an operator confirmed that it is not.
    pub(crate) same_person: bool,
    /// Leading zeros came from the original.
    pub(crate) zeros: bool,
    /// It still has cells beyond the last column of its file.
    pub(crate) surplus: bool,
}

impl Corrections {
    /// Reads the rejected rows of a store.
    pub(crate) fn load(store: &Store) -> Result<Self, StoreError> {
        let snapshot = store.snapshot()?;
        let imports = snapshot.meta()?.imports;
        let mut rows = HashMap::new();
        snapshot.each_held(&mut |row| {
            let import = imports.get((row.import as usize).wrapping_sub(1));
            let cells = import.map(|import| by_column(&row, import)).unwrap_or_default();
            let surplus = import.is_some_and(|import| quarantine::cells(&row.raw).len() > import.header.len());
            let columns = import.map(|import| import.columns.as_slice()).unwrap_or_default();
            let places = columns.iter().map(|place| place.map(usize::from)).collect();
            rows.insert(row.number, Origin { row, cells, places, surplus });
        })?;
        Ok(Self(rows))
    }

    /// Finds the row that a record of the file corrects, and restores the cells that were not edited.
    ///
    /// `None` for a row without a number: it is read like any other.
    pub(crate) fn of<'a>(
        &'a self,
        layout: &Layout,
        at: impl Fn(usize) -> &'a str,
        cells: &mut RowCells<'a>,
    ) -> Result<Option<Correction>, Rejection> {
        let Some(places) = &layout.held else { return Ok(None) };
        let (number, line) = (at(places.number).trim(), at(places.line).trim());
        if number.is_empty() && line.is_empty() {
            return Ok(None);
        }
        let wrong = || {
            let reason = "隔離番号と隔離行が、書き出したときの組と合いません。書き出した値のままにしてください";
            Rejection::new("correction", reason)
        };
        let parsed: u32 = number.parse().map_err(|_| wrong())?;
        let origin = self.0.get(&parsed).filter(|origin| line == origin.row.line.to_string()).ok_or_else(wrong)?;
        let surplus = places.surplus.iter().any(|&place| !at(place).trim().is_empty());
        let mut unchanged = surplus == origin.surplus;
        let mut zeros = false;
        for (cell, original) in cells.iter_mut().zip(&origin.cells) {
            let (original, shown) = original.as_ref().map_or(("", ""), |(a, b)| (a.as_str(), b.as_str()));
            let (back, added) = quarantine::restore(cell, original, shown);
            zeros |= added;
            unchanged &= back == original;
            *cell = back;
        }
        let confirmed = places.confirm.is_some_and(|place| Mark::parse(at(place)) == Some(Mark::Match));
        let settled = matches!(origin.row.state, QuarantineState::Corrected { .. });
        let unchanged = unchanged && !settled && (!confirmed || origin.row.code == "undecodable");
        let same_person = confirmed && origin.row.code == OTHER_PERSON;
        Ok(Some(Correction { number: parsed, unchanged, same_person, zeros, surplus }))
    }
}

impl Corrections {
    /// By [`Column::ALL`]: the cells of a record of the file that were not touched, as they were with the bytes that their
    /// characters had; `None` where it corrects no row.
    pub(super) fn twins<'a>(
        &'a self,
        layout: &Layout,
        at: impl Fn(usize) -> &'a str,
    ) -> Option<Vec<Option<(&'a str, OriginalCodes)>>> {
        let number = at(layout.held.as_ref()?.number).trim().parse().ok()?;
        let origin: &Origin = self.0.get(&number)?;
        let raw = quarantine::cells(&origin.row.raw);
        let twins = origin.row.twins.cut(raw.iter().map(String::as_str));
        let own = |(n, place): (usize, &Option<usize>)| {
            let (original, shown) = origin.cells.get(n)?.as_ref()?;
            let (back, _) = quarantine::restore(at((*place)?), original, shown);
            let place = (*origin.places.get(n)?)?;
            (back == original).then(|| (original.as_str(), twins.get(place).cloned().unwrap_or_default()))
        };
        Some(layout.columns.iter().enumerate().map(own).collect())
    }
}

/// The cells of a rejected row by column, as they were and as they are written out.
fn by_column(row: &QuarantineRow, import: &ImportRecord) -> Vec<Option<(String, String)>> {
    let cells = quarantine::cells(&row.raw);
    let place = |column: Column| import.columns.get(column.index()).copied().flatten().map(usize::from);
    let fits = cells.len() == import.header.len();
    let of = |column| place(column).filter(|_| fits);
    let shown = quarantine::masked(&cells, of(Column::MyNumber), of(Column::Id));
    Column::ALL
        .into_iter()
        .map(|column| {
            let at = place(column)?;
            let bare = |cells: &[String]| unguard(cells.get(at).map_or("", String::as_str)).to_owned();
            Some((bare(&cells), bare(&shown)))
        })
        .collect()
}
