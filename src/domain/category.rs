//! The categories of the report (RULES §4, 手順書 4) and what each of them means for counts and 解除.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of the 14 categories 2-1 … 4-8. A record holds at most one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// 2-1 資格喪失により確認の対象外
    C21,
    /// 2-2 過去の再点検等で確認済, or 訂正届を依頼し同一人物確認
    C22,
    /// 2-3 目検や届出書等で同一人物確認
    C23,
    /// 2-4 保険者の確認で個人番号の誤り
    C24,
    /// 3-1 事業主で確認: 誤りなし
    C31,
    /// 3-2 事業主で確認: 誤り
    C32,
    /// 4-1 本人へ送付: マイナンバー提出を求めた, waiting
    C41,
    /// 4-2 本人へ送付: 下4桁等の確認を求めた, waiting
    C42,
    /// 4-3 4-1 の結果: 誤りなし
    C43,
    /// 4-4 4-1 の結果: 誤り
    C44,
    /// 4-5 4-1 の結果: 返事なし
    C45,
    /// 4-6 4-2 の結果: 誤りなし
    C46,
    /// 4-7 4-2 の結果: 誤り
    C47,
    /// 4-8 4-2 の結果: 返事なし
    C48,
}

/// What a category says about the 個人番号.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// 誤りなし: it is the right person's.
    Right,
    /// 誤り: it is another person's.
    Wrong,
    /// A letter is out and no answer has come.
    Waiting,
    /// 返事なし: the deadline of the letter has passed.
    NoReply,
    /// 対象外: not to be checked any more.
    OutOfScope,
}

impl Category {
    /// Every category in the order of the report.
    pub const ALL: [Self; 14] = [
        Self::C21,
        Self::C22,
        Self::C23,
        Self::C24,
        Self::C31,
        Self::C32,
        Self::C41,
        Self::C42,
        Self::C43,
        Self::C44,
        Self::C45,
        Self::C46,
        Self::C47,
        Self::C48,
    ];

    /// The code, `2-1` … `4-8`.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// What the category means, as shown beside the code.
    pub fn label(self) -> &'static str {
        self.row().1
    }

    /// What the category says about the 個人番号.
    pub fn finding(self) -> Finding {
        self.row().2
    }

    /// The report items that the category counts in (column "counts in" of RULES §4).
    pub fn counts_in(self) -> &'static [&'static str] {
        self.row().3
    }

    /// Whether the 閲覧停止 is lifted (column 解除 of RULES §4): exactly the categories 誤りなし.
    pub fn releases(self) -> bool {
        self.finding() == Finding::Right
    }

    /// The letter that an outcome belongs to: 4-1 for 4-3, 4-4, 4-5; 4-2 for 4-6, 4-7, 4-8; itself for 4-1 and 4-2.
    pub fn letter(self) -> Option<Self> {
        match self {
            Self::C41 | Self::C43 | Self::C44 | Self::C45 => Some(Self::C41),
            Self::C42 | Self::C46 | Self::C47 | Self::C48 => Some(Self::C42),
            _ => None,
        }
    }

    /// The table of RULES §4: code, meaning, finding, report items.
    fn row(self) -> (&'static str, &'static str, Finding, &'static [&'static str]) {
        use Finding::{NoReply, OutOfScope, Right, Waiting, Wrong};
        match self {
            Self::C21 => ("2-1", "資格喪失により対象外", OutOfScope, &["1", "2", "2-1"]),
            Self::C22 => ("2-2", "過去確認・訂正届で同一人物", Right, &["1", "2", "2-2"]),
            Self::C23 => ("2-3", "目検・届出書等で同一人物", Right, &["1", "2", "2-3"]),
            Self::C24 => ("2-4", "保険者確認で個人番号の誤り", Wrong, &["1", "2", "2-4", "5"]),
            Self::C31 => ("3-1", "事業主確認で誤りなし", Right, &["1", "3", "3-1"]),
            Self::C32 => ("3-2", "事業主確認で誤り", Wrong, &["1", "3", "3-2", "5"]),
            Self::C41 => ("4-1", "本人へ送付(番号提出)", Waiting, &["1", "4", "4-1"]),
            Self::C42 => ("4-2", "本人へ送付(下4桁等)", Waiting, &["1", "4", "4-2"]),
            Self::C43 => ("4-3", "番号提出で誤りなし", Right, &["1", "4", "4-1", "4-3"]),
            Self::C44 => ("4-4", "番号提出で誤り", Wrong, &["1", "4", "4-1", "4-4", "5"]),
            Self::C45 => ("4-5", "番号提出に返事なし", NoReply, &["1", "4", "4-1", "4-5"]),
            Self::C46 => ("4-6", "下4桁等で誤りなし", Right, &["1", "4", "4-2", "4-6"]),
            Self::C47 => ("4-7", "下4桁等で誤り", Wrong, &["1", "4", "4-2", "4-7", "5"]),
            Self::C48 => ("4-8", "下4桁等に返事なし", NoReply, &["1", "4", "4-2", "4-8"]),
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is no category code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("「{0}」は区分ではありません。2-1〜2-4、3-1、3-2、4-1〜4-8 から選んでください")]
pub struct UnknownCategory(pub String);

impl FromStr for Category {
    type Err = UnknownCategory;
    fn from_str(text: &str) -> Result<Self, UnknownCategory> {
        Self::ALL.into_iter().find(|category| category.code() == text).ok_or_else(|| UnknownCategory(text.to_owned()))
    }
}

impl Serialize for Category {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Category {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How an identity was confirmed (確認方法); each may carry a date and a free reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EvidenceCode {
    /// 目検
    #[serde(rename = "目検")]
    Visual,
    /// 届出書
    #[serde(rename = "届出書")]
    Notification,
    /// 住民票等の写し
    #[serde(rename = "住民票等の写し")]
    ResidentRecord,
    /// J-LIS照会
    #[serde(rename = "J-LIS照会")]
    JlisInquiry,
    /// 過去確認記録
    #[serde(rename = "過去確認記録")]
    PastRecord,
    /// 訂正届
    #[serde(rename = "訂正届")]
    Correction,
    /// 事業主回答
    #[serde(rename = "事業主回答")]
    EmployerReply,
    /// 本人回答
    #[serde(rename = "本人回答")]
    PersonReply,
}

impl EvidenceCode {
    /// Every code in the order of RULES §4.
    pub const ALL: [Self; 8] = [
        Self::Visual,
        Self::Notification,
        Self::ResidentRecord,
        Self::JlisInquiry,
        Self::PastRecord,
        Self::Correction,
        Self::EmployerReply,
        Self::PersonReply,
    ];

    /// The word of RULES §4.
    pub fn label(self) -> &'static str {
        match self {
            Self::Visual => "目検",
            Self::Notification => "届出書",
            Self::ResidentRecord => "住民票等の写し",
            Self::JlisInquiry => "J-LIS照会",
            Self::PastRecord => "過去確認記録",
            Self::Correction => "訂正届",
            Self::EmployerReply => "事業主回答",
            Self::PersonReply => "本人回答",
        }
    }

    /// Whether it is strong enough where 生年月日 or 性別 differs (G3).
    pub fn is_strong(self) -> bool {
        matches!(
            self,
            Self::Notification
                | Self::ResidentRecord
                | Self::JlisInquiry
                | Self::PastRecord
                | Self::EmployerReply
                | Self::PersonReply
        )
    }
}

/// A text that is no evidence code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "「{0}」は確認方法ではありません。目検、届出書、住民票等の写し、J-LIS照会、過去確認記録、訂正届、事業主回答、本人回答 から選んでください"
)]
pub struct UnknownEvidence(pub String);

impl FromStr for EvidenceCode {
    type Err = UnknownEvidence;
    fn from_str(text: &str) -> Result<Self, UnknownEvidence> {
        Self::ALL.into_iter().find(|code| code.label() == text.trim()).ok_or_else(|| UnknownEvidence(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Column 解除 of RULES §4, written out.
    #[test]
    fn the_table_of_categories() {
        let releases = ["2-2", "2-3", "3-1", "4-3", "4-6"];
        let wrong = ["2-4", "3-2", "4-4", "4-7"];
        for category in Category::ALL {
            assert_eq!(category.releases(), releases.contains(&category.code()), "{category}");
            assert_eq!(category.finding() == Finding::Wrong, wrong.contains(&category.code()), "{category}");
            assert_eq!(category.counts_in().contains(&"5"), wrong.contains(&category.code()), "{category}");
            assert!(category.counts_in().contains(&&category.code()[..1]), "{category}");
            assert!(category.counts_in().contains(&category.code()), "{category}");
            assert_eq!(category.code().parse(), Ok(category));
        }
        assert!("2-5".parse::<Category>().is_err());
    }

    #[test]
    fn evidence_words_round_trip() {
        for code in EvidenceCode::ALL {
            assert_eq!(code.label().parse(), Ok(code));
            assert_eq!(code.is_strong(), !matches!(code, EvidenceCode::Visual | EvidenceCode::Correction));
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{}\"", code.label()));
        }
    }
}
