//! Work that takes a moment: imports, exports and changes of lists, done in the same way for screens and commands.
//!
//! The workstation runs a [`Job`](crate::app::job::Job) on its worker thread by [`JobContext::run`]; `cli` calls the functions
//! that suit a command. May use `app` (its plain data), `desk`, `ingest`, `export` and what they use; knows no terminal and no
//! command line.

mod change;
mod error;
mod export;
pub mod import;
mod outputs;
mod path;
mod progress;
mod runner;
mod summary;

#[cfg(test)]
mod tests;

pub use error::JobError;
pub use outputs::in_folder;
pub use path::paths;
pub use progress::JobProgress;
pub use runner::JobContext;
