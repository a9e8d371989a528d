//! Blocks: packed rows that are compressed and stored as one value.

use lz4_flex::block::{CompressTable, compress_into_with_table, get_maximum_output_size};

use super::codec::{Cursor, ROW_LIMIT, write_number};

/// A compressed block with its envelope and key fills a run of four pages of the engine.
pub(super) const BLOCK_BYTES: usize = 16 * 1024 - 96;

/// A block before compression, where rows are so alike that more would fit: whoever reads one row reads a block.
const BLOCK_RAW_BYTES: usize = 64 * 1024;

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
