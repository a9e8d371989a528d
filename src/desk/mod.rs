//! One operator's work on a store: what screens, commands and the socket all do in the same way.
//!
//! A [`Desk`] joins a store, the settings of the workspace, the operator's name and a clock. Reading gives views that can be
//! drawn or written as JSON; writing goes through the guards of `domain` and becomes durable in the store before it
//! returns. May use `domain`, `compare`, `config` and `store`; knows no terminal, no files and no command line.

mod decide;
mod error;
mod held;
pub mod json;
mod query;
mod release;
mod report;
mod trail;
mod view;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use jiff::civil::Date;

pub use error::DeskError;
pub use held::HeldView;
pub use query::{Query, Sort};
pub use release::{Contradiction, Outlook};
pub use report::{ReportView, StatusView};
pub use trail::{Page, Step};
pub use view::{RecordView, RelatedRow, Sign};

use crate::config::settings::Settings;
use crate::domain::calendar::japan_time;
use crate::domain::guard::Surroundings;
use crate::domain::insurer::InsurerKind;
use crate::domain::record::{Column, Record, RecordNo};
use crate::domain::scope;
use crate::store::{Snapshot, Store, StoreError};

/// Tells the time; tests set it, the program reads the system's.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// One operator's work on a store.
#[derive(Clone)]
pub struct Desk {
    store: Arc<Store>,
    settings: Settings,
    operator: String,
    clock: Clock,
    insurer: Option<InsurerKind>,
    /// The operator's undo stack, as far as the trail was read.
    undo: Arc<Mutex<decide::KeptStack>>,
}

impl Desk {
    /// Joins the parts. The kind of insurer comes from the settings, else from the 保険者番号 of the first record.
    pub fn new(
        store: Arc<Store>,
        settings: Settings,
        operator: impl Into<String>,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let insurer = match settings.insurer {
            Some(kind) => Some(kind),
            None => guess_insurer(&store.snapshot()?)?,
        };
        let undo = Arc::default();
        Ok(Self { store, settings, operator: operator.into(), clock, insurer, undo })
    }

    /// The same desk over what the store holds now: the kind of insurer is guessed anew.
    pub fn reseated(&self) -> Result<Self, StoreError> {
        let (store, settings) = (Arc::clone(&self.store), self.settings.clone());
        Self::new(store, settings, self.operator.clone(), Arc::clone(&self.clock))
    }

    /// A consistent view of the store.
    pub fn snapshot(&self) -> Result<Snapshot<'_>, StoreError> {
        self.store.snapshot()
    }

    /// Fails where nothing was imported yet: an empty store is what a first import leaves that did not come to its end.
    pub fn require_data(&self) -> Result<(), StoreError> {
        if self.snapshot()?.meta()?.imports.is_empty() { Err(StoreError::Missing) } else { Ok(()) }
    }

    /// The store itself, for imports.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The settings of the workspace.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The operator's name.
    pub fn operator(&self) -> &str {
        &self.operator
    }

    /// The kind of insurer, where it is set or can be guessed.
    pub fn insurer(&self) -> Option<InsurerKind> {
        self.insurer
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Today in Japan.
    pub fn today(&self) -> Date {
        japan_time(self.now()).date()
    }

    /// Keeps where the operator stands, for the next start.
    pub fn keep_session(&self, session: &[u8]) -> Result<(), StoreError> {
        self.store.keep_session(&self.operator, session)
    }

    /// What surrounds a decision on a record.
    pub fn surroundings<'a>(&'a self, record: &'a Record, in_batch: Option<u32>) -> Surroundings<'a> {
        let now = self.now();
        Surroundings {
            facts: &record.facts,
            matched_on: scope::matched_on(&record.row),
            lost_in_file: scope::lost_after(&record.row),
            today: japan_time(now).date(),
            now,
            operator: &self.operator,
            insurer: self.insurer,
            employer_enabled: self.settings.review.employer,
            letter_days: self.settings.notice.letter_days,
            in_batch,
        }
    }
}

/// Guesses the kind of insurer from the first record of the store.
fn guess_insurer(snapshot: &Snapshot<'_>) -> Result<Option<InsurerKind>, StoreError> {
    let Some((no, _)) = first_record(snapshot)? else { return Ok(None) };
    let records = snapshot.records(&[no])?;
    Ok(records.first().and_then(|record| InsurerKind::guess(record.row.cell(Column::InsurerNo))))
}

fn first_record(snapshot: &Snapshot<'_>) -> Result<Option<(RecordNo, crate::domain::record::Facts)>, StoreError> {
    Ok(snapshot.facts(0..64)?.into_iter().next())
}
