//! The other keymaps at work: what their files promise is what happens.

use super::testing::{Bench, shipped_keymap};
use crate::app::action::{Action, Quick};
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::question::Ask;
use crate::app::model::Model;
use crate::app::screen::review::Pane;
use crate::config::keymap::Layer;
use crate::config::keys::spell;
use crate::domain::case::State;
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::record::RecordNo;

fn bench(keymap: &str) -> Bench {
    let mut bench = Bench::new(12, (80, 24));
    bench.model.shared.keymap = shipped_keymap(keymap);
    bench
}

fn asked(model: &Model) -> Option<(&Ask, &str)> {
    match &model.shared.modal {
        Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, ask), line, .. })) => Some((ask, line.text())),
        _ => None,
    }
}

fn state(bench: &Bench, no: u32) -> State {
    bench.world.case(RecordNo(no)).state
}

/// A morning on the numeric pad: adopt, a code with a date, evidence by number, a refusal to confirm, hold, undo, a change
/// with its reason, search by number.
#[test]
fn the_whole_job_on_the_numeric_pad() {
    let mut bench = bench("tenkey");
    bench.press("5");
    let first = bench.here();
    bench.press("1 2");
    assert_eq!(state(&bench, first), State::Decided(Category::C23), "{}", bench.message());

    // 2-1 asks for the 喪失日: `-` takes a digit back, `+` is today and then tomorrow, digits are typed, `*` leaves.
    let second = bench.here();
    bench.press("2 1 + +");
    assert_eq!(asked(&bench.model), Some((&Ask::Lost, "20231212")));
    bench.press("*");
    assert!(bench.model.shared.modal.is_none() && state(&bench, second) == State::Untouched);
    bench.press("2 1 2 0 2 3 1 2 0 2 - 1 enter");
    assert_eq!(state(&bench, second), State::Decided(Category::C21), "{}", bench.message());

    // Evidence by its number.
    let third = bench.here();
    bench.press("2 3");
    assert!(matches!(bench.model.shared.modal, Some(Modal::Choice(_))), "{}", bench.message());
    bench.press("*");
    assert!(bench.model.shared.modal.is_none() && state(&bench, third) == State::Untouched);

    // 誤り is confirmed with Enter; * leaves it, and no digit answers.
    for no in ["*", "1 *", "0 1 8 *"] {
        bench.press("1 8");
        assert!(matches!(bench.model.shared.modal, Some(Modal::Confirm(_))), "{}", bench.message());
        bench.press(no);
        assert!(bench.model.shared.modal.is_none() && state(&bench, third) == State::Untouched);
    }
    bench.press("1 8 enter");
    assert_eq!(state(&bench, third), State::Decided(Category::C24), "{}", bench.message());
    bench.press("-");
    assert_eq!(state(&bench, third), State::Untouched);
    bench.press("0 -");
    assert_eq!(state(&bench, third), State::Decided(Category::C24));

    // A decided record needs a reason: one of the offered ones.
    while bench.here() != first {
        bench.press("8");
    }
    bench.press("1 0 enter");
    assert_eq!(asked(&bench.model).map(|(ask, _)| ask), Some(&Ask::Reason), "{}", bench.message());
    bench.press("+ + +");
    assert_eq!(asked(&bench.model), Some((&Ask::Reason, "返事があったため")));
    bench.press("enter");
    assert_eq!(state(&bench, first), State::Pending, "{}", bench.message());

    bench.press("/ 0 0 0 2 0 0 2 enter");
    assert_eq!(bench.here(), 5, "{}", bench.message());
    bench.press("*");
    assert!(bench.model.review.search.query.is_empty());
    bench.press("0 4 * 0 1 *");
    assert!(bench.model.shared.modal.is_none());
    bench.press("0 .");
    assert!(bench.model.shared.quitting);
}

/// On the pad, too, the number picks and Enter decides where a slip weighs most; elsewhere the number is the answer.
#[test]
fn evidence_is_picked_by_its_number_on_the_pad() {
    let mut bench = bench("tenkey");
    bench.press("2 3 enter");
    assert!(matches!(bench.model.shared.modal, Some(Modal::Choice(_))), "{}", bench.message());
    assert_eq!(state(&bench, 1), State::Untouched);
    bench.press("2 enter");
    assert_eq!(state(&bench, 1), State::Decided(Category::C23), "{}", bench.message());
    assert_eq!(bench.world.case(RecordNo(1)).evidence[0].code, EvidenceCode::ResidentRecord);
    assert_eq!(bench.here(), 2);
    bench.press("2 3 1");
    assert_eq!(state(&bench, 2), State::Decided(Category::C23), "{}", bench.message());
}

/// Enter decides nothing on the pad that no question asked for, and full-width signs of an IME left on are the keys they look like.
#[test]
fn enter_decides_nothing_and_full_width_signs_are_keys() {
    let mut bench = bench("tenkey");
    for _ in 0..4 {
        bench.press("enter");
    }
    assert_eq!(bench.decisions(), 0);
    bench.press("２ １");
    assert!(asked(&bench.model).is_some(), "{}", bench.message());
    bench.press("＋");
    assert_eq!(asked(&bench.model), Some((&Ask::Lost, "20231211")));
    bench.press("＊");
    assert!(bench.model.shared.modal.is_none());
}

/// Whatever takes text is left with `*` and NumLock on, and says so; the keys that name evidence are its numbers.
#[test]
fn every_line_of_text_is_left_on_the_pad() {
    use crate::app::modal::question::Choice;
    let mut bench = bench("tenkey");
    for open in ["7 *", "7 /", "0 8", "0 enter", "/", "1 0", "2 1"] {
        bench.press(open);
        assert!(bench.model.shared.modal.is_some(), "{open}");
        bench.press("1 2");
        bench.press("*");
        assert!(bench.model.shared.modal.is_none(), "{open}: {:?}", bench.model.shared.modal);
    }
    assert_eq!((bench.decisions(), bench.world.case(RecordNo(1)).note.as_str()), (0, ""));
    // With an IME on, the sign is text of the memo.
    bench.press("7 * １ ＊ 2 enter");
    assert_eq!(bench.world.case(RecordNo(1)).note, "１＊2");
    let keymap = shipped_keymap("tenkey");
    for (quick, code) in [
        (Quick::Todokede, EvidenceCode::Notification),
        (Quick::Jlis, EvidenceCode::JlisInquiry),
        (Quick::Past, EvidenceCode::PastRecord),
        (Quick::Variant, EvidenceCode::Visual),
    ] {
        let keys = keymap.keys_for(Layer::Review, &Action::Quick(quick));
        assert_eq!(spell(keys[0]), format!("1 {}", Choice::number(code)), "{quick:?}");
    }
    // A code that was begun is left the same way.
    bench.press("2 *");
    assert!(
        bench.model.shared.input.pressed.is_empty() && !bench.message().contains("キーはありません"),
        "{}",
        bench.message()
    );
}

#[test]
fn vim_fingers_find_their_way() {
    let mut bench = bench("vim");
    bench.press("l");
    assert_eq!(bench.model.review.pane, Pane::Record);
    bench.press("l");
    assert_eq!(bench.model.review.pane, Pane::Record);
    bench.press("h");
    assert_eq!(bench.model.review.pane, Pane::Queue);
    bench.press("G g g j");
    assert_eq!(bench.here(), 2);
    bench.press("H");
    assert_eq!(asked(&bench.model).map(|(ask, _)| ask), Some(&Ask::HoldUntil));
    bench.press("ctrl-c : q enter");
    assert!(bench.model.shared.quitting, ":q quits: {:?}", bench.model.shared.modal);
}
