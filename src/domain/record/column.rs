//! The columns of a 突合結果ファイル.

use crate::compare::FieldKind;
use serde::{Deserialize, Serialize};

/// A column that meken knows (RULES §7); everything else in a file is kept as an extra.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Column {
    /// 整理番号
    Id,
    /// 保険者番号
    InsurerNo,
    /// 被保険者証記号
    Symbol,
    /// 被保険者証番号
    Number,
    /// 枝番
    Branch,
    /// 本人家族区分
    Relation,
    /// 個人番号
    MyNumber,
    /// 資格取得年月日
    Acquired,
    /// 資格喪失年月日
    Lost,
    /// 被保険者証交付年月日
    Issued,
    /// 加入者情報: what the insurer registered
    Left(FieldKind),
    /// J-LIS情報: what the resident register says
    Right(FieldKind),
    /// 判定結果
    Mark(FieldKind),
    /// 複数の有効な資格
    Multiple,
    /// 総合判定
    Overall,
    /// 突合年月日
    MatchedOn,
    /// 備考
    Remarks,
    /// 支援措置 (DV・虐待等), not in the canonical header
    Protected,
}

impl Column {
    /// How many columns there are.
    pub const COUNT: usize = 30;

    /// Every column in the order of the canonical header, 支援措置 last.
    pub const ALL: [Self; Self::COUNT] = {
        use Column::{Left as L, Mark as M, Right as R};
        use FieldKind::{Address, Birth, Kana, Kanji, Sex};
        [
            Self::Id,
            Self::InsurerNo,
            Self::Symbol,
            Self::Number,
            Self::Branch,
            Self::Relation,
            Self::MyNumber,
            Self::Acquired,
            Self::Lost,
            Self::Issued,
            L(Kanji),
            R(Kanji),
            M(Kanji),
            L(Kana),
            R(Kana),
            M(Kana),
            L(Birth),
            R(Birth),
            M(Birth),
            L(Sex),
            R(Sex),
            M(Sex),
            L(Address),
            R(Address),
            M(Address),
            Self::Multiple,
            Self::Overall,
            Self::MatchedOn,
            Self::Remarks,
            Self::Protected,
        ]
    };

    /// The place of the column in [`Column::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::Id => 0,
            Self::InsurerNo => 1,
            Self::Symbol => 2,
            Self::Number => 3,
            Self::Branch => 4,
            Self::Relation => 5,
            Self::MyNumber => 6,
            Self::Acquired => 7,
            Self::Lost => 8,
            Self::Issued => 9,
            Self::Left(field) => 10 + 3 * field.index(),
            Self::Right(field) => 11 + 3 * field.index(),
            Self::Mark(field) => 12 + 3 * field.index(),
            Self::Multiple => 25,
            Self::Overall => 26,
            Self::MatchedOn => 27,
            Self::Remarks => 28,
            Self::Protected => 29,
        }
    }

    /// The canonical header name.
    pub const fn name(self) -> &'static str {
        const NAMES: [&str; Column::COUNT] = [
            "整理番号",
            "保険者番号",
            "被保険者証記号",
            "被保険者証番号",
            "枝番",
            "本人家族区分",
            "個人番号",
            "資格取得年月日",
            "資格喪失年月日",
            "被保険者証交付年月日",
            "加入者情報_漢字氏名",
            "J-LIS情報_漢字氏名",
            "判定結果_漢字氏名",
            "加入者情報_カナ氏名",
            "J-LIS情報_カナ氏名",
            "判定結果_カナ氏名",
            "加入者情報_生年月日",
            "J-LIS情報_生年月日",
            "判定結果_生年月日",
            "加入者情報_性別",
            "J-LIS情報_性別",
            "判定結果_性別",
            "加入者情報_住所",
            "J-LIS情報_住所",
            "判定結果_住所",
            "複数の有効な資格",
            "総合判定",
            "突合年月日",
            "備考",
            "支援措置",
        ];
        NAMES[self.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_know_their_place_and_name() {
        for (n, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column.index(), n);
        }
        assert_eq!(Column::Left(FieldKind::Address).name(), "加入者情報_住所");
        assert_eq!(Column::Mark(FieldKind::Kanji).name(), "判定結果_漢字氏名");
    }
}
