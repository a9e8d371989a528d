//! The record list, from the JSON objects of a list (DESIGN §3) that holds its texts as they came.
//!
//! Cells hold what the file held; nothing that was spelt out for a screen gets into a file. An import knows such a list by
//! its columns ([`crate::domain::listed`]).

use std::collections::BTreeMap;

use serde_json::Value;

use super::cell::Cell;
use super::csv::Table;
use super::error::ExportError;
use super::plan::Plan;
use crate::compare::{FieldKind, visible};
use crate::desk::{Desk, Query, Sort};
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::listed;
use crate::domain::record::Column;
use crate::domain::twins::Twins;

/// Every record with its values, comparison and decision.
pub(super) fn plan(desk: &Desk) -> Result<Plan, ExportError> {
    let mut values = Vec::new();
    let query = Query::List { filter: String::new(), all: true, sort: Sort::Line, limit: None, raw: true };
    desk.answer(&query, &mut |value| {
        values.push(value);
        true
    })?;
    let protected = values.iter().filter(|value| is_protected(value)).count() as u64;
    let edition = ExportRequest::of(ExportKind::Records);
    Ok(Plan { protected, ..Plan::new(edition, desk.now(), table(&values)) })
}

/// Where the cells of a column come from.
enum CellSource {
    /// A value of the record by its JSON key.
    Record(&'static str),
    /// A value of a field of the record by its JSON key.
    Field(FieldKind, &'static str),
    /// A column of the file as it came.
    File(Column),
}

/// The columns: title and source.
fn columns() -> Vec<(String, CellSource)> {
    let own = |(title, key): &(&str, &'static str)| ((*title).to_owned(), CellSource::Record(key));
    let mut columns = vec![(Column::Id.name().to_owned(), CellSource::Record("id"))];
    // 総合判定 stands behind the class.
    let (before, after) = listed::BEFORE.split_at(3);
    columns.extend(before.iter().map(own));
    columns.push((Column::Overall.name().to_owned(), CellSource::Record("overall")));
    columns.extend(after.iter().map(own));
    for field in FieldKind::ALL {
        let of_file = [(Column::Left(field), "left"), (Column::Right(field), "right"), (Column::Mark(field), "mark")];
        columns.extend(of_file.map(|(column, key)| (column.name().to_owned(), CellSource::Field(field, key))));
        let added =
            |(title, key): (&str, &'static str)| (format!("{title}_{}", field.label()), CellSource::Field(field, key));
        columns.extend(listed::OF_FIELD.map(added));
    }
    columns.extend(listed::AFTER.iter().map(own));
    columns.extend(listed::REST.map(|column| (column.name().to_owned(), CellSource::File(column))));
    columns
}

/// Lays records out, one per row; what an object lacks is an empty cell. A key that is not listed here (were it a 個人番号)
/// never gets into the table.
pub fn table<'v>(records: impl IntoIterator<Item = &'v Value>) -> Table {
    let columns = columns();
    let mut table = Table::new(columns.iter().map(|(title, _)| title.as_str()));
    for record in records {
        let mut bytes = original_bytes(&record["original_bytes"]);
        table.push(columns.iter().map(|(title, source)| match (value(record, source), bytes.remove(title.as_str())) {
            (Cell::Text(text) | Cell::Code(text), Some(twins)) => Cell::original(text, twins),
            (cell, _) => cell,
        }));
    }
    table
}

/// Whether a record stands under 支援措置.
fn is_protected(record: &Value) -> bool {
    record["protected"] == true
}

/// Reads the value of a column from a record.
fn value(record: &Value, source: &CellSource) -> Cell {
    match source {
        CellSource::Record(key) => cell(key, &record[*key]),
        CellSource::Field(field, key) => cell(key, &record["fields"][field.word()][*key]),
        CellSource::File(column) => cell("", &record["cells"][column.name()]),
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

/// The bytes that characters of a record had in its file, by column.
fn original_bytes(list: &Value) -> BTreeMap<&str, Twins> {
    let mut columns: BTreeMap<&str, Twins> = BTreeMap::new();
    for one in list.as_array().into_iter().flatten() {
        let bytes = one["bytes"].as_str().and_then(|bytes| u16::from_str_radix(bytes, 16).ok());
        let nth = one["nth"].as_u64().and_then(|nth| u32::try_from(nth).ok());
        if let (Some(column), Some(nth), Some(bytes)) = (one["column"].as_str(), nth, bytes) {
            columns.entry(column).or_default().push(nth, bytes.to_be_bytes());
        }
    }
    columns
}

/// The cell of one JSON value: lists joined by `・`, a suggestion by its category, evidence with date and reference.
fn cell(key: &str, value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::String(text) if key == "reasons" => as_it_came(text).into(),
        Value::String(text) if matches!(key, "id" | "key") => Cell::code(text),
        Value::String(text) => text.as_str().into(),
        Value::Bool(yes) if key == "protected" => if *yes { "支援措置" } else { "" }.into(),
        Value::Bool(yes) => if *yes { "対象" } else { "対象外" }.into(),
        Value::Number(number) => number.as_u64().map_or_else(|| number.to_string().into(), Cell::Number),
        Value::Array(items) => {
            items.iter().map(|item| cell(key, item).text().into_owned()).collect::<Vec<_>>().join("・").into()
        }
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().trim();
            let words = match key {
                "evidence" => {
                    let more = [text("date"), text("ref")].join(" ");
                    match more.trim() {
                        "" => text("code").to_owned(),
                        more => format!("{}({more})", text("code")),
                    }
                }
                _ => [text("category"), text("evidence")].join(" ").trim().to_owned(),
            };
            words.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::export::TextEncoding;

    fn record() -> Value {
        let same = json!({ "left": "男", "right": "1", "mark": "○", "verdict": "一致", "codes": [], "reasons": [] });
        json!({
            "id": "0001234", "key": "0001234", "line": 2, "class": "②b", "overall": "×", "in_item1": true,
            "state": "決定済", "category": "2-3",
            "suggestion": { "category": "2-3", "evidence": "目検", "reasons": ["異体字 高→髙"] },
            "dangers": ["F1", "F7"], "protected": true,
            "fields": {
                "kanji": { "left": "高崎　一郎", "right": "髙﨑　一郎", "mark": "×", "verdict": "表記ゆれ", "codes": ["N2"],
                    "reasons": ["異体字 高→髙", "異体字 崎→﨑"] },
                "kana": same, "birth": same, "sex": same, "address": same,
            },
            "evidence": [{ "code": "届出書", "date": "2023-12-01", "ref": "第5号" }, { "code": "目検", "date": null, "ref": "" }],
            "note": "=1+1", "operator": "佐藤", "decided_at": "2023-12-01T09:00:00+09:00", "batch": 3,
            "my_number": "000012345678", "cells": { "備考": "甲\r\n乙", "個人番号": "000012345678" },
        })
    }

    fn of(table: &Table, row: usize, title: &str) -> String {
        let column = table.header.iter().position(|known| known == title).unwrap_or_else(|| panic!("{title}"));
        table.rows[row][column].text().into_owned()
    }

    #[test]
    fn each_value_stands_below_its_title() {
        let table = table(&[record()]);
        for (title, expected) in [
            ("整理番号", "0001234"),
            ("行", "2"),
            ("区分", "②b"),
            ("確認対象", "対象"),
            ("状態", "決定済"),
            ("確認区分", "2-3"),
            ("提案", "2-3 目検"),
            ("注意", "F1・F7"),
            ("送付の注意", "支援措置"),
            ("加入者情報_漢字氏名", "高崎　一郎"),
            ("J-LIS情報_漢字氏名", "髙﨑　一郎"),
            ("判定結果_漢字氏名", "×"),
            ("比較_漢字氏名", "表記ゆれ"),
            ("理由_漢字氏名", "異体字 高→髙・異体字 崎→﨑"),
            ("J-LIS情報_住所", "1"),
            ("確認方法", "届出書(2023-12-01 第5号)・目検"),
            ("メモ", "=1+1"),
            ("喪失日", ""),
            ("確認者", "佐藤"),
            ("確認日時", "2023-12-01T09:00:00+09:00"),
            ("解除番号", "3"),
            ("備考", "甲\r\n乙"),
            ("資格喪失年月日", ""),
        ] {
            assert_eq!(of(&table, 0, title), expected, "{title}");
        }
        assert_eq!(table.header.len(), 57);
        assert_eq!(table.rows[0].len(), table.header.len());
    }

    #[test]
    fn no_my_number_and_no_formula_gets_out() {
        let text = String::from_utf8(table(&[record()]).to_csv(TextEncoding::Utf8).unwrap()).unwrap();
        assert!(!text.contains("000012345678"), "{text}");
        assert!(text.contains(",'=1+1,"), "{text}");
    }

    #[test]
    fn an_object_without_anything_is_an_empty_row() {
        for value in [json!({}), json!(null), json!({ "fields": 3 })] {
            let table = table([&value]);
            assert!(table.rows[0].iter().all(Cell::is_empty), "{value}");
        }
        assert_eq!(table(&[]).rows.len(), 0);
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
        let header = table(&[]).header;
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
        let mut titles = table(&[]).header;
        titles.sort();
        let count = titles.len();
        titles.dedup();
        assert_eq!(titles.len(), count);
    }
}
