//! Scrolling through a text whose length only the view knows.

use super::action::Action;

/// Maximum first line of any text; views stop earlier.
pub const MAX_LINES: usize = 2_000;

/// Moves the first visible line of a text.
pub fn scroll(top: &mut usize, action: Action, page: usize) {
    *top = match action {
        Action::Next => top.saturating_add(1),
        Action::Prev => top.saturating_sub(1),
        Action::PageDown | Action::ScrollDown => top.saturating_add(page),
        Action::PageUp | Action::ScrollUp => top.saturating_sub(page),
        Action::First => 0,
        Action::Last => MAX_LINES,
        _ => *top,
    }
    .min(MAX_LINES);
}
