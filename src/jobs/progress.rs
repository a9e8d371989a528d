//! What a running job tells.

use crate::app::screen::mapping::Mapping;

/// What a running job tells.
#[derive(Debug)]
pub enum JobProgress {
    /// How far it has come.
    Step {
        /// How much is done, of `total`.
        done: u64,
        /// All of it.
        total: u64,
        /// Rows so far.
        rows: u64,
    },
    /// The header of a file does not tell which columns are which: they are asked for.
    Unmapped(Box<Mapping>),
}
