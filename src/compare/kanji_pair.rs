//! Relation of two different kanji, as a step of a comparison.

use super::alignment::UnitRelation;
use super::reason::{Code, StepClass};
use super::variants::{VariantSource, is_rare, relation};

/// Returns how two different kanji in standard form are related.
pub(crate) fn kanji_pair(l: char, r: char) -> UnitRelation {
    match relation(l, r) {
        Some((StepClass::A, _)) => return UnitRelation::Step(Code::N2, StepClass::A, "異体字"),
        Some((_, VariantSource::Notice)) => return UnitRelation::Step(Code::N2, StepClass::B, "戸籍の通達が結ぶ字"),
        Some(_) => return UnitRelation::Step(Code::N2, StepClass::B, "別の字とも異体字ともいえる字"),
        None => {}
    }
    if is_rare(l) || is_rare(r) {
        return UnitRelation::Step(Code::N2, StepClass::B, "JISにない字");
    }
    UnitRelation::Unrelated
}
