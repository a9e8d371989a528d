//! Reading of dates in every notation of RULES §7.

use super::date::{PartialDate, days_in};
use super::doubt::Doubt;
use super::era::{Era, EraCode};
use super::time_of_day::TimeOfDay;
use crate::compare::char_class::is_bar;
use crate::compare::numeral::{is_kanji_digit, kanji_number};
use crate::compare::unit::{self, Unit};

/// Date with the doubts about its notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParsedDate {
    /// Date.
    pub date: PartialDate,
    /// Era of the notation.
    pub era: Option<Era>,
    /// Whether the notation is doubtful: an era outside its time or given by a number, a space inside a number, a time of day other than
    /// midnight or with a zone, or a day of the lunar calendar, whose months are not those of the common era.
    pub doubtful: bool,
}

/// Reads a date in any form of RULES §7: `YYYYMMDD`, `YYYY-MM-DD`, `YYYY/MM/DD`, `YYYY.M.D`, `YYYY年M月D日`, 和暦 with names, letters or
/// numbers of eras; each also with a time of day.
///
/// Parts written 00 are unknown. `None` for anything else, for a date that does not exist, and for a text that may mean several dates.
pub fn parse_date(text: &str) -> Option<ParsedDate> {
    let only = match common_date(text) {
        Some(common) => common?,
        None => match readings(text).as_slice() {
            [only] => *only,
            _ => return None,
        },
    };
    Some(ParsedDate { date: only.date, era: only.era, doubtful: only.doubt.is_some() })
}

/// One date that a text may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reading {
    /// Date.
    pub(super) date: PartialDate,
    /// Era of the notation.
    pub(super) era: Option<Era>,
    /// The gravest doubt about the notation.
    pub(super) doubt: Option<Doubt>,
}

/// Returns the dates that a text may mean, the likeliest first; none when it is no date.
///
/// There are several where a number stands for two eras (3100203 is 大正10年 or 昭和10年), and where a time of day shows that the date was
/// shifted from another time zone.
pub(super) fn readings(text: &str) -> Vec<Reading> {
    if let Some(common) = common_date(text) {
        return common.into_iter().collect();
    }
    let line = unit::line(text);
    let whole = day_readings(&line.units);
    if !whole.is_empty() {
        return whole;
    }
    let Some((day, time)) = TimeOfDay::split(&line.units) else { return whole };
    let mut found = day_readings(day);
    if let Some(doubt) = time.doubt() {
        let shift =
            |reading: &Reading| reading.date.days_later(time.days_to_japan()).map(|date| Reading { date, ..*reading });
        let shifted: Vec<Reading> = found.iter().filter_map(shift).filter(|reading| !found.contains(reading)).collect();
        found.extend(shifted);
        for reading in &mut found {
            // What an era code may mean weighs more than one day.
            if !matches!(reading.doubt, Some(Doubt::Code(_))) {
                reading.doubt = Some(doubt);
            }
        }
    }
    found
}

/// Reads the notation of nearly every file, which needs no folding; `None` for any other, `Some(None)` when there is no such date.
fn common_date(text: &str) -> Option<Option<Reading>> {
    (text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())).then(|| full_date(text))
}

/// Reads eight digits.
fn full_date(digits: &str) -> Option<Reading> {
    date_of(None, (number(&digits[..4])?, number(&digits[4..6])?, number(&digits[6..])?), None)
}

/// Returns the dates that folded characters without a time of day may mean.
fn day_readings(units: &[Unit]) -> Vec<Reading> {
    let folded: String = units.iter().map(|u| u.c.to_ascii_uppercase()).collect();
    let (era, rest) = split_era(&folded);
    // 1985/1 2/3 may be the 12th month or incomplete; spaces among eight digits are harmless.
    let is_numeral = |at: usize| units.get(at).is_some_and(|u| u.c.is_ascii_digit() || is_kanji_digit(u.c));
    let apart = (1..units.len()).any(|at| units[at].spaced && is_numeral(at - 1) && is_numeral(at));
    let doubt_of_parts = apart.then_some(Doubt::DigitsApart);
    let one = |reading: Option<Reading>| reading.into_iter().collect();
    match (split_numbers(rest), era) {
        (Some(DateNumbers::Packed(digits)), None) => match digits.len() {
            8 => one(full_date(&digits)),
            7 => coded(&digits[..1], &digits[1..]),
            _ => Vec::new(),
        },
        (Some(DateNumbers::Packed(digits)), Some(_)) if digits.len() == 6 => one(era_date(era, &digits, None)),
        (Some(DateNumbers::Packed(_)), Some(_)) => Vec::new(),
        (Some(DateNumbers::Parts(parts)), None) if parts.0 < 1000 => Vec::new(),
        (Some(DateNumbers::Parts(parts)), _) => one(date_of(era, parts, doubt_of_parts)),
        // 3-60-02-03: the number of an era, separated.
        (None, None) => match rest.split_once(|c| matches!(c, '/' | '.' | ',' | '・') || is_bar(c)) {
            Some((code, rest)) => coded(code, rest),
            None => Vec::new(),
        },
        (None, Some(_)) => Vec::new(),
    }
}

/// Returns the dates of a year, month and day behind the number of an era: those inside an era that it may stand for, else any.
fn coded(code: &str, rest: &str) -> Vec<Reading> {
    let mut digits = code.chars();
    let (Some(digit), None) = (digits.next(), digits.next()) else { return Vec::new() };
    let read = |code: EraCode| {
        let doubt = Some(Doubt::Code(code));
        match split_numbers(rest)? {
            DateNumbers::Packed(digits) if digits.len() == 6 => era_date(Some(code.era), &digits, doubt),
            DateNumbers::Packed(_) => None,
            DateNumbers::Parts(parts) => date_of(Some(code.era), parts, doubt),
        }
        .map(|reading| (code, reading))
    };
    let all: Vec<(EraCode, Reading)> = EraCode::of(digit).filter_map(read).collect();
    let is_certain = all.iter().any(|(code, reading)| code.fits(reading.date));
    all.into_iter().filter(|(code, found)| !is_certain || code.fits(found.date)).map(|(_, found)| found).collect()
}

/// Reads six digits behind an era.
fn era_date(era: Option<Era>, digits: &str, doubt: Option<Doubt>) -> Option<Reading> {
    date_of(era, (number(&digits[..2])?, number(&digits[2..4])?, number(&digits[4..])?), doubt)
}

/// First year of the common calendar in Japan. Until 明治5年12月2日 (1872-12-31) a lunar calendar was used, so the day that the numbers of an
/// earlier date name depends on the calendar.
const COMMON_CALENDAR_YEAR: i16 = 1873;

/// Returns the date of an era and three numbers; `None` when it does not exist.
fn date_of(era: Option<Era>, (year, month, day): (u32, u32, u32), doubt: Option<Doubt>) -> Option<Reading> {
    let year = match era {
        Some(era) if (1..=99).contains(&year) => era.offset() + i16::try_from(year).ok()?,
        None if (1800..=2200).contains(&year) => i16::try_from(year).ok()?,
        _ => return None,
    };
    let date = PartialDate { year, month: known_part(month, 12)?, day: known_part(day, 31)? };
    if date.month.is_none() && date.day.is_some() {
        return None;
    }
    if let Some((y, m, d)) = date.full()
        && d > days_in(y, m)
    {
        return None;
    }
    let outside = || era.is_some_and(|era| !era.contains(date)).then_some(Doubt::OutsideEra);
    let lunar = || (date.year < COMMON_CALENDAR_YEAR).then_some(Doubt::Lunar);
    Some(Reading { date, era, doubt: doubt.or_else(lunar).or_else(outside) })
}

/// Year, month and day before they are interpreted.
enum DateNumbers {
    /// Digits without separators.
    Packed(String),
    /// Three numbers.
    Parts((u32, u32, u32)),
}

/// Splits the era from the start of a folded text.
fn split_era(text: &str) -> (Option<Era>, &str) {
    const WORDS: [(&str, Era); 20] = [
        ("明治", Era::Meiji),
        ("大正", Era::Taisho),
        ("昭和", Era::Showa),
        ("平成", Era::Heisei),
        ("令和", Era::Reiwa),
        ("㍾", Era::Meiji),
        ("㍽", Era::Taisho),
        ("㍼", Era::Showa),
        ("㍻", Era::Heisei),
        ("㋿", Era::Reiwa),
        ("明", Era::Meiji),
        ("大", Era::Taisho),
        ("昭", Era::Showa),
        ("平", Era::Heisei),
        ("令", Era::Reiwa),
        ("M", Era::Meiji),
        ("T", Era::Taisho),
        ("S", Era::Showa),
        ("H", Era::Heisei),
        ("R", Era::Reiwa),
    ];
    for (word, era) in WORDS {
        if let Some(rest) = text.strip_prefix(word) {
            return (Some(era), rest.trim_start_matches(['.', ',']));
        }
    }
    (None, text.strip_prefix("西暦").unwrap_or(text))
}

/// Splits the text behind the era into numbers.
fn split_numbers(text: &str) -> Option<DateNumbers> {
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        return Some(DateNumbers::Packed(text.to_owned()));
    }
    let mut parts = [0u32; 3];
    let mut rest = text;
    for (at, part) in parts.iter_mut().enumerate() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && !is_kanji_digit(c) && c != '元').unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(end);
        *part = if at == 0 && digits == "元" { 1 } else { read_number(digits)? };
        let mut chars = tail.chars();
        rest = match (at, chars.next()) {
            (0, Some('年')) | (1, Some('月')) => chars.as_str(),
            (2, Some('日')) | (2, None) => chars.as_str(),
            (0 | 1, Some('/' | '.' | ',' | '・')) => chars.as_str(),
            (0 | 1, Some(c)) if is_bar(c) => chars.as_str(),
            _ => return None,
        };
    }
    let rest = rest.strip_suffix("生").unwrap_or(rest);
    rest.is_empty().then_some(DateNumbers::Parts((parts[0], parts[1], parts[2])))
}

/// Parses digits or kanji numerals of at most four digits.
fn read_number(digits: &str) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    if digits.chars().all(|c| c.is_ascii_digit()) {
        return (digits.len() <= 4).then(|| number(digits)).flatten();
    }
    kanji_number(digits.chars()).and_then(|n| u32::try_from(n).ok()).filter(|n| *n < 10_000)
}

fn number(digits: &str) -> Option<u32> {
    digits.parse().ok()
}

/// Returns a month or day, `Some(None)` for 00 (不詳), `None` above the maximum.
fn known_part(part: u32, max: u8) -> Option<Option<u8>> {
    match u8::try_from(part) {
        Ok(0) => Some(None),
        Ok(n) if n <= max => Some(Some(n)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form() {
        let known = |y, m, d| Some(PartialDate { year: y, month: Some(m), day: Some(d) });
        for (text, date) in [
            ("19851203", known(1985, 12, 3)),
            ("１９８５１２０３", known(1985, 12, 3)),
            ("1985-12-03", known(1985, 12, 3)),
            ("1985/12/3", known(1985, 12, 3)),
            ("1985.12.3", known(1985, 12, 3)),
            ("1985年12月3日", known(1985, 12, 3)),
            ("昭和60年12月3日", known(1985, 12, 3)),
            ("昭和六十年十二月三日生", known(1985, 12, 3)),
            ("S60.12.3", known(1985, 12, 3)),
            ("s601203", known(1985, 12, 3)),
            ("㍼60年12月3日", known(1985, 12, 3)),
            ("昭60-12-3", known(1985, 12, 3)),
            ("令和元年5月1日", known(2019, 5, 1)),
            ("20000229", known(2000, 2, 29)),
            ("5601203", known(1985, 12, 3)),
            ("19000229", None),
            ("19851301", None),
            ("19850432", None),
            ("851203", None),
            ("85/12/3", None),
            ("19850003", None),
            ("不詳", None),
            ("1985/12", None),
            ("3600203", known(1985, 2, 3)),
            ("3-60-02-03", known(1985, 2, 3)),
            ("2150203", known(1926, 2, 3)),
            ("4300203", known(2018, 2, 3)),
            ("9020203", known(2020, 2, 3)),
            ("3100203", None),
            ("6100203", None),
            ("3600230", None),
            ("S600203", known(1985, 2, 3)),
            ("S60/02/03", known(1985, 2, 3)),
            ("31384", None),
        ] {
            assert_eq!(parse_date(text).map(|p| p.date), date, "{text}");
        }
        let unknown = parse_date("19850000").map(|p| p.date);
        assert_eq!(unknown, Some(PartialDate { year: 1985, month: None, day: None }));
        assert_eq!(parse_date("19851200").and_then(|p| p.date.day), None);
    }

    #[test]
    fn knows_where_eras_end() {
        for (text, doubtful) in [
            ("明治45年7月30日", false),
            ("明治45年7月31日", true),
            ("大正元年7月29日", true),
            ("大正15年12月25日", false),
            ("大正15年12月26日", true),
            ("昭和元年12月25日", false),
            ("昭和64年1月7日", false),
            ("昭和64年1月8日", true),
            ("平成元年1月7日", true),
            ("平成31年4月30日", false),
            ("平成31年5月1日", true),
            ("令和元年5月1日", false),
            ("令和元年4月30日", true),
            ("昭和64年0月0日", false),
            ("5601203", true),
        ] {
            assert_eq!(parse_date(text).map(|p| p.doubtful), Some(doubtful), "{text}");
        }
    }
}
