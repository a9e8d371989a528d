//! Whether a decision by eye says of the differences what they are: 異体字・外字, 住所表記 or カナ表記.
//!
//! The quick keys write their reason into the record, so that a slip of the finger would put a wrong reason beside a real
//! difference. A key fits when a field marked × differs in its way, and every other field marked × is 表記ゆれ on its own.

use crate::app::action::Quick;
use crate::compare::{Code, Comparison, FieldKind, Verdict};
use crate::domain::person::PerField;
use crate::domain::record::{Mark, Marks};

/// The quick keys that decide by eye alone.
pub const BY_EYE: [Quick; 3] = [Quick::Variant, Quick::Address, Quick::Kana];

/// Why a quick key does not say what the differences are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// 生年月日 or 性別 is not ○, which no look at the characters settles (G3).
    NeverByEye(FieldKind),
    /// A field differs otherwise: the verdict, and what the comparison says of it.
    Differs(FieldKind, Verdict, String),
    /// No field differs in this way.
    Nothing,
}

impl Misfit {
    /// Says it in one sentence.
    pub fn words(&self, quick: Quick) -> String {
        let kind = reason(quick).unwrap_or_default();
        match self {
            Self::NeverByEye(field) => format!("{}が○でないため、「{kind}」では決定しません (G3)", field.label()),
            Self::Differs(field, verdict, why) => {
                let why = if why.is_empty() { String::new() } else { format!("({why})") };
                format!("{}は{}{why}で、「{kind}」の違いではないため、決定しません", field.label(), verdict.label())
            }
            Self::Nothing => format!("×の項目に「{kind}」の違いがないため、決定しません"),
        }
    }
}

/// The reason that a quick key writes into the record; `None` for keys that name a document.
pub fn reason(quick: Quick) -> Option<&'static str> {
    match quick {
        Quick::Variant => Some("異体字・外字"),
        Quick::Address => Some("住所表記"),
        Quick::Kana => Some("カナ(よみ)表記"),
        _ => None,
    }
}

/// Whether a difference of a field is of the kind that a key names.
fn is_of(quick: Quick, field: FieldKind, code: Code) -> bool {
    use Code::{A1, A2, A3, A4, K1, K2, K3, K4, K5, N1, N2, N3, N8};
    match (quick, field) {
        (Quick::Variant, FieldKind::Kanji) => matches!(code, N1 | N2 | N3 | N8),
        // Characters vary and are unreadable in addresses as well.
        (Quick::Variant, FieldKind::Address) => matches!(code, N3 | A4),
        (Quick::Address, FieldKind::Address) => matches!(code, N3 | A1 | A2 | A3 | A4),
        (Quick::Kana, FieldKind::Kana) => matches!(code, N3 | K1 | K2 | K3 | K4 | K5),
        _ => false,
    }
}

/// Says why a quick key does not fit; `None` when it does, and for keys that name a document.
pub fn misfit(quick: Quick, marks: &Marks, comparisons: &PerField<Comparison>) -> Option<Misfit> {
    reason(quick)?;
    let crossed = |field: &FieldKind| marks.fields[*field] != Mark::Match;
    if let Some(field) = [FieldKind::Birth, FieldKind::Sex].into_iter().find(crossed) {
        return Some(Misfit::NeverByEye(field));
    }
    let mut found = false;
    for (field, comparison) in comparisons.iter() {
        let fits = match comparison.verdict {
            // A value that contradicts its ○ is no matter of spelling either (F8).
            Verdict::Different => false,
            Verdict::Missing => !crossed(&field),
            Verdict::Same | Verdict::Notation => true,
            Verdict::Uncertain => {
                !crossed(&field) || comparison.reasons.iter().all(|step| is_of(quick, field, step.code))
            }
        };
        if !fits {
            let mut words: Vec<&str> = comparison.reasons.iter().map(|step| step.code.description()).collect();
            // What is harmless by rule says least of why it is not.
            let harmless = |step: &&crate::compare::Reason| step.class == crate::compare::StepClass::A;
            if let Some(step) = comparison.reasons.iter().find(|step| !harmless(step)) {
                words = vec![step.code.description()];
            }
            let why = words.first().copied().unwrap_or_default().to_owned();
            return Some(Misfit::Differs(field, comparison.verdict, why));
        }
        // Blanks alone are no other characters.
        let named = |code| is_of(quick, field, code) && (quick != Quick::Variant || code != Code::N1);
        let differs = crossed(&field) && comparison.verdict != Verdict::Same;
        found |= differs && comparison.reasons.iter().any(|step| named(step.code));
    }
    (!found).then_some(Misfit::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;

    /// What each of `v`, `s`, `y` says of a record with these values of its fields marked ×.
    fn fits(crossed: &[(FieldKind, &str, &str)]) -> [bool; 3] {
        let value = |field| crossed.iter().find(|(one, ..)| *one == field);
        let comparisons = PerField::from_fn(|field| {
            value(field).map_or_else(|| compare(field, "1", "1"), |(_, l, r)| compare(field, l, r))
        });
        let mut marks = Marks::all_match();
        crossed.iter().for_each(|(field, ..)| marks.fields[*field] = Mark::Mismatch);
        BY_EYE.map(|quick| misfit(quick, &marks, &comparisons).is_none())
    }

    #[test]
    fn a_key_fits_what_it_names() {
        use FieldKind::{Address, Birth, Kana, Kanji, Sex};
        let variant = (Kanji, "高崎　一郎", "髙﨑　一郎");
        let notation = (Address, "赤坂1-2-2", "赤坂一丁目２番２号");
        let small = (Kana, "シヨウイチ", "ショウイチ");
        for (crossed, expected) in [
            (vec![variant], [true, false, false]),
            (vec![notation], [false, true, false]),
            (vec![small], [false, false, true]),
            // Two harmless differences: either word is true of one of them.
            (vec![variant, notation], [true, true, false]),
            (vec![variant, notation, small], [true, true, true]),
            // What a person decides is decided by its own key only.
            (vec![(Kanji, "斎藤　一", "斉藤　一"), notation], [true, false, false]),
            (vec![(Kana, "トヨタ", "トヨダ"), notation], [false, false, true]),
            (vec![(Kanji, "渡●太郎", "渡邉太郎")], [true, false, false]),
            (vec![variant, (Address, "東京都港区赤坂1-11", "東京都港区赤坂1-11 201")], [false, true, false]),
            (vec![(Kanji, "斎藤　一", "斉藤　一"), (Kana, "トヨタ", "トヨダ")], [false, false, false]),
            // Real differences are no matter of spelling, whatever stands beside them.
            (vec![(Kanji, "佐藤　花子", "鈴木　花子")], [false, false, false]),
            (vec![variant, (Address, "東京都港区赤坂1-11", "東京都港区赤坂1-12")], [false, false, false]),
            (vec![(Kana, "コウタ", "ユタカ")], [false, false, false]),
            (vec![(Kana, "タカサキ", ""), variant], [false, false, false]),
            (vec![variant, (Birth, "19851203", "19851201")], [false, false, false]),
            (vec![notation, (Sex, "1", "2")], [false, false, false]),
            (vec![notation, (Birth, "19851203", "19851203")], [false, false, false]),
            (vec![(Kanji, "山田 太郎", "山田　太郎"), small], [false, false, true]),
            // × although the strings are the same: nothing to name.
            (vec![(Kanji, "山田　太郎", "山田　太郎")], [false, false, false]),
            (vec![], [false, false, false]),
        ] {
            assert_eq!(fits(&crossed), expected, "{crossed:?}");
        }
    }

    #[test]
    fn a_key_names_no_code_of_another_field() {
        for quick in BY_EYE {
            for field in FieldKind::ALL {
                let named = Code::ALL.iter().filter(|code| is_of(quick, field, **code));
                let foreign: Vec<&Code> =
                    named.filter(|code| code.is_of_one_field() && code.field() != field).collect();
                assert!(foreign.is_empty(), "{quick:?} {field:?}: {foreign:?}");
            }
        }
    }

    #[test]
    fn what_contradicts_its_circle_is_no_matter_of_spelling() {
        let comparisons = PerField::from_fn(|field| match field {
            FieldKind::Kanji => compare(field, "高崎　一郎", "髙﨑　一郎"),
            FieldKind::Address => compare(field, "港区赤坂1-11", "港区赤坂1-12"),
            FieldKind::Kana => compare(field, "タカサキ", ""),
            _ => compare(field, "1", "1"),
        });
        let mut marks = Marks::all_match();
        marks.fields[FieldKind::Kanji] = Mark::Mismatch;
        let found = misfit(Quick::Variant, &marks, &comparisons).unwrap();
        assert_eq!(
            found.words(Quick::Variant),
            "住所は相違(番号の相違)で、「異体字・外字」の違いではないため、決定しません"
        );
    }

    #[test]
    fn keys_that_name_a_document_are_not_about_characters() {
        let comparisons = PerField::from_fn(|field| compare(field, "1", "2"));
        for quick in [Quick::Todokede, Quick::Jlis, Quick::Past, Quick::Lost, Quick::Wrong, Quick::Letter] {
            assert_eq!(misfit(quick, &Marks::all_match(), &comparisons), None);
        }
    }
}
