//! The parts of `verify` about rows, their columns and their keys.

use super::engine::{Direction, Key, KeyRange, Table, View};
use super::envelope::{self, ValueKind};
use super::lookup::{self, Block};
use super::read::Snapshot;
use super::recount::{Faults, Recount};
use super::schema::{ColumnId, FACTS_PER_CHUNK, FINGERPRINTS_PER_CHUNK, Head, NO_RECORD, Versions};
use super::{StoreError, codec};
use crate::domain::record::{Column, Facts};

pub(super) fn check_facts(view: &dyn View, recount: &mut Recount, faults: &mut Faults) -> Result<(), StoreError> {
    let chunks = recount.head.next_row.div_ceil(FACTS_PER_CHUNK);
    for number in 0..chunks {
        let cells = match lookup::chunk(view, ColumnId::Facts, number) {
            Ok(Some(bytes)) => bytes,
            Ok(None) | Err(StoreError::Corrupt(_)) => {
                faults.add(format!("記録の列 {number} を読めません"));
                continue;
            }
            Err(error) => return Err(error),
        };
        let first = number * FACTS_PER_CHUNK;
        let expected = FACTS_PER_CHUNK.min(recount.head.next_row - first) as usize;
        let cells = cells.as_chunks::<{ Facts::BYTES }>().0;
        if cells.len() != expected {
            faults.add(format!("記録の列 {number} は {expected} 件のはずですが {} 件です", cells.len()));
        }
        for (at, cell) in cells.iter().enumerate().take(expected) {
            match lookup::facts_cell(*cell) {
                Ok(_) => recount.facts[first as usize + at] = *cell,
                Err(_) => faults.add(format!("記録番号 {} の区分を読めません", first as usize + at)),
            }
        }
    }
    Ok(())
}

pub(super) fn check_fingerprints(view: &dyn View, head: Head, faults: &mut Faults) -> Result<(), StoreError> {
    for number in 0..head.next_row.div_ceil(FINGERPRINTS_PER_CHUNK) {
        let expected = FINGERPRINTS_PER_CHUNK.min(head.next_row - number * FINGERPRINTS_PER_CHUNK) as usize * 16;
        match lookup::chunk(view, ColumnId::Fingerprints, number) {
            Ok(Some(bytes)) if bytes.len() == expected => {}
            Ok(_) | Err(StoreError::Corrupt(_)) => faults.add(format!("指紋の列 {number} を読めません")),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Every row of every block can be read, they are numbered without gaps, and each 整理番号 leads to its record.
pub(super) fn check_rows(snapshot: &Snapshot<'_>, recount: &Recount, faults: &mut Faults) -> Result<(), StoreError> {
    let view = &*snapshot.view;
    let mut next = 0;
    lookup::each_number(view, Table::Rows, &mut |first, sealed| {
        if first != next {
            faults.add(format!("行 {next} から {first} の間が欠けているか重なっています"));
            next = first;
        }
        let block = match Block::open(first, sealed) {
            Ok(block) => block,
            Err(_) => {
                faults.add(format!("行 {first} からのまとまりを読めません"));
                // How many rows it held shows where the next block begins.
                next = recount.head.next_row;
                let after = KeyRange::from(Key::Number(first + 1));
                return view.range(Table::Rows, after, Direction::Ascending, &mut |key, _| {
                    next = key.number().unwrap_or(next);
                    Ok(false)
                });
            }
        };
        for (number, packed) in block.rows() {
            next = number + 1;
            let row = packed.and_then(|packed| codec::unpack_row(packed, &[]));
            let Some(row) = row else {
                faults.add(format!("行 {number} を読めません"));
                continue;
            };
            let is_record = recount.is_record(number);
            if is_record && !row.cell(Column::Id).trim().is_empty() {
                let key = row.key();
                let mut found = None;
                view.get_many(Table::ByKey, &[Key::Text(&key)], &mut |_, value| {
                    found = envelope::open_checked(ValueKind::Key, key.as_bytes(), value).ok();
                    Ok(())
                })?;
                if found != Some(number) {
                    faults.add(format!("記録番号 {number} の整理番号が索引と違います"));
                }
            }
        }
        Ok(())
    })?;
    if next != recount.head.next_row {
        faults.add(format!("行は {} 件のはずですが {next} 件です", recount.head.next_row));
    }
    Ok(())
}

/// Each record has exactly one key.
pub(super) fn check_keys(snapshot: &Snapshot<'_>, recount: &Recount, faults: &mut Faults) -> Result<(), StoreError> {
    let mut missing: Vec<bool> = recount.facts.iter().map(|cell| *cell != NO_RECORD).collect();
    snapshot.view.range(Table::ByKey, KeyRange::ALL, Direction::Ascending, &mut |key, value| {
        let Key::Text(key) = key else { return Err(ValueKind::Key.corrupt()) };
        match envelope::open_checked(ValueKind::Key, key.as_bytes(), value) {
            Err(_) => faults.add("索引の項目を読めません".to_owned()),
            Ok(no) => match missing.get_mut(no as usize) {
                Some(missing) if *missing => *missing = false,
                _ => faults.add(format!("索引が記録でない番号 {no} を指すか、二度指しています")),
            },
        }
        Ok(true)
    })?;
    for no in (0..missing.len()).filter(|&no| missing[no]) {
        faults.add(format!("記録番号 {no} が索引にありません"));
    }
    Ok(())
}

/// Versions belong to records, and their rows are no records of their own.
pub(super) fn check_versions(view: &dyn View, recount: &Recount, faults: &mut Faults) -> Result<(), StoreError> {
    let is_record = |no: u32| recount.is_record(no);
    lookup::each_number(view, Table::Versions, &mut |no, sealed| {
        match Versions::open(no, sealed) {
            Err(_) => faults.add(format!("記録番号 {no} の版を読めません")),
            Ok(Versions { current, previous }) => {
                let sound = is_record(no)
                    && !is_record(current)
                    && current < recount.head.next_row
                    && previous < current
                    && (previous == no || !is_record(previous));
                if !sound {
                    faults.add(format!("記録番号 {no} の版が行と合いません"));
                }
            }
        }
        Ok(())
    })
}
