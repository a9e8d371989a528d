//! The record list as a file: cells hold what came, and a list that is imported again changes nothing, whatever its
//! encoding and whatever its cells hold.
//!
//! Guards against exports that hold the screen's spelling of 外字, against guards that stay in cells, and against lists that
//! would take 個人番号 or decisions away from records when they come back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use meken::config::settings::Settings;
use meken::desk::{Desk, Query, Sort};
use meken::domain::event::Actor;
use meken::domain::record::Column;
use meken::domain::request::Caller;
use meken::export::TextEncoding;
use meken::export::records::RecordList;
use meken::ingest::{ImportOptions, import};
use meken::store;
use meken::view::RecordView;
use proptest::prelude::*;

use crate::work::Work;

const ENCODINGS: [&str; 3] = ["utf-8-bom", "utf-8", "cp932"];

/// Reads a CSV file in its encoding: the header and the rows.
fn read(path: &Path, encoding: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = std::fs::read(path).unwrap();
    let text = match encoding {
        "cp932" => encoding_rs::SHIFT_JIS.decode_without_bom_handling(&bytes).0.into_owned(),
        _ => String::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}').to_owned(),
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = owned(reader.headers().unwrap());
    (header, reader.records().map(|record| owned(&record.unwrap())).collect())
}

fn at(header: &[String], title: &str) -> usize {
    header.iter().position(|known| known == title).unwrap_or_else(|| panic!("{title}"))
}

/// Writes a file in the canonical layout.
fn write(path: &Path, rows: &[Vec<String>]) {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_path(path).unwrap();
    writer.write_record(Column::ALL.iter().take(29).map(|column| column.name())).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
}

/// A fictitious row in item 1 that differs in the address.
fn row(id: &str, set: &[(&str, &str)]) -> Vec<String> {
    let plain = |name: &str| match name {
        "整理番号" => id.to_owned(),
        "保険者番号" => "169854".to_owned(),
        "被保険者証記号" => "茅".to_owned(),
        "被保険者証番号" => "0012".to_owned(),
        "枝番" => "01".to_owned(),
        "個人番号" => "000012345674".to_owned(),
        "資格取得年月日" => "20200401".to_owned(),
        "加入者情報_漢字氏名" | "J-LIS情報_漢字氏名" => "見本　一郎".to_owned(),
        "加入者情報_カナ氏名" | "J-LIS情報_カナ氏名" => "ミホン　イチロウ".to_owned(),
        "加入者情報_生年月日" | "J-LIS情報_生年月日" => "19700102".to_owned(),
        "加入者情報_性別" | "J-LIS情報_性別" | "複数の有効な資格" => "1".to_owned(),
        "加入者情報_住所" => "神奈川県茅ヶ崎市中島１０６８番地２５".to_owned(),
        "J-LIS情報_住所" => "東京都港区赤坂１－１".to_owned(),
        "判定結果_住所" | "総合判定" => "×".to_owned(),
        "突合年月日" => "20230915".to_owned(),
        mark if mark.starts_with("判定結果") => "○".to_owned(),
        _ => String::new(),
    };
    let cell = |column: &Column| {
        let set = set.iter().find(|(name, _)| *name == column.name());
        set.map_or_else(|| plain(column.name()), |(_, text)| (*text).to_owned())
    };
    Column::ALL.iter().take(29).map(cell).collect()
}

/// Everything about records that an import could change.
fn state(work: &Work) -> (String, String, String, String) {
    let said = |line: &str| String::from_utf8(work.command().args(line.split(' ')).output().unwrap().stdout).unwrap();
    (said("list --all --json --sort line"), said("log --json"), said("quarantine --all --json"), said("report --json"))
}

/// Writes the list in an encoding, imports it, and sees that nothing has changed.
fn comes_back(work: &Work, encoding: &str) {
    work.run(&format!("export records --encoding {encoding} -o list.csv")).ok();
    let before = state(work);
    let records = before.0.lines().count() as u64;
    for run in ["full", "delta"] {
        let report = work.run(&format!("import list.csv --run {run} --json")).ok().json();
        let counts = ["imported", "updated", "unchanged", "quarantined", "repeats", "vanished", "reopened"];
        let counts = counts.map(|key| report[key].as_u64().unwrap());
        assert_eq!(counts, [0, 0, records, 0, 0, 0, 0], "{encoding}: {report}");
    }
    let strip = |state: (String, String, String, String)| (state.0, state.1, state.2);
    assert_eq!(strip(state(work)), strip(before), "{encoding}");
}

fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    path.is_dir().then_some(path)
}

/// Every row of the shared files, through every encoding, changes nothing when it comes back.
#[test]
fn lists_of_the_shared_files_come_back_unchanged() {
    let Some(data) = shared() else { return };
    let series: [&[&str]; 4] = [
        &["sample_city_cp932.csv", "sample_city_delta_cp932.csv"],
        &["sample_picture_utf8.csv"],
        &["sample_tworow_cp932.csv"],
        &["sample_alias_cp932.csv"],
    ];
    for files in series {
        let work = Work::new();
        for file in files {
            work.run_args(&["import", data.join(file).to_str().unwrap()]).ok();
        }
        // A decision and a note are no part of the file and stay.
        let id = work.run("list --limit 1 --json").ok().json_lines()[0]["id"].as_str().unwrap().to_owned();
        work.run_args(&["decide", &id, "hold", "--note", "=要確認", "--due", "2099-01-01"]).ok();
        for encoding in ENCODINGS {
            if files[0].contains("utf8") && encoding == "cp932" {
                // It holds what CP932 cannot write.
                let refused = work.run("export records --encoding cp932 -o refused.csv").ends_with(1);
                for part in ["整理番号 ", "列「", "(U+", "--encoding utf-8-bom"] {
                    assert!(refused.err.contains(part), "{}", refused.err);
                }
                assert!(!work.path("refused.csv").exists());
                continue;
            }
            comes_back(&work, encoding);
        }
        work.run("verify").ok();
    }
}

/// The cells of a list are those of the file, 外字 and all; in CP932 with the same bytes.
#[test]
fn cells_hold_what_the_file_held() {
    let Some(data) = shared() else { return };
    let file = data.join("sample_city_cp932.csv");
    let work = Work::new();
    work.run_args(&["import", file.to_str().unwrap()]).ok();
    let (header, rows) = read(&file, "cp932");
    let by_id: BTreeMap<&str, &Vec<String>> = rows.iter().map(|row| (row[0].as_str(), row)).collect();
    let mut gaiji = 0;
    for encoding in ENCODINGS {
        work.run(&format!("export records --encoding {encoding} -o list.csv")).ok();
        let (titles, listed) = read(&work.path("list.csv"), encoding);
        assert_eq!(listed.len(), rows.len());
        for line in &listed {
            let came = by_id[line[0].as_str()];
            for title in header.iter().filter(|title| *title != "個人番号") {
                assert_eq!(line[at(&titles, title)], came[at(&header, title)], "{encoding} {title} {}", line[0]);
            }
            assert!(line.iter().all(|cell| !cell.contains("‹U+") && !cell.contains("〔外字〕")), "{line:?}");
            gaiji += usize::from(line.iter().any(|cell| cell.chars().any(|c| ('\u{E000}'..'\u{F8FF}').contains(&c))));
        }
        assert!(!titles.iter().any(|title| title == "個人番号"));
    }
    assert!(gaiji > 30, "{gaiji}");
    let written = std::fs::read(work.path("list.csv")).unwrap();
    let came = std::fs::read(&file).unwrap();
    let code = came.windows(2).find(|pair| (0xF0..=0xF9).contains(&pair[0]) && pair[1] >= 0x40).unwrap();
    assert!(written.windows(2).any(|pair| pair == code));
}

/// Cells that a spreadsheet runs, that nobody sees, or that CSV must quote.
const AWKWARD: [&str; 16] = [
    "=1+1",
    "'=1+1",
    "''",
    "＝SUM(A1)",
    "-1-1",
    "@a",
    "渡\u{E0AE}　太郎",
    "葛\u{E0100}城",
    "𠮷田",
    "山\u{200B}田\u{202E}",
    "a\tb\u{1F}c\u{85}",
    "\"引用\",符",
    "一行目\r\n二行目\n三行目\r四行目",
    " 　",
    "‹U+E0AE›〔外字〕‹U+E0AE›",
    "NULL",
];

fn awkward(work: &Work) {
    let rows: Vec<Vec<String>> = AWKWARD
        .iter()
        .enumerate()
        .map(|(n, cell)| {
            let columns = ["加入者情報_漢字氏名", "J-LIS情報_住所", "備考", "本人家族区分"];
            row(&format!("{n:07}"), &columns.map(|column| (column, *cell)))
        })
        .collect();
    write(&work.path("in.csv"), &rows);
    let report = work.run("import in.csv --json").ok().json();
    assert_eq!(report["imported"], AWKWARD.len(), "{report}");
}

#[test]
fn awkward_cells_come_back_and_into_another_workspace() {
    let work = Work::new();
    awkward(&work);
    for encoding in ["utf-8-bom", "utf-8"] {
        comes_back(&work, encoding);
    }
    let (header, rows) = read(&work.path("list.csv"), "utf-8");
    for (line, cell) in rows.iter().zip(AWKWARD) {
        let written = &line[at(&header, "加入者情報_漢字氏名")];
        assert_eq!(meken::domain::formula::unguard(written), cell);
        assert!(!written.starts_with(['=', '＝', '@', '-']), "{written}");
    }
    // Into an empty workspace it comes like any file, without the guards.
    let other = Work::new();
    std::fs::copy(work.path("list.csv"), other.path("list.csv")).unwrap();
    let report = other.run("import list.csv --json").ok().json();
    assert_eq!((&report["imported"], &report["quarantined"]), (&AWKWARD.len().into(), &0.into()), "{report}");
    let records = |work: &Work| work.run("list --all --json --sort line").ok().json_lines();
    for (one, two) in records(&work).iter().zip(records(&other)) {
        for key in ["id", "key", "class", "overall", "state", "fields"] {
            assert_eq!(one[key], two[key]);
        }
    }
    // On a pipe `list --format csv` is data like the file; JSON spells out what cannot be seen.
    let piped = work.run("list --all --format csv --sort line").ok().out;
    assert_eq!(piped.as_bytes(), std::fs::read(work.path("list.csv")).unwrap());
    let json = work.run("list --all --json --sort line").ok().out;
    assert!(json.contains("‹U+E0AE›") && !json.contains('\u{E0AE}') && !json.contains('\u{200B}'));
    work.run("verify").ok();
}

#[test]
fn what_cp932_cannot_write_is_named_by_record_and_column() {
    let work = Work::new();
    awkward(&work);
    let refused = work.run("export records --encoding cp932 -o out.csv").ends_with(1);
    for part in ["8 件目(整理番号 0000007)", "列「加入者情報_漢字氏名」", "(U+E0100)", "--encoding utf-8-bom"]
    {
        assert!(refused.err.contains(part), "{part}: {}", refused.err);
    }
    assert!(!work.path("out.csv").exists() && !work.path("out.csv.manifest.json").exists());
}

/// What was corrected in a list changes, and nothing else: neither 個人番号, nor another record, nor a column of its own.
#[test]
fn a_corrected_cell_changes_one_record() {
    let work = Work::new();
    work.run("sample --rows 40 --encoding cp932 -o sample.csv").ok();
    let sample = std::fs::read(work.path("sample.csv")).unwrap();
    let sample = encoding_rs::SHIFT_JIS.decode_without_bom_handling(&sample).0.into_owned();
    // A column of its own, as some insurers have.
    let wide: Vec<String> = sample
        .trim_end()
        .split("\r\n")
        .enumerate()
        .map(|(n, line)| format!("{line},{}", if n == 0 { "担当課".to_owned() } else { format!("課{n}") }))
        .collect();
    work.write("wide.csv", &(wide.join("\r\n") + "\r\n"));
    work.run("import wide.csv").ok();
    work.run("export records -o list.csv").ok();
    let (header, mut rows) = read(&work.path("list.csv"), "utf-8");
    rows.truncate(3);
    let id = rows[1][0].clone();
    rows[1][at(&header, "加入者情報_住所")] = "東京都港区赤坂９－９".to_owned();
    let put = |rows: &[Vec<String>]| {
        let mut writer = csv::Writer::from_path(work.path("edited.csv")).unwrap();
        writer.write_record(&header).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
    };
    put(&rows);
    let report = work.run("import edited.csv --json").ok().json();
    let counts =
        ["imported", "updated", "unchanged", "vanished", "quarantined"].map(|key| report[key].as_u64().unwrap());
    assert_eq!(counts, [0, 1, 2, 0, 0], "{report}");
    let shown = work.run_args(&["show", &id, "--json"]).ok().json();
    let changed: Vec<_> =
        shown["changed"].as_array().unwrap().iter().map(|one| one["column"].as_str().unwrap()).collect();
    assert_eq!(changed, ["加入者情報_住所"], "{shown}");
    // The record keeps its own column: the newer full file that agrees in all else is the same row again.
    let edited: Vec<String> = wide
        .iter()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if cells[0] == id {
                cells[22] = "東京都港区赤坂９－９";
            }
            cells.join(",")
        })
        .collect();
    work.write("next.csv", &(edited.join("\r\n") + "\r\n"));
    let report = work.run("import next.csv --json").ok().json();
    assert_eq!((&report["updated"], &report["unchanged"]), (&0.into(), &40.into()), "{report}");

    // A row that cannot be taken changes nothing at all.
    for (column, cell, words) in
        [("総合判定", "?", "総合判定を読み取れません"), ("キー", "なし", "キーの記録がありません")]
    {
        let before = state(&work);
        let mut wrong = rows.clone();
        wrong[0][at(&header, "J-LIS情報_住所")] = "別".to_owned();
        wrong[2][at(&header, column)] = cell.to_owned();
        put(&wrong);
        let refused = work.run("import edited.csv").ends_with(3);
        assert!(refused.err.contains("4 行目") && refused.err.contains(words), "{}", refused.err);
        assert_eq!(state(&work).0, before.0);
    }
    work.run("verify").ok();
}

/// A list sorted by one column alone puts other people's names beside a 整理番号: nothing of it is taken.
#[test]
fn a_list_with_other_people_is_refused() {
    let work = Work::new();
    let people = [("見本　一郎", "ミホン　イチロウ", "19700102"), ("試験　花子", "シケン　ハナコ", "19880808")];
    let columns = ["加入者情報_漢字氏名", "加入者情報_カナ氏名", "加入者情報_生年月日"];
    let of = |(kanji, kana, birth): (&'static str, &'static str, &'static str)| {
        [(columns[0], kanji), (columns[1], kana), (columns[2], birth)]
    };
    write(&work.path("in.csv"), &[row("0000001", &of(people[0])), row("0000002", &of(people[1]))]);
    work.run("import in.csv").ok();
    let before = state(&work);
    work.run("export records -o list.csv").ok();
    let (header, mut rows) = read(&work.path("list.csv"), "utf-8");
    for column in columns {
        let column = at(&header, column);
        let first = rows[0][column].clone();
        rows[0][column] = std::mem::replace(&mut rows[1][column], first);
    }
    let mut writer = csv::Writer::from_path(work.path("edited.csv")).unwrap();
    writer.write_record(&header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
    let refused = work.run("import edited.csv").ends_with(3);
    assert!(refused.err.contains("別人の疑い") && refused.err.contains("行がずれていないか"), "{}", refused.err);
    assert!(!refused.err.contains("隔離確認"), "{}", refused.err);
    assert_eq!(state(&work).0, before.0);
    assert_eq!(state(&work).2, before.2);
}

/// 支援措置 that an earlier file told, and no cell of the record says any more, is shown in a list and outlives one that
/// comes back with another cell corrected; one that clears the cell of the column itself is heard.
#[test]
fn a_list_keeps_protection() {
    let work = Work::new();
    let marked = |name: &str, mark: Option<&str>, address: &str| {
        let mut writer = csv::Writer::from_path(work.path(name)).unwrap();
        let mut header: Vec<&str> = Column::ALL.iter().take(29).map(|column| column.name()).collect();
        let mut cells = row("0000001", &[("加入者情報_住所", address)]);
        if let Some(mark) = mark {
            header.push("支援措置");
            cells.push(mark.to_owned());
        }
        writer.write_record(&header).unwrap();
        writer.write_record(&cells).unwrap();
        writer.flush().unwrap();
    };
    let protected = || work.run("show 0000001 --json").ok().json()["protected"].clone();
    let edit = |column: &str, cell: &str| {
        work.run("export records -o list.csv").ok();
        let (header, mut rows) = read(&work.path("list.csv"), "utf-8");
        assert_eq!(rows[0][at(&header, "送付の注意")], "支援措置");
        rows[0][at(&header, column)] = cell.to_owned();
        let mut writer = csv::Writer::from_path(work.path("edited.csv")).unwrap();
        writer.write_record(&header).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
        let report = work.run("import edited.csv --json").ok().json();
        assert_eq!(report["updated"], 1, "{report}");
    };
    marked("marked.csv", Some("有"), "神奈川県茅ヶ崎市中島１０６８番地２５");
    work.run("import marked.csv").ok();
    assert_eq!(protected(), true);
    for encoding in ENCODINGS {
        comes_back(&work, encoding);
    }
    edit("加入者情報_住所", "神奈川県茅ヶ崎市中島１０６８番地２６");
    assert_eq!(protected(), true);
    // A file without the column says nothing of it; now no cell of the record does.
    marked("plain.csv", None, "神奈川県茅ヶ崎市中島１０６８番地２７");
    work.run("import plain.csv").ok();
    assert_eq!(protected(), true);
    comes_back(&work, "utf-8");
    edit("加入者情報_住所", "神奈川県茅ヶ崎市中島１０６８番地２８");
    assert_eq!(protected(), true);
    edit("支援措置", "なし");
    assert_eq!(protected(), false);
    work.run("verify").ok();
}

/// Words for marks that only a profile knows, and rows without 整理番号: the list shows ○ and × and a key, and comes back.
#[test]
fn marks_by_a_profile_and_rows_without_id_come_back() {
    let work = Work::new();
    let rows: Vec<Vec<String>> = (0..4)
        .map(|n| {
            let number = format!("{:04}", if n < 2 { 12 + n } else { 0 });
            let number = if n < 2 { number } else { String::new() };
            let branch = format!("0{n}");
            let mut row = row("", &[("被保険者証番号", &number), ("枝番", &branch)]);
            for cell in &mut row {
                *cell = match cell.as_str() {
                    "○" => "甲".to_owned(),
                    "×" => "乙".to_owned(),
                    _ => std::mem::take(cell),
                };
            }
            row
        })
        .collect();
    write(&work.path("in.csv"), &rows);
    work.write("layout.toml", "[marks]\n\"○\" = [\"甲\"]\n\"×\" = [\"乙\"]\n");
    let report = work.run("import in.csv --layout layout.toml --json").ok().json();
    assert_eq!(report["imported"], 4, "{report}");
    for encoding in ENCODINGS {
        comes_back(&work, encoding);
    }
    let (header, listed) = read(&work.path("list.csv"), "cp932");
    assert!(listed.iter().all(|row| row[at(&header, "総合判定")] == "×" && !row[0].is_empty()), "{listed:?}");
}

/// Imports generated rows, lays the list out in an encoding and imports it again.
fn round_trip(rows: &[Vec<String>], encoding: TextEncoding) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(store::open_or_create(&folder.path().join("work")).unwrap());
    let (file, list) = (folder.path().join("in.csv"), folder.path().join("list.csv"));
    write(&file, rows);
    let actor = Actor::named("佐藤", "2023-12-11T01:00:00Z".parse().unwrap());
    let take = |path: &Path| import(path, &store, &ImportOptions::default(), &actor, &mut |_| {});
    let Ok(first) = take(&file) else { return Ok(()) };
    let clock = Arc::new(|| "2023-12-11T01:00:00Z".parse().unwrap());
    let desk = Desk::new(Arc::clone(&store), Settings::default(), clock).unwrap();
    let mut records = RecordList::default();
    let query = Query::List { filter: String::new(), all: true, sort: Sort::Line, limit: None };
    desk.answer(&Caller::named("佐藤"), &query, &mut |any| {
        records.push(&RecordView::try_from(any).unwrap());
        true
    })
    .unwrap();
    let table = records.finish();
    if table.rows.is_empty() {
        return Ok(());
    }
    let Ok(bytes) = table.to_csv(encoding) else {
        prop_assert_eq!(encoding, TextEncoding::Cp932);
        return Ok(());
    };
    std::fs::write(&list, bytes).unwrap();
    let seq = || store.snapshot().unwrap().meta().unwrap().audit_seq;
    let before = seq();
    let again = take(&list).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let counts = (again.imported, again.updated, again.unchanged, again.quarantined, again.repeats, again.vanished);
    prop_assert_eq!(counts, (0, 0, first.imported, 0, 0, 0));
    prop_assert!(again.same_content);
    prop_assert_eq!(seq(), before);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn generated_cells_come_back(
        rows in prop::collection::vec(
            (
                "[0-9a山='+@ -]{0,4}",
                prop::collection::vec(
                    prop_oneof![
                        "[=+@\t\r\n\"', 　＝－\u{E0AE}\u{200B}\u{202E}\u{1A}𠮷葛\u{E0100}髙ﾊﾟa山0-9-]{0,8}",
                        "[='髙\u{E000}-\u{E757}ｱ-ﾝ亜-熙\r\n\",]{0,8}",
                    ],
                    7,
                ),
                prop_oneof![Just("○"), Just("×"), Just("不一致"), Just("")],
            ),
            1..5,
        ),
        encoding in prop::sample::select(TextEncoding::ALL.to_vec()),
    ) {
        const COLUMNS: [&str; 7] = [
            "加入者情報_漢字氏名", "J-LIS情報_漢字氏名", "加入者情報_カナ氏名", "J-LIS情報_住所", "備考", "被保険者証記号", "枝番",
        ];
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|(id, cells, mark)| {
                let mut set: Vec<(&str, &str)> = COLUMNS.into_iter().zip(cells.iter().map(String::as_str)).collect();
                set.push(("判定結果_漢字氏名", mark));
                row(id, &set)
            })
            .collect();
        round_trip(&rows, encoding)?;
    }
}
