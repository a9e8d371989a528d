//! 取込, 隔離 and 列の対応 on a fake world.

use crate::app::action::Screen;
use crate::app::effect::Effect;
use crate::app::job::{ImportSource, Job};
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::{InfoBody, Modal};
use crate::app::msg::Msg;
use crate::app::update::testing::{bench, prompted};
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::run::Run;

#[test]
fn an_import_is_checked_shown_and_confirmed() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.press("enter");
    assert!(matches!(
        &bench.model.shared.modal,
        Some(Modal::Prompt(Prompt { purpose: Purpose::Import, fault: Some(_), .. }))
    ));
    bench.type_text("/tmp/new.csv");
    bench.press("enter");
    assert_eq!(bench.world.tasks, [Job::Check(ImportSource::of("/tmp/new.csv"))]);
    let Some(Modal::Confirm(question)) = &bench.model.shared.modal else { panic!("{}", bench.message()) };
    assert!(question.lines[0].contains("新規 2"));
    bench.press("enter");
    assert_eq!(bench.world.tasks[1], Job::Import(ImportSource::of("/tmp/new.csv")));
    assert!(matches!(&bench.model.shared.modal, Some(Modal::Info { body: InfoBody::Text(_), .. })));
    bench.press("esc");
    bench.press(":");
    bench.type_text("import /tmp/same.csv");
    bench.press("enter");
    // What is in already asks nothing.
    assert!(matches!(&bench.model.shared.modal, Some(Modal::Info { .. })), "{}", bench.message());
    assert_eq!(bench.world.tasks.len(), 3);
}

/// A path is completed as far as it is certain, then candidate by candidate; options behind it likewise.
#[test]
fn the_file_to_import_is_completed() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.type_text("/tmp/");
    bench.press("tab");
    assert_eq!(prompted(&bench).0, "/tmp/new");
    assert_eq!(bench.message(), "候補 3件: new/  new.csv  newer.csv");
    for expected in ["/tmp/new/", "/tmp/new.csv", "/tmp/newer.csv", "/tmp/new/"] {
        bench.press("tab");
        assert_eq!(prompted(&bench).0, expected);
    }
    bench.press("backtab");
    assert_eq!(prompted(&bench).0, "/tmp/newer.csv");
    bench.type_text(" --ru");
    bench.press("tab");
    assert_eq!(prompted(&bench).0, "/tmp/newer.csv --run");
    bench.type_text(" d");
    bench.press("tab");
    assert_eq!(prompted(&bench).0, "/tmp/newer.csv --run delta");
    bench.press("enter");
    let expected = ImportSource { run: Run::Delta, ..ImportSource::of("/tmp/newer.csv") };
    assert_eq!(bench.world.tasks, [Job::Check(expected)]);
    bench.press("n");
    bench.press("F8");
    bench.type_text("/tmp/x");
    bench.press("tab");
    assert_eq!((prompted(&bench).0, bench.message()), ("/tmp/x", "候補はありません"));
}

/// Candidates that come late change no line that was typed on meanwhile.
#[test]
fn late_candidates_are_dropped() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.world.slow = true;
    bench.type_text("/tmp/new.");
    bench.press("tab");
    bench.type_text("x");
    bench.world.slow = false;
    bench.answer_all();
    assert_eq!(prompted(&bench).0, "/tmp/new.x");
}

#[test]
fn a_path_that_is_wrong_stands_there_to_be_put_right() {
    let mut bench = bench(6);
    for (typed, fault) in [("/tmp/absent.csv", "ファイルがありません"), ("/tmp/new.csv --run", "--run の後")]
    {
        bench.press("F8");
        bench.type_text(typed);
        bench.press("enter");
        let (line, said) = prompted(&bench);
        assert!(line == typed && said.unwrap().contains(fault), "{line} {said:?}");
        bench.press("esc");
    }
    // Who stops a check has not mistyped.
    bench.world.slow = true;
    bench.press("F8");
    bench.type_text("/tmp/absent.csv");
    bench.press("enter");
    bench.press("esc");
    bench.world.slow = false;
    bench.answer_all();
    assert!(bench.model.shared.modal.is_none() && bench.model.shared.jobs.running.is_none());
}

#[test]
fn a_full_file_that_lacks_most_records_is_confirmed_once_more() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.type_text("/tmp/half.csv");
    bench.press("enter");
    bench.press("enter");
    let Some(Modal::Confirm(question)) = &bench.model.shared.modal else { panic!("{}", bench.message()) };
    assert!(question.lines.last().unwrap().contains("本当に全件"), "{:?}", question.lines);
    bench.press("n");
    assert_eq!(bench.world.tasks.len(), 2);
    bench.press(":");
    bench.type_text("import /tmp/half.csv");
    bench.press("enter");
    // As many keys as a reflex has: none of them is the word.
    bench.press("enter enter y enter enter");
    assert!(matches!(prompted(&bench), ("y", Some(fault)) if fault.contains("full")), "{}", bench.message());
    assert!(bench.world.tasks.iter().all(|task| !matches!(task, Job::Import(source) if source.allow_vanish)));
    bench.press("esc");
    assert_eq!((bench.model.shared.modal.is_none(), bench.message()), (true, "やめました。何も変わっていません"));
    bench.press(":");
    bench.type_text("import /tmp/half.csv");
    bench.press("enter enter enter enter");
    assert!(matches!(prompted(&bench), ("", Some(_))), "{}", bench.message());
    let before = bench.world.tasks.len();
    bench.type_text("全件");
    bench.press("enter");
    assert_eq!(bench.world.tasks.len(), before + 1);
    assert!(matches!(bench.world.tasks.last(), Some(Job::Import(source)) if source.allow_vanish));
    assert!(matches!(&bench.model.shared.modal, Some(Modal::Info { .. })), "{}", bench.message());
}

#[test]
fn nothing_is_decided_while_a_file_is_imported() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.type_text("/tmp/new.csv");
    bench.world.slow = true;
    bench.press("enter");
    bench.send(Msg::Progress { done: 45, total: 100, rows: 12_000 });
    assert_eq!(bench.model.shared.jobs.running.as_ref().map(|job| (job.done, job.rows)), Some((45, 12_000)));
    bench.press("d");
    bench.press("u");
    assert!(bench.message().contains("終わるまで"), "{}", bench.message());
    assert!(bench.model.shared.changes.unsaved.is_empty() && bench.decisions() == 0);
    bench.press("esc");
    assert!(bench.world.asked.contains(&Effect::Stop));
}

#[test]
fn a_held_back_row_is_dismissed_with_a_reason_and_comes_back() {
    let mut bench = bench(6);
    bench.press("F7");
    bench.press("d");
    bench.press("enter");
    assert!(bench.world.tasks.is_empty());
    bench.type_text("資格のない行");
    bench.press("enter");
    bench.press("enter");
    let expected = Job::Dismiss { number: 1, dismiss: true, reason: "資格のない行".into() };
    assert_eq!(bench.world.tasks, [expected]);
    assert_eq!((bench.model.quarantine.len(), bench.model.quarantine.here().map(|row| row.number)), (2, Some(2)));
    bench.press("tab");
    assert_eq!((bench.model.quarantine.len(), bench.model.quarantine.open()), (3, 2));
    bench.press("d");
    bench.type_text("誤り");
    bench.press("enter");
    bench.press("enter");
    assert_eq!(bench.model.quarantine.open(), 3);
    bench.press("w");
    bench.press("enter");
    assert_eq!(bench.world.tasks.last(), Some(&Job::export(ExportRequest::of(ExportKind::Quarantine))));
}

#[test]
fn columns_that_cannot_be_told_are_chosen_on_a_screen() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.type_text("/tmp/unmapped.csv");
    bench.press("enter");
    assert_eq!(bench.model.shared.screen, Screen::Mapping);
    assert_eq!(bench.model.mapping.missing().len(), 1);
    bench.press("w");
    assert!(bench.message().contains("まだ足りません: 総合判定"), "{}", bench.message());
    // The cursor stands on the column that nothing is known of, and what is missing is the first choice.
    assert_eq!(bench.model.mapping.viewport.cursor, 15);
    bench.press("enter");
    bench.press("enter");
    assert!(bench.model.mapping.missing().is_empty());
    bench.press("w");
    let Some(Job::Check(source)) = bench.world.tasks.last() else { panic!("{:?}", bench.world.tasks) };
    assert_eq!(source.columns.len(), 16);
    bench.press("enter");
    assert!(matches!(bench.world.tasks.last(), Some(Job::Import(ImportSource { columns, .. })) if columns.len() == 16));
    assert_eq!(bench.model.shared.screen, Screen::Review);
}
