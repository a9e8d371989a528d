//! What the store answers to a change, undo and redo, notes.

use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::msg::Msg;
use crate::app::update::testing::{Bench, SIZE, bench, category};
use crate::domain::case::State;
use crate::domain::category::Category;
use crate::domain::record::RecordNo;

#[test]
fn the_mark_is_hollow_until_the_commit_returns() {
    let mut bench = bench(6);
    bench.world.slow = true;
    bench.press("d");
    assert!(bench.model.shared.is_unsaved(RecordNo(1)));
    assert_eq!((bench.model.shared.changes.unsaved.len(), bench.here()), (1, 2));
    bench.world.slow = false;
    bench.answer_all();
    assert!(bench.model.shared.changes.unsaved.is_empty());
    assert_eq!(bench.model.review.queue.state(RecordNo(1)), State::Decided(Category::C23));
}

#[test]
fn a_failed_commit_is_taken_back_and_nothing_more_is_decided() {
    let mut bench = bench(6);
    bench.world.fails = true;
    bench.press("d");
    assert_eq!(bench.model.review.queue.state(RecordNo(1)), State::Untouched);
    assert!(bench.message().contains("保存されていません"), "{}", bench.message());
    assert!(matches!(bench.model.shared.message, Some((Weight::Error, _))));
    bench.world.fails = false;
    bench.press("d");
    assert_eq!(bench.decisions(), 1);
}

/// The store may know what the screen does not yet: its refusal brings the operator back with the same question.
#[test]
fn a_refusal_by_the_store_comes_back_to_its_record() {
    let mut bench = bench(6);
    bench.world.in_batch = Some((RecordNo(1), 2));
    bench.press("d");
    assert_eq!((bench.here(), bench.model.review.queue.state(RecordNo(1))), (1, State::Untouched));
    assert!(bench.message().contains("第2回"), "{}", bench.message());
}

#[test]
fn undo_and_redo_show_what_changed() {
    let mut bench = bench(6);
    bench.press("d");
    bench.press("j");
    bench.press("u");
    assert_eq!((bench.here(), category(&bench, 1)), (1, None));
    assert!(bench.message().contains("取消: 0001377 2-3 → 未着手"), "{}", bench.message());
    bench.press("ctrl-r");
    assert_eq!(category(&bench, 1), Some(Category::C23));
    bench.press("u");
    bench.press("u");
    assert!(bench.message().contains("これ以上"), "{}", bench.message());
    assert!(bench.model.shared.changes.unsaved.is_empty());
}

#[test]
fn notes_are_written_and_survive_half_typed() {
    let mut bench = bench(6);
    bench.press("e");
    bench.type_text("電話済");
    bench.press("enter");
    assert_eq!(bench.world.case(RecordNo(1)).note, "電話済");
    bench.press("j");
    bench.press("e");
    bench.type_text("折り返し");
    bench.send(Msg::Idle);
    let again = Bench::open(bench.world, SIZE);
    assert_eq!(again.here(), 2);
    let Some(Modal::Prompt(Prompt { purpose: Purpose::Note(no), line, .. })) = &again.model.shared.modal else {
        panic!()
    };
    assert_eq!((*no, line.text()), (RecordNo(2), "折り返し"));
}
