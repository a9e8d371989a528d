//! Every command with its options: the one definition behind parsing, help and completion.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::domain::export::ExportKind;

/// 目検: 突合結果ファイルを確認するための端末用ワークステーション
#[derive(Debug, Parser)]
#[command(name = "meken", version, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(flatten)]
    pub(super) look: LookArgs,
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
    Keys(LooksArgs),
    /// 配色の一覧・検査・書き出し
    Themes(LooksArgs),
    /// 作業フォルダと端末の具合を調べる
    Doctor(DoctorArgs),
    /// シェルの補完を出力する
    Completions(CompletionsArgs),
    /// マニュアル(man)を出力する
    Man,
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// 行数
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(super) rows: u64,
    /// 乱数の種
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// 前の試用データを捨てて作り直す
    #[arg(long)]
    pub(super) fresh: bool,
    /// 画面を開かず、状況だけを表示する
    #[arg(long)]
    pub(super) no_tui: bool,
    #[command(flatten)]
    pub(super) look: LookArgs,
}

#[derive(Debug, Args)]
pub(super) struct SampleArgs {
    /// 行数
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(super) rows: u64,
    /// 乱数の種
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// 文字コード
    #[arg(long, value_enum, default_value = "cp932")]
    pub(super) encoding: SampleEncoding,
    /// 正解表(TSV)も書き出す
    #[arg(long, value_name = "FILE")]
    pub(super) truth: Option<PathBuf>,
    /// 書き出し先
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SampleEncoding {
    /// Windows-31J
    Cp932,
    /// UTF-8(BOM なし)
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// 突合結果ファイル(CSV)
    pub(super) file: PathBuf,
    /// 調べるだけで、何も変えない
    #[arg(long)]
    pub(super) check: bool,
    /// 文字コードを指定する(utf-8, cp932, utf-16le, utf-16be)
    #[arg(long, value_name = "E")]
    pub(super) encoding: Option<String>,
    /// 列の対応表(TOML)
    #[arg(long, value_name = "FILE")]
    pub(super) layout: Option<PathBuf>,
    /// ファイルの種類
    #[arg(long, value_enum, default_value = "full")]
    pub(super) run: Run,
    /// 記録の半分より多くが消滅する全件ファイルでも取り込む
    #[arg(long)]
    pub(super) allow_vanish: bool,
    /// 保険者番号がこれまでの記録と違うファイルでも取り込む
    #[arg(long)]
    pub(super) allow_insurer: bool,
    /// 判定結果の列がないとき、値を比べて作る
    #[arg(long)]
    pub(super) recompute_marks: bool,
    /// 変更のない記録の区分と危険兆候も、今の規則で計算し直す
    #[arg(long)]
    pub(super) recompute_facts: bool,
    /// 結果を JSON で出す
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Run {
    /// 全件
    Full,
    /// 差分突合
    Delta,
    /// 誤入力チェック
    NewCheck,
}

#[derive(Debug, Args)]
pub(super) struct LayoutArgs {
    #[command(subcommand)]
    pub(super) what: LayoutCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum LayoutCommand {
    /// ファイルの列を調べ、書き直せる対応表を出す
    Guess {
        /// 突合結果ファイル(CSV)
        file: PathBuf,
        /// 文字コードを指定する(utf-8, cp932, utf-16le, utf-16be)
        #[arg(long, value_name = "E")]
        encoding: Option<String>,
    },
    /// 対応表を調べる。ファイルも指定すると、その見出しに合うかも調べる
    Check {
        /// 列の対応表(TOML)
        profile: PathBuf,
        /// 突合結果ファイル(CSV)
        file: Option<PathBuf>,
        /// 文字コードを指定する(utf-8, cp932, utf-16le, utf-16be)
        #[arg(long, value_name = "E")]
        encoding: Option<String>,
    },
}

#[derive(Debug, Default, Args)]
pub(super) struct ReviewArgs {
    #[command(flatten)]
    pub(super) look: LookArgs,
}

#[derive(Clone, Debug, Default, Args)]
pub(super) struct LookArgs {
    /// キー割り当て(既定は settings.toml、または環境変数 MEKEN_KEYMAP)
    #[arg(long, value_name = "NAME")]
    pub(super) keymap: Option<String>,
    /// 配色(既定は settings.toml、または環境変数 MEKEN_THEME)
    #[arg(long, value_name = "NAME")]
    pub(super) theme: Option<String>,
}

impl LookArgs {
    /// These, and for what is not named here what stands before the command.
    pub(super) fn or(&self, outer: &Self) -> Self {
        Self { keymap: self.keymap.clone().or(outer.keymap.clone()), theme: self.theme.clone().or(outer.theme.clone()) }
    }

    /// The first option that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [(&self.keymap, "--keymap"), (&self.theme, "--theme")];
        given.into_iter().find(|(value, _)| value.is_some()).map(|(_, name)| name)
    }
}

#[derive(Debug, Args)]
pub(super) struct LooksArgs {
    #[command(subcommand)]
    pub(super) what: LooksCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum LooksCommand {
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

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// JSON で出す
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// JSON で出す
    #[arg(long)]
    pub(super) json: bool,
    /// 1行だけ出す
    #[arg(long, conflicts_with = "json")]
    pub(super) brief: bool,
    /// この秒数ごとに表示し直す
    #[arg(long, value_name = "SECS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(super) watch: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// 絞込条件(例: class:② state:未着手 kanji:N2 flag:F1 text:赤坂)
    #[arg(long, value_name = "EXPR", default_value = "", hide_default_value = true)]
    pub(super) filter: String,
    /// 確認対象外の行も含める
    #[arg(long)]
    pub(super) all: bool,
    /// 並べ方(queue, id, line, class, decided)
    #[arg(long, value_name = "KEY", default_value = "queue")]
    pub(super) sort: String,
    /// 出し方
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: ListFormat,
    /// JSON で出す(--format json と同じ)
    #[arg(long)]
    pub(super) json: bool,
    /// 多くともこの件数
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// 表
    Table,
    /// CSV
    Csv,
    /// 1行に1件の JSON
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// 整理番号
    pub(super) id: String,
    /// JSON で出す
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["id", "from"]))]
pub(super) struct DecideArgs {
    /// 整理番号
    #[arg(requires = "code")]
    pub(super) id: Option<String>,
    /// 区分(2-1〜4-8)、hold(保留)、employer(事業主照会中)
    pub(super) code: Option<String>,
    /// 確認方法。日付と文書番号を : でつなげられます(くり返し可)
    #[arg(long, value_name = "CODE[:DATE[:REF]]")]
    pub(super) evidence: Vec<String>,
    /// メモ
    #[arg(long, value_name = "T")]
    pub(super) note: Option<String>,
    /// 喪失日
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) lost: Option<Date>,
    /// 送付日(既定は今日)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) sent: Option<Date>,
    /// 返信期限または期日(既定は送付日の14日後)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) due: Option<Date>,
    /// 返信日
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) replied: Option<Date>,
    /// 決定済の記録を変える理由
    #[arg(long, value_name = "T")]
    pub(super) reason: Option<String>,
    /// 支援措置(DV・虐待等)の記録へ送付するときの、確かめた安全な送付方法(4-1・4-2)
    #[arg(long, value_name = "TEXT")]
    pub(super) safe_way: Option<String>,
    /// CSV(id,code,evidence,evidence_date,evidence_ref,lost,sent,due,replied,safe_way,note)でまとめて付ける
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["id", "code", "evidence", "note", "lost", "sent", "due", "replied", "safe_way"])]
    pub(super) from: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct UndoArgs {
    /// 整理番号(省略すると自分の直前の操作)
    pub(super) id: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ReopenArgs {
    /// 整理番号
    pub(super) id: String,
    /// 理由
    #[arg(long, value_name = "T")]
    pub(super) reason: String,
}

#[derive(Debug, Args)]
pub(super) struct FlagArgs {
    /// 整理番号
    pub(super) id: String,
    /// 印の種類
    #[arg(value_enum)]
    pub(super) flag: FlagKind,
    /// 付けるか外すか
    #[arg(value_enum)]
    pub(super) on: Switch,
    /// 理由
    #[arg(long, value_name = "T")]
    pub(super) reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FlagKind {
    /// 支援措置(DV・虐待等)
    Dv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    /// 付ける
    On,
    /// 外す
    Off,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// JSON で出す
    #[arg(long)]
    pub(super) json: bool,
    /// 番号を付けて確定し、保存する
    #[arg(long)]
    pub(super) freeze: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// 書き出すもの
    #[arg(value_enum, value_name = export_words())]
    pub(super) what: ExportWhat,
    /// 書き出し先
    #[arg(short, long, value_name = "FILE", required_unless_present = "preview")]
    pub(super) output: Option<PathBuf>,
    /// 形式
    #[arg(long, value_enum, default_value = "csv")]
    pub(super) format: ExportFormat,
    /// 文字コード(utf-8-bom, utf-8, cp932)
    #[arg(long, value_name = "E", default_value = "utf-8-bom")]
    pub(super) encoding: String,
    /// 列の定義(TOML)
    #[arg(long, value_name = "FILE")]
    pub(super) template: Option<PathBuf>,
    /// 解除リストの回(以前の回をもう一度書くとき)
    #[arg(long, value_name = "N")]
    pub(super) batch: Option<u32>,
    /// 作らずに件数だけを見る
    #[arg(long)]
    pub(super) preview: bool,
}

/// A kind of export as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExportWhat(pub(super) ExportKind);

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
pub(super) enum ExportFormat {
    /// CSV
    Csv,
}

#[derive(Debug, Args)]
pub(super) struct BatchArgs {
    #[command(subcommand)]
    pub(super) what: BatchCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum BatchCommand {
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

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct QuarantineArgs {
    /// JSON で出す
    #[arg(long)]
    pub(super) json: bool,
    /// 訂正済・除外した行も含める
    #[arg(long)]
    pub(super) all: bool,
    #[command(subcommand)]
    pub(super) what: Option<QuarantineCommand>,
}

#[derive(Debug, Subcommand)]
pub(super) enum QuarantineCommand {
    /// 取り込まないと決めた行を、理由を付けて除外する
    Dismiss {
        /// 隔離番号(5 または 5-9。いくつでも)
        #[arg(required = true, value_name = "N")]
        numbers: Vec<String>,
        /// 理由
        #[arg(long, value_name = "T")]
        reason: String,
    },
    /// 除外を取り消し、未処理に戻す
    Restore {
        /// 隔離番号(5 または 5-9。いくつでも)
        #[arg(required = true, value_name = "N")]
        numbers: Vec<String>,
        /// 理由
        #[arg(long, value_name = "T")]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// 整理番号
    pub(super) id: Option<String>,
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

/// Reads a date in every form that a file may have (RULES §7).
pub(super) fn date(text: &str) -> Result<Date, String> {
    crate::domain::scope::DateCell::read(text)
        .day()
        .ok_or_else(|| "日付は 2023-10-01、20231001、R5.10.1 のように入力してください".to_owned())
}
