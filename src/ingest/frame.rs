//! Cuts decoded text into records: where each begins and ends, and at which physical line.
//!
//! A quoted field must close properly (RFC 4180). One that does not would swallow the rows below it, so then only the first
//! physical line is held back and reading goes on with the next.

use std::io::{self, Read};

use super::decode::{Encoding, Fault, TextSource};
use super::error::Refusal;

/// The longest record in bytes of text (DESIGN §6).
pub(crate) const MAX_RECORD: usize = 64 * 1024;

/// The longest field in bytes of text (DESIGN §6).
pub(crate) const MAX_FIELD: usize = 8 * 1024;

/// How a record is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It can be read.
    Record,
    /// A quotation mark is not closed, or text follows a closed one; the frame is its first physical line.
    Quote,
    /// It is longer than [`MAX_RECORD`]; the frame is its beginning.
    TooLong,
}

/// Where a record stands in the text at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    kind: Kind,
    start: usize,
    end: usize,
    next: usize,
    /// Physical lines, the end of the last one included.
    lines: u32,
    given: usize,
}

/// What [`cut`] found at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Record { end: usize, next: usize, lines: u32 },
    Quote,
    TooLong,
    More,
}

/// Cuts the first record off a text that begins with one; `last` says that no more text follows.
fn cut(text: &[u8], last: bool) -> Cut {
    let mut at = 0;
    let mut lines = 1;
    loop {
        let Some(found) = text[at..].iter().position(|b| matches!(b, b'\n' | b'\r' | b'"')) else {
            return match (text.len() > MAX_RECORD, last) {
                (true, _) => Cut::TooLong,
                (false, true) => Cut::Record { end: text.len(), next: text.len(), lines },
                (false, false) => Cut::More,
            };
        };
        at += found;
        match text[at] {
            b'"' if at == 0 || text[at - 1] == b',' => match closing(text, at + 1, last) {
                Closing::At(close) => {
                    lines += line_ends(&text[at..close]);
                    at = close + 1;
                    if !matches!(text.get(at), None | Some(b',' | b'\n' | b'\r')) {
                        return Cut::Quote;
                    }
                }
                Closing::Never => return Cut::Quote,
                Closing::More => return Cut::More,
            },
            b'"' => at += 1,
            _ => {
                return match line_end(text, at, last) {
                    Some(_) if at > MAX_RECORD => Cut::TooLong,
                    Some(next) => Cut::Record { end: at, next, lines },
                    None => Cut::More,
                };
            }
        }
    }
}

enum Closing {
    At(usize),
    Never,
    More,
}

/// Finds the quotation mark that closes a field which begins at `from`.
fn closing(text: &[u8], from: usize, last: bool) -> Closing {
    let mut at = from;
    loop {
        match text[at..].iter().position(|&b| b == b'"') {
            Some(found) => at += found,
            // A field longer than any field may be is taken for one that never closes.
            None if last || text.len() - from > MAX_RECORD => return Closing::Never,
            None => return Closing::More,
        }
        if at - from > MAX_RECORD {
            return Closing::Never;
        }
        match text.get(at + 1) {
            Some(b'"') => at += 2,
            None if !last => return Closing::More,
            _ => return Closing::At(at),
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

/// Gives one record after another to a reader of fields, each with a line feed after it.
pub(crate) struct Framer {
    source: TextSource,
    text: Vec<u8>,
    /// Where the text not yet framed begins.
    start: usize,
    /// The place of `text[0]` in the whole text.
    base: u64,
    line: u32,
    last: bool,
    frame: Option<Frame>,
    /// The rest of an overlong line is to be skipped.
    skipping: bool,
}

impl Framer {
    /// Begins with the first line.
    pub(crate) fn new(source: TextSource) -> Self {
        Self { source, text: Vec::new(), start: 0, base: 0, line: 1, last: false, frame: None, skipping: false }
    }

    /// Goes to the next record, passing over empty lines; `None` at the end.
    pub(crate) fn advance(&mut self) -> Result<Option<Kind>, Refusal> {
        if let Some(frame) = self.frame.take() {
            self.start = frame.next;
            self.line = self.line.saturating_add(frame.lines);
        }
        loop {
            if self.skipping {
                match self.text[self.start..].iter().position(|b| matches!(b, b'\n' | b'\r')) {
                    Some(found) => {
                        self.start += found;
                        self.skipping = false;
                    }
                    None => {
                        self.start = self.text.len();
                        if self.last {
                            return Ok(None);
                        }
                        self.more()?;
                        continue;
                    }
                }
            }
            let rest = &self.text[self.start..];
            match rest.first() {
                None if self.last => return Ok(None),
                None => {
                    self.more()?;
                    continue;
                }
                Some(b'\n' | b'\r') => match line_end(rest, 0, self.last) {
                    Some(next) => {
                        self.start += next;
                        self.line = self.line.saturating_add(1);
                        continue;
                    }
                    None => {
                        self.more()?;
                        continue;
                    }
                },
                Some(_) => {}
            }
            let (kind, end, next, lines) = match cut(rest, self.last) {
                Cut::Record { end, next, lines } => (Kind::Record, end, next, lines),
                Cut::More => {
                    self.more()?;
                    continue;
                }
                kind @ (Cut::Quote | Cut::TooLong) => match first_line(rest, self.last) {
                    Some((end, next)) if end <= MAX_RECORD => {
                        (if kind == Cut::Quote { Kind::Quote } else { Kind::TooLong }, end, next, 1)
                    }
                    None if rest.len() <= MAX_RECORD && !self.last => {
                        self.more()?;
                        continue;
                    }
                    _ => {
                        self.skipping = true;
                        let end = boundary(rest, MAX_RECORD);
                        (Kind::TooLong, end, end, 0)
                    }
                },
            };
            let start = self.start;
            self.frame = Some(Frame { kind, start, end: start + end, next: start + next, lines, given: 0 });
            let passed = self.base + start as u64;
            while self.source.faults.front().is_some_and(|fault| fault.at < passed) {
                self.source.faults.pop_front();
            }
            return Ok(Some(kind));
        }
    }

    /// Cuts the record at hand down to its first physical line; `false` when it has only one.
    pub(crate) fn keep_first_line(&mut self) -> bool {
        let Some(frame) = &mut self.frame else { return false };
        if frame.lines < 2 {
            return false;
        }
        let Some((end, next)) = first_line(&self.text[frame.start..frame.next], true) else { return false };
        frame.end = frame.start + end;
        frame.next = frame.start + next;
        frame.lines = 1;
        true
    }

    /// The text of the record at hand, without its line end.
    pub(crate) fn text(&self) -> &[u8] {
        self.frame.map_or(&[], |frame| &self.text[frame.start..frame.end])
    }

    /// The physical line on which the record at hand begins.
    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    /// The first place in the record at hand where bytes were no text.
    pub(crate) fn fault(&self) -> Option<Fault> {
        let frame = self.frame?;
        let end = self.base + frame.end as u64;
        self.source.faults.front().copied().filter(|fault| fault.at < end)
    }

    /// Bytes of the file read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.source.bytes_read()
    }

    /// The encoding in use.
    pub(crate) fn encoding(&self) -> Encoding {
        self.source.encoding()
    }

    fn more(&mut self) -> Result<(), Refusal> {
        self.text.drain(..self.start);
        self.base += self.start as u64;
        self.start = 0;
        if !self.source.fill(&mut self.text)? {
            self.last = true;
            // What old editors put at the end of a file.
            while self.text.last() == Some(&0x1A) {
                self.text.pop();
            }
        }
        Ok(())
    }
}

/// The end of the first physical line and the beginning of the second.
fn first_line(text: &[u8], last: bool) -> Option<(usize, usize)> {
    match text.iter().position(|b| matches!(b, b'\n' | b'\r')) {
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

impl Read for Framer {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The reader of fields asks only for the record that was framed; asking for more means that the two disagree on where
        // it ends, and then nothing may be read on.
        let Some(frame) = &mut self.frame else { return Err(io::Error::other("no record")) };
        if frame.given > frame.end - frame.start {
            return Err(io::Error::other("record ends twice"));
        }
        let rest = &self.text[frame.start + frame.given..frame.end];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        frame.given += length;
        if length < buffer.len() {
            buffer[length] = b'\n';
            frame.given += 1;
            return Ok(length + 1);
        }
        Ok(length)
    }
}
