//! Calendar dates for a sample: random days, their notations in a file, and near misses.

use super::random::Random;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// 突合時点 of the whole file (RULES §3).
pub(super) const AS_OF: Date = Date::new(2023, 9, 15);

const ERAS: [(&str, &str, Date); 5] = [
    ("令和", "R", Date::new(2019, 5, 1)),
    ("平成", "H", Date::new(1989, 1, 8)),
    ("昭和", "S", Date::new(1926, 12, 25)),
    ("大正", "T", Date::new(1912, 7, 30)),
    ("明治", "M", Date::new(1868, 1, 25)),
];

impl Date {
    pub(super) const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }

    /// Returns a random day from `first` to `last`, both included.
    pub(super) fn random(random: &mut Random, first: Self, last: Self) -> Self {
        loop {
            let year = random.between(first.year.into(), last.year.into()) as u16;
            let month = random.between(1, 12) as u8;
            let day = random.between(1, days_in(year, month).into()) as u8;
            let date = Self { year, month, day };
            if (first..=last).contains(&date) {
                return date;
            }
            if first >= last {
                return first;
            }
        }
    }

    /// Returns the date; `None` when there is no such day.
    pub(super) fn checked(year: u16, month: u8, day: u8) -> Option<Self> {
        ((1..=12).contains(&month) && day >= 1 && day <= days_in(year, month)).then_some(Self { year, month, day })
    }

    /// Formats the date as `19851203`.
    pub(super) fn digits(self) -> String {
        let Self { year, month, day } = self;
        let mut text = String::with_capacity(8);
        for (value, scale) in [(u32::from(year), 1000), (month.into(), 10), (day.into(), 10)] {
            let mut scale = scale;
            while scale > 0 {
                text.push(char::from(b'0' + (value / scale % 10) as u8));
                scale /= 10;
            }
        }
        text
    }

    /// Formats the date in another notation: 0 `昭和60年12月3日`, 1 `S60.12.3`, 2 `1985/12/03`, 3 `1985-12-03`.
    pub(super) fn in_form(self, form: u32) -> String {
        let Self { year, month, day } = self;
        let (kanji, letter, start) = ERAS.into_iter().find(|era| self >= era.2).unwrap_or(ERAS[4]);
        let era_year = year - start.year + 1;
        match form {
            0 if era_year == 1 => format!("{kanji}元年{month}月{day}日"),
            0 => format!("{kanji}{era_year}年{month}月{day}日"),
            1 => format!("{letter}{era_year}.{month}.{day}"),
            2 => format!("{year:04}/{month:02}/{day:02}"),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        }
    }

    /// Returns a date with one wrong digit of the day.
    pub(super) fn one_digit_off(self, random: &mut Random) -> Self {
        let (tens, ones) = (self.day / 10, self.day % 10);
        loop {
            // In the last days of a month there may be no other last digit, but always another first one.
            let digit = random.between(0, 9) as u8;
            let day = if tens == 3 { digit % 3 * 10 + ones } else { tens * 10 + digit };
            if let Some(date) = Self::checked(self.year, self.month, day)
                && date != self
            {
                return date;
            }
        }
    }

    /// Returns the date with the digits of the day transposed; `None` where that is no other day.
    pub(super) fn transposed(self) -> Option<Self> {
        let day = self.day % 10 * 10 + self.day / 10;
        Self::checked(self.year, self.month, day).filter(|&date| date != self)
    }

    /// Returns the date with month and day exchanged; `None` where that is no other day.
    pub(super) fn month_day_swapped(self) -> Option<Self> {
        Self::checked(self.year, self.day, self.month).filter(|&date| date != self)
    }

    /// Returns the date with its year counted in the neighbouring era (昭和60 for 平成60); `None` where it lies in the
    /// future.
    pub(super) fn era_slip(self) -> Option<Self> {
        let year = if self >= ERAS[1].2 { self.year - 63 } else { self.year + 63 };
        Self::checked(year, self.month, self.day).filter(|&date| date < AS_OF)
    }

    /// Returns the date with the year one too low or too high.
    pub(super) fn year_off(self, random: &mut Random) -> Self {
        let year = if random.chance(500) || self.year >= 2023 { self.year - 1 } else { self.year + 1 };
        Self::checked(year, self.month, self.day).unwrap_or(Self { year, day: self.day - 1, ..self })
    }

    /// Returns the code of the difference of two birth dates: D2 for the year off by one, D1 for one digit, else DX.
    pub(super) fn difference(self, other: Self) -> &'static str {
        let same_day = (self.month, self.day) == (other.month, other.day);
        let off = self.digits().chars().zip(other.digits().chars()).filter(|(a, b)| a != b).count();
        match off {
            _ if same_day && self.year.abs_diff(other.year) == 1 => "D2",
            1 => "D1",
            _ => "DX",
        }
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_day() {
        let day = Date::new(1985, 12, 3);
        assert_eq!(day.digits(), "19851203");
        let forms: Vec<_> = (0..4).map(|form| day.in_form(form)).collect();
        assert_eq!(forms, ["昭和60年12月3日", "S60.12.3", "1985/12/03", "1985-12-03"]);
        assert_eq!(Date::new(2019, 5, 1).in_form(0), "令和元年5月1日");
        assert_eq!(Date::new(1989, 1, 7).in_form(1), "S64.1.7");
    }

    #[test]
    fn near_misses_are_days_of_the_calendar_and_differ() {
        let mut random = Random::new(1);
        for _ in 0..5_000 {
            let day = Date::random(&mut random, Date::new(1930, 1, 1), AS_OF);
            let near = [
                Some(day.one_digit_off(&mut random)),
                day.transposed(),
                day.month_day_swapped(),
                day.era_slip(),
                Some(day.year_off(&mut random)),
            ];
            for other in near.into_iter().flatten() {
                assert!(Date::checked(other.year, other.month, other.day).is_some(), "{other:?}");
                assert_ne!(day, other);
            }
        }
    }

    #[test]
    fn differences_have_names() {
        let day = Date::new(1985, 12, 3);
        assert_eq!(day.difference(Date::new(1985, 12, 1)), "D1");
        assert_eq!(day.difference(Date::new(1986, 12, 3)), "D2");
        assert_eq!(day.difference(Date::new(1970, 2, 11)), "DX");
    }
}
