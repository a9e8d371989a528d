//! The small engine under the store: tables of bytes, consistent views, one write transaction at a time.
//!
//! An engine knows nothing of rows, cases or checksums; codec, write path and `verify` exist once above it
//! ([`super::Store`]). [`redb::Redb`] is the embedded engine, [`memory::Memory`] the one for tests; both pass
//! `conformance`. What the store needs beyond "get, range, put, remove, commit":
//! - [`Engine::begin`] beside [`Engine::write`], because an import is one transaction that lives as long as its file is read;
//! - [`View::get_many`] and [`Txn::put_many`], because opening a table costs as much as looking into it;
//! - [`Table::ByKey`] and [`Table::InBatch`] hold exactly eight bytes and [`Table::History`] none, as redb stores them.
//!
//! [`Table::InBatch`] is read and emptied when a store of before layout 5 is raised; since then a case holds its batch.

mod backend;
#[cfg(test)]
mod conformance;
mod key;
pub(super) mod memory;
pub(super) mod redb;

pub(super) use key::{Key, KeyRange, Shape};

use super::StoreError;

/// The tables. The shape of a table's keys is [`Table::shape`]; a key of another shape is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// Name → identity, head and counters.
    Meta,
    /// Number → import as JSON.
    Imports,
    /// First row → block of rows.
    Rows,
    /// Column and chunk → cells.
    Columns,
    /// Record key → checked number, eight bytes.
    ByKey,
    /// Record → row numbers now and before; only records that a newer file changed.
    Versions,
    /// Record → danger signs; only records that have some.
    Signs,
    /// Record → case as JSON; only records that were ever touched.
    Decisions,
    /// Number → hash before, hash, event as JSON.
    Audit,
    /// Record and event number → nothing: the events of one record without reading all.
    History,
    /// Number → batch as JSON.
    Batches,
    /// Running number → withdrawal as JSON.
    Withdrawals,
    /// Record → checked number of the batch in which it stands now, eight bytes.
    InBatch,
    /// Number → frozen report as JSON.
    Reports,
    /// Import and running number → row held back, as JSON.
    Quarantine,
    /// Operator → opaque bytes.
    Sessions,
    /// Request → number of its first event and how many there are.
    Requests,
    /// Name of a counter → count.
    Tally,
    /// Operator → their number in [`Table::Steps`] and their newest steps.
    Stacks,
    /// Operator, list and number of an event → number of another event: what each operator can undo and redo.
    Steps,
}

impl Table {
    /// Every table.
    pub(super) const ALL: [Self; 20] = [
        Self::Meta,
        Self::Imports,
        Self::Rows,
        Self::Columns,
        Self::ByKey,
        Self::Versions,
        Self::Signs,
        Self::Decisions,
        Self::Audit,
        Self::History,
        Self::Batches,
        Self::Withdrawals,
        Self::InBatch,
        Self::Reports,
        Self::Quarantine,
        Self::Sessions,
        Self::Requests,
        Self::Tally,
        Self::Stacks,
        Self::Steps,
    ];

    /// The shape of its keys.
    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Meta | Self::ByKey | Self::Sessions | Self::Tally | Self::Stacks => Shape::Text,
            Self::Columns => Shape::Chunk,
            Self::Audit => Shape::Seq,
            Self::History => Shape::Event,
            Self::Quarantine => Shape::Pair,
            Self::Requests => Shape::Id,
            Self::Steps => Shape::Step,
            Self::Imports
            | Self::Rows
            | Self::Versions
            | Self::Signs
            | Self::Decisions
            | Self::Batches
            | Self::Withdrawals
            | Self::InBatch
            | Self::Reports => Shape::Number,
        }
    }
}

/// The order in which a range is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

/// Takes a value of [`View::get_many`] with the place of its key.
pub(super) type EachValue<'e> = &'e mut dyn FnMut(usize, &[u8]) -> Result<(), StoreError>;

/// Takes an entry of [`View::range`]; `false` ends it.
pub(super) type EachEntry<'e> = &'e mut dyn FnMut(Key<'_>, &[u8]) -> Result<bool, StoreError>;

/// Something whose tables can be read: a consistent view, or a transaction with what it has written so far.
pub(super) trait View: Sync {
    /// Shows the values of those keys that are there, with the places of the keys, in the order asked.
    fn get_many(&self, table: Table, keys: &[Key<'_>], each: EachValue<'_>) -> Result<(), StoreError>;

    /// Shows the entries of a range until `each` says `false`. Within a transaction `each` must not use the same table.
    fn range(
        &self,
        table: Table,
        keys: KeyRange<'_>,
        direction: Direction,
        each: EachEntry<'_>,
    ) -> Result<(), StoreError>;

    /// How many entries a table holds.
    fn len(&self, table: Table) -> Result<u64, StoreError>;

    /// The value of a key.
    fn get(&self, table: Table, key: Key<'_>) -> Result<Option<Vec<u8>>, StoreError> {
        let mut found = None;
        self.get_many(table, &[key], &mut |_, value| {
            found = Some(value.to_vec());
            Ok(())
        })?;
        Ok(found)
    }
}

/// A write transaction; dropped without a commit, it leaves nothing.
pub(super) trait Txn: View {
    /// Puts a value; whether it replaced one.
    fn put(&mut self, table: Table, key: Key<'_>, value: &[u8]) -> Result<bool, StoreError>;

    /// Puts entries whose keys ascend strictly; how many they replaced.
    fn put_many<'e>(
        &mut self,
        table: Table,
        entries: &mut dyn Iterator<Item = (Key<'e>, &'e [u8])>,
    ) -> Result<u64, StoreError>;

    /// Removes an entry; whether it was there.
    fn remove(&mut self, table: Table, key: Key<'_>) -> Result<bool, StoreError>;

    /// Removes every entry of a table and makes the table where there is none.
    fn clear(&mut self, table: Table) -> Result<(), StoreError>;

    /// Makes everything durable before it returns.
    fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// What a write does within its transaction.
pub(super) type Job<'j> = &'j mut dyn FnMut(&mut dyn Txn) -> Result<(), StoreError>;

/// A place where tables are kept.
pub(super) trait Engine: Send + Sync {
    /// Opens a consistent view of everything that is durable now; while it lives, replaced pages are not freed.
    fn read(&self) -> Result<Box<dyn View + '_>, StoreError>;

    /// Begins a write transaction; waits while another one is in progress.
    fn begin(&self) -> Result<Box<dyn Txn + '_>, StoreError>;

    /// Does a job in a transaction of its own and commits it. An engine may call the job again after a conflict.
    fn write(&self, job: Job<'_>) -> Result<(), StoreError> {
        let mut txn = self.begin()?;
        job(&mut *txn)?;
        txn.commit()
    }

    /// Does what makes the next opening after a crash immediate; called when idle.
    fn idle(&self) -> Result<(), StoreError>;

    /// Checks everything below the tables; needs the engine for itself. `false`: something was wrong and repaired.
    fn check(&mut self) -> Result<bool, StoreError>;
}

/// The fault of a key or value that a table cannot hold: a mistake of the program.
fn unfit(table: Table) -> StoreError {
    StoreError::Refused(format!("表 {table:?} に合わない項目です"))
}
