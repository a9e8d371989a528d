//! Fictitious 突合結果ファイル for `meken sample` and `meken demo`, with a table of what is true of each row.
//!
//! The room holds word lists, the variations of DOMAIN §5, the dangers of DOMAIN §6 and a stream that mixes them with ordinary
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
mod tables;
mod truth;
mod variants;
mod vary;
mod write;

#[cfg(test)]
mod tests;

pub use truth::Truth;
pub use write::{SampleError, Written, write_csv};

/// Number of columns of the canonical layout.
pub const COLUMNS: usize = 29;

/// The canonical header (DOMAIN §7).
pub const HEADER: [&str; COLUMNS] = [
    "整理番号",
    "保険者番号",
    "被保険者証記号",
    "被保険者証番号",
    "枝番",
    "本人家族区分",
    "個人番号",
    "資格取得年月日",
    "資格喪失年月日",
    "被保険者証交付年月日",
    "加入者情報_漢字氏名",
    "J-LIS情報_漢字氏名",
    "判定結果_漢字氏名",
    "加入者情報_カナ氏名",
    "J-LIS情報_カナ氏名",
    "判定結果_カナ氏名",
    "加入者情報_生年月日",
    "J-LIS情報_生年月日",
    "判定結果_生年月日",
    "加入者情報_性別",
    "J-LIS情報_性別",
    "判定結果_性別",
    "加入者情報_住所",
    "J-LIS情報_住所",
    "判定結果_住所",
    "複数の有効な資格",
    "総合判定",
    "突合年月日",
    "備考",
];

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
    maker::Rows::new(options)
}
