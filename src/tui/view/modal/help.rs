//! ヘルプ: the keys in force, the signs, and the fields of filters.

use super::window::{room, scrolled};
use crate::app::model::Model;
use crate::compare::CellWidth;
use crate::config::keymap::Layer;
use crate::config::keys;
use crate::config::theme::Role;
use crate::domain::filter::FIELDS;
use crate::tui::view::canvas::{Canvas, Line, cells, highlight, span};

/// The help, read from the keymap: the layer at work first.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model, top: usize) {
    let mut lines: Vec<Line> = Vec::new();
    for text in model.shared.keymap.about().lines() {
        let rows = canvas.width.wrap(text, usize::from(room(model).0).saturating_sub(3).max(8));
        lines.extend(rows.into_iter().map(|range| vec![span(text[range].to_owned(), Role::Popup)]));
    }
    for layer in [
        Layer::Review,
        Layer::Global,
        Layer::List,
        Layer::Answer,
        Layer::Prompt,
        Layer::Palette,
        Layer::Confirm,
        Layer::Help,
    ] {
        let mut rows: Vec<(Vec<String>, &str)> = Vec::new();
        for binding in model.shared.keymap.bindings(layer) {
            let key = keys::label(&binding.keys);
            match rows.iter_mut().find(|(_, desc)| *desc == binding.desc) {
                Some((known, _)) => known.push(key),
                None => rows.push((vec![key], &binding.desc)),
            }
        }
        if rows.is_empty() {
            continue;
        }
        lines.push(vec![span(format!("【{}】", layer.title()), Role::Title)]);
        let items: Vec<Line> = rows
            .into_iter()
            .map(|(keys, desc)| vec![span(key_column(canvas.width, &keys), Role::HintKey), span(desc, Role::Popup)])
            .collect();
        lines.extend(columns(canvas.width, items, usize::from(room(model).0)));
    }
    lines.extend(legend(canvas.width, usize::from(room(model).0)));
    lines.extend(fields(canvas.width));
    let plain = |line: &Line| line.iter().map(|span| span.text.as_str()).collect::<String>();
    *model.find.help.borrow_mut() = lines.iter().map(plain).collect();
    let lines: Vec<Line> = lines.into_iter().map(|line| highlight(line, &model.find.query)).collect();
    scrolled(canvas, model, "説明", &lines, top);
}

/// The keys of a line; many keys take the room that they need.
fn key_column(width: CellWidth, keys: &[String]) -> String {
    let keys = format!("  {} ", keys.join(" "));
    width.pad(&keys, width.of(&keys).max(14))
}

/// What the signs of the queue say, and what those of the record.
fn legend(width: CellWidth, w: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![vec![span("【印】", Role::Title)]];
    for text in [
        "一覧の 氏△ 住×: 判定結果が×の項目を meken が比べた結果",
        "  ○ 一致  △ 表記ゆれ  ? 要確認  × 相違・欠落",
        "記録の ○ ×: ファイルの判定結果(? は読めない判定)",
        "  その右の言葉が meken の比較",
        "一覧の !: 注意 F1〜F8 がある  ●: 保存済の決定  ○: 未保存の決定",
    ] {
        for range in width.wrap(text, w.saturating_sub(4).max(8)) {
            lines.push(vec![span(format!("  {}", &text[range]), Role::Popup)]);
        }
    }
    lines
}

/// The fields of the filter expression, from the table of its parser.
fn fields(width: CellWidth) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![vec![span("【絞込の項目】 , は または、- は 除く、空白は かつ", Role::Title)]];
    lines.extend(FIELDS.iter().map(|field| {
        let names = format!("  {}: {}:", field.key, field.aliases.first().copied().unwrap_or_default());
        vec![
            span(width.column(&names, 22), Role::HintKey),
            span(width.column(field.example, 22), Role::Popup),
            span(field.about, Role::Popup),
        ]
    }));
    lines
}

/// Lays short lines out in as many columns of 36 cells as fit.
fn columns(width: CellWidth, items: Vec<Line>, w: usize) -> Vec<Line> {
    const COLUMN: usize = 36;
    let count = (w / COLUMN).clamp(1, 4);
    let height = items.len().div_ceil(count);
    (0..height)
        .map(|row| {
            let mut line: Line = Vec::new();
            for column in 0..count {
                if let Some(item) = items.get(column * height + row) {
                    let used = cells(width, item);
                    line.extend(item.iter().cloned());
                    line.push(span(" ".repeat(COLUMN.saturating_sub(used).max(1)), Role::Popup));
                }
            }
            line
        })
        .collect()
}
