//! 出力 on a fake world.

use crate::app::action::Screen;
use crate::app::effect::Effect;
use crate::app::job::Job;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::msg::Msg;
use crate::app::update::testing::{prompted, state, worked};
use crate::domain::case::State;
use crate::domain::category::Category;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::record::RecordNo;

#[test]
fn words_are_looked_for_in_outputs_and_help() {
    let mut bench = worked();
    bench.press("F5");
    bench.press("/");
    bench.type_text("件数報告");
    bench.press("enter");
    let row = bench.model.output.viewport.cursor;
    assert!(
        matches!(bench.model.output.entry(row), Some(crate::app::screen::output::Entry::Count(_))),
        "{}",
        bench.message()
    );
    // The view tells the lines of the help; the text stays in sight while one types.
    bench.press("?");
    *bench.model.find.help.borrow_mut() = ["ひとつ", "ふたつ メモ", "みっつ", "ﾒﾓ"].map(str::to_owned).into();
    bench.press("/");
    bench.type_text("メモ");
    assert!(matches!(
        &bench.model.shared.modal,
        Some(Modal::Prompt(Prompt { purpose: Purpose::Find { help: true, .. }, .. }))
    ));
    bench.press("enter");
    assert!(
        matches!(bench.model.shared.modal, Some(Modal::Help { .. })) && bench.message().contains("2 件"),
        "{}",
        bench.message()
    );
    assert_eq!(bench.model.find.line(), Some(1));
    bench.press("n");
    assert_eq!(bench.model.find.line(), Some(3));
    bench.press("n");
    assert_eq!(bench.model.find.line(), Some(1));
    bench.press("q");
    assert!(bench.model.shared.modal.is_none() && bench.model.shared.screen == Screen::Output);
}

#[test]
fn a_list_is_made_and_written_once_confirmed() {
    let mut bench = worked();
    bench.press("F5");
    bench.press("w");
    let Some(Modal::Confirm(question)) = &bench.model.shared.modal else { panic!("{}", bench.message()) };
    let text = question.lines.join("\n");
    for part in ["第3回", "2 件", "G9", "隔離した行が 3 行"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(bench.world.tasks, []);
    bench.press("n");
    assert_eq!(bench.world.tasks, []);
    bench.press("w");
    bench.press("enter");
    assert!(matches!(bench.world.tasks[..], [Job::Export { request, expect: Some(expect) }]
        if request == ExportRequest::of(ExportKind::Release) && (expect.number, expect.rows) == (3, 2)));
    assert_eq!(bench.model.output.len(), 2 + 3 + 1);
    assert_eq!(bench.model.shared.jobs.running, None);
    bench.press("j");
    bench.press("w");
    bench.press("enter");
    assert_eq!(bench.world.tasks[1], Job::export(ExportRequest::numbered(ExportKind::Release, 3)));
}

#[test]
fn withdrawing_asks_for_record_and_reason() {
    let mut bench = worked();
    bench.press("F5");
    bench.press("x");
    assert!(bench.model.shared.modal.is_none());
    bench.press("j");
    bench.press("x");
    bench.press("enter");
    let Some(Modal::Prompt(Prompt { fault: Some(_), .. })) = &bench.model.shared.modal else { panic!("no fault") };
    bench.type_text("0001234");
    bench.press("enter");
    bench.type_text("別人の疑い");
    bench.press("enter");
    bench.press("enter");
    let expected = Job::Withdraw { batch: 2, id: "0001234".into(), reason: "別人の疑い".into() };
    assert_eq!(bench.world.tasks, [expected]);
    // The queue knows at once, although the record is not the one on the screen.
    assert_eq!((state(&bench, 2), bench.model.review.queue.state(RecordNo(2))), (State::Pending, State::Pending));
}

/// A record that was withdrawn is open again: it takes a new decision by one key, and `u` leads back to 確認中 only.
#[test]
fn a_withdrawn_record_is_decided_anew() {
    let mut bench = worked();
    bench.world.put_in_batch(RecordNo(2), 2);
    bench.model.review.cache.records.clear();
    bench.press("j");
    bench.press("k");
    let open = bench.model.review.queue.remaining();
    let task = Job::Withdraw { batch: 2, id: "0001234".into(), reason: "別人の疑い".into() };
    let done = bench.world.answer(&Effect::Do(task)).unwrap();
    bench.send(done);
    bench.send(Msg::Drawn);
    assert_eq!((state(&bench, 2), bench.model.review.queue.remaining()), (State::Pending, open + 1));
    assert_eq!((bench.model.shared.screen, bench.here()), (Screen::Review, 2));
    bench.press("s");
    assert_eq!((state(&bench, 2), bench.model.review.queue.remaining()), (State::Decided(Category::C23), open));
    bench.press("u");
    assert_eq!((state(&bench, 2), bench.model.review.queue.remaining()), (State::Pending, open + 1));
}

#[test]
fn a_report_is_frozen_once_confirmed() {
    let mut bench = worked();
    bench.press("F5");
    bench.press("z");
    bench.press("enter");
    assert!(matches!(&bench.world.tasks[..], [Job::Freeze(expect)] if expect.number == 2));
    assert_eq!(bench.model.output.all.as_ref().unwrap().frozen.len(), 2);
}

#[test]
fn the_record_just_seen_is_offered_for_withdrawal() {
    let mut bench = worked();
    bench.world.put_in_batch(RecordNo(bench.here()), 2);
    bench.model.review.cache.records.clear();
    bench.press("j");
    bench.press("k");
    bench.press("F5");
    bench.press("j");
    bench.press("x");
    assert_eq!(prompted(&bench).0, bench.world.records[bench.here() as usize - 1].row.id());
    bench.type_text("9");
    assert_eq!(prompted(&bench).0, "9");
}
