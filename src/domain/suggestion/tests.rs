//! When a suggestion exists: the end of RULES §5, with made-up comparisons so that no other rule is in the way.

use super::*;
use crate::compare::{Code, StepClass};
use crate::domain::danger::{Danger, DangerSet};
use crate::domain::record::{Marks, Overall};
use crate::domain::scope::Scope;
use crate::domain::suspension::classify;

/// What a comparison may say about one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Same,
    Notation,
    Uncertain,
    /// 要確認 only because of one ●.
    Dot,
    Different,
    Missing,
}

const ALL: [Says; 6] = [Says::Same, Says::Notation, Says::Uncertain, Says::Dot, Says::Different, Says::Missing];

fn comparison(says: Says) -> Comparison {
    let verdict = match says {
        Says::Same => Verdict::Same,
        Says::Notation => Verdict::Notation,
        Says::Uncertain | Says::Dot => Verdict::Uncertain,
        Says::Different => Verdict::Different,
        Says::Missing => Verdict::Missing,
    };
    let reason = Reason { code: Code::N1, class: StepClass::A, text: format!("{says:?}"), left: 0..0, right: 0..0 };
    let reasons = if says == Says::Same { Vec::new() } else { vec![reason] };
    Comparison { verdict, reasons, aligned: Vec::new(), placeholder: says == Says::Dot, hint: None }
}

/// Facts and comparisons from five pairs of mark and verdict, in the order 漢字 カナ 生年月日 性別 住所.
fn record(fields: [(char, Says); 5]) -> (Facts, PerField<Comparison>) {
    let mark = |c| match c {
        '○' => Mark::Match,
        '×' => Mark::Mismatch,
        _ => Mark::Unreadable,
    };
    let marks = Marks { fields: PerField(fields.map(|(c, _)| mark(c))), multiple: Some(true) };
    let facts = Facts {
        class: classify(&marks),
        overall: Overall::Mismatch,
        marks,
        scope: Scope::Item1,
        dangers: DangerSet::default(),
        protected: false,
    };
    (facts, PerField(fields.map(|(_, says)| comparison(says))))
}

fn suggests(fields: [(char, Says); 5]) -> bool {
    let (facts, comparisons) = record(fields);
    suggest(&facts, &comparisons).is_some()
}

#[test]
fn cases_of_the_rules() {
    use Says::{Different, Dot, Missing, Notation, Same, Uncertain};
    let same = ('○', Same);
    for (fields, expected, why) in [
        ([('×', Notation), same, same, same, ('×', Notation)], true, "every × is notation"),
        ([('×', Notation), ('×', Notation), same, same, same], true, "②a, both names are notation"),
        ([same, same, same, same, ('×', Notation)], true, "③"),
        ([('×', Notation), same, same, same, ('×', Uncertain)], false, "one × is 要確認"),
        ([('×', Notation), same, same, same, ('×', Different)], false, "one × is 相違"),
        ([('×', Notation), same, same, same, ('×', Missing)], false, "one × is 欠落"),
        ([('×', Notation), same, same, same, ('×', Same)], false, "× although identical (F8)"),
        ([('×', Notation), same, ('×', Notation), same, same], false, "B×, whatever the comparison says"),
        ([('×', Notation), same, ('×', Same), same, same], false, "B×"),
        ([('×', Notation), same, same, ('×', Notation), same], false, "S×"),
        ([('×', Dot), same, same, same, ('×', Notation)], true, "the only ●, all else agrees (S2)"),
        ([('×', Dot), ('○', Notation), same, same, ('×', Notation)], true, "the only ●, a ○ field in other notation"),
        ([('×', Dot), same, same, same, ('×', Dot)], false, "two ●"),
        ([('×', Dot), ('○', Uncertain), same, same, ('×', Notation)], false, "● and a ○ field in doubt"),
        ([('×', Dot), same, same, same, ('×', Uncertain)], false, "● and 要確認"),
        ([('×', Notation), ('○', Dot), same, same, ('×', Notation)], true, "upstream let one ● through"),
        ([('×', Notation), ('○', Uncertain), same, same, ('×', Notation)], true, "upstream let a variant through"),
        ([('×', Notation), ('○', Different), same, same, ('×', Notation)], false, "a ○ field that contradicts"),
        ([('×', Notation), ('○', Missing), same, same, ('×', Notation)], false, "a ○ field that is empty"),
        ([('×', Notation), same, ('○', Different), same, ('×', Notation)], false, "birth ○ but another day"),
        ([('×', Notation), same, ('○', Uncertain), same, ('×', Notation)], false, "birth ○ but in doubt"),
        ([('×', Notation), same, ('○', Missing), same, ('×', Notation)], false, "birth ○ but empty"),
        ([('×', Notation), same, same, ('○', Missing), ('×', Notation)], false, "sex ○ but empty"),
        ([('×', Notation), same, ('○', Notation), same, ('×', Notation)], true, "birth ○, another form of the day"),
        ([('×', Notation), same, ('?', Same), same, ('×', Notation)], false, "birth mark unreadable"),
        ([('×', Notation), ('?', Same), same, same, ('×', Notation)], false, "kana mark unreadable"),
        ([same, same, same, same, same], false, "nothing differs"),
    ] {
        assert_eq!(suggests(fields), expected, "{why}: {fields:?}");
    }
}

/// Every combination of marks and verdicts, against the rule written as prose.
#[test]
fn no_suggestion_beyond_the_rule() {
    let mut found = 0;
    let pairs: Vec<(char, Says)> = ['○', '×'].into_iter().flat_map(|mark| ALL.map(|says| (mark, says))).collect();
    for kanji in &pairs {
        for kana in &pairs {
            for address in &pairs {
                for birth in &pairs {
                    let fields = [*kanji, *kana, *birth, ('○', Says::Same), *address];
                    let (facts, comparisons) = record(fields);
                    if suggest(&facts, &comparisons).is_none() {
                        continue;
                    }
                    found += 1;
                    assert_eq!(birth.0, '○', "{fields:?}");
                    assert!(matches!(birth.1, Says::Same | Says::Notation), "{fields:?}");
                    for (mark, says) in fields {
                        let fits = match mark {
                            '×' => matches!(says, Says::Notation | Says::Dot),
                            _ => !matches!(says, Says::Different | Says::Missing),
                        };
                        assert!(fits, "{fields:?}");
                    }
                    let open = fields.iter().filter(|(_, says)| matches!(says, Says::Uncertain | Says::Dot)).count();
                    let dotted = fields.contains(&('×', Says::Dot));
                    assert!(!dotted || open == 1, "{fields:?}");
                    assert!(facts.class.is_suspended(), "{fields:?}");
                }
            }
        }
    }
    assert!(found > 50, "{found}");
}

#[test]
fn a_danger_flag_or_another_scope_forbids_it() {
    let (facts, comparisons) =
        record([('×', Says::Notation), ('○', Says::Same), ('○', Says::Same), ('○', Says::Same), ('×', Says::Notation)]);
    assert!(suggest(&facts, &comparisons).is_some());
    for &danger in Danger::ALL {
        let mut facts = facts;
        facts.dangers.insert(danger);
        assert_eq!(suggest(&facts, &comparisons), None, "{danger}");
    }
    for scope in Scope::ALL {
        let facts = Facts { scope, ..facts };
        assert_eq!(suggest(&facts, &comparisons).is_some(), scope == Scope::Item1, "{scope:?}");
    }
}

#[test]
fn it_proposes_2_3_by_looking_and_names_the_steps_of_the_differing_fields() {
    let (facts, comparisons) =
        record([('×', Says::Dot), ('○', Says::Notation), ('○', Says::Same), ('○', Says::Same), ('×', Says::Notation)]);
    let suggestion = suggest(&facts, &comparisons).unwrap();
    assert_eq!((suggestion.category, suggestion.evidence), (Category::C23, EvidenceCode::Visual));
    let steps: Vec<_> = suggestion.reasons.iter().map(|(field, reason)| (*field, reason.text.as_str())).collect();
    assert_eq!(steps, [(FieldKind::Kanji, "Dot"), (FieldKind::Address, "Notation")]);
}
