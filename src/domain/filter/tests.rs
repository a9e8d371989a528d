//! Every key of the filter expression, its negation, alternatives and quotes, and the place of every fault.

use proptest::prelude::*;

use super::*;
use crate::domain::case::Proposal;
use crate::domain::case::State;
use crate::domain::danger::DangerSet;
use crate::domain::record::{Marks, Overall};
use crate::domain::scope::Scope;

/// A record as the filter sees it.
struct Subjected {
    facts: Facts,
    case: Case,
    id: &'static str,
    text: String,
}

impl Subject for Subjected {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn case(&self) -> &Case {
        &self.case
    }

    fn id(&self) -> &str {
        self.id
    }

    fn comparison(&self, field: FieldKind) -> (Verdict, Vec<Code>) {
        match field {
            FieldKind::Kanji => (Verdict::Notation, vec![Code::N1, Code::N2]),
            FieldKind::Address => (Verdict::Different, vec![Code::A5]),
            _ => (Verdict::Same, Vec::new()),
        }
    }

    fn text_contains(&self, folded: &str) -> bool {
        self.text.contains(folded)
    }
}

/// ②b, 確認中, 漢字 × 表記ゆれ N1 N2, 住所 × 相違 A5, F1 and F7.
fn subject() -> Subjected {
    let mut marks = Marks::all_match();
    marks.fields[FieldKind::Kanji] = Mark::Mismatch;
    marks.fields[FieldKind::Address] = Mark::Mismatch;
    let mut dangers = DangerSet::default();
    dangers.insert(Danger::F1);
    dangers.insert(Danger::F7);
    Subjected {
        facts: Facts {
            class: Class::TwoB,
            overall: Overall::Mismatch,
            marks,
            scope: Scope::Item1,
            dangers,
            protected: false,
        },
        case: Case {
            in_batch: Some(3),
            state: State::Pending,
            operator: "佐藤".into(),
            note: "電話, 折返し: 待ち".into(),
            ..Case::default()
        },
        id: "0001234",
        text: crate::compare::search_fold("高崎 一郎 東京都港区赤坂 -5"),
    }
}

fn matches(text: &str) -> bool {
    Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).matches(&subject())
}

/// 支援措置 by the file or by hand, told by the columns and the case alone.
#[test]
fn protection_is_found_whoever_set_it() {
    for (in_file, by_hand) in
        [false, true].into_iter().flat_map(|file| [None, Some(false), Some(true)].map(|by| (file, by)))
    {
        let mut subject = subject();
        (subject.facts.protected, subject.case.protected) = (in_file, by_hand);
        for word in ["flag:支援措置", "flag:dv", "flag:DV"] {
            let filter = Filter::parse(word).unwrap();
            let expected = by_hand.unwrap_or(in_file);
            assert_eq!(filter.matches(&subject), expected, "{word} {in_file} {by_hand:?}");
            assert_eq!(filter.judge(&subject.facts, None, &subject.case), Some(expected));
        }
    }
}

#[test]
fn each_key() {
    for (text, expected) in [
        ("", true),
        ("  　\t", true),
        ("class:②b", true),
        ("class:②", true),
        ("class:2", true),
        ("class:２B", true),
        ("class:②a", false),
        ("class:①", false),
        ("batch:any", true),
        ("batch:3", true),
        ("batch:2", false),
        ("batch:変更", true),
        ("batch:Changed", true),
        ("class:③", false),
        ("class:△", false),
        ("class:△住所", false),
        ("class:○", false),
        ("class:判定不能", false),
        ("state:確認中", true),
        ("state:未着手", false),
        ("state:未決定", true),
        ("state:対象外", false),
        ("state:決定済", false),
        ("category:2-3", false),
        ("kanji:N2", true),
        ("kanji:n1", true),
        ("kanji:N3", false),
        ("kanji:表記ゆれ", true),
        ("kanji:要確認", false),
        ("kanji:×", true),
        ("kanji:○", false),
        ("kana:○", true),
        ("kana:一致", true),
        ("birth:×", false),
        ("sex:○", true),
        ("address:A5", true),
        ("address:相違", true),
        ("address:欠落", false),
        ("flag:F1", true),
        ("flag:f7", true),
        ("flag:F2", false),
        ("flag:双子疑い", true),
        ("flag:any", true),
        ("flag:支援措置", false),
        ("flag:dv", false),
        ("id:0123", true),
        ("id:99", false),
        ("operator:佐藤", true),
        ("operator:佐", false),
        ("note:折返し", true),
        ("note:郵送", false),
        ("text:赤坂", true),
        ("赤坂", true),
        ("渋谷", false),
        ("CLASS:②b", true),
        ("class：②b", true),
    ] {
        assert_eq!(matches(text), expected, "{text}");
        if !text.trim_matches([' ', '　', '\t']).is_empty() {
            assert_eq!(matches(&format!("-{text}")), !expected, "-{text}");
        }
    }
}

/// On 2024-01-11 a case is held until 2024-01-10, decided or not.
#[test]
fn days_decisions_and_what_has_vanished() {
    use jiff::civil::date;
    let mut held = subject();
    held.case.deadline = Some(date(2024, 1, 10));
    let mut decided = subject();
    decided.case.state = State::Decided(Category::C23);
    decided.case.deadline = Some(date(2024, 1, 10));
    // 2023-12-01 in Japan.
    decided.case.decided_at = Some("2023-11-30T15:30:00Z".parse().unwrap());
    decided.case.evidence = vec![crate::domain::case::Evidence::plain(EvidenceCode::Notification)];
    let mut waiting = subject();
    waiting.case.state = State::Decided(Category::C41);
    waiting.case.deadline = Some(date(2024, 1, 11));
    let mut gone = subject();
    gone.facts.scope = Scope::Vanished;
    let all = [&held, &decided, &waiting, &gone];
    for (text, expected) in [
        ("state:保留", [true, false, false, false]),
        ("状態:確認中", [true, false, false, false]),
        ("category:2-3", [false, true, false, false]),
        ("category:2", [false, true, false, false]),
        ("決定:4", [false, false, true, false]),
        ("category:あり", [false, true, true, false]),
        ("category:なし", [true, false, false, true]),
        ("evidence:届出書", [false, true, false, false]),
        ("確認方法:目検", [false, false, false, false]),
        ("確認者:佐藤", [true, true, true, true]),
        ("due:超過", [true, false, false, false]),
        ("due:overdue", [true, false, false, false]),
        ("期限:超過", [true, false, false, false]),
        ("due:<=2024-01-10", [true, true, false, false]),
        ("due:<20240110", [false, false, false, false]),
        ("due:>R6.1.10", [false, false, true, false]),
        ("due:≧2024/1/11", [false, false, true, false]),
        ("due:2024-01-11", [false, false, true, false]),
        ("due:＝2024-01-11", [false, false, true, false]),
        ("due:なし", [false, false, false, true]),
        ("期日:あり", [true, true, true, false]),
        ("decided:2023-12-01", [false, true, false, false]),
        ("決定日:>=2023-12-02", [false, false, false, false]),
        ("decided:なし", [true, false, true, true]),
        ("vanished:yes", [false, false, false, true]),
        ("消滅:いいえ", [true, true, true, false]),
    ] {
        let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).on(date(2024, 1, 11));
        assert_eq!(all.map(|subject| filter.matches(subject)), expected, "{text}");
        for subject in all {
            assert_eq!(filter.judge(&subject.facts, None, &subject.case), Some(filter.matches(subject)), "{text}");
        }
        assert_eq!(filter.asks_outside(), text == "vanished:yes", "{text}");
    }
    // Nothing is overdue for a filter that knows no day.
    assert!(!Filter::parse("due:超過").unwrap().matches(&held));
    for (text, position) in
        [("due:明日", 5), ("due:<=", 5), ("vanished:maybe", 10), ("evidence:目視", 10), ("category:5", 10)]
    {
        assert_eq!(Filter::parse(text).expect_err(text).position, position, "{text}");
    }
}

#[test]
fn every_field_has_names_of_its_own_and_an_example() {
    let mut names: Vec<&str> =
        FIELDS.iter().flat_map(|field| field.aliases.iter().chain([&field.key])).copied().collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    for field in FIELDS {
        assert!(field.example.starts_with(&format!("{}:", field.key)), "{field:?}");
        let value = field.example.split_once(':').unwrap().1;
        for name in field.aliases.iter().chain([&field.key]) {
            assert_eq!(Filter::parse(&format!("{name}:{value}")), Filter::parse(field.example), "{name}");
        }
        assert!(Filter::parse(field.example).is_ok(), "{field:?}");
    }
}

#[test]
fn the_keys_of_the_table_are_all_keys() {
    for key in KEYS {
        let value = words(key).first().copied().unwrap_or("0");
        assert!(Filter::parse(&format!("{key}:{value}")).is_ok(), "{key}");
        for word in words(key) {
            assert!(Filter::parse(&format!("{key}:{word}")).is_ok(), "{key}:{word}");
        }
    }
    assert!(words("text").is_empty() && words("none").is_empty());
}

#[test]
fn terms_are_and_commas_are_or() {
    for (text, expected) in [
        ("class:②b state:確認中", true),
        ("class:②b　state:未着手", false),
        ("class:①,②b", true),
        ("class:①、③", false),
        ("class:①，②", true),
        ("-class:①,②b", false),
        ("-class:①,③", true),
        ("class:② -flag:any", false),
        ("class:② -flag:F2,F3", true),
        ("state:未着手,確認中 赤坂", true),
        ("kanji:N9,N2", false),
    ] {
        match Filter::parse(text) {
            Ok(filter) => assert_eq!(filter.matches(&subject()), expected, "{text}"),
            Err(error) => assert_eq!((text, error.position), ("kanji:N9,N2", 7), "{error}"),
        }
    }
}

#[test]
fn quotes_make_plain_text() {
    for (text, expected) in [
        ("text:\"東京都港区\"", true),
        ("note:\"電話, 折返し: 待ち\"", true),
        ("note:\"電話、\"", false),
        ("\"class:①\"", false),
        ("\"-5\"", true),
        ("-\"-5\"", false),
        ("-", true),
        ("\"\"", true),
        ("op\"erator\":佐藤", true),
    ] {
        assert_eq!(matches(text), expected, "{text}");
    }
    assert!(Filter::parse("\"\"").unwrap().is_empty());
    assert!(!Filter::parse("\"class:①\"").unwrap().is_empty());
}

#[test]
fn faults_name_their_place_and_the_nearest_word() {
    for (text, position, word, nearest) in [
        ("clas:②", 1, "「clas」", Some("class")),
        ("class:② stat:未着手", 9, "「stat」", Some("state")),
        ("-catgory:2-3", 2, "「catgory」", Some("category")),
        ("xyz:1", 1, "「xyz」", None),
        ("class:④", 7, "「④」", None),
        ("class:①,②d", 9, "「②d」", Some("②")),
        ("state:未着", 7, "「未着」", Some("未着手")),
        ("state:確認済", 7, "「確認済」", Some("確認中")),
        ("category:2-9", 10, "「2-9」", Some("2-1")),
        ("kanji:N22", 7, "「N22」", Some("N2")),
        ("kana:表記揺れ", 6, "「表記揺れ」", Some("表記ゆれ")),
        ("flag:F9", 6, "「F9」", Some("F1")),
        ("class:", 7, "値がありません", Some("①")),
        ("text:", 6, "値がありません", None),
        ("class:①,", 9, "値がありません", Some("①")),
        ("class:,①", 7, "値がありません", Some("①")),
        ("text:\"\"", 6, "値がありません", None),
        ("　　class:\"①\",\"x y\"", 14, "「x y」", None),
        ("text:\"赤坂", 6, "閉じていません", None),
        ("赤坂 \"港区 class:①", 4, "閉じていません", None),
        (":①", 1, "「」", None),
    ] {
        let error = Filter::parse(text).expect_err(text);
        assert_eq!((error.position, error.nearest.as_deref()), (position, nearest), "{text}: {error}");
        assert!(error.message.contains(word), "{text}: {error}");
        assert!(error.to_string().contains(&format!("{position} 文字目")), "{error}");
    }
}

#[test]
fn outside_item_1_only_its_own_word_finds_a_record() {
    for scope in Scope::ALL {
        let mut subject = subject();
        subject.facts.scope = scope;
        subject.case = Case::default();
        let holds = |text: &str| Filter::parse(text).unwrap().matches(&subject);
        let inside = scope == Scope::Item1;
        assert_eq!(holds("state:未着手"), inside, "{scope:?}");
        assert_eq!(holds("state:未決定"), inside, "{scope:?}");
        assert_eq!(holds("state:対象外"), !inside, "{scope:?}");
    }
}

#[test]
fn every_state_and_category_is_found_by_its_word() {
    let states = [
        State::Untouched,
        State::Pending,
        State::AwaitingSecond(Proposal { category: Some(Category::C23) }),
        State::AwaitingEmployer,
    ]
    .into_iter()
    .chain(Category::ALL.map(State::Decided));
    for state in states {
        let mut subject = subject();
        subject.case.state = state;
        for kind in StateKind::ALL {
            let holds = Filter::parse(&format!("state:{}", kind.label())).unwrap().matches(&subject);
            assert_eq!(holds, state.kind() == kind, "{state:?} {kind:?}");
        }
        for category in Category::ALL {
            let holds = Filter::parse(&format!("category:{category}")).unwrap().matches(&subject);
            assert_eq!(holds, state.category() == Some(category), "{state:?} {category}");
        }
        let undecided = Filter::parse("state:未決定").unwrap().matches(&subject);
        assert_eq!(undecided, !matches!(state, State::Decided(_)), "{state:?}");
    }
}

#[test]
fn each_class_is_found_by_its_own_word_only() {
    for class in Class::ALL {
        let mut subject = subject();
        subject.facts.class = class;
        for other in Class::ALL {
            let holds = Filter::parse(&format!("class:{}", other.label())).unwrap().matches(&subject);
            assert_eq!(holds, class == other, "{class:?} {other:?}");
        }
        let two = Filter::parse("class:②").unwrap().matches(&subject);
        assert_eq!(two, matches!(class, Class::TwoA | Class::TwoB | Class::TwoC));
        let partial = Filter::parse("class:△").unwrap().matches(&subject);
        assert_eq!(partial, matches!(class, Class::PartialAddress | Class::PartialName));
    }
}

#[test]
fn a_record_is_changed_in_its_batch_until_it_is_decided_or_withdrawn() {
    let holds = |batch, state| {
        let mut subject = subject();
        (subject.case.in_batch, subject.case.state) = (batch, state);
        Filter::parse("batch:変更").unwrap().matches(&subject)
    };
    for state in [State::Pending, State::AwaitingEmployer] {
        assert!(holds(Some(1), state) && !holds(None, state), "{state:?}");
    }
    assert!(!holds(Some(1), State::Decided(Category::C23)));
}

proptest! {
    /// Any text is parsed or refused at a place inside it (or just behind it), and never panics. What facts and case tell
    /// is what the whole record tells.
    #[test]
    fn any_text_has_an_answer(text in prop_oneof![
        "\\PC{0,30}",
        "(class|state|flag|kanji|text|clas|-|:|：|,|、|\"| |　|①|②b|F1|N2|未着手|×|2-3|赤坂){0,12}",
    ]) {
        match Filter::parse(&text) {
            Ok(filter) => {
                let subject = subject();
                let passes = filter.matches(&subject);
                // Of what is compared the pattern of this subject tells nothing; `tests/it/columns.rs` looks at that.
                if !["kanji", "kana", "birth", "sex", "address"].iter().any(|key| text.to_lowercase().contains(key)) {
                    let judged = filter.judge(&subject.facts, Some(Pattern::default()), &subject.case);
                    prop_assert_eq!(judged.unwrap_or(passes), passes);
                }
            }
            Err(error) => {
                prop_assert!(error.position >= 1 && error.position <= text.chars().count() + 1, "{}", error);
                prop_assert!(!error.message.is_empty());
            }
        }
    }

    /// Negating a term turns its answer round.
    #[test]
    fn negation_turns_the_answer_round(key in 0..KEYS.len(), pick in 0usize..40) {
        let key = KEYS[key];
        let words = words(key);
        let value = if words.is_empty() { ["0", "佐藤", "赤坂"][pick % 3] } else { words[pick % words.len()] };
        prop_assert_eq!(matches(&format!("{key}:{value}")), !matches(&format!("-{key}:{value}")));
    }
}
