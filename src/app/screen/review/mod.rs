//! 確認: the queue, the record at the cursor, and every decision on it.
//!
//! `state` holds what the screen knows; `movement`, `searching`, `filter` and `jumps` move through the queue, `decide` and
//! `change` ask for changes, `answers` takes in what became of them, `loading` reads what comes into sight,
//! `arriving` waits for the rest of the queue.

mod answers;
mod arriving;
pub mod cache;
mod change;
mod decide;
mod filter;
mod jumps;
mod loading;
mod movement;
pub mod queue;
pub mod search;
mod searching;
pub mod state;
#[cfg(test)]
mod tests;
pub mod visual_reason;

pub use self::state::{Fields, Pane, Review};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::message::Weight;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::{InfoBody, Modal};
use crate::app::next::Next;
use crate::app::shared::Shared;
use crate::compare::visible;
use crate::domain::record::{Column, RecordNo};

impl Review {
    /// Does an action.
    pub fn on_action(&mut self, shared: &mut Shared, action: Action) -> Next {
        match action {
            Action::Decide(_)
            | Action::DecideEmployer
            | Action::Quick(_)
            | Action::Hold
            | Action::Adopt
            | Action::Repeat => self.decide(shared, action),
            Action::Undo | Action::Redo => Self::undo(shared, action),
            Action::Search => self.ask_search(shared),
            Action::Filter => self.ask_filter(),
            Action::Note => self.ask_note(),
            Action::Protect => self.ask_protection(),
            Action::Inspect => {
                self.inform(shared, "文字を調べる", InfoBody::Characters);
                Next::Stay
            }
            Action::Related => match self.inform(shared, "関連する行", |no| InfoBody::Related(no, None)) {
                Some(no) => Next::send(Effect::Related(no)),
                None => Next::Stay,
            },
            Action::CopyKey => self.copy_key(shared),
            Action::Advance => {
                self.stay = !self.stay;
                Next::say(
                    Weight::Info,
                    if self.stay {
                        "決定した後もその記録に留まります"
                    } else {
                        "決定したら次の未決定へ進みます"
                    },
                )
            }
            Action::Withdraw => match self.view().and_then(|view| Some((view, view.case.in_batch?))) {
                Some((view, batch)) => Next::prompt(Purpose::WithdrawReason { batch, id: view.record.row.id() }),
                None => Next::say(Weight::Info, "この記録は解除リストに載っていません"),
            },
            Action::Refresh => Next::say(Weight::Info, "確認画面はいつも最新です"),
            Action::Back | Action::Forward => {
                self.leap(shared, action == Action::Forward);
                Next::Stay
            }
            Action::Open | Action::Write | Action::Dismiss => Next::NotHere,
            _ => {
                self.on_movement(shared, action);
                Next::Stay
            }
        }
    }

    /// A prompt of this screen was answered.
    pub fn on_prompt(&mut self, shared: &mut Shared, prompt: Prompt) -> Next {
        let text = prompt.line.text().trim().to_owned();
        match &prompt.purpose {
            Purpose::Search { from } => self.accept_search(&text, *from),
            Purpose::Filter => self.accept_filter(shared, prompt),
            Purpose::Note(seen) => self.annotate(shared, *seen, &text),
            Purpose::ProtectReason { .. } if text.is_empty() => Next::AskAgain(prompt.again("理由を入力してください")),
            Purpose::ProtectReason { seen, on } => self.protect(shared, *seen, *on, &text),
            Purpose::Ask(attempt, ask) => {
                let mut filled = (**attempt).clone();
                match ask.fill(&mut filled.decision, &text) {
                    Ok(()) => self.go_on(shared, filled),
                    Err(fault) => Next::AskAgain(prompt.again(fault)),
                }
            }
            _ => Next::NotHere,
        }
    }

    /// Opens a window about the record at the cursor, once it is read; gives the record.
    fn inform(
        &self,
        shared: &mut Shared,
        title: &'static str,
        body: impl Fn(RecordNo) -> InfoBody,
    ) -> Option<RecordNo> {
        let no = self.record().filter(|no| self.cache.records.contains_key(no))?;
        shared.set_modal(Some(Modal::Info { title, top: 0, body: body(no) }));
        Some(no)
    }

    fn copy_key(&self, shared: &mut Shared) -> Next {
        let Some(view) = self.view() else { return Next::Stay };
        let id = view.record.row.cell(Column::Id).trim();
        // Without a number of its own the key of a record is made of 記号・番号, which belong to the person.
        if id.is_empty() {
            return Next::say(Weight::Warning, "整理番号のない記録のため、写しません");
        }
        let id = visible(id).into_owned();
        shared.say(Weight::Info, format!("整理番号 {id} を写しました"));
        Next::send(Effect::Copy(id))
    }
}
