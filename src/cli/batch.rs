//! `meken batch`

use super::args::{BatchArgs, BatchCommand};
use super::context::Context;
use super::{export, out};
use crate::compare::visible;
use crate::desk::{DeskError, Query};
use crate::domain::export::{ExportKind, ExportRequest};
use crate::error::Failure;
use crate::view::{BatchView, json};

pub(super) fn run(context: &Context, args: &BatchArgs) -> Result<(), Failure> {
    match &args.what {
        BatchCommand::List { json } => list(context, *json),
        BatchCommand::Show { number, json } => show(context, *number, *json),
        BatchCommand::Write { number, output, encoding, template } => {
            let encoding = export::encoding(encoding)?;
            let template = export::template(template.as_deref())?;
            let request = ExportRequest::numbered(ExportKind::Release, *number);
            export::write(context, &context.open_desk()?, request, output, encoding, template)
        }
        BatchCommand::Withdraw { number, id, reason } => {
            context.open_desk()?.withdraw(*number, id, reason)?;
            context.say(&format!(
                "{} を第{number}回から取り下げました(確認中)。載せるには決定し直してください",
                visible(id)
            ));
            Ok(())
        }
    }
}

fn batches(context: &Context) -> Result<Vec<BatchView>, Failure> {
    let mut batches = Vec::new();
    context.ask_each(&Query::Batches, &mut |batch| {
        batches.push(batch);
        true
    })?;
    Ok(batches)
}

fn title(view: &BatchView) -> String {
    let batch = &view.batch;
    format!(
        "第{}回  報告回次 {}  締切 {}  {} 件(取下げ {} 件)  作成 {} {}",
        batch.number,
        batch.round,
        batch.cutoff.strftime("%Y-%m-%d %H:%M:%S"),
        batch.rows.len(),
        view.withdrawn.len(),
        json::moment(batch.made_at).replace('T', " "),
        visible(&batch.operator),
    )
}

fn list(context: &Context, json: bool) -> Result<(), Failure> {
    let batches = batches(context)?;
    for batch in &batches {
        out::line(&if json { json::batch(batch).to_string() } else { title(batch) })?;
    }
    if batches.is_empty() && !json {
        context.say("解除リストはまだ作られていません。meken export release -o FILE で作れます");
    }
    Ok(())
}

fn show(context: &Context, number: u32, json: bool) -> Result<(), Failure> {
    let found = batches(context)?.into_iter().find(|view| view.batch.number == number);
    let view = found.ok_or(DeskError::NoBatch(number))?;
    if json {
        return out::line(&json::batch(&view).to_string());
    }
    out::line(&title(&view))?;
    for row in &view.batch.rows {
        let taken = view.withdrawn.iter().find(|withdrawal| withdrawal.id == row.id);
        let note = taken.map(|taken| format!("  取下げ: {}", visible(&taken.reason))).unwrap_or_default();
        out::line(&format!("  {}{note}", visible(&row.id)))?;
    }
    Ok(())
}
