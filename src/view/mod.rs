//! What is shown, sent and exported: pure data, made by `desk`, shown by `app`, carried by `host`, written by `cli` and `export`.
//!
//! Every view is made for one [`Viewer`], and what they may not see is left out by one function, [`redact()`]. The words for
//! events and cases are made here ([`trail`], [`words`]), and so is the documented JSON ([`json`]). May use `domain` and
//! `compare`; knows no store, no terminal and no clock.

mod any;
mod held;
pub mod json;
mod opened;
mod queue;
mod record;
pub mod redact;
mod related;
mod release;
mod report;
mod status;
pub mod trail;
mod viewer;
pub mod words;
mod workspace;

pub use any::AnyView;
pub use held::{HeldClosing, HeldView};
pub use opened::{Opened, QueuePage};
pub use queue::QueueLine;
pub use record::{CellChange, DangerView, OriginalBytes, RecordView, compare_row};
pub use redact::redact;
pub use related::{RelatedRecord, RelatedRecords};
pub use release::{BatchSummary, BatchView, Contradiction, LeftOut, NAMED, NextRelease, Outputs};
pub use report::ReportView;
pub use status::StatusView;
pub use trail::{Step, TrailPage};
pub use viewer::Viewer;
pub use workspace::{DecisionRules, WorkspaceInfo};
