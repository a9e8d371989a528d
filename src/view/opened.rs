//! What a workstation begins with.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::workspace::WorkspaceInfo;
use crate::domain::calendar::Cutoff;
use crate::domain::case::State;
use crate::domain::queue::QueueEntry;
use crate::domain::suspension::Class;
use crate::domain::tally::ClassCount;

/// What is known once the store is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Number of imports so far: with each the queue is another one.
    pub edition: usize,
    /// Records of the queue per class.
    pub classes: BTreeMap<Class, ClassCount>,
    /// The session kept last, if any.
    pub session: Option<Vec<u8>>,
    /// Who works where.
    pub workspace: WorkspaceInfo,
    /// Today, in Japan.
    pub today: Date,
    /// The next cut-off.
    pub cutoff: Option<Cutoff>,
    /// The newest event of the audit trail; 0 when there is none.
    pub newest: u64,
}

/// A page of the queue in its default order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePage {
    /// Number of imports when it was read, as in [`Opened::edition`].
    pub edition: usize,
    /// Number of the page from 0.
    pub page: u32,
    /// [`PAGE`](crate::domain::queue::PAGE) entries, fewer on the last page.
    pub entries: Vec<QueueEntry>,
    /// Where each of them stands.
    pub states: Vec<State>,
}
