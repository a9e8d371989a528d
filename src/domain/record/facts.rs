//! The facts of a record: what the rules say of its row.

use super::column::Column;
use super::marks::{Marks, Overall};
use super::row::{Cells, Row};
use crate::domain::danger::DangerSet;
use crate::domain::scope::{self, Scope};
use crate::domain::suspension::{Class, classify};
use serde::{Deserialize, Serialize};

/// What a record is by the rules, computed at import and kept in packed columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The class by the marks.
    pub class: Class,
    /// The file's own 総合判定, authoritative.
    pub overall: Overall,
    /// The marks.
    pub marks: Marks,
    /// Whether the record stands in item 1.
    pub scope: Scope,
    /// Danger flags (RULES §6).
    pub dangers: DangerSet,
    /// 支援措置 by the file; what an operator set by hand stands in the case (see [`Case::is_protected`](crate::domain::case::Case::is_protected)).
    pub protected: bool,
}

impl Facts {
    /// Edition of the rules that facts are computed by. Raised whenever the class, 総合判定, scope, marks or danger flags of
    /// some row may come out otherwise: facts of an older edition are then computed anew by the next full file.
    pub const EDITION: u32 = 2;

    /// The packed size in bytes.
    pub const BYTES: usize = 6;

    /// Whether the record stands in item 1 of the report and takes a category.
    pub fn in_item1(&self) -> bool {
        self.scope == Scope::Item1
    }

    /// The bit for 支援措置, above the twelve of the marks; it is 0 in stores of before the column was read.
    const PROTECTED: u16 = 1 << 15;

    /// Packs for a column: class, 総合判定 and scope, marks with 支援措置, dangers.
    pub fn pack(&self) -> [u8; Self::BYTES] {
        let protected = if self.protected { Self::PROTECTED } else { 0 };
        let marks = (self.marks.pack() | protected).to_le_bytes();
        let dangers = self.dangers.bits().to_le_bytes();
        [self.class.code(), (self.overall as u8) << 4 | self.scope as u8, marks[0], marks[1], dangers[0], dangers[1]]
    }

    /// Reads packed bytes; `None` when they hold no facts.
    pub fn unpack(bytes: [u8; Self::BYTES]) -> Option<Self> {
        let marks = u16::from_le_bytes([bytes[2], bytes[3]]);
        Some(Self {
            class: Class::from_code(bytes[0])?,
            overall: *[Overall::Match, Overall::Partial, Overall::Mismatch, Overall::Unreadable]
                .get(usize::from(bytes[1] >> 4))?,
            scope: *Scope::ALL.get(usize::from(bytes[1] & 15))?,
            marks: Marks::unpack(marks),
            dangers: DangerSet::from_bits(u16::from_le_bytes([bytes[4], bytes[5]])),
            protected: marks & Self::PROTECTED != 0,
        })
    }
}

impl Row {
    /// The facts of the row that the rules compute from its own columns (danger flags come from all rows).
    pub fn facts(&self) -> Facts {
        let marks = self.marks();
        let overall = self.overall();
        Facts {
            class: classify(&marks),
            overall,
            marks,
            scope: scope::scope(
                overall,
                self.cell(Column::Acquired),
                self.cell(Column::Lost),
                self.cell(Column::MatchedOn),
            )
            .0,
            dangers: DangerSet::default(),
            protected: self.protected(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::danger::Danger;

    #[test]
    fn facts_pack_and_unpack() {
        for class in Class::ALL {
            for overall in [Overall::Match, Overall::Partial, Overall::Mismatch, Overall::Unreadable] {
                for scope in Scope::ALL {
                    for protected in [false, true] {
                        let (marks, dangers) = (Marks::all_match(), DangerSet::from_bits(0x85));
                        let facts = Facts { class, overall, scope, marks, dangers, protected };
                        assert_eq!(Facts::unpack(facts.pack()), Some(facts));
                    }
                }
            }
        }
        assert_eq!(Facts::unpack([0xff; 6]), None);
    }

    /// Every flag has a bit of its own, and none is lost on its way through the packed bytes.
    #[test]
    fn every_danger_flag_is_packed() {
        // A new flag does not compile until it stands here, and then fails until it stands in `Danger::ALL`.
        let next = |danger: Danger| match danger {
            Danger::F1 => Some(Danger::F2),
            Danger::F2 => Some(Danger::F3),
            Danger::F3 => Some(Danger::F4),
            Danger::F4 => Some(Danger::F5),
            Danger::F5 => Some(Danger::F6),
            Danger::F6 => Some(Danger::F7),
            Danger::F7 => Some(Danger::F8),
            Danger::F8 => None,
        };
        let every: Vec<Danger> = std::iter::successors(Some(Danger::F1), |danger| next(*danger)).collect();
        assert_eq!(every, Danger::ALL);
        let facts = Row { cells: vec![String::new(); Column::COUNT], ..Row::default() }.facts();
        let packed = |dangers: DangerSet| Facts::unpack(Facts { dangers, ..facts }.pack()).unwrap().dangers;
        let mut all = DangerSet::default();
        for (place, danger) in every.into_iter().enumerate() {
            let mut one = DangerSet::default();
            one.insert(danger);
            assert_eq!(u32::from(one.bits()), 1 << place, "{danger}");
            assert_eq!(packed(one).iter().collect::<Vec<_>>(), [danger]);
            all.insert(danger);
        }
        assert_eq!((packed(all), DangerSet::from_bits(u16::MAX)), (all, all));
        assert_eq!(all.bits().count_ones() as usize, Danger::ALL.len());
    }
}
