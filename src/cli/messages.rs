//! clap speaks English; users of meken read Japanese.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

use super::{help, out};
use crate::error::Exit;

const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";

/// Gives a command and its subcommands Japanese headings and help options.
pub(super) fn localise(command: Command) -> Command {
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help("版を表示する")
        .display_order(998);
    let command = command.disable_version_flag(true).arg(version);
    let exits = "終了コード: 0 完了 / 1 できない / 2 指定の誤り / 3 入力ファイルの拒否 / 4 保存の障害 / 75 使用中";
    let long = format!("{}\n\n{exits}", help::long("meken").unwrap_or_default());
    localise_all(command, None).after_help(exits).after_long_help(long)
}

/// `family` is the command whose long help the subcommands share.
fn localise_all(command: Command, family: Option<&str>) -> Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help("-h 短い説明、--help くわしい説明")
        .display_order(999);
    let subcommands: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    // Under a heading of their own clap would sort positional arguments by name, not as they are typed.
    let mut place = 0;
    let mut command = command
        .disable_help_flag(true)
        .arg(help)
        .help_template(TEMPLATE)
        .subcommand_help_heading("コマンド")
        .subcommand_value_name("コマンド")
        .mut_args(|arg| {
            if !arg.is_positional() {
                return describe(arg).help_heading("オプション");
            }
            place += 1;
            describe(arg).help_heading("引数").display_order(place)
        });
    if let Some(family) = family
        && let Some(long) = help::long(family)
    {
        command = command.after_long_help(long);
    }
    for name in subcommands {
        let family = family.map_or_else(|| name.clone(), str::to_owned);
        command = command.mut_subcommand(&name, |sub| localise_all(sub, Some(&family)));
    }
    command
}

/// Says in Japanese which values an argument takes, what it is by default, and which variable sets it.
fn describe(arg: Arg) -> Arg {
    let Some(help) = arg.get_help().map(ToString::to_string) else { return arg };
    if !arg.get_action().takes_values() {
        return arg;
    }
    let mut notes = String::new();
    let values: Vec<_> = arg.get_possible_values().into_iter().filter(|value| !value.is_hide_set()).collect();
    if !values.is_empty() {
        let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        notes.push_str(&format!(" [{}]", names.join(" / ")));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if !defaults.is_empty() && !arg.is_hide_default_value_set() {
        notes.push_str(&format!(" [既定 {}]", defaults.join(" ")));
    }
    if let Some(variable) = arg.get_env().filter(|_| !arg.is_hide_env_set()) {
        notes.push_str(&format!(" [環境変数 {}]", variable.to_string_lossy()));
    }
    let mut long = format!("{help}{notes}");
    let widest = values.iter().map(|value| value.get_name().len()).max().unwrap_or(0);
    for value in &values {
        if let Some(words) = value.get_help() {
            long.push_str(&format!("\n  {:widest$}  {words}", value.get_name()));
        }
    }
    arg.help(format!("{help}{notes}"))
        .long_help(long)
        .hide_possible_values(true)
        .hide_default_value(true)
        .hide_env(true)
}

/// The one word of a usage line that clap gives no way to change.
pub(super) fn in_japanese(help: &str) -> String {
    help.replace("[OPTIONS]", "[オプション]")
}

/// Shows help, the version or what is wrong with the command line; gives the exit code.
pub(super) fn show(error: &clap::Error) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Ends quietly when nobody reads the help to its end.
            let _ = out::text(&in_japanese(&error.render().to_string()));
            0
        }
        _ => {
            out::message(&explain(error));
            Exit::Usage.code()
        }
    }
}

fn explain(error: &clap::Error) -> String {
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let arg = crate::compare::visible(&word(ContextKind::InvalidArg)).into_owned();
    let value = crate::compare::visible(&word(ContextKind::InvalidValue)).into_owned();
    let valid = word(ContextKind::ValidValue);
    let mut text = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("コマンド「{}」はありません", crate::compare::visible(&word(ContextKind::InvalidSubcommand)))
        }
        ErrorKind::UnknownArgument => format!("オプション「{arg}」は使えません"),
        ErrorKind::MissingRequiredArgument => format!("{arg} を指定してください"),
        ErrorKind::MissingSubcommand => "コマンドを指定してください".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} に値を指定してください"),
        ErrorKind::InvalidValue => format!("{arg} に「{value}」は使えません。{valid} から選んでください"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let why = if why.is_ascii() { "指定できる範囲の値にしてください".to_owned() } else { why };
            format!("{arg} に「{value}」は使えません。{why}")
        }
        ErrorKind::ArgumentConflict => format!("{arg} と {} は一緒に使えません", word(ContextKind::PriorArg)),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("{arg} の値の数が違います")
        }
        ErrorKind::InvalidUtf8 => "引数に読めない文字があります".to_owned(),
        _ => "指定が正しくありません".to_owned(),
    };
    let suggestion = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .map(word)
        .find(|word| !word.is_empty());
    if let Some(suggestion) = suggestion {
        text.push_str(&format!("。「{suggestion}」ではありませんか"));
    }
    format!("meken: {text}\nくわしくは meken --help、コマンドごとの説明は meken コマンド --help をご覧ください")
}
