//! What a store is and holds, in short.

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::envelope::{self, ValueKind};
use super::import_record::ImportRecord;
use super::schema::META_STORE;

/// What never changes about a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// Schema version.
    pub schema: u32,
    /// Random identity.
    pub id: String,
}

/// What a store holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Schema version.
    pub schema: u32,
    /// Random identity of the store.
    pub id: String,
    /// The imports, oldest first.
    pub imports: Vec<ImportRecord>,
    /// How many record numbers were given out.
    pub record_numbers: u32,
    /// Number of the newest audit event; 0 when there is none.
    pub audit_seq: u64,
    /// Hash of the newest audit event, hexadecimal; it closes the chain.
    pub audit_head: String,
}

/// Seals an identity for the table of names.
pub(super) fn seal_identity(identity: &Identity) -> Result<Vec<u8>, StoreError> {
    envelope::seal_json(ValueKind::Meta, META_STORE.as_bytes(), identity)
}
