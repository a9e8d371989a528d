//! Invisible format characters between digits, letters or kana, where they may change the meaning.
//!
//! One system draws a soft hyphen and another does not, so `1\u{AD}23` is 1-23 here and 123 there; a zero-width character between number and
//! room may stand for the space that divided them. The text does not tell, so such a field is 要確認 at best. Between kanji these characters
//! have no meaning.

use super::char_class::{is_dropped, is_invisible, is_kanji, is_katakana};
use super::field::FieldKind;
use super::numeral::is_kanji_digit;
use super::reason::{Code, StepClass};

/// Soft hyphen.
const SOFT_HYPHEN: char = '\u{AD}';

/// Visible hyphen with as many bytes as a soft one, so that byte positions do not change.
const VISIBLE_HYPHEN: char = '\u{2D7}';

/// Hidden characters of a text that may change its meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct HiddenChars {
    /// Whether a format character stands between digits, letters or kana.
    pub(super) any: bool,
    /// Whether one of them is a soft hyphen.
    pub(super) soft: bool,
}

impl HiddenChars {
    /// Searches a text.
    pub(super) fn of(text: &str) -> Self {
        let mut found = Self::default();
        // Quick rejection: every format character begins with one of these UTF-8 bytes, and few texts have any.
        let lead = |b| matches!(b, 0xC2 | 0xCD | 0xD8 | 0xE1 | 0xE2 | 0xEF | 0xF0 | 0xF3);
        if !(text.bytes().any(lead) || text.contains('\u{3164}')) || !text.chars().any(is_invisible) {
            return found;
        }
        for_each_hidden_run(text, |_, run| {
            found.any = true;
            found.soft |= run.contains(SOFT_HYPHEN);
        });
        found
    }
}

/// Replaces the soft hyphens between digits, letters or kana by visible ones; byte positions do not change.
pub(super) fn with_visible_hyphens(text: &str) -> String {
    let mut out = text.to_owned();
    for_each_hidden_run(text, |start, run| {
        out.replace_range(start..start + run.len(), &run.replace(SOFT_HYPHEN, VISIBLE_HYPHEN.encode_utf8(&mut [0; 4])));
    });
    out
}

/// Returns the step for hidden characters of a field.
pub(super) fn step(field: FieldKind) -> (Code, StepClass, &'static str) {
    let code = match field {
        FieldKind::Kanji => Code::N1,
        FieldKind::Kana => Code::K1,
        FieldKind::Birth => Code::D3,
        FieldKind::Sex => Code::S1,
        FieldKind::Address => Code::A1,
    };
    (code, StepClass::B, "数字・英字・かなの間の見えない文字")
}

/// Calls a function with the first byte and the text of every run of format characters between digits, letters or kana, including spaces
/// beside them, and of every soft hyphen right behind katakana, which may stand for ー.
fn for_each_hidden_run(text: &str, mut take: impl FnMut(usize, &str)) {
    let mut before = None;
    let mut run = None;
    for (at, c) in text.char_indices().map(|(at, c)| (at, Some(c))).chain([(text.len(), None)]) {
        if c.is_some_and(is_dropped) {
            run = run.or(Some(at));
            continue;
        }
        if let Some(start) = run.take() {
            let dropped = &text[start..at];
            let between =
                before.is_some_and(is_joining) && c.is_some_and(is_joining) && dropped.chars().any(is_invisible);
            let long_vowel = before.is_some_and(is_katakana) && dropped.starts_with(SOFT_HYPHEN);
            if between || long_vowel {
                take(start, dropped);
            }
        }
        before = c;
    }
}

/// Returns whether two such characters side by side would be read as one number or word.
fn is_joining(c: char) -> bool {
    is_kanji_digit(c) || (c.is_alphanumeric() && !is_kanji(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quick rejection by first bytes misses no character.
    #[test]
    fn every_format_character_is_seen() {
        for c in ('\0'..=char::MAX).filter(|c| is_invisible(*c)) {
            assert!(HiddenChars::of(&format!("1{c}2")).any, "{c:?}");
        }
    }

    #[test]
    fn finds_what_may_be_read_otherwise() {
        let hidden = |any, soft| HiddenChars { any, soft };
        for (text, found, shown) in [
            ("寺泊12", hidden(false, false), "寺泊12"),
            ("寺泊1\u{AD}2", hidden(true, true), "寺泊1\u{2D7}2"),
            ("寺泊3\u{FEFF}201", hidden(true, false), "寺泊3\u{FEFF}201"),
            ("赤坂一\u{AD}二", hidden(true, true), "赤坂一\u{2D7}二"),
            ("山\u{200B}田", hidden(false, false), "山\u{200B}田"),
            ("寺泊\u{AD}1", hidden(false, false), "寺泊\u{AD}1"),
            ("JI\u{200D}\u{AD}NA", hidden(true, true), "JI\u{200D}\u{2D7}NA"),
            ("ユ\u{AD}　コ", hidden(true, true), "ユ\u{2D7}　コ"),
            ("ユ\u{200B}　コ", hidden(true, false), "ユ\u{200B}　コ"),
            ("1985\u{B}\u{AD}12", hidden(true, true), "1985\u{B}\u{2D7}12"),
            ("LEE\u{200B} JI", hidden(true, false), "LEE\u{200B} JI"),
            ("LEE JI", hidden(false, false), "LEE JI"),
            ("\u{FEFF}12", hidden(false, false), "\u{FEFF}12"),
        ] {
            assert_eq!((HiddenChars::of(text), with_visible_hyphens(text).as_str()), (found, shown), "{text:?}");
            assert_eq!(with_visible_hyphens(text).len(), text.len());
        }
    }
}
