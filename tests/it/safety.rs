//! Two ways to harm a person, in the real program: a letter to somebody under 支援措置, and a 解除 that was withdrawn and
//! comes back by itself.

use serde_json::{Value, json};

use crate::terminal::{Line, Terminal, at_cursor};
use crate::wait::{AFTER_REFUSAL, silence};
use crate::work::{Truth, Work};

/// The letter that fits a record: 4-1 where 生年月日 or 性別 is ×.
fn letter(work: &Work, id: &str) -> &'static str {
    let fields = work.run(&format!("show {id} --json")).ok().json()["fields"].clone();
    if fields["birth"]["mark"] == "×" || fields["sex"]["mark"] == "×" { "4-1" } else { "4-2" }
}

/// A record of each letter.
fn one_of_each<'t>(work: &Work, truth: &'t [Truth]) -> [(&'t str, &'static str); 2] {
    let open = |wanted: &'static str| {
        let mut fitting = truth.iter().filter(|row| row.in_item1).map(|row| row.id.as_str());
        (fitting.find(|id| letter(work, id) == wanted).unwrap(), wanted)
    };
    [open("4-1"), open("4-2")]
}

fn shown(work: &Work, id: &str) -> Value {
    work.run(&format!("show {id} --json")).ok().json()
}

/// The canonical file once more with a column 支援措置 that marks some records.
fn with_column(work: &Work, name: &str, marks: &[(&str, &str)]) {
    let mut reader = csv::Reader::from_path(work.path("plain.csv")).unwrap();
    let mut header = reader.headers().unwrap().clone();
    header.push_field("支援措置");
    let mut writer = csv::Writer::from_path(work.path(name)).unwrap();
    writer.write_record(&header).unwrap();
    for row in reader.records() {
        let mut row = row.unwrap();
        let mark = marks.iter().find(|(id, _)| *id == &row[0]).map_or("", |(_, mark)| mark);
        row.push_field(mark);
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
}

/// A file without the column, imported.
fn plain() -> (Work, Vec<Truth>) {
    let work = Work::new();
    work.run("sample --rows 600 --encoding utf-8 --truth truth.tsv -o plain.csv").ok();
    work.run("import plain.csv").ok();
    let truth = crate::work::truth(&work.path("truth.tsv"));
    (work, truth)
}

#[test]
fn no_command_sends_a_letter_under_protection_without_a_safe_way() {
    let (work, truth) = plain();
    let both = one_of_each(&work, &truth);
    for (id, _) in both {
        work.run(&format!("flag {id} dv on --reason 本人の申出")).ok();
    }
    for (id, fitting) in both {
        for code in ["4-1", "4-2"] {
            let said = work.run(&format!("decide {id} {code}")).ends_with(1);
            assert!(said.err.contains("(支援措置)"), "{}", said.err);
            assert!(said.err.contains("--safe-way") && said.err.contains(&format!("flag {id} dv off")), "{}", said.err);
        }
        work.run_args(&["decide", id, fitting, "--safe-way", " 　"]).ends_with(1);
        work.write("letters.csv", &format!("id,code,safe_way\n{id},{fitting},\n"));
        let said = work.run("decide --from letters.csv").ends_with(1);
        assert!(said.err.contains("letters.csv:2:") && said.err.contains("safe_way"), "{}", said.err);
        let now = shown(&work, id);
        assert_eq!(
            (&now["state"], &now["protected"], &now["protected_by"]),
            (&json!("未着手"), &json!(true), &json!("operator"))
        );
    }
    // It is seen in the lists, and counted before an export.
    let [(first, one), (second, two)] = both;
    let listed = work.run("list --json").ok().json_lines();
    let marked: Vec<&str> =
        listed.iter().filter(|row| row["protected"] == true).filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(marked.len(), 2);
    let table = work.run("list").ok().out;
    for id in [first, second] {
        assert!(table.lines().any(|line| line.contains(id) && line.contains("支援措置")), "{table}");
        assert!(work.run(&format!("show {id}")).ok().out.contains("支援措置: あり"), "{id}");
    }
    assert_eq!(table.matches("支援措置").count(), 2);
    assert_eq!(work.run("list --filter flag:支援措置 --json").ok().json_lines().len(), 2);
    let said = work.run("export records -o records.csv").ok();
    assert!(said.err.contains("支援措置") && said.err.contains("2 件"), "{}", said.err);
    // A safe way that was confirmed, or the flag off with a reason, satisfies the rule.
    work.run_args(&["decide", first, one, "--safe-way", "窓口で手渡し"]).ok();
    assert_eq!(shown(&work, first)["safe_way"], "窓口で手渡し");
    assert!(work.run(&format!("show {first}")).ok().out.contains("安全な送付方法: 窓口で手渡し"));
    let log = work.run(&format!("log {first} --json")).ok().json_lines();
    assert_eq!(log.last().unwrap()["after"]["safe_way"], "窓口で手渡し");
    let text = work.run(&format!("log {first}")).ok().out;
    assert!(text.contains("支援措置あり") && text.contains("安全な送付方法 窓口で手渡し"), "{text}");
    work.run(&format!("flag {second} dv off --reason 終了を確認")).ok();
    work.write("letters.csv", &format!("id,code\n{second},{two}\n"));
    work.run("decide --from letters.csv").ok();
    assert_eq!((&shown(&work, second)["category"], &shown(&work, second)["protected"]), (&json!(two), &json!(false)));
    // The outcome of a letter that is out is no letter, whatever the flag; a safe way is one of letters only.
    work.run(&format!("flag {second} dv on --reason 申出")).ok();
    let today = shown(&work, second)["sent"].as_str().unwrap().to_owned();
    let outcome = if two == "4-1" { "4-3" } else { "4-6" };
    work.run(&format!("decide {second} {outcome} --replied {today}")).ok();
    work.run_args(&["decide", first, "2-4", "--safe-way", "窓口", "--reason", "誤り"]).ends_with(2);
    // The list names how many of its records are concerned.
    for command in ["export release --preview", "export release -o release.csv", "batch write 1 -o again.csv"] {
        let said = work.run(command).ok();
        let releases = said.err.lines().any(|line| line.contains("支援措置") && line.contains("1 件"));
        assert!(releases, "{command}: {}", said.err);
    }
    work.run("verify").ok();
}

/// The flag comes from the column 支援措置 of the file (RULES §8); by hand it is cleared with a reason, and a newer file that
/// sets it anew is heard.
#[test]
fn the_file_sets_the_flag() {
    let (work, truth) = plain();
    let [(id, code), (other, _)] = one_of_each(&work, &truth);
    with_column(&work, "marked.csv", &[(id, "○"), (other, "非該当")]);
    let report = work.run("import marked.csv --json").ok().json();
    assert_eq!((&report["updated"], &report["reopened"]), (&json!(2), &json!(0)));
    let flag = |id: &str| (shown(&work, id)["protected"].clone(), shown(&work, id)["protected_by"].clone());
    assert_eq!((flag(id), flag(other)), ((json!(true), json!("file")), (json!(false), Value::Null)));
    assert!(work.run(&format!("decide {id} {code}")).ends_with(1).err.contains("(支援措置)"));
    // A file without the column says nothing of it.
    work.run("import plain.csv").ok();
    assert_eq!(flag(id), (json!(true), json!("file")));
    work.run(&format!("flag {id} dv off --reason 終了を確認")).ok();
    assert_eq!(flag(id), (json!(false), json!("operator")));
    with_column(&work, "ended.csv", &[(id, "なし")]);
    work.run("import ended.csv").ok();
    with_column(&work, "anew.csv", &[(id, "有")]);
    work.run("import anew.csv").ok();
    assert_eq!(flag(id), (json!(true), json!("file")));
    assert!(work.run(&format!("decide {id} {code}")).ends_with(1).err.contains("(支援措置)"));
    work.run("verify").ok();
}

/// On the screen: the row says so, `m` asks for the safe way, and Esc leaves everything as it was.
#[test]
fn the_letter_key_asks_under_protection() {
    let (work, truth) = plain();
    let ids: Vec<&str> = truth.iter().filter(|row| row.in_item1).map(|row| row.id.as_str()).collect();
    let marks: Vec<(&str, &str)> = ids.iter().map(|id| (*id, "1")).collect();
    with_column(&work, "marked.csv", &marks);
    work.run("import marked.csv").ok();
    let terminal = Terminal::open(&work, Line::default());
    let id = terminal.wait_for_record();
    let screen = terminal.wait_for("支援措置あり(送付しない)");
    assert!(screen.lines().any(|line| line.contains(&id) && line.contains('支')), "{screen}");
    for keys in ["m", "41", "42"] {
        silence(AFTER_REFUSAL);
        terminal.press(keys);
        terminal.wait_for("安全な送付方法:");
        terminal.tap("\x1b");
        let screen = terminal.wait_for("決定しませんでした");
        assert_eq!(at_cursor(&screen).as_ref(), Some(&id));
    }
    silence(AFTER_REFUSAL);
    terminal.press("m");
    terminal.wait_for("安全な送付方法:");
    terminal.press("窓口で手渡し");
    terminal.wait_for("安全な送付方法: 窓口で手渡し");
    terminal.tap("\r");
    terminal.wait("the letter saved", |screen| {
        screen.lines().any(|line| line.contains(&id) && line.contains("●4-") && line.contains('支'))
    });
    terminal.quit();
    let now = shown(&work, &id);
    assert_eq!((&now["safe_way"], &now["state"]), (&json!("窓口で手渡し"), &json!("返信待ち")));
    assert_eq!(work.run("status --json").ok().json()["waiting"], 1);
}

fn ids_of(work: &Work, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(work.path(name)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|record| record.unwrap()[2].to_owned()).collect()
}

/// Batch, withdraw, preview, next batch, decide again, listed once.
#[test]
fn a_withdrawn_record_is_listed_again_only_after_a_new_decision() {
    let (work, truth) = plain();
    let mut open = truth.iter().filter(|row| row.in_item1 && row.category == "2-3").map(|row| row.id.as_str());
    let [one, two, three] = [(); 3].map(|()| open.next().unwrap());
    let decide = |id: &str| work.run(&format!("decide {id} 2-3 --evidence 目検")).ok();
    decide(one);
    decide(two);
    work.run("report --freeze --json").ok();
    work.run("export release -o first.csv").ok();
    work.run(&format!("batch withdraw 1 {one} --reason 別人の疑い")).ok();
    // It is back in 確認中, its decision is history, and one event says both.
    let now = shown(&work, one);
    assert_eq!((&now["state"], &now["category"], &now["batch"]), (&json!("確認中"), &Value::Null, &Value::Null));
    let log = work.run(&format!("log {one} --json")).ok().json_lines();
    let last = log.last().unwrap();
    assert_eq!((&last["kind"], &last["before"]["category"]), (&json!("取下げ"), &json!("2-3")));
    assert_eq!((&last["after"]["state"], &last["reason"]), (&json!("確認中"), &json!("別人の疑い")));
    // No way back to the old decision: nothing is undone past the withdrawal.
    for command in ["undo".to_owned(), format!("undo {one}")] {
        let said = work.run(&command).ends_with(1);
        assert!(said.err.contains("取下げ"), "{}", said.err);
    }
    let report = work.run("report --json").ok().json();
    assert_eq!((&report["identities_ok"], &report["bridge"]["reopened"]), (&json!(true), &json!(1)));
    let release = work.run("status --json").ok().json()["release"].clone();
    assert_eq!((&release["reported"], &release["unreported"]), (&json!(1), &json!(0)));
    // The preview names it, and no list takes it.
    let said = work.run("export release --preview").ends_with(1);
    assert!(said.err.lines().any(|line| line.contains("再確認待ち") && line.contains(one)), "{}", said.err);
    work.run("export release -o none.csv").ends_with(1);
    decide(three);
    let said = work.run("export release -o second.csv").ok();
    assert!(said.err.lines().any(|line| line.contains("再確認待ち") && line.contains(one)), "{}", said.err);
    assert_eq!(ids_of(&work, "second.csv"), [three]);
    // What asks for it to be reopened is answered: it is so already.
    work.run(&format!("reopen {one} --reason 再確認")).ok();
    assert_eq!(work.run(&format!("log {one} --json")).ok().json_lines().len(), log.len());
    // Decided anew it is listed, once.
    decide(one);
    let said = work.run("export release --preview").ok();
    assert!(said.err.lines().any(|line| line.contains("決定し直して載る") && line.contains(one)), "{}", said.err);
    assert!(!said.err.contains("再確認待ち"), "{}", said.err);
    work.run("export release -o third.csv").ok();
    assert_eq!(ids_of(&work, "third.csv"), [one]);
    work.run("export release -o none.csv").ends_with(1);
    let batches = work.run("batch list --json").ok().json_lines();
    let listed: Vec<usize> = batches.iter().map(|batch| batch["ids"].as_array().unwrap().len()).collect();
    assert_eq!((listed, batches[0]["withdrawn"][0]["id"].as_str()), (vec![2, 1, 1], Some(one)));
    work.run("report --freeze").ok();
    work.run("verify").ok();
}
