//! Comparison of two texts except for width, without allocation.

use super::char_fold::wide_kana;
use super::field::FieldKind;

/// Returns whether two texts of a field give the same characters, and only ones that [`NarrowChars`] knows.
pub(super) fn same_narrow(field: FieldKind, left: &str, right: &str) -> bool {
    let (mut left, mut right) = (NarrowChars::new(field, left), NarrowChars::new(field, right));
    left.by_ref().eq(right.by_ref()) && !left.is_stopped() && !right.is_stopped()
}

/// Iterator over the characters of a text with their width folded; in names also without spaces, in kana as katakana.
///
/// It stops before a character whose meaning depends on more than itself: placeholders, invisible and combining characters, kanji outside
/// the common block.
pub(super) struct NarrowChars<'t> {
    rest: &'t str,
    keeps_spaces: bool,
    keeps_hiragana: bool,
    gap: bool,
    stopped: bool,
}

impl<'t> NarrowChars<'t> {
    /// Returns the characters of a text of a field.
    pub(super) fn new(field: FieldKind, text: &'t str) -> Self {
        let keeps_spaces = !matches!(field, FieldKind::Kanji | FieldKind::Kana);
        Self { rest: text, keeps_spaces, keeps_hiragana: field != FieldKind::Kana, gap: false, stopped: false }
    }

    /// Returns whether a space was skipped before the last character.
    pub(super) fn is_behind_gap(&self) -> bool {
        self.gap
    }

    /// Returns whether the iterator ended before an unknown character.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Joins a half-width kana with the half-width voicing mark behind it.
    fn voiced(&mut self, kana: char) -> char {
        let (mark, step) = match self.rest.chars().next() {
            Some('\u{ff9e}') => ('\u{ff9e}', 1),
            Some('\u{ff9f}') => ('\u{ff9f}', 2),
            _ => return kana,
        };
        let fits = match kana {
            'カ'..='ト' => step == 1 && !matches!(kana, 'ッ'),
            'ハ'..='ホ' => true,
            _ => false,
        };
        if !fits {
            return kana;
        }
        self.rest = &self.rest[mark.len_utf8()..];
        char::from_u32(kana as u32 + step).unwrap_or(kana)
    }

    /// Ends the iterator before a character that it does not know.
    fn stop(&mut self) -> Option<char> {
        self.stopped = true;
        None
    }
}

impl Iterator for NarrowChars<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        self.gap = false;
        loop {
            let mut chars = self.rest.chars();
            let c = chars.next()?;
            self.rest = chars.as_str();
            return Some(match c {
                '\u{4e00}'..='\u{9fff}' | 'ァ'..='ヾ' => c,
                ' ' | '\u{3000}' if self.keeps_spaces => ' ',
                ' ' | '\u{3000}' => {
                    self.gap = true;
                    continue;
                }
                '？' | '＊' | '?' | '*' => return self.stop(),
                '!'..='~' => c,
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0)?,
                'ぁ'..='ゖ' if self.keeps_hiragana => c,
                'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60)?,
                '\u{ff66}'..='\u{ff9d}' => self.voiced(wide_kana(c)),
                '々' | '〆' | '〇' | '\u{2010}' | '\u{2212}' => c,
                _ => return self.stop(),
            });
        }
    }
}
