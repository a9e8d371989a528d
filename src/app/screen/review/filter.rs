//! The filter: asked for, evaluated, saved under a name, and dropped.

use super::search::Search;
use super::state::Review;
use crate::app::action::{Action, Screen};
use crate::app::effect::Effect;
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::next::Next;
use crate::app::session::Session;
use crate::app::shared::Shared;
use crate::app::text_input::TextInput;
use crate::compare::visible;
use crate::config::keymap::Layer;
use crate::domain::filter::Filter;
use crate::domain::record::RecordNo;

impl Review {
    /// Shows the whole queue, with the cursor on the same record; from one that is decided, back to where the filter began.
    pub(in crate::app) fn unfilter(&mut self, shared: &mut Shared) {
        let here = self.record();
        let is_open = here.is_some_and(|no| self.queue.state(no).is_open());
        let before = self.filter.origin.take().filter(|no| !is_open && self.queue.entry_of(*no).is_some());
        if !self.filter.expression.is_empty() {
            self.filter.dropped = std::mem::take(&mut self.filter.expression);
        }
        self.filter.dropping = false;
        self.filter.pending = None;
        self.filter.waiting = None;
        self.queue.widen();
        let row = before.or(here).map_or(0, |no| self.queue.row_near(no));
        self.go_to(shared, row);
    }

    /// A filter was evaluated; a session that is being restored says which record to come back to.
    pub(in crate::app) fn on_filtered(
        &mut self,
        shared: &mut Shared,
        expression: String,
        nos: &[RecordNo],
        restoring: &mut Option<Session>,
    ) {
        if self.filter.pending.as_deref() != Some(expression.as_str()) {
            return;
        }
        self.filter.pending = None;
        let restoring = restoring.take();
        if nos.is_empty() && restoring.is_none() {
            let fault = format!("「{}」に当てはまる記録はありません", visible(&expression));
            shared.say(Weight::Warning, fault.clone());
            if shared.modal.is_none() && shared.screen == Screen::Review {
                // One word of it is to be changed, most often.
                let prompt = Prompt::with(Purpose::Filter, TextInput::of(expression)).again(fault);
                shared.set_modal(Some(Modal::Prompt(prompt)));
            }
            return;
        }
        let fresh = restoring.is_none();
        if fresh && self.filter.expression.is_empty() {
            self.filter.origin = self.record();
        }
        let record = restoring.and_then(|session| session.record).or(self.record());
        self.filter.expression = expression;
        self.queue.narrow(nos);
        if self.queue.is_empty() {
            // A restored filter that lets nothing through any more would look like an empty workspace.
            self.filter.expression.clear();
            self.queue.widen();
        }
        let near = record.map_or(0, |no| self.queue.row_near(no));
        let is_open = self.queue.no(near).is_some_and(|no| self.queue.state(no).is_open());
        // Another record than the one before is to be worked on.
        let row = if fresh && !is_open && self.queue.no(near) != record {
            self.queue.next_open(near).row().unwrap_or(near)
        } else {
            near
        };
        self.go_to(shared, row);
        if fresh {
            self.remember(record);
        }
        let n = self.queue.len();
        shared.message = None;
        if self.queue.is_narrowed() {
            let key = shared.key_in(Layer::Review, Action::Clear).map(|key| format!(" ({key} 2回で解除)"));
            shared.say(Weight::Info, format!("{n} 件に絞り込みました{}", key.unwrap_or_default()));
        }
    }

    /// Asks for a filter, beginning with the one in force.
    pub(in crate::app) fn ask_filter(&self) -> Next {
        let line = TextInput::of(self.filter.expression.clone());
        Next::Open(Modal::Prompt(Prompt::with(Purpose::Filter, line)))
    }

    /// A filter was typed.
    pub(in crate::app) fn accept_filter(&mut self, shared: &mut Shared, prompt: Prompt) -> Next {
        let text = prompt.line.text().trim().to_owned();
        match Filter::parse(&text) {
            Ok(filter) if filter.is_empty() => {
                self.unfilter(shared);
                Next::Stay
            }
            Ok(_) => self.evaluate(shared, text),
            Err(error) => Next::AskAgain(prompt.again(error.to_string())),
        }
    }

    fn evaluate(&mut self, shared: &mut Shared, expression: String) -> Next {
        shared.say(Weight::Info, "絞り込んでいます…");
        self.filter.pending = Some(expression.clone());
        if self.queue.is_complete() {
            Next::send(Effect::Filter(expression))
        } else {
            self.filter.waiting = Some(expression);
            Next::Stay
        }
    }

    /// Saves the filter in force under a name.
    pub(in crate::app) fn save_view(&mut self, shared: &mut Shared, view: String) -> Next {
        if self.filter.expression.is_empty() {
            let key = shared.key_for(Layer::Review, Action::Filter);
            let words = format!("絞込がありません。先に {key} で絞り込んでから保存してください");
            return Next::say(Weight::Warning, words);
        }
        let key = shared.key_for(Layer::Review, Action::Views);
        shared.say(Weight::Info, format!("今の絞込を「{}」として保存しました ({key} で選べます)", visible(&view)));
        self.filter.saved.insert(view, self.filter.expression.clone());
        Next::KeepSession
    }

    /// Drops a saved filter.
    pub(in crate::app) fn drop_view(&mut self, shared: &mut Shared, view: &str) -> Next {
        let message = match self.filter.saved.remove(view) {
            Some(_) => format!("保存した絞込「{}」を消しました", visible(view)),
            None => format!("保存した絞込「{}」はありません", visible(view)),
        };
        shared.say(Weight::Info, message);
        Next::KeepSession
    }

    /// Filters by a saved filter.
    pub(in crate::app) fn use_view(&mut self, shared: &mut Shared, view: &str) -> Next {
        let Some(filter) = self.filter.saved.get(view).cloned() else { return Next::Stay };
        shared.screen = Screen::Review;
        self.evaluate(shared, filter)
    }

    /// Clears the hits first, then the filter; that goes only when it is asked for twice, because the same key closes windows.
    pub(in crate::app) fn clear(&mut self, shared: &mut Shared) {
        if !self.search.query.is_empty() {
            self.search = Search::default();
        } else if self.filter.expression.is_empty() && self.filter.pending.is_none() {
            self.filter.dropping = false;
        } else if !self.filter.dropping {
            self.filter.dropping = true;
            let key = shared.key_of(Action::Clear).unwrap_or_default();
            shared.say(Weight::Info, format!("絞込を解除するには、もう一度 {key} を押してください"));
        } else {
            self.unfilter(shared);
            shared.say(Weight::Info, "絞り込みを解除しました");
        }
    }
}
