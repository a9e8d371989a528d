//! Options of the commands on records: lists, decisions, quarantined rows, history.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::domain::scope::DateCell;

#[derive(Debug, Args)]
pub(in crate::cli) struct StatusArgs {
    /// JSON で出す
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// 1行だけ出す
    #[arg(long, conflicts_with = "json")]
    pub(in crate::cli) brief: bool,
    /// この秒数ごとに表示し直す
    #[arg(long, value_name = "SECS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(in crate::cli) watch: Option<u64>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    /// 絞込条件(例: class:② state:未着手 kanji:N2 flag:F1 text:赤坂)
    #[arg(long, value_name = "EXPR", default_value = "", hide_default_value = true)]
    pub(in crate::cli) filter: String,
    /// 確認対象外の行も含める
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// 並べ方(queue, id, line, class, decided)
    #[arg(long, value_name = "KEY", default_value = "queue")]
    pub(in crate::cli) sort: String,
    /// 出し方
    #[arg(long, value_enum, default_value = "table")]
    pub(in crate::cli) format: ListFormat,
    /// JSON で出す(--format json と同じ)
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// 多くともこの件数
    #[arg(long, value_name = "N")]
    pub(in crate::cli) limit: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ListFormat {
    /// 表
    Table,
    /// CSV
    Csv,
    /// 1行に1件の JSON
    Json,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// 整理番号
    pub(in crate::cli) id: String,
    /// JSON で出す
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["id", "from"]))]
pub(in crate::cli) struct DecideArgs {
    /// 整理番号
    #[arg(requires = "code")]
    pub(in crate::cli) id: Option<String>,
    /// 区分(2-1〜4-8)、hold(保留)、employer(事業主照会中)
    pub(in crate::cli) code: Option<String>,
    /// 確認方法。日付と文書番号を : でつなげられます(くり返し可)
    #[arg(long, value_name = "CODE[:DATE[:REF]]")]
    pub(in crate::cli) evidence: Vec<String>,
    /// メモ
    #[arg(long, value_name = "T")]
    pub(in crate::cli) note: Option<String>,
    /// 喪失日
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) lost: Option<Date>,
    /// 送付日(既定は今日)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) sent: Option<Date>,
    /// 返信期限または期日(既定は送付日の14日後)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) due: Option<Date>,
    /// 返信日
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) replied: Option<Date>,
    /// 決定済の記録を変える理由
    #[arg(long, value_name = "T")]
    pub(in crate::cli) reason: Option<String>,
    /// 支援措置(DV・虐待等)の記録へ送付するときの、確かめた安全な送付方法(4-1・4-2)
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) safe_way: Option<String>,
    /// CSV(id,code,evidence,evidence_date,evidence_ref,lost,sent,due,replied,safe_way,note)でまとめて付ける
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["id", "code", "evidence", "note", "lost", "sent", "due", "replied", "safe_way"])]
    pub(in crate::cli) from: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct UndoArgs {
    /// 整理番号(省略すると自分の直前の操作)
    pub(in crate::cli) id: Option<String>,
    /// 取り消す理由(支援措置の印を外す取消で必要)
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ReopenArgs {
    /// 整理番号
    pub(in crate::cli) id: String,
    /// 理由
    #[arg(long, value_name = "T")]
    pub(in crate::cli) reason: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct FlagArgs {
    /// 整理番号
    pub(in crate::cli) id: String,
    /// 印の種類
    #[arg(value_enum)]
    pub(in crate::cli) flag: FlagKind,
    /// 付けるか外すか
    #[arg(value_enum)]
    pub(in crate::cli) on: Switch,
    /// 理由
    #[arg(long, value_name = "T")]
    pub(in crate::cli) reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FlagKind {
    /// 支援措置(DV・虐待等)
    Dv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Switch {
    /// 付ける
    On,
    /// 外す
    Off,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct QuarantineArgs {
    /// JSON で出す
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// 訂正済・除外した行も含める
    #[arg(long)]
    pub(in crate::cli) all: bool,
    #[command(subcommand)]
    pub(in crate::cli) what: Option<QuarantineCommand>,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum QuarantineCommand {
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
pub(in crate::cli) struct LogArgs {
    /// 整理番号
    pub(in crate::cli) id: Option<String>,
    /// JSON で出す
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

/// Reads a date in every form that a file may have (RULES §7).
pub(in crate::cli) fn date(text: &str) -> Result<Date, String> {
    DateCell::read(text).day().ok_or_else(|| "日付は 2023-10-01、20231001、R5.10.1 のように入力してください".to_owned())
}
