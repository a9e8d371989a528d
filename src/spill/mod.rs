//! Data that is too much for memory, in anonymous temporary files: [`Sorter`] puts records in order, [`Spool`] keeps them in
//! the order in which they came.
//!
//! A file is made in the folder of the [`Scratch`] the first time that more comes than fits the budget of its owner, and has no
//! name from its birth on: it ends with its owner, also when the process is killed. Small inputs never touch the disk. Records
//! have a fixed size ([`Fixed`]) and hold no personal data in the clear; the caller sees to that. May use no other room.

mod fixed;
mod scratch;
mod sorter;
mod spool;

pub use fixed::Fixed;
pub use scratch::Scratch;
pub use sorter::{Sorted, Sorter};
pub use spool::Spool;
