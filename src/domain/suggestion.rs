//! What meken proposes for a record (the end of DOMAIN §5). A suggestion never decides; an operator does.

use serde::{Deserialize, Serialize};

use super::category::{Category, EvidenceCode};
use super::person::PerField;
use super::record::{Facts, Mark};
use crate::compare::{Comparison, FieldKind, Reason, Verdict, record_counts_as_notation};

/// A proposal: 2-3 by 目検, with the steps that make the differences notation only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Always 2-3.
    pub category: Category,
    /// Always 目検.
    pub evidence: EvidenceCode,
    /// The steps, field by field.
    pub reasons: Vec<(FieldKind, Reason)>,
}

/// Proposes 2-3 only if the record is in item 1, every × field is 表記ゆれ (a single ● counts when all else agrees), B and S
/// are ○ and their values agree, no other field contradicts its ○ (相違, 欠落), and no danger flag stands.
pub fn suggest(facts: &Facts, comparisons: &PerField<Comparison>) -> Option<Suggestion> {
    if !facts.in_item1() || !facts.dangers.is_empty() || !facts.class.is_suspended() {
        return None;
    }
    let all: Vec<&Comparison> = comparisons.0.iter().collect();
    let single_placeholder = record_counts_as_notation(&all);
    let mut differing = 0;
    for (field, comparison) in comparisons.iter() {
        match facts.marks.fields[field] {
            Mark::Unreadable => return None,
            Mark::Match if matches!(comparison.verdict, Verdict::Different | Verdict::Missing) => return None,
            Mark::Match if matches!(field, FieldKind::Birth | FieldKind::Sex) && !comparison.verdict.is_same() => {
                return None;
            }
            Mark::Match => {}
            Mark::Mismatch if matches!(field, FieldKind::Birth | FieldKind::Sex) => return None,
            Mark::Mismatch => {
                differing += 1;
                let only_dot = comparison.placeholder && single_placeholder;
                if comparison.verdict != Verdict::Notation && !only_dot {
                    return None;
                }
            }
        }
    }
    if differing == 0 {
        return None;
    }
    let reasons = facts
        .marks
        .mismatches()
        .flat_map(|field| comparisons[field].reasons.iter().map(move |reason| (field, reason.clone())))
        .collect();
    Some(Suggestion { category: Category::C23, evidence: EvidenceCode::Visual, reasons })
}

#[cfg(test)]
mod tests;
