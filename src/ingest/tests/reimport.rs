//! The same file again, newer files, repeats and contradictions (RULES §7).

use super::*;
use crate::compare::FieldKind;
use crate::domain::case::{Case, State};
use crate::domain::category::Category;
use crate::domain::record::RecordNo;
use crate::domain::run::Run;
use crate::domain::scope::Scope;

fn decided(store: &Store, numbers: &[u32]) {
    for n in numbers {
        let case =
            Case { state: State::Decided(Category::C23), note: "確認した".into(), version: 1, ..Case::default() };
        put_case(store, *n, case);
    }
}

#[test]
fn the_same_file_again_changes_nothing() {
    let text = file(&[line(1, none), line(2, none), line(2, none), line(3, |c| (c == Column::Overall).then_some("?"))]);
    let (store, first) = take(&text);
    let again = run(&store, &text, &ImportOptions::default()).unwrap();
    assert_eq!((again.unchanged, again.imported, again.quarantined, again.repeats), (2, 0, 1, 1));
    assert!(again.adds_up() && again.same_as == Some(1) && again.by_class == first.by_class);
    assert_eq!(store.look().imports.len(), 1);
    assert!(again.to_text().contains("同じファイル"));
}

/// A store of layout 4, whose rows were fingerprinted without a secret: what is the same is still told from what is not.
#[test]
fn a_newer_file_over_a_store_without_a_secret() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let folder = tempfile::tempdir().unwrap();
    let packed = std::fs::read(data.join("store/layout4.redb.lz4")).unwrap();
    let bytes = lz4_flex::block::decompress_size_prepended(&packed).unwrap();
    std::fs::write(folder.path().join(crate::store::FILE_NAME), bytes).unwrap();
    let store = crate::store::open(folder.path()).unwrap();
    assert_eq!((store.look().records.len(), store.snapshot().unwrap().meta().unwrap().schema), (2, 6));
    let text = std::fs::read_to_string(data.join("csv/picture.csv")).unwrap();
    assert_eq!(run(&store, &text, &ImportOptions::default()).unwrap().same_as, Some(1));
    for (old, new, updated) in
        [("0000000002,", "0000000003,", 0), ("見本　一郎,見本　一郎", "見本　一郎,見本　次郎", 1)]
    {
        assert!(text.contains(old));
        let options = ImportOptions { allow_vanish: true, ..Default::default() };
        let report = run(&store, text.replacen(old, new, 1), &options).unwrap();
        assert_eq!((report.updated, report.unchanged), (updated, 1), "{old}");
    }
    store.look();
}

#[test]
fn repeats_and_contradictions_within_a_file() {
    let other = line(1, |c| (c == Column::Remarks).then_some("別"));
    let (store, report) = take(file(&[line(1, none), line(1, none), other, line(1, none)]));
    assert_eq!((report.imported, report.repeats, report.quarantined), (1, 2, 1));
    let row = &store.look().quarantine[0];
    assert_eq!((row.code.as_str(), row.line), ("duplicate-key", 4));
    assert_eq!(row.raw[Column::Remarks.index()], "別");
}

#[test]
fn a_newer_file_updates_reopens_and_marks_what_vanished() {
    let (store, _) = take(file(&(1..=7).map(|n| line(n, none)).collect::<Vec<_>>()));
    decided(&store, &[0, 1, 2, 3, 6]);
    put_in_batch(&store, 6);
    let moved = |c| (c == Column::Right(FieldKind::Address)).then_some("東京都港区赤坂１－２");
    let newer = file(&[
        line(1, none),
        line(2, moved),
        line(3, |c| (c == Column::Issued).then_some("20230801")),
        line(5, moved),
        line(6, |c| (c == Column::Overall).then_some("?")),
        line(7, moved),
        line(8, none),
    ]);
    let report = run(&store, newer, &ImportOptions::default()).unwrap();
    assert_eq!((report.imported, report.updated, report.unchanged, report.quarantined), (1, 4, 1, 1));
    assert_eq!((report.vanished, report.reopened), (1, 2));
    let state = store.look();
    let of = |n: u32| state.cases.get(&RecordNo(n)).cloned().unwrap_or_default();
    assert_eq!(of(0).state, State::Decided(Category::C23), "unchanged");
    assert_eq!((of(1).state, of(1).reason.as_str(), of(1).note.as_str()), (State::Pending, "データ更新", "確認した"));
    assert_eq!(of(1).version, 2);
    assert_eq!(of(2).state, State::Decided(Category::C23), "only a silent column changed");
    assert_eq!(of(4), Case::default(), "an untouched record stays untouched");
    assert_eq!(state.records[3].facts.scope, Scope::Vanished);
    assert_ne!(state.records[5].facts.scope, Scope::Vanished, "held back, but in the file");
    assert_eq!((of(6).state, of(6).reason.as_str()), (State::Pending, "データ更新"), "in a sent batch too");
    assert_eq!(
        (report.warnings["changed-in-batch"], &report.changed_in_batch[..]),
        (1, &["0000000007".to_owned()][..])
    );
    let text = report.to_text();
    assert!(text.contains("batch:変更") && text.contains("0000000007"));
    assert_eq!(text.matches("解除リストに載せた記録").count(), 1, "told once: {text}");
    // Seven records and a new one; one has vanished, and a held-back row takes none away.
    assert_eq!((report.in_item1, report.rows_in_item1), (7, 6));
    assert_eq!(state.imports[1].number, 2);
}

/// RULES §8: the flag comes from the column 支援措置. A newer file changes it silently; one without the column says nothing
/// of it; one that sets it anew is heard although an older mark was cleared by hand.
#[test]
fn the_column_of_protection_sets_the_flag() {
    let with = |marks: &[&str]| {
        let rows = marks.iter().zip(1..).map(|(mark, n)| format!("{},{mark}", line(n, none)));
        format!("{},支援措置\r\n{}\r\n", header(), rows.collect::<Vec<_>>().join("\r\n"))
    };
    let flags =
        |store: &Store| -> Vec<bool> { store.look().records.iter().map(|record| record.facts.protected).collect() };
    let (store, _) = take(with(&["○", "", "無", "DV"]));
    assert_eq!(flags(&store), [true, false, false, true]);
    decided(&store, &[0, 1, 2, 3]);
    let hand = |n: u32, word: Option<bool>| {
        let case = store.look().cases[&RecordNo(n)].clone();
        put_case(&store, n, Case { protected: word, ..case });
    };
    hand(0, Some(false));
    hand(2, Some(false));
    // Without the column: another remark changes every row, the flags stay and nothing is reopened.
    let remark = |c| (c == Column::Remarks).then_some("再送");
    let report = run(&store, file(&[1, 2, 3, 4].map(|n| line(n, remark))), &ImportOptions::default()).unwrap();
    assert_eq!((report.updated, report.reopened, flags(&store)), (4, 0, vec![true, false, false, true]));
    // Still marked: what was cleared stays cleared. Marked anew: the file is heard.
    run(&store, with(&["1", "1", "1", ""]), &ImportOptions::default()).unwrap();
    assert_eq!(flags(&store), [true, true, true, false]);
    let state = store.look();
    let by_hand = |n: u32| state.cases[&RecordNo(n)].protected;
    assert_eq!([0, 1, 2, 3].map(by_hand), [Some(false), None, None, None]);
    assert!(state.cases.values().all(|case| case.state == State::Decided(Category::C23)));
}

#[test]
fn every_significant_column_reopens_and_no_other_does() {
    for column in Column::ALL[1..29].iter().copied() {
        let significant = !matches!(
            column,
            Column::InsurerNo
                | Column::Symbol
                | Column::Number
                | Column::Branch
                | Column::Relation
                | Column::Issued
                | Column::MatchedOn
                | Column::Remarks
        );
        let (store, _) = take(file(&[line(1, none)]));
        decided(&store, &[0]);
        let changed = file(&[line(1, |c| {
            (c == column).then_some(match column {
                Column::MyNumber => "000012345675",
                Column::Mark(FieldKind::Address) => "○",
                Column::Mark(_) => "×",
                Column::Overall => "△",
                _ => "2",
            })
        })]);
        let options = ImportOptions { allow_insurer: true, ..Default::default() };
        let report = run(&store, changed, &options).unwrap();
        assert_eq!((report.updated, report.reopened), (1, u64::from(significant)), "{column:?}");
    }
}

#[test]
fn a_partial_run_lets_nothing_vanish() {
    for kind in [Run::Delta, Run::NewCheck] {
        let (store, _) = take(file(&[line(1, none), line(2, none)]));
        let options = ImportOptions { run: kind, ..Default::default() };
        let report = run(&store, file(&[line(3, none)]), &options).unwrap();
        assert_eq!((report.imported, report.vanished), (1, 0));
        assert_eq!(store.look().imports[1].run, kind);
    }
}

/// What a store should hold, said as simply as can be.
#[derive(Default)]
struct Model {
    /// By 整理番号: the number of the record, which address it has, whether it has vanished, whether it is decided.
    records: std::collections::BTreeMap<u32, (RecordNo, usize, bool, bool)>,
    /// The next number; a changed row takes one as well.
    next: u32,
}

const ADDRESSES: [&str; 3] = ["東京都港区赤坂１－１", "東京都港区赤坂１－２", "東京都港区赤坂１－３"];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]

    /// Any sequence of files and decisions: decisions follow the record, never the line.
    #[test]
    fn files_and_decisions_in_any_order_are_those_of_a_model(
        steps in proptest::collection::vec((0u8..4, proptest::collection::btree_map(0u32..9, 0usize..3, 1..9), 0u32..9, proptest::prelude::any::<u64>()), 1..9)
    ) {
        let store = empty();
        let mut model = Model::default();
        for (kind, rows, pick, seed) in steps {
            if kind == 3 {
                if let Some((no, _, false, done)) = model.records.get_mut(&pick) {
                    decided(&store, &[no.0]);
                    *done = true;
                }
                continue;
            }
            let run_kind = [Run::Full, Run::Delta, Run::NewCheck][usize::from(kind)];
            let mut order: Vec<(u32, usize)> = rows.clone().into_iter().collect();
            order.sort_by_key(|(id, _)| (u64::from(*id) + 1).wrapping_mul(seed | 1));
            let lines: Vec<String> = order
                .iter()
                .map(|(id, at)| line(*id, |c| (c == Column::Right(FieldKind::Address)).then_some(ADDRESSES[*at])))
                .collect();
            let options = ImportOptions { run: run_kind, allow_vanish: true, ..Default::default() };
            let report = run(&store, file(&lines), &options).unwrap();
            if report.same_as.is_some() {
                // The very same bytes as an earlier file change nothing, whatever came between.
                continue;
            }
            let (mut imported, mut updated, mut unchanged, mut vanished, mut reopened) = (0, 0, 0, 0, 0);
            for (id, at) in &order {
                let next = RecordNo(model.next);
                match model.records.get_mut(id) {
                    None => {
                        imported += 1;
                        model.next += 1;
                        model.records.insert(*id, (next, *at, false, false));
                    }
                    Some((_, known, gone, done)) => {
                        if known == at {
                            unchanged += 1;
                        } else {
                            updated += 1;
                            model.next += 1;
                            reopened += u64::from(std::mem::take(done));
                            *known = *at;
                        }
                        *gone = false;
                    }
                }
            }
            if run_kind == Run::Full {
                for (id, (_, _, gone, _)) in &mut model.records {
                    if !rows.contains_key(id) && !*gone {
                        *gone = true;
                        vanished += 1;
                    }
                }
            }
            proptest::prop_assert_eq!(
                (report.imported, report.updated, report.unchanged, report.vanished, report.reopened),
                (imported, updated, unchanged, vanished, reopened)
            );
            let state = store.look();
            for (no, at, gone, done) in model.records.values() {
                let record = state.record(*no);
                proptest::prop_assert_eq!(&record.cells[Column::Right(FieldKind::Address).index()], ADDRESSES[*at]);
                proptest::prop_assert_eq!(record.facts.scope == Scope::Vanished, *gone);
                let case = state.cases.get(no).cloned().unwrap_or_default();
                proptest::prop_assert_eq!(case.state == State::Decided(Category::C23), *done);
            }
        }
    }
}
