//! What the parts of `verify` find and learn from one another.

use std::collections::{BTreeMap, HashMap};

use super::schema::{Head, NO_RECORD};
use super::{StoreError, lookup};
use crate::domain::event::EventKind;
use crate::domain::record::Facts;

/// Faults listed of one kind; the rest is counted.
const LISTED: usize = 20;

/// Faults in words, at most so many of a part.
#[derive(Default)]
pub(super) struct Faults {
    pub(super) all: Vec<String>,
    pub(super) part: usize,
}

impl Faults {
    pub(super) fn add(&mut self, words: String) {
        self.part += 1;
        if self.part <= LISTED {
            self.all.push(words);
        }
    }

    /// Runs one part and words whatever stopped it.
    pub(super) fn part(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Result<(), StoreError>) {
        self.part = 0;
        if let Err(error) = work(self) {
            self.all.push(format!("{name}: {error}"));
        }
        if self.part > LISTED {
            self.all.push(format!("{name}: ほかに {} 件の誤りがあります", self.part - LISTED));
        }
    }
}

/// What the parts learn from one another.
pub(super) struct Recount {
    pub(super) head: Head,
    /// Per number: the facts of a record, packed as they are stored.
    pub(super) facts: Vec<[u8; Facts::BYTES]>,
    /// Kinds of events, counted.
    pub(super) kinds: HashMap<EventKind, usize>,
    /// Newest event of each held-back row that has one.
    pub(super) held: BTreeMap<u32, EventKind>,
}

impl Recount {
    /// The facts of a record; `None` for a number that is none.
    pub(super) fn facts(&self, no: u32) -> Option<Facts> {
        self.facts.get(no as usize).and_then(|cell| lookup::facts_cell(*cell).ok().flatten())
    }

    pub(super) fn is_record(&self, no: u32) -> bool {
        self.facts.get(no as usize).is_some_and(|cell| *cell != NO_RECORD)
    }

    /// The facts of all records.
    pub(super) fn all(&self) -> impl Iterator<Item = Facts> + '_ {
        self.facts.iter().filter_map(|cell| lookup::facts_cell(*cell).ok().flatten())
    }
}
