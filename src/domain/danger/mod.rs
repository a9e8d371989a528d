//! Danger flags F1–F8 (RULES §6): signs that a 個人番号 may be another person's.
//!
//! F1, F4, F6, F7 and F8 come from a row alone ([`own`]); F2, F3 and F5 need every row of the file: [`index`] finds
//! candidates by small keys, and [`index::fits`] and [`index::shares_number`] decide on the rows themselves. What a flag is
//! told by is worded in [`evidence`].

mod comparer;
pub mod evidence;
pub mod index;
pub mod own;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use comparer::{Comparer, is_plain_day};

use super::record::row::RecordNo;

/// One danger flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Danger {
    /// 双子疑い
    F1,
    /// 取り違え疑い
    F2,
    /// 入れ替わり
    F3,
    /// 同姓同名同生年月日
    F4,
    /// 個人番号重複
    F5,
    /// 番号不正
    F6,
    /// 別人水準
    F7,
    /// 判定と値の矛盾
    F8,
}

impl Danger {
    /// Those that speak of another person.
    pub const OF_ANOTHER: [Self; 6] = [Self::F1, Self::F2, Self::F3, Self::F4, Self::F5, Self::F7];

    /// Every flag.
    pub const ALL: [Self; 8] = [Self::F1, Self::F2, Self::F3, Self::F4, Self::F5, Self::F6, Self::F7, Self::F8];

    /// `F1` … `F8`.
    pub fn code(self) -> &'static str {
        ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8"][self as usize]
    }

    /// The Japanese name.
    pub fn label(self) -> &'static str {
        [
            "双子疑い",
            "取り違え疑い",
            "入れ替わり",
            "同姓同名同生年月日",
            "個人番号重複",
            "番号不正",
            "別人水準",
            "判定と値の矛盾",
        ][self as usize]
    }
}

impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A set of danger flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DangerSet(u16);

impl DangerSet {
    /// The bits of all flags.
    const KNOWN: u16 = {
        let (mut bits, mut at) = (0, 0);
        while at < Danger::ALL.len() {
            bits |= 1 << Danger::ALL[at] as u16;
            at += 1;
        }
        bits
    };

    /// The flags as bits, F1 lowest.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Reads bits; unknown ones are dropped.
    pub fn from_bits(bits: u16) -> Self {
        Self(bits & Self::KNOWN)
    }

    /// Adds a flag.
    pub fn insert(&mut self, danger: Danger) {
        self.0 |= 1 << danger as u16;
    }

    /// Whether a flag stands.
    pub fn contains(self, danger: Danger) -> bool {
        self.0 >> danger as u16 & 1 == 1
    }

    /// Whether a flag stands that speaks of another person.
    pub fn names_another(self) -> bool {
        Danger::OF_ANOTHER.into_iter().any(|danger| self.contains(danger))
    }

    /// Whether no flag stands.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The flags that stand, F1 first.
    pub fn iter(self) -> impl Iterator<Item = Danger> {
        Danger::ALL.into_iter().filter(move |&danger| self.contains(danger))
    }
}

/// A flag with its evidence: the other record, where the test names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DangerSign {
    /// The flag.
    pub danger: Danger,
    /// The other record.
    pub other: Option<RecordNo>,
}
