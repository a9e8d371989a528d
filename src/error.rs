//! How a command ends: a message for the user and a fixed exit code (ARCHITECTURE "Commands").

use crate::desk::DeskError;
use crate::store::StoreError;

/// The exit codes that scripts depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The request cannot be met (also: nothing imported yet).
    Request,
    /// Command line or configuration is wrong.
    Usage,
    /// An input file was refused.
    Input,
    /// The store or a disk failed.
    Storage,
    /// A fault of meken itself.
    Bug,
    /// Busy: try again.
    Busy,
    /// Not allowed.
    Denied,
    /// Ended by a signal.
    Signal(u8),
}

impl Exit {
    /// The number of the process's end.
    pub fn code(self) -> u8 {
        match self {
            Self::Request => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Storage => 4,
            Self::Bug => 70,
            Self::Busy => 75,
            Self::Denied => 77,
            Self::Signal(number) => 128 + number,
        }
    }
}

/// A command that did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// How the process ends.
    pub exit: Exit,
    /// What happened, where, and what to do; empty when it was said already.
    pub message: String,
}

impl Failure {
    /// A failure with a message.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// A wrong command line or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let exit = match &error {
            StoreError::Busy { .. } => Exit::Busy,
            StoreError::Missing | StoreError::NoRecord(_) | StoreError::Conflict(_) | StoreError::Refused(_) => {
                Exit::Request
            }
            StoreError::Corrupt(_) | StoreError::NoSpace { .. } | StoreError::Engine(_) | StoreError::Reopen(_) => {
                Exit::Storage
            }
        };
        Self::new(exit, error.to_string())
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Store(error) => error.into(),
            DeskError::Filter(_) | DeskError::Usage(_) => Self::usage(error.to_string()),
            DeskError::ViewerOnly | DeskError::Denied => Self::new(Exit::Denied, error.to_string()),
            DeskError::Unavailable(_) => Self::new(Exit::Busy, error.to_string()),
            DeskError::Stale { .. }
            | DeskError::BatchMoved { .. }
            | DeskError::ReportMoved { .. }
            | DeskError::StepsMoved { .. }
            | DeskError::OtherVersion(_)
            | DeskError::Lines(_)
            | DeskError::Refused(_)
            | DeskError::Undo(_)
            | DeskError::LastStep { .. }
            | DeskError::NoRecord(_)
            | DeskError::Identities(_)
            | DeskError::NothingToRelease
            | DeskError::NoBatch(_)
            | DeskError::NotInBatch { .. }
            | DeskError::NeedsReason => Self::new(Exit::Request, error.to_string()),
        }
    }
}
