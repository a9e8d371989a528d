//! The five fields that are compared, and their names.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Field that is compared, one of the five (5情報).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FieldKind {
    /// 漢字氏名
    Kanji,
    /// カナ氏名
    Kana,
    /// 生年月日
    Birth,
    /// 性別
    Sex,
    /// 住所
    Address,
}

impl FieldKind {
    /// All fields in the order of the file and of the screen.
    pub const ALL: [Self; 5] = [Self::Kanji, Self::Kana, Self::Birth, Self::Sex, Self::Address];

    /// Returns the name of the field in the 突合結果ファイル.
    pub fn label(self) -> &'static str {
        match self {
            Self::Kanji => "漢字氏名",
            Self::Kana => "カナ氏名",
            Self::Birth => "生年月日",
            Self::Sex => "性別",
            Self::Address => "住所",
        }
    }

    /// Returns the name of the field in two characters, for narrow columns.
    pub fn short(self) -> &'static str {
        match self {
            Self::Kanji => "漢字",
            Self::Kana => "カナ",
            Self::Birth => "生年",
            Self::Sex => "性別",
            Self::Address => "住所",
        }
    }

    /// Returns the name of the field on the command line and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kanji => "kanji",
            Self::Kana => "kana",
            Self::Birth => "birth",
            Self::Sex => "sex",
            Self::Address => "address",
        }
    }

    /// Returns the position in [`FieldKind::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Error for a word that is not the name of a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("項目名「{0}」は使えません。kanji、kana、birth、sex、address のいずれかを指定してください")]
pub struct UnknownField(String);

impl FromStr for FieldKind {
    type Err = UnknownField;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|field| field.word() == word).ok_or_else(|| UnknownField(word.to_owned()))
    }
}
