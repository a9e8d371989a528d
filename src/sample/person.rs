//! A person, and how the insurer and the register each write the five fields.

use std::borrow::Cow;

use super::address::{Address, AddressStyle, Form};
use super::date::Date;
use super::random::Random;
use super::variants;

/// A part of a name with its reading. Names of foreigners are in Latin letters; `_` stands for a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) text: &'static str,
    pub(super) kana: &'static str,
}

/// A fictitious person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) surname: Name,
    pub(super) given: Name,
    pub(super) middle: Option<Name>,
    pub(super) foreign: bool,
    pub(super) birth: Date,
    /// 0 male, 1 female.
    pub(super) sex: usize,
    pub(super) address: Address,
}

/// Notation of kana.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kana {
    Wide,
    Half,
    Hiragana,
}

/// The notations that an insurer used when it entered a household.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryStyle {
    pub(super) half_gap: bool,
    pub(super) kana: Kana,
    pub(super) half_kana_gap: bool,
    pub(super) address: Form,
    /// Another notation of the birth date, if any (see [`Date::in_form`]).
    pub(super) birth: Option<u32>,
    /// Notation of 性別: 0 for 1/2, 1 for 男/女, 2 for M/F.
    pub(super) sex: usize,
}

impl EntryStyle {
    /// The notations of the register.
    pub(super) const PLAIN: Self =
        Self { half_gap: false, kana: Kana::Wide, half_kana_gap: false, address: Form::Formal, birth: None, sex: 0 };

    pub(super) fn random(random: &mut Random) -> Self {
        let kana = match random.below(100) {
            0..=57 => Kana::Wide,
            58..=96 => Kana::Half,
            _ => Kana::Hiragana,
        };
        Self {
            half_gap: random.chance(400),
            kana,
            half_kana_gap: kana == Kana::Half || random.chance(100),
            address: match random.below(100) {
                0..=69 => Form::Formal,
                70..=79 => Form::FormalHalf,
                80..=94 => Form::Hyphen,
                95..=97 => Form::WideHyphen,
                _ => Form::KanjiChome,
            },
            birth: random.chance(20).then(|| random.below(4)),
            sex: match random.below(100) {
                0..=95 => 0,
                96..=98 => 1,
                _ => 2,
            },
        }
    }
}

/// The five fields of one side of a row, in parts that variations can alter.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) surname: Cow<'static, str>,
    pub(super) given: Cow<'static, str>,
    pub(super) kana_surname: Cow<'static, str>,
    pub(super) kana_given: Cow<'static, str>,
    /// Space between the parts of the name.
    pub(super) gap: &'static str,
    /// Space before the name.
    pub(super) lead: &'static str,
    pub(super) given_first: bool,
    pub(super) wide_letters: bool,
    pub(super) kana: Kana,
    pub(super) kana_gap: &'static str,
    pub(super) birth: String,
    pub(super) sex: &'static str,
    pub(super) address: Address,
    pub(super) writing: AddressStyle,
}

const SEX_CODES: [[&str; 2]; 3] = [["1", "2"], ["男", "女"], ["M", "F"]];

impl Side {
    /// Returns the register's (J-LIS) side of a person.
    pub(super) fn register(person: &Person) -> Self {
        Self::write(person, EntryStyle::PLAIN, person.foreign)
    }

    /// Returns the insurer's side of a person.
    pub(super) fn insurer(person: &Person, entry_style: EntryStyle) -> Self {
        Self::write(person, entry_style, false)
    }

    fn write(person: &Person, entry_style: EntryStyle, wide_letters: bool) -> Self {
        let gap = |half: bool| if half { " " } else { "\u{3000}" };
        let joined = |part: fn(&Name) -> &'static str| match person.middle {
            None => Cow::Borrowed(part(&person.given)),
            Some(middle) => Cow::Owned(format!("{}_{}", part(&person.given), part(&middle))),
        };
        Self {
            surname: Cow::Borrowed(person.surname.text),
            given: joined(|n| n.text),
            kana_surname: Cow::Borrowed(person.surname.kana),
            kana_given: joined(|n| n.kana),
            // Half-width letters come with half-width spaces.
            gap: gap(entry_style.half_gap || (person.foreign && !wide_letters)),
            lead: "",
            given_first: false,
            wide_letters,
            kana: entry_style.kana,
            kana_gap: gap(entry_style.half_kana_gap),
            birth: entry_style.birth.map_or_else(|| person.birth.digits(), |form| person.birth.in_form(form)),
            sex: SEX_CODES[entry_style.sex][person.sex],
            address: person.address,
            writing: AddressStyle::full(entry_style.address),
        }
    }

    /// Returns the 漢字氏名.
    pub(super) fn kanji_text(&self) -> String {
        let mut out = String::with_capacity(40);
        out.push_str(self.lead);
        let (first, second) =
            if self.given_first { (&self.given, &self.surname) } else { (&self.surname, &self.given) };
        for (part, gap) in [(first, self.gap), (second, "")] {
            for c in part.chars() {
                match c {
                    '_' => out.push_str(self.gap),
                    c if self.wide_letters => out.push(variants::wide(c)),
                    c => out.push(c),
                }
            }
            out.push_str(gap);
        }
        out
    }

    /// Returns the カナ氏名.
    pub(super) fn kana_text(&self) -> String {
        let mut out = String::with_capacity(48);
        if self.kana_surname.is_empty() && self.kana_given.is_empty() {
            return out;
        }
        for (part, gap) in [(&self.kana_surname, self.kana_gap), (&self.kana_given, "")] {
            for c in part.chars() {
                match (c, self.kana) {
                    ('_', _) => out.push_str(self.kana_gap),
                    (c, Kana::Wide) => out.push(c),
                    (c, Kana::Half) => variants::push_half(&mut out, c),
                    (c, Kana::Hiragana) => out.push(variants::hiragana(c)),
                }
            }
            out.push_str(gap);
        }
        out
    }

    /// Returns the 住所.
    pub(super) fn address_text(&self) -> String {
        self.address.write(&self.writing)
    }
}
