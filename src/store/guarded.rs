//! The engine behind a latch: who may go on after a fault.
//!
//! A fault of the engine is final for the handle: whatever was asked when it happened may or may not be durable, so every
//! later call answers [`StoreError::Reopen`], and the caller opens the store anew and reads back. Nothing is retried.

use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};

use super::engine::{Engine, Key, Table};
use super::envelope::{self, ValueKind};
use super::meta::{Identity, seal_identity};
use super::row_hash::{KEY_BYTES, RowHasher};
use super::schema::{Head, META_HEAD, META_ROW_KEY, META_STORE, OLDEST, SCHEMA};
use super::{StoreError, migrate};
use crate::spill::Scratch;

/// An engine that holds a store.
pub(super) struct Guarded {
    pub(super) engine: Box<dyn Engine>,
    pub(super) identity: Identity,
    row_key: Option<[u8; KEY_BYTES]>,
    /// Where its imports make temporary files.
    pub(super) scratch: Scratch,
    faulted: AtomicBool,
}

impl Guarded {
    /// Makes a store in an empty engine, with every table, so that no other program meets a missing one.
    pub(super) fn initialise(engine: Box<dyn Engine>) -> Result<Self, StoreError> {
        let id = random()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let identity = Identity { schema: SCHEMA, id };
        let sealed = seal_identity(&identity)?;
        let row_key = random()?;
        let sealed_key = envelope::seal(ValueKind::Meta, META_ROW_KEY.as_bytes(), &row_key);
        engine.write(&mut |txn| {
            Table::ALL.into_iter().try_for_each(|table| txn.clear(table))?;
            txn.put(Table::Meta, Key::Text(META_STORE), &sealed)?;
            txn.put(Table::Meta, Key::Text(META_ROW_KEY), &sealed_key)?;
            txn.put(Table::Meta, Key::Text(META_HEAD), &Head::START.seal())?;
            Ok(())
        })?;
        Ok(Self {
            engine,
            identity,
            row_key: Some(row_key),
            scratch: Scratch::default(),
            faulted: AtomicBool::new(false),
        })
    }

    /// Takes an engine that should hold a store.
    pub(super) fn over(engine: Box<dyn Engine>) -> Result<Self, StoreError> {
        let sealed = engine.read()?.get(Table::Meta, Key::Text(META_STORE)).map_err(|_| StoreError::foreign())?;
        let sealed = sealed.ok_or_else(StoreError::foreign)?;
        let identity: Identity = envelope::open_json(ValueKind::Meta, META_STORE.as_bytes(), &sealed)?;
        if !(OLDEST..=SCHEMA).contains(&identity.schema) {
            return Err(StoreError::Refused(format!(
                "このデータは別の版の meken で作られています(形式 {}、この版は {SCHEMA})。対応する版をお使いください",
                identity.schema
            )));
        }
        let identity = migrate::migrate(&*engine, identity)?;
        let row_key = match engine.read()?.get(Table::Meta, Key::Text(META_ROW_KEY))? {
            None => None,
            Some(sealed) => {
                let key = envelope::open(ValueKind::Meta, META_ROW_KEY.as_bytes(), &sealed)?;
                Some(key.try_into().map_err(|_| ValueKind::Meta.corrupt())?)
            }
        };
        Ok(Self { engine, identity, row_key, scratch: Scratch::default(), faulted: AtomicBool::new(false) })
    }

    /// What fingerprints its rows.
    pub(super) fn row_hasher(&self) -> RowHasher {
        RowHasher::new(self.row_key.as_ref())
    }

    /// Lets work through while the handle is sound, and closes it for good after a fault of the engine.
    pub(super) fn guard<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.faulted.load(Ordering::Acquire) {
            return Err(StoreError::Reopen("前の障害のため".to_owned()));
        }
        let result = work();
        if result.as_ref().is_err_and(StoreError::is_final) {
            self.faulted.store(true, Ordering::Release);
        }
        result
    }
}

/// 128 bits from the system.
fn random() -> Result<[u8; KEY_BYTES], StoreError> {
    let mut bytes = [0; KEY_BYTES];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}
