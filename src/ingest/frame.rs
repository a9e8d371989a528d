//! Cuts decoded text into records: where each begins and ends, and at which physical line.
//!
//! A quoted field must close properly (RFC 4180). One that does not close on its own line leaves it open where the records
//! below begin, so the file is refused; text after a closing mark on the same line rejects that line alone.

use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

use super::cell_notes::CellNotes;
use super::cells::{Cutter, MAX_RECORD};
use super::decode::{DecodeFault, DecodedText};
use super::error::Refusal;
use super::separator::Separator;
use super::twins::Twin;

/// Maximum size of a field in bytes of text (ARCHITECTURE "How an import runs").
pub(crate) const MAX_FIELD: usize = 8 * 1024;

/// Maximum number of bytes in which the end of a quoted field is looked for. A field longer than [`MAX_FIELD`] is rejected, if
/// it ends.
const MAX_QUOTED: usize = 1024 * 1024;

/// How a record is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// It can be read.
    Record,
    /// Text follows a closing quotation mark; the frame is its one physical line.
    Quote,
    /// It is longer than [`MAX_RECORD`]; the frame is its beginning.
    TooLong,
    /// Its physical lines together do not have as many cells as the header: a stray quotation mark must not swallow the rows
    /// below, so the frame is its first physical line.
    Torn,
}

/// The range of a record in a text, without its line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// How it is framed.
    pub(crate) kind: FrameKind,
    start: usize,
    end: usize,
    /// The physical line on which it begins, from 1.
    pub(crate) line: u32,
    /// Whether it holds quotation marks; without any, its cells stand between separators.
    pub(crate) quoted: bool,
    /// The first undecodable sequence in it.
    pub(crate) fault: Option<DecodeFault>,
    /// What the cells of a sheet are beside their text.
    pub(crate) notes: CellNotes,
}

impl Frame {
    /// The record of a row of a sheet, whose text stands in this range.
    pub(super) fn of_row(kind: FrameKind, range: Range<usize>, line: u32, quoted: bool, notes: CellNotes) -> Self {
        Self { kind, start: range.start, end: range.end, line, quoted, fault: None, notes }
    }

    /// The text of the record.
    pub(crate) fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }

    /// Where it stands in its text.
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A slab of the file: whole records with their text.
#[derive(Debug, Default)]
pub(crate) struct Slab {
    /// The text.
    pub(crate) text: String,
    /// Its records in order.
    pub(crate) frames: Vec<Frame>,
    /// Bytes of the file read up to its end.
    pub(crate) bytes: u64,
    /// Characters in it that would be written with other bytes.
    pub(super) twins: Vec<Twin>,
}

/// What [`cut`] found at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordCut {
    Record {
        end: usize,
        next: usize,
        lines: u32,
        quoted: bool,
    },
    Quote,
    /// A quoted field does not end, or ends on another line in a way that no field ends.
    Unclosed,
    TooLong,
    More,
}

/// Cuts the first record off a text that begins with one; `last` says that no more text follows.
fn cut(text: &[u8], separator: u8, last: bool) -> RecordCut {
    let mut at = 0;
    let mut lines = 1;
    let mut quoted = false;
    loop {
        let Some(found) = memchr3(b'\n', b'\r', b'"', &text[at..]) else {
            return match (text.len() - at > MAX_RECORD, last) {
                (_, true) => RecordCut::Record { end: text.len(), next: text.len(), lines, quoted },
                (true, false) if lines > 1 => RecordCut::Unclosed,
                (true, false) => RecordCut::TooLong,
                (false, false) => RecordCut::More,
            };
        };
        at += found;
        match text[at] {
            b'"' if at == 0 || text[at - 1] == separator => match closing(text, at + 1, last) {
                QuoteEnd::At(close) => {
                    quoted = true;
                    lines += line_ends(&text[at..close]);
                    at = close + 1;
                    if !text.get(at).is_none_or(|&b| b == separator || matches!(b, b'\n' | b'\r')) {
                        return if lines > 1 { RecordCut::Unclosed } else { RecordCut::Quote };
                    }
                }
                QuoteEnd::Never => return RecordCut::Unclosed,
                QuoteEnd::More => return RecordCut::More,
            },
            b'"' => {
                quoted = true;
                at += 1;
            }
            _ => {
                return match line_end(text, at, last) {
                    Some(next) => RecordCut::Record { end: at, next, lines, quoted },
                    None => RecordCut::More,
                };
            }
        }
    }
}

enum QuoteEnd {
    At(usize),
    Never,
    More,
}

/// Finds the quotation mark that closes a field which begins at `from`.
fn closing(text: &[u8], from: usize, last: bool) -> QuoteEnd {
    let mut at = from;
    loop {
        match memchr(b'"', &text[at..]) {
            Some(found) => at += found,
            // A field longer than any file could mean is taken for one that never closes.
            None if last || text.len() - from > MAX_QUOTED => return QuoteEnd::Never,
            None => return QuoteEnd::More,
        }
        if at - from > MAX_QUOTED {
            return QuoteEnd::Never;
        }
        match text.get(at + 1) {
            Some(b'"') => at += 2,
            None if !last => return QuoteEnd::More,
            _ => return QuoteEnd::At(at),
        }
    }
}

/// Where the line after a line end at `at` begins; `None` when that is not known yet.
fn line_end(text: &[u8], at: usize, last: bool) -> Option<usize> {
    match (text[at], text.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(at + 2),
        (b'\r', None) if !last => None,
        _ => Some(at + 1),
    }
}

/// Counts line ends, CRLF once.
fn line_ends(text: &[u8]) -> u32 {
    let mut count = 0;
    let mut before = 0;
    for &b in text {
        if b == b'\n' && before != b'\r' || b == b'\r' {
            count += 1;
        }
        before = b;
    }
    count
}

/// Splits decoded text into records or slabs of records.
pub(crate) struct Framer {
    source: DecodedText,
    text: String,
    /// Where the text not yet framed begins.
    start: usize,
    /// Offset of the buffered text in the whole text.
    base: u64,
    line: u32,
    last: bool,
    /// The rest of an overlong line is to be skipped.
    skipping: bool,
    /// Number of cells that a record should have, once the header is known.
    width: Option<usize>,
    separator: u8,
    cutter: Cutter,
}

/// What the text that is not yet framed begins with.
enum NextFrame {
    Frame(Frame),
    /// More text is needed to tell.
    More,
    End,
}

impl Framer {
    /// A framer before the first line.
    pub(crate) fn new(source: DecodedText, separator: Separator) -> Self {
        Self {
            source,
            text: String::new(),
            start: 0,
            base: 0,
            line: 1,
            last: false,
            skipping: false,
            width: None,
            separator: separator.byte(),
            cutter: Cutter::new(separator),
        }
    }

    /// Sets the number of cells that records should have from here on.
    pub(crate) fn expect(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// Advances to the next record, skipping empty lines; `None` at the end. [`Frame::of`] reads it from [`Framer::text`].
    pub(crate) fn advance(&mut self) -> Result<Option<Frame>, Refusal> {
        loop {
            match self.next()? {
                NextFrame::Frame(frame) => return Ok(Some(frame)),
                NextFrame::End => return Ok(None),
                NextFrame::More => self.more()?,
            }
        }
    }

    /// Goes back to the beginning of the record that [`Framer::advance`] gave last.
    pub(crate) fn back(&mut self, frame: &Frame) {
        self.start = frame.start;
        self.line = frame.line;
        self.skipping = false;
    }

    /// The next records with their text, as an owned slab; `None` at the end.
    pub(crate) fn slab(&mut self) -> Result<Option<Slab>, Refusal> {
        let mut frames = Vec::new();
        loop {
            match self.next()? {
                NextFrame::Frame(frame) => frames.push(frame),
                NextFrame::More if frames.is_empty() => self.more()?,
                NextFrame::End if frames.is_empty() => return Ok(None),
                NextFrame::More | NextFrame::End => break,
            }
        }
        let rest = self.text.split_off(self.start);
        let text = std::mem::replace(&mut self.text, rest);
        let base = self.base;
        self.base += self.start as u64;
        self.start = 0;
        let mut twins = Vec::new();
        while let Some(twin) = self.source.twins.pop_front_if(|twin| twin.at < self.base) {
            // One above the first row stood in the header.
            twins.extend(twin.at.checked_sub(base).map(|at| Twin { at, ..twin }));
        }
        Ok(Some(Slab { text, frames, bytes: self.source.bytes_read(), twins }))
    }

    fn next(&mut self) -> Result<NextFrame, Refusal> {
        let (kind, end, next, lines, quoted) = loop {
            let rest = &self.text.as_bytes()[self.start..];
            if self.skipping {
                match memchr2(b'\n', b'\r', rest) {
                    Some(found) => {
                        self.start += found;
                        self.skipping = false;
                        continue;
                    }
                    None => {
                        self.start = self.text.len();
                        return Ok(if self.last { NextFrame::End } else { NextFrame::More });
                    }
                }
            }
            match rest.first() {
                None => return Ok(if self.last { NextFrame::End } else { NextFrame::More }),
                Some(b'\n' | b'\r') => match line_end(rest, 0, self.last) {
                    Some(next) => {
                        self.start += next;
                        self.line = self.line.saturating_add(1);
                        continue;
                    }
                    None => return Ok(NextFrame::More),
                },
                Some(_) => {}
            }
            break match cut(rest, self.separator, self.last) {
                RecordCut::Record { end, next, lines, .. } if end > MAX_RECORD => {
                    (FrameKind::TooLong, boundary(rest, MAX_RECORD), next, lines, true)
                }
                RecordCut::Unclosed => return Err(Refusal::Unclosed { file: String::new(), line: self.line }),
                RecordCut::Record { end, next, lines, quoted } => {
                    let record = &self.text[self.start..self.start + end];
                    match self.width {
                        Some(width) if lines > 1 && self.cutter.cut(record, quoted)?.width() != width => {
                            // Its first line ends inside it, so it is there.
                            let (end, next) = first_line(rest, true).unwrap_or((end, next));
                            (FrameKind::Torn, end, next, 1, quoted)
                        }
                        _ => (FrameKind::Record, end, next, lines, quoted),
                    }
                }
                RecordCut::More => return Ok(NextFrame::More),
                kind @ (RecordCut::Quote | RecordCut::TooLong) => match first_line(rest, self.last) {
                    Some((end, next)) if end <= MAX_RECORD => (
                        if kind == RecordCut::Quote { FrameKind::Quote } else { FrameKind::TooLong },
                        end,
                        next,
                        1,
                        true,
                    ),
                    None if rest.len() <= MAX_RECORD && !self.last => return Ok(NextFrame::More),
                    _ => {
                        self.skipping = true;
                        let end = boundary(rest, MAX_RECORD);
                        (FrameKind::TooLong, end, end, 0, true)
                    }
                },
            };
        };
        let (start, line) = (self.start, self.line);
        let end = start + end;
        let faults = &mut self.source.faults;
        while faults.front().is_some_and(|fault| fault.at < self.base + start as u64) {
            faults.pop_front();
        }
        let fault = faults.front().copied().filter(|fault| fault.at < self.base + end as u64);
        self.start = start + next;
        self.line = line.saturating_add(lines);
        Ok(NextFrame::Frame(Frame { kind, start, end, line, quoted, fault, notes: CellNotes::default() }))
    }

    /// The text that the record given last stands in.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the bytes read so far.
    pub(crate) fn sha256(&self) -> String {
        self.source.sha256()
    }

    fn more(&mut self) -> Result<(), Refusal> {
        self.text.drain(..self.start);
        self.base += self.start as u64;
        self.start = 0;
        let first = self.base == 0 && self.text.is_empty();
        if !self.source.fill(&mut self.text)? {
            self.last = true;
            // What old editors put at the end of a file.
            while self.text.ends_with('\u{1A}') {
                self.text.pop();
            }
        }
        // Some programs put a BOM before text that has one already.
        if first && self.text.starts_with('\u{FEFF}') {
            self.start = '\u{FEFF}'.len_utf8();
        }
        Ok(())
    }
}

/// The end of the first physical line and the beginning of the second.
fn first_line(text: &[u8], last: bool) -> Option<(usize, usize)> {
    match memchr2(b'\n', b'\r', text) {
        Some(end) => line_end(text, end, last).map(|next| (end, next)),
        None if last => Some((text.len(), text.len())),
        None => None,
    }
}

/// The last place not after `at` where a character begins.
fn boundary(text: &[u8], at: usize) -> usize {
    let mut at = at.min(text.len());
    while at > 0 && text.get(at).is_some_and(|b| b & 0xC0 == 0x80) {
        at -= 1;
    }
    at
}
