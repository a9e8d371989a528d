//! `meken review`: opens the workstation and answers for the store meanwhile.

use std::sync::Arc;

use super::appearance::AppearanceFiles;
use super::args::AppearanceArgs;
use super::context::Context;
use super::{locale, out};
use crate::desk::Seat;
use crate::error::{Exit, Failure};
use crate::host;
use crate::tui::{self, TuiError};

pub(super) fn run(context: &Context, args: &AppearanceArgs) -> Result<(), Failure> {
    let notice = locale::of(|name| std::env::var(name).ok()).notice()?;
    let mut appearances = AppearanceFiles::new(context, args);
    let appearance = appearances.start()?;
    let desk = context.open_desk()?;
    let mut server = match serve(context, &desk) {
        Ok(server) => Some(server),
        Err(error) => {
            out::message(&format!("meken: 他の端末からの meken status に答えられません: {error}"));
            None
        }
    };
    let own = context.at(context.workspace.clone());
    let reopen = Box::new(move || {
        // The listener holds the store too; the file is free only when both have let go of it.
        drop(server.take());
        let desk = own.open_desk().map_err(|failure| failure.to_string())?;
        server = serve(&own, &desk).ok();
        Ok(desk)
    });
    let lock_after = context.settings()?.review.lock_after;
    let options = tui::Options {
        appearance,
        appearances: Box::new(appearances),
        lock_after,
        notice,
        exports: context.workspace.exports(),
        layouts: context.workspace.layouts(),
    };
    let ended = tui::run(desk, options, reopen);
    match ended {
        Ok(tui::Exit::Quit) => Ok(()),
        Ok(tui::Exit::Signal(number)) => Err(Failure::new(Exit::Signal(u8::try_from(number).unwrap_or(0)), "")),
        Ok(tui::Exit::Hangup) => Err(Failure::new(Exit::Signal(HANGUP), "")),
        Err(error) => Err(failure(error)),
    }
}

/// Answers for the store while the workstation is open.
fn serve(context: &Context, desk: &Seat) -> std::io::Result<host::Server> {
    host::serve(&context.workspace.socket(), Arc::new(desk.desk().clone()), desk.caller(), "確認画面")
}

/// SIGHUP, the end of a lost connection.
const HANGUP: u8 = 1;

fn failure(error: TuiError) -> Failure {
    match error {
        TuiError::Store(error) => error.into(),
        TuiError::NoTerminal => Failure::new(Exit::Request, error.to_string()),
        TuiError::DumbTerminal => Failure::usage(error.to_string()),
        TuiError::Terminal(_) | TuiError::Worker => Failure::new(Exit::Bug, error.to_string()),
    }
}
