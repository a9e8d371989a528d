//! The 解除 list: the records of a batch, by a template (DOMAIN §8).
//!
//! A batch keeps its rows as they were when it was made, so the same batch and template give the same bytes at any time.

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::compare::visible;
use crate::desk::Seat;
use crate::domain::batch::{Batch, BatchRow};
use crate::domain::calendar::{Calendar, japan_time};
use crate::domain::case::Evidence;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::suspension::Suspension;
use crate::export::cell::{Cell, DateForm};
use crate::export::csv::Table;
use crate::export::error::ExportError;
use crate::export::plan::Plan;
use crate::export::template::{ColumnSource, ReleaseValue, Template};
use crate::service::BatchExpect;
use crate::view::NextRelease;

/// What the next list would hold and leave out, or an earlier list as it was.
pub(super) fn plan(desk: &Seat, number: Option<u32>, template: &Template) -> Result<Plan, ExportError> {
    match number {
        Some(number) => of_batch(desk, &desk.batch(number)?.batch, template),
        None => {
            let (batch, expect) = desk.preview_batch()?;
            let mut plan = Plan { expect: Some(expect), ..of_batch(desk, &batch, template)? };
            let next = desk.outlook()?;
            plan.preview.extend(doubtful(&next));
            plan.excluded = next.left_out.iter().map(|(reason, count)| (reason.label(), *count)).collect();
            Ok(plan)
        }
    }
}

/// Makes the next batch, if it is what was expected; it is durable when this returns.
pub(super) fn commit(desk: &Seat, expect: BatchExpect, template: &Template) -> Result<Plan, ExportError> {
    of_batch(desk, &desk.make_batch(expect)?, template)
}

fn of_batch(desk: &Seat, batch: &Batch, template: &Template) -> Result<Plan, ExportError> {
    let edition = ExportRequest::numbered(ExportKind::Release, batch.number);
    let protected = desk.protected_records()?;
    Ok(Plan {
        counts: vec![("batch".to_owned(), batch.number.into()), ("round".to_owned(), batch.round.into())],
        protected: batch.rows.iter().filter(|row| protected.contains(&row.record)).count() as u64,
        preview: vec![format!(
            "第{}回(報告回次 {}、締切 {})に載る記録: {} 件",
            batch.number,
            batch.round,
            batch.cutoff.strftime("%Y-%m-%d %H:%M"),
            batch.rows.len()
        )],
        ..Plan::new(edition, batch.made_at, table(batch, template))
    })
}

/// Names the rows that were called right although a flag names another person.
fn doubtful(next: &NextRelease) -> Vec<String> {
    let (count, named) = &next.doubtful;
    if *count == 0 {
        return Vec::new();
    }
    let title = format!("別人の注意(F1〜F5・F7)があるのに誤りなしとした記録: {count} 件");
    [title].into_iter().chain(named.iter().map(|id| format!("  {}", visible(id)))).collect()
}

/// Lays a batch out by a template.
pub fn table(batch: &Batch, template: &Template) -> Table {
    let mut table = Table::new(template.columns.iter().map(|column| column.title.as_str()));
    for row in &batch.rows {
        table.push(template.columns.iter().map(|column| match &column.source {
            ColumnSource::Text(text) => Cell::from(text.as_str()),
            ColumnSource::Value(value) => cell(batch, row, *value, template.date),
        }));
    }
    table
}

/// A value of a row of a batch.
pub(super) fn cell(batch: &Batch, row: &BatchRow, value: ReleaseValue, form: DateForm) -> Cell {
    let day = |at: Timestamp| Cell::Date(japan_time(at).date(), form);
    match value {
        ReleaseValue::Round => batch.round.into(),
        ReleaseValue::Cutoff => cutoff(batch.cutoff, form),
        ReleaseValue::Batch => batch.number.into(),
        ReleaseValue::Id => Cell::code(&row.id),
        ReleaseValue::InsurerNo => Cell::code(&row.insurer_no),
        ReleaseValue::Symbol => Cell::code(&row.symbol),
        ReleaseValue::Number => Cell::code(&row.number),
        ReleaseValue::Branch => Cell::code(&row.branch),
        ReleaseValue::Class => row.class.label().into(),
        ReleaseValue::Suspension => row.class.suspension().label().into(),
        ReleaseValue::Release => to_unlock(row.class.suspension()).into(),
        ReleaseValue::Category => Cell::code(row.category.code()),
        ReleaseValue::CategoryLabel => row.category.label().into(),
        ReleaseValue::Evidence => {
            row.evidence.iter().map(|evidence| evidence.code.label()).collect::<Vec<_>>().join("・").into()
        }
        ReleaseValue::EvidenceDetail => {
            row.evidence.iter().map(|evidence| detail(evidence, form)).collect::<Vec<_>>().join("・").into()
        }
        ReleaseValue::ConfirmedOn => row.confirmed_at.map(day).unwrap_or_default(),
        ReleaseValue::Operator => row.operator.as_str().into(),
        ReleaseValue::Approver => row.approver.as_str().into(),
        ReleaseValue::MadeOn => day(batch.made_at),
        ReleaseValue::Blank => Cell::Empty,
    }
}

/// What the 解除 gives back: what was locked, and nothing where that is not known for sure.
fn to_unlock(suspension: Suspension) -> &'static str {
    match suspension {
        Suspension::QualificationAndMedical | Suspension::Medical => suspension.label(),
        Suspension::None | Suspension::Unknown => "",
    }
}

/// A piece of evidence with its date and reference: `届出書(2023-12-01 第5号)`.
fn detail(evidence: &Evidence, form: DateForm) -> String {
    let date = evidence.date.map(|date| form.write(date)).unwrap_or_default();
    let more = [date.as_str(), evidence.reference.trim()].join(" ");
    match more.trim() {
        "" => evidence.code.label().to_owned(),
        more => format!("{}({more})", evidence.code.label()),
    }
}

/// A cut-off: the day alone where the whole day counts.
pub(super) fn cutoff(at: DateTime, form: DateForm) -> Cell {
    if at == Calendar::end_of(at.date()) { Cell::Date(at.date(), form) } else { Cell::DateTime(at, form) }
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::category::{Category, EvidenceCode};
    use crate::domain::record::RecordNo;
    use crate::domain::suspension::Class;
    use crate::export::TextEncoding;

    fn row(record: u32, class: Class, category: Category, evidence: Vec<Evidence>) -> BatchRow {
        BatchRow {
            record: RecordNo(record),
            id: format!("{record:07}"),
            insurer_no: "169854".into(),
            symbol: "市".into(),
            number: format!("12{record}"),
            branch: "01".into(),
            class,
            category,
            evidence,
            // 2023-12-01 in Japan, 2023-11-30 in Greenwich.
            confirmed_at: Some("2023-11-30T15:30:00Z".parse().unwrap()),
            operator: "佐藤".into(),
            approver: String::new(),
        }
    }

    pub(in crate::export) fn batch() -> Batch {
        let dated =
            Evidence { code: EvidenceCode::Notification, date: Some(date(2023, 11, 20)), reference: "第5号".into() };
        Batch {
            number: 7,
            round: 2,
            cutoff: date(2023, 12, 25).at(15, 0, 0, 0),
            made_at: "2023-12-14T15:00:00Z".parse().unwrap(),
            operator: "鈴木".into(),
            rows: vec![
                row(1, Class::One, Category::C23, vec![dated, Evidence::plain(EvidenceCode::Visual)]),
                row(2, Class::TwoB, Category::C22, vec![Evidence::plain(EvidenceCode::PastRecord)]),
                row(3, Class::Three, Category::C46, Vec::new()),
            ],
        }
    }

    #[test]
    fn the_default_list() {
        let bytes = table(&batch(), &Template::default()).to_csv(TextEncoding::Utf8).unwrap();
        let expected = "\
報告回次,報告締切,整理番号,保険者番号,被保険者証記号,被保険者証番号,枝番,停止区分,解除対象,確認区分,確認方法,確認年月日,確認者,承認者,備考\r
2,2023-12-25 15:00,0000001,169854,市,121,01,資格情報・医療情報,資格情報・医療情報,2-3,届出書・目検,2023-12-01,佐藤,,\r
2,2023-12-25 15:00,0000002,169854,市,122,01,医療情報,医療情報,2-2,過去確認記録,2023-12-01,佐藤,,\r
2,2023-12-25 15:00,0000003,169854,市,123,01,医療情報,医療情報,4-6,,2023-12-01,佐藤,,\r\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn the_same_batch_gives_the_same_bytes() {
        let stored = serde_json::to_string(&batch()).unwrap();
        let again: Batch = serde_json::from_str(&stored).unwrap();
        for encoding in TextEncoding::ALL {
            let first = table(&batch(), &Template::default()).to_csv(encoding).unwrap();
            assert_eq!(table(&again, &Template::default()).to_csv(encoding).unwrap(), first);
        }
    }

    #[test]
    fn every_value_of_a_template() {
        let expected = [
            (ReleaseValue::Round, "2"),
            (ReleaseValue::Cutoff, "20231225 15:00"),
            (ReleaseValue::Batch, "7"),
            (ReleaseValue::Id, "0000001"),
            (ReleaseValue::InsurerNo, "169854"),
            (ReleaseValue::Symbol, "市"),
            (ReleaseValue::Number, "121"),
            (ReleaseValue::Branch, "01"),
            (ReleaseValue::Class, "①"),
            (ReleaseValue::Suspension, "資格情報・医療情報"),
            (ReleaseValue::Release, "資格情報・医療情報"),
            (ReleaseValue::Category, "2-3"),
            (ReleaseValue::CategoryLabel, Category::C23.label()),
            (ReleaseValue::Evidence, "届出書・目検"),
            (ReleaseValue::EvidenceDetail, "届出書(20231120 第5号)・目検"),
            (ReleaseValue::ConfirmedOn, "20231201"),
            (ReleaseValue::Operator, "佐藤"),
            (ReleaseValue::Approver, ""),
            (ReleaseValue::MadeOn, "20231215"),
            (ReleaseValue::Blank, ""),
        ];
        assert_eq!(expected.len(), ReleaseValue::ALL.len());
        let batch = batch();
        for (value, text) in expected {
            assert_eq!(cell(&batch, &batch.rows[0], value, DateForm::Digits).text(), text, "{value:?}");
        }
    }

    #[test]
    fn what_is_unlocked_follows_the_class() {
        for class in Class::ALL {
            let expected = match class {
                Class::One => "資格情報・医療情報",
                Class::TwoA | Class::TwoB | Class::TwoC | Class::Three => "医療情報",
                _ => "",
            };
            assert_eq!(to_unlock(class.suspension()), expected, "{class:?}");
        }
    }

    #[test]
    fn cut_offs_show_a_time_only_where_they_have_one() {
        let day = date(2023, 12, 14);
        assert_eq!(cutoff(Calendar::end_of(day), DateForm::Dashes).text(), "2023-12-14");
        assert_eq!(cutoff(day.at(9, 5, 0, 0), DateForm::Slashes).text(), "2023/12/14 09:05");
        assert_eq!(cutoff(day.at(23, 59, 0, 0), DateForm::Dashes).text(), "2023-12-14 23:59");
    }

    #[test]
    fn an_empty_batch_is_a_header() {
        let empty = Batch { rows: Vec::new(), ..batch() };
        assert_eq!(table(&empty, &Template::default()).rows.len(), 0);
    }
}
