//! Doubts about the notation of a date.

use super::era::EraCode;

/// Reason why a notation may mean another date than it seems to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Doubt {
    /// The era is given by a number.
    Code(EraCode),
    /// A time of day with a time zone.
    Zone,
    /// A time of day other than midnight: the date may have been shifted from another zone.
    Time,
    /// The date lies outside its era.
    OutsideEra,
    /// A space inside a number.
    DigitsApart,
    /// A day of the lunar calendar.
    Lunar,
}

impl Doubt {
    /// Returns the words for the operator.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Code(code) => code.label,
            Self::Zone => "時差(タイムゾーン)の付いた日付",
            Self::Time => "0時でない時刻の付いた日付(時差で前日のことがある)",
            Self::OutsideEra => "元号の範囲外の日付",
            Self::DigitsApart => "日付の数字の間の空白",
            Self::Lunar => "旧暦の日付(明治5年以前)",
        }
    }
}
