//! The queue arrives: at the start, and again when an import has ended. The operator comes back to where they stood, as soon
//! as the page with that place is read; what concerns the whole queue follows once all of it is.

use super::dispatch;
use crate::app::effect::Effect;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::model::Model;
use crate::app::msg::Opened;
use crate::app::next::Next;
use crate::app::screen::review::queue::{Found, Queue};
use crate::app::session::{Returning, Session};
use crate::app::text_input::TextInput;
use crate::domain::request::Seen;
use crate::view::QueuePage;

/// The store is open: asks for the queue where the operator stood.
pub(super) fn open(model: &mut Model, mut opened: Opened) -> Next {
    let session = opened.session.take().map(|bytes| Session::from_bytes(&bytes));
    model.review.queue = Queue::expecting(opened.edition, &opened.classes);
    set_workspace(model, opened);
    model.shared.opened = true;
    let row = session.as_ref().map_or(0, |session| session.place);
    model.review.go_to(&mut model.shared, row);
    if let Some(session) = &session {
        model.kept = session.clone();
        model.review.filter.saved.clone_from(&session.views);
        model.review.stay = session.stay;
    }
    model.returning = Some(Returning { session, row: Some(model.review.viewport.cursor) });
    arrive(model)
}

/// The store holds other records: the queue is read anew, and takes the place of this one once it is complete.
pub(super) fn renewed(model: &mut Model, opened: Opened) -> Next {
    model.review.coming = Some(Queue::expecting(opened.edition, &opened.classes));
    set_workspace(model, opened);
    arrive(model)
}

/// A page of the queue was read.
pub(super) fn on_page(model: &mut Model, page: QueuePage) -> Next {
    let queue = model.review.coming.as_mut().unwrap_or(&mut model.review.queue);
    let expected = queue.is_of(&page) && !queue.is_complete();
    if queue.fill(page) {
        return arrive(model);
    }
    if expected {
        model.review.on_unread_page(&mut model.shared, "件数が合いません");
    }
    Next::Stay
}

/// Goes on with what waited for a question to be closed.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.returning.is_some() && model.shared.modal.is_none() && model.review.queue.is_complete() {
        let next = arrive(model);
        dispatch::apply(model, next, effects);
    }
}

fn set_workspace(model: &mut Model, opened: Opened) {
    model.shared.workspace = opened.workspace;
    model.shared.today = opened.today;
    model.shared.cutoff = opened.cutoff;
}

/// Does what can be done with what is read of the queue.
fn arrive(model: &mut Model) -> Next {
    let mut effects = Vec::new();
    if let Some(queue) = model.review.coming.take_if(|queue| queue.is_complete()) {
        replace(model, queue, &mut effects);
    }
    if let Some(mut returning) = model.returning.take() {
        place(model, &mut returning);
        match model.review.queue.is_complete() && model.shared.modal.is_none() {
            true => restore(model, returning, &mut effects),
            false => model.returning = Some(returning),
        }
    }
    if model.review.queue.is_complete() {
        if let Some(expression) = model.review.filter.waiting.take() {
            effects.push(Effect::Filter(expression));
        }
        let next = model.review.resume(&mut model.shared);
        dispatch::apply(model, next, &mut effects);
    }
    Next::Send(effects)
}

/// Moves the cursor to where the operator stood, or to the first open record at the first start.
fn place(model: &mut Model, returning: &mut Returning) {
    let Some(row) = returning.row else { return };
    let queue = &model.review.queue;
    // Work goes on where the operator is: under a question the record on the screen stays.
    if model.review.viewport.cursor != row || model.shared.modal.is_some() {
        returning.row = None;
        return;
    }
    let found = match &returning.session {
        None => queue.first_open(),
        Some(Session { record: None, .. }) => Found::Row(0),
        Some(Session { record: Some(no), .. }) => match queue.row_of(*no) {
            Some(row) => Found::Row(row),
            None if queue.is_complete() => Found::Nothing,
            None => Found::Unread,
        },
    };
    if found != Found::Unread {
        model.review.go_to(&mut model.shared, found.row().unwrap_or(0));
        returning.row = None;
    }
}

/// Brings back search, filter and the half-typed note of a session; its record stands at the cursor.
fn restore(model: &mut Model, returning: Returning, effects: &mut Vec<Effect>) {
    let Some(session) = returning.session else { return };
    if !session.search.is_empty() && model.review.search.query.is_empty() {
        model.review.search.query.clone_from(&session.search);
        model.review.asked_texts = true;
        effects.push(Effect::SearchTexts);
    }
    let restores_filter = !session.filter.is_empty() && model.review.filter.pending.is_none();
    if restores_filter {
        model.review.filter.pending = Some(session.filter.clone());
        effects.push(Effect::Filter(session.filter.clone()));
    }
    if let Some((no, text)) = &session.note
        && model.review.queue.entry_of(*no).is_some()
    {
        let purpose = Purpose::Note(Seen { record: *no, version: session.note_version });
        let line = TextInput::of(text.clone());
        model.shared.set_modal(Some(Modal::Prompt(Prompt::with(purpose, line))));
    }
    if restores_filter {
        model.restoring = Some(session);
    }
}

/// Puts another queue in place of this one; the operator stays at the same record.
fn replace(model: &mut Model, queue: Queue, effects: &mut Vec<Effect>) {
    let record = model.review.record();
    model.review.queue = queue;
    model.review.cache.forget();
    model.status.view = None;
    model.review.last = None;
    model.review.texts = None;
    model.review.asked_texts = !model.review.search.query.is_empty();
    if model.review.asked_texts {
        effects.push(Effect::SearchTexts);
    }
    let row = record.map_or(0, |no| model.review.queue.row_near(no));
    model.review.go_to(&mut model.shared, row);
    model.shared.mark_changed();
    if !model.review.filter.expression.is_empty() {
        let filter = std::mem::take(&mut model.review.filter.expression);
        model.review.filter.pending = Some(filter.clone());
        model.restoring = Some(Session { record, ..model.session() });
        effects.push(Effect::Filter(filter));
    }
}
