//! What does not change while a workstation runs.

use crate::domain::insurer::InsurerKind;

/// Who works where: what does not change while the workstation runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceInfo {
    /// The operator's name.
    pub operator: String,
    /// The insurer and the run, for the header.
    pub label: String,
    /// The kind of insurer, where known.
    pub insurer: Option<InsurerKind>,
    /// Whether 3-x was enabled for an insurer without employers (G5).
    pub employer_enabled: bool,
    /// Days between 送付日 and 返信期限.
    pub letter_days: u16,
}
