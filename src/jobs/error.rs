//! Why a job was not done.

use crate::desk::DeskError;
use crate::export::ExportError;
use crate::ingest::IngestError;
use crate::store::StoreError;

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The desk refuses, or the store failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The export failed.
    #[error(transparent)]
    Export(ExportError),
    /// A new list is made, but its file could not be written.
    #[error("{0}。一覧で選んで書き出してください")]
    Unwritten(ExportError),
    /// The import was refused, in words for the operator.
    #[error("{0}")]
    Import(String),
}

impl JobError {
    /// The fault of the store, where it is one.
    pub fn store(&self) -> Option<&StoreError> {
        let mut fault = match self {
            Self::Desk(DeskError::Store(error)) => return Some(error),
            Self::Export(fault) | Self::Unwritten(fault) => fault,
            _ => return None,
        };
        while let ExportError::Unwritten { fault: inner, .. } = fault {
            fault = inner;
        }
        match fault {
            ExportError::Desk(DeskError::Store(error)) => Some(error),
            _ => None,
        }
    }
}

impl From<IngestError> for JobError {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Store(error) => error.into(),
            // What is missing stands on the screen of columns.
            error if error.profile_to_fill_in().is_some() => {
                Self::Import("見出しだけでは列が決まりません。列の対応を選んでください".to_owned())
            }
            error => Self::Import(error.to_string()),
        }
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}
