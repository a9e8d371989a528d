//! A window of text above the screen, scrolled.

use crate::app::model::Model;
use crate::config::theme::Role;
use crate::tui::view::canvas::{Canvas, Line, cells};

/// Room for a window: the screen without header, status line and hints.
pub(in crate::tui::view) fn room(model: &Model) -> (u16, u16) {
    (model.shared.size.0.saturating_sub(4), model.shared.size.1.saturating_sub(7).max(3))
}

pub(in crate::tui::view) fn scrolled(canvas: &mut Canvas<'_>, model: &Model, title: &str, lines: &[Line], top: usize) {
    let (w, h) = room(model);
    let widest = lines.iter().map(|line| cells(canvas.width, line)).max().unwrap_or(0);
    let w = w.min(u16::try_from(widest + 2).unwrap_or(w).max(24));
    let h = h.min(u16::try_from(lines.len()).unwrap_or(h).max(1));
    let reach = lines.len().saturating_sub(usize::from(h));
    model.shared.reach.set(reach);
    let top = top.min(reach);
    let more = lines.len().saturating_sub(top + usize::from(h));
    let title = if more > 0 { format!("{title} (あと{more}行)") } else { title.to_owned() };
    let area = canvas.window(w, h, &title);
    for (line, y) in lines.iter().skip(top).zip(area.y..area.y + area.h) {
        canvas.line(area.x + 1, y, area.w.saturating_sub(1), line, Role::Popup);
    }
}
