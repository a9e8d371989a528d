//! The queue: one line a record, the cursor, what differs, and what was decided.

use crate::app::model::{Model, state_word};
use crate::app::plan::Area;
use crate::compare::{FieldKind, Verdict, visible};
use crate::config::theme::Role;
use crate::domain::case::State;
use crate::domain::queue::QueueEntry;
use crate::domain::record::RecordNo;
use crate::domain::suspension::Class;

use super::canvas::{Canvas, Line, cells, span};

/// From so many cells on, operator and 期日 have room beside the name.
const WITH_OPERATOR: usize = 56;

/// Draws the visible rows.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let height = usize::from(area.h);
    let visible_rows = model.window.visible(model.queue.len(), height);
    let mut y = area.y;
    let id_cells = visible_rows
        .clone()
        .filter_map(|row| model.lines.get(&model.queue.no(row)?))
        .map(|line| canvas.width.of(&visible(&line.id)))
        .max()
        .unwrap_or(7)
        .clamp(4, 14);
    for row in visible_rows {
        if let Some(entry) = model.queue.entry(row) {
            let line = line(canvas, model, entry, id_cells, usize::from(area.w), row == model.window.cursor);
            canvas.line(area.x, y, area.w, &line, Role::Text);
            if row == model.window.cursor {
                canvas.tint(Area { x: area.x, y, w: area.w, h: 1 }, Role::Selection);
            }
        }
        y += 1;
    }
    canvas.fill(Area { x: area.x, y, w: area.w, h: (area.y + area.h).saturating_sub(y) }, Role::Text);
}

/// `▶0001234 ②b 高崎 一郎   氏△住△`, or `●2-3` once decided.
fn line(canvas: &Canvas<'_>, model: &Model, entry: &QueueEntry, id_cells: usize, w: usize, here: bool) -> Line {
    let width = canvas.width;
    let known = model.lines.get(&entry.no);
    let id = known.map_or_else(|| "…".to_owned(), |line| visible(&line.id).into_owned());
    let name = known.map_or_else(String::new, |line| visible(&line.name).replace('　', " "));
    let class = entry.facts.class;
    let pointer = width.pad(if here { "▶" } else { " " }, width.of("▶"));
    let hit = model.search.holds(entry.no);
    let mut line = vec![
        span(pointer, Role::Title),
        span(width.pad(&id, id_cells), if hit { Role::Match } else { Role::Text }),
        span(" ", Role::Text),
        span(width.pad(class.label(), width.of("②b")), class_role(class)),
        span(" ", Role::Text),
    ];
    let state = state(model, entry.no);
    let mut tail = if state.is_empty() { differences(entry) } else { state };
    if !entry.facts.dangers.is_empty() {
        tail.insert(0, span("!", Role::Danger));
    }
    if w >= WITH_OPERATOR {
        tail.push(span("  ", Role::Text));
        let who = known.map(|line| (visible(&line.operator).into_owned(), line.due)).unwrap_or_default();
        tail.push(span(width.pad(&who.0, 8), Role::Dim));
        let due = who.1.map(|due| due.strftime("%m/%d").to_string()).unwrap_or_default();
        tail.push(span(width.pad(&due, 6), Role::Dim));
    }
    let room = w.saturating_sub(cells(width, &line) + cells(width, &tail) + 1);
    line.push(span(width.pad(&name, room), if hit { Role::Match } else { Role::Text }));
    line.push(span(" ", Role::Text));
    line.extend(tail);
    line
}

/// What was decided: ○ until it is durable, then ●.
fn state(model: &Model, no: RecordNo) -> Line {
    let state = model.queue.state(no);
    let unsaved = model.is_unsaved(no);
    if state == State::Untouched {
        return if unsaved { vec![span("○未保存", Role::Unsaved)] } else { Vec::new() };
    }
    let (mark, role) = if unsaved { ("○", Role::Unsaved) } else { ("●", Role::Saved) };
    vec![span(format!("{mark}{}", state_word(state)), role)]
}

/// Which fields are ×, and how far: △ notation, ? uncertain, × different.
fn differences(entry: &QueueEntry) -> Line {
    let mut line = Vec::new();
    for field in FieldKind::ALL {
        let (marked, verdict) = entry.pattern.field(field);
        if !marked {
            continue;
        }
        let word = match field {
            FieldKind::Kanji => "氏",
            FieldKind::Kana => "カ",
            FieldKind::Birth => "生",
            FieldKind::Sex => "性",
            FieldKind::Address => "住",
        };
        let (sign, role) = match verdict {
            Verdict::Same => ("○", Role::DiffEqual),
            Verdict::Notation => ("△", Role::DiffNotation),
            Verdict::Uncertain => ("?", Role::DiffUncertain),
            Verdict::Different | Verdict::Missing => ("×", Role::DiffReplace),
        };
        line.push(span(format!("{word}{sign}"), role));
    }
    line
}

/// The role of a class.
pub(super) fn class_role(class: Class) -> Role {
    match class {
        Class::One => Role::ClassOne,
        Class::TwoA | Class::TwoB | Class::TwoC => Role::ClassTwo,
        Class::Three => Role::ClassThree,
        Class::PartialAddress | Class::PartialName | Class::Match | Class::Undecidable => Role::Text,
    }
}
