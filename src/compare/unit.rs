//! Text as a line of units: each is one folded character with its bytes in the original, at least a grapheme cluster.
//!
//! Folding here is limited to what is harmless in every field: width, composition, compatibility ideographs, variation selectors and
//! spaces. It is narrower than NFKC on purpose: `①` must not become a digit of a house number.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::char_class::{is_invisible, is_name_dot, is_space};
use super::char_fold::{fold_char, roman_letters};
use super::mark;

/// One folded character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Folded character.
    pub(crate) c: char,
    /// Character before the folding rules of the field, after those of width and composition.
    pub(crate) plain: char,
    /// First byte in the original.
    pub(crate) start: u32,
    /// Byte behind the unit in the original.
    pub(crate) end: u32,
    /// Bits of [`mark`]: what folding changed.
    pub(crate) marks: u16,
    /// Whether a space stands between this unit and the one before.
    pub(crate) spaced: bool,
}

impl Unit {
    /// Returns the bytes in the original.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Text folded into units.
#[derive(Debug, Default)]
pub(crate) struct UnitLine {
    /// Folded characters.
    pub(crate) units: Vec<Unit>,
    /// Dropped spaces, unfolded.
    pub(crate) dropped: String,
    /// Number of dropped invisible characters.
    pub(crate) invisible: usize,
}

impl UnitLine {
    /// Returns the indices of the units with a space before them.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = usize> + '_ {
        self.units.iter().enumerate().filter(|(_, u)| u.spaced).map(|(i, _)| i)
    }

    /// Replaces the dots between the words of a foreign name (・) by spaces.
    pub(crate) fn dots_as_spaces(&mut self) {
        if !self.units.iter().any(|u| is_name_dot(u.c)) {
            return;
        }
        let mut spaced = false;
        let dropped = &mut self.dropped;
        self.units.retain_mut(|unit| {
            if is_name_dot(unit.c) {
                spaced = true;
                dropped.push(unit.c);
                return false;
            }
            unit.spaced |= std::mem::take(&mut spaced);
            true
        });
        if let Some(first) = self.units.first_mut() {
            first.spaced = false;
        }
    }

    /// Returns the folded text.
    pub(crate) fn text(&self) -> String {
        self.units.iter().map(|u| u.c).collect()
    }
}

/// Returns whether a character is always a grapheme cluster of its own beside others of this kind.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A0}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF9D}' | '●' | '\u{2010}' | '\u{2212}')
}

/// Calls a function with the folded characters of a text in order.
pub(crate) fn for_each_char(text: &str, mut take: impl FnMut(char)) {
    if text.chars().all(is_simple) {
        text.chars().filter(|c| !matches!(c, ' ' | '\u{3000}')).for_each(|c| take(fold_char(c).0));
    } else {
        line(text).units.iter().for_each(|unit| take(unit.c));
    }
}

/// Folds a text into units.
pub(crate) fn line(text: &str) -> UnitLine {
    let mut line = UnitLine { units: Vec::with_capacity(text.len() / 2 + 1), ..UnitLine::default() };
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
            } else if !spaced && join_sound_mark(&mut line, first, end) {
                continue;
            } else if let Some(letters) = roman_letters(first) {
                for c in letters.chars() {
                    push(&mut line, c, mark::ROMAN, start, end, &mut spaced);
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

/// Joins a separate sound mark (ハ゛) with the kana before it; returns whether they make one character.
fn join_sound_mark(line: &mut UnitLine, c: char, end: usize) -> bool {
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

fn push(line: &mut UnitLine, c: char, marks: u16, start: usize, end: usize, spaced: &mut bool) {
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
