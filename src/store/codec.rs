//! Rows as bytes: one packed row, and the block of rows that is compressed and stored as one value.
//!
//! A packed row holds the cells of [`Column::ALL`] as decoded, nothing normalised. Left, right and mark stand beside one
//! another, and left equals right in most fields of most rows, so "as the cell before" is a code of its own; so are the
//! marks. Extras are kept as the index into the header of their import ([`super::ImportRecord::header`]); the store resolves the names
//! when it reads a row, because it knows which import wrote which rows.
//!
//! Reading never panics: bytes that hold no row give `None`, and the caller names the fault without the text.

use lz4_flex::block::{CompressTable, compress_into_with_table, get_maximum_output_size};

use crate::domain::record::{Column, Row};
use crate::domain::twins::Twins;

/// Version byte of a packed row.
const ROW_VERSION: u8 = 2;

/// Rows of this version have no [`WORDS`].
const WORDLESS: u8 = 1;

/// Cells that nearly every row has, marks and codes of 性別; each is a code of its own. New ones may only be added with a
/// new version.
const WORDS: [&str; 5] = ["○", "×", "△", "1", "2"];

/// The codes 0 (empty) and 1 (as the cell before) come first, then the words.
const FIRST_WORD: u64 = 2;

/// A compressed block with its envelope and key fills a run of four pages of the engine.
const BLOCK_BYTES: usize = 16 * 1024 - 96;

/// A block before compression, where rows are so alike that more would fit: whoever reads one row reads a block.
const BLOCK_RAW_BYTES: usize = 64 * 1024;

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
pub fn add_twins(buffer: &mut Vec<u8>, twins: &Twins) {
    for (nth, bytes) in twins.iter() {
        write_number(buffer, u64::from(nth));
        buffer.extend(bytes);
    }
}

/// 0: empty; 1: as the cell before; then the [`WORDS`] from [`FIRST_WORD`] on; else the length above all these.
fn write_cell(buffer: &mut Vec<u8>, cell: &str, before: &str) {
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
fn write_number(buffer: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        buffer.push(number as u8 | 0x80);
        number >>= 7;
    }
    buffer.push(number as u8);
}

/// Walks over bytes that may hold anything.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
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

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
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
    let mut twins = Twins::default();
    while !cursor.0.is_empty() {
        let nth = u32::try_from(cursor.number()?).ok()?;
        twins.push(nth, cursor.bytes(2)?.try_into().ok()?);
    }
    Some(Row { line, cells, extras, twins })
}

/// Packed rows that will become blocks.
///
/// redb gives a large value a run of pages whose number is a power of two, so a block that is a little too large wastes
/// half of its space. Blocks are therefore as many rows as fit [`BLOCK_BYTES`] when compressed: the rate of the last
/// block tells when to try, and where it was too hopeful the last rows wait for the next block.
#[derive(Debug)]
pub(super) struct BlockWriter {
    /// Per row its length and its bytes, as in the stored block.
    bytes: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
    /// Bytes that are worth trying to compress.
    enough: usize,
    compressor: Compressor,
}

impl Default for BlockWriter {
    fn default() -> Self {
        Self { bytes: Vec::new(), ends: Vec::new(), enough: BLOCK_BYTES, compressor: Compressor::default() }
    }
}

impl BlockWriter {
    /// Adds a packed row; whether there is enough for a block now.
    pub(super) fn push(&mut self, packed: &[u8]) -> bool {
        write_number(&mut self.bytes, packed.len() as u64);
        self.bytes.extend(packed);
        self.ends.push(self.bytes.len());
        self.bytes.len() >= self.enough
    }

    /// Rows held.
    pub(super) fn rows(&self) -> usize {
        self.ends.len()
    }

    /// The rows held, as in a block before compression.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes one block of the first rows out: how many they are, and their bytes compressed. `None` when empty.
    pub(super) fn take(&mut self) -> Option<(usize, &[u8])> {
        let mut rows = self.ends.len();
        loop {
            let end = *self.ends.get(rows.checked_sub(1)?)?;
            let length = self.compressor.compress(&self.bytes[..end]).len();
            if length <= BLOCK_BYTES || rows == 1 {
                // Five per cent below the goal: blocks differ by less, as a rule, and what is too much is compressed again.
                self.enough = (BLOCK_BYTES * 95 / 100 * end / length).min(BLOCK_RAW_BYTES);
                self.bytes.drain(..end);
                self.ends.drain(..rows);
                self.ends.iter_mut().for_each(|later| *later -= end);
                return Some((rows, &self.compressor.packed[..length]));
            }
            rows = (rows * BLOCK_BYTES / length).clamp(1, rows - 1);
        }
    }
}

/// Compresses with the size in front.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    lz4_flex::block::compress_prepend_size(bytes)
}

/// Compresses as [`compress`] does, one text after another into a buffer that it keeps.
#[derive(Default)]
struct Compressor {
    table: CompressTable,
    packed: Vec<u8>,
}

impl std::fmt::Debug for Compressor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compressor").finish_non_exhaustive()
    }
}

impl Compressor {
    fn compress(&mut self, bytes: &[u8]) -> &[u8] {
        const SIZE: usize = size_of::<u32>();
        let most = SIZE + get_maximum_output_size(bytes.len());
        if self.packed.len() < most {
            self.packed.resize(most, 0);
        }
        self.packed[..SIZE].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
        let length = compress_into_with_table(bytes, &mut self.packed[SIZE..], &mut self.table)
            .expect("the buffer takes the longest output there can be");
        &self.packed[..SIZE + length]
    }
}

/// Reads what [`compress`] wrote; `None` when the bytes hold something else or claim more than `limit`.
pub(super) fn decompress(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let size = usize::try_from(u32::from_le_bytes(*bytes.first_chunk()?)).ok()?;
    if size > limit {
        return None;
    }
    lz4_flex::block::decompress_size_prepended(bytes).ok()
}

/// What a block may hold at most.
pub(super) const BLOCK_LIMIT: usize = BLOCK_RAW_BYTES + ROW_LIMIT + 8;

/// The packed rows of a decompressed block; ends with `None` inside where the bytes break off.
pub(super) fn block_rows(block: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let mut cursor = Some(Cursor(block));
    std::iter::from_fn(move || {
        let walk = cursor.as_mut()?;
        if walk.0.is_empty() {
            return None;
        }
        let row = walk.number().and_then(|length| walk.bytes(usize::try_from(length).ok()?));
        if row.is_none() {
            cursor = None;
        }
        Some(row)
    })
}

/// The packed row at a place of a decompressed block.
pub(super) fn block_row(block: &[u8], place: usize) -> Option<&[u8]> {
    block_rows(block).nth(place)?
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header() -> Vec<String> {
        (0..40).map(|n| format!("見出し{n}")).collect()
    }

    fn rows() -> impl Strategy<Value = Row> {
        let cell = prop_oneof![Just(String::new()), Just("山田　太郎".to_owned()), "[○×△12]", ".{0,12}"];
        let extras = proptest::collection::vec((0usize..40, ".{0,8}"), 0..4);
        let twins = proptest::collection::vec((any::<u32>(), any::<[u8; 2]>()), 0..3);
        (any::<u32>(), proptest::collection::vec(cell, Column::COUNT), extras, twins).prop_map(
            |(line, cells, extras, twins)| {
                let extras = extras.into_iter().map(|(at, value)| (header()[at].clone(), value)).collect();
                let mut row = Row { line, cells, extras, twins: Twins::default() };
                twins.into_iter().for_each(|(nth, bytes)| row.twins.push(nth, bytes));
                row
            },
        )
    }

    #[test]
    fn too_few_cells_are_empty_and_too_many_are_left_out() {
        let mut packer = RowPacker::new();
        let row = unpack_row(packer.pack(3, ["a", "a"], []), &[]).unwrap();
        assert_eq!((row.cells.len(), row.cells[1].as_str(), row.cells[2].as_str()), (Column::COUNT, "a", ""));
        let row = unpack_row(packer.pack(3, ["b"; 99], [(7, "x")]), &[]).unwrap();
        assert_eq!((row.cells.len(), &row.extras[0]), (Column::COUNT, &("列8".to_owned(), "x".to_owned())));
    }

    #[test]
    fn every_word_has_its_code() {
        for (code, word) in (FIRST_WORD as u8..).zip(WORDS) {
            for before in ["", word, "○○"] {
                let mut packed = Vec::new();
                write_cell(&mut packed, word, before);
                assert_eq!(packed, [code], "{word}");
            }
        }
        let mut packed = Vec::new();
        write_cell(&mut packed, "a", "");
        assert_eq!(packed, [FIRST_WORD as u8 + WORDS.len() as u8 + 1, b'a']);
    }

    #[test]
    fn rows_of_older_stores_are_read() {
        let mut packed =
            vec![WORDLESS, 7, 5, 0xE2, 0x97, 0x8B, 1, 3, b'1', 2 + 6, 0xE2, 0x97, 0x8B, 0xC3, 0x97, b'!', 0];
        packed.resize(packed.len() + Column::COUNT - 5, 0);
        packed.push(0);
        let row = unpack_row(&packed, &[]).unwrap();
        assert_eq!((row.line, &row.cells[..6]), (7, &["○", "○", "1", "○×!", "", ""].map(str::to_owned)[..]));
        packed[0] = ROW_VERSION + 1;
        assert!(unpack_row(&packed, &[]).is_none());
    }

    #[test]
    fn blocks_fill_their_pages_and_never_spill() {
        let (mut packer, mut block, mut random) = (RowPacker::new(), BlockWriter::default(), oorandom::Rand64::new(7));
        let (mut rows, mut sizes) = (0, Vec::new());
        for line in 0..20_000u32 {
            // Every so often a stretch of rows that hardly compress.
            let length = if line / 1500 % 3 == 1 { 90 } else { 30 };
            let noise: String = (0..length).map(|_| char::from(33 + random.rand_range(0..90) as u8)).collect();
            if block.push(packer.pack(line, [noise.as_str(), "東京都港区赤坂一丁目", "東京都港区赤坂一丁目"], []))
            {
                let (count, packed) = block.take().unwrap();
                rows += count;
                sizes.push(packed.len());
            }
        }
        let full = sizes.iter().filter(|&&size| size > BLOCK_BYTES * 9 / 10).count();
        assert!(sizes.iter().all(|&size| size <= BLOCK_BYTES), "{sizes:?}");
        assert!(full * 10 > sizes.len() * 8, "{sizes:?}");
        assert_eq!(rows + block.rows(), 20_000);
        assert!(block.rows() > 0 && block.push(packer.pack(0, ["長".repeat(200_000).as_str()], [])));
        while let Some((count, _)) = block.take() {
            rows += count;
        }
        assert_eq!(rows, 20_001);
    }

    proptest! {
        #[test]
        fn rows_come_back_as_they_were(many in proptest::collection::vec(rows(), 1..70)) {
            let (mut packer, mut block) = (RowPacker::new(), BlockWriter::default());
            for row in &many {
                block.push(packer.pack_row(row, &header()));
            }
            let mut read = Vec::new();
            while let Some((count, packed)) = block.take() {
                let bytes = decompress(packed, BLOCK_LIMIT).unwrap();
                for n in 0..count {
                    let packed = block_row(&bytes, n).unwrap();
                    let row = unpack_row(packed, &header()).unwrap();
                    let first = n % (Column::COUNT + 1);
                    let some = cells(packed, first).unwrap();
                    prop_assert_eq!(cells(packed, Column::COUNT).unwrap().map(str::to_owned).to_vec(), row.cells.clone());
                    let expected = |at: usize| if at < first { row.cells[at].as_str() } else { "" };
                    prop_assert_eq!(some, std::array::from_fn(expected));
                    read.push(row);
                }
                prop_assert!(block_row(&bytes, count).is_none());
            }
            prop_assert!(read == many);
        }

        #[test]
        fn damaged_bytes_never_panic(row in rows(), at: usize, by: u8, cut: usize) {
            let (mut packer, mut block) = (RowPacker::new(), BlockWriter::default());
            let mut packed = packer.pack_row(&row, &header()).to_vec();
            let at_row = at % packed.len();
            packed[at_row] ^= by;
            packed.truncate(cut % (packed.len() + 1));
            let _ = unpack_row(&packed, &header());
            block.push(&packed);
            let mut stored = block.take().unwrap().1.to_vec();
            let at = at % stored.len();
            stored[at] ^= by;
            if let Some(bytes) = decompress(&stored, BLOCK_LIMIT) {
                for found in block_rows(&bytes).flatten() {
                    let _ = unpack_row(found, &header());
                }
            }
        }

        #[test]
        fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack_row(&bytes, &[]);
            let _ = decompress(&bytes, BLOCK_LIMIT);
            let _ = block_rows(&bytes).count();
            let _ = read_search(&bytes, |_, _| {});
        }

        #[test]
        fn search_texts_come_back(texts in proptest::collection::vec((any::<u32>(), ".{0,20}"), 0..20)) {
            let mut chunk = Vec::new();
            for (no, text) in &texts {
                write_search(&mut chunk, *no, text);
            }
            let mut found = Vec::new();
            read_search(&chunk, |no, text| found.push((no, text.to_owned()))).unwrap();
            prop_assert_eq!(found, texts);
        }
    }
}
