//! Reading the trail: a page from either end, and what an operator can undo, at the same cost however long it is.

use super::engine::{Direction, Key, KeyRange, Table};
use super::envelope::ValueKind;
use super::read::Snapshot;
use super::steps::{List, OwnSteps, Stack};
use super::{StoreError, audit};
use crate::domain::event::{Event, EventId};
use crate::domain::record::RecordNo;

impl Snapshot<'_> {
    /// At most `limit` events below a number, newest first, of one record or of all.
    pub fn events_below(&self, below: u64, record: Option<RecordNo>, limit: usize) -> Result<Vec<Event>, StoreError> {
        self.store.guard(|| self.page(0, below, record, limit, Direction::Descending))
    }

    /// At most `limit` events from a number on, oldest first, of one record or of all.
    pub fn events_from(&self, from: u64, record: Option<RecordNo>, limit: usize) -> Result<Vec<Event>, StoreError> {
        self.store.guard(|| self.page(from, u64::MAX, record, limit, Direction::Ascending))
    }

    /// The newest steps of an operator.
    pub fn own_steps(&self, operator: &str) -> Result<OwnSteps, StoreError> {
        self.store.guard(|| match Stack::of(&*self.view, operator)? {
            Some(stack) => stack.newest(&*self.view),
            None => Ok(OwnSteps::default()),
        })
    }

    /// Whether a step of an operator is done and not undone.
    pub fn is_done(&self, operator: &str, step: EventId) -> Result<bool, StoreError> {
        self.store.guard(|| match Stack::of(&*self.view, operator)? {
            Some(stack) if step.chain == 0 => stack.is_done(&*self.view, step.n),
            _ => Ok(false),
        })
    }

    /// The newest step of one record that an operator has done and not undone.
    pub fn own_step_of(&self, operator: &str, record: RecordNo) -> Result<Option<EventId>, StoreError> {
        self.store.guard(|| {
            let Some(stack) = Stack::of(&*self.view, operator)? else { return Ok(None) };
            // The two indexes take turns: each passes over what the other does not have.
            let mut at = u64::MAX;
            while let Some(event) = self.last_event(record, at)? {
                match stack.last(&*self.view, List::Done, event)? {
                    Some((own, step)) if own == event => return Ok(Some(EventId::first(step))),
                    Some((own, _)) => at = own,
                    None => return Ok(None),
                }
            }
            Ok(None)
        })
    }

    /// The newest event of a record up to a number.
    fn last_event(&self, record: RecordNo, n: u64) -> Result<Option<u64>, StoreError> {
        let keys = KeyRange::within(Key::Event(record.0, 0), Key::Event(record.0, n));
        Ok(self.numbers(keys, 1, Direction::Descending)?.pop())
    }

    /// Numbers of events of one record.
    fn numbers(&self, keys: KeyRange<'_>, limit: usize, order: Direction) -> Result<Vec<u64>, StoreError> {
        let mut numbers = Vec::new();
        self.view.range(Table::History, keys, order, &mut |key, _| {
            let Key::Event(_, seq) = key else { return Err(ValueKind::Audit.corrupt()) };
            numbers.push(seq);
            Ok(numbers.len() < limit)
        })?;
        Ok(numbers)
    }

    /// At most `limit` events from a number up to below another one, of one record or of all.
    pub(super) fn page(
        &self,
        from: u64,
        below: u64,
        record: Option<RecordNo>,
        limit: usize,
        order: Direction,
    ) -> Result<Vec<Event>, StoreError> {
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        let Some(no) = record else {
            let keys = KeyRange::between(Key::Seq(from), Key::Seq(below));
            self.view.range(Table::Audit, keys, order, &mut |key, sealed| {
                let Key::Seq(seq) = key else { return Err(ValueKind::Audit.corrupt()) };
                found.push(audit::open_entry(seq, sealed)?.event);
                Ok(found.len() < limit)
            })?;
            return Ok(found);
        };
        let keys = KeyRange::between(Key::Event(no.0, from), Key::Event(no.0, below));
        let numbers = self.numbers(keys, limit, order)?;
        self.events_numbered(&numbers)
    }

    /// The events with these numbers, in the order asked; a number without an event is a fault.
    fn events_numbered(&self, numbers: &[u64]) -> Result<Vec<Event>, StoreError> {
        let mut found = Vec::with_capacity(numbers.len());
        let keys: Vec<Key<'_>> = numbers.iter().map(|seq| Key::Seq(*seq)).collect();
        self.view.get_many(Table::Audit, &keys, &mut |place, sealed| {
            found.push(audit::open_entry(numbers[place], sealed)?.event);
            Ok(())
        })?;
        if found.len() == numbers.len() { Ok(found) } else { Err(ValueKind::Audit.corrupt()) }
    }
}
