//! Options of the appearance, and of the commands that list and check keymaps and themes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Default, Args)]
pub(in crate::cli) struct ReviewArgs {
    #[command(flatten)]
    pub(in crate::cli) look: AppearanceArgs,
}

#[derive(Clone, Debug, Default, Args)]
pub(in crate::cli) struct AppearanceArgs {
    /// キー割り当て(既定は settings.toml、または環境変数 MEKEN_KEYMAP)
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) keymap: Option<String>,
    /// 配色(既定は settings.toml、または環境変数 MEKEN_THEME)
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) theme: Option<String>,
}

impl AppearanceArgs {
    /// These options, completed by those given before the command.
    pub(in crate::cli) fn or(&self, outer: &Self) -> Self {
        Self { keymap: self.keymap.clone().or(outer.keymap.clone()), theme: self.theme.clone().or(outer.theme.clone()) }
    }

    /// The first option that was given.
    pub(in crate::cli) fn given(&self) -> Option<&'static str> {
        let given = [(&self.keymap, "--keymap"), (&self.theme, "--theme")];
        given.into_iter().find(|(value, _)| value.is_some()).map(|(_, name)| name)
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AppearanceFileArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: AppearanceFileCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AppearanceFileCommand {
    /// 選べるものの一覧(* は使用中)
    List,
    /// ファイルを検査する(誤りをすべて表示)
    Check {
        /// ファイル(TOML)
        file: PathBuf,
    },
    /// 引き継いだものも含めて、全部を書き出す
    Print {
        /// 名前
        name: String,
    },
}
