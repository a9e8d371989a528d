//! The queue on screen: every record of item 1 in order, where each stands, and which of them a filter lets through.

use std::collections::{BTreeMap, HashSet};

use crate::domain::case::State;
use crate::domain::queue::{QueueEntry, next_open, previous_open};
use crate::domain::record::RecordNo;
use crate::domain::suspension::Class;

/// The records under review.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    entries: Vec<QueueEntry>,
    states: Vec<State>,
    /// Where each record stands in `entries`.
    places: Places,
    /// Places in `entries` that the filter lets through.
    shown: Vec<usize>,
    /// Open records among them, kept in step with `states`: every frame says how many there are.
    open_shown: usize,
    /// Open records per class, kept in step with `states`.
    open: BTreeMap<Class, usize>,
}

impl Queue {
    /// Builds the queue from the entries in order and the states that differ from 未着手.
    pub fn new(entries: Vec<QueueEntry>, touched: &[(RecordNo, State)]) -> Self {
        let places = Places::of(&entries);
        let mut states = vec![State::Untouched; entries.len()];
        for (no, state) in touched {
            if let Some(place) = places.get(*no) {
                states[place] = *state;
            }
        }
        let mut open = BTreeMap::new();
        let mut at = 0;
        for alike in entries.chunk_by(|a, b| a.facts.class == b.facts.class) {
            let some = &states[at..at + alike.len()];
            *open.entry(alike[0].facts.class).or_default() += some.iter().filter(|state| state.is_open()).count();
            at += alike.len();
        }
        let shown = (0..entries.len()).collect();
        let open_shown = open.values().sum();
        Self { entries, states, places, shown, open_shown, open }
    }

    /// Records in item 1.
    pub fn total(&self) -> usize {
        self.entries.len()
    }

    /// Records without a category.
    pub fn remaining(&self) -> usize {
        self.open.values().sum()
    }

    /// Open records of some classes.
    pub fn remaining_of(&self, classes: &[Class]) -> usize {
        classes.iter().filter_map(|class| self.open.get(class)).sum()
    }

    /// Rows that are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Open records among the rows shown.
    pub fn open_shown(&self) -> usize {
        self.open_shown
    }

    /// Whether a filter hides some records.
    pub fn is_narrowed(&self) -> bool {
        self.shown.len() < self.entries.len()
    }

    /// The entry of a shown row.
    pub fn entry(&self, row: usize) -> Option<&QueueEntry> {
        self.shown.get(row).map(|place| &self.entries[*place])
    }

    /// The record of a shown row.
    pub fn no(&self, row: usize) -> Option<RecordNo> {
        self.entry(row).map(|entry| entry.no)
    }

    /// The entry of a record, shown or not.
    pub fn entry_of(&self, no: RecordNo) -> Option<&QueueEntry> {
        self.places.get(no).map(|place| &self.entries[place])
    }

    /// The row that shows a record.
    pub fn row_of(&self, no: RecordNo) -> Option<usize> {
        let place = self.places.get(no)?;
        self.shown.binary_search(&place).ok()
    }

    /// The row that shows a record, else the nearest row after its place, else the last.
    pub fn row_near(&self, no: RecordNo) -> usize {
        let Some(place) = self.places.get(no) else { return 0 };
        self.shown.partition_point(|shown| *shown < place).min(self.shown.len().saturating_sub(1))
    }

    /// Where a record stands; 未着手 for one that is not in the queue.
    pub fn state(&self, no: RecordNo) -> State {
        self.places.get(no).map_or(State::Untouched, |place| self.states[place])
    }

    /// Notes a new state.
    pub fn set_state(&mut self, no: RecordNo, state: State) {
        let Some(place) = self.places.get(no) else { return };
        let old = std::mem::replace(&mut self.states[place], state);
        let count = self.open.entry(self.entries[place].facts.class).or_default();
        *count = (*count + usize::from(state.is_open())).saturating_sub(usize::from(old.is_open()));
        if self.shown.binary_search(&place).is_ok() {
            let shown = self.open_shown + usize::from(state.is_open());
            self.open_shown = shown.saturating_sub(usize::from(old.is_open()));
        }
    }

    /// Shows only these records, in queue order.
    pub fn narrow(&mut self, nos: &[RecordNo]) {
        let wanted: HashSet<RecordNo> = nos.iter().copied().collect();
        self.shown = (0..self.entries.len()).filter(|place| wanted.contains(&self.entries[*place].no)).collect();
        self.open_shown = self.shown.iter().filter(|place| self.states[**place].is_open()).count();
    }

    /// Shows every record.
    pub fn widen(&mut self) {
        self.shown = (0..self.entries.len()).collect();
        self.open_shown = self.remaining();
    }

    /// The next open row after a row, going round; `None` when nothing else is open.
    pub fn next_open(&self, row: usize) -> Option<usize> {
        next_open(self.shown.len(), row, |at| self.is_open(at)).filter(|next| *next != row)
    }

    /// The open row before a row, going round.
    pub fn previous_open(&self, row: usize) -> Option<usize> {
        previous_open(self.shown.len(), row, |at| self.is_open(at)).filter(|previous| *previous != row)
    }

    fn is_open(&self, row: usize) -> bool {
        self.states[self.shown[row]].is_open()
    }

    /// The nearest row after (or before) a row whose record is a hit, going round.
    pub fn hit_from(&self, row: usize, forward: bool, is_hit: impl Fn(RecordNo) -> bool) -> Option<usize> {
        let is_hit = |at: &usize| self.no(*at).is_some_and(&is_hit);
        let (before, after) = (0..row.min(self.len()), row..self.len());
        if forward {
            let next = after.clone().skip(1).chain(before).find(is_hit);
            next.or_else(|| Some(row).filter(is_hit))
        } else {
            let previous = before.rev().chain(after.skip(1).rev()).find(is_hit);
            previous.or_else(|| Some(row).filter(is_hit))
        }
    }
}

/// Where each record stands, by its number: numbers are dense, and a table is made in a tenth of the time of a map, which
/// the first frame waits for. 0 is nowhere.
#[derive(Clone, Debug, Default)]
struct Places(Vec<u32>);

impl Places {
    fn of(entries: &[QueueEntry]) -> Self {
        let mut places = vec![0; entries.iter().map(|entry| entry.no.0 as usize + 1).max().unwrap_or(0)];
        for (entry, place) in entries.iter().zip(1..) {
            places[entry.no.0 as usize] = place;
        }
        Self(places)
    }

    fn get(&self, no: RecordNo) -> Option<usize> {
        let place = self.0.get(no.0 as usize)?;
        (*place as usize).checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::update::testing::entries;
    use crate::domain::category::Category;

    #[test]
    fn counts_follow_every_change_of_state() {
        let mut queue = Queue::new(entries(5), &[(RecordNo(2), State::Decided(Category::C23))]);
        assert_eq!((queue.total(), queue.remaining()), (5, 4));
        queue.set_state(RecordNo(1), State::Decided(Category::C41));
        queue.set_state(RecordNo(1), State::Decided(Category::C43));
        assert_eq!(queue.remaining(), 3);
        queue.set_state(RecordNo(2), State::Pending);
        assert_eq!((queue.remaining(), queue.open_shown()), (4, 4));
        queue.set_state(RecordNo(99), State::Pending);
        assert_eq!(queue.remaining(), 4);
    }

    #[test]
    fn narrowing_keeps_the_order_and_finds_the_nearest_row() {
        let mut queue = Queue::new(entries(6), &[]);
        queue.narrow(&[RecordNo(5), RecordNo(2), RecordNo(77)]);
        assert_eq!(
            (queue.len(), queue.no(0), queue.no(1), queue.no(2)),
            (2, Some(RecordNo(2)), Some(RecordNo(5)), None)
        );
        assert_eq!((queue.row_of(RecordNo(5)), queue.row_of(RecordNo(3))), (Some(1), None));
        assert_eq!((queue.row_near(RecordNo(3)), queue.row_near(RecordNo(6)), queue.row_near(RecordNo(1))), (1, 1, 0));
        assert!(queue.is_narrowed());
        // What is decided out of sight counts nowhere among the rows shown.
        queue.set_state(RecordNo(2), State::Decided(Category::C23));
        queue.set_state(RecordNo(3), State::Decided(Category::C23));
        assert_eq!((queue.open_shown(), queue.remaining()), (1, 4));
        queue.widen();
        assert_eq!((queue.len(), queue.open_shown()), (6, 4));
        queue.narrow(&[RecordNo(2), RecordNo(3), RecordNo(4)]);
        assert_eq!(queue.open_shown(), 1);
    }

    #[test]
    fn hits_and_open_rows_go_round() {
        let queue = Queue::new(entries(5), &[(RecordNo(1), State::Decided(Category::C23))]);
        assert_eq!(queue.next_open(4), Some(1));
        assert_eq!(queue.previous_open(1), Some(4));
        let hit_from = |row, forward| queue.hit_from(row, forward, |no| [RecordNo(2), RecordNo(4)].contains(&no));
        assert_eq!([0, 1, 2, 3, 4].map(|row| hit_from(row, true)), [1, 3, 3, 1, 1].map(Some));
        assert_eq!([0, 1, 2, 3, 4].map(|row| hit_from(row, false)), [3, 3, 1, 1, 3].map(Some));
        assert_eq!(queue.hit_from(2, true, |no| no == RecordNo(3)), Some(2), "the only hit is found from itself");
        assert_eq!(queue.hit_from(0, true, |_| false), None);
    }
}
