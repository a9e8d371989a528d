//! The 解除 list of a batch, and the 取下げ list of what was withdrawn from it (RULES §8).
//!
//! A batch keeps its rows as they were when it was made, so the same batch and template give the same bytes at any time.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::csv::Table;
use super::template::{DateForm, Source, Template, Value};
use crate::domain::batch::{Batch, BatchRow, Withdrawal};
use crate::domain::calendar::{Calendar, japan_time};
use crate::domain::case::Evidence;
use crate::domain::suspension::Suspension;

/// Lays a batch out by a template.
pub fn table(batch: &Batch, template: &Template) -> Table {
    let mut table = Table::new(template.columns.iter().map(|column| column.title.as_str()));
    for row in &batch.rows {
        table.push(template.columns.iter().map(|column| match &column.source {
            Source::Text(text) => text.clone(),
            Source::Value(value) => cell(batch, row, *value, template.date),
        }));
    }
    table
}

/// Lists what was withdrawn from a batch, in the order of the withdrawals; those of other batches are passed over.
pub fn withdrawn(batch: &Batch, withdrawals: &[Withdrawal]) -> Table {
    let mut table = Table::new([
        "報告回次",
        "報告締切",
        "整理番号",
        "保険者番号",
        "被保険者証記号",
        "被保険者証番号",
        "枝番",
        "停止区分",
        "取下げ理由",
        "取下げ日時",
        "取下げ者",
    ]);
    const OF_THE_ROW: [Value; 5] = [Value::InsurerNo, Value::Symbol, Value::Number, Value::Branch, Value::Suspension];
    for withdrawal in withdrawals.iter().filter(|withdrawal| withdrawal.batch == batch.number) {
        let row = batch.rows.iter().find(|row| row.record == withdrawal.record);
        let of_row = |value| row.map_or_else(String::new, |row| cell(batch, row, value, DateForm::Dashes));
        let mut cells = vec![batch.round.to_string(), cutoff(batch.cutoff, DateForm::Dashes), withdrawal.id.clone()];
        cells.extend(OF_THE_ROW.map(of_row));
        cells.extend([withdrawal.reason.clone(), moment(withdrawal.at), withdrawal.operator.clone()]);
        table.push(cells);
    }
    table
}

fn cell(batch: &Batch, row: &BatchRow, value: Value, form: DateForm) -> String {
    let day = |at: Timestamp| form.write(japan_time(at).date());
    match value {
        Value::Round => batch.round.to_string(),
        Value::Cutoff => cutoff(batch.cutoff, form),
        Value::Batch => batch.number.to_string(),
        Value::Id => row.id.clone(),
        Value::InsurerNo => row.insurer_no.clone(),
        Value::Symbol => row.symbol.clone(),
        Value::Number => row.number.clone(),
        Value::Branch => row.branch.clone(),
        Value::Class => row.class.label().to_owned(),
        Value::Suspension => row.class.suspension().label().to_owned(),
        Value::Release => to_unlock(row.class.suspension()).to_owned(),
        Value::Category => row.category.code().to_owned(),
        Value::CategoryLabel => row.category.label().to_owned(),
        Value::Evidence => row.evidence.iter().map(|evidence| evidence.code.label()).collect::<Vec<_>>().join("・"),
        Value::EvidenceDetail => {
            row.evidence.iter().map(|evidence| detail(evidence, form)).collect::<Vec<_>>().join("・")
        }
        Value::ConfirmedOn => row.confirmed_at.map(day).unwrap_or_default(),
        Value::Operator => row.operator.clone(),
        Value::Approver => row.approver.clone(),
        Value::MadeOn => day(batch.made_at),
        Value::Blank => String::new(),
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
fn cutoff(at: DateTime, form: DateForm) -> String {
    let day = form.write(at.date());
    if at == Calendar::end_of(at.date()) { day } else { format!("{day} {}", at.strftime("%H:%M")) }
}

/// A moment in Japanese time, to the second.
pub(super) fn moment(at: Timestamp) -> String {
    japan_time(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
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

    fn batch() -> Batch {
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
            (Value::Round, "2"),
            (Value::Cutoff, "20231225 15:00"),
            (Value::Batch, "7"),
            (Value::Id, "0000001"),
            (Value::InsurerNo, "169854"),
            (Value::Symbol, "市"),
            (Value::Number, "121"),
            (Value::Branch, "01"),
            (Value::Class, "①"),
            (Value::Suspension, "資格情報・医療情報"),
            (Value::Release, "資格情報・医療情報"),
            (Value::Category, "2-3"),
            (Value::CategoryLabel, Category::C23.label()),
            (Value::Evidence, "届出書・目検"),
            (Value::EvidenceDetail, "届出書(20231120 第5号)・目検"),
            (Value::ConfirmedOn, "20231201"),
            (Value::Operator, "佐藤"),
            (Value::Approver, ""),
            (Value::MadeOn, "20231215"),
            (Value::Blank, ""),
        ];
        assert_eq!(expected.len(), Value::ALL.len());
        let batch = batch();
        for (value, text) in expected {
            assert_eq!(cell(&batch, &batch.rows[0], value, DateForm::Digits), text, "{value:?}");
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
        assert_eq!(cutoff(Calendar::end_of(day), DateForm::Dashes), "2023-12-14");
        assert_eq!(cutoff(day.at(9, 5, 0, 0), DateForm::Slashes), "2023/12/14 09:05");
        assert_eq!(cutoff(day.at(23, 59, 0, 0), DateForm::Dashes), "2023-12-14 23:59");
    }

    #[test]
    fn withdrawn_rows_of_this_batch_only() {
        let withdrawal = |batch, record: u32| Withdrawal {
            batch,
            record: RecordNo(record),
            id: format!("{record:07}"),
            reason: "別人の疑い".into(),
            at: "2023-12-26T01:02:03Z".parse().unwrap(),
            operator: "鈴木".into(),
            reopened: true,
        };
        let table = withdrawn(&batch(), &[withdrawal(7, 2), withdrawal(6, 1), withdrawal(7, 99)]);
        let text = String::from_utf8(table.to_csv(TextEncoding::Utf8).unwrap()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[1],
            "2,2023-12-25 15:00,0000002,169854,市,122,01,医療情報,別人の疑い,2023-12-26 10:02:03,鈴木"
        );
        assert_eq!(lines[2], "2,2023-12-25 15:00,0000099,,,,,,別人の疑い,2023-12-26 10:02:03,鈴木");
    }

    #[test]
    fn an_empty_batch_is_a_header() {
        let empty = Batch { rows: Vec::new(), ..batch() };
        assert_eq!(table(&empty, &Template::default()).rows.len(), 0);
        assert_eq!(withdrawn(&empty, &[]).rows.len(), 0);
    }
}
