//! Whoever holds the store answers for it (ARCHITECTURE "Sharing").
//!
//! redb locks its file for one process, readers included. The process that holds it listens on `meken.sock` (0600, inside
//! the 0700 workspace) and answers [`crate::desk::Query`]s; commands ask there when they find the store held. Only the same
//! user (and root) is answered. May use everything below `cli`; knows no terminal.

mod client;
mod peer;
mod protocol;
mod socket;

pub use client::{AskError, Asked, ask, holder};
pub use protocol::{ErrorKind, Holder};
pub use socket::{Server, serve};
