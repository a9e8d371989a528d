//! Width of text in terminal cells. No other file measures it.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Measures text in cells of the operator's terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellWidth {
    /// Whether the terminal draws characters of ambiguous width (○, ※, Greek, …) over two cells.
    pub ambiguous_wide: bool,
}

impl CellWidth {
    /// Returns the number of cells of a character; 0 for control characters.
    pub fn of_char(&self, c: char) -> usize {
        match c {
            ' '..='~' => 1,
            // Halfwidth sound marks join the kana before them into one cluster, yet terminals give them a cell of their own.
            '\u{FF61}'..='\u{FF9F}' => 1,
            '\u{3041}'..='\u{3096}' | '\u{30A0}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' => 2,
            _ if self.ambiguous_wide => c.width_cjk().unwrap_or(0),
            _ => c.width().unwrap_or(0),
        }
    }

    /// Returns the number of cells of a text: no cluster is drawn over more than two, whatever it is made of.
    pub fn of(&self, text: &str) -> usize {
        // Finding clusters costs more than measuring characters; most text has none.
        if text.chars().all(stands_alone) {
            return text.chars().map(|c| self.of_char(c).min(2)).sum();
        }
        let of_cluster = |cluster: &str| {
            let cells: usize = cluster.chars().map(|c| self.of_char(c)).sum();
            if has_sound_mark(cluster) { cells } else { cells.min(2) }
        };
        text.graphemes(true).map(of_cluster).sum()
    }

    /// Truncates a text to at most `cells`, with `…` at the end when something was removed; never inside a grapheme cluster.
    pub fn truncate<'a>(&self, text: &'a str, cells: usize) -> Cow<'a, str> {
        if self.of(text) <= cells {
            return Cow::Borrowed(text);
        }
        let dots = self.of_char('…');
        let (room, dots) = if cells >= dots { (cells - dots, "…") } else { (cells, "") };
        let mut used = 0;
        let mut end = 0;
        for (start, cluster) in text.grapheme_indices(true) {
            used += self.of(cluster);
            if used > room {
                break;
            }
            end = start + cluster.len();
        }
        Cow::Owned(format!("{}{dots}", &text[..end]))
    }

    /// Returns a text of exactly `cells`: truncated with `…` or filled with spaces on the right.
    pub fn pad(&self, text: &str, cells: usize) -> String {
        let mut out = self.truncate(text, cells).into_owned();
        let used = self.of(&out);
        out.extend(std::iter::repeat_n(' ', cells.saturating_sub(used)));
        out
    }

    /// Returns a text of exactly `cells`, the last of them blank: a column that never touches the next one.
    pub fn column(&self, text: &str, cells: usize) -> String {
        self.pad(&self.truncate(text, cells.saturating_sub(1)), cells)
    }

    /// Breaks a text into lines of at most `cells`, as byte ranges that cover it in order; a cluster wider than that stands alone.
    /// Numbers in any script and ASCII words go to the next line whole where that leaves no more than half a line empty.
    pub fn wrap(&self, text: &str, cells: usize) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let (mut start, mut used) = (0, 0);
        // Start of the current word, and the number of cells before it.
        let mut word: Option<(usize, usize)> = None;
        let mut last = "";
        for (at, cluster) in text.grapheme_indices(true) {
            let width = self.of(cluster);
            let goes_on = holds_together(last, cluster);
            last = cluster;
            word = word.filter(|_| goes_on);
            if used + width > cells && at > start {
                let whole = word.filter(|(begin, before)| *begin > start && 2 * before >= cells);
                let (end, before) = whole.unwrap_or((at, used));
                lines.push(start..end);
                start = end;
                used -= before;
                word = whole.map(|(begin, _)| (begin, 0));
            }
            word = Some(word.unwrap_or((at, used)));
            used += width;
        }
        lines.push(start..text.len());
        lines
    }
}

/// Whether a character never joins a neighbour of its kind into one cluster.
pub fn stands_alone(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{2500}'..='\u{259f}' | '\u{3000}'..='\u{3029}' | 'ぁ'..='ゖ' | 'ァ'..='ヾ'
        | '一'..='鿿' | '！'..='～' | '｡'..='ﾝ' | '①'..='⑳' | '○' | '●' | '△' | '▶' | '×')
}

/// Whether a cluster is made of a kana and halfwidth sound marks, which have cells of their own.
pub fn has_sound_mark(cluster: &str) -> bool {
    cluster.chars().nth(1).is_some_and(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}'))
}

/// Whether no line should be broken between two clusters: inside an ASCII word, or a number in any script.
pub fn holds_together(before: &str, after: &str) -> bool {
    let kind = |cluster: &str| word_kind(cluster);
    kind(before).is_some_and(|before| kind(after) == Some(before))
}

/// What a cluster is a part of: 1 ASCII words and numbers in digits of either width with their hyphens, 2 numbers in kanji.
fn word_kind(cluster: &str) -> Option<u8> {
    let mut chars = cluster.chars();
    let c = chars.next()?;
    if chars.clone().next().is_some() {
        return cluster.chars().all(|c| c.is_ascii_graphic()).then_some(1);
    }
    match c {
        '!'..='~' | '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' | '−' | '‐' | '‑' | '–' | '—' | 'ー' | 'ｰ' => {
            Some(1)
        }
        '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千' => {
            Some(2)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: CellWidth = CellWidth { ambiguous_wide: false };
    const WIDE: CellWidth = CellWidth { ambiguous_wide: true };

    #[test]
    fn counts_cells() {
        for (text, narrow, wide) in [
            ("", 0, 0),
            ("abc", 3, 3),
            ("山田", 4, 4),
            ("ﾊﾟ", 2, 2),
            ("ﾔﾏﾀﾞ", 4, 4),
            ("か\u{3099}", 2, 2),
            ("○", 1, 2),
            ("葛\u{E0100}", 2, 2),
            ("𠮷", 2, 2),
            // What terminals join or do not: never more than two cells.
            ("👍🏽", 2, 2),
            ("👨‍👩‍👧", 2, 2),
            ("🇯🇵", 2, 2),
            ("क्षि", 2, 2),
            ("각", 2, 2),
            ("ﾊﾟﾟ", 3, 3),
        ] {
            assert_eq!((NARROW.of(text), WIDE.of(text)), (narrow, wide), "{text}");
        }
    }

    #[test]
    fn cuts_and_fills() {
        assert_eq!(NARROW.truncate("山田太郎", 8), "山田太郎");
        assert_eq!(NARROW.truncate("山田太郎", 7), "山田太…");
        assert_eq!(NARROW.truncate("山田太郎", 6), "山田…");
        assert_eq!(WIDE.truncate("山田太郎", 1), "");
        assert_eq!(NARROW.truncate("山田太郎", 0), "");
        assert_eq!(NARROW.pad("山田太郎", 6), "山田… ");
        assert_eq!(NARROW.pad("山", 4), "山  ");
        for (text, column) in [("山", "山  "), ("abc", "abc "), ("山田", "山… "), ("abcd", "ab… "), ("", "    ")]
        {
            assert_eq!(NARROW.column(text, 4), column, "{text}");
        }
    }

    #[test]
    fn numbers_and_words_stay_whole() {
        let lines = |text: &str, cells| -> Vec<String> {
            NARROW.wrap(text, cells).into_iter().map(|range| text[range].to_owned()).collect()
        };
        assert_eq!(lines("同じ番号 → 0000001707 相違", 16), ["同じ番号 → ", "0000001707 相違"]);
        assert_eq!(lines("設定の[review]を", 10), ["設定の", "[review]を"]);
        // Numbers of addresses, in whatever digits: between number and text a line may end.
        assert_eq!(lines("東京都港区赤坂１２３４番地", 20), ["東京都港区赤坂", "１２３４番地"]);
        assert_eq!(lines("東京都港区赤坂１－２－３号", 20), ["東京都港区赤坂", "１－２－３号"]);
        assert_eq!(lines("東京都港区赤坂二十三番地", 18), ["東京都港区赤坂", "二十三番地"]);
        assert_eq!(lines("東京都港区赤坂三丁目２番", 20), ["東京都港区赤坂三丁目", "２番"]);
        assert_eq!(lines("赤坂１２３４５６７８", 12), ["赤坂１２３４", "５６７８"]);
        // A word that would leave most of a line empty, or fill more than one, is broken as before.
        assert_eq!(lines("前 /tmp/abcdef", 8), ["前 /tmp/", "abcdef"]);
        assert_eq!(lines("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    proptest::proptest! {
        #[test]
        fn never_wider_than_asked(text in "\\PC{0,30}", cells in 0usize..40, ambiguous_wide: bool) {
            let width = CellWidth { ambiguous_wide };
            proptest::prop_assert!(width.of(&width.truncate(&text, cells)) <= cells);
            proptest::prop_assert_eq!(width.of(&width.pad(&text, cells)), cells);
            let lines = width.wrap(&text, cells);
            proptest::prop_assert_eq!(lines[0].start, 0);
            proptest::prop_assert_eq!(lines[lines.len() - 1].end, text.len());
            proptest::prop_assert!(lines.windows(2).all(|w| w[0].end == w[1].start));
            let fits = |line: &str| width.of(line) <= cells || line.graphemes(true).count() == 1;
            proptest::prop_assert!(lines.iter().all(|range| fits(&text[range.clone()])));
        }
    }
}
