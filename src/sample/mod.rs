//! Fictitious 突合結果ファイル for `meken sample` and `meken demo`, with a truth table: what is known of each row.
//!
//! The room holds word lists, the variations of RULES §5, cases for the flags of RULES §6, and a stream that mixes them
//! with ordinary households. It is pure: it writes only to the writers it is given, and the same number of rows, seed
//! and encoding give the same bytes on every machine and in every release. It must not use the rules of `domain` or
//! `compare` (only the names of columns): the truth follows from what was planted, so that it is an independent check
//! of those rules. All people are fictitious; every 個人番号 begins with 0000 or 9999.

mod address;
mod cases;
mod date;
mod draft;
mod generator;
mod household;
mod number;
mod person;
mod random;
mod recipe;
mod stream;
mod tables;
mod truth;
mod variants;
mod vary;
mod write;

#[cfg(test)]
mod tests;

use crate::domain::record::Column;
pub use truth::Truth;
pub use write::{SampleError, Written, write_csv};

/// Number of columns of the canonical layout.
pub const COLUMNS: usize = 29;

/// The canonical header (RULES §7).
pub const HEADER: [&str; COLUMNS] = {
    let mut names = [""; COLUMNS];
    let mut n = 0;
    while n < COLUMNS {
        names[n] = Column::ALL[n].name();
        n += 1;
    }
    names
};

/// Which file to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleOptions {
    /// Rows without the header. Beyond 20 million, 個人番号 repeat.
    pub rows: u64,
    /// Seed of the random numbers; it decides on the municipality and the people.
    pub seed: u64,
    /// Encoding of the file; CP932 excludes some characters.
    pub encoding: SampleEncoding,
}

/// Encoding of a sample file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SampleEncoding {
    /// Windows-31J, with user-defined characters.
    #[default]
    Cp932,
    /// UTF-8 without a BOM.
    Utf8,
}

/// One row and the truth about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRow {
    /// The cells in the order of [`HEADER`].
    pub cells: [String; COLUMNS],
    /// What is known of the row.
    pub truth: Truth,
}

/// Generates the rows of a file one by one.
pub fn generate(options: SampleOptions) -> impl Iterator<Item = SampleRow> {
    stream::Rows::new(options)
}
