//! Which column of a file is which, and how its marks are read (RULES §7).

use super::cells::RecordCells;
use super::draft::shown;
use super::held_columns::HeldColumns;
use super::profile::LayoutProfile;
use crate::domain::record::{Column, Mark, Overall};

/// Assignment of the columns of a file.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Index of each of [`Column::ALL`] in the file.
    pub(crate) columns: [Option<usize>; Column::COUNT],
    /// The other columns.
    pub(crate) extras: Vec<(usize, String)>,
    /// Header names in order.
    pub(crate) names: Vec<String>,
    /// Number of cells of a row.
    pub(crate) width: usize,
    /// The columns that a file of corrected rows has beside the original ones.
    pub(crate) held: Option<HeldColumns>,
    /// The column with the key, where the file is a record list that was written out.
    pub(crate) listed: Option<usize>,
    /// The cells of its header rows, each [`bare`], to know them again further down.
    pub(super) head: Vec<Vec<String>>,
    /// The fingerprint of its header row; empty where the file has none.
    pub(crate) fingerprint: String,
    /// Words for marks by profile.
    pub(super) profile: Option<LayoutProfile>,
}

impl Layout {
    /// Whether the file has a column.
    pub(crate) fn has(&self, column: Column) -> bool {
        self.columns[column.index()].is_some()
    }

    /// Whether a record is a header row once more, as files put together from several have it.
    pub(crate) fn is_header(&self, record: &RecordCells<'_>) -> bool {
        self.head
            .iter()
            .any(|row| row.len() == record.width() && row.iter().zip(record.cells()).all(|(a, b)| a == bare(b)))
    }

    /// Description of how the columns were found, for the audit trail.
    pub(crate) fn words(&self) -> String {
        let how = match (&self.held, self.listed, &self.profile) {
            (Some(_), ..) => "隔離訂正",
            (None, Some(_), _) => "記録の一覧",
            (None, None, Some(_)) => "レイアウト定義",
            (None, None, None) => "見出し",
        };
        format!("{how} {} 列", self.columns.iter().flatten().count())
    }

    /// The file of the profile by which columns were found.
    pub(super) fn profile_file(&self) -> Option<&str> {
        self.profile.as_ref().map(LayoutProfile::file)
    }

    /// The columns that the rules use beside the compared ones and the file does not have.
    pub(crate) fn absent(&self) -> Vec<&'static str> {
        use Column::{Acquired, Id, Lost, MatchedOn, Multiple, MyNumber};
        let used = [Id, MyNumber, Acquired, Lost, Multiple, MatchedOn];
        used.into_iter().filter(|column| !self.has(*column)).map(Column::name).collect()
    }

    /// Adds the names of columns that records have beside the known ones and a list does not show.
    pub(super) fn keep(&mut self, names: impl IntoIterator<Item = String>) {
        self.names.extend(names);
    }

    /// The index of such a name.
    pub(super) fn kept(&self, name: &str) -> Option<u16> {
        let at = self.names.get(self.width..)?.iter().position(|known| known == name)?;
        u16::try_from(self.width + at).ok()
    }

    /// The names of the columns that are kept and not used, as they may be shown.
    pub(crate) fn unused(&self) -> Vec<String> {
        self.extras.iter().map(|(_, name)| shown(name)).collect()
    }

    /// Reads a 判定結果, by the profile's words first.
    pub(crate) fn mark(&self, text: &str) -> Option<Mark> {
        match self.profile.as_ref().and_then(|profile| profile.mark(text)) {
            Some(Overall::Match) => Some(Mark::Match),
            Some(Overall::Mismatch) => Some(Mark::Mismatch),
            Some(Overall::Partial | Overall::Unreadable) => None,
            None => Mark::parse(text),
        }
    }

    /// Reads a 総合判定, by the profile's words first.
    pub(crate) fn overall(&self, text: &str) -> Option<Overall> {
        self.profile.as_ref().and_then(|profile| profile.mark(text)).or_else(|| Overall::parse(text))
    }
}

/// Byte order mark, as the second of two joined files brings it into the text.
pub(super) const BOM: char = '\u{FEFF}';

/// A cell without the BOM of a second file and a second pair of quotation marks.
pub(super) fn bare(cell: &str) -> &str {
    cell.trim_start_matches(BOM).trim_matches('"')
}
