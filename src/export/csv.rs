//! A table as CSV bytes: CRLF, three encodings, and the guard against formulas.
//!
//! [`crate::domain::formula`] defines which cells are guarded and how the guard is removed.

use std::borrow::Cow;

use super::cell::Cell;
use super::encoding::TextEncoding;
use super::error::{ExportError, Unencodable, UnencodableCell};
use crate::domain::original_codes::OriginalCodes;
use crate::domain::quarantine;
use crate::domain::record::Column;

/// A header and rows of cells. Rows may be shorter than the header: the rest is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The titles of the columns.
    pub header: Vec<String>,
    /// The data rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Columns that identify the record of a row, in order of preference.
const IDS: [&str; 2] = [Column::Id.name(), quarantine::COLUMNS[quarantine::NUMBER]];

impl Table {
    /// Makes an empty table.
    pub fn new<T: Into<String>>(header: impl IntoIterator<Item = T>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Adds a row.
    pub fn push<T: Into<Cell>>(&mut self, row: impl IntoIterator<Item = T>) {
        self.rows.push(row.into_iter().map(Into::into).collect());
    }

    /// Writes the table as CSV: CRLF, quotes where needed, every line as wide as the widest, formulas guarded.
    ///
    /// Refuses characters that the encoding cannot hold, naming the records and columns; never writes a substitute.
    pub fn to_csv(&self, encoding: TextEncoding) -> Result<Vec<u8>, ExportError> {
        let width = self.rows.iter().map(Vec::len).chain([self.header.len()]).max().unwrap_or(0);
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(match encoding {
            TextEncoding::Utf8Bom => "\u{feff}".as_bytes().to_vec(),
            TextEncoding::Utf8 | TextEncoding::Cp932 => Vec::new(),
        });
        let header: Vec<Cell> = self.header.iter().map(|title| Cell::from(title.as_str())).collect();
        let mut faults = Unencodable::default();
        for (number, row) in std::iter::once(&header).chain(&self.rows).enumerate() {
            let mut record = csv::ByteRecord::new();
            for column in 0..width {
                let cell = row.get(column).unwrap_or(&Cell::Empty);
                let text = cell.guarded();
                match encoding {
                    TextEncoding::Utf8Bom | TextEncoding::Utf8 => record.push_field(text.as_bytes()),
                    TextEncoding::Cp932 => match to_cp932(&text, cell.twins()) {
                        Ok(bytes) => record.push_field(&bytes),
                        Err(character) => faults.add(|| UnencodableCell {
                            row: number,
                            id: self.id(number),
                            column: self.title(column),
                            character,
                        }),
                    },
                }
            }
            if faults.cells == 0 {
                writer.write_byte_record(&record).expect("writing to memory cannot fail and all rows are equally wide");
            }
        }
        if faults.cells > 0 {
            return Err(ExportError::Unencodable { faults, encoding });
        }
        Ok(writer.into_inner().expect("flushing to memory cannot fail"))
    }

    /// The table with whatever cannot be seen spelt out, for a terminal; files take it as it is.
    pub fn shown(self) -> Self {
        let rows = self.rows.into_iter().map(|row| row.into_iter().map(Cell::shown).collect());
        Self { rows: rows.collect(), header: self.header }
    }

    /// Title and value of the cell that identifies the record of a row, counted from 1 below the header.
    fn id(&self, number: usize) -> Option<String> {
        let row = self.rows.get(number.checked_sub(1)?)?;
        let at = IDS.iter().find_map(|id| self.header.iter().position(|title| title == id))?;
        row.get(at).filter(|id| !id.is_empty()).map(|id| format!("{} {}", self.header[at], id.text()))
    }

    fn title(&self, column: usize) -> String {
        self.header.get(column).cloned().unwrap_or_else(|| format!("{}列目", column + 1))
    }
}

/// First code point of the 外字 area of CP932.
const GAIJI: u32 = 0xE000;
/// Number of 外字 under each lead byte.
const GAIJI_PER_LEAD: u32 = 188;
/// Number of 外字: ten lead bytes.
const GAIJI_COUNT: u32 = 10 * GAIJI_PER_LEAD;

/// Encodes a text in CP932; gives the first character that would not come back unchanged.
///
/// Characters that the encoder replaces with a look-alike (U+00A5 ¥, U+203E ‾, U+2212 −) are refused as well. Of two codes
/// of one character the one that it had in its file is written.
fn to_cp932<'t>(text: &'t str, twins: Option<&OriginalCodes>) -> Result<Cow<'t, [u8]>, char> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0u8; 4];
    let none = OriginalCodes::default();
    for (c, own) in twins.unwrap_or(&none).of(text) {
        if let Some(own) = own {
            bytes.extend(own);
            continue;
        }
        match u32::from(c) {
            0..0x80 => bytes.push(c as u8),
            code @ GAIJI.. if code < GAIJI + GAIJI_COUNT => bytes.extend(gaiji(code - GAIJI)),
            _ => {
                let one: &str = c.encode_utf8(&mut buffer);
                let (encoded, _, lossy) = encoding_rs::SHIFT_JIS.encode(one);
                let back = encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&encoded);
                if lossy || back.as_deref() != Some(one) {
                    return Err(c);
                }
                bytes.extend_from_slice(&encoded);
            }
        }
    }
    Ok(Cow::Owned(bytes))
}

/// The bytes F040–F9FC of the n-th 外字; trail bytes leave out 7F.
fn gaiji(n: u32) -> [u8; 2] {
    let (lead, trail) = (n / GAIJI_PER_LEAD, n % GAIJI_PER_LEAD);
    let skip = if trail < 0x3F { 0x40 } else { 0x41 };
    [(0xF0 + lead) as u8, (trail + skip) as u8]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::formula::guard;
    use crate::domain::original_codes::character;

    fn table(rows: &[&[&str]]) -> Table {
        let mut table = Table::new(["整理番号", "氏名"]);
        for row in rows {
            table.push(row.iter().copied());
        }
        table
    }

    fn read_back(bytes: &[u8]) -> Vec<Vec<String>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes)
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn bytes_of_a_small_table() {
        let table = table(&[&["0001", "山田,太郎"], &["0002"], &["0003", "a\"b\r\nc"]]);
        let text = "整理番号,氏名\r\n0001,\"山田,太郎\"\r\n0002,\r\n0003,\"a\"\"b\r\nc\"\r\n";
        assert_eq!(table.to_csv(TextEncoding::Utf8).unwrap(), text.as_bytes());
        assert_eq!(table.to_csv(TextEncoding::Utf8Bom).unwrap(), format!("\u{feff}{text}").as_bytes());
        let (cp932, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
        assert!(!lossy);
        assert_eq!(table.to_csv(TextEncoding::Cp932).unwrap(), &*cp932);
    }

    #[test]
    fn degenerate_tables() {
        assert_eq!(Table::default().to_csv(TextEncoding::Utf8).unwrap(), b"\"\"\r\n");
        assert_eq!(Table::new(["a"]).to_csv(TextEncoding::Utf8).unwrap(), b"a\r\n");
        let mut wide = Table::new(["a"]);
        wide.push(["1", "2", "3"]);
        assert_eq!(wide.to_csv(TextEncoding::Utf8).unwrap(), b"a,,\r\n1,2,3\r\n");
    }

    #[test]
    fn cp932_refuses_with_row_column_and_code_point() {
        let refused = table(&[&["1", "山田"], &["2", "𠮷田"]]).to_csv(TextEncoding::Cp932).unwrap_err();
        let words = refused.to_string();
        for part in ["2 件目(整理番号 2)", "「氏名」", "「𠮷」(U+20BB7)", "cp932", "--encoding utf-8-bom"]
        {
            assert!(words.contains(part), "{words}");
        }
        assert!(!words.contains('田'), "no personal data in an error: {words}");
        let header = Table::new(["a", "\u{2212}"]).to_csv(TextEncoding::Cp932).unwrap_err();
        assert!(header.to_string().contains("見出し"), "{header}");
    }

    /// Of many only the first are listed, all are counted, and what cannot be seen is spelt out.
    #[test]
    fn cp932_names_every_record_at_fault() {
        let rows: Vec<[String; 2]> = (1..=9).map(|n| [format!("{n:04}"), "a\u{200B}".to_owned()]).collect();
        let mut table = Table::new(["整理番号", "氏名"]);
        rows.into_iter().for_each(|row| table.push(row));
        let words = table.to_csv(TextEncoding::Cp932).unwrap_err().to_string();
        for part in ["9 か所", "整理番号 0001", "整理番号 0005", "(U+200B)", "ほか 4 か所"] {
            assert!(words.contains(part), "{words}");
        }
        assert!(!words.contains("整理番号 0006") && !words.contains('\u{200B}'), "{words}");
    }

    /// A look-alike written instead of the character is as silent as a `?`.
    #[test]
    fn cp932_never_writes_a_look_alike() {
        for c in ['¥', '‾', '−', '〜', '\u{e758}', '\u{f8ff}', '\u{fe00}', '①'] {
            assert_eq!(to_cp932(&c.to_string(), None).is_ok(), c == '①', "U+{:04X}", u32::from(c));
        }
        assert_eq!(to_cp932("\\~", None).unwrap(), b"\\~".as_slice());
    }

    #[test]
    fn every_double_byte_and_single_byte_of_cp932_comes_back() {
        let mut seen = 0;
        for lead in 0x81..=0xFCu8 {
            for trail in 0x40..=0xFCu8 {
                let bytes = [lead, trail];
                let Some(text) = encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes)
                else {
                    continue;
                };
                if text.chars().count() != 1 {
                    continue;
                }
                // NEC and IBM rows hold some characters twice, so bytes may differ unless it is said which; the character
                // must not.
                let again = to_cp932(&text, None).unwrap();
                let back = encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&again);
                assert_eq!(back.as_deref(), Some(&*text), "{bytes:02X?}");
                let mut own = OriginalCodes::default();
                if character(bytes).is_some() {
                    own.push(0, bytes);
                }
                assert_eq!(&*to_cp932(&text, Some(&own)).unwrap(), &bytes[..], "with its own bytes");
                if (0xF0..=0xF9).contains(&lead) {
                    assert_eq!(again, &bytes[..], "外字 keep their bytes");
                }
                seen += 1;
            }
        }
        assert!(seen > 9_000, "{seen}");
        assert_eq!((gaiji(0), gaiji(GAIJI_COUNT - 1)), ([0xF0, 0x40], [0xF9, 0xFC]));
    }

    #[test]
    fn characters_of_names_that_cp932_holds() {
        for text in ["髙﨑", "德永", "①②③", "ﾀｶｻｷ", "～－∥￢", "℡㈱"] {
            let bytes = to_cp932(text, None).unwrap();
            assert_eq!(encoding_rs::SHIFT_JIS.decode(&bytes).0, text);
        }
    }

    proptest! {
        /// What is written is read back cell by cell, the guard's apostrophe aside.
        #[test]
        fn csv_round_trips(rows in prop::collection::vec(prop::collection::vec("[ -~\r\n\t，、あア亜髙\"',=+@-]{0,12}", 3), 0..8)) {
            let mut table = Table::new(["a", "b", "c"]);
            for row in &rows {
                table.push(row.clone());
            }
            let written = read_back(&table.to_csv(TextEncoding::Utf8).unwrap());
            prop_assert_eq!(written.len(), rows.len() + 1);
            for (wanted, found) in rows.iter().zip(&written[1..]) {
                let wanted: Vec<_> = wanted.iter().map(|cell| guard(cell).into_owned()).collect();
                prop_assert_eq!(&wanted, found);
            }
        }

        /// CP932 gives every text back unchanged, or refuses it.
        #[test]
        fn cp932_never_loses_a_character_silently(text in prop_oneof![
            "\\PC{0,20}",
            "[ -~ぁ-んァ-ヶ亜-瑤①-⑳\u{e000}-\u{e757}ｱ-ﾝ]{0,20}",
        ]) {
            match to_cp932(&text, None) {
                Ok(bytes) => {
                    let back = encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes);
                    prop_assert_eq!(back.as_deref(), Some(text.as_str()));
                }
                Err(c) => prop_assert!(text.contains(c)),
            }
        }
    }
}
