//! The rows held back at import as a table, so that they can be corrected and imported again (DOMAIN §7).

use super::csv::Table;
use crate::store::QuarantineRow;

/// Lays quarantined rows out: where and why, then the raw cells as they stood in the file.
///
/// The raw cells are headed `元の値1`, `元の値2` … since a held-back row may not fit the header of its file.
pub fn table(rows: &[QuarantineRow]) -> Table {
    let cells = rows.iter().map(|row| row.raw.len()).max().unwrap_or(0);
    let mut table = Table::new(
        ["ファイル", "行", "コード", "理由"]
            .into_iter()
            .map(str::to_owned)
            .chain((1..=cells).map(|n| format!("元の値{n}"))),
    );
    for row in rows {
        let place = [row.file.clone(), row.line.to_string(), row.code.clone(), row.reason.clone()];
        table.push(place.into_iter().chain(row.raw.iter().cloned()));
    }
    table
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
        let table = table(&[row(5, &["0001", "=\"00123\"", "=1+1"]), row(9, &["\\x81"])]);
        let text = String::from_utf8(table.to_csv(TextEncoding::Utf8).unwrap()).unwrap();
        let expected = "ファイル,行,コード,理由,元の値1,元の値2,元の値3\r\n\
            zenken.csv,5,columns,列の数が違います,0001,\"=\"\"00123\"\"\",'=1+1\r\n\
            zenken.csv,9,columns,列の数が違います,\\x81,,\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_held_back_is_a_header() {
        assert_eq!(table(&[]).to_csv(TextEncoding::Utf8).unwrap(), "ファイル,行,コード,理由\r\n".as_bytes());
    }
}
