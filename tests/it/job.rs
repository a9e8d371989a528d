//! The whole job on the command line: import, decide, report, 解除 list, and everything that must not happen meanwhile.

use std::collections::BTreeMap;

use serde_json::json;

use crate::work::{Truth, Work};

#[test]
fn the_demo_ends_with_a_status_that_agrees_with_its_truth() {
    let work = Work::new();
    let said = work.run("demo --no-tui --rows 2000").ok();
    assert!(said.out.contains("確認対象(設問1)"), "{}", said.out);
    let truth = crate::work::truth(&work.workspace().join("demo_truth.tsv"));
    assert_eq!(truth.len(), 2000);
    agrees(&work, &truth);
    // Again: the same data, nothing imported twice.
    work.run("demo --no-tui --rows 2000").ok();
    agrees(&work, &truth);
    let said = work.run("demo --no-tui --rows 1000").ends_with(1);
    assert!(said.err.contains("--fresh"), "{}", said.err);
    work.run("demo --no-tui --rows 1000 --fresh").ok();
    assert_eq!(crate::work::truth(&work.workspace().join("demo_truth.tsv")).len(), 1000);
}

/// The status of a fresh import says what the truth table says.
pub(crate) fn agrees(work: &Work, truth: &[Truth]) {
    let status = work.run("status --json").ok().json();
    let item1: Vec<&Truth> = truth.iter().filter(|row| row.in_item1).collect();
    assert_eq!(status["in_item1"], item1.len());
    assert_eq!(status["remaining"], item1.len());
    assert_eq!(status["decided"], 0);
    assert_eq!(status["waiting"], 0);
    let mut by_class: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &item1 {
        *by_class.entry(&row.class).or_default() += 1;
    }
    for (class, count) in status["by_class"].as_object().unwrap() {
        let expected = by_class.remove(class.as_str()).unwrap_or(0);
        assert_eq!(count, &json!({ "total": expected, "remaining": expected }), "{class}");
    }
    assert!(by_class.is_empty(), "{by_class:?}");
}

#[test]
fn import_accounts_for_every_row() {
    let work = Work::new();
    work.run("sample --rows 700 --seed 5 --truth truth.tsv -o sample.csv").ok();
    let report = work.run("import sample.csv --json").ok().json();
    assert_eq!(report["rows"], 700);
    assert_eq!(report["imported"], 700);
    assert_eq!(report["encoding"], "cp932");
    let truth = crate::work::truth(&work.path("truth.tsv"));
    for (class, count) in report["by_class"].as_object().unwrap() {
        assert_eq!(*count, truth.iter().filter(|row| row.class == *class).count(), "{class}");
    }
    let again = work.run("import sample.csv --json").ok().json();
    assert_eq!((&again["unchanged"], &again["imported"], &again["updated"]), (&json!(700), &json!(0), &json!(0)));
    agrees(&work, &truth);
}

/// A decision file that decides every record of item 1 as an operator would in the end.
pub(crate) fn sensible_decisions(truth: &[Truth]) -> String {
    let mut text = String::from("id,code,evidence,evidence_date\n");
    for row in truth.iter().filter(|row| row.in_item1) {
        let evidence = if row.category == "2-3" { "目検" } else { "" };
        text.push_str(&format!("{},{},{evidence},\n", row.id, row.category));
    }
    text
}

/// Decides everything and checks report, completeness and the 解除 list against the truth.
pub(crate) fn whole_job(work: &Work, truth: &[Truth]) {
    work.write("decisions.csv", &sensible_decisions(truth));
    work.run("decide --from decisions.csv").ok();
    let item1: Vec<&Truth> = truth.iter().filter(|row| row.in_item1).collect();
    let count = |category: &str| item1.iter().filter(|row| row.category == category).count();
    let report = work.run("report --json").ok().json();
    assert_eq!(report["identities_ok"], true);
    assert_eq!(report["1"], item1.len());
    for code in ["2-1", "2-2", "2-3", "2-4", "4-1", "4-2"] {
        assert_eq!(report[code], count(code), "{code}");
    }
    assert_eq!(report["5"], count("2-4"));
    assert_eq!(report["backlog"], 0);
    assert_eq!(report["waiting_4_1"], count("4-1"));
    assert_eq!(report["complete"], count("4-1") + count("4-2") == 0);
    let eligible: Vec<&str> = item1
        .iter()
        .filter(|row| row.category == "2-3" && ["①", "②a", "②b", "②c", "③"].contains(&row.class.as_str()))
        .map(|row| row.id.as_str())
        .collect();
    let status = work.run("status --json").ok().json();
    assert_eq!(status["release"]["unreported"], eligible.len());
    work.run("export release -o release.csv").ok();
    let text = std::fs::read_to_string(work.path("release.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let at = reader.headers().unwrap().iter().position(|title| title == "整理番号").unwrap();
    let mut written: Vec<String> = reader.records().map(|record| record.unwrap()[at].to_owned()).collect();
    written.sort();
    let mut expected: Vec<String> = eligible.iter().map(|id| (*id).to_owned()).collect();
    expected.sort();
    assert_eq!(written, expected);
    assert!(!text.contains("個人番号"));
    work.run("verify").ok();
}

#[test]
fn every_record_decided_as_the_truth_says() {
    let (work, truth) = Work::with_sample(1500);
    whole_job(&work, &truth);
}

#[test]
fn a_decision_file_is_all_or_nothing_and_names_every_refused_line() {
    let (work, truth) = Work::with_sample(600);
    let mut open = truth.iter().filter(|row| row.in_item1 && row.category == "2-3");
    let (good, other) = (open.next().unwrap(), open.next().unwrap());
    let outside = truth.iter().find(|row| !row.in_item1).unwrap();
    let text = format!(
        "code,id,evidence,evidence_date\n2-3,{},目検,\n2-3,{},,\n2-2,{},目検,\n2-3,{},目検,\n2-3,nobody,目検,\n9-9,{},,\n",
        good.id, other.id, other.id, outside.id, good.id
    );
    work.write("decisions.csv", &text);
    let said = work.run("decide --from decisions.csv").ends_with(1);
    for line in [5, 6, 7] {
        assert!(said.err.contains(&format!("decisions.csv:{line}:")) || line == 5, "{line}: {}", said.err);
    }
    let status = work.run("status --json").ok().json();
    assert_eq!(status["decided"], 0);
    let text = format!("id,code,evidence\n{},2-3,目検\n{},2-3,\n{},2-3,目検\n", good.id, other.id, outside.id);
    work.write("guards.csv", &text);
    let said = work.run("decide --from guards.csv").ends_with(1);
    assert!(said.err.contains("guards.csv:3:") && said.err.contains("G3"), "{}", said.err);
    assert!(said.err.contains("guards.csv:4:") && said.err.contains("G7"), "{}", said.err);
    assert!(!said.err.contains("guards.csv:2:"), "{}", said.err);
    assert_eq!(work.run("status --json").ok().json()["decided"], 0);
}

#[test]
fn one_record_decided_undone_changed_and_reopened() {
    let (work, truth) = Work::with_sample(600);
    let id = &truth.iter().find(|row| row.in_item1 && row.category == "2-3").unwrap().id;
    let show = || work.run(&format!("show {id} --json")).ok().json();
    assert_eq!(show()["state"], "未着手");
    let said = work.run(&format!("decide {id} 2-3")).ends_with(1);
    assert!(said.err.contains("G3"), "{}", said.err);
    work.run(&format!("decide {id} 2-3 --evidence 目検:2023-12-01:棚3 --note 確認")).ok();
    let shown = show();
    assert_eq!(shown["category"], "2-3");
    assert_eq!(shown["evidence"], json!([{ "code": "目検", "date": "2023-12-01", "ref": "棚3" }]));
    assert_eq!(shown["note"], "確認");
    let said = work.run(&format!("decide {id} 2-4")).ends_with(1);
    assert!(said.err.contains("reopen"), "{}", said.err);
    work.run(&format!("decide {id} 2-4 --reason 番号相違")).ok();
    assert_eq!(show()["category"], "2-4");
    work.run("undo").ok();
    assert_eq!(show()["category"], "2-3");
    work.run(&format!("undo {id}")).ok();
    assert_eq!((&show()["state"], &show()["category"]), (&json!("未着手"), &json!(null)));
    work.run("undo").ends_with(1);
    work.run(&format!("decide {id} 2-3 --evidence 目検")).ok();
    work.run(&format!("reopen {id} --reason 再確認")).ok();
    assert_eq!(show()["state"], "確認中");
    let kinds: Vec<String> = work
        .run(&format!("log {id} --json"))
        .ok()
        .json_lines()
        .iter()
        .map(|event| event["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["決定", "決定", "取消", "取消", "決定", "再開"]);
    work.run("verify").ok();
}

#[test]
fn batches_are_numbered_immutable_and_disjoint() {
    let (work, truth) = Work::with_sample(1500);
    let ids: Vec<&str> =
        truth.iter().filter(|row| row.in_item1 && row.category == "2-3").map(|row| row.id.as_str()).collect();
    assert!(ids.len() > 20);
    let said = work.run("export release -o first.csv").ends_with(1);
    assert!(said.err.contains("ありません"), "{}", said.err);
    for id in &ids[..3] {
        work.run(&format!("decide {id} 2-3 --evidence 目検")).ok();
    }
    work.run("export release --preview").ok();
    assert_eq!(work.run("status --json").ok().json()["release"]["unreported"], 3);
    work.run("export release -o first.csv").ok();
    work.run(&format!("decide {} 2-3 --evidence 目検", ids[3])).ok();
    work.run("export release -o second.csv").ok();
    let rows = |name: &str| {
        let text = std::fs::read_to_string(work.path(name)).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        reader.records().map(|record| record.unwrap()[2].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rows("first.csv").len(), 3);
    assert_eq!(rows("second.csv"), [ids[3]]);
    // The same batch again is the same bytes, and the manifest says which.
    work.run("batch write 1 -o again.csv").ok();
    let bytes = std::fs::read(work.path("first.csv")).unwrap();
    assert_eq!(bytes, std::fs::read(work.path("again.csv")).unwrap());
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(work.path("first.csv.manifest.json")).unwrap()).unwrap();
    use sha2::{Digest, Sha256};
    let sha: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(manifest["sha256"], sha);
    assert_eq!(manifest["rows"], 3);
    assert_eq!(manifest["bytes"], bytes.len());
    // A record in a sent batch stays as it is until it is withdrawn.
    let said = work.run(&format!("reopen {} --reason 誤り", ids[0])).ends_with(1);
    assert!(said.err.contains("取下げ"), "{}", said.err);
    work.run("undo").ends_with(1);
    work.run(&format!("batch withdraw 1 {} --reason 再確認", ids[0])).ok();
    work.run(&format!("reopen {} --reason 誤り", ids[0])).ok();
    work.run(&format!("decide {} 2-3 --evidence 目検", ids[0])).ok();
    work.run("export release -o third.csv").ok();
    assert_eq!(rows("third.csv"), [ids[0]]);
    work.run("batch write 1 -o again.csv").ok();
    assert_eq!(bytes, std::fs::read(work.path("again.csv")).unwrap());
    assert_eq!(work.run("batch list --json").ok().json_lines().len(), 3);
    work.run("batch write 9 -o none.csv").ends_with(1);
    work.run("verify").ok();
}

#[test]
fn an_older_copy_of_the_store_is_noticed() {
    let (work, truth) = Work::with_sample(300);
    let id = &truth.iter().find(|row| row.in_item1 && row.category == "2-3").unwrap().id;
    let store = work.workspace().join("meken.redb");
    std::fs::copy(&store, work.path("older.redb")).unwrap();
    work.run(&format!("decide {id} 2-3 --evidence 目検")).ok();
    work.run("export release -o release.csv").ok();
    work.run("verify").ok();
    std::fs::copy(work.path("older.redb"), &store).unwrap();
    let said = work.run("verify").ends_with(4);
    assert!(said.out.contains("古い控え"), "{}", said.out);
}

#[test]
fn one_number_decided_both_ways_is_shown_before_the_list_goes_out() {
    let work = Work::new();
    work.run("sample --rows 600 --encoding utf-8 --truth truth.tsv -o sample.csv").ok();
    let truth = crate::work::truth(&work.path("truth.tsv"));
    let mut open = truth.iter().filter(|row| row.in_item1 && row.category == "2-3").map(|row| row.id.as_str());
    let (right, wrong) = (open.next().unwrap(), open.next().unwrap());
    // The second record gets the 個人番号 of the first.
    let mut reader = csv::Reader::from_path(work.path("sample.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let number = rows.iter().find(|row| &row[0] == right).unwrap()[6].to_owned();
    let mut writer = csv::Writer::from_path(work.path("shared.csv")).unwrap();
    writer.write_record(&header).unwrap();
    for row in &rows {
        let cells = row.iter().enumerate();
        writer.write_record(cells.map(|(n, cell)| if n == 6 && &row[0] == wrong { &number } else { cell })).unwrap();
    }
    writer.flush().unwrap();
    work.run("import shared.csv").ok();
    work.run(&format!("decide {right} 2-3 --evidence 目検")).ok();
    assert!(!work.run("export release --preview").ok().err.contains("G9"));
    work.run(&format!("decide {wrong} 2-4")).ok();
    let said = work.run("export release --preview").ok();
    assert!(said.err.contains("G9") && said.err.contains(right) && said.err.contains(wrong), "{}", said.err);
    assert!(!said.err.contains(&number), "{}", said.err);
}

/// A record that was called right although a flag names another person is listed before the list goes out, whatever the evidence.
#[test]
fn doubtful_records_are_listed_by_the_preview() {
    let (work, _) = Work::with_sample(1000);
    let records = work.run("list --json").ok().json_lines();
    let flags = |record: &serde_json::Value| {
        let flags = record["dangers"].as_array().unwrap().iter().filter_map(|danger| danger.as_str());
        flags.filter(|flag| !["F6", "F8"].contains(flag)).map(str::to_owned).collect::<Vec<_>>()
    };
    let (plain, doubted): (Vec<_>, Vec<_>) =
        records.iter().filter(|record| record["class"] != "③").partition(|record| flags(record).is_empty());
    let (plain, doubted) = (plain[0]["id"].as_str().unwrap(), doubted[0]);
    work.run(&format!("decide {plain} 2-3 --evidence 届出書")).ok();
    assert!(!work.run("export release --preview").ok().out.contains("別人の注意"));
    work.run(&format!("decide {} 2-3 --evidence 届出書", doubted["id"].as_str().unwrap())).ok();
    let said = work.run("export release --preview").ok();
    let line = said.out.lines().find(|line| line.contains(doubted["id"].as_str().unwrap()));
    let line = line.unwrap_or_else(|| panic!("{}", said.out));
    assert!(said.out.contains("別人の注意(F1〜F5・F7)があるのに誤りなしとした記録: 1 件"), "{}", said.out);
    assert!(line.contains(&flags(doubted)[0]) && !said.out.contains(plain), "{}", said.out);
}

#[test]
fn a_frozen_report_is_bridged_to_the_next() {
    let (work, truth) = Work::with_sample(600);
    let ids: Vec<&str> =
        truth.iter().filter(|row| row.in_item1 && row.category == "2-3").map(|row| row.id.as_str()).collect();
    let item1 = truth.iter().filter(|row| row.in_item1).count();
    work.run(&format!("decide {} 2-3 --evidence 目検", ids[0])).ok();
    let first = work.run("report --freeze --json").ok().json();
    assert_eq!((&first["frozen"], &first["bridge"]), (&json!(1), &json!(null)));
    work.run(&format!("reopen {} --reason 再確認", ids[0])).ok();
    for id in &ids[1..4] {
        work.run(&format!("decide {id} 2-3 --evidence 目検")).ok();
    }
    let second = work.run("report --freeze --json").ok().json();
    let expected = json!({ "last": item1 - 1, "new": 0, "reopened": 1, "closed": 3, "vanished": 0, "this": item1 - 3 });
    assert_eq!(second["bridge"], expected);
    work.run("export report -o report.csv").ok();
    assert!(std::fs::read_to_string(work.path("report.csv")).unwrap().contains("2-3"));
}

#[test]
fn letters_take_their_whole_course() {
    let (work, truth) = Work::with_sample(1500);
    let one = &truth.iter().find(|row| row.in_item1 && row.class == "①" && row.category == "4-1").unwrap().id;
    let two = &truth.iter().find(|row| row.in_item1 && row.category == "4-2").unwrap().id;
    let said = work.run(&format!("decide {one} 4-2")).ends_with(1);
    assert!(said.err.contains("G4"), "{}", said.err);
    work.run(&format!("decide {one} 4-1 --sent 2024-01-10 --due 2024-01-24")).ok();
    work.run(&format!("decide {two} 4-2 --sent 2024-01-10")).ok();
    let said = work.run(&format!("decide {one} 4-3 --replied 2024-01-09")).ends_with(1);
    assert!(said.err.contains("G6"), "{}", said.err);
    work.run(&format!("decide {one} 4-6 --replied 2024-01-20")).ends_with(1);
    work.run(&format!("decide {one} 4-5")).ok();
    work.run(&format!("decide {one} 4-3 --replied 2024-02-01 --evidence 本人回答")).ok();
    work.run(&format!("decide {two} 4-7 --replied 2024-01-20")).ok();
    let report = work.run("report --json").ok().json();
    for (item, count) in [("4", 2), ("4-1", 1), ("4-2", 1), ("4-3", 1), ("4-5", 0), ("4-7", 1), ("5", 1)] {
        assert_eq!(report[item], count, "{item}");
    }
    assert_eq!(report["identities_ok"], true);
}

/// No suggestion where the truth forbids one; nearly every expected suggestion and flag is there.
pub(crate) fn suggestions_and_flags_agree(work: &Work, truth: &[Truth]) {
    let list = work.run("list --all --json --sort line").ok().json_lines();
    assert_eq!(list.len(), truth.len());
    let (mut expected, mut found) = ((0u32, 0u32), (0u32, 0u32));
    let mut missing = Vec::new();
    for (record, row) in list.iter().zip(truth) {
        assert_eq!(record["id"], row.id.as_str());
        let suggested = !record["suggestion"].is_null();
        assert!(!(suggested && (row.must_not_suggest || !row.same_person)), "{}: {}", row.id, record["suggestion"]);
        expected.0 += u32::from(row.may_suggest);
        found.0 += u32::from(row.may_suggest && suggested);
        let raised = record["dangers"].as_array().unwrap();
        for flag in row.danger.split(',').filter(|flag| *flag != "-") {
            expected.1 += 1;
            let raised = raised.iter().any(|code| code == flag);
            found.1 += u32::from(raised);
            if !raised {
                missing.push(format!("{} {flag}", row.id));
            }
        }
    }
    assert!(found.0 * 100 >= expected.0 * 97, "suggestions: {} of {}", found.0, expected.0);
    assert!(found.1 * 100 >= expected.1 * 97, "flags: {} of {}: {missing:?}", found.1, expected.1);
}

#[test]
fn suggestions_and_flags_of_a_sample_agree_with_its_truth() {
    let (work, truth) = Work::with_sample(3000);
    suggestions_and_flags_agree(&work, &truth);
}
