//! Every command with its options: the one definition behind parsing, help and completion.

mod appearance;
mod files;
mod output;
mod records;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use appearance::{AppearanceArgs, AppearanceFileArgs, AppearanceFileCommand, ReviewArgs};
pub(super) use files::{DemoArgs, ImportArgs, LayoutArgs, LayoutCommand, Run, SampleArgs, SampleEncoding};
pub(super) use output::{BatchArgs, BatchCommand, ExportArgs, ReportArgs};
pub(super) use records::{
    DecideArgs, FlagArgs, FlagKind, ListArgs, ListFormat, LogArgs, QuarantineArgs, QuarantineCommand, ReopenArgs,
    ShowArgs, StatusArgs, Switch, UndoArgs, date,
};

/// 目検: 突合結果ファイルを確認するための端末用ワークステーション
#[derive(Debug, Parser)]
#[command(name = "meken", version, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(flatten)]
    pub(super) look: AppearanceArgs,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Args)]
pub(super) struct Global {
    /// 作業フォルダ(既定は $XDG_DATA_HOME/meken/default)
    #[arg(
        long,
        global = true,
        display_order = 900,
        value_name = "DIR",
        env = "MEKEN_WORKSPACE",
        hide_env_values = true
    )]
    pub(super) workspace: Option<PathBuf>,
    /// 色を使うか
    #[arg(long, global = true, display_order = 901, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// 経過や案内を出さない
    #[arg(short, long, global = true, display_order = 902, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// くわしく出す
    #[arg(short, long, global = true, display_order = 903)]
    pub(super) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// 端末なら使う
    Auto,
    /// いつも使う
    Always,
    /// 使わない
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 架空のデータで試す
    Demo(DemoArgs),
    /// 架空の突合結果ファイルを作る
    Sample(SampleArgs),
    /// 突合結果ファイルを取り込む
    Import(ImportArgs),
    /// 列の対応表(レイアウト定義)を作る、調べる
    Layout(LayoutArgs),
    /// 確認画面を開く(省略時の動作)
    Review(ReviewArgs),
    /// 残件数と進み具合を表示する
    Status(StatusArgs),
    /// 記録を一覧にする
    List(ListArgs),
    /// 記録を1件表示する
    Show(ShowArgs),
    /// 区分を付ける(1件、または CSV でまとめて)
    Decide(DecideArgs),
    /// 直前の操作を取り消す
    Undo(UndoArgs),
    /// 決定済の記録を確認中に戻す
    Reopen(ReopenArgs),
    /// 支援措置(DV・虐待等)の印を付け外しする
    Flag(FlagArgs),
    /// 件数報告(設問1〜5)
    Report(ReportArgs),
    /// 解除リスト・報告・記録・隔離した行をファイルに書き出す
    Export(ExportArgs),
    /// 解除リストの回次を扱う
    Batch(BatchArgs),
    /// 取り込めずに隔離した行を表示する、除外する
    Quarantine(QuarantineArgs),
    /// 操作の履歴を表示する
    Log(LogArgs),
    /// 保存データの完全性を検査する
    Verify,
    /// 2つの値を比べる(標準入力: 項目、加入者、J-LIS をタブ区切りで)
    Compare(CompareArgs),
    /// キー割り当ての一覧・検査・書き出し
    Keys(AppearanceFileArgs),
    /// 配色の一覧・検査・書き出し
    Themes(AppearanceFileArgs),
    /// 作業フォルダと端末の具合を調べる
    Doctor(DoctorArgs),
    /// シェルの補完を出力する
    Completions(CompletionsArgs),
    /// マニュアル(man)を出力する
    Man,
}

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// JSON で出す
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// same, uncertain, different だけを出す
    #[arg(long)]
    pub(super) verdict_only: bool,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// シェルの種類
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}
