//! 文字を調べる: the characters in which the two sides of a record differ, what they are, and who says that they are related.

use unicode_segmentation::UnicodeSegmentation;

use crate::compare::{
    Aligned, CellWidth, Comparison, FieldKind, Inspection, SpanKind, StepClass, Variant, Verdict, inspect,
    plainly_same, visible_units,
};
use crate::config::theme::Role;
use crate::domain::original_codes::{part, written};
use crate::domain::record::Column;
use crate::tui::view::canvas::{Line, span};
use crate::view::RecordView;

/// The most characters of one stretch that are taken apart; the list of all characters below holds the rest.
const MOST: usize = 12;

/// The most related forms that are named for one character.
const FORMS: usize = 6;

/// The fields that differ: first the characters that differ, then all of them with their code points.
pub(in crate::tui::view) fn lines(view: &RecordView, width: CellWidth, w: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for (field, comparison) in view.comparisons.iter() {
        if comparison.verdict == Verdict::Same {
            continue;
        }
        let texts = (view.record.row.left(field), view.record.row.right(field));
        let title = format!("{}  {}", field.label(), comparison.verdict.label());
        lines.push(vec![span(title, Role::Title)]);
        differing(&mut lines, field, comparison, texts, width);
        for reason in &comparison.reasons {
            lines.push(vec![span(format!("  {} {}", reason.code, reason.text), Role::Info)]);
        }
        for (side, text) in [("加入者", texts.0), ("J-LIS ", texts.1)] {
            all(&mut lines, side, text, width, w);
        }
        bytes(&mut lines, view, field, width);
    }
    if lines.is_empty() {
        lines.push(vec![span("相違する項目はありません", Role::Dim)]);
    }
    lines
}

fn differing(lines: &mut Vec<Line>, field: FieldKind, comparison: &Comparison, texts: (&str, &str), width: CellWidth) {
    let differs = |s: &&Aligned| s.kind != SpanKind::Equal;
    for stretch in comparison.aligned.iter().filter(differs) {
        let taken = |text: &str| -> Vec<Inspection> { text.graphemes(true).take(MOST).map(inspect).collect() };
        let (left, right) = (taken(&texts.0[stretch.left.clone()]), taken(&texts.1[stretch.right.clone()]));
        for at in 0..left.len().max(right.len()) {
            let pair = (left.get(at), right.get(at));
            // Width and hiragana are named by their reasons; taking ten half-width kana apart would bury what matters.
            if let (Some(l), Some(r)) = pair
                && plainly_same(field, &l.text, &r.text)
            {
                continue;
            }
            for (side, found) in [("加入者", pair.0), ("J-LIS ", pair.1)] {
                lines.extend(found.map(|found| character(side, found, width)));
            }
            related(lines, pair);
        }
    }
}

fn character(side: &str, found: &Inspection, width: CellWidth) -> Line {
    vec![
        span(format!("  {side} "), Role::Dim),
        span(width.column(&found.shown, width.of(&found.shown).clamp(7, LONGEST) + 1), Role::Special),
        span(format!("{:<8} ", found.points), Role::Popup),
        span(found.kind.clone(), Role::Popup),
    ]
}

/// Names the source that relates the two characters, or else the forms related to either.
fn related(lines: &mut Vec<Line>, pair: (Option<&Inspection>, Option<&Inspection>)) {
    let between = match pair {
        (Some(l), Some(r)) => l.variants.iter().find(|v| r.shown.starts_with(v.form)),
        _ => None,
    };
    let told = |v: &Variant| if v.class == StepClass::A { "異体字" } else { "要確認" };
    if let Some(v) = between {
        lines.push(vec![span(format!("      根拠 {}: {}", told(v), v.source.label()), Role::Info)]);
        return;
    }
    // Beside a letter or a blank, other forms of a kanji explain nothing.
    let (Some(left), Some(right)) = pair else { return };
    if !(left.kind.starts_with("漢字") && right.kind.starts_with("漢字")) {
        return;
    }
    for found in [left, right].into_iter().filter(|found| !found.variants.is_empty()) {
        let forms: Vec<String> = found
            .variants
            .iter()
            .take(FORMS)
            .map(|v| format!("{}{}", v.form, if v.class == StepClass::A { "" } else { "?" }))
            .collect();
        let more = found.variants.len().saturating_sub(FORMS);
        let more = if more > 0 { format!(" ほか{more}字") } else { String::new() };
        lines.push(vec![span(format!("      {} の異体字: {}{more}", found.shown, forms.join(" ")), Role::Dim)]);
    }
}

/// The characters that had other bytes in the CP932 file than they are written with.
fn bytes(lines: &mut Vec<Line>, view: &RecordView, field: FieldKind, width: CellWidth) {
    let row = &view.record.row;
    if row.twins.is_empty() {
        return;
    }
    let cut = row.twins.cut(row.cells.iter().map(String::as_str));
    for (side, column) in [("加入者", Column::Left(field)), ("J-LIS ", Column::Right(field))] {
        let twins = &cut[column.index()];
        for (c, own) in twins.of(row.cell(column)).filter_map(|(c, own)| Some((c, own?))) {
            let usual: String = written(c).iter().map(|b| format!("{b:02X}")).collect();
            let told = format!("元のバイト {:04X} {}(普通は {usual})", u16::from_be_bytes(own), part(own));
            let shown = width.pad(&c.to_string(), 8);
            lines.push(vec![
                span(format!("  {side} "), Role::Dim),
                span(shown, Role::Special),
                span(told, Role::Popup),
            ]);
        }
    }
}

/// Maximum number of characters of a value in a line, and the minimum cells of one and of its code points.
const IN_LINE: usize = 3;
const LEAST: (usize, usize) = (7, 9);

/// Maximum cells of one character as it is shown.
const LONGEST: usize = 20;

/// All characters of a value with their code points, as many in a line as fit in columns that never touch.
fn all(lines: &mut Vec<Line>, side: &str, text: &str, width: CellWidth, w: usize) {
    let head = width.pad(&format!("  {side} "), 9);
    let units: Vec<_> =
        visible_units(text).into_iter().map(|unit| (unit.special, inspect(&text[unit.range]))).collect();
    let widest = |cells: fn(&Inspection) -> &str, least: usize, most: usize| {
        units.iter().map(|(_, found)| width.of(cells(found)) + 1).max().unwrap_or(0).clamp(least, most)
    };
    let shown = widest(|found| &found.shown, LEAST.0, LONGEST + 1);
    let room = w.saturating_sub(width.of(&head) + shown + 2).max(LEAST.1);
    let points = widest(|found| &found.points, LEAST.1, room);
    let fits = w.saturating_sub(width.of(&head) + 2) / (shown + points);
    for (no, chunk) in units.chunks(fits.clamp(1, IN_LINE)).enumerate() {
        let mut line = vec![span(if no == 0 { head.clone() } else { " ".repeat(width.of(&head)) }, Role::Dim)];
        for (special, found) in chunk {
            let role = if *special { Role::Special } else { Role::Popup };
            line.push(span(width.column(&found.shown, shown), role));
            line.push(span(width.column(&found.points, points), Role::Dim));
        }
        lines.push(line);
    }
}
