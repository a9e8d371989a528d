//! What is asked of whoever holds the store, and what they answer: pure data, the same in the process and over the socket.
//!
//! A [`Command`] changes something and is answered by [`Done`]; an [`Ask`] reads and is answered by any number of
//! [`Answer`]s. `desk` has the trait `Service` that takes them, and carries them out; `host` carries them over the socket.
//! May use `domain`, `compare` and `view`; knows no store, no clock and no terminal.

mod ask;
mod command;

pub use ask::{Answer, Ask, Query, Sort};
pub use command::{BatchExpect, Command, Done, ReportExpect, UndoTarget};
