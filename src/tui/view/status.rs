//! 状況: where the work stands, in numbers and bars.

use crate::app::model::{Board, Model};
use crate::app::plan::{self, Area};
use crate::compare::visible;
use crate::config::theme::Role;
use crate::domain::calendar::japan_time;
use crate::domain::category::Category;

use super::canvas::{Canvas, Line, span};
use super::queue::class_role;

/// Draws the whole screen but header, status line and hints.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let page = plan::page(model.size);
    let frame = Area { x: 0, y: page.y - 1, w: model.size.0, h: page.h + 2 };
    canvas.fill(frame, Role::Text);
    let as_of = model.board.as_ref().map(|board| japan_time(board.as_of).strftime("%m/%d %H:%M 現在").to_string());
    canvas.frame(frame, &format!("状況 {}", as_of.unwrap_or_default()), Role::Border);
    let lines = match &model.board {
        Some(board) => lines(canvas, board, usize::from(page.w)),
        None => vec![vec![span("集計しています…", Role::Dim)]],
    };
    let top = model.board_top.min(lines.len().saturating_sub(usize::from(page.h)));
    for (line, y) in lines.iter().skip(top).zip(page.y..page.y + page.h) {
        canvas.line(page.x + 1, y, page.w.saturating_sub(1), line, Role::Text);
    }
}

fn lines(canvas: &Canvas<'_>, board: &Board, w: usize) -> Vec<Line> {
    let width = canvas.width;
    let status = &board.status;
    let mut lines: Vec<Line> = Vec::new();
    lines.push(vec![
        span(format!("確認対象 {}  ", status.in_item1), Role::Title),
        span(format!("決定 {}  返信待ち {}  ", status.decided, status.waiting), Role::Text),
        span(format!("未了 {}  ", status.remaining), Role::Warning),
        span(format!("対象外 {}  隔離 {}", status.out_of_scope, board.quarantined), Role::Dim),
    ]);
    lines.push(vec![
        span(format!("解除 報告済 {}  未報告 {}  ", status.reported, status.unreported), Role::Text),
        span(
            format!("次回 第{}回 締切 {}", board.cutoff.round, board.cutoff.at.strftime("%Y-%m-%d %H:%M")),
            Role::Info,
        ),
    ]);
    lines.push(Vec::new());
    lines.push(vec![span("停止区分", Role::Title)]);
    let bar_room = w.saturating_sub(36).clamp(4, 50);
    for (class, count) in &status.by_class {
        let done = count.total - count.remaining;
        let filled = (done as usize * bar_room).checked_div(count.total as usize).unwrap_or(0);
        lines.push(vec![
            span(format!("  {} ", width.pad(class.label(), 8)), class_role(*class)),
            span(canvas.glyphs.fill.repeat(filled), Role::GaugeFill),
            span(canvas.glyphs.rest.repeat(bar_room - filled), Role::GaugeRest),
            span(format!(" 残 {:>6} / {:>6}", count.remaining, count.total), Role::Text),
        ]);
    }
    lines.push(Vec::new());
    lines.push(vec![span("区分", Role::Title)]);
    for category in Category::ALL {
        if let Some(count) = status.by_category.get(&category).filter(|count| **count > 0) {
            lines.push(vec![
                span(format!("  {} ", category.code()), Role::HintKey),
                span(width.pad(category.label(), 32), Role::Text),
                span(format!("{count:>7}"), Role::Text),
            ]);
        }
    }
    if status.by_category.values().all(|count| *count == 0) {
        lines.push(vec![span("  まだ決定がありません", Role::Dim)]);
    }
    lines.push(Vec::new());
    lines.push(vec![span("状態", Role::Title)]);
    let states: Vec<String> = status.by_state.iter().map(|(kind, count)| format!("{} {count}", kind.label())).collect();
    lines.push(vec![span(format!("  {}", states.join("  ")), Role::Text)]);
    if !status.operators.is_empty() {
        lines.push(Vec::new());
        lines.push(vec![span("担当者", Role::Title)]);
        for (name, count) in &status.operators {
            lines.push(vec![
                span(format!("  {}", width.pad(&visible(name), 20)), Role::Text),
                span(format!("{count:>7}"), Role::Text),
            ]);
        }
    }
    lines.push(Vec::new());
    lines.push(vec![span(format!("取込 {}", visible(&board.file)), Role::Dim)]);
    lines
}
