//! Numbers with check digits (RULES §7): 個人番号 and 保険者番号. All are fictitious; a 個人番号 begins with 0000 or 9999.

/// Number of different 個人番号: two prefixes with seven free digits each.
const SUPPLY: u64 = 20_000_000;
/// Seven free digits after the prefix.
const BODIES: u64 = 10_000_000;
/// Step between numbers; odd and no multiple of five, so that every number is visited once.
const STEP: u64 = 12_360_679;

/// Returns the `serial`-th number of a file. Numbers repeat after [`SUPPLY`].
pub(super) fn my_number(serial: u64, seed: u64) -> String {
    let place = (serial % SUPPLY * STEP + seed % SUPPLY * 7_919) % SUPPLY;
    let prefix = if place < BODIES { "0000" } else { "9999" };
    let mut number = format!("{prefix}{:07}", place % BODIES);
    let check = my_number_check(&number);
    number.push(digit(check));
    number
}

/// Returns `number` with a wrong check digit, `shift` (1 to 9) off.
pub(super) fn with_wrong_check_digit(number: &str, shift: u32) -> String {
    let (body, last) = number.split_at(number.len() - 1);
    let right = last.chars().next().and_then(|c| c.to_digit(10)).unwrap_or(0);
    format!("{body}{}", digit((right + shift.clamp(1, 9)) % 10))
}

/// Computes the check digit of the first eleven digits of a 個人番号 (RULES §7).
pub(super) fn my_number_check(eleven: &str) -> u32 {
    let sum: u32 = digits(eleven)
        .rev()
        .enumerate()
        .map(|(place, p)| {
            let n = place as u32 + 1;
            p * if n <= 6 { n + 1 } else { n - 5 }
        })
        .sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// Computes the check digit of a 保険者番号 from the digits before it (weights 2, 1, 2, 1 … from the right, digit sums).
pub(super) fn insurer_check(before: &str) -> u32 {
    let sum: u32 = digits(before)
        .rev()
        .enumerate()
        .map(|(place, d)| {
            let product = if place % 2 == 0 { d * 2 } else { d };
            product / 10 + product % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

/// Makes up a 保険者番号 of a 市町村国保: prefecture, three digits, check digit.
pub(super) fn insurer_number(prefecture: u8, municipality: u32) -> String {
    let mut number = format!("{prefecture:02}{:03}", municipality % 1000);
    let check = insurer_check(&number);
    number.push(digit(check));
    number
}

fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.chars().filter_map(|c| c.to_digit(10))
}

fn digit(value: u32) -> char {
    char::from_digit(value % 10, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn check_digits_follow_the_formula() {
        assert_eq!(my_number_check("12345678901"), 8, "RULES §7: 123456789018");
        // A public example: 13801 with check digit 6.
        assert_eq!(insurer_check("13801"), 6);
    }

    #[test]
    fn numbers_are_different_valid_and_recognisably_fictitious() {
        let mut seen = HashSet::new();
        for serial in 0..20_000 {
            let number = my_number(serial, 3);
            assert_eq!(number.len(), 12);
            assert!(number.starts_with("0000") || number.starts_with("9999"));
            assert_eq!(number[11..].parse::<u32>().unwrap(), my_number_check(&number[..11]));
            assert!(seen.insert(number));
        }
    }

    #[test]
    fn a_spoiled_number_never_passes() {
        for shift in 0..12 {
            let bad = with_wrong_check_digit("123456789018", shift);
            assert_ne!(bad, "123456789018");
            assert_eq!(&bad[..11], "12345678901");
        }
    }
}
