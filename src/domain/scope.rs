//! Who is in scope (RULES §3): 総合判定 × and enrolled at 突合時点.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::record::column::Column;
use super::record::marks::Overall;
use super::record::row::Row;
use crate::compare::birth::parse_date;

/// 突合時点 when a row does not say: 2023-09-15 (手順書 1).
pub const DEFAULT_MATCHED_ON: Date = date(2023, 9, 15);

/// Where a record stands in the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// In item 1: it takes a category.
    Item1,
    /// 喪失対象外: × but lost before 突合時点.
    LostBefore,
    /// × but enrolled only after 突合時点.
    NotYetEnrolled,
    /// △, ○ or no readable 総合判定: no category.
    NotMismatch,
    /// The record no longer stands in the newest file.
    Vanished,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] = [Self::Item1, Self::LostBefore, Self::NotYetEnrolled, Self::NotMismatch, Self::Vanished];

    /// The Japanese wording.
    pub fn label(self) -> &'static str {
        match self {
            Self::Item1 => "確認対象",
            Self::LostBefore => "喪失対象外",
            Self::NotYetEnrolled => "取得前対象外",
            Self::NotMismatch => "対象外",
            Self::Vanished => "消滅",
        }
    }
}

/// What a date cell of a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateCell {
    /// Blank.
    Blank,
    /// A day of the calendar.
    Day(Date),
    /// Some parts are unknown (00), or the text is no date: it tells nothing about a day.
    Unknown,
}

impl DateCell {
    /// Reads every form of RULES §7, 和暦 included. An era given by its number names no day.
    pub fn read(text: &str) -> Self {
        if text.trim_matches([' ', '　']).is_empty() {
            return Self::Blank;
        }
        if is_era_number(text) {
            return Self::Unknown;
        }
        let day = parse_date(text).and_then(|parsed| {
            let (year, month, day) = parsed.date.full()?;
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        });
        day.map_or(Self::Unknown, Self::Day)
    }

    /// The day, if the cell names one.
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Blank | Self::Unknown => None,
        }
    }
}

/// Whether a date has seven digits: an era by its number and YYMMDD. Systems number the eras 1 to 5 or 1, 3, 5, 7 and 9, so
/// the text does not tell which one is meant.
pub fn is_era_number(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    let text = text.trim_matches([' ', '　']);
    text.chars().count() == 7 && text.chars().all(digit)
}

/// A date that could not be used and was counted as enrolled instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoubtfulDate(pub Column);

/// Decides where a row stands, with the dates that could not be read.
///
/// Enrolled on day D means 取得日 ≤ D < 喪失日; a blank 喪失日 is still enrolled, unknown dates count as enrolled
/// (RULES §3).
pub fn scope(overall: Overall, acquired: &str, lost: &str, matched_on: &str) -> (Scope, Vec<DoubtfulDate>) {
    let mut doubts = Vec::new();
    let mut read = |column, text| {
        let cell = DateCell::read(text);
        if cell == DateCell::Unknown {
            doubts.push(DoubtfulDate(column));
        }
        cell.day()
    };
    let day = read(Column::MatchedOn, matched_on).unwrap_or(DEFAULT_MATCHED_ON);
    let acquired = read(Column::Acquired, acquired);
    let lost = read(Column::Lost, lost);
    let scope = if overall != Overall::Mismatch {
        Scope::NotMismatch
    } else if lost.is_some_and(|lost| lost <= day) {
        Scope::LostBefore
    } else if acquired.is_some_and(|acquired| acquired > day) {
        Scope::NotYetEnrolled
    } else {
        Scope::Item1
    };
    (scope, doubts)
}

/// 突合時点 of a row.
pub fn matched_on(row: &Row) -> Date {
    DateCell::read(row.cell(Column::MatchedOn)).day().unwrap_or(DEFAULT_MATCHED_ON)
}

/// The 喪失日 of a row where it lies after 突合時点: category 2-1 stands open from that day.
pub fn lost_after(row: &Row) -> Option<Date> {
    DateCell::read(row.cell(Column::Lost)).day().filter(|&lost| lost > matched_on(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(acquired: &str, lost: &str) -> Scope {
        scope(Overall::Mismatch, acquired, lost, "20230915").0
    }

    #[test]
    fn the_edges_of_enrolment() {
        assert_eq!(of("20230915", ""), Scope::Item1);
        assert_eq!(of("20230916", ""), Scope::NotYetEnrolled);
        assert_eq!(of("20200401", "20230914"), Scope::LostBefore);
        assert_eq!(of("20200401", "20230915"), Scope::LostBefore);
        assert_eq!(of("20200401", "20230916"), Scope::Item1);
    }

    #[test]
    fn only_mismatch_is_in_scope() {
        for overall in [Overall::Match, Overall::Partial, Overall::Unreadable] {
            assert_eq!(scope(overall, "", "", "").0, Scope::NotMismatch);
        }
    }

    #[test]
    fn unknown_dates_count_as_enrolled_with_a_warning() {
        // 5050915 is 令和5 in one table of era numbers and 昭和5 in the other.
        for unknown in ["20230000", "20230900", "不明", "1.2E+07", "5050915", "５０５０９１５"] {
            let (scope, doubts) = scope(Overall::Mismatch, unknown, unknown, "20230915");
            assert_eq!(scope, Scope::Item1, "{unknown}");
            assert_eq!(doubts, [DoubtfulDate(Column::Acquired), DoubtfulDate(Column::Lost)], "{unknown}");
        }
    }

    #[test]
    fn every_form_of_a_date_is_read() {
        for lost in ["2023/09/15", "2023-09-15", "令和5年9月15日", "R05.09.15", "２０２３０９１５"] {
            assert_eq!(of("H30.04.01", lost), Scope::LostBefore, "{lost}");
        }
    }

    #[test]
    fn the_day_of_the_match_defaults() {
        assert_eq!(scope(Overall::Mismatch, "", "20230915", "").0, Scope::LostBefore);
        assert_eq!(scope(Overall::Mismatch, "", "20230915", "20230914").0, Scope::Item1);
    }
}
