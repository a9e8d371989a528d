//! One field of a record: both values, where they differ, mark, verdict and reasons.

use super::diff;
use super::text::{Out, shown};
use crate::app::model::Model;
use crate::app::screen::review::Fields;
use crate::compare::{CellWidth, FieldKind, Verdict};
use crate::config::theme::Role;
use crate::domain::record::Mark;
use crate::tui::view::canvas::{Line, cells, span};
use crate::view::RecordView;

/// Cells before a value: `漢字 加入者 `.
const HEAD: usize = 12;

/// Draws a field.
pub(super) fn draw_field(model: &Model, view: &RecordView, field: FieldKind, gap: &str, out: &mut Out) {
    let row = &view.record.row;
    let comparison = &view.comparisons[field];
    let mark = view.record.facts.marks.fields[field];
    let (left, right) = (row.left(field), row.right(field));
    let calm = comparison.verdict == Verdict::Same && mark == Mark::Match;
    // Blanks under a ○ are no difference to look at.
    let passed = mark == Mark::Match && matches!(comparison.verdict, Verdict::Same | Verdict::Notation);
    if model.review.fields == Fields::Differing && passed {
        return;
    }
    let verdict = vec![
        span(format!("{} ", mark.label()), if mark == Mark::Match { Role::MarkOk } else { Role::MarkNg }),
        span(comparison.verdict.label(), verdict_role(comparison.verdict)),
    ];
    if calm && model.review.fields == Fields::All {
        return calm_field(field, &shown(right), verdict, out);
    }
    let heads = [format!("{} 加入者 ", field.short()), "     J-LIS  ".to_owned()];
    let blank = " ".repeat(HEAD);
    let room = out.w.saturating_sub(HEAD);
    if model.review.fields == Fields::Plain {
        for (head, text) in heads.iter().zip([left, right]) {
            out.wrapped(head, Role::Dim, &shown(text), Role::Text);
        }
        return;
    }
    let rows = diff::rows((left, right), comparison, out.width, room, gap);
    let last = rows.len() - 1;
    let mut reasons = reasons(comparison, out.width, 2 * out.w.saturating_sub(10));
    let mut verdict = Some(verdict);
    for (n, row) in rows.into_iter().enumerate() {
        for (side, mut line, head, text) in [(0, row.left, &heads[0], left), (1, row.right, &heads[1], right)] {
            if text.is_empty() && n == 0 {
                line = vec![span("(空欄)", Role::Special)];
            }
            let head = if n == 0 { head.clone() } else { blank.clone() };
            line.insert(0, span(head, Role::Dim));
            let used = cells(out.width, &line);
            if let Some(fits) = verdict.take_if(|fits| side == 0 && used + 2 + cells(out.width, fits) <= out.w) {
                line.push(span(" ".repeat(out.w - used - cells(out.width, &fits)), Role::Text));
                line.extend(fits);
            }
            out.push(line);
        }
        if row.marks.is_empty() {
            continue;
        }
        let mut line = vec![span(format!("{blank}{}", row.marks), Role::Dim)];
        let used = cells(out.width, &line) + 2;
        if n == last && verdict.is_none() && used + out.width.of(&reasons) <= out.w && !reasons.is_empty() {
            line.push(span(format!("  {}", std::mem::take(&mut reasons)), Role::Info));
        }
        out.push(line);
    }
    let head = verdict.map_or_else(String::new, |line| line.iter().map(|span| span.text.clone()).collect::<String>());
    if !head.is_empty() {
        out.wrapped(&format!("     {head} "), verdict_role(comparison.verdict), &reasons, Role::Info);
    } else if !reasons.is_empty() {
        out.wrapped("     ", Role::Text, &reasons, Role::Info);
    }
}

/// A field that is the same on both sides: one line, or as many as its value takes.
fn calm_field(field: FieldKind, value: &str, verdict: Line, out: &mut Out) {
    let room = out.w.saturating_sub(HEAD + cells(out.width, &verdict) + 1).max(4);
    let mut verdict = Some(verdict);
    for range in out.width.wrap(value, room) {
        let head = if verdict.is_some() { field.short() } else { "" };
        let mut line = vec![
            span(out.width.pad(head, HEAD), Role::Dim),
            span(out.width.pad(&value[range], room), Role::DiffEqual),
            span(" ", Role::Text),
        ];
        line.extend(verdict.take().unwrap_or_default());
        out.push(line);
    }
}

fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Same => Role::MarkOk,
        Verdict::Notation => Role::DiffNotation,
        Verdict::Uncertain => Role::DiffUncertain,
        Verdict::Different | Verdict::Missing => Role::DiffReplace,
    }
}

/// The reasons in one text of at most `most` cells; the window of characters (`i`) lists them all.
fn reasons(comparison: &crate::compare::Comparison, width: CellWidth, most: usize) -> String {
    let mut words: Vec<&str> = Vec::new();
    // What weighs most is read first: blanks differ in nearly every record.
    let mut steps: Vec<&crate::compare::Reason> = comparison.reasons.iter().collect();
    steps.sort_by_key(|step| std::cmp::Reverse(step.class));
    for reason in steps {
        if !words.contains(&reason.text.as_str()) {
            words.push(&reason.text);
        }
    }
    let mut text = String::new();
    for (n, word) in words.iter().enumerate() {
        if n > 0 && width.of(&text) + width.of(word) > most {
            text.push_str(&format!(" ほか{}", words.len() - n));
            break;
        }
        text.push_str(if n > 0 { "、" } else { "" });
        text.push_str(word);
    }
    // A hint that a reason says already would only take room.
    let hint = comparison.hint.map(|hint| hint.label()).filter(|hint| {
        let start: String = hint.chars().take(2).collect();
        !text.contains(&start)
    });
    if let Some(hint) = hint {
        text.push_str(&format!("〔{hint}〕"));
    }
    text
}
