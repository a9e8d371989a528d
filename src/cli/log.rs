//! `meken log`

use serde_json::Value;

use super::args::LogArgs;
use super::context::Context;
use super::out;
use crate::desk::Query;
use crate::error::Failure;

pub(super) fn run(context: &Context, args: &LogArgs) -> Result<(), Failure> {
    let mut fault = Ok(());
    context.ask(&Query::Log { id: args.id.clone() }, &mut |event| {
        fault = out::line(&if args.json { event.to_string() } else { line(&event) });
        fault.is_ok()
    })?;
    fault
}

fn line(event: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let state = |case: &Value| match case["category"].as_str() {
        Some(code) => code.to_owned(),
        None => word(&case["state"]),
    };
    let mut parts = vec![
        format!("{:>6}", event["seq"].as_u64().unwrap_or(0)),
        word(&event["at"]).replace('T', " "),
        word(&event["operator"]),
        word(&event["kind"]),
    ];
    if event["id"].is_string() {
        parts.push(word(&event["id"]));
    }
    if event["after"].is_object() {
        parts.push(format!("{} → {}", state(&event["before"]), state(&event["after"])));
    }
    let (before, after) = (&event["before"], &event["after"]);
    if before["protected"] != after["protected"] {
        parts.push(if after["protected"] == true { "支援措置あり" } else { "支援措置なし" }.to_owned());
    }
    if before["safe_way"] != after["safe_way"] && !word(&after["safe_way"]).is_empty() {
        parts.push(format!("安全な送付方法 {}", word(&after["safe_way"])));
    }
    for key in ["detail", "reason"] {
        if !word(&event[key]).is_empty() {
            parts.push(word(&event[key]));
        }
    }
    parts.join("  ")
}
