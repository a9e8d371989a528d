//! Kinds of events.

use serde::{Deserialize, Serialize};

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// 取込
    Import,
    /// 区分の決定 (保留 and 事業主照会 included)
    Decide,
    /// 再開
    Reopen,
    /// メモ
    Note,
    /// 支援措置の設定
    Protect,
    /// 取消
    Undo,
    /// やり直し
    Redo,
    /// A newer file changed the row and took the case back to 確認中.
    Update,
    /// 解除リストの作成
    Batch,
    /// 解除の取下げ
    Withdraw,
    /// 件数報告の確定
    Freeze,
    /// A later import brought a held-back row corrected.
    HeldCorrected,
    /// A later import held a row back again with other content.
    HeldReplaced,
    /// 隔離した行の除外
    HeldDismissed,
    /// 隔離した行の除外の取消
    HeldRestored,
}

impl EventKind {
    /// The Japanese wording.
    pub fn label(self) -> &'static str {
        match self {
            Self::Import => "取込",
            Self::Decide => "決定",
            Self::Reopen => "再開",
            Self::Note => "メモ",
            Self::Protect => "支援措置",
            Self::Undo => "取消",
            Self::Redo => "やり直し",
            Self::Update => "データ更新",
            Self::Batch => "解除リスト",
            Self::Withdraw => "取下げ",
            Self::Freeze => "報告確定",
            Self::HeldCorrected => "隔離訂正",
            Self::HeldReplaced => "隔離差替",
            Self::HeldDismissed => "隔離除外",
            Self::HeldRestored => "隔離復帰",
        }
    }

    /// Whether an operator can take it back with undo.
    pub fn can_undo(self) -> bool {
        matches!(self, Self::Decide | Self::Reopen | Self::Note | Self::Protect)
    }
}
