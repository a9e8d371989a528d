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

/// Reads the sample files beside the checkout: another person's row must never look like mere notation in all its marked fields.
#[test]
fn sample_rows_agree_with_their_truth() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let (mut missed, mut wrong, mut expected) = (Vec::new(), Vec::new(), 0);
    for name in ["sample_city", "sample_city_delta"] {
        let Ok(bytes) = std::fs::read(folder.join(format!("{name}_cp932.csv"))) else { continue };
        let truth = std::fs::read_to_string(folder.join(format!("{name}_truth.tsv"))).expect("truth beside the sample");
        let truth: std::collections::HashMap<&str, Vec<&str>> =
            truth.lines().map(|l| l.split('\t').collect::<Vec<_>>()).map(|c| (c[0], c)).collect();
        let text = encoding_rs::SHIFT_JIS.decode(&bytes).0;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().expect("header").clone();
        let column = |name: &str| header.iter().position(|h| h == name).expect("canonical column");
        let columns = FieldKind::ALL
            .map(|f| ["加入者情報_", "J-LIS情報_", "判定結果_"].map(|side| column(&format!("{side}{}", f.label()))));
        for row in reader.records() {
            let row = row.expect("row");
            let truth = &truth[&row[column("整理番号")]];
            let all: Vec<(FieldKind, Comparison, [&str; 3])> = FieldKind::ALL
                .iter()
                .zip(&columns)
                .map(|(f, c)| (*f, compare(*f, &row[c[0]], &row[c[1]]), c.map(|c| &row[c])))
                .collect();
            let marked: Vec<&Comparison> = all.iter().filter(|(_, _, t)| t[2] == "×").map(|(_, c, _)| c).collect();
            if marked.is_empty() {
                continue;
            }
            let birth_or_sex = all[2].2[2] == "×" || all[3].2[2] == "×";
            let notation = record_counts_as_notation(&marked) && !birth_or_sex;
            let expect = truth[10] == "1";
            expected += usize::from(expect);
            let line = || {
                let fields: Vec<_> = all
                    .iter()
                    .filter(|(_, _, t)| t[2] == "×")
                    .map(|(f, c, t)| format!("{} {}|{} {} {:?}", f.short(), t[0], t[1], c.verdict, c.codes()))
                    .collect();
                format!("{} {} {}: {}", truth[0], truth[5], truth[12], fields.join("; "))
            };
            if expect && !notation {
                missed.push(line());
            }
            if !expect && notation && truth[10] == "0" {
                wrong.push(format!("same_person={} {}", truth[4], line()));
            }
        }
    }
    eprintln!("expected {expected}, missed {}, beyond {}", missed.len(), wrong.len());
    for line in missed.iter().take(60) {
        eprintln!("  missed {line}");
    }
    for line in wrong.iter().take(60) {
        eprintln!("  beyond {line}");
    }
}
