//! How the model changes: one message at a time.
//!
//! `input` finds out what a key means and holds stray input back, `dispatch` sends an action to its screen and carries out
//! what the screen says is next, `prompt` takes text and choices above the screen, `movement` moves whatever is on top,
//! `find` looks for words on other screens, `job` ends work that takes a moment, `answer` takes in what the world says,
//! `opening` the queue.

mod answer;
mod dispatch;
#[cfg(test)]
mod dispatch_tests;
mod find;
mod input;
#[cfg(test)]
mod input_tests;
mod job;
#[cfg(test)]
mod keymap_tests;
mod movement;
mod opening;
mod prompt;
#[cfg(test)]
pub(crate) mod testing;

use super::action::Screen;
use super::effect::Effect;
use super::layout;
use super::message::Weight;
use super::model::Model;
use super::msg::Msg;

/// Takes one message in; gives what is to be done.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        Msg::Key { key, at, repeat } => input::key(model, key, at, repeat, &mut effects),
        Msg::Quiet { at } => {
            input::quiet(model, at, &mut effects);
            if model.shared.input.lock.fall(at) {
                // Nothing can be decided before the record is drawn again.
                model.shared.input.drawn = None;
                model.shared.mark_changed();
            }
        }
        Msg::Stray { at } => input::stray(model, at),
        Msg::Paste { at, .. } if model.shared.input.lock.swallows(None, at) => {}
        Msg::Paste { text, at } => {
            input::stray(model, at);
            paste(model, &text);
        }
        Msg::Resize(w, h) => model.shared.size = (w, h),
        Msg::Idle => effects.extend(model.keep_session()),
        Msg::Drawn => drawn(model),
        other => answer::answer(model, other, &mut effects),
    }
    settle(model, &mut effects);
    effects
}

/// Remembers what stands on the screen: only that can be decided. On other screens than 確認 no record is decided at all.
fn drawn(model: &mut Model) {
    let readable = layout::is_usable(model.shared.size) && !model.shared.input.lock.is_locked();
    // Of a record that cannot be read that stands there: nothing about it can be decided, but the last step be taken back.
    let shown = model.review.view().is_some() || model.review.unreadable().is_some();
    let seen = readable && (model.shared.screen != Screen::Review || shown);
    model.shared.input.drawn = seen.then(|| model.scene());
    if readable {
        model.shared.input.guard.show();
    }
}

/// Pasted text goes to text fields only.
fn paste(model: &mut Model, text: &str) {
    if !prompt::insert(model, text) {
        model.shared.say(Weight::Warning, "貼り付けは入力欄でだけ使えます");
    }
}

/// Keeps the visible parts on what they show, and asks for what comes into sight.
fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    opening::settle(model, effects);
    effects.extend(model.review.next_page(&model.shared));
    effects.extend(model.review.settle(&model.shared));
    find::came(model);
    let height = model.shared.list_height();
    if let Some((viewport, len)) = model.list() {
        // A list that is being read keeps its place.
        if len > 0 {
            viewport.fit(len, height);
        }
    }
    if model.shared.screen == Screen::History && model.shared.opened && layout::is_usable(model.shared.size) {
        effects.extend(model.history.settle(height, model.find.seeking));
    }
}
