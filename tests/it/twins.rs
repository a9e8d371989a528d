//! Characters that CP932 holds twice: what a file is written with comes out of it again, for every such code there is.
//!
//! Guards against an import that keeps the text alone: 髙 read from EEE0 would leave as FBFC, and the system that made the
//! file would no longer find its own person.

use encoding_rs::SHIFT_JIS;
use serde_json::Value;

use crate::work::Work;

/// Every code of two bytes that reads as one character and would be written with another code.
fn twins() -> Vec<([u8; 2], char)> {
    let codes = (0x81..=0xFCu8).flat_map(|lead| (0x40..=0xFCu8).map(move |trail| [lead, trail]));
    codes
        .filter_map(|code| {
            let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&code)?;
            let c = text.chars().next().filter(|_| text.chars().count() == 1)?;
            // 外字 have one code each, though this encoder does not know it.
            (!(0xF0..=0xF9).contains(&code[0]) && *SHIFT_JIS.encode(&text).0 != code).then_some((code, c))
        })
        .collect()
}

/// A file in which every twin stands on a row of its own, in a name and twice in an address, among what could mislead:
/// the same character with its usual code, second bytes that look like first ones, and quotation marks.
fn file(work: &Work, codes: &[([u8; 2], char)], change: impl Fn(usize, &mut Vec<Vec<u8>>)) {
    work.run(&format!("sample --rows {} --encoding cp932 -o sample.csv", codes.len() * 2)).ok();
    let sample = std::fs::read(work.path("sample.csv")).unwrap();
    let cells = |line: &[u8]| line.trim_ascii_end().split(|&b| b == b',').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let mut plain = sample.split(|&b| b == b'\n').filter(|line| !line.contains(&b'"')).map(cells);
    let mut bytes = plain.next().unwrap().join(&b',');
    bytes.extend(b"\r\n");
    for (n, ((code, c), mut cells)) in codes.iter().zip(plain).enumerate() {
        assert_eq!(cells.len(), 29);
        let usual = SHIFT_JIS.encode(&c.to_string()).0.into_owned();
        // The second bytes of 弥 (96 ED), 畏 (88 EE) and 蛙 (8A EE) look like the first of such a code.
        cells[10] = [b"\x96\xED\x81\x40", &code[..]].concat();
        cells[22] = [b"\"1\"\"", &code[..], b"\x88\xEE", &usual, &code[..], b"\x8A\xEE\""].concat();
        cells[26] = SHIFT_JIS.encode("×").0.into_owned();
        cells[8].clear();
        change(n, &mut cells);
        bytes.extend(cells.join(&b','));
        bytes.extend(b"\r\n");
    }
    std::fs::write(work.path("twins.csv"), bytes).unwrap();
}

fn lines(work: &Work, name: &str) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(work.path(name)).unwrap();
    bytes.split(|&b| b == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

fn has(line: &[u8], part: &[u8]) -> bool {
    line.windows(part.len()).any(|window| window == part)
}

/// The bytes of the address, as a CSV holds them.
fn address(code: [u8; 2], c: char) -> Vec<u8> {
    let usual = SHIFT_JIS.encode(&c.to_string()).0.into_owned();
    [b"\"1\"\"", &code[..], b"\x88\xEE", &usual, &code[..], b"\x8A\xEE\""].concat()
}

#[test]
fn records_are_written_with_the_bytes_of_their_file() {
    let (work, codes) = (Work::new(), twins());
    assert_eq!(codes.len(), 398);
    file(&work, &codes, |_, _| {});
    let report = work.run("import twins.csv --json").ok().json();
    assert_eq!((&report["imported"], &report["encoding"]), (&398.into(), &"cp932".into()), "{report}");
    work.run("verify").ok();

    // Text stands as decoded, the bytes beside it.
    let shown = work.run("list --all --json").ok().json_lines();
    let by_line = |line: usize| shown.iter().find(|record| record["line"] == line).unwrap();
    for (n, (code, c)) in codes.iter().enumerate() {
        let record: &Value = by_line(n + 2);
        let bytes = format!("{:02X}{:02X}", code[0], code[1]);
        let expected = [("加入者情報_漢字氏名", 2), ("加入者情報_住所", 2), ("加入者情報_住所", 5)];
        let found = record["original_bytes"].as_array().unwrap();
        assert_eq!(found.len(), 3, "{bytes} {record}");
        for (found, (column, at)) in found.iter().zip(expected) {
            assert_eq!((found["column"].as_str(), found["at"].as_u64()), (Some(column), Some(at)), "{bytes}");
            assert_eq!((found["bytes"].as_str(), &found["character"]), (Some(&*bytes), &c.to_string().into()));
        }
        assert_eq!(record["fields"]["kanji"]["left"], format!("弥　{c}"));
    }

    work.run("export records --encoding cp932 -o records.csv").ok();
    let written = lines(&work, "records.csv");
    let in_item1 = work.run("list --json").ok().json_lines();
    assert!(in_item1.len() > 390, "{}", in_item1.len());
    assert_eq!(written.len(), in_item1.len() + 1);
    for record in &in_item1 {
        let id = [record["id"].as_str().unwrap().as_bytes(), b","].concat();
        let line = written.iter().find(|line| line.starts_with(&id)).unwrap();
        let n = usize::try_from(record["line"].as_u64().unwrap() - 2).unwrap();
        let (code, c) = codes[n];
        assert!(has(line, &[b",\x96\xED\x81\x40", &code[..], b","].concat()), "{code:02X?}");
        assert!(has(line, &address(code, c)), "{code:02X?}");
    }
    // In UTF-8 both are one character.
    work.run("export records --encoding utf-8 -o utf8.csv").ok();

    // The same content, with the usual bytes, is nothing new.
    let text = SHIFT_JIS.decode(&std::fs::read(work.path("twins.csv")).unwrap()).0.into_owned();
    std::fs::write(work.path("usual.csv"), SHIFT_JIS.encode(&text).0).unwrap();
    let report = work.run("import usual.csv --json").ok().json();
    assert_eq!(report["unchanged"], 398, "{report}");
}

#[test]
fn held_back_rows_are_written_with_the_bytes_of_their_file_and_keep_them_when_corrected() {
    let (work, codes) = (Work::new(), twins());
    // Every second row lacks a digit of its 個人番号.
    file(&work, &codes, |n, cells| {
        if n % 2 == 1 {
            cells[6].pop();
        }
    });
    let report = work.run("import twins.csv --json").ok().json();
    assert_eq!((&report["imported"], &report["quarantined"]), (&199.into(), &199.into()), "{report}");
    work.run("export quarantine --encoding cp932 -o held.csv").ok();
    let held = lines(&work, "held.csv");
    assert_eq!(held.len(), 200);
    for (line, (code, c)) in held[1..].iter().zip(codes.iter().skip(1).step_by(2)) {
        assert!(has(line, &[b",\x96\xED\x81\x40", &code[..], b","].concat()), "{code:02X?}");
        assert!(has(line, &address(*code, *c)), "{code:02X?}");
    }

    // Corrected in UTF-8, where both codes are one: what was not touched has the bytes it had.
    work.run("export quarantine --encoding utf-8 -o held.csv").ok();
    let mut reader = csv::Reader::from_path(work.path("held.csv")).unwrap();
    let mut writer = csv::Writer::from_path(work.path("corrected.csv")).unwrap();
    writer.write_record(reader.headers().unwrap()).unwrap();
    for (n, record) in reader.records().enumerate() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        cells[12] = "000012345674".to_owned();
        if n == 0 {
            cells[16] = "別　名".to_owned();
        }
        writer.write_record(&cells).unwrap();
    }
    writer.flush().unwrap();
    let report = work.run("import corrected.csv --json").ok().json();
    assert_eq!(report["corrected"], 199, "{report}");
    let held = work.run("list --all --json").ok().json_lines();
    let lines: Vec<u64> = held.iter().map(|record| record["original_bytes"].as_array().unwrap().len() as u64).collect();
    assert_eq!(lines.iter().filter(|&&n| n == 3).count(), 397, "{lines:?}");
    assert_eq!(lines.iter().filter(|&&n| n == 2).count(), 1, "the name that was changed has no bytes of its own");
    work.run("verify").ok();
}
