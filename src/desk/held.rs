//! 隔離: the rows that imports held back, and what an operator does about them.

use crate::compare::visible;
use crate::domain::event::{Change, Event};
use crate::domain::quarantine;
use crate::domain::record::Column;
use crate::store::HeldEnd;
use crate::view::redact::held_cells;
use crate::view::{HeldClosing, HeldView};

use super::service::Request;
use super::{Desk, DeskError};

impl Desk {
    /// The rows held back, in the order of their numbers: the open ones, or the closed ones as well.
    pub fn held(&self, closed: bool) -> Result<Vec<HeldView>, DeskError> {
        let snapshot = self.snapshot()?;
        let imports = snapshot.meta()?.imports;
        let mut views = Vec::new();
        snapshot.each_held(&mut |row| {
            if !closed && !row.state.is_open() {
                return;
            }
            let import = imports.get((row.import as usize).wrapping_sub(1));
            let place = |column: Column| {
                let at = import?.columns.get(column.index()).copied().flatten()?;
                Some(usize::from(at))
            };
            let cells = quarantine::cells(&row.raw);
            let fits = import.is_some_and(|import| import.header.len() == cells.len());
            let of = |column| place(column).filter(|_| fits);
            let shown = held_cells(&cells, of(Column::MyNumber), of(Column::Id));
            let named = |column: &&Column| row.column.as_deref() == Some(column.name());
            let fault = Column::ALL.iter().find(named).and_then(|column| of(*column));
            let cells = shown.iter().map(|cell| visible(cell).into_owned()).collect();
            let closed = row.closed.map(|HeldEnd { at, operator, reason }| HeldClosing { at, operator, reason });
            views.push(HeldView {
                number: row.number,
                import: row.import,
                file: row.file,
                line: row.line,
                column: row.column,
                code: row.code,
                reason: row.reason,
                key: row.key,
                state: row.state,
                closed,
                names: import.map(|import| import.header.clone()).unwrap_or_default(),
                cells,
                fault,
            });
        })?;
        Ok(views)
    }

    /// How many held-back rows are open.
    pub fn held_open(&self) -> Result<u64, DeskError> {
        Ok(self.snapshot()?.held_open()?)
    }

    /// Dismisses held-back rows with a reason, or takes that back; all or none, durable when it returns.
    pub(super) fn close_held(
        &self,
        who: &Request<'_>,
        numbers: &[u32],
        dismiss: bool,
        reason: &str,
    ) -> Result<Vec<Event>, DeskError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(DeskError::NeedsReason);
        }
        let change = |&number: &u32| Change::Held { number, dismiss, reason: reason.to_owned() };
        let changes: Vec<Change> = numbers.iter().map(change).collect();
        self.apply(who, &changes)
    }
}
