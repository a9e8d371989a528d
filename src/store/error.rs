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
    /// The disk has too little space for what was asked; nothing was begun.
    #[error(
        "{folder} の空き容量が足りません。取込に約 {} MB 要りますが、{} MB しかありません。{} MB 以上空けてください",
        megabytes(*needed), free / MEGABYTE, megabytes(needed - free)
    )]
    NoSpace {
        /// The folder of the store.
        folder: String,
        /// Bytes that are needed, more than are free.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
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

    /// The file holds something else.
    pub(super) fn foreign() -> Self {
        Self::Corrupt("meken のデータではありません".to_owned())
    }
}

const MEGABYTE: u64 = 1_000_000;

/// Megabytes, rounded up.
fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(MEGABYTE)
}

fn holder_words(holder: &Option<String>) -> String {
    holder.as_ref().map(|holder| format!("({holder})")).unwrap_or_default()
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Engine(error.to_string())
    }
}
