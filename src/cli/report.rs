//! `meken report`

use serde_json::Value;

use super::args::ReportArgs;
use super::context::Context;
use super::out;
use crate::compare::CellWidth;
use crate::desk::{Query, json};
use crate::domain::category::Category;
use crate::domain::tally::ITEMS;
use crate::error::Failure;

pub(super) fn run(context: &Context, args: &ReportArgs) -> Result<(), Failure> {
    let report = if args.freeze {
        let desk = context.open_desk()?;
        let expect = desk.preview_report()?;
        json::report(&desk.freeze(&expect)?)
    } else {
        context.ask_one(&Query::Report)?
    };
    if args.json { out::line(&report.to_string()) } else { out::text(&text(context.cells(), &report)) }
}

fn text(cells: CellWidth, report: &Value) -> String {
    let number = |key: &str| report[key].as_u64().unwrap_or(0);
    let mut text = format!("件数報告  基準日時 {}\n\n", report["as_of"].as_str().unwrap_or_default().replace('T', " "));
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
        rows.push(vec![format!("{indent}設問{item}"), number(item).to_string(), label.to_owned()]);
    }
    rows.push(vec!["返信待ち 4-1".to_owned(), number("waiting_4_1").to_string(), String::new()]);
    rows.push(vec!["返信待ち 4-2".to_owned(), number("waiting_4_2").to_string(), String::new()]);
    rows.push(vec!["未了".to_owned(), number("backlog").to_string(), String::new()]);
    rows.push(vec!["隔離した行".to_owned(), number("quarantined").to_string(), String::new()]);
    text.push_str(&out::table(cells, &rows, &[1]));
    text.push('\n');
    if report["identities_ok"].as_bool() == Some(true) {
        text.push_str("件数の整合: 合っています\n");
    } else {
        for broken in report["broken"].as_array().unwrap_or(&Vec::new()) {
            text.push_str(&format!("件数の整合: {}\n", broken.as_str().unwrap_or_default()));
        }
    }
    if let Some(bridge) = report["bridge"].as_object() {
        let n = |key: &str| bridge.get(key).and_then(Value::as_u64).unwrap_or(0);
        text.push_str(&format!(
            "前回からの増減(未了): 前回 {} + 新規 {} + 再開 {} - 決定 {} - 消滅 {} = 今回 {}\n",
            n("last"),
            n("new"),
            n("reopened"),
            n("closed"),
            n("vanished"),
            n("this"),
        ));
    }
    let complete = report["complete"].as_bool() == Some(true);
    text.push_str(if complete {
        "報告完了: はい\n"
    } else {
        "報告完了: まだ(未了または返信待ちがあります)\n"
    });
    if let Some(frozen) = report["frozen"].as_u64() {
        text.push_str(&format!("第{frozen}号の報告として確定しました\n"));
    }
    text
}
