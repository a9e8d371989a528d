//! Opens an input file of any kind that is taken, and gives its records.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::decode::DecodedText;
use super::encoding::Encoding;
use super::error::{IngestError, Refusal};
use super::frame::Framer;
use super::hash;
use super::header::{HEADER_WITHIN, HeaderFinder, HeaderSearch};
use super::options::ImportOptions;
use super::reader::RowReader;
use super::scan::{FileScan, scan};
use super::separator::Separator;
use super::workbook::{self, Workbook};

/// An open input file.
pub(super) enum Input {
    /// Text in which a sign separates the cells.
    Text {
        /// The file.
        file: File,
        /// Its encoding and size.
        scan: FileScan,
        /// Its name in visible form.
        name: String,
    },
    /// A workbook with the sheet that is read.
    Workbook(Box<Workbook>),
}

impl Input {
    /// Opens a file and finds out what it is.
    pub(super) fn open(path: &Path, name: &str, options: &ImportOptions) -> Result<Self, IngestError> {
        let unreadable = |cause| Refusal::Unreadable { file: name.to_owned(), cause };
        // Opening a pipe would wait for ever, so its kind is asked first.
        let meta = std::fs::metadata(path).map_err(unreadable)?;
        if !meta.is_file() {
            return Err(Refusal::NotAFile { file: name.to_owned() }.into());
        }
        if meta.len() > options.max_bytes {
            return Err(options.too_large(name, meta.len()).into());
        }
        let mut file = File::open(path).map_err(unreadable)?;
        let mut head = Vec::new();
        Read::by_ref(&mut file).take(workbook::COMPOUND.len() as u64).read_to_end(&mut head).map_err(unreadable)?;
        file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        if head.starts_with(workbook::ZIP) {
            return Ok(Self::Workbook(Box::new(Workbook::open(file, name, options)?)));
        }
        if head.starts_with(workbook::COMPOUND) {
            return Err(workbook::compound(&mut file, name).map_err(unreadable)?.into());
        }
        if options.sheet.is_some() {
            return Err(Refusal::NoWorkbook { file: name.to_owned() }.into());
        }
        let scan = scan(&mut file, name, options)?;
        Ok(Self::Text { file, scan, name: name.to_owned() })
    }

    /// The encoding of its text.
    pub(super) fn encoding(&self) -> Encoding {
        match self {
            Self::Text { scan, .. } => scan.encoding,
            Self::Workbook(_) => Encoding::Utf8,
        }
    }

    /// How its text is written, for reports.
    pub(super) fn encoding_name(&self) -> &'static str {
        match self {
            Self::Text { scan, .. } => scan.encoding.name(),
            Self::Workbook(_) => "xlsx",
        }
    }

    /// Size of the file in bytes.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Text { scan, .. } => scan.bytes,
            Self::Workbook(workbook) => workbook.bytes,
        }
    }

    /// The sheet that is read.
    pub(super) fn sheet(&self) -> Option<&str> {
        match self {
            Self::Text { .. } => None,
            Self::Workbook(workbook) => Some(&workbook.sheet),
        }
    }

    /// Hidden sheets that are not read.
    pub(super) fn hidden_sheets(&self) -> &[String] {
        match self {
            Self::Text { .. } => &[],
            Self::Workbook(workbook) => &workbook.hidden,
        }
    }

    /// SHA-256 of the whole file, before its records are read. Text that no store knows yet needs none (`is_known`): it is
    /// hashed while it is read.
    pub(super) fn sha256(&self, is_known: bool, options: &ImportOptions) -> Result<String, IngestError> {
        match self {
            Self::Workbook(workbook) => Ok(workbook.sha256.clone()),
            Self::Text { .. } if !is_known => Ok(String::new()),
            Self::Text { file, name, .. } => hash::whole(file, options.cancel.as_deref())
                .map_err(|cause| Refusal::Unreadable { file: name.clone(), cause })?
                .ok_or(IngestError::Cancelled),
        }
    }

    /// A reader of its records, before the first one.
    pub(super) fn reader(&mut self, options: &ImportOptions) -> Result<RowReader<'_>, IngestError> {
        match self {
            Self::Workbook(workbook) => Ok(RowReader::new(workbook.records()?, Separator::Comma)),
            Self::Text { file, scan, name } => {
                let with = |separator| -> Result<RowReader<'static>, Refusal> {
                    let file = file.try_clone();
                    let file = file.map_err(|cause| Refusal::Unreadable { file: name.clone(), cause })?;
                    Ok(RowReader::new(Framer::new(DecodedText::new(file, name, scan)?, separator), separator))
                };
                let separator =
                    if scan.has_other_separators { separator(with, name, options)? } else { Separator::Comma };
                Ok(with(separator)?)
            }
        }
    }
}

/// Finds the separator with which the top of a text has a header. Where none has a whole one, the one with the most columns
/// counts, so that the refusal names what is missing.
fn separator(
    with: impl Fn(Separator) -> Result<RowReader<'static>, Refusal>,
    name: &str,
    options: &ImportOptions,
) -> Result<Separator, Refusal> {
    let mut whole = Vec::new();
    let mut best = (0, Separator::Comma);
    for separator in Separator::ALL {
        let mut reader = with(separator)?;
        let mut finder = HeaderFinder::new(options);
        for _ in 0..HEADER_WITHIN {
            // What cannot be read with this separator has no header with it; the one that is chosen says why.
            let Ok(Some(cells)) = reader.next() else { break };
            if !matches!(finder.take(cells), HeaderSearch::More) {
                whole.push(separator);
                break;
            }
        }
        let width = finder.records().iter().map(Vec::len).max().unwrap_or(0);
        let found = finder.best().map_or(0, |(_, resolved, _)| resolved.found());
        // Without any known name, a line of one cell is no row.
        let rank = 2 * found + usize::from(width > 1);
        if rank > best.0 {
            best = (rank, separator);
        }
    }
    match whole.as_slice() {
        [] => Ok(best.1),
        [one] => Ok(*one),
        several => {
            let signs = several.iter().map(|separator| separator.label()).collect();
            Err(Refusal::Separators { file: name.to_owned(), signs })
        }
    }
}
