//! Changes of what was reported or held back: freezing, withdrawing, dismissing.

use super::error::JobError;
use crate::app::job::Outcome;
use crate::compare::visible;
use crate::desk::Seat;
use crate::service::{Command, ReportExpect};

/// Keeps the counts as a numbered report, if they are what the preview counted.
pub(super) fn freeze(desk: &Seat, expect: &ReportExpect) -> Result<Outcome, JobError> {
    let number = desk.freeze(expect)?.number.unwrap_or(0);
    Ok(Outcome::said(format!("件数報告 第{number}号として確定しました。この画面で書き出せます")))
}

/// Takes a record out of a sent list.
pub(super) fn withdraw(desk: &Seat, batch: u32, id: &str, reason: &str) -> Result<Outcome, JobError> {
    let (withdrawal, case) = desk.withdraw(batch, id, reason)?;
    let id = visible(id);
    let message = format!("{id} を第{batch}回から取り下げました(確認中)。載せるには決定し直してください");
    Ok(Outcome { message, case: Some(Box::new((withdrawal.record, case))), ..Outcome::default() })
}

/// Dismisses a row of the quarantine, or opens it again.
pub(super) fn dismiss(desk: &Seat, number: u32, dismiss: bool, reason: &str) -> Result<Outcome, JobError> {
    desk.run(&Command::Dismiss { numbers: vec![number], dismiss, reason: reason.to_owned() })?;
    let what = if dismiss { "除外しました" } else { "未処理に戻しました" };
    Ok(Outcome::said(format!("隔離番号 {number} の行を{what}")))
}
