//! Display form of text: characters that are invisible, change the direction or have no glyph are replaced by their code.
//!
//! Foreign text reaches a screen, a log or an output only through [`visible`] (ARCHITECTURE "Protection").

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::char_class::is_private;

/// Grapheme cluster with its display form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleUnit {
    /// Bytes in the original.
    pub range: Range<usize>,
    /// Text to display.
    pub shown: String,
    /// Whether the display form differs from the cluster.
    pub special: bool,
}

/// Returns whether a character must be replaced by its code.
pub(crate) fn is_hidden(c: char) -> bool {
    match c {
        // Composed and decomposed kana look the same, so a separate mark is replaced by its code.
        '\u{3099}' | '\u{309A}' => true,
        ' '..='~' | '\u{3000}'..='\u{3163}' | '\u{3165}'..='\u{D7FF}' => false,
        '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' => false,
        c if c.is_control() || is_private(c) => true,
        '\u{A0}'
        | '\u{AD}'
        | '\u{300}'..='\u{36F}'
        | '\u{61C}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{1680}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{2000}'..='\u{200F}'
        | '\u{2028}'..='\u{202F}'
        | '\u{205F}'..='\u{206F}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FE20}'..='\u{FE2F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFC}'
        | '\u{FDD0}'..='\u{FDEF}'
        | '\u{FFFE}'
        | '\u{FFFF}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        c => (c as u32) & 0xFFFE == 0xFFFE,
    }
}

fn show(out: &mut String, c: char) {
    if is_private(c) {
        out.push_str("〔外字〕");
    }
    if is_hidden(c) {
        // Writing to a String cannot fail.
        let _ = write!(out, "‹U+{:04X}›", c as u32);
    } else {
        out.push(c);
    }
}

/// Returns text with every hidden character replaced by its code: `‹U+200B›`, `〔外字〕‹U+E000›`.
///
/// The result contains no control, format, private-use or otherwise invisible character.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        show(&mut out, c);
    }
    Cow::Owned(out)
}

/// Returns the display form of text cluster by cluster, for highlighting.
pub fn visible_units(text: &str) -> Vec<VisibleUnit> {
    text.grapheme_indices(true)
        .map(|(start, cluster)| {
            let special = cluster.chars().any(is_hidden);
            let mut shown = String::with_capacity(cluster.len());
            for c in cluster.chars() {
                show(&mut shown, c);
            }
            VisibleUnit { range: start..start + cluster.len(), shown, special }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_out_what_cannot_be_seen() {
        for (text, shown) in [
            ("山田　太郎", "山田　太郎"),
            ("山\u{200B}田", "山‹U+200B›田"),
            ("a\u{202E}b", "a‹U+202E›b"),
            ("a\tb\r\n", "a‹U+0009›b‹U+000D›‹U+000A›"),
            ("葛\u{E0100}城", "葛‹U+E0100›城"),
            ("\u{E000}田", "〔外字〕‹U+E000›田"),
            ("a\u{A0}b", "a‹U+00A0›b"),
            ("\u{1B}[31m", "‹U+001B›[31m"),
            ("か\u{3099}", "か‹U+3099›"),
            ("e\u{301}", "e‹U+0301›"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn units_cover_the_text_and_join_to_the_same() {
        let text = "葛\u{E0100}ﾊﾟ\u{200B}か\u{3099}髙\u{E123}";
        let units = visible_units(text);
        let joined: String = units.iter().map(|u| u.shown.as_str()).collect();
        assert_eq!(joined, visible(text));
        assert_eq!(units.first().map(|u| u.range.start), Some(0));
        assert_eq!(units.last().map(|u| u.range.end), Some(text.len()));
        assert!(units.windows(2).all(|w| w[0].range.end == w[1].range.start));
        assert!(units[0].special && !units[1].special);
    }

    proptest::proptest! {
        #[test]
        fn never_shows_anything_hidden(text in proptest::collection::vec(proptest::char::any(), 0..40)) {
            let text: String = text.into_iter().collect();
            let shown = visible(&text).into_owned();
            proptest::prop_assert!(!shown.chars().any(is_hidden));
            proptest::prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}
