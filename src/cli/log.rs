//! `meken log`

use super::args::LogArgs;
use super::context::Context;
use super::out;
use crate::compare::visible;
use crate::desk::Query;
use crate::domain::case::Case;
use crate::error::Failure;
use crate::view::{Step, json, trail};

pub(super) fn run(context: &Context, args: &LogArgs) -> Result<(), Failure> {
    let mut fault = Ok(());
    context.ask_each(&Query::Log { id: args.id.clone() }, &mut |step: Step| {
        fault = out::line(&if args.json { json::step(&step).to_string() } else { line(&step) });
        fault.is_ok()
    })?;
    fault
}

fn line(step: &Step) -> String {
    let event = &step.event;
    let state = |case: Option<&Case>| {
        case.map_or("", |case| match case.state.category() {
            Some(category) => category.code(),
            None => case.state.kind().label(),
        })
    };
    let mut parts = vec![
        format!("{:>6}", event.seq),
        json::moment(event.at).replace('T', " "),
        visible(&event.operator).into_owned(),
        event.kind.label().to_owned(),
    ];
    if event.record.is_some() {
        parts.push(visible(&step.id).into_owned());
    }
    let (before, after) = (event.before.as_ref(), event.after.as_ref());
    if after.is_some() {
        parts.push(format!("{} → {}", state(before), state(after)));
    }
    let protected = |case: Option<&Case>| case.map(|case| case.protected == Some(true));
    if protected(before) != protected(after) {
        parts.push(if protected(after) == Some(true) { "支援措置あり" } else { "支援措置なし" }.to_owned());
    }
    let safe_way = |case: Option<&Case>| case.map(|case| visible(&case.safe_way).into_owned());
    if let Some(way) = safe_way(after).filter(|way| !way.is_empty() && Some(way) != safe_way(before).as_ref()) {
        parts.push(format!("安全な送付方法 {way}"));
    }
    let more = [trail::detail(event), &event.reason].map(visible);
    parts.extend(more.into_iter().filter(|words| !words.is_empty()).map(|words| words.into_owned()));
    parts.join("  ")
}
