//! The encodings that a file may have.

use std::fmt;
use std::str::FromStr;

use encoding_rs::{Decoder, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// An encoding that a file may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without BOM.
    Utf8,
    /// Windows-31J with NEC and IBM rows; 外字 become private-use characters.
    Cp932,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
}

impl Encoding {
    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Cp932 => "cp932",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    pub(super) fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8,
            Self::Cp932 => SHIFT_JIS,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
        .new_decoder_without_bom_handling()
    }

    /// The length of this encoding's BOM at the start of a file.
    pub(super) fn bom(self, head: &[u8]) -> usize {
        match self {
            Self::Utf8 if head.starts_with(b"\xEF\xBB\xBF") => 3,
            Self::Utf16Le if head.starts_with(b"\xFF\xFE") => 2,
            Self::Utf16Be if head.starts_with(b"\xFE\xFF") => 2,
            _ => 0,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("文字コード「{0}」は使えません。utf-8、cp932、utf-16le、utf-16be から選んでください")]
pub struct UnknownEncoding(pub String);

impl FromStr for Encoding {
    type Err = UnknownEncoding;
    fn from_str(text: &str) -> Result<Self, UnknownEncoding> {
        match text.trim().to_ascii_lowercase().replace('_', "-").as_str() {
            "utf-8" | "utf8" | "utf-8-bom" => Ok(Self::Utf8),
            "cp932" | "ms932" | "windows-31j" | "sjis" | "shift-jis" | "shiftjis" => Ok(Self::Cp932),
            "utf-16le" | "utf16le" => Ok(Self::Utf16Le),
            "utf-16be" | "utf16be" => Ok(Self::Utf16Be),
            _ => Err(UnknownEncoding(text.to_owned())),
        }
    }
}
