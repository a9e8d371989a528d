//! 列の対応: the columns of a file with three sample rows, and what each is taken for.

use crate::app::model::Model;
use crate::app::screen::mapping::{FileColumn, Mapping};
use crate::compare::{CellWidth, visible};
use crate::config::theme::Role;
use crate::tui::view::canvas::{Canvas, Line, cells, span};
use crate::tui::view::list::{self, Detail, Page};

/// Draws the whole screen but header, status line and hints.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let mapping = &model.mapping;
    let missing = mapping.missing();
    let page = Page {
        title: format!("列の対応 {}  不足 {}", visible(&mapping.source.path), missing.len()),
        detail_title: mapping.here().map(|column| format!("{} 列目", column.number)).unwrap_or_default(),
        len: mapping.columns.len(),
        viewport: &mapping.viewport,
        empty: "列がありません",
    };
    let mut detail = Detail::of(canvas, model);
    if let Some(column) = mapping.here() {
        about(column, &mut detail);
    }
    let names: Vec<&str> = missing.iter().map(|column| column.name()).collect();
    if names.is_empty() {
        detail.put("不足 ", "ありません。w で検査に進めます", Role::MarkOk);
    } else {
        detail.put("不足 ", &names.join("、"), Role::Warning);
    }
    let line =
        |width, row: usize, room| mapping.columns.get(row).map_or_else(Vec::new, |column| line(width, column, room));
    list::draw(canvas, model, &page, line, &detail.lines);
}

/// `  3 氏名     → 加入者情報_漢字氏名   山田 太郎 / …`
fn line(width: CellWidth, column: &FileColumn, room: usize) -> Line {
    let name = if column.name.is_empty() { "(見出しなし)" } else { &column.name };
    let half = (room / 3).clamp(10, 26);
    let taken = column.column.map_or("(使わない)", |column| column.name());
    let role = match column.column {
        Some(column) if Mapping::is_needed(column) => Role::MarkOk,
        Some(_) => Role::Text,
        None => Role::Dim,
    };
    let mut line = vec![
        span(format!("{:>3} ", column.number), Role::Dim),
        span(width.pad(name, half), Role::Text),
        span(" → ", Role::Dim),
        span(width.pad(taken, half), role),
        span(" ", Role::Text),
    ];
    let left = room.saturating_sub(cells(width, &line));
    line.push(span(width.truncate(&column.samples.join(" / "), left).into_owned(), Role::Dim));
    line
}

fn about(column: &FileColumn, out: &mut Detail) {
    out.put("見出し ", if column.name.is_empty() { "(見出しなし)" } else { &column.name }, Role::Text);
    out.put("対応   ", column.column.map_or("(使わない)", |column| column.name()), Role::Title);
    for (n, sample) in column.samples.iter().enumerate() {
        let head = format!("例{}    ", n + 1);
        out.put(&head, if sample.is_empty() { "(空欄)" } else { sample }, Role::Text);
    }
}
