//! What the store answers to a change, undo and redo, notes.

use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::msg::Msg;
use crate::app::update::testing::{Bench, SIZE, bench, category};
use crate::config::keys::Key;
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
    bench.world.put_in_batch(RecordNo(1), 2);
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
    let Some(Modal::Prompt(Prompt { purpose: Purpose::Note(seen), line, .. })) = &again.model.shared.modal else {
        panic!()
    };
    assert_eq!((seen.record, line.text()), (RecordNo(2), "折り返し"));
}

/// A colleague changed the record after it was drawn: nothing is decided, the record is shown anew and asked about again.
#[test]
fn a_decision_on_a_state_that_changed_is_asked_again() {
    let mut bench = bench(6);
    bench.world.colleague(RecordNo(1), |case| case.note = "本人から電話あり".into());
    bench.at += 2_000;
    bench.stroke(Key::char('d'));
    assert_eq!((bench.decisions(), bench.world.case(RecordNo(1)).state), (1, State::Untouched), "nothing was decided");
    assert_eq!((bench.here(), bench.model.shared.changes.unsaved.len()), (1, 0));
    assert!(bench.message().contains("0001377: 他の操作で記録が変わりました"), "{}", bench.message());
    assert_eq!(bench.model.view().unwrap().case.note, "本人から電話あり");
    assert_eq!(bench.model.review.queue.state(RecordNo(1)), State::Untouched);
    assert!(!bench.model.is_drawn(), "it counts as not seen");
    // What was typed ahead decides nothing; once the record stands on the screen and a pause is over, the key decides.
    bench.at += 2_000;
    bench.stroke(Key::char('d'));
    assert_eq!(bench.decisions(), 1);
    bench.send(Msg::Drawn);
    bench.press("d");
    let case = bench.world.case(RecordNo(1));
    assert_eq!((bench.decisions(), case.state), (2, State::Decided(Category::C23)));
    assert_eq!(case.note, "本人から電話あり");
}

/// A note that would replace a colleague's is offered again, with what stands there now.
#[test]
fn a_note_over_a_colleagues_note_is_asked_again() {
    let mut bench = bench(6);
    bench.press("e");
    bench.type_text("不在");
    bench.world.colleague(RecordNo(1), |case| case.note = "本人から電話あり".into());
    bench.press("enter");
    assert_eq!(bench.world.case(RecordNo(1)).note, "本人から電話あり");
    let Some(Modal::Prompt(Prompt { line, fault, .. })) = &bench.model.shared.modal else { panic!("not asked again") };
    assert_eq!(line.text(), "不在");
    assert!(fault.as_deref().is_some_and(|fault| fault.contains("今のメモ: 本人から電話あり")), "{fault:?}");
    bench.press("enter");
    assert_eq!(bench.world.case(RecordNo(1)).note, "不在");
}

/// 支援措置 is never taken away without a reason, by undo neither.
#[test]
fn undo_of_protection_asks_for_a_reason() {
    let mut bench = bench(6);
    let facts = bench.model.view().unwrap().record.facts;
    let is_on = |bench: &Bench| bench.world.case(RecordNo(1)).is_protected(&facts);
    bench.press("P");
    bench.type_text("本人の申出");
    bench.press("enter");
    assert!(is_on(&bench));
    for way in ["u", "F6"] {
        bench.press(way);
        if way == "F6" {
            bench.press("enter enter");
        }
        assert!(is_on(&bench), "nothing is taken back yet");
        let Some(Modal::Prompt(Prompt { purpose: Purpose::UndoReason { id, .. }, .. })) = &bench.model.shared.modal
        else {
            panic!("{way}: not asked: {}", bench.message())
        };
        assert_eq!(id, "0001377");
        assert!(bench.model.shared.changes.unsaved.is_empty());
        bench.press("enter");
        assert!(bench.model.shared.modal.is_some() && is_on(&bench), "an empty reason is none");
        bench.press("esc");
        assert!(bench.model.shared.modal.is_none() && is_on(&bench));
        bench.press("F2");
    }
    bench.press("u");
    bench.press("tab enter");
    assert!(!is_on(&bench) && bench.message().contains("支援措置"), "{}", bench.message());
    bench.press("ctrl-r");
    assert!(is_on(&bench), "what protects needs no word more");
    // Other steps are taken back as ever.
    bench.press("d");
    bench.press("u");
    assert_eq!(category(&bench, 1), None);
    assert!(is_on(&bench) && bench.model.shared.modal.is_none());
}
