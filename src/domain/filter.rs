//! The filter expression (DESIGN §4): `class:② state:未着手 kanji:N2 flag:F1 text:赤坂`.
//!
//! Terms are joined by AND; commas inside a term are OR; a leading `-` negates; a word without a key searches the text.
//! A wrong expression names its position (in characters) and the nearest valid word.

use super::case::{Case, StateKind};
use super::category::Category;
use super::danger::Danger;
use super::record::{Facts, Mark};
use super::suspension::Class;
use crate::compare::{Code, FieldKind, Verdict};

/// What a filter asks about a record; costly answers are asked for last.
pub trait Subject {
    /// The facts.
    fn facts(&self) -> &Facts;
    /// The current case.
    fn case(&self) -> &Case;
    /// The 整理番号.
    fn id(&self) -> &str;
    /// The verdict and codes of a field.
    fn comparison(&self, field: FieldKind) -> (Verdict, Vec<Code>);
    /// Whether any of the texts of the record contains this, insensitive to width, kana and variants.
    fn text_contains(&self, folded: &str) -> bool;
}

/// A parsed filter expression; the empty one lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    negated: bool,
    any_of: Vec<Test>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Class(Vec<Class>),
    State(StateKind),
    Undecided,
    Category(Category),
    FieldCode(FieldKind, Code),
    FieldVerdict(FieldKind, Verdict),
    FieldMark(FieldKind, Mark),
    Flag(Option<Danger>),
    Id(String),
    Operator(String),
    Note(String),
    Text(String),
}

/// Where and why an expression is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("絞込条件の {position} 文字目: {message}{}", self.nearest.as_ref().map(|word| format!("。「{word}」ではありませんか")).unwrap_or_default())]
pub struct FilterError {
    /// The position in characters, counted from 1.
    pub position: usize,
    /// What is wrong.
    pub message: String,
    /// The nearest valid word.
    pub nearest: Option<String>,
}

/// The keys of an expression.
pub const KEYS: [&str; 13] = [
    "class", "state", "category", "kanji", "kana", "birth", "sex", "address", "flag", "id", "operator", "note", "text",
];

/// The valid words after a key, for completion; empty where the text is free.
pub fn words(key: &str) -> Vec<&'static str> {
    match key {
        "class" => CLASS_WORDS.iter().map(|(word, _)| *word).collect(),
        "state" => StateKind::ALL.iter().map(|state| state.label()).chain(["未決定"]).collect(),
        "category" => Category::ALL.iter().map(|category| category.code()).collect(),
        "flag" => Danger::ALL.iter().map(|danger| danger.code()).chain(["any"]).collect(),
        key => match key.parse::<FieldKind>() {
            Ok(_) => ["○", "×", "一致", "表記ゆれ", "要確認", "相違", "欠落"].to_vec(),
            Err(_) => Vec::new(),
        },
    }
}

/// The words for classes; ② and △ stand for all of their kind.
const CLASS_WORDS: [(&str, &[Class]); 11] = [
    ("①", &[Class::One]),
    ("②", &[Class::TwoA, Class::TwoB, Class::TwoC]),
    ("②a", &[Class::TwoA]),
    ("②b", &[Class::TwoB]),
    ("②c", &[Class::TwoC]),
    ("③", &[Class::Three]),
    ("△", &[Class::PartialAddress, Class::PartialName]),
    ("△住所", &[Class::PartialAddress]),
    ("△氏名", &[Class::PartialName]),
    ("○", &[Class::Match]),
    ("判定不能", &[Class::Undecidable]),
];

impl Filter {
    /// Parses an expression.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let terms = split_words(text)
            .into_iter()
            .map(|(position, word)| parse_term(position, &word))
            .collect::<Result<_, _>>()?;
        Ok(Self { terms })
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a record passes.
    pub fn matches(&self, subject: &dyn Subject) -> bool {
        self.terms.iter().all(|term| term.any_of.iter().any(|test| test.holds(subject)) != term.negated)
    }
}

/// Splits at blanks (half or full width), keeping text in double quotes together; positions count characters from 1.
fn split_words(text: &str) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut quoted = false;
    let mut inside = false;
    for (n, c) in text.chars().enumerate() {
        match c {
            '"' => quoted = !quoted,
            ' ' | '　' | '\t' if !quoted => {
                inside = false;
                continue;
            }
            _ => {}
        }
        if !inside {
            words.push((n + 1, String::new()));
            inside = true;
        }
        if c != '"'
            && let Some((_, word)) = words.last_mut()
        {
            word.push(c);
        }
    }
    words
}

fn parse_term(position: usize, word: &str) -> Result<Term, FilterError> {
    let (negated, rest) = match word.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, word),
    };
    let start = position + usize::from(negated);
    let Some((key, values)) = rest.split_once([':', '：']) else {
        return Ok(Term { negated, any_of: vec![Test::Text(crate::compare::search_fold(rest))] });
    };
    let key_lower = key.to_lowercase();
    if !KEYS.contains(&key_lower.as_str()) {
        return Err(FilterError {
            position: start,
            message: format!("「{key}」という項目はありません"),
            nearest: nearest(&key_lower, &KEYS),
        });
    }
    let mut at = start + key.chars().count() + 1;
    let mut any_of = Vec::new();
    for value in values.split([',', '、']) {
        any_of.push(parse_test(&key_lower, value, at)?);
        at += value.chars().count() + 1;
    }
    Ok(Term { negated, any_of })
}

fn parse_test(key: &str, value: &str, position: usize) -> Result<Test, FilterError> {
    let wrong = |message: String| {
        let words = words(key);
        FilterError { position, message, nearest: nearest(value, &words) }
    };
    if value.is_empty() {
        return Err(FilterError {
            position,
            message: format!("「{key}:」の後に値がありません"),
            nearest: words(key).first().map(|word| (*word).to_owned()),
        });
    }
    let unknown = || wrong(format!("「{value}」は {key} の値ではありません"));
    match key {
        "class" => CLASS_WORDS
            .iter()
            .find(|(word, _)| *word == value)
            .map(|(_, classes)| Test::Class(classes.to_vec()))
            .ok_or_else(unknown),
        "state" if value == "未決定" => Ok(Test::Undecided),
        "state" => StateKind::ALL.into_iter().find(|state| state.label() == value).map(Test::State).ok_or_else(unknown),
        "category" => value.parse().map(Test::Category).map_err(|_| unknown()),
        "flag" if value == "any" => Ok(Test::Flag(None)),
        "flag" => Danger::ALL
            .into_iter()
            .find(|danger| danger.code().eq_ignore_ascii_case(value) || danger.label() == value)
            .map(|danger| Test::Flag(Some(danger)))
            .ok_or_else(unknown),
        "id" => Ok(Test::Id(value.to_owned())),
        "operator" => Ok(Test::Operator(value.to_owned())),
        "note" => Ok(Test::Note(value.to_owned())),
        "text" => Ok(Test::Text(crate::compare::search_fold(value))),
        _ => {
            let Ok(field) = key.parse::<FieldKind>() else { return Err(unknown()) };
            if let Some(mark) = Mark::parse(value).filter(|mark| mark.label() == value) {
                return Ok(Test::FieldMark(field, mark));
            }
            if let Some(verdict) = VERDICTS.into_iter().find(|verdict| verdict.label() == value) {
                return Ok(Test::FieldVerdict(field, verdict));
            }
            value.to_uppercase().parse().map(|code| Test::FieldCode(field, code)).map_err(|_| unknown())
        }
    }
}

const VERDICTS: [Verdict; 5] =
    [Verdict::Same, Verdict::Notation, Verdict::Uncertain, Verdict::Different, Verdict::Missing];

impl Test {
    fn holds(&self, subject: &dyn Subject) -> bool {
        match self {
            Self::Class(classes) => classes.contains(&subject.facts().class),
            Self::State(kind) => subject.facts().in_item1() && subject.case().state.kind() == *kind,
            Self::Undecided => subject.facts().in_item1() && subject.case().state.is_open(),
            Self::Category(category) => subject.case().state.category() == Some(*category),
            Self::FieldCode(field, code) => subject.comparison(*field).1.contains(code),
            Self::FieldVerdict(field, verdict) => subject.comparison(*field).0 == *verdict,
            Self::FieldMark(field, mark) => subject.facts().marks.fields[*field] == *mark,
            Self::Flag(None) => !subject.facts().dangers.is_empty(),
            Self::Flag(Some(danger)) => subject.facts().dangers.contains(*danger),
            Self::Id(part) => subject.id().contains(part.as_str()),
            Self::Operator(name) => subject.case().operator == *name,
            Self::Note(part) => subject.case().note.contains(part.as_str()),
            Self::Text(folded) => subject.text_contains(folded),
        }
    }
}

/// The valid word with the smallest edit distance, if it is near enough to be a slip.
fn nearest(word: &str, valid: &[&str]) -> Option<String> {
    valid
        .iter()
        .map(|candidate| (strsim::levenshtein(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().div_ceil(2).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}
