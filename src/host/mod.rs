//! Whoever holds the store answers for it (DESIGN §8).
//!
//! redb locks its file for one process, readers included. The process that holds it listens on `meken.sock` (0600, inside
//! the 0700 workspace) and carries [`crate::service`]'s questions and commands to its [`crate::desk::Service`]; [`Remote`] is
//! the same service at the other end. Only the same user (and root) is answered, and who asks is said by the kernel. May use
//! `desk` and below; knows no store but its errors, and no terminal.

mod client;
mod peer;
mod protocol;
mod socket;

pub use client::{Remote, holder};
pub use protocol::Holder;
pub use socket::{Server, serve};

#[cfg(test)]
mod tests;
