//! What each operator can undo and redo: an index over the trail, written in the transaction of each event.
//!
//! A step is an event that undo takes back. The newest event of its operator that makes, undoes or redoes it says where it
//! stands: in the list of what is done or of what is undone, at the number of that event. The next undo is the last entry of
//! the first list and the next redo the last of the second, however many events of others lie above. A new step leaves
//! nothing to redo: entries of the second list below it stay and no longer count. A step that stands elsewhere than at its own
//! number has an entry that says where.
//!
//! The lists answer as [`UndoStack`](crate::domain::event::UndoStack) does, which folds all events of an operator; events of
//! another chain are no steps of this store.

use std::collections::BTreeMap;

use super::StoreError;
use super::engine::{Direction, Key, KeyRange, Table, Txn, View};
use super::envelope::{self, ValueKind};
use crate::domain::event::{Event, EventId, EventKind};

/// A list of [`Table::Steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum List {
    /// Event that did it last → step.
    Done = 0,
    /// Event that undid it → step.
    Undone = 1,
    /// Step → event that undid or redid it last.
    Moved = 2,
}

/// What the store knows of an operator's steps beside the lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stack {
    /// Number of the operator in [`Table::Steps`].
    pub operator: u32,
    /// The newest event that made, undid or redid a step.
    pub newest: u64,
    /// The newest step; what was undone before cannot be redone.
    pub made: u64,
}

impl Stack {
    fn seal(self, operator: &str) -> Vec<u8> {
        let mut payload = self.operator.to_le_bytes().to_vec();
        payload.extend(self.newest.to_le_bytes());
        payload.extend(self.made.to_le_bytes());
        envelope::seal(ValueKind::Steps, operator.as_bytes(), &payload)
    }

    fn open(operator: &str, sealed: &[u8]) -> Result<Self, StoreError> {
        let payload = envelope::open(ValueKind::Steps, operator.as_bytes(), sealed)?;
        let parts = || {
            let (number, rest) = payload.split_first_chunk::<4>()?;
            let (newest, made) = rest.split_first_chunk::<8>()?;
            Some((*number, *newest, <[u8; 8]>::try_from(made).ok()?))
        };
        let (number, newest, made) = parts().ok_or_else(|| ValueKind::Steps.corrupt())?;
        Ok(Self {
            operator: u32::from_le_bytes(number),
            newest: u64::from_le_bytes(newest),
            made: u64::from_le_bytes(made),
        })
    }

    /// What is known of an operator; `None` for one who made no step.
    pub(super) fn of(view: &dyn View, operator: &str) -> Result<Option<Self>, StoreError> {
        let sealed = view.get(Table::Stacks, Key::Text(operator))?;
        sealed.map(|sealed| Self::open(operator, &sealed)).transpose()
    }

    /// The entry of a list at the number of an event.
    pub(super) fn at(&self, view: &dyn View, list: List, n: u64) -> Result<Option<u64>, StoreError> {
        let sealed = view.get(Table::Steps, self.key(list, n))?;
        sealed.map(|sealed| open_step(self.key(list, n), &sealed)).transpose()
    }

    /// The last entry of a list up to the number of an event, with the number at which it stands.
    pub(super) fn last(&self, view: &dyn View, list: List, n: u64) -> Result<Option<(u64, u64)>, StoreError> {
        let mut found = None;
        let keys = KeyRange::within(self.key(list, 0), self.key(list, n));
        view.range(Table::Steps, keys, Direction::Descending, &mut |key, sealed| {
            let Key::Step(_, _, at) = key else { return Err(ValueKind::Steps.corrupt()) };
            found = Some((at, open_step(key, sealed)?));
            Ok(false)
        })?;
        Ok(found)
    }

    /// Whether a step is done and not undone.
    pub(super) fn is_done(&self, view: &dyn View, step: u64) -> Result<bool, StoreError> {
        let at = self.at(view, List::Moved, step)?.unwrap_or(step);
        Ok(self.at(view, List::Done, at)? == Some(step))
    }

    /// The operator's newest steps.
    pub(super) fn newest(&self, view: &dyn View) -> Result<OwnSteps, StoreError> {
        let undo = self.last(view, List::Done, u64::MAX)?.map(|(_, step)| EventId::first(step));
        let undone = self.last(view, List::Undone, u64::MAX)?;
        let redo = undone.filter(|(at, _)| *at > self.made).map(|(_, step)| EventId::first(step));
        Ok(OwnSteps { undo, redo, newest: self.newest })
    }

    fn key(&self, list: List, n: u64) -> Key<'static> {
        Key::Step(self.operator, list as u8, n)
    }
}

/// What an operator would undo and redo next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnSteps {
    /// The event that undo takes back.
    pub undo: Option<EventId>,
    /// The event that redo brings back.
    pub redo: Option<EventId>,
    /// Number of their newest event that made, undid or redid a step; 0 where there is none.
    pub newest: u64,
}

/// Whether events of a kind change what their operator can undo or redo.
pub(super) fn counts(kind: EventKind) -> bool {
    kind.can_undo() || matches!(kind, EventKind::Undo | EventKind::Redo)
}

/// The list into which an event moves an earlier step, and the step.
pub(super) fn moves(event: &Event) -> Option<(List, u64)> {
    let step = event.refers.filter(|step| step.chain == 0)?;
    match event.kind {
        EventKind::Undo => Some((List::Undone, step.n)),
        EventKind::Redo => Some((List::Done, step.n)),
        _ => None,
    }
}

/// Keeps the index for the events of one transaction, in their order; new steps wait to be written many at a time.
#[derive(Default)]
pub(super) struct StepWriter {
    stacks: BTreeMap<String, Stack>,
    waiting: Vec<(Key<'static>, Vec<u8>)>,
}

impl StepWriter {
    /// Takes the next event, which has its number.
    pub(super) fn add(&mut self, txn: &mut dyn Txn, event: &Event) -> Result<(), StoreError> {
        if !counts(event.kind) {
            return Ok(());
        }
        let n = event.id.n;
        let stack = self.stack(txn, event.operator())?;
        stack.newest = n;
        if event.kind.can_undo() {
            stack.made = n;
            let key = stack.key(List::Done, n);
            self.waiting.push((key, seal_step(key, n)));
        } else if let Some((list, step)) = moves(event) {
            let stack = *stack;
            // It may be one that waits.
            self.write_waiting(txn)?;
            move_step(txn, &stack, step, list, n)?;
        }
        Ok(())
    }

    /// Writes what waits.
    pub(super) fn finish(&mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        self.write_waiting(txn)?;
        for (operator, stack) in &self.stacks {
            txn.put(Table::Stacks, Key::Text(operator), &stack.seal(operator))?;
        }
        Ok(())
    }

    fn stack(&mut self, txn: &mut dyn Txn, operator: &str) -> Result<&mut Stack, StoreError> {
        if !self.stacks.contains_key(operator) {
            let stack = match Stack::of(&*txn, operator)? {
                Some(stack) => stack,
                None => {
                    let stack = Stack { operator: txn.len(Table::Stacks)? as u32, ..Stack::default() };
                    // Takes its number.
                    txn.put(Table::Stacks, Key::Text(operator), &stack.seal(operator))?;
                    stack
                }
            };
            self.stacks.insert(operator.to_owned(), stack);
        }
        self.stacks.get_mut(operator).ok_or_else(|| ValueKind::Steps.corrupt())
    }

    fn write_waiting(&mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.waiting.sort_unstable();
        txn.put_many(Table::Steps, &mut self.waiting.iter().map(|(key, sealed)| (*key, sealed.as_slice())))?;
        self.waiting.clear();
        Ok(())
    }
}

/// Moves a step to a list, at the number of the event that undid or redid it.
fn move_step(txn: &mut dyn Txn, stack: &Stack, step: u64, list: List, n: u64) -> Result<(), StoreError> {
    match stack.at(&*txn, List::Moved, step)? {
        // Another step may stand at the number of what is no step.
        None if stack.at(&*txn, List::Done, step)? == Some(step) => {
            txn.remove(Table::Steps, stack.key(List::Done, step))?;
        }
        None => {}
        Some(at) if !txn.remove(Table::Steps, stack.key(List::Done, at))? => {
            txn.remove(Table::Steps, stack.key(List::Undone, at))?;
        }
        Some(_) => {}
    }
    for (key, value) in [(stack.key(list, n), step), (stack.key(List::Moved, step), n)] {
        txn.put(Table::Steps, key, &seal_step(key, value))?;
    }
    Ok(())
}

fn seal_step(key: Key<'_>, value: u64) -> Vec<u8> {
    envelope::seal(ValueKind::Steps, &key.encode(), &value.to_le_bytes())
}

fn open_step(key: Key<'_>, sealed: &[u8]) -> Result<u64, StoreError> {
    let payload = envelope::open(ValueKind::Steps, &key.encode(), sealed)?;
    payload.try_into().map(u64::from_le_bytes).map_err(|_| ValueKind::Steps.corrupt())
}
