//! Search over the folded texts of the queue: every word as it stands, else the letters in order (fuzzy).

use std::sync::Arc;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use memchr::memmem::Finder;

use crate::compare::search_fold;
use crate::domain::record::RecordNo;

/// The folded search text of each record under review.
pub type Texts = Arc<Vec<(RecordNo, String)>>;

/// Maximum number of candidates that are scored: fuzzy matching costs more than finding a word.
const SCORED: usize = 200;

/// Maximum number of fuzzy hits kept.
const BEST: usize = 50;

/// A search and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// As typed.
    pub query: String,
    /// The records found.
    pub hits: Vec<RecordNo>,
    /// Where they stand in the texts.
    pub(in crate::app) places: Vec<usize>,
    /// Whether no text holds the words and the hits are only alike.
    pub fuzzy: bool,
    /// The record whose 整理番号 was typed whole.
    pub exact: Option<RecordNo>,
    /// Whether a number was typed with which no 整理番号 begins: it may stand in other fields, and nothing is alike.
    pub absent: bool,
    /// The same records as `hits`, a bit for each number: every line of every frame asks.
    pub(in crate::app) marked: Vec<u64>,
}

impl Search {
    /// Searches all texts; a query that only goes on from the one before looks among its hits.
    pub fn run(query: &str, texts: &[(RecordNo, String)], before: &Self) -> Self {
        let words: Vec<String> = query.split([' ', '　']).map(search_fold).filter(|word| !word.is_empty()).collect();
        // A sound mark may change the letter before it: ｶ becomes ガ, and was no part of it.
        let goes_on = !before.query.is_empty()
            && query.starts_with(&before.query)
            && search_fold(query).starts_with(&search_fold(&before.query));
        let finders: Vec<Finder<'_>> = words.iter().map(Finder::new).collect();
        let holds = |place: &usize| holds_all(texts, *place, &finders);
        let places = if words.is_empty() || (goes_on && before.fuzzy) {
            Vec::new()
        } else if goes_on && !before.places.is_empty() {
            before.places.iter().copied().filter(holds).collect()
        } else {
            (0..texts.len()).filter(holds).collect::<Vec<usize>>()
        };
        let number = match &words[..] {
            [word] if word.bytes().all(|b| b.is_ascii_digit()) => Some(word.as_str()),
            _ => None,
        };
        // A number that resembles another is another one.
        let fuzzy = places.is_empty() && !words.is_empty() && number.is_none();
        let begins = |place: &&usize| number.is_some_and(|number| texts[**place].1.starts_with(number));
        let is_whole = |place: &&usize| {
            number
                .and_then(|number| texts[**place].1.strip_prefix(number))
                .is_some_and(|rest| !rest.starts_with(|c: char| c != ' '))
        };
        let exact = places.iter().find(is_whole).map(|place| texts[*place].0);
        let absent = number.is_some() && !places.iter().any(|place| begins(&place));
        let places = if fuzzy { alike(&words.concat(), texts) } else { places };
        let hits: Vec<RecordNo> = places.iter().map(|place| texts[*place].0).collect();
        let mut marked = vec![0; hits.iter().max().map_or(0, |no| no.0 as usize / 64 + 1)];
        hits.iter().for_each(|no| marked[no.0 as usize / 64] |= 1 << (no.0 % 64));
        Self { query: query.to_owned(), hits, places, fuzzy, exact, absent, marked }
    }

    /// Whether a record was found.
    pub fn holds(&self, no: RecordNo) -> bool {
        self.marked.get(no.0 as usize / 64).is_some_and(|bits| bits >> (no.0 % 64) & 1 == 1)
    }
}

fn holds_all(texts: &[(RecordNo, String)], place: usize, words: &[Finder<'_>]) -> bool {
    texts.get(place).is_some_and(|(_, text)| words.iter().all(|word| word.find(text.as_bytes()).is_some()))
}

/// Where the best texts stand that hold the letters in order; a single letter is too little to go by.
fn alike(needle: &str, texts: &[(RecordNo, String)]) -> Vec<usize> {
    if needle.chars().nth(1).is_none() {
        return Vec::new();
    }
    let matcher = SkimMatcherV2::default();
    let mut scored: Vec<(i64, usize)> = texts
        .iter()
        .enumerate()
        .filter(|(_, (_, text))| has_in_order(text, needle))
        .take(SCORED)
        .filter_map(|(place, (_, text))| Some((matcher.fuzzy_match(text, needle)?, place)))
        .collect();
    scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    scored.truncate(BEST);
    let mut places: Vec<usize> = scored.into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    places
}

fn has_in_order(text: &str, letters: &str) -> bool {
    let mut rest = text;
    letters.chars().all(|c| match rest.find(c) {
        Some(at) => {
            rest = &rest[at + c.len_utf8()..];
            true
        }
        None => false,
    })
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
            let found = Search::run(query, &texts(), &Search::default());
            assert_eq!(found.hits, hits.into_iter().map(RecordNo).collect::<Vec<_>>(), "{query}");
            assert!(!found.fuzzy || found.hits.is_empty());
        }
    }

    /// However a name is typed, and by the last four digits of the 個人番号 that its text ends with.
    #[test]
    fn a_name_is_found_in_every_spelling() {
        let texts = vec![
            (RecordNo(1), search_fold("0000001 髙橋　一郎 高橋　一郎 ﾀｶﾊｼ ｲﾁﾛｳ 19610215 6825")),
            (RecordNo(2), search_fold("0000002 高梨　一郎 タカナシ　イチロウ 19610215 1111")),
        ];
        for query in ["ﾀｶﾊｼ", "たかはし", "タカハシ", "高橋", "髙橋", "６８２５", "6825", "たかはし 6825"]
        {
            let found = Search::run(query, &texts, &Search::default());
            assert_eq!((found.hits, found.fuzzy), (vec![RecordNo(1)], false), "{query}");
        }
    }

    /// A number is never taken for one that resembles it, and a 整理番号 typed whole is the one meant.
    #[test]
    fn numbers_are_not_alike() {
        let texts: Vec<_> = ["0001234 高崎 19610215", "0001377 佐藤 19120034", "00012345 高山"]
            .into_iter()
            .zip(1..)
            // As an import makes them: words folded one by one.
            .map(|(text, no)| (RecordNo(no), text.split(' ').map(search_fold).collect::<Vec<_>>().join(" ")))
            .collect();
        for (query, hits, exact, absent) in [
            ("0001234", vec![1, 3], Some(1), false),
            ("0001", vec![1, 2, 3], None, false),
            ("００１３７７", vec![2], None, true),
            ("1961", vec![1], None, true),
            ("0009999", vec![], None, true),
            ("123", vec![1, 3], None, true),
            ("高崎", vec![1], None, false),
        ] {
            let found = Search::run(query, &texts, &Search::default());
            let hits: Vec<_> = hits.into_iter().map(RecordNo).collect();
            assert_eq!(
                (found.hits, found.exact, found.absent, found.fuzzy),
                (hits, exact.map(RecordNo), absent, false),
                "{query}"
            );
        }
    }

    #[test]
    fn letters_in_order_are_found_when_no_word_is() {
        let found = Search::run("わたべ", &texts(), &Search::default());
        assert_eq!((found.hits, found.fuzzy), (vec![RecordNo(2)], true));
    }

    /// Typing on gives what typing at once gives.
    #[test]
    fn a_query_that_goes_on_finds_the_same() {
        for query in ["たかさき 赤坂1", "わたなべ はなこ", "00013", "タカサキ x", "ﾜﾀﾅﾍﾞ", "ﾜﾀﾅﾍ\u{3099}"]
        {
            let mut typed = Search::default();
            for end in query.char_indices().map(|(at, c)| at + c.len_utf8()) {
                typed = Search::run(&query[..end], &texts(), &typed);
                assert_eq!(typed, Search::run(&query[..end], &texts(), &Search::default()), "{}", &query[..end]);
            }
        }
    }
}
