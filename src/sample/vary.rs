//! The variations of DOMAIN §5, one by one: each knows what a person must have to show it, and how it changes a draft.

use std::borrow::Cow;

use super::SampleEncoding;
use super::address::{Address, Form};
use super::dice::Dice;
use super::draft::Draft;
use super::household::Wants;
use super::number;
use super::person::Kana;
use super::tables::{GivenNeed, Place, SurnameNeed, TABLES};
use super::truth::{Distance, Field};
use super::variants;
use Distance::{Bullet, Different, Doubtful, Notation};

/// One way in which the two sides of a row may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Spaces of the name.
    N1,
    /// 異体字, 旧字体.
    N2,
    /// 異体字 where both are surnames of their own.
    N2Own,
    /// 吉 and 𠮷, which CP932 cannot hold: there the register's side shows a substitute.
    N2Yoshi,
    /// A variation selector; in CP932 an ordinary 異体字 instead.
    N2Selector,
    /// One character unreadable.
    N3,
    /// One character of the town unreadable.
    N3Town,
    /// 外字 standing for one character.
    N3Private,
    /// Kanji written in kana.
    N4,
    /// Another surname.
    N5,
    /// 通称 and 本名.
    N6,
    /// Upper and lower case.
    N7Case,
    /// Family name last.
    N7Order,
    /// Middle name on one side.
    N7Middle,
    /// Name cut off.
    N7Cut,
    N8Ke,
    N8Repeat,
    N8No,
    /// Another given name, in kanji and kana.
    Nx,
    K1,
    K2,
    K3Ji,
    K3Bar,
    K3Vu,
    K3Wo,
    K4Bar,
    K4Oo,
    K4Short,
    K5,
    K6,
    /// The register has no kana.
    KMissing,
    A1,
    A1Kanji,
    A2Prefix,
    A2Prefecture,
    A2County,
    A3Building,
    A3Room,
    A3Branch,
    A3Host,
    A3OtherRoom,
    A4,
    A5,
    A6,
    /// Moved inside the municipality.
    Ax,
    /// × although both sides are identical.
    SameAddress,
    D1Digit,
    D1Transposed,
    D1Swapped,
    D2Era,
    D2Year,
    D2Unknown,
    D3,
    S1,
    S1Unset,
    /// The check digit of the 個人番号 fails.
    BadNumber,
}

/// Symbols that stand for a character nobody could write, more or less as often as they are met.
const BLOTS: [char; 10] = ['●', '●', '●', '●', '●', '〓', '〓', '■', '□', '?'];

impl Change {
    /// Adds what a household and its person must have so that this can be shown.
    pub(super) fn wants(self, wants: &mut Wants, encoding: SampleEncoding) {
        use Change as C;
        match self {
            C::N2 => wants.surname = SurnameNeed::Variant,
            C::N2Own => wants.surname = SurnameNeed::OwnVariant,
            C::N2Yoshi => wants.surname = SurnameNeed::Yoshi,
            C::N2Selector if encoding == SampleEncoding::Utf8 => wants.surname = SurnameNeed::Selector,
            C::N2Selector => wants.surname = SurnameNeed::Variant,
            C::N8Ke => wants.surname = SurnameNeed::SmallKe,
            C::N8Repeat => wants.surname = SurnameNeed::Repeat,
            C::N8No => wants.surname = SurnameNeed::No,
            C::K4Oo => wants.surname = SurnameNeed::LongO,
            C::K5 => wants.surname = SurnameNeed::Voiced,
            C::K2 => wants.given = GivenNeed::Small,
            C::K3Ji => wants.given = GivenNeed::Ji,
            C::K3Wo => wants.given = GivenNeed::Wo,
            C::K4Bar | C::K4Short => wants.given = GivenNeed::Long,
            C::K6 => wants.given = GivenNeed::Reading,
            C::N7Case | C::N7Order | C::N7Middle | C::N7Cut => wants.foreign = true,
            C::K3Bar => {
                wants.foreign = true;
                wants.kana_with = Some('ー');
            }
            C::K3Vu => {
                wants.foreign = true;
                wants.kana_with = Some('ヴ');
            }
            C::A2Prefix => wants.town_prefix = true,
            C::A3Building | C::A3Room | C::A3OtherRoom => wants.building = Some(true),
            C::A3Host | C::A3Branch => wants.building = Some(false),
            C::A4 => wants.respelled_town = true,
            _ => {}
        }
        match self.field() {
            Some(Field::Kana) => wants.plain_kana = true,
            Some(Field::Birth) => wants.plain_birth = true,
            Some(Field::Sex) => wants.plain_sex = true,
            Some(Field::Address) => wants.plain_address = true,
            _ => {}
        }
    }

    /// The field it is about; None for those about the number.
    fn field(self) -> Option<Field> {
        use Change as C;
        Some(match self {
            C::N1
            | C::N2
            | C::N2Own
            | C::N2Yoshi
            | C::N2Selector
            | C::N3
            | C::N3Private
            | C::N4
            | C::N5
            | C::N6
            | C::N7Case
            | C::N7Order
            | C::N7Middle
            | C::N7Cut
            | C::N8Ke
            | C::N8Repeat
            | C::N8No
            | C::Nx => Field::Kanji,
            C::K1
            | C::K2
            | C::K3Ji
            | C::K3Bar
            | C::K3Vu
            | C::K3Wo
            | C::K4Bar
            | C::K4Oo
            | C::K4Short
            | C::K5
            | C::K6
            | C::KMissing => Field::Kana,
            C::N3Town
            | C::A1
            | C::A1Kanji
            | C::A2Prefix
            | C::A2Prefecture
            | C::A2County
            | C::A3Building
            | C::A3Room
            | C::A3Branch
            | C::A3Host
            | C::A3OtherRoom
            | C::A4
            | C::A5
            | C::A6
            | C::Ax
            | C::SameAddress => Field::Address,
            C::D1Digit | C::D1Transposed | C::D1Swapped | C::D2Era | C::D2Year | C::D2Unknown | C::D3 => Field::Birth,
            C::S1 | C::S1Unset => Field::Sex,
            C::BadNumber => return None,
        })
    }

    /// Applies it to a draft; where the person turns out not to suit, a simple variation of the same field takes its place.
    pub(super) fn apply(self, draft: &mut Draft, dice: &mut Dice, encoding: SampleEncoding) {
        if self.try_apply(draft, dice, encoding) {
            return;
        }
        let simple = match self.field() {
            Some(Field::Kanji) => Self::N1,
            Some(Field::Kana) => Self::K1,
            Some(Field::Birth) => Self::D1Digit,
            Some(Field::Address) => Self::A2Prefecture,
            Some(Field::Sex) | None => return,
        };
        simple.try_apply(draft, dice, encoding);
    }

    fn try_apply(self, draft: &mut Draft, dice: &mut Dice, encoding: SampleEncoding) -> bool {
        match self.field() {
            Some(Field::Kanji) => self.apply_kanji(draft, dice, encoding),
            Some(Field::Kana) => self.apply_kana(draft, dice),
            Some(Field::Birth) => self.apply_birth(draft, dice),
            Some(Field::Sex) => {
                draft.left.sex =
                    if self == Self::S1 { ["2", "1"][draft.person.sex] } else { *dice.pick(&["3", "0", "9", ""]) };
                draft.differ(Field::Sex, "S1", Different);
                true
            }
            Some(Field::Address) => self.apply_address(draft, dice),
            None => {
                draft.my_number = number::spoiled(&draft.my_number, dice.between(1, 9));
                draft.danger.push("F6");
                true
            }
        }
    }

    fn apply_kanji(self, draft: &mut Draft, dice: &mut Dice, encoding: SampleEncoding) -> bool {
        let (code, distance) = match self {
            Self::N1 => {
                match dice.below(4) {
                    0 if draft.person.foreign => draft.left.gap = "  ",
                    0 | 1 if !draft.person.foreign => draft.left.gap = "",
                    2 => draft.left.gap = "\u{3000}\u{3000}",
                    _ => draft.left.lead = " ",
                }
                ("N1", Notation)
            }
            Self::N2 => {
                let Some(surname) = swapped(&draft.right.surname, variants::formal) else { return false };
                if dice.chance(150) {
                    draft.left.surname = Cow::Owned(surname);
                } else {
                    draft.right.surname = Cow::Owned(surname);
                }
                ("N2", Notation)
            }
            Self::N2Own => {
                let Some(surname) = swapped(&draft.right.surname, variants::own) else { return false };
                draft.right.surname = Cow::Owned(surname);
                ("N2", Doubtful)
            }
            Self::N2Yoshi => {
                // Real systems put a substitute where the code set has no 𠮷 (U+20BB7).
                let utf8 = encoding == SampleEncoding::Utf8;
                let other = if utf8 { '\u{20BB7}' } else { *dice.pick(&['●', '〓']) };
                let Some(surname) = swapped(&draft.right.surname, |c| (c == '吉').then_some(other)) else {
                    return false;
                };
                draft.right.surname = Cow::Owned(surname);
                if utf8 { ("N2", Notation) } else { ("N3", Bullet) }
            }
            Self::N2Selector if encoding == SampleEncoding::Cp932 => {
                return Self::N2.apply_kanji(draft, dice, encoding);
            }
            Self::N2Selector => {
                let Some((at, c)) = draft.right.surname.char_indices().find(|&(_, c)| variants::takes_selector(c))
                else {
                    return false;
                };
                draft.right.surname.to_mut().insert(at + c.len_utf8(), '\u{E0100}');
                ("N2", Notation)
            }
            Self::N3 | Self::N3Private => {
                let blot = match self {
                    Self::N3 if dice.chance(900) => *dice.pick(&BLOTS),
                    // The first three lead bytes of the user-defined area (F040–F2FC).
                    _ => char::from_u32(0xE000 + dice.below(3 * 188)).unwrap_or('●'),
                };
                if !blotted(draft, blot, dice) {
                    return false;
                }
                ("N3", Bullet)
            }
            Self::N4 => {
                if draft.person.foreign {
                    return false;
                }
                if dice.chance(700) {
                    draft.left.surname = Cow::Borrowed(draft.person.surname.kana);
                } else {
                    draft.left.given = Cow::Borrowed(draft.person.given.kana);
                }
                ("N4", Doubtful)
            }
            Self::N5 => {
                let own = draft.person.surname;
                let other = loop {
                    let s = TABLES.surname(dice, SurnameNeed::Any);
                    if s.kana != own.kana && s.voiced != Some(own.kana) && s.kanji != own.text {
                        break s;
                    }
                };
                draft.right.surname = Cow::Borrowed(other.kanji);
                draft.right.kana_surname = Cow::Borrowed(other.kana);
                draft.surname_differs = true;
                draft.differ(Field::Kana, "N5", Different);
                ("N5", Different)
            }
            Self::N6 => {
                let family = dice.pick(&TABLES.family);
                let given = dice.pick(&TABLES.latin_given[draft.person.sex]);
                draft.right.surname = Cow::Borrowed(family.letters);
                draft.right.given = Cow::Borrowed(given.letters);
                draft.right.kana_surname = Cow::Borrowed(family.kana);
                draft.right.kana_given = Cow::Borrowed(given.kana);
                draft.right.wide_letters = true;
                draft.surname_differs = true;
                draft.given_differs = true;
                draft.differ(Field::Kana, "N6", Different);
                ("N6", Different)
            }
            Self::N7Case => {
                draft.left.surname = Cow::Owned(capitalised(&draft.left.surname));
                draft.left.given = Cow::Owned(capitalised(&draft.left.given));
                ("N7", Notation)
            }
            Self::N7Order => {
                draft.left.given_first = true;
                ("N7", Doubtful)
            }
            Self::N7Middle => {
                let middle = dice.pick(&TABLES.middle);
                draft.right.given = Cow::Owned(format!("{}_{}", draft.right.given, middle.letters));
                ("N7", Doubtful)
            }
            Self::N7Cut => {
                let keep = draft.left.given.find('_').unwrap_or(draft.left.given.len()).min(3);
                if keep >= draft.left.given.len() || !draft.person.foreign {
                    return false;
                }
                draft.left.given.to_mut().truncate(keep);
                ("N7", Doubtful)
            }
            Self::N8Ke => {
                let Some(surname) = swapped(&draft.left.surname, |c| (c == 'ヶ').then_some('ケ')) else {
                    return false;
                };
                draft.left.surname = Cow::Owned(surname);
                ("N8", Notation)
            }
            Self::N8Repeat => {
                let surname = repeated(&draft.left.surname);
                if surname == draft.left.surname {
                    return false;
                }
                draft.left.surname = Cow::Owned(surname);
                ("N8", Doubtful)
            }
            Self::N8No => {
                let Some(surname) = swapped(&draft.left.surname, |c| (c == 'ノ').then_some('之')) else {
                    return false;
                };
                draft.left.surname = Cow::Owned(surname);
                ("N8", Doubtful)
            }
            Self::Nx => {
                let own = draft.person.given;
                let other = loop {
                    let generation = dice.index(3);
                    let g = TABLES.given(dice, draft.person.sex, generation, GivenNeed::Any);
                    if g.kanji != own.text && g.kana != own.kana && g.other != Some(own.kana) {
                        break g;
                    }
                };
                draft.right.given = Cow::Borrowed(other.kanji);
                draft.right.kana_given = Cow::Borrowed(other.kana);
                draft.given_differs = true;
                draft.differ(Field::Kana, "KX", Different);
                draft.danger.push("F1");
                ("NX", Different)
            }
            _ => return false,
        };
        draft.differ(Field::Kanji, code, distance);
        true
    }

    fn apply_kana(self, draft: &mut Draft, dice: &mut Dice) -> bool {
        let left = &mut draft.left;
        let (code, distance) = match self {
            Self::K1 => {
                left.kana = if dice.chance(800) { Kana::Half } else { Kana::Hiragana };
                left.kana_gap = " ";
                ("K1", Notation)
            }
            Self::K2 => {
                let large = variants::enlarged(&left.kana_given);
                if large == left.kana_given {
                    return false;
                }
                left.kana_given = Cow::Owned(large);
                ("K2", Notation)
            }
            Self::K3Ji => {
                let Some(kana) = swapped(&left.kana_given, |c| match c {
                    'ジ' => Some('ヂ'),
                    'ズ' => Some('ヅ'),
                    _ => None,
                }) else {
                    return false;
                };
                left.kana_given = Cow::Owned(kana);
                ("K3", Notation)
            }
            Self::K3Bar => {
                let dash = *dice.pick(&['－', '‐']);
                let change = |kana: &str| swapped(kana, |c| (c == 'ー').then_some(dash));
                if let Some(kana) = change(&left.kana_surname) {
                    left.kana_surname = Cow::Owned(kana);
                } else if let Some(kana) = change(&left.kana_given) {
                    left.kana_given = Cow::Owned(kana);
                } else {
                    return false;
                }
                ("K3", Notation)
            }
            Self::K3Vu => {
                let plain = |kana: &str| {
                    kana.replace("ヴァ", "バ")
                        .replace("ヴィ", "ビ")
                        .replace("ヴェ", "ベ")
                        .replace("ヴォ", "ボ")
                        .replace('ヴ', "ブ")
                };
                let (surname, given) = (plain(&left.kana_surname), plain(&left.kana_given));
                if surname == left.kana_surname && given == left.kana_given {
                    return false;
                }
                left.kana_surname = Cow::Owned(surname);
                left.kana_given = Cow::Owned(given);
                ("K3", Doubtful)
            }
            Self::K3Wo => {
                let Some(kana) = swapped(&left.kana_given, |c| (c == 'オ').then_some('ヲ')) else { return false };
                left.kana_given = Cow::Owned(kana);
                ("K3", Doubtful)
            }
            Self::K4Bar | Self::K4Short => {
                let Some(at) = variants::long_vowel(&left.kana_given) else { return false };
                let end = at + 'ウ'.len_utf8();
                let by = if self == Self::K4Bar { "ー" } else { "" };
                left.kana_given.to_mut().replace_range(at..end, by);
                ("K4", if self == Self::K4Bar { Notation } else { Different })
            }
            Self::K4Oo => {
                let Some(rest) = left.kana_surname.strip_prefix("オオ") else { return false };
                left.kana_surname = Cow::Owned(format!("オウ{rest}"));
                ("K4", Doubtful)
            }
            Self::K5 => {
                let own = draft.person.surname;
                let voiced = TABLES.surnames.iter().find(|s| s.kanji == own.text && s.kana == own.kana);
                let Some(voiced) = voiced.and_then(|s| s.voiced) else { return false };
                left.kana_surname = Cow::Borrowed(voiced);
                ("K5", Doubtful)
            }
            Self::K6 => {
                let own = draft.person.given;
                let mut list = TABLES.given[draft.person.sex].iter();
                let other = list.find(|g| g.kanji == own.text && g.kana == own.kana).and_then(|g| g.other);
                let Some(other) = other else { return false };
                left.kana_given = Cow::Borrowed(other);
                ("K6", Different)
            }
            Self::KMissing => {
                draft.right.kana_surname = Cow::Borrowed("");
                draft.right.kana_given = Cow::Borrowed("");
                ("KM", Different)
            }
            _ => return false,
        };
        draft.differ(Field::Kana, code, distance);
        true
    }

    fn apply_birth(self, draft: &mut Draft, dice: &mut Dice) -> bool {
        let birth = draft.person.birth;
        let (left, code, distance) = match self {
            Self::D1Digit => (birth.one_digit_off(dice).digits(), "D1", Different),
            Self::D1Transposed => {
                let Some(date) = birth.transposed() else { return false };
                (date.digits(), "D1", Different)
            }
            Self::D1Swapped => {
                let Some(date) = birth.month_day_swapped() else { return false };
                (date.digits(), "D1", Different)
            }
            Self::D2Era => {
                let date = birth.era_slip().unwrap_or_else(|| birth.year_off(dice));
                (date.digits(), "D2", Different)
            }
            Self::D2Year => (birth.year_off(dice).digits(), "D2", Different),
            Self::D2Unknown => {
                let mut digits = birth.digits();
                digits.replace_range(if dice.chance(500) { 4.. } else { 6.. }, "");
                while digits.len() < 8 {
                    digits.push('0');
                }
                (digits, "D2", Different)
            }
            Self::D3 => (birth.other_form(dice.below(4)), "D3", Notation),
            _ => return false,
        };
        draft.left.birth = left;
        draft.differ(Field::Birth, code, distance);
        true
    }

    fn apply_address(self, draft: &mut Draft, dice: &mut Dice) -> bool {
        let address = draft.person.address;
        let writing = &mut draft.left.writing;
        let (code, distance) = match self {
            Self::A1 => {
                writing.form = *dice.pick(&[Form::Hyphen, Form::Hyphen, Form::WideHyphen, Form::FormalHalf]);
                ("A1", Notation)
            }
            Self::A1Kanji => {
                writing.form = if address.chome > 0 { Form::KanjiChome } else { Form::FormalHalf };
                ("A1", Notation)
            }
            Self::A2Prefix => {
                if address.town.prefix.is_empty() {
                    return false;
                }
                writing.prefix = false;
                ("A2", Notation)
            }
            Self::A2Prefecture => {
                writing.prefecture = false;
                ("A2", Notation)
            }
            Self::A2County => {
                if address.place.county.is_empty() {
                    return false;
                }
                writing.county = false;
                ("A2", Notation)
            }
            Self::A3Building => {
                if address.building.is_none() {
                    return false;
                }
                writing.building = false;
                // A 棟 left standing alone would be a difference of its own.
                draft.left.address.wing = 0;
                draft.right.address.wing = 0;
                ("A3", Notation)
            }
            Self::A3Room => {
                if address.building.is_none() {
                    return false;
                }
                writing.room = false;
                writing.wing = false;
                writing.building = dice.chance(600);
                ("A3", Doubtful)
            }
            Self::A3Branch => {
                if address.go == 0 || matches!(address.town.numbering, super::tables::Numbering::Blocks(_)) {
                    return Self::A3Host.apply_address(draft, dice);
                }
                draft.left.address.go = 0;
                ("A3", Doubtful)
            }
            Self::A3Host => {
                let host = TABLES.surname(dice, SurnameNeed::Any);
                draft.right.address = address.lodging_with(host);
                ("A3", Doubtful)
            }
            Self::A3OtherRoom => {
                if address.room == 0 {
                    return false;
                }
                draft.right.address.room = if dice.chance(500) { address.room + 1 } else { address.room + 100 };
                ("A3", Different)
            }
            Self::A4 => {
                let Some((from, to)) = variants::respelled(address.town.name) else { return false };
                let to = dice.pick(to).to_string();
                writing.town = Some(address.town.name.replacen(from, &to, 1));
                ("A4", Notation)
            }
            Self::N3Town => {
                let at = dice.index(address.town.name.chars().count());
                let blot = *dice.pick(&['●', '〓']);
                let town = address.town.name.chars().enumerate().map(|(i, c)| if i == at { blot } else { c });
                writing.town = Some(town.collect());
                ("N3", Bullet)
            }
            Self::A5 => {
                let right = &mut draft.right.address;
                if right.go > 0 && dice.chance(600) {
                    right.go += 1;
                } else {
                    right.ban += 1;
                }
                ("A5", Different)
            }
            Self::A6 => {
                draft.right.address = elsewhere(dice, address.place);
                ("A6", Different)
            }
            Self::Ax => {
                draft.right.address = Address::throw(dice, address.place, |town| town != address.town);
                ("AX", Different)
            }
            Self::SameAddress => {
                draft.danger.push("F8");
                ("", Distance::Same)
            }
            _ => return false,
        };
        draft.differ(Field::Address, code, distance);
        true
    }
}

/// Throws an address in another municipality.
pub(super) fn elsewhere(dice: &mut Dice, home: &Place) -> Address {
    loop {
        let place = dice.pick(&TABLES.places);
        if place.name != home.name {
            return Address::throw(dice, place, |_| true);
        }
    }
}

/// Replaces the first character for which there is another, if any.
fn swapped(text: &str, other: impl Fn(char) -> Option<char>) -> Option<String> {
    let (at, c, by) = text.char_indices().find_map(|(at, c)| other(c).map(|by| (at, c, by)))?;
    let mut out = String::with_capacity(text.len() + 2);
    out.push_str(&text[..at]);
    out.push(by);
    out.push_str(&text[at + c.len_utf8()..]);
    Some(out)
}

/// Writes 々 out.
fn repeated(text: &str) -> String {
    let mut last = '々';
    text.chars()
        .map(|c| {
            let c = if c == '々' { last } else { c };
            last = c;
            c
        })
        .collect()
}

fn capitalised(letters: &str) -> String {
    let mut start = true;
    letters
        .chars()
        .map(|c| {
            let c = if start { c } else { c.to_ascii_lowercase() };
            start = c == '_';
            c
        })
        .collect()
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// Puts `blot` in the place of one kanji of the name, mostly on the insurer's side.
fn blotted(draft: &mut Draft, blot: char, dice: &mut Dice) -> bool {
    let side = if dice.chance(850) { &mut draft.left } else { &mut draft.right };
    let part = if dice.chance(500) { &mut side.surname } else { &mut side.given };
    let part = if part.chars().any(is_kanji) { part } else { &mut side.surname };
    let count = part.chars().filter(|&c| is_kanji(c)).count();
    if count == 0 {
        return false;
    }
    let nth = dice.index(count);
    let Some((at, c)) = part.char_indices().filter(|&(_, c)| is_kanji(c)).nth(nth) else { return false };
    let end = at + c.len_utf8();
    part.to_mut().replace_range(at..end, blot.encode_utf8(&mut [0; 4]));
    true
}
