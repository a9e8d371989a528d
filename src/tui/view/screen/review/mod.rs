//! 確認: queue and record in one frame.

mod diff;
mod field;
mod needs;
pub(in crate::tui::view) mod queue;
pub(in crate::tui::view) mod record;
mod text;

use crate::app::Model;
use crate::app::layout::{self, Area};
use crate::app::screen::review::Pane;
use crate::config::theme::Role;
use crate::tui::view::canvas::Canvas;
use crate::tui::view::divide::divide;
use crate::tui::view::modal::question;

/// 確認: queue and record in one frame.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let layout = layout::review(model.shared.size);
    let role = |pane| if model.review.pane == pane { Role::BorderFocus } else { Role::Border };
    // Where movement keys go is seen without colour as well.
    let focused = |pane, title: &str| match title {
        "" => String::new(),
        _ if model.review.pane == pane => format!("[{title}]"),
        _ => title.to_owned(),
    };
    let (frame, queue, mut record) = (layout.frame, layout.queue, layout.record);
    if model.review.zoom {
        record = layout::zoomed(model.shared.size);
    }
    let queue_title = format!(
        "{}残り {}/{}",
        if model.review.queue.is_narrowed() { "絞込 " } else { "" },
        model.review.queue.open_shown(),
        model.review.queue.len()
    );
    let room = usize::from(record.w).saturating_sub(record::TITLE_EDGE);
    let record_title = focused(Pane::Record, &record::title(model, canvas.width, room));
    canvas.frame(frame, "", Role::Border);
    // A question that stands over the record leaves the rest of it to be read.
    let readable = Area { h: record.h.min(question::top(canvas, model).saturating_sub(record.y)), ..record };
    if model.review.zoom {
        canvas.title(record.x, frame.y, record.w, &record_title, role(Pane::Record));
        return record::draw(canvas, model, readable);
    }
    canvas.title(queue.x, frame.y, queue.w, &focused(Pane::Queue, &queue_title), role(Pane::Queue));
    let title_y = divide(canvas, frame, queue, record, layout.side_by_side);
    canvas.title(record.x, title_y, record.w, &record_title, role(Pane::Record));
    // The edge below costs no line: whose the signs are.
    let edge = frame.y + frame.h - 1;
    if layout.side_by_side {
        canvas.title(queue.x, edge, queue.w, "比較 △表記 ?要確認 ×相違", Role::Dim);
        if record.w >= 44 {
            canvas.title(record.x, edge, record.w, "○× ファイルの判定結果", Role::Dim);
        }
    }
    queue::draw(canvas, model, queue);
    record::draw(canvas, model, readable);
}
