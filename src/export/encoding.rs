//! The encodings of exported files.

use std::fmt;
use std::str::FromStr;

use crate::config::diagnostic::{nearest, quote};

/// How text becomes bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TextEncoding {
    /// UTF-8 with a byte order mark: spreadsheets recognise it.
    #[default]
    Utf8Bom,
    /// UTF-8 alone.
    Utf8,
    /// CP932 (Windows-31J) with 外字 F040–F9FC.
    Cp932,
}

impl TextEncoding {
    /// Every encoding, the default first.
    pub const ALL: [Self; 3] = [Self::Utf8Bom, Self::Utf8, Self::Cp932];

    /// The word of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Utf8Bom => "utf-8-bom",
            Self::Utf8 => "utf-8",
            Self::Cp932 => "cp932",
        }
    }
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for TextEncoding {
    type Err = UnknownEncoding;

    fn from_str(word: &str) -> Result<Self, UnknownEncoding> {
        let lower = word.to_ascii_lowercase();
        Self::ALL.into_iter().find(|encoding| encoding.word() == lower).ok_or_else(|| UnknownEncoding {
            word: word.to_owned(),
            nearest: nearest(word, Self::ALL.map(Self::word))
                .and_then(|near| Self::ALL.map(Self::word).into_iter().find(|known| *known == near)),
        })
    }
}

/// A word that names no encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "文字コード{}は使えません。utf-8-bom、utf-8、cp932 から選んでください{}",
    quote(word),
    nearest.map(|near| format!("(もしかして: {near})")).unwrap_or_default()
)]
pub struct UnknownEncoding {
    /// The word.
    pub word: String,
    /// The nearest valid word.
    pub nearest: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_read_by_their_words() {
        for encoding in TextEncoding::ALL {
            assert_eq!(encoding.word().parse::<TextEncoding>().unwrap(), encoding);
        }
        assert_eq!("CP932".parse::<TextEncoding>().unwrap(), TextEncoding::Cp932);
        let refused = "cp923".parse::<TextEncoding>().unwrap_err().to_string();
        assert!(refused.contains("「cp923」") && refused.contains("もしかして: cp932"), "{refused}");
    }
}
