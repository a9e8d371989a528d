//! Cuts records into cells: between commas where no quotation mark stands in the way, with the csv crate elsewhere.

use std::io::{self, Read};

use super::decode::{Encoding, Fault, TextSource};
use super::error::Refusal;
use super::frame::{Frame, Framer, Kind, MAX_FIELD, MAX_RECORD};
use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

/// What a record turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step<'c> {
    /// Its cells.
    Record(Record<'c>),
    /// Nothing but separators.
    Blank,
    /// It cannot be read as one.
    Broken {
        /// Short code.
        code: &'static str,
        /// Why, in Japanese.
        reason: String,
        /// Its text.
        raw: Vec<String>,
    },
}

/// The cells of a record: one text and where each cell stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record<'c> {
    text: &'c str,
    places: &'c [(u32, u32)],
    quoted: bool,
}

impl<'c> Record<'c> {
    /// The text that all cells stand in.
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

    /// The cells as texts of their own.
    pub(crate) fn to_vec(self) -> Vec<String> {
        self.cells().map(str::to_owned).collect()
    }
}

/// Cuts one framed record after another, reusing its buffers.
pub(crate) struct Cutter {
    csv: Reader<Given>,
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
            .from_reader(Given { record: b"first".to_vec(), given: 0 });
        let mut record = ByteRecord::new();
        // The csv reader takes a BOM off its first record; so that all records are alike, that one is none of the file.
        let _ = csv.read_byte_record(&mut record);
        Self { csv, record, places: Vec::new() }
    }

    /// Cuts a record that was framed as a whole; `quoted` says whether it holds quotation marks.
    pub(crate) fn cut<'c>(&'c mut self, text: &'c str, quoted: bool) -> Result<Record<'c>, Refusal> {
        self.places.clear();
        if !quoted {
            let mut start = 0;
            each_comma(text.as_bytes(), |comma| {
                self.places.push((start, comma));
                start = comma + 1;
            });
            self.places.push((start, text.len() as u32));
            return Ok(Record { text, places: &self.places, quoted });
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
        Ok(Record { text, places: &self.places, quoted })
    }

    /// Says what a framed record is.
    pub(crate) fn step<'c>(&'c mut self, frame: &Frame, text: &'c str) -> Result<Step<'c>, Refusal> {
        let text = frame.of(text);
        let broken = |code, reason: &str| Step::Broken { code, reason: reason.to_owned(), raw: vec![text.to_owned()] };
        match frame.kind {
            Kind::Record => {}
            Kind::Quote => {
                return Ok(broken(
                    "quote",
                    "引用符(\")の閉じ方が正しくありません。引用符で囲み、中の引用符は二つ重ねてください",
                ));
            }
            Kind::TooLong => return Ok(broken("long-record", &format!("1行が {MAX_RECORD} バイトを超えています"))),
            Kind::Torn => {
                return Ok(broken(
                    "columns",
                    "複数行にわたるレコードの列の数が見出しと違います。引用符の閉じ忘れを確認してください",
                ));
            }
        }
        let long = text.len() > MAX_FIELD;
        let record = self.cut(text, frame.quoted)?;
        if record.cells().all(|cell| cell.bytes().all(|b| matches!(b, b' ' | b'\t' | 0x1A))) {
            return Ok(Step::Blank);
        }
        if long && record.cells().any(|cell| cell.len() > MAX_FIELD) {
            let reason = format!("{MAX_FIELD} バイトを超える項目があります");
            return Ok(Step::Broken { code: "long-field", reason, raw: record.to_vec() });
        }
        Ok(Step::Record(record))
    }
}

/// Finds the commas of a record, eight bytes at a time: they stand so close that a search for the next one, begun anew
/// behind each, costs three times as much.
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

/// The record that the csv reader is to read, with a line feed after it.
struct Given {
    record: Vec<u8>,
    given: usize,
}

impl Given {
    fn give(&mut self, text: &str) {
        self.record.clear();
        self.record.extend_from_slice(text.as_bytes());
        self.given = 0;
    }
}

impl Read for Given {
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

/// Reads one record after another from the top of a file, until its header is found.
pub(crate) struct RowReader {
    framer: Framer,
    cutter: Cutter,
    frame: Option<Frame>,
}

impl RowReader {
    /// Begins with the first line.
    pub(crate) fn new(source: TextSource) -> Self {
        Self { framer: Framer::new(source), cutter: Cutter::new(), frame: None }
    }

    /// The cells of the next record that is not blank, or the text of one that cannot be read; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<String>>, Refusal> {
        loop {
            self.frame = self.framer.advance()?;
            let Some(frame) = &self.frame else { return Ok(None) };
            match self.cutter.step(frame, self.framer.text())? {
                Step::Record(record) => return Ok(Some(record.to_vec())),
                Step::Broken { raw, .. } => return Ok(Some(raw)),
                Step::Blank => {}
            }
        }
    }

    /// The physical line on which the record at hand begins, from 1.
    pub(crate) fn line(&self) -> u32 {
        self.frame.map_or(0, |frame| frame.line)
    }

    /// The first place in the record at hand where bytes were no text.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.frame.and_then(|frame| frame.fault)
    }

    /// The encoding in use.
    pub(crate) fn encoding(&self) -> Encoding {
        self.framer.encoding()
    }

    /// Goes on with the rows: records of so many cells, from the record at hand where that is one already.
    pub(crate) fn rows(mut self, width: usize, at_hand: bool) -> Framer {
        self.framer.expect(width);
        if let Some(frame) = self.frame.filter(|_| at_hand) {
            self.framer.back(&frame);
        }
        self.framer
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
        fn every_comma_is_found(bytes in proptest::collection::vec(prop_oneof![Just(b','), any::<u8>(), 0x2Au8..0x2F, 0xAAu8..0xAF], 0..40)) {
            let mut found = Vec::new();
            each_comma(&bytes, |at| found.push(at as usize));
            let expected: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b',').collect();
            prop_assert_eq!(found, expected);
        }
    }
}
