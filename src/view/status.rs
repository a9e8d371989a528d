//! Where the work stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::Cutoff;
use crate::domain::suspension::Class;
use crate::domain::tally::{ClassCount, Status};
use crate::domain::trend::{Forecast, Trend};

/// Where the work stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// The classes that always stand in a status: those of item 1.
const ITEM1_CLASSES: [Class; 5] = [Class::One, Class::TwoA, Class::TwoB, Class::TwoC, Class::Three];

impl StatusView {
    /// The counts by class: those of item 1 always, others where a record has them.
    pub fn classes(&self) -> impl Iterator<Item = (Class, ClassCount)> + '_ {
        let by_class = &self.status.by_class;
        let stands = |class: &Class| ITEM1_CLASSES.contains(class) || by_class.contains_key(class);
        let count = |class: Class| (class, by_class.get(&class).copied().unwrap_or_default());
        Class::ALL.into_iter().filter(stands).map(count)
    }
}
