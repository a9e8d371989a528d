//! What waits for a part of the queue that is not read yet.

use super::state::{Awaited, Review};
use crate::app::effect::Effect;
use crate::app::message::Weight;
use crate::app::next::Next;
use crate::app::shared::Shared;

/// Said where a part of the queue cannot be read.
const UNREADABLE: &str =
    "一覧の一部を読めません。読めた記録だけ表示しています。終了して meken verify で確かめてください";

impl Review {
    /// A page of the queue cannot be read: what is read can be worked on, and nothing waits any more.
    pub(in crate::app) fn on_unread_page(&mut self, shared: &mut Shared, why: &str) {
        self.awaited = None;
        self.coming.as_mut().unwrap_or(&mut self.queue).give_up();
        shared.say(Weight::Error, format!("{UNREADABLE}({why})"));
    }

    /// Lets something wait for the rest of the queue.
    pub(in crate::app) fn wait_for(&mut self, shared: &mut Shared, what: Awaited) {
        if self.queue.is_unreadable() {
            return shared.say(Weight::Error, UNREADABLE);
        }
        self.awaited = Some(what);
        shared.say(Weight::Info, "一覧を読み込んでいます…");
    }

    /// The page to read next, of this queue or of the one that will take its place.
    pub(in crate::app) fn next_page(&mut self, shared: &Shared) -> Option<Effect> {
        if !shared.opened {
            return None;
        }
        let (cursor, top) = (self.viewport.cursor, self.viewport.top);
        let page = match &mut self.coming {
            Some(coming) => coming.ask(0, 0),
            None => self.queue.ask(cursor, top),
        };
        page.map(Effect::Queue)
    }

    /// Goes on with what waited for the whole queue; a question that was opened meanwhile is about the record on the screen.
    pub(in crate::app) fn resume(&mut self, shared: &mut Shared) -> Next {
        if shared.modal.is_some() {
            self.awaited = None;
        }
        match self.awaited.take() {
            None => return Next::Stay,
            Some(Awaited::Move(action)) => {
                shared.message = None;
                self.on_movement(shared, action);
            }
            Some(Awaited::Record(no)) => {
                shared.message = None;
                self.go_to_record(shared, no);
            }
        }
        Next::Stay
    }
}
