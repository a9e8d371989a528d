//! Planted cases: 個人番号 of another person, and look-alikes whose number is right. Each yields the rows of one or two
//! households.

use super::date::Date;
use super::draft::Draft;
use super::generator::Generator;
use super::household::{self, Household, Requirements, Shape};
use super::number;
use super::person::Person;
use super::tables::{Given, GivenNeed, TABLES};
use super::truth::{Distance, Field};
use super::vary::{self, Change};

/// A planted case.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: &'static str,
    /// Generates its rows.
    pub(super) rows: fn(&mut Generator) -> Vec<Draft>,
}

/// Maximum number of rows of a case.
pub(super) const MAX_CASE_ROWS: u64 = 10;

/// Cases in which a 個人番号 is another person's, in the order of their first appearance, chosen so that every flag appears
/// early.
pub(super) const MISTAKEN: [Case; 16] = [
    Case { name: "twin_swap", rows: twin_swap },
    Case { name: "parent_dup", rows: parent_dup },
    Case { name: "same_name_city", rows: same_name_city },
    Case { name: "plain_other", rows: plain_other },
    Case { name: "invalid_number", rows: invalid_number },
    Case { name: "twin_single", rows: twin_single },
    Case { name: "bullet_other", rows: bullet_other },
    Case { name: "spouse_swap", rows: spouse_swap },
    Case { name: "homophone_same_birth", rows: homophone_same_birth },
    Case { name: "cross_dup", rows: cross_dup },
    Case { name: "one_digit_other", rows: one_digit_other },
    Case { name: "father_son", rows: father_son },
    Case { name: "similar_name", rows: similar_name },
    Case { name: "twin_bullet", rows: twin_bullet },
    Case { name: "sibling_swap", rows: sibling_swap },
    Case { name: "twin_dup", rows: twin_dup },
];

/// Look-alikes and contradictions in which every 個人番号 is right.
pub(super) const LOOKALIKE: [Case; 8] = [
    Case { name: "f8_birth", rows: mark_hides_birth },
    Case { name: "twins_ok", rows: twins_ok },
    Case { name: "reenrolled", rows: reenrolled },
    Case { name: "two_quals", rows: two_qualifications },
    Case { name: "same_name_two", rows: same_name_two },
    Case { name: "twins_ok_notation", rows: twins_ok_notation },
    Case { name: "f8_name", rows: mark_hides_name },
    Case { name: "f8_address", rows: mark_hides_address },
];

/// Returns a household of a shape, enrolled and written as in the register.
fn household(generator: &mut Generator, shape: Shape) -> Household {
    generator.household(&Requirements { shape, ..Requirements::PLAIN })
}

/// Returns a family whose two eldest children (members 2 and 3) are twins, with `mixed` of different sex.
fn twins(generator: &mut Generator, mixed: bool) -> Household {
    let mut house = household(generator, Shape::Family);
    let first = house.members[2];
    let other = Person { sex: if mixed { 1 - first.sex } else { first.sex }, ..first };
    let given = household::another_given(&mut generator.random, &other, &house.members);
    house.members[3] = household::with_given_name(other, given);
    house
}

/// Gives row `x` the number of row `y`, so that the register answers with `y`.
fn duplicate(rows: &mut [Draft], x: usize, y: usize) {
    let person = rows[y].person;
    rows[x].my_number = rows[y].my_number.clone();
    rows[x].set_register_person(&person);
    rows[x].danger.extend(["F2", "F5"]);
    rows[y].danger.push("F5");
}

/// Exchanges the register's answers of two rows.
fn swap(rows: &mut [Draft], x: usize, y: usize) {
    let (a, b) = (rows[x].person, rows[y].person);
    rows[x].set_register_person(&b);
    rows[y].set_register_person(&a);
    for row in [x, y] {
        rows[row].danger.extend(["F2", "F3"]);
    }
}

fn twin_swap(generator: &mut Generator) -> Vec<Draft> {
    let mixed = generator.random.chance(250);
    let house = twins(generator, mixed);
    let mut rows = generator.drafts(&house);
    swap(&mut rows, 2, 3);
    rows[2].danger.push("F1");
    rows[3].danger.push("F1");
    rows
}

fn twin_single(generator: &mut Generator) -> Vec<Draft> {
    // The twin is insured elsewhere: no row of this file.
    let house = twins(generator, false);
    let mut rows = generator.drafts(&house);
    let twin = rows.remove(3).person;
    rows[2].set_register_person(&twin);
    rows[2].danger.push("F1");
    rows
}

fn twin_dup(generator: &mut Generator) -> Vec<Draft> {
    let house = twins(generator, false);
    let mut rows = generator.drafts(&house);
    duplicate(&mut rows, 2, 3);
    rows[2].danger.push("F1");
    rows
}

/// The insurer's side is unreadable exactly where the names of the twins differ.
fn twin_bullet(generator: &mut Generator) -> Vec<Draft> {
    let mut house = household(generator, Shape::Family);
    let (own, twin) = loop {
        let child = house.members[2];
        let list = &TABLES.given[child.sex];
        let own = *generator.random.pick(list);
        let ending = |g: &Given| g.kanji.chars().nth(1);
        let two = |g: &Given| g.kanji.chars().count() == 2;
        let fits = |g: &&Given| two(g) && ending(g) == ending(&own) && g.kana != own.kana && g.kanji != own.kanji;
        if two(&own)
            && let Some(twin) = list.iter().find(fits)
        {
            break (own, *twin);
        }
    };
    house.members.truncate(3);
    house.members[2] = household::with_given_name(house.members[2], &own);
    let mut rows = generator.drafts(&house);
    let twin = household::with_given_name(house.members[2], &twin);
    let row = &mut rows[2];
    row.set_register_person(&twin);
    let last: String = row.left.given.chars().skip(1).collect();
    row.left.given = format!("●{last}").into();
    row.differ(Field::Kanji, "N3", Distance::Placeholder);
    row.danger.push("F1");
    rows
}

fn parent_dup(generator: &mut Generator) -> Vec<Draft> {
    let house = household(generator, Shape::Family);
    let mut rows = generator.drafts(&house);
    duplicate(&mut rows, 2, 0);
    rows
}

/// Father and son whose names sound alike; the son has the father's number.
fn father_son(generator: &mut Generator) -> Vec<Draft> {
    let mut house = household(generator, Shape::Family);
    let (father, son) = loop {
        let given = *TABLES.given(&mut generator.random, 0, 1, GivenNeed::Any);
        if let Some(other) = TABLES.homophone(0, given.kanji, given.kana) {
            break (given, *other);
        }
    };
    for (index, given) in [(0, father), (2, son)] {
        house.members[index] = household::with_given_name(Person { sex: 0, ..house.members[index] }, &given);
    }
    house.members[1].sex = 1;
    let given = household::another_given(&mut generator.random, &house.members[1], &house.members);
    house.members[1] = household::with_given_name(house.members[1], given);
    let mut rows = generator.drafts(&house);
    duplicate(&mut rows, 2, 0);
    rows
}

fn spouse_swap(generator: &mut Generator) -> Vec<Draft> {
    let house = household(generator, Shape::Couple);
    let mut rows = generator.drafts(&house);
    swap(&mut rows, 0, 1);
    rows
}

fn sibling_swap(generator: &mut Generator) -> Vec<Draft> {
    let house = household(generator, Shape::Family);
    let mut rows = generator.drafts(&house);
    swap(&mut rows, 2, 3);
    rows
}

/// Generates a single person; `other` derives the person with whom the register answers.
fn answered(generator: &mut Generator, other: impl FnOnce(&mut Generator, Person) -> Person) -> Vec<Draft> {
    let house = household(generator, Shape::Single);
    let other = other(generator, house.members[0]);
    let mut rows = generator.drafts(&house);
    rows[0].set_register_person(&other);
    rows
}

fn same_name_city(generator: &mut Generator) -> Vec<Draft> {
    let mut rows = answered(generator, |generator, own| Person {
        address: vary::in_another_municipality(&mut generator.random, generator.insurer_municipality),
        ..own
    });
    rows[0].multiple = true;
    rows
}

fn plain_other(generator: &mut Generator) -> Vec<Draft> {
    answered(generator, |generator, own| {
        let address = vary::in_another_municipality(&mut generator.random, generator.insurer_municipality);
        household::unrelated_person(&mut generator.random, &own, address)
    })
}

fn one_digit_other(generator: &mut Generator) -> Vec<Draft> {
    answered(generator, |generator, own| Person {
        birth: own.birth.one_digit_off(&mut generator.random),
        address: vary::in_another_municipality(&mut generator.random, generator.insurer_municipality),
        ..own
    })
}

fn similar_name(generator: &mut Generator) -> Vec<Draft> {
    answered(generator, |generator, own| {
        let given = household::another_given(&mut generator.random, &own, &[]);
        let mut other = household::with_given_name(own, given);
        other.birth = household::next_month(own.birth);
        other.address.ban += 1;
        other
    })
}

fn homophone_same_birth(generator: &mut Generator) -> Vec<Draft> {
    let mut house = household(generator, Shape::Single);
    let own = house.members[0];
    let generation = household::generation(own.birth);
    let (mine, yours) = loop {
        let given = *TABLES.given(&mut generator.random, own.sex, generation, GivenNeed::Any);
        if let Some(other) = TABLES.homophone(own.sex, given.kanji, given.kana) {
            break (given, *other);
        }
    };
    house.members[0] = household::with_given_name(own, &mine);
    let address = vary::in_another_municipality(&mut generator.random, generator.insurer_municipality);
    let mut rows = generator.drafts(&house);
    rows[0].set_register_person(&Person { address, ..household::with_given_name(own, &yours) });
    rows
}

fn bullet_other(generator: &mut Generator) -> Vec<Draft> {
    let mut rows = same_name_city(generator);
    rows[0].multiple = false;
    Change::N3.apply(&mut rows[0], &mut generator.random, generator.encoding);
    rows
}

fn invalid_number(generator: &mut Generator) -> Vec<Draft> {
    let house = household(generator, Shape::Single);
    let mut rows = generator.drafts(&house);
    let row = &mut rows[0];
    row.my_number = number::with_wrong_check_digit(&row.my_number, generator.random.between(1, 9));
    row.clear_register();
    row.danger.push("F6");
    row.tolerated.push("F7");
    rows
}

/// A person with the number of a person of another household.
fn cross_dup(generator: &mut Generator) -> Vec<Draft> {
    let mut rows = Vec::new();
    let one = household(generator, Shape::Single);
    let mut two = household(generator, Shape::Single);
    two.members[0] = household::unrelated_person(&mut generator.random, &one.members[0], two.members[0].address);
    rows.extend(generator.drafts(&one));
    rows.extend(generator.drafts(&two));
    duplicate(&mut rows, 0, 1);
    // The 記号番号 differs. Whether the address is shared depends on which side is read.
    rows[0].danger.retain(|&flag| flag != "F2");
    rows[0].tolerated.push("F2");
    rows
}

fn twins_ok(generator: &mut Generator) -> Vec<Draft> {
    let mixed = generator.random.chance(300);
    let house = twins(generator, mixed);
    let mut rows = generator.drafts(&house);
    for row in &mut rows[2..4] {
        row.tolerated.push("F1");
    }
    rows
}

fn twins_ok_notation(generator: &mut Generator) -> Vec<Draft> {
    let mut rows = twins_ok(generator);
    let row = &mut rows[2];
    row.judged = true;
    Change::N3.apply(row, &mut generator.random, generator.encoding);
    Change::A1.apply(row, &mut generator.random, generator.encoding);
    rows
}

/// One person who left and enrolled again: two rows, one number.
fn reenrolled(generator: &mut Generator) -> Vec<Draft> {
    let house = household(generator, Shape::Single);
    let mut rows = generator.drafts(&house);
    let mut again = rows[0].clone();
    let lost = Date::new(2021, generator.random.between(1, 12) as u8, generator.random.between(1, 28) as u8);
    rows[0].membership.acquired = rows[0].membership.acquired.min(Date::new(2020, 4, 1));
    rows[0].membership.lost = Some(lost);
    again.membership.acquired = household::next_month(household::next_month(lost));
    again.membership.number = generator.next_card_number();
    rows.push(again);
    allow_flags_of_two_rows(rows)
}

/// One person with two qualifications at once.
fn two_qualifications(generator: &mut Generator) -> Vec<Draft> {
    let house = household(generator, Shape::Single);
    let mut rows = generator.drafts(&house);
    let mut again = rows[0].clone();
    again.membership.number = generator.next_card_number();
    again.judged = true;
    Change::A2Prefecture.apply(&mut again, &mut generator.random, generator.encoding);
    rows.push(again);
    for row in &mut rows {
        row.multiple = true;
    }
    allow_flags_of_two_rows(rows)
}

/// Allows the flags of a person with two rows.
fn allow_flags_of_two_rows(mut rows: Vec<Draft>) -> Vec<Draft> {
    for row in &mut rows {
        row.tolerated.extend(["F2", "F5"]);
    }
    rows
}

/// Two people with one name and birth date, both with the right number.
fn same_name_two(generator: &mut Generator) -> Vec<Draft> {
    let one = household(generator, Shape::Single);
    let mut two = household(generator, Shape::Single);
    two.members[0] = Person { address: two.members[0].address, ..one.members[0] };
    let mut rows = generator.drafts(&one);
    rows.extend(generator.drafts(&two));
    rows
}

/// One row that is marked ○ although its values differ.
fn hidden(generator: &mut Generator, change: Change) -> Vec<Draft> {
    let house = household(generator, Shape::Single);
    let mut rows = generator.drafts(&house);
    change.apply(&mut rows[0], &mut generator.random, generator.encoding);
    rows[0].danger.push("F8");
    rows
}

fn mark_hides_birth(generator: &mut Generator) -> Vec<Draft> {
    hidden(generator, Change::D1Digit)
}

fn mark_hides_name(generator: &mut Generator) -> Vec<Draft> {
    hidden(generator, Change::Nx)
}

fn mark_hides_address(generator: &mut Generator) -> Vec<Draft> {
    hidden(generator, Change::A5)
}
