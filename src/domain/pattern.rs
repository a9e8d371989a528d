//! The signature of a record's differences, so that like records can follow one another in the queue.

use serde::{Deserialize, Serialize};

use super::person::PerField;
use super::record::{Mark, Marks};
use crate::compare::Comparison;

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
}

/// Room for the set of codes below the five fields.
const CODE_BITS: u32 = 44;
