//! 隔離: rows that an import held back, with their raw text made visible.

use crate::app::held::HeldRow;
use crate::app::model::Model;
use crate::compare::{CellWidth, visible};
use crate::config::theme::Role;

use super::canvas::{Canvas, Line, cells, span};
use super::list::{self, Detail, Page};

/// Draws the whole screen but header, status line and hints.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let held = &model.held;
    let page = Page {
        title: format!("隔離 {} 行", held.len()),
        detail_title: held.here().map(|row| format!("{} {}行目", visible(&row.file), row.line)).unwrap_or_default(),
        len: held.len(),
        window: &held.window,
        empty: if held.rows.is_some() { "隔離した行はありません" } else { "読み込み中…" },
    };
    let mut detail = Detail::of(canvas, model);
    if let Some(row) = held.here() {
        about(row, &mut detail);
    }
    let rows = held.rows.as_deref().unwrap_or_default();
    let line = |width, row: usize, room| rows.get(row).map_or_else(Vec::new, |row| line(width, row, room));
    list::draw(canvas, model, &page, line, &detail.lines);
}

fn line(width: CellWidth, row: &HeldRow, room: usize) -> Line {
    let mut line = vec![
        span(format!("{:>7} ", row.line), Role::Text),
        span(width.pad(&row.code, 14), Role::Warning),
        span(" ", Role::Text),
    ];
    let left = room.saturating_sub(cells(width, &line));
    let file = format!("  {}", visible(&row.file));
    let reason = width.truncate(&visible(&row.reason), left).into_owned();
    let rest = left.saturating_sub(width.of(&reason));
    line.push(span(reason, Role::Text));
    if rest >= 12 {
        line.push(span(width.truncate(&file, rest).into_owned(), Role::Dim));
    }
    line
}

fn about(row: &HeldRow, out: &mut Detail) {
    out.put("場所 ", &format!("{} の {} 行目 (取込 {} 回目)", visible(&row.file), row.line, row.import), Role::Text);
    out.put("理由 ", &format!("[{}] {}", row.code, visible(&row.reason)), Role::Warning);
    out.title("元の値(個人番号は伏せています)");
    for (n, cell) in row.raw.iter().enumerate() {
        let shown = if cell.is_empty() { "(空欄)".to_owned() } else { visible(cell).into_owned() };
        out.put(&format!("{:>3} ", n + 1), &shown, if cell.is_empty() { Role::Dim } else { Role::Text });
    }
}
