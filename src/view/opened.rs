//! What a workstation begins with.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::workspace::WorkspaceInfo;
use crate::domain::calendar::Cutoff;
use crate::domain::case::State;
use crate::domain::queue::QueueEntry;
use crate::domain::record::RecordNo;

/// What is known once the store is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The queue in its order.
    pub entries: Vec<QueueEntry>,
    /// States other than 未着手.
    pub touched: Vec<(RecordNo, State)>,
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
