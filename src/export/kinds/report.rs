//! The 件数報告 as a table: items, what waits, 未了, the bridge, 基準日時 (DOMAIN §8).

use jiff::Timestamp;

use crate::desk::{DeskError, Seat};
use crate::domain::category::Category;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::tally::{Bridge, ITEMS, Report};
use crate::export::cell::Cell;
use crate::export::csv::Table;
use crate::export::error::ExportError;
use crate::export::plan::Plan;

/// The counts as they stand now, or a frozen report as it was.
pub(super) fn plan(desk: &Seat, number: Option<u32>) -> Result<Plan, ExportError> {
    let view = match number {
        None => desk.report()?,
        Some(number) => desk.frozen_report(number)?.ok_or_else(|| {
            DeskError::Usage(format!("件数報告 第{number}号はありません。読み直して選び直してください"))
        })?,
    };
    let edition = ExportRequest { kind: ExportKind::Report, number };
    let counts = ITEMS.map(|item| (item.to_owned(), view.report.item(item)));
    let table = table(&view.report, view.bridge.as_ref(), view.as_of);
    Ok(Plan { counts: counts.into(), ..Plan::new(edition, view.as_of, table) })
}

/// Lays a report out: 設問, 内容, 件数.
///
/// `bridge` is `None` for the first report; its rows are then left out.
pub fn table(report: &Report, bridge: Option<&Bridge>, as_of: Timestamp) -> Table {
    let mut table = Table::new(["設問", "内容", "件数"]);
    let mut count =
        |item: &str, label: &str, count: u64| table.push([Cell::from(item), label.into(), Cell::Number(count)]);
    for item in ITEMS {
        count(item, label(item), report.item(item));
    }
    count("4-1", "返信待ち", report.waiting_4_1);
    count("4-2", "返信待ち", report.waiting_4_2);
    count("未了", "区分が決まっていないもの", report.backlog);
    if let Some(bridge) = bridge {
        count("増減", "前回の未了", bridge.last);
        count("増減", "新規(+)", bridge.new);
        count("増減", "再開(+)", bridge.reopened);
        count("増減", "完了(-)", bridge.closed);
        count("増減", "消滅(-)", bridge.vanished);
        count("増減", "今回の未了", bridge.this);
    }
    table.push(["報告状況", if report.is_complete() { "報告完了" } else { "未完了" }, ""]);
    table.push([Cell::from("基準日時"), Cell::Moment(as_of), Cell::Empty]);
    table
}

/// What an item counts: S0 §4.
fn label(item: &str) -> &'static str {
    match item {
        "1" => "総合判定が×で確認の対象となるもの",
        "2" => "保険者で確認",
        "3" => "事業主で確認",
        "4" => "本人へ送付して確認",
        "5" => "個人番号の誤り",
        code => code.parse::<Category>().map_or("", Category::label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::State;
    use crate::domain::danger::DangerSet;
    use crate::domain::record::{Facts, Marks, Overall};
    use crate::domain::scope::Scope;
    use crate::domain::suspension::Class;
    use crate::export::TextEncoding;

    fn report(states: &[State]) -> Report {
        let facts = Facts {
            class: Class::One,
            overall: Overall::Mismatch,
            marks: Marks::all_match(),
            scope: Scope::Item1,
            dangers: DangerSet::default(),
            protected: false,
        };
        let mut report = Report::default();
        for &state in states {
            report.add(&facts, state);
        }
        report
    }

    fn at() -> Timestamp {
        "2023-12-14T00:30:00Z".parse().unwrap()
    }

    #[test]
    fn every_item_has_a_label_and_its_count() {
        let report = report(&[
            State::Untouched,
            State::Decided(Category::C23),
            State::Decided(Category::C24),
            State::Decided(Category::C41),
            State::Decided(Category::C48),
        ]);
        let table = table(&report, None, at());
        let items: Vec<_> = table.rows[..ITEMS.len()].iter().map(|row| row[0].text()).collect();
        assert_eq!(items, ITEMS);
        for row in &table.rows[..ITEMS.len()] {
            assert!(!row[1].is_empty(), "{row:?}");
            assert_eq!(row[2], Cell::Number(report.item(&row[0].text())));
        }
        let text = String::from_utf8(table.to_csv(TextEncoding::Utf8).unwrap()).unwrap();
        let tail = "4-1,返信待ち,1\r\n4-2,返信待ち,0\r\n未了,区分が決まっていないもの,1\r\n報告状況,未完了,\r\n基準日時,2023-12-14 09:30:00,\r\n";
        assert!(text.ends_with(tail), "{text}");
        assert!(
            text.starts_with("設問,内容,件数\r\n1,総合判定が×で確認の対象となるもの,5\r\n2,保険者で確認,2\r\n"),
            "{text}"
        );
        assert!(text.contains("\r\n5,個人番号の誤り,1\r\n"), "{text}");
        // Nothing in the table needs another encoding or a guard.
        assert!(table.to_csv(TextEncoding::Cp932).is_ok());
        assert!(!text.contains('\''));
    }

    #[test]
    fn the_bridge_follows_where_there_is_one() {
        let bridge = Bridge { last: 5, new: 2, reopened: 1, closed: 3, vanished: 4, this: 1 };
        let table = table(&report(&[State::Decided(Category::C21)]), Some(&bridge), at());
        let counts: Vec<_> =
            table.rows.iter().filter(|row| row[0].text() == "増減").map(|row| (row[1].text(), row[2].text())).collect();
        let expected = [
            ("前回の未了", "5"),
            ("新規(+)", "2"),
            ("再開(+)", "1"),
            ("完了(-)", "3"),
            ("消滅(-)", "4"),
            ("今回の未了", "1"),
        ];
        assert_eq!(counts, expected.map(|(label, count)| (label.into(), count.into())));
        assert!(table.rows.iter().any(|row| row[1].text() == "報告完了"));
    }
}
