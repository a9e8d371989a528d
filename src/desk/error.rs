//! Why the desk could not do what was asked.

use serde::{Deserialize, Serialize};

use crate::domain::case::Case;
use crate::domain::event::UndoRefusal;
use crate::domain::filter::FilterError;
use crate::domain::guard::Refusal;
use crate::domain::record::RecordNo;
use crate::service::{BatchExpect, ReportExpect};
use crate::store::StoreError;

/// A request that was not done, worded for the user.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeskError {
    /// The record is no longer as it was shown to the caller.
    #[error("他の操作で記録が変わりました。最新の内容を確かめて、もう一度決定してください")]
    Stale {
        /// 整理番号
        id: String,
        /// The record.
        record: RecordNo,
        /// Its case now.
        case: Box<Case>,
    },
    /// The list would be another one than the preview.
    #[error("解除リストの内容が変わりました(第{}回 {} 件)。最新の内容を確かめて、もう一度実行してください", .now.number, .now.rows)]
    BatchMoved {
        /// What it would be now.
        now: BatchExpect,
    },
    /// The counts are others than those of the preview.
    #[error("件数が変わりました(確認対象 {} 件、未了 {} 件)。最新の内容を確かめて、もう一度実行してください", .now.report.item("1"), .now.report.backlog)]
    ReportMoved {
        /// What they are now.
        now: Box<ReportExpect>,
    },
    /// The caller has done something elsewhere since the newest step they know of.
    #[error("別の画面でも操作しています。履歴で最後の操作を確かめて、もう一度取り消してください")]
    StepsMoved {
        /// Their newest step.
        newest: u64,
    },
    /// Some of many changes are refused, by their place in the list; nothing was changed.
    #[error("{} 件に誤りがあるため、1件も変更していません", .0.len())]
    Lines(Vec<(usize, DeskError)>),
    /// The caller may only look.
    #[error("閲覧だけの権限のため、変更できません")]
    ViewerOnly,
    /// The other side of the socket refuses the caller.
    #[error("この作業フォルダを見る権限がありません")]
    Denied,
    /// Whoever holds the store is another version of meken.
    #[error("{0}")]
    OtherVersion(String),
    /// Nobody answers now; try again.
    #[error("{0}")]
    Unavailable(String),
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

impl DeskError {
    /// A command or question was answered as if it had been another one.
    pub(crate) fn unexpected() -> Self {
        Self::Unavailable("使用中の meken の返事が正しくありません。版を揃えてもう一度実行してください".to_owned())
    }
}
