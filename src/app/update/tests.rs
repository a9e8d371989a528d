//! Every action on a fake world, and that stray input never decides.

use proptest::prelude::*;

use super::testing::{Bench, World};
use crate::app::action::{Action, Screen};
use crate::app::effect::Effect;
use crate::app::job::Job;
use crate::app::modal::{Ask, InfoBody, Modal, Prompt, Purpose};
use crate::app::model::{Fields, Pane, Weight};
use crate::app::msg::Msg;
use crate::config::keys::Key;
use crate::domain::case::State;
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::record::RecordNo;
use crate::domain::scope::Scope;

const SIZE: (u16, u16) = (80, 24);

fn bench(records: u32) -> Bench {
    Bench::new(records, SIZE)
}

fn category(bench: &Bench, no: u32) -> Option<Category> {
    bench.world.case(RecordNo(no)).state.category()
}

fn evidence(bench: &Bench, no: u32) -> Vec<EvidenceCode> {
    bench.world.case(RecordNo(no)).evidence.iter().map(|evidence| evidence.code).collect()
}

#[test]
fn a_quick_key_decides_saves_and_goes_on() {
    let mut bench = bench(12);
    bench.press("j");
    bench.press("s");
    assert_eq!((category(&bench, 2), evidence(&bench, 2)), (Some(Category::C23), vec![EvidenceCode::Visual]));
    assert_eq!(bench.world.case(RecordNo(2)).evidence[0].reference, "住所表記");
    assert_eq!(bench.here(), 3);
    assert!(bench.model.unsaved.is_empty());
    assert_eq!((bench.model.queue.total(), bench.model.queue.remaining()), (12, 11));
}

#[test]
fn every_quick_key_asks_for_its_category() {
    // 0001234 and 0001240 have neither B× nor S×: 4-2 is their letter.
    for (key, answer, expected, with) in [
        ("v", None, Category::C23, Some(EvidenceCode::Visual)),
        ("s", None, Category::C23, Some(EvidenceCode::Visual)),
        ("d", None, Category::C23, Some(EvidenceCode::Notification)),
        ("r", None, Category::C23, Some(EvidenceCode::JlisInquiry)),
        ("p", Some("20231101"), Category::C22, Some(EvidenceCode::PastRecord)),
        ("l", Some("R5.10.1"), Category::C21, None),
        ("m", None, Category::C42, None),
    ] {
        let mut bench = bench(6);
        // The first of them has an address to decide on, the second a name.
        bench.press("j");
        if key == "v" {
            bench.press("j");
        }
        let no = bench.here();
        bench.press(key);
        if let Some(answer) = answer {
            bench.type_text(answer);
            bench.press("enter");
        }
        assert_eq!(category(&bench, no), Some(expected), "{key}: {}", bench.message());
        assert_eq!(evidence(&bench, no), with.into_iter().collect::<Vec<_>>(), "{key}");
    }
}

/// A slip on the quick keys would write a wrong reason beside a real difference: it is named, with the keys that fit.
#[test]
fn a_quick_key_that_is_not_about_the_differences_is_refused_by_name() {
    for (row, key, said) in [
        // B×: no look at the characters settles it.
        (
            1,
            "v",
            "生年月日が○でないため、「異体字・外字」では決定しません (G3)。確かめた方法で: d 届出書、r J-LIS照会、p 過去確認、m 本人へ送付",
        ),
        (
            2,
            "v",
            "住所は要確認(都道府県・郡・大字・字の省略)で、「異体字・外字」の違いではないため、決定しません。合うキー: s 住所表記",
        ),
        (
            3,
            "s",
            "漢字氏名は要確認(●・外字など読めない文字)で、「住所表記」の違いではないため、決定しません。合うキー: a 提案を採用、v 異体字・外字",
        ),
        (
            4,
            "y",
            "住所は相違(番号の相違)で、「カナ(よみ)表記」の違いではないため、決定しません。確かめた方法で: 23 のあと確認方法、m 本人へ送付",
        ),
        (
            6,
            "s",
            "住所は相違(市区町村の相違)で、「住所表記」の違いではないため、決定しません。確かめた方法で: 23 のあと確認方法、m 本人へ送付",
        ),
    ] {
        let mut bench = bench(6);
        (1..row).for_each(|_| bench.press("j"));
        bench.press(key);
        assert_eq!((bench.message(), bench.decisions(), bench.here()), (said, 0, row), "{key} on row {row}");
    }
    // Spelt by the keys of the keymap in use.
    let mut bench = bench(6);
    bench.model.keymap = super::testing::shipped_keymap("tenkey");
    bench.press("1 1");
    assert!(bench.message().contains("14 届出書、15 J-LIS照会"), "{}", bench.message());
}

/// The digits of a choice are those of categories: `2 4` typed without looking must not answer the question before with 2.
#[test]
fn where_a_slip_weighs_most_a_digit_only_chooses_the_evidence() {
    let mut bench = bench(6);
    bench.press("2 3");
    let Some(Modal::Choice(choice)) = &bench.model.modal else { panic!("no choice: {}", bench.message()) };
    assert!(choice.careful);
    bench.press("2 4");
    assert_eq!(bench.decisions(), 0);
    let Some(Modal::Choice(choice)) = &bench.model.modal else { panic!() };
    assert_eq!(choice.chosen, Some(1));
    bench.press("esc");
    assert_eq!((bench.decisions(), bench.here()), (0, 1));
    // Enter alone is no answer, however often; an arrow chooses from either end.
    for (arrow, chosen) in [("down", 0), ("up", usize::MAX)] {
        bench.press("2 3");
        for _ in 0..2 {
            bench.press("enter");
            let Some(Modal::Choice(choice)) = &bench.model.modal else { panic!("answered: {}", bench.message()) };
            assert_eq!((choice.chosen, bench.decisions()), (None, 0));
            assert_eq!(bench.message(), "番号で選んでから Enter で決めます");
        }
        bench.press(arrow);
        let Some(Modal::Choice(choice)) = &bench.model.modal else { panic!() };
        assert_eq!(choice.chosen, Some(chosen.min(choice.codes.len() - 1)), "{arrow}");
        bench.press("esc");
    }
    bench.press("2 3 2 enter");
    assert_eq!(evidence(&bench, 1), [EvidenceCode::ResidentRecord]);
    bench.press("u");
    assert_eq!((category(&bench, 1), bench.here()), (None, 1));
    // Neither B× nor S× nor a flag: the digit answers.
    bench.press("j");
    bench.press("2 3 1");
    assert_eq!((category(&bench, 2), evidence(&bench, 2)), (Some(Category::C23), vec![EvidenceCode::Visual]));
}

#[test]
fn wrong_numbers_are_confirmed_first() {
    for key in ["x", "2 4"] {
        let mut bench = bench(6);
        bench.press(key);
        assert!(matches!(bench.model.modal, Some(Modal::Confirm(_))));
        assert_eq!(bench.decisions(), 0);
        // The key of another decision is no answer.
        bench.press("y");
        assert!(matches!(bench.model.modal, Some(Modal::Confirm(_))));
        bench.press("n");
        assert_eq!((bench.decisions(), bench.model.modal.is_none()), (0, true));
        bench.press(key);
        bench.press("enter");
        assert_eq!(category(&bench, 1), Some(Category::C24));
    }
}

/// A possible twin may be called the same, by eye or by a document: its flags are named, asked about once, and named again.
#[test]
fn a_record_with_a_danger_called_the_same_is_confirmed_and_named_with_its_signs() {
    let mut bench = bench(6);
    bench.press("/");
    bench.type_text("3001");
    bench.press("enter");
    let no = bench.model.record().unwrap();
    bench.press("2 3 1");
    assert_eq!(bench.decisions(), 0);
    bench.press("enter");
    assert_eq!((bench.decisions(), bench.model.modal.is_none()), (1, true));
    let said = bench.message();
    assert!(
        said.starts_with("保存済: ") && said.contains("F4 同姓同名同生年月日") && said.contains("u で取消"),
        "{said}"
    );
    bench.press("u");
    // A document may be another person's too; whatever says 誤りなし is confirmed by a key that decides nothing elsewhere.
    for (keys, date) in [("d", None), ("r", None), ("p", Some("20231201")), ("2 3 4", None)] {
        let before = bench.decisions();
        bench.press(keys);
        if let Some(date) = date {
            bench.type_text(date);
            bench.press("enter");
        }
        let Some(Modal::Confirm(question)) = &bench.model.modal else { panic!("{keys}: {}", bench.message()) };
        let asked = question.lines.join(" ");
        assert!(asked.contains("注意 F4 同姓同名同生年月日 → ") && asked.contains("別人でないこと"), "{asked}");
        for key in ["y", "d", "2", "3", "a", "1"] {
            bench.press(key);
            assert_eq!(bench.decisions(), before, "{keys} confirmed by {key}");
        }
        bench.press("enter");
        assert_eq!(bench.decisions(), before + 1, "{keys}");
        assert!(category(&bench, no.0).is_some_and(Category::releases), "{keys}");
        let said = bench.message();
        assert!(said.starts_with("保存済: ") && said.contains("F4 同姓同名同生年月日"), "{said}");
        bench.press("u");
    }
    // What calls nobody the same asks nothing.
    bench.press("m");
    assert_eq!(category(&bench, no.0), Some(Category::C42));
}

/// On a record with such a flag nothing is chosen beforehand: Enter is pressed out of habit.
#[test]
fn evidence_of_a_record_with_a_danger_is_picked_before_it_is_confirmed() {
    let mut bench = bench(6);
    for _ in 1..6 {
        bench.press("j");
    }
    bench.press("2 3 enter enter");
    let Some(Modal::Choice(choice)) = &bench.model.modal else { panic!("{}", bench.message()) };
    assert_eq!((choice.chosen, bench.decisions()), (None, 0));
    bench.press("1");
    assert!(matches!(bench.model.modal, Some(Modal::Confirm(_))), "{}", bench.message());
    bench.press("n");
    assert_eq!((bench.decisions(), bench.message()), (0, "決定しませんでした"));
}

/// What was typed ahead of a refusal decides nothing else: `x` is refused, the key typed to confirm it must not decide.
#[test]
fn nothing_decides_after_a_refusal_until_a_pause_or_a_movement() {
    // A record where `d`, like `y` for a difference of kana, is a decision of its own.
    let refused_at = |bench: &mut Bench| {
        bench.at += 5_000;
        let at = bench.at;
        key(bench, 'j', at);
        key(bench, 'x', at + 20);
        bench.send(Msg::Quiet { at: at + 40 });
        assert!(bench.message().contains("画面に出る前"), "{}", bench.message());
        at + 40
    };
    for (seen, pressed, decided) in
        [(0, 300, false), (0, 900, false), (300, 1_200, false), (0, 1_010, true), (300, 1_310, true)]
    {
        let mut bench = bench(12);
        let at = refused_at(&mut bench);
        bench.send(Msg::Quiet { at: at + seen });
        bench.send(Msg::Drawn);
        key(&mut bench, 'd', at + pressed);
        bench.send(Msg::Quiet { at: at + pressed + 10 });
        assert_eq!(bench.decisions() == 1, decided, "{seen} {pressed}: {}", bench.message());
        assert!(decided || bench.message().contains("直後のキー"), "{}", bench.message());
        // Why it was refused first stays to be read, once.
        assert!(
            decided
                || bench.message().ends_with(
                    "先の知らせ: 画面に出る前のキーのため、決定しませんでした。画面を見てから、もう一度押してください"
                )
        );
    }
    // Before the refusal can be read there is no pause at all.
    let mut bench = bench(12);
    let at = refused_at(&mut bench);
    key(&mut bench, 'd', at + 9_000);
    bench.send(Msg::Quiet { at: at + 9_010 });
    assert_eq!(bench.decisions(), 0, "{}", bench.message());
    // A code is refused at its first key, so that its second does not count.
    let mut bench = self::bench(12);
    let at = refused_at(&mut bench);
    bench.send(Msg::Drawn);
    for (n, c) in ['2', '1', '4', '2'].into_iter().enumerate() {
        key(&mut bench, c, at + 300 + 200 * n as u64);
        bench.send(Msg::Quiet { at: at + 310 + 200 * n as u64 });
        bench.send(Msg::Drawn);
    }
    assert!(bench.model.modal.is_none() && bench.model.pressed.is_empty(), "{:?}", bench.model.modal);
    assert_eq!(bench.decisions(), 0);
    // A movement ends it, once the record that it leads to is drawn.
    let mut bench = self::bench(12);
    let at = refused_at(&mut bench);
    bench.send(Msg::Drawn);
    key(&mut bench, 'j', at + 200);
    bench.send(Msg::Drawn);
    key(&mut bench, 'd', at + 400);
    bench.send(Msg::Quiet { at: at + 410 });
    assert_eq!(bench.decisions(), 1, "{}", bench.message());
}

/// A decision that was refused by a guard, left or not finished is followed by a pause as well.
#[test]
fn unfinished_decisions_are_followed_by_a_pause() {
    for keys in ["4 2", "v", "x n", "l esc", "2 9", "4 esc", "2 3 esc", "."] {
        let mut bench = bench(12);
        bench.press(keys);
        assert_eq!((bench.decisions(), bench.model.modal.is_none()), (0, true), "{keys}");
        let at = bench.at;
        for (n, c) in ['m', 'd', 'u'].into_iter().enumerate() {
            key(&mut bench, c, at + 300 * n as u64);
            bench.send(Msg::Quiet { at: at + 300 * n as u64 + 10 });
            bench.send(Msg::Drawn);
        }
        assert_eq!(bench.decisions(), 0, "{keys}: {}", bench.message());
        bench.press("m");
        assert_eq!(bench.decisions(), 1, "{keys}: {}", bench.message());
    }
}

#[test]
fn a_refused_decision_opens_the_question_that_would_satisfy_it() {
    let mut bench = bench(6);
    // B×: 目検 alone is not enough (G3).
    bench.press("2 3");
    let Some(Modal::Choice(choice)) = &bench.model.modal else { panic!("no choice: {}", bench.message()) };
    assert!(choice.codes.iter().all(|code| code.is_strong()));
    assert!(choice.attempt.refused.as_ref().unwrap().contains("G3"));
    bench.press("2");
    bench.press("enter");
    assert_eq!(evidence(&bench, 1), [EvidenceCode::ResidentRecord]);

    // 2-2 needs evidence, then its date.
    bench.press("2 2");
    bench.press("down");
    bench.press("enter");
    let Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(..), .. })) = &bench.model.modal else { panic!() };
    bench.press("t");
    bench.press("enter");
    let case = bench.world.case(RecordNo(2));
    assert_eq!(case.evidence[0].code, EvidenceCode::Correction);
    assert_eq!(case.evidence[0].date, Some(jiff::civil::date(2023, 12, 11)));
}

#[test]
fn a_wrong_answer_is_asked_again() {
    let mut bench = bench(6);
    bench.press("l");
    for wrong in ["20231301", "昨日", "", "R5.0.0"] {
        bench.press("ctrl-u");
        if !wrong.is_empty() {
            bench.type_text(wrong);
        }
        bench.press("enter");
        let Some(Modal::Prompt(prompt)) = &bench.model.modal else { panic!("{wrong}") };
        assert!(prompt.fault.is_some(), "{wrong}");
    }
    // A day before 突合時点 is a date, but no answer to the rule.
    bench.press("ctrl-u");
    bench.type_text("20230101");
    bench.press("enter");
    assert!(matches!(&bench.model.modal, Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(..), .. }))));
    assert_eq!(bench.decisions(), 0);
    bench.type_text("20231001");
    bench.press("enter");
    assert_eq!(category(&bench, 1), Some(Category::C21));
}

#[test]
fn what_no_answer_can_satisfy_is_said() {
    let mut bench = bench(6);
    bench.press("4 2");
    assert!(bench.message().contains("G4"), "{}", bench.message());
    bench.press("3 3");
    assert!(bench.message().contains("G5"), "{}", bench.message());
    bench.press("4 3");
    assert!(bench.message().contains("4-1"), "{}", bench.message());
    assert_eq!(bench.decisions(), 0);
}

#[test]
fn a_record_in_a_batch_is_locked() {
    let mut world = World::new(6);
    world.put_in_batch(RecordNo(1), 3);
    let mut bench = Bench::open(world, SIZE);
    bench.press("d");
    assert!(bench.message().contains("第3回"), "{}", bench.message());
    assert_eq!((bench.decisions(), bench.here()), (0, 1));
}

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
        assert_eq!(bench.world.case(RecordNo(2)).replied, Some(reply), "{keys}");
    }
    // A letter that came the day before yesterday is typed over what is offered, or gone back to.
    let mut bench = bench(6);
    bench.press("j m k 4 6");
    bench.type_text("20231209");
    bench.press("enter");
    assert!(bench.message().contains("返信日が必要です") || bench.model.modal.is_some(), "before it was sent");
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
    assert!(bench.model.modal.is_none() && bench.message().contains("載っていません"), "{}", bench.message());
    bench.press("j d");
    assert!(bench.message().contains("第3回") && bench.message().contains("W で取下げます"), "{}", bench.message());
    let keys = "W tab enter enter";
    assert!(keys.split(' ').count() <= 6);
    bench.press(keys);
    let expected = Job::Withdraw { batch: 3, id: "0001234".into(), reason: "別人の疑い".into() };
    assert_eq!((bench.world.tasks, bench.model.screen), (vec![expected], Screen::Review));
}

#[test]
fn hold_proposes_a_week() {
    let mut bench = bench(6);
    bench.press("h");
    bench.press("enter");
    let case = bench.world.case(RecordNo(1));
    assert_eq!((case.state, case.due()), (State::Pending, Some(jiff::civil::date(2023, 12, 18))));
    assert_eq!(bench.here(), 2);
}

#[test]
fn a_decided_record_asks_for_a_reason() {
    let mut bench = bench(6);
    bench.press("d");
    bench.press("k");
    bench.press("r");
    bench.press("enter");
    assert!(matches!(&bench.model.modal, Some(Modal::Prompt(prompt)) if prompt.fault.is_some()));
    bench.type_text("入力誤り");
    bench.press("enter");
    assert_eq!(evidence(&bench, 1), [EvidenceCode::JlisInquiry]);
    assert_eq!(bench.world.case(RecordNo(1)).reason, "入力誤り");
    assert_eq!(bench.world.events.len(), 2);
}

#[test]
fn adopt_takes_the_suggestion_only() {
    let mut bench = bench(12);
    bench.press("a");
    assert!(bench.message().contains("提案はありません"), "{}", bench.message());
    // Find a record with a suggestion; the comparator decides which have one.
    let with = (1..=12).find(|no| bench.world.view(RecordNo(*no)).suggestion.is_some());
    let Some(no) = with else { return };
    for _ in 1..no {
        bench.press("j");
    }
    bench.press("a");
    assert_eq!((category(&bench, no), evidence(&bench, no)), (Some(Category::C23), vec![EvidenceCode::Visual]));
}

#[test]
fn repeat_needs_the_same_pattern() {
    let mut bench = bench(13);
    bench.press(".");
    assert!(bench.message().contains("まだ"), "{}", bench.message());
    bench.press("d");
    bench.press(".");
    assert!(bench.message().contains("パターン"), "{}", bench.message());
    // 0011377 differs as 0001377 does.
    assert!(!bench.model.can_repeat());
    for _ in 0..5 {
        bench.press("j");
    }
    assert_eq!(bench.here(), 7);
    assert!(bench.model.can_repeat());
    bench.press(".");
    assert_eq!((category(&bench, 7), evidence(&bench, 7)), (Some(Category::C23), vec![EvidenceCode::Notification]));
}

/// What was seen of one record says nothing of a possible twin.
#[test]
fn a_judgement_is_not_repeated_on_a_record_with_a_danger() {
    let mut world = World::new(13);
    world.records[7].facts.dangers.insert(crate::domain::danger::Danger::F1);
    let mut bench = Bench::open(world, SIZE);
    bench.press("j");
    bench.press("s");
    while bench.here() != 8 {
        bench.press("j");
    }
    bench.press(".");
    assert!(
        bench.message().contains("F1 双子疑い") && bench.message().contains("繰り返しません"),
        "{}",
        bench.message()
    );
    assert_eq!(category(&bench, 8), None);
}

#[test]
fn the_mark_is_hollow_until_the_commit_returns() {
    let mut bench = bench(6);
    bench.world.slow = true;
    bench.press("d");
    assert!(bench.model.is_unsaved(RecordNo(1)));
    assert_eq!((bench.model.unsaved.len(), bench.here()), (1, 2));
    bench.world.slow = false;
    bench.answer_all();
    assert!(bench.model.unsaved.is_empty());
    assert_eq!(bench.model.queue.state(RecordNo(1)), State::Decided(Category::C23));
}

#[test]
fn a_failed_commit_is_taken_back_and_nothing_more_is_decided() {
    let mut bench = bench(6);
    bench.world.fails = true;
    bench.press("d");
    assert_eq!(bench.model.queue.state(RecordNo(1)), State::Untouched);
    assert!(bench.message().contains("保存されていません"), "{}", bench.message());
    assert!(matches!(bench.model.message, Some((Weight::Error, _))));
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
    assert_eq!((bench.here(), bench.model.queue.state(RecordNo(1))), (1, State::Untouched));
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
    assert!(bench.model.unsaved.is_empty());
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
    let Some(Modal::Prompt(Prompt { purpose: Purpose::Note(seen), line, .. })) = &again.model.modal else { panic!() };
    assert_eq!((seen.record, line.text()), (RecordNo(2), "折り返し"));
}

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
        (again.here(), again.model.filter.as_str(), again.model.search.query.as_str()),
        (here, "class:②", "山本")
    );
    assert_eq!(again.model.queue.len(), bench.model.queue.len());
}

#[test]
fn movement() {
    let mut bench = bench(60);
    let height = bench.model.queue_height();
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
    assert_eq!(bench.model.pane, Pane::Record);
    bench.press("j");
    assert_eq!((bench.here(), bench.model.scroll), (1, 1));
    bench.press("tab");
    bench.press("w");
    assert_eq!(bench.model.fields, Fields::Differing);
    bench.press("w");
    bench.press("w");
    assert_eq!(bench.model.fields, Fields::All);
}

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
    assert!(bench.model.search.query.is_empty());
    bench.press("/");
    bench.type_text("山本");
    bench.press("esc");
    assert_eq!(bench.here(), 23);
}

#[test]
fn a_wrong_filter_names_its_place() {
    let mut bench = bench(12);
    bench.press("f");
    bench.type_text("class:① stat:1");
    bench.press("enter");
    let Some(Modal::Prompt(prompt)) = &bench.model.modal else { panic!() };
    let fault = prompt.fault.clone().unwrap();
    assert!(fault.contains("9 文字目") && fault.contains("state"), "{fault}");
    bench.press("ctrl-w");
    bench.press("enter");
    assert_eq!((bench.model.queue.len(), bench.model.filter.as_str()), (2, "class:①"));
    bench.press("esc");
    bench.press("esc");
    assert_eq!(bench.model.queue.len(), 12);
    bench.press("f");
    bench.type_text("id:存在しない");
    bench.press("enter");
    assert!(bench.message().contains("当てはまる記録はありません"));
    assert_eq!(bench.model.queue.len(), 12);
    // What was typed stands there to be changed.
    let Some(Modal::Prompt(prompt)) = &bench.model.modal else { panic!("{:?}", bench.model.modal) };
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
    assert_eq!((bench.model.queue.len(), bench.here()), (2, 7));
    bench.press("?");
    bench.press("esc");
    bench.press("esc");
    assert_eq!(bench.model.queue.len(), 2);
    assert_eq!(bench.message(), "絞込を解除するには、もう一度 Esc を押してください");
    // Another key in between, and it has to be asked for anew.
    bench.press("k");
    bench.press("esc");
    assert_eq!(bench.model.queue.len(), 2);
    bench.press("esc");
    assert_eq!((bench.model.queue.len(), bench.model.filter.as_str()), (12, ""));
    bench.press("f");
    bench.press("up");
    bench.press("enter");
    assert_eq!((bench.model.queue.len(), bench.model.filter.as_str()), (2, "class:①"));
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
    assert_eq!(bench.model.queue.open_shown(), 0);
    let said = bench.message();
    assert!(said.starts_with("保存済: ") && said.ends_with("表示中の記録はすべて決定しました"), "{said}");
    bench.press("esc");
    bench.press("esc");
    assert_eq!((bench.model.queue.len(), bench.here()), (12, 5));
    // From an open record nothing jumps.
    bench.press("f");
    bench.type_text("class:③");
    bench.press("enter");
    let here = bench.here();
    bench.press("esc");
    bench.press("esc");
    assert_eq!(bench.here(), here);
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
    assert!(bench.model.queue.row_of(RecordNo(5)).is_none());
    go(&mut bench, &format!("go {id}"));
    assert!(bench.here() == 5 && bench.model.filter.is_empty(), "{}", bench.message());
    assert!(bench.message().contains("絞込の外"), "{}", bench.message());
    // Outside item 1: told, and nothing moves.
    bench.press("F6");
    bench.send(Msg::Found { id: "0000001".into(), found: Some((RecordNo(900), Scope::LostBefore)) });
    assert!(bench.message().contains("0000001 は確認の対象ではありません(喪失対象外)"), "{}", bench.message());
    assert_eq!(bench.model.screen, Screen::History);
    // From any screen; nothing is decided by a number.
    go(&mut bench, &id);
    assert_eq!((bench.model.screen, bench.here(), bench.decisions()), (Screen::Review, 5, 0));
    go(&mut bench, "2");
    assert_eq!(bench.decisions(), 0);
}

/// A 整理番号 that is not there is said to be absent; nothing that merely resembles it is gone to.
#[test]
fn an_absent_number_is_said_to_be_absent() {
    let mut bench = bench(24);
    let here = bench.here();
    bench.press("/");
    bench.type_text("98765432");
    bench.press("enter");
    assert_eq!((bench.here(), bench.model.search.hits.len()), (here, 0));
    assert!(bench.message().contains("整理番号 98765432 は確認の対象にありません"), "{}", bench.message());
    let id = bench.world.view(RecordNo(7)).record.row.id();
    bench.press("/");
    bench.type_text(&id);
    bench.press("enter");
    assert_eq!(bench.here(), 7, "{}", bench.message());
}

/// Going on beyond what is visible shows what follows, not one row more.
#[test]
fn going_on_shows_what_comes_next() {
    let mut bench = bench(60);
    let height = bench.model.queue_height();
    for _ in 0..height {
        bench.press("m");
    }
    let (top, cursor) = (bench.model.window.top, bench.model.window.cursor);
    assert_eq!(cursor, height);
    assert!(cursor - top < height / 2, "{top} {cursor}");
    bench.press("m");
    assert_eq!(bench.model.window.top, top);
}

#[test]
fn tab_completes_filter_words() {
    let mut bench = bench(6);
    bench.press("f");
    bench.type_text("cl");
    bench.press("tab");
    bench.press("tab");
    bench.type_text("");
    let Some(Modal::Prompt(prompt)) = &bench.model.modal else { panic!() };
    assert_eq!(prompt.line.text(), "class:①");
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
    assert_eq!(bench.model.screen, Screen::Status);
    assert!(bench.model.status_view.is_some());
}

/// What only resembles a name is offered and not run; neither is the first line of an empty palette.
#[test]
fn the_palette_runs_nothing_that_nobody_named() {
    for typed in ["dcd", "xyzzy", ""] {
        let mut bench = bench(6);
        bench.press(":");
        bench.type_text(typed);
        bench.press("enter");
        assert!(matches!(bench.model.modal, Some(Modal::Palette(_))), "{typed}");
        assert!(bench.message().contains("命令"), "{typed}: {}", bench.message());
        assert_eq!(bench.decisions(), 0);
    }
    // Chosen with a key, it is meant.
    let mut bench = bench(6);
    bench.press(":");
    bench.type_text("stts");
    bench.press("down");
    let Some(Modal::Palette(palette)) = &bench.model.modal else { panic!() };
    assert_eq!(palette.entry(), palette.found.first());
    bench.press("enter");
    assert!(bench.model.modal.is_none());
}

#[test]
fn the_other_actions() {
    let mut bench = bench(6);
    bench.press("?");
    assert!(matches!(bench.model.modal, Some(Modal::Help { .. })));
    bench.press("j");
    assert!(matches!(bench.model.modal, Some(Modal::Help { top: 1 })));
    // The way back from beyond the end begins at the end, which the view knows.
    bench.model.reach.set(7);
    bench.press("G");
    bench.press("k");
    assert!(matches!(bench.model.modal, Some(Modal::Help { top: 6 })));
    bench.press("q");
    assert!(bench.model.modal.is_none());
    bench.press("i");
    assert!(matches!(bench.model.modal, Some(Modal::Info { body: InfoBody::Characters(_), .. })));
    bench.press("esc");
    bench.press("o");
    // The second one is not under review, the first one is gone to; below the last row there is nothing.
    bench.press("j");
    bench.press("j");
    bench.model.reach.set(1);
    bench.press("enter");
    assert!(bench.message().contains("確認の対象でない"), "{}", bench.message());
    bench.press("k");
    bench.press("enter");
    assert_eq!((bench.here(), bench.model.modal.is_none()), (2, true));
    bench.press("k");
    bench.press("o");
    assert!(
        matches!(&bench.model.modal, Some(Modal::Info { body: InfoBody::Related(_, Some(kin)), .. }) if kin.rows.len() == 2)
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
        bench.model.search.query = "山本".into();
        bench.model.search.hits = vec![RecordNo(11)];
        bench.press("f");
        bench.type_text("class:①,②,③");
        bench.press("enter");
        bench.model.message = None;
        bench.world.asked.clear();
        bench.model.scroll = 3;
        let before = format!("{:?}", bench.model);
        let mut effects = Vec::new();
        super::keys::run(&mut bench.model, action, &mut effects);
        let here = matches!(action, Action::Screen(Screen::Review) | Action::FocusQueue);
        let same = here && bench.model.screen == Screen::Review;
        assert!(same || !effects.is_empty() || before != format!("{:?}", bench.model), "{action} did nothing");
    }
}

/// ARCHITECTURE "Speed": rows read per frame ≤ height + 2 at any size.
#[test]
fn only_what_is_visible_is_read() {
    for size in [(40, 10), (80, 24), (200, 60)] {
        let mut bench = Bench::new(300, size);
        let height = bench.model.queue_height();
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

// ---- stray input ----

fn key(bench: &mut Bench, c: char, at: u64) {
    bench.send(Msg::Key { key: Key::char(c), at, repeat: false });
}

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
    assert!(matches!(bench.model.modal, Some(Modal::Choice(_))), "{}", bench.message());
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
    assert!(matches!(bench.model.modal, Some(Modal::Confirm(_))));
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
    let Some(Modal::Prompt(prompt)) = &bench.model.modal else { panic!() };
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
            let height = bench.model.queue_height().max(1);
            let window = bench.model.window.visible(bench.model.queue.len(), height);
            prop_assert!(bench.model.queue.is_empty() || window.contains(&bench.model.window.cursor));
        }
        bench.world.slow = false;
        bench.answer_all();
        prop_assert!(bench.model.unsaved.is_empty());
        for no in (1..=20).map(RecordNo) {
            prop_assert_eq!(bench.model.queue.state(no), bench.world.case(no).state, "record {}", no.0);
        }
        let open = bench.world.cases.iter().filter(|case| case.state.is_open()).count();
        prop_assert_eq!(bench.model.queue.remaining(), open);
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
        let height = bench.model.queue_height();
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
            let visible = bench.model.window.visible(bench.model.queue.len(), bench.model.queue_height());
            let mut shown = visible.filter_map(|row| bench.model.queue.no(row));
            waited += usize::from(bench.model.view().is_none() || !shown.all(|no| bench.model.lines.contains_key(&no)));
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
    assert!(bench.model.view().is_some() && bench.model.unreadable().is_none());
    assert!(bench.message().contains("#3") && bench.message().contains("meken verify"), "{}", bench.message());
    bench.model.message = None;
    bench.press("j");
    bench.press("s");
    assert_eq!((category(&bench, 2), bench.here()), (Some(Category::C23), 3));
    assert!(bench.model.view().is_none() && bench.model.unreadable().is_some());
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
    assert!(bench.model.unreadable().is_some());
    let view = bench.world.view(RecordNo(3));
    bench.send(Msg::Loaded { lines: Vec::new(), records: vec![view], faults: Vec::new() });
    assert!(bench.model.unreadable().is_none() && !bench.model.is_drawn());
}

/// An answer to something else says nothing about the records that are on their way.
#[test]
fn a_failure_elsewhere_leaves_the_question_for_records_open() {
    let mut bench = bench(12);
    bench.world.slow = true;
    bench.model.records.clear();
    bench.model.asked_records.clear();
    let loads = |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Load { .. })).count();
    assert_eq!(loads(&bench.send(Msg::Drawn)), 1);
    bench.model.records.clear();
    bench.model.asked_records.clear();
    let failed = Msg::Failed { request: None, message: "読めません".into(), fatal: false };
    assert_eq!(loads(&bench.send(failed)), 0, "two questions on their way");
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
        let Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(attempt, Ask::SafeWay), .. })) = &bench.model.modal
        else {
            panic!("{keys}: {}", bench.message())
        };
        let refused = attempt.refused.clone().unwrap();
        assert!(refused.contains("支援措置") && refused.contains("印を外して"), "{refused}");
        bench.press("enter");
        let Some(Modal::Prompt(Prompt { fault: Some(_), .. })) = &bench.model.modal else { panic!("no fault") };
        assert_eq!((category(&bench, no), bench.decisions()), (None, 0), "{keys}");
        bench.press("esc");
        assert_eq!((category(&bench, no), bench.here()), (None, no));
        bench.press(keys);
        bench.type_text("窓口で手渡し");
        bench.press("enter");
        assert_eq!(category(&bench, no), Some(letter), "{keys}: {}", bench.message());
        assert_eq!(bench.world.case(RecordNo(no)).safe_way, "窓口で手渡し");
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
    assert!(matches!(&bench.model.modal, Some(Modal::Prompt(prompt)) if !prompt.line.text().is_empty()));
    bench.press("enter");
    assert_eq!(category(&bench, 2), Some(Category::C42));
    while bench.here() != 8 {
        bench.press("j");
    }
    bench.press(".");
    assert!(
        matches!(&bench.model.modal, Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, Ask::SafeWay), line, .. }))
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
    assert!(matches!(&bench.model.modal, Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, Ask::SafeWay), .. }))));
    assert_eq!((bench.here(), bench.model.queue.state(RecordNo(2))), (2, State::Untouched));
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
        (case.protected, bench.model.lines[&RecordNo(1)].protected)
    };
    protect(&mut bench);
    bench.press("enter");
    assert!(matches!(&bench.model.modal, Some(Modal::Prompt(Prompt { fault: Some(_), .. }))));
    bench.press("esc");
    assert_eq!(stands(&bench), (None, false));
    protect(&mut bench);
    bench.type_text("本人の申出");
    bench.press("enter");
    assert_eq!(stands(&bench), (Some(true), true), "{}", bench.message());
    assert!(bench.message().contains("支援措置を設定"), "{}", bench.message());
    bench.press("m");
    assert!(matches!(&bench.model.modal, Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, Ask::SafeWay), .. }))));
    bench.press("esc");
    protect(&mut bench);
    bench.press("down enter");
    assert_eq!(stands(&bench), (None, false), "{}", bench.message());
    assert_eq!(bench.world.case(RecordNo(1)).reason, "支援措置の終了を確認");
    bench.press("m");
    assert_eq!(category(&bench, 1), Some(Category::C41));
}

/// A colleague changed the record after it was drawn: nothing is decided, the record is shown anew and asked about again.
#[test]
fn a_decision_on_a_state_that_changed_is_asked_again() {
    let mut bench = bench(6);
    bench.world.colleague(RecordNo(1), |case| case.note = "本人から電話あり".into());
    bench.at += 2_000;
    bench.stroke(Key::char('d'));
    assert_eq!((bench.decisions(), bench.world.case(RecordNo(1)).state), (1, State::Untouched), "nothing was decided");
    assert_eq!((bench.here(), bench.model.unsaved.len()), (1, 0));
    assert!(bench.message().contains("0001377: 他の操作で記録が変わりました"), "{}", bench.message());
    assert_eq!(bench.model.view().unwrap().case.note, "本人から電話あり");
    assert_eq!(bench.model.queue.state(RecordNo(1)), State::Untouched);
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
    let Some(Modal::Prompt(Prompt { line, fault, .. })) = &bench.model.modal else { panic!("not asked again") };
    assert_eq!(line.text(), "不在");
    assert!(fault.as_deref().is_some_and(|fault| fault.contains("今のメモ: 本人から電話あり")), "{fault:?}");
    bench.press("enter");
    assert_eq!(bench.world.case(RecordNo(1)).note, "不在");
}
