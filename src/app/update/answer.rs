//! What the world answers: each answer goes to the screen it is about.

use super::{dispatch, job, opening};
use crate::app::action::Screen;
use crate::app::effect::Effect;
use crate::app::message::Weight;
use crate::app::modal::prompt::Purpose;
use crate::app::modal::{InfoBody, Modal};
use crate::app::model::Model;
use crate::app::msg::Msg;
use crate::app::next::Next;
use crate::app::screen::history::History;
use crate::app::screen::review::queue::Queue;

/// Takes an answer in.
pub(super) fn answer(model: &mut Model, msg: Msg, effects: &mut Vec<Effect>) {
    let next = next(model, msg);
    dispatch::apply(model, next, effects);
}

fn next(model: &mut Model, msg: Msg) -> Next {
    let Model { shared, review, .. } = model;
    match msg {
        Msg::Opened(opened) => return opening::open(model, *opened),
        Msg::Queue(page) => return opening::on_page(model, page),
        Msg::UnreadPage { message } => review.on_unread_page(shared, &message),
        Msg::Loaded { lines, records, faults } => {
            review.on_loaded(shared, lines, records);
            review.on_unreadable(shared, faults);
        }
        Msg::Saved { request, event } => {
            review.on_saved(shared, request, &event);
            if shared.screen == Screen::History {
                return Next::Refresh;
            }
        }
        Msg::Stale { request, record, case, message } => {
            review.on_stale(shared, request, record, &case, &message);
        }
        Msg::Refused { request, refusal } => review.on_refused(shared, request, &refusal),
        Msg::NeedsReason { request, id, seq } => {
            shared.changes.unsaved.remove(&request);
            // What was opened since the key is newer: it stays, and the key can be pressed again.
            if shared.modal.is_some() {
                return Next::say(Weight::Warning, "支援措置の印を外すには理由が必要です。もう一度取り消してください");
            }
            return Next::prompt(Purpose::UndoReason { id, seq });
        }
        Msg::Failed { request, message, fatal } => {
            if review.filter.pending.is_some() && request.is_none() {
                model.restoring = None;
            }
            review.on_failed(shared, request, message, fatal);
        }
        Msg::Filtered { expression, nos } => review.on_filtered(shared, expression, &nos, &mut model.restoring),
        Msg::Texts(texts) => review.on_texts(shared, texts),
        Msg::Found { id, found } => review.on_found(shared, &id, found),
        Msg::Status(view) => model.status.on_status(shared, *view),
        Msg::History { record, below, steps, next } => model.history.on_page(record, below, steps, next),
        Msg::Step(step, refused) => return History::on_step(&step, refused),
        Msg::Outputs(all) => model.output.all = Some(*all),
        Msg::Contradictions(found) => model.output.contradictions = Some(found),
        Msg::Held(rows) => model.quarantine.rows = Some(rows),
        Msg::Unmapped(mapping) => model.mapping.on_unmapped(shared, *mapping),
        Msg::Completed { text, lines } => model.import.on_candidates(shared, &text, lines),
        Msg::Progress { done, total, rows } => job::progress(model, done, total, rows),
        Msg::Done(done, result) => return job::done(model, done, result),
        Msg::Renewed(opened) => return opening::renewed(model, *opened),
        Msg::Appearance { keymap, weight, said } => {
            if let Some(keymap) = keymap {
                shared.keymap = keymap;
                shared.input.pressed.clear();
            }
            if !said.is_empty() {
                shared.say(weight, said);
            }
        }
        Msg::Related(no, related) => {
            if let Some(Modal::Info { body: InfoBody::Related(shown, found), .. }) = &mut shared.modal
                && *shown == no
            {
                *found = Some(related);
            }
        }
        Msg::Reopened { words } => {
            shared.changes.broken = None;
            shared.say(Weight::Error, words);
            // What was asked and not answered is asked again; what is shown is read anew.
            review.cache.forget();
            review.cache.loading = false;
            review.queue.forget_asked();
            review.coming.iter_mut().for_each(Queue::forget_asked);
            review.asked_texts = review.texts.is_some();
        }
        Msg::Key { .. }
        | Msg::Paste { .. }
        | Msg::Stray { .. }
        | Msg::Resize(..)
        | Msg::Quiet { .. }
        | Msg::Idle
        | Msg::Drawn => {}
    }
    Next::Stay
}
