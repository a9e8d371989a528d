//! Makes `src/compare/tables/notices.txt` again from MJ縮退マップ and compares: the table is what its header says it is.
//!
//! `MEKEN_UPDATE_NOTICES=1 cargo test --test it notices` writes the table anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use jntajis::codec::mj_shrink::{MJShrinkScheme, MJShrinkSchemes, mj_shrink_candidates};
use meken::compare::{FieldKind, VariantSource, fold, variants};

const HEADER: &str = "\
# Kanji that the notices on the family register (戸籍法関連通達・通知) relate to a standard form: the standard form first, then its forms.
# Each form is related to the standard form of its line only (RULES §5 N2). A line beginning with \"?\" holds forms that a person decides
# about: both can be written in JIS X 0208, or the notices name several standard forms, or 法務省告示582号 names another one, or the
# form stands in denied.txt.
# Source: MJ縮退マップ (文字情報技術促進協議会; IPA), scheme 戸籍法関連通達・通知, through the crate jntajis. Changes: reduced to pairs with a
# standard form in JIS X 0208, old forms folded as in variants.txt, sorted. Made by tests/it/notices.rs, which also checks it.
# Licence of this file: CC BY-SA 2.1 JP (https://creativecommons.org/licenses/by-sa/2.1/jp/), as that of its source.
";

/// What the map says of a character under one scheme, old forms folded.
fn targets(c: char, scheme: MJShrinkScheme) -> BTreeSet<char> {
    let text = c.to_string();
    let candidates = mj_shrink_candidates(&text, MJShrinkSchemes::builder().with(scheme));
    // The map answers with the character itself as well; what remains is one character each.
    candidates.filter_map(|found| standard(found.chars().next()?)).filter(|found| *found != c).collect()
}

fn standard(c: char) -> Option<char> {
    fold(FieldKind::Kanji, &c.to_string()).chars().next()
}

/// Level 1 and 2 of JIS X 0208: rows 16 to 84.
fn in_jis(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, failed) = encoding_rs::EUC_JP.encode(c.encode_utf8(&mut buffer));
    !failed && bytes.len() == 2 && (0xB0..=0xF4).contains(&bytes[0])
}

fn notice(c: char) -> BTreeSet<char> {
    targets(c, MJShrinkScheme::MOJFamilyRegisterActRelatedNotice)
}

/// The lines of the table: standard form → its forms, once for those taken by rule and once for those asked about.
fn lines() -> (BTreeMap<char, BTreeSet<char>>, BTreeMap<char, BTreeSet<char>>) {
    let denied: BTreeSet<char> = include_str!("../../src/compare/tables/denied.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .flat_map(str::chars)
        .collect();
    let (mut ruled, mut asked) = (BTreeMap::new(), BTreeMap::new());
    let kanji = [0x4E00..=0x9FFF_u32, 0x3400..=0x4DBF, 0xFA0E..=0xFA29, 0x2_0000..=0x3_23AF];
    for form in kanji.into_iter().flatten().filter_map(char::from_u32).filter(|c| standard(*c) == Some(*c)) {
        let found = notice(form);
        let one =
            found.iter().all(|a| found.iter().all(|b| a == b || notice(*a).contains(b) || notice(*b).contains(a)));
        let other = targets(form, MJShrinkScheme::MOJNotice582);
        let contradicted = !other.is_empty() && other.is_disjoint(&found);
        let to = if in_jis(form) || !one || contradicted || denied.contains(&form) { &mut asked } else { &mut ruled };
        // What another table relates is not repeated here.
        let others: Vec<char> =
            variants(form).iter().filter(|v| v.source != VariantSource::Notice).map(|v| v.form).collect();
        for target in found.into_iter().filter(|c| in_jis(*c) && !others.contains(c)) {
            to.entry(target).or_insert_with(BTreeSet::new).insert(form);
        }
    }
    // Two standard forms that name each other are one question.
    for (target, forms) in asked.clone() {
        for form in forms {
            if form > target && asked.get(&form).is_some_and(|forms| forms.contains(&target)) {
                asked.entry(target).and_modify(|forms| forms.retain(|c| *c != form));
            }
        }
    }
    asked.retain(|_, forms| !forms.is_empty());
    (ruled, asked)
}

#[test]
fn the_table_of_notices_is_made_from_its_source() {
    let (ruled, asked) = lines();
    let mut text = HEADER.to_owned();
    for (sign, table) in [("", ruled), ("?", asked)] {
        for (target, forms) in table {
            writeln!(text, "{sign}{target}{}", forms.into_iter().collect::<String>()).expect("writing to memory");
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compare/tables/notices.txt");
    if std::env::var_os("MEKEN_UPDATE_NOTICES").is_some() {
        std::fs::write(&path, &text).expect("the table can be written");
    }
    let stored = std::fs::read_to_string(&path).expect("the table can be read");
    let first = stored.lines().zip(text.lines()).find(|(a, b)| a != b);
    assert!(stored == text, "the table is not what its source says: {first:?}");
}
