//! Cut-offs of the 解除 reports (DOMAIN §8): three fixed ones, then every week.

use jiff::civil::{Date, DateTime, Time, Weekday, date, time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Japanese time; it has no summer time, so a fixed offset says it all.
pub fn japan() -> TimeZone {
    TimeZone::fixed(Offset::constant(9))
}

/// The Japanese date and time of a moment.
pub fn japan_time(at: Timestamp) -> DateTime {
    at.to_zoned(japan()).datetime()
}

/// The last second of a day: a cut-off without a time.
const END_OF_DAY: Time = time(23, 59, 59, 999_999_999);

/// The calendar of cut-offs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The fixed cut-offs in order; the first is 報告回次 1. A report at the very moment is in time.
    pub fixed: Vec<DateTime>,
    /// The weekday of every later cut-off, at the end of that day.
    pub weekly: Weekday,
    /// Aim: everything is released by this day.
    pub release_by: Date,
    /// Everything is finished by this day.
    pub finish_by: Date,
}

/// A cut-off with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cutoff {
    /// 報告回次
    pub round: u32,
    /// 報告締切, Japanese time.
    pub at: DateTime,
}

/// The first cut-off: S0 §3 says 12-14, S0 §1 says 12-15.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FirstCutoff {
    /// 2023-12-14 (S0 §3)
    #[default]
    December14,
    /// 2023-12-15 (S0 §1)
    December15,
}

impl Calendar {
    /// The calendar of 2023-12 (S0 §3): 12-14 or 12-15, 12-25 15:00, 2024-01-11, then Thursdays.
    pub fn of_2023(first: FirstCutoff) -> Self {
        let first = match first {
            FirstCutoff::December14 => date(2023, 12, 14),
            FirstCutoff::December15 => date(2023, 12, 15),
        };
        Self {
            fixed: vec![
                first.to_datetime(END_OF_DAY),
                date(2023, 12, 25).at(15, 0, 0, 0),
                date(2024, 1, 11).to_datetime(END_OF_DAY),
            ],
            weekly: Weekday::Thursday,
            release_by: date(2024, 2, 29),
            finish_by: date(2024, 3, 31),
        }
    }

    /// The end of a day, for cut-offs without a time.
    pub fn end_of(day: Date) -> DateTime {
        day.to_datetime(END_OF_DAY)
    }

    /// The next cut-off that a report at this moment (Japanese time) still meets.
    pub fn next(&self, now: DateTime) -> Cutoff {
        if let Some((n, &at)) = self.fixed.iter().enumerate().find(|(_, at)| now <= **at) {
            return Cutoff { round: n as u32 + 1, at };
        }
        let last = self.fixed.last().map_or(now.date(), |at| at.date());
        // The first weekly day strictly after the last fixed cut-off, then every seven days.
        let ahead = i64::from(last.weekday().until(self.weekly));
        let first = last.saturating_add((if ahead == 0 { 7 } else { ahead }).days());
        let days = now.date().since(first).map_or(0, |span| i64::from(span.get_days()));
        let weeks = if days <= 0 { 0 } else { (days + 6) / 7 };
        let at = first.saturating_add((7 * weeks).days()).to_datetime(END_OF_DAY);
        Cutoff { round: self.fixed.len() as u32 + 1 + weeks as u32, at }
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self::of_2023(FirstCutoff::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(now: DateTime, first: FirstCutoff) -> u32 {
        Calendar::of_2023(first).next(now).round
    }

    #[test]
    fn golden_vectors() {
        let first = FirstCutoff::December14;
        assert_eq!(round(date(2023, 12, 14).at(23, 0, 0, 0), first), 1);
        assert_eq!(round(date(2023, 12, 15).at(10, 0, 0, 0), first), 2);
        assert_eq!(round(date(2023, 12, 15).at(10, 0, 0, 0), FirstCutoff::December15), 1);
        assert_eq!(round(date(2023, 12, 25).at(14, 59, 0, 0), first), 2);
        assert_eq!(round(date(2023, 12, 25).at(15, 1, 0, 0), first), 3);
        let next = Calendar::default().next(date(2024, 1, 12).at(9, 0, 0, 0));
        assert_eq!((next.round, next.at.date()), (4, date(2024, 1, 18)));
    }

    #[test]
    fn the_very_moment_is_in_time() {
        let first = FirstCutoff::December14;
        assert_eq!(round(date(2023, 12, 25).at(15, 0, 0, 0), first), 2);
        assert_eq!(round(date(2023, 12, 25).at(15, 0, 0, 1), first), 3);
        assert_eq!(round(date(2024, 1, 11).at(23, 59, 59, 0), first), 3);
    }

    #[test]
    fn weekly_cut_offs_go_on_without_gap() {
        let calendar = Calendar::default();
        let mut day = date(2024, 1, 12);
        let mut last = calendar.next(day.at(12, 0, 0, 0));
        for _ in 0..1200 {
            let next = calendar.next(day.at(12, 0, 0, 0));
            assert_eq!(next.at.date().weekday(), Weekday::Thursday);
            assert!(next.at.date() >= day && next.at.date() <= day.saturating_add(6.days()));
            assert!(next.round - last.round <= 1);
            last = next;
            day = day.tomorrow().unwrap();
        }
    }

    #[test]
    fn a_calendar_without_fixed_cut_offs_is_weekly() {
        let calendar = Calendar { fixed: vec![], ..Calendar::default() };
        assert_eq!(calendar.next(date(2026, 5, 1).at(0, 0, 0, 0)).at.date(), date(2026, 5, 7));
    }
}
