//! The rows held back at import as a table, so that they can be corrected and imported again (DOMAIN §7).

use std::borrow::Cow;

use super::csv::Table;
use crate::domain::person::MyNumber;
use crate::store::QuarantineRow;

/// Whether a 個人番号 in a raw cell is written out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MyNumbers {
    /// Only its last four digits, `********6825` (DESIGN §9).
    #[default]
    Masked,
    /// As it stood in the file, for correcting and importing again; the caller asks for a reason and audits it first.
    Plain,
}

/// Lays quarantined rows out: where and why, then the raw cells as they stood in the file.
///
/// The raw cells are headed `元の値1`, `元の値2` … since a held-back row may not fit the header of its file.
pub fn table(rows: &[QuarantineRow], numbers: MyNumbers) -> Table {
    let cells = rows.iter().map(|row| row.raw.len()).max().unwrap_or(0);
    let mut table = Table::new(
        ["ファイル", "行", "コード", "理由"]
            .into_iter()
            .map(str::to_owned)
            .chain((1..=cells).map(|n| format!("元の値{n}"))),
    );
    for row in rows {
        let place = [row.file.clone(), row.line.to_string(), row.code.clone(), row.reason.clone()];
        let raw = row.raw.iter().map(|cell| match numbers {
            MyNumbers::Masked => mask(cell).into_owned(),
            MyNumbers::Plain => cell.clone(),
        });
        table.push(place.into_iter().chain(raw));
    }
    table
}

/// Masks every run of exactly twelve digits, and a cell that is a 個人番号 with blanks or hyphens between its groups.
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

/// A run of digits, masked where it is twelve long.
fn masked_run(run: &str) -> Cow<'_, str> {
    if run.chars().count() != 12 {
        return Cow::Borrowed(run);
    }
    Cow::Owned("*".repeat(8).chars().chain(run.chars().skip(8)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::TextEncoding;

    fn row(line: u32, raw: &[&str]) -> QuarantineRow {
        QuarantineRow {
            import: 1,
            file: "zenken.csv".into(),
            line,
            code: "columns".into(),
            reason: "列の数が違います".into(),
            raw: raw.iter().map(|&cell| cell.to_owned()).collect(),
        }
    }

    #[test]
    fn raw_cells_follow_place_and_reason() {
        let table = table(&[row(5, &["0001", "=\"00123\"", "=1+1"]), row(9, &["\\x81"])], MyNumbers::Masked);
        let text = String::from_utf8(table.to_csv(TextEncoding::Utf8).unwrap()).unwrap();
        let expected = "ファイル,行,コード,理由,元の値1,元の値2,元の値3\r\n\
            zenken.csv,5,columns,列の数が違います,0001,\"=\"\"00123\"\"\",'=1+1\r\n\
            zenken.csv,9,columns,列の数が違います,\\x81,,\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_held_back_is_a_header() {
        assert_eq!(
            table(&[], MyNumbers::Masked).to_csv(TextEncoding::Utf8).unwrap(),
            "ファイル,行,コード,理由\r\n".as_bytes()
        );
    }

    #[test]
    fn my_numbers_are_masked_unless_asked_for() {
        for (raw, masked) in [
            ("000012345678", "********5678"),
            ("0000 1234 5678", "********5678"),
            ("００００１２３４５６７８", "********5678"),
            ("a,000012345678,b", "a,********5678,b"),
            ("a,００００１２３４５６７８", "a,********５６７８"),
            ("\\x81000012345678\\x8199990000", "\\x81********5678\\x8199990000"),
            ("********5678", "********5678"),
            ("00001234567", "00001234567"),
            ("0000123456789", "0000123456789"),
            ("1.23457E+11", "1.23457E+11"),
            ("山田 \\", "山田 \\"),
            ("", ""),
        ] {
            assert_eq!(mask(raw), masked, "{raw}");
            let cell = |numbers| table(&[row(2, &[raw])], numbers).rows[0][4].clone();
            assert_eq!((cell(MyNumbers::default()), cell(MyNumbers::Plain)), (masked.to_owned(), raw.to_owned()));
        }
    }
}
