//! What the workstation asks of the world.

use super::job::Job;
use crate::domain::case::Decision;
use crate::domain::record::RecordNo;
use crate::domain::request::Seen;

/// One request; those about records are carried out in the order they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read a page of the queue.
    Queue(u32),
    /// Read the queue lines and the whole records of these numbers.
    Load {
        /// Queue lines.
        lines: Vec<RecordNo>,
        /// Whole records with comparisons.
        records: Vec<RecordNo>,
    },
    /// Decide a record.
    Decide {
        /// Names the request in the answer.
        request: u64,
        /// The record as it was shown.
        seen: Seen,
        /// The decision.
        decision: Box<Decision>,
    },
    /// Replace the note of a record.
    Annotate {
        /// Names the request in the answer.
        request: u64,
        /// The record as it was shown.
        seen: Seen,
        /// The note.
        note: String,
    },
    /// Set or clear 支援措置 of a record.
    Protect {
        /// Names the request in the answer.
        request: u64,
        /// The record as it was shown.
        seen: Seen,
        /// Whether it is set.
        on: bool,
        /// Why.
        reason: String,
    },
    /// Take the operator's last change back.
    Undo {
        /// Names the request in the answer.
        request: u64,
    },
    /// Bring back what was taken back last.
    Redo {
        /// Names the request in the answer.
        request: u64,
    },
    /// Evaluate a filter expression over the queue.
    Filter(String),
    /// Read the search texts.
    SearchTexts,
    /// Count where the work stands.
    Status,
    /// Find the rows related to a record.
    Related(RecordNo),
    /// Read a page of the trail of a record, or of all.
    History {
        /// The record, or all.
        record: Option<RecordNo>,
        /// Only events below this number.
        below: Option<u64>,
        /// At most so many.
        limit: usize,
    },
    /// Find the record with this 整理番号, under review or not.
    Find(String),
    /// Look one step of the trail up.
    Step(u64),
    /// Take one old step back.
    UndoStep {
        /// Names the request in the answer.
        request: u64,
        /// The number of the event.
        seq: u64,
        /// Why, where 支援措置 is taken away; else empty.
        reason: String,
    },
    /// Read what 出力 shows.
    Outputs,
    /// Look for records with one 個人番号 decided both ways (G9).
    Contradictions,
    /// Read the rows held back at import: the open ones, or the closed ones as well.
    Held(bool),
    /// Do work that takes a moment.
    Do(Job),
    /// Stop such work, with nothing done.
    Stop,
    /// Find the files whose path begins with `part`.
    Complete {
        /// What stands before the path in the prompt.
        head: String,
        /// The path so far.
        part: String,
    },
    /// Keep the session.
    KeepSession(Vec<u8>),
    /// Put a record key into the operator's clipboard.
    Copy(String),
    /// Read keymap, theme and settings again.
    Reload,
    /// Draw everything again.
    Redraw,
    /// Suspend to the shell.
    Suspend,
    /// End the program once everything asked before is done.
    Quit,
}
