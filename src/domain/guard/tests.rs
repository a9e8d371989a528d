//! Each guard of RULES §4 with the least that satisfies it and the least that violates it.

use jiff::Span;
use jiff::civil::date;

use super::*;
use crate::domain::case::Evidence;
use crate::domain::case::{Letter, Proposal};
use crate::domain::danger::{Danger, DangerSet};
use crate::domain::record::{Marks, Overall};
use crate::domain::scope::Scope;
use crate::domain::suspension::Class;

const MATCHED: Date = date(2023, 9, 15);
const TODAY: Date = date(2023, 12, 14);
const SENT: Date = date(2023, 11, 20);

fn facts(mismatches: &[FieldKind]) -> Facts {
    let mut marks = Marks::all_match();
    for &field in mismatches {
        marks.fields[field] = Mark::Mismatch;
    }
    let (class, scope, dangers) = (Class::TwoB, Scope::Item1, DangerSet::default());
    Facts { class, overall: Overall::Mismatch, marks, scope, dangers, protected: false }
}

fn address() -> Facts {
    facts(&[FieldKind::Address, FieldKind::Kanji])
}

fn around(facts: &Facts) -> DecisionContext<'_> {
    DecisionContext {
        facts,
        matched_on: MATCHED,
        lost_in_file: None,
        today: TODAY,
        now: "2023-12-14T01:00:00Z".parse().unwrap(),
        operator: "佐藤",
        insurer: Some(InsurerKind::Municipal),
        employer_enabled: false,
        letter_days: 14,
    }
}

fn day(from: Date, days: i32) -> Date {
    from.checked_add(Span::new().days(days)).unwrap()
}

fn to(category: Category) -> Decision {
    Decision::category(category)
}

/// The rule that refuses, if one does.
fn rule(case: &Case, decision: &Decision, around: &DecisionContext<'_>) -> Option<Rule> {
    check(case, decision, around).err().map(|refusal| refusal.rule)
}

fn refusal(case: &Case, decision: &Decision, around: &DecisionContext<'_>) -> Refusal {
    check(case, decision, around).unwrap_err()
}

#[test]
fn g1_wants_a_loss_after_the_match_and_not_after_today() {
    let facts = address();
    let table = [
        (None, false),
        (Some(day(MATCHED, -1)), false),
        (Some(MATCHED), false),
        (Some(day(MATCHED, 1)), true),
        (Some(TODAY), true),
        (Some(day(TODAY, 1)), false),
    ];
    let ask = |entered, before, file| {
        let case = Case { lost: before, ..Case::default() };
        let around = DecisionContext { lost_in_file: file, ..around(&facts) };
        rule(&case, &Decision { lost: entered, ..to(Category::C21) }, &around)
    };
    for (lost, fits) in table {
        let expected = (!fits).then_some(Rule::G1);
        assert_eq!(ask(lost, None, None), expected, "entered {lost:?}");
        assert_eq!(ask(None, lost, None), expected, "entered before {lost:?}");
        assert_eq!(ask(None, None, lost), expected, "in the file {lost:?}");
        // What is entered now counts, whatever else is known.
        if lost.is_some() {
            assert_eq!(ask(lost, Some(TODAY), Some(TODAY)), expected, "entered {lost:?} over a fitting day");
        }
        // An old entry that does not fit must not hide the file's day, nor the other way round.
        assert_eq!(ask(None, lost, Some(TODAY)), None, "{lost:?} before, the file fits");
        assert_eq!(ask(None, Some(TODAY), lost), None, "{lost:?} in the file, the entry before fits");
    }
    let refused = refusal(&Case::default(), &to(Category::C21), &around(&facts));
    assert_eq!(refused.need, Need::LostDate { after: MATCHED, until: TODAY });
    assert_eq!(
        refused.to_string(),
        "2-1 には 2023-09-15 より後、2023-12-14 以前の喪失日が必要です。喪失日を入力してください (G1)"
    );
}

#[test]
fn g2_wants_a_dated_record_or_correction() {
    let facts = address();
    for code in EvidenceCode::ALL {
        for dated in [false, true] {
            let evidence = Evidence { date: dated.then_some(TODAY), ..Evidence::plain(code) };
            let decision = Decision { evidence: vec![evidence], ..to(Category::C22) };
            let fitting = matches!(code.label(), "過去確認記録" | "訂正届");
            let found = check(&Case::default(), &decision, &around(&facts)).map_err(|refused| refused.need);
            let expected = match (fitting, dated) {
                (true, true) => Ok(()),
                (true, false) => Err(Need::EvidenceDate(vec![code])),
                (false, _) => Err(Need::Evidence(vec![EvidenceCode::PastRecord, EvidenceCode::Correction])),
            };
            assert_eq!(found, expected, "{code:?} dated {dated}");
        }
    }
    assert_eq!(rule(&Case::default(), &to(Category::C22), &around(&facts)), Some(Rule::G2));
    // The date must stand on the fitting piece, not on another.
    let elsewhere = Decision {
        evidence: vec![
            Evidence { date: Some(TODAY), ..Evidence::plain(EvidenceCode::Visual) },
            Evidence::plain(EvidenceCode::PastRecord),
        ],
        ..to(Category::C22)
    };
    assert_eq!(rule(&Case::default(), &elsewhere, &around(&facts)), Some(Rule::G2));
}

/// Whether a code alone is enough for 2-3 where B× or S×: the list of G3, written out.
const STRONG: [(EvidenceCode, bool); 8] = [
    (EvidenceCode::Visual, false),
    (EvidenceCode::Notification, true),
    (EvidenceCode::ResidentRecord, true),
    (EvidenceCode::JlisInquiry, true),
    (EvidenceCode::PastRecord, true),
    (EvidenceCode::Correction, false),
    (EvidenceCode::EmployerReply, true),
    (EvidenceCode::PersonReply, true),
];

#[test]
fn g3_never_takes_looking_alone_where_birth_or_sex_differ() {
    for bits in 0..32u32 {
        let fields: Vec<_> = FieldKind::ALL
            .into_iter()
            .enumerate()
            .filter(|(n, _)| bits >> n & 1 == 1)
            .map(|(_, field)| field)
            .collect();
        let facts = facts(&fields);
        let needs_strong = fields.contains(&FieldKind::Birth) || fields.contains(&FieldKind::Sex);
        assert_eq!(
            rule(&Case::default(), &to(Category::C23), &around(&facts)),
            Some(Rule::G3),
            "no evidence {fields:?}"
        );
        for (code, strong) in STRONG {
            let expected = (needs_strong && !strong).then_some(Rule::G3);
            assert_eq!(
                rule(&Case::default(), &to(Category::C23).with(code), &around(&facts)),
                expected,
                "{fields:?} {code:?}"
            );
            let both = to(Category::C23).with(EvidenceCode::Visual).with(code);
            assert_eq!(rule(&Case::default(), &both, &around(&facts)), expected, "{fields:?} 目検 and {code:?}");
        }
    }
}

#[test]
fn g3_takes_an_unreadable_mark_for_no_match() {
    for field in FieldKind::ALL {
        let mut facts = address();
        facts.marks.fields[field] = Mark::Unreadable;
        let decision = to(Category::C23).with(EvidenceCode::Visual);
        let refused = matches!(field, FieldKind::Birth | FieldKind::Sex);
        assert_eq!(rule(&Case::default(), &decision, &around(&facts)), refused.then_some(Rule::G3), "{field}");
        let strong = to(Category::C23).with(EvidenceCode::Notification);
        assert_eq!(rule(&Case::default(), &strong, &around(&facts)), None, "{field}");
    }
}

#[test]
fn g3_says_what_would_do() {
    let facts = facts(&[FieldKind::Birth]);
    let refused = refusal(&Case::default(), &to(Category::C23).with(EvidenceCode::Visual), &around(&facts));
    for (code, strong) in STRONG {
        let Need::Evidence(codes) = &refused.need else { panic!("{refused:?}") };
        assert_eq!(codes.contains(&code), strong, "{code:?}");
        if strong {
            assert!(refused.message().contains(code.label()), "{refused}");
        }
    }
    assert!(refused.message().contains("目検だけでは"), "{refused}");
}

#[test]
fn g4_picks_the_letter_by_birth_and_sex() {
    for bits in 0..32u32 {
        let fields: Vec<_> = FieldKind::ALL
            .into_iter()
            .enumerate()
            .filter(|(n, _)| bits >> n & 1 == 1)
            .map(|(_, field)| field)
            .collect();
        let facts = facts(&fields);
        let fitting = if fields.contains(&FieldKind::Birth) || fields.contains(&FieldKind::Sex) {
            Category::C41
        } else {
            Category::C42
        };
        assert_eq!(letter_for(&facts), fitting, "{fields:?}");
        for letter in [Category::C41, Category::C42] {
            let found =
                check(&Case::default(), &to(letter), &around(&facts)).map_err(|refused| (refused.rule, refused.need));
            let expected = if letter == fitting { Ok(()) } else { Err((Rule::G4, Need::OtherLetter(fitting))) };
            assert_eq!(found, expected, "{fields:?} {letter}");
        }
    }
}

#[test]
fn g5_asks_employers_only_where_there_are_some() {
    let facts = address();
    let targets = [Target::Employer, Target::Category(Category::C31), Target::Category(Category::C32)];
    let kinds = [
        (Some(InsurerKind::Municipal), false),
        (Some(InsurerKind::LateElderly), false),
        (Some(InsurerKind::NationalUnion), true),
        (Some(InsurerKind::HealthUnion), true),
        (Some(InsurerKind::KyokaiKenpo), true),
        (Some(InsurerKind::MutualAid), true),
        (None, false),
    ];
    let case = Case { state: State::AwaitingEmployer, ..Case::default() };
    for (insurer, employers) in kinds {
        for employer_enabled in [false, true] {
            let around = DecisionContext { insurer, employer_enabled, ..around(&facts) };
            for target in targets {
                let expected = (!employers && !employer_enabled).then_some(Rule::G5);
                assert_eq!(rule(&case, &Decision::to(target), &around), expected, "{insurer:?} {target:?}");
            }
            assert_eq!(rule(&case, &Decision::to(Target::Hold), &around), None, "{insurer:?}");
        }
    }
}

fn letter(category: Category) -> Case {
    dated(category, Some(SENT), Some(day(SENT, 14)))
}

fn dated(category: Category, sent: Option<Date>, due: Option<Date>) -> Case {
    let letter = Letter { sent, due, ..Letter::default() };
    Case { state: State::Decided(category), letter: Some(letter), ..Case::default() }
}

/// Each outcome with the letters it may follow.
const REPLIES: [(Category, [Category; 2]); 4] = [
    (Category::C43, [Category::C41, Category::C45]),
    (Category::C44, [Category::C41, Category::C45]),
    (Category::C46, [Category::C42, Category::C48]),
    (Category::C47, [Category::C42, Category::C48]),
];

#[test]
fn g6_wants_a_reply_between_sending_and_today() {
    let facts = address();
    let table = [
        (None, false),
        (Some(day(SENT, -1)), false),
        (Some(SENT), true),
        (Some(day(SENT, 1)), true),
        (Some(TODAY), true),
        (Some(day(TODAY, 1)), false),
    ];
    for (outcome, letters) in REPLIES {
        for from in letters {
            for (replied, fits) in table {
                let decision = Decision { replied, ..to(outcome) };
                let found =
                    check(&letter(from), &decision, &around(&facts)).map_err(|refused| (refused.rule, refused.need));
                let expected =
                    if fits { Ok(()) } else { Err((Rule::G6, Need::ReplyDate { from: SENT, until: TODAY })) };
                assert_eq!(found, expected, "{from} → {outcome}, {replied:?}");
            }
            // 送付日 given with the outcome counts.
            let moved = Decision { sent: Some(day(SENT, 2)), replied: Some(day(SENT, 1)), ..to(outcome) };
            assert_eq!(rule(&letter(from), &moved, &around(&facts)), Some(Rule::G6), "{from} → {outcome}");
            let unsent = Case { letter: None, ..letter(from) };
            let refused = refusal(&unsent, &Decision { replied: Some(TODAY), ..to(outcome) }, &around(&facts));
            assert_eq!((refused.rule, refused.need), (Rule::G6, Need::SentDate), "{from} → {outcome}");
        }
    }
}

#[test]
fn g6_no_reply_only_after_the_deadline() {
    let facts = address();
    for (outcome, from) in [(Category::C45, Category::C41), (Category::C48, Category::C42)] {
        for (due, expected) in [
            (day(TODAY, 1), Err(Need::DuePassed(day(TODAY, 1)))),
            (TODAY, Err(Need::DuePassed(TODAY))),
            (day(TODAY, -1), Ok(())),
            (SENT, Ok(())),
            (day(SENT, -1), Err(Need::DueDate { from: SENT })),
        ] {
            let case = dated(from, Some(SENT), Some(due));
            let found = check(&case, &to(outcome), &around(&facts)).map_err(|refused| refused.need);
            assert_eq!(found, expected, "{outcome} due {due}");
        }
        let case = dated(from, Some(SENT), None);
        assert_eq!(rule(&case, &to(outcome), &around(&facts)), Some(Rule::G6), "no 返信期限");
        let case = dated(from, None, Some(day(SENT, 14)));
        assert_eq!(refusal(&case, &to(outcome), &around(&facts)).need, Need::SentDate);
    }
}

#[test]
fn g6_a_deadline_is_not_before_the_sending() {
    let facts = address();
    for (sent, due, fits) in [
        (None, day(TODAY, -1), false),
        (None, TODAY, true),
        (Some(SENT), day(SENT, -1), false),
        (Some(SENT), SENT, true),
        (Some(SENT), day(SENT, 1), true),
    ] {
        let decision = Decision { sent, due: Some(due), ..to(Category::C42) };
        assert_eq!(rule(&Case::default(), &decision, &around(&facts)), (!fits).then_some(Rule::G6), "{sent:?} {due}");
    }
}

#[test]
fn g7_nothing_is_decided_outside_item_1() {
    for scope in Scope::ALL {
        let facts = Facts { scope, ..address() };
        for target in Target::all() {
            let found = rule(&Case::default(), &Decision::to(target), &around(&facts));
            assert_eq!(found == Some(Rule::G7), scope != Scope::Item1, "{scope:?} {target:?}");
        }
    }
}

#[test]
fn g8_a_danger_flag_stays_out_of_a_bulk_decision() {
    for flag in [None].into_iter().chain(Danger::ALL.iter().copied().map(Some)) {
        let mut facts = address();
        flag.into_iter().for_each(|flag| facts.dangers.insert(flag));
        for bulk in [false, true] {
            for target in Target::all() {
                let decision = Decision { bulk, ..Decision::to(target) };
                let found = rule(&Case::default(), &decision, &around(&facts));
                assert_eq!(found == Some(Rule::G8), bulk && flag.is_some(), "{flag:?} bulk {bulk} {target:?}");
            }
            let decision = Decision { bulk, ..to(Category::C23).with(EvidenceCode::Visual) };
            let found = rule(&Case::default(), &decision, &around(&facts));
            assert_eq!(found, (bulk && flag.is_some()).then_some(Rule::G8), "{flag:?}");
        }
    }
}

#[test]
fn wrong_numbers_need_no_more_than_the_move() {
    let facts = address();
    assert_eq!(rule(&Case::default(), &to(Category::C24), &around(&facts)), None);
    let employer = DecisionContext { employer_enabled: true, ..around(&facts) };
    let asked = Case { state: State::AwaitingEmployer, ..Case::default() };
    for category in [Category::C31, Category::C32] {
        assert_eq!(rule(&asked, &to(category), &employer), None, "{category}");
    }
}

/// Every letter from every state it may be sent from, with the flag of the file and of an operator, and every kind of
/// answer: without a safe way nothing is sent under 支援措置, and nothing else is refused for it.
#[test]
fn protection_keeps_a_letter_back_without_a_safe_way() {
    let by_hand = [None, Some(true), Some(false)];
    let states = [
        State::Untouched,
        State::Pending,
        State::AwaitingEmployer,
        State::AwaitingSecond(Proposal { category: Some(Category::C23) }),
    ]
    .into_iter()
    .chain(Category::ALL.map(State::Decided));
    for state in states {
        for (in_file, by_hand) in [false, true].into_iter().flat_map(|file| by_hand.map(|hand| (file, hand))) {
            let protected = by_hand.unwrap_or(in_file);
            for (letter, field) in [(Category::C41, FieldKind::Birth), (Category::C42, FieldKind::Address)] {
                let facts = Facts { protected: in_file, ..facts(&[field]) };
                let case = Case { state, protected: by_hand, ..Case::default() };
                for (way, safe) in [(None, false), (Some(""), false), (Some(" \u{3000}"), false), (Some("窓口"), true)]
                {
                    let reason = Some("再確認".to_owned());
                    let decision = Decision { safe_way: way.map(str::to_owned), reason, ..to(letter) };
                    let found =
                        check(&case, &decision, &around(&facts)).map_err(|refused| (refused.rule, refused.need));
                    let expected = if protected && !safe { Err((Rule::Protected, Need::SafeWay)) } else { Ok(()) };
                    assert_eq!(found, expected, "{state:?} {letter} file {in_file} hand {by_hand:?} {way:?}");
                }
            }
            for target in Target::all() {
                let facts = Facts { protected: in_file, ..address() };
                let case = Case { state, protected: by_hand, ..Case::default() };
                let found =
                    rule(&case, &Decision { reason: Some("再確認".into()), ..Decision::to(target) }, &around(&facts));
                let is_letter = matches!(target, Target::Category(Category::C41 | Category::C42));
                assert_eq!(found == Some(Rule::Protected), protected && is_letter, "{state:?} {target:?}");
            }
        }
    }
    // The outcome of a letter that was sent before the flag is no new letter.
    for (outcome, letters) in REPLIES {
        for from in letters {
            let case = Case { protected: Some(true), ..letter(from) };
            let decision = Decision { replied: Some(TODAY), ..to(outcome) };
            assert_eq!(rule(&case, &decision, &around(&address())), None, "{from} → {outcome}");
        }
    }
}

/// A step of the history brings no letter back either; an outcome taken back to its letter sends nothing.
#[test]
fn a_step_back_or_forth_sends_no_letter_under_protection() {
    let protected = Facts { protected: true, ..address() };
    let states = || [State::Untouched, State::Pending].into_iter().chain(Category::ALL.map(State::Decided));
    let of = |state| Case { state, ..Case::default() };
    for (before, after) in states().flat_map(|before| states().map(move |after| (before, after))) {
        let letter = |state: State| state.category().and_then(Category::letter);
        let sends = matches!(after, State::Decided(Category::C41 | Category::C42)) && letter(before) != letter(after);
        let found = check_return(&of(before), &of(after), &protected);
        let expected = if sends { Err(Refusal::new(Rule::Protected, Need::SafeWay)) } else { Ok(()) };
        assert_eq!(found, expected, "{before:?} → {after:?}");
        assert_eq!(check_return(&of(before), &of(after), &address()), Ok(()));
        let way = Letter { safe_way: "窓口".into(), ..Letter::default() };
        let safe = Case { letter: Some(way), ..of(after) };
        assert_eq!(check_return(&of(before), &safe, &protected), Ok(()));
        let cleared = Case { protected: Some(false), ..of(after) };
        assert_eq!(check_return(&of(before), &cleared, &protected), Ok(()));
    }
}

/// A reason opens a decided record; it buys no way past a guard.
#[test]
fn a_reason_does_not_replace_a_guard() {
    let facts = facts(&[FieldKind::Birth]);
    let case = Case { state: State::Decided(Category::C24), ..Case::default() };
    for (decision, expected) in [
        (to(Category::C21), Rule::G1),
        (to(Category::C22), Rule::G2),
        (to(Category::C23).with(EvidenceCode::Visual), Rule::G3),
        (to(Category::C42), Rule::G4),
        (Decision::to(Target::Employer), Rule::G5),
    ] {
        let decision = Decision { reason: Some("再確認".into()), ..decision };
        assert_eq!(rule(&case, &decision, &around(&facts)), Some(expected));
    }
}

#[test]
fn every_refusal_says_rule_and_remedy() {
    let needs = [
        (Rule::G1, Need::LostDate { after: MATCHED, until: TODAY }, "喪失日"),
        (Rule::G2, Need::Evidence(vec![EvidenceCode::PastRecord]), "過去確認記録"),
        (Rule::G2, Need::EvidenceDate(vec![EvidenceCode::Correction]), "訂正届"),
        (Rule::G3, Need::Evidence(EvidenceCode::ALL.to_vec()), "目検"),
        (Rule::G4, Need::OtherLetter(Category::C41), "4-1"),
        (Rule::G4, Need::OtherLetter(Category::C42), "4-2"),
        (Rule::G5, Need::EnableEmployer, "settings.toml"),
        (Rule::G6, Need::SentDate, "送付日"),
        (Rule::G6, Need::ReplyDate { from: SENT, until: TODAY }, "返信日"),
        (Rule::G6, Need::DueDate { from: SENT }, "返信期限"),
        (Rule::G6, Need::DuePassed(TODAY), "2023-12-14"),
        (Rule::G7, Need::Nothing, "確認対象"),
        (Rule::G8, Need::OneByOne, "1件ずつ"),
        (Rule::Protected, Need::SafeWay, "安全に届く方法"),
        (Rule::Protected, Need::SafeWay, "印を外して"),
        (Rule::Move, Need::Reason, "理由"),
        (Rule::Move, Need::First("先に照会してください".into()), "先に照会"),
        (Rule::Batch, Need::Withdraw(3), "第3回"),
    ];
    for (rule, need, words) in needs {
        let refusal = Refusal::new(rule, need);
        let text = refusal.to_string();
        assert!(text.contains(words) && text.ends_with(&format!(" ({})", rule.label())), "{text}");
    }
}
