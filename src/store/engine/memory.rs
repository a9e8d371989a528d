//! The engine in memory, for tests: every commit replaces what it changed, every view keeps what it saw.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::{Direction, EachEntry, EachValue, Engine, Key, KeyRange, Table, Txn, View, unfit};
use crate::store::StoreError;

/// Encoded keys and their values.
type Entries = BTreeMap<Vec<u8>, Vec<u8>>;

/// Every table; a copy costs nothing until it is changed.
#[derive(Clone, Default)]
struct Tables([Arc<Entries>; Table::ALL.len()]);

impl Tables {
    fn of(&self, table: Table) -> &Entries {
        &self.0[table as usize]
    }

    fn of_mut(&mut self, table: Table) -> &mut Entries {
        Arc::make_mut(&mut self.0[table as usize])
    }
}

/// Tables in memory.
#[derive(Default)]
pub(in crate::store) struct Memory {
    durable: RwLock<Tables>,
    writer: Mutex<()>,
}

impl Memory {
    fn tables(&self) -> Tables {
        self.durable.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Engine for Memory {
    fn read(&self) -> Result<Box<dyn View + '_>, StoreError> {
        Ok(Box::new(self.tables()))
    }

    fn begin(&self) -> Result<Box<dyn Txn + '_>, StoreError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Box::new(MemoryTxn { engine: self, tables: self.tables(), _writer: writer }))
    }

    fn idle(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn check(&mut self) -> Result<bool, StoreError> {
        Ok(true)
    }
}

fn encode(table: Table, key: Key<'_>) -> Result<Vec<u8>, StoreError> {
    if key.shape() == table.shape() { Ok(key.encode()) } else { Err(unfit(table)) }
}

fn bound(table: Table, bound: Bound<Key<'_>>) -> Result<Bound<Vec<u8>>, StoreError> {
    Ok(match bound {
        Bound::Included(key) => Bound::Included(encode(table, key)?),
        Bound::Excluded(key) => Bound::Excluded(encode(table, key)?),
        Bound::Unbounded => Bound::Unbounded,
    })
}

/// Whether a table takes a value: two of them have values of a fixed length.
fn takes(table: Table, value: &[u8]) -> bool {
    match table {
        Table::ByKey | Table::InBatch => value.len() == 8,
        Table::History => value.is_empty(),
        _ => true,
    }
}

impl View for Tables {
    fn get_many(&self, table: Table, keys: &[Key<'_>], each: EachValue<'_>) -> Result<(), StoreError> {
        for (place, key) in keys.iter().enumerate() {
            if let Some(value) = self.of(table).get(&encode(table, *key)?) {
                each(place, value)?;
            }
        }
        Ok(())
    }

    fn range(&self, table: Table, keys: KeyRange<'_>, order: Direction, each: EachEntry<'_>) -> Result<(), StoreError> {
        let bounds = (bound(table, keys.from)?, bound(table, keys.to)?);
        if keys.is_empty() {
            return Ok(());
        }
        let mut range = self.of(table).range(bounds);
        while let Some((key, value)) = if order == Direction::Ascending { range.next() } else { range.next_back() } {
            let key = table.shape().decode(key).ok_or_else(|| unfit(table))?;
            if !each(key, value)? {
                break;
            }
        }
        Ok(())
    }

    fn len(&self, table: Table) -> Result<u64, StoreError> {
        Ok(self.of(table).len() as u64)
    }
}

/// A write transaction: the tables as they will be.
struct MemoryTxn<'e> {
    engine: &'e Memory,
    tables: Tables,
    _writer: MutexGuard<'e, ()>,
}

impl View for MemoryTxn<'_> {
    fn get_many(&self, table: Table, keys: &[Key<'_>], each: EachValue<'_>) -> Result<(), StoreError> {
        self.tables.get_many(table, keys, each)
    }

    fn range(&self, table: Table, keys: KeyRange<'_>, order: Direction, each: EachEntry<'_>) -> Result<(), StoreError> {
        self.tables.range(table, keys, order, each)
    }

    fn len(&self, table: Table) -> Result<u64, StoreError> {
        self.tables.len(table)
    }
}

impl Txn for MemoryTxn<'_> {
    fn put(&mut self, table: Table, key: Key<'_>, value: &[u8]) -> Result<bool, StoreError> {
        if !takes(table, value) {
            return Err(unfit(table));
        }
        Ok(self.tables.of_mut(table).insert(encode(table, key)?, value.to_vec()).is_some())
    }

    fn put_many<'e>(
        &mut self,
        table: Table,
        entries: &mut dyn Iterator<Item = (Key<'e>, &'e [u8])>,
    ) -> Result<u64, StoreError> {
        let mut replaced = 0;
        for (key, value) in entries {
            replaced += u64::from(self.put(table, key, value)?);
        }
        Ok(replaced)
    }

    fn remove(&mut self, table: Table, key: Key<'_>) -> Result<bool, StoreError> {
        Ok(self.tables.of_mut(table).remove(&encode(table, key)?).is_some())
    }

    fn clear(&mut self, table: Table) -> Result<(), StoreError> {
        self.tables.of_mut(table).clear();
        Ok(())
    }

    fn commit(self: Box<Self>) -> Result<(), StoreError> {
        *self.engine.durable.write().unwrap_or_else(PoisonError::into_inner) = self.tables;
        Ok(())
    }
}
