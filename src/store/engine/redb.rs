//! The engine in one redb file.
//!
//! Every table keeps the key and value types that it always had, so stores of earlier versions open unchanged. A commit is
//! durable in two phases before it returns. A view keeps its tables open; a transaction opens them for each call, because
//! redb lends a table of a transaction to one borrower at a time.

use std::fs::File;
use std::io::ErrorKind;
use std::marker::PhantomData;
use std::ops::Bound;
use std::sync::OnceLock;

use redb::backends::FileBackend;
use redb::{
    AccessGuard, Database, DatabaseError, Durability, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable,
    ReadableTableMetadata, StorageBackend, StorageError, TableDefinition, TableError, Value, WriteTransaction,
};

use super::backend::Sparing;
use super::{Direction, EachEntry, EachValue, Engine, Key, KeyRange, Table, Txn, View, unfit};
use crate::store::StoreError;

/// redb's own default of 1 GiB is more than the machines it runs on can spare.
const CACHE_BYTES: usize = 20 * 1024 * 1024;

/// A redb database, held by this process alone.
pub(in crate::store) struct Redb(Database);

impl Redb {
    /// The database in a file; an empty file becomes one.
    pub(in crate::store) fn in_file(file: File) -> Result<Self, StoreError> {
        Self::over(FileBackend::new(file)?, CACHE_BYTES)
    }

    /// The database on a backend, with so many bytes of cache.
    pub(in crate::store) fn over(backend: impl StorageBackend, cache: usize) -> Result<Self, StoreError> {
        match Database::builder().set_cache_size(cache).create_with_backend(Sparing::over(backend)) {
            Err(DatabaseError::Storage(StorageError::Io(cause))) if cause.kind() == ErrorKind::InvalidData => {
                Err(StoreError::foreign())
            }
            opened => Ok(Self(opened?)),
        }
    }

    fn transaction(&self) -> Result<WriteTransaction, StoreError> {
        let mut txn = self.0.begin_write()?;
        txn.set_durability(Durability::Immediate).map_err(redb::Error::from)?;
        txn.set_two_phase_commit(true);
        Ok(txn)
    }
}

impl Engine for Redb {
    fn read(&self) -> Result<Box<dyn View + '_>, StoreError> {
        Ok(Box::new(RedbView { txn: self.0.begin_read()?, tables: [const { OnceLock::new() }; Table::ALL.len()] }))
    }

    fn begin(&self) -> Result<Box<dyn Txn + '_>, StoreError> {
        Ok(Box::new(RedbTxn(self.transaction()?)))
    }

    /// Saves the state of free pages, so that opening after a crash needs no repair.
    fn idle(&self) -> Result<(), StoreError> {
        let mut txn = self.transaction()?;
        txn.set_quick_repair(true);
        Ok(txn.commit()?)
    }

    fn check(&mut self) -> Result<bool, StoreError> {
        Ok(self.0.check_integrity()?)
    }
}

/// A key type as redb stores it.
trait StoredKey: redb::Key + Send + Sync + 'static {
    fn of<'k>(key: Key<'k>) -> Option<Self::SelfType<'k>>;
    fn key<'k>(stored: Self::SelfType<'k>) -> Key<'k>;
}

macro_rules! stored_key {
    ($stored:ty, $life:lifetime, $pattern:pat => $of:expr, $found:pat => $key:expr) => {
        impl StoredKey for $stored {
            fn of<$life>(key: Key<$life>) -> Option<Self::SelfType<$life>> {
                match key {
                    $pattern => Some($of),
                    _ => None,
                }
            }
            fn key<$life>($found: Self::SelfType<$life>) -> Key<$life> {
                $key
            }
        }
    };
}

stored_key!(u32, 'k, Key::Number(number) => number, number => Key::Number(number));
stored_key!(u64, 'k, Key::Seq(seq) => seq, seq => Key::Seq(seq));
stored_key!(&'static str, 'k, Key::Text(text) => text, text => Key::Text(text));
stored_key!((u8, u32), 'k, Key::Chunk(column, chunk) => (column, chunk), (column, chunk) => Key::Chunk(column, chunk));
stored_key!((u32, u32), 'k, Key::Pair(first, second) => (first, second), (first, second) => Key::Pair(first, second));
stored_key!((u32, u64), 'k, Key::Event(record, seq) => (record, seq), (record, seq) => Key::Event(record, seq));
stored_key!(u128, 'k, Key::Id(id) => id, id => Key::Id(id));
stored_key!((u32, u8, u64), 'k, Key::Step(operator, list, seq) => (operator, list, seq), (operator, list, seq) => Key::Step(operator, list, seq));

/// A value type as redb stores it.
trait StoredValue: Value + Send + Sync + 'static {
    fn of(bytes: &[u8]) -> Option<Self::SelfType<'_>>;
    fn show<R>(stored: Self::SelfType<'_>, with: impl FnOnce(&[u8]) -> R) -> R;
}

impl StoredValue for &'static [u8] {
    fn of(bytes: &[u8]) -> Option<&[u8]> {
        Some(bytes)
    }
    fn show<R>(stored: &[u8], with: impl FnOnce(&[u8]) -> R) -> R {
        with(stored)
    }
}

impl StoredValue for u64 {
    fn of(bytes: &[u8]) -> Option<u64> {
        bytes.try_into().ok().map(u64::from_le_bytes)
    }
    fn show<R>(stored: u64, with: impl FnOnce(&[u8]) -> R) -> R {
        with(&stored.to_le_bytes())
    }
}

impl StoredValue for () {
    fn of(bytes: &[u8]) -> Option<()> {
        bytes.is_empty().then_some(())
    }
    fn show<R>((): (), with: impl FnOnce(&[u8]) -> R) -> R {
        with(&[])
    }
}

/// Calls a function with the types of a table's keys and values and its name in the file.
macro_rules! typed {
    ($table:expr, $call:ident($($arg:expr),*)) => {
        match $table {
            Table::Meta => $call::<&str, &[u8]>("meta", $($arg),*),
            Table::Imports => $call::<u32, &[u8]>("imports", $($arg),*),
            Table::Rows => $call::<u32, &[u8]>("rows", $($arg),*),
            Table::Columns => $call::<(u8, u32), &[u8]>("columns", $($arg),*),
            Table::ByKey => $call::<&str, u64>("by_key", $($arg),*),
            Table::Versions => $call::<u32, &[u8]>("versions", $($arg),*),
            Table::Signs => $call::<u32, &[u8]>("signs", $($arg),*),
            Table::Decisions => $call::<u32, &[u8]>("decisions", $($arg),*),
            Table::Audit => $call::<u64, &[u8]>("audit", $($arg),*),
            Table::History => $call::<(u32, u64), ()>("history", $($arg),*),
            Table::Batches => $call::<u32, &[u8]>("batches", $($arg),*),
            Table::Withdrawals => $call::<u32, &[u8]>("withdrawals", $($arg),*),
            Table::InBatch => $call::<u32, u64>("in_batch", $($arg),*),
            Table::Reports => $call::<u32, &[u8]>("reports", $($arg),*),
            Table::Quarantine => $call::<(u32, u32), &[u8]>("quarantine", $($arg),*),
            Table::Sessions => $call::<&str, &[u8]>("sessions", $($arg),*),
            Table::Requests => $call::<u128, &[u8]>("requests", $($arg),*),
            Table::Tally => $call::<&str, &[u8]>("tally", $($arg),*),
            Table::Stacks => $call::<&str, &[u8]>("stacks", $($arg),*),
            Table::Steps => $call::<(u32, u8, u64), &[u8]>("steps", $($arg),*),
        }
    };
}

/// An open table of any types.
trait Opened {
    fn get_many(&self, table: Table, keys: &[Key<'_>], each: EachValue<'_>) -> Result<(), StoreError>;
    fn range(&self, table: Table, keys: KeyRange<'_>, order: Direction, each: EachEntry<'_>) -> Result<(), StoreError>;
    fn len(&self) -> Result<u64, StoreError>;
}

/// An open table of certain types.
struct Typed<T, K, V>(T, PhantomData<fn() -> (K, V)>);

impl<K: StoredKey, V: StoredValue, T: ReadableTable<K, V>> Opened for Typed<T, K, V> {
    fn get_many(&self, table: Table, keys: &[Key<'_>], each: EachValue<'_>) -> Result<(), StoreError> {
        for (place, key) in keys.iter().enumerate() {
            let key = K::of(*key).ok_or_else(|| unfit(table))?;
            if let Some(found) = self.0.get(key)? {
                V::show(found.value(), |value| each(place, value))?;
            }
        }
        Ok(())
    }

    fn range(&self, table: Table, keys: KeyRange<'_>, order: Direction, each: EachEntry<'_>) -> Result<(), StoreError> {
        let bounds = (bound::<K>(table, keys.from)?, bound::<K>(table, keys.to)?);
        if keys.is_empty() {
            return Ok(());
        }
        let mut range = self.0.range::<K::SelfType<'_>>(bounds)?;
        let mut show = |entry: Result<(AccessGuard<'_, K>, AccessGuard<'_, V>), StorageError>| {
            let (key, value) = entry?;
            V::show(value.value(), |value| each(K::key(key.value()), value))
        };
        while let Some(entry) = if order == Direction::Ascending { range.next() } else { range.next_back() } {
            if !show(entry)? {
                break;
            }
        }
        Ok(())
    }

    fn len(&self) -> Result<u64, StoreError> {
        Ok(ReadableTableMetadata::len(&self.0)?)
    }
}

fn bound<K: StoredKey>(table: Table, bound: Bound<Key<'_>>) -> Result<Bound<K::SelfType<'_>>, StoreError> {
    let of = |key| K::of(key).ok_or_else(|| unfit(table));
    Ok(match bound {
        Bound::Included(key) => Bound::Included(of(key)?),
        Bound::Excluded(key) => Bound::Excluded(of(key)?),
        Bound::Unbounded => Bound::Unbounded,
    })
}

/// A table of a view; `None` where the file was made before there was such a table.
type Kept = Option<Box<dyn Opened + Send + Sync>>;

/// A read transaction and the tables that were asked for.
struct RedbView {
    txn: ReadTransaction,
    tables: [OnceLock<Kept>; Table::ALL.len()],
}

impl RedbView {
    fn table(&self, table: Table) -> Result<Option<&dyn Opened>, StoreError> {
        let slot = &self.tables[table as usize];
        let kept = match slot.get() {
            Some(kept) => kept,
            None => {
                let opened = typed!(table, open_to_read(&self.txn))?;
                slot.get_or_init(|| opened)
            }
        };
        Ok(kept.as_ref().map(|opened| &**opened as &dyn Opened))
    }
}

fn open_to_read<K: StoredKey, V: StoredValue>(name: &str, txn: &ReadTransaction) -> Result<Kept, StoreError> {
    match txn.open_table(TableDefinition::<K, V>::new(name)) {
        Ok(table) => Ok(Some(Box::new(Typed::<ReadOnlyTable<K, V>, K, V>(table, PhantomData)))),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl View for RedbView {
    fn get_many(&self, table: Table, keys: &[Key<'_>], each: EachValue<'_>) -> Result<(), StoreError> {
        self.table(table)?.map_or(Ok(()), |opened| opened.get_many(table, keys, each))
    }

    fn range(&self, table: Table, keys: KeyRange<'_>, order: Direction, each: EachEntry<'_>) -> Result<(), StoreError> {
        self.table(table)?.map_or(Ok(()), |opened| opened.range(table, keys, order, each))
    }

    fn len(&self, table: Table) -> Result<u64, StoreError> {
        self.table(table)?.map_or(Ok(0), Opened::len)
    }
}

/// A write transaction.
struct RedbTxn(WriteTransaction);

fn open_in<'t, K: StoredKey, V: StoredValue>(
    name: &str,
    txn: &'t WriteTransaction,
) -> Result<Box<dyn Opened + 't>, StoreError> {
    Ok(Box::new(Typed::<_, K, V>(txn.open_table(TableDefinition::<K, V>::new(name))?, PhantomData)))
}

impl View for RedbTxn {
    fn get_many(&self, table: Table, keys: &[Key<'_>], each: EachValue<'_>) -> Result<(), StoreError> {
        typed!(table, open_in(&self.0))?.get_many(table, keys, each)
    }

    fn range(&self, table: Table, keys: KeyRange<'_>, order: Direction, each: EachEntry<'_>) -> Result<(), StoreError> {
        typed!(table, open_in(&self.0))?.range(table, keys, order, each)
    }

    fn len(&self, table: Table) -> Result<u64, StoreError> {
        typed!(table, open_in(&self.0))?.len()
    }
}

impl Txn for RedbTxn {
    fn put(&mut self, table: Table, key: Key<'_>, value: &[u8]) -> Result<bool, StoreError> {
        typed!(table, put(&self.0, table, key, value))
    }

    fn put_many<'e>(
        &mut self,
        table: Table,
        entries: &mut dyn Iterator<Item = (Key<'e>, &'e [u8])>,
    ) -> Result<u64, StoreError> {
        typed!(table, put_many(&self.0, table, entries))
    }

    fn remove(&mut self, table: Table, key: Key<'_>) -> Result<bool, StoreError> {
        typed!(table, remove(&self.0, table, key))
    }

    fn clear(&mut self, table: Table) -> Result<(), StoreError> {
        typed!(table, clear(&self.0))
    }

    fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(self.0.commit()?)
    }
}

fn put<K: StoredKey, V: StoredValue>(
    name: &str,
    txn: &WriteTransaction,
    table: Table,
    key: Key<'_>,
    value: &[u8],
) -> Result<bool, StoreError> {
    let (Some(key), Some(value)) = (K::of(key), V::of(value)) else { return Err(unfit(table)) };
    let mut opened = txn.open_table(TableDefinition::<K, V>::new(name))?;
    Ok(opened.insert(key, value)?.is_some())
}

/// Entries above all that the table holds are added at its end, where no place has to be looked for.
fn put_many<'e, K: StoredKey, V: StoredValue>(
    name: &str,
    txn: &WriteTransaction,
    table: Table,
    entries: &mut dyn Iterator<Item = (Key<'e>, &'e [u8])>,
) -> Result<u64, StoreError> {
    let mut entries = entries.map(|(key, value)| Some((key, K::of(key)?, V::of(value)?))).peekable();
    let Some(first) = entries.peek() else { return Ok(0) };
    let (first, ..) = first.as_ref().ok_or_else(|| unfit(table))?;
    let mut opened = txn.open_table(TableDefinition::<K, V>::new(name))?;
    let above = opened.last()?.is_none_or(|(last, _)| K::key(last.value()) < *first);
    if above {
        let mut cursor = opened.upper_bound_mut(Bound::<K::SelfType<'_>>::Unbounded)?;
        for entry in entries {
            let (_, key, value) = entry.ok_or_else(|| unfit(table))?;
            cursor.insert_before(key, value)?;
        }
        cursor.close()?;
        return Ok(0);
    }
    let mut replaced = 0;
    for entry in entries {
        let (_, key, value) = entry.ok_or_else(|| unfit(table))?;
        replaced += u64::from(opened.insert(key, value)?.is_some());
    }
    Ok(replaced)
}

fn remove<K: StoredKey, V: StoredValue>(
    name: &str,
    txn: &WriteTransaction,
    table: Table,
    key: Key<'_>,
) -> Result<bool, StoreError> {
    let key = K::of(key).ok_or_else(|| unfit(table))?;
    let mut opened = txn.open_table(TableDefinition::<K, V>::new(name))?;
    Ok(opened.remove(key)?.is_some())
}

fn clear<K: StoredKey, V: StoredValue>(name: &str, txn: &WriteTransaction) -> Result<(), StoreError> {
    let definition = TableDefinition::<K, V>::new(name);
    txn.delete_table(definition)?;
    txn.open_table(definition)?;
    Ok(())
}

/// The engine's errors carry offsets and names of tables, never row text.
impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => Self::Busy { holder: None },
            redb::Error::PreviousIo | redb::Error::DatabaseClosed | redb::Error::LockPoisoned(_) => {
                Self::Reopen("前の障害のため".to_owned())
            }
            other => Self::Engine(other.to_string()),
        }
    }
}

macro_rules! through_the_common_error {
    ($($error:ident),*) => {
        $(impl From<redb::$error> for StoreError {
            fn from(error: redb::$error) -> Self {
                redb::Error::from(error).into()
            }
        })*
    };
}

through_the_common_error!(CursorError, DatabaseError, StorageError, TableError, TransactionError);

/// A commit that failed may have reached the disk all the same.
impl From<redb::CommitError> for StoreError {
    fn from(error: redb::CommitError) -> Self {
        Self::Reopen(error.to_string())
    }
}
