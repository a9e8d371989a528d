//! The queue on screen: every record of item 1 in order, where each stands, and which of them a filter lets through.
//!
//! It comes page by page, the page at the cursor first. How many records there are and how many are open is known from the
//! beginning; whatever needs a record that is not read yet waits for it ([`Found::Unread`]).

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::domain::case::State;
use crate::domain::queue::{PAGE, QueueEntry, next_open, previous_open};
use crate::domain::record::RecordNo;
use crate::domain::suspension::Class;
use crate::domain::tally::ClassCount;
use crate::view::QueuePage;

/// The records under review.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// The number of imports it belongs to.
    edition: usize,
    total: usize,
    /// Pages of [`PAGE`] entries; `None` where one is not read yet.
    pages: Vec<Option<Page>>,
    /// Where each record stands that is read.
    places: HashMap<RecordNo, u32>,
    /// The places that a filter lets through, in order; `None` without a filter.
    shown: Option<Vec<u32>>,
    /// Open records among the rows shown, kept in step with the states: every frame says how many there are.
    open_shown: usize,
    /// Open records per class, kept in step with the states.
    open: BTreeMap<Class, usize>,
    /// The page that was asked for and has not come yet.
    asked: Option<u32>,
    /// Whether a page cannot be read, so that none is asked for any more.
    unreadable: bool,
}

#[derive(Clone, Debug)]
struct Page {
    entries: Vec<QueueEntry>,
    states: Vec<State>,
    /// Open records among them: a page without any is passed over when the next one is looked for.
    open: usize,
}

/// What looking for a record found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A row.
    Row(usize),
    /// There is none.
    Nothing,
    /// A page that may hold it is not read yet.
    Unread,
}

impl Found {
    /// The row, where there is one.
    pub fn row(self) -> Option<usize> {
        match self {
            Self::Row(row) => Some(row),
            Self::Nothing | Self::Unread => None,
        }
    }
}

impl Queue {
    /// A queue of which only the counts are known.
    pub fn expecting(edition: usize, classes: &BTreeMap<Class, ClassCount>) -> Self {
        let total = classes.values().map(|count| count.total as usize).sum::<usize>();
        let open: BTreeMap<Class, usize> =
            classes.iter().map(|(class, count)| (*class, count.remaining as usize)).collect();
        let open_shown = open.values().sum();
        let pages = (0..total.div_ceil(PAGE)).map(|_| None).collect();
        Self { edition, total, pages, open_shown, open, ..Self::default() }
    }

    /// Takes a page in; false for one of another edition.
    pub fn fill(&mut self, page: QueuePage) -> bool {
        let QueuePage { edition, page: number, entries, states } = page;
        let first = number as usize * PAGE;
        if edition != self.edition || first + entries.len() > self.total || entries.len() != states.len() {
            return false;
        }
        let Some(place @ None) = self.pages.get_mut(number as usize) else { return false };
        self.asked = self.asked.filter(|asked| *asked != number);
        self.places.extend((first as u32..).zip(&entries).map(|(place, entry)| (entry.no, place)));
        let open = states.iter().filter(|state| state.is_open()).count();
        *place = Some(Page { entries, states, open });
        if self.is_complete() {
            // Changes of others between the counts and the pages.
            self.count();
        }
        true
    }

    /// Counts the open records from what is read.
    fn count(&mut self) {
        self.open.clear();
        for page in self.pages.iter().flatten() {
            let mut states = page.states.as_slice();
            for alike in page.entries.chunk_by(|a, b| a.facts.class == b.facts.class) {
                let (these, later) = states.split_at(alike.len());
                let open = these.iter().filter(|state| state.is_open()).count();
                *self.open.entry(alike[0].facts.class).or_default() += open;
                states = later;
            }
        }
        self.open_shown = match &self.shown {
            None => self.remaining(),
            Some(shown) => shown.iter().filter(|place| self.is_open_at(**place as usize)).count(),
        };
    }

    /// Whether every page is read.
    pub fn is_complete(&self) -> bool {
        self.pages.iter().all(Option::is_some)
    }

    /// The page to ask for next: that of the cursor, then the visible ones, then those behind them, going round.
    pub(in crate::app) fn ask(&mut self, cursor: usize, top: usize) -> Option<u32> {
        if self.asked.is_some() || self.unreadable {
            return None;
        }
        let (cursor, first) = (cursor / PAGE, (top / PAGE).min(self.pages.len()));
        let unread = |page: &usize| self.pages.get(*page).is_some_and(Option::is_none);
        let mut pages = std::iter::once(cursor).chain(first..self.pages.len()).chain(0..first);
        self.asked = pages.find(unread).map(|page| page as u32);
        self.asked
    }

    /// Asks again for what has not come.
    pub(in crate::app) fn forget_asked(&mut self) {
        self.asked = None;
        self.unreadable = false;
    }

    /// Asks for no more pages.
    pub(in crate::app) fn give_up(&mut self) {
        self.unreadable = true;
    }

    /// Whether a part of it cannot be read.
    pub(in crate::app) fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    /// Whether a page belongs to it.
    pub(in crate::app) fn is_of(&self, page: &QueuePage) -> bool {
        page.edition == self.edition
    }

    fn at(&self, place: usize) -> Option<(&QueueEntry, State)> {
        let page = self.pages.get(place / PAGE)?.as_ref()?;
        Some((page.entries.get(place % PAGE)?, *page.states.get(place % PAGE)?))
    }

    fn is_open_at(&self, place: usize) -> bool {
        self.at(place).is_some_and(|(_, state)| state.is_open())
    }

    /// The place of a row in the whole queue.
    fn place_of_row(&self, row: usize) -> Option<usize> {
        match &self.shown {
            None => Some(row).filter(|row| *row < self.total),
            Some(shown) => shown.get(row).map(|place| *place as usize),
        }
    }

    /// The place of a record in the whole queue, filter or not.
    pub fn place(&self, no: RecordNo) -> Option<usize> {
        self.places.get(&no).map(|place| *place as usize)
    }

    /// Records in item 1.
    pub fn total(&self) -> usize {
        self.total
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
        self.shown.as_ref().map_or(self.total, Vec::len)
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Open records among the rows shown.
    pub fn open_shown(&self) -> usize {
        self.open_shown
    }

    /// Whether a filter hides some records.
    pub fn is_narrowed(&self) -> bool {
        self.len() < self.total
    }

    /// The entry of a shown row, once it is read.
    pub fn entry(&self, row: usize) -> Option<&QueueEntry> {
        self.at(self.place_of_row(row)?).map(|(entry, _)| entry)
    }

    /// The record of a shown row, once it is read.
    pub fn no(&self, row: usize) -> Option<RecordNo> {
        self.entry(row).map(|entry| entry.no)
    }

    /// The entry of a record that is read, shown or not.
    pub fn entry_of(&self, no: RecordNo) -> Option<&QueueEntry> {
        self.at(self.place(no)?).map(|(entry, _)| entry)
    }

    /// The row that shows a record.
    pub fn row_of(&self, no: RecordNo) -> Option<usize> {
        let place = self.place(no)?;
        match &self.shown {
            None => Some(place),
            Some(shown) => shown.binary_search(&(place as u32)).ok(),
        }
    }

    /// The row that shows a record, else the nearest row after its place, else the last.
    pub fn row_near(&self, no: RecordNo) -> usize {
        match (self.place(no), &self.shown) {
            (None, _) => 0,
            (Some(place), None) => place,
            (Some(place), Some(shown)) => {
                shown.partition_point(|shown| (*shown as usize) < place).min(shown.len().saturating_sub(1))
            }
        }
    }

    /// Where a record stands; 未着手 for one that is not in the queue.
    pub fn state(&self, no: RecordNo) -> State {
        self.place(no).and_then(|place| self.at(place)).map_or(State::Untouched, |(_, state)| state)
    }

    /// Notes a new state.
    pub fn set_state(&mut self, no: RecordNo, state: State) {
        let Some(place) = self.place(no) else { return };
        let Some(Some(page)) = self.pages.get_mut(place / PAGE) else { return };
        let old = std::mem::replace(&mut page.states[place % PAGE], state);
        let moved = |count: &mut usize| {
            *count = (*count + usize::from(state.is_open())).saturating_sub(usize::from(old.is_open()));
        };
        moved(&mut page.open);
        moved(self.open.entry(page.entries[place % PAGE].facts.class).or_default());
        if self.shown.as_ref().is_none_or(|shown| shown.binary_search(&(place as u32)).is_ok()) {
            moved(&mut self.open_shown);
        }
    }

    /// Shows only these records, in queue order. The whole queue must be read.
    pub fn narrow(&mut self, nos: &[RecordNo]) {
        let mut shown: Vec<u32> = nos.iter().filter_map(|no| self.places.get(no).copied()).collect();
        shown.sort_unstable();
        shown.dedup();
        self.open_shown = shown.iter().filter(|place| self.is_open_at(**place as usize)).count();
        self.shown = Some(shown);
    }

    /// Shows every record.
    pub fn widen(&mut self) {
        self.shown = None;
        self.open_shown = self.remaining();
    }

    /// The first open row.
    pub fn first_open(&self) -> Found {
        match &self.shown {
            None => self.open_in([0..self.total, 0..0], true),
            Some(_) => self.next_open_shown(self.len(), true),
        }
    }

    /// The next open row after a row, going round.
    pub fn next_open(&self, row: usize) -> Found {
        self.another_open(row, true)
    }

    /// The open row before a row, going round.
    pub fn previous_open(&self, row: usize) -> Found {
        self.another_open(row, false)
    }

    fn another_open(&self, row: usize, forward: bool) -> Found {
        let row = row.min(self.len());
        let found = match (&self.shown, forward) {
            (Some(_), _) => self.next_open_shown(row, forward),
            (None, true) => self.open_in([(row + 1).min(self.total)..self.total, 0..row], true),
            (None, false) => self.open_in([0..row, (row + 1).min(self.total)..self.total], false),
        };
        if found == Found::Row(row) { Found::Nothing } else { found }
    }

    fn next_open_shown(&self, row: usize, forward: bool) -> Found {
        let is_open = |row: usize| self.place_of_row(row).is_some_and(|place| self.is_open_at(place));
        let found = if forward { next_open(self.len(), row, is_open) } else { previous_open(self.len(), row, is_open) };
        found.map_or(Found::Nothing, Found::Row)
    }

    /// The first (or last) open place of some ranges, one after the other, page by page.
    fn open_in(&self, ranges: [Range<usize>; 2], forward: bool) -> Found {
        for range in ranges {
            let pages = range.start / PAGE..range.end.div_ceil(PAGE);
            let mut pages: Vec<usize> = pages.collect();
            if !forward {
                pages.reverse();
            }
            for number in pages {
                let Some(page) = &self.pages[number] else { return Found::Unread };
                if page.open == 0 {
                    continue;
                }
                let first = number * PAGE;
                let start = range.start.max(first);
                let states = &page.states[start - first..range.end.min(first + page.states.len()) - first];
                let is_open = |state: &State| state.is_open();
                let found = if forward { states.iter().position(is_open) } else { states.iter().rposition(is_open) };
                if let Some(at) = found {
                    return Found::Row(start + at);
                }
            }
        }
        Found::Nothing
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::update::testing::entries;
    use crate::domain::category::Category;
    use proptest::prelude::*;

    const DONE: State = State::Decided(Category::C23);

    /// A page of a queue of records 1 to `n`, of which some are decided.
    fn page(n: u32, number: u32, decided: &[u32]) -> QueuePage {
        let entries: Vec<QueueEntry> = entries(n).into_iter().skip(number as usize * PAGE).take(PAGE).collect();
        let state = |entry: &QueueEntry| if decided.contains(&entry.no.0) { DONE } else { State::Untouched };
        QueuePage { edition: 1, page: number, states: entries.iter().map(state).collect(), entries }
    }

    fn expecting(n: u32, decided: &[u32]) -> Queue {
        let mut classes: BTreeMap<Class, ClassCount> = BTreeMap::new();
        for entry in entries(n) {
            let count = classes.entry(entry.facts.class).or_default();
            count.total += 1;
            count.remaining += u64::from(!decided.contains(&entry.no.0));
        }
        Queue::expecting(1, &classes)
    }

    fn queue(n: u32, decided: &[u32]) -> Queue {
        let mut queue = expecting(n, decided);
        while let Some(number) = queue.ask(0, 0) {
            assert!(queue.fill(page(n, number, decided)));
        }
        assert!(queue.is_complete());
        queue
    }

    #[test]
    fn counts_follow_every_change_of_state() {
        let mut queue = queue(5, &[2]);
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
        let mut queue = queue(6, &[]);
        queue.narrow(&[RecordNo(5), RecordNo(2), RecordNo(77)]);
        assert_eq!(
            (queue.len(), queue.no(0), queue.no(1), queue.no(2)),
            (2, Some(RecordNo(2)), Some(RecordNo(5)), None)
        );
        assert_eq!((queue.row_of(RecordNo(5)), queue.row_of(RecordNo(3))), (Some(1), None));
        assert_eq!((queue.row_near(RecordNo(3)), queue.row_near(RecordNo(6)), queue.row_near(RecordNo(1))), (1, 1, 0));
        assert!(queue.is_narrowed());
        // What is decided out of sight counts nowhere among the rows shown.
        queue.set_state(RecordNo(2), DONE);
        queue.set_state(RecordNo(3), DONE);
        assert_eq!((queue.open_shown(), queue.remaining()), (1, 4));
        queue.widen();
        assert_eq!((queue.len(), queue.open_shown()), (6, 4));
        queue.narrow(&[RecordNo(2), RecordNo(3), RecordNo(4)]);
        assert_eq!(queue.open_shown(), 1);
    }

    #[test]
    fn hits_and_open_rows_go_round() {
        let queue = queue(5, &[1]);
        assert_eq!(queue.next_open(4), Found::Row(1));
        assert_eq!(queue.previous_open(1), Found::Row(4));
        let hit_from = |row, forward| queue.hit_from(row, forward, |no| [RecordNo(2), RecordNo(4)].contains(&no));
        assert_eq!([0, 1, 2, 3, 4].map(|row| hit_from(row, true)), [1, 3, 3, 1, 1].map(Some));
        assert_eq!([0, 1, 2, 3, 4].map(|row| hit_from(row, false)), [3, 3, 1, 1, 3].map(Some));
        assert_eq!(queue.hit_from(2, true, |no| no == RecordNo(3)), Some(2), "the only hit is found from itself");
        assert_eq!(queue.hit_from(0, true, |_| false), None);
    }

    #[test]
    fn a_page_of_another_edition_or_place_is_not_taken() {
        let mut queue = expecting(20, &[]);
        assert_eq!(queue.ask(9, 9), Some(1), "the page in sight comes first");
        assert_eq!(queue.ask(9, 9), None, "one page at a time");
        assert!(!queue.fill(QueuePage { edition: 2, ..page(20, 1, &[]) }));
        assert!(!queue.fill(QueuePage { page: 2, ..page(20, 0, &[]) }), "longer than the queue");
        assert!(queue.fill(page(20, 1, &[])) && !queue.fill(page(20, 1, &[])));
        assert_eq!((queue.no(7), queue.no(8), queue.row_of(RecordNo(9))), (None, Some(RecordNo(9)), Some(8)));
        assert_eq!([queue.ask(9, 9), queue.asked], [Some(2); 2]);
    }

    proptest! {
        /// A queue that is partly read finds what a complete one finds, or says that it does not know.
        #[test]
        fn what_is_not_read_is_never_guessed(
            n in 1u32..40,
            decided in proptest::collection::vec(1u32..40, 0..40),
            read in proptest::collection::vec(any::<bool>(), 5),
        ) {
            let (whole, mut part) = (queue(n, &decided), expecting(n, &decided));
            prop_assert_eq!(part.remaining(), whole.remaining());
            for number in (0..n.div_ceil(PAGE as u32)).filter(|number| read[*number as usize]) {
                prop_assert!(part.fill(page(n, number, &decided)));
            }
            let rows: Vec<usize> = (0..n as usize).collect();
            let open = |row: &usize| !decided.contains(&(*row as u32 + 1));
            for row in 0..n as usize {
                let next = rows[row + 1..].iter().chain(&rows[..row]).copied().find(open);
                let previous = rows[..row].iter().rev().chain(rows[row + 1..].iter().rev()).copied().find(open);
                for (whole, part, expected) in [
                    (whole.next_open(row), part.next_open(row), next),
                    (whole.previous_open(row), part.previous_open(row), previous),
                    (whole.first_open(), part.first_open(), rows.iter().copied().find(open)),
                ] {
                    prop_assert_eq!(whole, expected.map_or(Found::Nothing, Found::Row));
                    prop_assert!(part == whole || part == Found::Unread && !part_is_complete(&read, n));
                }
            }
        }
    }

    fn part_is_complete(read: &[bool], n: u32) -> bool {
        read[..n.div_ceil(PAGE as u32) as usize].iter().all(|read| *read)
    }
}
