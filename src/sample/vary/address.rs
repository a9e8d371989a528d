//! Variations of 住所 (RULES §5, A1–A6).

use super::super::address::{Address, Form};
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::super::tables::{Numbering, SurnameNeed, TABLES};
use super::super::truth::Distance::{self, Bullet, Different, Doubtful, Notation};
use super::super::truth::Field;
use super::super::variants;
use super::{Change, elsewhere};

impl Change {
    pub(super) fn apply_address(self, draft: &mut Draft, dice: &mut Dice) -> bool {
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
                if address.go == 0 || matches!(address.town.numbering, Numbering::Blocks(_)) {
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
                // Not the direction: 鹿ノ台北 and 鹿ノ台西 are neighbours, and the blot would hide which it is.
                let steady = |c: char| !"東西南北".contains(c);
                let count = address.town.name.chars().filter(|&c| steady(c)).count();
                let mut left = dice.index(count);
                let blot = *dice.pick(&['●', '〓']);
                let town = address.town.name.chars().map(|c| {
                    let hit = steady(c) && left == 0;
                    left = if steady(c) { left.wrapping_sub(1) } else { left };
                    if hit { blot } else { c }
                });
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
