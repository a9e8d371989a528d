//! How the model changes: one message at a time, by concern.
//!
//! `keys` finds out what a key means and holds stray input back, `review` moves through the queue, `decide` takes decisions
//! past the guards, `prompt` asks for text, `find` looks for words on other screens, `lists` is 履歴, 出力 and 隔離, `task` is work that takes a moment, `answer` takes
//! in what the world says.

mod answer;
mod decide;
mod find;
mod job;
#[cfg(test)]
mod keymap_tests;
mod keys;
mod lists;
#[cfg(test)]
mod lists_tests;
mod prompt;
mod review;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use super::action::Screen;
use super::effect::Effect;
use super::modal::Modal;
use super::model::{Model, Weight};
use super::msg::Msg;

/// Takes one message in; gives what is to be done.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        Msg::Key { key, at, repeat } => keys::key(model, key, at, repeat, &mut effects),
        Msg::Quiet { at } => {
            keys::quiet(model, at, &mut effects);
            if model.lock.fall(at) {
                // Nothing can be decided before the record is drawn again.
                model.drawn = None;
                model.above += 1;
            }
        }
        Msg::Stray { at } => keys::stray(model, at),
        Msg::Paste { at, .. } if model.lock.swallows(None, at) => {}
        Msg::Paste { text, at } => {
            keys::stray(model, at);
            paste(model, &text, &mut effects);
        }
        Msg::Resize(w, h) => model.size = (w, h),
        Msg::Idle => keep_session(model, &mut effects),
        Msg::Drawn => drawn(model),
        other => answer::answer(model, other, &mut effects),
    }
    settle(model, &mut effects);
    lists::settle(model, &mut effects);
    effects
}

/// Remembers what stands on the screen: only that can be decided. On other screens than 確認 no record is decided at all.
fn drawn(model: &mut Model) {
    let readable = super::plan::is_usable(model.size) && !model.lock.is_locked();
    // Of a record that cannot be read that stands there: nothing about it can be decided, but the last step be taken back.
    let shown = model.view().is_some() || model.unreadable().is_some();
    let seen = readable && (model.screen != Screen::Review || shown);
    model.drawn = seen.then(|| model.scene());
    if readable {
        model.guard.show();
    }
}

/// Pasted text goes to text fields only.
fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    match &mut model.modal {
        Some(Modal::Prompt(prompt)) => {
            prompt.line.insert(text);
            prompt::edited(model, effects);
        }
        Some(Modal::Palette(palette)) => {
            palette.line.insert(text);
            prompt::edited(model, effects);
        }
        _ => model.say(Weight::Warning, "貼り付けは入力欄でだけ使えます"),
    }
}

/// Keeps the session when it has changed.
fn keep_session(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.opened || model.restoring.is_some() {
        return;
    }
    let session = model.session();
    if session != model.kept {
        effects.push(Effect::KeepSession(session.to_bytes()));
        model.kept = session;
    }
}

/// Fits the window to the queue and asks for what is visible and not read yet, and for a little more.
///
/// One question is on its way at a time, so that a key held down leaves none behind; none asks for more rows than the
/// queue shows and two (ARCHITECTURE "Speed").
fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let height = model.queue_height();
    let len = model.queue.len();
    model.window.fit(len, height);
    if !model.opened || model.loading || !super::plan::is_usable(model.size) {
        return;
    }
    let visible = model.window.visible(len, height);
    let unread = |row: usize| {
        let no = model.queue.no(row)?;
        (!model.lines.contains_key(&no) && !model.asked_lines.contains(&no)).then_some(no)
    };
    let mut lines: Vec<_> = visible.clone().filter_map(unread).collect();
    let mut room = (height + 2).saturating_sub(lines.len());
    // The records around this one are read ahead: one decision or move then leads to the next frame at once.
    let row = model.window.cursor;
    let around = [Some(row), model.queue.next_open(row), Some(row + 1), row.checked_sub(1)];
    let mut records: Vec<_> = Vec::new();
    for no in around.into_iter().flatten().filter_map(|row| model.queue.no(row)) {
        let known = model.records.contains_key(&no) || model.asked_records.contains(&no) || records.contains(&no);
        if !known && room > 0 {
            records.push(no);
            room -= 1;
        }
    }
    if lines.is_empty() && records.is_empty() {
        return;
    }
    // Lines come along in groups, before the window reaches them.
    let (below, above) = (visible.end, visible.start);
    if unread(below).is_some() {
        lines.extend((below..below + LINES_AHEAD.min(room)).filter_map(unread));
    } else if above.checked_sub(1).and_then(unread).is_some() {
        lines.extend((above - LINES_AHEAD.min(room).min(above)..above).filter_map(unread));
    }
    model.loading = true;
    model.asked_lines.extend(&lines);
    model.asked_records.extend(&records);
    effects.push(Effect::Load { lines, records });
}

/// So many lines outside the window are read at once.
const LINES_AHEAD: usize = 16;
