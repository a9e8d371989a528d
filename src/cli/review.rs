//! `meken review`: opens the workstation and answers for the store meanwhile.

use std::sync::Arc;

use super::args::Color;
use super::context::Context;
use super::out;
use crate::app::action::Action;
use crate::config::embedded;
use crate::config::keymap::Keymap;
use crate::config::theme::Theme;
use crate::error::{Exit, Failure};
use crate::host;
use crate::tui::{self, TuiError};

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let settings = context.settings()?;
    let theme_name = if no_color(context) { "mono" } else { settings.screen.theme.as_str() };
    let theme = load(embedded::THEMES, theme_name, "theme")?;
    let theme = Theme::parse(theme_name, &theme, |name| embedded::find(embedded::THEMES, name))
        .map_err(|faults| Failure::usage(faults.to_string()))?;
    let keymap_name = settings.screen.keymap.as_str();
    let keymap = load(embedded::KEYMAPS, keymap_name, "keymap")?;
    let keymap = Keymap::parse(
        keymap_name,
        &keymap,
        |name| embedded::find(embedded::KEYMAPS, name),
        Action::from_run,
        Action::ESSENTIAL,
    )
    .map_err(|faults| Failure::usage(faults.to_string()))?;
    let desk = context.open_desk()?;
    let server = host::serve(&context.workspace.socket(), desk.clone(), "確認画面");
    if let Err(error) = &server {
        out::message(&format!("meken: 他の端末からの meken status に答えられません: {error}"));
    }
    let options = tui::Options {
        theme,
        keymap: Arc::new(keymap),
        ambiguous_wide: settings.screen.ambiguous_wide,
        exports: context.workspace.exports(),
        layouts: context.workspace.layouts(),
    };
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

/// NO_COLOR (any value) and `--color never` mean no colour.
fn no_color(context: &Context) -> bool {
    match context.color {
        Color::Never => true,
        Color::Always => false,
        Color::Auto => std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
    }
}

fn load(shipped: &[(&str, &str)], name: &str, what: &str) -> Result<String, Failure> {
    embedded::find(shipped, name).ok_or_else(|| {
        let names: Vec<&str> = shipped.iter().map(|(name, _)| *name).collect();
        Failure::usage(format!(
            "settings.toml の [screen] {what} = \"{name}\" はありません。{} から選んでください",
            names.join("、")
        ))
    })
}
