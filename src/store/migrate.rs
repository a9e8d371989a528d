//! Raising the store of an earlier layout to this one, once, when it is opened.
//!
//! Layout 5 keeps the batch of a record in its case, so that a decision and a batch that takes the record cannot both be
//! made on the same state; layout 6 counts what is asked for at every start, and indexes what each operator can undo. Rows,
//! facts and events stay as they are: every earlier form of them is read for ever, and the hash chain of the trail is
//! untouched. Everything happens in one transaction; a program of before refuses the store from
//! then on by the number of its layout.
//!
//! A damaged value must not keep the whole store closed: what cannot be read stays where it is, and `verify` names it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::engine::{Engine, Key, Table, Txn, View};
use super::envelope::{self, ValueKind};
use super::lookup;
use super::meta::{Identity, seal_identity};
use super::schema::{META_MIGRATION, META_STORE, SCHEMA};
use super::{cases, queue, states, steps_build, tally};
use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::Case;
use crate::domain::record::RecordNo;

/// The layout since which cases hold their batch and events everything that can be replayed.
const REPLAYABLE: u32 = 5;

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
    let written = engine.write(&mut |txn| {
        if from < REPLAYABLE {
            take_batches(txn)?;
            let migration = Migration { from, until: lookup::head(&*txn)?.seq };
            let sealed = envelope::seal_json(ValueKind::Meta, META_MIGRATION.as_bytes(), &migration)?;
            txn.put(Table::Meta, Key::Text(META_MIGRATION), &sealed)?;
        }
        queue::raise(txn)?;
        states::renew(txn)?;
        tally::renew(txn)?;
        steps_build::build(txn)?;
        txn.put(Table::Meta, Key::Text(META_STORE), &seal_identity(&raised)?)?;
        Ok(())
    });
    match written {
        // Nothing that anybody did is in doubt: whether the store was raised or not, the next opening goes on from there.
        Err(StoreError::Engine(cause) | StoreError::Reopen(cause)) => {
            Err(StoreError::Engine(format!("保存の形式を {SCHEMA} に改められません({cause})")))
        }
        written => written.map(|()| raised),
    }
}

/// Moves the batch of every record into its case. An entry that cannot be moved stays in [`Table::InBatch`].
fn take_batches(txn: &mut dyn Txn) -> Result<(), StoreError> {
    let (mut in_batch, mut damaged) = (Vec::new(), Vec::new());
    lookup::each_number(&*txn, Table::InBatch, &mut |no, value| {
        match envelope::open_checked(ValueKind::InBatch, &no.to_le_bytes(), value) {
            Ok(batch) => in_batch.push((no, batch)),
            Err(_) => damaged.push(no),
        }
        Ok(())
    })?;
    if !damaged.is_empty() {
        // The index repeats what batches and withdrawals say.
        let stands = stands_in(&*txn)?;
        in_batch.extend(damaged.into_iter().filter_map(|no| Some((no, *stands.get(&no)?))));
    }
    for (no, batch) in in_batch {
        match lookup::case(&*txn, RecordNo(no)) {
            Ok(case) => cases::put(txn, RecordNo(no), &Case { in_batch: Some(batch), ..case })?,
            Err(StoreError::Corrupt(_)) => continue,
            Err(error) => return Err(error),
        }
        txn.remove(Table::InBatch, Key::Number(no))?;
    }
    Ok(())
}

/// The newest batch of each record that no withdrawal names; nothing where one of them cannot be read.
fn stands_in(view: &dyn View) -> Result<HashMap<u32, u32>, StoreError> {
    let batches: Vec<(u32, Batch)> = match lookup::all_json(view, ValueKind::Batch, Table::Batches) {
        Err(StoreError::Corrupt(_)) => return Ok(HashMap::new()),
        read => read?,
    };
    let withdrawals: Vec<(u32, Withdrawal)> = match lookup::all_json(view, ValueKind::Withdrawal, Table::Withdrawals) {
        Err(StoreError::Corrupt(_)) => return Ok(HashMap::new()),
        read => read?,
    };
    let rows = batches.iter().flat_map(|(number, batch)| batch.rows.iter().map(|row| (row.record.0, *number)));
    let mut stands: HashMap<u32, u32> = rows.collect();
    for (_, one) in withdrawals {
        if stands.get(&one.record.0) == Some(&one.batch) {
            stands.remove(&one.record.0);
        }
    }
    Ok(stands)
}
