//! Comparisons of a row's fields, each made once.
//!
//! The flags and the pattern of a record ask for the same fields again and again, and the members of a household, who stand
//! one after another in a file, share their addresses. What [`judge`] says depends on the two texts alone, so the last
//! answer for each field is kept.

use crate::compare::{Comparison, FieldKind, Verdict, judge};
use crate::domain::person::PerField;
use crate::domain::record::row::Cells;

/// The last comparison of each field.
#[derive(Debug)]
pub struct Comparer {
    texts: PerField<(String, String)>,
    last: PerField<Comparison>,
}

impl Default for Comparer {
    fn default() -> Self {
        Self::new()
    }
}

impl Comparer {
    /// Begins with the comparisons of empty texts.
    pub fn new() -> Self {
        Self {
            texts: PerField::from_fn(|_| (String::new(), String::new())),
            last: PerField::from_fn(|field| judge(field, "", "")),
        }
    }

    /// The verdict on the two sides of a field.
    pub fn verdict(&mut self, field: FieldKind, left: &str, right: &str) -> Verdict {
        let texts = &mut self.texts[field];
        if texts.0 != left || texts.1 != right {
            left.clone_into(&mut texts.0);
            right.clone_into(&mut texts.1);
            self.last[field] = if is_plainly_equal(field, left, right) { same() } else { judge(field, left, right) };
        }
        self.last[field].verdict
    }

    /// The comparisons of all fields of a row, without their spans.
    pub fn row(&mut self, row: &impl Cells) -> &PerField<Comparison> {
        for field in FieldKind::ALL {
            self.verdict(field, row.left(field), row.right(field));
        }
        &self.last
    }
}

/// What [`judge`] says of equal texts.
fn same() -> Comparison {
    Comparison { verdict: Verdict::Same, reasons: Vec::new(), aligned: Vec::new(), placeholder: false, hint: None }
}

/// Whether two texts are equal and hold nothing that [`judge`] could doubt even then, such as ● or a date that is none.
/// Most fields of most rows are, and saying so here spares taking them apart.
pub(super) fn is_plainly_equal(field: FieldKind, left: &str, right: &str) -> bool {
    let ordinary = |c| {
        matches!(c,
            'ぁ'..='ゖ' | 'ァ'..='ヶ' | 'ー' | 'ｦ'..='ﾟ' | '一'..='鿿' | '々' | '0'..='9' | '０'..='９' | '-')
    };
    left == right
        && match field {
            FieldKind::Birth => is_plain_day(left),
            FieldKind::Sex => matches!(left, "1" | "2"),
            _ => left.starts_with(ordinary) && left.chars().all(|c| ordinary(c) || matches!(c, ' ' | '　')),
        }
}

/// Whether a text is a day of the calendar written as YYYYMMDD, up to the 28th of a month from 1900 to 2099.
pub fn is_plain_day(text: &str) -> bool {
    let Ok(digits) = <[u8; 8]>::try_from(text.as_bytes()) else { return false };
    let number = |at: usize| u32::from(digits[at] - b'0') * 10 + u32::from(digits[at + 1] - b'0');
    digits.iter().all(u8::is_ascii_digit)
        && matches!(number(0), 19 | 20)
        && (1..=12).contains(&number(4))
        && (1..=28).contains(&number(6))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plainly_equal_texts_are_the_same_without_reason(
            text in "[ 　ぁ-ゖァ-ヶーｦ-ﾟ一-鿿々0-9０-９丁目番地号大字の-]{1,14}",
            day in "(19|20)[0-9]{2}[01][0-9][0-3][0-9]",
        ) {
            for (field, text) in [
                (FieldKind::Kanji, &text),
                (FieldKind::Kana, &text),
                (FieldKind::Address, &text),
                (FieldKind::Birth, &day),
            ] {
                if is_plainly_equal(field, text, text) {
                    let found = judge(field, text, text);
                    prop_assert_eq!((found.verdict, found.reasons, found.placeholder), (Verdict::Same, vec![], false));
                }
            }
        }
    }

    #[test]
    fn doubtful_texts_are_not_plainly_equal() {
        for (field, text) in [
            (FieldKind::Kanji, "山●"),
            (FieldKind::Kanji, ""),
            (FieldKind::Kana, "　"),
            (FieldKind::Birth, "19850000"),
            (FieldKind::Birth, "昭和60年"),
            (FieldKind::Sex, "3"),
            (FieldKind::Address, "\u{e000}町1"),
        ] {
            assert!(!is_plainly_equal(field, text, text), "{text}");
        }
        for (field, text) in [
            (FieldKind::Kanji, "山田　太郎"),
            (FieldKind::Kana, "ﾔﾏﾀﾞ ﾀﾛｳ"),
            (FieldKind::Birth, "19851203"),
            (FieldKind::Sex, "1"),
            (FieldKind::Address, "港区赤坂１丁目２番地２号"),
        ] {
            assert!(is_plainly_equal(field, text, text), "{text}");
            assert_eq!(judge(field, text, text).verdict, Verdict::Same);
        }
    }

    #[test]
    fn every_answer_is_that_of_compare() {
        let mut comparer = Comparer::new();
        let texts = ["", "1-2", "1-2", "1-3", "１－２", "1-2"];
        for left in texts {
            for right in texts {
                for field in FieldKind::ALL {
                    let expected = judge(field, left, right).verdict;
                    assert_eq!(comparer.verdict(field, left, right), expected, "{field} {left} {right}");
                }
            }
        }
    }
}
