//! Text as a line of units: one folded character each, with the bytes it came from, never less than a grapheme cluster.
//!
//! Folding here is what is harmless in every field: width, composition, compatibility ideographs, variation selectors, dropped
//! spaces. It is narrower than NFKC on purpose: `①` must not become a digit of a house number.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::visible::is_private;

/// What folding did to a unit; bits of [`Unit::marks`].
pub(crate) mod mark {
    /// Full width to half width or the other way.
    pub(crate) const WIDTH: u16 = 1;
    /// A variation selector was dropped.
    pub(crate) const IVS: u16 = 1 << 1;
    /// A CJK compatibility ideograph or radical became its unified form.
    pub(crate) const COMPAT: u16 = 1 << 2;
    /// Combining marks were composed.
    pub(crate) const COMPOSED: u16 = 1 << 3;
    /// Lower case became upper case.
    pub(crate) const CASE: u16 = 1 << 4;
    /// Hiragana became katakana.
    pub(crate) const HIRAGANA: u16 = 1 << 5;
    /// Small kana became large.
    pub(crate) const SMALL: u16 = 1 << 6;
    /// ヂ or ヅ became ジ or ズ.
    pub(crate) const YOTSU: u16 = 1 << 7;
    /// A hyphen-like character became ー.
    pub(crate) const BAR: u16 = 1 << 8;
    /// An old or variant form became the standard one.
    pub(crate) const VARIANT: u16 = 1 << 9;
    /// Small ヶ became ケ.
    pub(crate) const SMALL_KE: u16 = 1 << 10;
    /// Spelt-out character such as Ⅱ.
    pub(crate) const SPELT: u16 = 1 << 11;
}

/// One folded character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// The folded character.
    pub(crate) c: char,
    /// The character before the folding of the field (but after width and composition).
    pub(crate) plain: char,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// What folding did, see [`mark`].
    pub(crate) marks: u16,
    /// True when a space stands before this unit and after another.
    pub(crate) spaced: bool,
}

impl Unit {
    /// The bytes in the original.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A text folded into units.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) units: Vec<Unit>,
    /// Spaces that were dropped, as they stood.
    pub(crate) dropped: String,
    /// How many invisible characters were dropped.
    pub(crate) invisible: usize,
}

impl Line {
    /// The unit indices before which a space stands.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = usize> + '_ {
        self.units.iter().enumerate().filter(|(_, u)| u.spaced).map(|(i, _)| i)
    }

    /// Takes the dots between the words of a foreign name (・) for spaces.
    pub(crate) fn dots_as_spaces(&mut self) {
        if !self.units.iter().any(|u| u.c == '・') {
            return;
        }
        let mut spaced = false;
        let dropped = &mut self.dropped;
        self.units.retain_mut(|unit| {
            if unit.c == '・' {
                spaced = true;
                dropped.push('・');
                return false;
            }
            unit.spaced |= std::mem::take(&mut spaced);
            true
        });
        if let Some(first) = self.units.first_mut() {
            first.spaced = false;
        }
    }

    /// The folded text.
    pub(crate) fn text(&self) -> String {
        self.units.iter().map(|u| u.c).collect()
    }
}

/// Tells whether a character is a space. Every control character is one: VT is a line break inside a cell, US and GS part the values of
/// a repeating field, and none of them may join two numbers.
#[inline]
pub(crate) fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{3000}' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}'
    ) || c.is_control()
}

/// Tells whether a character is invisible and carries no meaning of its own: format characters, variation selectors, fillers. What they
/// may hide between digits, letters or kana is the matter of [`super::hidden`].
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Tells whether a character is dropped before comparing.
#[inline]
pub(crate) fn is_dropped(c: char) -> bool {
    is_space(c) || is_invisible(c)
}

/// Tells whether a character stands for one that could not be written: ●, 〓, 外字 and the like (RULES §5 N3).
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

/// Tells whether a character is a hyphen, dash or minus of any kind; `一` is not one.
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

pub(crate) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FE}')
}

pub(crate) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}')
}

pub(crate) fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{3FFFF}' | '々' | '〆' | '〇' | '\u{F900}'..='\u{FAFF}')
}

/// Characters that always form a grapheme cluster of their own next to each other.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A0}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF9D}' | '●' | '\u{2010}' | '\u{2212}')
}

/// Half-width katakana U+FF61–FF9D in full width.
const HALF_KANA: [char; 61] = [
    '。', '「', '」', '、', '・', 'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア', 'イ', 'ウ',
    'エ', 'オ', 'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ',
    'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル',
    'レ', 'ロ', 'ワ', 'ン',
];

/// Gives a half-width katakana U+FF61–FF9D in full width, and any other character as it is.
pub(crate) fn wide_kana(c: char) -> char {
    HALF_KANA.get((c as usize).wrapping_sub(0xFF61)).copied().unwrap_or(c)
}

/// Radicals of the block U+2E80–2EFF that look like a whole kanji of names and have no compatibility decomposition, with that kanji.
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

/// Folds the width of one character and turns compatibility ideographs into their unified form.
#[inline]
fn fold_char(c: char) -> (char, u16) {
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

/// Roman numerals as letters; they hold no digits.
fn spelt(c: char) -> Option<&'static str> {
    const UPPER: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let index = match c {
        '\u{2160}'..='\u{216B}' => c as usize - 0x2160,
        '\u{2170}'..='\u{217B}' => c as usize - 0x2170,
        _ => return None,
    };
    UPPER.get(index).copied()
}

/// Hands on the characters of the units of a text, one after another.
pub(crate) fn each_char(text: &str, mut take: impl FnMut(char)) {
    if text.chars().all(is_simple) {
        text.chars().filter(|c| !matches!(c, ' ' | '\u{3000}')).for_each(|c| take(fold_char(c).0));
    } else {
        line(text).units.iter().for_each(|unit| take(unit.c));
    }
}

/// Turns a text into units.
pub(crate) fn line(text: &str) -> Line {
    let mut line = Line { units: Vec::with_capacity(text.len() / 2 + 1), ..Line::default() };
    let mut spaced = false;
    if text.chars().all(is_simple) {
        let mut start = 0;
        for c in text.chars() {
            let end = start + c.len_utf8();
            if c == ' ' || c == '\u{3000}' {
                spaced = true;
                line.dropped.push(c);
            } else {
                let (c, marks) = fold_char(c);
                push(&mut line, c, marks, start, end, &mut spaced);
            }
            start = end;
        }
        return line;
    }
    for (start, cluster) in text.grapheme_indices(true) {
        let end = start + cluster.len();
        let mut chars = cluster.chars();
        let (Some(first), rest) = (chars.next(), chars.as_str()) else { continue };
        if rest.is_empty() || cluster == "\r\n" {
            if is_space(first) {
                spaced = true;
                line.dropped.push(first);
            } else if is_invisible(first) {
                line.invisible += 1;
            } else if !spaced && voiced(&mut line, first, end) {
                continue;
            } else if let Some(letters) = spelt(first) {
                for c in letters.chars() {
                    push(&mut line, c, mark::SPELT, start, end, &mut spaced);
                }
            } else {
                let (c, marks) = fold_char(first);
                push(&mut line, c, marks, start, end, &mut spaced);
            }
            continue;
        }
        let mut marks = 0;
        let mut kept = String::with_capacity(cluster.len());
        for c in cluster.chars() {
            if is_space(c) {
                spaced = true;
                line.dropped.push(c);
            } else if matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}') {
                marks |= mark::IVS;
            } else if is_invisible(c) {
                line.invisible += 1;
            } else {
                let (c, folded) = fold_char(c);
                marks |= folded;
                kept.push(c);
            }
        }
        let mut count = 0;
        for c in kept.nfc() {
            count += 1;
            push(&mut line, c, marks, start, end, &mut spaced);
        }
        let composed = count < kept.chars().count() && marks & mark::WIDTH == 0;
        if let Some(last) = line.units.last_mut().filter(|_| composed) {
            last.marks |= mark::COMPOSED;
        }
    }
    line
}

/// Joins a sound mark that stands alone (ハ゛) with the kana before it; true when they make one.
fn voiced(line: &mut Line, c: char, end: usize) -> bool {
    let sound = match c {
        '\u{309B}' => '\u{3099}',
        '\u{309C}' => '\u{309A}',
        _ => return false,
    };
    let Some(last) = line.units.last_mut() else { return false };
    let mut joined = [last.c, sound].into_iter().nfc();
    match (joined.next(), joined.next()) {
        (Some(one), None) => {
            (last.c, last.plain, last.end) = (one, one, end as u32);
            last.marks |= mark::WIDTH;
            true
        }
        _ => false,
    }
}

fn push(line: &mut Line, c: char, marks: u16, start: usize, end: usize, spaced: &mut bool) {
    let spaced = std::mem::take(spaced) && !line.units.is_empty();
    // Fields are limited to 8 KiB at import; anything longer than u32 cannot be a field.
    line.units.push(Unit { c, plain: c, start: start as u32, end: end as u32, marks, spaced });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_width_and_composition_only() {
        for (text, folded) in [
            ("Ａｂ１", "Ab1"),
            ("ﾔﾏﾀﾞ ﾊﾟ", "ヤマダパ"),
            ("か\u{3099}", "が"),
            ("葛\u{E0100}城", "葛城"),
            ("\u{FA19}", "神"),
            ("①", "①"),
            ("ハ゛ハ゜ア゛", "バパア゛"),
            ("Ⅲ", "III"),
            ("山\u{200B}田\u{3000}太", "山田太"),
            ("髙﨑𠮷", "髙﨑𠮷"),
            ("⻆田⻑", "角田長"),
        ] {
            assert_eq!(line(text).text(), folded);
        }
    }

    #[test]
    fn keeps_ranges_and_gaps() {
        let line = line(" 山田　ﾀﾞ");
        assert_eq!(line.units.len(), 3);
        assert_eq!(line.gaps().collect::<Vec<_>>(), [2]);
        assert_eq!(line.units[2].range(), 10..16);
    }

    #[test]
    fn simple_characters_never_join() {
        let all: Vec<char> = ('\0'..='\u{FFFF}').filter(|c| is_simple(*c)).collect();
        for pair in all.windows(2) {
            let text: String = pair.iter().collect();
            assert_eq!(text.graphemes(true).count(), 2, "{text:?}");
        }
    }
}
