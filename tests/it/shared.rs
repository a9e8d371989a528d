//! The larger files that lie beside the project on its own machines; passed over where they are not there.

use std::path::{Path, PathBuf};

use meken::app::screen::review::visual_reason;
use meken::compare::{FieldKind, compare};
use meken::domain::person::PerField;
use meken::domain::record::{Mark, Marks};

use crate::job;
use crate::work::{Work, truth};

/// The files, their truth tables and their rows.
const FILES: [(&str, &str, u64); 4] = [
    ("sample_city_cp932.csv", "sample_city_truth.tsv", 3000),
    ("sample_picture_utf8.csv", "sample_picture_truth.tsv", 500),
    ("sample_tworow_cp932.csv", "sample_tworow_truth.tsv", 300),
    ("sample_alias_cp932.csv", "sample_alias_truth.tsv", 300),
];

fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    path.is_dir().then_some(path)
}

#[test]
fn every_shared_file_gives_the_classes_and_item_1_of_its_truth() {
    let Some(data) = shared() else { return };
    for (file, table, rows) in FILES {
        let work = Work::new();
        let report = work.run_args(&["import", data.join(file).to_str().unwrap(), "--json"]).ok().json();
        assert_eq!(
            (report["rows"].as_u64(), report["imported"].as_u64()),
            (Some(rows), Some(rows)),
            "{file}: {report}"
        );
        let truth = truth(&data.join(table));
        for (class, count) in report["by_class"].as_object().unwrap() {
            assert_eq!(*count, truth.iter().filter(|row| row.class == *class).count(), "{file} {class}");
        }
        job::agrees(&work, &truth);
        work.run("verify").ok();
    }
}

#[test]
fn the_city_is_decided_reported_and_released() {
    let Some(data) = shared() else { return };
    let work = Work::new();
    work.run_args(&["import", data.join("sample_city_cp932.csv").to_str().unwrap()]).ok();
    job::whole_job(&work, &truth(&data.join("sample_city_truth.tsv")));
}

/// At 80×24 every value of the person that a danger flag names stands above the fold, before the fields of the record.
#[test]
fn what_proves_a_danger_is_seen_without_a_key() {
    use crate::terminal::{Line, Terminal, at_cursor};
    let Some(data) = shared() else { return };
    let work = Work::new();
    work.run_args(&["import", data.join("sample_city_cp932.csv").to_str().unwrap()]).ok();
    let total = work.run("list --json").ok().json_lines().len();
    let terminal = Terminal::open(&work, Line::default());
    let mut here = terminal.wait_for_record();
    let mut named = 0;
    for n in 0..total {
        let screen = terminal.wait("its record", |screen| {
            let record = screen.lines().nth(1).unwrap_or_default();
            at_cursor(screen).is_some_and(|id| record.contains(&format!("┬ {id} ")))
        });
        here = at_cursor(&screen).unwrap_or(here);
        let record: Vec<&str> =
            screen.lines().filter_map(|line| line.rsplit_once('│')?.0.rsplit_once('│')).map(|(_, r)| r).collect();
        // The line of the flags names the other by 整理番号.
        let flags: Vec<&&str> =
            record.iter().take_while(|line| line.starts_with("注意") || line.starts_with("     ")).collect();
        if flags.iter().any(|line| line.contains("→"))
            && record.get(flags.len()).is_some_and(|line| line.starts_with("相手"))
        {
            named += 1;
            let block = record[flags.len() + 1..].iter().take_while(|line| line.starts_with(['＝', ' ']));
            let block: String = block.copied().collect();
            for field in ["漢字 ", "カナ ", "生年 ", "性別 ", "住所 "] {
                assert!(block.contains(field), "{here}: {field}\n{screen}");
            }
        } else {
            assert!(!screen.contains("相手 "), "{here}: below something else\n{screen}");
        }
        if n + 1 < total {
            terminal.press("j");
            terminal.wait("the next record", |screen| at_cursor(screen).is_some_and(|id| id != here));
        }
    }
    assert!(named >= 8, "{named} records name another person");
}

#[test]
fn nothing_is_suggested_for_another_person() {
    let Some(data) = shared() else { return };
    for (file, table, _) in FILES {
        let work = Work::new();
        work.run_args(&["import", data.join(file).to_str().unwrap()]).ok();
        job::suggestions_and_flags_agree(&work, &truth(&data.join(table)));
    }
}

/// The keys that decide by eye: one of them fits wherever a suggestion stands, and none fits where the number is another
/// person's, but for those that a danger flag names (they are called by name, ARCHITECTURE "Workstation").
#[test]
fn no_key_by_eye_fits_another_person_without_a_flag() {
    let Some(data) = shared() else { return };
    let (mut refused, mut fitting) = (0, 0);
    for (file, table, _) in FILES {
        let work = Work::new();
        work.run_args(&["import", data.join(file).to_str().unwrap()]).ok();
        let truth = truth(&data.join(table));
        for record in work.run("list --json").ok().json_lines() {
            let id = record["id"].as_str().unwrap();
            let row = truth.iter().find(|row| row.id == id).unwrap();
            let field = |field: FieldKind| &record["fields"][field.word()];
            let mut marks = Marks::all_match();
            for one in FieldKind::ALL {
                marks.fields[one] = Mark::parse(field(one)["mark"].as_str().unwrap()).unwrap_or(Mark::Unreadable);
            }
            let text = |one: FieldKind, side: &str| field(one)[side].as_str().unwrap_or_default().to_owned();
            let comparisons = PerField::from_fn(|one| compare(one, &text(one, "left"), &text(one, "right")));
            let fits = visual_reason::BY_EYE
                .into_iter()
                .any(|quick| visual_reason::misfit(quick, &marks, &comparisons).is_none());
            let flagged = !record["dangers"].as_array().unwrap().is_empty();
            if !row.same_person {
                assert!(!fits || flagged, "{file} {id}");
                refused += usize::from(!fits);
            }
            fitting += usize::from(fits && !record["suggestion"].is_null());
        }
    }
    assert!(refused > 10 && fitting > 100, "{refused} {fitting}");
}
