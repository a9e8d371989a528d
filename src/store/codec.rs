//! Rows and search texts as bytes.
//!
//! A packed row holds the cells of [`Column::ALL`] as decoded, nothing normalised. Left, right and mark stand beside one
//! another, and left equals right in most fields of most rows, so "as the cell before" is a code of its own; so are the
//! marks. Extras are kept as the index into the header of their import ([`super::ImportRecord::header`]); the store resolves the names
//! when it reads a row, because it knows which import wrote which rows.
//!
//! Reading never panics: bytes that hold no row give `None`, and the caller names the fault without the text.

use crate::domain::original_codes::OriginalCodes;
use crate::domain::record::{Column, Row};

/// Version byte of a packed row.
pub(super) const ROW_VERSION: u8 = 2;

/// Rows of this version have no [`WORDS`].
pub(super) const WORDLESS: u8 = 1;

/// Cells that nearly every row has, marks and codes of 性別; each is a code of its own. New ones may only be added with a
/// new version.
pub(super) const WORDS: [&str; 5] = ["○", "×", "△", "1", "2"];

/// The codes 0 (empty) and 1 (as the cell before) come first, then the words.
pub(super) const FIRST_WORD: u64 = 2;

/// A packed row may be no longer: a record has 64 KiB at most (ARCHITECTURE "How an import runs"), decoded perhaps
/// twice that.
pub(super) const ROW_LIMIT: usize = 1024 * 1024;

/// Packs rows one by one into a buffer that it keeps; needs no store, so it can run in another thread.
#[derive(Debug, Default)]
pub struct RowPacker {
    buffer: Vec<u8>,
}

impl RowPacker {
    /// A packer with an empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Packs one row: its physical line, its cells in the order of [`Column::ALL`] (missing ones are empty, more are left
    /// out), and its extras as index into the header of the file and value.
    pub fn pack<'c>(
        &mut self,
        line: u32,
        cells: impl IntoIterator<Item = &'c str>,
        extras: impl IntoIterator<Item = (u16, &'c str)>,
    ) -> &[u8] {
        self.buffer.clear();
        pack(&mut self.buffer, line, cells, extras);
        &self.buffer
    }

    /// Packs a row as it stands; extras take the place of their header in `header`, unknown ones are left out.
    pub fn pack_row(&mut self, row: &Row, header: &[String]) -> &[u8] {
        let extras = row.extras.iter().filter_map(|(name, value)| {
            let index = header.iter().position(|known| known == name)?;
            Some((u16::try_from(index).ok()?, value.as_str()))
        });
        self.pack(row.line, row.cells.iter().map(String::as_str), extras);
        add_twins(&mut self.buffer, &row.twins);
        &self.buffer
    }
}

/// Packs one row as [`RowPacker::pack`] does, behind what a buffer holds already.
pub fn pack<'c>(
    buffer: &mut Vec<u8>,
    line: u32,
    cells: impl IntoIterator<Item = &'c str>,
    extras: impl IntoIterator<Item = (u16, &'c str)>,
) {
    buffer.push(ROW_VERSION);
    write_number(buffer, u64::from(line));
    let mut before = "";
    let mut count = 0;
    for cell in cells.into_iter().take(Column::COUNT) {
        write_cell(buffer, cell, before);
        before = cell;
        count += 1;
    }
    for _ in count..Column::COUNT {
        write_cell(buffer, "", "");
    }
    for (index, value) in extras {
        write_number(buffer, u64::from(index) + 1);
        write_number(buffer, value.len() as u64);
        buffer.extend(value.as_bytes());
    }
    write_number(buffer, 0);
}

/// Adds to the row packed last which of its characters would be written with other bytes, over all its cells and extras.
pub fn add_twins(buffer: &mut Vec<u8>, twins: &OriginalCodes) {
    for (nth, bytes) in twins.iter() {
        write_number(buffer, u64::from(nth));
        buffer.extend(bytes);
    }
}

/// 0: empty; 1: as the cell before; then the [`WORDS`] from [`FIRST_WORD`] on; else the length above all these.
pub(super) fn write_cell(buffer: &mut Vec<u8>, cell: &str, before: &str) {
    let code = match cell {
        "" => 0,
        // Written out: a search through the table would cost as much as the copy that is saved.
        "○" => 2,
        "×" => 3,
        "△" => 4,
        "1" => 5,
        "2" => 6,
        _ if cell == before => 1,
        _ => {
            write_number(buffer, cell.len() as u64 + FIRST_WORD + WORDS.len() as u64);
            buffer.extend(cell.as_bytes());
            return;
        }
    };
    buffer.push(code);
}

/// LEB128.
pub(super) fn write_number(buffer: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        buffer.push(number as u8 | 0x80);
        number >>= 7;
    }
    buffer.push(number as u8);
}

/// Walks over bytes that may hold anything.
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self, length: usize) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(length)?).ok()
    }
}

/// The first so many of the known columns of a packed row, as they stand in its bytes, the others empty; `None` when these
/// hold no row.
pub(crate) fn cells(packed: &[u8], count: usize) -> Option<[&str; Column::COUNT]> {
    let mut cursor = Cursor(packed);
    let words = match cursor.byte()? {
        ROW_VERSION => &WORDS[..],
        WORDLESS => &[],
        _ => return None,
    };
    cursor.number()?;
    let mut cells = [""; Column::COUNT];
    let mut before = "";
    for cell in cells.iter_mut().take(count) {
        before = match cursor.number()? {
            0 => "",
            1 => before,
            code => {
                let code = usize::try_from(code - FIRST_WORD).ok()?;
                match words.get(code) {
                    Some(word) => word,
                    None => cursor.text(code - words.len())?,
                }
            }
        };
        *cell = before;
    }
    Some(cells)
}

/// Reads a packed row; `None` when the bytes hold none. An extra beyond the header is named by its place (`列12`).
pub(super) fn unpack_row(packed: &[u8], header: &[String]) -> Option<Row> {
    let mut cursor = Cursor(packed);
    let words = match cursor.byte()? {
        ROW_VERSION => &WORDS[..],
        WORDLESS => &[],
        _ => return None,
    };
    let line = u32::try_from(cursor.number()?).ok()?;
    let mut cells: Vec<String> = Vec::with_capacity(Column::COUNT);
    for _ in 0..Column::COUNT {
        let cell = match cursor.number()? {
            0 => String::new(),
            1 => cells.last()?.clone(),
            code => {
                let code = usize::try_from(code - FIRST_WORD).ok()?;
                match words.get(code) {
                    Some(word) => (*word).to_owned(),
                    None => cursor.text(code - words.len())?.to_owned(),
                }
            }
        };
        cells.push(cell);
    }
    let mut extras = Vec::new();
    loop {
        let place = usize::try_from(cursor.number()?).ok()?;
        if place == 0 {
            break;
        }
        let length = usize::try_from(cursor.number()?).ok()?;
        let name = header.get(place - 1).cloned().unwrap_or_else(|| format!("列{place}"));
        extras.push((name, cursor.text(length)?.to_owned()));
    }
    let mut twins = OriginalCodes::default();
    while !cursor.0.is_empty() {
        let nth = u32::try_from(cursor.number()?).ok()?;
        twins.push(nth, cursor.bytes(2)?.try_into().ok()?);
    }
    Some(Row { line, cells, extras, twins })
}

/// Appends a search text to a chunk.
pub(super) fn write_search(chunk: &mut Vec<u8>, no: u32, text: &str) {
    chunk.extend(no.to_le_bytes());
    write_number(chunk, text.len() as u64);
    chunk.extend(text.as_bytes());
}

/// The search texts of a chunk; `None` when the bytes hold something else.
pub(super) fn read_search(chunk: &[u8], mut each: impl FnMut(u32, &str)) -> Option<()> {
    let mut cursor = Cursor(chunk);
    while !cursor.0.is_empty() {
        let no = u32::from_le_bytes(cursor.bytes(4)?.try_into().ok()?);
        let length = usize::try_from(cursor.number()?).ok()?;
        each(no, cursor.text(length)?);
    }
    Some(())
}
