//! What the columns of the store tell a filter is what the rows would tell it.

use meken::compare::{Code, Comparison, FieldKind, Verdict, compare};
use meken::domain::case::Case;
use meken::domain::filter::{Filter, Subject};
use meken::domain::pattern::Pattern;
use meken::domain::person::PerField;
use meken::domain::record::{Facts, Row};
use meken::sample::{SampleOptions, generate};

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
            let judged = filter.judge(&whole.facts, pattern, &whole.case);
            assert_eq!(judged.unwrap_or(passes), passes, "{filter:?} of {:?}", row.cells);
            asked += 1;
            read += usize::from(judged.is_none());
            passed += usize::from(passes);
        }
    }
    assert!(passed > 20_000, "{passed} of {asked} answers are yes");
    assert!(read * 100 < asked, "{read} of {asked} answers need the row");
}
