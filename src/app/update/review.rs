//! Moving through the queue, the record, the help and 状況.

use crate::app::action::{Action, Screen};
use crate::app::modal::{Modal, Palette};
use crate::app::model::{Fields, Model, Pane, Weight};
use crate::app::search::Search;
use crate::config::keymap::Layer;
use crate::domain::record::RecordNo;
use crate::domain::scope::Scope;

/// Does an action of movement or display.
pub(super) fn run(model: &mut Model, action: Action) {
    if let Some(Modal::Palette(palette)) = &mut model.modal {
        return move_choice(palette, action);
    }
    // From beyond the end every way back begins at the end.
    let (reach, page) = (model.reach.get(), usize::from(model.size.1).saturating_sub(8).max(1));
    if let Some(top) = scrolled(model) {
        *top = (*top).min(reach);
        return scroll(top, action, page);
    }
    // What a question is about is read on while it is open.
    let reads_on = matches!(action, Action::ScrollDown | Action::ScrollUp);
    if (model.modal.is_none() || reads_on) && super::lists::step(model, action) {
        return;
    }
    let height = model.queue_height();
    let len = model.queue.len();
    let page = height.saturating_sub(1).max(1) as isize;
    match action {
        Action::Next | Action::ScrollDown if model.pane == Pane::Record || action == Action::ScrollDown => {
            let step = if model.modal.is_some() { UNDER } else { step_of(action) };
            model.scroll = model.scroll.min(reach).saturating_add(step).min(MOST_LINES);
        }
        Action::Prev | Action::ScrollUp if model.pane == Pane::Record || action == Action::ScrollUp => {
            let step = if model.modal.is_some() { UNDER } else { step_of(action) };
            model.scroll = model.scroll.min(reach).saturating_sub(step);
        }
        Action::PageDown if model.pane == Pane::Record => {
            model.scroll = model.scroll.saturating_add(page.unsigned_abs()).min(MOST_LINES);
        }
        Action::PageUp if model.pane == Pane::Record => {
            model.scroll = model.scroll.min(reach).saturating_sub(page.unsigned_abs());
        }
        Action::Next => go(model, |model| model.window.step(1, len, height)),
        Action::Prev => go(model, |model| model.window.step(-1, len, height)),
        Action::PageDown => go(model, |model| model.window.step(page, len, height)),
        Action::PageUp => go(model, |model| model.window.step(-page, len, height)),
        Action::First => go(model, |model| model.window.cursor = 0),
        Action::Last => go(model, |model| model.window.cursor = len.saturating_sub(1)),
        Action::NextUndecided => match model.queue.next_open(model.window.cursor) {
            Some(row) => go_ahead(model, row),
            None => model.say(Weight::Info, "ほかに未決定の記録はありません"),
        },
        Action::PrevUndecided => match model.queue.previous_open(model.window.cursor) {
            Some(row) => go_to(model, row),
            None => model.say(Weight::Info, "ほかに未決定の記録はありません"),
        },
        Action::NextHit => to_hit(model, true),
        Action::PrevHit => to_hit(model, false),
        Action::FocusNext => focus(model, if model.pane == Pane::Queue { Pane::Record } else { Pane::Queue }),
        Action::FocusQueue => focus(model, Pane::Queue),
        Action::FocusRecord => focus(model, Pane::Record),
        Action::Zoom => zoom(model, !model.zoom),
        Action::CycleFields => {
            model.fields = match model.fields {
                Fields::All => Fields::Differing,
                Fields::Differing => Fields::Plain,
                Fields::Plain => Fields::All,
            };
            let words = match model.fields {
                Fields::All => "項目: 全部",
                Fields::Differing => "項目: 相違のみ",
                Fields::Plain => "項目: 簡易(印なし)",
            };
            model.scroll = 0;
            model.say(Weight::Info, words);
        }
        Action::Clear => clear(model),
        _ => {}
    }
}

/// Sends movement keys to a pane, and says so; the queue is seen again when it is gone to.
fn focus(model: &mut Model, pane: Pane) {
    model.pane = pane;
    let keys = [Action::Next, Action::Prev].map(|action| model.key_of(action).unwrap_or_default()).join(" ");
    match pane {
        Pane::Queue => {
            model.zoom = false;
            model.say(Weight::Info, format!("枠: 一覧 ({keys} で次・前の記録)"));
        }
        Pane::Record => model.say(Weight::Info, format!("枠: 記録 ({keys} で表示を送ります)")),
    }
}

/// Shows the record over the whole width, where movement keys scroll it, or beside the queue again.
fn zoom(model: &mut Model, zoom: bool) {
    model.zoom = zoom;
    model.pane = if zoom { Pane::Record } else { Pane::Queue };
    model.scroll = 0;
    let key = model.key_of(Action::Zoom).map(|key| format!(" ({key} で戻す)")).unwrap_or_default();
    model.say(Weight::Info, if zoom { format!("記録を広げました{key}") } else { "一覧に戻りました".to_owned() });
}

/// A record never has more lines; views stop earlier.
pub(super) const MOST_LINES: usize = 2_000;

/// Lines that a record is scrolled by while a question leaves little of it.
const UNDER: usize = 2;

fn step_of(action: Action) -> usize {
    match action {
        Action::ScrollDown | Action::ScrollUp => 5,
        _ => 1,
    }
}

/// The first visible line of whatever text stands above the screen, or of 状況.
fn scrolled(model: &mut Model) -> Option<&mut usize> {
    match (&mut model.modal, model.screen) {
        (Some(Modal::Help { top } | Modal::Info { top, .. }), _) => Some(top),
        (None, Screen::Status) => Some(&mut model.status_top),
        _ => None,
    }
}

fn scroll(top: &mut usize, action: Action, page: usize) {
    *top = match action {
        Action::Next => top.saturating_add(1),
        Action::Prev => top.saturating_sub(1),
        Action::PageDown | Action::ScrollDown => top.saturating_add(page),
        Action::PageUp | Action::ScrollUp => top.saturating_sub(page),
        Action::First => 0,
        Action::Last => MOST_LINES,
        _ => *top,
    }
    .min(MOST_LINES);
}

fn move_choice(palette: &mut Palette, action: Action) {
    let last = palette.found.len().saturating_sub(1);
    let chosen = palette.chosen.unwrap_or(0);
    palette.chosen = match action {
        _ if palette.found.is_empty() => None,
        Action::PageDown => Some(chosen.saturating_add(10).min(last)),
        Action::PageUp => Some(chosen.saturating_sub(10)),
        _ => palette.chosen,
    };
}

/// Moves the cursor; another record is shown from its top.
pub(super) fn go(model: &mut Model, by: impl FnOnce(&mut Model)) {
    let before = model.record();
    by(model);
    let (len, height) = (model.queue.len(), model.queue_height());
    model.window.fit(len, height);
    if model.record() != before {
        model.scroll = 0;
        model.pressed.clear();
        model.guard.moved();
    }
}

/// Moves the cursor to a row.
pub(super) fn go_to(model: &mut Model, row: usize) {
    go(model, |model| model.window.cursor = row);
}

fn to_hit(model: &mut Model, forward: bool) {
    if model.search.query.is_empty() {
        let key = model.key_for(Layer::Review, Action::Search);
        return model.say(Weight::Info, format!("先に「{key}」で検索してください"));
    }
    match model.queue.hit_from(model.window.cursor, forward, |no| model.search.holds(no)) {
        Some(row) => go_to(model, row),
        None => model.say(Weight::Warning, format!("「{}」は見つかりません", shown(&model.search.query))),
    }
}

fn shown(text: &str) -> String {
    crate::compare::visible(text).into_owned()
}

/// Clears the hits first, then the filter; that goes only when it is asked for twice, because the same key closes windows.
fn clear(model: &mut Model) {
    if model.zoom {
        zoom(model, false);
    } else if !model.search.query.is_empty() {
        model.search = Search::default();
    } else if model.filter.is_empty() && model.filtering.is_none() {
        model.dropping = false;
    } else if !model.dropping {
        model.dropping = true;
        let key = model.key_of(Action::Clear).unwrap_or_default();
        model.say(Weight::Info, format!("絞込を解除するには、もう一度 {key} を押してください"));
    } else {
        unfilter(model);
        model.say(Weight::Info, "絞り込みを解除しました");
    }
}

/// Shows the whole queue, with the cursor on the same record; from one that is decided, back to where the filter began.
pub(super) fn unfilter(model: &mut Model) {
    let here = model.record();
    let is_open = here.is_some_and(|no| model.queue.state(no).is_open());
    let before = model.unfiltered.take().filter(|no| !is_open && model.queue.entry_of(*no).is_some());
    if !model.filter.is_empty() {
        model.dropped = std::mem::take(&mut model.filter);
    }
    model.dropping = false;
    model.filtering = None;
    model.queue.widen();
    let row = before.or(here).map_or(0, |no| model.queue.row_near(no));
    go_to(model, row);
}

/// Goes to a record wherever it stands in the queue; false when it is none of the records under review.
pub(super) fn go_to_record(model: &mut Model, no: RecordNo) -> bool {
    if model.queue.entry_of(no).is_none() {
        return false;
    }
    if model.queue.row_of(no).is_none() {
        unfilter(model);
        model.say(Weight::Info, "絞り込みを解除して、その記録へ移りました");
    }
    let row = model.queue.row_near(no);
    go_to(model, row);
    true
}

/// Goes to the record that was asked for by its 整理番号, or says why not.
pub(super) fn found(model: &mut Model, id: &str, found: Option<(RecordNo, Scope)>) {
    let id = shown(id);
    let Some((no, scope)) = found else {
        return model.say(Weight::Warning, format!("整理番号 {id} の記録はありません"));
    };
    if scope != Scope::Item1 || model.queue.entry_of(no).is_none() {
        let words =
            format!("整理番号 {id} は確認の対象ではありません({})。meken show {id} で見られます", scope.label());
        return model.say(Weight::Warning, words);
    }
    let before = model.record();
    model.screen = Screen::Review;
    model.set_modal(None);
    model.above += 1;
    if model.queue.row_of(no).is_none() {
        unfilter(model);
        model.say(Weight::Info, format!("整理番号 {id} は絞込の外のため、絞り込みを解除して移りました"));
    }
    go_to_record(model, no);
    remember(model, before);
}

/// Remembers where the work was before a jump.
pub(super) fn remember(model: &mut Model, before: Option<RecordNo>) {
    let Some(before) = before.filter(|before| model.record() != Some(*before)) else { return };
    // A new jump begins a new way forward.
    model.after.clear();
    model.before.retain(|no| *no != before);
    model.before.push(before);
    if model.before.len() > MOST_PLACES {
        model.before.remove(0);
    }
}

/// Goes back to where the work was before the last jump, or forward again.
pub(super) fn leap(model: &mut Model, forward: bool) {
    let here = model.record();
    while let Some(no) = if forward { model.after.pop() } else { model.before.pop() } {
        if here != Some(no) && go_to_record(model, no) {
            let left = if forward { &mut model.before } else { &mut model.after };
            left.extend(here.filter(|here| left.last() != Some(here)));
            return;
        }
    }
    model.say(
        Weight::Info,
        match forward {
            true => "進む先はありません(戻った後に、戻る前の記録へ進みます)",
            false => "戻る先はありません(検索・関連・履歴・取消で移る前の記録へ戻ります)",
        },
    );
}

/// So many places are remembered.
const MOST_PLACES: usize = 50;

/// Goes on to a row further down: when it is out of sight, what follows it comes into sight with it.
pub(super) fn go_ahead(model: &mut Model, row: usize) {
    let (len, height) = (model.queue.len(), model.queue_height());
    let spare = 1;
    if row + spare >= model.window.top + height && height > LEAD + spare {
        model.window.top = row.saturating_sub(LEAD).min(len.saturating_sub(height));
    }
    go_to(model, row);
}

/// Rows above the one gone on to.
const LEAD: usize = 2;
