//! A row under construction: both sides, the marks, and what is known of it.

use super::address::Form;
use super::date::{AS_OF, Date};
use super::person::{EntryStyle, Kana, Person, Side};
use super::truth::{self, Distance, Field, Truth};
use super::{COLUMNS, SampleRow};

/// The insurer of a file.
#[derive(Debug)]
pub(super) struct Insurer {
    pub(super) number: String,
    /// 被保険者証記号.
    pub(super) symbol: String,
}

/// Membership of one person: 番号, 枝番 and dates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Membership {
    pub(super) number: u64,
    pub(super) branch: u8,
    pub(super) acquired: Date,
    pub(super) lost: Option<Date>,
}

/// A row that variations can still be applied to.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) person: Person,
    pub(super) left: Side,
    pub(super) right: Side,
    /// The register returned nothing.
    pub(super) blank: bool,
    pub(super) membership: Membership,
    pub(super) my_number: String,
    pub(super) multiple: bool,
    pub(super) same_person: bool,
    pub(super) remark: &'static str,
    /// Flags that must be raised.
    pub(super) danger: Vec<&'static str>,
    /// Flags that may be raised as well.
    pub(super) tolerated: Vec<&'static str>,
    pub(super) scenario: Option<String>,
    /// Whether differences added from now on are marked ×.
    pub(super) judged: bool,
    /// Whether the surname differs beyond notation.
    pub(super) surname_differs: bool,
    /// Whether the given name differs beyond notation.
    pub(super) given_differs: bool,
    pub(super) marks: [bool; 5],
    distances: [Distance; 5],
    codes: Vec<&'static str>,
}

impl Draft {
    /// Creates the row of a person with the right number; only the entry style of the insurer differs from the
    /// register.
    pub(super) fn new(person: Person, entry_style: EntryStyle, membership: Membership, my_number: String) -> Self {
        let left = Side::insurer(&person, entry_style);
        let right = Side::register(&person);
        let mut draft = Self {
            person,
            blank: false,
            membership,
            my_number,
            multiple: false,
            same_person: true,
            remark: "",
            danger: Vec::new(),
            tolerated: Vec::new(),
            scenario: None,
            judged: false,
            surname_differs: false,
            given_differs: false,
            marks: [false; 5],
            distances: [Distance::Same; 5],
            codes: Vec::new(),
            left,
            right,
        };
        if draft.left.gap != draft.right.gap || draft.left.wide_letters != draft.right.wide_letters {
            draft.differ(Field::Kanji, "N1", Distance::Notation);
        }
        if entry_style.kana != Kana::Wide || entry_style.half_kana_gap {
            draft.differ(Field::Kana, "K1", Distance::Notation);
        }
        if entry_style.birth.is_some() {
            draft.differ(Field::Birth, "D3", Distance::Notation);
        }
        if entry_style.sex != 0 {
            draft.differ(Field::Sex, "S1", Distance::Notation);
        }
        if entry_style.address != Form::Formal {
            draft.differ(Field::Address, "A1", Distance::Notation);
        }
        draft
    }

    /// Adds a difference of a field, marked × while `judged` is set.
    pub(super) fn differ(&mut self, field: Field, code: &'static str, distance: Distance) {
        if !code.is_empty() && !self.codes.contains(&code) {
            self.codes.push(code);
        }
        let at = field as usize;
        self.distances[at] = self.distances[at].max(distance);
        self.marks[at] |= self.judged;
    }

    /// Fills the register's side with `other`, as for another person's number. Differing fields are marked ×.
    pub(super) fn set_register_person(&mut self, other: &Person) {
        let own = self.person;
        self.judged = true;
        self.same_person = false;
        self.right = Side::register(other);
        self.surname_differs = own.surname.text != other.surname.text;
        self.given_differs = own.given.text != other.given.text;
        if self.surname_differs || self.given_differs {
            self.differ(Field::Kanji, "NX", Distance::Different);
        }
        if own.surname.kana != other.surname.kana || own.given.kana != other.given.kana {
            self.differ(Field::Kana, "KX", Distance::Different);
        }
        if own.birth != other.birth {
            self.differ(Field::Birth, own.birth.difference(other.birth), Distance::Different);
        }
        if own.sex != other.sex {
            self.differ(Field::Sex, "S1", Distance::Different);
        }
        let (a, b) = (own.address, other.address);
        if a.municipality.name != b.municipality.name {
            self.differ(Field::Address, "A6", Distance::Different);
        } else if a.town != b.town {
            self.differ(Field::Address, "AX", Distance::Different);
        } else if (a.chome, a.ban, a.go) != (b.chome, b.ban, b.go) {
            self.differ(Field::Address, "A5", Distance::Different);
        } else if (a.building, a.wing, a.room) != (b.building, b.wing, b.room) {
            self.differ(Field::Address, "A3", Distance::Different);
        }
    }

    /// Empties the register's side, as for a number that nobody has. Every field is marked ×.
    pub(super) fn clear_register(&mut self) {
        self.blank = true;
        self.same_person = false;
        self.surname_differs = true;
        self.given_differs = true;
        self.marks = [true; 5];
        self.distances = [Distance::Different; 5];
        self.codes.clear();
    }

    /// Returns the class of the current marks.
    pub(super) fn class(&self) -> &'static str {
        truth::class(self.marks, self.multiple)
    }

    /// Converts the draft into row number `serial` of the file.
    pub(super) fn finish(mut self, serial: u64, insurer: &Insurer) -> SampleRow {
        let id = format!("{serial:010}");
        let class = self.class();
        let overall = truth::overall(class);
        self.add_row_flags();
        let membership = self.membership;
        let enrolled = membership.acquired <= AS_OF && membership.lost.is_none_or(|lost| AS_OF < lost);
        let lost_after = membership.lost.is_some_and(|lost| lost > AS_OF);
        let in_item1 = overall == "×" && enrolled;
        let must_not_suggest = !self.same_person
            || self.marks[Field::Birth as usize]
            || self.marks[Field::Sex as usize]
            || !self.danger.is_empty();
        let may_suggest =
            in_item1 && !lost_after && !must_not_suggest && self.tolerated.is_empty() && self.only_notation();
        let sensible_category = match () {
            () if !in_item1 => "-",
            () if lost_after => "2-1",
            () if may_suggest => "2-3",
            () if !self.same_person => "2-4",
            () if self.marks[Field::Birth as usize] || self.marks[Field::Sex as usize] => "4-1",
            () => "4-2",
        };
        self.codes.sort_unstable();
        self.danger.sort_unstable();
        self.danger.dedup();
        let mark = |field: Field| String::from(if self.marks[field as usize] { "×" } else { "○" });
        let right = |text: &dyn Fn() -> String| if self.blank { String::new() } else { text() };
        let issued = match membership.lost {
            Some(lost) if lost <= AS_OF => membership.acquired,
            _ => membership.acquired.max(Date::new(2023, 8, 1)),
        };
        let cells: [String; COLUMNS] = [
            id.clone(),
            insurer.number.clone(),
            insurer.symbol.clone(),
            format!("{:07}", membership.number),
            format!("{:02}", membership.branch),
            String::from(if membership.branch == 1 { "1" } else { "2" }),
            self.my_number,
            membership.acquired.digits(),
            membership.lost.map(Date::digits).unwrap_or_default(),
            issued.digits(),
            self.left.kanji_text(),
            right(&|| self.right.kanji_text()),
            mark(Field::Kanji),
            self.left.kana_text(),
            right(&|| self.right.kana_text()),
            mark(Field::Kana),
            std::mem::take(&mut self.left.birth),
            right(&|| self.right.birth.clone()),
            mark(Field::Birth),
            String::from(self.left.sex),
            right(&|| String::from(self.right.sex)),
            mark(Field::Sex),
            self.left.address_text(),
            right(&|| self.right.address_text()),
            mark(Field::Address),
            String::from(if self.multiple { "1" } else { "0" }),
            String::from(overall),
            AS_OF.digits(),
            String::from(self.remark),
        ];
        let truth = Truth {
            id,
            class,
            in_item1,
            lost_after,
            same_person: self.same_person,
            codes: self.codes,
            danger: self.danger,
            must_not_suggest,
            may_suggest,
            sensible_category,
            scenario: self.scenario,
            danger_also: self.tolerated,
        };
        SampleRow { cells, truth }
    }

    /// Returns whether every field differs in notation only; a single unreadable character in the record counts as
    /// notation (RULES §5 N3).
    fn only_notation(&self) -> bool {
        let bullets = self.distances.iter().filter(|&&d| d == Distance::Placeholder).count();
        self.distances.iter().all(|&d| d <= Distance::Placeholder) && bullets <= 1
    }

    /// Adds the flags that follow from the row alone (RULES §6): F4 and F7 as expected, F1, F7 and F8 as tolerated.
    fn add_row_flags(&mut self) {
        let distance = |field: Field| self.distances[field as usize];
        let crosses = self.marks.iter().filter(|&&m| m).count();
        let only_address = self.marks == [false, false, false, false, true];
        if only_address && self.codes.contains(&"A6") {
            self.danger.push("F4");
        }
        if crosses >= 3 && self.surname_differs && self.given_differs && !self.blank {
            self.danger.push("F7");
        } else if crosses >= 3
            && (distance(Field::Kanji) >= Distance::Uncertain || distance(Field::Kana) >= Distance::Uncertain)
        {
            self.tolerated.push("F7");
        }
        let apart = |field: Field, left: &str, right: &str| {
            distance(field) >= Distance::Uncertain && left != right && !right.is_empty()
        };
        let another_given = apart(Field::Kanji, &self.left.given, &self.right.given)
            || apart(Field::Kana, &self.left.kana_given, &self.right.kana_given);
        if distance(Field::Birth) <= Distance::Notation && another_given {
            self.tolerated.push("F1");
        }
        // The same day in another notation: a rule may call the values identical.
        if self.marks[Field::Birth as usize] && distance(Field::Birth) == Distance::Notation {
            self.tolerated.push("F8");
        }
        let danger = &self.danger;
        self.tolerated.retain(|flag| !danger.contains(flag));
        self.tolerated.sort_unstable();
        self.tolerated.dedup();
    }
}
