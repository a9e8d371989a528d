//! Why two values differ: the codes of RULES §5, the class of a step, and the wording shown to the operator.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::field::FieldKind;

macro_rules! codes {
    ($($name:ident $text:literal,)*) => {
        /// A code of RULES §5; `…X` differs in a way no code describes, `…M` has an empty side.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code {
            $(#[doc = $text] $name,)*
        }

        impl Code {
            /// All codes in the order of stored values: append new ones at the end.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the description of the code in Japanese.
            pub fn description(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Returns the name of the code, such as `N1`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

codes! {
    N1 "全角・半角、空白の違い",
    N2 "異体字・旧字体",
    N3 "●・外字など読めない文字",
    N4 "漢字とかなの書き分け",
    N5 "氏が異なり名は同じ",
    N6 "通称と本名",
    N7 "ローマ字・かな氏名の表記",
    N8 "ヶ・々・ノの書き方",
    NX "漢字氏名の相違",
    NM "漢字氏名が片方にない",
    K1 "全角・半角、空白、ひらがなの違い",
    K2 "小書きのかな",
    K3 "ヂ・ヅ・ヲ・ヴ、長音記号の字形",
    K4 "長音の書き方",
    K5 "濁点・半濁点",
    K6 "読みの違い",
    KX "カナ氏名の相違",
    KM "カナ氏名が片方にない",
    D1 "日付の一桁違い・入れ替わり",
    D2 "元号・年の取り違え、日付の一部不詳",
    D3 "日付の表記",
    DX "生年月日の相違",
    DM "生年月日が片方にない",
    S1 "性別の値",
    SM "性別が片方にない",
    A1 "丁目・番地・号、数字の表記",
    A2 "都道府県・郡・大字・字の省略",
    A3 "建物名・部屋番号・方書",
    A4 "地名の字の書き方",
    A5 "番号の相違",
    A6 "市区町村の相違",
    AX "住所の相違",
    AM "住所が片方にない",
    A7 "部屋番号か枝番か、番地か丁目か",
}

impl Code {
    /// Returns the field of the code.
    pub fn field(self) -> FieldKind {
        match self.name().as_bytes().first() {
            Some(b'N') => FieldKind::Kanji,
            Some(b'K') => FieldKind::Kana,
            Some(b'D') => FieldKind::Birth,
            Some(b'S') => FieldKind::Sex,
            _ => FieldKind::Address,
        }
    }

    /// Returns whether the code occurs in one field only; N3, an unreadable character, occurs in several.
    pub fn is_of_one_field(self) -> bool {
        self != Self::N3
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Error for a word that is not a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("相違の記号「{0}」はありません。N1 から AM までの記号を指定してください")]
pub struct UnknownCode(String);

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|code| code.name() == word).ok_or_else(|| UnknownCode(word.to_owned()))
    }
}

/// Effect of a step on the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StepClass {
    /// Harmless by rule: the verdict stays 表記ゆれ.
    A,
    /// Doubtful: 要確認.
    B,
    /// A real difference: 相違.
    Difference,
}

/// Step that was needed to make the two values equal, or a part where that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The code of RULES §5.
    pub code: Code,
    /// Effect on the verdict.
    pub class: StepClass,
    /// Text for the screen, such as `異体字 高→髙`; values in it are in display form.
    pub text: String,
    /// Bytes in the left original.
    pub left: Range<usize>,
    /// Bytes in the right original.
    pub right: Range<usize>,
}

/// Possible cause of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Hint {
    /// 氏の変更 (婚姻など) or 旧氏併記.
    SurnameChange,
    /// 通称 on one side, 本名 on the other.
    Alias,
    /// A part of a foreign name is missing, cut off or in another order.
    NameOrder,
    /// 転居.
    Moved,
    /// One digit of the date differs.
    OneDigit,
    /// Two neighbouring digits of the date are swapped.
    Transposed,
    /// Month and day are swapped.
    MonthDaySwapped,
    /// The same numerals under another era.
    EraSlip,
    /// The year is one off.
    YearOff,
    /// A part of the date is 不詳.
    PartUnknown,
    /// The digits of the numbers are the same, but in another order or grouping.
    NumbersRegrouped,
}

impl Hint {
    /// Returns the text of the hint for the operator.
    pub fn label(self) -> &'static str {
        match self {
            Self::SurnameChange => "氏の変更・旧氏の可能性",
            Self::Alias => "通称と本名の可能性",
            Self::NameOrder => "氏名の順序・省略の可能性",
            Self::Moved => "転居の可能性",
            Self::OneDigit => "一桁だけの違い",
            Self::Transposed => "隣り合う数字の入れ替わり",
            Self::MonthDaySwapped => "月と日の入れ替わり",
            Self::EraSlip => "元号の取り違えの可能性",
            Self::YearOff => "年が一つ違い",
            Self::PartUnknown => "日付の一部が不詳",
            Self::NumbersRegrouped => "番号の区切り・順序の違い",
        }
    }
}
