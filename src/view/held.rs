//! 隔離: rows that an import held back, and what became of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::japan_time;
use crate::domain::quarantine::QuarantineState;

/// A held-back row as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldView {
    /// Its running number.
    pub number: u32,
    /// The import that held it back.
    pub import: u32,
    /// File name without folder.
    pub file: String,
    /// Physical line from 1.
    pub line: u32,
    /// The column at fault, where it is one.
    pub column: Option<String>,
    /// Short code of the reason.
    pub code: String,
    /// The reason.
    pub reason: String,
    /// The key of the record, where it could be read.
    pub key: Option<String>,
    /// Where it stands.
    pub state: QuarantineState,
    /// How it was closed; `None` while it is open.
    pub closed: Option<HeldClosing>,
    /// Header names of its file.
    pub names: Vec<String>,
    /// Its cells in visible form; a 個人番号 with its last four digits only.
    pub cells: Vec<String>,
    /// The place of the cell at fault, where it is one.
    pub fault: Option<usize>,
}

/// How a held-back row was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldClosing {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub operator: String,
    /// Why; empty where an import closed it.
    pub reason: String,
}

impl HeldView {
    /// When, by whom and why it was closed; empty while it is open.
    pub fn closed_words(&self) -> String {
        self.closed.as_ref().map_or_else(String::new, |end| {
            let at = japan_time(end.at).strftime("%Y-%m-%d %H:%M");
            format!("{at} {} {}", end.operator, end.reason).trim().to_owned()
        })
    }
}
