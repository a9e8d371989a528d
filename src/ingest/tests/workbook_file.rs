//! Small workbooks for the tests, written part by part so that every oddity can be put into them.

use std::fmt::Write as _;
use std::io::Write as _;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Column, plain};

/// A cell as it stands in the XML of a sheet.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Nothing at all.
    Empty,
    /// Text in the table of shared texts.
    Text(String),
    /// The inside of an `<si>` of that table.
    Shared(String),
    /// Text in the cell.
    Inline(String),
    /// A number with the number of a format (see [`STYLES`]).
    Number(String, usize),
    /// Attributes and inside of a `<c>`.
    Raw(String, String),
}

/// Formats by number: General, date, date of a Japanese Excel, 和暦, zeros in front, time span.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="164" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="165" formatCode="0000000000"/><numFmt numFmtId="166" formatCode="[h]:mm:ss"/></numFmts><cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="27"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>"#;

/// A sheet of a workbook.
#[derive(Clone, Debug, Default)]
pub(super) struct SheetXml {
    pub(super) name: &'static str,
    /// `hidden`, `veryHidden` or nothing.
    pub(super) state: &'static str,
    pub(super) rows: Vec<(u32, Vec<Cell>)>,
    pub(super) merged: Vec<&'static str>,
}

/// A workbook.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    pub(super) sheets: Vec<SheetXml>,
    pub(super) is_1904: bool,
}

pub(super) fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

pub(super) fn number(number: impl std::fmt::Display) -> Cell {
    Cell::Number(number.to_string(), 0)
}

/// The canonical header as cells.
pub(super) fn names() -> Vec<Cell> {
    Column::ALL[..29].iter().map(|column| text(column.name())).collect()
}

/// A row of the canonical layout, all text but for what `change` puts elsewhere.
pub(super) fn row(id: u32, change: impl Fn(Column) -> Option<Cell>) -> Vec<Cell> {
    let cell = |column: &Column| match change(*column) {
        Some(cell) => cell,
        None if plain(id, *column).is_empty() => Cell::Empty,
        None => text(plain(id, *column)),
    };
    Column::ALL[..29].iter().map(cell).collect()
}

pub(super) fn same(_: Column) -> Option<Cell> {
    None
}

/// A sheet of rows one below the other.
pub(super) fn sheet(name: &'static str, rows: impl IntoIterator<Item = Vec<Cell>>) -> SheetXml {
    SheetXml { name, rows: (1..).zip(rows).collect(), ..SheetXml::default() }
}

/// A workbook of one sheet with the canonical header.
pub(super) fn book(rows: impl IntoIterator<Item = Vec<Cell>>) -> Book {
    Book { sheets: vec![sheet("突合結果", std::iter::once(names()).chain(rows))], is_1904: false }
}

impl Book {
    /// The bytes of the file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        pack(&self.parts())
    }

    /// Its parts: name and XML.
    pub(super) fn parts(&self) -> Vec<(String, String)> {
        let mut texts: Vec<String> = Vec::new();
        let sheets: Vec<String> = self.sheets.iter().map(|sheet| sheet_xml(sheet, &mut texts)).collect();
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let (mut list, mut relations) = (String::new(), String::new());
        for (n, sheet) in (1..).zip(&self.sheets) {
            let state = if sheet.state.is_empty() { String::new() } else { format!(r#" state="{}""#, sheet.state) };
            let _ = write!(list, r#"<sheet name="{}" sheetId="{n}"{state} r:id="rId{n}"/>"#, escaped(sheet.name));
            let _ = write!(
                relations,
                r#"<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>"#
            );
        }
        let dates = if self.is_1904 { r#"<workbookPr date1904="1"/>"# } else { "" };
        let items: String = texts.iter().map(|text| format!("<si>{text}</si>")).collect();
        let count = texts.len();
        let mut parts = vec![
            ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
            (
                "_rels/.rels".to_owned(),
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml".to_owned(),
                format!(r#"<workbook xmlns="{main}" xmlns:r="{office}">{dates}<sheets>{list}</sheets></workbook>"#),
            ),
            (
                "xl/_rels/workbook.xml.rels".to_owned(),
                format!(r#"<Relationships xmlns="{package}">{relations}</Relationships>"#),
            ),
            ("xl/styles.xml".to_owned(), STYLES.to_owned()),
            (
                "xl/sharedStrings.xml".to_owned(),
                format!(r#"<sst xmlns="{main}" count="{count}" uniqueCount="{count}">{items}</sst>"#),
            ),
        ];
        let sheets = (1..).zip(sheets).map(|(n, xml): (u32, _)| (format!("xl/worksheets/sheet{n}.xml"), xml));
        parts.extend(sheets);
        parts
    }
}

/// A zip archive of parts.
pub(super) fn pack(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, xml) in parts {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(xml.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn t(text: &str) -> String {
    let keep = if text.trim() == text { "" } else { r#" xml:space="preserve""# };
    format!("<t{keep}>{}</t>", escaped(text))
}

fn letters(column: usize) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters
}

fn sheet_xml(sheet: &SheetXml, texts: &mut Vec<String>) -> String {
    let mut xml =
        String::from(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#);
    for (number, cells) in &sheet.rows {
        let _ = write!(xml, r#"<row r="{number}">"#);
        for (column, cell) in cells.iter().enumerate() {
            let place = format!("{}{number}", letters(column));
            let mut share = |inside: String| {
                texts.push(inside);
                texts.len() - 1
            };
            let _ = match cell {
                Cell::Empty => Ok(()),
                Cell::Text(text) => write!(xml, r#"<c r="{place}" t="s"><v>{}</v></c>"#, share(t(text))),
                Cell::Shared(inside) => write!(xml, r#"<c r="{place}" t="s"><v>{}</v></c>"#, share(inside.clone())),
                Cell::Inline(text) => write!(xml, r#"<c r="{place}" t="inlineStr"><is>{}</is></c>"#, t(text)),
                Cell::Number(number, style) => write!(xml, r#"<c r="{place}" s="{style}"><v>{number}</v></c>"#),
                Cell::Raw(attributes, inside) => write!(xml, r#"<c r="{place}" {attributes}>{inside}</c>"#),
            };
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData>");
    if !sheet.merged.is_empty() {
        let regions: String = sheet.merged.iter().map(|region| format!(r#"<mergeCell ref="{region}"/>"#)).collect();
        let _ = write!(xml, r#"<mergeCells count="{}">{regions}</mergeCells>"#, sheet.merged.len());
    }
    xml.push_str("</worksheet>");
    xml
}
