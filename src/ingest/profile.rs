//! The layout profile: a TOML file in which a user says which column is which (RULES §7).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::layout::Resolved;
use super::mapping::Mapping;
use super::words;
use crate::compare::{parse_date, visible};
use crate::config::diagnostic::{Diagnostic, Diagnostics, nearest, quote};
use crate::domain::held::mask;
use crate::domain::person::MyNumber;
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
    /// Name of the file it stands in.
    file: String,
    /// Its text, and where each of `columns` has its value there.
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
    /// It has faults; every one with its place.
    #[error("{0}")]
    Faults(Diagnostics),
}

/// The fields of a profile.
const FIELDS: [&str; 3] = ["header_rows", "columns", "marks"];

/// The fields of `[marks]`.
const MARKS: [(&str, Overall); 3] = [("○", Overall::Match), ("△", Overall::Partial), ("×", Overall::Mismatch)];

struct Faults<'t> {
    file: &'t str,
    text: &'t str,
    found: Vec<(usize, Diagnostic)>,
}

impl Faults<'_> {
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
            Err(error) => Err(ProfileError::Unreadable { file, cause: super::io_words(&error) }),
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
        let mut faults = Faults { file, text, found: Vec::new() };
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

    fn read_columns(&mut self, table: &DeTable<'_>, faults: &mut Faults<'_>) {
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
                DeValue::String(name) if name.trim().is_empty() => Place::Absent,
                DeValue::String(name) => Place::Name(name.to_string()),
                DeValue::Integer(number) => match number.as_str().parse() {
                    Ok(number) if number > 0 => Place::Number(number),
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

    fn read_marks(&mut self, table: &DeTable<'_>, faults: &mut Faults<'_>) {
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

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fault of columns that a header does not have, each at its place in the profile.
    pub(crate) fn not_in(&self, columns: &[Column], names: &[String]) -> ProfileError {
        let mut faults = Faults { file: &self.file, text: &self.text, found: Vec::new() };
        for ((column, place), offset) in self.columns.iter().zip(&self.offsets) {
            if !columns.contains(column) {
                continue;
            }
            match place {
                Place::Name(name) => {
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

    /// Whether the header of a file has every column that the profile names; the faults are named with their place.
    pub fn fits(&self, mapping: &Mapping) -> Result<(), ProfileError> {
        let names = mapping.names();
        let missing: Vec<Column> = (self.columns.iter())
            .filter(|(_, place)| match place {
                Place::Absent => false,
                Place::Number(number) => *number > names.len(),
                Place::Name(name) => !find_name(names, name),
            })
            .map(|(column, _)| *column)
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(self.not_in(&missing, names)) }
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

/// Whether a header has a name; the last part of a name joined from two rows is enough.
fn find_name(names: &[String], name: &str) -> bool {
    let name = words::normalise(name);
    names.iter().any(|known| {
        let last = known.rsplit_once(' ').map_or(known.as_str(), |(_, last)| last);
        words::normalise(known) == name || words::normalise(last) == name
    })
}

/// The canonical name that shares most with a word, however far it is.
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
pub struct Remembered {
    /// The fingerprint of the header row.
    pub fingerprint: String,
    /// The profile.
    pub profile: LayoutProfile,
}

/// The fingerprint of a header row, by which a profile is remembered.
pub(crate) fn header_print(cells: &[String]) -> String {
    let mut hash = blake3::Hasher::new();
    for cell in cells {
        let cell = words::normalise(cell);
        hash.update(&(cell.len() as u64).to_le_bytes()).update(cell.as_bytes());
    }
    hash.finalize().to_hex()[..16].to_owned()
}

/// Reads the profiles that were remembered in a folder; one that can no longer be read is passed over.
pub fn remembered(folder: &Path) -> Vec<Remembered> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<Remembered> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let fingerprint = path.file_stem()?.to_str()?.to_owned();
            let is_toml = path.extension().is_some_and(|extension| extension == "toml");
            let profile = LayoutProfile::from_file(&path).ok().filter(|_| is_toml)?;
            Some(Remembered { fingerprint, profile })
        })
        .collect();
    found.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
    found
}

/// Keeps the profile of a header in a folder for the next file with that header; gives its place.
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

/// What is known about a file of which a profile is to be written.
pub(crate) struct Draft<'d> {
    /// Header names in order.
    pub(crate) names: &'d [String],
    /// Where each of [`Column::ALL`] stands.
    pub(crate) columns: &'d [Option<usize>; Column::COUNT],
    /// How many rows the header has, where that must be said.
    pub(crate) header_rows: Option<u8>,
    /// The forms of the values of each column.
    pub(crate) samples: &'d [Vec<String>],
    /// Words for marks.
    pub(crate) marks: &'d [(String, Overall)],
}

impl Draft<'_> {
    /// Writes the profile: what each column of the file is, what could not be mapped, and what is missing.
    pub(crate) fn write(&self) -> String {
        let mut text = String::from(
            "# meken のレイアウト定義。\"\" のところに、ファイルの列名か列の番号(1から)を書いてください。\n# 書いていない列は見出しから判断します。見出しのないファイルでは header_rows = 0 とし、番号で指定します。\n",
        );
        let headerless = self.header_rows == Some(0);
        text.push_str("#\n# ファイルの列:\n");
        for (at, name) in self.names.iter().enumerate() {
            let known = Column::ALL.into_iter().find(|column| self.columns[column.index()] == Some(at));
            let known = known.map_or("(使いません)", Column::name);
            let name = if headerless { String::new() } else { format!("{}  ", shown(name)) };
            let samples = self.samples.get(at).filter(|samples| !samples.is_empty());
            let samples = samples.map(|samples| format!("  値の形: {}", samples.join(" | "))).unwrap_or_default();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "#   {:>3}  {name}→ {known}{samples}", at + 1);
        }
        if let Some(rows) = self.header_rows {
            let _ = write!(text, "\nheader_rows = {rows}\n");
        }
        text.push_str("\n[columns]\n");
        for column in Column::ALL {
            let _ = match self.columns[column.index()] {
                Some(at) if headerless => writeln!(text, "\"{}\" = {}", column.name(), at + 1),
                Some(at) => writeln!(text, "\"{}\" = {}", column.name(), place(self.names, at)),
                None if is_needed(column) => writeln!(text, "\"{}\" = \"\"  # 必須", column.name()),
                None => writeln!(text, "# \"{}\" = \"\"", column.name()),
            };
        }
        if self.marks.is_empty() {
            text.push_str("\n# 判定結果や総合判定が数字などのときは、その値を書いてください。\n# [marks]\n# \"○\" = [\"1\"]\n# \"△\" = [\"2\"]\n# \"×\" = [\"3\"]\n");
        } else {
            text.push_str("\n[marks]\n");
            for (label, mark) in MARKS {
                let words: Vec<String> = (self.marks.iter().filter(|(_, known)| *known == mark))
                    .map(|(word, _)| toml::Value::String(word.clone()).to_string())
                    .collect();
                let _ = writeln!(text, "\"{label}\" = [{}]", words.join(", "));
            }
        }
        text
    }
}

/// Writes a profile to fill in for a file that is refused: without values of its rows.
pub(crate) fn to_fill_in(names: &[String], resolved: &Resolved) -> String {
    // What looks like a header may be the first row of a file without one: its values are nobody's business here.
    let is_value = |name: &String| {
        let digits = name.trim().len() >= 6 && name.trim().bytes().all(|b| b.is_ascii_digit());
        // Hardly a row of a person is without a date or a sex.
        let person = parse_date(name).is_some() || matches!(name.trim(), "男" | "女" | "男性" | "女性");
        digits || person || Overall::parse(name).is_some() || MyNumber::parse(name).is_some()
    };
    let data = names.iter().any(is_value);
    let columns = &resolved.columns;
    Draft { names, columns, header_rows: data.then_some(0), samples: &[], marks: &[] }.write()
}

/// A header name as it may be shown. What is longer than any name is no name but a line that could not be cut.
pub(super) fn shown(name: &str) -> String {
    const MOST: usize = 40;
    let short: String = name.chars().take(MOST).collect();
    let more = if short.len() < name.len() { "…" } else { "" };
    format!("{}{more}", mask(&visible(&short)))
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
