//! What the workstation asks of the world.

use crate::domain::case::Decision;
use crate::domain::record::RecordNo;

/// One request; those about records are carried out in the order they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read the queue lines and the whole records of these numbers.
    Load {
        /// Queue lines.
        lines: Vec<RecordNo>,
        /// Whole records with comparisons.
        sheets: Vec<RecordNo>,
    },
    /// Decide a record.
    Decide {
        /// Names the request in the answer.
        request: u64,
        /// The record.
        record: RecordNo,
        /// The decision.
        decision: Box<Decision>,
    },
    /// Replace the note of a record.
    Annotate {
        /// Names the request in the answer.
        request: u64,
        /// The record.
        record: RecordNo,
        /// The note.
        note: String,
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
