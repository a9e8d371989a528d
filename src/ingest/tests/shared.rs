//! The sample files beside the repository, where they are present: class counts and item 1 as in their truth tables.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;

fn folder() -> Option<PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    folder.is_dir().then_some(folder)
}

/// The rows of a truth table as maps from column to cell.
fn truth(folder: &std::path::Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect()
}

fn import_into(store: &Store, path: &std::path::Path) -> ImportReport {
    let report = import(path, store, &ImportOptions::default(), &actor(), &mut |_| {}).unwrap();
    assert!(report.adds_up());
    report
}

fn expect(report: &ImportReport, rows: &[BTreeMap<String, String>]) {
    for (class, count) in &report.by_class {
        let expected = rows.iter().filter(|row| row["class"] == class.label()).count() as u64;
        assert_eq!(*count, expected, "{} {}", report.file, class.label());
    }
    assert_eq!(report.in_item1, rows.iter().filter(|row| row["in_item1"] == "1").count() as u64, "{}", report.file);
    assert_eq!((report.rows, report.quarantined), (rows.len() as u64, 0), "{}", report.to_text());
}

#[test]
fn class_counts_and_item_1_are_those_of_the_truth() {
    let Some(folder) = folder() else { return };
    for (file, table) in [
        ("sample_city_cp932.csv", "sample_city_truth.tsv"),
        ("sample_picture_utf8.csv", "sample_picture_truth.tsv"),
        ("sample_tworow_cp932.csv", "sample_tworow_truth.tsv"),
        ("sample_alias_cp932.csv", "sample_alias_truth.tsv"),
    ] {
        let store = empty();
        let report = import_into(&store, &folder.join(file));
        let rows = truth(&folder, table);
        expect(&report, &rows);
        for (record, row) in store.look().records.iter().zip(&rows) {
            assert_eq!(record.key, row["整理番号"]);
            assert_eq!(record.facts.class.label(), row["class"], "{file} {}", record.key);
            assert_eq!(record.facts.in_item1(), row["in_item1"] == "1", "{file} {}", record.key);
            assert_eq!(record.facts.in_item1(), record.review.is_some());
        }
    }
}

#[test]
fn a_newer_file_changes_what_the_truth_says() {
    let Some(folder) = folder() else { return };
    let store = empty();
    import_into(&store, &folder.join("sample_city_cp932.csv"));
    let report = import_into(&store, &folder.join("sample_city_delta_cp932.csv"));
    let rows = truth(&folder, "sample_city_delta_truth.tsv");
    let count = |what: &str| rows.iter().filter(|row| row["delta"] == what).count() as u64;
    assert_eq!(
        (report.imported, report.updated, report.unchanged, report.vanished),
        (count("new"), count("changed"), count("same"), count("vanished"))
    );
    let present: Vec<_> = rows.into_iter().filter(|row| row["delta"] != "vanished").collect();
    expect(&report, &present);
}

#[test]
fn the_real_store_holds_what_the_files_hold() {
    use crate::domain::record::RecordNo;
    use crate::store::open_or_create;
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/csv");
    let mut series = vec![vec![own.join("alias.csv")], vec![own.join("tworow.csv"), own.join("title.csv")]];
    if let Some(folder) = folder() {
        series.push(["sample_city_cp932.csv", "sample_city_delta_cp932.csv"].map(|name| folder.join(name)).to_vec());
        series.push(vec![folder.join("sample_alias_cp932.csv")]);
    }
    for files in series {
        let dir = tempfile::tempdir().unwrap();
        let real = open_or_create(dir.path()).unwrap();
        let memory = empty();
        for file in &files {
            let expected = import_into(&memory, file);
            let report = import(file, &real, &ImportOptions::default(), &actor(), &mut |_| {}).unwrap();
            assert_eq!(ImportReport { seconds: expected.seconds, ..report.clone() }, expected);
            let again = import(file, &real, &ImportOptions::default(), &actor(), &mut |_| {}).unwrap();
            assert_eq!(
                (again.same_as, again.unchanged + again.quarantined + again.repeats),
                (report.number, again.rows)
            );
        }
        let snapshot = real.snapshot().unwrap();
        assert_eq!(snapshot.verify().unwrap(), Vec::<String>::new());
        let state = memory.look();
        for kept in &state.records {
            let no = snapshot.find(&kept.key).unwrap().unwrap();
            let record = snapshot.records(&[no]).unwrap().remove(0);
            assert_eq!(record.row.cells, kept.cells[..Column::COUNT], "{}", kept.key);
            assert_eq!(record.row.key(), kept.key);
            let extras: Vec<&str> = record.row.extras.iter().map(|(_, text)| text.as_str()).collect();
            assert_eq!(extras, kept.cells[Column::COUNT..]);
            assert_eq!(record.facts, kept.facts, "{}", kept.key);
        }
        let reviewed: Vec<RecordNo> = snapshot.queue().unwrap().iter().map(|entry| entry.no).collect();
        let in_item1 = state.records.iter().filter(|kept| kept.facts.in_item1()).count();
        assert_eq!(reviewed.len(), in_item1);
        assert_eq!(snapshot.search_texts().unwrap().len(), in_item1);
    }
}
