//! The five fields of a person and the 個人番号.

use std::ops::{Index, IndexMut};

use serde::{Deserialize, Serialize};

use crate::compare::FieldKind;

/// One value for each of the five fields (5情報), in the order of [`FieldKind::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PerField<T>(pub [T; 5]);

impl<T> PerField<T> {
    /// Builds the five values by asking once per field.
    pub fn from_fn(mut value: impl FnMut(FieldKind) -> T) -> Self {
        Self(FieldKind::ALL.map(&mut value))
    }

    /// Iterates over the fields with their values.
    pub fn iter(&self) -> impl Iterator<Item = (FieldKind, &T)> {
        FieldKind::ALL.into_iter().zip(self.0.iter())
    }
}

impl<T> Index<FieldKind> for PerField<T> {
    type Output = T;
    fn index(&self, field: FieldKind) -> &T {
        &self.0[field.index()]
    }
}

impl<T> IndexMut<FieldKind> for PerField<T> {
    fn index_mut(&mut self, field: FieldKind) -> &mut T {
        &mut self.0[field.index()]
    }
}

/// A 個人番号: 12 digits, or a masked form in which `*` stands for digits.
///
/// It has neither `Debug` nor `Display`, so that it cannot reach a log, a panic or a screen by accident
/// (ARCHITECTURE "Protection").
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MyNumber([u8; 12]);

/// The last four digits of a 個人番号, shown as `**** **** 6825`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Last4([u8; 4]);

impl std::fmt::Display for Last4 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits: String = self.0.iter().map(|&b| b as char).collect();
        write!(f, "**** **** {digits}")
    }
}

impl Last4 {
    /// The four characters alone (digits, or `*` where even they were masked).
    pub fn digits(&self) -> String {
        self.0.iter().map(|&b| b as char).collect()
    }
}

impl MyNumber {
    /// Reads 12 digits or `*`, in full or half width, with spaces and hyphens between groups; `None` for any other form.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(digits) = <[u8; 12]>::try_from(text.as_bytes())
            && digits.iter().all(u8::is_ascii_digit)
        {
            return Some(Self(digits));
        }
        let mut digits = [0u8; 12];
        let mut n = 0;
        for c in text.chars() {
            let c = match c {
                '0'..='9' | '*' => c as u8,
                '０'..='９' => b'0' + (c as u32 - '０' as u32) as u8,
                '＊' => b'*',
                ' ' | '　' | '-' | '－' | '‐' => continue,
                _ => return None,
            };
            *digits.get_mut(n)? = c;
            n += 1;
        }
        (n == 12).then_some(Self(digits))
    }

    /// Whether some digits are masked.
    pub fn is_masked(&self) -> bool {
        // Without a way out of the loop the compiler looks at all twelve at once.
        self.0.iter().fold(false, |masked, &b| masked | (b == b'*'))
    }

    /// Whether two numbers are one; `None` where masked digits leave it open.
    pub fn agrees(&self, other: &Self) -> Option<bool> {
        let pairs = || self.0.iter().zip(&other.0);
        if pairs().any(|(&a, &b)| a != b && a != b'*' && b != b'*') {
            return Some(false);
        }
        pairs().all(|(&a, &b)| a != b'*' && b != b'*').then_some(true)
    }

    /// Tests the check digit (RULES §7); `None` for a masked number, which is not tested.
    pub fn check_digit_ok(&self) -> Option<bool> {
        if self.is_masked() {
            return None;
        }
        Some(check_digit(&self.0[..11]) == self.0[11] - b'0')
    }

    /// The last four digits, the only part that is ever shown.
    pub fn last4(&self) -> Last4 {
        Last4([self.0[8], self.0[9], self.0[10], self.0[11]])
    }

    /// A stable 64-bit key for finding two rows with one number; it is never shown or exported. `None` when masked.
    pub fn join_key(&self) -> Option<u64> {
        (!self.is_masked()).then(|| self.0.iter().fold(0u64, |n, &b| n * 10 + u64::from(b - b'0')))
    }
}

/// Computes the check digit over the first 11 digits (ASCII) of a 個人番号.
///
/// Q = 11 − (Σ Pn·Qn mod 11), 0 when the remainder is 0 or 1; Pn is the n-th digit from the right, Qn = n+1 for n ≤ 6
/// and n−5 for n ≥ 7 (RULES §7; 総務省令第85号 第5条).
fn check_digit(first11: &[u8]) -> u8 {
    const WEIGHTS: [u32; 11] = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
    let sum: u32 = first11.iter().zip(WEIGHTS).map(|(&digit, weight)| u32::from(digit - b'0') * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => (11 - rest) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_number_of_the_rules_is_valid() {
        let number = MyNumber::parse("123456789018").unwrap();
        assert_eq!(number.check_digit_ok(), Some(true));
    }

    #[test]
    fn exactly_one_last_digit_is_valid_for_every_body() {
        for body in (0..11_000_000_000u64).step_by(99_999_989) {
            let valid = (0..10)
                .filter(|d| MyNumber::parse(&format!("{body:011}{d}")).unwrap().check_digit_ok() == Some(true))
                .count();
            assert_eq!(valid, 1, "{body}");
        }
    }

    #[test]
    fn every_single_digit_error_is_found_unless_the_remainder_rule_hides_it() {
        // Remainders 0 and 1 share the check digit 0, so a few errors cannot be seen; all others must be.
        let good = "000012345678";
        let body: Vec<u8> = good.bytes().take(11).collect();
        let digit = check_digit(&body);
        let mut missed = 0;
        for at in 0..11 {
            for wrong in b'0'..=b'9' {
                let mut other = body.clone();
                other[at] = wrong;
                if wrong != body[at] && check_digit(&other) == digit {
                    missed += 1;
                }
            }
        }
        assert_eq!(missed, 0, "check digit {digit} is not 0, so no error can hide");
    }

    #[test]
    fn forms_are_read_or_refused() {
        for ok in ["0000 1234 5678", "００００１２３４５６７８", "********5678", "9999-1234-5678"] {
            assert!(MyNumber::parse(ok).is_some(), "{ok}");
        }
        for bad in ["", "00001234567", "0000123456789", "1.23457E+11", "00001234567a"] {
            assert!(MyNumber::parse(bad).is_none(), "{bad}");
        }
        let masked = MyNumber::parse("********6825").unwrap();
        assert_eq!(masked.check_digit_ok(), None);
        assert_eq!(masked.join_key(), None);
        assert_eq!(masked.last4().to_string(), "**** **** 6825");
    }

    #[test]
    fn masked_digits_agree_with_any() {
        for (one, other, agrees) in [
            ("000012345678", "0000-1234-5678", Some(true)),
            ("000012345678", "000012345679", Some(false)),
            ("********5678", "000012345678", None),
            ("********5678", "********5678", None),
            ("********5678", "000012345679", Some(false)),
        ] {
            let (one, other) = (MyNumber::parse(one).unwrap(), MyNumber::parse(other).unwrap());
            assert_eq!((one.agrees(&other), other.agrees(&one)), (agrees, agrees));
        }
    }
}
