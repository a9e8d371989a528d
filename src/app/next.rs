//! What a screen wants done that is not its own business; the dispatcher in `update` alone carries it out.

use super::action::Action;
use super::effect::Effect;
use super::job::{ImportSource, Job};
use super::message::Weight;
use super::modal::palette::Command;
use super::modal::prompt::Prompt;
use super::modal::question::{Attempt, Question, Then};
use super::modal::{Modal, prompt};
use crate::domain::record::{Column, RecordNo};

/// What follows an action or an answer.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub enum Next {
    /// Nothing.
    Stay,
    /// The action is none of this screen.
    NotHere,
    /// A message to the operator.
    Say(Weight, String),
    /// Something above the screen.
    Open(Modal),
    /// Something else in the place of what stood above the screen.
    Reopen(Modal),
    /// The same prompt once more, with what is wrong.
    AskAgain(Prompt),
    /// Questions and changes for the world.
    Send(Vec<Effect>),
    /// A record on the review screen.
    ShowRecord(RecordNo),
    /// What the screen shows is read anew.
    Refresh,
    /// Work that takes a moment.
    Begin(Job),
    /// A decision that was confirmed.
    Decide(Attempt),
    /// An old step of the trail that is taken back.
    UndoStep(u64),
    /// The word that a full file is meant is asked for.
    AskWhole(ImportSource),
    /// The session is kept.
    KeepSession,
    /// An action chosen from the palette.
    Run(Action),
    /// A command typed into the palette.
    Command(Command),
    /// What the selected column of a file is taken for.
    TakeColumn(Option<Column>),
}

impl Next {
    /// A message.
    pub fn say(weight: Weight, text: impl Into<String>) -> Self {
        Self::Say(weight, text.into())
    }

    /// One effect.
    pub fn send(effect: Effect) -> Self {
        Self::Send(vec![effect])
    }

    /// A prompt with an empty line.
    pub fn prompt(purpose: prompt::Purpose) -> Self {
        Self::Open(Modal::Prompt(Prompt::of(purpose)))
    }

    /// A question to be answered with yes or no.
    pub fn confirm(lines: Vec<String>, then: Then) -> Self {
        Self::Open(Modal::Confirm(Box::new(Question { lines, then, top: 0 })))
    }
}
