//! Files that are no CSV with commas, and the limit on their size, through the real binary. The workbooks under
//! `tests/data/xlsx` were written by the libraries they are named after; everybody in them is fictitious.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::work::Work;

fn book(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/xlsx").join(name);
    path.display().to_string()
}

fn table(path: &Path, separator: u8) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Writes a table as "Unicode text" of Excel: tabs, UTF-16 with BOM.
fn unicode_text(work: &Work, name: &str, rows: &[Vec<String>]) {
    let mut csv = csv::WriterBuilder::new().delimiter(b'\t').from_writer(Vec::new());
    rows.iter().for_each(|row| csv.write_record(row).unwrap());
    let text = String::from_utf8(csv.into_inner().unwrap()).unwrap();
    let bytes: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    std::fs::write(work.path(name), bytes).unwrap();
}

fn counts(report: &Value) -> [u64; 4] {
    ["imported", "updated", "unchanged", "quarantined"].map(|key| report[key].as_u64().unwrap())
}

#[test]
fn a_workbook_is_imported_and_its_held_back_rows_corrected() {
    let work = Work::new();
    let file = book("openpyxl.xlsx");
    let report = work.run_args(&["import", &file, "--json"]).ok().json();
    assert_eq!(counts(&report), [3, 0, 0, 2], "{report}");
    assert_eq!((&report["encoding"], &report["sheet"]), (&json!("xlsx"), &json!("突合結果")));
    assert_eq!((&report["hidden_sheets"], &report["warnings"]), (&json!(["前回"]), &json!({})));
    let held = work.run("quarantine --json").ok().json_lines();
    let places: Vec<_> = held.iter().map(|row| (&row["line"], &row["code"])).collect();
    assert_eq!(places, [(&json!(5), &json!("number-cell")), (&json!(6), &json!("number-cell"))]);
    let shown = work.run("show 0000000001 --json").ok().json();
    assert_eq!(shown["fields"]["birth"]["left"], "1970-01-02");
    assert_eq!(shown["fields"]["birth"]["verdict"], "表記ゆれ", "the other side is 19700102");

    work.run("export quarantine -o held.csv").ok();
    let mut rows = table(&work.path("held.csv"), b',');
    assert_eq!((rows[1][6].as_str(), rows[2][6].as_str()), ("3", "0000000004"));
    rows[1][6] = "0000000003".to_owned();
    rows[2][12] = "000012345674".to_owned();
    unicode_text(&work, "held.txt", &rows);
    let report = work.run("import held.txt --json").ok().json();
    assert_eq!((counts(&report), &report["corrected"]), ([2, 0, 0, 0], &json!(2)), "{report}");
    assert_eq!((&report["separator"], &report["run"]), (&json!("tab"), &json!("correction")));
    let again = work.run_args(&["import", &file, "--json"]).ok().json();
    assert_eq!(again["same_as"], 1);
    work.run("verify").ok();
    let guessed = work.run_args(&["layout", "guess", &file]).ok();
    assert!(guessed.out.contains("\"整理番号\" = \"整理番号\"") && guessed.err.contains("xlsx"), "{}", guessed.out);
}

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let work = Work::new();
    let file = book("xlsxwriter.xlsx");
    let said = work.run_args(&["import", &file]).ends_with(3);
    assert!(said.err.contains("--sheet で指定してください(値があるのは 「11月」、「12月」)"), "{}", said.err);
    work.run("status").ends_with(1);
    let report = work.run_args(&["import", &file, "--sheet", "11月", "--json"]).ok().json();
    assert_eq!((counts(&report), &report["sheet"]), ([3, 0, 0, 0], &json!("11月")), "{report}");
    assert_eq!(
        (&report["warnings"], &report["warning_lines"]),
        (&json!({"formula-cell": 1}), &json!({"formula-cell": [4]}))
    );
    let shown = work.run("show 0000000002 --json").ok().json();
    assert_eq!(shown["fields"]["kanji"]["left"], "見本　二郎", "rich text");
    assert_eq!(shown["fields"]["birth"]["left"], "1970-01-02", "days counted from 1904, shown in 和暦");
    let report = work.run_args(&["import", &file, "--sheet", "12月", "--json"]).ok().json();
    assert_eq!((counts(&report), &report["vanished"]), ([0, 0, 2, 1], &json!(0)), "{report}");
    let said = work.run_args(&["import", &file, "--sheet", "10月"]).ends_with(3);
    assert!(said.err.contains("シート「10月」はありません。あるのは 「11月」、「12月」 です"), "{}", said.err);
}

#[test]
fn unicode_text_of_excel_says_the_same_as_commas() {
    let work = Work::new();
    work.run("sample --rows 300 --encoding utf-8 -o commas.csv").ok();
    let mut rows = table(&work.path("commas.csv"), b',');
    let overall = rows[0].iter().position(|name| name == "総合判定").unwrap();
    let good = std::mem::replace(&mut rows[7][overall], "なぞ".to_owned());
    unicode_text(&work, "tabs.txt", &rows);
    let report = work.run("import tabs.txt --json").ok().json();
    assert_eq!((&report["separator"], &report["encoding"]), (&json!("tab"), &json!("utf-16le")));
    assert!(work.run("import tabs.txt --check").ok().out.contains("同じファイル"));
    let before = report["quarantined"].as_u64().unwrap();
    work.run("export quarantine -o held.csv").ok();
    let mut held = table(&work.path("held.csv"), b',');
    held.retain(|row| row[2] == "隔離行" || row[2] == "8");
    held[1][6 + overall] = good;
    unicode_text(&work, "held.txt", &held);
    let report = work.run("import held.txt --json").ok().json();
    assert_eq!(report["corrected"], 1, "{report}");
    // What the file with commas holds is there already.
    let report = work.run("import commas.csv --json").ok().json();
    assert_eq!((&report["same_content"], &report["quarantined"]), (&json!(true), &json!(before - 1)), "{report}");
    work.run("verify").ok();
}

#[test]
fn the_maximum_size_is_a_setting() {
    let work = Work::new();
    work.settings("[import]\nmax_size = \"1 KiB\"\n");
    work.run("sample --rows 100 -o a.csv").ok();
    for line in ["import a.csv", "import a.csv --check", "layout guess a.csv"] {
        let said = work.run(line).ends_with(3);
        let settings = work.workspace().join("settings.toml").display().to_string();
        assert!(said.err.contains("上限 1 KiB"), "{}", said.err);
        assert!(said.err.contains(&format!("{settings} の [import] に max_size = \"1 MiB\"")), "{}", said.err);
    }
    work.run("status").ends_with(1);
    work.settings("[import]\nmax_size = \"1 MiB\"\n");
    work.run("import a.csv").ok();
    work.settings("[import]\nmax_size = \"1 MB!\"\n");
    let said = work.run("import a.csv").ends_with(2);
    assert!(said.err.contains(":2:12: max_size には\"16 GiB\" の形で大きさ"), "{}", said.err);
}
