//! Time of day behind a date, as databases and spreadsheets write it: `1985-12-03 00:00:00`.
//!
//! Midnight without a time zone only fills a field of date and time and is no part of the date. Any other time shows that a clock was read
//! or that the date was shifted from another zone: midnight in Japan is 15:00 of the day before by universal time.

use super::doubt::Doubt;
use crate::compare::char_class::is_bar;
use crate::compare::unit::Unit;

/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// Time zone of Japan in minutes.
const JAPAN: i32 = 9 * 60;

/// Maximum number of characters of a date with a time; longer texts are none.
const MAX_CHARS: usize = 80;

/// Time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeOfDay {
    /// Minutes since midnight.
    minutes: i32,
    /// Whether the time is not exactly the start of the day.
    after_midnight: bool,
    /// Time zone in minutes.
    zone: Option<i32>,
}

impl TimeOfDay {
    /// Splits a time of day from the end of folded characters; `None` when they do not end with one.
    ///
    /// It begins behind a space, 日 or the letter T of ISO 8601, or behind eight of fourteen digits: a digit of a date never moves into it.
    pub(super) fn split(units: &[Unit]) -> Option<(&[Unit], Self)> {
        if units.len() > MAX_CHARS {
            return None;
        }
        let packed = units.len() == 14 && units.iter().all(|u| u.c.is_ascii_digit());
        (1..units.len()).find_map(|at| {
            let (before, here) = (&units[at - 1], &units[at]);
            let begins = here.spaced
                || before.c == '日'
                || (matches!(here.c, 'T' | 't') && before.c.is_ascii_digit())
                || here.c == '午'
                || (packed && at == 8);
            begins.then(|| Self::parse(&units[at..])).flatten().map(|time| (&units[..at], time))
        })
    }

    /// Returns why a date with this time may be another than the written one.
    pub(super) fn doubt(self) -> Option<Doubt> {
        match self.zone {
            Some(_) => Some(Doubt::Zone),
            None => self.after_midnight.then_some(Doubt::Time),
        }
    }

    /// Returns the number of days from the written date to the date in Japan. Without a zone it is the date of the nearest midnight, because
    /// a birth date has no time of its own.
    pub(super) fn days_to_japan(self) -> i32 {
        match self.zone {
            Some(zone) => (self.minutes - zone + JAPAN).div_euclid(DAY),
            None => i32::from(self.minutes >= DAY / 2),
        }
    }

    /// Parses folded characters as a time.
    fn parse(units: &[Unit]) -> Option<Self> {
        let mut text = String::with_capacity(units.len() * 2);
        for (at, unit) in units.iter().enumerate() {
            if unit.spaced && at > 0 {
                text.push(' ');
            }
            text.push(if is_bar(unit.c) { '-' } else { unit.c.to_ascii_uppercase() });
        }
        let mut rest = text.as_str();
        if let Some(behind) = rest.strip_prefix('T') {
            rest = behind;
        }
        let mut half = take_half(&mut rest);
        rest = rest.trim_start();
        let (hour, minute, mut after_midnight) = take_clock(&mut rest)?;
        rest = rest.trim_start();
        half = half.or_else(|| take_half(&mut rest));
        let hour = match half {
            None if hour <= 24 => hour,
            // Midnight is 12 AM, noon 12 PM.
            Some(half) if hour <= 12 => hour % 12 + half,
            _ => return None,
        };
        let zone = parse_zone(rest.trim_start())?;
        let minutes = hour * 60 + minute;
        after_midnight |= minutes > 0;
        Some(Self { minutes, after_midnight, zone })
    }
}

/// Takes the half of the day from the start of a text, as its first hour.
fn take_half(rest: &mut &str) -> Option<i32> {
    for (word, hour) in [("午前", 0), ("午後", 12), ("AM", 0), ("PM", 12), ("A.M.", 0), ("P.M.", 12)] {
        if let Some(behind) = rest.strip_prefix(word) {
            *rest = behind;
            return Some(hour);
        }
    }
    None
}

/// Takes hour and minute from the start of a text, and whether seconds or their fraction are not zero.
fn take_clock(rest: &mut &str) -> Option<(i32, i32, bool)> {
    let hours = take_digits(rest);
    let (hour, minute, second) = if let Some(behind) = rest.strip_prefix(':') {
        *rest = behind;
        let minutes = take_digits(rest);
        let mut seconds = "00";
        if let Some(behind) = rest.strip_prefix(':') {
            *rest = behind;
            seconds = take_digits(rest);
        }
        if minutes.len() != 2 || seconds.len() != 2 {
            return None;
        }
        (hours, minutes, seconds)
    } else if let Some(behind) = rest.strip_prefix('時') {
        *rest = behind;
        let minutes = take_counted(rest, '分')?;
        (hours, minutes, take_counted(rest, '秒')?)
    } else if hours.len() == 6 {
        (&hours[..2], &hours[2..4], &hours[4..])
    } else {
        return None;
    };
    let mut after_midnight = second.bytes().any(|b| b != b'0');
    if let Some(behind) = rest.strip_prefix(['.', ',', ':']) {
        *rest = behind;
        let fraction = take_digits(rest);
        if fraction.is_empty() || fraction.len() > 9 {
            return None;
        }
        after_midnight |= fraction.bytes().any(|b| b != b'0');
    }
    let number = |digits: &str, max: i32| {
        let number = (1..=2).contains(&digits.len()).then(|| digits.parse::<i32>().ok()).flatten();
        number.filter(|n| *n <= max)
    };
    number(second, 60)?;
    Some((number(hour, 24)?, number(minute, 59)?, after_midnight))
}

/// Takes digits from the start of a text.
fn take_digits<'t>(rest: &mut &'t str) -> &'t str {
    let (digits, behind) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
    *rest = behind;
    digits
}

/// Takes digits and their counter from the start of a text, 0 when there are none.
fn take_counted<'t>(rest: &mut &'t str, counter: char) -> Option<&'t str> {
    let digits = take_digits(rest);
    if digits.is_empty() {
        return Some("0");
    }
    *rest = rest.strip_prefix(counter)?;
    Some(digits)
}

/// Reads a time zone, `Some(None)` for an empty text.
fn parse_zone(text: &str) -> Option<Option<i32>> {
    let text = text.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(text);
    let minutes = match text {
        "" => return Some(None),
        "Z" | "UTC" | "GMT" => 0,
        "JST" | "ASIA/TOKYO" => JAPAN,
        _ => {
            let sign = if text.starts_with('-') { -1 } else { 1 };
            let digits: String = text.strip_prefix(['+', '-'])?.split(':').collect();
            let is_offset = matches!(digits.len(), 2 | 4 | 6) && digits.bytes().all(|b| b.is_ascii_digit());
            let number = |range| digits.get(range).map_or(Some(0), |digits: &str| digits.parse::<i32>().ok());
            let (hours, minutes) = (number(0..2)?, number(2..4)?);
            if !is_offset || hours > 18 || minutes > 59 {
                return None;
            }
            sign * (hours * 60 + minutes)
        }
    };
    Some(Some(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::unit;

    /// Returns the characters before the time, and the time.
    fn split(text: &str) -> Option<(String, TimeOfDay)> {
        let line = unit::line(text);
        TimeOfDay::split(&line.units).map(|(day, time)| (day.iter().map(|u| u.c).collect(), time))
    }

    #[test]
    fn midnight_is_no_part_of_a_date() {
        for time in [
            " 0:00",
            " 0:00:00",
            " 00:00:00",
            "T00:00:00",
            "t00:00",
            "T000000",
            " 000000",
            " 00:00:00.000",
            "T00:00:00.0000000",
            " 00:00:00,000",
            " 00:00:00:000",
            " 12:00:00 AM",
            " 12:00:00AM",
            "\u{202F}12:00:00\u{202F}am",
            " 0:00:00 AM",
            " 12:00 a.m.",
            " 午前0:00:00",
            " 午前 0:00:00",
            "午前12:00:00",
            " 0時0分0秒",
            " 00時00分",
            " 午前0時",
            "　０：００：００",
            "\t00:00:00",
        ] {
            let (day, found) = split(&format!("1985/12/03{time}")).unwrap_or_else(|| panic!("{time}"));
            assert_eq!((day.as_str(), found.doubt(), found.days_to_japan()), ("1985/12/03", None, 0), "{time}");
        }
        assert_eq!(split("19851203000000").map(|(day, time)| (day, time.doubt())), Some(("19851203".to_owned(), None)));
        assert_eq!(split("1985年12月3日0時0分").map(|(day, _)| day).as_deref(), Some("1985年12月3日"));
    }

    #[test]
    fn other_times_and_zones_leave_a_doubt() {
        for (time, doubt, days) in [
            (" 0:00:01", Doubt::Time, 0),
            (" 00:00:00.001", Doubt::Time, 0),
            (" 9:00:00", Doubt::Time, 0),
            (" 11:59:59", Doubt::Time, 0),
            (" 12:00:00", Doubt::Time, 1),
            (" 12:00:00 PM", Doubt::Time, 1),
            (" 15:00:00", Doubt::Time, 1),
            (" 3:00:00 PM", Doubt::Time, 1),
            (" 午後3:00:00", Doubt::Time, 1),
            (" 23:00:00", Doubt::Time, 1),
            (" 24:00:00", Doubt::Time, 1),
            ("T00:00:00Z", Doubt::Zone, 0),
            ("T15:00:00Z", Doubt::Zone, 1),
            ("T15:00:00.000Z", Doubt::Zone, 1),
            ("T14:59:59Z", Doubt::Zone, 0),
            (" 15:00:00 UTC", Doubt::Zone, 1),
            ("T00:00:00+09:00", Doubt::Zone, 0),
            (" 00:00:00+09", Doubt::Zone, 0),
            (" 00:00:00.0000000 +09:00", Doubt::Zone, 0),
            (" 00:00:00 JST", Doubt::Zone, 0),
            (" 00:00:00 Asia/Tokyo", Doubt::Zone, 0),
            ("T00:00:00[Asia/Tokyo]", Doubt::Zone, 0),
            ("T00:00:00+0000", Doubt::Zone, 0),
            (" 07:00:00-08:00", Doubt::Zone, 1),
            ("T00:00:00+10:00", Doubt::Zone, -1),
        ] {
            let (day, found) = split(&format!("1985-12-03{time}")).unwrap_or_else(|| panic!("{time}"));
            assert_eq!(
                (day.as_str(), found.doubt(), found.days_to_japan()),
                ("1985-12-03", Some(doubt), days),
                "{time}"
            );
        }
    }

    #[test]
    fn what_is_no_time_stays_with_the_date() {
        for text in [
            "1985/12/3",
            "1985/12/30:00:00",
            "1985/12/3 0",
            "1985/12/3 0:0:0",
            "1985/12/3 0000",
            "1985/12/3 25:00",
            "1985/12/3 0:60",
            "1985/12/3 13:00 AM",
            "1985/12/3 0:00:00 0",
            "1985/12/3 0:00:00 EST",
            "1985/12/3 0:00:00+99",
            "1985/12/3T",
            "1985/12/3 T",
            "1985/12/3 午前",
            "198512030000",
            "0:00:00",
            "",
        ] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
