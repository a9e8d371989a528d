//! Stray input never decides: bursts, keys held down, records nobody has seen, pastes.

use proptest::prelude::*;

use crate::app::modal::Modal;
use crate::app::msg::Msg;
use crate::app::update::testing::{Bench, bench, category, key};
use crate::config::keys::Key;
use crate::domain::category::Category;
use crate::domain::record::RecordNo;

fn let_time_pass(bench: &mut Bench, from: u64) {
    for at in (from..from + 3_000).step_by(20) {
        bench.send(Msg::Quiet { at });
        bench.send(Msg::Drawn);
    }
}

#[test]
fn a_burst_never_decides() {
    for gap in 0..5u64 {
        for text in ["aaaaaaaaaa", "d232323232323", "xyxyxyxyxyxy", "jdjdjdjdjd", "h2t.........."] {
            let mut bench = bench(12);
            let mut at = 50_000;
            for c in text.chars() {
                key(&mut bench, c, at);
                // Even a frame between the keys makes no decision of them.
                bench.send(Msg::Drawn);
                at += gap;
            }
            let_time_pass(&mut bench, at);
            assert_eq!(bench.decisions(), 0, "{text} every {gap} ms");
        }
    }
}

#[test]
fn a_key_held_down_decides_once() {
    for (delay, rate) in [(250, 33), (500, 30), (660, 40), (1_000, 33), (225, 90), (30, 30), (500, 140)] {
        let mut bench = bench(60);
        let mut at = 50_000;
        key(&mut bench, 'd', at);
        bench.send(Msg::Quiet { at: at + 6 });
        bench.send(Msg::Drawn);
        at += delay;
        for _ in 0..40 {
            for quiet in (at - rate.min(20)..at).step_by(5) {
                bench.send(Msg::Quiet { at: quiet });
                bench.send(Msg::Drawn);
            }
            key(&mut bench, 'd', at);
            bench.send(Msg::Drawn);
            at += rate;
        }
        assert_eq!(bench.decisions(), 1, "{delay} ms, then every {rate} ms");
        // Released and pressed again, the key decides again.
        at += 2_000;
        bench.send(Msg::Quiet { at });
        bench.send(Msg::Drawn);
        let so_far = bench.decisions();
        assert!(so_far <= 2, "letting go decides at most the last stroke");
        key(&mut bench, 'd', at + 2_000);
        bench.send(Msg::Quiet { at: at + 2_010 });
        assert_eq!(bench.decisions(), so_far + 1);
    }
}

#[test]
fn the_same_key_at_a_human_pace_decides_each_time() {
    let mut bench = bench(12);
    let mut at = 50_000;
    for n in 1..=5 {
        key(&mut bench, 'd', at);
        bench.send(Msg::Drawn);
        bench.send(Msg::Quiet { at: at + 6 });
        bench.send(Msg::Quiet { at: at + 200 });
        bench.send(Msg::Drawn);
        assert_eq!(bench.decisions(), n);
        at += 400;
    }
}

#[test]
fn two_strokes_of_the_same_key_are_a_code() {
    let mut bench = bench(6);
    let at = 50_000;
    key(&mut bench, '2', at);
    bench.send(Msg::Quiet { at: at + 6 });
    bench.send(Msg::Drawn);
    key(&mut bench, '2', at + 180);
    bench.send(Msg::Quiet { at: at + 190 });
    bench.send(Msg::Quiet { at: at + 400 });
    assert!(matches!(bench.model.shared.modal, Some(Modal::Choice(_))), "{}", bench.message());
}

#[test]
fn an_unseen_record_is_not_decided() {
    let mut bench = bench(6);
    bench.at += 5_000;
    let at = bench.at;
    // Both keys arrive before a frame was drawn.
    key(&mut bench, 'j', at);
    key(&mut bench, 'd', at + 20);
    bench.send(Msg::Quiet { at: at + 40 });
    assert_eq!((bench.decisions(), bench.here()), (0, 2));
    assert!(bench.message().contains("画面に出る前"), "{}", bench.message());
    bench.send(Msg::Drawn);
    key(&mut bench, 'd', at + 5_000);
    bench.send(Msg::Quiet { at: at + 5_010 });
    assert_eq!(category(&bench, 2), Some(Category::C23));
    // Nor is a question answered that nobody has seen.
    bench.send(Msg::Drawn);
    key(&mut bench, 'x', at + 9_000);
    bench.send(Msg::Key { key: "enter".parse().unwrap(), at: at + 9_002, repeat: false });
    bench.send(Msg::Quiet { at: at + 9_020 });
    assert_eq!(bench.decisions(), 1);
    assert!(matches!(bench.model.shared.modal, Some(Modal::Confirm(_))));
}

#[test]
fn nothing_is_decided_on_a_screen_too_small_to_read() {
    let mut bench = Bench::new(6, (39, 9));
    bench.press("d");
    bench.send(Msg::Resize(80, 24));
    assert_eq!(bench.decisions(), 0);
    bench.send(Msg::Drawn);
    bench.press("d");
    assert_eq!(bench.decisions(), 1);
}

#[test]
fn an_ime_left_on_is_folded_or_named() {
    let mut bench = bench(6);
    bench.press("j");
    bench.type_text("ｄ");
    assert_eq!(category(&bench, 2), Some(Category::C23));
    bench.type_text("あ");
    assert!(bench.message().contains("IMEがオンです"), "{}", bench.message());
    assert_eq!(bench.decisions(), 1);
}

#[test]
fn pasted_text_goes_to_text_fields_only() {
    let mut bench = bench(6);
    bench.send(Msg::Paste { text: "daaa2324".into(), at: bench.at });
    let_time_pass(&mut bench, 60_000);
    assert_eq!(bench.decisions(), 0);
    bench.press("e");
    bench.send(Msg::Paste { text: "一行目\n二行目\u{1b}".into(), at: bench.at });
    let Some(Modal::Prompt(prompt)) = &bench.model.shared.modal else { panic!() };
    assert_eq!(prompt.line.text(), "一行目 二行目");
}

/// Anything that can come in: keys at any pace, pastes, sizes, answers in any order.
#[derive(Clone, Debug)]
enum Step {
    Key(Key, u64),
    Paste(String),
    Resize(u16, u16),
    Drawn,
    Quiet(u64),
    Idle,
    Slow(bool),
    Fail(bool),
}

fn any_step() -> impl Strategy<Value = Step> {
    let word = prop::sample::select(vec![
        "a",
        "d",
        "v",
        "x",
        "y",
        "n",
        "h",
        "l",
        "p",
        "m",
        ".",
        "u",
        "ctrl-r",
        "e",
        "j",
        "k",
        "G",
        "g",
        "2",
        "3",
        "4",
        "1",
        "enter",
        "enter",
        "esc",
        "tab",
        "/",
        "f",
        ":",
        "?",
        "F2",
        "F3",
        "F4",
        "F5",
        "F6",
        "F7",
        "F8",
        "A",
        "V",
        "z",
        "w",
        "i",
        "o",
        "c",
        "]",
        "[",
        "backspace",
        "ctrl-u",
        "up",
        "down",
        "t",
        "pgdn",
        "ａ",
        "あ",
    ]);
    prop_oneof![
        8 => (word, prop_oneof![0u64..6, 20u64..200, 300u64..3_000]).prop_map(|(w, gap)| Step::Key(w.parse().unwrap(), gap)),
        1 => ".{0,12}".prop_map(Step::Paste),
        1 => (0u16..200, 0u16..70).prop_map(|(w, h)| Step::Resize(w, h)),
        6 => Just(Step::Drawn),
        4 => (0u64..400).prop_map(Step::Quiet),
        1 => Just(Step::Idle),
        1 => any::<bool>().prop_map(Step::Slow),
        1 => any::<bool>().prop_map(Step::Fail),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever comes in, nothing panics, and once every answer is there the screen says what the store holds.
    #[test]
    fn any_messages_keep_screen_and_store_in_step(steps in prop::collection::vec(any_step(), 0..80)) {
        let mut bench = bench(20);
        let mut at = 100_000;
        for step in steps {
            match step {
                Step::Key(key, gap) => {
                    at += gap;
                    bench.send(Msg::Key { key, at, repeat: false });
                }
                Step::Paste(text) => {
                    let before = bench.decisions();
                    bench.send(Msg::Paste { text, at: bench.at });
                    prop_assert_eq!(bench.decisions(), before);
                }
                Step::Resize(w, h) => { bench.send(Msg::Resize(w, h)); }
                Step::Drawn => { bench.send(Msg::Drawn); }
                Step::Quiet(pause) => {
                    at += pause;
                    bench.send(Msg::Quiet { at });
                }
                Step::Idle => { bench.send(Msg::Idle); }
                Step::Slow(slow) => bench.world.slow = slow,
                Step::Fail(fails) => bench.world.fails = fails,
            }
            let height = bench.model.shared.queue_height().max(1);
            let window = bench.model.review.viewport.visible(bench.model.review.queue.len(), height);
            prop_assert!(bench.model.review.queue.is_empty() || window.contains(&bench.model.review.viewport.cursor));
        }
        bench.world.slow = false;
        bench.answer_all();
        prop_assert!(bench.model.shared.changes.unsaved.is_empty());
        for no in (1..=20).map(RecordNo) {
            prop_assert_eq!(bench.model.review.queue.state(no), bench.world.case(no).state, "record {}", no.0);
        }
        let open = bench.world.cases.iter().filter(|case| case.state.is_open()).count();
        prop_assert_eq!(bench.model.review.queue.remaining(), open);
    }

    /// A burst of whatever keys, with frames and answers in between, never decides.
    #[test]
    fn no_burst_decides(keys in prop::collection::vec(("[ -~]", 0u64..5), 8..60), drawn in any::<bool>()) {
        let mut bench = bench(20);
        let mut at = 100_000;
        for (key, gap) in keys {
            at += gap;
            bench.send(Msg::Key { key: Key::char(key.chars().next().unwrap()), at, repeat: false });
            if drawn {
                bench.send(Msg::Drawn);
            }
        }
        let_time_pass(&mut bench, at);
        prop_assert_eq!(bench.decisions(), 0);
    }
}
