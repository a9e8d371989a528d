//! Fictitious 突合結果ファイル for `meken sample` and `meken demo`, with a table of what is true of each row.
//!
//! The room holds word lists, the variations of RULES §5, the dangers of RULES §6 and a stream that mixes them with ordinary
//! households. It is pure: it writes only to what it is handed, and the same rows, seed and encoding give the same bytes on every
//! machine and for ever. It must not use the rules of `domain` or `compare`: what it says of a row follows from what it planted,
//! so that it can serve as an independent check of those rules. All people are fictitious; every 個人番号 begins with 0000 or 9999.

mod address;
mod cases;
mod date;
mod dice;
mod draft;
mod household;
mod maker;
mod number;
mod person;
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

/// What file to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleOptions {
    /// Rows without the header. Beyond 20 million, 個人番号 repeat.
    pub rows: u64,
    /// Another seed, another town and other people.
    pub seed: u64,
    /// What the file will be written in: decides about characters that CP932 cannot hold.
    pub encoding: SampleEncoding,
}

/// Encoding of a sample file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SampleEncoding {
    /// Windows-31J, with user-defined characters.
    #[default]
    Cp932,
    /// UTF-8 without a mark.
    Utf8,
}

/// One row in the order of [`HEADER`], and the truth about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRow {
    /// The cells.
    pub cells: [String; COLUMNS],
    /// What is true of it.
    pub truth: Truth,
}

/// Makes the rows of a file, one after another.
pub fn generate(options: SampleOptions) -> impl Iterator<Item = SampleRow> {
    stream::Rows::new(options)
}
