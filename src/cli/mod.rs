//! The command line: one file per command (ARCHITECTURE "Commands").
//!
//! Data goes to stdout, everything else to stderr, in Japanese. A command returns a [`Failure`] and never ends the process
//! itself. May use everything; nothing uses it but `main`.

mod appearance;
mod args;
mod batch;
mod compare;
mod context;
mod decide;
mod demo;
mod doctor;
mod export;
mod generate;
mod help;
mod import;
mod layout;
mod list;
mod locale;
mod log;
mod messages;
mod out;
mod quarantine;
mod report;
mod review;
mod sample;
mod status;
mod undo;
mod verify;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

use args::{Cli, Command};
use context::Context;

use crate::desk::Clock;
use crate::error::Failure;

/// Runs one command line and gives the process's exit code.
pub fn run(args: impl IntoIterator<Item = OsString>, clock: Clock) -> u8 {
    let matches = match messages::localise(Cli::command()).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return messages::show(&error),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return messages::show(&error),
    };
    match dispatch(cli, clock) {
        Ok(()) => 0,
        Err(failure) => {
            if !failure.message.is_empty() {
                out::message(&format!("meken: {failure}"));
            }
            failure.exit.code()
        }
    }
}

fn dispatch(cli: Cli, clock: Clock) -> Result<(), Failure> {
    let context = Context::new(&cli.global, clock)?;
    let command = cli.command.unwrap_or(Command::Review(args::ReviewArgs::default()));
    if let Some(option) = cli.look.given()
        && !matches!(command, Command::Review(_) | Command::Demo(_))
    {
        return Err(Failure::usage(format!("{option} は確認画面(meken、meken review、meken demo)でだけ使えます")));
    }
    match command {
        Command::Demo(args) => demo::run(&context, &args, &args.look.or(&cli.look)),
        Command::Sample(args) => sample::run(&args),
        Command::Import(args) => import::run(&context, &args),
        Command::Review(args) => review::run(&context, &args.look.or(&cli.look)),
        Command::Layout(args) => layout::run(&context, &args),
        Command::Status(args) => status::run(&context, &args),
        Command::List(args) => list::list(&context, &args),
        Command::Show(args) => list::show(&context, &args),
        Command::Decide(args) => decide::run(&context, &args),
        Command::Undo(args) => undo::undo(&context, &args),
        Command::Reopen(args) => undo::reopen(&context, &args),
        Command::Flag(args) => undo::flag(&context, &args),
        Command::Report(args) => report::run(&context, &args),
        Command::Export(args) => export::run(&context, &args),
        Command::Batch(args) => batch::run(&context, &args),
        Command::Quarantine(args) => quarantine::run(&context, &args),
        Command::Log(args) => log::run(&context, &args),
        Command::Verify => verify::run(&context),
        Command::Compare(args) => compare::run(&args),
        Command::Keys(args) => appearance::run(&context, appearance::AppearanceKind::Keys, &args.what),
        Command::Themes(args) => appearance::run(&context, appearance::AppearanceKind::Themes, &args.what),
        Command::Doctor(args) => doctor::run(&context, &args),
        Command::Completions(args) => generate::completions(&args),
        Command::Man => generate::man(),
    }
}
