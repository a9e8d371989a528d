//! The audit trail: events numbered without gaps, each closed by a hash over the one before and its own bytes.

use super::StoreError;
use super::engine::{Key, Table, Txn};
use super::envelope::{self, ValueKind};
use super::schema::Head;
use super::steps::StepWriter;
use crate::domain::event::{Event, EventId};

/// Hash of an event: over the hash before it and its bytes as stored.
pub(super) fn chain(before: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new().update(before).update(bytes).finalize().as_bytes()
}

/// Number of events that are written at a time.
const WAITING: usize = 512;

/// Appends events and moves the head on; events wait to be written many at a time, until [`Trail::finish`].
#[derive(Default)]
pub(super) struct Trail {
    audit: Vec<(u64, Vec<u8>)>,
    history: Vec<(u32, u64)>,
    steps: StepWriter,
}

impl Trail {
    /// Gives an event its number, closes it into the chain and keeps it.
    pub(super) fn append(&mut self, txn: &mut dyn Txn, head: &mut Head, mut event: Event) -> Result<Event, StoreError> {
        let seq = head.seq + 1;
        event.id = EventId::first(seq);
        let json =
            serde_json::to_vec(&event).map_err(|_| StoreError::Refused("監査記録を保存できません".to_owned()))?;
        let hash = chain(&head.hash, &json);
        let mut payload = Vec::with_capacity(64 + json.len());
        payload.extend(head.hash);
        payload.extend(hash);
        payload.extend(json);
        let sealed = envelope::seal(ValueKind::Audit, &seq.to_le_bytes(), &payload);
        self.audit.push((seq, sealed));
        self.history.extend(event.record().map(|no| (no.0, seq)));
        self.steps.add(txn, &event)?;
        (head.seq, head.hash) = (seq, hash);
        if self.audit.len() >= WAITING {
            self.finish(txn)?;
        }
        Ok(event)
    }

    /// Writes the events that wait.
    pub(super) fn finish(&mut self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        let mut events = self.audit.iter().map(|(seq, sealed)| (Key::Seq(*seq), sealed.as_slice()));
        txn.put_many(Table::Audit, &mut events)?;
        self.history.sort_unstable();
        let mut entries = self.history.iter().map(|(no, seq)| (Key::Event(*no, *seq), &[][..]));
        txn.put_many(Table::History, &mut entries)?;
        self.audit.clear();
        self.history.clear();
        self.steps.finish(txn)
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
    let holds = event.id == EventId::first(seq) && chain(before, json) == *hash;
    Ok(Entry { before: *before, hash: *hash, holds, event })
}
