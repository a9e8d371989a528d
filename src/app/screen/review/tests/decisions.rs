//! Every key that decides, and the questions before a decision.

use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::msg::Msg;
use crate::app::update::testing::{Bench, SIZE, World, bench, category, evidence, key, shipped_keymap};
use crate::domain::case::State;
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::record::RecordNo;

#[test]
fn a_quick_key_decides_saves_and_goes_on() {
    let mut bench = bench(12);
    bench.press("j");
    bench.press("s");
    assert_eq!((category(&bench, 2), evidence(&bench, 2)), (Some(Category::C23), vec![EvidenceCode::Visual]));
    assert_eq!(bench.world.case(RecordNo(2)).evidence[0].reference, "住所表記");
    assert_eq!(bench.here(), 3);
    assert!(bench.model.shared.changes.unsaved.is_empty());
    assert_eq!((bench.model.review.queue.total(), bench.model.review.queue.remaining()), (12, 11));
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
    bench.model.shared.keymap = shipped_keymap("tenkey");
    bench.press("1 1");
    assert!(bench.message().contains("14 届出書、15 J-LIS照会"), "{}", bench.message());
}

/// The digits of a choice are those of categories: `2 4` typed without looking must not answer the question before with 2.
#[test]
fn where_a_slip_weighs_most_a_digit_only_chooses_the_evidence() {
    let mut bench = bench(6);
    bench.press("2 3");
    let Some(Modal::Choice(choice)) = &bench.model.shared.modal else { panic!("no choice: {}", bench.message()) };
    assert!(choice.careful);
    bench.press("2 4");
    assert_eq!(bench.decisions(), 0);
    let Some(Modal::Choice(choice)) = &bench.model.shared.modal else { panic!() };
    assert_eq!(choice.chosen, Some(1));
    bench.press("esc");
    assert_eq!((bench.decisions(), bench.here()), (0, 1));
    // Enter alone is no answer, however often; an arrow chooses from either end.
    for (arrow, chosen) in [("down", 0), ("up", usize::MAX)] {
        bench.press("2 3");
        for _ in 0..2 {
            bench.press("enter");
            let Some(Modal::Choice(choice)) = &bench.model.shared.modal else {
                panic!("answered: {}", bench.message())
            };
            assert_eq!((choice.chosen, bench.decisions()), (None, 0));
            assert_eq!(bench.message(), "番号で選んでから Enter で決めます");
        }
        bench.press(arrow);
        let Some(Modal::Choice(choice)) = &bench.model.shared.modal else { panic!() };
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
        assert!(matches!(bench.model.shared.modal, Some(Modal::Confirm(_))));
        assert_eq!(bench.decisions(), 0);
        // The key of another decision is no answer.
        bench.press("y");
        assert!(matches!(bench.model.shared.modal, Some(Modal::Confirm(_))));
        bench.press("n");
        assert_eq!((bench.decisions(), bench.model.shared.modal.is_none()), (0, true));
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
    assert_eq!((bench.decisions(), bench.model.shared.modal.is_none()), (1, true));
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
        let Some(Modal::Confirm(question)) = &bench.model.shared.modal else { panic!("{keys}: {}", bench.message()) };
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
    let Some(Modal::Choice(choice)) = &bench.model.shared.modal else { panic!("{}", bench.message()) };
    assert_eq!((choice.chosen, bench.decisions()), (None, 0));
    bench.press("1");
    assert!(matches!(bench.model.shared.modal, Some(Modal::Confirm(_))), "{}", bench.message());
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
    assert!(
        bench.model.shared.modal.is_none() && bench.model.shared.input.pressed.is_empty(),
        "{:?}",
        bench.model.shared.modal
    );
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
        assert_eq!((bench.decisions(), bench.model.shared.modal.is_none()), (0, true), "{keys}");
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
    let Some(Modal::Choice(choice)) = &bench.model.shared.modal else { panic!("no choice: {}", bench.message()) };
    assert!(choice.codes.iter().all(|code| code.is_strong()));
    assert!(choice.attempt.refused.as_ref().unwrap().contains("G3"));
    bench.press("2");
    bench.press("enter");
    assert_eq!(evidence(&bench, 1), [EvidenceCode::ResidentRecord]);

    // 2-2 needs evidence, then its date.
    bench.press("2 2");
    bench.press("down");
    bench.press("enter");
    let Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(..), .. })) = &bench.model.shared.modal else { panic!() };
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
        let Some(Modal::Prompt(prompt)) = &bench.model.shared.modal else { panic!("{wrong}") };
        assert!(prompt.fault.is_some(), "{wrong}");
    }
    // A day before 突合時点 is a date, but no answer to the rule.
    bench.press("ctrl-u");
    bench.type_text("20230101");
    bench.press("enter");
    assert!(matches!(&bench.model.shared.modal, Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(..), .. }))));
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
    assert!(matches!(&bench.model.shared.modal, Some(Modal::Prompt(prompt)) if prompt.fault.is_some()));
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
    assert!(!bench.model.review.can_repeat());
    for _ in 0..5 {
        bench.press("j");
    }
    assert_eq!(bench.here(), 7);
    assert!(bench.model.review.can_repeat());
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
