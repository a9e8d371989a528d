//! Files that are refused and rows that are held back.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::compare::FieldKind;
use crate::ingest::{Encoding, LayoutProfile, Refusal};
use crate::store::StoreError;
use crate::store::tests::crash::{Disk, created, opened};

fn refused(bytes: impl AsRef<[u8]>) -> String {
    let store = empty();
    let error = run(&store, bytes, &ImportOptions::default()).unwrap_err();
    assert!(error.is_refused(), "{error:?}");
    assert!(store.look().imports.is_empty() && store.look().records.is_empty());
    error.to_string()
}

#[test]
fn other_kinds_of_files_are_named() {
    let text = file(&[line(1, none)]);
    let euc = encoding_rs::EUC_JP.encode(&text).0.into_owned();
    let jis = encoding_rs::ISO_2022_JP.encode(&text).0.into_owned();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, word) in [
        (b"PK\x03\x04rest".to_vec(), "ZIP"),
        (b"\x1F\x8B\x08rest".to_vec(), "gzip"),
        (b"%PDF-1.7".to_vec(), "PDF"),
        (b"\x7FELF\x02\x01\x00\x00\x00\xff".to_vec(), "テキストではない"),
        (euc, "EUC-JP"),
        (jis, "ISO-2022-JP"),
        (utf16, "BOM のない UTF-16"),
        (Vec::new(), "データの行がありません"),
        (header().into_bytes(), "データの行がありません"),
        (b"a,b,c\n1,2,3\n".to_vec(), "加入者情報_漢字氏名"),
    ] {
        let message = refused(&bytes);
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn a_missing_column_is_named_with_a_profile() {
    for column in Column::ALL {
        let needed = matches!(column, Column::Left(_) | Column::Right(_) | Column::Mark(_) | Column::Overall);
        let mut names: Vec<&str> = Column::ALL[..29].iter().map(|c| c.name()).collect();
        let Some(place) = names.get_mut(column.index()) else { continue };
        *place = "別の列";
        let text = format!("{}\n{}\n", names.join(","), line(1, none));
        match run(&empty(), &text, &ImportOptions::default()) {
            Ok(report) => assert!(!needed && report.rows == 1, "{column:?}"),
            Err(IngestError::Refused(Refusal::Columns { missing, profile, marks_only, .. })) => {
                assert!(needed, "{column:?}");
                assert_eq!(missing, [column.name()]);
                assert_eq!(marks_only, matches!(column, Column::Mark(_)));
                assert!(profile.contains("別の列") && LayoutProfile::parse(&profile).is_ok());
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    let text = format!("{},総合判定\n{},×\n", header(), line(1, none));
    let message = refused(text);
    assert!(message.contains("総合判定") && message.contains("27 列目と 30 列目"), "{message}");
}

#[test]
fn a_profile_that_does_not_fit_is_no_fault_of_the_file() {
    let layout = LayoutProfile::parse("[columns]\n\"備考\" = \"無い列\"\n").unwrap();
    let options = ImportOptions { layout: Some(layout), ..Default::default() };
    let error = run(&empty(), file(&[line(1, none)]), &options).unwrap_err();
    assert!(matches!(error, IngestError::Profile(_)), "{error:?}");
    for bad in ["[columns]\n\"総合判字\" = 1", "[columns]\n\"備考\" = 0", "x = 1", "[columns]\n備考 = 1\n摘要 = 2", "["]
    {
        assert!(LayoutProfile::parse(bad).is_err(), "{bad}");
    }
    let message = LayoutProfile::parse("[columns]\n\"総合判字\" = 1").unwrap_err().to_string();
    assert!(message.contains("もしかして: 総合判定"), "{message}");
}

#[test]
fn rows_that_cannot_be_read_are_held_back() {
    let bad: Vec<(&str, String)> = vec![
        ("columns", line(2, none) + ",x"),
        ("columns", "0000000003,169854".into()),
        ("mark", line(4, |c| (c == Column::Mark(FieldKind::Kana)).then_some("△"))),
        ("mark", line(5, |c| (c == Column::Mark(FieldKind::Sex)).then_some("1"))),
        ("overall", line(6, |c| (c == Column::Overall).then_some(""))),
        ("overall", line(7, |c| (c == Column::Overall).then_some("3"))),
        ("my-number", line(8, |c| (c == Column::MyNumber).then_some("00001234567"))),
        ("my-number", line(9, |c| (c == Column::MyNumber).then_some(""))),
        ("excel", line(10, |c| (c == Column::MyNumber).then_some("1.23457E+11"))),
        ("excel", line(0, |c| (c == Column::Id).then_some("1E+09"))),
        ("quote", line(12, |c| (c == Column::Left(FieldKind::Kanji)).then_some("\"見本\"一郎"))),
    ];
    let mut lines = vec![line(1, none)];
    for (n, (_, row)) in bad.iter().enumerate() {
        lines.push(row.clone());
        lines.push(line(100 + n as u32, none));
    }
    let (store, report) = take(file(&lines));
    let state = store.look();
    assert_eq!(report.imported, 1 + bad.len() as u64);
    let held: Vec<(&str, u32)> = state.quarantine.iter().map(|q| (q.code.as_str(), q.line)).collect();
    let expected: Vec<(&str, u32)> = bad.iter().enumerate().map(|(n, (code, _))| (*code, 3 + 2 * n as u32)).collect();
    assert_eq!(held, expected);
    for row in &state.quarantine {
        assert!(!row.raw.concat().is_empty());
        for secret in ["見本", "0000123", "中島"] {
            assert!(!row.reason.contains(secret), "{}", row.reason);
        }
    }
    let text = report.to_text();
    assert!(text.contains("meken quarantine") && !text.contains("見本"), "{text}");
}

#[test]
fn a_quotation_mark_that_does_not_close_refuses_the_file() {
    // The mark opens the last cell of one row; the next mark stands three rows below, or nowhere.
    let open = |c| (c == Column::Remarks).then_some("\"開いたまま");
    let note = |c| (c == Column::Remarks).then_some("\"備考\"");
    for rest in [vec![line(2, none), line(3, none), line(4, note)], vec![line(2, none)]] {
        let mut lines = vec![line(1, open)];
        lines.extend(rest.clone());
        let message = refused(file(&lines));
        assert!(message.contains("match.csv:2: 引用符"), "{message}");
    }
}

#[test]
fn rows_and_cells_that_are_too_long_are_held_back() {
    let long = "あ".repeat(4000);
    let row = line(2, none).replace("見本　一郎", &long);
    let endless = "x".repeat(300_000);
    let (store, report) = take(file(&[line(1, none), row, endless, line(3, none)]));
    assert_eq!((report.imported, report.quarantined), (2, 2));
    let state = store.look();
    let held: Vec<(&str, u32)> = state.quarantine.iter().map(|q| (q.code.as_str(), q.line)).collect();
    assert_eq!(held, [("long-field", 3), ("long-record", 4)]);
    assert!(state.quarantine[1].raw[0].len() <= 64 * 1024);
}

#[test]
fn undecodable_bytes_are_held_back_with_their_place() {
    let text = file(&[line(1, none), line(2, none), line(3, none)]);
    for (bytes, bad) in [(text.clone().into_bytes(), b"\xFF"), (cp932(&text), b"\xFD")] {
        let name = [&bytes[..], b""].concat();
        let second = name.windows(10).position(|w| w == b"0000000002").unwrap();
        let at = second + 11;
        let mut bytes = bytes;
        bytes.splice(at..at, bad.iter().copied());
        let (store, report) = take(&bytes);
        assert_eq!((report.imported, report.quarantined), (2, 1));
        let row = &store.look().quarantine[0];
        assert_eq!((row.code.as_str(), row.line), ("undecodable", 3));
        assert!(row.reason.contains(&format!("{} バイト目", at + 1)), "{} {at}", row.reason);
        assert!(row.raw[1].starts_with(&format!("\\x{:02X}169854", bad[0])), "{:?}", row.raw[1]);
    }
}

#[test]
fn too_many_undecodable_rows_refuse_the_file() {
    let mut bytes = cp932(&file(&(1..=300).map(|n| line(n, none)).collect::<Vec<_>>()));
    let mut at = 0;
    for _ in 0..4 {
        at += bytes[at..].windows(6).position(|w| w == b"169854").unwrap();
        bytes[at] = 0xFD;
    }
    let message = refused(&bytes);
    assert!(message.contains("300 行のうち 4 行") && message.contains("2 行目"), "{message}");
}

#[test]
fn a_forced_encoding_is_obeyed() {
    let bytes = cp932(&file(&[line(1, none)]));
    let forced = |encoding| ImportOptions { encoding: Some(encoding), ..Default::default() };
    assert!(run(&empty(), &bytes, &forced(Encoding::Utf8)).unwrap_err().is_refused());
    assert_eq!(run(&empty(), &bytes, &forced(Encoding::Cp932)).unwrap().encoding, "cp932");
}

#[test]
fn limits_kinds_and_missing_files() {
    let text = file(&[line(1, none)]);
    let options = ImportOptions { max_bytes: 100, ..Default::default() };
    let error = run(&empty(), &text, &options).unwrap_err();
    assert!(matches!(error, IngestError::Refused(Refusal::TooLarge { max: 100, .. })), "{error:?}");
    // What is larger than the default is refused before it is read, with the setting that raises the limit.
    let large = tempfile::NamedTempFile::new().unwrap();
    large.as_file().set_len((16 << 30) + 1).unwrap();
    let options = ImportOptions { settings: "/w/settings.toml".into(), ..Default::default() };
    let error = import(large.path(), &empty(), &options, &actor(), &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("17179869185 バイト") && error.contains("上限 16 GiB"), "{error}");
    assert!(error.contains("/w/settings.toml の [import] に max_size = \"17 GiB\""), "{error}");
    let dir = tempfile::tempdir().unwrap();
    let go =
        |path: &std::path::Path| import(path, &empty(), &ImportOptions::default(), &actor(), &mut |_| {}).unwrap_err();
    assert!(matches!(go(dir.path()), IngestError::Refused(Refusal::NotAFile { .. })));
    assert!(matches!(go(&dir.path().join("none.csv")), IngestError::Refused(Refusal::Unreadable { .. })));
}

#[test]
fn a_fault_of_the_store_is_told_from_a_refusal_and_nothing_stays() {
    let disk = Disk::of(Vec::new(), None);
    let store = created(&disk);
    disk.lock().unwrap().left = Some(20);
    let lines: Vec<String> = (0..20_000).map(|n| line(n, none)).collect();
    let error = run(&store, file(&lines), &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, IngestError::Store(StoreError::Engine(_))) && !error.is_refused(), "{error:?}");
    drop(store);
    disk.lock().unwrap().left = None;
    assert!(opened(&disk).unwrap().look().records.is_empty());
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let cancel = Arc::new(AtomicBool::new(false));
    let options = ImportOptions { cancel: Some(cancel.clone()), ..Default::default() };
    let place = place(file(&(0..20_000).map(|n| line(n, none)).collect::<Vec<_>>()));
    let store = empty();
    let mut stop = |_| cancel.store(true, std::sync::atomic::Ordering::Relaxed);
    let error = import(&place.path, &store, &options, &actor(), &mut stop).unwrap_err();
    assert!(matches!(error, IngestError::Cancelled));
    assert!(store.look().records.is_empty());
}

#[test]
fn a_check_writes_nothing_and_counts_the_same() {
    let lines = [line(1, none), line(2, |c| (c == Column::Overall).then_some("?")), line(1, none)];
    let store = empty();
    let check = run(&store, file(&lines), &ImportOptions { check: true, ..Default::default() }).unwrap();
    assert!(store.look().imports.is_empty() && store.look().quarantine.is_empty());
    let real = run(&store, file(&lines), &ImportOptions::default()).unwrap();
    let plain = |report: &ImportReport| ImportReport { check: false, seconds: 0.0, number: None, ..report.clone() };
    assert_eq!(plain(&check), plain(&real));
    assert_eq!((real.imported, real.quarantined, real.repeats), (1, 1, 1));
}

#[test]
fn warnings_are_counted_with_their_first_lines() {
    let rows = [
        line(1, none),
        line(2, |c| (c == Column::Overall).then_some("△")),
        line(3, |c| (c == Column::Acquired).then_some("20200000")),
        line(4, |c| (c == Column::MyNumber).then_some("000012345675")),
        line(5, |c| (c == Column::InsurerNo).then_some("169855")),
        line(6, |c| (c == Column::Left(FieldKind::Sex)).then_some("3")),
        line(7, |c| (c == Column::Left(FieldKind::Kana)).then_some("ミホン\u{200B}イチロウ")),
        line(8, |c| (c == Column::Mark(FieldKind::Kana)).then_some("")),
        line(9, |c| (c == Column::Right(FieldKind::Birth)).then_some("19700000")),
        line(10, |c| (c == Column::Multiple).then_some("?")),
        line(11, |c| (c == Column::MyNumber).then_some("********5678")),
    ];
    let (store, report) = take(file(&rows));
    assert_eq!(report.imported, 11);
    let expected = [
        ("overall-differs", 3),
        ("unknown-date", 4),
        ("my-number-check-digit", 5),
        ("insurer-check-digit", 6),
        ("insurer-mixed", 6),
        ("sex-code", 7),
        ("control-char", 8),
        ("mark-blank", 9),
        ("birth-date", 10),
        ("multiple-unreadable", 11),
    ];
    for (code, at) in expected {
        assert_eq!(report.warnings.get(code), Some(&1), "{code} {:?}", report.warnings);
        assert_eq!(report.warning_lines[code], [at], "{code}");
        assert!(report.to_text().contains(&format!("({at} 行目) [{code}]")));
    }
    assert_eq!(report.warnings.len(), expected.len());
    // The file's own marks and 総合判定 stay what they are.
    let state = store.look();
    assert_eq!(state.records[1].cells[Column::Overall.index()], "△");
    assert!(!state.records[1].facts.in_item1());
}
