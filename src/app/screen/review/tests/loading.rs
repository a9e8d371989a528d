//! What is read of lines and records, and when.

use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::app::update::testing::{Bench, SIZE, World, bench, category};
use crate::domain::category::Category;
use crate::domain::record::RecordNo;

/// ARCHITECTURE "Speed": rows read per frame ≤ height + 2 at any size.
#[test]
fn only_what_is_visible_is_read() {
    for size in [(40, 10), (80, 24), (200, 60)] {
        let mut bench = Bench::new(300, size);
        let height = bench.model.shared.queue_height();
        let mut keys = vec!["G", "g g", "pgdn", "pgdn", "pgup", "j", "d", "]"];
        keys.extend(["pgdn"; 8]);
        for key in keys {
            bench.world.asked.clear();
            bench.press(key);
            let read: usize = bench
                .world
                .asked
                .iter()
                .map(|effect| match effect {
                    Effect::Load { lines, records } => lines.len() + records.len(),
                    _ => 0,
                })
                .sum();
            assert!(read <= height + 2, "{key} read {read} of {height} rows");
        }
    }
}

/// Rows asked for by the effects since some moment.
fn rows_asked(bench: &Bench, since: usize) -> Vec<usize> {
    let rows = |effect: &Effect| match effect {
        Effect::Load { lines, records } => Some(lines.len() + records.len()),
        _ => None,
    };
    bench.world.asked[since..].iter().filter_map(rows).collect()
}

/// ARCHITECTURE "Speed": no frame asks for more rows than the queue shows and two, at any size, and a still screen for
/// none.
#[test]
fn a_frame_reads_no_more_than_it_shows() {
    for size in [(40, 10), (60, 16), (80, 24), (120, 40), (200, 50), (300, 200)] {
        let mut bench = Bench::new(600, size);
        let height = bench.model.shared.queue_height();
        let first = rows_asked(&bench, 0);
        assert!(first[0] <= height + 2, "{first:?} rows for the first frame of {height}");
        let (mut frames, mut rows) = (0, 0);
        for keys in ["j", "pgdn", "k", "j", "G", "k", "pgup", "g g", "]", "[", "m", "u", "j"] {
            for _ in 0..4 {
                let since = bench.world.asked.len();
                bench.press(keys);
                let asked = rows_asked(&bench, since);
                assert!(asked.iter().all(|rows| *rows <= height + 2), "{asked:?} rows after {keys} at {size:?}");
                frames += keys.split(' ').count();
                rows += asked.iter().sum::<usize>();
            }
        }
        assert!(rows <= frames * (height + 2), "{rows} rows for {frames} frames of {height}");
        let since = bench.world.asked.len();
        for _ in 0..3 {
            bench.send(Msg::Drawn);
        }
        assert_eq!(rows_asked(&bench, since), Vec::<usize>::new());
    }
}

/// A key held down while the store is busy leaves one question behind, not one for each press.
#[test]
fn one_question_for_rows_is_on_its_way_at_a_time() {
    let mut bench = Bench::new(2_000, (80, 24));
    bench.world.slow = true;
    let since = bench.world.asked.len();
    for _ in 0..30 {
        bench.press("pgdn");
    }
    assert!(rows_asked(&bench, since).len() <= 1, "{:?}", rows_asked(&bench, since));
    bench.world.slow = false;
    bench.answer_all();
    assert!(bench.model.view().is_some(), "the record where the key was released is read");
}

/// The next move up or down finds its record read, and most moves find their lines read.
#[test]
fn moves_find_what_they_show() {
    let mut bench = Bench::new(600, (80, 24));
    for (key, moves) in [("j", 100), ("k", 100)] {
        let mut waited = 0;
        for _ in 0..moves {
            bench.world.slow = true;
            bench.press(key);
            let visible =
                bench.model.review.viewport.visible(bench.model.review.queue.len(), bench.model.shared.queue_height());
            let mut shown = visible.filter_map(|row| bench.model.review.queue.no(row));
            waited += usize::from(
                bench.model.view().is_none() || !shown.all(|no| bench.model.review.cache.lines.contains_key(&no)),
            );
            bench.world.slow = false;
            bench.answer_all();
        }
        assert!(waited <= 1, "{waited} of {moves} moves by {key} waited");
    }
}

/// A damaged record keeps no other one back, is named once, says so where it would stand, and cannot be decided.
#[test]
fn a_record_that_cannot_be_read_keeps_no_other_back() {
    let mut world = World::new(12);
    world.damaged = vec![RecordNo(3)];
    let mut bench = Bench::open(world, SIZE);
    assert!(bench.model.view().is_some() && bench.model.review.unreadable().is_none());
    assert!(bench.message().contains("#3") && bench.message().contains("meken verify"), "{}", bench.message());
    bench.model.shared.message = None;
    bench.press("j");
    bench.press("s");
    assert_eq!((category(&bench, 2), bench.here()), (Some(Category::C23), 3));
    assert!(bench.model.view().is_none() && bench.model.review.unreadable().is_some());
    assert!(!bench.message().contains("#3"), "named twice: {}", bench.message());
    let asked = bench.world.asked.len();
    for key in ["s", "v", "d", "m"] {
        bench.press(key);
    }
    assert_eq!(bench.decisions(), 1);
    let loads = bench.world.asked[asked..].iter().filter(|effect| matches!(effect, Effect::Load { .. })).count();
    assert_eq!(loads, 0, "asked for with every key");
    // The last step can be taken back from here; the records behind it are read.
    bench.press("u");
    assert_eq!(category(&bench, 2), None);
    bench.press("j");
    bench.press("j");
    assert_eq!(bench.here(), 4);
    assert!(bench.model.view().is_some());
    // What can be read again is shown, and only then decided.
    bench.press("k");
    assert!(bench.model.review.unreadable().is_some());
    let view = bench.world.view(RecordNo(3));
    bench.send(Msg::Loaded { lines: Vec::new(), records: vec![view], faults: Vec::new() });
    assert!(bench.model.review.unreadable().is_none() && !bench.model.is_drawn());
}

/// An answer to something else says nothing about the records that are on their way.
#[test]
fn a_failure_elsewhere_leaves_the_question_for_records_open() {
    let mut bench = bench(12);
    bench.world.slow = true;
    bench.model.review.cache.records.clear();
    bench.model.review.cache.asked_records.clear();
    let loads = |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Load { .. })).count();
    assert_eq!(loads(&bench.send(Msg::Drawn)), 1);
    bench.model.review.cache.records.clear();
    bench.model.review.cache.asked_records.clear();
    let failed = Msg::Failed { request: None, message: "読めません".into(), fatal: false };
    assert_eq!(loads(&bench.send(failed)), 0, "two questions on their way");
}
