//! `meken list` and `meken show`

use super::args::{ListArgs, ListFormat, ShowArgs};
use super::context::Context;
use super::out;
use crate::compare::{CellWidth, FieldKind, Reason, visible};
use crate::config::diagnostic::nearest;
use crate::desk::{Query, Sort};
use crate::domain::case::Evidence;
use crate::domain::category::Category;
use crate::domain::filter::Filter;
use crate::domain::record::{Mark, Record};
use crate::error::{Exit, Failure};
use crate::export::TextEncoding;
use crate::export::records::RecordList;
use crate::view::{RecordView, json};

/// Maximum width of the text of a table cell, in cells of the terminal.
const MAXIMUM_WIDTH: usize = 24;

pub(super) fn list(context: &Context, args: &ListArgs) -> Result<(), Failure> {
    let (filter, all, limit) = (args.filter.clone(), args.all, args.limit);
    let query = Query::List { filter, all, sort: sort(&args.sort)?, limit };
    // Told here, a wrong expression needs no store.
    let parsed = Filter::parse(&args.filter).map_err(|error| Failure::usage(error.to_string()))?;
    if parsed.asks_outside() && !args.all {
        context.say("対象外・消滅の行は確認の対象にないため、--all を付けたときだけ出ます");
    }
    if args.json || args.format == ListFormat::Json {
        let mut fault = Ok(());
        context.ask_each(&query, &mut |view: RecordView| {
            fault = out::line(&json::record(&view).to_string());
            fault.is_ok()
        })?;
        return fault;
    }
    match args.format {
        ListFormat::Csv => {
            let mut list = RecordList::default();
            context.ask_each(&query, &mut |view: RecordView| {
                list.push(&view);
                true
            })?;
            // A program reads what came; nobody's text may steer a terminal.
            let table = if out::is_terminal() { list.finish().shown() } else { list.finish() };
            let bytes =
                table.to_csv(TextEncoding::Utf8).map_err(|error| Failure::new(Exit::Request, error.to_string()))?;
            out::text(&String::from_utf8_lossy(&bytes))
        }
        _ => {
            let cells = context.cells();
            let mut rows = vec![HEADER.map(str::to_owned).to_vec()];
            context.ask_each(&query, &mut |view: RecordView| {
                rows.push(row(cells, &view));
                true
            })?;
            out::text(&out::table(cells, &rows, &[]))?;
            say_how_many(context, args, rows.len() - 1);
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
    let count = || context.ask_one::<u64>(&Query::Count { filter: args.filter.clone(), all: args.all });
    let total = (cut && quick).then(count);
    match total {
        Some(Ok(total)) => context.say(&format!("{shown} 件(全部で {total} 件、--limit {shown})")),
        // The list is out; that its length cannot be told is no fault of it.
        Some(Err(_)) | None => context.say(&format!("{shown} 件")),
    }
}

pub(super) fn show(context: &Context, args: &ShowArgs) -> Result<(), Failure> {
    let view: RecordView = context.ask_one(&Query::Show { id: args.id.clone() })?;
    if args.json { out::line(&json::record(&view).to_string()) } else { out::text(&record(&view)) }
}

fn sort(word: &str) -> Result<Sort, Failure> {
    Sort::WORDS.iter().find(|(name, _)| *name == word).map(|(_, sort)| *sort).ok_or_else(|| {
        let words = Sort::WORDS.map(|(name, _)| name);
        let hint = nearest(word, words).map(|near| format!("。「{near}」ではありませんか")).unwrap_or_default();
        Failure::usage(format!("--sort に「{word}」は使えません({}){hint}", words.join("、")))
    })
}

/// The titles of the table.
const HEADER: [&str; 8] = ["整理番号", "区分", "状態", "決定", "注意", "加入者 氏名", "J-LIS 氏名", "不一致"];

fn row(cells: CellWidth, view: &RecordView) -> Vec<String> {
    let Record { row, facts, .. } = &view.record;
    let differing: Vec<&str> =
        facts.marks.fields.iter().filter(|(_, mark)| **mark != Mark::Match).map(|(field, _)| field.short()).collect();
    let name = |text: &str| cells.truncate(&visible(text), MAXIMUM_WIDTH).into_owned();
    vec![
        visible(&row.id()).into_owned(),
        facts.class.label().to_owned(),
        view.state_label().to_owned(),
        view.case.state.category().map_or("", Category::code).to_owned(),
        warnings(view),
        name(row.left(FieldKind::Kanji)),
        name(row.right(FieldKind::Kanji)),
        differing.join("・"),
    ]
}

/// Danger flags, and 支援措置 before them.
fn warnings(view: &RecordView) -> String {
    let protected = view.is_protected().then_some("支援措置");
    let dangers = view.record.facts.dangers.iter().map(|danger| danger.code());
    protected.into_iter().chain(dangers).collect::<Vec<_>>().join(",")
}

fn record(view: &RecordView) -> String {
    let (Record { row, facts, .. }, case) = (&view.record, &view.case);
    let mut lines = String::new();
    let mut line = |label: &str, body: String| {
        if !body.is_empty() {
            lines.push_str(&format!("{label}: {body}\n"));
        }
    };
    line("整理番号", format!("{}  (ファイルの {} 行目)", visible(&row.id()), row.line));
    line("停止区分", format!("{}  総合判定 {}  {}", facts.class.label(), facts.overall.label(), facts.scope.label()));
    let protected = match (view.is_protected(), case.protected) {
        (true, None) => "あり(送付しない)  ファイル",
        (true, Some(_)) => "あり(送付しない)  手入力",
        (false, Some(_)) => "なし  手入力",
        (false, None) => "",
    };
    line("支援措置", protected.to_owned());
    for field in FieldKind::ALL {
        let comparison = &view.comparisons[field];
        let (left, right) = (visible(row.left(field)), visible(row.right(field)));
        let verdict = format!("{} {}", facts.marks.fields[field].label(), comparison.verdict.label());
        if left == right {
            line(field.label(), format!("{left}  {verdict}"));
        } else {
            line(field.label(), format!("{verdict}  {}", join(&comparison.reasons)));
            line("    加入者", left.into_owned());
            line("    J-LIS ", right.into_owned());
        }
    }
    for words in view.change_words() {
        line("更新", words);
    }
    if let Some(suggestion) = &view.suggestion {
        let reasons = join(suggestion.reasons.iter().map(|(_, reason)| reason));
        line("提案", format!("{} {}: {reasons}", suggestion.category.code(), suggestion.evidence.label()));
    }
    for sign in &view.signs {
        let other = sign.other.as_deref().map(|id| format!("  → 整理番号 {}", visible(id))).unwrap_or_default();
        line("注意", format!("{} {}{other}", sign.danger.code(), sign.danger.label()));
    }
    line("状態", format!("{} {}", view.state_label(), case.state.category().map_or("", Category::code)));
    line("確認方法", case.evidence.iter().map(evidence).collect::<Vec<_>>().join("、"));
    line("メモ", visible(&case.note).into_owned());
    for (label, day) in
        [("喪失日", case.lost), ("送付日", case.sent()), ("期限", case.due()), ("返信日", case.replied())]
    {
        line(label, day.map(|day| day.to_string()).unwrap_or_default());
    }
    line("安全な送付方法", visible(case.safe_way()).into_owned());
    let decided = case.decided_at.map(json::moment).unwrap_or_default();
    line("決定", format!("{decided} {}", visible(&case.operator)).trim().to_owned());
    line("解除", view.case.in_batch.map(|batch| format!("第{batch}回に報告済")).unwrap_or_default());
    lines
}

fn join<'r>(reasons: impl IntoIterator<Item = &'r Reason>) -> String {
    reasons.into_iter().map(|reason| reason.text.as_str()).collect::<Vec<_>>().join("、")
}

/// A piece of evidence with its date and reference.
fn evidence(evidence: &Evidence) -> String {
    let date = evidence.date.map(|day| day.to_string()).unwrap_or_default();
    format!("{} {date} {}", evidence.code.label(), visible(&evidence.reference)).trim_end().to_owned()
}
