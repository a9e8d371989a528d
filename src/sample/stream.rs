//! The stream of rows: household after household, with planted cases where the quota asks for one.

use std::collections::VecDeque;

use super::cases::{LOOKALIKE, MAX_CASE_ROWS, MISTAKEN};
use super::date::{AS_OF, Date};
use super::draft::{Draft, Insurer};
use super::generator::Generator;
use super::household::{self, Requirements};
use super::number;
use super::random::Random;
use super::recipe::{MINOR, REVIEW, Recipe};
use super::tables::{Municipality, TABLES};
use super::truth;
use super::vary::Change;
use super::{SampleEncoding, SampleOptions, SampleRow};

/// A date at the edge of item 1 for the row of a recipe. The first rows have planned edges, later ones random edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    None,
    LostBefore,
    LostOnTheDay,
    LostTheDayAfter,
    LostLater,
    AcquiredOnTheDay,
}

/// Iterator over all rows of a file; memory does not grow with their number.
pub(super) struct Rows {
    generator: Generator,
    insurer: Insurer,
    rows: u64,
    /// Rows generated so far, those in `waiting` included.
    generated: u64,
    /// Rows returned so far.
    written: u64,
    waiting: VecDeque<Draft>,
    reviews: u64,
    minors: u64,
    mistaken: u64,
    recipes_shown: usize,
    minors_shown: usize,
    mistaken_shown: usize,
    lookalikes_shown: usize,
    cases: u64,
}

impl Rows {
    pub(super) fn new(options: SampleOptions) -> Self {
        let SampleOptions { rows, seed, encoding } = options;
        let mut random = Random::new(seed);
        let homes: Vec<&'static Municipality> =
            TABLES.municipalities.iter().filter(|municipality| municipality.can_be_insurer).collect();
        let insurer_municipality = *random.pick(&homes);
        let insurer = Insurer {
            number: number::insurer_number(insurer_municipality.prefecture_number, 900 + random.below(100)),
            symbol: insurer_municipality.name.chars().take(1).collect(),
        };
        Self {
            generator: Generator::new(random, encoding, insurer_municipality, seed),
            insurer,
            rows,
            generated: 0,
            written: 0,
            waiting: VecDeque::new(),
            reviews: 0,
            minors: 0,
            mistaken: 0,
            recipes_shown: 0,
            minors_shown: 0,
            mistaken_shown: 0,
            lookalikes_shown: 0,
            cases: 0,
        }
    }

    fn refill(&mut self) {
        let room = self.rows - self.generated;
        let at = self.generated;
        let whole_cases = room >= MAX_CASE_ROWS;
        let drafts = if self.reviews < reviews_due(at) {
            if whole_cases && self.mistaken < mistaken_due(at) {
                let case = &MISTAKEN[self.mistaken_shown % MISTAKEN.len()];
                self.mistaken_shown += 1;
                self.case(case.name, case.rows)
            } else {
                self.review(room)
            }
        } else if self.minors < minors_due(at) {
            self.minor(room)
        } else if whole_cases && (self.lookalikes_shown as u64) < lookalikes_due(at) {
            let case = &LOOKALIKE[self.lookalikes_shown % LOOKALIKE.len()];
            self.lookalikes_shown += 1;
            self.case(case.name, case.rows)
        } else {
            self.ordinary(room)
        };
        for draft in drafts {
            match truth::overall(draft.class()) {
                "×" => self.reviews += 1,
                "△" => self.minors += 1,
                _ => {}
            }
            self.mistaken += u64::from(!draft.same_person);
            self.generated += 1;
            self.waiting.push_back(draft);
        }
    }

    /// Generates a planted case; its rows share a scenario.
    fn case(&mut self, name: &str, rows: fn(&mut Generator) -> Vec<Draft>) -> Vec<Draft> {
        let mut drafts = rows(&mut self.generator);
        self.cases += 1;
        let scenario = format!("{name}#{}", self.cases);
        let planted = |d: &Draft| !d.same_person || !d.danger.is_empty() || !d.tolerated.is_empty() || d.judged;
        // A case without a planted row (two people of one name) consists of all of its rows.
        let all = !drafts.iter().any(planted);
        for draft in &mut drafts {
            if all || planted(draft) {
                draft.scenario = Some(scenario.clone());
            }
        }
        drafts
    }

    fn review(&mut self, room: u64) -> Vec<Draft> {
        let shown = self.recipes_shown;
        self.recipes_shown += 1;
        let recipe = REVIEW.get(shown).unwrap_or_else(|| weighted(&mut self.generator.random, &REVIEW));
        let edge = match shown {
            7 => Edge::LostOnTheDay,
            13 => Edge::LostTheDayAfter,
            19 => Edge::AcquiredOnTheDay,
            23 => Edge::LostLater,
            34 => Edge::LostBefore,
            43 => Edge::LostLater,
            0..=55 => Edge::None,
            _ => match self.generator.random.below(1000) {
                0..=49 => Edge::LostBefore,
                50..=54 => Edge::LostOnTheDay,
                55..=62 => Edge::LostTheDayAfter,
                63..=99 => Edge::LostLater,
                100..=107 => Edge::AcquiredOnTheDay,
                _ => Edge::None,
            },
        };
        let (mut drafts, target) = self.prepared(recipe, room, true);
        let random = &mut self.generator.random;
        let birth = drafts[target].person.birth;
        let membership = &mut drafts[target].membership;
        match edge {
            Edge::None => {}
            Edge::LostBefore => {
                membership.acquired = membership.acquired.min(Date::new(2020, 4, 1)).max(birth);
                let first = Date::new(2020, 10, 2).max(household::next_month(membership.acquired));
                membership.lost = Some(Date::random(random, first.min(Date::new(2023, 9, 14)), Date::new(2023, 9, 14)));
            }
            Edge::LostOnTheDay => membership.lost = Some(AS_OF),
            Edge::LostTheDayAfter => membership.lost = Some(Date::new(2023, 9, 16)),
            Edge::LostLater => {
                membership.lost = Some(Date::random(random, Date::new(2023, 9, 17), Date::new(2023, 11, 20)));
            }
            Edge::AcquiredOnTheDay => membership.acquired = AS_OF,
        }
        drafts
    }

    fn minor(&mut self, room: u64) -> Vec<Draft> {
        let shown = self.minors_shown;
        self.minors_shown += 1;
        let recipe = MINOR.get(shown).unwrap_or_else(|| weighted(&mut self.generator.random, &MINOR));
        self.prepared(recipe, room, false).0
    }

    /// Generates a household in which one member shows a recipe; returns the rows and the index of that member.
    fn prepared(&mut self, recipe: &Recipe, room: u64, enrolled: bool) -> (Vec<Draft>, usize) {
        let encoding = self.generator.encoding;
        let mut requirements = Requirements { enrolled, limit: limit(room), ..Requirements::NOTHING };
        for change in recipe.changes {
            change.require(&mut requirements, encoding);
        }
        let house = self.generator.household(&requirements);
        let mut drafts = self.generator.drafts(&house);
        let draft = &mut drafts[house.target];
        draft.multiple = recipe.multiple;
        draft.judged = true;
        for change in recipe.changes {
            change.apply(draft, &mut self.generator.random, encoding);
        }
        (drafts, house.target)
    }

    /// Generates an ordinary household. Some rows have a single unreadable character or an 異体字, which upstream accepts.
    fn ordinary(&mut self, room: u64) -> Vec<Draft> {
        let house = self.generator.household(&Requirements { limit: limit(room), ..Requirements::NOTHING });
        let mut drafts = self.generator.drafts(&house);
        let Generator { random, encoding, .. } = &mut self.generator;
        for draft in &mut drafts {
            let change = match random.below(1000) {
                0..=27 => Change::N3,
                28..=29 => Change::N3Private,
                30..=59 => Change::N2,
                60..=63 => Change::N2Yoshi,
                64..=65 => Change::N2Selector,
                _ => continue,
            };
            let letters = draft.person.foreign;
            let suits = match change {
                Change::N2 => draft.person.surname.text.chars().any(|c| super::variants::formal(c).is_some()),
                Change::N2Yoshi => draft.person.surname.text.contains('吉'),
                Change::N2Selector => {
                    *encoding == SampleEncoding::Utf8
                        && draft.person.surname.text.chars().any(super::variants::takes_selector)
                }
                _ => true,
            };
            if suits && !letters {
                change.apply(draft, random, *encoding);
            }
        }
        drafts
    }
}

impl Iterator for Rows {
    type Item = SampleRow;

    fn next(&mut self) -> Option<SampleRow> {
        if self.written == self.rows {
            return None;
        }
        while self.waiting.is_empty() {
            self.refill();
        }
        let draft = self.waiting.pop_front()?;
        self.written += 1;
        Some(draft.finish(self.written, &self.insurer))
    }
}

/// Maximum number of members of a household when `room` rows are left.
fn limit(room: u64) -> usize {
    room.min(5) as usize
}

/// Number of × rows due before row `at`: dense at first, so that a short file shows most variations; 8 % from 2,000
/// rows on.
fn reviews_due(at: u64) -> u64 {
    match at {
        0..=300 => at / 5,
        301..=2000 => 60 + (at - 300) * 100 / 1700,
        _ => 160 + (at - 2000) * 8 / 100,
    }
}

/// Number of rows with another person's number due before row `at`: one in twenty of the × rows.
fn mistaken_due(at: u64) -> u64 {
    match at {
        0..=300 => at / 45,
        301..=2000 => 6 + (at - 300) * 3 / 1700,
        _ => 9 + (at - 2000) * 32 / 10_000,
    }
}

/// Number of △ rows due before row `at`.
fn minors_due(at: u64) -> u64 {
    at * 6 / 100
}

/// Number of look-alikes due before row `at`.
fn lookalikes_due(at: u64) -> u64 {
    if at <= 320 { at / 40 } else { 8 + (at - 320) / 250 }
}

/// Returns a random recipe by weight.
fn weighted<'a>(random: &mut Random, recipes: &'a [Recipe]) -> &'a Recipe {
    let mut draw = random.below(recipes.iter().map(|r| r.weight).sum());
    for recipe in recipes {
        if draw < recipe.weight {
            return recipe;
        }
        draw -= recipe.weight;
    }
    &recipes[0]
}
