//! Configuration files: settings, keymaps and themes, and the diagnostics that report every error of such a file at
//! once.
//!
//! Everything here works on text; no function opens a file or queries the terminal, and no type of crossterm or ratatui
//! appears: `tui` translates. The action of a key binding is a type parameter, because this room must not know `app`.
//! May use `domain`, so that settings are parsed into the types of the rules.

pub mod diagnostic;
pub mod embedded;
mod file;
pub mod keymap;
pub mod keys;
pub mod paths;
pub mod settings;
pub mod theme;
