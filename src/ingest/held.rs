//! Matches the rows of a file with those that earlier imports rejected: a row comes again as it was, comes again with other
//! content, or is accepted. All other rejected rows stay as they are (RULES §7).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::num::NonZeroU32;

use crate::domain::quarantine::QuarantineState;
use crate::domain::record::RecordNo;
use crate::domain::run::Run;
use crate::store::{Import, QuarantineRow, StoreError};

/// Code of a row that contradicts an earlier one with the same key.
pub(crate) const DUPLICATE: &str = "duplicate-key";

/// What became of a row that was rejected earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    #[default]
    Untouched,
    /// It came again as it was.
    Met,
    /// Its record was accepted.
    Accepted(RecordNo),
    /// It came again with other content, under this number.
    Replaced(u32),
}

#[derive(Debug)]
struct PastRow {
    number: u32,
    open: bool,
    duplicate: bool,
    fate: Fate,
    /// The next row with the same content, and the next one with the same key.
    same_content: Option<Place>,
    same_key: Option<Place>,
}

/// A place in the list of rows, from 1: there may be many rows, and a place that is not there takes no room.
type Place = NonZeroU32;

/// The rows with one content or key, in the order of their numbers.
#[derive(Clone, Copy, Debug)]
struct Chain {
    first: Place,
    last: Place,
}

/// Rows of earlier imports that are open or dismissed, found by content, key or number.
#[derive(Debug, Default)]
pub(crate) struct HeldIndex {
    rows: Vec<PastRow>,
    by_content: HashMap<u128, Chain>,
    by_key: HashMap<Box<str>, Chain>,
}

/// How a row was accepted, as far as it matters for rows rejected under its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acceptance {
    /// A new record, or a known one with another row.
    Anew,
    /// A known record with the row it has.
    Unchanged,
}

fn content(code: &str, raw: &[String]) -> u128 {
    let mut hash = blake3::Hasher::new();
    for text in std::iter::once(code).chain(raw.iter().map(String::as_str)) {
        hash.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    }
    let mut first = [0; 16];
    first.copy_from_slice(&hash.finalize().as_bytes()[..16]);
    u128::from_le_bytes(first)
}

fn index(place: Place) -> usize {
    place.get() as usize - 1
}

impl HeldIndex {
    /// Adds a row of the store that nothing has corrected or replaced.
    pub(crate) fn add(&mut self, row: &QuarantineRow) {
        if matches!(row.state, QuarantineState::Open | QuarantineState::Dismissed) {
            self.add_any(row);
        }
    }

    /// Adds a row of the store, a corrected or replaced one too: a known file that is read again holds it as it was.
    pub(crate) fn add_any(&mut self, row: &QuarantineRow) {
        let duplicate = row.code == DUPLICATE;
        let (open, fate) = (row.state.is_open(), Fate::Untouched);
        self.rows.push(PastRow { number: row.number, open, duplicate, fate, same_content: None, same_key: None });
        let Some(at) = u32::try_from(self.rows.len()).ok().and_then(Place::new) else { return };
        let new = Chain { first: at, last: at };
        match self.by_content.entry(content(&row.code, &row.raw)) {
            Entry::Vacant(free) => {
                free.insert(new);
            }
            Entry::Occupied(mut known) => {
                let last = std::mem::replace(&mut known.get_mut().last, at);
                self.rows[index(last)].same_content = Some(at);
            }
        }
        if let Some(key) = row.key.as_deref().filter(|_| open) {
            match self.by_key.entry(key.into()) {
                Entry::Vacant(free) => {
                    free.insert(new);
                }
                Entry::Occupied(mut known) => {
                    let last = std::mem::replace(&mut known.get_mut().last, at);
                    self.rows[index(last)].same_key = Some(at);
                }
            }
        }
    }

    /// The places of the rows with one content.
    fn of_content(&self, content: u128) -> impl Iterator<Item = usize> + '_ {
        let first = self.by_content.get(&content).map(|chain| chain.first);
        std::iter::successors(first, |at| self.rows[index(*at)].same_content).map(index)
    }

    /// The places of the open rows with one key.
    fn of_key(&self, key: &str) -> impl Iterator<Item = usize> + '_ {
        let first = self.by_key.get(key).map(|chain| chain.first);
        std::iter::successors(first, |at| self.rows[index(*at)].same_key).map(index)
    }

    /// Whether a row may stand for another one still.
    fn is_free(&self, at: usize) -> bool {
        matches!(self.rows[at].fate, Fate::Untouched | Fate::Accepted(_))
    }

    /// Whether no rejected rows are known.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether a row was rejected as this very contradiction before and has not come again yet.
    pub(crate) fn is_contradiction(&self, key: &str, raw: impl FnOnce() -> Vec<String>) -> bool {
        self.by_key.contains_key(key)
            && self.of_content(content(DUPLICATE, &raw())).any(|at| self.rows[at].fate == Fate::Untouched)
    }

    /// Records that a row is rejected; `true` when it is one that was rejected before, as it was.
    pub(crate) fn meet(&mut self, code: &str, raw: &[String]) -> bool {
        let Some(at) = self.of_content(content(code, raw)).find(|&at| self.is_free(at)) else { return false };
        self.rows[at].fate = Fate::Met;
        true
    }

    /// Records that a row of this number came again as it was; `false` when there is none.
    pub(crate) fn meet_number(&mut self, number: u32) -> bool {
        let Some(row) = self.numbered(number) else { return false };
        row.fate = Fate::Met;
        true
    }

    /// Records that a row is rejected anew: it stands for the row it corrects, or for the open ones of its key.
    pub(crate) fn replace(&mut self, by: u32, corrects: Option<u32>, key: Option<&str>) {
        if let Some(number) = corrects {
            if let Some(row) = self.numbered(number) {
                row.fate = Fate::Replaced(by);
            }
            return;
        }
        if let Some(at) = key.and_then(|key| self.of_key(key).find(|&at| self.is_free(at))) {
            self.rows[at].fate = Fate::Replaced(by);
        }
    }

    /// Records that a row is accepted: it corrects the row whose number it carries, and the open ones of its key.
    ///
    /// A row that merely came again says nothing about a contradiction or another row of its key unless the file speaks for
    /// all records.
    pub(crate) fn accept(&mut self, no: RecordNo, how: Acceptance, key: &str, corrects: Option<u32>, run: Run) {
        if let Some(row) = corrects.and_then(|number| self.numbered(number)) {
            row.fate = Fate::Accepted(no);
        }
        let full = run == Run::Full;
        if how == Acceptance::Unchanged && !full {
            return;
        }
        let mut next = self.by_key.get(key).map(|chain| chain.first);
        while let Some(at) = next {
            let row = &mut self.rows[index(at)];
            next = row.same_key;
            if row.fate == Fate::Untouched && (full || !row.duplicate) {
                row.fate = Fate::Accepted(no);
            }
        }
    }

    fn numbered(&mut self, number: u32) -> Option<&mut PastRow> {
        let at = self.rows.binary_search_by_key(&number, |row| row.number).ok()?;
        Some(&mut self.rows[at])
    }

    /// Closes what is corrected or replaced; gives how many of each.
    pub(crate) fn finish(self, writer: &mut Import<'_>) -> Result<(u64, u64), StoreError> {
        let (mut corrected, mut replaced) = (0, 0);
        let import = writer.number();
        for row in self.rows.iter().filter(|row| row.open) {
            match row.fate {
                Fate::Untouched | Fate::Met => {}
                Fate::Accepted(no) => {
                    writer.close_held(row.number, QuarantineState::Corrected { import }, Some(no))?;
                    corrected += 1;
                }
                Fate::Replaced(by) => {
                    writer.close_held(row.number, QuarantineState::Replaced { import, by }, None)?;
                    replaced += 1;
                }
            }
        }
        Ok((corrected, replaced))
    }
}
