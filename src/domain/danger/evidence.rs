//! What a danger flag rests on: the fields that made it stand, in words for the operator (DOMAIN §6).
//!
//! The tests themselves live in [`own`](super::own) and [`index`](super::index); here the rows of a flag that stands are
//! looked at again, when somebody looks at the record.

use serde::{Deserialize, Serialize};

use super::Danger;
use crate::compare::{self, FieldKind, Verdict, split_name};
use crate::domain::person::PerField;
use crate::domain::record::{Column, Mark, Marks, Row};

/// Why a flag stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The fields it rests on; empty where it rests on the 個人番号 alone.
    pub fields: Vec<FieldKind>,
    /// The same in words; names no value.
    pub words: String,
}

/// Says what a flag rests on. `other` is the row that the flag names.
pub fn evidence(danger: Danger, row: &Row, marks: &Marks, other: Option<&Row>) -> Evidence {
    match danger {
        Danger::F1 => {
            let mut fields = vec![FieldKind::Birth];
            if same(FieldKind::Address, row.left(FieldKind::Address), row.right(FieldKind::Address)) {
                fields.push(FieldKind::Address);
            }
            let surname = if surname_agrees(row) { "・氏" } else { "" };
            let words = format!("J-LISと{}{surname}が同じで、名が異なります", labels(&fields));
            fields.push(FieldKind::Kanji);
            Evidence { fields, words }
        }
        Danger::F2 | Danger::F3 => {
            let fits =
                |field: &FieldKind| other.is_some_and(|other| same(*field, row.right(*field), other.left(*field)));
            let fields: Vec<_> = [FieldKind::Kanji, FieldKind::Kana, FieldKind::Birth, FieldKind::Sex]
                .into_iter()
                .filter(fits)
                .collect();
            let household = other.is_some_and(|other| {
                [Column::Symbol, Column::Number].iter().all(|c| row.cell(*c).trim() == other.cell(*c).trim())
            });
            let near = if household { "記号番号" } else { "住所" };
            let both = if danger == Danger::F3 { "互いに、" } else { "" };
            let words = format!("{both}J-LISの{}が相手の加入者情報と合い、{near}が同じです", labels(&fields));
            Evidence { fields, words }
        }
        Danger::F4 => Evidence {
            fields: vec![FieldKind::Address],
            words: "住所だけが異なり、市区町村も違います。同姓同名同生年月日の別人がいます".to_owned(),
        },
        Danger::F5 => {
            let differs =
                |field: &FieldKind| other.is_some_and(|other| !same(*field, row.left(*field), other.left(*field)));
            let fields: Vec<_> =
                [FieldKind::Kanji, FieldKind::Kana, FieldKind::Birth].into_iter().filter(differs).collect();
            let words = format!("同じ個人番号の相手と{}が異なります", labels(&fields));
            Evidence { fields, words }
        }
        Danger::F6 => {
            Evidence { fields: Vec::new(), words: "個人番号の検査用数字が合いません".to_owned() }
        }
        Danger::F7 => {
            let fields: Vec<_> = marks.mismatches().collect();
            let words = format!("{}が×で、氏も名も表記の違いを超えて異なります", labels(&fields));
            Evidence { fields, words }
        }
        Danger::F8 => {
            let against = PerField::from_fn(|field| against_mark(row, marks, field));
            let fields: Vec<_> = FieldKind::ALL.into_iter().filter(|field| against[*field].is_some()).collect();
            let told: Vec<String> =
                fields.iter().filter_map(|field| Some(format!("{}は{}", field.label(), against[*field]?))).collect();
            Evidence { fields, words: told.join("、") }
        }
    }
}

/// How the values of a field speak against its mark.
fn against_mark(row: &Row, marks: &Marks, field: FieldKind) -> Option<&'static str> {
    let (left, right) = (row.left(field), row.right(field));
    match marks.fields[field] {
        Mark::Match => {
            (compare::judge(field, left, right).verdict == Verdict::Different).then_some("○なのに値が異なります")
        }
        Mark::Mismatch => (left == right && !left.trim().is_empty()).then_some("×なのに値が同じです"),
        Mark::Unreadable => None,
    }
}

fn same(field: FieldKind, left: &str, right: &str) -> bool {
    matches!(compare::judge(field, left, right).verdict, Verdict::Same | Verdict::Notation)
}

fn surname_agrees(row: &Row) -> bool {
    [FieldKind::Kanji, FieldKind::Kana].into_iter().any(|field| {
        match (split_name(row.left(field)), split_name(row.right(field))) {
            (Some((left, _)), Some((right, _))) => same(field, left, right),
            _ => false,
        }
    })
}

fn labels(fields: &[FieldKind]) -> String {
    fields.iter().map(|field| field.label()).collect::<Vec<_>>().join("・")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(left: [&str; 5], right: [&str; 5]) -> Row {
        let mut row = Row { line: 2, cells: vec![String::new(); Column::COUNT], ..Row::default() };
        let mut set = |column: Column, text: &str| row.cells[column.index()] = text.to_owned();
        for (field, (l, r)) in FieldKind::ALL.into_iter().zip(left.into_iter().zip(right)) {
            set(Column::Left(field), l);
            set(Column::Right(field), r);
        }
        set(Column::Number, "77");
        row
    }

    const TARO: [&str; 5] = ["試験　太郎", "シケン　タロウ", "20010203", "1", "港区赤坂1-11"];
    const JIRO: [&str; 5] = ["試験　次郎", "シケン　ジロウ", "20010203", "1", "港区赤坂1-11"];
    const OTHER: [&str; 5] = ["見本　花", "ミホン　ハナ", "19800101", "2", "港区芝1-1"];

    fn of(danger: Danger, row: &Row, marks: Marks, other: Option<&Row>) -> (Vec<FieldKind>, String) {
        let found = evidence(danger, row, &marks, other);
        (found.fields, found.words)
    }

    #[test]
    fn every_flag_names_its_fields() {
        let good = Marks::all_match();
        let twin = row(TARO, JIRO);
        let (fields, words) = of(Danger::F1, &twin, good, None);
        assert_eq!(fields, [FieldKind::Birth, FieldKind::Address, FieldKind::Kanji]);
        assert_eq!(words, "J-LISと生年月日・住所・氏が同じで、名が異なります");

        let brother = row(JIRO, JIRO);
        let (fields, words) = of(Danger::F2, &twin, good, Some(&brother));
        assert_eq!(fields, [FieldKind::Kanji, FieldKind::Kana, FieldKind::Birth, FieldKind::Sex]);
        assert!(words.contains("記号番号が同じ"), "{words}");
        assert!(of(Danger::F3, &twin, good, Some(&brother)).1.starts_with("互いに"));

        assert_eq!(of(Danger::F4, &twin, good, None).0, [FieldKind::Address]);
        let (fields, words) = of(Danger::F5, &twin, good, Some(&row(OTHER, OTHER)));
        assert_eq!(fields, [FieldKind::Kanji, FieldKind::Kana, FieldKind::Birth]);
        assert!(words.contains("同じ個人番号"), "{words}");
        assert_eq!(of(Danger::F6, &twin, good, None).0, []);

        let mut marks = Marks::all_match();
        for field in [FieldKind::Kanji, FieldKind::Kana, FieldKind::Birth] {
            marks.fields[field] = Mark::Mismatch;
        }
        assert_eq!(of(Danger::F7, &row(TARO, OTHER), marks, None).0.len(), 3);

        marks = Marks::all_match();
        marks.fields[FieldKind::Sex] = Mark::Mismatch;
        let (fields, words) = of(Danger::F8, &twin, marks, None);
        assert_eq!(fields, [FieldKind::Kanji, FieldKind::Kana, FieldKind::Sex]);
        assert!(words.contains("性別は×なのに値が同じです"), "{words}");
    }

    /// A given name in kana beside one in kanji could be either; the readings say that it is another.
    #[test]
    fn another_person_is_seen_through_kana_in_the_kanji_name() {
        let mut marks = Marks::all_match();
        for field in [FieldKind::Kanji, FieldKind::Kana, FieldKind::Birth] {
            marks.fields[field] = Mark::Mismatch;
        }
        let flags = |right: [&str; 2]| {
            let row = row(
                ["見本　信夫", "ミホン　ノブオ", "19480125", "1", "港区芝1-1"],
                [right[0], right[1], "19430713", "1", "港区芝1-1"],
            );
            crate::domain::danger::own::names_another(&row, &marks)
        };
        assert!(flags(["安井　ミツ", "ヤスイ　ミツ"]));
        assert!(flags(["安井　光男", "ヤスイ　ミツオ"]));
        assert!(!flags(["安井　ノブオ", "ヤスイ　ノブオ"]));
        assert!(!flags(["見本　ミツ", "ミホン　ミツ"]));
    }
}
