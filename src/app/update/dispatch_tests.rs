//! Every action has an effect, from the palette as well, and sessions survive a restart.

use crate::app::action::{Action, Screen};
use crate::app::effect::Effect;
use crate::app::modal::{InfoBody, Modal};
use crate::app::update::testing::{Bench, SIZE, bench, category};
use crate::domain::category::Category;
use crate::domain::record::RecordNo;

#[test]
fn quitting_and_starting_again_comes_back_to_the_same_place() {
    let mut bench = bench(24);
    bench.press("f");
    bench.type_text("class:②");
    bench.press("enter");
    bench.press("/");
    bench.type_text("山本");
    bench.press("enter");
    bench.press("j");
    let here = bench.here();
    bench.press("q");
    assert!(bench.world.asked.contains(&Effect::Quit));
    let again = Bench::open(bench.world, SIZE);
    assert_eq!(
        (again.here(), again.model.review.filter.expression.as_str(), again.model.review.search.query.as_str()),
        (here, "class:②", "山本")
    );
    assert_eq!(again.model.review.queue.len(), bench.model.review.queue.len());
}

#[test]
fn the_palette_runs_what_is_chosen_and_the_guards_hold_there_too() {
    let mut bench = bench(6);
    bench.press(":");
    bench.type_text("todokede");
    bench.press("enter");
    assert_eq!(category(&bench, 1), Some(Category::C23));
    bench.press(":");
    bench.type_text("status");
    bench.press("enter");
    assert_eq!(bench.model.shared.screen, Screen::Status);
    assert!(bench.model.status.view.is_some());
}

/// What only resembles a name is offered and not run; neither is the first line of an empty palette.
#[test]
fn the_palette_runs_nothing_that_nobody_named() {
    for typed in ["dcd", "xyzzy", ""] {
        let mut bench = bench(6);
        bench.press(":");
        bench.type_text(typed);
        bench.press("enter");
        assert!(matches!(bench.model.shared.modal, Some(Modal::Palette(_))), "{typed}");
        assert!(bench.message().contains("命令"), "{typed}: {}", bench.message());
        assert_eq!(bench.decisions(), 0);
    }
    // Chosen with a key, it is meant.
    let mut bench = bench(6);
    bench.press(":");
    bench.type_text("stts");
    bench.press("down");
    let Some(Modal::Palette(palette)) = &bench.model.shared.modal else { panic!() };
    assert_eq!(palette.entry(), palette.found.first());
    bench.press("enter");
    assert!(bench.model.shared.modal.is_none());
}

#[test]
fn the_other_actions() {
    let mut bench = bench(6);
    bench.press("?");
    assert!(matches!(bench.model.shared.modal, Some(Modal::Help { .. })));
    bench.press("j");
    assert!(matches!(bench.model.shared.modal, Some(Modal::Help { top: 1 })));
    // The way back from beyond the end begins at the end, which the view knows.
    bench.model.shared.reach.set(7);
    bench.press("G");
    bench.press("k");
    assert!(matches!(bench.model.shared.modal, Some(Modal::Help { top: 6 })));
    bench.press("q");
    assert!(bench.model.shared.modal.is_none());
    bench.press("i");
    assert!(matches!(bench.model.shared.modal, Some(Modal::Info { body: InfoBody::Characters(_), .. })));
    bench.press("esc");
    bench.press("o");
    // The second one is not under review, the first one is gone to; below the last row there is nothing.
    bench.press("j");
    bench.press("j");
    bench.model.shared.reach.set(1);
    bench.press("enter");
    assert!(bench.message().contains("確認の対象でない"), "{}", bench.message());
    bench.press("k");
    bench.press("enter");
    assert_eq!((bench.here(), bench.model.shared.modal.is_none()), (2, true));
    bench.press("k");
    bench.press("o");
    assert!(
        matches!(&bench.model.shared.modal, Some(Modal::Info { body: InfoBody::Related(_, Some(related)), .. }) if related.rows.len() == 2)
    );
    bench.press("esc");
    for (keys, effect) in [
        ("c", Effect::Copy("0001377".into())),
        ("ctrl-l", Effect::Redraw),
        ("ctrl-z", Effect::Suspend),
        ("q", Effect::Quit),
    ] {
        bench.press(keys);
        assert_eq!(bench.world.asked.last(), Some(&effect), "{keys}");
    }
}

/// No action of the table does nothing by mistake: each either changes the model, asks for something, or says why not.
#[test]
fn every_action_has_an_effect() {
    for action in Action::all().filter(Action::in_palette) {
        let mut bench = bench(30);
        bench.press("j");
        bench.press("d");
        bench.press("j");
        bench.press("j");
        bench.model.review.search.query = "山本".into();
        bench.model.review.search.hits = vec![RecordNo(11)];
        bench.press("f");
        bench.type_text("class:①,②,③");
        bench.press("enter");
        bench.model.shared.message = None;
        bench.world.asked.clear();
        bench.model.review.scroll = 3;
        let before = format!("{:?}", bench.model);
        let mut effects = Vec::new();
        super::dispatch::run(&mut bench.model, action, &mut effects);
        let here = matches!(action, Action::Screen(Screen::Review) | Action::FocusQueue);
        let same = here && bench.model.shared.screen == Screen::Review;
        assert!(same || !effects.is_empty() || before != format!("{:?}", bench.model), "{action} did nothing");
    }
}

/// From another screen a record is never decided: it was not seen.
#[test]
fn deciding_from_another_screen_goes_to_the_record_first() {
    for screen in ["F4", "F5", "F6", "F7"] {
        let mut bench = bench(6);
        bench.press(screen);
        bench.press(":");
        bench.type_text("decide 2-4");
        bench.press("enter");
        assert_eq!((bench.model.shared.screen, bench.decisions()), (Screen::Review, 0), "{screen}");
        assert!(bench.model.shared.modal.is_none());
    }
    let mut bench = bench(6);
    bench.press("F3");
    assert_eq!(bench.model.shared.screen, Screen::Review);
    assert!(bench.message().contains("グループ"));
}
