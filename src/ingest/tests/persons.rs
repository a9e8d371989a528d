//! Another person under a known 整理番号, and files of another insurer (RULES §1, §7).

use super::*;
use crate::compare::FieldKind;
use crate::domain::case::{Case, State};
use crate::domain::category::Category;
use crate::domain::quarantine::QuarantineState;
use crate::domain::record::RecordNo;
use crate::domain::run::Run;
use crate::domain::scope::Scope;
use crate::ingest::Refusal;
use crate::ingest::person::MAXIMUM_RENUMBERED;

/// Fictitious people: names, reading, birth date.
const PEOPLE: [(&str, &str, &str); 8] = [
    ("佐藤　花子", "サトウ　ハナコ", "19850203"),
    ("高橋　健", "タカハシ　ケン", "19701111"),
    ("渡辺　美咲", "ワタナベ　ミサキ", "19920430"),
    ("中村　勇", "ナカムラ　イサム", "19581224"),
    ("小林　さくら", "コバヤシ　サクラ", "20010707"),
    ("加藤　茂", "カトウ　シゲル", "19490105"),
    ("吉田　陽菜", "ヨシダ　ヒナ", "20100310"),
    ("山本　大輔", "ヤマモト　ダイスケ", "19760819"),
];

fn number(who: usize) -> String {
    format!("0000{who:08}")
}

/// A row of item 1: 整理番号, who is registered, whose number it has, and with whom J-LIS answers.
fn row(id: u32, left: usize, number_of: usize, right: usize) -> String {
    let cells: Vec<String> = Column::ALL[..29]
        .iter()
        .map(|column| match column {
            Column::MyNumber => number(number_of),
            Column::Left(FieldKind::Kanji) => PEOPLE[left].0.to_owned(),
            Column::Left(FieldKind::Kana) => PEOPLE[left].1.to_owned(),
            Column::Left(FieldKind::Birth) => PEOPLE[left].2.to_owned(),
            Column::Right(FieldKind::Kanji) => PEOPLE[right].0.to_owned(),
            Column::Right(FieldKind::Kana) => PEOPLE[right].1.to_owned(),
            Column::Right(FieldKind::Birth) => PEOPLE[right].2.to_owned(),
            column => plain(id, *column),
        })
        .collect();
    cells.join(",")
}

/// The row of a person as it should be.
fn right(id: usize) -> String {
    row(id as u32, id, id, id)
}

fn everybody() -> Vec<String> {
    (0..PEOPLE.len()).map(right).collect()
}

/// The store with everybody in it, all decided and the second in a sent batch.
fn reported() -> Store {
    let (store, _) = take(file(&everybody()));
    for n in 0..PEOPLE.len() as u32 {
        put_case(&store, n, Case { state: State::Decided(Category::C23), version: 1, ..Case::default() });
    }
    put_in_batch(&store, 1);
    store
}

fn is_decided(store: &Store, n: usize) -> bool {
    store.look().cases[&RecordNo(n as u32)].state == State::Decided(Category::C23)
}

#[track_caller]
fn refused(store: &Store, lines: &[String], options: &ImportOptions) -> Refusal {
    let before = store.look();
    let error = run(store, file(lines), options).unwrap_err();
    assert_eq!(store.look().imports, before.imports, "nothing is written");
    assert!(store.look().quarantine.is_empty() && (0..PEOPLE.len()).all(|n| is_decided(store, n)));
    match error {
        IngestError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

/// Nothing personal stands in a message: no name, no number.
fn is_silent(text: &str) -> bool {
    PEOPLE.iter().enumerate().all(|(n, person)| !text.contains(person.0) && !text.contains(&number(n)))
}

#[test]
fn a_file_with_shifted_numbers_is_refused() {
    let shift = |n: usize| (n + 1) % PEOPLE.len();
    let everyone = 0..PEOPLE.len();
    for (what, lines) in [
        ("整理番号", everyone.clone().map(|n| row(n as u32, shift(n), shift(n), shift(n))).collect::<Vec<_>>()),
        (
            "個人番号 with the answers of J-LIS",
            everyone.clone().map(|n| row(n as u32, n, shift(n), shift(n))).collect(),
        ),
        ("個人番号 alone", everyone.clone().map(|n| row(n as u32, n, shift(n), n)).collect()),
        ("the registered people", everyone.clone().map(|n| row(n as u32, shift(n), n, n)).collect()),
    ] {
        let store = reported();
        let refusal = refused(&store, &lines, &ImportOptions::default());
        let text = refusal.to_string();
        let Refusal::OtherPersons { rows, others, .. } = refusal else { panic!("{what}: {text}") };
        assert_eq!((rows, others.count, others.ids.len()), (8, 8, 5), "{what}");
        assert!(
            text.contains("8 行のうち 8 行") && text.contains("0000000000、0000000001") && is_silent(&text),
            "{text}"
        );
        // A check says so, and what would happen to every row.
        let report = run(&store, file(&lines), &ImportOptions { check: true, ..Default::default() }).unwrap();
        assert_eq!(
            (report.quarantined, report.updated, report.vanished, report.refusals.len()),
            (8, 0, 0, 1),
            "{what}"
        );
        assert!(report.adds_up() && report.to_text().contains(&format!("取り込みません。{text}")), "{what}");
        assert_eq!(serde_json::to_value(&report).unwrap()["would_refuse"], true);
    }
}

#[test]
fn a_single_other_person_is_held_back_and_the_rest_goes_in() {
    for (why, other) in [
        ("個人番号のほかに", row(1, 2, 2, 2)),
        ("氏名も生年月日も", row(1, 2, 1, 2)),
        ("個人番号が、別の記録", row(1, 1, 2, 2)),
    ] {
        let store = reported();
        let mut lines = everybody();
        lines[1] = other.clone();
        lines[4] = line_with(4, Column::Left(FieldKind::Address), "東京都港区赤坂１－７");
        let report = run(&store, file(&lines), &ImportOptions::default()).unwrap();
        assert_eq!((report.updated, report.unchanged, report.quarantined, report.vanished), (1, 6, 1, 0), "{why}");
        assert_eq!((report.others.count, report.reopened, report.in_item1), (1, 1, 8));
        let state = store.look();
        let held = &state.quarantine[0];
        assert_eq!((held.code.as_str(), held.key.as_deref()), ("other-person", Some("0000000001")));
        assert!(held.reason.contains("別人の疑い") && held.reason.contains(why) && is_silent(&held.reason), "{held:?}");
        assert_eq!(held.raw.join(","), other);
        let record = &state.records[1];
        assert_eq!(record.cells.join(",").trim_end_matches(','), right(1).trim_end_matches(','), "as it was");
        assert!(record.facts.scope != Scope::Vanished && is_decided(&store, 1) && !is_decided(&store, 4));

        // The same again says nothing new; the right row settles it.
        lines.push(right(0));
        let again = run(&store, file(&lines), &ImportOptions::default()).unwrap();
        assert_eq!((again.same_content, again.held_again, again.others.count), (true, 1, 0), "{why}");
        lines[1] = right(1);
        let settled = run(&store, file(&lines), &ImportOptions::default()).unwrap();
        assert_eq!((settled.corrected, settled.updated), (1, 0));
        assert_eq!(store.look().quarantine[0].state, QuarantineState::Corrected { import: 3 });
        assert!(is_decided(&store, 1));
    }
}

fn line_with(id: usize, column: Column, text: &str) -> String {
    let line = right(id);
    let mut cells: Vec<&str> = line.split(',').collect();
    cells[column.index()] = text;
    cells.join(",")
}

/// Corrections of the same person are updates, and every one of a decided record goes back to 確認中.
#[test]
fn corrections_are_updates() {
    for (what, lines) in [
        ("a spelling", vec![line_with(1, Column::Left(FieldKind::Kanji), "髙橋 健")]),
        ("a marriage", vec![line_with(1, Column::Left(FieldKind::Kanji), "見本　健")]),
        ("a date", vec![line_with(1, Column::Left(FieldKind::Birth), "19701112")]),
        ("a number that nobody had", vec![line_with(1, Column::MyNumber, "000099999999")]),
        ("numbers mixed up are put right", vec![row(1, 1, 2, 1), row(2, 2, 1, 2)]),
    ] {
        let store = empty();
        let mixed = what.starts_with("numbers");
        let mut first = everybody();
        if mixed {
            (first[1], first[2]) = (row(1, 1, 1, 2), row(2, 2, 2, 1));
        }
        run(&store, file(&first), &ImportOptions::default()).unwrap();
        let case = Case { state: State::Decided(Category::C23), version: 1, ..Case::default() };
        put_case(&store, 1, case);
        put_in_batch(&store, 1);
        let mut newer = first.clone();
        newer[1..=lines.len()].clone_from_slice(&lines);
        let report = run(&store, file(&newer), &ImportOptions::default()).unwrap();
        assert_eq!((report.updated, report.quarantined, report.reopened), (lines.len() as u64, 0, 1), "{what}");
        assert_eq!(report.changed_in_batch, ["0000000001"], "{what}");
        let case = store.look().cases[&RecordNo(1)].clone();
        assert_eq!((case.state, case.reason.as_str()), (State::Pending, "データ更新"), "{what}");
        assert_eq!(store.look().records[1].cells[..29].join(","), lines[0], "{what}");
    }
}

/// Whose number it is is known from the store too, where the file says nothing of that record.
#[test]
fn a_number_of_a_record_outside_the_file_is_another_persons() {
    let options = ImportOptions { run: Run::Delta, ..Default::default() };
    let store = reported();
    let report = run(&store, file(&[row(1, 1, 5, 1), row(2, 2, 99, 2)]), &options).unwrap();
    assert_eq!((report.updated, report.quarantined, report.others.ids), (1, 1, vec!["0000000001".to_owned()]));
    // A second record of the same person has the same number.
    let store = reported();
    run(&store, file(&[row(50, 1, 77, 1)]), &options).unwrap();
    let report = run(&store, file(&[row(1, 1, 77, 1)]), &options).unwrap();
    assert_eq!((report.updated, report.quarantined), (1, 0));
}

#[test]
fn numbers_that_change_by_the_thousand_are_no_corrections() {
    let lines = |shift: u64| -> Vec<String> {
        let one = |n: u64| {
            let line = row(n as u32, 0, 0, 0);
            line.replace(&number(0), &format!("0000{:08}", n + shift))
        };
        (0..MAXIMUM_RENUMBERED as u64 + 1).map(one).collect()
    };
    let (store, _) = take(file(&lines(0)));
    let error = run(&store, file(&lines(50_000_000)), &ImportOptions::default()).unwrap_err();
    assert!(error.to_string().contains("1001 行のうち 1001 行"), "{error}");
    let some: Vec<String> = lines(50_000_000).into_iter().take(MAXIMUM_RENUMBERED).collect();
    let options = ImportOptions { run: Run::Delta, ..Default::default() };
    let report = run(&store, file(&some), &options).unwrap();
    assert_eq!((report.updated, report.quarantined), (MAXIMUM_RENUMBERED as u64, 0));
}

#[test]
fn a_file_of_another_insurer_is_refused_unless_asked_for() {
    let store = reported();
    let others: Vec<String> =
        (0..PEOPLE.len()).map(|n| right(n).replace("169854", "138057").replacen("00000000", "00000009", 1)).collect();
    let options = ImportOptions { run: Run::Delta, ..Default::default() };
    let refusal = refused(&store, &others, &options);
    let text = refusal.to_string();
    assert!(matches!(refusal, Refusal::OtherInsurer { .. }), "{text}");
    assert!(text.contains("138057") && text.contains("169854") && text.contains("--allow-insurer"), "{text}");
    let check = run(&store, file(&others), &ImportOptions { check: true, ..options.clone() }).unwrap();
    assert_eq!(check.refusals, [text]);
    let allowed = ImportOptions { allow_insurer: true, ..options.clone() };
    assert_eq!(run(&store, file(&others), &allowed).unwrap().imported, 8);
    // From now on both are known.
    let mut newer = others.clone();
    newer[0] = line_with(0, Column::Remarks, "追記");
    assert!(run(&store, file(&newer), &options).is_ok());
    // Under the same 整理番号 other people stay other people.
    let store = reported();
    let same_ids: Vec<String> =
        (0..8).map(|n| row(n, 7 - n as usize, 7 - n as usize, 0).replace("169854", "138057")).collect();
    assert!(matches!(refused(&store, &same_ids, &allowed), Refusal::OtherPersons { .. }));
}
