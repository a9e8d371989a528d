//! 履歴: who did what to a record, or to all of them.

use crate::app::action::Action;
use crate::app::model::Model;
use crate::compare::{CellWidth, visible};
use crate::config::keymap::Layer;
use crate::config::theme::Role;
use crate::domain::calendar::japan_time;
use crate::domain::event::EventKind;
use crate::tui::view::canvas::{Canvas, Line, span};
use crate::tui::view::list::{self, Detail, Page};
use crate::view::Step;
use crate::view::trail::{change_words, detail_words};

/// Draws the whole screen but header, status line and hints.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let history = &model.history;
    let of = if history.record.is_some() { visible(&history.id).into_owned() } else { "すべて".to_owned() };
    let more = if history.next.is_some() || history.is_cut() { "+" } else { "" };
    let whole = model
        .shared
        .key_in(Layer::List, Action::FocusNext)
        .map(|key| format!(" ({key} で全部の記録)"))
        .unwrap_or_default();
    let nothing = format!("この記録の操作はまだありません{whole}");
    let page = Page {
        title: format!("履歴 {of}  {}{more} 件", history.steps.len()),
        detail_title: history.here().map(|step| format!("{} 番", step.event.id.n)).unwrap_or_default(),
        len: history.steps.len(),
        viewport: &history.viewport,
        empty: match (history.read, &history.record) {
            (true, Some(_)) => &nothing,
            (true, None) => "操作はまだありません",
            (false, _) => "読み込み中…",
        },
    };
    let mut detail = Detail::of(canvas, model);
    if let Some(step) = history.here() {
        let key = model.shared.key_for(Layer::List, Action::Open);
        about(step, history.is_undone(step.event.id.n), &key, &mut detail);
    }
    let whole = history.record.is_none();
    let line = |width, row: usize, room| {
        history
            .steps
            .get(row)
            .map_or_else(Vec::new, |step| line(width, step, history.is_undone(step.event.id.n), whole, room))
    };
    list::draw(canvas, model, &page, line, &detail.lines);
}

/// `12/11 10:02 佐藤   0001234 決定 未着手 → 2-3`
fn line(width: CellWidth, step: &Step, undone: bool, whole: bool, room: usize) -> Line {
    let event = &step.event;
    let mut line = vec![
        span(format!("{} ", japan_time(event.at).strftime("%m/%d %H:%M")), Role::Dim),
        span(width.pad(&visible(event.operator()), 9), Role::Text),
        span(" ", Role::Text),
    ];
    if whole {
        line.push(span(width.pad(&visible(&step.id), 11), Role::Text));
        line.push(span(" ", Role::Text));
    }
    let role = match event.kind {
        EventKind::Undo | EventKind::Redo => Role::Warning,
        EventKind::Decide => Role::Text,
        _ => Role::Info,
    };
    line.push(span(width.pad(event.kind.label(), 11), role));
    let mut words = change_words(event);
    if undone {
        words = format!("〔取消済〕{words}");
    }
    for more in [detail_words(event), event.reason.clone()] {
        if !more.is_empty() && more != event.kind.label() {
            words = format!("{words}  {}", visible(&more));
        }
    }
    let used = crate::tui::view::canvas::cells(width, &line);
    let words = width.truncate(words.trim(), room.saturating_sub(used)).into_owned();
    line.push(span(words, if undone { Role::Dim } else { Role::Text }));
    line
}

/// Everything about a step.
fn about(step: &Step, undone: bool, key: &str, out: &mut Detail) {
    let event = &step.event;
    let at = japan_time(event.at).strftime("%Y-%m-%d %H:%M:%S");
    out.put("日時 ", &format!("{at}  {}", visible(event.operator())), Role::Text);
    let record = if step.id.is_empty() { String::new() } else { format!("  整理番号 {}", visible(&step.id)) };
    out.put("操作 ", &format!("{}{record}", event.kind.label()), Role::Title);
    for (head, case) in ["前   ", "後   "].into_iter().zip(step.cases()) {
        if let Some(case) = case {
            out.put(head, &case, Role::Text);
        }
    }
    for (head, text) in [("理由 ", event.reason.clone()), ("内容 ", detail_words(event))] {
        if !text.is_empty() {
            out.put(head, &visible(&text), Role::Text);
        }
    }
    if let Some(seq) = event.refers {
        out.put("対象 ", &format!("{seq} 番の操作"), Role::Text);
    }
    let state = match (undone, event.kind.can_undo()) {
        (true, _) => "取り消されています".to_owned(),
        (false, true) => format!("{key} で取り消せるか調べ、確かめてから取り消します"),
        (false, false) => "取り消しの対象ではありません".to_owned(),
    };
    out.put("状態 ", &state, Role::Dim);
}
