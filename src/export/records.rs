//! The record list as a table, from the JSON objects of `meken list` (DESIGN §3).

use std::collections::BTreeMap;

use serde_json::Value;

use super::csv::Table;
use crate::compare::FieldKind;
use crate::domain::twins::Twins;

/// Columns before the fields: title and JSON key.
const BEFORE: [(&str, &str); 10] = [
    ("整理番号", "id"),
    ("キー", "key"),
    ("行", "line"),
    ("区分", "class"),
    ("総合判定", "overall"),
    ("確認対象", "in_item1"),
    ("状態", "state"),
    ("確認区分", "category"),
    ("提案", "suggestion"),
    ("注意", "dangers"),
];

/// Columns of each field: side or finding, and JSON key below `fields.<field>`.
const OF_FIELD: [(&str, &str); 5] =
    [("加入者情報", "left"), ("J-LIS情報", "right"), ("判定結果", "mark"), ("比較", "verdict"), ("理由", "reasons")];

/// Columns after the fields.
const AFTER: [(&str, &str); 9] = [
    ("確認方法", "evidence"),
    ("メモ", "note"),
    ("喪失日", "lost"),
    ("送付日", "sent"),
    ("期限", "due"),
    ("返信日", "replied"),
    ("確認者", "operator"),
    ("確認日時", "decided_at"),
    ("解除番号", "batch"),
];

/// Lays records out, one a row; what an object lacks is an empty cell. A key that is not listed here (were it a 個人番号)
/// never gets into the table.
pub fn table<'v>(records: impl IntoIterator<Item = &'v Value>) -> Table {
    let of_fields =
        FieldKind::ALL.into_iter().flat_map(|field| OF_FIELD.map(|(title, _)| format!("{title}_{}", field.label())));
    let titles = |columns: &[(&str, &str)]| columns.iter().map(|(title, _)| (*title).to_owned()).collect::<Vec<_>>();
    let mut table = Table::new(titles(&BEFORE).into_iter().chain(of_fields).chain(titles(&AFTER)));
    for record in records {
        let mut row: Vec<String> = BEFORE.iter().map(|(_, key)| cell(key, &record[*key])).collect();
        for field in FieldKind::ALL {
            let field = &record["fields"][field.word()];
            row.extend(OF_FIELD.iter().map(|(_, key)| cell(key, &field[*key])));
        }
        row.extend(AFTER.iter().map(|(_, key)| cell(key, &record[*key])));
        table.push(row);
        let bytes = original_bytes(&record["original_bytes"]);
        for (column, twins) in bytes {
            if let Some(at) = table.header.iter().position(|title| *title == column) {
                table.keep_bytes(at, twins);
            }
        }
    }
    table
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

/// Words one value: lists joined by `・`, a suggestion by its category, evidence with date and reference.
fn cell(key: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "対象" } else { "対象外" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(|item| cell(key, item)).collect::<Vec<_>>().join("・"),
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().trim();
            match key {
                "evidence" => {
                    let more = [text("date"), text("ref")].join(" ");
                    match more.trim() {
                        "" => text("code").to_owned(),
                        more => format!("{}({more})", text("code")),
                    }
                }
                _ => [text("category"), text("evidence")].join(" ").trim().to_owned(),
            }
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
            "dangers": ["F1", "F7"],
            "fields": {
                "kanji": { "left": "高崎　一郎", "right": "髙﨑　一郎", "mark": "×", "verdict": "表記ゆれ", "codes": ["N2"],
                    "reasons": ["異体字 高→髙", "異体字 崎→﨑"] },
                "kana": same, "birth": same, "sex": same, "address": same,
            },
            "evidence": [{ "code": "届出書", "date": "2023-12-01", "ref": "第5号" }, { "code": "目検", "date": null, "ref": "" }],
            "note": "=1+1", "operator": "佐藤", "decided_at": "2023-12-01T09:00:00+09:00", "batch": 3,
            "my_number": "000012345678",
        })
    }

    fn of(table: &Table, row: usize, title: &str) -> String {
        let column = table.header.iter().position(|known| known == title).unwrap_or_else(|| panic!("{title}"));
        table.rows[row][column].clone()
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
        ] {
            assert_eq!(of(&table, 0, title), expected, "{title}");
        }
        assert_eq!(table.header.len(), 44);
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
            assert!(table.rows[0].iter().all(String::is_empty), "{value}");
        }
        assert_eq!(table(&[]).rows.len(), 0);
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
