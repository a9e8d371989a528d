//! What an export would write, before anything is made or written.

use jiff::Timestamp;

use super::csv::Table;
use crate::domain::export::ExportRequest;
use crate::service::BatchExpect;

/// What an export would write: previews show it, [`super::write()`] writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The export, with the number that it has or would get.
    pub edition: ExportRequest,
    /// The time that it speaks of.
    pub as_of: Timestamp,
    /// The list, laid out.
    pub table: Table,
    /// Counts for the manifest, by name.
    pub counts: Vec<(String, u64)>,
    /// How many records or rows are not in the list, by reason.
    pub excluded: Vec<(&'static str, u64)>,
    /// How many rows stand under 支援措置.
    pub protected: u64,
    /// What is expected of the list that is made after this preview, where one is made.
    pub expect: Option<BatchExpect>,
    /// What a preview says: what the list would hold, then whatever needs a second look.
    pub preview: Vec<String>,
}

impl Plan {
    /// A plan without counts, exclusions or rows under 支援措置.
    pub(super) fn new(edition: ExportRequest, as_of: Timestamp, table: Table) -> Self {
        let preview = vec![format!("{}: {} 行", edition.kind.info().label, table.rows.len())];
        Self { edition, as_of, table, counts: Vec::new(), excluded: Vec::new(), protected: 0, expect: None, preview }
    }

    /// Default name of its file.
    pub fn file_name(&self) -> String {
        self.edition.file_name(self.as_of)
    }
}
