//! Families: who lives together under one 記号番号, from when to when, and how their clerk writes.

use super::address::{Address, Form};
use super::date::{AS_OF, Date};
use super::dice::Dice;
use super::person::{Habits, Kana, Name, Person};
use super::tables::{Given, GivenNeed, Place, SurnameNeed, TABLES, Town};
use super::variants;

/// What a household must offer so that planned variations can be shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wants {
    pub(super) surname: SurnameNeed,
    /// Of the person in question (`target`).
    pub(super) given: GivenNeed,
    pub(super) foreign: bool,
    /// A character that the kana of the person in question must hold.
    pub(super) kana_with: Option<char>,
    pub(super) building: Option<bool>,
    pub(super) town_prefix: bool,
    pub(super) respelled_town: bool,
    pub(super) plain_kana: bool,
    pub(super) plain_birth: bool,
    pub(super) plain_sex: bool,
    pub(super) plain_address: bool,
    /// Everybody is enrolled and stays so.
    pub(super) enrolled: bool,
    pub(super) shape: Shape,
    /// The most members.
    pub(super) limit: usize,
}

/// Who belongs to a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// As it comes.
    Any,
    Single,
    Couple,
    /// Two parents and two children or more.
    Family,
}

impl Wants {
    pub(super) const NOTHING: Self = Self {
        surname: SurnameNeed::Any,
        given: GivenNeed::Any,
        foreign: false,
        kana_with: None,
        building: None,
        town_prefix: false,
        respelled_town: false,
        plain_kana: false,
        plain_birth: false,
        plain_sex: false,
        plain_address: false,
        enrolled: false,
        shape: Shape::Any,
        limit: 5,
    };

    /// Whom cases of mistaken persons are made of: Japanese, enrolled, written plainly.
    pub(super) const PLAIN: Self = Self {
        plain_kana: true,
        plain_birth: true,
        plain_sex: true,
        plain_address: true,
        enrolled: true,
        ..Self::NOTHING
    };

    fn suits(&self, town: &Town) -> bool {
        (!self.town_prefix || !town.prefix.is_empty())
            && (!self.respelled_town || variants::respelled(town.name).is_some())
    }
}

/// A household.
#[derive(Clone, Debug)]
pub(super) struct Household {
    pub(super) members: Vec<Person>,
    /// Index of the person the wants are about.
    pub(super) target: usize,
    pub(super) habits: Habits,
    pub(super) acquired: Date,
    pub(super) lost: Option<Date>,
}

/// Throws a household in `home` that meets `wants`.
pub(super) fn throw(dice: &mut Dice, home: &'static Place, wants: &Wants) -> Household {
    let foreign =
        wants.foreign || (wants.surname == SurnameNeed::Any && wants.given == GivenNeed::Any && dice.chance(20));
    // Cases of mistaken persons are told by kanji; foreigners there would need their own.
    let foreign = foreign && (wants.foreign || !wants.enrolled);
    let mut address = Address::throw(dice, home, |town| wants.suits(town));
    match wants.building {
        Some(true) if address.building.is_none() => address = address.with_building(dice),
        Some(false) => address = address.without_building(),
        _ => {}
    }
    let surname = if foreign { latin_surname(dice, wants) } else { surname(dice, wants.surname) };
    let (elders, children) = shape(dice, wants);
    let mut members = Vec::with_capacity(elders + children);
    let head_birth =
        Date::throw(dice, Date::new(1948, 9, 16), Date::new(if children > 0 { 1993 } else { 2003 }, 6, 30));
    let head_sex = usize::from(dice.chance(350));
    for index in 0..elders {
        let (birth, sex) = if index == 0 {
            (head_birth, head_sex)
        } else {
            let (y, early) = (head_birth.year, Date::new(1948, 9, 16));
            let latest = if children > 0 { 1995 } else { 2004 };
            let first = Date::new((y - 6).min(latest - 1), 1, 1).max(early);
            (other_day(dice, first, Date::new((y + 6).clamp(1950, latest), 12, 31), &members), 1 - head_sex)
        };
        members.push(member(dice, surname, birth, sex, foreign, address, &members));
    }
    // Not so late that the youngest would be born after the file.
    let mut year = (head_birth.year + 20 + dice.below(12) as u16).min(2012);
    for _ in 0..children {
        year += 1 + dice.below(3) as u16;
        let birth = other_day(dice, Date::new(year, 1, 1), Date::new(year, 12, 31), &members);
        let sex = dice.index(2);
        members.push(member(dice, surname, birth, sex, foreign, address, &members));
    }
    let target = dice.index(members.len());
    fit_target(dice, &mut members, target, wants);
    let mut habits = Habits::throw(dice);
    if wants.plain_kana {
        (habits.kana, habits.half_kana_gap) = (Kana::Wide, false);
    }
    if wants.plain_birth {
        habits.birth = None;
    }
    if wants.plain_sex {
        habits.sex = 0;
    }
    if wants.plain_address {
        habits.address = Form::Formal;
    }
    let (acquired, lost) = term(dice, wants.enrolled);
    Household { members, target, habits, acquired, lost }
}

/// Gives a person with another given name; the rest stays.
pub(super) fn renamed(person: Person, given: &Given) -> Person {
    Person { given: Name { text: given.kanji, kana: given.kana }, ..person }
}

/// Throws a given name that is neither written nor read like `person`'s or any of `others`.
pub(super) fn another_given(dice: &mut Dice, person: &Person, others: &[Person]) -> &'static Given {
    let generation = generation(person.birth);
    loop {
        let given = TABLES.given(dice, person.sex, generation, GivenNeed::Any);
        let clash =
            |p: &Person| given.kanji == p.given.text || given.kana == p.given.kana || given.other == Some(p.given.kana);
        if !clash(person) && !others.iter().any(clash) {
            return given;
        }
    }
}

/// Throws somebody who has nothing to do with `person`: other names, birth and address.
pub(super) fn stranger(dice: &mut Dice, person: &Person, address: Address) -> Person {
    let sex = dice.index(2);
    let birth = loop {
        let birth = Date::throw(dice, Date::new(1948, 9, 16), Date::new(2012, 12, 31));
        if birth.year.abs_diff(person.birth.year) > 1 {
            break birth;
        }
    };
    let surname = loop {
        let surname = surname(dice, SurnameNeed::Any);
        if surname.kana != person.surname.kana && surname.text != person.surname.text {
            break surname;
        }
    };
    member(dice, surname, birth, sex, false, address, std::slice::from_ref(person))
}

/// Generation of given names for a birth date.
pub(super) fn generation(birth: Date) -> usize {
    match birth.year {
        ..1960 => 0,
        1960..1995 => 1,
        _ => 2,
    }
}

fn shape(dice: &mut Dice, wants: &Wants) -> (usize, usize) {
    let (elders, children) = match wants.shape {
        Shape::Single => (1, 0),
        Shape::Couple => (2, 0),
        Shape::Family => (2, 2 + dice.index(2)),
        Shape::Any => match dice.below(100) {
            0..=46 => (1, 0),
            47..=74 => (2, 0),
            75..=91 => (2, 1 + dice.index(3)),
            _ => (1, 1 + dice.index(2)),
        },
    };
    let elders = elders.min(wants.limit);
    (elders, children.min(wants.limit - elders))
}

fn surname(dice: &mut Dice, need: SurnameNeed) -> Name {
    let surname = TABLES.surname(dice, need);
    Name { text: surname.kanji, kana: surname.kana }
}

fn latin_surname(dice: &mut Dice, wants: &Wants) -> Name {
    let mut list: Vec<_> = TABLES.family.iter().collect();
    if let Some(c) = wants.kana_with {
        list.retain(|latin| latin.kana.contains(c));
    }
    let latin = dice.pick(&list);
    Name { text: latin.letters, kana: latin.kana }
}

/// Throws a day on which none of the others was born: birthdays are shared only where a case plans it.
fn other_day(dice: &mut Dice, first: Date, last: Date, others: &[Person]) -> Date {
    loop {
        let day = Date::throw(dice, first, last);
        if others.iter().all(|p| p.birth != day) {
            return day;
        }
    }
}

fn member(
    dice: &mut Dice,
    surname: Name,
    birth: Date,
    sex: usize,
    foreign: bool,
    address: Address,
    others: &[Person],
) -> Person {
    let (given, middle) = if foreign {
        let latin = dice.pick(&TABLES.latin_given[sex]);
        let middle = dice.chance(150).then(|| dice.pick(&TABLES.middle));
        (Name { text: latin.letters, kana: latin.kana }, middle.map(|m| Name { text: m.letters, kana: m.kana }))
    } else {
        let taken = |g: &Given| others.iter().any(|p| p.given.text == g.kanji || p.given.kana == g.kana);
        let given = loop {
            let given = TABLES.given(dice, sex, generation(birth), GivenNeed::Any);
            if !taken(given) {
                break given;
            }
        };
        (Name { text: given.kanji, kana: given.kana }, None)
    };
    Person { surname, given, middle, foreign, birth, sex, address }
}

/// Gives the person in question a given name that offers what is wanted, and that no other member has.
fn fit_target(dice: &mut Dice, members: &mut [Person], target: usize, wants: &Wants) {
    if wants.given == GivenNeed::Any {
        return;
    }
    let person = members[target];
    // A pool may be as small as one name; after a while a clash with a relative is the lesser evil.
    for _ in 0..32 {
        let given = TABLES.given(dice, person.sex, 0, wants.given);
        members[target] = renamed(person, given);
        let clash = |p: &Person| p.given.text == given.kanji || p.given.kana == given.kana;
        if !members.iter().enumerate().any(|(i, p)| i != target && clash(p)) {
            return;
        }
    }
}

/// 取得日 and 喪失日: everybody in the file was enrolled on or after 2020-10-01.
fn term(dice: &mut Dice, enrolled: bool) -> (Date, Option<Date>) {
    let first = Date::new(if dice.chance(500) { 2016 } else { 1994 }, 4, 1);
    let acquired = Date::throw(dice, first, AS_OF);
    let lost = match dice.below(1000) {
        _ if enrolled => None,
        0..=179 => Some((Date::new(2020, 10, 2), AS_OF)),
        180..=189 => Some((Date::new(2023, 9, 16), Date::new(2023, 11, 20))),
        _ => None,
    };
    match lost {
        None => (acquired, None),
        Some((from, to)) => {
            let from = from.max(next_month(acquired)).min(to);
            let acquired = if acquired < from { acquired } else { Date::new(from.year - 1, from.month, 1) };
            (acquired, Some(Date::throw(dice, from, to)))
        }
    }
}

/// The first of the month after.
pub(super) fn next_month(date: Date) -> Date {
    if date.month == 12 { Date::new(date.year + 1, 1, 1) } else { Date::new(date.year, date.month + 1, 1) }
}
