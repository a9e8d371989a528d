//! Imports of a record list that meken exported: it is recognised by its columns, concerns only its own records, and a cell
//! that was not edited keeps the value of the record ([`crate::domain::listed`]).

use std::collections::HashMap;

use super::cells::{Cutter, RecordCells, unguard};
use super::error::IngestError;
use super::frame::Slab;
use super::layout::Layout;
use super::reader::ReadRecord;
use super::row::RowCells;
use crate::domain::formula;
use crate::domain::listed::returned;
use crate::domain::original_codes::OriginalCodes;
use crate::domain::record::{Column, Record};
use crate::store::{ImportRecord, Snapshot, Store, StoreError};

/// The records of a store, as an edited list refers to them.
pub(super) struct Listed<'s> {
    snapshot: Snapshot<'s>,
    /// The column of the key.
    key: usize,
}

/// The records of one slab, by key.
pub(super) type Origins = HashMap<String, Record>;

/// A row of a list compared with the record it was written from.
pub(super) struct Restored<'a> {
    /// What the record holds from now on.
    pub(super) cells: RowCells<'a>,
    /// The same with marks as they were read at the first import, which may have been by a profile.
    pub(super) checked: RowCells<'a>,
    /// Whether every cell is what it was.
    pub(super) untouched: bool,
    /// Whether the 整理番号 is what it was.
    pub(super) same_id: bool,
}

impl<'s> Listed<'s> {
    /// Opens the records of a store for a list.
    pub(super) fn open(store: &'s Store, key: usize) -> Result<Self, StoreError> {
        Ok(Self { snapshot: store.snapshot()?, key })
    }

    /// The key in a row of the list.
    pub(super) fn key_of<'c>(&self, record: &RecordCells<'c>) -> &'c str {
        formula::unguard(record.cell(self.key))
    }

    /// Reads the records of all rows of a slab at once.
    pub(super) fn origins(&self, slab: &Slab, cutter: &mut Cutter) -> Result<Origins, IngestError> {
        let (mut keys, mut nos) = (Vec::new(), Vec::new());
        for frame in &slab.frames {
            let ReadRecord::Cells(record) = cutter.read(frame, &slab.text)? else { continue };
            let key = self.key_of(&record);
            if let Some(no) = self.snapshot.find(key)? {
                keys.push(key.to_owned());
                nos.push(no);
            }
        }
        Ok(keys.into_iter().zip(self.snapshot.records(&nos)?).collect())
    }
}

/// The names of the columns that records have beside the known ones.
pub(super) fn extras(imports: &[ImportRecord]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for import in imports {
        for (at, name) in (0..).zip(&import.header) {
            if !import.columns.contains(&Some(at)) && !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// Restores the cells of a row that were not edited from its record.
pub(super) fn restore<'a>(origin: &'a Record, layout: &Layout, record: &RecordCells<'a>) -> Restored<'a> {
    let mut cells: RowCells<'a> = [""; Column::COUNT];
    let mut checked = cells;
    let (mut untouched, mut same_id) = (true, true);
    for column in Column::ALL {
        let original = origin.row.cell(column);
        let (cell, same, seen) = match layout.columns[column.index()] {
            None => (original, true, original),
            Some(at) => {
                let seen = record.cell(at);
                let back = returned(origin, column, seen);
                (if back.untouched { back.cell } else { unguard(back.cell) }, back.untouched, seen)
            }
        };
        cells[column.index()] = cell;
        let is_mark = matches!(column, Column::Mark(_) | Column::Overall);
        // What was no mark then (blank) is shown as none.
        checked[column.index()] = if is_mark && same { seen } else { cell };
        untouched &= same;
        same_id &= same || column != Column::Id;
    }
    Restored { cells, checked, untouched, same_id }
}

/// The twins of a row of a list, over its cells and the extras of its record: cells that were not edited keep their bytes.
pub(super) fn twins(now: &OriginalCodes, origin: &Record, layout: &Layout, record: &RecordCells<'_>) -> OriginalCodes {
    let row = &origin.row;
    let kept = || Column::ALL.map(|column| row.cell(column)).into_iter();
    let extras = || row.extras.iter().map(|(_, text)| text.as_str());
    let before = row.twins.cut(kept().chain(extras()));
    let now = now.cut(record.cells());
    let none = OriginalCodes::default();
    let one = |(column, before): (Column, &'_ OriginalCodes)| match layout.columns[column.index()] {
        Some(at) if !returned(origin, column, record.cell(at)).untouched => {
            (unguard(returned(origin, column, record.cell(at)).cell).to_owned(), now.get(at).unwrap_or(&none).clone())
        }
        _ => (row.cell(column).to_owned(), before.clone()),
    };
    let mut all: Vec<(String, OriginalCodes)> = Column::ALL.into_iter().zip(&before).map(one).collect();
    all.extend(extras().map(str::to_owned).zip(before.into_iter().skip(Column::COUNT)));
    OriginalCodes::join(all.iter().map(|(text, twins)| (text.as_str(), twins)))
}
