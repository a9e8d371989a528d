//! The 取下げ list: what was withdrawn from a batch (DOMAIN §8).

use super::release::{cell, cutoff};
use crate::domain::batch::{Batch, Withdrawal};
use crate::export::cell::{Cell, DateForm};
use crate::export::csv::Table;
use crate::export::template::ReleaseValue;

/// Lists what was withdrawn from a batch, in the order of the withdrawals; those of other batches are passed over.
pub fn table(batch: &Batch, withdrawals: &[Withdrawal]) -> Table {
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
    const OF_THE_ROW: [ReleaseValue; 5] = [
        ReleaseValue::InsurerNo,
        ReleaseValue::Symbol,
        ReleaseValue::Number,
        ReleaseValue::Branch,
        ReleaseValue::Suspension,
    ];
    for withdrawal in withdrawals.iter().filter(|withdrawal| withdrawal.batch == batch.number) {
        let row = batch.rows.iter().find(|row| row.record == withdrawal.record);
        let of_row = |value| row.map_or(Cell::Empty, |row| cell(batch, row, value, DateForm::Dashes));
        let mut cells: Vec<Cell> =
            vec![batch.round.into(), cutoff(batch.cutoff, DateForm::Dashes), Cell::code(&withdrawal.id)];
        cells.extend(OF_THE_ROW.map(of_row));
        cells.extend([
            withdrawal.reason.as_str().into(),
            Cell::Moment(withdrawal.at),
            withdrawal.operator.as_str().into(),
        ]);
        table.push(cells);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::release::tests::batch;
    use super::*;
    use crate::domain::record::RecordNo;
    use crate::export::TextEncoding;

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
        let table = table(&batch(), &[withdrawal(7, 2), withdrawal(6, 1), withdrawal(7, 99)]);
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
    fn nothing_withdrawn_is_a_header() {
        assert_eq!(table(&batch(), &[]).rows.len(), 0);
    }
}
