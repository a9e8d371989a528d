//! `meken status`

use serde_json::Value;

use super::args::StatusArgs;
use super::context::Context;
use super::out;
use crate::compare::CellWidth;
use crate::desk::Query;
use crate::domain::filter::CHANGED;
use crate::error::Failure;

pub(super) fn run(context: &Context, args: &StatusArgs) -> Result<(), Failure> {
    loop {
        let status = context.ask_one(&Query::Status)?;
        if args.json {
            out::line(&status.to_string())?;
        } else if args.brief {
            out::line(&brief(&status))?;
        } else {
            out::text(&full(context.cells(), &status))?;
        }
        let Some(seconds) = args.watch else { return Ok(()) };
        std::thread::sleep(std::time::Duration::from_secs(seconds));
        if !args.json && !args.brief {
            out::line("")?;
        }
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn brief(status: &Value) -> String {
    let next = &status["release"]["next"];
    let changed = match number(&status["release"]["changed"]) {
        0 => String::new(),
        n => format!("  報告後の変更 {n}"),
    };
    format!(
        "残 {}/{}  返信待ち {}  未報告の解除 {}{changed}  隔離 {}  次回締切 第{}回 {}",
        number(&status["remaining"]),
        number(&status["in_item1"]),
        number(&status["waiting"]),
        number(&status["release"]["unreported"]),
        number(&status["quarantined"]),
        number(&next["batch"]),
        word(&next["cutoff"]).replace('T', " "),
    )
}

/// The status for people: what remains, by class, category and operator.
pub(super) fn full(cells: CellWidth, status: &Value) -> String {
    let mut text = format!("{}  ({} 現在)\n\n", word(&status["file"]), word(&status["as_of"]).replace('T', " "));
    let row = |label: &str, value: &Value| vec![format!("  {label}"), number(value).to_string()];
    text.push_str(&out::table(
        cells,
        &[
            row("確認対象(設問1)", &status["in_item1"]),
            row("決定済", &status["decided"]),
            row("返信待ち", &status["waiting"]),
            row("残り", &status["remaining"]),
            row("対象外(喪失等)", &status["out_of_scope"]),
            row("隔離した行", &status["quarantined"]),
        ],
        &[1],
    ));
    text.push_str("\n停止区分ごとの残り\n");
    let empty = serde_json::Map::new();
    let classes = status["by_class"].as_object().unwrap_or(&empty);
    let rows: Vec<Vec<String>> = classes
        .iter()
        .map(|(class, count)| {
            let (total, remaining) = (number(&count["total"]), number(&count["remaining"]));
            vec![
                format!("  {class}"),
                remaining.to_string(),
                "/".to_owned(),
                total.to_string(),
                gauge(remaining, total),
            ]
        })
        .collect();
    text.push_str(&out::table(cells, &rows, &[1, 3]));
    let categories: Vec<Vec<String>> = status["by_category"]
        .as_object()
        .unwrap_or(&empty)
        .iter()
        .filter(|(_, count)| number(count) > 0)
        .map(|(code, count)| {
            let label = code.parse::<crate::domain::category::Category>().map(|c| c.label()).unwrap_or_default();
            vec![format!("  {code}"), number(count).to_string(), label.to_owned()]
        })
        .collect();
    if !categories.is_empty() {
        text.push_str("\n区分\n");
        text.push_str(&out::table(cells, &categories, &[1]));
    }
    if let Some(operators) = status["operators"].as_array().filter(|operators| !operators.is_empty()) {
        text.push_str("\n操作者\n");
        let rows: Vec<Vec<String>> = operators
            .iter()
            .map(|operator| {
                vec![format!("  {}", word(&operator["operator"])), number(&operator["decided"]).to_string()]
            })
            .collect();
        text.push_str(&out::table(cells, &rows, &[1]));
    }
    let next = &status["release"]["next"];
    text.push_str(&format!(
        "\n解除: 報告済 {}、未報告 {}。次回締切は第{}回 {}\n",
        number(&status["release"]["reported"]),
        number(&status["release"]["unreported"]),
        number(&next["batch"]),
        word(&next["cutoff"]).replace('T', " "),
    ));
    if number(&status["release"]["changed"]) > 0 {
        text.push_str(&format!(
            "報告した後に内容が変わった記録 {} 件。決定し直すか取り下げてください。一覧は meken list --all --filter batch:{CHANGED}\n",
            number(&status["release"]["changed"]),
        ));
    }
    text
}

/// Ten cells that fill as the work is done.
fn gauge(remaining: u64, total: u64) -> String {
    const CELLS: u64 = 10;
    if total == 0 {
        return String::new();
    }
    let done = (total - remaining.min(total)) * CELLS / total;
    let full = usize::try_from(done).unwrap_or(0);
    format!("{}{}", "#".repeat(full), "-".repeat(CELLS as usize - full))
}
