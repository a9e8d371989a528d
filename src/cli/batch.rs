//! `meken batch`

use serde_json::Value;

use super::args::{BatchArgs, BatchCommand};
use super::context::Context;
use super::{export, out};
use crate::compare::visible;
use crate::desk::{DeskError, Query};
use crate::domain::export::{ExportKind, ExportRequest};
use crate::error::Failure;

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

fn batches(context: &Context) -> Result<Vec<Value>, Failure> {
    let mut batches = Vec::new();
    context.ask(&Query::Batches, &mut |batch| {
        batches.push(batch);
        true
    })?;
    Ok(batches)
}

fn title(batch: &Value) -> String {
    let word = |key: &str| batch[key].as_str().unwrap_or_default().replace('T', " ");
    let withdrawn = batch["withdrawn"].as_array().map_or(0, Vec::len);
    format!(
        "第{}回  報告回次 {}  締切 {}  {} 件(取下げ {withdrawn} 件)  作成 {} {}",
        batch["batch"],
        batch["round"],
        word("cutoff"),
        batch["rows"],
        word("made_at"),
        word("operator"),
    )
}

fn list(context: &Context, json: bool) -> Result<(), Failure> {
    let batches = batches(context)?;
    for batch in &batches {
        out::line(&if json { batch.to_string() } else { title(batch) })?;
    }
    if batches.is_empty() && !json {
        context.say("解除リストはまだ作られていません。meken export release -o FILE で作れます");
    }
    Ok(())
}

fn show(context: &Context, number: u32, json: bool) -> Result<(), Failure> {
    let found = batches(context)?.into_iter().find(|batch| batch["batch"] == number);
    let batch = found.ok_or(DeskError::NoBatch(number))?;
    if json {
        return out::line(&batch.to_string());
    }
    out::line(&title(&batch))?;
    let none = Vec::new();
    let withdrawn = batch["withdrawn"].as_array().unwrap_or(&none);
    for id in batch["ids"].as_array().unwrap_or(&none) {
        let taken = withdrawn.iter().find(|withdrawal| withdrawal["id"] == *id);
        let note = taken.map(|w| format!("  取下げ: {}", w["reason"].as_str().unwrap_or_default())).unwrap_or_default();
        out::line(&format!("  {}{note}", id.as_str().unwrap_or_default()))?;
    }
    Ok(())
}
