//! (tui)
