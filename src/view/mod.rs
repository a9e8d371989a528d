//! What is shown, sent and exported: pure data, made by `desk`, shown by `app`, carried by `host`, written by `cli` and `export`.
//!
//! Every view is made for one viewer, so that what somebody may not see is left out in one place. May use `domain` and
//! `compare`; knows no store, no terminal and no clock.

mod queue;
mod record;
mod related;
mod status;
mod workspace;

pub use queue::QueueLine;
pub use record::{DangerView, RecordView};
pub use related::{RelatedRecord, RelatedRecords};
pub use status::StatusView;
pub use workspace::WorkspaceInfo;
