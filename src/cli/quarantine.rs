//! `meken quarantine`

use super::args::{QuarantineArgs, QuarantineCommand};
use super::context::Context;
use super::out;
use crate::compare::visible;
use crate::desk::Query;
use crate::error::Failure;
use crate::service::Command;
use crate::view::{HeldView, json};

pub(super) fn run(context: &Context, args: &QuarantineArgs) -> Result<(), Failure> {
    match &args.what {
        None => list(context, args.json, args.all),
        Some(QuarantineCommand::Dismiss { numbers, reason }) => {
            let numbers = numbers_of(numbers)?;
            dismiss(context, &numbers, true, reason)?;
            context.say(&format!("隔離した行 {} 行を除外しました", numbers.len()));
            Ok(())
        }
        Some(QuarantineCommand::Restore { numbers, reason }) => {
            let numbers = numbers_of(numbers)?;
            dismiss(context, &numbers, false, reason)?;
            context.say(&format!("隔離した行 {} 行を未処理に戻しました", numbers.len()));
            Ok(())
        }
    }
}

/// Dismisses held-back rows, or takes that back.
fn dismiss(context: &Context, numbers: &[u32], dismiss: bool, reason: &str) -> Result<(), Failure> {
    let (numbers, reason) = (numbers.to_vec(), reason.to_owned());
    context.open_desk()?.run(&Command::Dismiss { numbers, dismiss, reason })?;
    Ok(())
}

/// Maximum number of rows that one command names.
const MAXIMUM_ROWS: usize = 100_000;

/// Reads `5` and `5-9`.
fn numbers_of(words: &[String]) -> Result<Vec<u32>, Failure> {
    let mut numbers = Vec::new();
    for word in words {
        let (from, to) = word.split_once('-').unwrap_or((word, word));
        let (from, to) = match (from.parse::<u32>(), to.parse::<u32>()) {
            (Ok(from), Ok(to)) if 0 < from && from <= to && (to - from) < MAXIMUM_ROWS as u32 => (from, to),
            _ => {
                let word = visible(word);
                return Err(Failure::usage(format!(
                    "隔離番号「{word}」は読めません。meken quarantine に出る番号を 5 または 5-9 のように指定してください"
                )));
            }
        };
        numbers.extend(from..=to);
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

fn list(context: &Context, json: bool, all: bool) -> Result<(), Failure> {
    let mut fault = Ok(());
    let (mut open, mut count) = (0u64, 0u64);
    context.ask_each(&Query::Quarantine { closed: all }, &mut |row: HeldView| {
        count += 1;
        open += u64::from(row.closed.is_none());
        fault = if json { out::line(&json::quarantine(&row).to_string()) } else { out::line(&line(&row)) };
        fault.is_ok()
    })?;
    fault?;
    if !json {
        context.say(&match (open, count) {
            (0, 0) => "隔離した行はありません".to_owned(),
            (0, n) => format!("未処理の隔離行はありません(全 {n} 行)"),
            (n, _) => format!(
                "{n} 行を隔離しています。meken export quarantine -o FILE で書き出し、直して取り込むか、meken quarantine dismiss 番号 --reason 理由 で除外してください"
            ),
        });
    }
    Ok(())
}

fn line(row: &HeldView) -> String {
    let state = row.closed.as_ref().map_or_else(String::new, |end| {
        let reason = if end.reason.is_empty() { String::new() } else { format!(": {}", visible(&end.reason)) };
        format!("  〔{} {}{reason}〕", row.state.words(), visible(&end.operator))
    });
    let (file, reason) = (visible(&row.file), visible(&row.reason));
    format!("{:>5}  {file}:{}: [{}] {reason}{state}", row.number, row.line, row.code)
}
