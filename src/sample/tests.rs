//! The file as a whole: the same for ever, complete, and true.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::*;

const CP932: SampleEncoding = SampleEncoding::Cp932;
const UTF8: SampleEncoding = SampleEncoding::Utf8;

const CODES: [&str; 24] = [
    "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "K1", "K2", "K3", "K4", "K5", "K6", "A1", "A2", "A3", "A4", "A5",
    "A6", "D1", "D2", "D3", "S1",
];
const DANGERS: [&str; 8] = ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8"];
const LEFT: [usize; 5] = [10, 13, 16, 19, 22];

fn options(rows: u64, seed: u64, encoding: SampleEncoding) -> SampleOptions {
    SampleOptions { rows, seed, encoding }
}

fn rows(count: u64, seed: u64) -> Vec<SampleRow> {
    generate(options(count, seed, CP932)).collect()
}

fn bytes(count: u64, seed: u64, encoding: SampleEncoding) -> (Vec<u8>, Vec<u8>) {
    let (mut csv, mut truth) = (Vec::new(), Vec::new());
    let written = write_csv(generate(options(count, seed, encoding)), encoding, &mut csv, Some(&mut truth)).unwrap();
    assert_eq!(written.rows, count);
    (csv, truth)
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}

/// Scripts and other tests lean on the files of a seed: if this fails, the algorithm changed, and they with it.
#[test]
fn the_same_seed_gives_the_same_bytes_for_ever() {
    let (csv, truth) = bytes(2_000, 1, CP932);
    assert_eq!((hash(&csv), hash(&truth)), ("8590667e4f4b3a82".to_owned(), "6801af4104e36c6f".to_owned()));
    let (csv, truth) = bytes(2_000, 1, UTF8);
    assert_eq!((hash(&csv), hash(&truth)), ("3b3da158792185c1".to_owned(), "efbc14a401212a8f".to_owned()));
    assert_ne!(bytes(300, 2, CP932), bytes(300, 3, CP932));
}

#[test]
fn the_header_is_the_canonical_one() {
    let (csv, truth) = bytes(0, 1, UTF8);
    let text = String::from_utf8(csv).unwrap();
    assert_eq!(text, format!("{}\r\n", HEADER.join(",")));
    assert!(text.starts_with("整理番号,保険者番号,被保険者証記号,被保険者証番号,枝番,本人家族区分,個人番号,"));
    assert!(
        String::from_utf8(truth).unwrap().starts_with("整理番号\tclass\tin_item1\tlost_after\tsame_person\tcodes\t")
    );
}

#[test]
fn any_number_of_rows_can_be_had_and_begins_alike() {
    for count in [0, 1, 2, 3, 9, 10, 11, 17, 299] {
        assert_eq!(rows(count, 5).len() as u64, count);
    }
    // Only the last households depend on where the file ends.
    assert_eq!(rows(300, 5)[..250], rows(2_000, 5)[..250]);
}

#[test]
fn every_code_danger_and_class_is_in_a_file_of_two_thousand() {
    for seed in 1..=12 {
        for encoding in [CP932, UTF8] {
            let rows: Vec<_> = generate(options(2_000, seed, encoding)).collect();
            let codes: BTreeSet<_> = rows.iter().flat_map(|r| r.truth.codes.clone()).collect();
            let judged: BTreeSet<_> =
                rows.iter().filter(|r| r.truth.class != "○").flat_map(|r| r.truth.codes.clone()).collect();
            let danger: BTreeSet<_> = rows.iter().flat_map(|r| r.truth.danger.clone()).collect();
            for code in CODES {
                assert!(codes.contains(code) && judged.contains(code), "{code} seed {seed}");
            }
            assert_eq!(danger, BTreeSet::from(DANGERS), "seed {seed}");
            let classes: BTreeSet<_> = rows.iter().map(|r| r.truth.class).collect();
            assert_eq!(classes, BTreeSet::from(["①", "②a", "②b", "②c", "③", "△住所", "△氏名", "○"]));
            let categories: BTreeSet<_> = rows.iter().map(|r| r.truth.sensible_category).collect();
            assert_eq!(categories, BTreeSet::from(["-", "2-1", "2-3", "2-4", "4-1", "4-2"]));
        }
    }
}

#[test]
fn three_hundred_rows_show_most() {
    let rows = rows(300, 1);
    let codes: HashSet<_> = rows.iter().flat_map(|r| r.truth.codes.clone()).collect();
    let danger: HashSet<_> = rows.iter().flat_map(|r| r.truth.danger.clone()).collect();
    assert!(CODES.iter().filter(|c| codes.contains(*c)).count() >= 22, "{codes:?}");
    assert!(danger.len() >= 7, "{danger:?}");
}

#[test]
fn the_mix_is_as_promised() {
    for seed in 1..=12 {
        let rows = rows(2_000, seed);
        let count = |test: &dyn Fn(&Truth) -> bool| rows.iter().filter(|r| test(&r.truth)).count();
        let in_item1 = count(&|t| t.in_item1);
        assert!((130..=160).contains(&in_item1), "{in_item1} in item 1, seed {seed}");
        let minor = count(&|t| t.class.starts_with('△'));
        assert!((100..=150).contains(&minor), "{minor} △, seed {seed}");
        let wrong = count(&|t| !t.same_person);
        assert!((5..=12).contains(&wrong), "{wrong} wrong people, seed {seed}");
        let suggested = count(&|t| t.may_suggest);
        assert!((25..=90).contains(&suggested), "{suggested} to suggest, seed {seed}");
        for class in ["①", "②a", "②b", "③"] {
            assert!(count(&|t| t.class == class && t.in_item1) >= 15, "{class} seed {seed}");
        }
        for (column, value) in [(8, "20230915"), (8, "20230916"), (7, "20230915"), (25, "1")] {
            assert!(rows.iter().any(|r| r.cells[column] == value), "{column} {value}");
        }
    }
}

#[test]
fn marks_agree_with_class_and_overall() {
    for row in rows(5_000, 4) {
        let c = &row.cells;
        for mark in LEFT.map(|left| &c[left + 2]) {
            assert!(mark == "○" || mark == "×");
        }
        let expected = match row.truth.class {
            "○" => "○",
            "△住所" | "△氏名" => "△",
            _ => "×",
        };
        assert_eq!(c[26], expected);
        assert_eq!(row.truth.class == "○", LEFT.iter().all(|left| c[left + 2] == "○"));
        assert_eq!(row.truth.class == "①", c[18] == "×" || c[21] == "×");
    }
}

/// The truth must hold of the text: what is not named does not differ, what is judged × differs unless F8 says so.
#[test]
fn what_is_said_to_differ_differs_and_nothing_else() {
    let field_codes = [("N", "NX"), ("K", "KX"), ("D", "DX"), ("S", "S1"), ("A", "AX")];
    for encoding in [CP932, UTF8] {
        for row in generate(options(8_000, 6, encoding)) {
            let (c, t) = (&row.cells, &row.truth);
            if c[11].is_empty() {
                assert!(t.danger.contains(&"F6"), "{row:?}");
                continue;
            }
            for ((field, _), left) in field_codes.iter().zip(LEFT) {
                let differs = c[left] != c[left + 1];
                let crossed = c[left + 2] == "×";
                let named = t.codes.iter().any(|code| code.starts_with(field))
                    // One ● may stand in the address; another surname or person has another reading.
                    || (*field == "A" && t.codes.contains(&"N3"))
                    || (*field == "K" && t.codes.iter().any(|code| ["N5", "N6", "NX"].contains(code)));
                assert!(!differs || named, "{field} differs unnamed: {row:?}");
                assert!(!crossed || differs || t.danger.contains(&"F8"), "{field} × but the same: {row:?}");
            }
        }
    }
}

#[test]
fn suggestions_and_refusals_exclude_each_other() {
    for row in rows(20_000, 7) {
        let t = &row.truth;
        assert!(!(t.may_suggest && t.must_not_suggest), "{row:?}");
        let b_or_s = row.cells[18] == "×" || row.cells[21] == "×";
        assert_eq!(t.must_not_suggest, !t.same_person || b_or_s || !t.danger.is_empty());
        assert_eq!(t.sensible_category == "-", !t.in_item1);
        if t.may_suggest {
            assert_eq!(t.sensible_category, "2-3");
            let decided = ["N4", "N5", "N6", "NX", "K5", "K6", "KX", "KM", "A5", "A6", "AX", "D1", "D2", "DX", "S1"];
            let crossed = |code: &&str| match code.as_bytes()[0] {
                b'S' => row.cells[21] == "×",
                _ => decided.contains(code),
            };
            assert!(!t.codes.iter().any(crossed), "{row:?}");
        }
    }
}

#[test]
fn numbers_have_valid_check_digits_unless_the_row_tests_it() {
    let rows = rows(5_000, 8);
    let insurer = &rows[0].cells[1];
    assert_eq!(insurer[5..].parse::<u32>().unwrap(), number::insurer_check(&insurer[..5]));
    for row in &rows {
        let number = &row.cells[6];
        assert!(number.len() == 12 && (number.starts_with("0000") || number.starts_with("9999")));
        let valid = number[11..].parse::<u32>().unwrap() == number::my_number_check(&number[..11]);
        assert_eq!(valid, !row.truth.danger.contains(&"F6"), "{row:?}");
        assert_eq!(&row.cells[1], insurer);
    }
}

#[test]
fn cp932_holds_every_row_and_gives_it_back() {
    let (csv, _) = bytes(6_000, 9, CP932);
    let (text, _, bad) = encoding_rs::SHIFT_JIS.decode(&csv);
    assert!(!bad);
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    assert!(reader.headers().unwrap().iter().eq(HEADER));
    let mut user_defined = 0;
    let mut read = 0;
    for (record, row) in reader.records().zip(rows(6_000, 9)) {
        let record = record.unwrap();
        assert!(record.iter().eq(row.cells.iter()), "{record:?}\n{row:?}");
        user_defined += record.iter().flat_map(str::chars).filter(|c| ('\u{E000}'..'\u{F8FF}').contains(c)).count();
        read += 1;
    }
    assert_eq!(read, 6_000);
    assert!(user_defined > 0);
    assert!(['髙', '﨑', '德'].iter().all(|&c| text.contains(c)));
}

#[test]
fn utf8_holds_what_cp932_cannot() {
    let (csv, _) = bytes(3_000, 1, UTF8);
    let text = String::from_utf8(csv).unwrap();
    assert!(text.contains('\u{20BB7}') && text.contains('\u{E0100}'));
    let mut out = Vec::new();
    let refused = write_csv(generate(options(3_000, 1, UTF8)), CP932, &mut out, None);
    assert!(matches!(refused, Err(SampleError::NotInCp932 { .. })));
}

#[test]
fn fifty_thousand_rows_keep_order_and_numbers_apart() {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut count = 0_u64;
    let planted = |s: &Option<String>| {
        s.as_deref().is_some_and(|s| {
            ["parent_dup", "father_son", "cross_dup", "twin_dup", "reenrolled", "two_quals"]
                .iter()
                .any(|name| s.starts_with(name))
        })
    };
    for row in generate(options(50_000, 10, CP932)) {
        count += 1;
        assert_eq!(row.truth.id, format!("{count:010}"));
        assert_eq!(row.cells[0], row.truth.id);
        if let Some(first) = seen.insert(row.cells[6].clone(), row.truth.scenario.clone().unwrap_or_default()) {
            assert!(planted(&row.truth.scenario), "{row:?}");
            assert_eq!(row.truth.scenario.as_deref(), Some(first.as_str()));
        }
    }
    assert_eq!(count, 50_000);
}

#[test]
fn families_share_number_address_and_surname() {
    let mut families: HashMap<String, Vec<SampleRow>> = HashMap::new();
    for row in rows(4_000, 11) {
        families.entry(row.cells[3].clone()).or_default().push(row);
    }
    let mut larger = 0;
    for family in families.values() {
        assert!(family.len() <= 5);
        larger += usize::from(family.len() > 1);
        let plain: Vec<_> = family.iter().filter(|r| r.truth.class == "○" && r.truth.same_person).collect();
        for pair in plain.windows(2) {
            assert_eq!(pair[0].cells[23], pair[1].cells[23]);
        }
        let mut branches: Vec<_> = family.iter().map(|r| r.cells[4].clone()).collect();
        branches.dedup();
        assert_eq!(branches.len(), family.len(), "each branch once");
    }
    assert!(larger * 4 > families.len(), "{larger} of {}", families.len());
}

/// Rows of a case point at each other: whoever carries a relative's number shows that relative.
#[test]
fn mistaken_people_are_where_the_flags_say() {
    let rows = rows(30_000, 12);
    let mut cases: HashMap<&str, Vec<&SampleRow>> = HashMap::new();
    for row in &rows {
        if let Some(s) = &row.truth.scenario {
            cases.entry(s).or_default().push(row);
        }
    }
    let names: HashSet<_> = cases.keys().map(|s| s.split('#').next().unwrap()).collect();
    for case in cases::MISTAKEN.iter().chain(&cases::LOOKALIKE) {
        assert!(names.contains(case.name), "{}", case.name);
    }
    for (name, case) in &cases {
        let flagged = |flag: &str| case.iter().filter(|r| r.truth.danger.contains(&flag)).count();
        if flagged("F5") > 0 {
            assert_eq!((case.len(), flagged("F5")), (2, 2), "{name}");
            assert_eq!(case[0].cells[6], case[1].cells[6], "{name}");
        }
        if flagged("F3") > 0 {
            let name_of = |r: &SampleRow, side: usize| r.cells[side].replace(['\u{3000}', ' '], "");
            assert_eq!(name_of(case[0], 11), name_of(case[1], 10), "{name}");
            assert_eq!(name_of(case[1], 11), name_of(case[0], 10), "{name}");
        }
        for row in case.iter().filter(|r| r.truth.danger.contains(&"F1")) {
            assert_ne!(row.cells[10], row.cells[11], "{name}");
            assert_eq!(row.cells[16], row.cells[17], "{name}");
        }
        if name.starts_with("twins_ok") || name.starts_with("same_name") && !name.contains("city") {
            assert!(case.iter().all(|r| r.truth.same_person), "{name}");
        }
    }
    assert!(rows.iter().all(|r| r.truth.same_person || r.truth.scenario.is_some()));
}
