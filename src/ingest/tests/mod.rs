//! Tests of the whole import against a store in memory.

mod accounting;
mod contents;
mod doubts;
mod files;
mod persons;
mod recompute;
mod refusals;
mod reimport;
mod separators;
mod shared;
mod workbook_file;
mod workbooks;

use std::path::PathBuf;

use self::contents::{Look, empty, put_case, put_in_batch};
use super::{ImportOptions, ImportReport, IngestError, import};
use crate::domain::event::Actor;
use crate::domain::record::Column;
use crate::store::Store;

/// A folder with one file in it.
struct Place {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

fn place(bytes: impl AsRef<[u8]>) -> Place {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("match.csv");
    std::fs::write(&path, bytes).unwrap();
    Place { _dir: dir, path }
}

fn actor() -> Actor {
    Actor::named("検査", "2023-12-01T00:00:00Z".parse().unwrap())
}

fn run(store: &Store, bytes: impl AsRef<[u8]>, options: &ImportOptions) -> Result<ImportReport, IngestError> {
    let place = place(bytes);
    import(&place.path, store, options, &actor(), &mut |_| {})
}

fn take(bytes: impl AsRef<[u8]>) -> (Store, ImportReport) {
    let store = empty();
    let report = run(&store, bytes, &ImportOptions::default()).unwrap();
    assert!(report.adds_up(), "{report:?}");
    (store, report)
}

/// The canonical header.
fn header() -> String {
    Column::ALL[..29].iter().map(|column| column.name()).collect::<Vec<_>>().join(",")
}

/// A row of the canonical layout that differs in the address only, in item 1.
fn line(id: u32, change: impl Fn(Column) -> Option<&'static str>) -> String {
    let cell = |column: Column| match change(column) {
        Some(text) => text.to_owned(),
        None => plain(id, column),
    };
    Column::ALL[..29].iter().map(|column| cell(*column)).collect::<Vec<_>>().join(",")
}

fn plain(id: u32, column: Column) -> String {
    use crate::compare::FieldKind::{Address, Birth, Kana, Kanji, Sex};
    match column {
        Column::Id => return format!("{id:010}"),
        Column::Number => return format!("{:07}", id / 3),
        _ => {}
    }
    match column {
        Column::InsurerNo => "169854",
        Column::Symbol => "茅",
        Column::Branch => "01",
        Column::Relation => "1",
        Column::MyNumber => "000012345674",
        Column::Acquired | Column::Issued => "20200401",
        Column::Left(Kanji) | Column::Right(Kanji) => "見本　一郎",
        Column::Left(Kana) | Column::Right(Kana) => "ミホン　イチロウ",
        Column::Left(Birth) | Column::Right(Birth) => "19700102",
        Column::Left(Sex) | Column::Right(Sex) => "1",
        Column::Left(Address) => "神奈川県茅ヶ崎市中島１０６８番地２５",
        Column::Right(Address) => "東京都港区赤坂１－１",
        Column::Mark(Address) | Column::Overall => "×",
        Column::Mark(_) => "○",
        Column::Multiple => "1",
        Column::MatchedOn => "20230915",
        _ => "",
    }
    .to_owned()
}

fn none(_: Column) -> Option<&'static str> {
    None
}

/// A file of the canonical layout.
fn file(lines: &[String]) -> String {
    let mut text = header();
    for line in lines {
        text.push_str("\r\n");
        text.push_str(line);
    }
    text.push_str("\r\n");
    text
}

fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, bad) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!bad);
    bytes.into_owned()
}
