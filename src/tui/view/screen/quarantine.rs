//! 隔離: rows that an import held back, with their raw text made visible.

use crate::app::action::Action;
use crate::app::model::Model;
use crate::compare::{CellWidth, visible};
use crate::config::keymap::Layer;
use crate::config::theme::Role;
use crate::tui::view::canvas::{Canvas, Line, cells, span};
use crate::tui::view::list::{self, Detail, Page};
use crate::view::HeldView;

/// Draws the whole screen but header, status line and hints.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let held = &model.quarantine;
    let key = model.shared.key_for(Layer::List, Action::FocusNext);
    let none = format!("未処理の隔離はありません ({key} で処理済も表示)");
    let page = Page {
        title: match held.closed {
            false => format!("隔離 未処理 {} 行", held.len()),
            true => format!("隔離 すべて {} 行 (未処理 {})", held.len(), held.open()),
        },
        detail_title: held.here().map(|row| format!("隔離番号 {}", row.number)).unwrap_or_default(),
        len: held.len(),
        viewport: &held.viewport,
        empty: match (held.rows.is_some(), held.closed) {
            (false, _) => "読み込み中…",
            (true, false) => &none,
            (true, true) => "隔離した行はありません",
        },
    };
    let mut detail = Detail::of(canvas, model);
    if let Some(row) = held.here() {
        about(row, &mut detail);
    }
    let rows = held.rows.as_deref().unwrap_or_default();
    let line = |width, row: usize, room| rows.get(row).map_or_else(Vec::new, |row| line(width, row, room));
    list::draw(canvas, model, &page, line, &detail.lines);
}

fn line(width: CellWidth, row: &HeldView, room: usize) -> Line {
    let mut line = vec![
        span(format!("{:>7} ", row.line), Role::Text),
        span(width.pad(&row.code, 14), if row.state.is_open() { Role::Warning } else { Role::Dim }),
        span(" ", Role::Text),
    ];
    if !row.state.is_open() {
        line.push(span(format!("〔{}〕", row.state.label()), Role::Saved));
    }
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

fn about(row: &HeldView, out: &mut Detail) {
    out.put("場所 ", &format!("{} の {} 行目 (取込 {} 回目)", visible(&row.file), row.line, row.import), Role::Text);
    out.put("理由 ", &format!("[{}] {}", row.code, visible(&row.reason)), Role::Warning);
    if !row.state.is_open() {
        out.put("処理 ", &format!("{}  {}", row.state.words(), visible(&row.closed_words())), Role::Text);
    }
    out.title("元の値(個人番号は下4桁のほかは伏せています)");
    let fits = row.names.len() == row.cells.len();
    for (n, cell) in row.cells.iter().enumerate() {
        let wrong = row.fault == Some(n);
        let name = row.names.get(n).filter(|_| fits).map(|name| visible(name).into_owned()).unwrap_or_default();
        let mark = if wrong { "×" } else { " " };
        let head = out.width.pad(&format!("{mark}{:>3} {name}", n + 1), if fits { 26 } else { 6 });
        let role = match (wrong, cell.is_empty()) {
            (true, _) => Role::MarkNg,
            (false, true) => Role::Dim,
            (false, false) => Role::Text,
        };
        out.put(&format!("{head} "), if cell.is_empty() { "(空欄)" } else { cell }, role);
    }
}
