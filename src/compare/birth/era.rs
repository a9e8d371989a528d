//! Eras (元号) of the Japanese calendar, and the numbers that systems write for them.

use super::date::PartialDate;

/// Era (元号) of the Japanese calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Era {
    /// 明治
    Meiji,
    /// 大正
    Taisho,
    /// 昭和
    Showa,
    /// 平成
    Heisei,
    /// 令和
    Reiwa,
}

impl Era {
    /// All eras in order.
    pub const ALL: [Self; 5] = [Self::Meiji, Self::Taisho, Self::Showa, Self::Heisei, Self::Reiwa];

    /// Returns the year before the first year of the era.
    pub fn offset(self) -> i16 {
        match self {
            Self::Meiji => 1867,
            Self::Taisho => 1911,
            Self::Showa => 1925,
            Self::Heisei => 1988,
            Self::Reiwa => 2018,
        }
    }

    /// Returns the first day of the era (明治: retroactively 1868-01-25).
    pub fn first_day(self) -> (i16, u8, u8) {
        match self {
            Self::Meiji => (1868, 1, 25),
            Self::Taisho => (1912, 7, 30),
            Self::Showa => (1926, 12, 25),
            Self::Heisei => (1989, 1, 8),
            Self::Reiwa => (2019, 5, 1),
        }
    }

    /// Returns the name of the era.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meiji => "明治",
            Self::Taisho => "大正",
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
        }
    }

    fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// Returns whether a date lies in the era; a partial date does when some day of it does. 明治 and 大正 ended on the day the next
    /// era began, 昭和 and 平成 on the day before.
    pub(super) fn contains(self, date: PartialDate) -> bool {
        let latest = (date.year, date.month.unwrap_or(12), date.day.unwrap_or(31));
        let earliest = (date.year, date.month.unwrap_or(1), date.day.unwrap_or(1));
        latest >= self.first_day()
            && match (self, self.next()) {
                (_, None) => true,
                (Self::Meiji | Self::Taisho, Some(next)) => earliest <= next.first_day(),
                (_, Some(next)) => earliest < next.first_day(),
            }
    }
}

/// Number that stands for an era in a date of seven digits.
///
/// Two numberings are in use and contradict each other: that of medical claims counts the eras (明治 1, 大正 2, 昭和 3, 平成 4, 令和 5), that of
/// the pension and employees' insurance systems uses the odd numbers (明治 1, 大正 3, 昭和 5, 平成 7, 令和 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct EraCode {
    /// Number.
    pub(super) digit: char,
    /// Era that it stands for.
    pub(super) era: Era,
    /// Words for the operator.
    pub(super) label: &'static str,
}

/// All era codes; a number of both numberings has two entries.
const CODES: [EraCode; 9] = [
    EraCode { digit: '1', era: Era::Meiji, label: "元号コード(1=明治と読む場合)" },
    EraCode { digit: '2', era: Era::Taisho, label: "元号コード(2=大正と読む場合)" },
    EraCode { digit: '3', era: Era::Showa, label: "元号コード(3=昭和と読む場合)" },
    EraCode { digit: '3', era: Era::Taisho, label: "元号コード(3=大正と読む場合)" },
    EraCode { digit: '4', era: Era::Heisei, label: "元号コード(4=平成と読む場合)" },
    EraCode { digit: '5', era: Era::Showa, label: "元号コード(5=昭和と読む場合)" },
    EraCode { digit: '5', era: Era::Reiwa, label: "元号コード(5=令和と読む場合)" },
    EraCode { digit: '7', era: Era::Heisei, label: "元号コード(7=平成と読む場合)" },
    EraCode { digit: '9', era: Era::Reiwa, label: "元号コード(9=令和と読む場合)" },
];

/// Latest year that a code for 令和 is taken to mean. Without a limit every code 5 of 昭和 would be one of 令和 as well.
const LATEST_CODED_YEAR: i16 = 2050;

impl EraCode {
    /// Returns the eras that a number may stand for.
    pub(super) fn of(digit: char) -> impl Iterator<Item = Self> {
        CODES.into_iter().filter(move |code| code.digit == digit)
    }

    /// Returns whether a date lies in the era of the code.
    pub(super) fn fits(self, date: PartialDate) -> bool {
        self.era.contains(date) && date.year <= LATEST_CODED_YEAR
    }
}
