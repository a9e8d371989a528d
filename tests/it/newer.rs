//! Newer files: other people under known 整理番号, other insurers, and what happens to records that were decided or reported.

use serde_json::{Value, json};

use crate::work::{Said, Truth, Work, truth};

const ID: usize = 0;
const INSURER: usize = 1;
const NUMBER: usize = 6;
const KANJI: usize = 10;
const KANA: usize = 13;
const BIRTH: usize = 16;
const ADDRESS: usize = 22;
/// Everything that speaks of the person: number, both sides with their marks.
const PERSON: [usize; 16] = [6, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];

type Rows = Vec<Vec<String>>;

/// An imported sample: its header, its rows and what is true of them.
struct Sample {
    work: Work,
    header: Vec<String>,
    rows: Rows,
    truth: Vec<Truth>,
}

impl Sample {
    fn new(rows: u64) -> Self {
        let work = Work::new();
        work.run(&format!("sample --rows {rows} --encoding utf-8 --truth truth.tsv -o first.csv")).ok();
        work.run("import first.csv").ok();
        let truth = truth(&work.path("truth.tsv"));
        let mut reader = csv::Reader::from_path(work.path("first.csv")).unwrap();
        let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let header = owned(reader.headers().unwrap());
        let rows = reader.records().map(|record| owned(&record.unwrap())).collect();
        Self { work, header, rows, truth }
    }

    fn put(&self, name: &str, rows: &Rows) {
        let mut writer = csv::Writer::from_path(self.work.path(name)).unwrap();
        writer.write_record(&self.header).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
    }

    /// The places of rows that an operator would decide 2-3, whose names, dates and numbers nobody shares.
    fn plain(&self) -> Vec<usize> {
        let is_plain = |at: &usize| {
            let (row, truth) = (&self.rows[*at], &self.truth[*at]);
            let alone = |column: usize| self.rows.iter().filter(|other| other[column] == row[column]).count() == 1;
            truth.in_item1 && truth.category == "2-3" && alone(NUMBER) && !row[KANJI].is_empty()
        };
        (0..self.rows.len()).filter(is_plain).collect()
    }

    fn id(&self, at: usize) -> &str {
        &self.rows[at][ID]
    }

    /// Decides records 2-3.
    fn decide(&self, places: &[usize]) {
        for &at in places {
            self.work.run(&format!("decide {} 2-3 --evidence 届出書", self.id(at))).ok();
        }
    }

    fn show(&self, at: usize) -> Value {
        self.work.run(&format!("show {} --json", self.id(at))).ok().json()
    }

    fn kinds(&self, at: usize) -> Vec<String> {
        let log = self.work.run(&format!("log {} --json", self.id(at))).ok().json_lines();
        log.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
    }

    fn changed(&self) -> Vec<String> {
        let list = self.work.run("list --all --filter batch:変更 --format json").ok().json_lines();
        list.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Fails when a message names a person or a number.
    #[track_caller]
    fn is_silent(&self, said: &Said) {
        for row in &self.rows {
            for column in [NUMBER, KANJI, KANA] {
                let text = &row[column];
                assert!(
                    text.chars().count() < 4 || !said.err.contains(text) && !said.out.contains(text),
                    "{}",
                    said.err
                );
            }
        }
    }
}

/// The rows with the person of the next row under each 整理番号.
fn shifted(rows: &Rows) -> Rows {
    let mut shifted = rows.clone();
    for (at, row) in shifted.iter_mut().enumerate() {
        let next = &rows[(at + 1) % rows.len()];
        PERSON.iter().for_each(|&column| row[column].clone_from(&next[column]));
    }
    shifted
}

#[test]
fn a_file_with_shifted_numbers_is_refused_and_nothing_changes() {
    let sample = Sample::new(300);
    let work = &sample.work;
    let plain = sample.plain();
    sample.decide(&plain[..3]);
    work.run("export release -o release.csv").ok();
    let before = (sample.show(plain[0]), work.run("log --json").ok().out);
    sample.put("shifted.csv", &shifted(&sample.rows));
    let said = work.run("import shifted.csv").ends_with(3);
    assert!(
        said.err.contains("300 行のうち 2") && said.err.contains("別の人") && said.err.contains(sample.id(0)),
        "{}",
        said.err
    );
    sample.is_silent(&said);
    let check = work.run("import shifted.csv --check --json").ok().json();
    let others = check["other_persons"].as_u64().unwrap();
    assert!(others > 250 && check["would_refuse"] == true && check["vanished"] == 0, "{check}");
    assert!(work.run("import shifted.csv --check").ok().out.contains("このままでは取り込みません"));

    // The numbers alone: names and dates stay, every number is that of somebody else.
    let mut numbers = sample.rows.clone();
    for (at, row) in numbers.iter_mut().enumerate() {
        row[NUMBER].clone_from(&sample.rows[(at + 1) % sample.rows.len()][NUMBER]);
    }
    sample.put("numbers.csv", &numbers);
    let said = work.run("import numbers.csv").ends_with(3);
    assert!(said.err.contains("個人番号がずれた"), "{}", said.err);
    assert_eq!((sample.show(plain[0]), work.run("log --json").ok().out), before);
    assert_eq!(work.run("status --json").ok().json()["quarantined"], 0);
    work.run("verify").ok();
}

#[test]
fn the_file_of_another_insurer_is_refused_unless_asked_for() {
    let sample = Sample::new(200);
    let work = &sample.work;
    // The same 整理番号, other people: the sample of another town.
    work.run("sample --rows 200 --seed 99 --encoding utf-8 -o other.csv").ok();
    let mut reader = csv::Reader::from_path(work.path("other.csv")).unwrap();
    let mut other: Rows = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    other.iter_mut().for_each(|row| row[INSURER] = "138057".to_owned());
    sample.put("other.csv", &other);
    let said = work.run("import other.csv").ends_with(3);
    for part in ["138057", sample.rows[0][INSURER].as_str(), "--allow-insurer"] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
    let said = work.run("import other.csv --allow-insurer").ends_with(3);
    assert!(said.err.contains("200 行のうち") && said.err.contains("別の人"), "{}", said.err);
    // Under 整理番号 of their own they go in when asked for.
    other.iter_mut().for_each(|row| row[ID].insert(0, '9'));
    sample.put("other.csv", &other);
    work.run("import other.csv --run delta").ends_with(3);
    let report = work.run("import other.csv --run delta --allow-insurer --json").ok().json();
    assert_eq!((&report["imported"], &report["insurers"]), (&json!(200), &json!(["138057"])));
    assert_eq!(report["in_item1"], work.run("status --json").ok().json()["in_item1"]);
    sample.put("again.csv", &other[..20].to_vec());
    work.run("import again.csv --run delta").ok();
    work.run("verify").ok();
}

#[test]
fn one_other_person_is_held_back_confirmed_or_dismissed() {
    let sample = Sample::new(300);
    let work = &sample.work;
    let plain = sample.plain();
    sample.decide(&plain[..2]);
    work.run("export release -o release.csv").ok();
    let before = sample.show(plain[0]);
    let mut newer = sample.rows.clone();
    for (at, to) in [(plain[0], plain[3]), (plain[1], plain[4])] {
        let other = sample.rows[to].clone();
        for column in [KANJI, KANA, BIRTH] {
            newer[at][column].clone_from(&other[column]);
        }
    }
    newer[plain[2]][ADDRESS].push_str(" 付記");
    sample.put("newer.csv", &newer);
    let said = work.run("import newer.csv").ok();
    assert!(
        said.out.contains("更新 1 + 変更なし 297 + 隔離 2")
            && said.out.contains(&format!("2 件(整理番号 {}", sample.id(plain[0]))),
        "{}",
        said.out
    );
    sample.is_silent(&said);
    assert_eq!(sample.show(plain[0]), before, "values, decision and batch stay");
    let held = work.run("quarantine --json").ok().json_lines();
    assert_eq!(held.len(), 2);
    assert_eq!((&held[0]["code"], &held[0]["id"]), (&json!("other-person"), &json!(sample.id(plain[0]))));
    assert!(held[0]["reason"].as_str().unwrap().starts_with("別人の疑い"), "{held:?}");

    // The same file in another form changes nothing; the other one is dismissed.
    newer.reverse();
    sample.put("again.csv", &newer);
    let again = work.run("import again.csv --json").ok().json();
    assert_eq!((&again["same_content"], &again["held_again"]), (&json!(true), &json!(2)), "{again}");
    work.run("quarantine dismiss 2 --reason 別人の行").ok();

    // ○ says that it is the same person after all: an update, with an event and 確認中.
    work.run("export quarantine -o held.csv").ok();
    let text = std::fs::read_to_string(work.path("held.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut row: Vec<String> = reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
    let write = |row: &[String]| {
        let mut writer = csv::Writer::from_path(work.path("confirmed.csv")).unwrap();
        writer.write_record(&header).unwrap();
        writer.write_record(row).unwrap();
        writer.flush().unwrap();
    };
    write(&row);
    let untouched = work.run("import confirmed.csv --json").ok().json();
    assert_eq!((&untouched["held_again"], &untouched["updated"]), (&json!(1), &json!(0)), "{untouched}");
    row[5] = "○".to_owned();
    write(&row);
    let report = work.run("import confirmed.csv --json").ok().json();
    assert_eq!((&report["updated"], &report["corrected"], &report["reopened"]), (&json!(1), &json!(1), &json!(1)));
    let status = work.run("status --json").ok().json();
    assert_eq!((&report["in_item1"], &status["quarantined"]), (&status["in_item1"], &json!(0)));
    let after = sample.show(plain[0]);
    assert_eq!(
        (&after["state"], &after["batch"], &after["changed_in_batch"]),
        (&json!("確認中"), &json!(1), &json!(true))
    );
    assert_eq!(
        after["fields"]["kanji"]["left"],
        json!(newer.iter().find(|row| row[ID] == sample.id(plain[0])).unwrap()[KANJI])
    );
    assert_eq!(sample.kinds(plain[0]), ["決定", "データ更新", "隔離訂正"]);
    assert_eq!(sample.changed(), [sample.id(plain[0])]);
    work.run("verify").ok();
}

fn or_empty(text: &str) -> &str {
    if text.is_empty() { "(空欄)" } else { text }
}

/// Typing errors, marriages and a wrong 個人番号 are put right: updates, each with an event.
#[test]
fn corrections_of_one_person_stay_updates() {
    let sample = Sample::new(300);
    let work = &sample.work;
    let plain = sample.plain();
    sample.decide(&plain[..4]);
    let mut newer = sample.rows.clone();
    newer[plain[0]][BIRTH] = "19010101".to_owned();
    newer[plain[1]][KANJI] = "見本　新子".to_owned();
    newer[plain[1]][KANA] = "ミホン　シンコ".to_owned();
    newer[plain[2]][NUMBER] = "999912345670".to_owned();
    newer[plain[3]][28] = "備考だけ".to_owned();
    sample.put("newer.csv", &newer);
    let report = work.run("import newer.csv --json").ok().json();
    assert_eq!(
        (&report["updated"], &report["quarantined"], &report["reopened"], &report["other_persons"]),
        (&json!(4), &json!(0), &json!(3), &json!(0)),
        "{report}"
    );
    for &at in &plain[..3] {
        assert_eq!(
            (sample.show(at)["state"].as_str(), sample.kinds(at)),
            (Some("確認中"), vec!["決定".into(), "データ更新".into()])
        );
    }
    assert_eq!(sample.show(plain[2])["changed"], json!([{ "column": "個人番号" }]), "told, never shown");
    // Command, JSON and list name the earlier value and the import that replaced it.
    let (birth, shown) = (&sample.rows[plain[0]][BIRTH], sample.show(plain[0]));
    assert_eq!(shown["fields"]["birth"]["previous"], json!({ "left": birth, "import": 2 }), "{shown}");
    assert_eq!(shown["changed_by"], json!({ "import": 2, "file": "newer.csv" }));
    assert_eq!(shown["fields"]["kanji"]["previous"], Value::Null);
    let told = |at: usize| work.run(&format!("show {}", sample.id(at))).ok().out;
    let expected = format!("更新: 加入者情報_生年月日: {birth} → 19010101 (取込 2 回目)\n");
    assert!(told(plain[0]).contains(&expected), "{}", told(plain[0]));
    let remarks = format!("更新: 備考: {} → 備考だけ", or_empty(&sample.rows[plain[3]][28]));
    assert!(told(plain[3]).contains(&remarks), "{}", told(plain[3]));
    assert!(told(plain[2]).contains("更新: 個人番号が変わりました (取込 2 回目)"), "{}", told(plain[2]));
    assert!(!told(plain[4]).contains("更新:") && sample.show(plain[4])["changed"].is_null());
    let listed = work.run("list --all --format csv").ok().out;
    assert!(listed.contains(&format!("加入者情報_生年月日={birth}")), "{listed}");
    assert_eq!(
        (sample.show(plain[3])["category"].as_str(), sample.kinds(plain[3])),
        (Some("2-3"), vec!["決定".into()])
    );
    work.run("verify").ok();
}

#[test]
fn a_reported_record_that_changes_is_listed_until_it_is_dealt_with() {
    let sample = Sample::new(400);
    let work = &sample.work;
    let plain = sample.plain();
    let (one, two, three, gone) = (plain[0], plain[1], plain[2], plain[3]);
    sample.decide(&plain[..4]);
    work.run("export release -o release.csv").ok();
    assert_eq!(work.run("status --json").ok().json()["release"]["changed"], 0);
    let mut newer = sample.rows.clone();
    for at in [one, two, three] {
        newer[at][ADDRESS].push_str(" 付記");
    }
    // All is ○ now, so the record leaves item 1.
    [12, 15, 18, 21, 24, 26].iter().for_each(|&column| newer[gone][column] = "○".to_owned());
    sample.put("newer.csv", &newer);
    let check = work.run("import newer.csv --check").ok();
    assert!(check.out.contains("確認中に戻ります: 4 件(整理番号 "), "{}", check.out);
    let report = work.run("import newer.csv --json").ok().json();
    let mut ids: Vec<&str> = [one, two, three, gone].map(|at| sample.id(at)).to_vec();
    ids.sort_unstable();
    assert_eq!((&report["changed_in_batch"], &report["reopened"]), (&json!(ids), &json!(4)), "{report}");
    let status = work.run("status --json").ok().json();
    assert_eq!((&status["release"]["changed"], &status["in_item1"]), (&json!(4), &report["in_item1"]));
    let said = work.run("status").ok();
    assert!(said.out.contains("内容が変わった記録 4 件") && said.out.contains("batch:変更"), "{}", said.out);
    assert!(work.run("status --brief").ok().out.contains("報告後の変更 4"));
    let mut listed = sample.changed();
    listed.sort_unstable();
    assert_eq!(listed, ids);
    assert_eq!(work.run("list --filter batch:変更 --format json").ok().json_lines().len(), 3, "of item 1");
    for at in [one, two, three, gone] {
        assert_eq!(sample.kinds(at), ["決定", "データ更新"]);
        assert_eq!(sample.show(at)["batch"], 1);
    }
    assert_eq!(sample.show(one)["state"], "確認中");

    // Another finding needs the withdrawal first; the same finding stands in the list that was sent.
    let said = work.run(&format!("decide {} 2-4", sample.id(one))).ends_with(1);
    assert!(said.err.contains("先に取下げ"), "{}", said.err);
    work.run(&format!("decide {} hold", sample.id(one))).ok();
    assert_eq!(sample.changed().len(), 4, "held is not dealt with");
    work.run(&format!("decide {} 2-3 --evidence 届出書", sample.id(one))).ok();
    work.run(&format!("batch withdraw 1 {} --reason 別人", sample.id(two))).ok();
    work.run(&format!("batch withdraw 1 {} --reason 対象外", sample.id(gone))).ok();
    assert_eq!(sample.changed(), [sample.id(three)]);
    assert_eq!(sample.show(one)["batch"], 1);
    let said = work.run("export release --preview");
    assert!(
        said.err.contains("報告した後に内容が変わった記録が 1 件") && said.err.contains(sample.id(three)),
        "{}",
        said.err
    );
    // A further change of the same record is a further event.
    newer[three][ADDRESS].push_str(" 再");
    newer[one][ADDRESS].push_str(" 再");
    sample.put("newest.csv", &newer);
    let report = work.run("import newest.csv --json").ok().json();
    assert_eq!(report["reopened"], 1, "one was decided anew, one still stands open: {report}");
    assert_eq!(sample.kinds(three), ["決定", "データ更新", "データ更新"]);
    assert_eq!(sample.changed().len(), 2);
    work.run("verify").ok();
}

/// What remains to be looked at after an import is what the status says, whatever kind of file it was.
#[test]
fn an_import_tells_how_many_records_are_under_review() {
    let sample = Sample::new(300);
    let work = &sample.work;
    let plain = sample.plain();
    let agrees = |said: &Value| {
        let status = work.run("status --json").ok().json();
        assert_eq!(said["in_item1"], status["in_item1"], "{said}");
        status["in_item1"].as_u64().unwrap()
    };
    let first = work.run("import first.csv --json").ok().json();
    assert_eq!(first["same_as"], 1);
    let all = agrees(&first);
    let mut part = vec![sample.rows[plain[0]].clone(), sample.rows[plain[1]].clone()];
    part[0][ADDRESS].push_str(" 付記");
    part[1][ID] = "7777777777".to_owned();
    part.push(sample.rows[plain[2]].clone());
    part[2][26] = "なぞ".to_owned();
    sample.put("part.csv", &part);
    let check = work.run("import part.csv --run delta --check --json").ok().json();
    assert_eq!(check["in_item1"], all + 1, "as it would be");
    let report = work.run("import part.csv --run delta --json").ok().json();
    assert_eq!((agrees(&report), report["rows_in_item1"].as_u64()), (all + 1, Some(2)));
    work.run("export quarantine -o held.csv").ok();
    let text = std::fs::read_to_string(work.path("held.csv")).unwrap().replace("なぞ", &sample.rows[plain[2]][26]);
    work.write("corrected.csv", &text);
    let said = work.run("import corrected.csv --check").ok();
    assert!(said.out.contains(&format!("取込後の確認対象 {}", all + 1)), "{}", said.out);
    let report = work.run("import corrected.csv --json").ok().json();
    assert_eq!((agrees(&report), &report["unchanged"]), (all + 1, &json!(1)), "{report}");
}
