//! The handle of a store: what a process does with it.

use std::path::Path;

use super::engine::memory::Memory;
use super::engine::{Engine, Key, Table};
use super::envelope::{self, ValueKind};
use super::guarded::Guarded;
use super::{Import, RowHasher, Snapshot, StoreError, write};
use crate::domain::event::{Actor, Change, Event};
use crate::spill::Scratch;

/// A store that one process holds.
pub struct Store(Guarded);

/// `Debug` tells the identity and nothing that is stored.
impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("id", &self.0.identity.id).finish_non_exhaustive()
    }
}

impl Store {
    /// Makes a store in memory, for tests: it ends with its handle.
    ///
    /// # Errors
    /// [`StoreError::Engine`] when the system gives no random bytes.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::initialise(Memory::default())
    }

    /// Makes a store in an empty engine.
    pub(super) fn initialise(engine: impl Engine + 'static) -> Result<Self, StoreError> {
        Guarded::initialise(Box::new(engine)).map(Self)
    }

    /// Takes an engine that should hold a store.
    pub(super) fn over(engine: impl Engine + 'static) -> Result<Self, StoreError> {
        Guarded::over(Box::new(engine)).map(Self)
    }

    /// Makes temporary files of imports in a folder.
    pub(super) fn in_folder(mut self, folder: &Path) -> Self {
        self.0.scratch = Scratch::in_folder(folder);
        self
    }

    /// Where temporary files of its imports are made.
    pub(super) fn scratch(&self) -> &Scratch {
        &self.0.scratch
    }

    /// Opens a consistent view of everything that is durable now; while it lives, replaced pages are not freed.
    pub fn snapshot(&self) -> Result<Snapshot<'_>, StoreError> {
        self.0.guard(|| Ok(Snapshot::new(&self.0, self.0.engine.read()?)))
    }

    /// Applies changes and their audit events in one transaction, durable (two-phase) before it returns.
    ///
    /// All or nothing; a case that is no longer what its change was computed from gives [`StoreError::Conflict`].
    pub fn apply(&self, changes: &[Change], actor: &Actor) -> Result<Vec<Event>, StoreError> {
        self.0.guard(|| write::apply(&*self.0.engine, changes, actor))
    }

    /// Begins an import: one transaction, nothing is visible before [`Import::commit`], dropping it aborts. Other changes
    /// wait for its end.
    pub fn import(&self) -> Result<Import<'_>, StoreError> {
        self.0.guard(|| Import::begin(&self.0))
    }

    /// What fingerprints the rows of this store; every thread of an import has its own.
    pub fn row_hasher(&self) -> RowHasher {
        self.0.row_hasher()
    }

    /// Makes the next opening after a crash immediate; called when idle.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.0.guard(|| self.0.engine.idle())
    }

    /// Keeps where an operator stands (position, filter, half-typed note): opaque bytes, not audited.
    pub fn keep_session(&self, operator: &str, session: &[u8]) -> Result<(), StoreError> {
        let sealed = envelope::seal(ValueKind::Session, operator.as_bytes(), session);
        self.0.guard(|| {
            self.0.engine.write(&mut |txn| txn.put(Table::Sessions, Key::Text(operator), &sealed).map(|_| ()))
        })
    }

    /// Walks the whole file and checks every page; needs the store for itself. `false`: something was wrong and repaired.
    pub fn check_integrity(&mut self) -> Result<bool, StoreError> {
        self.0.engine.check()
    }
}

#[cfg(test)]
impl Store {
    /// Changes stored bytes behind the store's back.
    pub(super) fn tamper(&self, job: super::engine::Job<'_>) -> Result<(), StoreError> {
        self.0.engine.write(job)
    }

    /// What never changes about it.
    pub(super) fn identity(&self) -> &super::meta::Identity {
        &self.0.identity
    }
}
