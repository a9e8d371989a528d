//! `meken completions` and `meken man`, from the one definition of the command line.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs};
use super::{messages, out};
use crate::error::Failure;

/// Writes the completions of a shell to stdout.
pub(super) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut messages::localise(Cli::command()), "meken", &mut bytes);
    out::text(&String::from_utf8_lossy(&bytes))
}

/// Writes the manual page to stdout.
pub(super) fn man() -> Result<(), Failure> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(messages::localise(Cli::command()))
        .render(&mut bytes)
        .map_err(|error| out::failure(&error))?;
    out::text(&String::from_utf8_lossy(&bytes))
}
