//! Variations of 住所 (RULES §5, A1–A6).

use super::super::address::{Address, Form};
use super::super::draft::Draft;
use super::super::random::Random;
use super::super::tables::{Numbering, SurnameNeed, TABLES};
use super::super::truth::Distance::{self, Different, Notation, Placeholder, Uncertain};
use super::super::truth::Field;
use super::super::variants;
use super::{Change, in_another_municipality};

impl Change {
    pub(super) fn apply_address(self, draft: &mut Draft, random: &mut Random) -> bool {
        let address = draft.person.address;
        let writing = &mut draft.left.writing;
        let (code, distance) = match self {
            Self::A1 => {
                writing.form = *random.pick(&[Form::Hyphen, Form::Hyphen, Form::WideHyphen, Form::FormalHalf]);
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
                if address.municipality.county.is_empty() {
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
                // A 棟 without its building would be another difference.
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
                writing.building = random.chance(600);
                ("A3", Uncertain)
            }
            Self::A3Branch => {
                if address.go == 0 || matches!(address.town.numbering, Numbering::Blocks(_)) {
                    return Self::A3Host.apply_address(draft, random);
                }
                draft.left.address.go = 0;
                ("A3", Uncertain)
            }
            Self::A3Host => {
                let host = TABLES.surname(random, SurnameNeed::Any);
                draft.right.address = address.lodging_with(host);
                ("A3", Uncertain)
            }
            Self::A3OtherRoom => {
                if address.room == 0 {
                    return false;
                }
                draft.right.address.room = if random.chance(500) { address.room + 1 } else { address.room + 100 };
                ("A3", Different)
            }
            Self::A4 => {
                let Some((from, to)) = variants::respelled(address.town.name) else { return false };
                let to = random.pick(to).to_string();
                writing.town = Some(address.town.name.replacen(from, &to, 1));
                ("A4", Notation)
            }
            Self::N3Town => {
                // Never a direction: 鹿ノ台北 and 鹿ノ台西 are neighbours, and the placeholder would hide which one it is.
                let steady = |c: char| !"東西南北".contains(c);
                let count = address.town.name.chars().filter(|&c| steady(c)).count();
                let mut left = random.index(count);
                let placeholder = *random.pick(&['●', '〓']);
                let town = address.town.name.chars().map(|c| {
                    let hit = steady(c) && left == 0;
                    left = if steady(c) { left.wrapping_sub(1) } else { left };
                    if hit { placeholder } else { c }
                });
                writing.town = Some(town.collect());
                ("N3", Placeholder)
            }
            Self::A5 => {
                let right = &mut draft.right.address;
                if right.go > 0 && random.chance(600) {
                    right.go += 1;
                } else {
                    right.ban += 1;
                }
                ("A5", Different)
            }
            Self::A6 => {
                draft.right.address = in_another_municipality(random, address.municipality);
                ("A6", Different)
            }
            Self::Ax => {
                draft.right.address = Address::random(random, address.municipality, |town| town != address.town);
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
