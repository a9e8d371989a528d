//! The truth about a row: its class, the differences, whether it is the same person, and whether a suggestion is
//! allowed.
//!
//! The class is computed here from the marks that were planted, by its own copy of the table of RULES §2,
//! so that the sample can serve as an independent check of the rules elsewhere in the program.

/// Index of a field in the order of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Kanji = 0,
    Kana = 1,
    Birth = 2,
    Sex = 3,
    Address = 4,
}

/// Severity of the difference of a field (RULES §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Distance {
    /// The same text.
    Same,
    /// Equal after harmless steps.
    Notation,
    /// One placeholder such as ●: notation for the record when it is the only one.
    Placeholder,
    /// Could be either.
    Uncertain,
    /// A real difference, or one side is empty.
    Different,
}

/// The truth about one row, one line of the truth table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// 整理番号.
    pub id: String,
    /// ①, ②a, ②b, ②c, ③, △住所, △氏名 or ○, by RULES §2 from the marks.
    pub class: &'static str,
    /// 総合判定 × and enrolled on 2023-09-15 (RULES §3).
    pub in_item1: bool,
    /// 資格喪失 after 2023-09-15.
    pub lost_after: bool,
    /// The 個人番号 is this person's own.
    pub same_person: bool,
    /// What differs (RULES §5), in ○ rows too. `NX` `KX` `AX` `DX`: kanji, kana, address inside the municipality, or
    /// date differ in a way that no code describes; `KM`: the register has no kana.
    pub codes: Vec<&'static str>,
    /// Flags of RULES §6 that must be raised.
    pub danger: Vec<&'static str>,
    /// Another person, or 生年月日 or 性別 ×, or a danger flag: a suggestion here is a fault.
    pub must_not_suggest: bool,
    /// In item 1, not lost, every × field is only 表記ゆれ, no flag: a suggestion is expected.
    pub may_suggest: bool,
    /// What an operator would decide in the end, `-` outside item 1.
    pub sensible_category: &'static str,
    /// A planted case as `name#number`; rows of one case share it.
    pub scenario: Option<String>,
    /// Flags that may be raised without being wrong: the rule can be read both ways.
    pub danger_also: Vec<&'static str>,
}

/// Returns the class of the marks (true is ×) by RULES §2. `multiple` is 複数の有効な資格.
pub(super) fn class(marks: [bool; 5], multiple: bool) -> &'static str {
    let [n, k, b, s, a] = marks;
    match (b || s, k, n, a) {
        (true, _, _, _) => "①",
        (false, true, true, false) => "②a",
        (false, true, true, true) => "②c",
        (false, true, false, true) | (false, false, true, true) => "②b",
        (false, false, false, true) if multiple => "③",
        (false, false, false, true) => "△住所",
        (false, true, false, false) | (false, false, true, false) => "△氏名",
        (false, false, false, false) => "○",
    }
}

/// Returns the 総合判定 of a class.
pub(super) fn overall(class: &str) -> &'static str {
    match class {
        "○" => "○",
        "△住所" | "△氏名" => "△",
        _ => "×",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_all_mark_patterns_have_the_counts_of_the_table() {
        for (multiple, expected) in [(false, [24, 4, 0, 3, 1]), (true, [24, 4, 1, 2, 1])] {
            let mut counts = [0; 5];
            for bits in 0..32_u8 {
                let marks = [0, 1, 2, 3, 4].map(|i| bits >> i & 1 == 1);
                let at = match class(marks, multiple) {
                    "①" => 0,
                    "②a" | "②b" | "②c" => 1,
                    "③" => 2,
                    "△住所" | "△氏名" => 3,
                    _ => 4,
                };
                counts[at] += 1;
            }
            assert_eq!(counts, expected);
        }
    }

    #[test]
    fn classes_of_the_golden_vectors() {
        // RULES §9, marks in the order B S K N A M.
        for (text, expected) in [
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
        ] {
            let c: Vec<char> = text.chars().collect();
            let mark = |i: usize| c[i] == '×';
            assert_eq!(class([mark(3), mark(2), mark(0), mark(1), mark(4)], c[5] == '1'), expected, "{text}");
        }
    }
}
