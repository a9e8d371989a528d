//! Turns what was decided into files: the 解除 list, the report, record and quarantine lists, each with its manifest.
//!
//! Everything but [`atomic`] is pure formatting: domain values become a [`csv::Table`], a table becomes bytes, and the same
//! values always give the same bytes. Only [`atomic`] touches the disk. May use `domain`, `compare`, `store` (its plain
//! values) and the diagnostics of `config`; must not know the desk, a terminal, a clock or where a workspace lies, must
//! never take a path from data, and must never write a 個人番号 (ARCHITECTURE "Protection").

pub mod atomic;
pub mod csv;
mod error;
pub mod manifest;
pub mod quarantine;
pub mod records;
pub mod release;
pub mod report;
pub mod template;

pub use atomic::Saved;
pub use csv::{Table, TextEncoding};
pub use error::ExportError;
pub use manifest::{Manifest, Origin};
pub use template::Template;
