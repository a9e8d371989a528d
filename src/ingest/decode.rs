//! Finds the one encoding of a file and turns its bytes into UTF-8 without ever replacing a byte silently (RULES §7).
//!
//! A first look chooses the encoding; then the file is decoded in pieces of 128 KiB, and whoever hashes it beside must see
//! the same bytes. Bytes that are no text become `\xNN` and are remembered with their place.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use encoding_rs::{Decoder, DecoderResult, EUC_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use super::error::{IngestError, Refusal};
use super::hash::{self, FileHash};
use super::twins::{self, Twin};
use crate::domain::twins::character;

/// How many bytes are read at once.
pub(crate) const CHUNK: usize = 128 * 1024;

/// How many bytes before a chunk are kept, so that a sequence that began there can be shown.
const HISTORY: usize = 8;

/// How much of a file is looked at to recognise other kinds of files.
const HEAD: usize = 64 * 1024;

/// An encoding that a file may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without BOM.
    Utf8,
    /// Windows-31J with NEC and IBM rows; 外字 become private-use characters.
    Cp932,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
}

impl Encoding {
    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Cp932 => "cp932",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8,
            Self::Cp932 => SHIFT_JIS,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
        .new_decoder_without_bom_handling()
    }

    /// The length of this encoding's BOM at the start of a file.
    fn bom(self, head: &[u8]) -> usize {
        match self {
            Self::Utf8 if head.starts_with(b"\xEF\xBB\xBF") => 3,
            Self::Utf16Le if head.starts_with(b"\xFF\xFE") => 2,
            Self::Utf16Be if head.starts_with(b"\xFE\xFF") => 2,
            _ => 0,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("文字コード「{0}」は使えません。utf-8、cp932、utf-16le、utf-16be から選んでください")]
pub struct UnknownEncoding(pub String);

impl FromStr for Encoding {
    type Err = UnknownEncoding;
    fn from_str(text: &str) -> Result<Self, UnknownEncoding> {
        match text.trim().to_ascii_lowercase().replace('_', "-").as_str() {
            "utf-8" | "utf8" | "utf-8-bom" => Ok(Self::Utf8),
            "cp932" | "ms932" | "windows-31j" | "sjis" | "shift-jis" | "shiftjis" => Ok(Self::Cp932),
            "utf-16le" | "utf16le" => Ok(Self::Utf16Le),
            "utf-16be" | "utf16be" => Ok(Self::Utf16Be),
            _ => Err(UnknownEncoding(text.to_owned())),
        }
    }
}

/// What a first look at a file found out.
#[derive(Clone, Debug)]
pub(crate) struct Scan {
    /// The encoding, recognised or forced.
    pub(crate) encoding: Encoding,
    /// Size in bytes.
    pub(crate) bytes: u64,
    /// Bytes of the BOM.
    bom: u64,
}

/// Reads as much of a file as it takes to tell its encoding: the whole of one that may be UTF-8, and of another one only
/// until that is plain.
pub(crate) fn scan(
    file: &mut File,
    name: &str,
    forced: Option<Encoding>,
    max_bytes: u64,
    cancel: Option<&AtomicBool>,
) -> Result<Scan, IngestError> {
    let unreadable = |cause| Refusal::Unreadable { file: name.to_owned(), cause };
    let mut buffer = vec![0; CHUNK];
    let mut head = Vec::with_capacity(HEAD);
    let mut utf8 = Utf8Scan::default();
    let mut kept = 0;
    let mut seen = 0u64;
    loop {
        if cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Err(IngestError::Cancelled);
        }
        let read = read_some(file, &mut buffer[kept..]).map_err(unreadable)?;
        let new = &buffer[kept..kept + read];
        seen += read as u64;
        if seen > max_bytes {
            break;
        }
        if head.len() < HEAD {
            head.extend_from_slice(&new[..read.min(HEAD - head.len())]);
            if head.len() == HEAD || read == 0 {
                refuse_other_kinds(&head, forced, name)?;
            }
        }
        let used = utf8.feed(&buffer[..kept + read], read == 0);
        buffer.copy_within(used..kept + read, 0);
        kept = kept + read - used;
        let decided = forced.is_some() || utf8.hopeless || has_bom(&head);
        if read == 0 || decided && head.len() == HEAD {
            break;
        }
    }
    if seen == 0 {
        return Err(Refusal::Empty { file: name.to_owned() }.into());
    }
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > max_bytes || seen > max_bytes {
        return Err(Refusal::TooLarge { file: name.to_owned(), bytes, max: max_bytes }.into());
    }
    let encoding = match forced {
        Some(encoding) => encoding,
        None => recognise(&head, &utf8, name)?,
    };
    Ok(Scan { encoding, bytes, bom: encoding.bom(&head) as u64 })
}

fn has_bom(head: &[u8]) -> bool {
    [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be].into_iter().any(|encoding| encoding.bom(head) > 0)
}

/// Reads until the buffer is full or the file ends.
fn read_some(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn recognise(head: &[u8], utf8: &Utf8Scan, name: &str) -> Result<Encoding, Refusal> {
    if head.starts_with(b"\xFF\xFE") {
        return Ok(Encoding::Utf16Le);
    }
    if head.starts_with(b"\xFE\xFF") {
        return Ok(Encoding::Utf16Be);
    }
    if head.starts_with(b"\xEF\xBB\xBF") || utf8.is_likely() {
        return Ok(Encoding::Utf8);
    }
    if looks_like_utf8(head) {
        // A file put together from two: the rows of the other encoding are named when they are read.
        return Ok(Encoding::Utf8);
    }
    if looks_like_euc(head) {
        return Err(Refusal::WrongKind {
            file: name.to_owned(),
            kind: "文字コードが EUC-JP のファイル",
            advice: "CP932 か UTF-8 で書き出し直してください",
        });
    }
    Ok(Encoding::Cp932)
}

/// Whether a text has words of a header.
fn has_words(text: &str) -> bool {
    ["番号", "氏名", "判定", "住所"].iter().any(|word| text.contains(word))
}

/// Whether the head begins with a header in UTF-8, whatever stands below it.
fn looks_like_utf8(head: &[u8]) -> bool {
    let text = std::str::from_utf8(head).or_else(|error| std::str::from_utf8(&head[..error.valid_up_to()]));
    text.is_ok_and(has_words) && !has_words(&SHIFT_JIS.decode_without_bom_handling(head).0)
}

/// Whether the head reads as a header in EUC-JP; such bytes are often valid CP932 too, so words must tell.
fn looks_like_euc(head: &[u8]) -> bool {
    let words = has_words;
    let (euc, _) = EUC_JP.decode_without_bom_handling(head);
    let (cp932, _) = SHIFT_JIS.decode_without_bom_handling(head);
    words(&euc) && !words(&cp932)
}

/// Refuses archives, workbooks and other files by name.
fn refuse_other_kinds(head: &[u8], forced: Option<Encoding>, name: &str) -> Result<(), Refusal> {
    const KINDS: &[(&[u8], &str, &str)] = &[
        (b"PK\x03\x04", "ZIP か Excel ブック", "展開するか、CSV で保存し直してください"),
        (b"\x1F\x8B", "gzip で圧縮されたファイル", "展開してから指定してください"),
        (b"BZh", "bzip2 で圧縮されたファイル", "展開してから指定してください"),
        (b"7z\xBC\xAF\x27\x1C", "7-Zip で圧縮されたファイル", "展開してから指定してください"),
        (b"\xFD7zXZ\x00", "xz で圧縮されたファイル", "展開してから指定してください"),
        (b"\x28\xB5\x2F\xFD", "zstd で圧縮されたファイル", "展開してから指定してください"),
        (b"\xD0\xCF\x11\xE0", "古い形式の Excel ブック", "CSV で保存し直してください"),
        (b"%PDF-", "PDF", "CSV のファイルを指定してください"),
        (b"SQLite format 3\0", "SQLite のデータベース", "CSV のファイルを指定してください"),
    ];
    let wrong = |kind, advice| Err(Refusal::WrongKind { file: name.to_owned(), kind, advice });
    for &(magic, kind, advice) in KINDS {
        if head.starts_with(magic) {
            return wrong(kind, advice);
        }
    }
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let begins = |word: &str| start.len() >= word.len() && start[..word.len()].eq_ignore_ascii_case(word.as_bytes());
    if ["<!doctype", "<html", "<head", "<table", "<?xml", "<meta"].iter().any(|word| begins(word)) {
        return wrong("HTML か XML のファイル", "元の画面から CSV で保存し直してください");
    }
    if head.starts_with(b"\xFF\xFE\0\0") || head.starts_with(b"\0\0\xFE\xFF") {
        return wrong("文字コードが UTF-32 のファイル", "UTF-8 で保存し直してください");
    }
    if forced.is_some() {
        return Ok(());
    }
    let utf16 = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    if !utf16 && head.contains(&0) {
        let even = head.iter().step_by(2).filter(|&&b| b == 0).count();
        let odd = head.iter().skip(1).step_by(2).filter(|&&b| b == 0).count();
        if even.max(odd) * 20 > head.len() && even.min(odd) * 20 < head.len() {
            return wrong(
                "BOM のない UTF-16 のファイル",
                "--encoding utf-16le か utf-16be を付けるか、UTF-8 で保存し直してください",
            );
        }
        // A few in a text are doubtful content, and are warned about; more of them, or one at the start, make it no text.
        if (even + odd) * 100 > head.len() || head.iter().take(16).any(|&b| b == 0) {
            return wrong("テキストではないファイル", "CSV のファイルを指定してください");
        }
    }
    if begins("{") || begins("[{") || begins("[[") || begins("[\"") {
        return wrong("JSON のファイル", "CSV で書き出し直してください");
    }
    let control = |b: u8| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A | 0x1B);
    if !utf16 && head.iter().filter(|&&b| control(b)).count() * 50 > head.len() {
        return wrong("テキストではないファイル", "CSV のファイルを指定してください");
    }
    if head.windows(3).any(|w| matches!(w, b"\x1B$B" | b"\x1B$@")) {
        return wrong("文字コードが ISO-2022-JP(JIS)のファイル", "CP932 か UTF-8 で書き出し直してください");
    }
    Ok(())
}

/// Counts what a file looks like as UTF-8.
#[derive(Debug, Default)]
struct Utf8Scan {
    errors: u64,
    wide: u64,
    hopeless: bool,
}

impl Utf8Scan {
    /// Takes bytes; gives how many of them are used (the rest begins a sequence that is not complete).
    fn feed(&mut self, mut bytes: &[u8], last: bool) -> usize {
        let total = bytes.len();
        while !self.hopeless {
            let (valid, error) = match std::str::from_utf8(bytes) {
                Ok(_) => (bytes.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            self.wide += bytes[..valid].iter().filter(|&&b| b >= 0xC0).count() as u64;
            bytes = &bytes[valid..];
            match error {
                None => return total,
                Some(None) if !last => return total - bytes.len(),
                Some(length) => {
                    self.errors += 1;
                    bytes = &bytes[length.unwrap_or(bytes.len())..];
                    self.hopeless = self.errors > 200 && !self.is_likely();
                }
            }
        }
        total
    }

    /// Whether the file is UTF-8: strictly, or but for a few bytes in text that is otherwise full of valid sequences,
    /// which no CP932 file is.
    fn is_likely(&self) -> bool {
        !self.hopeless && (self.errors == 0 || self.errors * 20 <= self.wide)
    }
}

/// A place where bytes were no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where its `\xNN` stands in the decoded text, counted from the start of the file's text.
    pub(crate) at: u64,
    /// Where it stands in the file, counted from 0.
    pub(crate) byte: u64,
}

/// Decoded text, piece by piece.
pub(crate) struct TextSource {
    file: File,
    name: String,
    decoder: Decoder,
    expected: Scan,
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
    /// Decoded bytes handed out.
    written: u64,
    /// Undecodable places not yet passed by the reader.
    pub(crate) faults: VecDeque<Fault>,
    /// Characters not yet passed by the reader that would be written with other bytes.
    pub(crate) twins: VecDeque<Twin>,
    /// The chunk at hand ends within a character.
    torn: bool,
}

impl TextSource {
    /// Begins with the first byte.
    pub(crate) fn new(mut file: File, name: &str, scan: &Scan) -> Result<Self, Refusal> {
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

    /// The encoding in use.
    pub(crate) fn encoding(&self) -> Encoding {
        self.expected.encoding
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
                    self.faults.push_back(Fault { at: self.written + (text.len() - start) as u64, byte });
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
    use super::*;
    use std::io::Write;

    /// Decodes bytes as the import does; the text and the places of its faults.
    fn decode(bytes: &[u8], forced: Option<Encoding>) -> (String, Vec<Fault>) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let scan = scan(&mut file, "f", forced, u64::MAX, None).unwrap();
        let mut source = TextSource::new(file, "f", &scan).unwrap();
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
        assert_eq!(faults, [Fault { at: 2, byte: 2 }]);
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
            let scan = scan(&mut open, "f", None, u64::MAX, None).unwrap();
            std::fs::write(file.path(), change).unwrap();
            let mut source = TextSource::new(open, "f", &scan).unwrap();
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
        let scan = scan(&mut file, "f", None, u64::MAX, None).unwrap();
        let whole = hash::whole(&file, None).unwrap();
        let mut source = TextSource::new(file, "f", &scan).unwrap();
        let mut text = String::new();
        while source.fill(&mut text).unwrap() {}
        assert_eq!(Some(source.sha256()), whole);
        assert_eq!(text, bytes);
    }

    #[test]
    fn what_can_be_no_utf_8_is_told_without_reading_it_to_the_end() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&SHIFT_JIS.encode(&"髙あ,".repeat(400_000)).0).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let scan = scan(&mut file, "f", None, u64::MAX, None).unwrap();
        assert_eq!((scan.encoding, scan.bytes), (Encoding::Cp932, 2_000_000));
        assert!(file.stream_position().unwrap() <= 2 * CHUNK as u64);
    }
}
