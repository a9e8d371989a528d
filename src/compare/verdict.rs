//! Verdict on one field, and the verdict on a whole record.

use serde::{Deserialize, Serialize};
use std::fmt;

use super::reason::{Code, Hint, Reason};
use super::span::Aligned;

/// Verdict on one field, from harmless to severe (RULES §5).
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

    /// Returns the name of the verdict on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Same => "一致",
            Self::Notation => "表記ゆれ",
            Self::Uncertain => "要確認",
            Self::Different => "相違",
            Self::Missing => "欠落",
        }
    }

    /// Returns the verdict as one of the three words of `meken compare --verdict-only` (ARCHITECTURE "Commands").
    pub fn word(self) -> &'static str {
        match self {
            Self::Same | Self::Notation => "same",
            Self::Uncertain => "uncertain",
            Self::Different | Self::Missing => "different",
        }
    }

    /// Returns whether the two values count as equal: 一致 or 表記ゆれ.
    pub fn is_same(self) -> bool {
        matches!(self, Self::Same | Self::Notation)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Result of the comparison of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Verdict.
    pub verdict: Verdict,
    /// Steps that were needed or that failed, in reading order.
    pub reasons: Vec<Reason>,
    /// Spans over both originals, in order and without gap, for highlighting.
    pub aligned: Vec<Aligned>,
    /// Whether the field is 要確認 only because exactly one placeholder (●, 外字) stands for exactly one character, everything else
    /// being 一致 or 表記ゆれ (RULES §5 N3; see [`record_verdict`]).
    pub placeholder: bool,
    /// Possible cause of the difference.
    pub hint: Option<Hint>,
}

impl Comparison {
    /// Returns the distinct codes in the order of their first reason.
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

/// Verdict on all fields of a record together.
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

/// Returns the verdict on a record (RULES §5 N3).
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

/// Returns whether a record differs in notation at most, including the rule of the single ●.
pub fn record_counts_as_notation(comparisons: &[&Comparison]) -> bool {
    record_verdict(comparisons) <= RecordVerdict::Notation
}
