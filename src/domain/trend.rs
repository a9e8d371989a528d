//! How the work goes: decisions per hour and day, what the rate of late means for the end dates, what has been waiting.
//!
//! Everything is read from counters of the cases as they stand now; a decision that was taken back counts no longer.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Cutoff};
use super::counter::{Counter, Counts};

/// Hours that are counted one by one.
pub const HOURS: usize = 96;

/// Days that are counted one by one.
pub const DAYS: usize = 28;

/// Days whose decisions make the rate of late.
const LATE: usize = 7;

/// What has been waiting since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ageing {
    /// Waiting since at most 7, 14, 28 days, and longer.
    pub since: [u64; 4],
    /// Past the day it was to be looked at again.
    pub overdue: u64,
    /// To be looked at today or within three days.
    pub soon: u64,
    /// Days that the oldest has waited.
    pub oldest: u64,
}

impl Ageing {
    /// The words for [`Ageing::since`].
    pub const LABELS: [&'static str; 4] = ["7日以内", "8〜14日", "15〜28日", "29日以上"];

    /// How many wait.
    pub fn total(&self) -> u64 {
        self.since.iter().sum()
    }

    fn add_since(&mut self, since: Option<Date>, today: Date, n: u64) {
        let days = since.map_or(0, |since| u64::try_from(days_between(since, today)).unwrap_or(0));
        let place = [7, 14, 28].iter().filter(|limit| days > **limit).count();
        self.since[place] += n;
        self.oldest = self.oldest.max(days);
    }

    fn add_due(&mut self, due: Date, today: Date, n: u64) {
        match days_between(today, due) {
            left if left < 0 => self.overdue += n,
            left if left <= 3 => self.soon += n,
            _ => {}
        }
    }
}

/// Days from one day to another, negative when it lies before.
fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// How the work goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    /// When it was counted, Japanese time.
    pub now: DateTime,
    /// Decisions of each hour; the last is the hour of `now`.
    pub hours: Vec<u32>,
    /// Decisions of each day; the last is today.
    pub days: Vec<u32>,
    /// 保留 (確認中) and 事業主照会中.
    pub holds: Ageing,
    /// Letters without an answer.
    pub letters: Ageing,
}

impl Trend {
    /// Reads the counters as they look at a time of Japan.
    pub fn of(counts: &Counts, now: DateTime) -> Self {
        let (holds, letters) = (Ageing::default(), Ageing::default());
        let mut trend = Self { now, hours: vec![0; HOURS], days: vec![0; DAYS], holds, letters };
        let today = now.date();
        for (counter, n) in counts.counted() {
            match counter {
                Counter::Decided(hour) => trend.add_decided(*hour, u32::try_from(n).unwrap_or(u32::MAX)),
                Counter::HeldSince(since) => trend.holds.add_since(*since, today, n),
                Counter::HeldUntil(until) => trend.holds.add_due(*until, today, n),
                Counter::LetterSent(sent) => trend.letters.add_since(*sent, today, n),
                Counter::LetterDue(due) => trend.letters.add_due(*due, today, n),
                Counter::State(..)
                | Counter::Reported
                | Counter::Unreported
                | Counter::Changed
                | Counter::OutOfScope
                | Counter::Operator(_) => {}
            }
        }
        trend
    }

    fn add_decided(&mut self, at: DateTime, n: u32) {
        let days = days_between(at.date(), self.now.date());
        if let Some(place) = usize::try_from(days).ok().and_then(|days| (DAYS - 1).checked_sub(days)) {
            self.days[place] += n;
        }
        let hours = 24 * days + i64::from(self.now.hour()) - i64::from(at.hour());
        if let Some(place) = usize::try_from(hours).ok().and_then(|hours| (HOURS - 1).checked_sub(hours)) {
            self.hours[place] += n;
        }
    }

    /// Decisions a day of late: of the last seven days from the first with a decision on; 0 when there is none.
    pub fn per_day(&self) -> f64 {
        let late = &self.days[DAYS - LATE..];
        let Some(first) = late.iter().position(|count| *count > 0) else { return 0.0 };
        f64::from(late.iter().sum::<u32>()) / (LATE - first) as f64
    }

    /// Decisions in an hour of work of late: hours without any are left out.
    pub fn per_hour(&self) -> f64 {
        let worked: Vec<u32> = self.hours.iter().copied().filter(|count| *count > 0).collect();
        if worked.is_empty() { 0.0 } else { f64::from(worked.iter().sum::<u32>()) / worked.len() as f64 }
    }

    /// What the rate of late means for what remains.
    pub fn forecast(&self, remaining: u64, calendar: &Calendar) -> Forecast {
        let today = self.now.date();
        let cutoff = calendar.next(self.now);
        let per_day = self.per_day();
        let done_on = if remaining == 0 {
            Some(today)
        } else if per_day > 0.0 {
            // Further away than a lifetime is as good as never.
            let days = (remaining as f64 / per_day).ceil().min(36_500.0) as i64;
            Some(today.saturating_add(days.days()))
        } else {
            None
        };
        let outlook = |day: Date| {
            let left = days_between(today, day);
            let done = (per_day * left.max(0) as f64).floor() as u64;
            Outlook { day, days_left: left, short: remaining.saturating_sub(done) }
        };
        Forecast {
            cutoff,
            at_cutoff: outlook(cutoff.at.date()),
            release_by: outlook(calendar.release_by),
            finish_by: outlook(calendar.finish_by),
            done_on,
            remaining,
        }
    }
}

/// What is to be expected on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// The day.
    pub day: Date,
    /// Days until then; negative when it has passed.
    pub days_left: i64,
    /// Records that will still be open then.
    pub short: u64,
}

impl Outlook {
    /// Records a day that would be enough.
    pub fn needed(&self, remaining: u64) -> Option<u64> {
        let days = u64::try_from(self.days_left).ok().filter(|days| *days > 0)?;
        Some(remaining.div_ceil(days))
    }
}

/// What the rate of late means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// The next cut-off.
    pub cutoff: Cutoff,
    /// What will be open then.
    pub at_cutoff: Outlook,
    /// Everything is to be released by this day (RULES §8: end of February).
    pub release_by: Outlook,
    /// Everything is to be finished by this day (31 March).
    pub finish_by: Outlook,
    /// When nothing will be open any more; `None` when nothing is being decided.
    pub done_on: Option<Date>,
    /// Open now.
    pub remaining: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::{Case, Letter, State};
    use crate::domain::category::Category;
    use crate::domain::record::{Facts, Marks, Overall};
    use crate::domain::scope::Scope;
    use crate::domain::suspension::Class;
    use jiff::civil::date;

    fn decided(at: &str, category: Category) -> Case {
        Case { state: State::Decided(category), decided_at: Some(at.parse().unwrap()), ..Case::default() }
    }

    fn trend(cases: &[Case]) -> Trend {
        let (marks, scope) = (Marks::all_match(), Scope::Item1);
        let (class, overall, dangers, protected) = (Class::One, Overall::Mismatch, Default::default(), false);
        let facts = Facts { class, overall, marks, scope, dangers, protected };
        let mut counts = Counts::default();
        cases.iter().for_each(|case| counts.add(&facts, case));
        Trend::of(&counts, date(2023, 12, 11).at(10, 30, 0, 0))
    }

    #[test]
    fn decisions_stand_in_their_hour_and_day() {
        // 10:05, 09:59 and the day before at 10:00, all in Japanese time.
        let at = ["2023-12-11T01:05:00Z", "2023-12-11T00:59:00Z", "2023-12-10T01:00:00Z", "2023-01-01T00:00:00Z"];
        let mut cases = at.map(|at| decided(at, Category::C23)).to_vec();
        let before = trend(&cases);
        let last = HOURS - 1;
        assert_eq!((before.hours[last], before.hours[last - 1], before.hours[last - 24]), (1, 1, 1));
        assert_eq!((before.days[DAYS - 1], before.days[DAYS - 2]), (2, 1));
        assert_eq!(before.hours.iter().sum::<u32>(), 3);
        // A clock that went back must not count into the future.
        cases.push(decided("2023-12-12T01:00:00Z", Category::C23));
        assert_eq!(trend(&cases), before);
    }

    #[test]
    fn the_rate_begins_with_the_first_day_of_work() {
        assert_eq!(trend(&[]).per_day(), 0.0);
        let trend = trend(&vec![decided("2023-12-10T01:00:00Z", Category::C23); 30]);
        assert_eq!(trend.per_day(), 15.0);
        assert_eq!(trend.per_hour(), 30.0);
        let forecast = trend.forecast(45, &Calendar::default());
        assert_eq!(forecast.done_on, Some(date(2023, 12, 14)));
        assert_eq!((forecast.at_cutoff.day, forecast.at_cutoff.short), (date(2023, 12, 14), 0));
        assert_eq!(trend.forecast(46, &Calendar::default()).at_cutoff.short, 1);
        assert_eq!(forecast.release_by.day, date(2024, 2, 29));
        assert_eq!(forecast.finish_by.needed(1110), Some(10));
    }

    #[test]
    fn nothing_decided_means_no_day() {
        let forecast = trend(&[]).forecast(5, &Calendar::default());
        assert_eq!((forecast.done_on, forecast.finish_by.short), (None, 5));
        assert_eq!(trend(&[]).forecast(0, &Calendar::default()).done_on, Some(date(2023, 12, 11)));
        let late = Trend::of(&Counts::default(), date(2026, 1, 1).at(0, 0, 0, 0)).forecast(5, &Calendar::default());
        assert!(late.finish_by.days_left < 0);
        assert_eq!(late.finish_by.needed(5), None);
    }

    #[test]
    fn what_waits_is_counted_by_age() {
        let sent = |sent, due| {
            let letter = Some(Letter { sent: Some(sent), due: Some(due), ..Letter::default() });
            Case { letter, ..decided("2023-12-04T00:00:00Z", Category::C42) }
        };
        let trend = trend(&[
            sent(date(2023, 12, 4), date(2023, 12, 18)),
            sent(date(2023, 12, 3), date(2023, 12, 14)),
            sent(date(2023, 11, 1), date(2023, 12, 10)),
            Case { state: State::Pending, ..Case::default() },
        ]);
        assert_eq!(trend.letters, Ageing { since: [1, 1, 0, 1], overdue: 1, soon: 1, oldest: 40 });
        assert_eq!((trend.holds.total(), trend.letters.total()), (1, 3));
    }
}
