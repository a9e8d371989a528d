//! What is locked for a record and why: the table of RULES §2 (手順書 1).

use serde::{Deserialize, Serialize};

use super::record::marks::{Mark, Marks, Overall};
use crate::compare::FieldKind;

/// The class of a record by its marks, in the order of the table of RULES §2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// ① 生年月日 or 性別 differs.
    #[serde(rename = "①")]
    One,
    /// ②a both names differ, the address agrees.
    #[serde(rename = "②a")]
    TwoA,
    /// ②b one name and the address differ.
    #[serde(rename = "②b")]
    TwoB,
    /// ②c both names and the address differ (in no row of 手順書; treated as ②).
    #[serde(rename = "②c")]
    TwoC,
    /// ③ only the address differs, with several valid qualifications.
    #[serde(rename = "③")]
    Three,
    /// △住所 only the address differs.
    #[serde(rename = "△住所")]
    PartialAddress,
    /// △氏名 only one of the names differs.
    #[serde(rename = "△氏名")]
    PartialName,
    /// ○ everything agrees.
    #[serde(rename = "○")]
    Match,
    /// 判定不能: a mark is missing or unreadable; never taken for ○.
    #[serde(rename = "判定不能")]
    Undecidable,
}

/// What the holder of the record cannot use until the 解除.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suspension {
    /// 資格情報 and 医療情報.
    QualificationAndMedical,
    /// 医療情報 only.
    Medical,
    /// Nothing is locked.
    None,
    /// The marks do not tell.
    Unknown,
}

impl Class {
    /// Every class in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::One,
        Self::TwoA,
        Self::TwoB,
        Self::TwoC,
        Self::Three,
        Self::PartialAddress,
        Self::PartialName,
        Self::Match,
        Self::Undecidable,
    ];

    /// The key used on screen and in JSON: ① ②a ②b ②c ③ △住所 △氏名 ○ 判定不能.
    pub fn label(self) -> &'static str {
        match self {
            Self::One => "①",
            Self::TwoA => "②a",
            Self::TwoB => "②b",
            Self::TwoC => "②c",
            Self::Three => "③",
            Self::PartialAddress => "△住所",
            Self::PartialName => "△氏名",
            Self::Match => "○",
            Self::Undecidable => "判定不能",
        }
    }

    /// The 閲覧停止 that belongs to the class.
    pub fn suspension(self) -> Suspension {
        match self {
            Self::One => Suspension::QualificationAndMedical,
            Self::TwoA | Self::TwoB | Self::TwoC | Self::Three => Suspension::Medical,
            Self::PartialAddress | Self::PartialName | Self::Match => Suspension::None,
            Self::Undecidable => Suspension::Unknown,
        }
    }

    /// The 総合判定 that belongs to the class; `None` where the file alone tells (判定不能).
    pub fn overall(self) -> Option<Overall> {
        match self {
            Self::One | Self::TwoA | Self::TwoB | Self::TwoC | Self::Three => Some(Overall::Mismatch),
            Self::PartialAddress | Self::PartialName => Some(Overall::Partial),
            Self::Match => Some(Overall::Match),
            Self::Undecidable => None,
        }
    }

    /// Whether something is locked for sure (classes ①②③), which a 解除 can lift.
    pub fn is_suspended(self) -> bool {
        matches!(self.suspension(), Suspension::QualificationAndMedical | Suspension::Medical)
    }

    /// A small number for packed columns; the inverse of [`Class::from_code`].
    pub fn code(self) -> u8 {
        self as u8
    }

    /// Reads a packed number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

impl Suspension {
    /// The full wording of the notice.
    pub fn label(self) -> &'static str {
        match self {
            Self::QualificationAndMedical => "資格情報・医療情報",
            Self::Medical => "医療情報",
            Self::None => "なし",
            Self::Unknown => "不明",
        }
    }

    /// The short wording of the record's title line.
    pub fn short(self) -> &'static str {
        match self {
            Self::QualificationAndMedical => "資格+医療停止",
            Self::Medical => "医療停止",
            Self::None => "停止なし",
            Self::Unknown => "停止不明",
        }
    }
}

/// Classifies the marks of a record by the first row of the table of RULES §2 that holds.
///
/// An unknown 複数の有効な資格 makes the class 判定不能 only where it would decide (only the address differs).
pub fn classify(marks: &Marks) -> Class {
    use Mark::{Mismatch, Unreadable};
    let mark = |field| marks.fields[field];
    if FieldKind::ALL.iter().any(|&field| mark(field) == Unreadable) {
        return Class::Undecidable;
    }
    let differs = |field| mark(field) == Mismatch;
    let (birth, sex) = (differs(FieldKind::Birth), differs(FieldKind::Sex));
    let (kana, kanji, address) = (differs(FieldKind::Kana), differs(FieldKind::Kanji), differs(FieldKind::Address));
    match (birth || sex, kana, kanji, address, marks.multiple) {
        (true, ..) => Class::One,
        (_, true, true, false, _) => Class::TwoA,
        (_, true, false, true, _) | (_, false, true, true, _) => Class::TwoB,
        (_, true, true, true, _) => Class::TwoC,
        (_, false, false, true, Some(true)) => Class::Three,
        (_, false, false, true, Some(false)) => Class::PartialAddress,
        (_, false, false, true, None) => Class::Undecidable,
        (_, true, false, false, _) | (_, false, true, false, _) => Class::PartialName,
        (_, false, false, false, _) => Class::Match,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// `B S K N A M` as RULES §9 writes it.
    fn marks(text: &str) -> Marks {
        let mark = |c| if c == '×' { Mark::Mismatch } else { Mark::Match };
        let c: Vec<char> = text.chars().collect();
        let mut marks = Marks { multiple: Some(c[5] == '1'), ..Marks::all_match() };
        for (field, c) in
            [FieldKind::Birth, FieldKind::Sex, FieldKind::Kana, FieldKind::Kanji, FieldKind::Address].into_iter().zip(c)
        {
            marks.fields[field] = mark(c);
        }
        marks
    }

    #[test]
    fn golden_vectors() {
        let table = [
            ("×○○○○0", "①"),
            ("○××××1", "①"),
            ("○○××○0", "②a"),
            ("○○×○×0", "②b"),
            ("○○○××0", "②b"),
            ("○○×××0", "②c"),
            ("○○○○×1", "③"),
            ("○○○○×0", "△住所"),
            ("○○×○○1", "△氏名"),
            ("○○○×○0", "△氏名"),
            ("○○○○○1", "○"),
        ];
        for (text, class) in table {
            assert_eq!(classify(&marks(text)).label(), class, "{text}");
        }
    }

    #[test]
    fn all_64_mark_patterns() {
        for multiple in [false, true] {
            let mut count = BTreeMap::new();
            for bits in 0..32u32 {
                let set = |n: u32| bits >> n & 1 == 1;
                let text: String =
                    (0..5).map(|n| if set(n) { '×' } else { '○' }).chain([if multiple { '1' } else { '0' }]).collect();
                let class = classify(&marks(&text));
                // The conditions of the table written a second time, as prose reads.
                let (b, s, k, n, a) = (set(0), set(1), set(2), set(3), set(4));
                let expected = if b || s {
                    "①"
                } else if k && n && !a {
                    "②a"
                } else if (k ^ n) && a {
                    "②b"
                } else if k && n && a {
                    "②c"
                } else if a {
                    if multiple { "③" } else { "△住所" }
                } else if k ^ n {
                    "△氏名"
                } else {
                    "○"
                };
                assert_eq!(class.label(), expected, "{text}");
                *count.entry(&class.label()[..3]).or_insert(0) += 1;
            }
            let three = if multiple { 1 } else { 0 };
            assert_eq!(count.get("①"), Some(&24));
            assert_eq!(count.get("②"), Some(&4));
            assert_eq!(count.get("③").copied().unwrap_or(0), three);
            assert_eq!(count.get("△"), Some(&(3 - three)));
            assert_eq!(count.get("○"), Some(&1));
        }
    }

    #[test]
    fn an_unreadable_mark_is_never_a_match() {
        for field in FieldKind::ALL {
            for bits in 0..32u32 {
                let mut m = Marks::all_match();
                for (n, f) in FieldKind::ALL.into_iter().enumerate() {
                    if bits >> n & 1 == 1 {
                        m.fields[f] = Mark::Mismatch;
                    }
                }
                m.fields[field] = Mark::Unreadable;
                assert_eq!(classify(&m), Class::Undecidable);
            }
        }
    }

    #[test]
    fn unknown_multiple_matters_only_where_it_decides() {
        for bits in 0..32u32 {
            let text: String = (0..5).map(|n| if bits >> n & 1 == 1 { '×' } else { '○' }).chain(['0']).collect();
            let known = marks(&text);
            let unknown = Marks { multiple: None, ..known };
            let expected =
                if classify(&known) == Class::PartialAddress { Class::Undecidable } else { classify(&known) };
            assert_eq!(classify(&unknown), expected);
        }
    }

    #[test]
    fn codes_round_trip() {
        for class in Class::ALL {
            assert_eq!(Class::from_code(class.code()), Some(class));
        }
        assert_eq!(Class::from_code(9), None);
    }
}
