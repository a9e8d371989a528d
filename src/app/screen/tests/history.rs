//! 履歴 on a fake world.

use jiff::Timestamp;

use crate::app::action::Screen;
use crate::app::effect::Effect;
use crate::app::modal::Modal;
use crate::app::modal::palette::{Command, Entry};
use crate::app::screen::history::KEPT;
use crate::app::update::testing::{Bench, bench, state, worked};
use crate::domain::case::State;
use crate::domain::category::Category;
use crate::domain::event::{Actor, Event, EventId, EventKind, Subject};
use crate::domain::record::RecordNo;

#[test]
fn history_shows_the_record_and_then_all() {
    let mut bench = worked();
    bench.press("F6");
    let seqs = |bench: &Bench| bench.model.history.steps.iter().map(|step| step.event.id.n).collect::<Vec<_>>();
    assert_eq!((bench.model.shared.screen, seqs(&bench)), (Screen::History, vec![3, 1]));
    bench.press("tab");
    assert_eq!(seqs(&bench), [3, 2, 1]);
    bench.press("tab");
    assert_eq!(seqs(&bench), [3, 1]);
    bench.press("esc");
    assert_eq!((bench.model.shared.screen, bench.here()), (Screen::Review, 2));
}

/// `/` looks in the list itself, `n` and `N` go round its hits, `esc` goes back to where it began.
#[test]
fn words_are_looked_for_in_the_trail() {
    let mut bench = worked();
    bench.press("F6");
    bench.press("tab");
    let here = |bench: &Bench| bench.model.history.here().map(|step| step.event.id.n);
    let ids = [3, 2, 1].map(|seq: usize| bench.world.events[seq - 1].record().unwrap());
    assert_ne!(ids[0], ids[1]);
    let id = bench.world.view(ids[0]).record.row.id();
    bench.press("/");
    bench.type_text(&id);
    bench.press("enter");
    assert_eq!((bench.model.shared.screen, here(&bench)), (Screen::History, Some(3)), "{}", bench.message());
    assert!(bench.message().contains("2 件"), "{}", bench.message());
    bench.press("n");
    assert_eq!(here(&bench), Some(1));
    bench.press("n");
    assert_eq!(here(&bench), Some(3));
    bench.press("N");
    assert_eq!(here(&bench), Some(1));
    bench.press("/");
    bench.type_text(&bench.world.view(ids[1]).record.row.id());
    assert_eq!(here(&bench), Some(2));
    bench.press("esc");
    assert_eq!((here(&bench), bench.model.find.query.as_str()), (Some(1), ""));
    bench.press("/");
    bench.type_text("ありえない");
    bench.press("enter");
    assert!(bench.message().contains("見つかりません"), "{}", bench.message());
    assert_eq!(bench.decisions(), 3);
}

/// What stands on pages of the trail that are not read yet is found all the same.
#[test]
fn older_pages_are_looked_through() {
    let mut bench = bench(12);
    bench.press("d");
    bench.press("k");
    bench.press("e");
    bench.type_text("最初のメモ");
    bench.press("enter");
    for n in 0..120 {
        bench.press("e");
        bench.press("ctrl-u");
        bench.type_text(&format!("次の {n}"));
        bench.press("enter");
    }
    bench.press("F6");
    let read = bench.model.history.steps.len();
    assert!(bench.model.history.next.is_some() && read < 100, "{read}");
    bench.press("/");
    bench.type_text("最初のメモ");
    bench.press("enter");
    let note = bench.model.history.here().and_then(|step| step.event.after.clone()).map(|case| case.note);
    assert_eq!(note.as_deref(), Some("最初のメモ"), "{}", bench.message());
}

/// A workstation with a long trail on its first record, in 履歴 of all; the words stand in a few old events.
fn long_trail(events: u64, words: &[u64]) -> Bench {
    let mut bench = bench(12);
    for n in 1..=events {
        let actor = Actor::named("鈴木", Timestamp::UNIX_EPOCH);
        let reason = if words.contains(&n) { "本籍を確認" } else { "" }.to_owned();
        let id = EventId::first(n);
        bench.world.events.push(Event {
            id,
            reason,
            ..Event::new(EventKind::Note, Subject::Record(RecordNo(1)), &actor)
        });
    }
    bench.press("F6");
    bench.press("tab");
    bench
}

/// What is looked for far below is found without keeping what lies between, and the trail goes on from there both ways.
#[test]
fn a_hit_far_below_is_found_and_the_trail_goes_on_from_there() {
    let events = 5 * KEPT as u64;
    let mut bench = long_trail(events, &[30, 700, 6_000]);
    let here = |bench: &Bench| bench.model.history.here().map(|step| step.event.id.n);
    bench.press("/");
    bench.type_text("本籍");
    bench.press("enter");
    assert_eq!(here(&bench), Some(6_000), "{}", bench.message());
    for hit in [700, 30] {
        bench.press("n");
        assert_eq!(here(&bench), Some(hit), "{}", bench.message());
        assert!(bench.model.history.steps.len() <= KEPT, "{}", bench.model.history.steps.len());
    }
    // Up through everything that was passed over, without a gap.
    let mut seen = vec![30];
    while seen.last() < Some(&events) {
        bench.press("pgup");
        seen.push(here(&bench).unwrap());
        assert!(seen.is_sorted(), "{:?}", &seen[seen.len() - 2..]);
    }
    let read: Vec<u64> = bench.model.history.steps.iter().map(|step| step.event.id.n).collect();
    assert!(read.iter().copied().eq((read[read.len() - 1]..=events).rev()));
    bench.press("N");
    assert_eq!(here(&bench), Some(30));
}

/// The first key leads back to the newest events, however far the search went.
#[test]
fn the_newest_events_are_one_key_away() {
    let events = 5 * KEPT as u64;
    let mut bench = long_trail(events, &[30]);
    bench.press("/");
    bench.type_text("本籍");
    bench.press("enter");
    bench.press("g g");
    let first = bench.model.history.steps.first().map(|step| step.event.id.n);
    assert_eq!((first, bench.model.history.viewport.cursor), (Some(events), 0));
}

/// Where nothing is found, what was read stays as it was.
#[test]
fn a_search_in_vain_changes_nothing() {
    let mut bench = long_trail(5 * KEPT as u64, &[]);
    bench.press("j");
    let here = |bench: &Bench| bench.model.history.here().map(|step| step.event.id.n);
    let before = here(&bench);
    bench.press("/");
    bench.type_text("本籍");
    bench.press("enter");
    assert!(bench.message().contains("見つかりません"), "{}", bench.message());
    assert_eq!(here(&bench), before);
    let read = &bench.model.history.steps;
    assert!(read.len() < KEPT + KEPT / 2 && bench.model.history.next.is_some(), "{}", read.len());
    assert!(read.is_sorted_by(|a, b| a.event.id.n == b.event.id.n + 1));
    bench.press("G");
    bench.press("G");
    assert!(bench.model.history.steps.is_sorted_by(|a, b| a.event.id.n == b.event.id.n + 1));
}

#[test]
fn an_old_step_is_undone_after_a_question() {
    let mut bench = worked();
    bench.press("F6");
    bench.press("tab");
    bench.press("j");
    bench.press("enter");
    let Some(Modal::Confirm(question)) = &bench.model.shared.modal else { panic!("{}", bench.message()) };
    assert!(question.lines.iter().any(|line| line.contains("2-3 → 未着手")), "{:?}", question.lines);
    bench.press("n");
    assert_eq!(state(&bench, 3), State::Decided(Category::C23));
    bench.press("enter");
    bench.press("enter");
    assert_eq!(state(&bench, 3), State::Untouched);
    // The list is read anew and says so.
    assert_eq!(bench.model.history.steps[0].event.id.n, 4);
    assert!(bench.model.history.is_undone(2));
    assert_eq!(bench.model.review.queue.state(RecordNo(3)), State::Untouched);
}

#[test]
fn a_step_that_is_not_the_newest_or_stands_in_a_list_is_refused_with_what_to_do() {
    let mut bench = worked();
    bench.press("F6");
    bench.press("j");
    bench.press("enter");
    assert!(bench.model.shared.modal.is_none());
    assert!(bench.message().contains("先に新しい操作を取り消してください"), "{}", bench.message());
    bench.world.put_in_batch(RecordNo(2), 1);
    bench.press("k");
    bench.press("enter");
    // Only the evidence would change: what was sent must stay as it is all the same.
    assert!(bench.message().contains("先に取下げてください"), "{}", bench.message());
    assert_eq!(bench.world.events.len(), 3);
}

#[test]
fn undo_by_number_from_the_palette() {
    let mut bench = worked();
    bench.press(":");
    bench.type_text("undo 2");
    let Some(Modal::Palette(palette)) = &bench.model.shared.modal else { panic!() };
    assert_eq!(palette.found, [Entry::Command(Command::UndoStep(2))]);
    bench.press("enter");
    bench.press("enter");
    assert_eq!(state(&bench, 3), State::Untouched);
    for (text, says) in [("undo 2", "すでに取り消されています"), ("undo 99", "操作はありません"), ("undo x", "使い方")]
    {
        bench.press(":");
        bench.type_text(text);
        bench.press("enter");
        assert!(bench.message().contains(says), "{text}: {}", bench.message());
    }
    assert_eq!(bench.world.events.len(), 4);
}

/// ARCHITECTURE "Speed": a page of the trail is as long as the screen, and the next one is read when it comes into
/// sight.
#[test]
fn the_trail_is_read_page_by_page() {
    for size in [(40, 10), (80, 24), (200, 50)] {
        let mut bench = Bench::new(300, size);
        for _ in 0..150 {
            bench.press("m");
        }
        bench.world.asked.clear();
        bench.press("F6");
        bench.press("tab");
        for key in ["G", "G", "pgdn", "g g", "j"] {
            let height = bench.model.shared.list_height();
            let limits = |bench: &Bench| -> Vec<usize> {
                let pages = bench.world.asked.iter().filter_map(|effect| match effect {
                    Effect::History { limit, .. } => Some(*limit),
                    _ => None,
                });
                pages.collect()
            };
            assert!(limits(&bench).iter().sum::<usize>() <= 2 * (height + 2), "{size:?} {:?}", limits(&bench));
            bench.world.asked.clear();
            bench.press(key);
        }
        for _ in 0..200 {
            bench.press("pgdn");
        }
        assert_eq!(bench.model.history.next, None);
        let mut seqs: Vec<u64> = bench.model.history.steps.iter().map(|step| step.event.id.n).collect();
        assert_eq!(seqs.len(), bench.world.events.len());
        seqs.dedup();
        assert!(seqs.is_sorted_by(|a, b| a > b));
        assert_eq!(seqs.len(), bench.world.events.len());
    }
}

/// From a step of the trail to its record, even past a filter; from one without a record nowhere.
#[test]
fn a_step_of_the_trail_leads_to_its_record() {
    let mut bench = bench(12);
    bench.press("j");
    bench.press("d");
    bench.press("f");
    bench.type_text("class:①");
    bench.press("enter");
    bench.press("F6");
    bench.press("tab");
    bench.press("o");
    assert_eq!((bench.model.shared.screen, bench.here()), (Screen::Review, 2));
    assert!(
        !bench.model.review.queue.is_narrowed() && bench.message().contains("絞り込みを解除"),
        "{}",
        bench.message()
    );
    bench.press("F5");
    bench.press("o");
    assert!(
        bench.model.shared.screen == Screen::Output && bench.message().contains("ありません"),
        "{}",
        bench.message()
    );
}
