//! Work on a store: what screens, commands and the socket all do in the same way.
//!
//! A [`Desk`] joins a store, the settings of the workspace and a clock, and is the [`Service`] of the process that holds the
//! store; who asks is an argument. Reading gives views that can be drawn or written as JSON; writing goes through the guards
//! of `domain` and becomes durable in the store before it returns.
//!
//! `service` finds the function for each question and command. `decide`, `undo`, `release`, `report` and `held` change
//! something; `open`, `view`, `trail` and `query` read. A [`Seat`] is a desk with one caller, for what needs the store itself.
//!
//! May use `domain`, `compare`, `config`, `store`, `view` and `service`; knows no terminal, no files and no command line.

mod decide;
mod error;
mod held;
mod open;
mod query;
mod release;
mod report;
mod seat;
mod service;
mod trail;
mod undo;
mod view;

#[cfg(test)]
mod colleagues;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use jiff::civil::Date;

pub use error::DeskError;
pub use seat::Seat;
pub use service::{Service, request_id};

use crate::config::settings::Settings;
use crate::domain::calendar::japan_time;
use crate::domain::guard::DecisionContext;
use crate::domain::insurer::InsurerKind;
use crate::domain::record::{Column, Record, RecordNo};
use crate::domain::request::Caller;
pub use crate::service::{Query, Sort};
use crate::store::{Snapshot, Store, StoreError};
use crate::view::DecisionRules;

/// Tells the time; tests set it, the program reads the system's.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Work on a store, for any number of callers. Clones share the store and what was read of it.
#[derive(Clone)]
pub struct Desk {
    store: Arc<Store>,
    settings: Settings,
    clock: Clock,
    insurer: Option<InsurerKind>,
    records: Arc<Mutex<view::RecordCache>>,
}

impl Desk {
    /// Joins the parts. The kind of insurer comes from the settings, else from the 保険者番号 of the first record.
    pub fn new(store: Arc<Store>, settings: Settings, clock: Clock) -> Result<Self, StoreError> {
        let insurer = match settings.insurer {
            Some(kind) => Some(kind),
            None => guess_insurer(&store.snapshot()?)?,
        };
        Ok(Self { store, settings, clock, insurer, records: Arc::default() })
    }

    /// The same desk over what the store holds now: the kind of insurer is guessed anew.
    pub fn reopened(&self) -> Result<Self, StoreError> {
        Self::new(Arc::clone(&self.store), self.settings.clone(), Arc::clone(&self.clock))
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

    /// Keeps where an operator stands, for the next start.
    fn keep_session(&self, who: &Caller, session: &[u8]) -> Result<(), StoreError> {
        self.store.keep_session(&who.operator, session)
    }

    /// What the settings say about decisions.
    pub fn rules(&self) -> DecisionRules {
        DecisionRules {
            insurer: self.insurer,
            employer_enabled: self.settings.review.employer,
            letter_days: self.settings.notice.letter_days,
        }
    }

    /// What surrounds a decision of an operator on a record.
    pub fn context<'a>(&self, operator: &'a str, record: &'a Record) -> DecisionContext<'a> {
        let now = self.now();
        self.rules().context(operator, record, now, japan_time(now).date())
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
