//! Files whose cells stand between tabs or semicolons: read like those with commas, and never taken for one another.

use proptest::prelude::*;

use super::*;
use crate::compare::FieldKind;
use crate::domain::quarantine;
use crate::ingest::{Encoding, LayoutProfile, Refusal, Separator, mapping};

/// The same cells with another separator; a cell that holds it, a quotation mark or a line end is quoted.
fn separated(rows: &[Vec<String>], separator: Separator) -> String {
    let sign = char::from(separator.byte());
    let quoted = |cell: &String| match cell.contains([sign, '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(&sign.to_string()) + "\r\n").collect()
}

/// Header and rows of a file whose cells hold no separator.
fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let unit = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn tabs_and_semicolons_are_read_and_said() {
    let bad = |c| (c == Column::Overall).then_some("?");
    let table = rows(&file(&[line(1, none), line(2, bad), line(3, none)]));
    for (separator, word, said) in
        [(Separator::Tab, "tab", "区切りがタブ"), (Separator::Semicolon, "semicolon", "区切りがセミコロン")]
    {
        let text = separated(&table, separator);
        for (bytes, encoding) in [
            (text.clone().into_bytes(), "utf-8"),
            (format!("\u{FEFF}{text}").into_bytes(), "utf-8"),
            (cp932(&text), "cp932"),
            (utf16(&text, true), "utf-16le"),
            (utf16(&text, false), "utf-16be"),
            (format!("sep={}\r\n{text}", char::from(separator.byte())).into_bytes(), "utf-8"),
        ] {
            let title = bytes.starts_with(b"sep=");
            let (store, report) = take(&bytes);
            assert_eq!((report.encoding.as_str(), report.separator), (encoding, Some(separator)));
            assert_eq!((report.rows, report.imported, report.quarantined), (3, 2, 1));
            assert!(report.to_text().contains(said), "{}", report.to_text());
            let json = serde_json::to_value(&report).unwrap();
            assert_eq!((&json["separator"], &json["sheet"]), (&word.into(), &serde_json::Value::Null));
            let state = store.look();
            assert_eq!(state.quarantine[0].line, 3 + u32::from(title));
            assert_eq!(state.records[1].key, "0000000003");
            // The same file again changes nothing, nor does the same content with commas.
            assert!(run(&store, &bytes, &ImportOptions::default()).unwrap().same_as == Some(1));
            assert!(run(&store, separated(&table, Separator::Comma), &ImportOptions::default()).unwrap().same_content);
        }
    }
    let (_, report) = take(separated(&table, Separator::Comma));
    assert_eq!((report.separator, report.to_text().contains("区切り")), (Some(Separator::Comma), false));
}

#[test]
fn quotes_repeated_headers_and_torn_records_are_as_with_commas() {
    for separator in [Separator::Tab, Separator::Semicolon] {
        let sign = char::from(separator.byte()).to_string();
        let with = |text: String| text.replace(',', &sign);
        let note = format!("\"一行目\n二{sign}行目, \"\"三\"\"\"");
        let rows = [
            with(line(1, none)) + &note,
            with(header()),
            with(line(2, none)) + "\"余り\"x",
            with(line(3, none)),
            with(line(4, none)) + &sign,
        ];
        let (store, report) = take(format!("{}\r\n{}\r\n", with(header()), rows.join("\r\n")));
        assert_eq!((report.imported, report.quarantined), (3, 1), "{}", report.to_text());
        assert_eq!((report.warnings["header-line"], report.warnings["trailing-commas"]), (1, 1));
        let state = store.look();
        assert_eq!(state.records[0].cells[Column::Remarks.index()], format!("一行目\n二{sign}行目, \"三\""));
        let held = &state.quarantine[0];
        assert_eq!((held.line, held.code.as_str(), held.key.as_deref()), (5, "quote", Some("0000000002")));
        let open = with(line(1, none)) + "\"開いたまま\r\n" + &with(line(2, none));
        let error = run(&empty(), format!("{}\r\n{open}", with(header())), &ImportOptions::default()).unwrap_err();
        assert!(error.to_string().contains(":2: 引用符"), "{error}");
    }
}

#[test]
fn what_a_header_says_decides() {
    // Cells full of other separators.
    let odd = |c| match c {
        Column::Remarks => Some("a\tb\tc;d;e"),
        Column::Symbol => Some("茅;\t記"),
        _ => None,
    };
    let text = file(&[line(1, odd), line(2, odd)]);
    let (store, report) = take(&text);
    assert_eq!((report.separator, report.imported), (Some(Separator::Comma), 2));
    assert_eq!(store.look().records[0].cells[Column::Remarks.index()], "a\tb\tc;d;e");
    for separator in [Separator::Tab, Separator::Semicolon] {
        let commas = |c| match c {
            Column::Remarks => Some("a,b,c,d"),
            Column::Left(FieldKind::Address) => Some("赤坂1,2,3"),
            _ => None,
        };
        let columns = &Column::ALL[..29];
        let cells = |id| columns.iter().map(|c| commas(*c).map_or_else(|| plain(id, *c), str::to_owned)).collect();
        let names = columns.iter().map(|c| c.name().to_owned()).collect();
        // Nothing is quoted for its commas.
        let (store, report) = take(separated(&[names, cells(1), cells(2)], separator));
        assert_eq!((report.separator, report.imported), (Some(separator), 2));
        assert_eq!(store.look().records[0].cells[Column::Remarks.index()], "a,b,c,d");
    }
    // A title with tabs above a header with commas.
    let (_, report) = take(format!("突合結果\t令和5年\t;\r\n{text}"));
    assert_eq!(report.separator, Some(Separator::Comma));
    // Two headers, and nobody knows which one holds.
    let both = format!("{}\r\n{text}", header().replace(',', "\t"));
    let error = run(&empty(), both, &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, IngestError::Refused(Refusal::Separators { .. })), "{error:?}");
    assert!(error.to_string().contains("カンマ(,)、タブ のどれか決められません"), "{error}");
}

#[test]
fn a_column_that_is_missing_is_named_and_mapped() {
    let text = file(&[line(1, none)]).replace("加入者情報_住所", "別の列").replace(',', "\t");
    let error = run(&empty(), &text, &ImportOptions::default()).unwrap_err();
    let IngestError::Refused(Refusal::Columns { missing, profile, .. }) = error else { panic!("{error:?}") };
    assert_eq!(missing, ["加入者情報_住所"]);
    assert!(profile.contains("別の列") && LayoutProfile::parse(&profile).is_ok());
    let place = place(&text);
    let found = mapping(&place.path, &ImportOptions::default()).unwrap();
    assert_eq!((found.columns().len(), found.missing()), (29, vec![Column::Left(FieldKind::Address)]));
    let layout = LayoutProfile::parse("[columns]\n\"加入者情報_住所\" = \"別の列\"\n").unwrap();
    let options = ImportOptions { layout: Some(layout), ..Default::default() };
    assert_eq!(run(&empty(), &text, &options).unwrap().imported, 1);
    // Without a header, by a profile with numbers.
    let columns: String =
        Column::ALL[..29].iter().enumerate().map(|(n, c)| format!("\"{}\" = {}\n", c.name(), n + 1)).collect();
    let layout = LayoutProfile::parse(&format!("[columns]\n{columns}")).unwrap();
    let options = ImportOptions { layout: Some(layout), ..Default::default() };
    let bare = format!("{}\r\n{}\r\n", line(1, none), line(2, none)).replace(',', ";");
    let report = run(&empty(), bare, &options).unwrap();
    assert_eq!((report.separator, report.imported), (Some(Separator::Semicolon), 2));
}

#[test]
fn other_signs_are_still_named() {
    for (sign, word) in ["|", "，"].into_iter().zip(["縦線", "全角コンマ"]) {
        let error = run(&empty(), file(&[line(1, none)]).replace(',', sign), &ImportOptions::default()).unwrap_err();
        assert!(error.is_refused() && error.to_string().contains(word), "{error}");
    }
}

#[test]
fn undecodable_rows_and_forced_encodings_keep_their_places() {
    let text = file(&(1..=200).map(|n| line(n, none)).collect::<Vec<_>>()).replace(',', "\t");
    let mut bytes = cp932(&text);
    let at = bytes.windows(6).position(|w| w == b"169854").unwrap();
    bytes[at] = 0xFD;
    let options = ImportOptions { encoding: Some(Encoding::Cp932), ..Default::default() };
    let store = empty();
    let report = run(&store, &bytes, &options).unwrap();
    assert_eq!((report.imported, report.quarantined), (199, 1));
    let held = &store.look().quarantine[0];
    assert_eq!((held.code.as_str(), held.line, held.key.as_deref()), ("undecodable", 2, Some("0000000001")));
    assert_eq!(quarantine::cells(&held.raw).len(), 29);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever stands in the cells, a file says the same with each separator.
    #[test]
    fn a_table_is_the_same_with_each_separator(cells in proptest::collection::vec("[ab,;\t\"\n|あ]{0,6}", 12)) {
        let free = [Column::Remarks, Column::Left(FieldKind::Address), Column::Right(FieldKind::Kanji), Column::Symbol];
        let columns = &Column::ALL[..29];
        let mut table = vec![columns.iter().map(|c| c.name().to_owned()).collect::<Vec<_>>()];
        for (id, cells) in (1..).zip(cells.chunks(4)) {
            let cell = |c: &Column| free.iter().position(|f| f == c).map_or_else(|| plain(id, *c), |n| cells[n].clone());
            table.push(columns.iter().map(cell).collect());
        }
        let states = Separator::ALL.map(|separator| {
            let (store, report) = take(separated(&table, separator));
            prop_assert_eq!(report.separator, Some(separator));
            let state = store.look();
            Ok((
                state.records.iter().map(|record| (record.key.clone(), record.cells.clone())).collect::<Vec<_>>(),
                state.quarantine.iter().map(|row| (row.code.clone(), row.raw.clone())).collect::<Vec<_>>(),
            ))
        });
        let [comma, tab, semicolon] = states;
        let comma = comma?;
        prop_assert_eq!(&comma, &tab?);
        prop_assert_eq!(&comma, &semicolon?);
        prop_assert_eq!(comma.0.len() + comma.1.len(), 3);
    }
}
