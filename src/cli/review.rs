//! `meken review`: opens the workstation and answers for the store meanwhile.

use super::args::LookArgs;
use super::context::Context;
use super::looks::Looks;
use super::{locale, out};
use crate::error::{Exit, Failure};
use crate::host;
use crate::tui::{self, TuiError};

pub(super) fn run(context: &Context, args: &LookArgs) -> Result<(), Failure> {
    let notice = locale::of(|name| std::env::var(name).ok()).notice()?;
    let mut looks = Looks::new(context, args);
    let look = looks.start()?;
    let desk = context.open_desk()?;
    let server = host::serve(&context.workspace.socket(), desk.clone(), "確認画面");
    if let Err(error) = &server {
        out::message(&format!("meken: 他の端末からの meken status に答えられません: {error}"));
    }
    let options = tui::Options { look, looks: Box::new(looks), notice };
    let ended = tui::run(desk, options);
    drop(server);
    match ended {
        Ok(tui::Exit::Quit) => Ok(()),
        Ok(tui::Exit::Signal(number)) => Err(Failure::new(Exit::Signal(u8::try_from(number).unwrap_or(0)), "")),
        Ok(tui::Exit::Hangup) => Err(Failure::new(Exit::Signal(HANGUP), "")),
        Err(error) => Err(failure(error)),
    }
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
