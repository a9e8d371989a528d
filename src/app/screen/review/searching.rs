//! The search over the queue: as one types, from hit to hit.

use super::search::{Search, Texts};
use super::state::Review;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::next::Next;
use crate::app::shared::Shared;
use crate::compare::visible;
use crate::config::keymap::Layer;

impl Review {
    /// Searches and goes to the first hit from a row on.
    pub(in crate::app) fn look(&mut self, shared: &mut Shared, query: &str, from: usize) {
        let Some(texts) = self.texts.clone() else {
            self.search = Search { query: query.to_owned(), ..Search::default() };
            return;
        };
        self.search = Search::run(query, &texts, &self.search);
        let here = self.queue.no(from).is_some_and(|no| self.search.holds(no));
        let exact = self.search.exact.and_then(|no| self.queue.row_of(no));
        let row = if exact.is_some() {
            exact
        } else if here {
            Some(from)
        } else {
            self.queue.hit_from(from, true, |no| self.search.holds(no))
        };
        self.go_to(shared, row.unwrap_or(from));
    }

    /// Goes to the next or previous hit, going round.
    pub(in crate::app) fn step_hit(&mut self, shared: &mut Shared, forward: bool) {
        if self.search.query.is_empty() {
            let key = shared.key_for(Layer::Review, Action::Search);
            return shared.say(Weight::Info, format!("先に「{key}」で検索してください"));
        }
        match self.queue.hit_from(self.viewport.cursor, forward, |no| self.search.holds(no)) {
            Some(row) => self.go_to(shared, row),
            None => shared.say(Weight::Warning, format!("「{}」は見つかりません", visible(&self.search.query))),
        }
    }

    /// Asks for a search; the texts are read with the first one.
    pub(in crate::app) fn ask_search(&mut self, shared: &mut Shared) -> Next {
        let purpose = Purpose::Search { from: self.viewport.cursor };
        shared.set_modal(Some(Modal::Prompt(Prompt::of(purpose))));
        if self.texts.is_some() || self.asked_texts {
            return Next::Stay;
        }
        self.asked_texts = true;
        Next::send(Effect::SearchTexts)
    }

    /// Leaves the search: back to where it began.
    pub(in crate::app) fn cancel_search(&mut self, shared: &mut Shared, from: usize) {
        self.search = Search::default();
        self.go_to(shared, from);
    }

    /// Goes to the next or previous hit while the search is typed.
    pub(in crate::app) fn choose_hit(&mut self, shared: &mut Shared, forward: bool) {
        if let Some(row) = self.queue.hit_from(self.viewport.cursor, forward, |no| self.search.holds(no)) {
            self.go_to(shared, row);
        }
    }

    /// A search was typed: says how much it found.
    pub(in crate::app) fn accept_search(&mut self, text: &str, from: usize) -> Next {
        let before = self.queue.no(from);
        self.remember(before);
        let words = match (self.texts.is_some(), self.search.hits.len()) {
            _ if text.is_empty() => String::new(),
            (false, _) => "検索の準備をしています…".to_owned(),
            (true, n) if self.search.absent => {
                let id = visible(text);
                let more = match n {
                    0 => format!("(:{id} で対象外の記録も調べます)"),
                    n => format!("。ほかの項目に含むもの {n} 件 (n 次 / N 前)"),
                };
                return Next::say(Weight::Warning, format!("整理番号 {id} は確認の対象にありません{more}"));
            }
            (true, _) if self.search.exact.is_some_and(|no| self.queue.row_of(no).is_none()) => {
                let id = visible(text);
                return Next::say(Weight::Warning, format!("整理番号 {id} は絞込の外です(:{id} で移れます)"));
            }
            (true, 0) => "見つかりません".to_owned(),
            (true, n) if self.search.fuzzy => format!("近いもの {n} 件 (n 次 / N 前)"),
            (true, n) => format!("{n} 件 (n 次 / N 前)"),
        };
        if words.is_empty() {
            self.search = Search::default();
            return Next::Stay;
        }
        Next::say(Weight::Info, words)
    }

    /// The search texts have come.
    pub(in crate::app) fn on_texts(&mut self, shared: &mut Shared, texts: Texts) {
        self.texts = Some(texts);
        if self.search.query.is_empty() {
            return;
        }
        let query = self.search.query.clone();
        let typing = match &shared.modal {
            Some(Modal::Prompt(Prompt { purpose: Purpose::Search { from }, .. })) => Some(*from),
            _ => None,
        };
        let cursor = self.viewport.cursor;
        // Places in the texts of before mean nothing here.
        self.search = Search::default();
        self.look(shared, &query, typing.unwrap_or(cursor));
        if typing.is_none() {
            // A search that was restored must not move the cursor.
            self.go_to(shared, cursor);
        }
    }
}
