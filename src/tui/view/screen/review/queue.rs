//! The queue: one line a record, the cursor, what differs, and what was decided.

use crate::app::layout::Area;
use crate::app::model::Model;
use crate::compare::{FieldKind, Verdict, visible};
use crate::config::theme::Role;
use crate::domain::case::State;
use crate::domain::queue::QueueEntry;
use crate::domain::record::RecordNo;
use crate::domain::suspension::Class;
use crate::tui::view::canvas::{Canvas, Line, cells, span};
use crate::view::words::state_word;

/// Minimum cells of a line with operator and 期日 beside the name.
const WITH_OPERATOR: usize = 56;

/// Draws the visible rows.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model, area: Area) {
    let height = usize::from(area.h);
    let visible_rows = model.review.viewport.visible(model.review.queue.len(), height);
    let mut y = area.y;
    let id_cells = visible_rows
        .clone()
        .filter_map(|row| model.review.cache.lines.get(&model.review.queue.no(row)?))
        .map(|line| canvas.width.of(&visible(&line.id)))
        .max()
        .unwrap_or(7)
        .clamp(4, 14);
    for row in visible_rows {
        if let Some(entry) = model.review.queue.entry(row) {
            let line = line(canvas, model, entry, id_cells, usize::from(area.w), row == model.review.viewport.cursor);
            canvas.list_row(area, y, &line, row == model.review.viewport.cursor);
        }
        y += 1;
    }
    canvas.fill(Area { x: area.x, y, w: area.w, h: (area.y + area.h).saturating_sub(y) }, Role::Text);
}

/// `▶0001234 ②b 高崎 一郎   氏△住△`, or `●2-3` once decided.
fn line(canvas: &Canvas<'_>, model: &Model, entry: &QueueEntry, id_cells: usize, w: usize, here: bool) -> Line {
    let width = canvas.width;
    let known = model.review.cache.lines.get(&entry.no);
    let unread = if model.review.is_unreadable(entry.no) { "読不可" } else { "…" };
    let id = known.map_or_else(|| unread.to_owned(), |line| visible(&line.id).into_owned());
    let name = known.map_or_else(String::new, |line| visible(&line.name).replace('　', " "));
    let class = entry.facts.class;
    let pointer = width.pad(if here { "▶" } else { " " }, width.of("▶"));
    let hit = model.review.search.holds(entry.no);
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
    if known.is_some_and(|line| line.protected) {
        tail.insert(0, span("支", Role::Danger));
    }
    if w >= WITH_OPERATOR {
        tail.push(span("  ", Role::Text));
        let who = known.map(|line| (visible(&line.operator).into_owned(), line.due)).unwrap_or_default();
        tail.push(span(width.column(&who.0, 9), Role::Dim));
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
    let state = model.review.queue.state(no);
    let unsaved = model.shared.is_unsaved(no);
    if state == State::Untouched {
        return if unsaved { vec![span("○未保存", Role::Unsaved)] } else { Vec::new() };
    }
    let (mark, role) = if unsaved { ("○", Role::Unsaved) } else { ("●", Role::Saved) };
    vec![span(format!("{mark}{}", state_word(state)), role)]
}

/// Which fields are ×, and how far: △ notation, ? uncertain, × different. From three fields on neighbours share their
/// sign (`氏カ生×`), which leaves the name its room.
fn differences(entry: &QueueEntry) -> Line {
    let marked: Vec<(&str, &str, Role)> = FieldKind::ALL
        .into_iter()
        .filter_map(|field| {
            let (marked, verdict) = entry.pattern.field(field);
            let (sign, role) = match verdict {
                Verdict::Same => ("○", Role::DiffEqual),
                Verdict::Notation => ("△", Role::DiffNotation),
                Verdict::Uncertain => ("?", Role::DiffUncertain),
                Verdict::Different | Verdict::Missing => ("×", Role::DiffReplace),
            };
            marked.then_some((word(field), sign, role))
        })
        .collect();
    let shares = marked.len() > 2;
    marked
        .iter()
        .enumerate()
        .map(|(n, (word, sign, role))| {
            let same_follows = marked.get(n + 1).is_some_and(|(_, next, _)| next == sign);
            span(if shares && same_follows { (*word).to_owned() } else { format!("{word}{sign}") }, *role)
        })
        .collect()
}

fn word(field: FieldKind) -> &'static str {
    match field {
        FieldKind::Kanji => "氏",
        FieldKind::Kana => "カ",
        FieldKind::Birth => "生",
        FieldKind::Sex => "性",
        FieldKind::Address => "住",
    }
}

/// The role of a class.
pub(in crate::tui::view) fn class_role(class: Class) -> Role {
    match class {
        Class::One => Role::ClassOne,
        Class::TwoA | Class::TwoB | Class::TwoC => Role::ClassTwo,
        Class::Three => Role::ClassThree,
        Class::PartialAddress | Class::PartialName | Class::Match | Class::Undecidable => Role::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;
    use crate::domain::pattern::Pattern;
    use crate::domain::person::PerField;
    use crate::domain::record::{Cells, Column, Mark, Marks};

    /// The marks of a record whose named fields are ×, with a difference or with notation only.
    fn shown(different: &[FieldKind], notation: &[FieldKind]) -> String {
        let marks = Marks {
            fields: PerField::from_fn(|field| {
                let differs = different.contains(&field) || notation.contains(&field);
                if differs { Mark::Mismatch } else { Mark::Match }
            }),
            ..Marks::all_match()
        };
        let value = |field| match field {
            FieldKind::Kanji => ("山田 太郎", "山田　太郎", "川上 敏行"),
            FieldKind::Kana => ("ﾔﾏﾀﾞ", "ヤマダ", "カワカミ"),
            FieldKind::Birth => ("19850203", "1985/02/03", "19850304"),
            FieldKind::Sex => ("1", "1", "2"),
            FieldKind::Address => ("港区赤坂1-2", "港区赤坂１－２", "港区赤坂1-3"),
        };
        let comparisons = PerField::from_fn(|field| {
            let (left, alike, other) = value(field);
            compare(field, left, if different.contains(&field) { other } else { alike })
        });
        let facts = [""; Column::COUNT];
        let row = crate::domain::record::Row { cells: facts.map(str::to_owned).to_vec(), ..Default::default() };
        assert_eq!(row.marks().multiple, Some(false));
        let entry = QueueEntry { no: RecordNo(0), facts: row.facts(), pattern: Pattern::of(&marks, &comparisons) };
        differences(&entry).iter().map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn neighbours_share_a_sign_from_three_fields_on() {
        use FieldKind::{Address, Birth, Kana, Kanji, Sex};
        assert_eq!(shown(&[], &[Kanji, Address]), "氏△住△");
        assert_eq!(shown(&[Birth], &[]), "生×");
        assert_eq!(shown(&[Kanji, Kana, Birth, Sex, Address], &[]), "氏カ生性住×");
        assert_eq!(shown(&[Birth], &[Kanji, Kana]), "氏カ△生×");
        assert_eq!(shown(&[Kanji, Address], &[Kana]), "氏×カ△住×");
    }
}
