//! Questions before a decision: which evidence, yes or no. What they are about stays readable beside or above them.

use super::window;
use crate::app::action::{Action, Screen};
use crate::app::layout::{self, Area};
use crate::app::modal::Modal;
use crate::app::modal::question::{Choice, Question};
use crate::app::model::Model;
use crate::config::keymap::Layer;
use crate::config::keys;
use crate::config::theme::Role;
use crate::tui::view::canvas::{Canvas, Line, cells, span};

/// Minimum cells with the answers of a choice in two columns.
const TWO_COLUMNS: usize = 44;

/// Cells of a column of answers.
const COLUMN: usize = 22;

/// A question laid out for some width: the lines, the last of which are the answers.
struct Laid {
    title: String,
    lines: Vec<Line>,
    /// How many lines at the end matter most.
    answers: usize,
    /// Line, first cell and cells of what is chosen.
    chosen: Option<(usize, usize, usize)>,
}

/// Draws the question that is open.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let Some((frame, laid)) = place(canvas, model) else { return };
    let area = canvas.window_at(frame, &laid.title);
    let height = usize::from(area.h);
    // On a low screen the answers matter more than the whole question, and of them the chosen one.
    let asked = laid.lines.len() - laid.answers;
    let kept = asked.min(height.saturating_sub(laid.answers));
    let first = laid.chosen.map_or(0, |(line, ..)| (line + 1 - asked).saturating_sub(height - kept));
    let mut top = 0;
    if let Some(Modal::Confirm(question)) = &model.shared.modal {
        let reach = asked - kept;
        model.shared.question_reach.set((reach, kept));
        top = question.top.min(reach);
        canvas.more(area, reach - top);
    }
    let shown = (top..top + kept).chain(asked + first..laid.lines.len());
    for (n, y) in shown.zip(area.y..area.y + area.h) {
        canvas.line(area.x + 1, y, area.w.saturating_sub(1), &laid.lines[n], Role::Popup);
        if let Some((_, x, w)) = laid.chosen.filter(|(line, ..)| *line == n) {
            let cells = |n| u16::try_from(n).unwrap_or(area.w);
            let w = cells(w).min(area.w.saturating_sub(cells(x)));
            canvas.tint(Area { x: area.x + cells(x), y, w, h: 1 }, Role::Selection);
        }
    }
}

/// The first row that a question takes from the record; the last of all where it takes none.
pub(in crate::tui::view) fn top(canvas: &Canvas<'_>, model: &Model) -> u16 {
    let record =
        if model.review.zoom { layout::zoomed(model.shared.size) } else { layout::review(model.shared.size).record };
    let over = place(canvas, model).filter(|(frame, _)| frame.x + frame.w > record.x && frame.y >= record.y);
    over.map_or(u16::MAX, |(frame, _)| frame.y)
}

/// Where the question that is open stands: over the queue where it fits there, else at the foot of the record.
fn place(canvas: &Canvas<'_>, model: &Model) -> Option<(Area, Laid)> {
    let lay = |w: usize| match &model.shared.modal {
        Some(Modal::Choice(choice)) => Some(self::choice(canvas, model, choice, w)),
        Some(Modal::Confirm(question)) => Some(confirm(canvas, model, question, w)),
        _ => None,
    };
    let height = |laid: &Laid| u16::try_from(laid.lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let layout = layout::review(model.shared.size);
    let reviewing = model.shared.screen == Screen::Review;
    if reviewing && layout.side_by_side && !model.review.zoom {
        let laid = lay(usize::from(layout.queue.w).saturating_sub(3))?;
        let h = height(&laid);
        if h <= layout.queue.h {
            return Some((Area { h, ..layout.queue }, laid));
        }
    }
    let (room_w, room_h) = window::room(model);
    let laid = lay(usize::from(room_w).saturating_sub(1).min(WIDEST))?;
    let widest = laid.lines.iter().map(|line| cells(canvas.width, line)).max().unwrap_or(0);
    let w = u16::try_from(widest + 2).unwrap_or(room_w).clamp(24.min(room_w), room_w) + 2;
    let mut h = height(&laid).min(room_h + 2);
    let (screen_w, screen_h) = model.shared.size;
    if !reviewing {
        return Some((Area { x: (screen_w - w) / 2, y: (screen_h - h) / 2, w, h }, laid));
    }
    if matches!(model.shared.modal, Some(Modal::Choice(_))) {
        // What is missing stands in the answers as well: the record matters more than the whole sentence.
        let least = u16::try_from(laid.answers + 3).unwrap_or(h);
        h = h.min(layout.record.h.saturating_sub(LEFT).max(least));
    }
    let y = (layout.frame.y + layout.frame.h - 1).saturating_sub(h);
    Some((Area { x: (screen_w - w) / 2, y, w, h }, laid))
}

/// Rows of the record that a choice of evidence leaves on a low screen.
const LEFT: u16 = 3;

/// Cells of the lines of a question on a wide screen.
const WIDEST: usize = 76;

fn wrapped(canvas: &Canvas<'_>, text: &str, w: usize, role: Role) -> Vec<Line> {
    let rows = canvas.width.wrap(text, w.max(8));
    rows.into_iter().map(|range| vec![span(&text[range], role)]).collect()
}

fn choice(canvas: &Canvas<'_>, model: &Model, choice: &Choice, w: usize) -> Laid {
    let mut why = choice.attempt.refused.clone().unwrap_or_default();
    if choice.careful {
        // Told where the eye is: elsewhere the digit is the whole answer.
        let accept = model.shared.key_of(Action::Accept).unwrap_or_default();
        why.push_str(&format!("。番号で選び、{accept} で決定します"));
    }
    let mut lines = wrapped(canvas, &why, w.min(54), Role::Warning);
    let asked = lines.len();
    let columns = if w >= TWO_COLUMNS { 2 } else { 1 };
    let rows = choice.codes.len().div_ceil(columns);
    let mut answers: Vec<Line> = vec![Vec::new(); rows];
    let mut chosen = None;
    for (n, code) in choice.codes.iter().enumerate() {
        let (row, column) = (n % rows.max(1), n / rows.max(1));
        let line = &mut answers[row];
        let from = column * COLUMN;
        let gap = from.saturating_sub(cells(canvas.width, line)).max(usize::from(column > 0));
        line.push(span(" ".repeat(gap), Role::Popup));
        line.push(span(format!("{} ", Choice::number(*code)), Role::HintKey));
        line.push(span(code.label(), Role::Popup));
        if Some(n) == choice.chosen {
            let w = if columns == 1 { w + 1 } else { COLUMN };
            chosen = Some((asked + row, from + usize::from(column > 0), w));
        }
    }
    lines.extend(answers);
    Laid { title: format!("{} 確認方法", choice.attempt.decision.target.code()), lines, answers: rows, chosen }
}

fn confirm(canvas: &Canvas<'_>, model: &Model, question: &Question, w: usize) -> Laid {
    let mut lines: Vec<Line> = question.lines.iter().flat_map(|text| wrapped(canvas, text, w, Role::Prompt)).collect();
    let key = |action| -> String {
        let keys = model.shared.keymap.keys_for(Layer::Confirm, &action);
        keys.into_iter().map(keys::label).collect::<Vec<_>>().join(" ")
    };
    let answers = [(Action::Yes, "はい"), (Action::No, "いいえ")].map(|(run, word)| format!("[{}] {word}", key(run)));
    let beside = answers.join("   ");
    let answers = if canvas.width.of(&beside) <= w { vec![beside] } else { answers.to_vec() };
    let rows = answers.len();
    lines.extend(answers.into_iter().map(|text| vec![span(text, Role::Prompt)]));
    Laid { title: "確かめ".to_owned(), lines, answers: rows, chosen: None }
}
