//! Movement keys: what stands above the screen takes them first, then a list, then the review screen.

use crate::app::action::{Action, Screen};
use crate::app::modal::Modal;
use crate::app::model::Model;
use crate::app::scroll::{MAX_LINES, scroll};
use crate::app::viewport::Viewport;

/// Does an action of movement or display.
pub(super) fn run(model: &mut Model, action: Action) {
    if let Some(Modal::Palette(palette)) = &mut model.shared.modal {
        return palette.turn(action);
    }
    // From beyond the end every way back begins at the end.
    let (reach, page) = (model.shared.reach.get(), usize::from(model.shared.size.1).saturating_sub(8).max(1));
    // A question that does not fit is read to its end before what it is about.
    let (asked, lines) = model.shared.question_reach.get();
    if let Some(Modal::Confirm(question)) = &mut model.shared.modal
        && asked > 0
    {
        question.top = question.top.min(asked);
        scroll(&mut question.top, action, lines.saturating_sub(1).max(1));
        question.top = question.top.min(asked);
        return;
    }
    if let Some(top) = scrolled(model) {
        *top = (*top).min(reach);
        return scroll(top, action, page);
    }
    // What a question is about is read on while it is open.
    let reads_on = matches!(action, Action::ScrollDown | Action::ScrollUp);
    if (model.shared.modal.is_none() || reads_on) && step(model, action) {
        return;
    }
    model.review.on_movement(&mut model.shared, action);
}

/// The first visible line of whatever text stands above the screen, or of 状況.
fn scrolled(model: &mut Model) -> Option<&mut usize> {
    match (&mut model.shared.modal, model.shared.screen) {
        (Some(Modal::Help { top } | Modal::Info { top, .. }), _) => Some(top),
        (None, Screen::Status) => Some(&mut model.status.top),
        _ => None,
    }
}

/// Moves through a list; false when the screen has none.
fn step(model: &mut Model, action: Action) -> bool {
    let height = model.shared.list_height();
    let page = height.saturating_sub(1).max(1) as isize;
    if action == Action::First && model.shared.screen == Screen::History && model.history.is_cut() {
        model.history.viewport = Viewport::default();
        let _ = model.history.read();
    }
    let Some((viewport, len)) = model.list() else { return false };
    let before = viewport.cursor;
    match action {
        Action::Next => viewport.step(1, len, height),
        Action::Prev => viewport.step(-1, len, height),
        Action::PageDown => viewport.step(page, len, height),
        Action::PageUp => viewport.step(-page, len, height),
        Action::First => viewport.cursor = 0,
        Action::Last => viewport.cursor = len.saturating_sub(1),
        _ => {}
    }
    let moved = viewport.cursor != before;
    model.shared.detail_top = match action {
        Action::ScrollDown => model.shared.detail_top.saturating_add(5).min(MAX_LINES),
        Action::ScrollUp => model.shared.detail_top.min(model.shared.reach.get()).saturating_sub(5),
        _ if moved => 0,
        _ => model.shared.detail_top,
    };
    true
}
