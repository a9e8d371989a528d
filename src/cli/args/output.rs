//! Options of reports, exports and batches.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};

use crate::domain::export::ExportKind;

#[derive(Debug, Args)]
pub(in crate::cli) struct ReportArgs {
    /// JSON で出す
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// 番号を付けて確定し、保存する
    #[arg(long)]
    pub(in crate::cli) freeze: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArgs {
    /// 書き出すもの
    #[arg(value_enum, value_name = export_words())]
    pub(in crate::cli) what: ExportWhat,
    /// 書き出し先
    #[arg(short, long, value_name = "FILE", required_unless_present = "preview")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// 形式
    #[arg(long, value_enum, default_value = "csv")]
    pub(in crate::cli) format: ExportFormat,
    /// 文字コード(utf-8-bom, utf-8, cp932)
    #[arg(long, value_name = "E", default_value = "utf-8-bom")]
    pub(in crate::cli) encoding: String,
    /// 列の定義(TOML)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) template: Option<PathBuf>,
    /// 解除リストの回(以前の回をもう一度書くとき)
    #[arg(long, value_name = "N")]
    pub(in crate::cli) batch: Option<u32>,
    /// 作らずに件数だけを見る
    #[arg(long)]
    pub(in crate::cli) preview: bool,
}

/// A kind of export as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct ExportWhat(pub(in crate::cli) ExportKind);

impl ValueEnum for ExportWhat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<ExportWhat>> =
            LazyLock::new(|| ExportKind::ALL.iter().copied().map(ExportWhat).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let info = self.0.info();
        Some(PossibleValue::new(info.word).help(info.label))
    }
}

/// The kinds of export in one word, for the usage line.
fn export_words() -> &'static str {
    static WORDS: LazyLock<String> =
        LazyLock::new(|| ExportKind::ALL.iter().map(|kind| kind.info().word).collect::<Vec<_>>().join("|"));
    &WORDS
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExportFormat {
    /// CSV
    Csv,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct BatchArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: BatchCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BatchCommand {
    /// 回次の一覧
    List {
        /// JSON で出す
        #[arg(long)]
        json: bool,
    },
    /// 1回分の内容
    Show {
        /// 回
        number: u32,
        /// JSON で出す
        #[arg(long)]
        json: bool,
    },
    /// 以前の回をもう一度書き出す(同じ内容になります)
    Write {
        /// 回
        number: u32,
        /// 書き出し先
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// 文字コード(utf-8-bom, utf-8, cp932)
        #[arg(long, value_name = "E", default_value = "utf-8-bom")]
        encoding: String,
        /// 列の定義(TOML)
        #[arg(long, value_name = "FILE")]
        template: Option<PathBuf>,
    },
    /// 記録を取り下げる
    Withdraw {
        /// 回
        number: u32,
        /// 整理番号
        id: String,
        /// 理由
        #[arg(long, value_name = "T")]
        reason: String,
    },
}
