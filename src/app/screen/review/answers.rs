//! What the store answers to a change: saved, refused, failed.

use std::sync::Arc;

use super::decide::doubts;
use super::state::Review;
use crate::app::action::{Action, Screen};
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::question::Attempt;
use crate::app::shared::{Asked, Shared};
use crate::app::text_input::TextInput;
use crate::compare::visible;
use crate::config::keymap::Layer;
use crate::domain::case::{Case, Target};
use crate::domain::event::{Event, EventKind};
use crate::domain::guard::Refusal;
use crate::domain::record::RecordNo;
use crate::domain::request::Seen;
use crate::view::trail::change_words;

impl Review {
    /// A change is durable.
    pub(in crate::app) fn on_saved(&mut self, shared: &mut Shared, request: u64, event: &Event) {
        let unsaved = shared.changes.unsaved.remove(&request);
        let (Some(no), Some(after)) = (event.record(), &event.after) else { return };
        // A later change of the same record may be on its way; its case is the newer one.
        if !shared.is_unsaved(no) {
            self.set_case(no, after);
        }
        if let Some(view) = self.cache.records.get_mut(&no) {
            let view = Arc::make_mut(view);
            view.recent.insert(0, event.clone());
            view.recent.truncate(3);
        }
        // The suggestion and the history belong to the new case: read it again when it is next shown.
        if self.record() != Some(no) {
            self.cache.records.remove(&no);
        }
        match unsaved.map(|unsaved| unsaved.asked) {
            Some(Asked::History) => {
                if shared.modal.is_none()
                    && shared.screen == Screen::Review
                    && let Some(row) = self.queue.row_of(no)
                {
                    let before = self.record();
                    self.go_to(shared, row);
                    self.remember(before);
                }
                self.cache.records.remove(&no);
                let words = change_words(event);
                let id = self.id_of(no);
                shared.say(Weight::Info, format!("{}: {id} {words}", event.kind.label()));
            }
            Some(Asked::Note(_)) => shared.say(Weight::Info, "メモを保存しました"),
            Some(Asked::Protection) => {
                let id = self.id_of(no);
                shared.say(Weight::Info, format!("保存済: {id} {}", change_words(event)));
            }
            // What was said since the key is newer, and may be a refusal.
            Some(Asked::Decision(decision)) if shared.message.is_none() => {
                let words = change_words(event);
                let id = self.id_of(no);
                let undo = shared.key_in(Layer::Review, Action::Undo).unwrap_or_default();
                let dangers = self.queue.entry_of(no).map(|entry| entry.facts.dangers).unwrap_or_default();
                // A record with such a flag may still be the wrong one: its decision is the newest step.
                let all = if self.queue.open_shown() == 0 {
                    "。表示中の記録はすべて決定しました"
                } else {
                    ""
                };
                match doubts(&decision, dangers) {
                    doubts if doubts.is_empty() => shared.say(Weight::Info, format!("保存済: {id} {words}{all}")),
                    doubts => shared.say(
                        Weight::Warning,
                        format!("保存済: {id} {words}。別人の注意があります({doubts})。違うときは {undo} で取消{all}"),
                    ),
                }
            }
            _ => {}
        }
    }

    /// A guard refused a change; nothing was changed.
    pub(in crate::app) fn on_refused(&mut self, shared: &mut Shared, request: u64, refusal: &Refusal) {
        let Some(unsaved) = shared.changes.unsaved.remove(&request) else { return };
        let Some(no) = unsaved.record else { return shared.say(Weight::Warning, refusal.to_string()) };
        self.take_back(shared, no, unsaved.before.as_ref());
        match unsaved.asked {
            Asked::Decision(decision) if shared.modal.is_none() => {
                if let Some(row) = self.queue.row_of(no) {
                    self.go_to(shared, row);
                }
                let version = unsaved.before.map_or(0, |before| before.version);
                let attempt = Attempt { record: no, version, decision: *decision, confirmed: false, refused: None };
                self.ask_for_need(shared, attempt, refusal);
            }
            _ => {
                let id = self.id_of(no);
                shared.refuse(format!("{id} は決定していません: {refusal}"));
            }
        }
    }

    /// Somebody else changed the record: shows it as it stands now and asks again. Nothing about it is decided before it was
    /// read anew and drawn.
    pub(in crate::app) fn on_stale(
        &mut self,
        shared: &mut Shared,
        request: u64,
        no: RecordNo,
        case: &Case,
        message: &str,
    ) {
        let Some(unsaved) = shared.changes.unsaved.remove(&request) else { return };
        self.take_back(shared, no, Some(case));
        self.cache.records.remove(&no);
        shared.input.drawn = None;
        shared.mark_changed();
        if shared.modal.is_none()
            && shared.screen == Screen::Review
            && let Some(row) = self.queue.row_of(no)
        {
            self.go_to(shared, row);
        }
        let id = self.id_of(no);
        shared.refuse(format!("{id}: {message}"));
        if let Asked::Note(text) = unsaved.asked
            && shared.modal.is_none()
        {
            // What was typed is not lost, and the note that it would have replaced stands beside it.
            let now = if case.note.is_empty() { "なし".to_owned() } else { visible(&case.note).into_owned() };
            let purpose = Purpose::Note(Seen { record: no, version: case.version });
            let fault = format!("他の操作で記録が変わりました。今のメモ: {now}");
            shared.set_modal(Some(Modal::Prompt(Prompt::with(purpose, TextInput::of(text)).again(fault))));
        }
    }

    /// Something could not be done; nothing was changed.
    pub(in crate::app) fn on_failed(
        &mut self,
        shared: &mut Shared,
        request: Option<u64>,
        message: String,
        fatal: bool,
    ) {
        let unsaved = request.and_then(|request| shared.changes.unsaved.remove(&request));
        if fatal {
            shared.changes.broken = Some(message.clone());
        }
        self.filter.pending = None;
        let message = match unsaved.as_ref().map(|unsaved| (&unsaved.asked, unsaved.record)) {
            Some((asked, Some(no))) => {
                let id = self.id_of(no);
                let what = match asked {
                    Asked::Decision(decision) => match decision.target {
                        Target::Category(category) => category.code().to_owned(),
                        target => target.label().to_owned(),
                    },
                    Asked::Note(_) => "メモ".to_owned(),
                    Asked::Protection => EventKind::Protect.label().to_owned(),
                    Asked::History => EventKind::Undo.label().to_owned(),
                };
                format!("{id} の {what} は保存されていません: {message}")
            }
            _ => message,
        };
        if let Some(unsaved) = unsaved
            && let Some(no) = unsaved.record
        {
            self.take_back(shared, no, unsaved.before.as_ref());
        }
        shared.say(if fatal { Weight::Error } else { Weight::Warning }, message);
    }

    /// Shows a record again as it was before a change that did not happen, and reads it anew.
    fn take_back(&mut self, shared: &mut Shared, no: RecordNo, before: Option<&Case>) {
        if let Some(before) = before {
            self.set_case(no, before);
        }
        self.last = None;
        shared.input.guard.refuse();
        self.cache.asked_records.remove(&no);
    }
}
