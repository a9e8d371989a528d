//! Properties of names: what folding of signs, small kana, iteration marks and the order of words may make the same, and what not.

use proptest::prelude::*;

use super::{FieldKind, Verdict, fold, judge, kana, plainly_same};

const NAMES: [FieldKind; 2] = [FieldKind::Kanji, FieldKind::Kana];

fn verdict(field: FieldKind, left: &str, right: &str) -> Verdict {
    let found = judge(field, left, right).verdict;
    assert_eq!(judge(field, right, left).verdict, found, "{field} {left} / {right}");
    assert!(found.is_same() || left == right || !plainly_same(field, left, right), "{field} {left} / {right}");
    found
}

const APOSTROPHES: &[char] =
    &['\'', '’', '‘', '`', '´', '＇', '｀', '‛', '′', '‵', '\u{2B9}', '\u{2BB}', '\u{2BC}', '\u{2BD}'];
const HYPHENS: &[char] = &['-', '‐', '‑', '–', '—', '−', '－', 'ー', 'ｰ'];

/// Words of foreign names in katakana, of which some differ only in what no rule may drop.
const WORDS: &[&str] = &[
    "ジョン",
    "ジヨン",
    "ジョーン",
    "ジャン",
    "スミス",
    "スミソン",
    "ヴァン",
    "ヴアン",
    "バン",
    "ヴィ",
    "ティ",
    "テイ",
    "チ",
    "ポール",
    "ポル",
    "グエン",
    "グエ",
    "アン",
    "アンナ",
    "アナ",
    "リ",
    "リー",
    "ハツ",
    "ハッ",
    "マリア",
    "マリヤ",
    "キヨ",
    "キョ",
];

fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(WORDS), count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Which apostrophe or hyphen is written is notation; whether one is written is not, and neither is anything else.
    #[test]
    fn the_code_of_a_sign_is_notation_only(
        (first, second, other) in ("[A-Z]{1,4}", "[A-Z]{1,4}", "[A-Z]{1,4}"),
        (a, b) in prop_oneof![
            (prop::sample::select(APOSTROPHES), prop::sample::select(APOSTROPHES)),
            (prop::sample::select(HYPHENS), prop::sample::select(HYPHENS)),
        ],
        apostrophe in prop::sample::select(APOSTROPHES),
    ) {
        for field in NAMES {
            let written = |sign: &str, last: &str| format!("{first}{sign}{last} ANN");
            let (left, right) = (written(&a.to_string(), &second), written(&b.to_string(), &second));
            prop_assert!(verdict(field, &left, &right).is_same(), "{} / {}", left, right);
            prop_assert_eq!(fold(field, &left), fold(field, &right));
            for sign in ["", " ", ".", ",", if HYPHENS.contains(&a) { "'" } else { "-" }] {
                let right = written(sign, &second);
                prop_assert!(!verdict(field, &left, &right).is_same(), "{} / {}", left, right);
            }
            if second != other {
                let right = written(&b.to_string(), &other);
                prop_assert!(!verdict(field, &left, &right).is_same(), "{} / {}", left, right);
            }
            let moved = format!("{first}{second}{apostrophe} ANN");
            prop_assert!(!verdict(field, &left, &moved).is_same(), "{} / {}", left, moved);
        }
    }

    /// Words in another order, or fewer of them, are 要確認 in readings and in names in katakana, and never the same.
    #[test]
    fn the_order_of_words_is_asked_about(list in words(2..5), shift in 1usize..4, dot in any::<bool>(), drop in any::<bool>()) {
        let mut other = list.clone();
        other.rotate_left(shift % list.len());
        let drop = drop && list.len() > 2;
        if drop {
            other.pop();
        }
        let (left, right) = (list.join("　"), other.join(if dot { "・" } else { " " }));
        for field in NAMES {
            let found = verdict(field, &left, &right);
            prop_assert_ne!(found, Verdict::Different, "{} {} / {}", field, left, right);
            let same_text = kana::units(&left).text() == kana::units(&right).text();
            prop_assert!(!found.is_same() || same_text, "{} {} / {}", field, left, right);
        }
    }

    /// A name in katakana is never the same in the field of the name when its reading is not: folding there is no wider.
    #[test]
    fn names_in_katakana_are_no_wider_than_readings(
        (left, right) in (words(1..4), words(1..4)),
        kanji in prop::sample::select(&["", "山田", "林　"][..]),
    ) {
        let (left, right) = (format!("{kanji}{}", left.join("　")), format!("{kanji}{}", right.join("　")));
        let found = verdict(FieldKind::Kanji, &left, &right);
        let (l, r) = (left.replace(kanji, ""), right.replace(kanji, ""));
        let (l, r) = (kana::units(&l).text(), kana::units(&r).text());
        prop_assert!(!found.is_same() || l == r, "{} / {}", left, right);
        // Small kana of a word without ヴ behind kanji are those of a Japanese name.
        let differs = left.replace([' ', '　'], "") != right.replace([' ', '　'], "");
        let is_japanese = !(kanji.is_empty() && left.contains('　') && right.contains('　'));
        if is_japanese && differs && !(left.contains('ヴ') && right.contains('ヴ')) {
            prop_assert!(!found.is_same(), "{} / {}", left, right);
        }
    }

    /// An iteration mark is never the same as what it repeats, and different from anything else.
    #[test]
    fn iteration_marks_are_asked_about(
        (before, at) in ("[佐祢斎奈寿高]{1,2}", 0usize..6),
        behind in "[木子美]{0,2}",
    ) {
        const FORMS: [(&str, &str); 6] = [("佐", "佐"), ("祢", "禰"), ("斎", "斉"), ("寿", "壽"), ("奈", "奈"), ("高", "髙")];
        let (form, other) = FORMS[at];
        let marked = format!("{before}{form}々{behind}");
        for (repeated, expected) in [(form, Verdict::Uncertain), (other, Verdict::Uncertain), ("田", Verdict::Different)] {
            let right = format!("{before}{other}{repeated}{behind}");
            prop_assert_eq!(verdict(FieldKind::Kanji, &marked, &right), expected, "{} / {}", marked, right);
        }
    }
}
