//! Variations of 生年月日 (RULES §5, D1–D3).

use super::super::draft::Draft;
use super::super::random::Random;
use super::super::truth::Distance::{Different, Notation};
use super::super::truth::Field;
use super::Change;

impl Change {
    pub(super) fn apply_birth(self, draft: &mut Draft, random: &mut Random) -> bool {
        let birth = draft.person.birth;
        let (left, code, distance) = match self {
            Self::D1Digit => (birth.one_digit_off(random).digits(), "D1", Different),
            Self::D1Transposed => {
                let Some(date) = birth.transposed() else { return false };
                (date.digits(), "D1", Different)
            }
            Self::D1Swapped => {
                let Some(date) = birth.month_day_swapped() else { return false };
                (date.digits(), "D1", Different)
            }
            Self::D2Era => {
                let date = birth.era_slip().unwrap_or_else(|| birth.year_off(random));
                (date.digits(), "D2", Different)
            }
            Self::D2Year => (birth.year_off(random).digits(), "D2", Different),
            Self::D2Unknown => {
                let mut digits = birth.digits();
                digits.replace_range(if random.chance(500) { 4.. } else { 6.. }, "");
                while digits.len() < 8 {
                    digits.push('0');
                }
                (digits, "D2", Different)
            }
            Self::D3 => (birth.in_form(random.below(4)), "D3", Notation),
            _ => return false,
        };
        draft.left.birth = left;
        draft.differ(Field::Birth, code, distance);
        true
    }
}
