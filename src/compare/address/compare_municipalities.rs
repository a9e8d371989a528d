//! Comparison of 都道府県 and 市区町村 of two addresses.

use super::compare_buildings::compare_buildings;
use super::compare_numbers::compare_numbers;
use super::number::same_values;
use super::pairing::{byte_range, record_spelling};
use super::parse::ParsedAddress;
use crate::compare::draft::ComparisonDraft;
use crate::compare::reason::{Code, Hint, StepClass};
use crate::compare::unit::Unit;

/// Compares 都道府県 and 市区町村; returns false when the rest need not be compared.
pub(super) fn compare_municipalities(
    draft: &mut ComparisonDraft<'_>,
    left: &ParsedAddress,
    right: &ParsedAddress,
) -> bool {
    let (l, r) = (byte_range(left.municipality_units()), byte_range(right.municipality_units()));
    let text = |a: &ParsedAddress| a.municipality_units().iter().map(|u| u.c).collect::<String>();
    match (&left.municipality, &right.municipality) {
        (Some(a), Some(b)) => {
            let common = a.candidates.iter().any(|x| b.candidates.iter().any(|y| x.0 == y.0));
            if !common {
                draft.hint = Some(Hint::Moved);
                draft.step_at(Code::A6, StepClass::Difference, "市区町村が異なる", true, l, r);
                return false;
            }
            if text(left) == text(right) {
                let (units_l, units_r) = (left.municipality_units(), right.municipality_units());
                record_spelling(draft, units_l, units_r);
                // 鹿嶋市 and 鹿島市 without 都道府県 are two cities.
                let same_spelling = units_l.iter().zip(units_r).all(|(l, r)| l.plain == r.plain);
                if !same_spelling && a.unique().is_none() && a.candidates.len() > 1 {
                    draft.step_at(Code::A2, StepClass::B, "字の似た別の市区町村がある", true, l, r);
                }
                return true;
            }
            let same_entry = a.unique().is_some() && a.unique() == b.unique();
            if same_entry && a.prefecture != b.prefecture {
                draft.step_at(Code::A2, StepClass::A, "都道府県の省略", true, l, r);
            } else if same_entry {
                draft.step_at(Code::A2, StepClass::A, "郡の省略", true, l, r);
            } else {
                draft.step_at(Code::A2, StepClass::B, "都道府県・市・区の省略", true, l, r);
            }
            true
        }
        (None, None) => {
            if text(left) == text(right) {
                record_spelling(draft, left.municipality_units(), right.municipality_units());
                return true;
            }
            if left.street_start > left.postal_len && right.street_start > right.postal_len {
                draft.hint = Some(Hint::Moved);
                draft.step_at(Code::A6, StepClass::Difference, "都道府県が異なる", true, l, r);
                return false;
            }
            draft.step_at(Code::A2, StepClass::B, "都道府県の省略", true, l, r);
            true
        }
        (known, _) => {
            let (known, other) = if known.is_some() { (left, right) } else { (right, left) };
            let ends_with = |text: &[Unit], end: &[Unit]| {
                text.len() >= end.len() && text.iter().rev().zip(end.iter().rev()).all(|(a, b)| a.c == b.c)
            };
            let town_fits = ends_with(&other.street.town, &known.street.town);
            if town_fits && same_values(&other.street.numbers, &known.street.numbers) {
                draft.step_at(Code::A2, StepClass::B, "市区町村を読み取れない", true, l, r);
                compare_numbers(draft, &left.street, &right.street);
                compare_buildings(draft, &left.street, &right.street);
            } else {
                draft.step(Code::AX, StepClass::Difference, "住所が異なる");
            }
            false
        }
    }
}
