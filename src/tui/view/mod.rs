//! Views: a frame as a function of the model, drawn on a buffer; nothing here changes anything.
//!
//! Foreign text is shown only through `compare::visible`, and widths are only those of `compare::CellWidth`.

mod bars;
mod canvas;
mod characters;
mod diff;
mod held;
mod history;
mod list;
mod mapping;
mod output;
mod question;
mod queue;
mod record;
mod status;
mod windows;

#[cfg(test)]
mod picture;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod width_tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::action::{Action, Screen};
use crate::app::layout::{self, Area};
use crate::compare::CellWidth;
use crate::config::keymap::Layer;
use crate::config::theme::{Role, Theme};

use canvas::Canvas;

/// Draws the model over a buffer, whatever it holds; gives the place of the cursor where text is typed.
pub fn draw(model: &Model, theme: &Theme, width: CellWidth, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let mut canvas = Canvas::new(buffer, theme, width);
    let (w, h) = model.shared.size;
    canvas.fill(Area { x: 0, y: 0, w, h }, Role::Text);
    if model.shared.input.lock.is_locked() {
        blank(&mut canvas, model);
        return None;
    }
    if !layout::is_usable(model.shared.size) {
        notice(&mut canvas, model);
        return None;
    }
    bars::header(&mut canvas, model);
    match model.shared.screen {
        Screen::Review => review(&mut canvas, model),
        Screen::Status | Screen::Groups => status::draw(&mut canvas, model),
        Screen::Output => output::draw(&mut canvas, model),
        Screen::History => history::draw(&mut canvas, model),
        Screen::Quarantine => held::draw(&mut canvas, model),
        Screen::Mapping => mapping::draw(&mut canvas, model),
    }
    windows::draw(&mut canvas, model);
    bars::status(&mut canvas, model);
    bars::hints(&mut canvas, model);
    canvas.cursor
}

/// Draws the model on a buffer of its own.
pub fn frame(model: &Model, theme: &Theme, width: CellWidth) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, model.shared.size.0, model.shared.size.1));
    draw(model, theme, width, &mut buffer);
    buffer
}

/// The characters of a frame, line by line, without trailing blanks.
pub fn frame_text(model: &Model, theme: &Theme, width: CellWidth) -> String {
    let buffer = frame(model, theme, width);
    let mut text = String::new();
    for y in 0..buffer.area().height {
        let line: String = (0..buffer.area().width).map(|x| buffer[(x, y)].symbol()).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What a locked screen shows: nothing of anybody.
fn blank(canvas: &mut Canvas<'_>, model: &Model) {
    let (w, h) = model.shared.size;
    let unsaved = if model.shared.changes.unsaved.is_empty() {
        String::new()
    } else {
        format!("未保存 {}", model.shared.changes.unsaved.len())
    };
    let words = [
        "しばらく操作がないため、画面を隠しています".to_owned(),
        "何かキーを押すと戻ります(そのキーでは何も決定しません)".to_owned(),
        unsaved,
    ];
    let top = (h / 2).saturating_sub(1);
    for (text, y) in words.iter().zip(top..h) {
        let left = w.saturating_sub(canvas.width.of(text) as u16) / 2;
        canvas.put(left, y, w - left, text, Role::Text);
    }
}

/// What a screen too small for anything else shows.
fn notice(canvas: &mut Canvas<'_>, model: &Model) {
    let (w, h) = model.shared.size;
    let unsaved = if model.shared.changes.unsaved.is_empty() {
        String::new()
    } else {
        format!(" 未保存 {}", model.shared.changes.unsaved.len())
    };
    let words = [
        "画面が小さすぎます".to_owned(),
        format!("{}x{} 以上に広げてください", layout::SMALLEST.0, layout::SMALLEST.1),
        format!("(今は {w}x{h}) {} で終了{unsaved}", model.shared.key_for(Layer::Global, Action::Quit)),
    ];
    for (text, y) in words.iter().zip(0..h) {
        canvas.put(0, y, w, text, Role::Text);
    }
}

/// 確認: queue and record in one frame.
fn review(canvas: &mut Canvas<'_>, model: &Model) {
    use crate::app::screen::review::Pane;
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
    let glyphs = canvas.glyphs;
    canvas.frame(frame, "", Role::Border);
    // A question that stands over the record leaves the rest of it to be read.
    let readable = Area { h: record.h.min(question::top(canvas, model).saturating_sub(record.y)), ..record };
    if model.review.zoom {
        canvas.title(record.x, frame.y, record.w, &record_title, role(Pane::Record));
        return record::draw(canvas, model, readable);
    }
    canvas.title(queue.x, frame.y, queue.w, &focused(Pane::Queue, &queue_title), role(Pane::Queue));
    if layout.side_by_side {
        let x = queue.x + queue.w;
        for y in queue.y..queue.y + queue.h {
            canvas.put(x, y, 1, glyphs.vertical, Role::Border);
        }
        canvas.put(x, frame.y, 1, glyphs.tees[0], Role::Border);
        canvas.put(x, frame.y + frame.h - 1, 1, glyphs.tees[1], Role::Border);
        canvas.title(record.x, frame.y, record.w, &record_title, role(Pane::Record));
    } else {
        let y = record.y - 1;
        for x in frame.x + 1..frame.x + frame.w - 1 {
            canvas.put(x, y, 1, glyphs.horizontal, Role::Border);
        }
        canvas.put(frame.x, y, 1, glyphs.tees[2], Role::Border);
        canvas.put(frame.x + frame.w - 1, y, 1, glyphs.tees[3], Role::Border);
        canvas.title(record.x, y, record.w, &record_title, role(Pane::Record));
    }
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
