//! `meken list` and `meken show`

use serde_json::Value;

use super::args::{ListArgs, ListFormat, ShowArgs};
use super::context::Context;
use super::out;
use crate::compare::{CellWidth, FieldKind};
use crate::config::diagnostic::nearest;
use crate::desk::{Query, Sort};
use crate::domain::filter::Filter;
use crate::error::{Exit, Failure};
use crate::export::{self, TextEncoding};

/// Widest text of a table cell.
const WIDEST: usize = 24;

pub(super) fn list(context: &Context, args: &ListArgs) -> Result<(), Failure> {
    let raw = !args.json && args.format == ListFormat::Csv;
    let (filter, all, limit) = (args.filter.clone(), args.all, args.limit);
    let query = Query::List { filter, all, sort: sort(&args.sort)?, limit, raw };
    // Told here, a wrong expression needs no store.
    let parsed = Filter::parse(&args.filter).map_err(|error| Failure::usage(error.to_string()))?;
    if parsed.asks_outside() && !args.all {
        context.say("対象外・消滅の行は確認の対象にないため、--all を付けたときだけ出ます");
    }
    if args.json || args.format == ListFormat::Json {
        let mut fault = Ok(());
        context.ask(&query, &mut |value| {
            fault = out::line(&value.to_string());
            fault.is_ok()
        })?;
        return fault;
    }
    let mut values = Vec::new();
    context.ask(&query, &mut |value| {
        values.push(value);
        true
    })?;
    match args.format {
        ListFormat::Csv => {
            let table = export::records::table(&values);
            // A program reads what came; nobody's text may steer a terminal.
            let table = if out::is_terminal() { table.shown() } else { table };
            let bytes =
                table.to_csv(TextEncoding::Utf8).map_err(|error| Failure::new(Exit::Request, error.to_string()))?;
            out::text(&String::from_utf8_lossy(&bytes))
        }
        _ => {
            out::text(&table(context.cells(), &values))?;
            say_how_many(context, args, values.len());
            Ok(())
        }
    }
}

/// Says how many records are shown, and of how many where a limit may have cut the list.
fn say_how_many(context: &Context, args: &ListArgs, shown: usize) {
    let cut = args.limit.is_some_and(|limit| limit <= shown as u64);
    if context.quiet {
        return;
    }
    // Reading every row of the file to count some would take longer than the list itself.
    let quick = !args.all || args.filter.trim().is_empty();
    let count = || context.ask_one(&Query::Count { filter: args.filter.clone(), all: args.all });
    let total = (cut && quick).then(count);
    match total {
        Some(Ok(total)) => context.say(&format!("{shown} 件(全部で {total} 件、--limit {shown})")),
        // The list is out; that its length cannot be told is no fault of it.
        Some(Err(_)) | None => context.say(&format!("{shown} 件")),
    }
}

pub(super) fn show(context: &Context, args: &ShowArgs) -> Result<(), Failure> {
    let value = context.ask_one(&Query::Show { id: args.id.clone() })?;
    if args.json { out::line(&value.to_string()) } else { out::text(&record(&value)) }
}

fn sort(word: &str) -> Result<Sort, Failure> {
    Sort::WORDS.iter().find(|(name, _)| *name == word).map(|(_, sort)| *sort).ok_or_else(|| {
        let words = Sort::WORDS.map(|(name, _)| name);
        let hint = nearest(word, words).map(|near| format!("。「{near}」ではありませんか")).unwrap_or_default();
        Failure::usage(format!("--sort に「{word}」は使えません({}){hint}", words.join("、")))
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn join(value: &Value, between: &str) -> String {
    value.as_array().map(|items| items.iter().map(text).collect::<Vec<_>>().join(between)).unwrap_or_default()
}

fn table(cells: CellWidth, values: &[Value]) -> String {
    let mut rows = vec![
        ["整理番号", "区分", "状態", "決定", "注意", "加入者 氏名", "J-LIS 氏名", "不一致"].map(str::to_owned).to_vec(),
    ];
    for value in values {
        let fields = &value["fields"];
        let differing: String = FieldKind::ALL
            .into_iter()
            .filter(|field| text(&fields[field.word()]["mark"]) != "○")
            .map(|field| field.short())
            .collect::<Vec<_>>()
            .join("・");
        let name = |side: &str| cells.truncate(text(&fields["kanji"][side]), WIDEST).into_owned();
        rows.push(vec![
            text(&value["id"]).to_owned(),
            text(&value["class"]).to_owned(),
            text(&value["state"]).to_owned(),
            text(&value["category"]).to_owned(),
            warnings(value),
            name("left"),
            name("right"),
            differing,
        ]);
    }
    out::table(cells, &rows, &[])
}

/// Danger flags, and 支援措置 before them.
fn warnings(value: &Value) -> String {
    let protected = if value["protected"] == true { "支援措置" } else { "" };
    let dangers = join(&value["dangers"], ",");
    [protected, &dangers].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(",")
}

fn record(value: &Value) -> String {
    let mut lines = String::new();
    let mut line = |label: &str, body: String| {
        if !body.is_empty() {
            lines.push_str(&format!("{label}: {body}\n"));
        }
    };
    line("整理番号", format!("{}  (ファイルの {} 行目)", text(&value["id"]), value["line"]));
    line(
        "停止区分",
        format!("{}  総合判定 {}  {}", text(&value["class"]), text(&value["overall"]), text(&value["scope"])),
    );
    let protected = match (value["protected"] == true, text(&value["protected_by"])) {
        (true, "file") => "あり(送付しない)  ファイル",
        (true, _) => "あり(送付しない)  手入力",
        (false, "operator") => "なし  手入力",
        (false, _) => "",
    };
    line("支援措置", protected.to_owned());
    for field in FieldKind::ALL {
        let fields = &value["fields"][field.word()];
        let (left, right) = (text(&fields["left"]), text(&fields["right"]));
        let verdict = format!("{} {}", text(&fields["mark"]), text(&fields["verdict"]));
        let reasons = join(&fields["reasons"], "、");
        if left == right {
            line(field.label(), format!("{left}  {verdict}"));
        } else {
            line(field.label(), format!("{verdict}  {reasons}"));
            line("    加入者", left.to_owned());
            line("    J-LIS ", right.to_owned());
        }
    }
    let suggestion = &value["suggestion"];
    if suggestion.is_object() {
        let reasons = join(&suggestion["reasons"], "、");
        line("提案", format!("{} {}: {reasons}", text(&suggestion["category"]), text(&suggestion["evidence"])));
    }
    for sign in value["danger_evidence"].as_array().unwrap_or(&Vec::new()) {
        let other = sign["other"].as_str().map(|id| format!("  → 整理番号 {id}")).unwrap_or_default();
        line("注意", format!("{} {}{other}", text(&sign["flag"]), text(&sign["label"])));
    }
    line("状態", format!("{} {}", text(&value["state"]), text(&value["category"])));
    let evidence: Vec<String> = value["evidence"]
        .as_array()
        .unwrap_or(&Vec::new())
        .iter()
        .map(|item| [text(&item["code"]), text(&item["date"]), text(&item["ref"])].join(" ").trim_end().to_owned())
        .collect();
    line("確認方法", evidence.join("、"));
    line("メモ", text(&value["note"]).to_owned());
    for (label, key) in [("喪失日", "lost"), ("送付日", "sent"), ("期限", "due"), ("返信日", "replied")] {
        line(label, text(&value[key]).to_owned());
    }
    line("安全な送付方法", text(&value["safe_way"]).to_owned());
    line("決定", [text(&value["decided_at"]), text(&value["operator"])].join(" ").trim().to_owned());
    line("解除", value["batch"].as_u64().map(|batch| format!("第{batch}回に報告済")).unwrap_or_default());
    lines
}
