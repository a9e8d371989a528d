//! `meken status`

use super::args::StatusArgs;
use super::context::Context;
use super::out;
use crate::compare::{CellWidth, visible};
use crate::desk::Query;
use crate::domain::category::Category;
use crate::domain::filter::CHANGED;
use crate::error::Failure;
use crate::view::{StatusView, json};

pub(super) fn run(context: &Context, args: &StatusArgs) -> Result<(), Failure> {
    loop {
        let view: StatusView = context.ask_one(&Query::Status)?;
        if args.json {
            out::line(&json::status(&view).to_string())?;
        } else if args.brief {
            out::line(&brief(&view))?;
        } else {
            out::text(&full(context.cells(), &view))?;
        }
        let Some(seconds) = args.watch else { return Ok(()) };
        std::thread::sleep(std::time::Duration::from_secs(seconds));
        if !args.json && !args.brief {
            out::line("")?;
        }
    }
}

fn brief(view: &StatusView) -> String {
    let status = &view.status;
    let changed = match status.changed {
        0 => String::new(),
        n => format!("  報告後の変更 {n}"),
    };
    format!(
        "残 {}/{}  返信待ち {}  未報告の解除 {}{changed}  隔離 {}  次回締切 第{}回 {}",
        status.remaining,
        status.in_item1,
        status.waiting,
        status.unreported,
        view.quarantined,
        view.cutoff.round,
        cutoff(view),
    )
}

/// The next cut-off to the second.
fn cutoff(view: &StatusView) -> String {
    view.cutoff.at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The status for people: what remains, by class, category and operator.
pub(super) fn full(cells: CellWidth, view: &StatusView) -> String {
    let status = &view.status;
    let as_of = json::moment(view.as_of).replace('T', " ");
    let mut text = format!("{}  ({as_of} 現在)\n\n", visible(&view.file));
    let row = |label: &str, count: u64| vec![format!("  {label}"), count.to_string()];
    text.push_str(&out::table(
        cells,
        &[
            row("確認対象(設問1)", status.in_item1),
            row("決定済", status.decided),
            row("返信待ち", status.waiting),
            row("残り", status.remaining),
            row("対象外(喪失等)", status.out_of_scope),
            row("隔離した行", view.quarantined),
        ],
        &[1],
    ));
    text.push_str("\n停止区分ごとの残り\n");
    let rows: Vec<Vec<String>> = view
        .classes()
        .map(|(class, count)| {
            vec![
                format!("  {}", class.label()),
                count.remaining.to_string(),
                "/".to_owned(),
                count.total.to_string(),
                gauge(count.remaining, count.total),
            ]
        })
        .collect();
    text.push_str(&out::table(cells, &rows, &[1, 3]));
    let counted =
        Category::ALL.into_iter().filter_map(|category| Some((category, *status.by_category.get(&category)?)));
    let categories: Vec<Vec<String>> = counted
        .filter(|(_, count)| *count > 0)
        .map(|(category, count)| vec![format!("  {}", category.code()), count.to_string(), category.label().to_owned()])
        .collect();
    if !categories.is_empty() {
        text.push_str("\n区分\n");
        text.push_str(&out::table(cells, &categories, &[1]));
    }
    if !status.operators.is_empty() {
        text.push_str("\n操作者\n");
        let row = |(operator, count): (&String, &u64)| vec![format!("  {}", visible(operator)), count.to_string()];
        let rows: Vec<Vec<String>> = status.operators.iter().map(row).collect();
        text.push_str(&out::table(cells, &rows, &[1]));
    }
    text.push_str(&format!(
        "\n解除: 報告済 {}、未報告 {}。次回締切は第{}回 {}\n",
        status.reported,
        status.unreported,
        view.cutoff.round,
        cutoff(view),
    ));
    if status.changed > 0 {
        text.push_str(&format!(
            "報告した後に内容が変わった記録 {} 件。決定し直すか取り下げてください。一覧は meken list --all --filter batch:{CHANGED}\n",
            status.changed,
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
