//! The frame of a screen with a list: lines above or on the left, what the selected one is about below or on the right.

use crate::app::layout::{self, Area};
use crate::app::model::Model;
use crate::app::viewport::Viewport;
use crate::compare::CellWidth;
use crate::config::theme::Role;

use super::canvas::{Canvas, Line, highlight, span};
use super::divide::divide;

/// What is drawn: titles, the length of the list, its window, what stands there when it is empty.
pub(super) struct Page<'a> {
    pub(super) title: String,
    pub(super) detail_title: String,
    pub(super) len: usize,
    pub(super) viewport: &'a Viewport,
    pub(super) empty: &'a str,
}

/// Draws frame, list and detail; `line` draws a line of the list at a width, only for lines in sight.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    model: &Model,
    page: &Page<'_>,
    line: impl Fn(CellWidth, usize, usize) -> Line,
    detail: &[Line],
) {
    let layout = layout::list(model.shared.size);
    let (frame, list, below) = (layout.frame, layout.list, layout.detail);
    canvas.fill(frame, Role::Text);
    canvas.frame(frame, "", Role::Border);
    let title_y = divide(canvas, frame, list, below, layout.side_by_side);
    canvas.title(below.x, title_y, below.w, &page.detail_title, Role::Border);
    canvas.title(list.x, frame.y, list.w, &page.title, Role::BorderFocus);
    rows(canvas, model, page, list, line);
    text(canvas, below, detail, model, model.shared.detail_top);
}

fn rows(
    canvas: &mut Canvas<'_>,
    model: &Model,
    page: &Page<'_>,
    area: Area,
    line: impl Fn(CellWidth, usize, usize) -> Line,
) {
    if page.len == 0 {
        canvas.put(area.x + 1, area.y, area.w.saturating_sub(1), page.empty, Role::Dim);
        return;
    }
    let width = canvas.width;
    let mut viewport = *page.viewport;
    viewport.fit(page.len, usize::from(area.h));
    for (row, y) in viewport.visible(page.len, usize::from(area.h)).zip(area.y..area.y + area.h) {
        let here = row == viewport.cursor;
        let pointer = width.pad(if here { "▶" } else { " " }, width.of("▶"));
        let room = usize::from(area.w).saturating_sub(width.of(&pointer));
        // A line that holds what is looked for, in words that may be cut off or stand beside it.
        let holds = model.finds_here() && model.holds(row);
        let mut shown = vec![span(pointer, if holds { Role::Match } else { Role::Title })];
        shown.extend(highlight(line(width, row, room), if holds { &model.find.query } else { "" }));
        canvas.list_row(area, y, &shown, here);
    }
}

/// Draws lines of text from one on, and says how many follow.
pub(super) fn text(canvas: &mut Canvas<'_>, area: Area, lines: &[Line], model: &Model, top: usize) {
    let height = usize::from(area.h);
    let reach = lines.len().saturating_sub(height);
    model.shared.reach.set(reach);
    let top = top.min(reach);
    part(canvas, area, lines, model, top);
    canvas.more(area, lines.len().saturating_sub(top + height));
}

/// Draws two texts beside each other that are scrolled together, and the rule between them.
pub(super) fn texts(canvas: &mut Canvas<'_>, frame: Area, sides: [(Area, &[Line]); 2], model: &Model, top: usize) {
    let [(left, first), (right, second)] = sides;
    let height = usize::from(right.h);
    let rows = first.len().max(second.len());
    let reach = rows.saturating_sub(height);
    model.shared.reach.set(reach);
    let top = top.min(reach);
    divide(canvas, frame, Area { w: left.w + 1, ..left }, right, true);
    part(canvas, left, first, model, top);
    part(canvas, right, second, model, top);
    canvas.more(right, rows.saturating_sub(top + height));
}

/// Draws the lines from one on that an area holds.
fn part(canvas: &mut Canvas<'_>, area: Area, lines: &[Line], model: &Model, top: usize) {
    let query = if model.finds_here() { model.find.query.as_str() } else { "" };
    for (line, y) in lines.iter().skip(top).zip(area.y..area.y + area.h) {
        canvas.line(area.x, y, area.w, &highlight(line.clone(), query), Role::Text);
    }
}

/// Lines of a detail being put together: words and texts that wrap under themselves.
pub(super) struct Detail {
    pub(super) lines: Vec<Line>,
    pub(super) width: CellWidth,
    pub(super) w: usize,
}

impl Detail {
    /// For the detail of the screen.
    pub(super) fn of(canvas: &Canvas<'_>, model: &Model) -> Self {
        Self { lines: Vec::new(), width: canvas.width, w: usize::from(layout::list(model.shared.size).detail.w) }
    }

    /// Adds a word and a text.
    pub(super) fn put(&mut self, head: &str, text: &str, role: Role) {
        let indent = self.width.of(head);
        let room = self.w.saturating_sub(indent).max(4);
        for (n, range) in self.width.wrap(text, room).into_iter().enumerate() {
            let first = if n == 0 { head.to_owned() } else { " ".repeat(indent) };
            self.lines.push(vec![span(first, Role::Dim), span(&text[range], role)]);
        }
    }

    /// Adds a heading.
    pub(super) fn title(&mut self, text: &str) {
        self.lines.push(vec![span(text, Role::Title)]);
    }

    /// Adds short texts in as many columns as fit.
    pub(super) fn listed(&mut self, items: &[String], role: Role) {
        let most = items.iter().map(|item| self.width.of(item)).max().unwrap_or(0) + 2;
        let columns = (self.w.saturating_sub(2) / most.max(1)).max(1);
        for row in items.chunks(columns) {
            let mut line = vec![span("  ", role)];
            line.extend(row.iter().map(|item| span(self.width.pad(item, most), role)));
            self.lines.push(line);
        }
    }
}
