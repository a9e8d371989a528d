//! Reads framed records: their cells, or why a record cannot be read.

use super::cells::{Cutter, MAX_RECORD, RecordCells};
use super::decode::DecodeFault;
use super::error::Refusal;
use super::frame::{Frame, FrameKind, MAX_FIELD};
use super::layout::Layout;
use super::separator::Separator;
use super::source::RecordSource;

/// A framed record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReadRecord<'c> {
    /// Its cells.
    Cells(RecordCells<'c>),
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

impl Cutter {
    /// Reads a framed record.
    pub(crate) fn read<'c>(&'c mut self, frame: &Frame, text: &'c str) -> Result<ReadRecord<'c>, Refusal> {
        let text = frame.of(text);
        let broken =
            |code, reason: &str| ReadRecord::Broken { code, reason: reason.to_owned(), raw: vec![text.to_owned()] };
        match frame.kind {
            FrameKind::Record => {}
            FrameKind::Quote => {
                return Ok(broken(
                    "quote",
                    "引用符(\")の閉じ方が正しくありません。引用符で囲み、中の引用符は二つ重ねてください",
                ));
            }
            FrameKind::TooLong => {
                return Ok(broken("long-record", &format!("1行が {MAX_RECORD} バイトを超えています")));
            }
            FrameKind::Torn => {
                return Ok(broken(
                    "columns",
                    "複数行にわたるレコードの列の数が見出しと違います。引用符の閉じ忘れを確認してください",
                ));
            }
        }
        let long = text.len() > MAX_FIELD;
        let record = self.cut(text, frame.quoted)?;
        if record.cells().all(|cell| cell.bytes().all(|b| matches!(b, b' ' | b'\t' | 0x1A))) {
            return Ok(ReadRecord::Blank);
        }
        if long && record.cells().any(|cell| cell.len() > MAX_FIELD) {
            let reason = format!("{MAX_FIELD} バイトを超える項目があります");
            return Ok(ReadRecord::Broken { code: "long-field", reason, raw: record.to_vec() });
        }
        Ok(ReadRecord::Cells(record))
    }
}

/// Reads one record after another from the top of a file, until its header is found.
pub(crate) struct RowReader<'s> {
    source: Box<dyn RecordSource + 's>,
    separator: Separator,
    cutter: Cutter,
    frame: Option<Frame>,
}

impl<'s> RowReader<'s> {
    /// A reader before the first line of a source whose records have this separator.
    pub(crate) fn new(source: impl RecordSource + 's, separator: Separator) -> Self {
        Self { source: Box::new(source), separator, cutter: Cutter::new(separator), frame: None }
    }

    /// The cells of the next record that is not blank, or the text of one that cannot be read; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<String>>, Refusal> {
        loop {
            self.frame = self.source.advance()?;
            let Some(frame) = &self.frame else { return Ok(None) };
            match self.cutter.read(frame, self.source.text())? {
                ReadRecord::Cells(record) => return Ok(Some(record.to_vec())),
                ReadRecord::Broken { raw, .. } => return Ok(Some(raw)),
                ReadRecord::Blank => {}
            }
        }
    }

    /// The line on which the current record begins, from 1.
    pub(crate) fn line(&self) -> u32 {
        self.frame.map_or(0, |frame| frame.line)
    }

    /// The first undecodable sequence in the current record.
    pub(crate) fn fault(&self) -> Option<DecodeFault> {
        self.frame.and_then(|frame| frame.fault)
    }

    /// The sign between the cells.
    pub(crate) fn separator(&self) -> Separator {
        self.separator
    }

    /// Continues with the rows of a layout, from the current record if that is one already (`at_hand`).
    pub(crate) fn rows(mut self, layout: &Layout, at_hand: bool) -> Box<dyn RecordSource + 's> {
        self.source.expect(layout);
        if let Some(frame) = self.frame.filter(|_| at_hand) {
            self.source.back(&frame);
        }
        self.source
    }
}
