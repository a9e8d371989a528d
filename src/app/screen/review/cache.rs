//! Queue lines and records read so far, and what was asked for and has not come yet.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::domain::record::RecordNo;
use crate::view::{QueueLine, RecordView};

/// Queue lines and records read so far.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// Lines read so far.
    pub lines: HashMap<RecordNo, QueueLine>,
    /// Records read so far.
    pub records: HashMap<RecordNo, Arc<RecordView>>,
    /// Lines that were asked for and have not come yet.
    pub(in crate::app) asked_lines: HashSet<RecordNo>,
    /// The same for whole records.
    pub(in crate::app) asked_records: HashSet<RecordNo>,
    /// Records that were asked for and cannot be read, and why; what cannot be shown cannot be decided.
    pub(in crate::app) unreadable: HashMap<RecordNo, String>,
    /// Whether a question for lines or records is on its way.
    pub(in crate::app) loading: bool,
}

impl Cache {
    /// Reads every record anew.
    pub(in crate::app) fn forget_records(&mut self) {
        self.records.clear();
        self.asked_records.clear();
    }

    /// Reads everything anew, and asks again for what has not come.
    pub(in crate::app) fn forget(&mut self) {
        self.forget_records();
        self.lines.clear();
        self.asked_lines.clear();
    }
}
