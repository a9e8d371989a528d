//! 性別: codes of the same value (RULES §5 S1).

use super::draft::ComparisonDraft;
use super::reason::{Code, StepClass};
use super::unit;

/// Value of 性別.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
    /// 未設定: 3, 0, 9, 不明.
    Unset,
}

/// Parses a value of 性別 in any of its codes; `None` for anything else.
pub fn parse_sex(text: &str) -> Option<Sex> {
    let folded: String = unit::line(text).units.iter().map(|u| u.c.to_ascii_lowercase()).collect();
    let (code, word) = match folded.split_once([':', '.', '_', '-', '=']) {
        Some((code, word)) => (code, word),
        None => (folded.as_str(), ""),
    };
    let first = parse_word(code)?;
    if word.is_empty() || parse_word(word) == Some(first) { Some(first) } else { None }
}

fn parse_word(word: &str) -> Option<Sex> {
    match word {
        "1" | "01" | "m" | "男" | "男性" | "male" | "オトコ" | "おとこ" => Some(Sex::Male),
        "2" | "02" | "f" | "女" | "女性" | "female" | "オンナ" | "おんな" => Some(Sex::Female),
        "0" | "3" | "9" | "00" | "03" | "09" | "x" | "u" | "不明" | "未設定" | "不詳" | "なし" | "その他"
        | "unknown" => Some(Sex::Unset),
        _ => None,
    }
}

/// Compares two values of 性別.
pub(crate) fn compare(draft: &mut ComparisonDraft<'_>) {
    match (parse_sex(draft.left), parse_sex(draft.right)) {
        (Some(Sex::Male), Some(Sex::Female)) | (Some(Sex::Female), Some(Sex::Male)) => {
            draft.step_at(
                Code::S1,
                StepClass::Difference,
                "性別が異なる",
                true,
                0..draft.left.len(),
                0..draft.right.len(),
            );
        }
        (Some(Sex::Unset), _) | (_, Some(Sex::Unset)) => draft.step(Code::S1, StepClass::B, "性別の未設定"),
        (Some(_), Some(_)) => {
            if draft.left != draft.right {
                draft.step(Code::S1, StepClass::A, "性別の符号");
            }
            draft.same_value = true;
        }
        _ => draft.step(Code::S1, StepClass::B, "性別として読めない値"),
    }
}
