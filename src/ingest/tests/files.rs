//! Every form of file that is taken: encodings, line ends, headers, guards.

use super::*;
use crate::compare::FieldKind;
use crate::domain::run::Run;
use crate::domain::suspension::Class;
use crate::ingest::{Encoding, LayoutProfile};

fn count(report: &ImportReport, class: Class) -> u64 {
    report.by_class.iter().find(|(c, _)| *c == class).unwrap().1
}

#[test]
fn the_canonical_layout_in_every_encoding() {
    let text = file(&[line(1, none), line(2, |c| (c == Column::Left(FieldKind::Kanji)).then_some("髙﨑　德子"))]);
    let utf16 = |le: bool| -> Vec<u8> {
        let unit = |u: u16| if le { u.to_le_bytes() } else { u.to_be_bytes() };
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
    };
    let forms: [(Vec<u8>, &str); 5] = [
        (text.clone().into_bytes(), "utf-8"),
        (format!("\u{FEFF}{text}").into_bytes(), "utf-8"),
        (cp932(&text), "cp932"),
        (utf16(true), "utf-16le"),
        (utf16(false), "utf-16be"),
    ];
    for (bytes, encoding) in forms {
        let (store, report) = take(bytes);
        assert_eq!((report.encoding.as_str(), report.rows, report.imported, report.in_item1), (encoding, 2, 2, 2));
        assert_eq!(count(&report, Class::Three), 2);
        let state = store.look();
        assert_eq!(state.records[1].cells[Column::Left(FieldKind::Kanji).index()], "髙﨑　德子");
        assert_eq!(state.records[0].key, "0000000001");
        let (_, search) = state.records[1].review.as_ref().unwrap();
        assert!(search.contains("0000000002") && !search.contains("000012345674"));
    }
}

#[test]
fn own_characters_become_private_use_and_stay() {
    let mut bytes = cp932(&header());
    bytes.extend(b"\r\n");
    bytes.extend(cp932(&line(1, none)).split(|_| false).next().unwrap());
    let name = cp932("見本　一郎");
    let at = bytes.windows(name.len()).position(|w| w == name).unwrap();
    bytes.splice(at..at + 2, [0xF0, 0x40]);
    let (store, _) = take(&bytes);
    assert_eq!(store.look().records[0].cells[Column::Left(FieldKind::Kanji).index()], "\u{E000}本　一郎");
}

#[test]
fn line_ends_blank_lines_and_the_old_end_mark() {
    for end in ["\r\n", "\n", "\r"] {
        let text =
            format!("{h}{end}{end}{a}{end}{end}{b}{end}\u{1A}", h = header(), a = line(1, none), b = line(2, none));
        let (_, report) = take(&text);
        assert_eq!((report.rows, report.imported), (2, 2), "{end:?}");
        let (_, report) = take(format!("{}{end}{}\u{1A}", header(), line(1, none)));
        assert_eq!((report.rows, report.imported), (1, 1), "{end:?}");
        let commas = ",".repeat(28);
        let (_, report) = take(format!("{}{end}{commas}{end}{}", header(), line(1, none)));
        assert_eq!((report.rows, report.imported, report.warnings["blank-line"]), (1, 1, 1), "{end:?}");
    }
}

#[test]
fn physical_lines_count_embedded_line_ends() {
    let note = |c| (c == Column::Remarks).then_some("\"一行目\r\n二行目, \"\"三\"\"\n\"");
    let bad = |c| (c == Column::Overall).then_some("?");
    let (store, report) = take(file(&[line(1, note), line(2, bad), line(3, none), line(4, bad)]));
    assert_eq!((report.imported, report.quarantined), (2, 2));
    let state = store.look();
    assert_eq!(state.quarantine.iter().map(|q| q.line).collect::<Vec<_>>(), [5, 7]);
    assert_eq!(state.records[0].cells[Column::Remarks.index()], "一行目\r\n二行目, \"三\"\n");
}

#[test]
fn guards_are_taken_off() {
    let guard = |c| match c {
        Column::Id => Some("=\"0000000001\""),
        Column::Branch => Some("\"=\"\"01\"\"\""),
        _ => None,
    };
    let (store, _) = take(file(&[line(1, guard)]));
    let record = &store.look().records[0];
    assert_eq!((record.key.as_str(), record.cells[Column::Branch.index()].as_str()), ("0000000001", "01"));
}

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/csv").join(name);
    std::fs::read(path).unwrap()
}

#[test]
fn every_form_of_header() {
    for name in ["picture.csv", "tworow.csv", "alias.csv", "same_names.csv", "field_groups.csv", "title.csv"] {
        let text = String::from_utf8(fixture(name)).unwrap();
        for bytes in [text.clone().into_bytes(), format!("\u{FEFF}{text}").into_bytes(), cp932(&text)] {
            let (store, report) = take(bytes);
            assert_eq!((report.rows, report.imported), (2, 2), "{name}: {}", report.to_text());
            assert_eq!((count(&report, Class::One), count(&report, Class::TwoB)), (1, 1), "{name}");
            let record = &store.look().records[1];
            let cell = |column: Column| record.cells[column.index()].as_str();
            assert_eq!(cell(Column::Left(FieldKind::Kanji)), "見本　花子", "{name}");
            assert_eq!(cell(Column::Right(FieldKind::Kanji)), "見本　華子", "{name}");
            assert_eq!(cell(Column::Right(FieldKind::Address)), "東京都港区赤坂１－１", "{name}");
            assert_eq!(cell(Column::Mark(FieldKind::Kana)), cell(Column::Mark(FieldKind::Birth)), "{name}");
            assert_eq!(record.key, "0000000002", "{name}");
        }
    }
}

#[test]
fn extras_are_kept_with_their_names() {
    let text = format!("{},担当課,\r\n{},窓口,x\r\n", header(), line(1, none));
    let (store, _) = take(text);
    let state = store.look();
    assert_eq!(state.imports[0].header[29..], ["担当課", ""]);
    assert_eq!(state.records[0].cells[Column::COUNT..], ["窓口", "x"]);
}

#[test]
fn a_file_without_header_needs_a_profile_by_number() {
    let columns: String =
        Column::ALL[..29].iter().enumerate().map(|(n, c)| format!("\"{}\" = {}\n", c.name(), n + 1)).collect();
    let text = format!("{}\r\n{}\r\n", line(1, none), line(2, none));
    for rows in ["header_rows = 0\n", ""] {
        let layout = LayoutProfile::parse(&format!("{rows}[columns]\n{columns}")).unwrap();
        let store = MemoryStore::default();
        let report = run(&store, &text, &ImportOptions { layout: Some(layout), ..Default::default() }).unwrap();
        assert_eq!((report.rows, report.imported), (2, 2));
    }
    let error = run(&MemoryStore::default(), &text, &ImportOptions::default()).unwrap_err();
    assert!(error.is_refused());
}

#[test]
fn a_profile_gives_names_and_words_for_marks() {
    let text = file(&[line(1, |c| match c {
        Column::Mark(FieldKind::Address) | Column::Overall => Some("9"),
        Column::Mark(_) => Some("1"),
        _ => None,
    })])
    .replace("J-LIS情報_住所", "機構側アドレス");
    let error = run(&MemoryStore::default(), &text, &ImportOptions::default()).unwrap_err();
    let profile = error.profile_to_fill_in().unwrap().to_owned();
    assert!(error.to_string().contains("J-LIS情報_住所"), "{error}");
    assert!(LayoutProfile::parse(&profile).is_ok());
    let filled = profile.replace("\"J-LIS情報_住所\" = \"\"", "\"J-LIS情報_住所\" = \"機構側アドレス\"")
        + "[marks]\n\"○\" = [\"1\"]\n\"×\" = [\"9\"]\n";
    let layout = LayoutProfile::parse(&filled).unwrap();
    let store = MemoryStore::default();
    let report = run(&store, &text, &ImportOptions { layout: Some(layout), ..Default::default() }).unwrap();
    assert_eq!((report.imported, count(&report, Class::Three), report.in_item1), (1, 1, 1));
}

#[test]
fn a_row_taken_for_a_header_is_not_shown() {
    let text = "山田太郎,ヤマダタロウ,1985/12/03,男,東京都港区赤坂1-2-3\n鈴木花子,スズキハナコ,1990/1/2,女,東京都港区赤坂9-9\n";
    let error = run(&MemoryStore::default(), text, &ImportOptions::default()).unwrap_err();
    let shown = format!("{error}{}", error.profile_to_fill_in().unwrap_or_default());
    for value in ["山田", "ヤマダ", "1985", "赤坂", "鈴木"] {
        assert!(!shown.contains(value), "{value}: {shown}");
    }
}

#[test]
fn marks_are_recomputed_only_on_request() {
    let keep = |column: &Column| !matches!(column, Column::Mark(_));
    let columns: Vec<Column> = Column::ALL[..29].iter().copied().filter(keep).collect();
    let row: Vec<String> = columns.iter().map(|column| plain(1, *column)).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    let text = format!("{}\n{}\n", names.join(","), row.join(","));
    let error = run(&MemoryStore::default(), &text, &ImportOptions::default()).unwrap_err();
    assert!(error.is_refused() && error.to_string().contains("--recompute-marks"), "{error}");
    let store = MemoryStore::default();
    let report = run(&store, &text, &ImportOptions { recompute_marks: true, ..Default::default() }).unwrap();
    assert_eq!((count(&report, Class::Three), report.warnings["mark-recomputed"]), (1, 1));
    assert_eq!(store.look().records[0].cells[Column::Mark(FieldKind::Address).index()], "");
}

#[test]
fn json_has_the_documented_fields_in_order() {
    let (_, report) = take(file(&[line(1, none)]));
    let json = serde_json::to_value(&report).unwrap();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).filter(|k| *k != "run").collect();
    let documented = "file sha256 encoding rows imported quarantined repeats updated unchanged vanished reopened warnings by_class in_item1 seconds";
    assert_eq!(keys[..15].join(" "), documented);
    assert_eq!(json["by_class"]["③"], 1);
    assert_eq!(json["by_class"].as_object().unwrap().len(), 9);
    assert!(report.to_text().contains("読込 1 = 新規 1 + 更新 0 + 変更なし 0 + 隔離 0 + 重複 0"));
}

#[test]
fn progress_ends_at_the_size_of_the_file() {
    let lines: Vec<String> = (0..9000).map(|n| line(n, none)).collect();
    let place = place(file(&lines));
    let mut seen = Vec::new();
    let options = ImportOptions { run: Run::Delta, encoding: Some(Encoding::Utf8), ..Default::default() };
    let report = import(&place.path, &MemoryStore::default(), &options, &actor(), &mut |p| seen.push(p)).unwrap();
    assert_eq!(report.imported, 9000);
    assert!(seen.len() > 1, "a file larger than one slab");
    let last = seen.last().unwrap();
    assert_eq!((last.rows, last.bytes_done), (9000, last.bytes_total));
    assert!(seen.windows(2).all(|w| w[0].bytes_done <= w[1].bytes_done && w[0].rows < w[1].rows));
}

#[test]
fn the_profile_to_fill_in_works_once_filled() {
    // Title line, two rows, repeated names, and one column under a word that nobody knows.
    let text = String::from_utf8(fixture("tworow.csv")).unwrap().replacen("総合判定", "最終\"区分\"", 1);
    let text = text.replace("最終\"区分\"", "\"最終\"\"区分\"\"\"");
    let text = format!("突合結果,,,,,,,,,,,,,,,,,,,\r\n{text}");
    let error = run(&MemoryStore::default(), &text, &ImportOptions::default()).unwrap_err();
    let profile = error.profile_to_fill_in().unwrap();
    assert!(error.to_string().contains("見つかりません: 総合判定。"), "{error}");
    assert!(!profile.contains("見本"), "{profile}");
    for place in ["19", "'突合情報 最終\"区分\"'", "'最終\"区分\"'"] {
        let filled = profile.replace("\"総合判定\" = \"\"", &format!("\"総合判定\" = {place}"));
        let layout = LayoutProfile::parse(&filled).unwrap();
        let options = ImportOptions { layout: Some(layout), ..Default::default() };
        let report = run(&MemoryStore::default(), &text, &options).unwrap();
        assert_eq!((report.rows, report.imported), (2, 2), "{place} {}", report.to_text());
    }
}

/// A placeholder that some system wrote for every number: all rows are flagged, and the import does not stall.
#[test]
fn a_number_on_thousands_of_rows_flags_them_all() {
    use crate::compare::FieldKind::{Birth, Kana, Kanji};
    use crate::domain::danger::Danger;
    const ROWS: u32 = 1_000;
    let rows = (1..=ROWS).map(|n| {
        line(n, |column| match column {
            Column::Left(Kanji) | Column::Right(Kanji) if n % 2 == 0 => Some("見本　花"),
            Column::Left(Kana) | Column::Right(Kana) if n % 2 == 0 => Some("ミホン　ハナ"),
            Column::Left(Birth) | Column::Right(Birth) if n % 2 == 0 => Some("19800304"),
            _ => None,
        })
    });
    let text = std::iter::once(header()).chain(rows).collect::<Vec<_>>().join("\r\n");
    let (store, report) = take(&text);
    assert_eq!(report.imported, u64::from(ROWS));
    assert!(store.look().records.iter().all(|record| record.facts.dangers.contains(Danger::F5)));
}
