//! The moves of RULES §4, every state against every target, from a table written out by hand from its text.

use jiff::civil::{Date, date};

use super::*;
use crate::compare::FieldKind;
use crate::domain::case::{Evidence, Proposal, State, UnknownTarget, annotate, protect, withdraw};
use crate::domain::category::EvidenceCode;
use crate::domain::danger::DangerSet;
use crate::domain::guard::{DecisionContext, Need, Rule};
use crate::domain::insurer::InsurerKind;
use crate::domain::record::{Facts, Mark, Marks, Overall};
use crate::domain::scope::Scope;
use crate::domain::suspension::Class;

/// `o` allowed, `r` only with a reason (it is reopened first), `-` never in one step.
///
/// "any open state → 2-x, 事業主照会中, 4-1/4-2; 事業主照会中 → 3-1, 3-2, 4-x or back; 4-1 → 4-3, 4-4, 4-5; 4-5 → 4-3, 4-4
/// (late reply); 4-2 → 4-6, 4-7, 4-8; 4-8 → 4-6, 4-7; a decided record goes back to 確認中 with a reason; 4-x → 2-1 is allowed".
/// 承認待ち waits for the second person (G10), so it moves like a decided record.
const MOVES: &str = "
from          2-1 2-2 2-3 2-4 3-1 3-2 4-1 4-2 4-3 4-4 4-5 4-6 4-7 4-8 employer hold
未着手          o   o   o   o   -   -   o   o   -   -   -   -   -   -   o   o
確認中          o   o   o   o   -   -   o   o   -   -   -   -   -   -   o   o
承認待ち        r   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
事業主照会中    o   o   o   o   o   o   o   o   -   -   -   -   -   -   o   o
2-1           r   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
2-2           r   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
2-3           r   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
2-4           r   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
3-1           r   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
3-2           r   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
4-1           o   r   r   r   -   -   r   r   o   o   o   -   -   -   r   r
4-2           o   r   r   r   -   -   r   r   -   -   -   o   o   o   r   r
4-3           o   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
4-4           o   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
4-5           o   r   r   r   -   -   r   r   o   o   -   -   -   -   r   r
4-6           o   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
4-7           o   r   r   r   -   -   r   r   -   -   -   -   -   -   r   r
4-8           o   r   r   r   -   -   r   r   -   -   -   o   o   -   r   r
";

const TODAY: Date = date(2023, 12, 14);
const SENT: Date = date(2023, 11, 1);
const DUE: Date = date(2023, 11, 15);

fn state(word: &str) -> State {
    match word {
        "未着手" => State::Untouched,
        "確認中" => State::Pending,
        "承認待ち" => State::AwaitingSecond(Proposal { category: Some(Category::C23) }),
        "事業主照会中" => State::AwaitingEmployer,
        code => State::Decided(code.parse().unwrap()),
    }
}

/// Every pair of the table with its sign.
fn moves() -> Vec<(State, Target, char)> {
    let mut lines = MOVES.lines().filter(|line| !line.is_empty());
    let targets: Vec<Target> =
        lines.next().unwrap().split_whitespace().skip(1).map(|code| code.parse().unwrap()).collect();
    lines
        .flat_map(|line| {
            let mut words = line.split_whitespace();
            let from = state(words.next().unwrap());
            let signs: Vec<char> = words.map(|word| word.parse().unwrap()).collect();
            assert_eq!(signs.len(), targets.len(), "{line}");
            targets.clone().into_iter().zip(signs).map(move |(to, sign)| (from, to, sign))
        })
        .collect()
}

fn facts(target: Target) -> Facts {
    let mut marks = Marks::all_match();
    // 4-1 asks for B× (G4), everything else is easiest without it.
    let field = if target == Target::Category(Category::C41) { FieldKind::Birth } else { FieldKind::Address };
    marks.fields[field] = Mark::Mismatch;
    let (class, scope, dangers) = (Class::One, Scope::Item1, DangerSet::default());
    Facts { class, overall: Overall::Mismatch, marks, scope, dangers, protected: false }
}

fn around(facts: &Facts) -> DecisionContext<'_> {
    DecisionContext {
        facts,
        matched_on: date(2023, 9, 15),
        lost_in_file: Some(date(2023, 10, 1)),
        today: TODAY,
        now: "2023-12-14T01:00:00Z".parse().unwrap(),
        operator: "佐藤",
        insurer: Some(InsurerKind::HealthUnion),
        employer_enabled: false,
        letter_days: 14,
    }
}

fn case_in(state: State) -> Case {
    let letter = state.category().is_some_and(|category| category.letter().is_some());
    Case {
        state,
        note: "前のメモ".into(),
        letter: letter.then(|| Letter { sent: Some(SENT), due: Some(DUE), ..Letter::default() }),
        operator: "鈴木".into(),
        version: 4,
        ..Case::default()
    }
}

/// A decision that satisfies every guard but the moves.
fn decision(target: Target) -> Decision {
    let mut decision = Decision::to(target);
    decision.evidence = vec![
        Evidence { code: EvidenceCode::PastRecord, date: Some(TODAY), reference: "第5号".into() },
        Evidence::plain(EvidenceCode::Visual),
    ];
    if matches!(target, Target::Category(Category::C43 | Category::C44 | Category::C46 | Category::C47)) {
        decision.replied = Some(TODAY);
    }
    decision
}

#[test]
fn the_table_is_complete() {
    let moves = moves();
    assert_eq!(moves.len(), 18 * 16);
    let mut pairs: Vec<_> = moves.iter().map(|(from, to, _)| (*from, *to)).collect();
    pairs.dedup();
    assert_eq!(pairs.len(), 18 * 16);
}

#[test]
fn every_state_against_every_target() {
    for (from, to, sign) in moves() {
        let (facts, case) = (facts(to), case_in(from));
        assert_eq!(may_move(from, to), sign == 'o', "{from:?} → {to:?}");
        for reason in [None, Some(""), Some(" \u{3000}"), Some("再確認のため")] {
            let asked = Decision { reason: reason.map(str::to_owned), ..decision(to) };
            let result = decide(&case, &asked, &around(&facts));
            let given = reason == Some("再確認のため");
            let what = format!("{from:?} → {to:?} with {reason:?}: {result:?}");
            match (sign, given) {
                ('o', _) | ('r', true) => {
                    let next = result.expect(&what);
                    let wanted = match to {
                        Target::Category(category) => State::Decided(category),
                        Target::Employer => State::AwaitingEmployer,
                        Target::Hold => State::Pending,
                    };
                    assert_eq!(next.state, wanted, "{what}");
                    assert_eq!(next.version, case.version + 1, "{what}");
                    assert_eq!((next.operator.as_str(), next.decided_at.is_some()), ("佐藤", true), "{what}");
                    assert_eq!(next.evidence, asked.evidence, "{what}");
                    assert_eq!(next.note, "前のメモ", "{what}");
                }
                ('r', false) => {
                    let refusal = result.expect_err(&what);
                    assert_eq!((refusal.rule, refusal.need), (Rule::Move, Need::Reason), "{from:?} → {to:?}");
                }
                ('-', _) => {
                    let refusal = result.expect_err(&what);
                    assert_eq!(refusal.rule, Rule::Move, "{from:?} → {to:?}");
                    assert!(matches!(refusal.need, Need::First(_)), "{from:?} → {to:?}: {refusal:?}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_step_that_is_missing_is_named() {
    for (to, words) in [
        ("3-1", "employer"),
        ("3-2", "employer"),
        ("4-3", "4-1"),
        ("4-4", "4-1"),
        ("4-5", "4-1"),
        ("4-6", "4-2"),
        ("4-8", "4-2"),
    ] {
        let to: Target = to.parse().unwrap();
        let facts = facts(to);
        let refusal = decide(&Case::default(), &decision(to), &around(&facts)).unwrap_err();
        assert!(refusal.message().contains(words), "{to:?}: {refusal}");
    }
}

/// Nothing moves while the record stands in a sent 解除 batch: it is withdrawn first. What a newer file took back to 確認中 may
/// be decided anew where that leaves the report true.
#[test]
fn a_sent_batch_holds_every_state() {
    for (from, to, _) in moves() {
        let facts = facts(to);
        let around = around(&facts);
        let reported = Case { in_batch: Some(3), ..case_in(from) };
        let asked = Decision { reason: Some("再確認".into()), ..decision(to) };
        let result = decide(&reported, &asked, &around);
        let releases = matches!(to.state().category(), Some(Category::C22 | Category::C23 | Category::C31))
            || matches!(to.state().category(), Some(Category::C43 | Category::C46));
        if from.is_open() && from != State::Untouched && (releases || to.state().is_open()) {
            let outside = decide(&case_in(from), &asked, &around);
            assert_eq!(result, outside.map(|case| Case { in_batch: Some(3), ..case }), "{from:?} → {to:?}");
        } else {
            let refusal = result.unwrap_err();
            assert_eq!((refusal.rule, refusal.need), (Rule::Batch, Need::Withdraw(3)), "{from:?} → {to:?}");
        }
        let refusal = reopen(&reported, "再確認", &around).unwrap_err();
        assert_eq!(refusal.rule, Rule::Batch, "{from:?}");
    }
}

#[test]
fn reopening_takes_a_decided_record_back_with_a_reason() {
    let facts = facts(Target::Hold);
    for (from, ..) in moves().into_iter().step_by(16) {
        let case =
            Case { evidence: vec![Evidence::plain(EvidenceCode::Visual)], protected: Some(true), ..case_in(from) };
        for reason in ["", " \u{3000}\t"] {
            assert_eq!(reopen(&case, reason, &around(&facts)).unwrap_err().rule, Rule::Move, "{from:?}");
        }
        let result = reopen(&case, " 別人の疑い ", &around(&facts));
        let decided = matches!(from, State::Decided(_) | State::AwaitingSecond(_));
        assert_eq!(result.is_ok(), decided, "{from:?}");
        if let Ok(open) = result {
            let expected = Case {
                state: State::Pending,
                note: "前のメモ".into(),
                reason: "別人の疑い".into(),
                protected: Some(true),
                operator: "佐藤".into(),
                decided_at: Some(around(&facts).now),
                version: 5,
                ..Case::default()
            };
            assert_eq!(open, expected, "{from:?}");
        }
    }
}

#[test]
fn a_letter_gets_its_dates() {
    for (to, sent, due, expected) in [
        (Category::C42, None, None, (TODAY, date(2023, 12, 28))),
        (Category::C41, Some(SENT), None, (SENT, DUE)),
        (Category::C42, None, Some(date(2024, 1, 5)), (TODAY, date(2024, 1, 5))),
        (Category::C42, Some(SENT), Some(SENT), (SENT, SENT)),
    ] {
        let target = Target::Category(to);
        let facts = facts(target);
        let asked = Decision { sent, due, ..decision(target) };
        let next = decide(&Case::default(), &asked, &around(&facts)).unwrap();
        assert_eq!((next.sent(), next.due()), (Some(expected.0), Some(expected.1)), "{to}");
        assert_eq!(next.replied(), None);
    }
}

#[test]
fn an_outcome_keeps_the_dates_of_its_letter_and_a_new_start_drops_them() {
    let replied = Target::Category(Category::C43);
    let facts_replied = facts(replied);
    let outcome = decide(&case_in(State::Decided(Category::C41)), &decision(replied), &around(&facts_replied)).unwrap();
    assert_eq!((outcome.sent(), outcome.due(), outcome.replied()), (Some(SENT), Some(DUE), Some(TODAY)));

    // Lost meanwhile: the letter was sent all the same.
    let lost = Target::Category(Category::C21);
    let facts_lost = facts(lost);
    let gone = decide(&case_in(State::Decided(Category::C42)), &decision(lost), &around(&facts_lost)).unwrap();
    assert_eq!((gone.sent(), gone.due()), (Some(SENT), Some(DUE)));

    // Decided anew by other means: the dates of the old letter would mislead.
    let visual = Target::Category(Category::C23);
    let facts_visual = facts(visual);
    let asked = Decision { reason: Some("届出書あり".into()), ..decision(visual) };
    let anew = decide(&case_in(State::Decided(Category::C42)), &asked, &around(&facts_visual)).unwrap();
    assert_eq!((anew.sent(), anew.due(), anew.replied()), (None, None, None));
    assert_eq!(anew.reason, "届出書あり");
}

#[test]
fn hold_and_employer_take_a_due_date() {
    for target in [Target::Hold, Target::Employer] {
        let facts = facts(target);
        let asked = Decision { due: Some(DUE), note: Some("電話で確認".into()), ..decision(target) };
        let next = decide(&Case::default(), &asked, &around(&facts)).unwrap();
        assert_eq!((next.due(), next.note.as_str()), (Some(DUE), "電話で確認"));
        assert!(next.state.is_open());
    }
}

#[test]
fn words_of_targets_round_trip() {
    assert_eq!(Target::all().count(), 16);
    for target in Target::all() {
        assert_eq!(target.code().parse(), Ok(target));
        assert_eq!(format!(" {} ", target.code()).parse(), Ok(target));
        assert!(!target.label().is_empty());
    }
    for wrong in ["", "2-5", "4-9", "1-1", "２-３", "HOLD", "保留"] {
        assert_eq!(wrong.parse::<Target>(), Err(UnknownTarget(wrong.to_owned())));
    }
}

#[test]
fn kinds_of_states() {
    for (from, ..) in moves().into_iter().step_by(16) {
        let kind = match from {
            State::Untouched => "未着手",
            State::Pending => "確認中",
            State::AwaitingSecond(_) => "承認待ち",
            State::AwaitingEmployer => "事業主照会中",
            State::Decided(Category::C41 | Category::C42) => "返信待ち",
            State::Decided(_) => "決定済",
        };
        assert_eq!(from.kind().label(), kind);
        assert_eq!(from.is_open(), !matches!(from, State::Decided(_)));
        let stored = serde_json::to_string(&case_in(from)).unwrap();
        assert_eq!(serde_json::from_str::<Case>(&stored).unwrap(), case_in(from));
    }
}

#[test]
fn notes_and_protection_decide_nothing() {
    for (from, ..) in moves().into_iter().step_by(16) {
        let case = case_in(from);
        let noted = annotate(&case, "新しいメモ");
        assert_eq!(noted, Case { note: "新しいメモ".into(), version: 5, ..case.clone() });
        for in_file in [false, true] {
            let facts = Facts { protected: in_file, ..facts(Target::Hold) };
            assert_eq!(case.is_protected(&facts), in_file);
            let on = protect(&case, true, &facts, "支援措置の申出");
            let expected =
                Case { protected: Some(true), reason: "支援措置の申出".into(), version: 5, ..case.clone() };
            assert_eq!(on, expected);
            assert!(on.is_protected(&facts));
            // Cleared by hand, it is off; without a mark in the file nothing is left that could hide a later one.
            let off = protect(&on, false, &facts, "終了");
            assert_eq!((off.is_protected(&facts), off.protected), (false, in_file.then_some(false)));
            assert!(off.is_protected(&Facts { protected: true, ..facts }) != in_file);
        }
    }
}

/// Stores of before hold `"protected": true` or nothing; both are read, and what is written is read by them.
#[test]
fn the_flag_of_older_stores_is_read() {
    let old = r#"{"state":"未着手","protected":true,"version":3}"#;
    let case: Case = serde_json::from_str(old).unwrap();
    assert_eq!((case.protected, case.safe_way()), (Some(true), ""));
    assert_eq!(serde_json::to_string(&case).unwrap(), old);
    let case: Case = serde_json::from_str(r#"{"state":"未着手","version":3}"#).unwrap();
    assert_eq!(case.protected, None);
}

/// A safe way belongs to its letter: it stays with the outcomes and goes with a new start.
#[test]
fn a_safe_way_stays_with_its_letter() {
    for (letter, outcome) in [(Category::C41, Category::C43), (Category::C42, Category::C46)] {
        let sent = Target::Category(letter);
        let facts = Facts { protected: true, ..facts(sent) };
        let asked = Decision { safe_way: Some(" 窓口で手渡し ".into()), ..decision(sent) };
        let waiting = decide(&Case::default(), &asked, &around(&facts)).unwrap();
        assert_eq!(waiting.safe_way(), "窓口で手渡し");
        let replied = decide(&waiting, &decision(Target::Category(outcome)), &around(&facts)).unwrap();
        assert_eq!(replied.safe_way(), "窓口で手渡し");
        let anew = Decision { reason: Some("見直し".into()), ..decision(Target::Category(Category::C24)) };
        assert_eq!(decide(&replied, &anew, &around(&facts)).unwrap().safe_way(), "");
        assert_eq!(reopen(&replied, "見直し", &around(&facts)).unwrap().safe_way(), "");
        assert_eq!(withdraw(&replied, "見直し", "佐藤", around(&facts).now).safe_way(), "");
    }
}

/// 取下げ: whatever the record held, it is back in 確認中, moves as any record there does, and no list takes it before it
/// is decided anew — from every state, for every decision.
#[test]
fn a_withdrawn_record_takes_a_new_decision_before_it_is_listed_again() {
    use crate::domain::batch::is_eligible;
    for (from, to, sign) in moves() {
        let facts = Facts { class: Class::TwoB, ..facts(to) };
        let letter = Some(Letter { safe_way: "窓口".into(), ..Letter::default() });
        let listed = Case { letter, protected: Some(true), in_batch: Some(2), ..case_in(from) };
        let back = withdraw(&listed, " 別人の疑い ", "佐藤", around(&facts).now);
        let expected = Case {
            state: State::Pending,
            note: "前のメモ".into(),
            reason: "別人の疑い".into(),
            protected: Some(true),
            operator: "佐藤".into(),
            decided_at: Some(around(&facts).now),
            version: 5,
            ..Case::default()
        };
        assert_eq!(back, expected, "{from:?}");
        assert!(!is_eligible(&facts, &back), "{from:?}");
        let asked = Decision { safe_way: Some("窓口".into()), ..decision(to) };
        let decided = decide(&back, &asked, &around(&facts));
        assert_eq!(decided.is_ok(), may_move(State::Pending, to), "{from:?} → {to:?} {sign}");
        if let Ok(decided) = decided {
            let releases = matches!(to, Target::Category(category) if category.releases());
            assert_eq!(is_eligible(&facts, &decided), releases, "{from:?} → {to:?}");
            assert!(!is_eligible(&facts, &Case { in_batch: Some(2), ..decided.clone() }), "{from:?} → {to:?}");
        }
    }
}

/// Of what older versions left (withdrawn, the decision still standing) only a decision made since counts.
#[test]
fn an_old_withdrawal_covers_the_decision_that_it_left() {
    use crate::domain::batch::Withdrawal;
    let at = |seconds| jiff::Timestamp::from_second(seconds).unwrap();
    let old = r#"{"batch":1,"record":7,"id":"0000007","reason":"誤り","at":"1970-01-01T00:00:10Z","operator":"佐藤"}"#;
    let old: Withdrawal = serde_json::from_str(old).unwrap();
    let decided = |when| Case { decided_at: when, ..case_in(State::Decided(Category::C23)) };
    for (when, covered) in [(None, true), (Some(at(9)), true), (Some(at(10)), true), (Some(at(11)), false)] {
        assert_eq!(old.covers(&decided(when)), covered, "{when:?}");
        assert!(!Withdrawal { reopened: true, ..old.clone() }.covers(&decided(when)));
    }
}
