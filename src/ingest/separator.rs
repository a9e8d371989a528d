//! The sign between the cells of a text file.

/// The sign between two cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    #[default]
    Comma,
    /// As in "Unicode text" of Excel.
    Tab,
    /// `;`
    Semicolon,
}

impl Separator {
    /// All, the usual one first.
    pub(super) const ALL: [Self; 3] = [Self::Comma, Self::Tab, Self::Semicolon];

    /// The sign itself.
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Semicolon => b';',
        }
    }

    /// The word for it in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Tab => "tab",
            Self::Semicolon => "semicolon",
        }
    }

    /// Its name in Japanese.
    pub fn label(self) -> &'static str {
        match self {
            Self::Comma => "カンマ(,)",
            Self::Tab => "タブ",
            Self::Semicolon => "セミコロン(;)",
        }
    }
}
