//! The terminal: modes, input, frames and the threads around the state machine of `app`.
//!
//! May use everything below it; jobs (imports, exports) are done by `jobs`. Only this room knows ratatui, crossterm and
//! signals; a frame is drawn from the model alone, and whatever `app` asks of the store is done by one worker thread, which
//! asks the [`Service`](crate::desk::Service).
//!
//! Five threads and one channel: input and signals come in beside the answers of the worker and of the thread that writes;
//! the main thread takes in everything that has arrived and draws once, and never waits for the terminal or the disk.

mod clipboard;
mod escape;
mod incoming;
mod input;
mod options;
mod output;
mod pace;
pub mod probe;
mod runtime;
#[cfg(test)]
mod stray;
mod terminal;
pub mod view;
mod worker;
mod writer;

pub use options::{Appearance, AppearanceSource, Exit, Options, Reopen, TuiError};
pub use view::{draw, frame, frame_text};

use crate::desk::Seat;

/// Runs the workstation on a desk until it ends; every mode of the terminal is undone by then.
///
/// # Errors
/// When there is no terminal to draw on, or the store cannot be opened for reading.
pub fn run(desk: Seat, options: Options, reopen: Reopen) -> Result<Exit, TuiError> {
    runtime::run(desk, options, reopen)
}
