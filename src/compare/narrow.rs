//! Characters of a value with their width folded, without allocation.

use super::char_fold::wide_kana;
use super::field::FieldKind;

/// Characters with their width folded, one after another and without allocation.
pub(super) struct NarrowChars<'t> {
    rest: &'t str,
    spaces_count: bool,
    hiragana_counts: bool,
}

impl Iterator for NarrowChars<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            let mut chars = self.rest.chars();
            let c = chars.next()?;
            self.rest = chars.as_str();
            return Some(match c {
                ' ' | '\u{3000}' if self.spaces_count => ' ',
                ' ' | '\u{3000}' => continue,
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0)?,
                'ぁ'..='ゖ' if !self.hiragana_counts => char::from_u32(c as u32 + 0x60)?,
                '\u{ff66}'..='\u{ff9d}' => self.voiced(wide_kana(c)),
                c => c,
            });
        }
    }
}

impl<'t> NarrowChars<'t> {
    /// The characters of a value of a field.
    pub(super) fn of(text: &'t str, field: FieldKind) -> Self {
        let spaces_count = !matches!(field, FieldKind::Kanji | FieldKind::Kana);
        Self { rest: text, spaces_count, hiragana_counts: field != FieldKind::Kana }
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
}
