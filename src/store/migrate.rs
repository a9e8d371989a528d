//! Raising the store of an earlier layout to this one, once, when it is opened.
//!
//! Layout 5 keeps the batch of a record in its case, so that a decision and a batch that takes the record cannot both be
//! made on the same state. Rows, columns and events stay as they are: every earlier form of them is read for ever, and the
//! hash chain of the trail is untouched. Everything happens in one transaction; a program of before refuses the store from
//! then on by the number of its layout.

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::engine::{Engine, Key, Table, View};
use super::envelope::{self, ValueKind};
use super::lookup;
use super::meta::{Identity, seal_identity};
use super::schema::{META_MIGRATION, META_STORE, SCHEMA};
use super::write;
use crate::domain::case::Case;
use crate::domain::record::RecordNo;

/// What a store held when it was raised: so far its trail has events of the older form, which hold less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Migration {
    /// The layout it had.
    pub from: u32,
    /// Number of the last event of the older form.
    pub until: u64,
}

impl Migration {
    /// What is known of it; nothing for a store that was made with this layout.
    pub(super) fn of(view: &dyn View) -> Result<Self, StoreError> {
        match view.get(Table::Meta, Key::Text(META_MIGRATION))? {
            None => Ok(Self::default()),
            Some(sealed) => envelope::open_json(ValueKind::Meta, META_MIGRATION.as_bytes(), &sealed),
        }
    }
}

/// Raises a store to this layout and gives its identity.
pub(super) fn migrate(engine: &dyn Engine, identity: Identity) -> Result<Identity, StoreError> {
    let from = identity.schema;
    let raised = Identity { schema: SCHEMA, ..identity };
    if from == SCHEMA {
        return Ok(raised);
    }
    engine.write(&mut |txn| {
        let mut in_batch: Vec<(u32, u32)> = Vec::new();
        lookup::each_number(&*txn, Table::InBatch, &mut |no, value| {
            in_batch.push((no, envelope::open_checked(ValueKind::InBatch, &no.to_le_bytes(), value)?));
            Ok(())
        })?;
        for &(no, batch) in &in_batch {
            let case = lookup::case(&*txn, RecordNo(no))?;
            write::put_case(txn, RecordNo(no), &Case { in_batch: Some(batch), ..case })?;
        }
        txn.clear(Table::InBatch)?;
        let migration = Migration { from, until: lookup::head(&*txn)?.seq };
        let sealed = envelope::seal_json(ValueKind::Meta, META_MIGRATION.as_bytes(), &migration)?;
        txn.put(Table::Meta, Key::Text(META_MIGRATION), &sealed)?;
        txn.put(Table::Meta, Key::Text(META_STORE), &seal_identity(&raised)?)?;
        Ok(())
    })?;
    Ok(raised)
}
