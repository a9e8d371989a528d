//! Views: a frame as a function of the model, drawn on a buffer; nothing here changes anything.
//!
//! What a screen looks like stands in `screen` under the name that its state and keys have in `app::screen`; `modal` is what
//! stands above it, `bars` what stands around it.
//!
//! Foreign text is shown only through `compare::visible`, and widths are only those of `compare::CellWidth`.

mod bars;
mod canvas;
mod divide;
mod list;
mod modal;
mod screen;

#[cfg(test)]
mod panel_tests;
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
use screen::{history, mapping, output, quarantine, review, status};

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
        Screen::Review => review::draw(&mut canvas, model),
        Screen::Status | Screen::Groups => status::draw(&mut canvas, model),
        Screen::Output => output::draw(&mut canvas, model),
        Screen::History => history::draw(&mut canvas, model),
        Screen::Quarantine => quarantine::draw(&mut canvas, model),
        Screen::Mapping => mapping::draw(&mut canvas, model),
    }
    modal::draw(&mut canvas, model);
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
