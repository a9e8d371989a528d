//! `meken report`

use super::args::ReportArgs;
use super::context::Context;
use super::out;
use crate::compare::CellWidth;
use crate::desk::Query;
use crate::domain::category::Category;
use crate::domain::tally::ITEMS;
use crate::error::Failure;
use crate::view::{ReportView, json};

pub(super) fn run(context: &Context, args: &ReportArgs) -> Result<(), Failure> {
    let view = if args.freeze {
        let desk = context.open_desk()?;
        let expect = desk.preview_report()?;
        desk.freeze(&expect)?
    } else {
        context.ask_one(&Query::Report)?
    };
    if args.json { out::line(&json::report(&view).to_string()) } else { out::text(&text(context.cells(), &view)) }
}

fn text(cells: CellWidth, view: &ReportView) -> String {
    let report = &view.report;
    let mut text = format!("件数報告  基準日時 {}\n\n", json::moment(view.as_of).replace('T', " "));
    let mut rows = Vec::new();
    for item in ITEMS {
        let label = match item {
            "1" => "総合判定×(突合時点で加入)",
            "2" => "保険者で確認済",
            "3" => "事業主で確認",
            "4" => "本人へ文書を送付",
            "5" => "個人番号の誤り",
            code => code.parse::<Category>().map(|category| category.label()).unwrap_or_default(),
        };
        let indent = if item.len() > 1 { "  " } else { "" };
        rows.push(vec![format!("{indent}設問{item}"), report.item(item).to_string(), label.to_owned()]);
    }
    rows.push(vec!["返信待ち 4-1".to_owned(), report.waiting_4_1.to_string(), String::new()]);
    rows.push(vec!["返信待ち 4-2".to_owned(), report.waiting_4_2.to_string(), String::new()]);
    rows.push(vec!["未了".to_owned(), report.backlog.to_string(), String::new()]);
    rows.push(vec!["隔離した行".to_owned(), view.quarantined.to_string(), String::new()]);
    text.push_str(&out::table(cells, &rows, &[1]));
    text.push('\n');
    let broken = view.broken();
    if broken.is_empty() {
        text.push_str("件数の整合: 合っています\n");
    }
    for broken in broken {
        text.push_str(&format!("件数の整合: {broken}\n"));
    }
    if let Some(bridge) = &view.bridge {
        text.push_str(&format!(
            "前回からの増減(未了): 前回 {} + 新規 {} + 再開 {} - 決定 {} - 消滅 {} = 今回 {}\n",
            bridge.last, bridge.new, bridge.reopened, bridge.closed, bridge.vanished, bridge.this,
        ));
    }
    text.push_str(if report.is_complete() {
        "報告完了: はい\n"
    } else {
        "報告完了: まだ(未了または返信待ちがあります)\n"
    });
    if let Some(frozen) = view.number {
        text.push_str(&format!("第{frozen}号の報告として確定しました\n"));
    }
    text
}
