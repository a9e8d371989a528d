//! Finding words in 履歴, 出力 and ヘルプ: which lines hold them, and where in a line.

use std::cell::RefCell;
use std::ops::Range;

use super::action::Action;
use crate::compare::{search_fold, visible_units};

/// What is looked for on a screen other than 確認.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// As typed; empty when nothing is looked for.
    pub query: String,
    /// The line of the help that was gone to last.
    pub(super) line: Option<usize>,
    /// Whether older pages of the trail are read until a line is found.
    pub(super) seeking: bool,
    /// The lines of the help as they were drawn last: only the view knows how they fall.
    pub help: RefCell<Vec<String>>,
}

impl Find {
    /// The lines of the help that hold what is looked for.
    pub fn help_hits(&self) -> Vec<usize> {
        let lines = self.help.borrow();
        let holds = |at: &usize| !occurrences(&lines[*at], &self.query).is_empty();
        (0..lines.len()).filter(holds).collect()
    }

    /// The line of the help that was gone to last.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

/// Whether an action looks for words.
pub(super) fn looks(action: Action) -> bool {
    matches!(action, Action::Search | Action::NextHit | Action::PrevHit)
}

/// Where a text holds what is looked for, whatever the width, kana and variant; nothing for an empty query.
pub fn occurrences(text: &str, query: &str) -> Vec<Range<usize>> {
    let needle: Vec<char> = search_fold(query.trim()).chars().collect();
    if needle.is_empty() {
        return Vec::new();
    }
    let units = visible_units(text);
    let folded: Vec<(char, Range<usize>)> = units
        .iter()
        .flat_map(|unit| {
            search_fold(&text[unit.range.clone()]).chars().map(|c| (c, unit.range.clone())).collect::<Vec<_>>()
        })
        .collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at + needle.len() <= folded.len() {
        if folded[at..at + needle.len()].iter().map(|(c, _)| c).eq(&needle) {
            found.push(folded[at].1.start..folded[at + needle.len() - 1].1.end);
            at += needle.len();
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_width_and_kana() {
        for (text, query, found) in [
            ("佐藤 決定 2-3", "決定", vec!["決定"]),
            ("たかはし ﾀｶﾊｼ 高橋", "タカハシ", vec!["たかはし", "ﾀｶﾊｼ"]),
            ("ｶﾞ ガ", "が", vec!["ｶﾞ", "ガ"]),
            ("ABC ａｂｃ", "abc", vec!["ABC", "ａｂｃ"]),
            ("aaa", "aa", vec!["aa"]),
            ("決定", "", vec![]),
            ("決定", "取消", vec![]),
        ] {
            let ranges = occurrences(text, query);
            assert_eq!(ranges.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), found, "{query}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_lies_in_the_text(text in "\\PC{0,20}", query in "\\PC{0,3}") {
            let mut end = 0;
            for range in occurrences(&text, &query) {
                proptest::prop_assert!(range.start >= end && text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
