//! What does not change while a workstation runs.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::guard::DecisionContext;
use crate::domain::insurer::InsurerKind;
use crate::domain::record::Record;
use crate::domain::scope;

/// Who works where: what does not change while the workstation runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceInfo {
    /// The operator's name.
    pub operator: String,
    /// The insurer and the run, for the header.
    pub label: String,
    /// What its settings say about decisions.
    pub rules: DecisionRules,
}

/// What decisions depend on besides the record, the operator and the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRules {
    /// The kind of insurer, where known.
    pub insurer: Option<InsurerKind>,
    /// Whether 3-x was enabled for an insurer without employers (G5).
    pub employer_enabled: bool,
    /// Days between 送付日 and 返信期限.
    pub letter_days: u16,
}

impl DecisionRules {
    /// What surrounds a decision on a record, the one place that knows it.
    pub fn context<'a>(
        &self,
        operator: &'a str,
        record: &'a Record,
        now: Timestamp,
        today: Date,
    ) -> DecisionContext<'a> {
        DecisionContext {
            facts: &record.facts,
            matched_on: scope::matched_on(&record.row),
            lost_in_file: scope::lost_after(&record.row),
            today,
            now,
            operator,
            insurer: self.insurer,
            employer_enabled: self.employer_enabled,
            letter_days: self.letter_days,
        }
    }
}
