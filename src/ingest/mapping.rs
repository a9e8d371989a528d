//! The columns of a file and what they are taken for: for a profile to edit, and for a screen on which columns are chosen.

use std::path::Path;

use super::cells::unguard;
use super::draft::{ProfileDraft, shown};
use super::error::{IngestError, Refusal};
use super::header::{HEADER_WITHIN, HeaderFinder, HeaderSearch};
use super::input::Input;
use super::options::ImportOptions;
use super::pipeline::named;
use super::profile::{ColumnRef, LayoutProfile, ProfileError, is_needed};
use super::words;
use crate::compare::visible;
use crate::domain::quarantine;
use crate::domain::record::{Column, Overall};
use crate::domain::scope::DateCell;

/// Number of rows that are shown of each column.
const SAMPLES: usize = 3;

/// Minimum number of columns known by name for a row to be taken for a header.
const PLAUSIBLE: usize = 4;

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedColumn {
    /// Its number from 1.
    pub number: usize,
    /// Its header name in visible form; empty where the file has no header.
    pub name: String,
    /// What it is taken for.
    pub column: Option<Column>,
    /// The values of the first rows in visible form, a 個人番号 with its last four digits only: for a screen.
    pub samples: Vec<String>,
    /// The forms of the same values, which are nobody's data: for a file or a pipe.
    pub forms: Vec<String>,
}

/// The form of a value: what kind of characters it is made of. A mark, a sex and a code of one or two digits stand as they
/// are, for they tell a column from others and nobody from anybody.
fn form(cell: &str) -> String {
    const KEPT: [&str; 4] = ["男", "女", "男性", "女性"];
    let cell = cell.trim();
    let digits = cell.bytes().all(|b| b.is_ascii_digit());
    if digits && cell.len() <= 2 || KEPT.contains(&cell) || Overall::parse(cell).is_some() {
        return visible(cell).into_owned();
    }
    let mut form: String = cell.chars().take(40).map(kind).collect();
    if matches!(DateCell::read(cell), DateCell::Day(_)) {
        form.push_str("(日付)");
    } else if digits && cell.len() > 4 {
        form.push_str(&format!("({}桁)", cell.len()));
    }
    form
}

/// The character that represents the class of a character.
fn kind(c: char) -> char {
    match c {
        '0'..='9' => '9',
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        '\u{3041}'..='\u{309F}' => 'あ',
        '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' => 'ア',
        '\u{FF66}'..='\u{FF9F}' => 'ｱ',
        '\u{FF10}'..='\u{FF19}' => '９',
        '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => 'Ａ',
        ' ' | '\u{3000}' => c,
        c if c.is_ascii_punctuation() => c,
        '、' | '・' | '－' | '（' | '）' | '●' | '○' | '×' | '△' => c,
        c if c.is_control() => '?',
        c if c.is_alphabetic() => '漢',
        _ => '〓',
    }
}

/// The columns of a file and what they are taken for.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// File name without folder.
    pub file: String,
    /// Its encoding.
    pub encoding: &'static str,
    /// Whether it has no header row.
    pub headerless: bool,
    names: Vec<String>,
    rows: Vec<Vec<String>>,
    places: [Option<usize>; Column::COUNT],
    header_rows: Option<u8>,
    marks: Vec<(String, Overall)>,
}

/// Reads the top of a file and says what its columns are taken for; nothing is imported.
///
/// # Errors
/// The same as an import for what is no CSV at all; columns that cannot be mapped are no error here.
pub fn mapping(path: &Path, options: &ImportOptions) -> Result<Mapping, IngestError> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let name = visible(&name).into_owned();
    let mut input = Input::open(path, &name, options)?;
    let encoding = input.encoding_name();
    let mut reader = input.reader(options)?;
    let mut finder = HeaderFinder::new(options);
    let mut found = None;
    let mut after = Vec::new();
    for _ in 0..HEADER_WITHIN + SAMPLES {
        let Some(cells) = reader.next().map_err(|error| named(error.into(), &name))? else { break };
        if found.is_some() {
            after.push(cells);
            if after.len() == SAMPLES {
                break;
            }
            continue;
        }
        match finder.take(cells.clone()) {
            HeaderSearch::More => {}
            HeaderSearch::Found(layout) => found = Some(layout),
            HeaderSearch::Headerless(layout) => {
                found = Some(layout);
                after.push(cells);
            }
        }
    }
    let mut mapping = Mapping {
        file: name,
        encoding,
        headerless: false,
        names: Vec::new(),
        rows: after,
        places: [None; Column::COUNT],
        header_rows: options.layout.as_ref().and_then(|profile| profile.header_rows),
        marks: options.layout.as_ref().map(|profile| profile.marks.clone()).unwrap_or_default(),
    };
    let records = finder.records().to_vec();
    match (found, finder.best()) {
        (Some(layout), _) => {
            mapping.headerless = layout.fingerprint.is_empty();
            (mapping.names, mapping.places) = (layout.names.clone(), layout.columns);
        }
        (None, Some((names, resolved, below))) if resolved.columns.iter().flatten().count() >= PLAUSIBLE => {
            mapping.rows = below.into_iter().take(SAMPLES).collect();
            (mapping.names, mapping.places) = (names, resolved.columns);
        }
        _ => mapping.without_header(records)?,
    }
    Ok(mapping)
}

impl LayoutProfile {
    /// Checks that the header of a file has every column that the profile names; the error lists each fault with its position.
    pub fn fits(&self, mapping: &Mapping) -> Result<(), ProfileError> {
        let names = mapping.names();
        let missing: Vec<Column> = (self.columns.iter())
            .filter(|(_, place)| match place {
                ColumnRef::Absent => false,
                ColumnRef::Number(number) => *number > names.len(),
                ColumnRef::Name(name) => !find_name(names, name),
            })
            .map(|(column, _)| *column)
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(self.not_in(&missing, names)) }
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

impl Mapping {
    /// Treats the file as one without a header; if it is as wide as the canonical layout, the columns are taken to be that.
    fn without_header(&mut self, head: Vec<Vec<String>>) -> Result<(), IngestError> {
        let width = head.iter().map(Vec::len).max().unwrap_or(0);
        if width == 0 {
            return Err(Refusal::Empty { file: self.file.clone() }.into());
        }
        self.rows = head.into_iter().filter(|row| row.len() == width).take(SAMPLES).collect();
        self.names = (1..=width).map(|n| format!("列{n}")).collect();
        (self.headerless, self.header_rows) = (true, Some(0));
        let mark = |column: Column| {
            self.rows.iter().all(|row| row.get(column.index()).is_some_and(|cell| Overall::parse(cell).is_some()))
        };
        if (Column::COUNT - 1..=Column::COUNT).contains(&width) && mark(Column::Overall) {
            for column in Column::ALL.into_iter().take(width) {
                self.places[column.index()] = Some(column.index());
            }
        }
        Ok(())
    }

    /// The header names as they stand in the file.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The columns of the file.
    pub fn columns(&self) -> Vec<MappedColumn> {
        (0..self.names.len())
            .map(|at| MappedColumn {
                number: at + 1,
                name: if self.headerless { String::new() } else { shown(&self.names[at]) },
                column: Column::ALL.into_iter().find(|column| self.places[column.index()] == Some(at)),
                samples: self.samples(at),
                forms: self.forms(at),
            })
            .collect()
    }

    fn samples(&self, at: usize) -> Vec<String> {
        let place = |column: Column| self.places[column.index()].filter(|place| *place == at).map(|_| 0);
        // A column that may be a 個人番号 is masked as one, whatever it is called.
        let number = place(Column::MyNumber);
        let id = place(Column::Id);
        self.rows
            .iter()
            .map(|row| {
                let cell = unguard(row.get(at).map_or("", String::as_str)).to_owned();
                let shown = quarantine::masked(&[cell], number, id).remove(0);
                let shown: String = shown.chars().take(30).collect();
                visible(&shown).into_owned()
            })
            .collect()
    }

    fn forms(&self, at: usize) -> Vec<String> {
        let mut forms: Vec<String> = Vec::new();
        for row in &self.rows {
            let form = form(unguard(row.get(at).map_or("", String::as_str)));
            if !forms.contains(&form) && !form.is_empty() {
                forms.push(form);
            }
        }
        forms
    }

    /// The columns without which a file is refused and that are not mapped.
    pub fn missing(&self) -> Vec<Column> {
        let open = |column: &Column| is_needed(*column) && self.places[column.index()].is_none();
        Column::ALL.into_iter().filter(open).collect()
    }

    /// Numbers (from 1) of the columns that are not used.
    pub fn unused(&self) -> Vec<usize> {
        (0..self.names.len()).filter(|at| !self.places.contains(&Some(*at))).map(|at| at + 1).collect()
    }

    /// Assigns a column of the file (its number from 1) to a known column, or none.
    pub fn choose(&mut self, column: Column, number: Option<usize>) {
        let at = number.and_then(|number| number.checked_sub(1)).filter(|at| *at < self.names.len());
        if at.is_some() {
            self.places.iter_mut().filter(|place| **place == at).for_each(|place| *place = None);
        }
        self.places[column.index()] = at;
    }

    /// Sets the words for marks.
    pub fn set_marks(&mut self, marks: Vec<(String, Overall)>) {
        self.marks = marks;
    }

    /// The mapping as the text of a profile.
    pub fn to_toml(&self) -> String {
        let samples: Vec<Vec<String>> = (0..self.names.len()).map(|at| self.forms(at)).collect();
        let (names, columns) = (&self.names[..], &self.places);
        ProfileDraft { names, columns, header_rows: self.header_rows, samples: &samples, marks: &self.marks }.write()
    }

    /// The mapping as a profile to import with.
    pub fn to_profile(&self) -> Result<LayoutProfile, ProfileError> {
        LayoutProfile::parse(&self.to_toml())
    }

    /// The header name nearest to a column that is missing.
    pub fn nearest(&self, column: Column) -> Option<&str> {
        let name = words::normalise(column.name());
        let unused = self.unused();
        let names = unused.iter().map(|number| self.names[number - 1].as_str());
        names.filter(|_| !self.headerless).min_by_key(|other| strsim::levenshtein(&words::normalise(other), &name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_tell_columns_apart_and_nobody_from_anybody() {
        for (cell, expected) in [
            ("山田　太郎", "漢漢　漢漢"),
            ("𠮷田 ●子", "漢漢 ●漢"),
            ("ヤマダ　タロー", "アアア　アアア"),
            ("ﾔﾏﾀﾞ ﾀﾛｳ", "ｱｱｱｱ ｱｱｱ"),
            ("神奈川県茅ヶ崎市中島１０６８番地２５", "漢漢漢漢漢ア漢漢漢漢９９９９漢漢９９"),
            ("赤坂1-2-3 ハイツA 101", "漢漢9-9-9 アアアA 999"),
            ("19500420", "99999999(日付)"),
            ("昭和25年4月20日", "漢漢99漢9漢99漢(日付)"),
            ("000012345674", "999999999999(12桁)"),
            ("0000123", "9999999(7桁)"),
            ("1", "1"),
            ("02", "02"),
            ("123", "999"),
            ("○", "○"),
            ("不一致", "不一致"),
            ("男", "男"),
            ("\u{E000}田", "〓漢"),
            ("a\u{0}b", "a?a"),
            ("", ""),
        ] {
            assert_eq!(form(cell), expected, "{cell}");
        }
    }

    proptest::proptest! {
        /// Whatever stands in a file, no letter, kanji or long number of it gets into a profile.
        #[test]
        fn forms_hold_nothing_of_a_value(cell in "\\PC{0,30}") {
            let form = form(&cell);
            let kept = |c: &char| c.is_alphanumeric() && !"9aAあアｱ９Ａ漢日付桁".contains(*c);
            let short = form.chars().filter(char::is_ascii_digit).count() <= 2 && form.len() <= 2;
            proptest::prop_assert!(short || Overall::parse(&form).is_some() || form.chars().filter(kept).count() <= 2, "{}", form);
        }
    }
}
