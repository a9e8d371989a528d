//! The store seen through its public face.

mod codec;
pub(crate) mod crash;
mod imports;
mod migrate;
mod review;
mod steps;

use std::sync::Arc;

use jiff::Timestamp;
use redb::backends::InMemoryBackend;

use super::codec::RowPacker;
use super::engine::redb::Redb;
use super::engine::{Direction, Key, KeyRange, Table};
use super::{Fingerprints, ImportRecord, NewRow, Store, StoreError};
use crate::domain::case::{Case, State};
use crate::domain::category::Category;
use crate::domain::danger::DangerSet;
use crate::domain::event::{Actor, CaseChange, Change, EventKind};
use crate::domain::pattern::Pattern;
use crate::domain::record::{Column, Facts, Marks, Overall, RecordNo, Row};
use crate::domain::scope::Scope;
use crate::domain::suspension::Class;

/// A store of the embedded engine, in memory.
fn memory() -> Store {
    Store::initialise(Redb::over(InMemoryBackend::new(), 1024 * 1024).unwrap()).unwrap()
}

fn actor(operator: &str) -> Actor {
    Actor::named(operator, Timestamp::UNIX_EPOCH)
}

fn facts(scope: Scope) -> Facts {
    let class = if scope == Scope::NotMismatch { Class::Match } else { Class::TwoB };
    let (marks, dangers) = (Marks::all_match(), DangerSet::default());
    Facts { class, overall: Overall::Mismatch, marks, scope, dangers, protected: false }
}

/// A fictitious row; `tag` makes its cells different from those of other rows.
fn row(line: u32, key: &str, tag: &str) -> Row {
    let mut cells = vec![String::new(); Column::COUNT];
    cells[Column::Id.index()] = key.to_owned();
    cells[Column::Remarks.index()] = tag.to_owned();
    Row { line, cells, extras: vec![("地区".to_owned(), format!("{tag}区"))], ..Row::default() }
}

/// The header of every test file: only its extra matters here.
fn header() -> Vec<String> {
    vec!["整理番号".to_owned(), "地区".to_owned()]
}

fn fingerprints(tag: &str) -> Fingerprints {
    let whole = tag.bytes().fold(7u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    Fingerprints { significant: whole, whole }
}

/// Every third record stands outside item 1.
fn scope_of(key: &str) -> Scope {
    if key.bytes().map(u32::from).sum::<u32>() % 3 == 0 { Scope::NotMismatch } else { Scope::Item1 }
}

/// Imports a full file of keys and tags the way `ingest` does; gives the record and whatever has vanished.
pub(crate) fn import_file(
    store: &Store,
    rows: &[(String, String)],
) -> Result<(ImportRecord, Vec<RecordNo>), StoreError> {
    let (mut import, mut packer) = (store.import()?, RowPacker::new());
    import.set_header(&header());
    let mut record = ImportRecord { file: "file.csv".into(), header: header(), ..ImportRecord::default() };
    for (n, (key, tag)) in rows.iter().enumerate() {
        let line = n as u32 + 2;
        let stored = row(line, key, tag);
        let facts = facts(scope_of(key));
        let text = format!("検索{tag}");
        let packed = packer.pack_row(&stored, &header());
        let review = facts.in_item1().then_some((Pattern { classes: u64::from(line % 5), exact: 0 }, text.as_str()));
        let new = NewRow { key, packed, fingerprints: fingerprints(tag), facts, review };
        record.rows += 1;
        match import.lookup(key)? {
            None => {
                import.append(new)?;
                record.imported += 1;
            }
            Some(known) if known.seen => record.repeats += 1,
            Some(known) if known.fingerprints == new.fingerprints => {
                import.meet(known.no)?;
                record.unchanged += 1;
            }
            Some(known) => {
                import.revise(known.no, new)?;
                record.updated += 1;
            }
        }
    }
    let gone = import.vanish_unmet()?;
    record.vanished = gone.len();
    Ok((import.commit(record, &actor("取込係"))?, gone.iter().collect()))
}

/// Damages the newest block of rows behind the store's back.
pub(crate) fn damage_last_rows(store: &Store) {
    store
        .tamper(&mut |txn| {
            let mut last = None;
            txn.range(Table::Rows, KeyRange::ALL, Direction::Descending, &mut |key, bytes| {
                last = Some((key.number().unwrap(), bytes.to_vec()));
                Ok(false)
            })?;
            let (first, mut bytes) = last.unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            txn.put(Table::Rows, Key::Number(first), &bytes).map(|_| ())
        })
        .unwrap();
}

pub(crate) fn file(rows: impl IntoIterator<Item = (u32, &'static str)>) -> Vec<(String, String)> {
    rows.into_iter().map(|(n, tag)| (format!("{n:07}"), tag.to_owned())).collect()
}

fn decided(before: &Case, category: Category, operator: &str) -> Case {
    Case {
        state: State::Decided(category),
        operator: operator.to_owned(),
        decided_at: Some(Timestamp::UNIX_EPOCH),
        version: before.version + 1,
        ..before.clone()
    }
}

fn change(no: u32, before: &Case, after: &Case) -> Change {
    Change::Case(Box::new(CaseChange {
        record: RecordNo(no),
        kind: EventKind::Decide,
        before: before.clone(),
        after: after.clone(),
        reason: String::new(),
        refers: None,
    }))
}
