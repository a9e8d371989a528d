//! Cuts the text of a record into cells: between commas where no quotation mark stands in the way, with the csv crate
//! elsewhere.

use std::io::{self, Read};

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

use super::error::Refusal;

/// Maximum size of a record in bytes of text (DESIGN §6).
pub(crate) const MAX_RECORD: usize = 64 * 1024;

/// The cells of a record: one text and the range of each cell in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordCells<'c> {
    text: &'c str,
    places: &'c [(u32, u32)],
    quoted: bool,
}

impl<'c> RecordCells<'c> {
    /// The text that all cells are slices of.
    pub(crate) fn text(&self) -> &'c str {
        self.text
    }

    /// The number of cells.
    pub(crate) fn width(&self) -> usize {
        self.places.len()
    }

    /// A cell, empty where there is none.
    pub(crate) fn cell(&self, at: usize) -> &'c str {
        self.places.get(at).map_or("", |&(start, end)| &self.text[start as usize..end as usize])
    }

    /// The value of a cell: without the guard (`="001"`) that keeps a spreadsheet from reading a number.
    pub(crate) fn value(&self, at: usize) -> &'c str {
        let cell = self.cell(at);
        if self.quoted { unguard(cell) } else { cell }
    }

    /// The cells one after another.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'c str> {
        let text = self.text;
        self.places.iter().map(move |&(start, end)| &text[start as usize..end as usize])
    }

    /// The cells as owned strings.
    pub(crate) fn to_vec(self) -> Vec<String> {
        self.cells().map(str::to_owned).collect()
    }
}

/// Cuts one framed record after another, reusing its buffers.
pub(crate) struct Cutter {
    csv: Reader<RecordBytes>,
    record: ByteRecord,
    places: Vec<(u32, u32)>,
}

impl Cutter {
    /// A cutter with empty buffers.
    pub(crate) fn new() -> Self {
        let mut csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(MAX_RECORD + 16)
            .from_reader(RecordBytes { record: b"first".to_vec(), given: 0 });
        let mut record = ByteRecord::new();
        // The csv reader takes a BOM off its first record; so that all records are alike, that one is none of the file.
        let _ = csv.read_byte_record(&mut record);
        Self { csv, record, places: Vec::new() }
    }

    /// Cuts a record that was framed as a whole; `quoted` says whether it holds quotation marks.
    pub(crate) fn cut<'c>(&'c mut self, text: &'c str, quoted: bool) -> Result<RecordCells<'c>, Refusal> {
        self.places.clear();
        if !quoted {
            let mut start = 0;
            each_comma(text.as_bytes(), |comma| {
                self.places.push((start, comma));
                start = comma + 1;
            });
            self.places.push((start, text.len() as u32));
            return Ok(RecordCells { text, places: &self.places, quoted });
        }
        self.csv.get_mut().give(text);
        match self.csv.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) | Err(_) => {
                // The frame and the csv reader never disagree (a property test says so); if they did, stopping is safe.
                return Err(Refusal::WrongKind {
                    file: String::new(),
                    kind: "CSV として読めないファイル",
                    advice: "書き出しをやり直してください",
                });
            }
        }
        let places = (0..self.record.len()).filter_map(|n| self.record.range(n));
        self.places.extend(places.map(|range| (range.start as u32, range.end as u32)));
        // Text that is cut at ASCII characters alone stays text.
        let text = std::str::from_utf8(self.record.as_slice()).unwrap_or_default();
        Ok(RecordCells { text, places: &self.places, quoted })
    }
}

/// Finds the commas of a record, eight bytes at a time: commas are so close together that a new search after each one takes
/// three times as long.
fn each_comma(text: &[u8], mut found: impl FnMut(u32)) {
    const ONES: u64 = u64::MAX / 0xFF;
    const LOW: u64 = ONES * 0x7F;
    let (words, rest) = text.as_chunks::<8>();
    for (word, at) in words.iter().zip((0..).step_by(8)) {
        let differ = u64::from_le_bytes(*word) ^ (ONES * u64::from(b','));
        // The high bit of every byte that is a comma; no carry passes from one byte to the next.
        let mut commas = !((differ & LOW).wrapping_add(LOW) | differ | LOW);
        while commas != 0 {
            found(at + commas.trailing_zeros() / 8);
            commas &= commas - 1;
        }
    }
    let before = (text.len() - rest.len()) as u32;
    rest.iter().zip(before..).filter(|(b, _)| **b == b',').for_each(|(_, at)| found(at));
}

/// The bytes of one record for the csv reader, followed by a line feed.
struct RecordBytes {
    record: Vec<u8>,
    given: usize,
}

impl RecordBytes {
    fn give(&mut self, text: &str) {
        self.record.clear();
        self.record.extend_from_slice(text.as_bytes());
        self.given = 0;
    }
}

impl Read for RecordBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The reader of fields asks only for the record that was framed; asking for more means that the two disagree on where
        // it ends, and then nothing may be read on.
        if self.given > self.record.len() {
            return Err(io::Error::other("record ends twice"));
        }
        let rest = &self.record[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        if length < buffer.len() {
            buffer[length] = b'\n';
            self.given += 1;
            return Ok(length + 1);
        }
        Ok(length)
    }
}

/// Takes the guard off a cell that a program wrote as `="00123"` to keep its zeros (DOMAIN §7).
pub(crate) fn unguard(cell: &str) -> &str {
    cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_comma_is_found(bytes in proptest::collection::vec(prop_oneof![Just(b','), any::<u8>(), 0x2Au8..0x2F, 0xAAu8..0xAF], 0..40)) {
            let mut found = Vec::new();
            each_comma(&bytes, |at| found.push(at as usize));
            let expected: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b',').collect();
            prop_assert_eq!(found, expected);
        }
    }
}
