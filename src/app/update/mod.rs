//! How the model changes: one message at a time, by concern.
//!
//! `keys` finds out what a key means and holds stray input back, `review` moves through the queue, `decide` takes decisions
//! past the guards, `prompt` asks for text, `lists` is 履歴, 出力 and 隔離, `task` is work that takes a moment, `answer` takes
//! in what the world says.

mod answer;
mod decide;
#[cfg(test)]
mod keymap_tests;
mod keys;
mod lists;
#[cfg(test)]
mod lists_tests;
mod prompt;
mod review;
mod task;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub(crate) use lists::change_words;

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
    let seen = readable && (model.screen != Screen::Review || model.sheet().is_some());
    model.drawn = seen.then(|| model.scene());
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

/// Fits the window to the queue and asks for what is visible and not read yet.
fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let height = model.queue_height();
    let len = model.queue.len();
    model.window.fit(len, height);
    if !model.opened || !super::plan::is_usable(model.size) {
        return;
    }
    let visible = model.window.visible(len, height);
    let lines: Vec<_> = visible
        .filter_map(|row| model.queue.no(row))
        .filter(|no| !model.lines.contains_key(no) && !model.asked_lines.contains(no))
        .collect();
    // The record after this one is read ahead: one decision then leads to the next frame at once.
    let ahead = model.queue.next_open(model.window.cursor).and_then(|row| model.queue.no(row));
    let sheets: Vec<_> = model
        .record()
        .into_iter()
        .chain(ahead)
        .filter(|no| !model.sheets.contains_key(no) && !model.asked_sheets.contains(no))
        .collect();
    if lines.is_empty() && sheets.is_empty() {
        return;
    }
    model.asked_lines.extend(&lines);
    model.asked_sheets.extend(&sheets);
    effects.push(Effect::Load { lines, sheets });
}
