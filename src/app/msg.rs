//! What the world tells the workstation.

use std::sync::Arc;

use super::action::Action;
use super::job::{Job, Outcome};
use super::message::Weight;
use super::screen::mapping::Mapping;
use super::screen::review::search::Texts;
use crate::config::keymap::Keymap;
use crate::config::keys::Key;
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::guard::Refusal;
use crate::domain::record::RecordNo;
use crate::domain::scope::Scope;
pub use crate::view::Opened;
use crate::view::{
    Contradiction, HeldView, Outputs, QueueLine, QueuePage, RecordView, RelatedRecords, StatusView, Step,
};

/// One message. Times are milliseconds of a clock that only goes forward.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key {
        /// The key.
        key: Key,
        /// When.
        at: u64,
        /// Whether the terminal says that the key is held down.
        repeat: bool,
    },
    /// Text was pasted.
    Paste {
        /// The text.
        text: String,
        /// When.
        at: u64,
    },
    /// The terminal sent something that is no key: a report, the answer to a question, bytes that are no text.
    Stray {
        /// When.
        at: u64,
    },
    /// The terminal has another size.
    Resize(u16, u16),
    /// Time has passed: the deadline of the model is over.
    Quiet {
        /// Now.
        at: u64,
    },
    /// Nothing happened for a while.
    Idle,
    /// The frame of the current model stands on the screen.
    Drawn,
    /// The store was opened.
    Opened(Box<Opened>),
    /// A page of the queue was read.
    Queue(QueuePage),
    /// A page of the queue cannot be read.
    UnreadPage {
        /// Why, for the operator.
        message: String,
    },
    /// Records were read.
    Loaded {
        /// Queue lines.
        lines: Vec<QueueLine>,
        /// Whole records.
        records: Vec<RecordView>,
        /// Records that cannot be read, and why; none of them is worth a second question.
        faults: Vec<(RecordNo, String)>,
    },
    /// A change is durable.
    Saved {
        /// The request.
        request: u64,
        /// What was recorded.
        event: Box<Event>,
    },
    /// A guard refused a decision; nothing was changed.
    Refused {
        /// The request.
        request: u64,
        /// Why.
        refusal: Refusal,
    },
    /// Taking a step back takes 支援措置 away: nothing was changed, and a reason is asked for.
    NeedsReason {
        /// The request.
        request: u64,
        /// 整理番号
        id: String,
        /// The number of the event.
        seq: u64,
    },
    /// The record was changed by somebody else since it was shown; nothing was changed.
    Stale {
        /// The request.
        request: u64,
        /// The record.
        record: RecordNo,
        /// Its case now.
        case: Box<Case>,
        /// Why, for the operator.
        message: String,
    },
    /// Something could not be done; nothing was changed.
    Failed {
        /// The request that asked for it.
        request: Option<u64>,
        /// Why, for the operator.
        message: String,
        /// Whether the store cannot be used any more.
        fatal: bool,
    },
    /// The store was opened anew after a fault of the disk; every change asked for before is answered.
    Reopened {
        /// What became of the last change, for the operator.
        words: String,
    },
    /// A filter was evaluated.
    Filtered {
        /// The expression.
        expression: String,
        /// What passes.
        nos: Vec<RecordNo>,
    },
    /// The search texts.
    Texts(Texts),
    /// Where the work stands.
    Status(Box<StatusView>),
    /// Keymap and theme were read again, or why not; the keymap is new where there is one.
    Appearance {
        /// The keymap.
        keymap: Option<Arc<Keymap<Action>>>,
        /// How weighty the words are.
        weight: Weight,
        /// What the operator should read.
        said: String,
    },
    /// Rows related to a record.
    Related(RecordNo, RelatedRecords),
    /// A page of the trail.
    History {
        /// The record, or all.
        record: Option<RecordNo>,
        /// Below which number it was read; `None` for the newest.
        below: Option<u64>,
        /// Newest first.
        steps: Vec<Step>,
        /// Events below this number are not read yet.
        next: Option<u64>,
    },
    /// The record with a 整理番号 and where it stands; `None` where there is none.
    Found {
        /// 整理番号 as it was asked for.
        id: String,
        /// The record and its scope.
        found: Option<(RecordNo, Scope)>,
    },
    /// One step of the trail, and why it may not be taken back, if so.
    Step(Box<Step>, Option<String>),
    /// Lists and reports.
    Outputs(Box<Outputs>),
    /// Records with one 個人番号 decided both ways (G9): 誤りなし and 誤り.
    Contradictions(Vec<Contradiction>),
    /// Rows held back at import.
    Held(Vec<HeldView>),
    /// A file whose columns cannot be told by its header.
    Unmapped(Box<Mapping>),
    /// Files whose path begins with what was typed.
    Completed {
        /// The line that was to be completed.
        text: String,
        /// Whole lines, folders with a `/` behind them.
        lines: Vec<String>,
    },
    /// Work goes on.
    Progress {
        /// How much is done.
        done: u64,
        /// All of it.
        total: u64,
        /// Rows so far.
        rows: u64,
    },
    /// Work has ended; the error says why nothing was done.
    Done(Job, Result<Outcome, String>),
    /// The store holds other records now: an import has ended.
    Renewed(Box<Opened>),
}
