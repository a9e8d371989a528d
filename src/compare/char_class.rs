//! Character classes: spaces, invisible characters, placeholders, hyphens and the Japanese scripts.

/// Returns whether a character is a space. Every control character is one: VT is a line break inside a cell, US and GS separate the values
/// of a repeating field, and none of them may join two numbers.
#[inline]
pub(crate) fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{3000}' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}'
    ) || c.is_control()
}

/// Returns whether a character is invisible and has no meaning of its own: format characters, variation selectors, fillers. See
/// [`super::hidden`] for those between digits, letters or kana.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns whether a character is dropped before comparing.
#[inline]
pub(crate) fn is_dropped(c: char) -> bool {
    is_space(c) || is_invisible(c)
}

/// Returns whether a character stands for one that could not be written: ●, 〓, 外字 and the like (RULES §5 N3).
pub(crate) fn is_placeholder(c: char) -> bool {
    matches!(
        c,
        '●' | '〓'
            | '■'
            | '□'
            | '?'
            | '○'
            | '◯'
            | '◎'
            | '◆'
            | '◇'
            | '▲'
            | '△'
            | '▼'
            | '▽'
            | '★'
            | '☆'
            | '*'
            | '＊'
            | '？'
            | '※'
            | '\u{FFFD}'
            | '\u{FFFC}'
            | '⬤'
            | '⚫'
            | '▪'
            | '◼'
            | '⬛'
            | '\u{303F}'
    ) || is_private(c)
}

/// Returns whether a character is a hyphen, dash or minus sign; the kanji `一` is not.
pub(crate) fn is_bar(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2212}'
                | '\u{FF0D}'
                | '\u{FE63}'
                | '\u{2043}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{207B}'
                | '\u{30FC}'
                | '\u{FF70}'
                | '\u{FE58}'
                | '\u{02D7}'
    )
}

/// Returns whether a character is an apostrophe, or a sign that keyboards and databases write for one: a quotation mark, an accent that
/// stands alone, a prime or a modifier letter.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '\u{B4}' | '\u{2B9}' | '\u{2BB}'
            ..='\u{2BD}' | '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '\u{2035}' | '\u{FF07}' | '\u{FF40}'
    )
}

/// Returns whether a character is a dot between the words of a foreign name.
pub(crate) fn is_name_dot(c: char) -> bool {
    matches!(c, '・' | '\u{B7}' | '\u{2027}' | '\u{2219}' | '\u{22C5}')
}

/// Returns whether a character is a Latin letter.
pub(crate) fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Returns whether a character is katakana or ー.
pub(crate) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FE}')
}

/// Returns whether a character is hiragana.
pub(crate) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}')
}

/// Returns whether a character is a kanji, including 々, 〆, 〇 and compatibility ideographs.
pub(crate) fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{3FFFF}' | '々' | '〆' | '〇' | '\u{F900}'..='\u{FAFF}')
}

/// Returns whether a character is in a private use area: 外字.
pub(crate) fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// Returns whether a character is a bracket.
pub(crate) fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '「' | '」' | '『' | '』' | '〔' | '〕' | '【' | '】' | '<' | '>' | '〈' | '〉')
}
