//! The audit trail: events numbered without gaps, each closed by a hash over the one before and its own bytes.

use redb::{Table, WriteTransaction};

use super::StoreError;
use super::envelope::{self, ValueKind};
use super::schema::{AUDIT, HISTORY, Head, Sealed};
use crate::domain::event::{Actor, Event, EventKind};

/// An event before it has a number.
pub(super) fn event(kind: EventKind, actor: &Actor) -> Event {
    Event {
        seq: 0,
        at: actor.at,
        operator: actor.operator.clone(),
        kind,
        record: None,
        before: None,
        after: None,
        reason: String::new(),
        refers: None,
        detail: String::new(),
        held: None,
    }
}

/// Hash of an event: over the hash before it and its bytes as stored.
pub(super) fn chain(before: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new().update(before).update(bytes).finalize().as_bytes()
}

/// Appends events and moves the head on.
pub(super) struct Trail<'t> {
    audit: Table<'t, u64, Sealed>,
    history: Table<'t, (u32, u64), ()>,
}

impl<'t> Trail<'t> {
    /// Opens the trail of a transaction.
    pub(super) fn of(txn: &'t WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self { audit: txn.open_table(AUDIT)?, history: txn.open_table(HISTORY)? })
    }

    /// Gives an event its number, closes it into the chain and keeps it.
    pub(super) fn append(&mut self, head: &mut Head, mut event: Event) -> Result<Event, StoreError> {
        event.seq = head.seq + 1;
        let json =
            serde_json::to_vec(&event).map_err(|_| StoreError::Refused("監査記録を保存できません".to_owned()))?;
        let hash = chain(&head.hash, &json);
        let mut payload = Vec::with_capacity(64 + json.len());
        payload.extend(head.hash);
        payload.extend(hash);
        payload.extend(json);
        let sealed = envelope::seal(ValueKind::Audit, &event.seq.to_le_bytes(), &payload);
        self.audit.insert(event.seq, sealed.as_slice())?;
        if let Some(no) = event.record {
            self.history.insert((no.0, event.seq), ())?;
        }
        (head.seq, head.hash) = (event.seq, hash);
        Ok(event)
    }
}

/// A stored event with its hashes.
pub(super) struct Entry {
    /// Hash of the event before, as noted.
    pub before: [u8; 32],
    /// Hash of the event.
    pub hash: [u8; 32],
    /// Whether the hash is that of the bytes.
    pub holds: bool,
    /// The event.
    pub event: Event,
}

/// Reads what [`Trail::append`] kept.
pub(super) fn open_entry(seq: u64, sealed: &[u8]) -> Result<Entry, StoreError> {
    let payload = envelope::open(ValueKind::Audit, &seq.to_le_bytes(), sealed)?;
    let (before, rest) = payload.split_first_chunk::<32>().ok_or_else(|| ValueKind::Audit.corrupt())?;
    let (hash, json) = rest.split_first_chunk::<32>().ok_or_else(|| ValueKind::Audit.corrupt())?;
    let event: Event = serde_json::from_slice(json).map_err(|_| ValueKind::Audit.corrupt())?;
    let holds = event.seq == seq && chain(before, json) == *hash;
    Ok(Entry { before: *before, hash: *hash, holds, event })
}
