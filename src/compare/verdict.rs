//! The verdict on one field, and the rule that reads the verdicts of a whole record.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::align::Aligned;
use super::reason::{Code, Hint, Reason};

/// One of the five fields that are compared (5情報).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FieldKind {
    /// 漢字氏名
    Kanji,
    /// カナ氏名
    Kana,
    /// 生年月日
    Birth,
    /// 性別
    Sex,
    /// 住所
    Address,
}

impl FieldKind {
    /// All fields in the order of the file and of the screen.
    pub const ALL: [Self; 5] = [Self::Kanji, Self::Kana, Self::Birth, Self::Sex, Self::Address];

    /// Names the field as in the 突合結果ファイル.
    pub fn label(self) -> &'static str {
        match self {
            Self::Kanji => "漢字氏名",
            Self::Kana => "カナ氏名",
            Self::Birth => "生年月日",
            Self::Sex => "性別",
            Self::Address => "住所",
        }
    }

    /// Names the field in two characters, for narrow columns.
    pub fn short(self) -> &'static str {
        match self {
            Self::Kanji => "漢字",
            Self::Kana => "カナ",
            Self::Birth => "生年",
            Self::Sex => "性別",
            Self::Address => "住所",
        }
    }

    /// Names the field in ASCII, as on the command line and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kanji => "kanji",
            Self::Kana => "kana",
            Self::Birth => "birth",
            Self::Sex => "sex",
            Self::Address => "address",
        }
    }

    /// Gives the position in [`FieldKind::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A word that names no field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("項目名「{0}」は使えません。kanji、kana、birth、sex、address のいずれかを指定してください")]
pub struct UnknownField(String);

impl FromStr for FieldKind {
    type Err = UnknownField;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|field| field.word() == word).ok_or_else(|| UnknownField(word.to_owned()))
    }
}

/// What the comparison of one field says, from harmless to severe (`DOMAIN §5`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    /// 一致: the same text, or codes of the same value.
    Same,
    /// 表記ゆれ: equal after named, harmless steps.
    Notation,
    /// 要確認: could be either; the reasons say why.
    Uncertain,
    /// 相違: a real difference.
    Different,
    /// 欠落: one side, or both, is empty.
    Missing,
}

impl Verdict {
    /// All verdicts by severity.
    pub const ALL: [Self; 5] = [Self::Same, Self::Notation, Self::Uncertain, Self::Different, Self::Missing];

    /// Names the verdict as on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Same => "一致",
            Self::Notation => "表記ゆれ",
            Self::Uncertain => "要確認",
            Self::Different => "相違",
            Self::Missing => "欠落",
        }
    }

    /// Names the verdict in the three words of `meken compare --verdict-only` (`DESIGN §3`).
    pub fn word(self) -> &'static str {
        match self {
            Self::Same | Self::Notation => "same",
            Self::Uncertain => "uncertain",
            Self::Different | Self::Missing => "different",
        }
    }

    /// Tells whether the two values may be taken for equal: 一致 or 表記ゆれ.
    pub fn is_same(self) -> bool {
        matches!(self, Self::Same | Self::Notation)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Everything the comparison of one field found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The verdict.
    pub verdict: Verdict,
    /// The steps that were needed or that failed, in reading order.
    pub reasons: Vec<Reason>,
    /// Spans over both originals, in order and without gap, for highlighting.
    pub aligned: Vec<Aligned>,
    /// True when the field is 要確認 only because exactly one ●-like or 外字 character stands for exactly one character, all else
    /// being 一致 or 表記ゆれ (`DOMAIN §5` N3; see [`record_verdict`]).
    pub placeholder: bool,
    /// What may lie behind the difference.
    pub hint: Option<Hint>,
}

impl Comparison {
    /// Lists the distinct codes in the order of their first reason.
    pub fn codes(&self) -> Vec<Code> {
        let mut codes = Vec::with_capacity(self.reasons.len());
        for reason in &self.reasons {
            if !codes.contains(&reason.code) {
                codes.push(reason.code);
            }
        }
        codes
    }
}

/// What the verdicts of all fields of a record say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordVerdict {
    /// Every field is 一致.
    Same,
    /// Every field is 一致 or 表記ゆれ, a single ● in the whole record included.
    Notation,
    /// Some field is 要確認 and none is worse.
    Uncertain,
    /// Some field is 相違 or 欠落.
    Different,
}

/// Reads the verdicts of a record together (`DOMAIN §5` N3, S2).
///
/// One ● that stands for one character is 要確認 for its own field; the record counts it as 表記ゆれ when it is the only one and
/// every other field is 一致 or 表記ゆれ.
pub fn record_verdict(comparisons: &[&Comparison]) -> RecordVerdict {
    let worst = comparisons.iter().map(|c| c.verdict).max().unwrap_or(Verdict::Missing);
    match worst {
        Verdict::Same => RecordVerdict::Same,
        Verdict::Notation => RecordVerdict::Notation,
        Verdict::Uncertain => {
            let mut open = comparisons.iter().filter(|c| c.verdict == Verdict::Uncertain);
            match (open.next(), open.next()) {
                (Some(only), None) if only.placeholder => RecordVerdict::Notation,
                _ => RecordVerdict::Uncertain,
            }
        }
        Verdict::Different | Verdict::Missing => RecordVerdict::Different,
    }
}

/// Tells whether a record as a whole differs in notation only (or not at all), the single ● rule included.
pub fn record_counts_as_notation(comparisons: &[&Comparison]) -> bool {
    record_verdict(comparisons) <= RecordVerdict::Notation
}
