//! The words of headers: which column, side or field a name means (DOMAIN §7).

use unicode_normalization::UnicodeNormalization;

use crate::compare::FieldKind;
use crate::domain::record::Column;

/// Which of the three values of a field a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// 加入者情報
    Left,
    /// J-LIS情報
    Right,
    /// 判定結果
    Mark,
}

/// What a header name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A column of its own.
    Column(Column),
    /// A side, a field or both.
    Part(Option<Side>, Option<FieldKind>),
    /// Nothing that meken knows.
    Unknown,
}

/// Normalises a header name for comparison: NFKC, lower case, without spaces and punctuation.
pub(crate) fn normalise(name: &str) -> String {
    name.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'))
        .filter(|c| !c.is_whitespace() && !c.is_control() && !"_・:()[]【】「」-‐‑–−/\"'\u{FEFF}".contains(*c))
        .collect()
}

/// Names of columns other than the five fields, normalised; the canonical name stands first.
const COLUMNS: &[(Column, &[&str])] = &[
    (Column::Id, &["整理番号", "整理no"]),
    (Column::InsurerNo, &["保険者番号"]),
    (
        Column::Symbol,
        &[
            "被保険者証記号",
            "被保険者証の記号",
            "被保険者証等記号",
            "被保険者証等の記号",
            "被保険者記号",
            "保険証記号",
            "証記号",
            "記号",
        ],
    ),
    (
        Column::Number,
        &[
            "被保険者証番号",
            "被保険者証の番号",
            "被保険者証等番号",
            "被保険者証等の番号",
            "被保険者番号",
            "保険証番号",
            "証番号",
            "番号",
        ],
    ),
    (Column::Branch, &["枝番", "枝番号", "被保険者証枝番", "被保険者枝番", "証枝番"]),
    (Column::Relation, &["本人家族区分", "本人家族", "本人家族の別", "本人家族別", "本家区分"]),
    (Column::MyNumber, &["個人番号", "マイナンバー", "個人番号マイナンバー", "マイナンバー個人番号"]),
    (Column::Acquired, &["資格取得年月日", "資格取得日", "取得年月日", "取得日"]),
    (Column::Lost, &["資格喪失年月日", "資格喪失日", "喪失年月日", "喪失日"]),
    (
        Column::Issued,
        &[
            "被保険者証交付年月日",
            "被保険者証交付日",
            "証交付年月日",
            "証交付日",
            "交付年月日",
            "交付日",
            "被保険者証発行年月日",
            "証発行年月日",
            "証発行日",
        ],
    ),
    (
        Column::Multiple,
        &[
            "複数の有効な資格",
            "複数の有効な資格の有無",
            "複数の有効資格",
            "複数有効資格",
            "複数資格",
            "複数資格有無",
            "資格重複",
            "資格重複有無",
            "重複資格",
        ],
    ),
    (
        Column::Overall,
        &["総合判定", "総合判定結果", "総合判定区分", "総合結果", "総合照合結果", "総合突合結果", "判定総合", "総合"],
    ),
    (Column::MatchedOn, &["突合年月日", "突合日", "突合時点", "突合実施日", "突合実施年月日", "照合年月日", "照合日"]),
    (Column::Remarks, &["備考", "備考欄", "摘要", "特記事項"]),
    (Column::Protected, &["支援措置", "支援措置対象", "支援措置区分", "dv等支援措置", "dv虐待等"]),
];

/// Words for a side or a field inside a name.
const WORDS: &[(&str, Option<Side>, Option<FieldKind>)] = {
    use FieldKind::{Address, Birth, Kana, Kanji, Sex};
    use Side::{Left, Mark, Right};
    &[
        ("加入者", Some(Left), None),
        ("中間サーバー", Some(Left), None),
        ("中間サーバ", Some(Left), None),
        ("医療保険者", Some(Left), None),
        ("保険者", Some(Left), None),
        ("被保険者", Some(Left), None),
        ("登録", Some(Left), None),
        ("jlis", Some(Right), None),
        ("住民基本台帳", Some(Right), None),
        ("住基", Some(Right), None),
        ("住民票", Some(Right), None),
        ("地方公共団体情報システム機構", Some(Right), None),
        ("本人確認情報", Some(Right), None),
        ("判定結果", Some(Mark), None),
        ("照合結果", Some(Mark), None),
        ("突合結果", Some(Mark), None),
        ("判定", Some(Mark), None),
        ("結果", Some(Mark), None),
        ("一致区分", Some(Mark), None),
        ("一致不一致", Some(Mark), None),
        ("○×", Some(Mark), None),
        ("漢字氏名", None, Some(Kanji)),
        ("氏名漢字", None, Some(Kanji)),
        ("姓名漢字", None, Some(Kanji)),
        ("姓名", None, Some(Kanji)),
        ("氏名", None, Some(Kanji)),
        ("名前", None, Some(Kanji)),
        ("漢字", None, Some(Kanji)),
        ("カナ氏名", None, Some(Kana)),
        ("氏名カナ", None, Some(Kana)),
        ("姓名カナ", None, Some(Kana)),
        ("氏名フリガナ", None, Some(Kana)),
        ("姓名フリガナ", None, Some(Kana)),
        ("フリガナ", None, Some(Kana)),
        ("ふりがな", None, Some(Kana)),
        ("シメイ", None, Some(Kana)),
        ("名前カナ", None, Some(Kana)),
        ("名前フリガナ", None, Some(Kana)),
        ("カナ", None, Some(Kana)),
        ("生年月日", None, Some(Birth)),
        ("生年月日西暦", None, Some(Birth)),
        ("誕生日", None, Some(Birth)),
        ("性別コード", None, Some(Sex)),
        ("性別", None, Some(Sex)),
        ("男女区分", None, Some(Sex)),
        ("男女", None, Some(Sex)),
        ("住所", None, Some(Address)),
        ("現住所", None, Some(Address)),
        ("住所漢字", None, Some(Address)),
        ("情報", None, None),
        ("データ", None, None),
        ("等", None, None),
        ("全角", None, None),
        ("半角", None, None),
        ("側", None, None),
        ("の", None, None),
    ]
};

/// Reads a header name.
pub(crate) fn meaning(name: &str) -> Meaning {
    let name = normalise(name);
    if let Some((column, _)) = COLUMNS.iter().find(|(_, names)| names.contains(&name.as_str())) {
        return Meaning::Column(*column);
    }
    let (mut side, mut field) = (None, None);
    let mut rest = name.as_str();
    while !rest.is_empty() {
        let longest = WORDS.iter().filter(|(word, ..)| rest.starts_with(word)).max_by_key(|(word, ..)| word.len());
        let Some((word, word_side, word_field)) = longest else { return Meaning::Unknown };
        let clash = |old: bool, same: bool| old && !same;
        if word_side.is_some() && clash(side.is_some(), side == *word_side)
            || word_field.is_some() && clash(field.is_some(), field == *word_field)
        {
            return Meaning::Unknown;
        }
        side = side.or(*word_side);
        field = field.or(*word_field);
        rest = &rest[word.len()..];
    }
    match (side, field) {
        (None, None) => Meaning::Unknown,
        (Some(Side::Left), Some(field)) => Meaning::Column(Column::Left(field)),
        (Some(Side::Right), Some(field)) => Meaning::Column(Column::Right(field)),
        (Some(Side::Mark), Some(field)) => Meaning::Column(Column::Mark(field)),
        part => Meaning::Part(part.0, part.1),
    }
}

/// The column whose canonical name is exactly this one.
pub(crate) fn canonical(name: &str) -> Option<Column> {
    let name = normalise(name);
    Column::ALL.into_iter().find(|column| normalise(column.name()) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_canonical_name_means_its_column() {
        for column in Column::ALL {
            assert_eq!(meaning(column.name()), Meaning::Column(column), "{}", column.name());
            assert_eq!(canonical(column.name()), Some(column));
        }
    }

    #[test]
    fn other_words_mean_the_same() {
        use FieldKind::{Address, Birth, Kana, Kanji, Sex};
        let table = [
            ("加入者情報 生年月日", Column::Left(Birth)),
            ("Ｊ－ＬＩＳ情報　住所", Column::Right(Address)),
            ("JLIS:ﾌﾘｶﾞﾅ", Column::Right(Kana)),
            ("保険者：姓名", Column::Left(Kanji)),
            ("判定：男女", Column::Mark(Sex)),
            ("氏名（漢字）【加入者】", Column::Left(Kanji)),
            ("氏名(カナ)_住基", Column::Right(Kana)),
            ("中間サーバー登録情報の住所", Column::Left(Address)),
            ("照合結果（誕生日）", Column::Mark(Birth)),
            ("生年月日判定", Column::Mark(Birth)),
            ("本人確認情報・住所", Column::Right(Address)),
            ("総合結果", Column::Overall),
            ("喪失日", Column::Lost),
            ("マイナンバー", Column::MyNumber),
            ("番号", Column::Number),
            ("証番号", Column::Number),
            ("資格重複", Column::Multiple),
            ("複数資格", Column::Multiple),
            ("本人・家族区分", Column::Relation),
            ("被保険者_漢字", Column::Left(Kanji)),
            ("被保険者証の記号", Column::Symbol),
            ("判定_漢字", Column::Mark(Kanji)),
            ("氏名（漢字）_加入者", Column::Left(Kanji)),
            ("加入者_氏名漢字", Column::Left(Kanji)),
            ("加入者情報_氏名（漢字等）", Column::Left(Kanji)),
            ("医療保険者等（現住所）", Column::Left(Address)),
            ("中間サーバー等住所", Column::Left(Address)),
            ("J-LISデータ：生年月日（西暦）", Column::Right(Birth)),
            ("住民票_住所（漢字）", Column::Right(Address)),
            ("JLIS_名前カナ（半角）", Column::Right(Kana)),
            ("結果_性別", Column::Mark(Sex)),
            ("住所○×", Column::Mark(Address)),
            ("個人番号（マイナンバー）", Column::MyNumber),
            ("複数の有効な資格の有無", Column::Multiple),
            ("判定（総合）", Column::Overall),
        ];
        for (name, column) in table {
            assert_eq!(meaning(name), Meaning::Column(column), "{name}");
        }
        assert_eq!(meaning("判定結果"), Meaning::Part(Some(Side::Mark), None));
        assert_eq!(meaning("漢字氏名"), Meaning::Part(None, Some(Kanji)));
        for unknown in [
            "",
            "郵便番号",
            "加入者情報とJ-LIS情報",
            "住所コード",
            "担当課メモ",
            "情報",
            "登録年月日",
            "管理番号",
            "個人番号下4桁",
            "照合氏名",
            "照会結果_氏名",
            "住所カナ",
            "加入者_住所カナ",
            "資格番号",
            "自庁_氏名",
            "漢字住所",
            "基準日",
            "J-LIS結果_氏名",
        ] {
            assert_eq!(meaning(unknown), Meaning::Unknown, "{unknown}");
        }
    }
}
