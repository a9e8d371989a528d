//! Work that takes a moment: imports, exports and changes of lists, done in the same way for screens and commands.
//!
//! The workstation runs a [`Job`] of `app` on its worker thread by [`JobContext::run`]; `cli` calls the functions that suit a
//! command. May use `app` (its plain data), `desk`, `ingest`, `export` and what they use; knows no terminal and no
//! command line.

mod change;
mod error;
mod export;
pub mod import;
mod outputs;
mod path;
mod summary;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use error::JobError;
pub use outputs::in_folder;
pub use path::paths;

use crate::app::job::{Job, Outcome};
use crate::app::mapping::Mapping;
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

/// What a running job tells.
#[derive(Debug)]
pub enum JobProgress {
    /// How far it has come.
    Step {
        /// How much is done, of `total`.
        done: u64,
        /// All of it.
        total: u64,
        /// Rows so far.
        rows: u64,
    },
    /// The header of a file does not tell which columns are which: they are asked for.
    Unmapped(Box<Mapping>),
}

impl JobContext {
    /// Does a job; `tell` hears how far it has come.
    ///
    /// # Errors
    /// Why it was not done, in words for the operator.
    pub fn run(&self, desk: &Seat, job: &Job, tell: &mut dyn FnMut(JobProgress)) -> Result<Outcome, JobError> {
        match job {
            Job::Export(request, expect) => export::run(&self.exports, desk, *request, *expect, tell),
            Job::Freeze(expect) => change::freeze(desk, expect),
            Job::Withdraw { batch, id, reason } => change::withdraw(desk, *batch, id, reason),
            Job::Dismiss { number, dismiss, reason } => change::dismiss(desk, *number, *dismiss, reason),
            Job::Check(source) => import::run(self, desk, source, true, tell),
            Job::Import(source) => import::run(self, desk, source, false, tell),
        }
    }
}

/// The outcome of a job that has one line to say.
fn said(message: String) -> Outcome {
    Outcome { message, ..Outcome::default() }
}
