//! Packs rows for the store: the seam to its codec.

use super::validate::Cells;
use crate::domain::record::Column;

/// Packs a row into bytes.
pub(crate) fn pack(line: u32, cells: &Cells<'_>, extras: &[&str], into: &mut Vec<u8>) {
    into.extend_from_slice(&line.to_le_bytes());
    for cell in cells.iter().chain(extras) {
        // A field is at most 8 KiB long.
        into.extend_from_slice(&(cell.len() as u16).to_le_bytes());
        into.extend_from_slice(cell.as_bytes());
    }
}

/// Reads the cells of a packed row back, in order, extras last.
pub(crate) fn unpack(packed: &[u8]) -> Vec<String> {
    let mut cells = Vec::with_capacity(Column::COUNT);
    let mut rest = packed.get(4..).unwrap_or_default();
    while let Some((length, tail)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_le_bytes(*length)).min(tail.len());
        let (cell, tail) = tail.split_at(length);
        cells.push(String::from_utf8_lossy(cell).into_owned());
        rest = tail;
    }
    cells
}
