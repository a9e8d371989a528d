//! The columns of a file of rejected rows that was written out, corrected and comes back.

use crate::domain::quarantine;

/// Where the columns of a correction file stand that are not those of the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeldColumns {
    pub(super) number: usize,
    pub(super) line: usize,
    pub(super) confirm: Option<usize>,
    pub(super) surplus: Vec<usize>,
}

impl HeldColumns {
    /// Finds them in a header; `None` where it is no correction file.
    pub(crate) fn find(names: &[String]) -> Option<Self> {
        let at = |column: usize| names.iter().position(|name| name.trim() == quarantine::COLUMNS[column]);
        let surplus = (0..names.len()).filter(|&at| quarantine::is_surplus(names[at].trim())).collect();
        Some(Self {
            number: at(quarantine::NUMBER)?,
            line: at(quarantine::LINE)?,
            confirm: at(quarantine::CONFIRM),
            surplus,
        })
    }
}
