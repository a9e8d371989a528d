//! Day numbers (シリアル値) of spreadsheets: 31384 for 1985-12-03.
//!
//! A lone day number is never read as a date: it does not tell by which system it was counted, and five digits may be anything else. Whoever
//! knows that a whole column is written so, and by which system, reads it with [`serial_date`]; [`birth_serial`] recognises such values.

use super::date::PartialDate;
use crate::compare::char_class::is_space;

/// System by which a spreadsheet counts days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateSystem {
    /// 1 is 1900-01-01, and 60 is 1900-02-29, which did not exist: the default of Excel.
    From1900,
    /// 0 is 1904-01-01: workbooks of older Excel for Macintosh. The same number names a day four years and a day later.
    From1904,
}

/// Maximum number of digits of a day number; 100000 and above, such as 100101, are as well a date without its century.
const MAX_DIGITS: usize = 5;

/// Number of the day that Excel has between 1900-02-28 and 1900-03-01.
const LEAP_DAY_OF_1900: i32 = 60;

/// Day numbers that a birth date of a living person can have by [`DateSystem::From1900`]: 1902-09-26 to 2099-12-31. Smaller ones are
/// indistinguishable from years of an era, days and codes.
const OF_BIRTHS: std::ops::RangeInclusive<i32> = 1_000..=73_050;

/// Returns the date that a day number means in a system; `None` for anything but a whole number of at most five digits, and for a day that
/// does not exist.
///
/// Days before 1900-03-01 are those of Excel; other spreadsheets count them one day off.
pub fn serial_date(text: &str, system: DateSystem) -> Option<PartialDate> {
    let number = whole_number(text)?;
    match system {
        DateSystem::From1900 if number == 0 || number == LEAP_DAY_OF_1900 => None,
        DateSystem::From1900 => first_day(1900).days_later(number - 1 - i32::from(number > LEAP_DAY_OF_1900)),
        DateSystem::From1904 => first_day(1904).days_later(number),
    }
}

/// Returns the birth date that a value would be as a day number of the 1900 system; `None` for what is no such number or too far from
/// today to be a birth date.
///
/// This only recognises: one value may be something else (1985 is a year), so the caller judges the column as a whole.
pub fn birth_serial(text: &str) -> Option<PartialDate> {
    OF_BIRTHS.contains(&whole_number(text)?).then(|| serial_date(text, DateSystem::From1900)).flatten()
}

/// Reads a day number: ASCII digits without leading zeros, as a spreadsheet writes them, also with spaces around, with a thousands
/// separator (`31,384`) or with decimals that are zero (`31384.0`). Other decimals are a time of day.
fn whole_number(text: &str) -> Option<i32> {
    let text = text.trim_matches(is_space);
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = match whole.split_once(',') {
        Some((thousands, rest)) if (1..=2).contains(&thousands.len()) && rest.len() == 3 => [thousands, rest].concat(),
        Some(_) => return None,
        None => whole.to_owned(),
    };
    let is_number = (1..=MAX_DIGITS).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
        && !decimals.is_empty()
        && decimals.bytes().all(|b| b == b'0');
    if is_number { digits.parse().ok() } else { None }
}

/// Returns the first of January of a year.
fn first_day(year: i16) -> PartialDate {
    PartialDate { year, month: Some(1), day: Some(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str, system: DateSystem) -> Option<String> {
        serial_date(text, system).map(PartialDate::digits)
    }

    #[test]
    fn reads_day_numbers_of_both_systems() {
        for (text, of_1900, of_1904) in [
            ("31384", Some("19851203"), Some("19891204")),
            ("31,384", Some("19851203"), Some("19891204")),
            ("31384.0", Some("19851203"), Some("19891204")),
            (" 31384\u{3000}", Some("19851203"), Some("19891204")),
            ("29922", Some("19811202"), Some("19851203")),
            ("0", None, Some("19040101")),
            ("1", Some("19000101"), Some("19040102")),
            ("59", Some("19000228"), Some("19040229")),
            // 1900 was no leap year, although Excel counts its 29th of February.
            ("60", None, Some("19040301")),
            ("61", Some("19000301"), Some("19040302")),
            ("366", Some("19001231"), Some("19050101")),
            ("1462", Some("19040101"), Some("19080102")),
            ("36585", Some("20000229"), Some("20040301")),
            ("73050", Some("20991231"), Some("21040102")),
            ("99999", Some("21731013"), Some("21771014")),
        ] {
            let found = [DateSystem::From1900, DateSystem::From1904].map(|system| digits(text, system));
            assert_eq!(found, [of_1900, of_1904].map(|date| date.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn reads_nothing_else() {
        for text in [
            "",
            " ",
            ".",
            "31384.5",
            "31384.",
            ".0",
            "-1",
            "+31384",
            "031384",
            "00",
            "3138４",
            "３１３８４",
            "100000",
            "601203",
            "19851203",
            "5601203",
            "3,1384",
            "313,84",
            "31,38",
            "1,2,3",
            "31384日",
            "3.1384E+4",
            "S60",
        ] {
            for system in [DateSystem::From1900, DateSystem::From1904] {
                assert_eq!(digits(text, system), None, "{text}");
            }
            assert_eq!(birth_serial(text), None, "{text}");
        }
    }

    #[test]
    fn recognises_birth_dates_only() {
        for (text, date) in [
            ("31384", Some("19851203")),
            ("999", None),
            ("1000", Some("19020926")),
            ("9133", Some("19250101")),
            ("73050", Some("20991231")),
            ("73051", None),
            ("99999", None),
            ("60", None),
        ] {
            assert_eq!(birth_serial(text).map(PartialDate::digits).as_deref(), date, "{text}");
        }
    }

    /// The days of both systems follow one another without a gap, and are 1,462 apart.
    #[test]
    fn days_follow_one_another() {
        let mut before = serial_date("61", DateSystem::From1900).expect("a day");
        for number in 62..=99_999u32 {
            let date = serial_date(&number.to_string(), DateSystem::From1900).expect("a day");
            assert_eq!(before.days_later(1), Some(date));
            before = date;
            if number >= 1_462 {
                assert_eq!(serial_date(&(number - 1_462).to_string(), DateSystem::From1904), Some(date));
            }
        }
        assert_eq!(before.digits(), "21731013");
    }
}
