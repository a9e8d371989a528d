//! Excel workbooks: text is taken as it was typed, and what a workbook no longer knows is never guessed.

use proptest::prelude::*;

use super::workbook_file::{Book, Cell, book, names, number, pack, row, same, sheet, text};
use super::*;
use crate::compare::FieldKind::{Address, Birth, Kana, Kanji};
use crate::domain::quarantine;
use crate::ingest::{LayoutProfile, Refusal, mapping};

fn raw(attributes: &str, inside: &str) -> Cell {
    Cell::Raw(attributes.to_owned(), inside.to_owned())
}

fn date(serial: impl std::fmt::Display, style: usize) -> Cell {
    Cell::Number(serial.to_string(), style)
}

fn refused(bytes: impl AsRef<[u8]>, options: &ImportOptions) -> Refusal {
    let store = empty();
    let error = run(&store, bytes, options).unwrap_err();
    assert!(store.look().imports.is_empty());
    match error {
        IngestError::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn with_sheet(name: &str) -> ImportOptions {
    ImportOptions { sheet: Some(name.to_owned()), ..Default::default() }
}

/// Imports rows of the canonical layout; the store, the report and the codes of held-back rows by their row of the sheet.
fn taken(rows: impl IntoIterator<Item = Vec<Cell>>) -> (Store, ImportReport, Vec<(u32, String)>) {
    let (store, report) = take(book(rows).bytes());
    let held = store.look().quarantine.iter().map(|held| (held.line, held.code.clone())).collect();
    (store, report, held)
}

#[test]
fn text_is_exact() {
    let phonetic = r#"<t>見本　花子</t><rPh sb="0" eb="2"><t>ミホン</t></rPh><rPh sb="3" eb="5"><t>ハナコ</t></rPh><phoneticPr fontId="1"/>"#;
    let rich = r#"<r><rPr><b/></rPr><t xml:space="preserve">見本 </t></r><r><t>一</t></r><r><t>郎</t></r><rPh sb="0" eb="2"><t>ミホン</t></rPh>"#;
    let rows = [
        row(1, |c| match c {
            Column::Left(Kanji) => Some(Cell::Shared(phonetic.to_owned())),
            Column::Right(Kanji) => Some(Cell::Shared(rich.to_owned())),
            Column::Left(Kana) => Some(text(" ﾐﾎﾝ　イチロウ ")),
            Column::Right(Kana) => Some(Cell::Inline(" ＭＩＨＯＮ".to_owned())),
            Column::Remarks => Some(text("一行目\n二行目, \"三\" <&>\n")),
            Column::Right(Address) => Some(raw("t=\"str\"", "<v> 赤坂 １ </v>")),
            _ => None,
        }),
        row(2, |c| match c {
            Column::Left(Kanji) => Some(raw("t=\"inlineStr\"", &format!("<is>{phonetic}</is>"))),
            Column::Remarks => Some(text("_x000D_\n\u{3000}")),
            _ => None,
        }),
    ];
    let (store, report, held) = taken(rows);
    assert_eq!((report.encoding.as_str(), report.separator, report.sheet.as_deref()), ("xlsx", None, Some("突合結果")));
    assert!(report.to_text().contains("Excel ブックのシート「突合結果」を読みました"), "{}", report.to_text());
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["sheet"], &json["separator"]), (&"突合結果".into(), &serde_json::Value::Null));
    assert_eq!((report.imported, held), (2, vec![]));
    let state = store.look();
    let cell = |at: usize, column: Column| state.records[at].cells[column.index()].as_str();
    assert_eq!(cell(0, Column::Id), "0000000001");
    assert_eq!(cell(0, Column::MyNumber), "000012345674");
    assert_eq!(cell(0, Column::Branch), "01");
    assert_eq!(cell(0, Column::Left(Kanji)), "見本　花子");
    assert_eq!(cell(0, Column::Right(Kanji)), "見本 一郎");
    assert_eq!(cell(0, Column::Left(Kana)), " ﾐﾎﾝ　イチロウ ");
    assert_eq!(cell(0, Column::Right(Kana)), " ＭＩＨＯＮ");
    assert_eq!(cell(0, Column::Remarks), "一行目\n二行目, \"三\" <&>\n");
    assert_eq!(cell(0, Column::Right(Address)), " 赤坂 １ ");
    assert_eq!(cell(0, Column::Left(Birth)), "19700102");
    assert_eq!(cell(1, Column::Left(Kanji)), "見本　花子");
    assert_eq!(cell(1, Column::Remarks), "\r\n\u{3000}");
}

#[test]
fn numbers_in_columns_that_identify_are_held_back() {
    let columns = [
        (Column::Id, "1"),
        (Column::MyNumber, "12345674"),
        (Column::MyNumber, "123456789018"),
        (Column::InsurerNo, "169854"),
        (Column::Symbol, "300000"),
        (Column::Number, "1.5E+20"),
        (Column::Branch, "1"),
    ];
    let good = || (100..110).map(|id| row(id, same));
    let bad = (1..).zip(columns).map(|(id, (column, digits))| row(id, move |c| (c == column).then(|| number(digits))));
    let (store, report, held) = taken(good().chain(bad));
    let expected: Vec<(u32, String)> = (12..19).map(|line| (line, "number-cell".to_owned())).collect();
    assert_eq!((report.imported, held), (10, expected), "{}", report.to_text());
    assert_eq!(report.quarantine["number-cell"].column, Some("整理番号"));
    let state = store.look();
    assert_eq!(quarantine::cells(&state.quarantine[5].raw)[Column::Number.index()], "150000000000000000000");
    // A format that shows zeros does not bring them back, a date and a truth value are no number of anybody either.
    let cells = [date(1, 4), date(45000, 1), raw("t=\"b\"", "<v>1</v>"), raw("t=\"e\"", "<v>#N/A</v>")];
    let bad = (1..).zip(cells).map(|(id, cell)| row(id, move |c| (c == Column::Id).then(|| cell.clone())));
    let (_, report, held) = taken(good().chain(bad));
    assert_eq!((report.imported, held.len()), (10, 4));
    assert!(held.iter().all(|(_, code)| code == "number-cell"));
    // Elsewhere a number is its digits.
    let plain = |c| match c {
        Column::Relation => Some(number(1)),
        Column::Left(Birth) => Some(number(19_700_102)),
        Column::Remarks => Some(number("-0.5")),
        _ => None,
    };
    let (store, _, held) = taken([row(1, plain)]);
    let cells = &store.look().records[0].cells;
    assert_eq!(held, []);
    assert_eq!(
        [Column::Relation, Column::Left(Birth), Column::Remarks].map(|c| cells[c.index()].as_str()),
        ["1", "19700102", "-0.5"]
    );
}

#[test]
fn a_column_of_numbers_refuses_the_file() {
    let bad = |id| row(id, move |c| (c == Column::Id).then(|| number(id)));
    let refusal = refused(book([row(9, same), bad(1), bad(2)]).bytes(), &ImportOptions::default());
    assert!(
        matches!(refusal, Refusal::NumberCells { rows: 3, numbers: 2, column: "整理番号", line: 3, .. }),
        "{refusal}"
    );
    assert!(refusal.to_string().contains("先頭の 0"), "{refusal}");
}

#[test]
fn dates_are_dates() {
    let rows = |days: f64| {
        [1, 2, 3].map(|style| {
            row(style as u32, move |c| match c {
                Column::Left(Birth) | Column::Right(Birth) => Some(date(25570.0 - days, style)),
                Column::Acquired => Some(date(43922.0 - days, style)),
                Column::MatchedOn => Some(date(45184.0 - days, style)),
                Column::Issued => Some(raw("t=\"d\"", "<v>2020-04-01T00:00:00</v>")),
                _ => None,
            })
        })
    };
    for (is_1904, days) in [(false, 0.0), (true, 1462.0)] {
        let (store, report) = take(Book { is_1904, ..book(rows(days)) }.bytes());
        assert_eq!((report.imported, report.warnings.len(), report.in_item1), (3, 0, 3), "{}", report.to_text());
        for record in store.look().records {
            let cell = |column: Column| record.cells[column.index()].as_str();
            assert_eq!([Column::Left(Birth), Column::Right(Birth)].map(cell), ["1970-01-02"; 2]);
            assert_eq!([Column::Acquired, Column::MatchedOn].map(cell), ["2020-04-01", "2023-09-15"]);
            assert_eq!(cell(Column::Issued), "2020-04-01");
        }
    }
}

#[test]
fn errors_and_truth_values_are_what_is_shown() {
    let odd = |c| match c {
        Column::Left(Address) => Some(raw("t=\"e\"", "<v>#N/A</v>")),
        Column::Remarks => Some(raw("t=\"b\"", "<v>1</v>")),
        _ => None,
    };
    let (store, report, held) = taken([row(1, odd)]);
    assert_eq!((report.warnings["excel-cell"], held), (1, vec![]));
    let cells = &store.look().records[0].cells;
    assert_eq!(
        (cells[Column::Left(Address).index()].as_str(), cells[Column::Remarks.index()].as_str()),
        ("#N/A", "TRUE")
    );
}

#[test]
fn formulas_give_what_was_computed() {
    let rows = [
        row(1, |c| (c == Column::Id).then(|| raw("t=\"str\"", "<f>TEXT(1,\"0000000000\")</f><v>0000000001</v>"))),
        row(2, |c| (c == Column::Remarks).then(|| raw("t=\"str\"", "<f>\"\"</f><v></v>"))),
        row(3, |c| (c == Column::Remarks).then(|| raw("", "<f>A1&amp;B1</f>"))),
        row(4, |c| (c == Column::Relation).then(|| raw("", "<f t=\"shared\" si=\"4000000000\"/><v>1</v>"))),
        // Formulas that were drawn down below the last row say nothing.
        vec![raw("t=\"str\"", "<f>\"\"</f><v></v>"); 29],
        vec![raw("", "<f>A1</f>"); 29],
    ];
    let (store, report, held) = taken(rows);
    assert_eq!(held, [(4, "formula-empty".to_owned()), (7, "formula-empty".to_owned())]);
    assert_eq!((report.imported, report.warnings["formula-cell"]), (3, 3));
    assert_eq!(report.warning_lines["formula-cell"], [2, 3, 5]);
    assert!(report.to_text().contains("保存されていた計算結果"));
    assert_eq!(store.look().records[0].key, "0000000001");
}

#[test]
fn rows_have_the_numbers_of_the_sheet() {
    let bad = |c| (c == Column::Overall).then(|| text("?"));
    let mut rows = book([row(1, same), row(2, bad), row(3, bad)]);
    for (at, (number, _)) in rows.sheets[0].rows.iter_mut().enumerate() {
        *number = [3, 4, 7, 1_000_000][at];
    }
    rows.sheets[0].rows.insert(0, (1, vec![text("突合結果一覧")]));
    rows.sheets[0].rows.insert(3, (5, vec![Cell::Empty, text(""), Cell::Number(String::new(), 1)]));
    rows.sheets[0].rows.insert(4, (6, vec![text(" "), text("　")]));
    let (store, report) = take(rows.bytes());
    assert_eq!((report.rows, report.imported), (4, 1), "{}", report.to_text());
    let lines: Vec<u32> = store.look().quarantine.iter().map(|held| held.line).collect();
    assert_eq!(lines, [6, 7, 1_000_000]);
}

#[test]
fn headers_of_two_rows_and_merged_titles_are_read_and_merged_rows_held_back() {
    let group = |c: &Column| match c {
        Column::Left(_) => "加入者情報",
        Column::Right(_) => "J-LIS情報",
        Column::Mark(_) => "判定結果",
        _ => "",
    };
    let groups = Column::ALL[..29].iter().map(|c| text(group(c))).collect();
    let name = |c: &Column| c.name().rsplit('_').next().unwrap_or_default().to_owned();
    let below = Column::ALL[..29].iter().map(|c| text(name(c))).collect();
    let footer = vec![text("合計"), Cell::Empty, raw("", "<f>COUNTA(A3:A5)</f><v>3</v>")];
    let all = [groups, below, row(1, same), row(2, same), row(3, same), row(4, same), row(5, same), footer];
    let mut file = Book { sheets: vec![sheet("a", all)], is_1904: false };
    file.sheets[0].merged = vec!["K1:L1", "A1:A2", "D5:D6", "E4", "AH3:AI3", "A8:B8"];
    let (store, report) = take(file.bytes());
    assert_eq!((report.imported, report.quarantined), (3, 2), "{}", report.to_text());
    assert_eq!((report.warnings["footer"], report.warnings.len()), (1, 1), "{:?}", report.warnings);
    let held = store.look().quarantine;
    assert_eq!(
        held.iter().map(|held| (held.line, held.code.as_str())).collect::<Vec<_>>(),
        [(5, "merged-cells"), (6, "merged-cells")]
    );
}

#[test]
fn a_sheet_is_never_guessed() {
    let of = |name, id| sheet(name, [names(), row(id, same)]);
    let hidden = |name, id| super::workbook_file::SheetXml { state: "hidden", ..of(name, id) };
    let empty_one = || sheet("Sheet3", [vec![Cell::Empty, Cell::Number(String::new(), 1)]]);
    let book = |sheets: Vec<_>| Book { sheets, is_1904: false }.bytes();
    let id = |bytes: &Vec<u8>, options: &ImportOptions| {
        let store = empty();
        let report = run(&store, bytes, options).unwrap();
        (store.look().records[0].key.clone(), report)
    };
    // One has content; a hidden one is said.
    let one = book(vec![empty_one(), of("全件", 1), hidden("前回", 2)]);
    let (key, report) = id(&one, &ImportOptions::default());
    assert_eq!((key.as_str(), report.sheet.as_deref()), ("0000000001", Some("全件")));
    assert_eq!(report.hidden_sheets, ["前回"]);
    assert!(report.to_text().contains("非表示のシート「前回」は読んでいません"));
    assert_eq!(id(&one, &with_sheet("前回")).0, "0000000002");
    // Several: named, and chosen by name in any case of letters.
    let two = book(vec![of("12月分", 1), of("Sheet2", 2), empty_one(), hidden("控え", 3)]);
    let refusal = refused(&two, &ImportOptions::default());
    assert!(matches!(&refusal, Refusal::SeveralSheets { sheets, .. } if sheets.len() == 3), "{refusal}");
    assert!(
        refusal
            .to_string()
            .contains("--sheet で指定してください(値があるのは 「12月分」、「Sheet2」、「控え」(非表示))"),
        "{refusal}"
    );
    assert_eq!(id(&two, &with_sheet("12月分")).0, "0000000001");
    assert_eq!(id(&two, &with_sheet(" sheet2 ")).0, "0000000002");
    let refusal = refused(&two, &with_sheet("1月分"));
    assert!(
        refusal.to_string().contains(
            "シート「1月分」はありません。あるのは 「12月分」、「Sheet2」、「Sheet3」、「控え」(非表示) です"
        ),
        "{refusal}"
    );
    // Only hidden ones have content: nobody meant them without saying so.
    let secret = book(vec![empty_one(), hidden("控え", 3)]);
    assert!(matches!(refused(&secret, &ImportOptions::default()), Refusal::SeveralSheets { .. }));
    assert_eq!(id(&secret, &with_sheet("控え")).0, "0000000003");
    assert!(matches!(refused(book(vec![empty_one()]), &ImportOptions::default()), Refusal::Empty { .. }));
    let refusal = refused(file(&[line(1, none)]), &with_sheet("a"));
    assert!(refusal.to_string().contains("Excel ブックではありません"), "{refusal}");
    // Another sheet of the same bytes is another file.
    let store = empty();
    run(&store, &two, &with_sheet("12月分")).unwrap();
    assert_eq!(run(&store, &two, &with_sheet("12月分")).unwrap().same_as, Some(1));
    let options = ImportOptions { allow_vanish: true, ..with_sheet("Sheet2") };
    let report = run(&store, &two, &options).unwrap();
    assert_eq!((report.same_as, report.imported, report.vanished), (None, 1, 1));
}

#[test]
fn a_workbook_and_a_text_file_of_the_same_rows_are_the_same() {
    let bytes = book([row(1, same), row(2, same)]).bytes();
    let (store, _) = take(&bytes);
    assert_eq!(run(&store, &bytes, &ImportOptions::default()).unwrap().same_as, Some(1));
    let text = file(&[line(1, none), line(2, none)]);
    assert!(run(&store, cp932(&text), &ImportOptions::default()).unwrap().same_content);
    let (store, _) = take(&text);
    assert!(run(&store, &bytes, &ImportOptions::default()).unwrap().same_content);
}

#[test]
fn columns_can_be_mapped_by_hand() {
    let place = place(book([row(1, same)]).bytes());
    let found = mapping(&place.path, &ImportOptions::default()).unwrap();
    assert_eq!((found.encoding, found.columns().len(), found.missing()), ("xlsx", 29, vec![]));
    // Without a header the first row is data, and its numbers are seen.
    let columns: String =
        Column::ALL[..29].iter().enumerate().map(|(n, c)| format!("\"{}\" = {}\n", c.name(), n + 1)).collect();
    let layout = LayoutProfile::parse(&format!("header_rows = 0\n[columns]\n{columns}")).unwrap();
    let options = ImportOptions { layout: Some(layout), ..Default::default() };
    let bad = row(1, |c| (c == Column::Id).then(|| number(1)));
    let file = Book { sheets: vec![sheet("a", [bad, row(2, same), row(3, same)])], is_1904: false };
    let store = empty();
    let report = run(&store, file.bytes(), &options).unwrap();
    assert_eq!((report.imported, report.quarantined, store.look().quarantine[0].line), (2, 1, 1));
}

#[test]
fn limits_hold_for_what_is_unpacked() {
    let note = "あ".repeat(2000);
    let bytes = book((1..=60).map(|id| row(id, |c| (c == Column::Remarks).then(|| text(note.clone()))))).bytes();
    let max = bytes.len() as u64 + 1000;
    let options = ImportOptions { max_bytes: max, settings: "/w/settings.toml".into(), ..Default::default() };
    let refusal = refused(&bytes, &options).to_string();
    assert!(
        refusal.contains("展開すると ") && refusal.contains("/w/settings.toml の [import] に max_size = \"1 MiB\""),
        "{refusal}"
    );
    assert_eq!(run(&empty(), &bytes, &ImportOptions::default()).unwrap().imported, 60);
    // More texts than fit into the table are promised.
    let mut parts = book([row(1, same)]).parts();
    let texts = parts.iter_mut().find(|(name, _)| name.ends_with("sharedStrings.xml")).unwrap();
    let at = texts.1.find("uniqueCount=\"").unwrap() + "uniqueCount=\"".len();
    texts.1.insert_str(at, "99999999999999");
    assert!(matches!(refused(pack(&parts), &ImportOptions::default()), Refusal::WrongKind { .. }));
    // A part that unpacks to more than the archive says of it.
    let mut bomb = bytes.clone();
    let name = b"xl/sharedStrings.xml";
    let entry = bomb.windows(name.len()).rposition(|part| part == name).unwrap() - 46;
    assert_eq!(bomb[entry..entry + 4], *b"PK\x01\x02");
    bomb[entry + 24..entry + 28].copy_from_slice(&1000u32.to_le_bytes());
    assert!(matches!(refused(&bomb, &ImportOptions::default()), Refusal::WrongKind { .. }));
    // One text in so many cells that their row would fill the memory.
    let mut wide = book([row(1, same), row(2, same)]);
    let again = vec![raw("t=\"s\"", "<v>0</v>"); 16_000];
    wide.sheets[0].rows.push((4, again));
    let mut parts = wide.parts();
    let texts = parts.iter_mut().find(|(name, _)| name.ends_with("sharedStrings.xml")).unwrap();
    texts.1 = texts.1.replacen("整理番号", &format!("整理番号{}", " ".repeat(20_000)), 1);
    let store = empty();
    let report = run(&store, pack(&parts), &ImportOptions::default()).unwrap();
    assert_eq!((report.imported, report.quarantined), (2, 1), "{}", report.to_text());
    assert_eq!(store.look().quarantine[0].code, "long-record");
    // A cell far to the right makes no long row of nothing.
    let mut far = book([row(1, same), row(2, same)]).parts();
    let xml = &mut far.last_mut().unwrap().1;
    *xml = xml.replace("</row></sheetData>", "<c r=\"XFD3\"><v></v></c></row></sheetData>");
    assert_eq!(run(&empty(), pack(&far), &ImportOptions::default()).unwrap().imported, 2);
    // A row longer than any record.
    let long = row(2, |c| (c == Column::Remarks).then(|| text("あ".repeat(30_000))));
    let (_, _, held) = taken([row(1, same), long]);
    assert_eq!(held, [(3, "long-record".to_owned())]);
}

#[test]
fn other_kinds_of_workbooks_are_named() {
    let compound = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 200_000], &name, &[0; 600]].concat()
    };
    let part = |name: &str| (name.to_owned(), "x".to_owned());
    let good = book([row(1, same)]);
    let mut cut = good.bytes();
    cut.truncate(cut.len() / 2);
    let mut backwards = good.clone();
    backwards.sheets[0].rows.push((1, row(2, same)));
    let mut broken = good.parts();
    let xml = &mut broken.last_mut().unwrap().1;
    xml.truncate(xml.floor_char_boundary(xml.len() - 200));
    let no_sheet: Vec<_> = good.parts().into_iter().filter(|(name, _)| !name.contains("rels/workbook")).collect();
    for (bytes, words) in [
        (compound("EncryptedPackage"), "パスワード付きの Excel ブック"),
        (compound("Workbook\0"), "古い形式の Excel ブック(.xls)"),
        (compound("Book\0"), "古い形式の Excel ブック(.xls)"),
        (compound("WordDocument\0"), "古い形式の Office"),
        (pack(&[part("mimetype"), part("content.xml")]), "OpenDocument"),
        (pack(&[part("[Content_Types].xml"), part("xl/workbook.bin")]), ".xlsb"),
        (pack(&[part("[Content_Types].xml"), part("word/document.xml")]), "ZIP"),
        (pack(&[part("突合結果.csv")]), "展開して"),
        (cut, "ZIP か、壊れた Excel ブック"),
        (pack(&no_sheet), "読めない Excel ブック"),
        (backwards.bytes(), ":1: シートのこの行から下"),
        (pack(&broken), ":2: シートのこの行から下"),
    ] {
        let refusal = refused(&bytes, &ImportOptions::default()).to_string();
        assert!(refusal.contains(words), "{words}: {refusal}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is done to the parts of a workbook, rows are accounted for or the file is refused.
    #[test]
    fn a_damaged_workbook_is_refused_or_accounted_for(
        part in 0usize..8,
        at in 0.0f64..1.0,
        cut in 0usize..40,
        put in "(<v>|</c>|<c r=\"[A-Z]{1,9}[0-9]{0,12}\"|<f>|<row r=\"[0-9]{1,11}\">|t=\"[a-z]{1,3}\"|<t>|</si>|&[a-z]{0,3};|[0-9]{1,12}|\u{0}|あ){0,2}",
    ) {
        let mut parts = book([row(1, same), row(2, same), row(3, |c| (c == Column::Acquired).then(|| date(43922, 2)))]).parts();
        let part = part % parts.len();
        let xml = &mut parts[part].1;
        let from = xml.floor_char_boundary((at * xml.len() as f64) as usize);
        let to = xml.floor_char_boundary((from + cut).min(xml.len()));
        xml.replace_range(from..to, &put);
        let store = empty();
        match run(&store, pack(&parts), &ImportOptions::default()) {
            Ok(report) => {
                prop_assert!(report.adds_up());
                prop_assert_eq!(store.look().records.len() as u64, report.imported);
            }
            Err(error) => {
                prop_assert!(error.is_refused(), "{error:?}");
                prop_assert!(store.look().imports.is_empty());
            }
        }
    }

    /// The same for the bytes of the archive.
    #[test]
    fn damaged_bytes_are_refused_or_accounted_for(at in 0.0f64..1.0, byte: u8, cut in 0usize..3) {
        let mut bytes = book([row(1, same)]).bytes();
        let at = ((at * bytes.len() as f64) as usize).min(bytes.len() - 1);
        bytes.splice(at..(at + cut).min(bytes.len()), [byte]);
        match run(&empty(), &bytes, &ImportOptions::default()) {
            Ok(report) => prop_assert!(report.adds_up()),
            Err(error) => prop_assert!(error.is_refused(), "{error:?}"),
        }
    }
}
