//! 隔離: a row that an import could not use, from the moment it is held back until it is corrected or dismissed.
//!
//! A held-back row is never forgotten: it stays open until a later file brings it corrected, brings it again in another
//! form, or an operator dismisses it with a reason (RULES §7). It can be written out, corrected and imported again; what
//! was not touched comes back exactly, although a 個人番号 is written with its last four digits only.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::person::MyNumber;

/// Where a held-back row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuarantineState {
    /// 未処理
    #[default]
    Open,
    /// 訂正済: a later import accepted the row.
    Corrected {
        /// The import.
        import: u32,
    },
    /// 差替: a later import held the row back again with other content.
    Replaced {
        /// The import.
        import: u32,
        /// The number of the row that stands for it now.
        by: u32,
    },
    /// 除外: an operator dismissed it.
    Dismissed,
}

impl QuarantineState {
    /// Whether something must still be done.
    pub fn is_open(self) -> bool {
        self == Self::Open
    }

    /// The Japanese wording.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "未処理",
            Self::Corrected { .. } => "訂正済",
            Self::Replaced { .. } => "差替",
            Self::Dismissed => "除外",
        }
    }

    /// The wording with the import or row that it speaks of.
    pub fn words(self) -> String {
        match self {
            Self::Open | Self::Dismissed => self.label().to_owned(),
            Self::Corrected { import } => format!("取込{import}で訂正済"),
            Self::Replaced { import, by } => format!("取込{import}で再び隔離(隔離番号 {by})"),
        }
    }
}

/// The columns that stand before the original ones when held-back rows are written out; an import knows them by name.
pub const COLUMNS: [&str; 6] = ["隔離番号", "隔離ファイル", "隔離行", "隔離コード", "隔離理由", "隔離確認"];

/// The place of 隔離番号 in [`COLUMNS`].
pub const NUMBER: usize = 0;
/// The place of 隔離行 in [`COLUMNS`].
pub const LINE: usize = 2;
/// The place of 隔離確認 in [`COLUMNS`]: ○ takes a row as it is.
pub const CONFIRM: usize = 5;

/// The name of a column that holds a cell beyond the last column of its file.
pub fn surplus(n: usize) -> String {
    format!("隔離余り{n}")
}

/// Whether a header name is one that was added when rows were written out.
pub fn is_added(name: &str) -> bool {
    let name = name.trim_matches([' ', '　', '\u{FEFF}']);
    COLUMNS.contains(&name) || is_surplus(name)
}

/// Whether a header name is one of [`surplus`].
pub fn is_surplus(name: &str) -> bool {
    name.strip_prefix("隔離余り").is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()))
}

/// The cells of a held-back row. One that could not be cut into cells is one text; it is cut at its commas (its tabs or
/// semicolons, where it has more of them), as well as its quotation marks allow.
pub fn cells(raw: &[String]) -> Cow<'_, [String]> {
    let [line] = raw else { return Cow::Borrowed(raw) };
    let count = |sign: &char| line.matches(*sign).count();
    // The last of the largest counts.
    let sign = [';', '\t', ','].into_iter().max_by_key(count).filter(|sign| count(sign) > 0);
    let Some(sign) = sign else { return Cow::Borrowed(raw) };
    let line = line.lines().next().unwrap_or_default();
    let balanced = line.matches('"').count() % 2 == 0;
    let mut cells = vec![String::new()];
    let mut inside = false;
    for c in line.chars() {
        match c {
            '"' => inside = balanced && !inside,
            c if c == sign && !inside => cells.push(String::new()),
            c => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    Cow::Owned(cells)
}

/// The cells of a held-back row as they may be shown: no 個人番号 beyond its last four digits.
///
/// `my_number` and `id` are the places of 個人番号 and 整理番号 where the row fits its header.
pub fn masked(cells: &[String], my_number: Option<usize>, id: Option<usize>) -> Vec<String> {
    let one = |(at, cell): (usize, &String)| {
        if Some(at) == my_number {
            mask_number(cell)
        } else if Some(at) == id {
            cell.clone()
        } else {
            mask(cell).into_owned()
        }
    };
    cells.iter().enumerate().map(one).collect()
}

/// Masks a cell that should be a 個人番号, whatever its form: all digits but the last four.
fn mask_number(cell: &str) -> String {
    if let Some(number) = MyNumber::parse(cell) {
        return format!("********{}", number.last4().digits());
    }
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    let mut seen = 0;
    let hide = |c: char| {
        if !c.is_numeric() {
            return c;
        }
        seen += 1;
        // Of a short one even fewer are shown.
        if seen + 4 <= digits || digits < 8 { '*' } else { c }
    };
    cell.chars().map(hide).collect()
}

/// The shortest and the longest run of digits that is taken for a 個人番号 with a digit too few or too many.
const RUN: std::ops::RangeInclusive<usize> = 11..=14;

/// Masks every run of about twelve digits, and a cell that is a 個人番号 with blanks or hyphens between its groups.
///
/// Which column a held-back cell belongs to may be unknown, so whatever has the form of a 個人番号 is taken for one.
pub fn mask(cell: &str) -> Cow<'_, str> {
    if let Some(number) = MyNumber::parse(cell) {
        return Cow::Owned(format!("********{}", number.last4().digits()));
    }
    let mut masked = String::with_capacity(cell.len());
    let mut run = String::new();
    let mut rest = cell.chars();
    loop {
        let next = rest.next();
        match next {
            Some(c @ ('0'..='9' | '０'..='９')) => {
                run.push(c);
                continue;
            }
            _ => masked.push_str(&masked_run(&run)),
        }
        run.clear();
        let Some(c) = next else { break };
        masked.push(c);
        // The two digits of an undecodable byte (`\xNN`) are no part of a number.
        if c == '\\' && rest.as_str().starts_with('x') {
            masked.extend(rest.by_ref().take(3));
        }
    }
    if masked == cell { Cow::Borrowed(cell) } else { Cow::Owned(masked) }
}

/// A run of digits, masked where it may be a number.
fn masked_run(run: &str) -> Cow<'_, str> {
    let length = run.chars().count();
    if !RUN.contains(&length) {
        return Cow::Borrowed(run);
    }
    Cow::Owned("*".repeat(length - 4).chars().chain(run.chars().skip(length - 4)).collect())
}

/// Gives back the original of a cell that was written out and not touched: masked, guarded against formulas, or with its
/// leading zeros lost in a spreadsheet.
pub fn restore<'a>(cell: &'a str, original: &'a str, shown: &str) -> (&'a str, bool) {
    let plain = cell.strip_prefix('\'').unwrap_or(cell);
    if cell == shown || plain == shown || plain == original {
        return (original, false);
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(cell) && digits(original) && original.len() > cell.len() && original.trim_start_matches('0') == cell {
        return (original, true);
    }
    (cell, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    #[test]
    fn my_numbers_are_masked() {
        for (raw, masked) in [
            ("000012345678", "********5678"),
            ("0000 1234 5678", "********5678"),
            ("００００１２３４５６７８", "********5678"),
            ("a,000012345678,b", "a,********5678,b"),
            ("a,００００１２３４５６７８", "a,********５６７８"),
            ("\\x81000012345678\\x8199990000", "\\x81********5678\\x8199990000"),
            ("********5678", "********5678"),
            ("00001234567", "*******4567"),
            ("0000123456789", "*********6789"),
            ("0123456789", "0123456789"),
            ("1.23457E+11", "1.23457E+11"),
            ("山田 \\", "山田 \\"),
            ("", ""),
        ] {
            assert_eq!(mask(raw), masked, "{raw}");
        }
    }

    #[test]
    fn the_number_column_is_masked_in_every_form_and_the_id_is_not() {
        let cells = owned(&["000000000012", "0000-1234-567", "000012345678"]);
        assert_eq!(masked(&cells, Some(1), Some(0)), ["000000000012", "****-***4-567", "********5678"]);
        assert_eq!(masked(&owned(&["1234567"]), Some(0), None), ["*******"]);
        assert_eq!(masked(&cells, None, None)[0], "********0012");
    }

    #[test]
    fn a_line_that_is_no_record_is_cut_at_its_commas() {
        assert_eq!(*cells(&owned(&["1,\"a,b\",c"])), owned(&["1", "a,b", "c"])[..]);
        assert_eq!(*cells(&owned(&["1,\"a,b"])), owned(&["1", "a", "b"])[..]);
        assert_eq!(*cells(&owned(&["1,a\n2,b"])), owned(&["1", "a"])[..]);
        assert_eq!(*cells(&owned(&["alone"])), owned(&["alone"])[..]);
        assert_eq!(*cells(&owned(&["1\t\"a\tb\"\tc,d"])), owned(&["1", "a\tb", "c,d"])[..]);
        assert_eq!(*cells(&owned(&["1;a,b;c"])), owned(&["1", "a,b", "c"])[..]);
        assert_eq!(*cells(&owned(&["1,a;b"])), owned(&["1", "a;b"])[..]);
        assert_eq!(*cells(&owned(&["1,2", "3"])), owned(&["1,2", "3"])[..]);
    }

    #[test]
    fn what_was_not_touched_comes_back() {
        for (cell, original, back, zeros) in [
            ("********5678", "000012345678", "000012345678", false),
            ("'=1+1", "=1+1", "=1+1", false),
            ("12", "0000000012", "0000000012", true),
            ("12", "012", "012", true),
            ("0012", "012", "0012", false),
            ("13", "0000000012", "13", false),
            ("", "0", "", false),
            ("山田", "山本", "山田", false),
        ] {
            assert_eq!(restore(cell, original, &mask(original)), (back, zeros), "{cell} {original}");
        }
    }
}
