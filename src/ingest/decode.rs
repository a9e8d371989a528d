//! Turns the bytes of a file into UTF-8 without ever replacing a byte silently (RULES §7).
//!
//! The file is decoded in pieces of 128 KiB, hashed on the way, and refused if it is no longer the file that was scanned.
//! Bytes that are no text become `\xNN` and are remembered with their position.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::time::SystemTime;

use encoding_rs::{Decoder, DecoderResult};

use super::encoding::Encoding;
use super::error::Refusal;
use super::hash::{self, CHUNK, FileHash};
use super::scan::{FileScan, read_some};
use super::twins::{self, Twin};
use crate::domain::original_codes::character;

/// Number of bytes before a chunk that are kept, so that a sequence that began there can be shown.
const HISTORY: usize = 8;

/// A sequence of bytes that is no text in the encoding of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DecodeFault {
    /// Where its `\xNN` stands in the decoded text, counted from the start of the file's text.
    pub(crate) at: u64,
    /// Where it stands in the file, counted from 0.
    pub(crate) byte: u64,
}

/// Decodes a file piece by piece.
pub(crate) struct DecodedText {
    file: File,
    name: String,
    decoder: Decoder,
    expected: FileScan,
    /// The last bytes of the chunk before, then the chunk.
    raw: Vec<u8>,
    raw_pos: usize,
    raw_end: usize,
    /// Offset in the file of `raw_end`.
    read: u64,
    hash: FileHash,
    /// When the file was last written to before it was read.
    modified: Option<SystemTime>,
    at_end: bool,
    done: bool,
    /// Number of decoded bytes returned so far.
    written: u64,
    /// Undecodable sequences that the reader has not passed yet.
    pub(crate) faults: VecDeque<DecodeFault>,
    /// Characters with two codes that the reader has not passed yet.
    pub(crate) twins: VecDeque<Twin>,
    /// Whether the current chunk ends within a character.
    torn: bool,
}

impl DecodedText {
    /// Rewinds the file and prepares its decoder.
    pub(crate) fn new(mut file: File, name: &str, scan: &FileScan) -> Result<Self, Refusal> {
        let unreadable = |cause| Refusal::Unreadable { file: name.to_owned(), cause };
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        Ok(Self {
            modified: hash::written(&file),
            file,
            name: name.to_owned(),
            decoder: scan.encoding.decoder(),
            expected: scan.clone(),
            raw: vec![0; HISTORY + CHUNK],
            raw_pos: HISTORY,
            raw_end: HISTORY,
            read: 0,
            hash: FileHash::default(),
            at_end: false,
            done: false,
            written: 0,
            faults: VecDeque::new(),
            twins: VecDeque::new(),
            torn: false,
        })
    }

    /// SHA-256 of the bytes read so far.
    pub(crate) fn sha256(&self) -> String {
        self.hash.hex()
    }

    /// Bytes of the file read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.read
    }

    /// Appends the next piece of text; `false` when the file has ended.
    pub(crate) fn fill(&mut self, text: &mut String) -> Result<bool, Refusal> {
        if self.done {
            return Ok(false);
        }
        let mut twins = Vec::new();
        if self.raw_pos == self.raw_end && !self.at_end {
            self.refill()?;
            if self.expected.encoding == Encoding::Cp932 {
                let first = self.raw_pos - usize::from(self.torn);
                self.torn = twins::find(&self.raw[first..self.raw_end], &mut twins);
                twins.iter_mut().for_each(|end| *end += first);
            }
        }
        let mut twins = twins.into_iter();
        let mut stop = twins.next();
        let start = text.len();
        let room = self.decoder.max_utf8_buffer_length_without_replacement(self.raw_end - self.raw_pos);
        text.reserve(room.unwrap_or(4 * CHUNK).max(64));
        loop {
            // Just behind such a character the length of the text tells its place there.
            let source = &self.raw[self.raw_pos..stop.unwrap_or(self.raw_end)];
            let last = self.at_end && stop.is_none();
            let (result, read) = self.decoder.decode_to_string_without_replacement(source, text, last);
            self.raw_pos += read;
            match result {
                DecoderResult::InputEmpty if let Some(end) = stop => {
                    let bytes = [self.raw[end - 2], self.raw[end - 1]];
                    if let Some(c) = character(bytes).filter(|c| text.ends_with(*c)) {
                        let at = self.written + (text.len() - start - c.len_utf8()) as u64;
                        self.twins.push_back(Twin { at, bytes });
                    }
                    stop = twins.next();
                }
                DecoderResult::InputEmpty => {
                    self.done = self.at_end;
                    break;
                }
                DecoderResult::OutputFull => text.reserve(4096),
                DecoderResult::Malformed(length, after) => {
                    let last = self.raw_pos - usize::from(after);
                    let first = last.saturating_sub(usize::from(length));
                    let byte = self.read - (self.raw_end - first) as u64;
                    self.faults.push_back(DecodeFault { at: self.written + (text.len() - start) as u64, byte });
                    for at in first..last {
                        text.push_str(&format!("\\x{:02X}", self.raw[at]));
                    }
                    text.reserve(64);
                }
            }
        }
        self.written += (text.len() - start) as u64;
        Ok(!self.done || text.len() > start)
    }

    fn refill(&mut self) -> Result<(), Refusal> {
        let tail = self.raw_end - HISTORY;
        self.raw.copy_within(tail..self.raw_end, 0);
        let changed = || Refusal::Changed { file: self.name.clone() };
        let read = match read_some(&mut self.file, &mut self.raw[HISTORY..]) {
            Ok(read) => read,
            Err(cause) => return Err(Refusal::Unreadable { file: self.name.clone(), cause }),
        };
        self.hash.update(&self.raw[HISTORY..HISTORY + read]);
        self.raw_pos = HISTORY;
        if self.read == 0 {
            self.raw_pos += usize::try_from(self.expected.bom).unwrap_or(0).min(read);
        }
        self.raw_end = HISTORY + read;
        self.read += read as u64;
        if self.read > self.expected.bytes {
            return Err(changed());
        }
        if read < CHUNK {
            self.at_end = true;
            if self.read != self.expected.bytes || hash::written(&self.file) != self.modified {
                return Err(changed());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use encoding_rs::{SHIFT_JIS, UTF_8};

    use super::*;
    use crate::ingest::options::ImportOptions;
    use crate::ingest::scan::scan;

    /// Decodes bytes as the import does; the text and the places of its faults.
    fn decode(bytes: &[u8], forced: Option<Encoding>) -> (String, Vec<DecodeFault>) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let scan = scan(&mut file, "f", &ImportOptions { encoding: forced, ..ImportOptions::default() }).unwrap();
        let mut source = DecodedText::new(file, "f", &scan).unwrap();
        let mut text = String::new();
        while source.fill(&mut text).unwrap() {}
        assert_eq!(source.bytes_read(), bytes.len() as u64);
        (text, source.faults.into())
    }

    #[test]
    fn sequences_across_chunks_are_whole_and_faults_keep_their_place() {
        let unit = "髙あ亜ａaｱ";
        for encoding in [Encoding::Utf8, Encoding::Cp932] {
            let bytes_of = |text: &str| match encoding {
                Encoding::Cp932 => SHIFT_JIS.encode(text).0.into_owned(),
                _ => text.as_bytes().to_vec(),
            };
            for shift in 0..8 {
                let lead = "x".repeat(CHUNK - 20 + shift);
                let text = format!("{lead}{}", unit.repeat(8));
                assert_eq!(decode(&bytes_of(&text), None).0, text, "{encoding} {shift}");

                // 0x81 begins a sequence in CP932 and none in UTF-8; a comma never ends one.
                let mut broken = bytes_of(&format!("{lead}{unit}{unit}"));
                broken.splice(CHUNK - 1..CHUNK - 1, *b"\x81,");
                let at = broken.windows(2).position(|w| w == b"\x81,").unwrap();
                let (text, faults) = decode(&broken, Some(encoding));
                let hit = faults.iter().find(|fault| fault.byte == at as u64);
                if let Some(fault) = hit {
                    let place = usize::try_from(fault.at).unwrap();
                    assert!(
                        text[place..].starts_with("\\x81,"),
                        "{encoding} {shift} {:?} {:?}",
                        &text[place..],
                        &faults
                    );
                } else {
                    // The bytes fell into the middle of a character and may have made others of it.
                    let whole = if encoding == Encoding::Cp932 { SHIFT_JIS } else { UTF_8 };
                    let (expected, bad) = whole.decode_without_bom_handling(&broken);
                    assert_eq!(bad, !faults.is_empty(), "{encoding} {shift}");
                    assert!(bad || text == expected, "{encoding} {shift}");
                }
            }
        }
    }

    #[test]
    fn a_truncated_sequence_at_the_end_is_a_fault() {
        let (text, faults) = decode(b"ab\xE3\x81", Some(Encoding::Utf8));
        assert_eq!(text, "ab\\xE3\\x81");
        assert_eq!(faults, [DecodeFault { at: 2, byte: 2 }]);
        let (text, faults) = decode(b"ab\x81", Some(Encoding::Cp932));
        assert_eq!((text.as_str(), faults.len()), ("ab\\x81", 1));
    }

    #[test]
    fn a_few_bad_bytes_do_not_turn_a_utf_8_file_into_another() {
        let mut bytes = "整理番号,総合判定\n".repeat(50).into_bytes();
        bytes.splice(0..0, *b"\xFF");
        let (text, faults) = decode(&bytes, None);
        assert_eq!(faults.len(), 1);
        assert!(text.starts_with("\\xFF整理番号"));
    }

    #[test]
    fn a_file_that_changes_its_length_is_refused() {
        for change in [&b"longer than before"[..], b"short"] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(b"some bytes, ").unwrap();
            let mut open = File::open(file.path()).unwrap();
            let scan = scan(&mut open, "f", &ImportOptions::default()).unwrap();
            std::fs::write(file.path(), change).unwrap();
            let mut source = DecodedText::new(open, "f", &scan).unwrap();
            let mut text = String::new();
            let end = loop {
                match source.fill(&mut text) {
                    Ok(true) => {}
                    end => break end,
                }
            };
            assert!(matches!(end, Err(Refusal::Changed { .. })), "{end:?}");
        }
    }

    #[test]
    fn the_hash_is_that_of_the_bytes_read() {
        let mut file = tempfile::tempfile().unwrap();
        let bytes = "整理番号,".repeat(50_000);
        file.write_all(bytes.as_bytes()).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let scan = scan(&mut file, "f", &ImportOptions::default()).unwrap();
        let whole = hash::whole(&file, None).unwrap();
        let mut source = DecodedText::new(file, "f", &scan).unwrap();
        let mut text = String::new();
        while source.fill(&mut text).unwrap() {}
        assert_eq!(Some(source.sha256()), whole);
        assert_eq!(text, bytes);
    }
}
