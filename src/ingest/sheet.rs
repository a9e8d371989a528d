//! The rows of a sheet as records: cells are streamed, one slab of rows in memory at a time.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use calamine::{DataRef, XlsxCellReader, XlsxFormulaMetadata};

use super::cell_notes::{CellFault, CellNotes};
use super::cell_text::{self, CellKind};
use super::cells::MAX_RECORD;
use super::error::Refusal;
use super::file_cursor::FileReader;
use super::frame::{Frame, FrameKind, Slab};
use super::hash::{self, CHUNK};
use super::layout::Layout;
use super::merged::MergedRows;
use super::source::RecordSource;
use crate::domain::record::Column;

/// Maximum number of rows and columns of a sheet (ECMA-376; Excel).
const MAXIMUM_ROWS: u32 = 1_048_576;
const MAXIMUM_COLUMNS: u32 = 16_384;

/// Columns that identify somebody: their cells must be text, because a number has lost its leading zeros.
const IDENTIFYING: [Column; 6] =
    [Column::Id, Column::MyNumber, Column::InsurerNo, Column::Symbol, Column::Number, Column::Branch];

/// The rows of one sheet.
pub(super) struct SheetRecords<'w> {
    cells: XlsxCellReader<'w, FileReader>,
    /// The file, to hash it again at the end.
    file: Arc<File>,
    name: String,
    /// Bytes of the file read so far.
    read: Arc<AtomicU64>,
    merged: MergedRows,
    /// The first cell of the row after the one at hand.
    ahead: Option<SheetCell<'w>>,
    row: SheetRow,
    /// The row at hand is given once more.
    again: bool,
    /// The last cell was given.
    at_end: bool,
    text: String,
    /// Columns that must hold text, by their index.
    identifying: Vec<(usize, Column)>,
    /// Number of cells of a row, once the header is known.
    width: Option<usize>,
}

/// A cell as the workbook holds it.
struct SheetCell<'w> {
    row: u32,
    column: usize,
    value: DataRef<'w>,
    formula: bool,
}

/// The cells of the row at hand.
#[derive(Default)]
struct SheetRow {
    number: u32,
    /// By column: where its text stands, and what it holds.
    cells: Vec<(usize, usize, CellKind)>,
    text: String,
    formula: bool,
    /// A formula has no result.
    no_result: bool,
    /// It is longer than any record; what follows is left out.
    too_long: bool,
}

impl SheetRow {
    fn clear(&mut self, number: u32) {
        self.number = number;
        self.cells.clear();
        self.text.clear();
        (self.formula, self.no_result, self.too_long) = (false, false, false);
    }

    fn put(&mut self, cell: &SheetCell<'_>) {
        let start = self.text.len();
        if start > MAX_RECORD {
            self.too_long = true;
            return;
        }
        let kind = cell_text::write(&cell.value, &mut self.text);
        self.formula |= cell.formula;
        self.no_result |= cell.formula && kind == CellKind::Empty;
        if start == self.text.len() {
            return;
        }
        if self.cells.len() <= cell.column {
            self.cells.resize(cell.column + 1, (0, 0, CellKind::Empty));
        }
        self.cells[cell.column] = (start, self.text.len(), kind);
    }

    fn is_empty(&self) -> bool {
        self.cells.is_empty() && !self.no_result
    }

    fn kind(&self, column: usize) -> CellKind {
        self.cells.get(column).map_or(CellKind::Empty, |(_, _, kind)| *kind)
    }

    /// Appends the row as a record in CSV form, with cells up to `width` at least: a sheet does not hold those that are empty.
    fn write(&self, width: usize, into: &mut String) {
        for (column, (start, end, _)) in self.cells.iter().enumerate() {
            if column > 0 {
                into.push(',');
            }
            let cell = &self.text[*start..*end];
            if cell.bytes().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r')) {
                into.push('"');
                into.push_str(&cell.replace('"', "\"\""));
                into.push('"');
            } else {
                into.push_str(cell);
            }
        }
        into.extend(std::iter::repeat_n(',', width.saturating_sub(self.cells.len().max(1))));
    }
}

/// What a sheet is read from.
pub(super) struct SheetFile {
    pub(super) file: Arc<File>,
    pub(super) name: String,
    pub(super) read: Arc<AtomicU64>,
    pub(super) merged: MergedRows,
}

impl<'w> SheetRecords<'w> {
    /// The records of a sheet before its first row.
    pub(super) fn new(cells: XlsxCellReader<'w, FileReader>, of: SheetFile) -> Self {
        let SheetFile { file, name, read, merged } = of;
        Self {
            cells,
            file,
            name,
            read,
            merged,
            ahead: None,
            row: SheetRow::default(),
            again: false,
            at_end: false,
            text: String::new(),
            identifying: Vec::new(),
            width: None,
        }
    }

    /// The next cell; `None` at the end of the sheet.
    fn cell(&mut self) -> Result<Option<SheetCell<'w>>, Refusal> {
        if self.ahead.is_some() || self.at_end {
            return Ok(self.ahead.take());
        }
        let unreadable = || Refusal::Sheet { file: self.name.clone(), line: self.row.number.max(1) };
        let next = self.cells.next_cell_with_formula_metadata().map_err(|_| unreadable())?;
        let Some(record) = next else {
            self.at_end = true;
            return Ok(None);
        };
        let (row, column) = record.pos;
        if row >= MAXIMUM_ROWS || column >= MAXIMUM_COLUMNS {
            return Err(unreadable());
        }
        let formula = record.formula.is_some_and(|formula| match formula {
            XlsxFormulaMetadata::Normal { formula } => !formula.is_empty(),
            _ => true,
        });
        Ok(Some(SheetCell { row: row + 1, column: column as usize, value: record.value, formula }))
    }

    /// Reads the next row that is not empty into [`Self::row`]; `false` at the end.
    fn next_row(&mut self) -> Result<bool, Refusal> {
        if std::mem::take(&mut self.again) {
            return Ok(true);
        }
        loop {
            let Some(first) = self.cell()? else { return Ok(false) };
            if first.row <= self.row.number {
                // Rows that stand in another order, or twice.
                return Err(Refusal::Sheet { file: self.name.clone(), line: first.row });
            }
            self.row.clear(first.row);
            self.row.put(&first);
            while let Some(cell) = self.cell()? {
                if cell.row != first.row {
                    self.ahead = Some(cell);
                    break;
                }
                self.row.put(&cell);
            }
            if !self.row.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Appends the row at hand to the text.
    fn frame(&mut self) -> Frame {
        let start = self.text.len();
        self.row.write(self.width.unwrap_or(0), &mut self.text);
        let mut kind = FrameKind::Record;
        if self.row.too_long || self.text.len() - start > MAX_RECORD {
            kind = FrameKind::TooLong;
            let end = self.text.floor_char_boundary(self.text.len().min(start + MAX_RECORD));
            self.text.truncate(end);
        }
        let quoted = self.text[start..].contains('"');
        let notes = self.notes();
        Frame::of_row(kind, start..self.text.len(), self.row.number, quoted, notes)
    }

    fn notes(&mut self) -> CellNotes {
        let not_text = self.identifying.iter().find(|(at, _)| self.row.kind(*at) == CellKind::NotText);
        let fault = if self.row.no_result {
            Some(CellFault::NoResult)
        } else if self.merged.is_merged(self.row.number, self.width.unwrap_or(usize::MAX)) {
            Some(CellFault::Merged)
        } else {
            not_text.map(|(_, column)| CellFault::NotText(*column))
        };
        CellNotes { formula: self.row.formula, fault }
    }
}

impl RecordSource for SheetRecords<'_> {
    fn advance(&mut self) -> Result<Option<Frame>, Refusal> {
        self.text.clear();
        Ok(self.next_row()?.then(|| self.frame()))
    }

    fn text(&self) -> &str {
        &self.text
    }

    fn back(&mut self, _: &Frame) {
        self.again = true;
    }

    fn expect(&mut self, layout: &Layout) {
        self.width = Some(layout.width);
        // Corrected rows and lists are compared with what was written out, which restores lost zeros.
        if layout.held.is_none() && layout.listed.is_none() {
            let place = |column: Column| Some((layout.columns[column.index()]?, column));
            self.identifying = IDENTIFYING.into_iter().filter_map(place).collect();
        }
    }

    fn slab(&mut self) -> Result<Option<Slab>, Refusal> {
        self.text.clear();
        let mut frames = Vec::new();
        while self.text.len() < CHUNK && self.next_row()? {
            frames.push(self.frame());
        }
        if frames.is_empty() {
            return Ok(None);
        }
        let bytes = self.read.load(Ordering::Relaxed);
        Ok(Some(Slab { text: std::mem::take(&mut self.text), frames, bytes, twins: Vec::new() }))
    }

    fn sha256(&mut self) -> String {
        // A file that cannot be read any more has changed.
        hash::whole(&self.file, None).ok().flatten().unwrap_or_default()
    }
}
