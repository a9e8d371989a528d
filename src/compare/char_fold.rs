//! Folding of one character: width, compatibility ideographs, radicals and Roman numerals.

use unicode_normalization::UnicodeNormalization;

use super::mark;

/// Half-width katakana U+FF61–FF9D in full width.
const HALF_KANA: [char; 61] = [
    '。', '「', '」', '、', '・', 'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア', 'イ', 'ウ',
    'エ', 'オ', 'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ',
    'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル',
    'レ', 'ロ', 'ワ', 'ン',
];

/// Returns a half-width katakana U+FF61–FF9D in full width, and any other character unchanged.
pub(crate) fn wide_kana(c: char) -> char {
    HALF_KANA.get((c as usize).wrapping_sub(0xFF61)).copied().unwrap_or(c)
}

/// Radicals of the block U+2E80–2EFF that look like a kanji of names and have no compatibility decomposition, each with that kanji.
/// Source: EquivalentUnifiedIdeograph.txt of the Unicode Character Database (Unicode licence).
const RADICALS: [(char, char); 23] = [
    ('\u{2E9C}', '日'),
    ('\u{2E9D}', '月'),
    ('\u{2EA0}', '民'),
    ('\u{2EA9}', '王'),
    ('\u{2EAB}', '目'),
    ('\u{2EB6}', '羊'),
    ('\u{2EBB}', '聿'),
    ('\u{2EBC}', '肉'),
    ('\u{2EC1}', '虎'),
    ('\u{2EC4}', '西'),
    ('\u{2EC6}', '角'),
    ('\u{2ED1}', '長'),
    ('\u{2ED7}', '雨'),
    ('\u{2ED8}', '青'),
    ('\u{2EDD}', '食'),
    ('\u{2EE3}', '骨'),
    ('\u{2EE4}', '鬼'),
    ('\u{2EE8}', '麦'),
    ('\u{2EE9}', '黄'),
    ('\u{2EEB}', '斉'),
    ('\u{2EED}', '歯'),
    ('\u{2EEF}', '竜'),
    ('\u{2EF2}', '亀'),
];

/// Folds width and compatibility ideographs of one character; returns it with the marks of what changed.
#[inline]
pub(super) fn fold_char(c: char) -> (char, u16) {
    match c {
        // Nearly all characters of a file.
        '\0'..='~' | '\u{3000}'..='\u{9FFF}' => (c, 0),
        '\u{FF01}'..='\u{FF5E}' => (char::from_u32(c as u32 - 0xFEE0).unwrap_or(c), mark::WIDTH),
        '\u{FF61}'..='\u{FF9D}' => (wide_kana(c), mark::WIDTH),
        '\u{FF9E}' => ('\u{3099}', mark::WIDTH),
        '\u{FF9F}' => ('\u{309A}', mark::WIDTH),
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' | '\u{2E80}'..='\u{2FDF}' => {
            if let Some((_, kanji)) = RADICALS.iter().find(|(radical, _)| *radical == c) {
                return (*kanji, mark::COMPAT);
            }
            let mut folded = std::iter::once(c).nfkc();
            match (folded.next(), folded.next()) {
                (Some(one), None) if one != c => (one, mark::COMPAT),
                _ => (c, 0),
            }
        }
        _ => (c, 0),
    }
}

/// Returns a Roman numeral as letters.
pub(super) fn roman_letters(c: char) -> Option<&'static str> {
    const UPPER: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let index = match c {
        '\u{2160}'..='\u{216B}' => c as usize - 0x2160,
        '\u{2170}'..='\u{217B}' => c as usize - 0x2170,
        _ => return None,
    };
    UPPER.get(index).copied()
}
