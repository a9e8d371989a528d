//! The signature of a record's differences, so that like records can follow one another in the queue.

use serde::{Deserialize, Serialize};

use super::person::PerField;
use super::record::{Mark, Marks};
use crate::compare::{Comparison, FieldKind, Verdict};

/// Which fields differ, how far, and by which codes; equal patterns need the same kind of look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pattern(pub u64);

impl Pattern {
    /// Computes the signature: 4 bits a field (mark ×, verdict) above the set of codes.
    pub fn of(marks: &Marks, comparisons: &PerField<Comparison>) -> Self {
        let mut verdicts = 0u64;
        let mut codes = 0u64;
        for (field, comparison) in comparisons.iter() {
            let mark = u64::from(marks.fields[field] != Mark::Match);
            verdicts = verdicts << 4 | mark << 3 | comparison.verdict as u64;
            for reason in &comparison.reasons {
                codes |= 1 << (reason.code as u32).min(CODE_BITS - 1);
            }
        }
        Self(verdicts << CODE_BITS | codes)
    }

    /// What it says about a field: whether its mark is not ○, and the verdict.
    pub fn field(self, field: FieldKind) -> (bool, Verdict) {
        let bits = self.0 >> CODE_BITS >> (4 * (FieldKind::ALL.len() - 1 - field.index()));
        let verdict = Verdict::ALL.get((bits & 7) as usize).copied().unwrap_or(Verdict::Missing);
        (bits & 8 != 0, verdict)
    }
}

/// Room for the set of codes below the five fields.
const CODE_BITS: u32 = 44;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;

    #[test]
    fn gives_back_what_it_was_made_of() {
        let comparisons = PerField::from_fn(|field| match field {
            FieldKind::Kana => compare(field, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ"),
            FieldKind::Address => compare(field, "港区赤坂1-11", "港区赤坂1-12"),
            FieldKind::Birth => compare(field, "", "19851203"),
            field => compare(field, "1", "1"),
        });
        let mut marks = Marks::all_match();
        marks.fields[FieldKind::Address] = Mark::Mismatch;
        let pattern = Pattern::of(&marks, &comparisons);
        for field in FieldKind::ALL {
            assert_eq!(pattern.field(field), (field == FieldKind::Address, comparisons[field].verdict), "{field}");
        }
    }
}
