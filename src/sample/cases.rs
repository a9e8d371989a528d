//! Planted cases: numbers that are another person's, and look-alikes whose number is right. Each gives the rows of a household or two.

use super::date::Date;
use super::draft::Draft;
use super::household::{self, Household, Shape, Wants};
use super::maker::Maker;
use super::number;
use super::person::Person;
use super::tables::{Given, GivenNeed, TABLES};
use super::truth::{Distance, Field};
use super::vary::{self, Change};

/// A planted case.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: &'static str,
    /// Makes its rows.
    pub(super) rows: fn(&mut Maker) -> Vec<Draft>,
}

/// No case has more rows than this.
pub(super) const MOST_ROWS: u64 = 10;

/// Cases in which a 個人番号 is another person's, in the order in which they first appear: every flag early.
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

fn household(maker: &mut Maker, shape: Shape) -> Household {
    maker.household(&Wants { shape, ..Wants::PLAIN })
}

/// A family whose two eldest children (members 2 and 3) are twins; now and then of different sex.
fn twins(maker: &mut Maker, mixed: bool) -> Household {
    let mut house = household(maker, Shape::Family);
    let first = house.members[2];
    let other = Person { sex: if mixed { 1 - first.sex } else { first.sex }, ..first };
    let given = household::another_given(&mut maker.dice, &other, &house.members);
    house.members[3] = household::renamed(other, given);
    house
}

/// Makes `x` carry the number of `y`: its own is lost, and the register answers with `y`.
fn duplicate(rows: &mut [Draft], x: usize, y: usize) {
    let person = rows[y].person;
    rows[x].my_number = rows[y].my_number.clone();
    rows[x].answer_with(&person);
    rows[x].danger.extend(["F2", "F5"]);
    rows[y].danger.push("F5");
}

fn swap(rows: &mut [Draft], x: usize, y: usize) {
    let (a, b) = (rows[x].person, rows[y].person);
    rows[x].answer_with(&b);
    rows[y].answer_with(&a);
    for row in [x, y] {
        rows[row].danger.extend(["F2", "F3"]);
    }
}

fn twin_swap(maker: &mut Maker) -> Vec<Draft> {
    let mixed = maker.dice.chance(250);
    let house = twins(maker, mixed);
    let mut rows = maker.drafts(&house);
    swap(&mut rows, 2, 3);
    rows[2].danger.push("F1");
    rows[3].danger.push("F1");
    rows
}

fn twin_single(maker: &mut Maker) -> Vec<Draft> {
    // The twin lives elsewhere in the system: not a row of this file.
    let house = twins(maker, false);
    let mut rows = maker.drafts(&house);
    let twin = rows.remove(3).person;
    rows[2].answer_with(&twin);
    rows[2].danger.push("F1");
    rows
}

fn twin_dup(maker: &mut Maker) -> Vec<Draft> {
    let house = twins(maker, false);
    let mut rows = maker.drafts(&house);
    duplicate(&mut rows, 2, 3);
    rows[2].danger.push("F1");
    rows
}

/// The insurer's side is unreadable just where the twins differ.
fn twin_bullet(maker: &mut Maker) -> Vec<Draft> {
    let mut house = household(maker, Shape::Family);
    let (own, twin) = loop {
        let child = house.members[2];
        let list = &TABLES.given[child.sex];
        let own = *maker.dice.pick(list);
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
    house.members[2] = household::renamed(house.members[2], &own);
    let mut rows = maker.drafts(&house);
    let twin = household::renamed(house.members[2], &twin);
    let row = &mut rows[2];
    row.answer_with(&twin);
    let last: String = row.left.given.chars().skip(1).collect();
    row.left.given = format!("●{last}").into();
    row.differ(Field::Kanji, "N3", Distance::Bullet);
    row.danger.push("F1");
    rows
}

fn parent_dup(maker: &mut Maker) -> Vec<Draft> {
    let house = household(maker, Shape::Family);
    let mut rows = maker.drafts(&house);
    duplicate(&mut rows, 2, 0);
    rows
}

/// Father and son whose names sound alike; the son has the father's number.
fn father_son(maker: &mut Maker) -> Vec<Draft> {
    let mut house = household(maker, Shape::Family);
    let (father, son) = loop {
        let given = *TABLES.given(&mut maker.dice, 0, 1, GivenNeed::Any);
        if let Some(other) = TABLES.homophone(0, given.kanji, given.kana) {
            break (given, *other);
        }
    };
    for (index, given) in [(0, father), (2, son)] {
        house.members[index] = household::renamed(Person { sex: 0, ..house.members[index] }, &given);
    }
    house.members[1].sex = 1;
    let given = household::another_given(&mut maker.dice, &house.members[1], &house.members);
    house.members[1] = household::renamed(house.members[1], given);
    let mut rows = maker.drafts(&house);
    duplicate(&mut rows, 2, 0);
    rows
}

fn spouse_swap(maker: &mut Maker) -> Vec<Draft> {
    let house = household(maker, Shape::Couple);
    let mut rows = maker.drafts(&house);
    swap(&mut rows, 0, 1);
    rows
}

fn sibling_swap(maker: &mut Maker) -> Vec<Draft> {
    let house = household(maker, Shape::Family);
    let mut rows = maker.drafts(&house);
    swap(&mut rows, 2, 3);
    rows
}

/// A single person and what the register answers, derived from her or him.
fn answered(maker: &mut Maker, other: impl FnOnce(&mut Maker, Person) -> Person) -> Vec<Draft> {
    let house = household(maker, Shape::Single);
    let other = other(maker, house.members[0]);
    let mut rows = maker.drafts(&house);
    rows[0].answer_with(&other);
    rows
}

fn same_name_city(maker: &mut Maker) -> Vec<Draft> {
    let mut rows =
        answered(maker, |maker, own| Person { address: vary::elsewhere(&mut maker.dice, maker.home), ..own });
    rows[0].multiple = true;
    rows
}

fn plain_other(maker: &mut Maker) -> Vec<Draft> {
    answered(maker, |maker, own| {
        let address = vary::elsewhere(&mut maker.dice, maker.home);
        household::stranger(&mut maker.dice, &own, address)
    })
}

fn one_digit_other(maker: &mut Maker) -> Vec<Draft> {
    answered(maker, |maker, own| Person {
        birth: own.birth.one_digit_off(&mut maker.dice),
        address: vary::elsewhere(&mut maker.dice, maker.home),
        ..own
    })
}

fn similar_name(maker: &mut Maker) -> Vec<Draft> {
    answered(maker, |maker, own| {
        let given = household::another_given(&mut maker.dice, &own, &[]);
        let mut other = household::renamed(own, given);
        other.birth = household::next_month(own.birth);
        other.address.ban += 1;
        other
    })
}

fn homophone_same_birth(maker: &mut Maker) -> Vec<Draft> {
    let mut house = household(maker, Shape::Single);
    let own = house.members[0];
    let generation = household::generation(own.birth);
    let (mine, yours) = loop {
        let given = *TABLES.given(&mut maker.dice, own.sex, generation, GivenNeed::Any);
        if let Some(other) = TABLES.homophone(own.sex, given.kanji, given.kana) {
            break (given, *other);
        }
    };
    house.members[0] = household::renamed(own, &mine);
    let address = vary::elsewhere(&mut maker.dice, maker.home);
    let mut rows = maker.drafts(&house);
    rows[0].answer_with(&Person { address, ..household::renamed(own, &yours) });
    rows
}

fn bullet_other(maker: &mut Maker) -> Vec<Draft> {
    let mut rows = same_name_city(maker);
    rows[0].multiple = false;
    Change::N3.apply(&mut rows[0], &mut maker.dice, maker.encoding);
    rows
}

fn invalid_number(maker: &mut Maker) -> Vec<Draft> {
    let house = household(maker, Shape::Single);
    let mut rows = maker.drafts(&house);
    let row = &mut rows[0];
    row.my_number = number::spoiled(&row.my_number, maker.dice.between(1, 9));
    row.answer_nothing();
    row.danger.push("F6");
    row.also.push("F7");
    rows
}

/// Somebody has the number of a person of another household.
fn cross_dup(maker: &mut Maker) -> Vec<Draft> {
    let mut rows = Vec::new();
    let one = household(maker, Shape::Single);
    let mut two = household(maker, Shape::Single);
    two.members[0] = household::stranger(&mut maker.dice, &one.members[0], two.members[0].address);
    rows.extend(maker.drafts(&one));
    rows.extend(maker.drafts(&two));
    duplicate(&mut rows, 0, 1);
    // The 記号番号 is not shared; the address is only if the register's counts.
    rows[0].danger.retain(|&flag| flag != "F2");
    rows[0].also.push("F2");
    rows
}

fn twins_ok(maker: &mut Maker) -> Vec<Draft> {
    let mixed = maker.dice.chance(300);
    let house = twins(maker, mixed);
    let mut rows = maker.drafts(&house);
    for row in &mut rows[2..4] {
        row.also.push("F1");
    }
    rows
}

fn twins_ok_notation(maker: &mut Maker) -> Vec<Draft> {
    let mut rows = twins_ok(maker);
    let row = &mut rows[2];
    row.judged = true;
    Change::N3.apply(row, &mut maker.dice, maker.encoding);
    Change::A1.apply(row, &mut maker.dice, maker.encoding);
    rows
}

/// One person left and came back: two rows, one number.
fn reenrolled(maker: &mut Maker) -> Vec<Draft> {
    let house = household(maker, Shape::Single);
    let mut rows = maker.drafts(&house);
    let mut again = rows[0].clone();
    let lost = Date::new(2021, maker.dice.between(1, 12) as u8, maker.dice.between(1, 28) as u8);
    rows[0].cover.acquired = rows[0].cover.acquired.min(Date::new(2020, 4, 1));
    rows[0].cover.lost = Some(lost);
    again.cover.acquired = household::next_month(household::next_month(lost));
    again.cover.number = maker.next_cover();
    rows.push(again);
    also_twice(rows)
}

/// One person with two qualifications at once.
fn two_qualifications(maker: &mut Maker) -> Vec<Draft> {
    let house = household(maker, Shape::Single);
    let mut rows = maker.drafts(&house);
    let mut again = rows[0].clone();
    again.cover.number = maker.next_cover();
    again.judged = true;
    Change::A2Prefecture.apply(&mut again, &mut maker.dice, maker.encoding);
    rows.push(again);
    for row in &mut rows {
        row.multiple = true;
    }
    also_twice(rows)
}

fn also_twice(mut rows: Vec<Draft>) -> Vec<Draft> {
    for row in &mut rows {
        row.also.extend(["F2", "F5"]);
    }
    rows
}

/// Two people of one name and birth date, both right.
fn same_name_two(maker: &mut Maker) -> Vec<Draft> {
    let one = household(maker, Shape::Single);
    let mut two = household(maker, Shape::Single);
    two.members[0] = Person { address: two.members[0].address, ..one.members[0] };
    let mut rows = maker.drafts(&one);
    rows.extend(maker.drafts(&two));
    rows
}

/// Marked ○ although the values differ.
fn hidden(maker: &mut Maker, change: Change) -> Vec<Draft> {
    let house = household(maker, Shape::Single);
    let mut rows = maker.drafts(&house);
    change.apply(&mut rows[0], &mut maker.dice, maker.encoding);
    rows[0].danger.push("F8");
    rows
}

fn mark_hides_birth(maker: &mut Maker) -> Vec<Draft> {
    hidden(maker, Change::D1Digit)
}

fn mark_hides_name(maker: &mut Maker) -> Vec<Draft> {
    hidden(maker, Change::Nx)
}

fn mark_hides_address(maker: &mut Maker) -> Vec<Draft> {
    hidden(maker, Change::A5)
}
