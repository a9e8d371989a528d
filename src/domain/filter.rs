//! The filter expression (ARCHITECTURE "Workstation"): `class:② state:未着手 kanji:N2 flag:F1 text:赤坂`.
//!
//! Terms are joined by AND; commas inside a term are OR; a leading `-` negates; a word without a key searches the text;
//! double quotes make plain text of blanks, colons, commas and `-`. Class digits may be typed plain (`class:1,2a`).
//! A wrong expression names its position (in characters) and the nearest valid word. Fields have Japanese names as well
//! (`期限:超過`); days are compared (`due:<=2024-01-11`).

use jiff::civil::Date;

use super::batch::is_changed;
use super::calendar::japan_time;
use super::case::{Case, StateKind};
use super::category::{Category, EvidenceCode};
use super::danger::Danger;
use super::pattern::Pattern;
use super::record::{Facts, Mark};
use super::scope::{DateCell, Scope};
use super::suspension::Class;
use crate::compare::{Code, FieldKind, Verdict};

mod field;
pub use field::{FIELDS, Field, KEYS};

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
    /// The day on which it is asked, for what is overdue.
    today: Date,
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
    OutsideItem1,
    Vanished,
    /// Not vanished.
    Present,
    Category(Vec<Category>),
    /// Whether a category stands at all.
    Decided(bool),
    Evidence(EvidenceCode),
    Due(Day),
    DecidedOn(Day),
    Overdue,
    FieldCode(FieldKind, Code),
    FieldVerdict(FieldKind, Verdict),
    FieldMark(FieldKind, Mark),
    Flag(Option<Danger>),
    Batch(Option<u32>),
    ChangedInBatch,
    Protected,
    Id(String),
    Operator(String),
    Note(String),
    Text(String),
}

/// What is asked about a day that may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// There is one, or there is none.
    Is(bool),
    /// It stands so to this day.
    Compared(&'static str, Date),
}

impl Day {
    /// Ways to compare, as they are typed; longer ones first.
    const SIGNS: [(&'static [&'static str], &'static str); 5] = [
        (&["<=", "≦", "≤", "＜＝"], "<="),
        (&[">=", "≧", "≥", "＞＝"], ">="),
        (&["<", "＜"], "<"),
        (&[">", "＞"], ">"),
        (&["=", "＝"], "="),
    ];

    /// Reads `<=2024-01-11`, `R6.1.11` (that very day), `なし` or `あり`.
    fn parse(text: &str) -> Option<Self> {
        match text {
            "なし" | "none" => return Some(Self::Is(false)),
            "あり" | "any" => return Some(Self::Is(true)),
            _ => {}
        }
        let sign = Self::SIGNS
            .iter()
            .find_map(|(typed, sign)| typed.iter().find_map(|typed| Some((*sign, text.strip_prefix(typed)?))));
        let (sign, day) = sign.unwrap_or(("=", text));
        DateCell::read(day).day().map(|day| Self::Compared(sign, day))
    }

    fn holds(self, day: Option<Date>) -> bool {
        match (self, day) {
            (Self::Is(wanted), day) => day.is_some() == wanted,
            (Self::Compared(..), None) => false,
            (Self::Compared(sign, wanted), Some(day)) => match sign {
                "<=" => day <= wanted,
                ">=" => day >= wanted,
                "<" => day < wanted,
                ">" => day > wanted,
                _ => day == wanted,
            },
        }
    }
}

/// Where and why an expression is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[error("絞込条件の {position} 文字目: {message}{}", self.nearest.as_ref().map(|word| format!("。「{word}」ではありませんか")).unwrap_or_default())]
pub struct FilterError {
    /// The position in characters, counted from 1.
    pub position: usize,
    /// What is wrong.
    pub message: String,
    /// The nearest valid word.
    pub nearest: Option<String>,
}

/// The word after `batch:` for records that a newer file changed after they were reported (see
/// [`super::batch::is_changed`]).
pub const CHANGED: &str = "変更";

/// The valid words after a key, for completion; empty where the text is free.
pub fn words(key: &str) -> Vec<&'static str> {
    match field::key_of(key).unwrap_or_default() {
        "class" => CLASS_WORDS.iter().map(|(word, _)| *word).collect(),
        "state" => StateKind::ALL.iter().map(|state| state.label()).chain([HELD, "未決定", "対象外"]).collect(),
        "category" => {
            let codes = Category::ALL.iter().map(|category| category.code());
            codes.chain(["2", "3", "4", "なし", "あり"]).collect()
        }
        "decided" => vec!["あり", "なし"],
        "due" => vec![OVERDUE, "あり", "なし"],
        "vanished" => vec!["yes", "no"],
        "evidence" => EvidenceCode::ALL.iter().map(|code| code.label()).collect(),
        "flag" => Danger::ALL.iter().map(|danger| danger.code()).chain(["any", PROTECTED]).collect(),
        "batch" => vec![CHANGED, "any"],
        key => match key.parse::<FieldKind>() {
            Ok(field) => ["○", "×", "一致", "表記ゆれ", "要確認", "相違", "欠落"]
                .into_iter()
                .chain(Code::ALL.iter().map(|code| code.name()).filter(|code| code.starts_with(code_letter(field))))
                .collect(),
            Err(_) => Vec::new(),
        },
    }
}

/// The word of `flag:` for 支援措置, which is no danger flag; `dv` is the same.
const PROTECTED: &str = "支援措置";

/// What the screen calls 確認中.
const HELD: &str = "保留";

/// A 期限 that has passed while something still waits for it.
const OVERDUE: &str = "超過";

/// The letter that the codes of a field begin with (RULES §5).
fn code_letter(field: FieldKind) -> char {
    match field {
        FieldKind::Kanji => 'N',
        FieldKind::Kana => 'K',
        FieldKind::Birth => 'D',
        FieldKind::Sex => 'S',
        FieldKind::Address => 'A',
    }
}

/// Folds the ways to type a class: `1` for ①, `2A` for ②a, the other circles for ○.
fn class_fold(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '①' | '１' => '1',
            '②' | '２' => '2',
            '③' | '３' => '3',
            '〇' | '◯' => '○',
            '▲' => '△',
            c => c.to_ascii_lowercase(),
        })
        .collect()
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
        let terms = split_words(text)?.iter().map(|word| parse_term(word)).collect::<Result<_, _>>()?;
        Ok(Self { terms, today: Date::default() })
    }

    /// The same, asked on this day; a filter that was never told the day finds nothing overdue.
    pub fn on(self, today: Date) -> Self {
        Self { today, ..self }
    }

    /// Whether it asks for records that only a list of all rows holds.
    pub fn asks_outside(&self) -> bool {
        let outside = |test: &Test| matches!(test, Test::OutsideItem1 | Test::Vanished | Test::ChangedInBatch);
        self.terms.iter().any(|term| !term.negated && term.any_of.iter().any(outside))
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a record passes.
    pub fn matches(&self, subject: &dyn Subject) -> bool {
        self.terms.iter().all(|term| term.any_of.iter().any(|test| test.holds(subject, self.today)) != term.negated)
    }

    /// Whether a record passes, as far as facts, pattern and case tell; `None` when its row must be read. A pattern that
    /// other rules of comparison made is left out.
    pub fn judge(&self, facts: &Facts, pattern: Option<Pattern>, case: &Case) -> Option<bool> {
        let mut certain = true;
        for term in &self.terms {
            let mut held = Some(false);
            for test in &term.any_of {
                match test.judge(facts, pattern, case, self.today) {
                    Some(true) => held = Some(true),
                    None if held == Some(false) => held = None,
                    _ => {}
                }
            }
            match held {
                None => certain = false,
                Some(held) if held == term.negated => return Some(false),
                Some(_) => {}
            }
        }
        certain.then_some(true)
    }
}

/// A character of an expression: its position from 1, and whether it stands in double quotes.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    at: usize,
    c: char,
    quoted: bool,
}

/// Splits at blanks (half or full width). What stands in double quotes is plain text: no blank, colon, comma or `-` in it
/// means anything; the quotes themselves are dropped.
fn split_words(text: &str) -> Result<Vec<Vec<Glyph>>, FilterError> {
    let mut words: Vec<Vec<Glyph>> = vec![Vec::new()];
    let mut open: Option<usize> = None;
    for (n, c) in text.chars().enumerate() {
        let at = n + 1;
        match c {
            '"' => open = if open.is_some() { None } else { Some(at) },
            ' ' | '　' | '\t' if open.is_none() => words.push(Vec::new()),
            _ => {
                if let Some(word) = words.last_mut() {
                    word.push(Glyph { at, c, quoted: open.is_some() });
                }
            }
        }
    }
    if let Some(position) = open {
        let message = "「\"」が閉じていません".to_owned();
        return Err(FilterError { position, message, nearest: None });
    }
    words.retain(|word| !word.is_empty());
    Ok(words)
}

fn parse_term(word: &[Glyph]) -> Result<Term, FilterError> {
    let text = |glyphs: &[Glyph]| glyphs.iter().map(|glyph| glyph.c).collect::<String>();
    let (negated, rest) = match word {
        [Glyph { c: '-', quoted: false, .. }, rest @ ..] if !rest.is_empty() => (true, rest),
        _ => (false, word),
    };
    let colon = rest.iter().position(|glyph| !glyph.quoted && matches!(glyph.c, ':' | '：'));
    let Some((colon, at)) = colon.and_then(|n| Some((n, rest.get(n)?.at))) else {
        return Ok(Term { negated, any_of: vec![Test::Text(crate::compare::search_fold(&text(rest)))] });
    };
    let key = text(&rest[..colon]);
    let Some(known) = field::key_of(&key) else {
        let names: Vec<&str> = KEYS.into_iter().chain(FIELDS.iter().flat_map(|field| field.aliases).copied()).collect();
        return Err(FilterError {
            position: rest[0].at,
            message: format!("「{key}」という項目はありません"),
            nearest: nearest(&key.to_lowercase(), &names),
        });
    };
    // Where an empty value would stand: behind the colon or comma before it.
    let mut behind = at + 1;
    let mut any_of = Vec::new();
    for value in rest[colon + 1..].split(|glyph| !glyph.quoted && matches!(glyph.c, ',' | '、' | '，')) {
        let at = value.first().map_or(behind, |first| first.at);
        any_of.push(parse_test(known, &text(value), at)?);
        behind = value.last().map_or(behind, |last| last.at + 1) + 1;
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
            .find(|(word, _)| class_fold(word) == class_fold(value))
            .map(|(_, classes)| Test::Class(classes.to_vec()))
            .ok_or_else(unknown),
        "state" if value == "未決定" => Ok(Test::Undecided),
        "state" if value == "対象外" => Ok(Test::OutsideItem1),
        "state" if value == HELD => Ok(Test::State(StateKind::Pending)),
        "state" => StateKind::ALL.into_iter().find(|state| state.label() == value).map(Test::State).ok_or_else(unknown),
        "category" => match value {
            "なし" | "none" => Ok(Test::Decided(false)),
            "あり" | "any" => Ok(Test::Decided(true)),
            // Not `4-`: what is half typed is a slip.
            "2" | "3" | "4" => Ok(Test::Category(
                Category::ALL.into_iter().filter(|category| category.code().starts_with(value)).collect(),
            )),
            code => code.parse().map(|category| Test::Category(vec![category])).map_err(|_| unknown()),
        },
        "evidence" => {
            EvidenceCode::ALL.into_iter().find(|code| code.label() == value).map(Test::Evidence).ok_or_else(unknown)
        }
        "vanished" => match value.to_lowercase().as_str() {
            "yes" | "はい" | "あり" => Ok(Test::Vanished),
            "no" | "いいえ" | "なし" => Ok(Test::Present),
            _ => Err(unknown()),
        },
        "due" if value == OVERDUE || value.eq_ignore_ascii_case("overdue") => Ok(Test::Overdue),
        "due" | "decided" => match Day::parse(value) {
            Some(day) => Ok(if key == "due" { Test::Due(day) } else { Test::DecidedOn(day) }),
            None => Err(wrong(format!("「{value}」は日付として読めません。{key}:<=2024-01-11 の形で書いてください"))),
        },
        "flag" if value == "any" => Ok(Test::Flag(None)),
        "flag" if value == PROTECTED || value.eq_ignore_ascii_case("dv") => Ok(Test::Protected),
        "flag" => Danger::ALL
            .iter()
            .copied()
            .find(|danger| danger.code().eq_ignore_ascii_case(value) || danger.label() == value)
            .map(|danger| Test::Flag(Some(danger)))
            .ok_or_else(unknown),
        "batch" if value == CHANGED || value.eq_ignore_ascii_case("changed") => Ok(Test::ChangedInBatch),
        "batch" if value == "any" => Ok(Test::Batch(None)),
        "batch" => value.parse().map(|number| Test::Batch(Some(number))).map_err(|_| unknown()),
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
    fn holds(&self, subject: &dyn Subject, today: Date) -> bool {
        match self {
            Self::FieldCode(field, code) => subject.comparison(*field).1.contains(code),
            Self::FieldVerdict(field, verdict) => subject.comparison(*field).0 == *verdict,
            Self::Id(part) => subject.id().contains(part.as_str()),
            Self::Text(folded) => subject.text_contains(folded),
            test => test.judge(subject.facts(), None, subject.case(), today).unwrap_or(false),
        }
    }

    /// Whether it holds, as far as facts, pattern and case tell.
    fn judge(&self, facts: &Facts, pattern: Option<Pattern>, case: &Case, today: Date) -> Option<bool> {
        Some(match self {
            Self::Class(classes) => classes.contains(&facts.class),
            Self::State(kind) => facts.in_item1() && case.state.kind() == *kind,
            Self::Undecided => facts.in_item1() && case.state.is_open(),
            Self::OutsideItem1 => !facts.in_item1(),
            Self::Vanished => facts.scope == Scope::Vanished,
            Self::Present => facts.scope != Scope::Vanished,
            Self::Category(categories) => case.state.category().is_some_and(|category| categories.contains(&category)),
            Self::Decided(wanted) => case.state.category().is_some() == *wanted,
            Self::Evidence(code) => case.evidence.iter().any(|evidence| evidence.code == *code),
            Self::Due(day) => day.holds(case.due()),
            Self::DecidedOn(day) => {
                let at = case.decided_at.filter(|_| case.state.category().is_some());
                day.holds(at.map(|at| japan_time(at).date()))
            }
            Self::Overdue => {
                let waits = !matches!(case.state.kind(), StateKind::Untouched | StateKind::Decided);
                waits && facts.in_item1() && case.due().is_some_and(|due| due < today)
            }
            Self::FieldCode(field, code) => return pattern?.has_code(*field, *code),
            Self::FieldVerdict(field, verdict) => pattern?.field(*field).1 == *verdict,
            Self::FieldMark(field, mark) => facts.marks.fields[*field] == *mark,
            Self::Flag(None) => !facts.dangers.is_empty(),
            Self::Flag(Some(danger)) => facts.dangers.contains(*danger),
            Self::Batch(None) => case.in_batch.is_some(),
            Self::Batch(number) => case.in_batch == *number,
            Self::ChangedInBatch => is_changed(case),
            Self::Protected => case.is_protected(facts),
            Self::Operator(name) => case.operator == *name,
            Self::Note(part) => case.note.contains(part.as_str()),
            Self::Id(_) | Self::Text(_) => return None,
        })
    }
}

/// The valid word with the smallest edit distance, if it is near enough to be a slip and shares a character with it.
fn nearest(word: &str, valid: &[&str]) -> Option<String> {
    valid
        .iter()
        .map(|candidate| (strsim::levenshtein(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().div_ceil(2).max(1))
        .filter(|(distance, candidate)| *distance < candidate.chars().count().max(word.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests;
