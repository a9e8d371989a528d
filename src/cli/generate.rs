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

/// Writes the manual page to stdout: one page with every command in a section of its own.
pub(super) fn man() -> Result<(), Failure> {
    out::text(&page().map_err(|error| out::failure(&error))?)
}

/// What the renderer uses for an apostrophe, defined once.
const APOSTROPHE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

fn page() -> std::io::Result<String> {
    let mut command = messages::localise(Cli::command());
    command.build();
    let mut bytes = Vec::new();
    let main = clap_mangen::Man::new(command.clone()).manual("meken");
    main.render_title(&mut bytes)?;
    main.render_name_section(&mut bytes)?;
    main.render_synopsis_section(&mut bytes)?;
    main.render_options_section(&mut bytes)?;
    main.render_extra_section(&mut bytes)?;
    let mut text = format!("{APOSTROPHE}{}", headings(&String::from_utf8_lossy(&bytes), ".SH"));
    for sub in command.get_subcommands() {
        section(sub, &mut text)?;
    }
    Ok(text)
}

/// Adds what a command and those below it do; what all commands share stands once, at the top.
fn section(command: &clap::Command, text: &mut String) -> std::io::Result<()> {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    let own = command.clone().mut_args(|arg| {
        let shared = arg.is_global_set() || arg.get_id() == "help";
        arg.hide(shared)
    });
    let mut bytes = Vec::new();
    let man = clap_mangen::Man::new(own.clone());
    man.render_synopsis_section(&mut bytes)?;
    man.render_description_section(&mut bytes)?;
    if own.get_arguments().any(|arg| !arg.is_hide_set()) {
        man.render_options_section(&mut bytes)?;
    }
    if command.get_subcommands().next().is_none() {
        man.render_extra_section(&mut bytes)?;
    }
    text.push_str(&format!(".SH \"{name}\"\n{}", headings(&String::from_utf8_lossy(&bytes), ".SS")));
    for sub in command.get_subcommands() {
        section(sub, text)?;
    }
    Ok(())
}

/// Puts the headings of a rendered page into Japanese, at a level.
fn headings(page: &str, level: &str) -> String {
    let line = |line: &str| {
        let Some(word) = line.strip_prefix(".SH ") else { return line.to_owned() };
        let word = match word.trim_matches('"') {
            "NAME" => "名前",
            "SYNOPSIS" => "書式",
            "DESCRIPTION" => "説明",
            "OPTIONS" => "オプション",
            "EXTRA" => "使い方",
            other => other,
        };
        format!("{level} \"{word}\"")
    };
    // The renderer defines the same macro before each part.
    let wanted = |text: &&str| !(text.starts_with(".ie ") || text.starts_with(".el "));
    page.lines().filter(wanted).map(|text| line(&messages::in_japanese(text)) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_has_every_command_in_japanese() {
        let page = page().unwrap();
        assert!(page.contains(".TH meken"), "{page}");
        let mut command = messages::localise(Cli::command());
        command.build();
        for sub in command.get_subcommands() {
            let heading = format!(".SH \"meken {}\"", sub.get_name());
            assert!(page.contains(&heading), "{heading}\n{page}");
            let about = sub.get_about().unwrap().to_string();
            assert!(page.contains(&about.replace('-', "\\-")), "{about}");
        }
        for english in [
            "\"NAME\"",
            "SYNOPSIS",
            "DESCRIPTION",
            "\"OPTIONS\"",
            "Possible values",
            "[default",
            "May also",
            "[OPTIONS]",
            "EXTRA",
        ] {
            assert!(!page.contains(english), "{english}\n{page}");
        }
        assert!(page.contains(".SH \"meken keys check\""), "{page}");
    }

    #[test]
    fn completions_of_every_shell_have_every_command() {
        let command = messages::localise(Cli::command());
        let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        for shell in <clap_complete::Shell as clap::ValueEnum>::value_variants() {
            let mut bytes = Vec::new();
            clap_complete::generate(*shell, &mut command.clone(), "meken", &mut bytes);
            let text = String::from_utf8(bytes).unwrap();
            for name in &names {
                assert!(text.contains(name.as_str()), "{shell}: {name}");
            }
            // bash shows no descriptions.
            let described = text.contains("突合結果ファイルを取り込む");
            assert_eq!(described, *shell != clap_complete::Shell::Bash, "{shell}");
        }
    }
}
