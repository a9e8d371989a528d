//! `meken undo`, `meken reopen`, `meken flag`

use super::args::{FlagArgs, FlagKind, ReopenArgs, Switch, UndoArgs};
use super::context::Context;
use crate::compare::visible;
use crate::desk::DeskError;
use crate::domain::case::State;
use crate::domain::event::UndoRefusal;
use crate::domain::request::Seen;
use crate::error::Failure;
use crate::service::{Command, UndoTarget};

pub(super) fn undo(context: &Context, args: &UndoArgs) -> Result<(), Failure> {
    let desk = context.open_desk()?;
    let target = match args.id.as_deref() {
        Some(id) => UndoTarget::Of(desk.find(id)?),
        // The command names no step: it takes back whatever is the newest.
        None => UndoTarget::Newest { known: None },
    };
    let done = match (desk.run(&Command::Undo(target)), &args.reason) {
        (Err(DeskError::LastStep { refusal: UndoRefusal::NeedsReason(step), .. }), Some(reason)) => {
            desk.run(&Command::Undo(UndoTarget::StepBecause { step, reason: reason.clone() }))
        }
        (done, _) => done,
    };
    let event = done?.events().pop();
    let id = match event.as_ref().and_then(|event| event.record()) {
        Some(no) => desk.view(no)?.record.row.id(),
        None => String::new(),
    };
    let state = event.and_then(|event| event.after).map(|case| match case.state.category() {
        Some(category) => format!("{} {}", category.code(), category.label()),
        None => case.state.kind().label().to_owned(),
    });
    context.say(&format!("{} の操作を取り消しました。今の状態は {} です", visible(&id), state.unwrap_or_default()));
    Ok(())
}

pub(super) fn reopen(context: &Context, args: &ReopenArgs) -> Result<(), Failure> {
    let desk = context.open_desk()?;
    let no = desk.find(&args.id)?;
    let view = desk.view(no)?;
    // A withdrawal takes a record back to 確認中 by itself: what is asked for is so already.
    if view.case.state == State::Pending && view.case.in_batch.is_none() {
        context.say(&format!("{} はすでに確認中です。何も変えていません", visible(&args.id)));
        return Ok(());
    }
    let seen = Seen { record: no, version: view.case.version };
    desk.run(&Command::Reopen { seen, reason: args.reason.clone() })?;
    context.say(&format!("{} を確認中に戻しました", visible(&args.id)));
    Ok(())
}

pub(super) fn flag(context: &Context, args: &FlagArgs) -> Result<(), Failure> {
    let FlagKind::Dv = args.flag;
    let on = args.on == Switch::On;
    let desk = context.open_desk()?;
    desk.run(&Command::Protect { seen: desk.find_seen(&args.id)?, on, reason: args.reason.clone() })?;
    let done = if on { "付けました" } else { "外しました" };
    context.say(&format!("{} に支援措置の印を{done}", visible(&args.id)));
    Ok(())
}
