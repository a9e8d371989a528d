//! The part of `verify` about what each operator can undo: the index is counted against the trail, while that is read.

use std::collections::HashMap;

use super::engine::{Key, Table, View};
use super::recount::Faults;
use super::steps::{self, List, Stack};
use super::{StoreError, audit};
use crate::domain::event::Event;

/// What the trail tells of the index. Only steps that were undone or redone are remembered.
#[derive(Default)]
pub(super) struct StepCheck {
    operators: HashMap<String, Operator>,
    /// Steps found at their own number.
    in_place: u64,
    /// Steps that should be there: those made and not moved.
    expected: u64,
}

/// An operator as the trail tells it, and as the index has them.
#[derive(Default)]
struct Operator {
    kept: Option<Stack>,
    told: Stack,
    /// Where each step stands that was undone or redone.
    moved: HashMap<u64, (List, u64)>,
}

impl StepCheck {
    /// Takes the next event of the trail.
    pub(super) fn event(&mut self, view: &dyn View, event: &Event, faults: &mut Faults) -> Result<(), StoreError> {
        if !steps::counts(event.kind) {
            return Ok(());
        }
        let n = event.id.n;
        if !self.operators.contains_key(event.operator()) {
            let kept = Stack::of(view, event.operator()).unwrap_or_default();
            self.operators.insert(event.operator().to_owned(), Operator { kept, ..Operator::default() });
        }
        let Some(operator) = self.operators.get_mut(event.operator()) else { return Ok(()) };
        operator.told.newest = n;
        if event.kind.can_undo() {
            operator.told.made = n;
            self.expected += 1;
            let Some(kept) = operator.kept else { return Ok(()) };
            if kept.at(view, List::Done, n).is_ok_and(|step| step == Some(n)) {
                self.in_place += 1;
            } else if kept.at(view, List::Moved, n).is_ok_and(|at| at.is_none()) {
                faults.add(format!("監査記録 {n} が取消の索引にありません"));
            }
        } else if let Some((list, step)) = steps::moves(event)
            && operator.moved.insert(step, (list, n)).is_none()
            && is_own_step(view, event, step)?
        {
            self.expected = self.expected.saturating_sub(1);
        }
        Ok(())
    }

    /// The trail is read: holds the rest of the index against it.
    pub(super) fn finish(self, view: &dyn View, faults: &mut Faults) -> Result<(), StoreError> {
        let mut entries = self.expected;
        for operator in self.operators.values() {
            let kept = operator.kept.unwrap_or_default();
            if operator.kept.is_none() || (kept.newest, kept.made) != (operator.told.newest, operator.told.made) {
                faults.add("取消の索引が監査記録と違います".to_owned());
            }
            for (&step, &(list, at)) in &operator.moved {
                let stands = kept.at(view, list, at).is_ok_and(|found| found == Some(step));
                if !stands || !kept.at(view, List::Moved, step).is_ok_and(|found| found == Some(at)) {
                    faults.add(format!("監査記録 {at} が取消の索引にありません"));
                }
            }
            entries += 2 * operator.moved.len() as u64;
        }
        let stacks = self.operators.len() as u64;
        if self.in_place != self.expected || view.len(Table::Steps)? != entries || view.len(Table::Stacks)? != stacks {
            faults.add("取消の索引の件数が監査記録と違います".to_owned());
        }
        Ok(())
    }
}

/// Whether the trail has an event as a step of the operator of a later one.
fn is_own_step(view: &dyn View, later: &Event, step: u64) -> Result<bool, StoreError> {
    let Some(sealed) = view.get(Table::Audit, Key::Seq(step))?.filter(|_| step < later.id.n) else { return Ok(false) };
    let is_own = |event: Event| event.kind.can_undo() && event.operator() == later.operator();
    Ok(audit::open_entry(step, &sealed).is_ok_and(|entry| is_own(entry.event)))
}
