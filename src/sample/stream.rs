//! The stream of rows: household after household, with planted cases where the quota asks for one.

use std::collections::VecDeque;

use super::cases::{LOOKALIKE, MISTAKEN, MOST_ROWS};
use super::date::{AS_OF, Date};
use super::dice::Dice;
use super::draft::{Draft, Insurer};
use super::household::{self, Wants};
use super::maker::Maker;
use super::number;
use super::recipe::{MINOR, REVIEW, Recipe};
use super::tables::{Place, TABLES};
use super::truth;
use super::vary::Change;
use super::{SampleEncoding, SampleOptions, SampleRow};

/// How often a recipe row has a date at the edge of item 1; the first ones are planned, later ones thrown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    None,
    LostBefore,
    LostOnTheDay,
    LostTheDayAfter,
    LostLater,
    AcquiredOnTheDay,
}

/// All rows of a file, one after another; memory does not grow with their number.
pub(super) struct Rows {
    maker: Maker,
    insurer: Insurer,
    rows: u64,
    /// Rows thrown so far, those waiting included.
    thrown: u64,
    /// Rows handed out so far.
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
        let mut dice = Dice::new(seed);
        let homes: Vec<&'static Place> = TABLES.places.iter().filter(|place| place.home).collect();
        let home = *dice.pick(&homes);
        let insurer = Insurer {
            number: number::insurer_number(home.prefecture_number, 900 + dice.below(100)),
            symbol: home.name.chars().take(1).collect(),
        };
        Self {
            maker: Maker::new(dice, encoding, home, seed),
            insurer,
            rows,
            thrown: 0,
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
        let room = self.rows - self.thrown;
        let at = self.thrown;
        let whole_cases = room >= MOST_ROWS;
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
            self.thrown += 1;
            self.waiting.push_back(draft);
        }
    }

    /// Makes a planted case; its rows share a scenario.
    fn case(&mut self, name: &str, rows: fn(&mut Maker) -> Vec<Draft>) -> Vec<Draft> {
        let mut drafts = rows(&mut self.maker);
        self.cases += 1;
        let scenario = format!("{name}#{}", self.cases);
        let planted = |d: &Draft| !d.same_person || !d.danger.is_empty() || !d.also.is_empty() || d.judged;
        // A case in which nothing is odd (two people of one name) is all of its rows.
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
        let recipe = REVIEW.get(shown).unwrap_or_else(|| weighted(&mut self.maker.dice, &REVIEW));
        let edge = match shown {
            7 => Edge::LostOnTheDay,
            13 => Edge::LostTheDayAfter,
            19 => Edge::AcquiredOnTheDay,
            23 => Edge::LostLater,
            34 => Edge::LostBefore,
            43 => Edge::LostLater,
            0..=55 => Edge::None,
            _ => match self.maker.dice.below(1000) {
                0..=49 => Edge::LostBefore,
                50..=54 => Edge::LostOnTheDay,
                55..=62 => Edge::LostTheDayAfter,
                63..=99 => Edge::LostLater,
                100..=107 => Edge::AcquiredOnTheDay,
                _ => Edge::None,
            },
        };
        let (mut drafts, target) = self.prepared(recipe, room, true);
        let dice = &mut self.maker.dice;
        let birth = drafts[target].person.birth;
        let cover = &mut drafts[target].cover;
        match edge {
            Edge::None => {}
            Edge::LostBefore => {
                cover.acquired = cover.acquired.min(Date::new(2020, 4, 1)).max(birth);
                let first = Date::new(2020, 10, 2).max(household::next_month(cover.acquired));
                cover.lost = Some(Date::throw(dice, first.min(Date::new(2023, 9, 14)), Date::new(2023, 9, 14)));
            }
            Edge::LostOnTheDay => cover.lost = Some(AS_OF),
            Edge::LostTheDayAfter => cover.lost = Some(Date::new(2023, 9, 16)),
            Edge::LostLater => {
                cover.lost = Some(Date::throw(dice, Date::new(2023, 9, 17), Date::new(2023, 11, 20)));
            }
            Edge::AcquiredOnTheDay => cover.acquired = AS_OF,
        }
        drafts
    }

    fn minor(&mut self, room: u64) -> Vec<Draft> {
        let shown = self.minors_shown;
        self.minors_shown += 1;
        let recipe = MINOR.get(shown).unwrap_or_else(|| weighted(&mut self.maker.dice, &MINOR));
        self.prepared(recipe, room, false).0
    }

    /// Makes a household one member of which (its index is given too) shows a recipe.
    fn prepared(&mut self, recipe: &Recipe, room: u64, enrolled: bool) -> (Vec<Draft>, usize) {
        let encoding = self.maker.encoding;
        let mut wants = Wants { enrolled, limit: limit(room), ..Wants::NOTHING };
        for change in recipe.changes {
            change.wants(&mut wants, encoding);
        }
        let house = self.maker.household(&wants);
        let mut drafts = self.maker.drafts(&house);
        let draft = &mut drafts[house.target];
        draft.multiple = recipe.multiple;
        draft.judged = true;
        for change in recipe.changes {
            change.apply(draft, &mut self.maker.dice, encoding);
        }
        (drafts, house.target)
    }

    /// A household like any other. Upstream lets a single unreadable character or an 異体字 through, so some rows have one.
    fn ordinary(&mut self, room: u64) -> Vec<Draft> {
        let house = self.maker.household(&Wants { limit: limit(room), ..Wants::NOTHING });
        let mut drafts = self.maker.drafts(&house);
        let Maker { dice, encoding, .. } = &mut self.maker;
        for draft in &mut drafts {
            let change = match dice.below(1000) {
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
                change.apply(draft, dice, *encoding);
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

fn limit(room: u64) -> usize {
    room.min(5) as usize
}

/// × rows wanted before row `at`: dense at first, so that a short file shows most of what there is; 8 % at 2,000 rows and after.
fn reviews_due(at: u64) -> u64 {
    match at {
        0..=300 => at / 5,
        301..=2000 => 60 + (at - 300) * 100 / 1700,
        _ => 160 + (at - 2000) * 8 / 100,
    }
}

/// Rows with another person's number wanted before row `at`: one in twenty of the × rows.
fn mistaken_due(at: u64) -> u64 {
    match at {
        0..=300 => at / 45,
        301..=2000 => 6 + (at - 300) * 3 / 1700,
        _ => 9 + (at - 2000) * 32 / 10_000,
    }
}

/// △ rows wanted before row `at`.
fn minors_due(at: u64) -> u64 {
    at * 6 / 100
}

/// Look-alikes wanted before row `at`.
fn lookalikes_due(at: u64) -> u64 {
    if at <= 320 { at / 40 } else { 8 + (at - 320) / 250 }
}

fn weighted<'a>(dice: &mut Dice, recipes: &'a [Recipe]) -> &'a Recipe {
    let mut throw = dice.below(recipes.iter().map(|r| r.weight).sum());
    for recipe in recipes {
        if throw < recipe.weight {
            return recipe;
        }
        throw -= recipe.weight;
    }
    &recipes[0]
}
