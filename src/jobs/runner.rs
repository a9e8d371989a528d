//! Runs the jobs of the workstation.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::error::JobError;
use super::progress::JobProgress;
use super::{change, export, import};
use crate::app::job::{Job, Outcome};
use crate::desk::Seat;

/// What jobs need beside the desk.
#[derive(Clone, Debug)]
pub struct JobContext {
    /// The folder that files are written to.
    pub exports: PathBuf,
    /// The folder that layout profiles are kept in.
    pub layouts: PathBuf,
    /// Set by another thread to stop an import.
    pub stop: Arc<AtomicBool>,
}

impl JobContext {
    /// Does a job; `tell` hears how far it has come.
    ///
    /// # Errors
    /// Why it was not done, in words for the operator.
    pub fn run(&self, desk: &Seat, job: &Job, tell: &mut dyn FnMut(JobProgress)) -> Result<Outcome, JobError> {
        match job {
            Job::Export { request, expect } => export::run(&self.exports, desk, *request, *expect, tell),
            Job::Freeze(expect) => change::freeze(desk, expect),
            Job::Withdraw { batch, id, reason } => change::withdraw(desk, *batch, id, reason),
            Job::Dismiss { number, dismiss, reason } => change::dismiss(desk, *number, *dismiss, reason),
            Job::Check(source) => import::run(&self.layouts, &self.stop, desk, source, true, tell),
            Job::Import(source) => import::run(&self.layouts, &self.stop, desk, source, false, tell),
        }
    }
}
