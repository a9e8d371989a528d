//! Detects the encoding of a file, and refuses files that are no text (RULES §7).

use std::fs::File;
use std::io::Read;
use std::sync::atomic::Ordering;

use encoding_rs::{EUC_JP, SHIFT_JIS};

use super::encoding::Encoding;
use super::error::{IngestError, Refusal};
use super::hash::CHUNK;
use super::options::ImportOptions;

/// Number of bytes at the start of a file by which its kind is recognised.
const HEAD: usize = 64 * 1024;

/// Encoding and size of a file.
#[derive(Clone, Debug)]
pub(crate) struct FileScan {
    /// The encoding, recognised or forced.
    pub(crate) encoding: Encoding,
    /// Size in bytes.
    pub(crate) bytes: u64,
    /// Bytes of the BOM.
    pub(super) bom: u64,
    /// Whether its top holds signs that may separate cells beside commas.
    pub(super) has_other_separators: bool,
}

/// Detects the encoding of a file: reads all of one that may be UTF-8, and of others only the head.
pub(crate) fn scan(file: &mut File, name: &str, options: &ImportOptions) -> Result<FileScan, IngestError> {
    let (forced, max_bytes, cancel) = (options.encoding, options.max_bytes, options.cancel.as_deref());
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
        return Err(options.too_large(name, bytes.max(seen)).into());
    }
    let encoding = match forced {
        Some(encoding) => encoding,
        None => recognise(&head, &utf8, name)?,
    };
    let has_other_separators = memchr::memchr2(b'\t', b';', &head).is_some();
    Ok(FileScan { encoding, bytes, bom: encoding.bom(&head) as u64, has_other_separators })
}

fn has_bom(head: &[u8]) -> bool {
    [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be].into_iter().any(|encoding| encoding.bom(head) > 0)
}

/// Reads until the buffer is full or the file ends.
pub(super) fn read_some(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
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
        (b"PK\x05\x06", "空の ZIP", "CSV か Excel ブックを指定してください"),
        (b"\x1F\x8B", "gzip で圧縮されたファイル", "展開してから指定してください"),
        (b"BZh", "bzip2 で圧縮されたファイル", "展開してから指定してください"),
        (b"7z\xBC\xAF\x27\x1C", "7-Zip で圧縮されたファイル", "展開してから指定してください"),
        (b"\xFD7zXZ\x00", "xz で圧縮されたファイル", "展開してから指定してください"),
        (b"\x28\xB5\x2F\xFD", "zstd で圧縮されたファイル", "展開してから指定してください"),
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

/// Counts valid and invalid sequences of a file read as UTF-8.
#[derive(Debug, Default)]
struct Utf8Scan {
    errors: u64,
    wide: u64,
    hopeless: bool,
}

impl Utf8Scan {
    /// Counts bytes; returns how many of them are used (the rest begins a sequence that is not complete).
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, SeekFrom, Write};

    #[test]
    fn what_can_be_no_utf_8_is_told_without_reading_it_to_the_end() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&SHIFT_JIS.encode(&"髙あ,".repeat(400_000)).0).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let scan = scan(&mut file, "f", &ImportOptions::default()).unwrap();
        assert_eq!((scan.encoding, scan.bytes), (Encoding::Cp932, 2_000_000));
        assert!(file.stream_position().unwrap() <= 2 * CHUNK as u64);
    }
}
