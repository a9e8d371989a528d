//! Description of a single character, for the operator who asks why two values that look alike are not the same.

use unicode_normalization::UnicodeNormalization;

use super::char_class::{is_hiragana, is_invisible, is_kanji, is_katakana, is_placeholder, is_private, is_space};
use super::variants::{Variant, is_rare, variants};
use super::visible::visible;

/// Description of a character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Character as written.
    pub text: String,
    /// Display form of the character; a space is named.
    pub shown: String,
    /// Code points, such as `U+845B U+E0100`.
    pub points: String,
    /// Kind of character.
    pub kind: String,
    /// Related forms, firm relations first.
    pub variants: Vec<Variant>,
}

/// Describes a grapheme cluster.
pub fn inspect(cluster: &str) -> Inspection {
    let shown = visible(cluster).into_owned();
    let points: Vec<String> = cluster.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
    let first = cluster.chars().next().unwrap_or_default();
    let mut kind = kind(first).to_owned();
    let unified = std::iter::once(first).nfc().next().unwrap_or(first);
    if unified != first && is_kanji(unified) {
        kind = format!("{kind} {unified} の別の符号");
    }
    for c in cluster.chars().skip(1) {
        kind.push_str(match c {
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => " + 異体字セレクタ",
            '\u{3099}' | '\u{FF9E}' => " + 濁点",
            '\u{309A}' | '\u{FF9F}' => " + 半濁点",
            c if is_invisible(c) => " + 見えない文字",
            _ => " + 結合文字",
        });
    }
    let shown = if shown.trim().is_empty() { "(空白)".to_owned() } else { shown };
    Inspection { text: cluster.to_owned(), shown, points: points.join(" "), kind, variants: variants(unified) }
}

/// Characters that are easily mistaken for another.
const LOOK_ALIKES: [(char, &str); 27] = [
    ('一', "漢数字の一"),
    ('二', "漢数字の二"),
    ('ニ', "カタカナのニ"),
    ('八', "漢数字の八"),
    ('ハ', "カタカナのハ"),
    ('力', "漢字のちから"),
    ('カ', "カタカナのカ"),
    ('口', "漢字のくち"),
    ('ロ', "カタカナのロ"),
    ('夕', "漢字のゆう"),
    ('タ', "カタカナのタ"),
    ('工', "漢字のこう"),
    ('エ', "カタカナのエ"),
    ('〇', "漢数字のゼロ"),
    ('○', "記号の丸"),
    ('◯', "記号の大きな丸"),
    ('ー', "長音記号"),
    ('－', "全角ハイフンマイナス"),
    ('−', "マイナス記号"),
    ('‐', "ハイフン"),
    ('‑', "改行しないハイフン"),
    ('–', "短いダッシュ"),
    ('—', "長いダッシュ"),
    ('―', "ダッシュ"),
    ('ｰ', "半角の長音記号"),
    ('-', "半角ハイフンマイナス"),
    ('の', "ひらがなのの"),
];

fn kind(c: char) -> &'static str {
    if let Some((_, name)) = LOOK_ALIKES.iter().find(|(alike, _)| *alike == c) {
        return name;
    }
    match c {
        ' ' => "半角空白",
        '\u{3000}' => "全角空白",
        c if is_private(c) => "外字 (字の形は機種ごとに違います)",
        c if is_space(c) => "特殊な空白",
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}' => {
            "文字の向きを変える制御文字"
        }
        c if c.is_control() => "制御文字",
        c if is_invisible(c) => "見えない文字",
        c if is_placeholder(c) => "読めない字の代わりに使われる記号",
        '0'..='9' => "半角数字",
        'a'..='z' | 'A'..='Z' => "半角英字",
        '０'..='９' => "全角数字",
        'ａ'..='ｚ' | 'Ａ'..='Ｚ' => "全角英字",
        '\u{FF61}'..='\u{FF9F}' => "半角カナ",
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' | 'ヵ' | 'ヶ' => {
            "カタカナ (小書き)"
        }
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ゕ' | 'ゖ' => {
            "ひらがな (小書き)"
        }
        c if is_katakana(c) => "カタカナ",
        c if is_hiragana(c) => "ひらがな",
        '\u{2E80}'..='\u{2FDF}' => "部首の記号",
        c if is_kanji(c) && std::iter::once(c).nfc().next() != Some(c) => "互換漢字",
        c if is_kanji(c) => character_set(c),
        '\u{400}'..='\u{52F}' => "キリル文字",
        '\u{370}'..='\u{3FF}' => "ギリシャ文字",
        c if c.is_alphabetic() => "欧文の文字",
        c if c.is_ascii() => "半角記号",
        _ => "記号",
    }
}

/// Returns the character set of a kanji, which decides which systems can write it.
fn character_set(c: char) -> &'static str {
    let mut buffer = [0; 4];
    let (bytes, _, failed) = encoding_rs::EUC_JP.encode(c.encode_utf8(&mut buffer));
    match bytes.first() {
        Some(0xA1..=0xCF) if !failed && bytes.len() == 2 => "漢字 (JIS第1水準)",
        Some(0xD0..=0xF4) if !failed && bytes.len() == 2 => "漢字 (JIS第2水準)",
        _ if is_rare(c) => "漢字 (JIS第1・第2水準にない字。書けない機種があります)",
        _ => "漢字 (JIS外。機種の拡張文字)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::VariantSource;

    #[test]
    fn says_what_a_character_is() {
        for (cluster, points, kind) in [
            ("高", "U+9AD8", "漢字 (JIS第1水準)"),
            ("髙", "U+9AD9", "漢字 (JIS外。機種の拡張文字)"),
            ("澤", "U+6FA4", "漢字 (JIS第2水準)"),
            ("𠮷", "U+20BB7", "漢字 (JIS第1・第2水準にない字。書けない機種があります)"),
            ("葛\u{E0100}", "U+845B U+E0100", "漢字 (JIS第1水準) + 異体字セレクタ"),
            ("\u{FA10}", "U+FA10", "互換漢字 塚 の別の符号"),
            ("﨑", "U+FA11", "漢字 (JIS外。機種の拡張文字)"),
            ("か\u{3099}", "U+304B U+3099", "ひらがな + 濁点"),
            ("ｶﾞ", "U+FF76 U+FF9E", "半角カナ + 濁点"),
            ("\u{E000}", "U+E000", "外字 (字の形は機種ごとに違います)"),
            ("\u{202E}", "U+202E", "文字の向きを変える制御文字"),
            ("\u{200B}", "U+200B", "見えない文字"),
            ("\u{A0}", "U+00A0", "特殊な空白"),
            ("　", "U+3000", "全角空白"),
            ("ー", "U+30FC", "長音記号"),
            ("一", "U+4E00", "漢数字の一"),
            ("А", "U+0410", "キリル文字"),
            ("●", "U+25CF", "読めない字の代わりに使われる記号"),
        ] {
            let found = inspect(cluster);
            assert_eq!((found.points.as_str(), found.kind.as_str()), (points, kind), "{cluster}");
        }
        assert_eq!(inspect("　").shown, "(空白)");
        assert!(inspect("\u{FA10}").variants.iter().all(|v| v.form != '塚'));
        assert!(inspect("髙").variants.iter().any(|v| v.form == '高' && v.source == VariantSource::Common));
    }

    proptest::proptest! {
        #[test]
        fn takes_anything_apart(text in proptest::collection::vec(proptest::char::any(), 0..4)) {
            let text: String = text.into_iter().collect();
            let found = inspect(&text);
            proptest::prop_assert_eq!(found.points.split(' ').filter(|p| !p.is_empty()).count(), text.chars().count());
            proptest::prop_assert!(!found.shown.is_empty());
        }
    }
}
