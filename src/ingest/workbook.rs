//! Opens an Excel workbook (`.xlsx`, `.xlsm`): what it unpacks to stays below the limits, and one sheet is chosen.
//!
//! A zip archive says how large its parts are, and its reader gives no more than that, so the limits are checked before
//! anything is unpacked. Cells are streamed; only the table of shared texts is held in memory, and has a limit of its own.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::SystemTime;

use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use memchr::memmem::Finder;
use zip::ZipArchive;

use super::error::{IngestError, Refusal, SheetName};
use super::file_cursor::{FileCursor, FileReader};
use super::hash::{self, CHUNK};
use super::merged::MergedRows;
use super::options::ImportOptions;
use super::sheet::{SheetFile, SheetRecords};
use crate::domain::byte_size::ByteSize;

/// Maximum size of the table of shared texts as it is unpacked. In memory it takes about twice as much.
pub(super) const MAXIMUM_TEXTS: u64 = 512 << 20;

/// Maximum size of any other part that is read as a whole (names of sheets, formats).
const MAXIMUM_PART: u64 = 64 << 20;

/// Maximum number of merged regions in a sheet.
const MAXIMUM_MERGED: u64 = 1_000_000;

/// The first bytes of a zip archive.
pub(super) const ZIP: &[u8] = b"PK\x03\x04";

/// The first bytes of a compound file: an encrypted workbook, or one of an older Excel.
pub(super) const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// An open workbook with the sheet that is read.
pub(super) struct Workbook {
    file: Arc<File>,
    name: String,
    xlsx: Xlsx<FileReader>,
    read: Arc<AtomicU64>,
    merged: MergedRows,
    /// Size of the file in bytes.
    pub(super) bytes: u64,
    /// SHA-256 of the file before it was read.
    pub(super) sha256: String,
    modified: Option<SystemTime>,
    /// The sheet that is read.
    pub(super) sheet: String,
    /// Hidden sheets that are not read.
    pub(super) hidden: Vec<String>,
}

impl Workbook {
    /// Opens a file that begins as a zip archive.
    pub(super) fn open(file: File, name: &str, options: &ImportOptions) -> Result<Self, IngestError> {
        let unreadable = |cause| Refusal::Unreadable { file: name.to_owned(), cause };
        let cancel = options.cancel.as_deref();
        let bytes = file.metadata().map_err(unreadable)?.len();
        let modified = hash::written(&file);
        let sha256 = hash::whole(&file, cancel).map_err(unreadable)?.ok_or(IngestError::Cancelled)?;
        let (file, read) = (Arc::new(file), Arc::<AtomicU64>::default());
        let has_merged = inspect(&file, name, options)?;
        let mut xlsx = Xlsx::new(FileCursor::reader(&file, &read)).map_err(|error| broken(name, &error))?;
        let (sheet, hidden) = choose(&mut xlsx, name, options.sheet.as_deref(), cancel)?;
        let mut merged = MergedRows::default();
        if has_merged {
            let regions = xlsx.merge_cells_by_sheet_name(&sheet).map_err(|error| broken(name, &error))?;
            merged = MergedRows::new(&regions);
        }
        Ok(Self { file, name: name.to_owned(), xlsx, read, merged, bytes, sha256, modified, sheet, hidden })
    }

    /// The records of the chosen sheet.
    pub(super) fn records(&mut self) -> Result<SheetRecords<'_>, Refusal> {
        if hash::written(&self.file) != self.modified {
            return Err(Refusal::Changed { file: self.name.clone() });
        }
        let name = &self.name;
        let cells = self.xlsx.worksheet_cells_reader(&self.sheet).map_err(|error| broken(name, &error))?;
        let of = SheetFile {
            file: Arc::clone(&self.file),
            name: name.clone(),
            read: Arc::clone(&self.read),
            merged: self.merged.clone(),
        };
        Ok(SheetRecords::new(cells, of))
    }
}

/// Checks the sizes of all parts before any is unpacked, then looks whether a sheet has merged cells.
fn inspect(file: &Arc<File>, name: &str, options: &ImportOptions) -> Result<bool, IngestError> {
    let other = |kind, advice| Refusal::WrongKind { file: name.to_owned(), kind, advice };
    let archive = || other("ZIP か、壊れた Excel ブック", "展開するか、Excel で開いて保存し直してください");
    let mut zip = ZipArchive::new(FileCursor::reader(file, &Arc::default())).map_err(|_| archive())?;
    let parts: Vec<(String, u64)> = (0..zip.len())
        .map(|at| {
            let part = zip.by_index_raw(at).map_err(|_| archive())?;
            let name = part.name().map_err(|_| archive())?.replace('\\', "/").to_ascii_lowercase();
            if part.encrypted() {
                return Err(other("パスワード付きの ZIP", "展開して、中の CSV か Excel ブックを指定してください"));
            }
            Ok((name, part.size()))
        })
        .collect::<Result<_, Refusal>>()?;
    let has = |end: &str| parts.iter().any(|(name, _)| name.ends_with(end));
    if has("workbook.bin") {
        return Err(other(
            "Excel バイナリ ブック(.xlsb)",
            "Excel で開き、「Excel ブック(.xlsx)」で保存し直してください",
        )
        .into());
    }
    if has("content.xml") && has("mimetype") {
        return Err(other(
            "OpenDocument のファイル(.ods など)",
            "表計算ソフトで開き、「Excel ブック(.xlsx)」で保存し直してください",
        )
        .into());
    }
    if !has("[content_types].xml") || !parts.iter().any(|(name, _)| name.contains("worksheets/")) {
        return Err(other("ZIP", "展開して、中の CSV か Excel ブックを指定してください").into());
    }
    let total = parts.iter().fold(0u64, |total, (_, size)| total.saturating_add(*size));
    if total > options.max_bytes {
        return Err(Refusal::TooLarge {
            file: name.to_owned(),
            what: "展開すると ",
            bytes: total,
            max: options.max_bytes,
            settings: options.settings.clone(),
        }
        .into());
    }
    for (part, size) in &parts {
        let is_texts = part.ends_with("sharedstrings.xml");
        let limit = if is_texts { MAXIMUM_TEXTS } else { MAXIMUM_PART };
        let is_whole = is_texts || part.ends_with(".rels") || part.ends_with(".xml") && !streamed(part);
        if is_whole && *size > limit {
            let (size, limit) = (ByteSize(*size), ByteSize(limit));
            return Err(Refusal::WorkbookPart { file: name.to_owned(), size, limit }.into());
        }
    }
    let mut has_merged = false;
    for (at, (part, size)) in parts.iter().enumerate() {
        let is_texts = part.ends_with("sharedstrings.xml");
        if !is_texts && !part.contains("worksheets/") {
            continue;
        }
        let mut reader = zip.by_index(at).map_err(|_| archive())?;
        if is_texts {
            if !is_plausible(&mut reader, *size) {
                return Err(archive().into());
            }
            continue;
        }
        match count(&mut reader, b"mergeCell ", options.cancel.as_deref()).map_err(|_| archive())? {
            None => return Err(IngestError::Cancelled),
            Some(found) if found > MAXIMUM_MERGED => return Err(archive().into()),
            Some(found) => has_merged |= found > 0,
        }
    }
    Ok(has_merged)
}

/// Whether a part is read cell by cell, or not at all.
fn streamed(part: &str) -> bool {
    ["worksheets/", "pivotcache/"].iter().any(|folder| part.contains(folder))
}

/// Whether the table of shared texts says of itself that it has no more texts than fit into it.
fn is_plausible(part: &mut impl Read, size: u64) -> bool {
    let mut head = Vec::new();
    if part.take(CHUNK as u64).read_to_end(&mut head).is_err() {
        return false;
    }
    let Some(at) = Finder::new(b"uniqueCount=").find(&head) else { return true };
    let digits = head[at + b"uniqueCount='".len()..].iter().take_while(|b| b.is_ascii_digit());
    let count = digits.fold(0u64, |count, digit| count.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    // `<si/>`
    count <= size / 5
}

/// Counts a word in a part; `None` when stopped.
fn count(part: &mut impl Read, word: &[u8], cancel: Option<&AtomicBool>) -> std::io::Result<Option<u64>> {
    let finder = Finder::new(word);
    let mut buffer = vec![0; CHUNK];
    let (mut kept, mut found) = (0, 0);
    loop {
        if cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Ok(None);
        }
        let read = part.read(&mut buffer[kept..])?;
        if read == 0 {
            return Ok(Some(found));
        }
        let end = kept + read;
        found += finder.find_iter(&buffer[..end]).count() as u64;
        // The end of the buffer may be the beginning of the word.
        kept = end.min(word.len() - 1);
        buffer.copy_within(end - kept..end, 0);
    }
}

/// Chooses the sheet that is read, and names the hidden ones.
fn choose(
    xlsx: &mut Xlsx<FileReader>,
    name: &str,
    asked: Option<&str>,
    cancel: Option<&AtomicBool>,
) -> Result<(String, Vec<String>), IngestError> {
    let sheets: Vec<SheetName> = (xlsx.sheets_metadata().iter())
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| SheetName { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible })
        .collect();
    let file = || name.to_owned();
    if let Some(asked) = asked {
        let asked = asked.trim();
        let exact = sheets.iter().find(|sheet| sheet.name.trim() == asked);
        let alike = || sheets.iter().find(|sheet| sheet.name.trim().to_lowercase() == asked.to_lowercase());
        return match exact.or_else(alike) {
            Some(sheet) => Ok((sheet.name.clone(), Vec::new())),
            None => Err(Refusal::NoSheet { file: file(), asked: asked.to_owned(), sheets }.into()),
        };
    }
    let mut filled = Vec::new();
    for sheet in &sheets {
        if has_content(xlsx, &sheet.name, cancel).map_err(|error| error.in_file(name))? {
            filled.push(sheet.clone());
        }
    }
    let (hidden, visible): (Vec<SheetName>, Vec<SheetName>) = filled.iter().cloned().partition(|sheet| sheet.hidden);
    match (visible.as_slice(), hidden.is_empty()) {
        ([one], _) => Ok((one.name.clone(), hidden.into_iter().map(|sheet| sheet.name).collect())),
        ([], true) => Err(Refusal::Empty { file: file() }.into()),
        _ => Err(Refusal::SeveralSheets { file: file(), sheets: filled }.into()),
    }
}

/// Why the sheets could not be looked at.
enum Fault {
    Cancelled,
    Broken(XlsxError),
}

impl Fault {
    fn in_file(self, name: &str) -> IngestError {
        match self {
            Self::Cancelled => IngestError::Cancelled,
            Self::Broken(error) => broken(name, &error).into(),
        }
    }
}

/// Whether a sheet has a cell that is not empty.
fn has_content(xlsx: &mut Xlsx<FileReader>, sheet: &str, cancel: Option<&AtomicBool>) -> Result<bool, Fault> {
    let mut cells = match xlsx.worksheet_cells_reader(sheet) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(false),
        Err(error) => return Err(Fault::Broken(error)),
    };
    while let Some(cell) = cells.next_cell().map_err(Fault::Broken)? {
        if cell.get_value() != &calamine::DataRef::Empty {
            return Ok(true);
        }
        if cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Err(Fault::Cancelled);
        }
    }
    Ok(false)
}

fn broken(name: &str, error: &XlsxError) -> Refusal {
    let file = name.to_owned();
    match error {
        XlsxError::Password => Refusal::WrongKind { file, kind: PROTECTED.0, advice: PROTECTED.1 },
        _ => Refusal::WrongKind {
            file,
            kind: "読めない Excel ブック",
            advice: "Excel で開き、「Excel ブック(.xlsx)」で保存し直してください",
        },
    }
}

/// What an encrypted workbook is called, and what to do.
const PROTECTED: (&str, &str) = (
    "パスワード付きの Excel ブック",
    "Excel で開き、パスワードを外して保存し直してください(取り込んだ後は消してください)",
);

/// The refusal of a compound file, by the names in its directory.
pub(super) fn compound(file: &mut File, name: &str) -> std::io::Result<Refusal> {
    let utf16 = |word: &str| word.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (encrypted, old) = (utf16("EncryptedPackage"), [utf16("Workbook\0"), utf16("Book\0")]);
    let mut buffer = vec![0; CHUNK];
    let mut kept = 0;
    let (mut is_encrypted, mut is_old) = (false, false);
    loop {
        let read = file.read(&mut buffer[kept..])?;
        if read == 0 {
            break;
        }
        let text = &buffer[..kept + read];
        is_encrypted |= memchr::memmem::find(text, &encrypted).is_some();
        is_old |= old.iter().any(|word| memchr::memmem::find(text, word).is_some());
        let end = kept + read;
        kept = end.min(encrypted.len());
        buffer.copy_within(end - kept..end, 0);
    }
    let (kind, advice) = match (is_encrypted, is_old) {
        (true, _) => PROTECTED,
        (false, true) => (
            "古い形式の Excel ブック(.xls)",
            "Excel で開き、「Excel ブック(.xlsx)」で保存し直してください(CSV にすると先頭の 0 が落ちることがあります)",
        ),
        (false, false) => ("古い形式の Office のファイル", "CSV か Excel ブック(.xlsx)を指定してください"),
    };
    Ok(Refusal::WrongKind { file: name.to_owned(), kind, advice })
}
