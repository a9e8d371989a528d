//! Moving through the queue, and jumps.

use crate::app::action::Screen;
use crate::app::msg::Msg;
use crate::app::screen::review::{Fields, Pane};
use crate::app::update::testing::{Bench, bench, state};
use crate::domain::case::State;
use crate::domain::category::Category;
use crate::domain::record::RecordNo;
use crate::domain::scope::Scope;

#[test]
fn movement() {
    let mut bench = bench(60);
    let height = bench.model.shared.queue_height();
    for (keys, at) in [
        ("j", 2),
        ("down", 3),
        ("k", 2),
        ("up", 1),
        ("k", 1),
        ("G", 60),
        ("j", 60),
        ("g g", 1),
        ("pgdn", height as u32),
        ("pgup", 1),
        ("[", 60),
        ("]", 1),
    ] {
        bench.press(keys);
        assert_eq!(bench.here(), at, "{keys}");
    }
    bench.press("tab");
    assert_eq!(bench.model.review.pane, Pane::Record);
    bench.press("j");
    assert_eq!((bench.here(), bench.model.review.scroll), (1, 1));
    bench.press("tab");
    bench.press("w");
    assert_eq!(bench.model.review.fields, Fields::Differing);
    bench.press("w");
    bench.press("w");
    assert_eq!(bench.model.review.fields, Fields::All);
}

/// After a look at somebody else one key leads back to the work, however one got away from it.
#[test]
fn a_jump_is_taken_back() {
    let mut bench = bench(24);
    bench.press("d");
    bench.press("d");
    assert_eq!(bench.here(), 3);
    bench.press("/");
    bench.type_text("やまもと");
    bench.press("enter");
    bench.press("n");
    assert_eq!(bench.here(), 11);
    bench.press("b");
    assert_eq!(bench.here(), 3);
    bench.press("o");
    bench.press("enter");
    assert_eq!(bench.here(), 2);
    bench.press("u");
    bench.press("b");
    bench.press("b");
    assert_eq!(bench.here(), 3);
    bench.press("b");
    assert!(bench.here() == 3 && bench.message().contains("戻る先はありません"), "{}", bench.message());
}

/// What was left by going back is gone forward to again, until another jump begins a new way.
#[test]
fn going_back_can_be_taken_back() {
    let mut bench = bench(24);
    let go = |bench: &mut Bench, id: &str| {
        bench.press(":");
        bench.type_text(id);
        bench.press("enter");
        bench.here()
    };
    let ids: Vec<String> = [9, 5, 17].map(|no| bench.world.view(RecordNo(no)).record.row.id()).into();
    let start = bench.here();
    assert_eq!((go(&mut bench, &ids[0]), go(&mut bench, &ids[1])), (9, 5));
    let walk = |bench: &mut Bench, keys: &[&str]| -> Vec<u32> {
        keys.iter()
            .map(|key| {
                bench.press(key);
                bench.here()
            })
            .collect()
    };
    assert_eq!(walk(&mut bench, &["b", "b", "B", "B"]), [9, start, 9, 5]);
    bench.press("B");
    assert!(bench.here() == 5 && bench.message().contains("進む先はありません"), "{}", bench.message());
    assert_eq!(walk(&mut bench, &["b"]), [9]);
    assert_eq!(go(&mut bench, &ids[2]), 17);
    bench.press("B");
    assert!(bench.message().contains("進む先はありません"), "{}", bench.message());
    assert_eq!(walk(&mut bench, &["b", "b"]), [9, start]);
}

/// `:` and a 整理番号 go to that record, and say why not where it cannot be gone to.
#[test]
fn a_number_in_the_palette_goes_to_its_record() {
    let mut bench = bench(12);
    let id = bench.world.view(RecordNo(5)).record.row.id();
    let go = |bench: &mut Bench, text: &str| {
        bench.press(":");
        bench.type_text(text);
        bench.press("enter");
    };
    go(&mut bench, &id);
    assert_eq!(bench.here(), 5, "{}", bench.message());
    go(&mut bench, "9999999");
    assert!(
        bench.here() == 5 && bench.message().contains("整理番号 9999999 の記録はありません"),
        "{}",
        bench.message()
    );
    // Hidden by a filter: the filter goes, and that is said.
    bench.press("f");
    bench.type_text("class:①");
    bench.press("enter");
    assert!(bench.model.review.queue.row_of(RecordNo(5)).is_none());
    go(&mut bench, &format!("go {id}"));
    assert!(bench.here() == 5 && bench.model.review.filter.expression.is_empty(), "{}", bench.message());
    assert!(bench.message().contains("絞込の外"), "{}", bench.message());
    // Outside item 1: told, and nothing moves.
    bench.press("F6");
    bench.send(Msg::Found { id: "0000001".into(), found: Some((RecordNo(900), Scope::LostBefore)) });
    assert!(bench.message().contains("0000001 は確認の対象ではありません(喪失対象外)"), "{}", bench.message());
    assert_eq!(bench.model.shared.screen, Screen::History);
    // From any screen; nothing is decided by a number.
    go(&mut bench, &id);
    assert_eq!((bench.model.shared.screen, bench.here(), bench.decisions()), (Screen::Review, 5, 0));
    go(&mut bench, "2");
    assert_eq!(bench.decisions(), 0);
}

/// Going on beyond what is visible shows what follows, not one row more.
#[test]
fn going_on_shows_what_comes_next() {
    let mut bench = bench(60);
    let height = bench.model.shared.queue_height();
    for _ in 0..height {
        bench.press("m");
    }
    let (top, cursor) = (bench.model.review.viewport.top, bench.model.review.viewport.cursor);
    assert_eq!(cursor, height);
    assert!(cursor - top < height / 2, "{top} {cursor}");
    bench.press("m");
    assert_eq!(bench.model.review.viewport.top, top);
}

#[test]
fn the_cursor_goes_on_or_stays_as_asked() {
    let mut bench = bench(6);
    bench.press("j");
    bench.press("A");
    bench.press("d");
    assert_eq!((bench.here(), state(&bench, 2)), (2, State::Decided(Category::C23)));
    bench.press("A");
    bench.press("j");
    bench.press("d");
    assert_eq!(bench.here(), 4);
}
