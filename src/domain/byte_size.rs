//! A size of files in bytes, as people write it: `16 GiB`.

use std::fmt;
use std::str::FromStr;

/// A size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

/// Units with their bytes, the larger ones first.
const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("KB", 1_000),
    ("B", 1),
];

impl ByteSize {
    /// Default maximum size of an input file: 16 GiB.
    pub const DEFAULT_MAXIMUM: Self = Self(16 << 30);

    /// The next whole GiB, or MiB below one GiB: what to write where this many bytes must be allowed.
    pub fn rounded_up(self) -> Self {
        let unit: u64 = if self.0 > 1 << 30 { 1 << 30 } else { 1 << 20 };
        Self(self.0.max(1).checked_next_multiple_of(unit).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for ByteSize {
    /// Writes whole units of 1024 where a few of them are the size exactly, else one digit behind the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bytes) = *self;
        let mut units = UNITS.into_iter().filter(|(name, unit)| name.ends_with("iB") && bytes >= *unit);
        let largest = units.clone().next();
        match (units.find(|(_, unit)| bytes % unit == 0 && bytes / unit < 10_000), largest) {
            (Some((name, unit)), _) => write!(f, "{} {name}", bytes / unit),
            (None, Some((name, unit))) => {
                let tenths = u128::from(bytes) * 10 / u128::from(unit);
                write!(f, "{}.{} {name}", tenths / 10, tenths % 10)
            }
            (None, None) => write!(f, "{bytes} B"),
        }
    }
}

/// A text that is no size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("大きさは \"16 GiB\" の形で書いてください")]
pub struct NoByteSize;

impl FromStr for ByteSize {
    type Err = NoByteSize;

    /// Reads a positive number and a unit: `16 GiB`, `1.5GiB`, `500 MB`.
    fn from_str(text: &str) -> Result<Self, NoByteSize> {
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or(NoByteSize)?;
        let (number, unit) = text.split_at(digits);
        let unit = unit.trim();
        let (_, unit) = UNITS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).ok_or(NoByteSize)?;
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        // More places than that are no size that anybody means.
        if whole.is_empty() || !(1..=6).contains(&part.len()) || part.contains('.') {
            return Err(NoByteSize);
        }
        let scale = 10u128.pow(part.len() as u32);
        let number = |text: &str| text.parse::<u64>().map(u128::from).map_err(|_| NoByteSize);
        let units = number(whole)? * scale + number(part)?;
        match u64::try_from(units * u128::from(unit) / scale) {
            Ok(bytes) if bytes > 0 => Ok(Self(bytes)),
            _ => Err(NoByteSize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        for (text, bytes, shown) in [
            ("16 GiB", 16 << 30, "16 GiB"),
            ("16gib", 16 << 30, "16 GiB"),
            ("1.5 GiB", 3 << 29, "1536 MiB"),
            ("500 MB", 500_000_000, "476.8 MiB"),
            (" 2 TiB ", 2 << 40, "2 TiB"),
            ("1000 B", 1000, "1000 B"),
            ("17179869184B", 16 << 30, "16 GiB"),
        ] {
            let size: ByteSize = text.parse().unwrap();
            assert_eq!((size.0, size.to_string().as_str()), (bytes, shown), "{text}");
        }
        for none in ["", "16", "GiB", "0 GiB", "-1 GiB", "1.2.3 GiB", "16 GG", "99999999999 TiB", "１６ GiB", "1. GiB"]
        {
            assert_eq!(none.parse::<ByteSize>(), Err(NoByteSize), "{none}");
        }
    }

    #[test]
    fn what_to_write_holds_the_file() {
        for (bytes, shown) in [(0, "1 MiB"), (1, "1 MiB"), ((1 << 30) + 1, "2 GiB"), ((16 << 30) + 1, "17 GiB")] {
            assert_eq!(ByteSize(bytes).rounded_up().to_string(), shown);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_size_that_is_proposed_is_read_back(bytes in 1u64..1 << 43) {
            let size = ByteSize(bytes).rounded_up();
            proptest::prop_assert!(size.0 >= bytes);
            proptest::prop_assert_eq!(size.to_string().parse(), Ok(size));
        }
    }
}
