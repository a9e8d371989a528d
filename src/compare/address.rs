//! 住所: addresses (`DOMAIN §5` A1–A6).

use super::reason::{Code, StepClass};
use super::step::Draft;
use super::unit;

/// Tells whether a character is a kanji numeral.
pub(crate) fn is_kanji_digit(c: char) -> bool {
    "〇零一二三四五六七八九十百千".contains(c)
}

/// Reads a number in kanji numerals, positional (二〇一) or with 十百千; `None` when it is not written as a number.
pub(crate) fn kanji_number(digits: &str) -> Option<u64> {
    let value = |c: char| match c {
        '零' => Some(0),
        _ => "〇一二三四五六七八九".chars().position(|d| d == c).map(|at| at as u64),
    };
    if digits.is_empty() || digits.chars().count() > 8 {
        return None;
    }
    if digits.chars().all(|c| value(c).is_some()) {
        return Some(digits.chars().filter_map(value).fold(0, |n, d| n * 10 + d));
    }
    let (mut total, mut current, mut last_unit) = (0u64, None, u64::MAX);
    for c in digits.chars() {
        if let Some(d) = value(c) {
            if current.is_some() || d == 0 {
                return None;
            }
            current = Some(d);
        } else {
            let unit = match c {
                '十' => 10,
                '百' => 100,
                '千' => 1000,
                _ => return None,
            };
            if unit >= last_unit {
                return None;
            }
            last_unit = unit;
            total += current.take().unwrap_or(1) * unit;
        }
    }
    Some(total + current.unwrap_or(0))
}

/// Compares two addresses.
pub(crate) fn compare(draft: &mut Draft<'_>) {
    let (left, right) = (unit::line(draft.left).text(), unit::line(draft.right).text());
    if left != right {
        draft.step(Code::AX, StepClass::Difference, "住所が異なる");
    } else if draft.left != draft.right {
        draft.step(Code::A1, StepClass::A, "全角・半角、空白");
    }
}

/// Gives the canonical form of an address.
pub(crate) fn fold(text: &str) -> String {
    unit::line(text).text()
}

/// Gives the normalised 都道府県 and 市区町村.
pub(crate) fn municipality(text: &str) -> Option<String> {
    let folded = fold(text);
    let end = folded.char_indices().find(|(at, c)| *at > 3 && matches!(c, '市' | '区' | '町' | '村'))?;
    Some(folded[..end.0 + end.1.len_utf8()].to_owned())
}
