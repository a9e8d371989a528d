//! The layout profile: a TOML file in which a user says which column is which (RULES §7).

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::io_words::io_words;
use super::words;
use crate::config::diagnostic::{Diagnostic, Diagnostics, nearest, quote};
use crate::domain::quarantine::mask;
use crate::domain::record::{Column, Overall};

/// How a profile names a column of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ColumnRef {
    /// By its header.
    Name(String),
    /// By its number from 1.
    Number(usize),
    /// The file has no such column, or it is not to be used.
    Absent,
}

/// Assignment of columns, given by the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayoutProfile {
    /// How many rows the header has; 0 for a file without one, `None` to find out.
    pub(crate) header_rows: Option<u8>,
    /// The columns it names.
    pub(crate) columns: Vec<(Column, ColumnRef)>,
    /// Words (digits too) for marks.
    pub(crate) marks: Vec<(String, Overall)>,
    /// Name of the file it stands in.
    file: String,
    /// Its text, and the offset of the value of each of `columns`.
    text: String,
    offsets: Vec<usize>,
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
    /// It has faults, each with its position.
    #[error("{0}")]
    Faults(Diagnostics),
}

/// The fields of a profile.
const FIELDS: [&str; 3] = ["header_rows", "columns", "marks"];

/// The fields of `[marks]`.
pub(super) const MARKS: [(&str, Overall); 3] =
    [("○", Overall::Match), ("△", Overall::Partial), ("×", Overall::Mismatch)];

struct ProfileFaults<'t> {
    file: &'t str,
    text: &'t str,
    found: Vec<(usize, Diagnostic)>,
}

impl ProfileFaults<'_> {
    fn add(&mut self, offset: usize, message: impl Into<String>, help: Option<&str>) {
        let fault = Diagnostic::at(self.file, self.text, offset, message, help.map(str::to_owned));
        self.found.push((offset, fault));
    }

    fn finish(mut self) -> Result<(), ProfileError> {
        self.found.sort_by_key(|(offset, _)| *offset);
        match self.found.is_empty() {
            true => Ok(()),
            false => Err(ProfileError::Faults(Diagnostics(self.found.into_iter().map(|(_, fault)| fault).collect()))),
        }
    }
}

impl LayoutProfile {
    /// Reads a profile from a file.
    pub fn from_file(path: &Path) -> Result<Self, ProfileError> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::named(&file, &text),
            Err(error) => Err(ProfileError::Unreadable { file, cause: io_words(&error) }),
        }
    }

    /// Reads the text of a profile.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        Self::named("レイアウト定義", text)
    }

    /// Reads the text of a profile that stands in a file of this name.
    pub fn named(file: &str, text: &str) -> Result<Self, ProfileError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut profile = Self { file: file.to_owned(), text: text.to_owned(), ..Self::default() };
        let mut faults = ProfileFaults { file, text, found: Vec::new() };
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let place = error.span().map_or(0, |span| span.start);
            faults.add(place, format!("TOML として読めません({})", error.message()), None);
        }
        for (key, value) in document.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("header_rows", DeValue::Integer(number)) => match number.as_str().parse() {
                    Ok(rows @ 0..=2) => profile.header_rows = Some(rows),
                    _ => faults.add(value.span().start, "header_rows は 0、1、2 のいずれかです", None),
                },
                ("header_rows", _) => {
                    faults.add(value.span().start, "header_rows は 0、1、2 のいずれかです", None);
                }
                ("columns", DeValue::Table(table)) => profile.read_columns(table, &mut faults),
                ("marks", DeValue::Table(table)) => profile.read_marks(table, &mut faults),
                ("columns" | "marks", _) => {
                    faults.add(value.span().start, format!("[{}] は表で書いてください", key.get_ref()), None);
                }
                (name, _) => {
                    let message = format!("項目{}はありません", quote(name));
                    faults.add(key.span().start, message, nearest(name, FIELDS));
                }
            }
        }
        faults.finish()?;
        Ok(profile)
    }

    fn read_columns(&mut self, table: &DeTable<'_>, faults: &mut ProfileFaults<'_>) {
        // Columns in the order of the file, so that the first one of two is the first.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let name: &str = key.get_ref().as_ref();
            let words::Meaning::Column(column) = words::meaning(name) else {
                let near = nearest(name, Column::ALL.map(Column::name)).or_else(|| Some(alike(name)));
                faults.add(key.span().start, format!("列名{}はありません", quote(name)), near);
                continue;
            };
            if self.columns.iter().any(|(known, _)| *known == column) {
                let message = format!("「{}」が二度あります。一つにしてください", column.name());
                faults.add(key.span().start, message, None);
                continue;
            }
            let place = match value.get_ref() {
                DeValue::String(name) if name.trim().is_empty() => ColumnRef::Absent,
                DeValue::String(name) => ColumnRef::Name(name.to_string()),
                DeValue::Integer(number) => match number.as_str().parse() {
                    Ok(number) if number > 0 => ColumnRef::Number(number),
                    _ => {
                        faults.add(value.span().start, "列の番号は 1 以上で指定してください", None);
                        continue;
                    }
                },
                _ => {
                    faults.add(value.span().start, "ファイルの列名か、列の番号を書いてください", None);
                    continue;
                }
            };
            self.columns.push((column, place));
            self.offsets.push(value.span().start);
        }
    }

    fn read_marks(&mut self, table: &DeTable<'_>, faults: &mut ProfileFaults<'_>) {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let name: &str = key.get_ref().as_ref();
            let Some((_, mark)) = MARKS.iter().find(|(known, _)| *known == name) else {
                let message = format!("[marks] の項目は ○、△、× です。{}は使えません", quote(name));
                faults.add(key.span().start, message, nearest(name, MARKS.map(|(known, _)| known)));
                continue;
            };
            let words = value.get_ref().as_array().and_then(|array| {
                array.iter().map(|word: &Spanned<DeValue<'_>>| word.get_ref().as_str()).collect::<Option<Vec<_>>>()
            });
            let Some(words) = words else {
                faults.add(value.span().start, "[\"1\", \"一致\"] のように、値を並べて書いてください", None);
                continue;
            };
            for word in words {
                let word = word.trim();
                match self.marks.iter().find(|(known, _)| known == word) {
                    Some((_, other)) if other != mark => {
                        let message = format!("{}が二つの判定に使われています", quote(word));
                        faults.add(value.span().start, message, None);
                    }
                    _ => self.marks.push((word.to_owned(), *mark)),
                }
            }
        }
    }

    /// Name of the file it was read from.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The error for columns that a header does not have, each with its position in the profile.
    pub(super) fn not_in(&self, columns: &[Column], names: &[String]) -> ProfileError {
        let mut faults = ProfileFaults { file: &self.file, text: &self.text, found: Vec::new() };
        for ((column, place), offset) in self.columns.iter().zip(&self.offsets) {
            if !columns.contains(column) {
                continue;
            }
            match place {
                ColumnRef::Name(name) => {
                    let near = nearest(name, names.iter().map(String::as_str)).map(|near| mask(near).into_owned());
                    let message =
                        format!("「{}」に当たる列{}は、ファイルの見出しにありません", column.name(), quote(name));
                    faults.add(*offset, message, near.as_deref());
                }
                _ => {
                    let message =
                        format!("「{}」の番号は、ファイルの列の数 {} を超えています", column.name(), names.len());
                    faults.add(*offset, message, None);
                }
            }
        }
        match faults.finish() {
            Err(error) => error,
            Ok(()) => ProfileError::Faults(Diagnostics::default()),
        }
    }

    /// Whether the profile refers to every column by number, so that it may describe a file without a header.
    pub(crate) fn by_number_only(&self) -> bool {
        !self.columns.is_empty() && self.columns.iter().all(|(_, place)| !matches!(place, ColumnRef::Name(_)))
    }

    /// Reads a mark by the words of the profile.
    pub(crate) fn mark(&self, text: &str) -> Option<Overall> {
        let text = text.trim_matches([' ', '　']);
        self.marks.iter().find(|(word, _)| word == text).map(|(_, overall)| *overall)
    }
}

/// The canonical name nearest to a word, whatever the distance.
fn alike(name: &str) -> &'static str {
    let name = words::normalise(name);
    Column::ALL
        .into_iter()
        .map(Column::name)
        .min_by_key(|known| strsim::levenshtein(&words::normalise(known), &name))
        .unwrap_or_default()
}

/// A profile that was used for a header before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RememberedProfile {
    /// The fingerprint of the header row.
    pub fingerprint: String,
    /// The profile.
    pub profile: LayoutProfile,
}

/// The fingerprint of a header row, by which a profile is remembered.
pub(crate) fn header_fingerprint(cells: &[String]) -> String {
    let mut hash = blake3::Hasher::new();
    for cell in cells {
        let cell = words::normalise(cell);
        hash.update(&(cell.len() as u64).to_le_bytes()).update(cell.as_bytes());
    }
    hash.finalize().to_hex()[..16].to_owned()
}

/// Reads the profiles that were remembered in a folder; those that can no longer be read are skipped.
pub fn remembered(folder: &Path) -> Vec<RememberedProfile> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<RememberedProfile> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let fingerprint = path.file_stem()?.to_str()?.to_owned();
            let is_toml = path.extension().is_some_and(|extension| extension == "toml");
            let profile = LayoutProfile::from_file(&path).ok().filter(|_| is_toml)?;
            Some(RememberedProfile { fingerprint, profile })
        })
        .collect();
    found.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
    found
}

/// Keeps the profile of a header in a folder for the next file with that header; returns its path.
///
/// # Errors
/// What the system says when it cannot be written.
pub fn remember(folder: &Path, fingerprint: &str, profile: &LayoutProfile) -> std::io::Result<PathBuf> {
    use std::io::Write;
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = folder.join(format!("{fingerprint}.toml"));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(profile.text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(path)
}

/// Whether a file without this column is refused (判定結果 may be recomputed on request).
pub(crate) fn is_needed(column: Column) -> bool {
    matches!(column, Column::Left(_) | Column::Right(_) | Column::Mark(_) | Column::Overall)
}
