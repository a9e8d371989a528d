//! A cell of a table: a typed value, and its text in a CSV file.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::compare::visible;
use crate::domain::calendar::japan_time;
use crate::domain::formula::guard;
use crate::domain::original_codes::OriginalCodes;

/// The value of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// An identifier, whose leading zeros count: 整理番号, 保険者番号.
    Code(String),
    /// Text of an imported file, with the CP932 bytes that some of its characters had there.
    Original(Box<(String, OriginalCodes)>),
    /// A count or a number that was given in order.
    Number(u64),
    /// A day.
    Date(Date, DateForm),
    /// A day with a time of day, in Japanese time.
    DateTime(DateTime, DateForm),
    /// A moment, written in Japanese time to the second.
    Moment(Timestamp),
}

impl Cell {
    /// An identifier.
    pub fn code(text: impl Into<String>) -> Self {
        Self::Code(text.into())
    }

    /// Text of an imported file, with the bytes that some of its characters had.
    pub fn original(text: String, twins: OriginalCodes) -> Self {
        if twins.is_empty() { Self::Text(text) } else { Self::Original(Box::new((text, twins))) }
    }

    /// The text as it stands in a file, without a guard.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Code(text) => Cow::Borrowed(text),
            Self::Original(original) => Cow::Borrowed(&original.0),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Date(date, form) => Cow::Owned(form.write(*date)),
            Self::DateTime(at, form) => Cow::Owned(format!("{} {}", form.write(at.date()), at.strftime("%H:%M"))),
            Self::Moment(at) => Cow::Owned(japan_time(*at).strftime("%Y-%m-%d %H:%M:%S").to_string()),
        }
    }

    /// The text with a guard where a spreadsheet would run it as a formula. Numbers and dates never need one.
    pub fn guarded(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Code(text) => guard(text),
            Self::Original(original) => guard(&original.0),
            Self::Empty | Self::Number(_) | Self::Date(..) | Self::DateTime(..) | Self::Moment(_) => self.text(),
        }
    }

    /// The bytes that some of its characters had in their file.
    pub fn twins(&self) -> Option<&OriginalCodes> {
        match self {
            Self::Original(original) => Some(&original.1),
            _ => None,
        }
    }

    /// Whether its text is empty.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The cell with whatever cannot be seen spelt out, for a terminal.
    pub fn shown(self) -> Self {
        match self {
            Self::Text(text) | Self::Code(text) => Self::Text(visible(&text).into_owned()),
            Self::Original(original) => Self::Text(visible(&original.0).into_owned()),
            other => other,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

/// How a date is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateForm {
    /// 2023-12-14
    #[default]
    Dashes,
    /// 2023/12/14
    Slashes,
    /// 20231214
    Digits,
}

impl DateForm {
    /// The words of `date = "…"` in a template with their forms.
    pub(super) const WORDS: [(&'static str, Self); 3] =
        [("YYYY-MM-DD", Self::Dashes), ("YYYY/MM/DD", Self::Slashes), ("YYYYMMDD", Self::Digits)];

    /// Writes a date.
    pub fn write(self, date: Date) -> String {
        let form = match self {
            Self::Dashes => "%Y-%m-%d",
            Self::Slashes => "%Y/%m/%d",
            Self::Digits => "%Y%m%d",
        };
        date.strftime(form).to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_value_has_its_text() {
        let mut twins = OriginalCodes::default();
        twins.push(0, [0xEE, 0xE0]);
        let day = date(2023, 12, 4);
        for (cell, text) in [
            (Cell::Empty, ""),
            (Cell::from("=1"), "'=1"),
            (Cell::code("=1"), "'=1"),
            (Cell::original("=髙".into(), twins.clone()), "'=髙"),
            (Cell::from(7u64), "7"),
            (Cell::Date(day, DateForm::Digits), "20231204"),
            (Cell::DateTime(day.at(9, 5, 0, 0), DateForm::Slashes), "2023/12/04 09:05"),
            (Cell::Moment("2023-12-14T00:30:00Z".parse().unwrap()), "2023-12-14 09:30:00"),
        ] {
            assert_eq!(cell.guarded(), text);
            assert_eq!(guard(&cell.text()), text, "a cell without a guard needs none");
        }
        assert_eq!(Cell::original("髙".into(), OriginalCodes::default()), Cell::from("髙"));
        assert_eq!(Cell::original("髙\u{200B}".into(), twins).shown(), Cell::from("髙‹U+200B›"));
    }

    #[test]
    fn dates_in_three_forms() {
        let date = date(2023, 12, 4);
        let written: Vec<_> = DateForm::WORDS.iter().map(|(_, form)| form.write(date)).collect();
        assert_eq!(written, ["2023-12-04", "2023/12/04", "20231204"]);
    }
}
