//! The queue of records under review: its default order and the way through it (ARCHITECTURE "Workstation").

use serde::{Deserialize, Serialize};

use super::pattern::Pattern;
use super::record::{Facts, RecordNo};
use super::suspension::Class;

/// Number of entries in a page of the queue. The store keeps a page as one value of just below 64 pages of its engine; tests
/// have small pages, so that they meet many.
pub const PAGE: usize = if cfg!(test) { 8 } else { 14_500 };

/// One record of item 1 in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueEntry {
    /// The record.
    pub no: RecordNo,
    /// Its facts.
    pub facts: Facts,
    /// The signature of its differences.
    pub pattern: Pattern,
}

impl QueueEntry {
    /// The packed size in bytes.
    pub const BYTES: usize = 4 + Facts::BYTES + Pattern::BYTES;

    /// Sort key of the default order: class ① → ②c → ②a → ②b → ③ → the rest, danger first, then pattern, then file order.
    pub fn order(&self) -> (u8, bool, Pattern, RecordNo) {
        let rank = match self.facts.class {
            Class::One => 0,
            Class::TwoC => 1,
            Class::TwoA => 2,
            Class::TwoB => 3,
            Class::Three => 4,
            Class::Undecidable => 5,
            Class::PartialAddress | Class::PartialName | Class::Match => 6,
        };
        (rank, self.facts.dangers.is_empty(), self.pattern, self.no)
    }

    /// Packs for a column.
    pub fn pack(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..4].copy_from_slice(&self.no.0.to_le_bytes());
        bytes[4..4 + Facts::BYTES].copy_from_slice(&self.facts.pack());
        bytes[4 + Facts::BYTES..].copy_from_slice(&self.pattern.pack());
        bytes
    }

    /// Reads packed bytes; `None` when they hold no entry.
    pub fn unpack(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let (no, rest) = bytes.split_first_chunk::<4>()?;
        let (facts, pattern) = rest.split_first_chunk::<{ Facts::BYTES }>()?;
        Some(Self {
            no: RecordNo(u32::from_le_bytes(*no)),
            facts: Facts::unpack(*facts)?,
            pattern: Pattern::unpack(pattern.try_into().ok()?),
        })
    }
}

/// Finds the next open record of a list from a position on, going round once; `None` when nothing is open.
///
/// `is_open` tells of each row of the visible queue; the position itself comes last.
pub fn next_open(len: usize, from: usize, is_open: impl Fn(usize) -> bool) -> Option<usize> {
    let from = from.min(len);
    (from + 1..len).chain(0..len.min(from + 1)).find(|&at| is_open(at))
}

/// The same, backwards.
pub fn previous_open(len: usize, from: usize, is_open: impl Fn(usize) -> bool) -> Option<usize> {
    let from = from.min(len);
    (0..from).rev().chain((from..len).rev()).find(|&at| is_open(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::State;
    use crate::domain::category::Category;
    use crate::domain::danger::{Danger, DangerSet};
    use crate::domain::record::{Marks, Overall};
    use crate::domain::scope::Scope;

    fn entry(no: u32, class: Class, danger: bool, pattern: u64) -> QueueEntry {
        let mut dangers = DangerSet::default();
        if danger {
            dangers.insert(Danger::F2);
        }
        let (marks, scope) = (Marks::all_match(), Scope::Item1);
        let facts = Facts { class, overall: Overall::Mismatch, marks, scope, dangers, protected: false };
        QueueEntry { no: RecordNo(no), facts, pattern: Pattern { classes: pattern, exact: 0 } }
    }

    #[test]
    fn the_default_order() {
        let mut queue = [
            entry(1, Class::Three, true, 1),
            entry(2, Class::TwoB, false, 9),
            entry(3, Class::TwoB, false, 1),
            entry(4, Class::TwoB, true, 5),
            entry(5, Class::TwoA, false, 1),
            entry(6, Class::TwoC, false, 1),
            entry(7, Class::One, false, 1),
            entry(8, Class::TwoB, false, 9),
        ];
        queue.sort_by_key(QueueEntry::order);
        assert_eq!(queue.map(|e| e.no.0), [7, 6, 5, 4, 3, 2, 8, 1]);
    }

    #[test]
    fn entries_pack_and_unpack() {
        for class in Class::ALL {
            let e = entry(0x0102_0304, class, true, u64::MAX - 3);
            assert_eq!(QueueEntry::unpack(&e.pack()), Some(e));
        }
    }

    #[test]
    fn the_next_open_record_goes_round_once() {
        let done = State::Decided(Category::C23);
        let next = |states: &[State], from| next_open(states.len(), from, |at| states[at].is_open());
        let previous = |states: &[State], from| previous_open(states.len(), from, |at| states[at].is_open());
        let states = [State::Untouched, done, State::Pending, done];
        assert_eq!([0, 1, 2, 3].map(|from| next(&states, from)), [Some(2), Some(2), Some(0), Some(0)]);
        assert_eq!([0, 1, 2, 3].map(|from| previous(&states, from)), [Some(2), Some(0), Some(0), Some(2)]);
        assert_eq!((next(&[State::Untouched], 0), previous(&[State::Untouched], 0)), (Some(0), Some(0)));
        assert_eq!((next(&[done], 0), previous(&[done], 0)), (None, None));
        assert_eq!((next(&[], 0), previous(&[], 0)), (None, None));
    }
}
