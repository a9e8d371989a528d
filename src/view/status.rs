//! Where the work stands.

use jiff::Timestamp;

use crate::domain::calendar::Cutoff;
use crate::domain::tally::Status;
use crate::domain::trend::{Forecast, Trend};

/// Where the work stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusView {
    /// When it was counted.
    pub as_of: Timestamp,
    /// The counts.
    pub status: Status,
    /// Rows held back.
    pub quarantined: u64,
    /// The next cut-off.
    pub cutoff: Cutoff,
    /// The file of the newest import.
    pub file: String,
    /// How the work goes.
    pub trend: Trend,
    /// What that means for the end dates.
    pub forecast: Forecast,
}
