//! A record with everything an operator needs to see.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::workspace::WorkspaceInfo;
use crate::compare::{Comparison, FieldKind, compare, visible};
use crate::domain::case::Case;
use crate::domain::danger::Danger;
use crate::domain::event::Event;
use crate::domain::guard::DecisionContext;
use crate::domain::original_codes::{OriginalCodes, has_two_codes};
use crate::domain::pattern::Pattern;
use crate::domain::person::PerField;
use crate::domain::record::{Column, Record, Row};
use crate::domain::run::ImportName;
use crate::domain::suggestion::{Suggestion, suggest};

/// A record with everything an operator needs to see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    /// The record.
    pub record: Record,
    /// Its case.
    pub case: Case,
    /// The five fields compared.
    pub comparisons: PerField<Comparison>,
    /// Danger flags with the other record.
    pub signs: Vec<DangerView>,
    /// What meken proposes.
    pub suggestion: Option<Suggestion>,
    /// What the last newer file changed in the row, where one did.
    pub changed: Option<Vec<CellChange>>,
    /// The import of that file.
    #[serde(default)]
    pub changed_by: Option<ImportName>,
    /// When it was read.
    pub now: Timestamp,
    /// The last changes of its case, newest first; empty in lists.
    pub recent: Vec<Event>,
}

/// A danger flag with the record that it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DangerView {
    /// The flag.
    pub danger: Danger,
    /// 整理番号 of the other record.
    pub other: Option<String>,
    /// The fields it rests on; empty where it rests on the 個人番号 alone.
    pub fields: Vec<FieldKind>,
    /// Why it stands.
    pub words: String,
    /// The other record, where it is to be shown.
    pub record: Option<Box<Record>>,
}

/// A cell that a newer file changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellChange {
    /// The column.
    pub column: Column,
    /// The old and the new value; `None` for the 個人番号, of which only is told that it changed.
    pub values: Option<(String, String)>,
}

impl CellChange {
    /// The cells that differ between two rows, in the order of the columns.
    pub fn between(before: &Row, now: &Row) -> Vec<Self> {
        let columns = Column::ALL.into_iter().filter(|column| before.cell(*column) != now.cell(*column));
        let values = |column| (before.cell(column).to_owned(), now.cell(column).to_owned());
        columns.map(|column| Self { column, values: (column != Column::MyNumber).then(|| values(column)) }).collect()
    }

    /// `備考: 甲 → 乙`, with foreign text made visible; of the 個人番号 only that it changed.
    pub fn words(&self) -> String {
        let shown = |text: &str| if text.is_empty() { "(空欄)".to_owned() } else { visible(text).into_owned() };
        match &self.values {
            None => format!("{}が変わりました", self.column.name()),
            Some((old, new)) => format!("{}: {} → {}", self.column.name(), shown(old), shown(new)),
        }
    }
}

/// A character that had other bytes in its CP932 file than it is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginalBytes {
    /// The column.
    pub column: Column,
    /// The place in its value, in characters from 0.
    pub at: usize,
    /// Its number among the characters of the value that have two codes, from 0.
    pub nth: u32,
    /// The character.
    pub character: char,
    /// The bytes it had.
    pub bytes: [u8; 2],
}

/// Compares the five fields of a row.
pub fn compare_row(row: &Row) -> PerField<Comparison> {
    PerField::from_fn(|field| compare(field, row.left(field), row.right(field)))
}

impl RecordView {
    /// A record with its comparisons and suggestion; flags, batch and history are added by whoever reads them.
    pub fn of(record: Record, case: Case, now: Timestamp) -> Self {
        let comparisons = compare_row(&record.row);
        let suggestion = if case.state.is_open() { suggest(&record.facts, &comparisons) } else { None };
        let (signs, recent) = (Vec::new(), Vec::new());
        Self { record, case, comparisons, signs, suggestion, changed: None, changed_by: None, now, recent }
    }

    /// What surrounds a decision on it, as it was read.
    pub fn context<'a>(&'a self, workspace: &'a WorkspaceInfo, today: Date) -> DecisionContext<'a> {
        workspace.rules.context(&workspace.operator, &self.record, self.now, today)
    }

    /// What the last newer file changed, a text for each cell; the first one names the import.
    pub fn change_words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.changed.iter().flatten().map(CellChange::words).collect();
        if let (Some(first), Some(import)) = (words.first_mut(), &self.changed_by) {
            first.push_str(&format!(" (取込 {} 回目)", import.number));
        }
        words
    }

    /// The value that a cell had before the last newer file changed it; `None` where it did not, or for the 個人番号.
    pub fn previous(&self, column: Column) -> Option<&str> {
        let change = self.changed.iter().flatten().find(|change| change.column == column)?;
        change.values.as_ref().map(|(old, _)| old.as_str())
    }

    /// The pattern of its differences.
    pub fn pattern(&self) -> Pattern {
        Pattern::of(&self.record.facts.marks, &self.comparisons)
    }

    /// Whether it stands under 支援措置.
    pub fn is_protected(&self) -> bool {
        self.case.is_protected(&self.record.facts)
    }

    /// The word for its state; outside item 1 none counts.
    pub fn state_label(&self) -> &'static str {
        if self.record.facts.in_item1() { self.case.state.kind().label() } else { "対象外" }
    }

    /// The characters of its row that had other bytes in their file, but for those of the 個人番号.
    pub fn original_bytes(&self) -> Vec<OriginalBytes> {
        original_bytes(&self.record.row)
    }
}

fn original_bytes(row: &Row) -> Vec<OriginalBytes> {
    if row.twins.is_empty() {
        return Vec::new();
    }
    let columns = Column::ALL.into_iter().zip(row.twins.cut(row.cells.iter().map(String::as_str)));
    let one = |(column, twins): (Column, OriginalCodes)| -> Vec<OriginalBytes> {
        let mut twice = 0..;
        twins
            .of(row.cell(column))
            .enumerate()
            .filter_map(|(at, (character, bytes))| {
                let nth = if has_two_codes(character) { twice.next() } else { None };
                Some(OriginalBytes { column, at, nth: nth?, character, bytes: bytes? })
            })
            .collect()
    };
    columns.filter(|(column, _)| *column != Column::MyNumber).flat_map(one).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::record::RecordNo;

    /// Bytes that belong to another character are left out; the number of the next ones stays theirs.
    #[test]
    fn original_bytes_that_are_left_out_shift_no_other() {
        let mut row = Row { cells: vec![String::new(); Column::COUNT], ..Row::default() };
        row.cells[Column::Remarks.index()] = "甲≒乙∵".to_owned();
        row.twins.push(0, [0x87, 0x9A]);
        row.twins.push(1, [0x87, 0x9A]);
        let one = OriginalBytes { column: Column::Remarks, at: 3, nth: 1, character: '∵', bytes: [0x87, 0x9A] };
        assert_eq!(original_bytes(&row), [one]);
    }

    /// Of a 個人番号 nothing is told but that it changed.
    #[test]
    fn changed_cells_hold_no_my_number() {
        let mut before = Row { cells: vec![String::new(); Column::COUNT], ..Row::default() };
        before.cells[Column::MyNumber.index()] = "000012345678".into();
        before.cells[Column::Remarks.index()] = "甲".into();
        let mut now = before.clone();
        assert_eq!(CellChange::between(&before, &now), []);
        now.cells[Column::MyNumber.index()] = "111112345678".into();
        now.cells[Column::Remarks.index()] = "乙".into();
        let values = |column, values: Option<(&str, &str)>| CellChange {
            column,
            values: values.map(|(old, new)| (old.to_owned(), new.to_owned())),
        };
        let expected = [values(Column::MyNumber, None), values(Column::Remarks, Some(("甲", "乙")))];
        assert_eq!(CellChange::between(&before, &now), expected);
    }

    /// Words and JSON tell what a newer file replaced, and which import it was; a field that stayed tells nothing.
    #[test]
    fn earlier_values_are_told_with_their_import() {
        let mut before = Row { cells: vec![String::new(); Column::COUNT], ..Row::default() };
        for field in FieldKind::ALL {
            before.cells[Column::Left(field).index()] = "高崎".into();
        }
        before.cells[Column::Id.index()] = "1".into();
        let mut now = before.clone();
        now.cells[Column::Left(FieldKind::Kanji).index()] = "髙\u{200b}".into();
        now.cells[Column::Mark(FieldKind::Kanji).index()] = "×".into();
        now.cells[Column::Remarks.index()] = "乙".into();
        let changed = Some(CellChange::between(&before, &now));
        let record = Record { no: RecordNo(1), facts: now.facts(), row: now };
        let plain = RecordView::of(record, Case::default(), Timestamp::UNIX_EPOCH);
        let nothing = super::super::json::record(&plain);
        assert_eq!((&nothing["changed"], &nothing["changed_by"]), (&json!(null), &json!(null)));
        assert_eq!((plain.change_words(), &nothing["fields"]["kanji"]["previous"]), (Vec::new(), &json!(null)));
        let changed_by = Some(ImportName { number: 3, file: "b\u{200b}.csv".into() });
        let view = RecordView { changed, changed_by, ..plain };
        assert_eq!(
            view.change_words(),
            [
                "加入者情報_漢字氏名: 高崎 → 髙‹U+200B› (取込 3 回目)",
                "判定結果_漢字氏名: (空欄) → ×",
                "備考: (空欄) → 乙"
            ]
        );
        let told = super::super::json::record(&view);
        assert_eq!(told["fields"]["kanji"]["previous"], json!({ "left": "高崎", "mark": "", "import": 3 }));
        assert_eq!(told["fields"]["kana"]["previous"], json!(null));
        assert_eq!(told["changed_by"], json!({ "import": 3, "file": "b‹U+200B›.csv" }));
        assert_eq!(told["changed"][2], json!({ "column": "備考", "old": "", "new": "乙" }));
    }
}
