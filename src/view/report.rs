//! 件数報告

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::tally::{Bridge, FrozenReport, Report};

/// A 件数報告: the counts as they stand now, or a frozen one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportView {
    /// Its number, once frozen.
    pub number: Option<u32>,
    /// 基準日時
    pub as_of: Timestamp,
    /// Who froze it; empty before.
    pub operator: String,
    /// The counts.
    pub report: Report,
    /// The bridge from the frozen report before, where there is one.
    pub bridge: Option<Bridge>,
    /// Rows held back when the view was made.
    pub quarantined: u64,
}

impl ReportView {
    /// A frozen report.
    pub fn frozen(frozen: FrozenReport, quarantined: u64) -> Self {
        Self {
            number: Some(frozen.number),
            as_of: frozen.as_of,
            operator: frozen.operator,
            report: frozen.report,
            bridge: frozen.bridge,
            quarantined,
        }
    }

    /// Identities that do not hold, in words.
    pub fn broken(&self) -> Vec<String> {
        self.report.broken_identities()
    }
}
