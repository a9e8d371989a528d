//! Households: members under one 記号番号, their enrolment period and the entry style of the insurer.

use super::address::{Address, Form};
use super::date::{AS_OF, Date};
use super::person::{EntryStyle, Kana, Name, Person};
use super::random::Random;
use super::tables::{Given, GivenNeed, Municipality, SurnameNeed, TABLES, Town};
use super::variants;

/// Requirements of planned variations on a household.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requirements {
    pub(super) surname: SurnameNeed,
    /// Requirement on the given name of the target person.
    pub(super) given: GivenNeed,
    pub(super) foreign: bool,
    /// A character that the kana surname must contain.
    pub(super) kana_with: Option<char>,
    pub(super) building: Option<bool>,
    pub(super) town_prefix: bool,
    pub(super) respelled_town: bool,
    pub(super) plain_kana: bool,
    pub(super) plain_birth: bool,
    pub(super) plain_sex: bool,
    pub(super) plain_address: bool,
    /// Every member is enrolled at 突合時点 and stays enrolled.
    pub(super) enrolled: bool,
    pub(super) shape: Shape,
    /// Maximum number of members.
    pub(super) limit: usize,
}

/// Who belongs to a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Random.
    Any,
    Single,
    Couple,
    /// Two parents and two children or more.
    Family,
}

impl Requirements {
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

    /// Requirements of cases with another person's number: Japanese, enrolled, written as in the register.
    pub(super) const PLAIN: Self = Self {
        plain_kana: true,
        plain_birth: true,
        plain_sex: true,
        plain_address: true,
        enrolled: true,
        ..Self::NOTHING
    };

    /// Returns whether a town meets the requirements.
    fn accepts(&self, town: &Town) -> bool {
        (!self.town_prefix || !town.prefix.is_empty())
            && (!self.respelled_town || variants::respelled(town.name).is_some())
    }
}

/// A household.
#[derive(Clone, Debug)]
pub(super) struct Household {
    pub(super) members: Vec<Person>,
    /// Index of the person to whom the requirements apply.
    pub(super) target: usize,
    pub(super) entry_style: EntryStyle,
    pub(super) acquired: Date,
    pub(super) lost: Option<Date>,
}

/// Returns a random household that meets the requirements.
pub(super) fn random(
    random: &mut Random,
    municipality: &'static Municipality,
    requirements: &Requirements,
) -> Household {
    let foreign = requirements.foreign
        || (requirements.surname == SurnameNeed::Any && requirements.given == GivenNeed::Any && random.chance(20));
    // Cases with another person's number are built on kanji names.
    let foreign = foreign && (requirements.foreign || !requirements.enrolled);
    let mut address = Address::random(random, municipality, |town| requirements.accepts(town));
    match requirements.building {
        Some(true) if address.building.is_none() => address = address.with_building(random),
        Some(false) => address = address.without_building(),
        _ => {}
    }
    let surname = if foreign { latin_surname(random, requirements) } else { surname(random, requirements.surname) };
    let (elders, children) = shape(random, requirements);
    let mut members = Vec::with_capacity(elders + children);
    let head_birth =
        Date::random(random, Date::new(1948, 9, 16), Date::new(if children > 0 { 1993 } else { 2003 }, 6, 30));
    let head_sex = usize::from(random.chance(350));
    for index in 0..elders {
        let (birth, sex) = if index == 0 {
            (head_birth, head_sex)
        } else {
            let (y, early) = (head_birth.year, Date::new(1948, 9, 16));
            let latest = if children > 0 { 1995 } else { 2004 };
            let first = Date::new((y - 6).min(latest - 1), 1, 1).max(early);
            (unshared_birthday(random, first, Date::new((y + 6).clamp(1950, latest), 12, 31), &members), 1 - head_sex)
        };
        members.push(member(random, surname, birth, sex, foreign, address, &members));
    }
    // Early enough that the youngest child is born before the file.
    let mut year = (head_birth.year + 20 + random.below(12) as u16).min(2012);
    for _ in 0..children {
        year += 1 + random.below(3) as u16;
        let birth = unshared_birthday(random, Date::new(year, 1, 1), Date::new(year, 12, 31), &members);
        let sex = random.index(2);
        members.push(member(random, surname, birth, sex, foreign, address, &members));
    }
    let target = random.index(members.len());
    choose_target_name(random, &mut members, target, requirements);
    let mut entry_style = EntryStyle::random(random);
    if requirements.plain_kana {
        (entry_style.kana, entry_style.half_kana_gap) = (Kana::Wide, false);
    }
    if requirements.plain_birth {
        entry_style.birth = None;
    }
    if requirements.plain_sex {
        entry_style.sex = 0;
    }
    if requirements.plain_address {
        entry_style.address = Form::Formal;
    }
    let (acquired, lost) = enrolment_period(random, requirements.enrolled);
    Household { members, target, entry_style, acquired, lost }
}

/// Returns the person with another given name.
pub(super) fn with_given_name(person: Person, given: &Given) -> Person {
    Person { given: Name { text: given.kanji, kana: given.kana }, ..person }
}

/// Returns a random given name that is neither written nor read like that of `person` or of `others`.
pub(super) fn another_given(random: &mut Random, person: &Person, others: &[Person]) -> &'static Given {
    let generation = generation(person.birth);
    loop {
        let given = TABLES.given(random, person.sex, generation, GivenNeed::Any);
        let clash =
            |p: &Person| given.kanji == p.given.text || given.kana == p.given.kana || given.other == Some(p.given.kana);
        if !clash(person) && !others.iter().any(clash) {
            return given;
        }
    }
}

/// Returns a random person without any relation to `person`: other names, birth date and address.
pub(super) fn unrelated_person(random: &mut Random, person: &Person, address: Address) -> Person {
    let sex = random.index(2);
    let birth = loop {
        let birth = Date::random(random, Date::new(1948, 9, 16), Date::new(2012, 12, 31));
        if birth.year.abs_diff(person.birth.year) > 1 {
            break birth;
        }
    };
    let surname = loop {
        let surname = surname(random, SurnameNeed::Any);
        if surname.kana != person.surname.kana && surname.text != person.surname.text {
            break surname;
        }
    };
    member(random, surname, birth, sex, false, address, std::slice::from_ref(person))
}

/// Returns the generation of given names for a birth date.
pub(super) fn generation(birth: Date) -> usize {
    match birth.year {
        ..1960 => 0,
        1960..1995 => 1,
        _ => 2,
    }
}

/// Returns the numbers of adults and children.
fn shape(random: &mut Random, requirements: &Requirements) -> (usize, usize) {
    let (elders, children) = match requirements.shape {
        Shape::Single => (1, 0),
        Shape::Couple => (2, 0),
        Shape::Family => (2, 2 + random.index(2)),
        Shape::Any => match random.below(100) {
            0..=46 => (1, 0),
            47..=74 => (2, 0),
            75..=91 => (2, 1 + random.index(3)),
            _ => (1, 1 + random.index(2)),
        },
    };
    let elders = elders.min(requirements.limit);
    (elders, children.min(requirements.limit - elders))
}

fn surname(random: &mut Random, need: SurnameNeed) -> Name {
    let surname = TABLES.surname(random, need);
    Name { text: surname.kanji, kana: surname.kana }
}

fn latin_surname(random: &mut Random, requirements: &Requirements) -> Name {
    let mut list: Vec<_> = TABLES.family.iter().collect();
    if let Some(c) = requirements.kana_with {
        list.retain(|latin| latin.kana.contains(c));
    }
    let latin = random.pick(&list);
    Name { text: latin.letters, kana: latin.kana }
}

/// Returns a random day on which none of the others was born: only planned cases share birthdays.
fn unshared_birthday(random: &mut Random, first: Date, last: Date, others: &[Person]) -> Date {
    loop {
        let day = Date::random(random, first, last);
        if others.iter().all(|p| p.birth != day) {
            return day;
        }
    }
}

fn member(
    random: &mut Random,
    surname: Name,
    birth: Date,
    sex: usize,
    foreign: bool,
    address: Address,
    others: &[Person],
) -> Person {
    let (given, middle) = if foreign {
        let latin = random.pick(&TABLES.latin_given[sex]);
        let middle = random.chance(150).then(|| random.pick(&TABLES.middle));
        (Name { text: latin.letters, kana: latin.kana }, middle.map(|m| Name { text: m.letters, kana: m.kana }))
    } else {
        let taken = |g: &Given| others.iter().any(|p| p.given.text == g.kanji || p.given.kana == g.kana);
        let given = loop {
            let given = TABLES.given(random, sex, generation(birth), GivenNeed::Any);
            if !taken(given) {
                break given;
            }
        };
        (Name { text: given.kanji, kana: given.kana }, None)
    };
    Person { surname, given, middle, foreign, birth, sex, address }
}

/// Gives the target person a given name that meets the requirement and that no other member has.
fn choose_target_name(random: &mut Random, members: &mut [Person], target: usize, requirements: &Requirements) {
    if requirements.given == GivenNeed::Any {
        return;
    }
    let person = members[target];
    // A pool may hold a single name; after some attempts a name shared with a relative is accepted.
    for _ in 0..32 {
        let given = TABLES.given(random, person.sex, 0, requirements.given);
        members[target] = with_given_name(person, given);
        let clash = |p: &Person| p.given.text == given.kanji || p.given.kana == given.kana;
        if !members.iter().enumerate().any(|(i, p)| i != target && clash(p)) {
            return;
        }
    }
}

/// Returns 取得日 and 喪失日; everyone in the file was enrolled on or after 2020-10-01.
fn enrolment_period(random: &mut Random, enrolled: bool) -> (Date, Option<Date>) {
    let first = Date::new(if random.chance(500) { 2016 } else { 1994 }, 4, 1);
    let acquired = Date::random(random, first, AS_OF);
    let lost = match random.below(1000) {
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
            (acquired, Some(Date::random(random, from, to)))
        }
    }
}

/// Returns the first day of the next month.
pub(super) fn next_month(date: Date) -> Date {
    if date.month == 12 { Date::new(date.year + 1, 1, 1) } else { Date::new(date.year, date.month + 1, 1) }
}
