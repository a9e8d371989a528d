//! What can go wrong with a store.

use crate::domain::record::RecordNo;

/// A fault of the store, worded for the user.
#[derive(Debug, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoreError {
    /// Another process holds the store.
    #[error("データは他の meken が使用中です{}", holder_words(.holder))]
    Busy {
        /// Who holds it, where known (operator, process number).
        holder: Option<String>,
    },
    /// There is no store yet.
    #[error("まだ取り込まれたデータがありません。meken import FILE で取り込んでください")]
    Missing,
    /// The case was changed by somebody else meanwhile.
    #[error("記録 {0:?} は他の操作で変更されています。最新の内容を確認してください")]
    Conflict(RecordNo),
    /// No such record.
    #[error("記録番号 {0:?} はありません")]
    NoRecord(RecordNo),
    /// A rule of the store was broken by the caller's request, with the reason for the user.
    #[error("{0}")]
    Refused(String),
    /// A value does not hold what it should.
    #[error("保存データが壊れています({0})。meken verify で確認し、控えから復元してください")]
    Corrupt(String),
    /// The disk or the engine failed. The handle is done for: reopen it.
    #[error("データを読み書きできません: {0}。空き容量と権限を確認してください")]
    Engine(String),
    /// A commit failed, or the handle is used after a fault: whether the last change is durable shows only after reopening.
    #[error("保存できたか確かめられません({0})。meken を開き直し、最後の操作が残っているか確認してください")]
    Reopen(String),
}

impl StoreError {
    /// Whether the handle that answered so must not be used any further.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Engine(_) | Self::Reopen(_))
    }
}

fn holder_words(holder: &Option<String>) -> String {
    holder.as_ref().map(|holder| format!("({holder})")).unwrap_or_default()
}

/// The engine's errors carry offsets and names of tables, never row text.
impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => Self::Busy { holder: None },
            redb::Error::PreviousIo | redb::Error::DatabaseClosed | redb::Error::LockPoisoned(_) => {
                Self::Reopen("前の障害のため".to_owned())
            }
            other => Self::Engine(other.to_string()),
        }
    }
}

macro_rules! through_the_common_error {
    ($($error:ident),*) => {
        $(impl From<redb::$error> for StoreError {
            fn from(error: redb::$error) -> Self {
                redb::Error::from(error).into()
            }
        })*
    };
}

through_the_common_error!(CursorError, DatabaseError, StorageError, TableError, TransactionError);

/// A commit that failed may have reached the disk all the same.
impl From<redb::CommitError> for StoreError {
    fn from(error: redb::CommitError) -> Self {
        Self::Reopen(error.to_string())
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Engine(error.to_string())
    }
}
