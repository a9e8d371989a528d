//! Search over the folded texts of the queue: every word as it stands, else the letters in order (fuzzy).

use std::sync::Arc;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::compare::search_fold;
use crate::domain::record::RecordNo;

/// The folded search text of each record under review, in queue order.
pub type Texts = Arc<Vec<(RecordNo, String)>>;

/// Fuzzy matching costs more than finding a word, so that only so many candidates are scored.
const SCORED: usize = 400;

/// Fuzzy hits kept.
const BEST: usize = 50;

/// A search and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// As typed.
    pub query: String,
    /// The records found, in queue order.
    pub hits: Vec<RecordNo>,
    /// Whether no text holds the words and the hits are only alike.
    pub fuzzy: bool,
}

impl Search {
    /// Searches all texts.
    pub fn run(query: &str, texts: &[(RecordNo, String)]) -> Self {
        let words: Vec<String> = query.split([' ', '　']).map(search_fold).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return Self { query: query.to_owned(), ..Self::default() };
        }
        let hits: Vec<RecordNo> = texts
            .iter()
            .filter(|(_, text)| words.iter().all(|word| text.contains(word.as_str())))
            .map(|(no, _)| *no)
            .collect();
        if !hits.is_empty() {
            return Self { query: query.to_owned(), hits, fuzzy: false };
        }
        Self { query: query.to_owned(), hits: fuzzy(&words.concat(), texts), fuzzy: true }
    }

    /// Whether a record was found.
    pub fn holds(&self, no: RecordNo) -> bool {
        self.hits.contains(&no)
    }
}

/// The best texts that hold the letters in order, in queue order; a single letter is too little to go by.
fn fuzzy(needle: &str, texts: &[(RecordNo, String)]) -> Vec<RecordNo> {
    let letters: Vec<char> = needle.chars().collect();
    if letters.len() < 2 {
        return Vec::new();
    }
    let matcher = SkimMatcherV2::default();
    let mut scored: Vec<(i64, usize)> = texts
        .iter()
        .enumerate()
        .filter(|(_, (_, text))| has_in_order(text, &letters))
        .take(SCORED)
        .filter_map(|(place, (_, text))| Some((matcher.fuzzy_match(text, needle)?, place)))
        .collect();
    scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    scored.truncate(BEST);
    let mut places: Vec<usize> = scored.into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    places.into_iter().map(|place| texts[place].0).collect()
}

fn has_in_order(text: &str, letters: &[char]) -> bool {
    let mut rest = letters;
    for c in text.chars() {
        let Some((first, others)) = rest.split_first() else { break };
        if c == *first {
            rest = others;
        }
    }
    rest.is_empty()
}

/// Ranks short labels (actions of the palette) for a query; an empty query keeps their order.
pub fn rank(query: &str, labels: &[String]) -> Vec<usize> {
    let words: Vec<String> = query.split([' ', '　']).map(search_fold).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return (0..labels.len()).collect();
    }
    let matcher = SkimMatcherV2::default();
    let mut scored: Vec<(i64, usize)> = labels
        .iter()
        .enumerate()
        .filter_map(|(place, label)| {
            let label = search_fold(label);
            let mut total = 0;
            for word in &words {
                let found = i64::from(label.contains(word.as_str())) * 1_000;
                total += found + matcher.fuzzy_match(&label, word)?;
            }
            Some((total, place))
        })
        .collect();
    scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    scored.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<(RecordNo, String)> {
        ["0001234 高崎 一郎 タカサキ 東京都港区赤坂1-2-2", "0001240 渡辺 花子 ワタナベ", "0001377 佐藤 健 サトウ"]
            .into_iter()
            .zip(1..)
            .map(|(text, no)| (RecordNo(no), search_fold(text)))
            .collect()
    }

    #[test]
    fn finds_whatever_the_width_and_kana() {
        for (query, hits) in [
            ("高崎", vec![1]),
            ("ﾀｶｻｷ", vec![1]),
            ("たかさき 赤坂", vec![1]),
            ("０００１２", vec![1, 2]),
            ("1377", vec![3]),
            ("", vec![]),
            ("いない人物", vec![]),
        ] {
            let found = Search::run(query, &texts());
            assert_eq!(found.hits, hits.into_iter().map(RecordNo).collect::<Vec<_>>(), "{query}");
            assert!(!found.fuzzy || found.hits.is_empty());
        }
    }

    #[test]
    fn letters_in_order_are_found_when_no_word_is() {
        let found = Search::run("わたべ", &texts());
        assert_eq!((found.hits, found.fuzzy), (vec![RecordNo(2)], true));
    }

    #[test]
    fn the_palette_ranks_what_it_holds() {
        let labels = ["提案を採用する".to_owned(), "終了する quit".to_owned(), "取消 undo".to_owned()];
        assert_eq!(rank("quit", &labels), [1]);
        assert_eq!(rank("", &labels), [0, 1, 2]);
        assert_eq!(rank("する", &labels), [0, 1]);
    }
}
