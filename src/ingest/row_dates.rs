//! The date cells of a row, each read once: nearly all are blank or plain days, which need no parser.

use jiff::civil::Date;

use super::row::RowCells;
use crate::compare::FieldKind;
use crate::domain::record::Column;

/// The columns that hold dates.
pub(super) const DATE_COLUMNS: [Column; 6] = [
    Column::Acquired,
    Column::Lost,
    Column::Issued,
    Column::Left(FieldKind::Birth),
    Column::Right(FieldKind::Birth),
    Column::MatchedOn,
];

/// A date cell by its bytes. The order of plain days is that of time; blank is before, anything else behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DateText(u64);

impl DateText {
    /// An empty cell.
    pub(super) const BLANK: Self = Self(0);

    /// Anything but an empty cell or a plain day.
    pub(super) const OTHER: Self = Self(u64::MAX);

    /// Reads a cell; a plain day is YYYYMMDD up to the 28th of a month from 1900 to 2099.
    pub(super) fn of(text: &str) -> Self {
        /// The high halves of eight bytes; that of a digit is 3, also after 6 is added.
        const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
        if text.is_empty() {
            return Self::BLANK;
        }
        let Ok(bytes) = <[u8; 8]>::try_from(text.as_bytes()) else { return Self::OTHER };
        let word = u64::from_be_bytes(bytes);
        let digits = (word & HIGH) | ((word.wrapping_add(0x0606_0606_0606_0606) & HIGH) >> 4) == 0x3333_3333_3333_3333;
        let number = |shift: u32| (word >> (shift + 8) & 0xF) * 10 + (word >> shift & 0xF);
        let known =
            matches!(number(48), 19 | 20) & (number(16).wrapping_sub(1) < 12) & (number(0).wrapping_sub(1) < 28);
        if digits & known { Self(word) } else { Self::OTHER }
    }

    /// The text of a day, whichever it is, for comparison with others.
    pub(super) fn limit(day: Date) -> Self {
        let text = format!("{:04}{:02}{:02}", day.year(), day.month(), day.day());
        <[u8; 8]>::try_from(text.as_bytes()).map_or(Self::OTHER, |bytes| Self(u64::from_be_bytes(bytes)))
    }
}

/// The date cells of a row, in the order of [`DATE_COLUMNS`].
#[derive(Clone, Copy, Debug)]
pub(super) struct RowDates(pub(super) [DateText; DATE_COLUMNS.len()]);

impl RowDates {
    /// Reads the date cells of a row.
    pub(super) fn of(cells: &RowCells<'_>) -> Self {
        Self(DATE_COLUMNS.map(|column| DateText::of(cells[column.index()])))
    }

    /// 取得日
    pub(super) fn acquired(&self) -> DateText {
        self.0[0]
    }

    /// 喪失日
    pub(super) fn lost(&self) -> DateText {
        self.0[1]
    }

    /// 生年月日 of both sides.
    pub(super) fn births(&self) -> [DateText; 2] {
        [self.0[3], self.0[4]]
    }

    /// Whether every cell is blank or a plain day.
    pub(super) fn are_plain(&self) -> bool {
        !self.0.contains(&DateText::OTHER)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::scope::DateCell;

    #[test]
    fn plain_days_are_days() {
        for year in ["1900", "1985", "2024", "2050"] {
            for month in 0..=13 {
                for day in 0..=32 {
                    let text = format!("{year}{month:02}{day:02}");
                    let plain = (1..=12).contains(&month) && (1..=28).contains(&day);
                    assert_eq!(DateText::of(&text) != DateText::OTHER, plain, "{text}");
                    assert!(!plain || matches!(DateCell::read(&text), DateCell::Day(_)), "{text}");
                }
            }
        }
        for text in ["10000101", "２０２３０９１５", "2023/9/1", "1985120:", "1985120/", "198512 3", "山田　", " "]
        {
            assert_eq!(DateText::of(text), DateText::OTHER, "{text}");
        }
        assert_eq!(DateText::of(""), DateText::BLANK);
    }

    proptest! {
        #[test]
        fn the_order_of_texts_is_that_of_days(a in 0i64..36_000, b in 0i64..36_000) {
            let [a, b] = [a, b].map(|days| date(1950, 1, 1).saturating_add(jiff::ToSpan::days(days)));
            prop_assert_eq!(a.cmp(&b), DateText::limit(a).cmp(&DateText::limit(b)));
            let text = format!("{:04}{:02}{:02}", a.year(), a.month(), a.day());
            prop_assert!(DateText::of(&text) == DateText::limit(a) || a.day() > 28);
            prop_assert!(DateText::BLANK < DateText::limit(a) && DateText::limit(a) < DateText::OTHER);
        }

        #[test]
        fn any_bytes_are_read(text in "\\PC{0,4}[0-9/:. -]{0,8}") {
            let plain = crate::domain::danger::is_plain_day(&text);
            prop_assert_eq!(plain, !matches!(DateText::of(&text), DateText::OTHER | DateText::BLANK));
        }
    }
}
