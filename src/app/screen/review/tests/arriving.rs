//! The queue arrives page by page: work goes on with what is read, and waits for what is not.

use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::app::update::testing::{Bench, SIZE, World, category};
use crate::domain::category::Category;
use crate::domain::record::RecordNo;

/// A workstation that was opened and has asked its first question; nothing is answered yet.
fn opening(mut world: World) -> Bench {
    world.slow = true;
    world.open_questions.clear();
    Bench::open(world, SIZE)
}

/// Lets the world answer questions until a page of the queue has come.
fn answer_page(bench: &mut Bench) -> Option<u32> {
    while let Some(effect) = bench.world.open_questions.pop_front() {
        let msg = bench.world.answer(&effect);
        msg.into_iter().for_each(|msg| drop(bench.send(msg)));
        if let Effect::Queue(page) = effect {
            bench.send(Msg::Drawn);
            return Some(page);
        }
    }
    None
}

/// Lets the world answer until the record at the cursor is read and drawn.
fn read_record(bench: &mut Bench) {
    while bench.model.view().is_none() {
        let at = bench.world.open_questions.iter().position(|effect| matches!(effect, Effect::Load { .. })).unwrap();
        let effect = bench.world.open_questions.remove(at).unwrap();
        let msg = bench.world.answer(&effect);
        msg.into_iter().for_each(|msg| drop(bench.send(msg)));
    }
    bench.send(Msg::Drawn);
}

fn pages(bench: &mut Bench) -> Vec<u32> {
    std::iter::from_fn(|| answer_page(bench)).collect()
}

/// A world whose operator stood on a record.
fn left_at(records: u32, no: u32) -> World {
    let mut bench = Bench::new(records, SIZE);
    bench.press("G");
    while bench.here() != no {
        bench.press("k");
    }
    bench.press("q");
    bench.world
}

#[test]
fn the_page_at_the_cursor_comes_first_and_the_counts_are_known_before() {
    let mut bench = opening(left_at(40, 30));
    assert_eq!((bench.model.review.queue.total(), bench.model.review.queue.remaining()), (40, 40));
    assert_eq!((bench.here(), answer_page(&mut bench), bench.here()), (0, Some(3), 30));
    assert_eq!((pages(&mut bench), bench.here()), (vec![1, 2, 4, 0], 30));
}

#[test]
fn a_record_that_moved_is_found_once_everything_is_read_unless_the_operator_went_elsewhere() {
    for moves in [false, true] {
        let mut world = left_at(40, 30);
        world.session = Some(br#"{"record":30,"place":2}"#.to_vec());
        let mut bench = opening(world);
        assert_eq!((answer_page(&mut bench), bench.here()), (Some(0), 3));
        if moves {
            bench.press("j");
        }
        pages(&mut bench);
        assert_eq!(bench.here(), if moves { 4 } else { 30 });
    }
}

#[test]
fn the_first_start_begins_with_the_first_open_record() {
    let mut world = World::new(40);
    (1..=18).for_each(|no| world.decide(no, Category::C23));
    let mut bench = opening(world);
    assert_eq!((bench.model.review.queue.remaining(), answer_page(&mut bench)), (22, Some(0)));
    assert_eq!(bench.here(), 1);
    pages(&mut bench);
    assert_eq!(bench.here(), 19);
}

#[test]
fn the_next_undecided_record_is_waited_for() {
    let mut world = left_at(40, 5);
    (6..=20).for_each(|no| world.decide(no, Category::C23));
    let mut bench = opening(world);
    answer_page(&mut bench);
    bench.press("]");
    let waits = bench.message().to_owned();
    assert_eq!(bench.here(), 5, "{waits}");
    pages(&mut bench);
    assert_eq!((bench.here(), waits.as_str()), (21, "一覧を読み込んでいます…"));
}

#[test]
fn a_decision_moves_on_once_it_is_known_where_to() {
    let mut world = left_at(40, 5);
    (6..=20).for_each(|no| world.decide(no, Category::C23));
    let mut bench = opening(world);
    answer_page(&mut bench);
    read_record(&mut bench);
    bench.press("d");
    assert_eq!((bench.here(), bench.decisions()), (5, 1));
    pages(&mut bench);
    bench.answer_all();
    assert_eq!((bench.here(), category(&bench, 5)), (21, Some(Category::C23)));
}

#[test]
fn a_filter_and_a_search_are_brought_back_when_everything_is_read() {
    let mut world = left_at(40, 30);
    world.session = Some(r#"{"record":30,"place":29,"filter":"class:②","search":"山本"}"#.into());
    let second = world.records.iter().find(|record| record.no.0 >= 30 && record.facts.class.label() == "②b");
    let expected = second.map(|record| record.no.0).unwrap();
    let mut bench = opening(world);
    answer_page(&mut bench);
    assert!(!bench.world.asked.iter().any(|effect| matches!(effect, Effect::Filter(_) | Effect::SearchTexts)));
    pages(&mut bench);
    bench.answer_all();
    assert_eq!((bench.model.review.filter.expression.as_str(), bench.here()), ("class:②", expected));
    assert!(bench.model.review.queue.is_narrowed() && bench.model.review.search.holds(RecordNo(29)));
}

#[test]
fn a_filter_typed_early_is_evaluated_when_everything_is_read() {
    let mut bench = opening(left_at(40, 3));
    answer_page(&mut bench);
    bench.press("f");
    bench.type_text("class:②");
    bench.press("enter");
    assert!(!bench.world.asked.iter().any(|effect| matches!(effect, Effect::Filter(_))));
    pages(&mut bench);
    bench.answer_all();
    assert_eq!(bench.model.review.filter.expression, "class:②");
}

#[test]
fn a_jump_to_a_record_that_is_not_read_yet_is_waited_for() {
    let mut bench = opening(left_at(40, 3));
    answer_page(&mut bench);
    let id = bench.world.records[36].row.id();
    let found = Some((RecordNo(37), bench.world.records[36].facts.scope));
    bench.send(Msg::Found { id, found });
    assert_eq!(bench.here(), 3);
    pages(&mut bench);
    assert_eq!(bench.here(), 37);
}

/// After an import the queue is read anew; meanwhile the record on the screen stays, and decisions go on.
#[test]
fn a_newer_queue_takes_the_place_of_the_old_one_as_a_whole() {
    let mut bench = Bench::new(40, SIZE);
    bench.press("j");
    bench.press("j");
    bench.world.slow = true;
    bench.world.edition = 2;
    let opened = bench.world.opened();
    bench.send(Msg::Renewed(Box::new(opened)));
    bench.send(Msg::Drawn);
    assert_eq!((bench.here(), answer_page(&mut bench)), (3, Some(0)));
    assert!(bench.model.view().is_some(), "the record stays on the screen");
    bench.press("d");
    assert_eq!(bench.decisions(), 1);
    assert_eq!(pages(&mut bench), [1, 2, 3, 4]);
    bench.answer_all();
    assert_eq!((bench.here(), bench.model.review.queue.remaining()), (4, 39));
    // A page that was asked for before belongs to the other queue.
    let late = bench.world.answer(&Effect::Queue(0)).map(|msg| match msg {
        Msg::Queue(page) => Msg::Queue(crate::view::QueuePage { edition: 1, ..page }),
        other => other,
    });
    late.into_iter().for_each(|msg| drop(bench.send(msg)));
    assert_eq!(bench.model.review.queue.remaining(), 39);
}

/// A question is about the record that was on the screen when it was opened, whatever arrives while it is open.
#[test]
fn nothing_that_arrives_moves_the_record_under_a_question() {
    let mut world = left_at(40, 5);
    (6..=20).for_each(|no| world.decide(no, Category::C23));
    let mut bench = opening(world);
    answer_page(&mut bench);
    read_record(&mut bench);
    bench.press("]");
    bench.press("e");
    bench.type_text("電話で");
    assert!(bench.model.shared.modal.is_some());
    pages(&mut bench);
    assert_eq!(bench.here(), 5);
    bench.press("enter");
    bench.answer_all();
    assert_eq!((bench.here(), bench.world.case(RecordNo(5)).note.as_str()), (5, "電話で"));
}

#[test]
fn an_attempt_on_a_record_that_is_not_on_the_screen_is_refused() {
    let mut bench = Bench::new(12, SIZE);
    bench.press("2");
    bench.press("3");
    assert!(bench.model.shared.modal.is_some(), "{}", bench.message());
    bench.model.review.viewport.cursor = 3;
    bench.press("1");
    bench.press("enter");
    assert_eq!(bench.decisions(), 0);
}

#[test]
fn a_page_that_cannot_be_read_leaves_the_rest_to_be_worked_on() {
    let mut bench = opening(left_at(40, 5));
    answer_page(&mut bench);
    bench.press("G");
    bench.send(Msg::UnreadPage { message: "列データが壊れています".into() });
    assert!(bench.message().contains("meken verify"), "{}", bench.message());
    bench.world.open_questions.clear();
    bench.press("g");
    bench.press("g");
    bench.press("[");
    assert!(bench.message().contains("meken verify"), "{}", bench.message());
    assert!(!bench.world.open_questions.iter().any(|effect| matches!(effect, Effect::Queue(_))));
}

#[test]
fn a_filter_typed_while_the_session_returns_is_not_taken_for_the_one_of_the_session() {
    let mut world = left_at(40, 30);
    world.session = Some(r#"{"record":30,"place":29,"filter":"class:①"}"#.into());
    let mut bench = opening(world);
    answer_page(&mut bench);
    bench.press("f");
    bench.type_text("class:②");
    bench.press("enter");
    pages(&mut bench);
    bench.answer_all();
    assert_eq!(bench.model.review.filter.expression, "class:②");
    assert!(bench.message().contains("絞り込みました"), "{}", bench.message());
}

#[test]
fn a_half_typed_note_comes_back_once_no_question_is_open() {
    let mut world = left_at(40, 30);
    world.session = Some(r#"{"record":30,"place":29,"note":[30,"電話で"]}"#.into());
    let mut bench = opening(world);
    answer_page(&mut bench);
    bench.press("f");
    pages(&mut bench);
    bench.press("esc");
    bench.answer_all();
    let open = format!("{:?}", bench.model.shared.modal);
    assert!(open.contains("Note") && open.contains("電話で"), "{open}");
}
