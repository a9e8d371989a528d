//! The search and the filter.

use crate::app::modal::Modal;
use crate::app::msg::Msg;
use crate::app::update::testing::{Bench, World, bench};
use crate::domain::record::RecordNo;

#[test]
fn search_goes_to_hits_and_back() {
    let mut bench = bench(24);
    bench.press("/");
    bench.type_text("やまもと");
    assert_eq!(bench.here(), 5);
    bench.press("enter");
    bench.press("n");
    assert_eq!(bench.here(), 11);
    bench.press("N");
    bench.press("N");
    assert_eq!(bench.here(), 23);
    bench.press("esc");
    assert!(bench.model.review.search.query.is_empty());
    bench.press("/");
    bench.type_text("山本");
    bench.press("esc");
    assert_eq!(bench.here(), 23);
}

/// A 整理番号 that is not there is said to be absent; nothing that merely resembles it is gone to.
#[test]
fn an_absent_number_is_said_to_be_absent() {
    let mut bench = bench(24);
    let here = bench.here();
    bench.press("/");
    bench.type_text("98765432");
    bench.press("enter");
    assert_eq!((bench.here(), bench.model.review.search.hits.len()), (here, 0));
    assert!(bench.message().contains("整理番号 98765432 は確認の対象にありません"), "{}", bench.message());
    let id = bench.world.view(RecordNo(7)).record.row.id();
    bench.press("/");
    bench.type_text(&id);
    bench.press("enter");
    assert_eq!(bench.here(), 7, "{}", bench.message());
}

#[test]
fn a_wrong_filter_names_its_place() {
    let mut bench = bench(12);
    bench.press("f");
    bench.type_text("class:① stat:1");
    bench.press("enter");
    let Some(Modal::Prompt(prompt)) = &bench.model.shared.modal else { panic!() };
    let fault = prompt.fault.clone().unwrap();
    assert!(fault.contains("9 文字目") && fault.contains("state"), "{fault}");
    bench.press("ctrl-w");
    bench.press("enter");
    assert_eq!((bench.model.review.queue.len(), bench.model.review.filter.expression.as_str()), (2, "class:①"));
    bench.press("esc");
    bench.press("esc");
    assert_eq!(bench.model.review.queue.len(), 12);
    bench.press("f");
    bench.type_text("id:存在しない");
    bench.press("enter");
    assert!(bench.message().contains("当てはまる記録はありません"));
    assert_eq!(bench.model.review.queue.len(), 12);
    // What was typed stands there to be changed.
    let Some(Modal::Prompt(prompt)) = &bench.model.shared.modal else { panic!("{:?}", bench.model.shared.modal) };
    assert_eq!((prompt.line.text(), prompt.fault.is_some()), ("id:存在しない", true));
}

/// The key that closes windows drops a filter only when it is pressed twice, and the filter comes back with one key.
#[test]
fn a_filter_is_not_dropped_by_one_key_too_many() {
    let mut bench = bench(12);
    for _ in 0..4 {
        bench.press("j");
    }
    bench.press("f");
    bench.type_text("class:①");
    bench.press("enter");
    assert_eq!((bench.model.review.queue.len(), bench.here()), (2, 7));
    bench.press("?");
    bench.press("esc");
    bench.press("esc");
    assert_eq!(bench.model.review.queue.len(), 2);
    assert_eq!(bench.message(), "絞込を解除するには、もう一度 Esc を押してください");
    // Another key in between, and it has to be asked for anew.
    bench.press("k");
    bench.press("esc");
    assert_eq!(bench.model.review.queue.len(), 2);
    bench.press("esc");
    assert_eq!((bench.model.review.queue.len(), bench.model.review.filter.expression.as_str()), (12, ""));
    bench.press("f");
    bench.press("up");
    bench.press("enter");
    assert_eq!((bench.model.review.queue.len(), bench.model.review.filter.expression.as_str()), (2, "class:①"));
}

/// When all that a filter shows is done, its end leads back to where the work was.
#[test]
fn the_end_of_a_filter_leads_back_to_the_work() {
    let mut bench = bench(12);
    for _ in 0..4 {
        bench.press("j");
    }
    bench.press("f");
    bench.type_text("class:①");
    bench.press("enter");
    bench.press("d");
    bench.press("d");
    assert_eq!(bench.model.review.queue.open_shown(), 0);
    let said = bench.message();
    assert!(said.starts_with("保存済: ") && said.ends_with("表示中の記録はすべて決定しました"), "{said}");
    bench.press("esc");
    bench.press("esc");
    assert_eq!((bench.model.review.queue.len(), bench.here()), (12, 5));
    // From an open record nothing jumps.
    bench.press("f");
    bench.type_text("class:③");
    bench.press("enter");
    let here = bench.here();
    bench.press("esc");
    bench.press("esc");
    assert_eq!(bench.here(), here);
}

#[test]
fn tab_completes_filter_words() {
    let mut bench = bench(6);
    bench.press("f");
    bench.type_text("cl");
    bench.press("tab");
    bench.press("tab");
    bench.type_text("");
    let Some(Modal::Prompt(prompt)) = &bench.model.shared.modal else { panic!() };
    assert_eq!(prompt.line.text(), "class:①");
}

#[test]
fn views_are_saved_and_survive_a_restart() {
    let mut bench = bench(12);
    bench.press(":");
    bench.type_text("view save 第1週");
    bench.press("enter");
    assert!(bench.message().contains("絞込がありません"));
    bench.press("f");
    bench.type_text("class:①");
    bench.press("enter");
    bench.press(":");
    bench.type_text("view save 第1週");
    bench.press("enter");
    bench.press("esc");
    bench.press("esc");
    assert!(!bench.model.review.queue.is_narrowed());
    bench.send(Msg::Idle);
    let world = std::mem::replace(&mut bench.world, World::new(0));
    let mut bench = Bench::open(world, (80, 24));
    bench.press("V");
    bench.press("enter");
    assert_eq!(
        (bench.model.review.filter.expression.as_str(), bench.model.review.queue.is_narrowed()),
        ("class:①", true)
    );
    bench.press(":");
    bench.type_text("view drop 第1週");
    bench.press("enter");
    assert!(bench.model.review.filter.saved.is_empty());
}
