//! Keeps everything durable, and hides how (ARCHITECTURE "The store").
//!
//! [`Store`] opens a consistent [`Snapshot`] for reading, applies changes together with their audit events in one durable
//! transaction, and takes an import as one transaction ([`Import`]). Codec, write path and `verify` exist once, over a small
//! `engine` of byte tables: redb in a file, or memory for tests. A fault of the engine ([`StoreError::is_final`]) ends the
//! handle: drop it, open the store anew and read back whether the last change is there.
//!
//! - `location` opens and makes the file of a workspace, `space` is its disk, `guarded` its identity, `migrate` raises a store of an earlier layout
//!   (`schema` holds its number and the values that are not JSON);
//! - `write` applies changes, `cases`, `states` and `tally` keep cases and what follows from them, `audit` appends their events to
//!   the trail, `requests` knows which were carried out before, `steps` what each operator can undo (`steps_build` for older
//!   stores), `held` finds a held-back row by its number;
//! - `import`, `import_commit`, `import_queue`, `queue_changes`, `search_writer`, `vanished`, `keys`, `column` and `block` write an
//!   import, `row_hash` tells changed rows;
//! - `read`, `trail` and `lookup` read, `codec` and `envelope` turn values into checked bytes and back;
//! - `check`, `check_rows`, `check_steps` and `recount` are `verify`.
//!
//! May use `domain`, `compare` and `spill`; knows no terminal and no clock.

#![expect(clippy::disallowed_types, reason = "the room of the engine")]

mod audit;
mod block;
mod cases;
mod check;
mod check_rows;
mod check_steps;
pub mod codec;
mod column;
mod engine;
mod envelope;
mod error;
mod fingerprint;
mod guarded;
mod handle;
mod held;
mod import;
mod import_commit;
mod import_queue;
mod import_reassess;
mod import_record;
mod keys;
mod location;
mod lookup;
mod meta;
mod migrate;
mod new_row;
mod quarantine;
mod queue;
mod queue_changes;
mod read;
mod recount;
mod requests;
mod row_hash;
mod schema;
mod search_writer;
mod space;
mod states;
mod steps;
mod steps_build;
mod tally;
#[cfg(test)]
pub(crate) mod tests;
mod trail;
mod vanished;
mod write;

pub use error::StoreError;
pub use handle::Store;
pub use import::Import;
pub use import_record::ImportRecord;
pub use location::{FILE_NAME, exists, open, open_or_create, remove, remove_unused};
pub use meta::Meta;
pub use new_row::{Fingerprints, Known, NewRow};
pub use quarantine::{HeldEnd, QuarantineRow};
pub use read::Snapshot;
pub use row_hash::RowHasher;
pub use space::Disk;
pub use steps::OwnSteps;
