//! One number of an address: its value and how it was written.

/// What a number of an address counts, by the word behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counter {
    /// 丁目, 丁
    Chome,
    /// 番, 番地
    Ban,
    /// 号
    Go,
    /// 号室
    Room,
    /// 番丁
    Bancho,
    /// 字, as in 8字
    Aza,
}

impl Counter {
    /// Returns whether a lone number with this counter is the 番地, as a bare number is taken to be.
    pub(super) fn is_lot(counter: Option<Self>) -> bool {
        matches!(counter, None | Some(Self::Ban))
    }

    /// Returns whether a number with this counter is an area with lots in it and not a lot.
    pub(super) fn is_area(self) -> bool {
        matches!(self, Self::Chome | Self::Bancho | Self::Aza)
    }
}

/// Whether kanji numerals may mean something else than their numeric value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumeralDoubt {
    /// No doubt: digits, or numerals with 十, 百 or 千.
    No,
    /// Possibly the name of a 小字 (壱), or a 一 that stands for a hyphen (一一三), unless a counter follows.
    Unnamed,
    /// Possibly the name of a 小字 even with a counter: 壱壱壱.
    Always,
}

/// One number of an address, with its boundaries as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    /// Numeric value.
    pub(crate) value: u64,
    /// Number of leading zeros.
    pub(crate) zeros: usize,
    /// Counter written behind the number.
    pub(crate) counter: Option<Counter>,
    /// Doubt about kanji numerals.
    pub(crate) doubt: NumeralDoubt,
    /// Whether a space stands before the number.
    pub(crate) spaced: bool,
    /// First byte in the original.
    pub(crate) start: usize,
    /// Byte behind the number in the original.
    pub(crate) end: usize,
}

/// Returns whether two lists of numbers have the same values in the same order.
pub(super) fn same_values(a: &[Number], b: &[Number]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.value == b.value)
}
