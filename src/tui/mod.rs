//! The terminal: modes, input, frames and the threads around the state machine of `app`.
//!
//! May use everything below it. Only this room knows ratatui, crossterm and signals; a frame is drawn from the model
//! alone, and whatever `app` asks of the store is done by one worker thread that owns the [`Desk`](crate::desk::Desk).

pub mod view;

pub use view::{draw, frame, frame_text};
