//! The record list as a file: its columns, and how a list that comes back is known and read.
//!
//! The list shows more than a 突合結果ファイル holds (states, findings, decisions) and less (no 個人番号). An import of such a
//! file therefore takes every cell that was not touched from the record that is known, so that a list written out and
//! imported again changes nothing, and one that was corrected changes what was corrected.

use super::formula;
use super::quarantine;
use super::record::{Column, Mark, Overall, Record};

/// The column with the key of the record.
pub const KEY: &str = "キー";

/// Columns that the list adds before the fields.
pub const BEFORE: [&str; 9] = [
    KEY,
    "行",
    "区分",
    "確認対象",
    "状態",
    "確認区分",
    "提案",
    "注意",
    // The column 支援措置 shows what the file said; by hand or by an earlier file it may be otherwise.
    "送付の注意",
];

/// What the list adds to each field: the first part of the title.
pub const OF_FIELD: [&str; 2] = ["比較", "理由"];

/// Columns that the list adds after the fields.
pub const AFTER: [&str; 11] = [
    "確認方法",
    "メモ",
    "喪失日",
    "送付日",
    "期限",
    "返信日",
    "確認者",
    "確認日時",
    "解除番号",
    "更新した取込",
    "更新前の値",
];

/// Columns of the file that stand behind all others, as they came. Never the 個人番号.
pub const REST: [Column; 12] = [
    Column::InsurerNo,
    Column::Symbol,
    Column::Number,
    Column::Branch,
    Column::Relation,
    Column::Acquired,
    Column::Lost,
    Column::Issued,
    Column::Multiple,
    Column::MatchedOn,
    Column::Remarks,
    Column::Protected,
];

/// Whether a header name is one that the list adds to the columns of a file.
pub fn is_added(name: &str) -> bool {
    let name = name.trim_matches([' ', '　', '\u{FEFF}']);
    let of_field = |name: &str| {
        name.split_once('_').is_some_and(|(part, field)| {
            OF_FIELD.contains(&part) && crate::compare::FieldKind::ALL.iter().any(|known| known.label() == field)
        })
    };
    BEFORE.iter().chain(&AFTER).any(|title| *title == name) || of_field(name)
}

/// The place of [`KEY`] in the header of a record list; `None` where it is none.
///
/// Some of its columns may have been taken out; a 突合結果ファイル that happens to have one or two of them is no list.
pub fn key_column(names: &[String]) -> Option<usize> {
    /// Minimum number of added columns that make a list.
    const ENOUGH: usize = 6;
    let key = names.iter().position(|name| name.trim_matches([' ', '　', '\u{FEFF}', '"']) == KEY)?;
    (names.iter().filter(|name| is_added(name)).count() >= ENOUGH).then_some(key)
}

/// A cell of a list that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned<'a> {
    /// What the record holds from now on.
    pub cell: &'a str,
    /// Whether that is what it held before.
    pub untouched: bool,
}

/// Reads a cell of a list, as it stands in the file, against the record that it was written from.
pub fn returned<'a>(record: &'a Record, column: Column, cell: &'a str) -> Returned<'a> {
    let original = record.row.cell(column);
    let shown = shown(record, column);
    // A spreadsheet program may have opened and saved the file in between, so lost zeros count as untouched too.
    let (back, _) = quarantine::restore(formula::unguard(cell), original, shown.as_deref().unwrap_or(original));
    let untouched = back == original;
    Returned { cell: if untouched { original } else { back }, untouched }
}

/// What the list shows in place of a cell: the key for a missing 整理番号, and marks as they were read.
pub fn shown(record: &Record, column: Column) -> Option<String> {
    match column {
        Column::Id => Some(record.row.id()),
        Column::Mark(field) => match record.facts.marks.fields[field] {
            Mark::Unreadable => None,
            mark => Some(mark.label().to_owned()),
        },
        Column::Overall => match record.facts.overall {
            Overall::Unreadable => None,
            overall => Some(overall.label().to_owned()),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::FieldKind;
    use crate::domain::record::{RecordNo, Row};

    fn record(set: &[(Column, &str)]) -> Record {
        let mut row = Row { cells: vec![String::new(); Column::COUNT], ..Row::default() };
        set.iter().for_each(|(column, text)| row.cells[column.index()] = (*text).to_owned());
        Record { no: RecordNo(0), facts: row.facts(), row }
    }

    #[test]
    fn what_was_not_touched_comes_back_as_it_was() {
        let kanji = Column::Left(FieldKind::Kanji);
        let mark = Column::Mark(FieldKind::Kanji);
        for (column, original, cell, back, untouched) in [
            (kanji, "山田\u{E0AE}", "山田\u{E0AE}", "山田\u{E0AE}", true),
            (kanji, "=1+1", "'=1+1", "=1+1", true),
            (kanji, "'=1", "''=1", "'=1", true),
            (kanji, "", "", "", true),
            (kanji, "山田", "山本", "山本", false),
            (kanji, "山田", "", "", false),
            (kanji, "山田", "'=2", "=2", false),
            (mark, "不一致", "×", "不一致", true),
            (mark, "不一致", "○", "○", false),
            (mark, "", "", "", true),
            (Column::Symbol, "0012", "12", "0012", true),
            (Column::Symbol, "12", "0012", "0012", false),
        ] {
            let record = record(&[(Column::Id, "1"), (column, original)]);
            assert_eq!(returned(&record, column, cell), Returned { cell: back, untouched }, "{original} {cell}");
        }
        // A row without 整理番号 is shown with its key there.
        let record = record(&[(Column::Number, "5"), (Column::InsurerNo, "169854")]);
        let key = record.row.key();
        assert_eq!(returned(&record, Column::Id, &key), Returned { cell: "", untouched: true });
    }

    #[test]
    fn a_list_is_known_by_its_own_columns() {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let all: Vec<&str> = BEFORE.iter().chain(&AFTER).copied().collect();
        assert_eq!(key_column(&owned(&all)), Some(0));
        assert_eq!(key_column(&owned(&["整理番号", "キー", "メモ", "状態"])), None);
        assert_eq!(key_column(&owned(&all[1..])), None);
        assert!(is_added("比較_住所") && is_added("理由_漢字氏名") && !is_added("比較_郵便番号"));
        assert!(Column::ALL.iter().all(|column| !is_added(column.name())));
        assert!(!REST.contains(&Column::MyNumber));
    }
}
