//! The end of an import: columns, queue, closings, events and head are written, and everything becomes durable.

use super::audit::Trail;
use super::engine::{Key, Table};
use super::envelope::{self, ValueKind};
use super::import::Import;
use super::import_record::StoredImport;
use super::lookup;
use super::{HeldEnd, ImportRecord, QuarantineRow, StoreError, cases, tally, write};
use crate::domain::event::{Actor, Detail, Event, EventKind, ImportSummary, Subject};
use crate::domain::quarantine::QuarantineState;
use crate::domain::record::RecordNo;

impl Import<'_> {
    /// Writes columns, queue and the audit event, and commits durably.
    pub fn commit(mut self, record: ImportRecord, actor: &Actor) -> Result<ImportRecord, StoreError> {
        let store = self.store;
        store
            .guard(|| {
                let record = ImportRecord {
                    number: self.number,
                    at: Some(actor.at),
                    operator: actor.caller.operator.clone(),
                    ..record
                };
                self.write_all(&record, actor)?;
                self.read = None;
                self.txn.commit()?;
                Ok(record)
            })
            .inspect(|_| {
                // The import is durable whatever comes of this; a fault here closes the handle and shows at the next call.
                let _ = store.guard(|| store.engine.idle());
            })
    }

    /// Closes what this import corrected or held back anew; rows are found in one pass, by their place.
    fn write_closings(&mut self, actor: &Actor) -> Result<Vec<(QuarantineRow, Option<RecordNo>)>, StoreError> {
        let Some((&last, _)) = self.closings.last_key_value() else { return Ok(Vec::new()) };
        let mut closed = Vec::with_capacity(self.closings.len());
        let closings = &mut self.closings;
        lookup::each_sealed_held(&*self.txn, &mut |number, key, sealed| {
            if let Some((state, record)) = closings.remove(&number) {
                let mut row = lookup::open_held(key, number, sealed)?;
                row.state = state;
                row.closed =
                    Some(HeldEnd { at: actor.at, operator: actor.caller.operator.clone(), reason: String::new() });
                closed.push((key, row, record));
            }
            Ok(number < last)
        })?;
        for (key, row, _) in &closed {
            write::put_held(&mut *self.txn, *key, row)?;
        }
        self.held_open = self.held_open.saturating_sub(closed.len() as u64);
        Ok(closed.into_iter().map(|(_, row, record)| (row, record)).collect())
    }

    fn write_all(&mut self, record: &ImportRecord, actor: &Actor) -> Result<(), StoreError> {
        while self.block.rows() > 0 {
            self.flush_block()?;
        }
        self.keys.flush(&mut *self.txn)?;
        self.facts.flush(&mut *self.txn)?;
        self.fingerprints.flush(&mut *self.txn)?;
        self.search.flush(&mut *self.txn)?;
        self.flush_versions()?;
        self.flush_signs()?;
        self.write_queue()?;
        self.vanished.write(&mut *self.txn)?;
        let stored = StoredImport { first_row: self.first_row, record: record.clone() };
        let sealed = envelope::seal_json(ValueKind::Import, &self.number.to_le_bytes(), &stored)?;
        self.txn.put(Table::Imports, Key::Number(self.number), &sealed)?;
        let closings = self.write_closings(actor)?;
        let mut trail = Trail::default();
        let detail = Detail::Import(Box::new(summary(self.number, record)));
        let event = Event { detail, ..Event::new(EventKind::Import, Subject::Import(self.number), actor) };
        trail.append(&mut *self.txn, &mut self.head, event)?;
        for update in std::mem::take(&mut self.cases) {
            cases::put(&mut *self.txn, update.no, &update.after)?;
            let event = Event {
                before: Some(update.before),
                after: Some(update.after),
                reason: update.reason,
                ..Event::new(EventKind::Update, Subject::Record(update.no), actor)
            };
            trail.append(&mut *self.txn, &mut self.head, event)?;
        }
        for (row, record) in closings {
            let kind = match row.state {
                QuarantineState::Replaced { .. } => EventKind::HeldReplaced,
                _ => EventKind::HeldCorrected,
            };
            trail.append(&mut *self.txn, &mut self.head, write::held_event(kind, &row, record, actor))?;
        }
        trail.finish(&mut *self.txn)?;
        write::put_held_open(&mut *self.txn, self.held_open)?;
        write::put_head(&mut *self.txn, &self.head)?;
        tally::renew(&mut *self.txn)
    }
}

/// What the audit trail keeps of an import.
fn summary(number: u32, record: &ImportRecord) -> ImportSummary {
    ImportSummary {
        number,
        file: record.file.clone(),
        sha256: record.sha256.clone(),
        encoding: record.encoding.clone(),
        layout: record.layout.clone(),
        run: record.run,
        rows: record.rows,
        imported: record.imported,
        quarantined: record.quarantined,
        repeats: record.repeats,
        updated: record.updated,
        unchanged: record.unchanged,
        vanished: record.vanished,
        reopened: record.reopened,
        warnings: record.warnings.clone(),
    }
}
