//! Whole-comparator tests: golden cases of `DOMAIN §5`.

use super::*;

fn check(field: FieldKind, left: &str, right: &str) -> (Verdict, String) {
    let forward = compare(field, left, right);
    let backward = compare(field, right, left);
    assert_eq!(forward.verdict, backward.verdict, "{left} / {right}");
    let codes = forward.codes().iter().map(|c| c.to_string()).collect::<Vec<_>>().join(",");
    (forward.verdict, codes)
}

#[test]
fn first_cases() {
    use FieldKind::*;
    use Verdict::*;
    for (field, left, right, verdict, codes) in [
        (Kanji, "山田 太郎", "山田　太郎", Notation, "N1"),
        (Kanji, "高崎", "髙﨑", Notation, "N2"),
        (Kanji, "吉男", "𠮷男", Notation, "N2"),
        (Kanji, "渡●太郎", "渡邉太郎", Uncertain, "N3"),
        (Kana, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ", Notation, "K1"),
        (Kana, "シヨウイチ", "ショウイチ", Notation, "K2"),
        (Kana, "ミヅキ", "ミズキ", Notation, "K3"),
        (Kana, "ユウキ", "ユーキ", Notation, "K4"),
        (Kana, "オオタ", "オウタ", Uncertain, "K4"),
        (Kana, "トヨタ", "トヨダ", Uncertain, "K5"),
        (Birth, "19851203", "19851201", Different, "D1"),
        (Birth, "19850000", "19850101", Different, "D2"),
        (Birth, "昭和60年12月3日", "19851203", Notation, "D3"),
        (Birth, "S60.12.3", "19851203", Notation, "D3"),
        (Sex, "男", "1", Same, "S1"),
        (Sex, "男", "2", Different, "S1"),
        (Sex, "男", "9", Uncertain, "S1"),
        (Sex, "男", "", Missing, "SM"),
    ] {
        assert_eq!(check(field, left, right), (verdict, codes.to_owned()), "{left} / {right}");
    }
}

/// Scores the labelled pairs when they lie beside the checkout: nothing different may be called the same.
#[test]
fn labelled_pairs_have_no_false_same() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pairs");
    let mut false_same = Vec::new();
    for field in FieldKind::ALL {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{}.tsv", field.word()))) else { continue };
        let mut tally = std::collections::BTreeMap::<(String, &str), u32>::new();
        let mut missed = Vec::new();
        for line in text.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let [_, left, right, label, why, ..] = columns.as_slice() else { continue };
            let forward = compare(field, left, right);
            let backward = compare(field, right, left);
            assert_eq!(forward.verdict, backward.verdict, "{line}");
            assert_eq!(forward.codes(), backward.codes(), "{line}");
            let word = forward.verdict.word();
            *tally.entry(((*label).to_owned(), word)).or_default() += 1;
            if *label != word && (*label != "uncertain" || std::env::var_os("ALL").is_some()) {
                missed.push(format!(
                    "{word} {label} {why}: {left} | {right} {:?}",
                    forward.reasons.iter().map(|r| &r.text).collect::<Vec<_>>()
                ));
            }
            if *label == "different" && word == "same" {
                false_same.push(line.to_owned());
            }
        }
        let of = |label: &str, word| *tally.get(&(label.to_owned(), word)).unwrap_or(&0);
        let same = of("same", "same") + of("same", "uncertain") + of("same", "different");
        eprintln!("{field}: recall of same {}/{same}; {tally:?}", of("same", "same"));
        for line in missed {
            eprintln!("  {line}");
        }
    }
    assert!(false_same.is_empty(), "{false_same:#?}");
}
