//! Why the desk could not do what was asked.

use crate::domain::event::UndoRefusal;
use crate::domain::filter::FilterError;
use crate::domain::guard::Refusal;
use crate::store::StoreError;

/// A request that was not done, worded for the user.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A guard refuses the decision.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It cannot be taken back.
    #[error(transparent)]
    Undo(#[from] UndoRefusal),
    /// The last step cannot be taken back or done again; it may be of another record than the one that is looked at.
    #[error("整理番号 {}: {refusal}", crate::compare::visible(.id))]
    LastStep {
        /// 整理番号
        id: String,
        /// Why.
        refusal: UndoRefusal,
    },
    /// No record has this 整理番号.
    #[error("整理番号「{0}」の記録はありません。番号を確かめてください")]
    NoRecord(String),
    /// The filter expression is wrong.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// An identity of the report does not hold.
    #[error("件数が合わないため報告を確定できません: {}。meken verify で保存データを確認してください", .0.join("、"))]
    Identities(Vec<String>),
    /// Nothing can be released now.
    #[error("解除リストに載せる記録がありません")]
    NothingToRelease,
    /// No such batch.
    #[error("解除 第{0}回はありません。meken batch list で確認してください")]
    NoBatch(u32),
    /// The record does not stand in the batch.
    #[error("整理番号「{id}」は解除 第{batch}回に載っていません")]
    NotInBatch {
        /// 整理番号
        id: String,
        /// The batch.
        batch: u32,
    },
    /// A reason must be given.
    #[error("理由を入力してください")]
    NeedsReason,
    /// The request has a wrong form.
    #[error("{0}")]
    Usage(String),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
