//! The layout profile: a TOML file in which a user says which column is which (DOMAIN §7).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::layout::Resolved;
use super::words;
use crate::compare::visible;
use crate::domain::record::{Column, Overall};

/// A column of the file, as a profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// By its header.
    Name(String),
    /// By its number from 1.
    Number(usize),
    /// The file has no such column, or it is not to be used.
    Absent,
}

/// Which column of a file is which, given by the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayoutProfile {
    /// How many rows the header has; 0 for a file without one, `None` to find out.
    pub(crate) header_rows: Option<u8>,
    /// The columns it names.
    pub(crate) columns: Vec<(Column, Place)>,
    /// Words (digits too) for marks.
    pub(crate) marks: Vec<(String, Overall)>,
}

/// A profile that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("レイアウト定義 {file} を読み込めません({cause})")]
    Unreadable {
        /// File name.
        file: String,
        /// What the system says.
        cause: String,
    },
    /// It is no TOML of the right form.
    #[error("レイアウト定義が正しくありません: {0}")]
    Syntax(String),
    /// A column that meken does not know.
    #[error("レイアウト定義の列名「{name}」はありません。「{nearest}」の間違いではありませんか")]
    UnknownColumn {
        /// What the profile says.
        name: String,
        /// The nearest canonical name.
        nearest: &'static str,
    },
    /// A column named twice.
    #[error("レイアウト定義に「{0}」が二度あります。一つにしてください")]
    Twice(&'static str),
    /// A number that is no place in a file.
    #[error("レイアウト定義の「{0}」の番号は 1 以上で指定してください")]
    BadNumber(&'static str),
    /// A header that the file does not have.
    #[error("{file}: レイアウト定義の「{column}」に当たる列が見出しにありません。列名か番号を直してください")]
    NotInFile {
        /// File name.
        file: String,
        /// Canonical name of the column.
        column: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    header_rows: Option<u8>,
    #[serde(default)]
    columns: BTreeMap<String, Cell>,
    #[serde(default)]
    marks: Marks,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Cell {
    Number(i64),
    Name(String),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Marks {
    #[serde(rename = "○")]
    matches: Vec<String>,
    #[serde(rename = "△")]
    partial: Vec<String>,
    #[serde(rename = "×")]
    mismatch: Vec<String>,
}

impl LayoutProfile {
    /// Reads a profile from a file.
    pub fn from_file(path: &Path) -> Result<Self, ProfileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ProfileError::Unreadable { file: path.display().to_string(), cause: error.to_string() })?;
        Self::parse(&text)
    }

    /// Reads the text of a profile.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text).map_err(|error| ProfileError::Syntax(error.to_string()))?;
        let mut columns: Vec<(Column, Place)> = Vec::new();
        for (name, cell) in file.columns {
            let column = match words::meaning(&name) {
                words::Meaning::Column(column) => column,
                _ => return Err(ProfileError::UnknownColumn { nearest: nearest(&name), name }),
            };
            if columns.iter().any(|(known, _)| *known == column) {
                return Err(ProfileError::Twice(column.name()));
            }
            let place = match cell {
                Cell::Number(number) => match usize::try_from(number) {
                    Ok(number) if number > 0 => Place::Number(number),
                    _ => return Err(ProfileError::BadNumber(column.name())),
                },
                Cell::Name(name) if name.trim().is_empty() => Place::Absent,
                Cell::Name(name) => Place::Name(name),
            };
            columns.push((column, place));
        }
        let word = |overall| move |word: String| (word.trim().to_owned(), overall);
        let marks = (file.marks.matches.into_iter().map(word(Overall::Match)))
            .chain(file.marks.partial.into_iter().map(word(Overall::Partial)))
            .chain(file.marks.mismatch.into_iter().map(word(Overall::Mismatch)))
            .collect();
        Ok(Self { header_rows: file.header_rows, columns, marks })
    }

    /// Whether the profile places every column by number, so that it may describe a file without a header.
    pub(crate) fn by_number_only(&self) -> bool {
        !self.columns.is_empty() && self.columns.iter().all(|(_, place)| !matches!(place, Place::Name(_)))
    }

    /// Reads a mark by the words of the profile.
    pub(crate) fn mark(&self, text: &str) -> Option<Overall> {
        let text = text.trim_matches([' ', '　']);
        self.marks.iter().find(|(word, _)| word == text).map(|(_, overall)| *overall)
    }
}

fn nearest(name: &str) -> &'static str {
    let name = words::normalise(name);
    Column::ALL
        .into_iter()
        .map(Column::name)
        .min_by_key(|known| strsim::levenshtein(&words::normalise(known), &name))
        .unwrap_or_default()
}

/// Writes a profile to fill in: what could be mapped, what is missing, and what the file offers.
pub(crate) fn to_fill_in(names: &[String], resolved: &Resolved) -> String {
    let mut text = String::from(
        "# meken のレイアウト定義。\"\" のところに、ファイルの列名か列の番号(1から)を書いてください。\n# 書いていない列は見出しから判断します。見出しのないファイルでは header_rows = 0 とし、番号で指定します。\n#\n# ファイルの列:\n",
    );
    for (at, name) in names.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "#   {:>3}  {}", at + 1, visible(name));
    }
    text.push_str("\n[columns]\n");
    for column in Column::ALL {
        // Writing to a String cannot fail.
        let _ = match resolved.columns[column.index()] {
            Some(at) => writeln!(text, "\"{}\" = {}", column.name(), place(names, at)),
            None if is_needed(column) => writeln!(text, "\"{}\" = \"\"  # 必須", column.name()),
            None => writeln!(text, "# \"{}\" = \"\"", column.name()),
        };
    }
    text.push_str("\n# 判定結果や総合判定が数字などのときは、その値を書いてください。\n# [marks]\n# \"○\" = [\"1\"]\n# \"△\" = [\"2\"]\n# \"×\" = [\"3\"]\n");
    text
}

/// Names a column of the file by its header where that is unique, else by its number.
fn place(names: &[String], at: usize) -> String {
    let name = words::normalise(&names[at]);
    if name.is_empty() || names.iter().filter(|other| words::normalise(other) == name).count() > 1 {
        return (at + 1).to_string();
    }
    toml::Value::String(names[at].clone()).to_string()
}

/// Whether a file without this column is refused (判定結果 may be recomputed on request).
pub(crate) fn is_needed(column: Column) -> bool {
    matches!(column, Column::Left(_) | Column::Right(_) | Column::Mark(_) | Column::Overall)
}
