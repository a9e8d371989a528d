//! Recounting everything a store says about itself.
//!
//! Each part goes on after a fault of another, so that one damaged value does not hide the next. Faults name kinds and
//! numbers, never what stood in a row.

use std::collections::{BTreeMap, HashMap};

use super::audit;
use super::check_rows::{check_facts, check_fingerprints, check_keys, check_rows, check_versions};
use super::check_steps::StepCheck;
use super::engine::{Direction, Key, KeyRange, Table, View};
use super::envelope::{self, ValueKind};
use super::lookup;
use super::migrate::Migration;
use super::read::Snapshot;
use super::recount::{Faults, Recount};
use super::schema::{ColumnId, NO_RECORD, STATES_PER_CHUNK};
use super::{StoreError, codec, queue, states, tally};
use crate::domain::batch::Batch;
use crate::domain::case::{Case, State};
use crate::domain::event::EventKind;
use crate::domain::quarantine::QuarantineState;
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Facts, RecordNo};
use crate::domain::replay::{Older, Replay};
use crate::domain::scope::Scope;

impl Snapshot<'_> {
    /// Recounts and checks: audit chain, cases against the chain, checksums of every value. Gives every fault in words.
    pub fn verify(&self) -> Result<Vec<String>, StoreError> {
        self.store.guard(|| verify(self))
    }
}

/// Checks a snapshot and gives every fault.
fn verify(snapshot: &Snapshot<'_>) -> Result<Vec<String>, StoreError> {
    let view = &*snapshot.view;
    let head = lookup::head(view)?;
    let mut faults = Faults::default();
    let mut recount =
        Recount { head, facts: vec![NO_RECORD; head.next_row as usize], kinds: HashMap::new(), held: BTreeMap::new() };
    faults.part("監査記録", |faults| check_trail(view, &mut recount, faults));
    faults.part("列データ", |faults| check_facts(view, &mut recount, faults));
    faults.part("指紋", |faults| check_fingerprints(view, head, faults));
    faults.part("行データ", |faults| check_rows(snapshot, &recount, faults));
    faults.part("整理番号の索引", |faults| check_keys(snapshot, &recount, faults));
    faults.part("行の版", |faults| check_versions(view, &recount, faults));
    faults.part("確認の順序", |faults| check_queue(snapshot, &recount, faults));
    faults.part("確認の状態", |faults| check_states(view, &recount, faults));
    faults.part("件数", |faults| {
        if tally::read(view)? != tally::recount(view)? {
            faults.add("件数の控えが、記録と決定から数えた件数と違います".to_owned());
        }
        Ok(())
    });
    faults.part("危険兆候", |faults| check_signs(view, &recount, faults));
    faults.part("解除リスト", |faults| check_batches(snapshot, &recount, faults));
    faults.part("件数報告", |faults| {
        let numbers: Vec<u32> = snapshot.reports()?.iter().map(|report| report.number).collect();
        check_numbers(faults, "件数報告", &numbers, recount.kinds.get(&EventKind::Freeze));
        Ok(())
    });
    faults.part("取込記録", |faults| {
        let numbers: Vec<u32> = lookup::imports(view)?.iter().map(|import| import.record.number).collect();
        check_numbers(faults, "取込記録", &numbers, recount.kinds.get(&EventKind::Import));
        Ok(())
    });
    faults.part("隔離行", |faults| check_held(snapshot, &recount, faults));
    Ok(faults.all)
}

/// Numbers run from 1 without gaps, and each has its event.
fn check_numbers(faults: &mut Faults, what: &str, numbers: &[u32], events: Option<&usize>) {
    if !numbers.iter().copied().eq(1..=numbers.len() as u32) {
        faults.add(format!("{what}の番号が連続していません"));
    }
    let events = events.copied().unwrap_or(0);
    if events != numbers.len() {
        faults.add(format!("{what}は {} 件ですが、監査記録は {events} 件です", numbers.len()));
    }
}

/// The chain is whole, and replaying it gives exactly what the store holds.
fn check_trail(view: &dyn View, recount: &mut Recount, faults: &mut Faults) -> Result<(), StoreError> {
    let (mut seq, mut hash) = (0u64, [0u8; 32]);
    let mut replay = Replay::default();
    let batches: Vec<(u32, Batch)> = lookup::all_json(view, ValueKind::Batch, Table::Batches).unwrap_or_default();
    let records = |number: u32| {
        let batch = batches.iter().find(|(known, _)| *known == number);
        batch.map(|(_, batch)| batch.rows.iter().map(|row| row.record).collect()).unwrap_or_default()
    };
    let older = Older { until: Migration::of(view)?.until, records: &records };
    let mut about_records = 0;
    let mut steps = StepCheck::default();
    view.range(Table::Audit, KeyRange::ALL, Direction::Ascending, &mut |key, sealed| {
        let Key::Seq(number) = key else { return Err(ValueKind::Audit.corrupt()) };
        if number != seq + 1 {
            faults.add(format!("監査記録 {} から {} が欠けています", seq + 1, number - 1));
        }
        seq = number;
        let entry = match audit::open_entry(number, sealed) {
            Ok(entry) => entry,
            Err(_) => {
                faults.add(format!("監査記録 {number} を読めません"));
                return Ok(true);
            }
        };
        if !entry.holds || entry.before != hash {
            faults.add(format!("監査記録 {number} の前で連鎖が切れています"));
        }
        hash = entry.hash;
        let event = entry.event;
        *recount.kinds.entry(event.kind).or_default() += 1;
        recount.held.extend(event.held().map(|number| (number, event.kind)));
        if let Some(no) = event.record() {
            about_records += 1;
            if view.get(Table::History, Key::Event(no.0, number))?.is_none() {
                faults.add(format!("監査記録 {number} が記録ごとの索引にありません"));
            }
        }
        steps.event(view, &event, faults)?;
        if let Err(contradiction) = replay.apply(&event, &older) {
            faults.add(format!("監査記録 {number}: {contradiction}"));
        }
        Ok(true)
    })?;
    steps.finish(view, faults)?;
    if view.len(Table::History)? != about_records {
        faults.add("記録ごとの索引に余分な項目があります".to_owned());
    }
    if (seq, hash) != (recount.head.seq, recount.head.hash) {
        faults.add("監査記録の末尾が管理情報と違います".to_owned());
    }
    compare_with_tables(view, &replay, faults)
}

/// Holds what the trail tells against the tables, value by value and by the hash over all.
fn compare_with_tables(view: &dyn View, told: &Replay, faults: &mut Faults) -> Result<(), StoreError> {
    let before = faults.part;
    let mut kept = Replay { imports: told.imports, ..Replay::default() };
    lookup::each_number(view, Table::Decisions, &mut |no, sealed| {
        match envelope::open_json::<Case>(ValueKind::Case, &no.to_le_bytes(), sealed) {
            Err(_) => faults.add(format!("記録番号 {no} の決定を読めません")),
            Ok(case) => {
                if told.cases.get(&RecordNo(no)) != Some(&case) {
                    faults.add(format!("記録番号 {no} の決定が監査記録と違います"));
                }
                kept.cases.insert(RecordNo(no), case);
            }
        }
        Ok(())
    })?;
    for no in told.cases.keys().filter(|no| !kept.cases.contains_key(no)) {
        faults.add(format!("記録番号 {} の決定がありません", no.0));
    }
    let mut digests = |table: Table, what: &str, known: &dyn Fn(u32) -> Option<String>| {
        let mut found = BTreeMap::new();
        lookup::each_number(view, table, &mut |number, sealed| {
            // What an event of before layout 5 made has no digest to be held against.
            let digest = match known(number) {
                Some(told) if told.is_empty() => told,
                told => {
                    let digest = envelope::digest(sealed);
                    if told.as_ref() != Some(&digest) {
                        faults.add(format!("{what} {number} が監査記録と違います"));
                    }
                    digest
                }
            };
            found.insert(number, digest);
            Ok(())
        })?;
        Ok::<_, StoreError>(found)
    };
    kept.batches = digests(Table::Batches, "解除リスト", &|number| told.batches.get(&number).cloned())?;
    kept.reports = digests(Table::Reports, "件数報告", &|number| told.reports.get(&number).cloned())?;
    let withdrawal = |number: u32| told.withdrawals.get((number as usize).wrapping_sub(1)).cloned();
    kept.withdrawals = digests(Table::Withdrawals, "取下げ", &withdrawal)?.into_values().collect();
    lookup::each_held(view, &mut |row| {
        if told.held.contains_key(&row.number) {
            kept.held.insert(row.number, row.state);
        }
    })?;
    if faults.part == before && kept.hash() != told.hash() {
        faults.add("監査記録から求めた内容と保存データが一致しません".to_owned());
    }
    Ok(())
}

/// How many records of item 1 have a search text, read chunk by chunk.
fn count_search_texts(view: &dyn View, recount: &Recount) -> Result<usize, StoreError> {
    let mut has = vec![false; recount.facts.len()];
    for number in 0.. {
        let Some(bytes) = lookup::chunk(view, ColumnId::Search, number)? else { break };
        codec::read_search(&bytes, |no, _| {
            if let Some(has) = has.get_mut(no as usize) {
                *has = true;
            }
        })
        .ok_or_else(|| ValueKind::Column.corrupt())?;
    }
    let found = |(no, has): (usize, &bool)| *has && recount.facts(no as u32).is_some_and(|facts| facts.in_item1());
    Ok(has.iter().enumerate().filter(|one| found(*one)).count())
}

/// The queue holds exactly the records of item 1 in order, and whoever has vanished is noted.
fn check_queue(snapshot: &Snapshot<'_>, recount: &Recount, faults: &mut Faults) -> Result<(), StoreError> {
    let queue = snapshot.queue()?;
    let facts = |no: RecordNo| recount.facts(no.0);
    if !queue.is_sorted_by_key(|entry| entry.order()) {
        faults.add("確認の順序が並んでいません".to_owned());
    }
    for entry in &queue {
        if facts(entry.no) != Some(entry.facts) {
            faults.add(format!("記録番号 {} の区分が確認の順序と違います", entry.no.0));
        }
    }
    let in_item1 = recount.all().filter(Facts::in_item1).count();
    let mut nos: Vec<RecordNo> = queue.iter().map(|entry| entry.no).collect();
    nos.sort_unstable();
    nos.dedup();
    if nos.len() != in_item1 || queue.len() != in_item1 {
        faults.add(format!("確認対象は {in_item1} 件ですが、確認の順序には {} 件あります", queue.len()));
    }
    let texts = count_search_texts(&*snapshot.view, recount)?;
    if texts != in_item1 {
        faults.add(format!("確認対象は {in_item1} 件ですが、検索用の文字列は {texts} 件です"));
    }
    let noted = lookup::vanished(&*snapshot.view)?;
    let gone = recount.all().filter(|facts| facts.scope == Scope::Vanished).count();
    let known = noted.iter().all(|(no, _)| facts(*no).is_some_and(|facts| facts.scope == Scope::Vanished));
    let sound = |entry: &QueueEntry| facts(entry.no) == Some(entry.facts) && entry.facts.scope == Scope::Vanished;
    if noted.len() != gone || !known || !queue::read_vanished(&*snapshot.view)?.iter().all(sound) {
        faults.add("消滅した記録の一覧が区分と違います".to_owned());
    }
    Ok(())
}

/// Every record has the state of its case.
fn check_states(view: &dyn View, recount: &Recount, faults: &mut Faults) -> Result<(), StoreError> {
    let nos: Vec<RecordNo> = (0..recount.head.next_row).map(RecordNo).collect();
    let mut states = HashMap::new();
    for nos in nos.chunks(STATES_PER_CHUNK as usize) {
        match states::of(view, nos) {
            Ok(found) => states.extend(nos.iter().copied().zip(found).filter(|(_, state)| *state != State::Untouched)),
            Err(StoreError::Corrupt(_)) => faults.add(format!("記録番号 {} からの状態を読めません", nos[0].0)),
            Err(error) => return Err(error),
        }
    }
    lookup::each_number(view, Table::Decisions, &mut |no, sealed| {
        let Ok(case) = envelope::open_json::<Case>(ValueKind::Case, &no.to_le_bytes(), sealed) else { return Ok(()) };
        if states.remove(&RecordNo(no)).unwrap_or_default() != case.state {
            faults.add(format!("記録番号 {no} の状態が決定と違います"));
        }
        Ok(())
    })?;
    for no in states.keys() {
        faults.add(format!("記録番号 {} の状態に決定がありません", no.0));
    }
    Ok(())
}

fn check_signs(view: &dyn View, recount: &Recount, faults: &mut Faults) -> Result<(), StoreError> {
    lookup::each_number(view, Table::Signs, &mut |no, sealed| {
        match lookup::open_signs(RecordNo(no), sealed) {
            Err(_) => faults.add(format!("記録番号 {no} の危険兆候を読めません")),
            Ok(signs) => {
                let facts = recount.facts(no);
                if facts.is_none_or(|facts| !signs.iter().all(|sign| facts.dangers.contains(sign.danger))) {
                    faults.add(format!("記録番号 {no} の危険兆候が区分と違います"));
                }
            }
        }
        Ok(())
    })
}

/// Every held-back row stands where its newest event left it, and the number of open ones is right.
fn check_held(snapshot: &Snapshot<'_>, recount: &Recount, faults: &mut Faults) -> Result<(), StoreError> {
    let (mut open, mut last) = (0, 0);
    snapshot.each_held(&mut |row| {
        let expected = match recount.held.get(&row.number) {
            None | Some(EventKind::HeldRestored) => matches!(row.state, QuarantineState::Open),
            Some(EventKind::HeldDismissed) => matches!(row.state, QuarantineState::Dismissed),
            Some(EventKind::HeldCorrected) => matches!(row.state, QuarantineState::Corrected { .. }),
            Some(EventKind::HeldReplaced) => matches!(row.state, QuarantineState::Replaced { .. }),
            Some(_) => false,
        };
        if !expected {
            faults.add(format!("隔離番号 {} の状態が監査記録と違います", row.number));
        }
        open += u64::from(row.state.is_open());
        last = row.number;
    })?;
    if let Some((number, _)) = recount.held.range(last + 1..).next() {
        faults.add(format!("隔離番号 {number} の行がありません"));
    }
    if snapshot.held_open()? != open {
        faults.add(format!("未処理の隔離行は {open} 行ですが、管理情報では {} 行です", snapshot.held_open()?));
    }
    Ok(())
}

/// Batches less withdrawals give exactly who stands in which batch.
fn check_batches(snapshot: &Snapshot<'_>, recount: &Recount, faults: &mut Faults) -> Result<(), StoreError> {
    // What could not be moved into its case when the store was raised.
    lookup::each_number(&*snapshot.view, Table::InBatch, &mut |no, _| {
        faults.add(format!("記録番号 {no} の解除リストの回を決定に移せていません"));
        Ok(())
    })?;
    let (batches, withdrawals) = (snapshot.batches()?, snapshot.withdrawals()?);
    let numbers: Vec<u32> = batches.iter().map(|batch| batch.number).collect();
    check_numbers(faults, "解除リスト", &numbers, recount.kinds.get(&EventKind::Batch));
    let events = recount.kinds.get(&EventKind::Withdraw).copied().unwrap_or(0);
    if withdrawals.len() != events {
        faults.add(format!("取下げは {} 件ですが、監査記録は {events} 件です", withdrawals.len()));
    }
    // A record may be withdrawn and sent again, so the newest batch that no withdrawal names is the one it stands in.
    let mut stands: HashMap<RecordNo, u32> = HashMap::new();
    for batch in &batches {
        for row in &batch.rows {
            let earlier = stands.insert(row.record, batch.number);
            let withdrawn = |number| withdrawals.iter().any(|one| one.record == row.record && one.batch == number);
            if earlier.is_some_and(|number| !withdrawn(number)) {
                faults.add(format!("記録番号 {} が二つの解除リストにあります", row.record.0));
            }
        }
    }
    for one in &withdrawals {
        if stands.get(&one.record) == Some(&one.batch) {
            stands.remove(&one.record);
        }
    }
    let cases = snapshot.cases()?.into_iter();
    let kept: HashMap<RecordNo, u32> = cases.filter_map(|(no, case)| Some((no, case.in_batch?))).collect();
    if stands != kept {
        faults.add("決定にある解除リストの回が、解除リストと取下げに合いません".to_owned());
    }
    Ok(())
}
