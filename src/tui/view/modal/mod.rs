//! What stands above a screen: help, palette, choices, questions, lists.

mod characters;
mod help;
pub(super) mod question;
mod window;

use self::window::{room, scrolled};
use crate::app::layout::Area;
use crate::app::modal::palette::{Entry, Palette};
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::{InfoBody, Modal};
use crate::app::model::Model;
use crate::compare::visible;
use crate::config::keymap::Layer;
use crate::config::keys;
use crate::config::theme::Role;
use crate::tui::view::canvas::{Canvas, Line, span};
use crate::view::RelatedRecords;
use crate::view::words::state_word;

/// Draws what stands above the screen, but prompts, which stand in the last line.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    model.shared.question_reach.set((0, 0));
    match &model.shared.modal {
        Some(Modal::Help { top }) => help::draw(canvas, model, *top),
        Some(Modal::Palette(palette)) => self::palette(canvas, model, palette),
        Some(Modal::Choice(_) | Modal::Confirm(_)) => question::draw(canvas, model),
        Some(Modal::Info { title, top, body }) => info(canvas, model, title, *top, body),
        // Words are looked for in the help while it stays in sight.
        Some(Modal::Prompt(Prompt { purpose: Purpose::Find { help: true, from }, .. })) => {
            let top = model.find.line().map_or(*from, |line| line.saturating_sub(2));
            help::draw(canvas, model, top);
        }
        Some(Modal::Prompt(_)) | None => {}
    }
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

/// Cells of the word before a value of the selected row.
const WORD: usize = 13;

/// Rows of related people: the list, and below it what the selected one holds.
fn related(canvas: &mut Canvas<'_>, model: &Model, found: &RelatedRecords, chosen: usize) {
    let (w, h) = room(model);
    let rows = &found.rows;
    model.shared.reach.set(rows.len().saturating_sub(1));
    let chosen = chosen.min(rows.len().saturating_sub(1));
    let room = usize::from(w.saturating_sub(2));
    let mut detail: Vec<Line> = Vec::new();
    for (word, text) in rows.get(chosen).map_or(&[][..], |row| &row.detail) {
        let head = canvas.width.column(word, WORD);
        for (n, range) in canvas.width.wrap(text, room.saturating_sub(WORD).max(8)).into_iter().enumerate() {
            let head = if n == 0 { head.clone() } else { " ".repeat(WORD) };
            detail.push(vec![span(head, Role::Dim), span(text[range].to_owned(), Role::Popup)]);
        }
    }
    // Two thirds at most for what the selected row holds.
    let below = u16::try_from(detail.len()).unwrap_or(h).min(h * 2 / 3);
    let listed = u16::try_from(rows.len()).unwrap_or(h).min(h.saturating_sub(below + 1)).max(1);
    let title = match found.within {
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
    if let InfoBody::Related(_, Some(found)) = body
        && !found.rows.is_empty()
    {
        return related(canvas, model, found, top);
    }
    let lines = match body {
        InfoBody::Characters(no) => match model.review.cache.records.get(no) {
            Some(view) => characters::lines(view, canvas.width, usize::from(self::room(model).0)),
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
        InfoBody::Related(_, Some(found)) => {
            let within = found.within.map(|within| format!("(前後{within}行の中)")).unwrap_or_default();
            vec![vec![span(format!("関連する行はありません{within}"), Role::Dim)]]
        }
    };
    scrolled(canvas, model, title, &lines, top);
}
