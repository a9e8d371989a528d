//! Options of the commands that make and read input files.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::appearance::AppearanceArgs;

#[derive(Debug, Args)]
pub(in crate::cli) struct DemoArgs {
    /// 行数
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(in crate::cli) rows: u64,
    /// 乱数の種
    #[arg(long, default_value_t = 1)]
    pub(in crate::cli) seed: u64,
    /// 前の試用データを捨てて作り直す
    #[arg(long)]
    pub(in crate::cli) fresh: bool,
    /// 画面を開かず、状況だけを表示する
    #[arg(long)]
    pub(in crate::cli) no_tui: bool,
    #[command(flatten)]
    pub(in crate::cli) look: AppearanceArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SampleArgs {
    /// 行数
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(in crate::cli) rows: u64,
    /// 乱数の種
    #[arg(long, default_value_t = 1)]
    pub(in crate::cli) seed: u64,
    /// 文字コード
    #[arg(long, value_enum, default_value = "cp932")]
    pub(in crate::cli) encoding: SampleEncoding,
    /// 正解表(TSV)も書き出す
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) truth: Option<PathBuf>,
    /// 書き出し先
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SampleEncoding {
    /// Windows-31J
    Cp932,
    /// UTF-8(BOM なし)
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// 突合結果ファイル(CSV、タブ・セミコロン区切り、Excel ブック)
    pub(in crate::cli) file: PathBuf,
    /// 調べるだけで、何も変えない
    #[arg(long)]
    pub(in crate::cli) check: bool,
    /// 文字コードを指定する(utf-8, cp932, utf-16le, utf-16be)
    #[arg(long, value_name = "E")]
    pub(in crate::cli) encoding: Option<String>,
    /// 列の対応表(TOML)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) layout: Option<PathBuf>,
    /// 日付の列にある表計算ソフトの通し日を年月日に直す(1900, 1904)
    #[arg(long, value_name = "YEAR")]
    pub(in crate::cli) serial_dates: Option<String>,
    /// Excel ブックのうち読むシート
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) sheet: Option<String>,
    /// ファイルの種類
    #[arg(long, value_enum, default_value = "full")]
    pub(in crate::cli) run: Run,
    /// 記録の半分より多くが消滅する全件ファイルでも取り込む
    #[arg(long)]
    pub(in crate::cli) allow_vanish: bool,
    /// 保険者番号がこれまでの記録と違うファイルでも取り込む
    #[arg(long)]
    pub(in crate::cli) allow_insurer: bool,
    /// 判定結果の列がないとき、値を比べて作る
    #[arg(long)]
    pub(in crate::cli) recompute_marks: bool,
    /// 変更のない記録の区分と危険兆候も、今の規則で計算し直す
    #[arg(long)]
    pub(in crate::cli) recompute_facts: bool,
    /// 結果を JSON で出す
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Run {
    /// 全件
    Full,
    /// 差分突合
    Delta,
    /// 誤入力チェック
    NewCheck,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LayoutArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: LayoutCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum LayoutCommand {
    /// ファイルの列を調べ、書き直せる対応表を出す
    Guess {
        /// 突合結果ファイル
        file: PathBuf,
        /// 文字コードを指定する(utf-8, cp932, utf-16le, utf-16be)
        #[arg(long, value_name = "E")]
        encoding: Option<String>,
        /// Excel ブックのうち読むシート
        #[arg(long, value_name = "NAME")]
        sheet: Option<String>,
    },
    /// 対応表を調べる。ファイルも指定すると、その見出しに合うかも調べる
    Check {
        /// 列の対応表(TOML)
        profile: PathBuf,
        /// 突合結果ファイル
        file: Option<PathBuf>,
        /// 文字コードを指定する(utf-8, cp932, utf-16le, utf-16be)
        #[arg(long, value_name = "E")]
        encoding: Option<String>,
        /// Excel ブックのうち読むシート
        #[arg(long, value_name = "NAME")]
        sheet: Option<String>,
    },
}
