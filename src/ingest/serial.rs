//! Day serials: dates that a spreadsheet saved as the number of days since its first day (`31384` for 1985-12-03).

use jiff::ToSpan;
use jiff::civil::Date;

use super::error::Refusal;
use super::row::RowCells;
use super::row_dates::{DATE_COLUMNS, DateText, RowDates};
use crate::compare::{DateSystem, birth_serial, serial_date};

/// The words of the option, and the code of the warning that counts rows read by it.
const SYSTEMS: [(DateSystem, &str, &str); 2] =
    [(DateSystem::From1900, "1900", "serial-1900"), (DateSystem::From1904, "1904", "serial-1904")];

/// A word that names no date system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--serial-dates には 1900 か 1904 を指定してください")]
pub struct UnknownDateSystem;

/// Reads the word of a date system.
pub fn date_system(word: &str) -> Result<DateSystem, UnknownDateSystem> {
    SYSTEMS.iter().find(|(_, known, _)| *known == word).map(|(system, ..)| *system).ok_or(UnknownDateSystem)
}

/// The word of a date system.
pub(super) fn word(system: DateSystem) -> &'static str {
    SYSTEMS.iter().find(|(known, ..)| *known == system).map_or("", |(_, word, _)| word)
}

/// Difference between the two systems in days.
const DAYS_BETWEEN: i32 = 1462;

/// Numbers that are years rather than day serials.
const YEARS: std::ops::RangeInclusive<i32> = 1868..=2100;

/// Reads day serials up to a latest day.
#[derive(Clone, Copy, Debug)]
pub(super) struct SerialReader {
    system: DateSystem,
    latest: Date,
}

impl SerialReader {
    /// A reader for an import of this day.
    pub(super) fn new(system: DateSystem, today: Date) -> Self {
        // A 喪失日 may lie ahead.
        Self { system, latest: today.saturating_add(1.year()) }
    }

    /// The day of a cell that holds nothing but a day serial; a fraction is the time of day.
    pub(super) fn day(&self, text: &str) -> Option<Date> {
        let text = text.trim_matches([' ', '　']);
        let (days, time) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(time) || days.parse().is_ok_and(|number: i32| YEARS.contains(&number)) {
            return None;
        }
        birth_serial(days)?;
        let (year, month, day) = serial_date(days, self.system)?.full()?;
        let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        (day <= self.latest).then_some(day)
    }

    /// The dates of a row that are day serials, in the order of [`DATE_COLUMNS`].
    pub(super) fn read(&self, cells: &RowCells<'_>) -> [Option<Date>; DATE_COLUMNS.len()] {
        DATE_COLUMNS.map(|column| self.day(cells[column.index()]))
    }

    /// Code of the warning that counts rows with dates read by it.
    pub(super) fn warning(&self) -> &'static str {
        SYSTEMS.iter().find(|(known, ..)| *known == self.system).map_or("", |(.., code)| code)
    }
}

/// Whether two days differ by exactly what the two systems differ by.
pub(super) fn is_shifted(one: Date, other: Date) -> bool {
    one.until(other).is_ok_and(|span| span.get_days().abs() == DAYS_BETWEEN)
}

/// Filled cells and day serials of each date column, in the order of [`DATE_COLUMNS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SerialCounts([ColumnCount; DATE_COLUMNS.len()]);

/// Filled cells and day serials of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct ColumnCount {
    filled: u64,
    serials: u64,
    /// Physical line of the first serial.
    line: u32,
}

impl SerialCounts {
    /// Counts the filled cells of a row.
    pub(super) fn row(&mut self, dates: &RowDates) {
        for (count, date) in self.0.iter_mut().zip(dates.0) {
            count.filled += u64::from(date != DateText::BLANK);
        }
    }

    /// Counts a day serial in one of [`DATE_COLUMNS`].
    pub(super) fn serial(&mut self, at: usize, line: u32) {
        let count = &mut self.0[at];
        count.serials += 1;
        if count.line == 0 {
            count.line = line;
        }
    }

    /// Adds the counts of later rows.
    pub(super) fn append(&mut self, later: &Self) {
        for (count, later) in self.0.iter_mut().zip(later.0) {
            count.filled += later.filled;
            count.serials += later.serials;
            if count.line == 0 {
                count.line = later.line;
            }
        }
    }

    /// The refusal of a file in which more than half of a date column are day serials.
    pub(super) fn refusal(&self, file: &str) -> Option<Refusal> {
        let columns = || self.0.iter().zip(DATE_COLUMNS).filter(|(count, _)| count.serials * 2 > count.filled);
        let (first, _) = columns().max_by_key(|(count, _)| count.serials)?;
        let names = columns().map(|(_, column)| format!("「{}」", column.name())).collect::<Vec<_>>();
        let line = columns().map(|(count, _)| count.line).min().unwrap_or(first.line);
        Some(Refusal::SerialDates { file: file.to_owned(), line, columns: names.join(""), serials: first.serials })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn reader(system: DateSystem) -> SerialReader {
        SerialReader::new(system, date(2023, 12, 1))
    }

    #[test]
    fn serials_are_days_of_their_system() {
        let (new, old) = (reader(DateSystem::From1900), reader(DateSystem::From1904));
        for (text, day) in [
            ("31384", date(1985, 12, 3)),
            ("1000", date(1902, 9, 26)),
            ("31,384", date(1985, 12, 3)),
            ("45184", date(2023, 9, 15)),
            (" 31384 ", date(1985, 12, 3)),
            ("31384.0", date(1985, 12, 3)),
            ("31384.75", date(1985, 12, 3)),
        ] {
            assert_eq!(new.day(text), Some(day), "{text}");
        }
        assert_eq!(old.day("29922"), Some(date(1985, 12, 3)));
        assert!(is_shifted(date(1985, 12, 3), old.day("31384").unwrap()));
        assert!(!is_shifted(date(1985, 12, 3), date(1989, 12, 3)));
        for none in [
            "", "0", "60", "999", "1985", "031384", "19851203", "601203", "5601203", "3138,45", "31384.a", "1.2E+04",
            "31384.", "50401", "-5",
        ] {
            assert_eq!(new.day(none), None, "{none}");
        }
        for (system, text, _) in SYSTEMS {
            assert_eq!((date_system(text), word(system)), (Ok(system), text));
        }
        assert_eq!(date_system("1901"), Err(UnknownDateSystem));
    }

    proptest::proptest! {
        /// The two systems name the same day by numbers that differ by 1462.
        #[test]
        fn the_systems_differ_by_a_constant(days in 3600u32..40_000) {
            let one = reader(DateSystem::From1900).day(&days.to_string());
            let other = reader(DateSystem::From1904).day(&(days - 1462).to_string());
            proptest::prop_assert!(one == other && one.is_some());
        }
    }
}
