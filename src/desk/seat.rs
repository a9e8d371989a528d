//! A desk with the caller who works at it, for the process that holds the store.

use std::ops::Deref;
use std::sync::Arc;

use super::service::{Service, request_id};
use super::{Clock, Desk, DeskError};
use crate::config::settings::Settings;
use crate::domain::batch::{Batch, Withdrawal};
use crate::domain::case::Case;
use crate::domain::event::{Actor, EventId};
use crate::domain::record::RecordNo;
use crate::domain::request::Caller;
use crate::service::{BatchExpect, Command, Done, Query, ReportExpect};
use crate::store::{Store, StoreError};
use crate::view::{AnyView, RecordView, ReportView, Step, TrailPage};

/// A desk with the caller who works at it. Files are written and imports run with one; screens and the socket hand the
/// caller over with every request instead (see [`Service`]).
#[derive(Clone)]
pub struct Seat {
    desk: Desk,
    who: Caller,
}

impl Seat {
    /// Opens a desk for one caller.
    pub fn new(
        store: Arc<Store>,
        settings: Settings,
        operator: impl Into<String>,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        Ok(Self::at(Desk::new(store, settings, clock)?, Caller::named(operator)))
    }

    /// A caller at a desk.
    pub fn at(desk: Desk, who: Caller) -> Self {
        Self { desk, who }
    }

    /// The desk.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The caller.
    pub fn caller(&self) -> &Caller {
        &self.who
    }

    /// The operator's name.
    pub fn operator(&self) -> &str {
        &self.who.operator
    }

    /// Who does something now, for an import.
    pub fn actor(&self) -> Actor {
        Actor::new(self.who.clone(), self.desk.now())
    }

    /// Carries a command out under a new request number; durable when it returns.
    pub fn run(&self, command: &Command) -> Result<Done, DeskError> {
        Service::run(&self.desk, &self.who, request_id()?, command)
    }

    /// Makes the next 解除 list, if it is what the preview counted.
    pub fn make_batch(&self, expect: BatchExpect) -> Result<Batch, DeskError> {
        match self.run(&Command::MakeBatch(expect))? {
            Done::Batch(batch) => Ok(*batch),
            _ => Err(DeskError::unexpected()),
        }
    }

    /// Takes a record out of a sent list; gives its case as it is now.
    pub fn withdraw(&self, batch: u32, id: &str, reason: &str) -> Result<(Withdrawal, Case), DeskError> {
        let command = Command::Withdraw { batch, id: id.to_owned(), reason: reason.to_owned() };
        match self.run(&command)? {
            Done::Withdrawn { withdrawal, case } => Ok((withdrawal, *case)),
            _ => Err(DeskError::unexpected()),
        }
    }

    /// Keeps the 件数報告 as a numbered one, if it is what the preview counted.
    pub fn freeze(&self, expect: &ReportExpect) -> Result<ReportView, DeskError> {
        match self.run(&Command::Freeze(Box::new(expect.clone())))? {
            Done::Frozen(report) => Ok(*report),
            _ => Err(DeskError::unexpected()),
        }
    }

    /// The list that would be made now, and what to expect of it; the error names that nothing is eligible.
    pub fn preview_batch(&self) -> Result<(Batch, BatchExpect), DeskError> {
        self.desk.preview_batch(&self.who)
    }

    /// Answers a question of the command line.
    pub fn answer(&self, query: &Query, out: &mut dyn FnMut(AnyView) -> bool) -> Result<(), DeskError> {
        self.desk.answer(&self.who, query, out)
    }

    /// A record as the caller sees it.
    pub fn view(&self, no: RecordNo) -> Result<RecordView, DeskError> {
        self.desk.view(&self.who, no)
    }

    /// A page of the trail.
    pub fn history(&self, record: Option<RecordNo>, below: Option<u64>, limit: usize) -> Result<TrailPage, DeskError> {
        self.desk.history(&self.who, record, below, limit)
    }

    /// An event by its number, and why the caller may not take it back, if so.
    pub fn step(&self, id: EventId) -> Result<(Step, Option<DeskError>), DeskError> {
        self.desk.step(&self.who, id)
    }

    /// The same seat over what the store holds now: the kind of insurer is guessed anew.
    pub fn reseated(&self) -> Result<Self, StoreError> {
        Ok(Self { desk: self.desk.reopened()?, who: self.who.clone() })
    }
}

impl Deref for Seat {
    type Target = Desk;
    fn deref(&self) -> &Desk {
        &self.desk
    }
}
