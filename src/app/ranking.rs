//! Ranking short labels for a query, best first.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::compare::search_fold;

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

    #[test]
    fn the_palette_ranks_what_it_holds() {
        let labels = ["提案を採用する".to_owned(), "終了する quit".to_owned(), "取消 undo".to_owned()];
        assert_eq!(rank("quit", &labels), [1]);
        assert_eq!(rank("", &labels), [0, 1, 2]);
        assert_eq!(rank("する", &labels), [0, 1]);
    }
}
