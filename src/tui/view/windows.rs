//! What stands above a screen: help, palette, choices, questions, lists.

use crate::app::layout::Area;
use crate::app::modal::palette::Entry;
use crate::app::modal::palette::Palette;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::{InfoBody, Modal};
use crate::app::model::Model;
use crate::app::words::state_word;
use crate::compare::{CellWidth, visible};
use crate::config::keymap::Layer;
use crate::config::keys;
use crate::config::theme::Role;
use crate::domain::filter::FIELDS;
use crate::view::RelatedRecords;

use super::canvas::{Canvas, Line, cells, highlight, span};
use super::{characters, question};

/// Draws what stands above the screen, but prompts, which stand in the last line.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    match &model.shared.modal {
        Some(Modal::Help { top }) => help(canvas, model, *top),
        Some(Modal::Palette(palette)) => self::palette(canvas, model, palette),
        Some(Modal::Choice(_) | Modal::Confirm(_)) => question::draw(canvas, model),
        Some(Modal::Info { title, top, body }) => info(canvas, model, title, *top, body),
        // Words are looked for in the help while it stays in sight.
        Some(Modal::Prompt(Prompt { purpose: Purpose::Find { help: true, from }, .. })) => {
            let top = model.find.line().map_or(*from, |line| line.saturating_sub(2));
            help(canvas, model, top);
        }
        Some(Modal::Prompt(_)) | None => {}
    }
}

/// Room for a window: the screen without header, status line and hints.
pub(super) fn room(model: &Model) -> (u16, u16) {
    (model.shared.size.0.saturating_sub(4), model.shared.size.1.saturating_sub(7).max(3))
}

fn scrolled(canvas: &mut Canvas<'_>, model: &Model, title: &str, lines: &[Line], top: usize) {
    let (w, h) = room(model);
    let widest = lines.iter().map(|line| cells(canvas.width, line)).max().unwrap_or(0);
    let w = w.min(u16::try_from(widest + 2).unwrap_or(w).max(24));
    let h = h.min(u16::try_from(lines.len()).unwrap_or(h).max(1));
    let reach = lines.len().saturating_sub(usize::from(h));
    model.shared.reach.set(reach);
    let top = top.min(reach);
    let more = lines.len().saturating_sub(top + usize::from(h));
    let title = if more > 0 { format!("{title} (あと{more}行)") } else { title.to_owned() };
    let area = canvas.window(w, h, &title);
    for (line, y) in lines.iter().skip(top).zip(area.y..area.y + area.h) {
        canvas.line(area.x + 1, y, area.w.saturating_sub(1), line, Role::Popup);
    }
}

/// The help, read from the keymap: the layer at work first.
fn help(canvas: &mut Canvas<'_>, model: &Model, top: usize) {
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
            .map(|(keys, desc)| {
                vec![
                    span(canvas.width.pad(&format!("  {}", keys.join(" ")), 14), Role::HintKey),
                    span(desc, Role::Popup),
                ]
            })
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
            span(width.pad(&names, 22), Role::HintKey),
            span(width.pad(field.example, 22), Role::Popup),
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

fn palette(canvas: &mut Canvas<'_>, model: &Model, palette: &Palette) {
    let (w, h) = room(model);
    let title = if palette.columns { "この列は何の列ですか" } else { "命令" };
    let area = canvas.window(w.min(64), h.min(18), title);
    let query = visible(palette.line.text()).into_owned();
    let before = visible(palette.line.before()).into_owned();
    let at = canvas.put(area.x, area.y, area.w, "> ", Role::Prompt);
    canvas.put(at, area.y, (area.x + area.w).saturating_sub(at), &query, Role::Prompt);
    canvas.cursor = Some(((at + canvas.cells(&before)).min(area.x + area.w), area.y));
    let rows = usize::from(area.h.saturating_sub(1));
    let top = palette.chosen.map_or(0, |chosen| chosen + 1).saturating_sub(rows);
    for (n, y) in (top..palette.found.len()).zip(area.y + 1..area.y + area.h) {
        let entry = &palette.found[n];
        let keys = match entry {
            Entry::Action(action) => {
                let mut keys: Vec<String> = [Layer::Review, Layer::Global, Layer::List]
                    .into_iter()
                    .flat_map(|layer| model.shared.keymap.keys_for(layer, action))
                    .map(keys::label)
                    .collect();
                keys.dedup();
                keys.join(" ")
            }
            Entry::Command(_) | Entry::Column(_) | Entry::Usage(_) => String::new(),
        };
        let key_cells = canvas.cells(&keys).min(area.w);
        let words = format!(" {}", entry.words());
        canvas.put(area.x, y, area.w.saturating_sub(key_cells + 1), &words, Role::Popup);
        canvas.put(area.x + area.w - key_cells, y, key_cells, &keys, Role::HintKey);
        if Some(n) == palette.chosen {
            canvas.tint(Area { x: area.x, y, w: area.w, h: 1 }, Role::Selection);
        }
    }
    if palette.found.is_empty() {
        canvas.put(area.x + 1, area.y + 1, area.w, "当てはまる命令はありません", Role::Dim);
    }
}

/// Rows of related people: the list, and below it what the selected one holds.
fn related(canvas: &mut Canvas<'_>, model: &Model, kin: &RelatedRecords, chosen: usize) {
    let (w, h) = room(model);
    let rows = &kin.rows;
    model.shared.reach.set(rows.len().saturating_sub(1));
    let chosen = chosen.min(rows.len().saturating_sub(1));
    let room = usize::from(w.saturating_sub(2));
    let mut detail: Vec<Line> = Vec::new();
    for (word, text) in rows.get(chosen).map_or(&[][..], |row| &row.detail) {
        let head = canvas.width.pad(word, 13);
        for (n, range) in canvas.width.wrap(text, room.saturating_sub(13).max(8)).into_iter().enumerate() {
            let head = if n == 0 { head.clone() } else { " ".repeat(13) };
            detail.push(vec![span(head, Role::Dim), span(text[range].to_owned(), Role::Popup)]);
        }
    }
    // Two thirds at most for what the selected row holds.
    let below = u16::try_from(detail.len()).unwrap_or(h).min(h * 2 / 3);
    let listed = u16::try_from(rows.len()).unwrap_or(h).min(h.saturating_sub(below + 1)).max(1);
    let title = match kin.within {
        Some(within) => format!("関連する行 {}件 (前後{within}行の中)", rows.len()),
        None => format!("関連する行 {}件", rows.len()),
    };
    let area = canvas.window(w, listed + 1 + below, &title);
    let top = (chosen + 1).saturating_sub(usize::from(listed));
    for (n, y) in (top..rows.len()).zip(area.y..area.y + listed) {
        let row = &rows[n];
        let id = format!("{}  ", visible(&row.id));
        let state = if model.review.queue.entry_of(row.no).is_none() {
            "対象外"
        } else {
            match state_word(model.review.queue.state(row.no)) {
                "" => "未着手",
                word => word,
            }
        };
        let rest = room.saturating_sub(canvas.width.of(&id) + 8);
        let words = canvas.width.pad(&canvas.width.truncate(&visible(&row.summary), rest), rest);
        let line = [span(id, Role::Title), span(words, Role::Popup), span(format!("  {state}"), Role::Dim)];
        canvas.line(area.x + 1, y, area.w.saturating_sub(1), &line, Role::Popup);
        if n == chosen {
            canvas.tint(Area { x: area.x, y, w: area.w, h: 1 }, Role::Selection);
        }
    }
    let rule = canvas.glyphs.horizontal.repeat(usize::from(area.w));
    canvas.put(area.x, area.y + listed, area.w, &rule, Role::Border);
    for (line, y) in detail.iter().zip(area.y + listed + 1..area.y + area.h) {
        canvas.line(area.x + 1, y, area.w.saturating_sub(1), line, Role::Popup);
    }
}

fn info(canvas: &mut Canvas<'_>, model: &Model, title: &str, top: usize, body: &InfoBody) {
    if let InfoBody::Related(_, Some(kin)) = body
        && !kin.rows.is_empty()
    {
        return related(canvas, model, kin, top);
    }
    let lines = match body {
        InfoBody::Characters(no) => match model.review.cache.records.get(no) {
            Some(view) => characters::lines(view, canvas.width),
            None => Vec::new(),
        },
        InfoBody::Text(text) => {
            let room = usize::from(self::room(model).0).saturating_sub(2).max(8);
            let wrapped = text.iter().flat_map(|line| {
                let line = visible(line).into_owned();
                let ranges = canvas.width.wrap(&line, room);
                ranges.into_iter().map(move |range| vec![span(line[range].to_owned(), Role::Popup)]).collect::<Vec<_>>()
            });
            wrapped.collect()
        }
        InfoBody::Related(_, None) => vec![vec![span("読み込み中…", Role::Dim)]],
        InfoBody::Related(_, Some(kin)) => {
            let within = kin.within.map(|within| format!("(前後{within}行の中)")).unwrap_or_default();
            vec![vec![span(format!("関連する行はありません{within}"), Role::Dim)]]
        }
    };
    scrolled(canvas, model, title, &lines, top);
}
