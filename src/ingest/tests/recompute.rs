//! Facts of an older edition are computed anew, by a newer file or by the same one on request.

use super::*;
use crate::compare::FieldKind::{Address, Birth, Kana, Kanji};
use crate::domain::case::{Case, State};
use crate::domain::category::Category;
use crate::domain::danger::{Danger, DangerSet, DangerSign};
use crate::domain::event::EventKind;
use crate::domain::pattern::Pattern;
use crate::domain::record::{Facts, RecordNo};
use crate::domain::run::Run;
use crate::domain::scope::Scope;
use crate::domain::suspension::Class;
use crate::store::ImportRecord;

/// Another 個人番号 for a row.
fn numbered(number: &'static str) -> impl Fn(Column) -> Option<&'static str> {
    move |column| (column == Column::MyNumber).then_some(number)
}

/// Two persons with one 個人番号, two records with numbers of their own, and one outside item 1.
fn rows() -> Vec<String> {
    let hana = |column| match column {
        Column::Left(Kanji) | Column::Right(Kanji) => Some("見本　花"),
        Column::Left(Kana) | Column::Right(Kana) => Some("ミホン　ハナ"),
        Column::Left(Birth) | Column::Right(Birth) => Some("19800304"),
        _ => None,
    };
    let matching = |column| match column {
        Column::MyNumber => Some("000012345704"),
        Column::Right(Address) => Some("神奈川県茅ヶ崎市中島１０６８番地２５"),
        Column::Mark(_) | Column::Overall => Some("○"),
        _ => None,
    };
    vec![
        line(1, none),
        line(2, hana),
        line(3, numbered("000012345682")),
        line(4, numbered("000012345690")),
        line(5, matching),
    ]
}

/// Asks for a recomputation.
fn recompute(run: Run) -> ImportOptions {
    ImportOptions { recompute_facts: true, run, ..Default::default() }
}

/// Everything that is computed from a row, and its evidence.
type Judged = (String, Facts, Option<(Pattern, String)>, Vec<DangerSign>);

fn judged(store: &Store) -> Vec<Judged> {
    let state = store.look();
    let snapshot = store.snapshot().unwrap();
    let signs = |no| snapshot.signs(no).unwrap();
    state.records.into_iter().map(|kept| (kept.key, kept.facts, kept.review, signs(kept.no))).collect()
}

fn flags(all: &[Danger]) -> DangerSet {
    let mut set = DangerSet::default();
    all.iter().for_each(|danger| set.insert(*danger));
    set
}

/// Leaves what older rules might have said of the records of [`rows`]: another class, another scope, a flag that does not
/// stand, flags that are missing.
fn outdate(store: &Store) {
    let state = store.look();
    let facts = |n: usize| state.records[n].facts;
    let mut writer = store.import().unwrap();
    writer.reassess(RecordNo(0), Facts { class: Class::Match, ..facts(0) }, Some((Pattern::default(), "旧"))).unwrap();
    writer.reassess(RecordNo(1), Facts { scope: Scope::NotMismatch, ..facts(1) }, None).unwrap();
    let wrong = DangerSign { danger: Danger::F2, other: Some(RecordNo(3)) };
    writer.flag(RecordNo(2), flags(&[Danger::F2]), &[wrong]).unwrap();
    writer.reassess(RecordNo(4), Facts { scope: Scope::Item1, ..facts(4) }, Some((Pattern::default(), "旧"))).unwrap();
    let newest = state.imports.last().unwrap().clone();
    writer.commit(ImportRecord { facts_edition: 0, ..newest }, &actor()).unwrap();
}

fn decided(store: &Store) {
    let case =
        Case { state: State::Decided(Category::C23), note: "確認した".into(), version: 1, ..Case::default() };
    [0, 1, 2].into_iter().for_each(|no| put_case(store, no, case.clone()));
}

#[test]
fn the_same_file_again_offers_to_recompute_and_does_on_request() {
    let text = file(&rows());
    let (store, first) = take(&text);
    let fresh = judged(&store);
    assert!(fresh[0].1.dangers.contains(Danger::F5) && fresh[1].1.dangers.contains(Danger::F5), "{fresh:?}");
    assert!(!fresh[2].1.dangers.contains(Danger::F5) && fresh[4].2.is_none() && !first.recomputed);
    assert_eq!(store.look().imports[0].facts_edition, Facts::EDITION);
    // Facts of this edition: nothing is offered.
    let again = run(&store, &text, &ImportOptions::default()).unwrap();
    assert!(again.same_as == Some(1) && !again.recompute_offered && !again.to_text().contains("--recompute-facts"));

    decided(&store);
    outdate(&store);
    let outdated = judged(&store);
    assert!((0..5).filter(|n| outdated[*n] != fresh[*n]).count() == 4, "{outdated:?}");
    let (cases, numbers) = (store.look().cases, store.snapshot().unwrap().meta().unwrap().record_numbers);
    let offered = run(&store, &text, &ImportOptions::default()).unwrap();
    assert!(offered.same_as == Some(2) && offered.recompute_offered && !offered.recomputed);
    assert!(offered.to_text().contains("meken import FILE --recompute-facts"), "{}", offered.to_text());
    let checked = run(&store, &text, &ImportOptions { check: true, ..recompute(Run::Full) }).unwrap();
    assert!(checked.recomputed && checked.same_as.is_none() && checked.to_text().contains("計算し直します"));
    assert_eq!((judged(&store), store.look().imports.len()), (outdated, 2), "nothing was written");

    let events = store.snapshot().unwrap().events(0..u64::MAX, None).unwrap().len();
    let done = run(&store, &text, &recompute(Run::Full)).unwrap();
    assert_eq!((done.unchanged, done.rows, done.number, done.same_as), (5, 5, Some(3), None));
    assert!(done.recomputed && !done.same_content && done.to_text().contains("計算し直しました"));
    assert_eq!(judged(&store), fresh);
    let state = store.look();
    assert_eq!((state.cases, state.imports[2].facts_edition), (cases, Facts::EDITION));
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.meta().unwrap().record_numbers, numbers, "no new versions");
    let later = snapshot.events(0..u64::MAX, None).unwrap().split_off(events);
    assert_eq!(later.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Import]);
    drop(snapshot);
    // It is done once.
    let again = run(&store, &text, &ImportOptions::default()).unwrap();
    assert!(again.same_as == Some(3) && !again.recompute_offered);
}

#[test]
fn a_newer_full_file_recomputes_what_it_leaves_unchanged() {
    let mut lines = rows();
    lines.push(line(6, numbered("000012345712")));
    let (store, _) = take(file(&lines));
    let fresh = judged(&store);
    // The last one vanishes, and is as it was when it comes back.
    run(&store, file(&lines[..5]), &ImportOptions::default()).unwrap();
    let gone = judged(&store);
    assert_eq!(gone[5].1.scope, Scope::Vanished);
    let mut writer = store.import().unwrap();
    let old = Facts { class: Class::Match, scope: Scope::Item1, ..gone[5].1 };
    writer.reassess(RecordNo(5), old, Some((Pattern::default(), "旧"))).unwrap();
    writer.commit(store.look().imports[1].clone(), &actor()).unwrap();
    let kept = judged(&store)[5].1;
    assert_eq!((kept.scope, kept.class), (Scope::Vanished, Class::Match), "it stays vanished");
    outdate(&store);
    // The same rows in another order: without new rules there would be nothing to do.
    let mut turned: Vec<String> = lines[..5].to_vec();
    turned.reverse();
    let report = run(&store, file(&turned), &ImportOptions::default()).unwrap();
    assert!(report.recomputed && !report.same_content && report.unchanged == 5, "{report:?}");
    assert_eq!(judged(&store)[..5], gone[..5]);
    lines.reverse();
    let report = run(&store, file(&lines), &ImportOptions::default()).unwrap();
    assert!(!report.recomputed && report.returned == 1 && report.unchanged == 6);
    assert_eq!(judged(&store), fresh);
    // Another order over facts of this edition changes nothing, unless it is asked for.
    lines.swap(0, 1);
    assert!(run(&store, file(&lines), &ImportOptions::default()).unwrap().same_content);
    assert!(run(&store, file(&lines), &recompute(Run::Full)).unwrap().number.is_some());
}

/// A part of the records does not show who else has a 個人番号: what names another record stands until a full file.
#[test]
fn a_partial_file_recomputes_its_own_records_on_request() {
    let (store, _) = take(file(&rows()));
    let fresh = judged(&store);
    outdate(&store);
    let outdated = judged(&store);
    let part = file(&[rows()[0].clone(), rows()[2].clone()]);
    let delta = ImportOptions { run: Run::Delta, ..Default::default() };
    assert!(run(&store, &part, &delta).unwrap().same_content);
    let report = run(&store, &part, &recompute(Run::Delta)).unwrap();
    assert!(report.recomputed && report.to_text().contains("ファイルにない記録は元のまま"), "{}", report.to_text());
    let now = judged(&store);
    assert_eq!((now[0].1.class, &now[0].2), (fresh[0].1.class, &fresh[0].2));
    let names = |sign: &&DangerSign| sign.other.is_some();
    assert_eq!(now[2].3.iter().filter(names).collect::<Vec<_>>(), [&outdated[2].3[0]], "it names another record");
    assert!(fresh[2].3.iter().all(|sign| now[2].3.contains(sign)), "{now:?}");
    for n in [1, 3, 4] {
        assert_eq!(now[n], outdated[n]);
    }
    // The rest is still outdated, and a part cannot be offered for it.
    assert!(!run(&store, &part, &delta).unwrap().recompute_offered);
    assert!(run(&store, file(&rows()), &recompute(Run::Full)).unwrap().recomputed);
    assert_eq!(judged(&store), fresh);
}

#[test]
fn a_file_that_is_no_longer_the_newest_is_not_read_again() {
    let text = file(&rows());
    let (store, _) = take(&text);
    let mut newer = rows();
    newer[2] = line(3, |column| match column {
        Column::MyNumber => Some("000012345682"),
        Column::Right(Address) => Some("東京都港区赤坂１－２"),
        _ => None,
    });
    newer.push(line(6, numbered("000012345712")));
    run(&store, file(&newer), &ImportOptions::default()).unwrap();
    outdate(&store);
    let before = judged(&store);
    let report = run(&store, &text, &ImportOptions::default()).unwrap();
    assert!(report.same_as == Some(1) && !report.recompute_offered);
    let refused = run(&store, &text, &recompute(Run::Full)).unwrap_err();
    assert!(refused.is_refused() && refused.to_string().contains("記録が変わっている"), "{refused}");
    assert_eq!((judged(&store), store.look().imports.len()), (before, 3));
    assert!(run(&store, file(&newer), &ImportOptions::default()).unwrap().recompute_offered);
}

/// Rows that were rejected and corrected meanwhile do not come back into quarantine, and the corrected record stays.
#[test]
fn rejected_rows_stay_as_they_are() {
    let mut lines = rows();
    lines.push(line(6, |column| (column == Column::Overall).then_some("?")));
    let text = file(&lines);
    let (store, first) = take(&text);
    assert_eq!(first.quarantined, 1);
    let corrected = line(6, numbered("000012345712"));
    let part = ImportOptions { run: Run::Delta, ..Default::default() };
    let report = run(&store, file(&[corrected]), &part).unwrap();
    assert_eq!((report.imported, report.corrected), (1, 1));
    let fresh = judged(&store);
    let report = run(&store, &text, &recompute(Run::Full)).unwrap();
    assert_eq!((report.unchanged, report.quarantined, report.held_again, report.vanished), (5, 1, 1, 0));
    assert_eq!((judged(&store), store.look().quarantine.len()), (fresh, 1));
}
