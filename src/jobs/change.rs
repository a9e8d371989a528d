//! Changes of what was reported or held back: freezing, withdrawing, dismissing.

use super::error::JobError;
use crate::app::job::Outcome;
use crate::compare::visible;
use crate::desk::Desk;

/// Keeps the counts as a numbered report.
pub(super) fn freeze(desk: &Desk) -> Result<Outcome, JobError> {
    let number = desk.freeze()?.number.unwrap_or(0);
    Ok(Outcome::said(format!("件数報告 第{number}号として確定しました。この画面で書き出せます")))
}

/// Takes a record out of a sent list.
pub(super) fn withdraw(desk: &Desk, batch: u32, id: &str, reason: &str) -> Result<Outcome, JobError> {
    let withdrawal = desk.withdraw(batch, id, reason)?;
    let case = desk.snapshot()?.case(withdrawal.record)?;
    let id = visible(id);
    let message = format!("{id} を第{batch}回から取り下げました(確認中)。載せるには決定し直してください");
    Ok(Outcome { message, case: Some(Box::new((withdrawal.record, case))), ..Outcome::default() })
}

/// Dismisses a row of the quarantine, or opens it again.
pub(super) fn dismiss(desk: &Desk, number: u32, dismiss: bool, reason: &str) -> Result<Outcome, JobError> {
    let done = if dismiss { desk.dismiss(&[number], reason) } else { desk.restore(&[number], reason) };
    done?;
    let what = if dismiss { "除外しました" } else { "未処理に戻しました" };
    Ok(Outcome::said(format!("隔離番号 {number} の行を{what}")))
}
