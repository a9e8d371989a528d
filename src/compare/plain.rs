//! A quick look before a comparison: whether two values differ in width and spaces only.
//!
//! Most fields that upstream marked ○ are written alike but for their width. Saying so here spares a million comparisons at
//! import; whatever is not plainly the same still goes to [`super::compare`]. What this calls the same, `compare` never
//! calls 相違 (a test holds the two together).

use super::FieldKind;

/// Whether two values are the same text but for half and full width and, in names, for spaces.
///
/// Spaces of an address count: `1-1 1201` and `1-11 201` are two places.
pub fn plainly_same(field: FieldKind, left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    let spaces_count = !matches!(field, FieldKind::Kanji | FieldKind::Kana);
    let fold = |text| Narrow { rest: text, spaces_count };
    fold(left).eq(fold(right)) && fold(left).next().is_some()
}

/// Half-width katakana U+FF66–U+FF9D as full-width ones.
const KATAKANA: [char; 56] = [
    'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア', 'イ', 'ウ', 'エ', 'オ', 'カ', 'キ', 'ク',
    'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ', 'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ',
    'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ', 'ワ', 'ン',
];

/// Characters with their width folded, one after another and without allocation.
struct Narrow<'t> {
    rest: &'t str,
    spaces_count: bool,
}

impl Iterator for Narrow<'_> {
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
                '\u{ff66}'..='\u{ff9d}' => self.voiced(KATAKANA[(c as u32 - 0xff66) as usize]),
                c => c,
            });
        }
    }
}

impl Narrow<'_> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::compare::{Verdict, compare};

    #[test]
    fn width_and_spaces_of_names() {
        for (field, left, right, same) in [
            (FieldKind::Kana, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ", true),
            (FieldKind::Kana, "ﾊﾟﾋﾟﾌﾟ ﾂﾞ", "パピプヅ", true),
            (FieldKind::Kana, "ヤマタ", "ヤマダ", false),
            (FieldKind::Kanji, "山田 太郎", "山田　太郎", true),
            (FieldKind::Address, "１−２", "1-2", false),
            (FieldKind::Address, "赤坂１－１１　２０１", "赤坂1-11 201", true),
            (FieldKind::Address, "赤坂1-1 1201", "赤坂1-11 201", false),
            (FieldKind::Kanji, "", "　", false),
        ] {
            assert_eq!(plainly_same(field, left, right), same, "{left} {right}");
        }
    }

    proptest! {
        #[test]
        fn what_is_plainly_the_same_is_never_called_different(
            text in "[ 　ァ-ヶｦ-ﾟＡ-ｚ０-９0-9a-zぁ-ん山田川上●－ー-]{1,12}",
            other in "[ 　ァ-ヶｦ-ﾟＡ-ｚ０-９0-9a-zぁ-ん山田川上●－ー-]{1,12}",
            seed in any::<u32>(),
        ) {
            // The same text with some characters widened or narrowed.
            let changed: String = text
                .chars()
                .enumerate()
                .map(|(n, c)| match c {
                    '!'..='~' if seed >> (n % 32) & 1 == 1 => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
                    ' ' if seed >> (n % 32) & 1 == 1 => '\u{3000}',
                    c => c,
                })
                .collect();
            for right in [&changed, &other] {
                for field in FieldKind::ALL {
                    if plainly_same(field, &text, right) {
                        prop_assert_ne!(compare(field, &text, right).verdict, Verdict::Different, "{} {}", &text, right);
                    }
                }
            }
        }
    }
}
