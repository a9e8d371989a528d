//! 判定結果, 総合判定 and the other cells whose words are a yes or no.

use crate::compare::FieldKind;
use crate::domain::person::PerField;
use serde::{Deserialize, Serialize};

/// A 判定結果 of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// ○
    Match,
    /// ×
    Mismatch,
    /// Missing or unreadable; never taken for ○.
    Unreadable,
}

/// A 総合判定.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Overall {
    /// ○
    Match,
    /// △
    Partial,
    /// ×
    Mismatch,
    /// Missing or unreadable.
    Unreadable,
}

/// Which of the words for ○ △ × a text is (RULES §7). Digits are marks only by a layout profile, so not here.
fn mark_word(text: &str) -> Option<Overall> {
    // Nearly every mark of a file.
    if text == "○" {
        return Some(Overall::Match);
    }
    Some(match text.trim_matches([' ', '　']) {
        "○" | "〇" | "◯" | "一致" | "OK" | "ＯＫ" | "ok" => Overall::Match,
        "×" | "✕" | "Ｘ" | "X" | "x" | "ｘ" | "不一致" | "NG" | "ＮＧ" | "ng" => Overall::Mismatch,
        "△" | "▲" | "一部不一致" => Overall::Partial,
        _ => return None,
    })
}

impl Mark {
    /// Reads a mark; `None` for a word that is no mark (blank included).
    pub fn parse(text: &str) -> Option<Self> {
        match mark_word(text)? {
            Overall::Match => Some(Self::Match),
            Overall::Mismatch => Some(Self::Mismatch),
            Overall::Partial | Overall::Unreadable => None,
        }
    }

    /// ○, × or ? as shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Match => "○",
            Self::Mismatch => "×",
            Self::Unreadable => "?",
        }
    }
}

impl Overall {
    /// Reads a 総合判定; `None` for a word that is none (blank included).
    pub fn parse(text: &str) -> Option<Self> {
        mark_word(text)
    }

    /// ○, △, × or ? as shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Match => "○",
            Self::Partial => "△",
            Self::Mismatch => "×",
            Self::Unreadable => "?",
        }
    }
}

/// The five marks and 複数の有効な資格 of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Marks {
    /// 判定結果 per field.
    pub fields: PerField<Mark>,
    /// 複数の有効な資格; `None` when the column is missing, blank or unreadable.
    pub multiple: Option<bool>,
}

impl Marks {
    /// All ○ and one qualification.
    pub fn all_match() -> Self {
        Self { fields: PerField([Mark::Match; 5]), multiple: Some(false) }
    }

    /// The fields marked ×.
    pub fn mismatches(&self) -> impl Iterator<Item = FieldKind> + '_ {
        self.fields.iter().filter(|(_, mark)| **mark == Mark::Mismatch).map(|(field, _)| field)
    }

    /// Whether 生年月日 or 性別 is × (the letters and evidence rules hang on it: G3, G4).
    pub fn birth_or_sex_differs(&self) -> bool {
        [FieldKind::Birth, FieldKind::Sex].iter().any(|&field| self.fields[field] == Mark::Mismatch)
    }

    /// Packs into 12 bits: two per field, two for 複数の有効な資格.
    pub fn pack(&self) -> u16 {
        let fields = self.fields.0.iter().rev().fold(0u16, |bits, mark| bits << 2 | *mark as u16);
        let multiple = match self.multiple {
            Some(false) => 0,
            Some(true) => 1,
            None => 2,
        };
        multiple << 10 | fields
    }

    /// Reads packed bits; unknown patterns are unreadable marks.
    pub fn unpack(bits: u16) -> Self {
        let mark = |n: u16| match bits >> (2 * n) & 3 {
            0 => Mark::Match,
            1 => Mark::Mismatch,
            _ => Mark::Unreadable,
        };
        let multiple = match bits >> 10 & 3 {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        };
        Self { fields: PerField([mark(0), mark(1), mark(2), mark(3), mark(4)]), multiple }
    }
}

/// Reads 複数の有効な資格: 1, 有, あり, ○ … / 0, 無, なし, blank; `None` for anything else.
pub fn parse_multiple(text: &str) -> Option<bool> {
    match text.trim_matches([' ', '　']) {
        "1" | "１" | "有" | "あり" | "有り" | "○" | "〇" | "◯" => Some(true),
        "0" | "０" | "" | "無" | "なし" | "無し" | "×" => Some(false),
        _ => None,
    }
}

/// Whether a mark in the column 支援措置 sets the flag. Only words that plainly say no leave it off: a word that nobody
/// foresaw must not send a letter to an address that is to be kept secret.
pub fn parse_protected(text: &str) -> bool {
    !matches!(
        text.trim_matches([' ', '　', '\t']),
        "" | "0"
            | "０"
            | "00"
            | "無"
            | "無し"
            | "なし"
            | "非該当"
            | "該当なし"
            | "対象外"
            | "否"
            | "×"
            | "✕"
            | "-"
            | "－"
            | "ー"
            | "―"
            | "N"
            | "n"
            | "NO"
            | "No"
            | "no"
            | "FALSE"
            | "False"
            | "false"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_pack_and_unpack() {
        let all = [Mark::Match, Mark::Mismatch, Mark::Unreadable];
        for bits in 0..3usize.pow(5) {
            for multiple in [Some(false), Some(true), None] {
                let fields = PerField::from_fn(|field| all[bits / 3usize.pow(field.index() as u32) % 3]);
                let marks = Marks { fields, multiple };
                assert_eq!(Marks::unpack(marks.pack()), marks);
            }
        }
    }

    #[test]
    fn mark_words() {
        for ok in ["○", "〇", "◯", "一致", "OK", " ○ "] {
            assert_eq!(Mark::parse(ok), Some(Mark::Match));
        }
        for ng in ["×", "✕", "Ｘ", "x", "不一致", "NG"] {
            assert_eq!(Mark::parse(ng), Some(Mark::Mismatch));
        }
        for none in ["", "1", "0", "△", "?", "不"] {
            assert_eq!(Mark::parse(none), None, "{none}");
        }
        assert_eq!(Overall::parse("▲"), Some(Overall::Partial));
    }

    /// What says no is known; everything else that stands there keeps a letter back.
    #[test]
    fn marks_of_protection() {
        for on in ["1", "○", "有", "あり", " 該当 ", "対象", "DV", "１", "済", "?", "2024-03-31まで"] {
            assert!(parse_protected(on), "{on}");
        }
        for off in ["", " ", "　", "0", " ０", "無", "なし", "非該当", "対象外", "×", "-", "no", "false"] {
            assert!(!parse_protected(off), "{off}");
        }
    }
}
