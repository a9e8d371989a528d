//! What the columns of the store tell a filter is what the rows would tell it.

use std::collections::BTreeSet;

use meken::compare::{Code, Comparison, EDITION, FieldKind, Verdict, compare};
use meken::domain::case::Case;
use meken::domain::danger::Danger;
use meken::domain::event::Actor;
use meken::domain::filter::{Filter, Subject};
use meken::domain::pattern::Pattern;
use meken::domain::person::PerField;
use meken::domain::record::{Facts, Row};
use meken::ingest::{ImportOptions, import};
use meken::sample::{SampleOptions, generate, write_csv};
use meken::store;

struct Whole {
    facts: Facts,
    case: Case,
    comparisons: PerField<Comparison>,
}

impl Subject for Whole {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn case(&self) -> &Case {
        &self.case
    }

    fn id(&self) -> &str {
        ""
    }

    fn comparison(&self, field: FieldKind) -> (Verdict, Vec<Code>) {
        (self.comparisons[field].verdict, self.comparisons[field].codes())
    }

    fn text_contains(&self, _: &str) -> bool {
        false
    }
}

/// Every code of every field, and every verdict: answered without the row, and as the row answers.
#[test]
fn the_columns_answer_as_the_rows_do() {
    let mut filters = Vec::new();
    for field in FieldKind::ALL {
        let words = Code::ALL.iter().map(|code| code.name());
        for word in words.chain(["一致", "表記ゆれ", "要確認", "相違", "欠落"]) {
            filters.push(Filter::parse(&format!("{}:{word}", field.word())).unwrap());
        }
    }
    let options = SampleOptions { rows: 4_000, seed: 7, encoding: Default::default() };
    let (mut asked, mut read, mut passed) = (0, 0, 0);
    for row in generate(options) {
        let row = Row { cells: row.cells.to_vec(), ..Row::default() };
        let comparisons = PerField::from_fn(|field| compare(field, row.left(field), row.right(field)));
        let facts = row.facts();
        let pattern = Pattern::of(&facts.marks, &comparisons);
        let whole = Whole { facts, case: Case::default(), comparisons };
        for filter in &filters {
            let passes = filter.matches(&whole);
            let judged = filter.judge(&whole.facts, Some(pattern), &whole.case);
            assert_eq!(judged.unwrap_or(passes), passes, "{filter:?} of {:?}", row.cells);
            // What other rules have made answers nothing.
            let unsure = filter.judge(&whole.facts, None, &whole.case);
            assert_eq!(unsure.unwrap_or(passes), passes, "{filter:?} of {:?}", row.cells);
            asked += 1;
            read += usize::from(judged.is_none());
            passed += usize::from(passes);
        }
    }
    assert!(passed > 20_000, "{passed} of {asked} answers are yes");
    assert!(read * 100 < asked, "{read} of {asked} answers need the row");
}

/// Stores keep what the rules of comparison said. Whoever changes them so that this print changes gives them another edition
/// (`compare::EDITION`), and the print of that edition here.
#[test]
fn the_edition_goes_up_with_the_rules() {
    const PRINT: (u32, &str) = (3, "39d03c549d9335b9");
    let mut hash = blake3::Hasher::new();
    for seed in [1, 2] {
        for row in generate(SampleOptions { rows: 5_000, seed, encoding: Default::default() }) {
            let row = Row { cells: row.cells.to_vec(), ..Row::default() };
            let comparisons = PerField::from_fn(|field| compare(field, row.left(field), row.right(field)));
            let pattern = Pattern::of(&row.facts().marks, &comparisons);
            hash.update(&pattern.pack());
        }
    }
    assert_eq!((EDITION, &hash.finalize().to_hex()[..16]), PRINT);
}

/// Stores keep what the rules say of rows. Whoever changes them so that this print changes gives them another edition
/// (`Facts::EDITION`), so that older facts are computed anew, and puts the print of that edition here.
#[test]
fn the_edition_of_the_facts_goes_up_with_the_rules() {
    const PRINT: (u32, &str) = (2, "be0728930cc34389");
    let mut hash = blake3::Hasher::new();
    let mut flags = BTreeSet::new();
    for seed in [1, 2] {
        let options = SampleOptions { rows: 3_000, seed, encoding: Default::default() };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sample.csv");
        let mut csv = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        write_csv(generate(options), options.encoding, &mut csv, None).unwrap();
        drop(csv);
        let store = store::open_or_create(&folder.path().join("work")).unwrap();
        let actor = Actor::named("検査", jiff::Timestamp::UNIX_EPOCH);
        let report = import(&path, &store, &ImportOptions::default(), &actor, &mut |_| {}).unwrap();
        assert_eq!(report.imported, 3_000);
        let snapshot = store.snapshot().unwrap();
        for (no, facts) in snapshot.facts(0..u32::MAX).unwrap() {
            hash.update(&facts.pack());
            flags.extend(facts.dangers.iter());
            for sign in snapshot.signs(no).unwrap() {
                let other = sign.other.map_or(u32::MAX, |other| other.0);
                hash.update(sign.danger.code().as_bytes()).update(&other.to_le_bytes());
            }
        }
    }
    assert_eq!(flags.into_iter().collect::<Vec<_>>(), Danger::ALL, "the sample shows every flag");
    assert_eq!((Facts::EDITION, &hash.finalize().to_hex()[..16]), PRINT);
}
