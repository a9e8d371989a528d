//! Danger flags F1–F8 (RULES §6): signs that a 個人番号 may be another person's.
//!
//! F1, F4, F6, F7 and F8 come from a row alone ([`own`]); F2, F3 and F5 need every row of the file: equal keys of [`index`]
//! name candidates, and [`index::fits`] and [`index::shares_number`] decide on the rows themselves. What a flag is
//! told by is worded in [`evidence`].

mod comparer;
pub mod evidence;
pub mod index;
pub mod own;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use comparer::{Comparer, is_plain_day};

use super::record::row::RecordNo;

macro_rules! dangers {
    ($($(#[doc = $doc:literal])+ $name:ident $label:literal of_another: $another:literal,)*) => {
        /// One danger flag.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Danger {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Danger {
            /// Every flag, F1 first.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// `F1` …
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The Japanese name.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// Whether it speaks of another person.
            pub const fn is_of_another(self) -> bool {
                match self { $(Self::$name => $another,)* }
            }
        }
    };
}

dangers! {
    /// 双子疑い
    F1 "双子疑い" of_another: true,
    /// 取り違え疑い
    F2 "取り違え疑い" of_another: true,
    /// 入れ替わり
    F3 "入れ替わり" of_another: true,
    /// 同姓同名同生年月日
    F4 "同姓同名同生年月日" of_another: true,
    /// 個人番号重複
    F5 "個人番号重複" of_another: true,
    /// 番号不正
    F6 "番号不正" of_another: false,
    /// 別人水準
    F7 "別人水準" of_another: true,
    /// 判定と値の矛盾
    F8 "判定と値の矛盾" of_another: false,
}

impl Danger {
    /// Those that speak of another person, F1 first.
    pub fn of_another() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|danger| danger.is_of_another())
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
        Danger::of_another().any(|danger| self.contains(danger))
    }

    /// Whether no flag stands.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The flags that stand, F1 first.
    pub fn iter(self) -> impl Iterator<Item = Danger> {
        Danger::ALL.iter().copied().filter(move |&danger| self.contains(danger))
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
