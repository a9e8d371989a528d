//! What the user may change in files: keys and keymaps, colours and themes, and the diagnostics that
//! name every fault of such a file at once.
//!
//! Everything here works on text that somebody else has read; no function opens a file or asks the
//! terminal, and no type of crossterm or ratatui appears: `tui` translates. The actions a keymap runs are a
//! type parameter, because this room must not know `app`.

pub mod diagnostic;
pub mod embedded;
pub mod keymap;
pub mod keys;
pub mod paths;
pub mod settings;
mod source;
pub mod theme;
