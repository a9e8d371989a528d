//! Changes besides decisions: undo and redo, notes, and 支援措置.

use std::sync::Arc;

use super::state::Review;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::next::Next;
use crate::app::shared::{Asked, Shared};
use crate::app::text_input::TextInput;
use crate::domain::case;
use crate::domain::request::Seen;
use crate::view::RecordView;

impl Review {
    /// Takes the last change back, or brings it back.
    pub(in crate::app) fn undo(shared: &mut Shared, action: Action) -> Next {
        if shared.is_blocked() {
            return Next::Stay;
        }
        let request = shared.changes.ask(Asked::History, None, None);
        Next::send(if action == Action::Undo { Effect::Undo { request } } else { Effect::Redo { request } })
    }

    /// Asks for the note of the record at the cursor.
    pub(in crate::app) fn ask_note(&self) -> Next {
        let Some(view) = self.view() else { return Next::Stay };
        let line = TextInput::of(view.case.note.clone());
        Next::Open(Modal::Prompt(Prompt::with(Purpose::Note(seen(view)), line)))
    }

    /// Asks why 支援措置 of the record at the cursor is set or cleared.
    pub(in crate::app) fn ask_protection(&self) -> Next {
        let Some(view) = self.view() else { return Next::Stay };
        let on = !view.case.is_protected(&view.record.facts);
        Next::prompt(Purpose::ProtectReason { seen: seen(view), on })
    }

    /// Sends a note to the store.
    pub(in crate::app) fn annotate(&mut self, shared: &mut Shared, seen: Seen, note: &str) -> Next {
        let record = seen.record;
        if shared.is_blocked() {
            return Next::Stay;
        }
        let Some(before) = self.cache.records.get(&record).map(|view| view.case.clone()) else { return Next::Stay };
        self.set_case(record, &case::annotate(&before, note));
        let request = shared.changes.ask(Asked::Note(note.to_owned()), Some(record), Some(before));
        Next::send(Effect::Annotate { request, seen, note: note.to_owned() })
    }

    /// Sends 支援措置, set or cleared, to the store.
    pub(in crate::app) fn protect(&mut self, shared: &mut Shared, seen: Seen, on: bool, reason: &str) -> Next {
        let record = seen.record;
        if shared.is_blocked() {
            return Next::Stay;
        }
        let Some(view) = self.cache.records.get(&record).map(Arc::clone) else { return Next::Stay };
        self.set_case(record, &case::protect(&view.case, on, &view.record.facts, reason));
        let request = shared.changes.ask(Asked::Protection, Some(record), Some(view.case.clone()));
        Next::send(Effect::Protect { request, seen, on, reason: reason.to_owned() })
    }
}

/// A record as it is shown.
fn seen(view: &RecordView) -> Seen {
    Seen { record: view.record.no, version: view.case.version }
}
