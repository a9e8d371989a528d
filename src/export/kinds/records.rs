//! The record list: every record with its values, comparison and decision.
//!
//! Cells hold what the file held; nothing that was spelt out for a screen gets into a file. An import knows such a list by
//! its columns ([`crate::domain::listed`]).

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::compare::{FieldKind, visible};
use crate::desk::{Query, Seat, Sort};
use crate::domain::case::Evidence;
use crate::domain::category::Category;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::listed;
use crate::domain::original_codes::OriginalCodes;
use crate::domain::record::Column;
use crate::export::cell::{Cell, DateForm};
use crate::export::csv::Table;
use crate::export::error::ExportError;
use crate::export::plan::Plan;
use crate::view::{AnyView, CellChange, RecordView, json};

/// Every record, in the order of its file.
pub(super) fn plan(desk: &Seat) -> Result<Plan, ExportError> {
    let mut list = RecordList::default();
    let mut protected = 0;
    let query = Query::List { filter: String::new(), all: true, sort: Sort::Line, limit: None };
    desk.answer(&query, &mut |any| {
        if let AnyView::Record(view) = any {
            protected += u64::from(view.is_protected());
            list.push(&view);
        }
        true
    })?;
    let edition = ExportRequest::of(ExportKind::Records);
    Ok(Plan { protected, ..Plan::new(edition, desk.now(), list.finish()) })
}

/// Number of added columns before 総合判定.
const BEFORE_OVERALL: usize = 3;

/// The columns with their titles: the column of the file, or `None` where the list adds one.
fn columns() -> Vec<(String, Option<Column>)> {
    let own = |title: &&str| ((*title).to_owned(), None);
    let file = |column: Column| (column.name().to_owned(), Some(column));
    let mut columns = vec![file(Column::Id)];
    let (before, after) = listed::BEFORE.split_at(BEFORE_OVERALL);
    columns.extend(before.iter().map(own));
    columns.push(file(Column::Overall));
    columns.extend(after.iter().map(own));
    for field in FieldKind::ALL {
        columns.extend([Column::Left(field), Column::Right(field), Column::Mark(field)].map(file));
        columns.extend(listed::OF_FIELD.map(|title| (format!("{title}_{}", field.label()), None)));
    }
    columns.extend(listed::AFTER.iter().map(own));
    columns.extend(listed::REST.map(file));
    columns
}

/// Builder of a record list.
#[derive(Debug)]
pub struct RecordList {
    table: Table,
    columns: Vec<Option<Column>>,
}

impl Default for RecordList {
    /// A list without a row.
    fn default() -> Self {
        let (titles, columns): (Vec<String>, Vec<Option<Column>>) = columns().into_iter().unzip();
        Self { table: Table::new(titles), columns }
    }
}

impl RecordList {
    /// Adds the row of a record. The 個人番号 never gets into the list.
    pub fn push(&mut self, view: &RecordView) {
        let mut bytes: BTreeMap<usize, OriginalCodes> = BTreeMap::new();
        for one in view.original_bytes() {
            bytes.entry(one.column.index()).or_default().push(one.nth, one.bytes);
        }
        let mut added = added(view).into_iter();
        self.table.push(self.columns.iter().map(|column| match column {
            Some(column) => cell(view, *column, bytes.remove(&column.index()).unwrap_or_default()),
            None => added.next().unwrap_or_default(),
        }));
    }

    /// The table of all records that were added.
    pub fn finish(self) -> Table {
        self.table
    }
}

/// A cell of the file: as it came, but for the key in place of a missing 整理番号 and marks as they were read.
fn cell(view: &RecordView, column: Column, twins: OriginalCodes) -> Cell {
    let text = listed::shown(&view.record, column).unwrap_or_else(|| view.record.row.cell(column).to_owned());
    if column == Column::Id && twins.is_empty() { Cell::code(text) } else { Cell::original(text, twins) }
}

/// The cells that the list adds, in the order of [`columns`].
fn added(view: &RecordView) -> Vec<Cell> {
    let (facts, case) = (&view.record.facts, &view.case);
    let dangers: Vec<&str> = facts.dangers.iter().map(|danger| danger.code()).collect();
    let suggestion = view.suggestion.as_ref().map(|one| format!("{} {}", one.category.code(), one.evidence.label()));
    let before: [Cell; listed::BEFORE.len()] = [
        Cell::code(view.record.row.key()),
        view.record.row.line.into(),
        facts.class.label().into(),
        if facts.in_item1() { "対象" } else { "対象外" }.into(),
        view.state_label().into(),
        Cell::code(case.state.category().map_or("", Category::code)),
        suggestion.unwrap_or_default().into(),
        dangers.join("・").into(),
        if view.is_protected() { "支援措置" } else { "" }.into(),
    ];
    let of_field = FieldKind::ALL.into_iter().flat_map(|field| {
        let comparison = &view.comparisons[field];
        let reasons: Vec<String> = comparison.reasons.iter().map(|reason| as_it_came(&reason.text)).collect();
        let cells: [Cell; listed::OF_FIELD.len()] = [comparison.verdict.label().into(), reasons.join("・").into()];
        cells
    });
    let day = |day: Option<Date>| day.map_or(Cell::Empty, |day| Cell::Date(day, DateForm::Dashes));
    let after: [Cell; listed::AFTER.len()] = [
        case.evidence.iter().map(evidence).collect::<Vec<_>>().join("・").into(),
        case.note.as_str().into(),
        day(case.lost),
        day(case.sent()),
        day(case.due()),
        day(case.replied()),
        case.operator.as_str().into(),
        case.decided_at.map(json::moment).unwrap_or_default().into(),
        view.case.in_batch.map_or(Cell::Empty, Cell::from),
        view.changed_by.as_ref().map_or(Cell::Empty, |import| Cell::from(import.number)),
        earlier(view).into(),
    ];
    before.into_iter().chain(of_field).chain(after).collect()
}

/// The values that the last newer file replaced: `備考=甲・加入者情報_住所=赤坂1-2`.
fn earlier(view: &RecordView) -> String {
    let one = |change: &CellChange| match &change.values {
        Some((old, _)) => format!("{}={old}", change.column.name()),
        None => change.column.name().to_owned(),
    };
    view.changed.iter().flatten().map(one).collect::<Vec<_>>().join("・")
}

/// A piece of evidence with its date and reference: `届出書(2023-12-01 第5号)`.
fn evidence(evidence: &Evidence) -> String {
    let date = evidence.date.map(|date| date.to_string()).unwrap_or_default();
    let more = [date.as_str(), evidence.reference.trim()].join(" ");
    match more.trim() {
        "" => evidence.code.label().to_owned(),
        more => format!("{}({more})", evidence.code.label()),
    }
}

/// Reverses what [`visible()`] spelt out in a reason: `〔外字〕‹U+E0AE›` becomes the character.
fn as_it_came(reason: &str) -> String {
    let mut text = String::with_capacity(reason.len());
    let mut rest = reason;
    while let Some(at) = rest.find('‹') {
        let (before, code) = rest.split_at(at);
        let end = code.find('›').map_or(code.len(), |end| end + '›'.len_utf8());
        let digits = code[..end].strip_prefix("‹U+").and_then(|code| code.strip_suffix('›'));
        let c = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        // Only what is spelt out in just this way; any other such sign is text.
        let spelt = c.map(|c| (c, visible(c.encode_utf8(&mut [0; 4])).into_owned()));
        match spelt.filter(|(_, spelt)| rest[..at + end].ends_with(spelt.as_str())) {
            Some((c, spelt)) => {
                text.push_str(&rest[..at + end - spelt.len()]);
                text.push(c);
            }
            None => {
                text.push_str(before);
                text.push_str(&code[..end]);
            }
        }
        rest = &code[end..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::case::{Case, State};
    use crate::domain::category::EvidenceCode;
    use crate::domain::danger::{Danger, DangerSet};
    use crate::domain::record::{Record, RecordNo, Row};
    use crate::domain::run::ImportName;
    use crate::export::TextEncoding;
    use crate::view::{Viewer, redact};

    fn view() -> RecordView {
        let mut row = Row { line: 2, cells: vec![String::new(); Column::COUNT], ..Row::default() };
        let mut set = |column: Column, text: &str| row.cells[column.index()] = text.to_owned();
        for (field, left, right, mark) in [
            (FieldKind::Kanji, "高崎　一郎", "髙﨑　一郎", "×"),
            (FieldKind::Kana, "タカサキ　イチロウ", "タカサキ　イチロウ", "一致"),
            (FieldKind::Birth, "19600101", "19600101", "○"),
            (FieldKind::Sex, "男", "1", "○"),
            (FieldKind::Address, "東京都港区赤坂1-1", "東京都港区赤坂1-1", "1"),
        ] {
            set(Column::Left(field), left);
            set(Column::Right(field), right);
            set(Column::Mark(field), mark);
        }
        set(Column::Id, "0001234");
        set(Column::Overall, "×");
        set(Column::Remarks, "甲\r\n乙");
        set(Column::MyNumber, "000012345678");
        let mut facts = row.facts();
        facts.dangers = DangerSet::default();
        facts.dangers.insert(Danger::F1);
        facts.dangers.insert(Danger::F7);
        let dated =
            Evidence { code: EvidenceCode::Notification, date: Some(date(2023, 12, 1)), reference: " 第5号".into() };
        let case = Case {
            state: State::Decided(Category::C23),
            evidence: vec![dated, Evidence::plain(EvidenceCode::Visual)],
            note: "=1+1".into(),
            operator: "佐藤".into(),
            decided_at: Some("2023-12-01T00:00:00Z".parse().unwrap()),
            protected: Some(true),
            in_batch: Some(3),
            ..Case::default()
        };
        let record = Record { no: RecordNo(1), row, facts };
        let changed = vec![
            CellChange { column: Column::Remarks, values: Some(("甲".into(), "甲\r\n乙".into())) },
            CellChange { column: Column::MyNumber, values: None },
        ];
        let import = ImportName { number: 2, file: "b.csv".into() };
        let view = RecordView {
            changed: Some(changed),
            changed_by: Some(import),
            ..RecordView::of(record, case, Timestamp::UNIX_EPOCH)
        };
        redact(view, &Viewer::named("佐藤"))
    }

    fn of(view: &RecordView) -> Table {
        let mut list = RecordList::default();
        list.push(view);
        list.finish()
    }

    #[test]
    fn each_value_stands_below_its_title() {
        let table = of(&view());
        let cell = |title: &str| {
            let column = table.header.iter().position(|known| known == title).unwrap_or_else(|| panic!("{title}"));
            table.rows[0][column].text()
        };
        for (title, expected) in [
            ("整理番号", "0001234"),
            ("キー", "0001234"),
            ("行", "2"),
            ("確認対象", "対象"),
            ("状態", "決定済"),
            ("確認区分", "2-3"),
            ("提案", ""),
            ("注意", "F1・F7"),
            ("送付の注意", "支援措置"),
            ("総合判定", "×"),
            ("加入者情報_漢字氏名", "高崎　一郎"),
            ("J-LIS情報_漢字氏名", "髙﨑　一郎"),
            ("判定結果_漢字氏名", "×"),
            ("比較_漢字氏名", "表記ゆれ"),
            ("判定結果_カナ氏名", "○"),
            ("比較_カナ氏名", "一致"),
            ("判定結果_住所", "1"),
            ("確認方法", "届出書(2023-12-01 第5号)・目検"),
            ("メモ", "=1+1"),
            ("喪失日", ""),
            ("確認者", "佐藤"),
            ("確認日時", "2023-12-01T09:00:00+09:00"),
            ("解除番号", "3"),
            ("更新した取込", "2"),
            ("更新前の値", "備考=甲・個人番号"),
            ("備考", "甲\r\n乙"),
            ("資格喪失年月日", ""),
        ] {
            assert_eq!(cell(title), expected, "{title}");
        }
        assert!(cell("理由_漢字氏名").contains("高→髙・"), "{}", cell("理由_漢字氏名"));
        assert_eq!(table.header.len(), 59);
        assert_eq!(table.rows[0].len(), table.header.len());
    }

    #[test]
    fn a_suggestion_stands_with_its_evidence() {
        let mut view = view();
        view.record.facts.dangers = DangerSet::default();
        let open = RecordView::of(view.record, Case::default(), Timestamp::UNIX_EPOCH);
        let at = listed::BEFORE.iter().position(|title| *title == "提案").unwrap();
        let expected = open.suggestion.as_ref().map_or("", |_| "2-3 目検");
        assert_eq!(added(&open)[at].text(), expected);
    }

    #[test]
    fn no_my_number_and_no_formula_gets_out() {
        let text = String::from_utf8(of(&view()).to_csv(TextEncoding::Utf8).unwrap()).unwrap();
        assert!(!text.contains("12345678") && !text.contains("5678"), "{text}");
        assert!(text.contains(",'=1+1,"), "{text}");
    }

    #[test]
    fn what_was_spelt_out_in_a_reason_is_taken_back() {
        for (came, spelt) in [
            ("異体字 \u{E0AE}→髙", "異体字 〔外字〕‹U+E0AE›→髙"),
            ("見えない文字 \u{200B}", "見えない文字 ‹U+200B›"),
            ("葛\u{E0100}→葛", "葛‹U+E0100›→葛"),
        ] {
            assert_eq!(visible(came), spelt);
            assert_eq!(as_it_came(spelt), came);
        }
        for text in ["‹", "‹U+41›", "‹U+0041›", "〔外字〕", "a‹U+›b", "‹U+E0AE›", "", "›‹"] {
            assert_eq!(as_it_came(text), text);
        }
    }

    /// An import knows the list by its columns, whichever they are.
    #[test]
    fn the_list_is_known_by_its_header() {
        let header = RecordList::default().finish().header;
        assert_eq!(listed::key_column(&header), Some(1));
        let file: Vec<_> = Column::ALL.iter().filter(|column| **column != Column::MyNumber).collect();
        for title in &header {
            let of_file = file.iter().any(|column| column.name() == title);
            assert!(of_file != listed::is_added(title), "{title}");
        }
        assert!(file.iter().all(|column| header.iter().any(|title| title == column.name())));
    }

    #[test]
    fn titles_are_all_different() {
        let mut titles = RecordList::default().finish().header;
        titles.sort();
        let count = titles.len();
        titles.dedup();
        assert_eq!(titles.len(), count);
    }
}
