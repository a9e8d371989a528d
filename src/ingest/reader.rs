//! Reads records and their cells: what the csv crate makes of the frames, with physical lines and limits.

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

use super::decode::{Encoding, Fault, TextSource};
use super::error::Refusal;
use super::frame::{Framer, Kind, MAX_FIELD, MAX_RECORD};

/// What the reader came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A record; its cells can be asked for.
    Record,
    /// A record that cannot be read as one.
    Broken {
        /// Short code.
        code: &'static str,
        /// Why, in Japanese.
        reason: String,
        /// Its text.
        raw: Vec<String>,
    },
    /// The end of the file.
    End,
}

/// Reads one record after another.
pub(crate) struct RowReader {
    csv: Reader<Framer>,
    record: ByteRecord,
    /// Lines that hold nothing but separators, passed over.
    blank: u64,
}

impl RowReader {
    /// Begins with the first line.
    pub(crate) fn new(source: TextSource) -> Self {
        let csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(MAX_RECORD + 16)
            .from_reader(Framer::new(source));
        Self { csv, record: ByteRecord::new(), blank: 0 }
    }

    /// Goes to the next record. A record of several physical lines whose number of cells is not `width` is cut down to its
    /// first line: a stray quotation mark must not swallow the rows below.
    pub(crate) fn next(&mut self, width: Option<usize>) -> Result<Step, Refusal> {
        loop {
            let Some(kind) = self.csv.get_mut().advance()? else { return Ok(Step::End) };
            if kind != Kind::Record {
                let (code, reason) = match kind {
                    Kind::Quote => (
                        "quote",
                        "引用符(\")の閉じ方が正しくありません。引用符で囲み、中の引用符は二つ重ねてください".to_owned(),
                    ),
                    _ => ("long-record", format!("1行が {MAX_RECORD} バイトを超えています")),
                };
                let raw = vec![String::from_utf8_lossy(self.csv.get_ref().text()).into_owned()];
                return Ok(Step::Broken { code, reason, raw });
            }
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
            if width.is_some_and(|width| width != self.record.len()) && self.csv.get_mut().keep_first_line() {
                let raw = vec![String::from_utf8_lossy(self.csv.get_ref().text()).into_owned()];
                let reason =
                    "複数行にわたるレコードの列の数が見出しと違います。引用符の閉じ忘れを確認してください".to_owned();
                return Ok(Step::Broken { code: "columns", reason, raw });
            }
            if self.record.iter().all(|cell| cell.iter().all(|b| matches!(b, b' ' | b'\t' | 0x1A))) {
                self.blank += 1;
                continue;
            }
            if self.record.iter().any(|cell| cell.len() > MAX_FIELD) {
                let reason = format!("{MAX_FIELD} バイトを超える項目があります");
                return Ok(Step::Broken { code: "long-field", reason, raw: self.cells() });
            }
            return Ok(Step::Record);
        }
    }

    /// The physical line on which the record at hand begins, from 1.
    pub(crate) fn line(&self) -> u32 {
        self.csv.get_ref().line()
    }

    /// The number of cells of the record at hand.
    pub(crate) fn width(&self) -> usize {
        self.record.len()
    }

    /// The record at hand: its cells one after another as one text, and where each ends.
    pub(crate) fn record(&self) -> (&str, &ByteRecord) {
        // Decoded text is UTF-8 and is only cut at ASCII characters.
        (std::str::from_utf8(self.record.as_slice()).unwrap_or_default(), &self.record)
    }

    /// The cells of the record at hand as texts of their own.
    pub(crate) fn cells(&self) -> Vec<String> {
        self.record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    }

    /// The first place in the record at hand where bytes were no text.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.csv.get_ref().fault()
    }

    /// Bytes of the file read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.csv.get_ref().bytes_read()
    }

    /// The encoding in use.
    pub(crate) fn encoding(&self) -> Encoding {
        self.csv.get_ref().encoding()
    }

    /// Lines that hold nothing but separators.
    pub(crate) fn blank_lines(&self) -> u64 {
        self.blank
    }
}

/// Takes the guard off a cell that a program wrote as `="00123"` to keep its zeros (DOMAIN §7).
pub(crate) fn unguard(cell: &str) -> &str {
    cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}
