//! The variations of RULES §5: the requirements of each on a household, and how it changes a draft.

mod address;
mod birth;
mod kana;
mod kanji;

use super::SampleEncoding;
use super::address::Address;
use super::draft::Draft;
use super::household::Requirements;
use super::number;
use super::random::Random;
use super::tables::{GivenNeed, Municipality, SurnameNeed, TABLES};
use super::truth::{Distance, Field};
use Distance::Different;

/// One difference between the two sides of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sample) enum Change {
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

impl Change {
    /// Adds the requirements of the variation on a household and its target person.
    pub(in crate::sample) fn require(self, requirements: &mut Requirements, encoding: SampleEncoding) {
        use Change as C;
        match self {
            C::N2 => requirements.surname = SurnameNeed::Variant,
            C::N2Own => requirements.surname = SurnameNeed::OwnVariant,
            C::N2Yoshi => requirements.surname = SurnameNeed::Yoshi,
            C::N2Selector if encoding == SampleEncoding::Utf8 => requirements.surname = SurnameNeed::Selector,
            C::N2Selector => requirements.surname = SurnameNeed::Variant,
            C::N8Ke => requirements.surname = SurnameNeed::SmallKe,
            C::N8Repeat => requirements.surname = SurnameNeed::Repeat,
            C::N8No => requirements.surname = SurnameNeed::No,
            C::K4Oo => requirements.surname = SurnameNeed::LongO,
            C::K5 => requirements.surname = SurnameNeed::Voiced,
            C::K2 => requirements.given = GivenNeed::Small,
            C::K3Ji => requirements.given = GivenNeed::Ji,
            C::K3Wo => requirements.given = GivenNeed::Wo,
            C::K4Bar | C::K4Short => requirements.given = GivenNeed::Long,
            C::K6 => requirements.given = GivenNeed::Reading,
            C::N7Case | C::N7Order | C::N7Middle | C::N7Cut => requirements.foreign = true,
            C::K3Bar => {
                requirements.foreign = true;
                requirements.kana_with = Some('ー');
            }
            C::K3Vu => {
                requirements.foreign = true;
                requirements.kana_with = Some('ヴ');
            }
            C::A2Prefix => requirements.town_prefix = true,
            C::A3Building | C::A3Room | C::A3OtherRoom => requirements.building = Some(true),
            C::A3Host | C::A3Branch => requirements.building = Some(false),
            C::A4 => requirements.respelled_town = true,
            _ => {}
        }
        match self.field() {
            Some(Field::Kana) => requirements.plain_kana = true,
            Some(Field::Birth) => requirements.plain_birth = true,
            Some(Field::Sex) => requirements.plain_sex = true,
            Some(Field::Address) => requirements.plain_address = true,
            _ => {}
        }
    }

    /// Returns the field that it changes; `None` for the 個人番号.
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

    /// Applies the variation to a draft. Where the person does not allow it, a simple variation of the same field is
    /// applied.
    pub(in crate::sample) fn apply(self, draft: &mut Draft, random: &mut Random, encoding: SampleEncoding) {
        if self.try_apply(draft, random, encoding) {
            return;
        }
        let simple = match self.field() {
            Some(Field::Kanji) => Self::N1,
            Some(Field::Kana) => Self::K1,
            Some(Field::Birth) => Self::D1Digit,
            Some(Field::Address) => Self::A2Prefecture,
            Some(Field::Sex) | None => return,
        };
        simple.try_apply(draft, random, encoding);
    }

    fn try_apply(self, draft: &mut Draft, random: &mut Random, encoding: SampleEncoding) -> bool {
        match self.field() {
            Some(Field::Kanji) => self.apply_kanji(draft, random, encoding),
            Some(Field::Kana) => self.apply_kana(draft, random),
            Some(Field::Birth) => self.apply_birth(draft, random),
            Some(Field::Sex) => {
                draft.left.sex =
                    if self == Self::S1 { ["2", "1"][draft.person.sex] } else { *random.pick(&["3", "0", "9", ""]) };
                draft.differ(Field::Sex, "S1", Different);
                true
            }
            Some(Field::Address) => self.apply_address(draft, random),
            None => {
                draft.my_number = number::with_wrong_check_digit(&draft.my_number, random.between(1, 9));
                draft.danger.push("F6");
                true
            }
        }
    }
}

/// Returns a random address in another municipality.
pub(in crate::sample) fn in_another_municipality(random: &mut Random, own: &Municipality) -> Address {
    loop {
        let municipality = random.pick(&TABLES.municipalities);
        if municipality.name != own.name {
            return Address::random(random, municipality, |_| true);
        }
    }
}

/// Replaces the first character for which `other` returns one; `None` if there is none.
fn replace_first(text: &str, other: impl Fn(char) -> Option<char>) -> Option<String> {
    let (at, c, by) = text.char_indices().find_map(|(at, c)| other(c).map(|by| (at, c, by)))?;
    let mut out = String::with_capacity(text.len() + 2);
    out.push_str(&text[..at]);
    out.push(by);
    out.push_str(&text[at + c.len_utf8()..]);
    Some(out)
}
