//! The record: flags, the five fields, suggestion, case, note and the other columns.

use std::ops::Range;

use super::field::draw_field;
use super::needs::{details, needs};
use super::text::{Out, shown};
use crate::app::action::Action;
use crate::app::layout::Area;
use crate::app::model::Model;
use crate::compare::{CellWidth, Code, FieldKind, Verdict, visible};
use crate::config::keymap::Layer;
use crate::config::keys;
use crate::config::theme::Role;
use crate::domain::batch::is_changed;
use crate::domain::calendar::japan_time;
use crate::domain::case::State;
use crate::domain::record::Column;
use crate::domain::suspension::Suspension;
use crate::tui::view::canvas::{Canvas, Line, cells, span};
use crate::view::trail::change_words;
use crate::view::words::case_words;
use crate::view::{DangerView, RecordView};

/// Draws the record at the cursor.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model, mut area: Area) {
    let lines = match model.view() {
        Some(view) => {
            // The record keeps its width whatever stands beside it: nothing jumps, and a move stays small.
            let mut whole = true;
            if let Some(gap) = gap(area) {
                area.w = gap.start - area.x;
                let right = Area { x: gap.end, w: BESIDE.1, ..area };
                let beside = beside(model, view, canvas.width);
                whole = beside.len() > usize::from(right.h);
                for (line, y) in beside.iter().zip(right.y..right.y + right.h).filter(|_| !whole) {
                    canvas.line(right.x, y, right.w, line, Role::Text);
                }
            }
            lines(model, view, canvas.width, canvas.glyphs.gap, usize::from(area.w), whole)
        }
        None if model.shared.opened && model.review.queue.is_empty() => {
            vec![vec![span("表示する記録がありません", Role::Dim)]]
        }
        None => match model.review.unreadable() {
            Some(why) => unreadable(canvas.width, why, usize::from(area.w)),
            None => vec![vec![span("読み込み中…", Role::Dim)]],
        },
    };
    let height = usize::from(area.h);
    let reach = lines.len().saturating_sub(height);
    model.shared.reach.set(reach);
    let top = model.review.scroll.min(reach);
    for (row, y) in (area.y..area.y + area.h).enumerate() {
        let line = lines.get(top + row).map_or(&[][..], |line| &line[..]);
        canvas.line(area.x, y, area.w, line, Role::Text);
    }
    canvas.more(area, lines.len().saturating_sub(top + height));
}

/// The blank columns between a record and what stands beside it, where there is room for that.
pub(in crate::tui::view) fn gap(area: Area) -> Option<Range<u16>> {
    let start = (area.x + area.w).checked_sub(BESIDE.1 + 2).filter(|_| area.w >= BESIDE.0)?;
    Some(start..start + 2)
}

/// In the place of a record that cannot be read: why, and what to do.
fn unreadable(width: CellWidth, why: &str, w: usize) -> Vec<Line> {
    let words = "この記録は読み出せません。決定できません。";
    let rest = "ほかの記録は続けて決定できます。meken を終了し、meken verify で確かめてください。";
    let texts = [(words, Role::Error), (why, Role::Text), (rest, Role::Text)];
    let rows = texts.into_iter().flat_map(|(text, role)| {
        width.wrap(text, w.max(2)).into_iter().map(move |row| vec![span(text[row].to_owned(), role)])
    });
    rows.collect()
}

/// The title of the record's frame in `room` cells: `0001234 ②b 医療停止  取得 H30.04.01  喪失 R05.10.31`.
///
/// Where that does not fit, the class says what is locked; where the dates do not fit either, they stand in the record.
pub(in crate::tui::view) fn title(model: &Model, width: CellWidth, room: usize) -> String {
    let Some(view) = model.view() else { return String::new() };
    let [full, short, bare] = titles(view);
    [full, short].into_iter().find(|title| width.of(title) <= room).unwrap_or(bare)
}

fn titles(view: &RecordView) -> [String; 3] {
    let row = &view.record.row;
    let class = view.record.facts.class;
    let suspension = match class.suspension() {
        Suspension::QualificationAndMedical => "資格・医療停止",
        Suspension::Medical => "医療停止",
        Suspension::None => "停止なし",
        Suspension::Unknown => "停止不明",
    };
    let name = format!("{} {}", visible(&row.id()), class.label());
    let dates = dates(view);
    let [full, short] = [format!("{name} {suspension}{dates}"), format!("{name}{dates}")];
    [full, short, format!("{name} {suspension}")]
}

/// 取得 and 喪失 as they stand in the file.
fn dates(view: &RecordView) -> String {
    let mut words = String::new();
    for (column, word) in [(Column::Acquired, "取得"), (Column::Lost, "喪失")] {
        let text = view.record.row.cell(column).trim();
        if !text.is_empty() {
            words.push_str(&format!("  {word} {}", visible(text)));
        }
    }
    words
}

/// Cells of a frame's edge that a title leaves free: blanks, and the signs of the focus.
pub(in crate::tui::view) const TITLE_EDGE: usize = 4;

/// Every line of a record.
///
/// `whole` adds what else is known; else that stands beside.
fn lines(model: &Model, view: &RecordView, width: CellWidth, gap: &str, w: usize, whole: bool) -> Vec<Line> {
    let mut out = Out { lines: Vec::new(), width, w };
    flags(view, &mut out);
    // What proves the danger is read before what looks alike.
    let others = if whole { others(view, width, w, SHOWN_OTHERS) } else { Vec::new() };
    let mut others = others.into_iter();
    out.lines.extend(others.next().into_iter().flatten());
    warnings(model, view, &mut out);
    let room = w.saturating_sub(TITLE_EDGE);
    if titles(view)[..2].iter().all(|title| width.of(title) > room) {
        out.wrapped("資格 ", Role::Title, dates(view).trim_start(), Role::Text);
    }
    for field in FieldKind::ALL {
        draw_field(model, view, field, gap, &mut out);
    }
    suggestion(model, view, &mut out);
    case(view, &mut out);
    if whole {
        recent(view, &mut out);
        out.lines.extend(others.flatten());
        needs(model, view, &mut out);
        details(model, view, &mut out);
    }
    out.lines
}

/// What stands beside the record where there is room: the other person, what decisions need, the history and the rest.
fn beside(model: &Model, view: &RecordView, width: CellWidth) -> Vec<Line> {
    let w = usize::from(BESIDE.1);
    let mut out = Out { lines: others(view, width, w, 1).into_iter().flatten().collect(), width, w };
    for part in [|_: &Model, view: &RecordView, out: &mut Out| recent(view, out), needs, details] {
        if !out.lines.is_empty() {
            out.push(Vec::new());
        }
        let before = out.lines.len();
        part(model, view, &mut out);
        if out.lines.len() == before {
            out.lines.pop();
        }
    }
    out.lines
}

/// What must be known before anything else: 支援措置 and danger flags.
fn flags(view: &RecordView, out: &mut Out) {
    let (case, facts) = (&view.case, &view.record.facts);
    if case.is_protected(facts) {
        let by = if case.protected.is_some() { "手入力" } else { "ファイル" };
        out.wrapped("支援 ", Role::Danger, &format!("支援措置あり(送付しない)  {by}"), Role::Danger);
    } else if facts.protected {
        out.wrapped("支援 ", Role::Warning, "ファイルの支援措置の印は外されています", Role::Warning);
    }
    // Flags about the same person share a line; the last one says the most (F3 is F2 in both directions).
    for group in view.signs.chunk_by(|a, b| a.other.is_some() && a.other == b.other) {
        let flags: Vec<String> =
            group.iter().map(|sign| format!("{} {}", sign.danger.code(), sign.danger.label())).collect();
        let Some(last) = group.last() else { continue };
        let other = last.other.as_ref().map(|id| format!(" → {}", visible(id))).unwrap_or_default();
        let text = format!("{}{other} {}", flags.join("・"), last.words);
        out.wrapped("注意 ", Role::Danger, text.trim_end(), Role::Danger);
    }
    // Flags without a sign of their own still have to be seen.
    for danger in view.record.facts.dangers.iter() {
        if view.signs.iter().all(|sign| sign.danger != danger) {
            out.wrapped("注意 ", Role::Danger, &format!("{} {}", danger.code(), danger.label()), Role::Danger);
        }
    }
}

/// What must be known besides: a sent batch, a changed row.
fn warnings(model: &Model, view: &RecordView, out: &mut Out) {
    if let Some(batch) = view.case.in_batch {
        let key =
            model.shared.key_in(Layer::Review, Action::Withdraw).map(|key| format!(" ({key})")).unwrap_or_default();
        let (text, role) = if is_changed(&view.case) {
            let text = format!(
                "解除 第{batch}回に報告した後、内容が変わりました。同じ人なら決定し直し、違うなら取り下げてください{key}"
            );
            (text, Role::Danger)
        } else {
            (format!("解除 第{batch}回に報告済です。変更するには先に取下げてください{key}"), Role::Warning)
        };
        out.wrapped("解除 ", role, &text, role);
    }
    for text in view.change_words() {
        out.wrapped("更新 ", Role::Warning, &text, Role::Text);
    }
}

fn suggestion(model: &Model, view: &RecordView, out: &mut Out) {
    let Some(suggestion) = view.suggestion.as_ref().filter(|_| view.case.state.is_open()) else { return };
    let mut codes: Vec<Code> = Vec::new();
    for (_, reason) in &suggestion.reasons {
        if !codes.contains(&reason.code) {
            codes.push(reason.code);
        }
    }
    // Width and blanks go without saying beside anything else.
    if codes.iter().any(|code| !matches!(code, Code::N1 | Code::K1)) {
        codes.retain(|code| !matches!(code, Code::N1 | Code::K1));
    }
    let words: Vec<&str> = codes.into_iter().map(Code::description).collect();
    let text = format!("{} {}: {}", suggestion.category, suggestion.evidence.label(), words.join(" / "));
    out.wrapped("提案 ", Role::Suggestion, &text, Role::Suggestion);
    let key = model.shared.keymap.keys_for(Layer::Review, &Action::Adopt).first().map(|found| keys::label(found));
    let Some(key) = key.map(|key| format!("[{key}] で採用")) else { return };
    match out.lines.last_mut() {
        Some(line) if cells(out.width, line) + 2 + out.width.of(&key) <= out.w => {
            line.push(span(format!("  {key}"), Role::Suggestion));
        }
        _ => out.push(vec![span(format!("     {key}"), Role::Suggestion)]),
    }
}

/// The case: state, evidence, dates, who and when, note.
fn case(view: &RecordView, out: &mut Out) {
    let case = &view.case;
    if case.state != State::Untouched {
        let state = match case.state {
            State::Decided(category) => format!("{} {}", category.code(), category.label()),
            state => state.kind().label().to_owned(),
        };
        out.wrapped("区分 ", Role::Title, &state, Role::Title);
        let words = case_words(case);
        if !words.is_empty() {
            out.listed("     ", Role::Text, &words, Role::Text);
        }
    }
    if !case.note.is_empty() {
        out.wrapped("メモ ", Role::Title, &visible(&case.note), Role::Text);
    }
}

/// Minimum cells of a record with the other person of a danger flag beside it, and the cells that person takes.
const BESIDE: (u16, u16) = (96, 44);

/// Maximum number of people shown with a record, the first above its fields; one stands beside it. The flags name all of them.
const SHOWN_OTHERS: usize = 2;

/// The rows of the people that danger flags name, a block for each; `＝` stands where they have what J-LIS says of this record.
fn others(view: &RecordView, width: CellWidth, w: usize, most: usize) -> Vec<Vec<Line>> {
    let mut known: Vec<crate::domain::record::RecordNo> = Vec::new();
    let mut blocks = Vec::new();
    for DangerView { danger, record, .. } in &view.signs {
        let room = known.len() < most;
        let Some(other) = record.as_ref().filter(|other| room && !known.contains(&other.no)) else { continue };
        known.push(other.no);
        let mut out = Out { lines: Vec::new(), width, w };
        let (id, class) = (visible(&other.row.id()).into_owned(), other.facts.class.label());
        let title = format!("相手 {} {id} {class} (＝ J-LISと同じ)", danger.code());
        out.wrapped("", Role::Danger, &title, Role::Danger);
        for field in FieldKind::ALL {
            let (left, right) = (other.row.left(field), other.row.right(field));
            let here = view.record.row.right(field);
            let alike = |text: &str| {
                let verdict = crate::compare::compare(field, text, here).verdict;
                !text.is_empty() && matches!(verdict, Verdict::Same | Verdict::Notation)
            };
            // What both sides say alike stands once: a frame must stay small (ARCHITECTURE "Speed").
            let verdict = crate::compare::compare(field, left, right).verdict;
            let sides: &[(&str, &str)] = match verdict {
                Verdict::Same | Verdict::Notation => &[("", left)],
                _ => &[("加 ", left), ("J ", right)],
            };
            for (n, (side, text)) in sides.iter().enumerate() {
                let same = alike(text);
                let name = if n == 0 { field.short() } else { "" };
                let head = format!("{}{} {side}", if same { "＝" } else { "  " }, width.pad(name, 4));
                let role = if same { Role::Danger } else { Role::Text };
                let text = shown(text);
                // Short values share a line, so that all of them are seen at once.
                let used = width.of(&head) + width.of(&text);
                let shares = sides.len() == 1 && out.lines.len() > 1;
                if let Some(line) = out.lines.last_mut().filter(|line| shares && cells(width, line) + 2 + used <= w) {
                    line.extend([span(format!("  {head}"), Role::Dim), span(text, role)]);
                    continue;
                }
                out.wrapped(&head, Role::Dim, &text, role);
            }
        }
        blocks.push(out.lines);
    }
    blocks
}

/// The last changes of the case.
fn recent(view: &RecordView, out: &mut Out) {
    for (n, event) in view.recent.iter().take(2).enumerate() {
        let at = japan_time(event.at).strftime("%m/%d %H:%M");
        let text = format!("{at} {} {} {}", visible(event.operator()), event.kind.label(), change_words(event));
        let more = if n == 1 && view.recent.len() > 2 { " …" } else { "" };
        out.wrapped(if n == 0 { "履歴 " } else { "     " }, Role::Dim, &format!("{text}{more}"), Role::Dim);
    }
}
