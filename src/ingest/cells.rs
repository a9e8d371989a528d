//! Cuts the text of a record into cells: between separators where no quotation mark stands in the way, with the csv crate
//! elsewhere.

use std::io::{self, Read};

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

use super::error::Refusal;
use super::separator::Separator;

/// Maximum size of a record in bytes of text (ARCHITECTURE "How an import runs").
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
    separator: u8,
}

impl Cutter {
    /// A cutter with empty buffers.
    pub(crate) fn new(separator: Separator) -> Self {
        let mut csv = ReaderBuilder::new()
            .delimiter(separator.byte())
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(MAX_RECORD + 16)
            .from_reader(RecordBytes { record: b"first".to_vec(), given: 0 });
        let mut record = ByteRecord::new();
        // The csv reader takes a BOM off its first record; so that all records are alike, that one is none of the file.
        let _ = csv.read_byte_record(&mut record);
        Self { csv, record, places: Vec::new(), separator: separator.byte() }
    }

    /// Cuts a record that was framed as a whole; `quoted` says whether it holds quotation marks.
    pub(crate) fn cut<'c>(&'c mut self, text: &'c str, quoted: bool) -> Result<RecordCells<'c>, Refusal> {
        self.places.clear();
        if !quoted {
            let mut start = 0;
            each_separator(text.as_bytes(), self.separator, |at| {
                self.places.push((start, at));
                start = at + 1;
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

/// Finds the separators of a record, eight bytes at a time: they are so close together that a new search after each one takes
/// three times as long.
fn each_separator(text: &[u8], separator: u8, mut found: impl FnMut(u32)) {
    const ONES: u64 = u64::MAX / 0xFF;
    const LOW: u64 = ONES * 0x7F;
    let (words, rest) = text.as_chunks::<8>();
    for (word, at) in words.iter().zip((0..).step_by(8)) {
        let differ = u64::from_le_bytes(*word) ^ (ONES * u64::from(separator));
        // The high bit of every byte that is one; no carry passes from one byte to the next.
        let mut hits = !((differ & LOW).wrapping_add(LOW) | differ | LOW);
        while hits != 0 {
            found(at + hits.trailing_zeros() / 8);
            hits &= hits - 1;
        }
    }
    let before = (text.len() - rest.len()) as u32;
    rest.iter().zip(before..).filter(|(b, _)| **b == separator).for_each(|(_, at)| found(at));
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

/// Takes the guard off a cell that a program wrote as `="00123"` to keep its zeros (RULES §7).
pub(crate) fn unguard(cell: &str) -> &str {
    cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_separator_is_found(bytes in proptest::collection::vec(prop_oneof![Just(b','), Just(b'\t'), Just(b';'), any::<u8>(), 0x2Au8..0x2F, 0x08u8..0x0B, 0xAAu8..0xAF], 0..40)) {
            for separator in Separator::ALL.map(Separator::byte) {
                let mut found = Vec::new();
                each_separator(&bytes, separator, |at| found.push(at as usize));
                let expected: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == separator).collect();
                prop_assert_eq!(found, expected);
            }
        }

        /// A quoted record is cut in the same way with any separator.
        #[test]
        fn a_separator_is_as_good_as_another(cells in proptest::collection::vec("[ab,;\t\"]{0,4}", 1..6)) {
            for separator in Separator::ALL {
                let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                let text = quoted.join(std::str::from_utf8(&[separator.byte()]).unwrap());
                let mut cutter = Cutter::new(separator);
                prop_assert_eq!(&cutter.cut(&text, true).unwrap().to_vec(), &cells);
            }
        }
    }
}
