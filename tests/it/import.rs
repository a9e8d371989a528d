//! Import as an operator meets it: what is held back, how it is corrected, and files that come again.

use serde_json::{Value, json};

use crate::work::{Said, Work};

/// A small sample in UTF-8 whose lines can be changed: the header and one line a row, no line end at the end.
fn lines(work: &Work, rows: u64) -> Vec<String> {
    work.run(&format!("sample --rows {rows} --encoding utf-8 -o sample.csv")).ok();
    let text = std::fs::read_to_string(work.path("sample.csv")).unwrap();
    let lines: Vec<String> = text.trim_end().split("\r\n").map(str::to_owned).collect();
    assert_eq!(lines.len() as u64, rows + 1);
    assert!(lines.iter().all(|line| line.matches(',').count() == 28), "no cell of the sample holds a comma");
    lines
}

fn put(work: &Work, name: &str, lines: &[String]) {
    work.write(name, &(lines.join("\r\n") + "\r\n"));
}

fn cells(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

/// Changes one cell of a line.
fn set(line: &mut String, at: usize, cell: &str) {
    let mut cells = cells(line);
    cells[at] = cell.to_owned();
    *line = cells.join(",");
}

fn counts(report: &Value) -> [u64; 5] {
    ["imported", "updated", "unchanged", "quarantined", "repeats"].map(|key| report[key].as_u64().unwrap())
}

fn states(work: &Work) -> Vec<(u64, String)> {
    let rows = work.run("quarantine --all --json").ok().json_lines();
    rows.iter().map(|row| (row["number"].as_u64().unwrap(), row["state"].as_str().unwrap().to_owned())).collect()
}

/// Reads a written table.
fn table(work: &Work, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(work.path(name)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = owned(reader.headers().unwrap());
    (header, reader.records().map(|record| owned(&record.unwrap())).collect())
}

fn write_table(work: &Work, name: &str, header: &[String], rows: &[Vec<String>]) {
    let mut writer = csv::Writer::from_path(work.path(name)).unwrap();
    writer.write_record(header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
}

/// LibreOffice takes the zeros off numbers; what shows it is told, and what else may be lost with them.
#[test]
fn files_saved_by_a_spreadsheet_are_told_from_others() {
    let work = Work::new();
    let good = lines(&work, 40);
    put(&work, "good.csv", &good);
    let told = |name: &str| work.run(&format!("import {name} --check")).ok().out;
    assert!(!told("good.csv").contains("表計算"), "{}", told("good.csv"));

    let mut zeros = good.clone();
    for line in &mut zeros[1..] {
        let cells = cells(line);
        set(line, 0, cells[0].trim_start_matches('0'));
        set(line, 6, cells[6].trim_start_matches('0'));
    }
    put(&work, "zeros.csv", &zeros);
    let said = told("zeros.csv");
    for part in ["個人番号の先頭の 0 が落ちています", "元のファイルを取り込んでください", "解除リストの整理番号"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }

    let mut dates = good.clone();
    for line in &mut dates[1..] {
        [7, 16, 17].iter().for_each(|&at| set(line, at, "7月16日"));
    }
    put(&work, "dates.csv", &dates);
    let said = told("dates.csv");
    assert!(said.contains("半分以上の行で日付が読めません"), "{said}");

    // The zeros come back with the original file: all keys are others, so nothing is taken without asking.
    work.run("import good.csv").ok();
    let said = work.run("import zeros.csv").ends_with(3);
    assert!(said.err.contains("先頭の 0"), "{}", said.err);
}

/// Marks written as digits: the lines of a profile that the report prints, filled in, read the file, and the next one with this header.
#[test]
fn the_advice_for_marks_written_as_digits_works() {
    let work = Work::new();
    let mut digits = lines(&work, 60);
    for line in &mut digits[1..] {
        let mut cells = cells(line);
        for at in [12, 15, 18, 21, 24, 26] {
            cells[at] = cells[at].replace('○', "1").replace('△', "2").replace('×', "3");
        }
        *line = cells.join(",");
    }
    put(&work, "digits.csv", &digits);
    let said = work.run("import digits.csv").ok().out;
    let advice: Vec<&str> = said.lines().skip_while(|line| *line != "[marks]").take(4).collect();
    let mut profile = advice.join("\n");
    for (mark, code) in [("○", "1"), ("△", "2"), ("×", "3")] {
        let (empty, filled) = (format!("\"{mark}\" = []"), format!("\"{mark}\" = [\"{code}\"]"));
        assert!(profile.contains(&empty), "{said}");
        profile = profile.replace(&empty, &filled);
        // The row says the same in one line.
        let row = &work.run("quarantine --json").ok().json_lines()[0];
        assert!(row["reason"].as_str().unwrap().contains("[marks] に \"○\" = [\""), "{row}");
    }
    work.write("marks.toml", &profile);
    let report = work.run("import digits.csv --layout marks.toml --json").ok().json();
    assert_eq!((counts(&report), &report["corrected"]), ([60, 0, 0, 0, 0], &json!(60)), "{report}");
    put(&work, "next.csv", &digits[..31]);
    let report = work.run("import next.csv --run delta --json").ok().json();
    assert_eq!(counts(&report), [0, 0, 30, 0, 0], "{report}");
}

/// A workspace with 60 rows of which four were held back.
fn with_held() -> (Work, Vec<String>) {
    let work = Work::new();
    let good = lines(&work, 60);
    let mut bad = good.clone();
    set(&mut bad[5], 26, "たぶん");
    bad[10].push_str(",余り");
    set(&mut bad[15], 6, "00001234567");
    let mut other = bad[20].clone();
    set(&mut other, 28, "別の備考");
    bad.insert(21, other);
    put(&work, "first.csv", &bad);
    let report = work.run("import first.csv --json").ok().json();
    assert_eq!(counts(&report), [57, 0, 0, 4, 0], "{report}");
    (work, good)
}

#[test]
fn held_back_rows_are_written_out_corrected_and_imported_again() {
    let (work, good) = with_held();
    work.run("export quarantine -o held.csv").ok();
    let (header, mut rows) = table(&work, "held.csv");
    assert_eq!(header[..6], ["隔離番号", "隔離ファイル", "隔離行", "隔離コード", "隔離理由", "隔離確認"]);
    assert_eq!(header[6..35].join(","), good[0], "the original header");
    assert_eq!(
        rows.iter().map(|row| row[3].as_str()).collect::<Vec<_>>(),
        ["overall", "columns", "my-number", "duplicate-key"]
    );
    let number = cells(&good[5])[6].clone();
    assert_eq!(rows[0][12], format!("********{}", &number[8..]), "masked");
    assert_eq!(rows[2][12], "*******4567", "whatever its form");
    assert_eq!(rows[1][35], "余り");
    assert_eq!(rows[0][6], cells(&good[5])[0], "整理番号 as it stood in the file");

    // As it is: nothing is taken, nothing is held back twice.
    write_table(&work, "untouched.csv", &header, &rows);
    let report = work.run("import untouched.csv --json").ok().json();
    assert_eq!((counts(&report), &report["held_again"]), ([0, 0, 0, 4, 0], &json!(4)), "{report}");
    assert_eq!(report["run"], "correction");
    let before = work.run("status --json").ok().json();
    assert_eq!((&before["quarantined"], &before["file"]), (&json!(4), &json!("first.csv")));

    // Corrected, one row after another; the records that the file does not name do not vanish.
    rows[0][32] = cells(&good[5])[26].clone();
    rows[1][35] = String::new();
    rows[2][12] = cells(&good[15])[6].clone();
    write_table(&work, "corrected.csv", &header, &rows[..3]);
    let report = work.run("import corrected.csv --json").ok().json();
    assert_eq!((counts(&report), &report["corrected"], &report["vanished"]), ([3, 0, 0, 0, 0], &json!(3), &json!(0)));
    let after = work.run("status --json").ok().json();
    assert_eq!(after["quarantined"], 1);
    // The 個人番号 that was masked is the original one: the whole file is what the store holds.
    put(&work, "good.csv", &good);
    let report = work.run("import good.csv --check --json").ok().json();
    assert_eq!(counts(&report), [0, 0, 60, 0, 0], "{report}");

    // History: which import, in the trail and in the list; verify agrees.
    let log = work.run("log --json").ok().json_lines();
    assert_eq!(log.iter().filter(|event| event["kind"] == "隔離訂正").count(), 3);
    let id = cells(&good[5])[0].clone();
    assert!(work.run(&format!("log {id}")).ok().out.contains("隔離訂正"));
    let said = work.run("quarantine --all").ok();
    assert!(said.out.contains("訂正済"), "{}", said.out);
    work.run("verify").ok();

    // ○ takes the contradiction as it is.
    rows[3][5] = "○".to_owned();
    write_table(&work, "confirmed.csv", &header, &rows[3..]);
    let report = work.run("import confirmed.csv --json").ok().json();
    assert_eq!((counts(&report), &report["corrected"]), ([0, 1, 0, 0, 0], &json!(1)), "{report}");
    assert_eq!(work.run("status --json").ok().json()["quarantined"], 0);
    work.run("verify").ok();
}

#[test]
fn a_corrected_whole_file_closes_what_it_corrects() {
    let (work, good) = with_held();
    put(&work, "good.csv", &good);
    let check = work.run("import good.csv --check --json").ok().json();
    assert_eq!((counts(&check), &check["corrected"]), ([3, 0, 57, 0, 0], &json!(4)), "{check}");
    assert_eq!(work.run("status --json").ok().json()["quarantined"], 4, "a check changes nothing");
    work.run("import good.csv").ok();
    assert!(states(&work).iter().all(|(_, state)| state == "訂正済"), "{:?}", states(&work));
    work.run("verify").ok();
}

#[test]
fn the_same_faults_again_are_the_same_rows() {
    let (work, good) = with_held();
    let mut newer: Vec<String> =
        std::fs::read_to_string(work.path("first.csv")).unwrap().trim_end().split("\r\n").map(str::to_owned).collect();
    set(&mut newer[30], 28, "新しい備考");
    put(&work, "second.csv", &newer);
    let report = work.run("import second.csv --json").ok().json();
    assert_eq!((counts(&report), &report["held_again"]), ([0, 1, 56, 4, 0], &json!(4)), "{report}");
    assert_eq!(states(&work).len(), 4);
    // Another fault in the same row: the new one stands for the old one.
    set(&mut newer[5], 26, "なぞ");
    set(&mut newer[5], 10, "別名");
    put(&work, "third.csv", &newer);
    work.run("import third.csv").ok();
    let states = states(&work);
    assert_eq!(states.len(), 5);
    assert_eq!((states[0].1.as_str(), states[4].1.as_str()), ("差替", "未処理"));
    assert_eq!(work.run("status --json").ok().json()["quarantined"], 4);
    assert!(good.len() > 60);
    work.run("verify").ok();
}

#[test]
fn dismissing_takes_a_reason_and_can_be_taken_back() {
    let (work, _) = with_held();
    work.run("quarantine dismiss 2").ends_with(2);
    work.run("quarantine dismiss 2 --reason  ").ends_with(2);
    work.run_args(&["quarantine", "dismiss", "2", "--reason", " "]).ends_with(1);
    work.run("quarantine dismiss nine --reason 対象外").ends_with(2);
    let said = work.run("quarantine dismiss 2 9 --reason 対象外").ends_with(1);
    assert!(said.err.contains("隔離番号 9"), "{}", said.err);
    assert_eq!(work.run("status --json").ok().json()["quarantined"], 4, "all or none");
    work.run("quarantine dismiss 2-3 --reason 対象外").ok();
    let said = work.run("quarantine dismiss 3 --reason 対象外").ends_with(1);
    assert!(said.err.contains("除外"), "{}", said.err);
    work.run("quarantine restore 3 --reason 見直し").ok();
    let open: Vec<u64> =
        work.run("quarantine --json").ok().json_lines().iter().map(|row| row["number"].as_u64().unwrap()).collect();
    assert_eq!(open, [1, 3, 4]);
    let all = work.run("quarantine --all --json").ok().json_lines();
    assert_eq!((&all[1]["state"], &all[1]["closed_reason"]), (&json!("除外"), &json!("対象外")));
    let kinds: Vec<Value> =
        work.run("log --json").ok().json_lines().iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds, ["取込", "隔離除外", "隔離除外", "隔離復帰"]);
    work.run("verify").ok();
    // The number stands wherever work is reported.
    for said in [work.run("status"), work.run("status --brief"), work.run("report")] {
        let Said { out, .. } = said.ok();
        assert!(out.lines().any(|line| line.contains("隔離") && line.contains('3')), "{out}");
    }
    let report = work.run("report --json").ok().json();
    assert_eq!(report["quarantined"], 3);
}

#[test]
fn a_profile_is_guessed_checked_and_remembered() {
    let work = Work::new();
    let mut renamed = lines(&work, 40);
    renamed[0] =
        renamed[0].replace("総合判定", "けっか").replace("加入者情報_住所", "現住所").replace("個人番号", "ＭＮ");
    put(&work, "renamed.csv", &renamed);
    let said = work.run("import renamed.csv").ends_with(3);
    assert!(said.err.contains("総合判定、") || said.err.contains("加入者情報_住所、総合判定"), "{}", said.err);
    assert!(said.err.contains("[columns]") && said.err.contains("layout guess"), "{}", said.err);
    assert!(!work.workspace().join("layouts").exists());

    let guessed = work.run("layout guess renamed.csv").ok();
    work.write("guessed.toml", &guessed.out);
    assert!(guessed.err.contains("必須の列「総合判定」"), "{}", guessed.err);
    assert!(guessed.out.contains("けっか") && guessed.out.contains("(使いません)"), "{}", guessed.out);
    let numbers: Vec<String> = renamed[1..].iter().map(|line| cells(line)[6].clone()).collect();
    assert!(!numbers.iter().any(|number| guessed.out.contains(number.as_str())), "{}", guessed.out);
    assert!(guessed.out.contains("値の形: 999999999999(12桁)"), "{}", guessed.out);
    // Nobody's name, address or birthday gets into a file that may be sent to somebody for help.
    let checked = work.run("layout check guessed.toml renamed.csv");
    for line in &renamed[1..4] {
        for cell in cells(line).iter().filter(|cell| cell.chars().count() > 3 && *cell != "20230915") {
            assert!(!guessed.out.contains(cell.as_str()) && !checked.out.contains(cell.as_str()), "{cell}");
        }
    }

    let filled = guessed
        .out
        .replace("\"総合判定\" = \"\"", "\"総合判定\" = \"けっか\"")
        .replace("\"加入者情報_住所\" = \"\"", "\"加入者情報_住所\" = 23")
        .replace("# \"個人番号\" = \"\"", "\"個人番号\" = \"MN\"");
    work.write("profile.toml", &filled.replace("= \"けっか\"", "= \"けっかん\""));
    let said = work.run("layout check profile.toml renamed.csv").ends_with(2);
    assert!(said.err.contains("profile.toml:") && said.err.contains("もしかして: けっか"), "{}", said.err);
    work.write("profile.toml", &filled);
    work.run("layout check profile.toml").ok();
    let said = work.run("layout check profile.toml renamed.csv").ok();
    assert!(said.out.contains("けっか → 総合判定"), "{}", said.out);

    let said = work.run("import renamed.csv --layout profile.toml").ok();
    assert!(said.err.contains("覚えました"), "{}", said.err);
    let mut newer = renamed.clone();
    newer.pop();
    put(&work, "newer.csv", &newer);
    let report = work.run("import newer.csv --json").ok().json();
    assert_eq!((counts(&report), &report["vanished"]), ([0, 0, 39, 0, 0], &json!(1)), "{report}");
    assert!(report["layout"].as_str().unwrap().contains("レイアウト定義"), "{report}");
    // The same bytes read in another way are not the same file.
    work.write("profile.toml", &filled.replace("\"備考\" = \"備考\"", "\"備考\" = \"\""));
    let report = work.run("import newer.csv --layout profile.toml --json").ok().json();
    assert_eq!(report["same_as"], json!(null), "{report}");
}

/// A known file is read again on request alone, and that import stands in the trail like any other.
#[test]
fn a_known_file_is_computed_anew_on_request() {
    let work = Work::new();
    put(&work, "a.csv", &lines(&work, 40));
    work.run("import a.csv").ok();
    let before = work.run("list --all --json").ok().out;
    let again = work.run("import a.csv --json").ok().json();
    assert_eq!((&again["same_as"], &again["recompute_offered"]), (&json!(1), &json!(false)), "{again}");
    let checked = work.run("import a.csv --recompute-facts --check --json").ok().json();
    assert_eq!((&checked["import"], &checked["recomputed"]), (&json!(null), &json!(true)), "{checked}");
    let report = work.run("import a.csv --recompute-facts --json").ok().json();
    assert_eq!((counts(&report), &report["import"]), ([0, 0, 40, 0, 0], &json!(2)), "{report}");
    let imports = work.run("log --json").ok().json_lines();
    assert_eq!(imports.iter().filter(|event| event["kind"] == "取込").count(), 2, "{imports:?}");
    assert_eq!(work.run("list --all --json").ok().out, before);
    work.run("verify").ok();
}

/// Without a header nothing tells one order of columns from another, so such a profile is asked for each time.
#[test]
fn the_profile_of_a_file_without_header_is_not_remembered_and_that_is_said() {
    let work = Work::new();
    let mut bare = lines(&work, 40);
    bare.remove(0);
    put(&work, "bare.csv", &bare);
    let said = work.run("import bare.csv").ends_with(3);
    for cell in cells(&bare[0]).iter().filter(|cell| cell.chars().count() > 3) {
        assert!(!said.err.contains(cell.as_str()), "{}", said.err);
    }
    work.write("profile.toml", &work.run("layout guess bare.csv").ok().out);
    let said = work.run("import bare.csv --layout profile.toml").ok();
    assert!(said.err.contains("覚えません") && said.err.contains("--layout"), "{}", said.err);
    assert!(!work.workspace().join("layouts").exists());
    bare.pop();
    put(&work, "newer.csv", &bare);
    work.run("import newer.csv").ends_with(3);
}

/// A 個人番号 under a name that is not known would be kept and not used, and nobody would notice.
#[test]
fn columns_that_are_lacking_or_not_used_are_named() {
    let work = Work::new();
    let mut renamed = lines(&work, 40);
    renamed[0] = renamed[0].replace("個人番号", "ＭＮ").replace("資格喪失年月日", "やめた日");
    put(&work, "renamed.csv", &renamed);
    let said = work.run("import renamed.csv").ok();
    for part in ["見つからない列: 個人番号、資格喪失年月日", "使わない列: ＭＮ、やめた日"]
    {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let report = work.run("import renamed.csv --check --json").ok().json();
    assert!(report["absent_columns"].is_array(), "{report}");
}

#[test]
fn faults_of_a_profile_are_named_with_their_places() {
    let work = Work::new();
    work.write(
        "bad.toml",
        "header_rows = 3\n[colums]\n\n[columns]\n\"総合判字\" = 1\n\"備考\" = 0\n摘要 = 2\n\"枝番\" = [1]\n[marks]\n\"○\" = [\"1\"]\n\"×\" = [\"1\"]\n\"?\" = [\"9\"]\n",
    );
    let said = work.run("layout check bad.toml").ends_with(2);
    for place in [
        "bad.toml:1:15",
        "bad.toml:2:2",
        "bad.toml:5:1",
        "bad.toml:6:8",
        "bad.toml:8:8",
        "bad.toml:11:7",
        "bad.toml:12:1",
    ] {
        assert!(said.err.contains(place), "{place}\n{}", said.err);
    }
    assert!(said.err.contains("もしかして: columns") && said.err.contains("もしかして: 総合判定"), "{}", said.err);
    work.run("layout check none.toml").ends_with(2);
}

#[test]
fn the_same_content_in_another_form_changes_nothing_and_says_so() {
    let (work, _) = with_held();
    let text = std::fs::read_to_string(work.path("first.csv")).unwrap();
    let mut other: Vec<String> = text.trim_end().split("\r\n").map(str::to_owned).collect();
    // Another order, contradicting rows in theirs; other line ends, quotes and encoding; another name.
    let header = other.remove(0);
    other[25..].reverse();
    other[..12].rotate_left(5);
    other.insert(0, header);
    let quoted: Vec<String> = other
        .iter()
        .map(|line| if line.contains('"') { line.clone() } else { format!("\"{}\"", line.replace(',', "\",\"")) })
        .collect();
    let utf16: Vec<u8> = format!("\u{FEFF}{}", other.join("\n")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    put(&work, "order.csv", &other);
    work.write("quoted.csv", &quoted.join("\n"));
    std::fs::write(work.path("wide.csv"), utf16).unwrap();
    std::fs::copy(work.path("first.csv"), work.path("renamed.csv")).unwrap();
    // Contradicting rows too: the one that counts stays the one that counts.
    other[1..].reverse();
    put(&work, "reversed.csv", &other);
    for name in ["order.csv", "reversed.csv", "quoted.csv", "wide.csv", "renamed.csv"] {
        let report = work.run(&format!("import {name} --json")).ok().json();
        assert_eq!(counts(&report), [0, 0, 57, 4, 0], "{name} {report}");
        assert!(report["same_content"] == true || report["same_as"] == 1, "{name} {report}");
        let said = work.run(&format!("import {name}")).ok();
        assert!(said.out.contains("何も変更していません"), "{}", said.out);
    }
    assert_eq!(work.run("log --json").ok().json_lines().len(), 1);
    assert_eq!(states(&work).len(), 4);
    // A newer file that holds only the other one means the other one.
    let first = text.split("\r\n").find(|line| line.contains("別の備考")).unwrap().split(',').next().unwrap();
    let newer: Vec<String> =
        other.iter().filter(|line| !line.starts_with(first) || line.contains("別の備考")).cloned().collect();
    put(&work, "settled.csv", &newer);
    let report = work.run("import settled.csv --json").ok().json();
    assert_eq!((counts(&report), &report["corrected"]), ([0, 1, 56, 3, 0], &json!(1)), "{report}");
    work.run("verify").ok();
}

#[test]
fn a_newer_file_is_previewed_and_shows_old_and_new() {
    let work = Work::new();
    let good = lines(&work, 60);
    put(&work, "first.csv", &good);
    work.run("import first.csv").ok();
    let id = work.run("list --json --limit 1").ok().json()["id"].as_str().unwrap().to_owned();
    let at = good.iter().position(|line| line.starts_with(&id)).unwrap();
    work.run(&format!("decide {id} 2-3 --evidence 届出書")).ok();
    let mut newer = good.clone();
    set(&mut newer[at], 23, "東京都港区赤坂９－９");
    set(&mut newer[at], 6, "000012345674");
    newer.remove(if at == 40 { 41 } else { 40 });
    let mut extra = newer[3].clone();
    set(&mut extra, 0, "9999999999");
    newer.push(extra);
    put(&work, "newer.csv", &newer);
    let said = work.run("import newer.csv --check").ok();
    assert!(
        said.out.contains("新規 1 + 更新 1 + 変更なし 58") && said.out.contains("60 件のうち 1 件"),
        "{}",
        said.out
    );
    assert_eq!(work.run(&format!("show {id} --json")).ok().json()["category"], "2-3");
    let report = work.run("import newer.csv --json").ok().json();
    assert_eq!((counts(&report), &report["reopened"], &report["vanished"]), ([1, 1, 58, 0, 0], &json!(1), &json!(1)));
    let shown = work.run(&format!("show {id} --json")).ok().json();
    assert_eq!(shown["state"], "確認中");
    let old = cells(&good[at])[23].clone();
    let changed =
        json!([{ "column": "個人番号" }, { "column": "J-LIS情報_住所", "old": old, "new": "東京都港区赤坂９－９" }]);
    assert_eq!(shown["changed"], changed);
    work.run("verify").ok();
}

#[test]
fn a_full_file_that_would_take_most_records_away_is_refused() {
    let work = Work::new();
    let good = lines(&work, 60);
    put(&work, "first.csv", &good);
    work.run("import first.csv").ok();
    put(&work, "part.csv", &good[..20]);
    let said = work.run("import part.csv").ends_with(3);
    assert!(said.err.contains("60 件のうち 41 件") && said.err.contains("--run delta"), "{}", said.err);
    assert!(said.err.contains("--allow-vanish"), "{}", said.err);
    let check = work.run("import part.csv --check --json").ok().json();
    assert_eq!((&check["vanished"], &check["would_refuse"]), (&json!(41), &json!(true)));
    assert_eq!(work.run("log --json").ok().json_lines().len(), 1);
    // A further run says nothing about the others, and the first one stays.
    let report = work.run("import part.csv --run delta --json").ok().json();
    assert_eq!((counts(&report), &report["same_content"]), ([0, 0, 19, 0, 0], &json!(true)));
    let mut more = good[..3].to_vec();
    set(&mut more[1], 0, "8888888888");
    put(&work, "more.csv", &more);
    let report = work.run("import more.csv --run new-check --json").ok().json();
    assert_eq!((counts(&report), &report["vanished"]), ([1, 0, 1, 0, 0], &json!(0)));
    let report = work.run("import part.csv --allow-vanish --json").ok().json();
    assert_eq!(report["vanished"], 42);
    // They come back where they stood.
    let report = work.run("import first.csv --json").ok().json();
    assert_eq!(report["same_as"], 1);
    set(&mut more[1], 0, &cells(&good[1])[0]);
    let mut back = good.clone();
    set(&mut back[30], 28, "備考");
    put(&work, "back.csv", &back);
    let report = work.run("import back.csv --json").ok().json();
    assert_eq!((counts(&report), &report["returned"]), ([0, 1, 59, 0, 0], &json!(40)), "{report}");
    work.run("verify").ok();
}
