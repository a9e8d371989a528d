//! What can go wrong with an export: what happened, where, and what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::encoding::{TextEncoding, UnknownEncoding};
use crate::compare::visible;
use crate::config::diagnostic::Diagnostics;
use crate::desk::DeskError;
use crate::store::StoreError;

/// A refused or failed export. Nothing has been replaced when one is returned, unless [`ExportError::Io`] says otherwise, and
/// nothing has been made, unless it is [`ExportError::Unwritten`].
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A word that names no encoding.
    #[error(transparent)]
    UnknownEncoding(#[from] UnknownEncoding),
    /// Characters that the encoding cannot hold and give back unchanged.
    #[error(
        "{encoding} では書けない文字が {} か所にあるため、書き出しませんでした\n{faults}--encoding {}(または utf-8)で書き出してください。\
         {encoding} が必要なときは、代わりの文字を登録元で決めて直したファイルを取り込み直してください",
        faults.cells,
        TextEncoding::Utf8Bom
    )]
    Unencodable {
        /// Where they stand.
        faults: Unencodable,
        /// The encoding asked for.
        encoding: TextEncoding,
    },
    /// A template that cannot be used, with all its faults.
    #[error("書き出しの書式を使えません。次の箇所を直してください\n{0}")]
    Template(Diagnostics),
    /// The path is a folder, or names no file.
    #[error("{} はフォルダです。ファイル名まで指定してください", shown(.0))]
    IsFolder(PathBuf),
    /// The folder of the path does not exist.
    #[error("フォルダ {} がありません。先に作るか、別の場所を指定してください", shown(.0))]
    NoFolder(PathBuf),
    /// Something that is no plain file stands in the way; it is never replaced.
    #[error("{} は通常のファイルではない(リンクや装置など)ため、置き換えません。別の名前を指定してください", shown(.0))]
    NotRegular(PathBuf),
    /// The file and its manifest would be the same, or the manifest would overwrite another export.
    #[error("{} は、書き出しの控え(.manifest.json)の名前です。別の名前を指定してください", shown(.0))]
    ManifestName(PathBuf),
    /// The system refuses.
    #[error("{} を{doing}できませんでした: {source}。空き容量と権限を確かめて、もう一度実行してください", shown(path))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, a Japanese noun that takes する.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The exports folder cannot be made.
    #[error("{} を作れません: {cause}", shown(folder))]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The desk has nothing to export, or cannot read it.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The list is made and stands in the store; only its file is missing.
    #[error("{fault}。第{number}回は作成済です")]
    Unwritten {
        /// Number of the list.
        number: u32,
        /// Why there is no file.
        fault: Box<ExportError>,
    },
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

impl ExportError {
    /// Wraps an error of the system; the arguments are the path and what was tried.
    pub(super) fn io(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), doing, source }
    }
}

/// Cells that an encoding cannot hold: the first of them, and how many there are.
#[derive(Debug, Default)]
pub struct Unencodable {
    /// How many cells.
    pub cells: usize,
    /// The first of them.
    pub first: Vec<UnencodableCell>,
}

/// A cell that an encoding cannot hold.
#[derive(Debug)]
pub struct UnencodableCell {
    /// The data row, counted from 1 below the header; 0 is the header.
    pub row: usize,
    /// How people call its record, where the table says it.
    pub id: Option<String>,
    /// The title of the column.
    pub column: String,
    /// The first such character of the cell.
    pub character: char,
}

impl Unencodable {
    /// Maximum number of cells that are listed.
    const LISTED: usize = 5;

    /// Counts a cell; `describe` is asked only for the first ones.
    pub(super) fn add(&mut self, describe: impl FnOnce() -> UnencodableCell) {
        self.cells += 1;
        if self.first.len() < Self::LISTED {
            self.first.push(describe());
        }
    }
}

impl fmt::Display for Unencodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.first {
            let id = fault.id.as_deref().map(|id| format!("({})", visible(id))).unwrap_or_default();
            let shown = fault.character.to_string();
            // What cannot be seen is named by its code alone.
            let shown = if visible(&shown) == shown { format!("「{shown}」") } else { String::new() };
            let code = u32::from(fault.character);
            writeln!(f, "  {}{id} 列「{}」: {shown}(U+{code:04X})", place(fault.row), visible(&fault.column))?;
        }
        match self.cells.saturating_sub(self.first.len()) {
            0 => Ok(()),
            more => writeln!(f, "  ほか {more} か所"),
        }
    }
}

/// Words for the row of a cell.
fn place(row: usize) -> String {
    if row == 0 { "見出し".to_owned() } else { format!("{row} 件目") }
}

/// A path as it may be shown: foreign characters cannot steer the terminal.
fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}
