//! Letters, withdrawals and 支援措置.

use crate::app::action::Screen;
use crate::app::job::Job;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::question::Ask;
use crate::app::update::testing::{Bench, SIZE, World, bench, category};
use crate::domain::case::State;
use crate::domain::category::Category;
use crate::domain::record::RecordNo;

/// The answer to a letter takes as many keys as it has to: what it says, and Enter for today.
#[test]
fn the_answer_to_a_letter_takes_six_keys_at_most() {
    let reply = jiff::civil::date(2023, 12, 11);
    for (keys, expected) in
        [("4 6 enter", Category::C46), ("4 6 tab enter", Category::C46), ("4 7 enter enter", Category::C47)]
    {
        let mut bench = bench(6);
        bench.press("j m k");
        assert_eq!((bench.here(), category(&bench, 2)), (2, Some(Category::C42)), "{}", bench.message());
        assert!(keys.split(' ').count() <= 6);
        bench.press(keys);
        assert_eq!(category(&bench, 2), Some(expected), "{keys}: {}", bench.message());
        assert_eq!(bench.world.case(RecordNo(2)).replied(), Some(reply), "{keys}");
    }
    // A letter that came the day before yesterday is typed over what is offered, or gone back to.
    let mut bench = bench(6);
    bench.press("j m k 4 6");
    bench.type_text("20231209");
    bench.press("enter");
    assert!(bench.message().contains("返信日が必要です") || bench.model.shared.modal.is_some(), "before it was sent");
    bench.press("esc");
    // With a flag that names another person, one more.
    let mut bench = self::bench(6);
    (0..5).for_each(|_| bench.press("j"));
    bench.press("m");
    bench.press("G 4 6 enter");
    assert_eq!(category(&bench, 6), Some(Category::C42));
    bench.press("enter");
    assert_eq!(category(&bench, 6), Some(Category::C46), "{}", bench.message());
}

/// A record is withdrawn from where it is seen: the key, a reason by one key, and two times Enter.
#[test]
fn a_withdrawal_takes_six_keys_at_most() {
    let mut world = World::new(6);
    world.put_in_batch(RecordNo(2), 3);
    let mut bench = Bench::open(world, SIZE);
    bench.press("W");
    assert!(bench.model.shared.modal.is_none() && bench.message().contains("載っていません"), "{}", bench.message());
    bench.press("j d");
    assert!(bench.message().contains("第3回") && bench.message().contains("W で取下げます"), "{}", bench.message());
    let keys = "W tab enter enter";
    assert!(keys.split(' ').count() <= 6);
    bench.press(keys);
    let expected = Job::Withdraw { batch: 3, id: "0001234".into(), reason: "別人の疑い".into() };
    assert_eq!((bench.world.tasks, bench.model.shared.screen), (vec![expected], Screen::Review));
}

/// A world whose first two records stand under 支援措置: one by the file, one by hand.
fn protected() -> World {
    let mut world = World::new(12);
    world.records[0].facts.protected = true;
    world.cases[1].protected = Some(true);
    world
}

/// No key sends a letter under 支援措置: it asks for the safe way, and nothing but words answers it.
#[test]
fn a_letter_under_protection_asks_for_the_safe_way() {
    // 0001377 has B×, so 4-1 is its letter; 0001234 gets 4-2.
    for (no, keys, letter) in
        [(1, "m", Category::C41), (1, "4 1", Category::C41), (2, "m", Category::C42), (2, "4 2", Category::C42)]
    {
        let mut bench = Bench::open(protected(), SIZE);
        if no == 2 {
            bench.press("j");
        }
        bench.press(keys);
        let Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(attempt, Ask::SafeWay), .. })) =
            &bench.model.shared.modal
        else {
            panic!("{keys}: {}", bench.message())
        };
        let refused = attempt.refused.clone().unwrap();
        assert!(refused.contains("支援措置") && refused.contains("印を外して"), "{refused}");
        bench.press("enter");
        let Some(Modal::Prompt(Prompt { fault: Some(_), .. })) = &bench.model.shared.modal else { panic!("no fault") };
        assert_eq!((category(&bench, no), bench.decisions()), (None, 0), "{keys}");
        bench.press("esc");
        assert_eq!((category(&bench, no), bench.here()), (None, no));
        bench.press(keys);
        bench.type_text("窓口で手渡し");
        bench.press("enter");
        assert_eq!(category(&bench, no), Some(letter), "{keys}: {}", bench.message());
        assert_eq!(bench.world.case(RecordNo(no)).safe_way(), "窓口で手渡し");
    }
    // What is not a letter is decided as ever.
    let mut bench = Bench::open(protected(), SIZE);
    bench.press("d");
    assert_eq!(category(&bench, 1), Some(Category::C23));
}

/// The safe way of one person is none of the next: it is neither repeated nor offered.
#[test]
fn a_safe_way_is_not_repeated() {
    let mut world = protected();
    // The same person over and over: every sixth record has the same pattern.
    world.cases[7].protected = Some(true);
    let mut bench = Bench::open(world, SIZE);
    bench.press("j");
    bench.press("m");
    bench.press("down");
    assert!(matches!(&bench.model.shared.modal, Some(Modal::Prompt(prompt)) if !prompt.line.text().is_empty()));
    bench.press("enter");
    assert_eq!(category(&bench, 2), Some(Category::C42));
    while bench.here() != 8 {
        bench.press("j");
    }
    bench.press(".");
    assert!(
        matches!(&bench.model.shared.modal, Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, Ask::SafeWay), line, .. }))
        if line.text().is_empty()),
        "{}",
        bench.message()
    );
    assert_eq!(category(&bench, 8), None);
}

/// A desk that refuses what the screen did not know of opens the same question.
#[test]
fn a_flag_set_elsewhere_is_asked_for_too() {
    let mut bench = bench(12);
    bench.press("j");
    bench.world.cases[1].protected = Some(true);
    bench.press("m");
    assert_eq!(category(&bench, 2), None);
    assert!(matches!(
        &bench.model.shared.modal,
        Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, Ask::SafeWay), .. }))
    ));
    assert_eq!((bench.here(), bench.model.review.queue.state(RecordNo(2))), (2, State::Untouched));
}

/// The flag is set and cleared on the screen too, never without a reason; the row says so at once.
#[test]
fn protection_is_set_and_cleared_with_a_reason() {
    let mut bench = bench(12);
    let protect = |bench: &mut Bench| {
        bench.press("P");
    };
    let stands = |bench: &Bench| {
        let case = bench.world.case(RecordNo(1));
        (case.protected, bench.model.review.cache.lines[&RecordNo(1)].protected)
    };
    protect(&mut bench);
    bench.press("enter");
    assert!(matches!(&bench.model.shared.modal, Some(Modal::Prompt(Prompt { fault: Some(_), .. }))));
    bench.press("esc");
    assert_eq!(stands(&bench), (None, false));
    protect(&mut bench);
    bench.type_text("本人の申出");
    bench.press("enter");
    assert_eq!(stands(&bench), (Some(true), true), "{}", bench.message());
    assert!(bench.message().contains("支援措置を設定"), "{}", bench.message());
    bench.press("m");
    assert!(matches!(
        &bench.model.shared.modal,
        Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, Ask::SafeWay), .. }))
    ));
    bench.press("esc");
    protect(&mut bench);
    bench.press("down enter");
    assert_eq!(stands(&bench), (None, false), "{}", bench.message());
    assert_eq!(bench.world.case(RecordNo(1)).reason, "支援措置の終了を確認");
    bench.press("m");
    assert_eq!(category(&bench, 1), Some(Category::C41));
}
