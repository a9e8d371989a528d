//! Dates of the common calendar whose month or day may be 不詳.

use jiff::Span;

/// Calendar date whose month or day may be 不詳.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartialDate {
    /// Year of the common era.
    pub year: i16,
    /// Month 1–12; `None` is 不詳 (written 00).
    pub month: Option<u8>,
    /// Day 1–31; `None` is 不詳 (written 00).
    pub day: Option<u8>,
}

impl PartialDate {
    /// Returns year, month and day when all are known.
    pub fn full(self) -> Option<(i16, u8, u8)> {
        Some((self.year, self.month?, self.day?))
    }

    /// Returns whether month or day is 不詳.
    pub fn is_partial(self) -> bool {
        self.month.is_none() || self.day.is_none()
    }

    /// Returns the date that lies a number of days later; `None` when a part is unknown or the calendar ends.
    pub(super) fn days_later(self, days: i32) -> Option<Self> {
        let (year, month, day) = self.full()?;
        let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        let later = date.checked_add(Span::new().try_days(days).ok()?).ok()?;
        Some(Self {
            year: later.year(),
            month: Some(later.month().unsigned_abs()),
            day: Some(later.day().unsigned_abs()),
        })
    }

    /// Returns the eight digits `YYYYMMDD`, unknown parts as `00`.
    pub fn digits(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month.unwrap_or(0), self.day.unwrap_or(0))
    }
}

/// Returns the number of days of a month of the Gregorian calendar.
pub(super) fn days_in(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
