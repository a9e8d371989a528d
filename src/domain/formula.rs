//! The guard against formulas in files that are written (ARCHITECTURE "Protection").
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, TAB or CR (or the full-width `＝＋－＠`, which Japanese
//! spreadsheets treat alike) as a formula. Such a cell gets a `'` in front, which spreadsheets take for "this is text" and
//! which other programs see. Cells that cannot run are left as they are: a sign alone (`-`, a dash for "none"), a plain signed
//! number (`-5`, `+81`, `-1,200.5`), and the text form `="00123"` that files from a spreadsheet use for numbers with
//! leading zeros. Dates never begin with such a character. A cell that looks like a guarded one gets a `'` as well, so that
//! taking one off gives back every cell.

use std::borrow::Cow;

/// Puts a `'` before a cell that a spreadsheet would run as a formula; see the module for what is left alone.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if is_guarded(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Takes off what [`guard`] put before a cell: `unguard(&guard(cell))` is the cell, whatever it holds.
pub fn unguard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_guarded(rest)).unwrap_or(cell)
}

/// Whether a cell gets a guard: it would run, or it looks as if it had one.
fn is_guarded(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'');
    let first = cell.chars().find(|&c| c != ' ' && c != '\u{3000}');
    let starts = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'));
    starts && !is_harmless(cell.trim_matches([' ', '\u{3000}']))
}

/// Whether a cell that begins like a formula is a sign alone, a plain number or the text form `="…"`.
fn is_harmless(cell: &str) -> bool {
    if let Some(text) = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return !text.contains('"');
    }
    let Some(rest) = cell.strip_prefix(['+', '-', '－', '＋']) else { return false };
    rest.is_empty() || (rest.starts_with(|c: char| c.is_ascii_digit()) && is_number(rest))
}

/// Digits with at most one point, and commas before it.
fn is_number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    whole.chars().all(|c| c.is_ascii_digit() || c == ',') && fraction.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded_and_harmless_cells_left_alone() {
        for runs in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "+1+1",
            "-1-1",
            "-SUM(A1)",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1+1",
            "　=1",
            "＝1+1",
            "＋cmd",
            "－１",
            "＠a",
            "=",
            "@",
            "=\"a\"&A1&\"b\"",
            "=\"\"\"",
            "--1",
            "-1.2.3",
            "-,1",
            "-1-2",
        ] {
            assert_eq!(guard(runs), format!("'{runs}"), "{runs:?}");
        }
        for left in [
            "",
            "-",
            "+",
            "－",
            "-5",
            "+81",
            "-1,200.5",
            "-0",
            "1-2-3",
            "2023-12-14",
            "山田",
            "=\"00123\"",
            "=\"\"",
            "a=b",
            " ",
            "ー",
            "‐",
            "0001-1",
            "#1a2b",
        ] {
            assert_eq!(guard(left), left);
        }
    }

    #[test]
    fn what_looks_guarded_is_guarded_once_more() {
        for (cell, guarded) in [("'=1", "''=1"), ("''+a", "'''+a"), ("'山田", "'山田"), ("'", "'"), ("'-5", "'-5")]
        {
            assert_eq!(guard(cell), guarded);
            assert_eq!(unguard(guarded), cell);
        }
    }

    proptest! {
        /// No guarded cell begins like a formula, and the guard adds nothing but one apostrophe.
        #[test]
        fn the_guard_only_adds_an_apostrophe(cell in "[=+@\t\r 　＝0-9a\"-]{0,2}.{0,6}") {
            let guarded = guard(&cell);
            prop_assert!(guarded.strip_prefix('\'').unwrap_or(&guarded) == cell || *guarded == *cell);
            if guarded.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                prop_assert!(is_harmless(guarded.trim_matches([' ', '\u{3000}'])), "{:?}", guarded);
            }
        }

        /// Taking the guard off gives back every cell, and never more than one apostrophe is added.
        #[test]
        fn the_guard_comes_off_again(cell in "'{0,2}[=+@\t\r 　＝－0-9a\"-]{0,3}(?s:.){0,6}") {
            let guarded = guard(&cell);
            prop_assert_eq!(unguard(&guarded), cell.as_str());
        }
    }
}
