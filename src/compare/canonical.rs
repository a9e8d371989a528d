//! Canonical forms of values: join keys for the danger flags, and the form in which text is searched.

use super::char_class::{is_bar, is_dropped, is_space};
use super::field::FieldKind;
use super::hidden::HiddenChars;
use super::kana_chars::{katakana, large};
use super::{address, birth, kana, kanji, sex, unit, variants};

/// Returns the canonical form of a value after the harmless (class A) steps.
///
/// Equal forms mean 一致 or 表記ゆれ, as long as both are readable, written in one script and split by spaces at the same places, and the
/// counters of addresses (丁目, 番, 号, 号室) do not contradict each other; the reverse need not hold, since some steps depend on both sides.
pub fn fold(field: FieldKind, text: &str) -> String {
    // A text that can be read in two ways is equal only to itself.
    if HiddenChars::of(text).any {
        return text.to_owned();
    }
    match field {
        FieldKind::Kanji => kanji::units(text).text(),
        FieldKind::Kana => kana::units(text).text(),
        FieldKind::Birth => match birth::parse_date(text) {
            Some(parsed) if !parsed.doubtful => parsed.date.digits(),
            _ => unit::line(text).text(),
        },
        FieldKind::Sex => match sex::parse_sex(text) {
            Some(sex::Sex::Male) => "1".to_owned(),
            Some(sex::Sex::Female) => "2".to_owned(),
            _ => unit::line(text).text(),
        },
        FieldKind::Address => address::canonical::fold(text),
    }
}

/// Returns the form in which text is searched: ﾀｶﾊｼ, たかはし and タカハシ alike, 髙橋 as 高橋, width and case folded, spaces dropped.
pub fn search_fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    search_fold_into(text, &mut out);
    out
}

/// Appends the form of [`search_fold`] to a text.
pub fn search_fold_into(text: &str, out: &mut String) {
    unit::for_each_char(text, |c| match c {
        'ぁ'..='ゖ' | 'ァ'..='ヺ' => {
            let c = katakana(c);
            out.push(large(c).unwrap_or(c));
        }
        _ if is_bar(c) => out.push('-'),
        // Kana and kanji have no case, and full-width letters are already folded.
        _ if c.is_ascii() || c >= '\u{2E80}' => out.push(variants::standard(c).to_ascii_lowercase()),
        _ => out.extend(c.to_lowercase()),
    });
}

/// Splits a name at its first space into surname and given name; `None` without an inner space.
pub fn split_name(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_matches(is_dropped);
    let at = text.find(is_space)?;
    Some((&text[..at], text[at..].trim_start_matches(is_dropped)))
}

/// Returns the normalised 都道府県 and 市区町村 of an address; `None` when it has none.
pub fn municipality(text: &str) -> Option<String> {
    address::municipality::municipality(text)
}
