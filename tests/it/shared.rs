//! The larger files that lie beside the project on its own machines; passed over where they are not there.

use std::path::{Path, PathBuf};

use crate::job;
use crate::work::{Work, truth};

fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    path.is_dir().then_some(path)
}

#[test]
fn every_shared_file_gives_the_classes_and_item_1_of_its_truth() {
    let Some(data) = shared() else { return };
    for (file, table, rows) in [
        ("sample_city_cp932.csv", "sample_city_truth.tsv", 3000),
        ("sample_picture_utf8.csv", "sample_picture_truth.tsv", 500),
        ("sample_tworow_cp932.csv", "sample_tworow_truth.tsv", 300),
        ("sample_alias_cp932.csv", "sample_alias_truth.tsv", 300),
    ] {
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

#[test]
fn nothing_is_suggested_for_another_person() {
    let Some(data) = shared() else { return };
    for (file, table) in [
        ("sample_city_cp932.csv", "sample_city_truth.tsv"),
        ("sample_picture_utf8.csv", "sample_picture_truth.tsv"),
        ("sample_tworow_cp932.csv", "sample_tworow_truth.tsv"),
        ("sample_alias_cp932.csv", "sample_alias_truth.tsv"),
    ] {
        let work = Work::new();
        work.run_args(&["import", data.join(file).to_str().unwrap()]).ok();
        job::suggestions_and_flags_agree(&work, &truth(&data.join(table)));
    }
}
