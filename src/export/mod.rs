//! Turns what was decided into files: the 解除 list, the report, record and quarantine lists, each with its manifest.
//!
//! Each kind of [`ExportKind`](crate::domain::export::ExportKind) is one file: `plan` reads it from the desk and lays it out
//! as a [`Table`] of typed [`Cell`]s, `commit` makes what is new in the store. [`write()`] carries every export out in the
//! same way for commands and screens. A table becomes bytes by [`csv`], and the same values always give the same bytes;
//! [`atomic`] writes them whole or not at all. May use `desk` and its messages (`service`), `view`, `domain`, `compare`,
//! `store` (its plain values) and the diagnostics of `config`; must not know a terminal, a clock or where a workspace lies,
//! must never take a path from data, and must never write a 個人番号 (ARCHITECTURE "Protection").

pub mod atomic;
pub mod cell;
pub mod csv;
mod encoding;
mod error;
mod kinds;
pub mod manifest;
mod plan;
pub mod template;
mod write;

pub use atomic::Saved;
pub use cell::{Cell, DateForm};
pub use csv::Table;
pub use encoding::{TextEncoding, UnknownEncoding};
pub use error::ExportError;
pub use kinds::{plan, quarantine, records, release, report, withdrawals};
pub use manifest::{Manifest, Origin};
pub use plan::Plan;
pub use template::Template;
pub use write::{Stage, Target, Written, write};
