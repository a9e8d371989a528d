//! A row of the 突合結果ファイル as the rules see it: its columns, marks and ids.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::danger::DangerSet;
use super::person::{MyNumber, PerField};
use super::scope::Scope;
use super::suspension::{Class, classify};
use super::twins::Twins;
use crate::compare::FieldKind;

/// The number of a record inside a store: given at its first import, never reused, the same across newer files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordNo(pub u32);

/// A column that meken knows (DOMAIN §7); everything else in a file is kept as an extra.
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

/// A 判定結果 of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// ○
    Match,
    /// ×
    Mismatch,
    /// Missing or unreadable; never taken for ○.
    Unreadable,
}

/// A 総合判定.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Overall {
    /// ○
    Match,
    /// △
    Partial,
    /// ×
    Mismatch,
    /// Missing or unreadable.
    Unreadable,
}

/// Which of the words for ○ △ × a text is (DOMAIN §7). Digits are marks only by a layout profile, so not here.
fn mark_word(text: &str) -> Option<Overall> {
    // Nearly every mark of a file.
    if text == "○" {
        return Some(Overall::Match);
    }
    Some(match text.trim_matches([' ', '　']) {
        "○" | "〇" | "◯" | "一致" | "OK" | "ＯＫ" | "ok" => Overall::Match,
        "×" | "✕" | "Ｘ" | "X" | "x" | "ｘ" | "不一致" | "NG" | "ＮＧ" | "ng" => Overall::Mismatch,
        "△" | "▲" | "一部不一致" => Overall::Partial,
        _ => return None,
    })
}

impl Mark {
    /// Reads a mark; `None` for a word that is no mark (blank included).
    pub fn parse(text: &str) -> Option<Self> {
        match mark_word(text)? {
            Overall::Match => Some(Self::Match),
            Overall::Mismatch => Some(Self::Mismatch),
            Overall::Partial | Overall::Unreadable => None,
        }
    }

    /// ○, × or ? as shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Match => "○",
            Self::Mismatch => "×",
            Self::Unreadable => "?",
        }
    }
}

impl Overall {
    /// Reads a 総合判定; `None` for a word that is none (blank included).
    pub fn parse(text: &str) -> Option<Self> {
        mark_word(text)
    }

    /// ○, △, × or ? as shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Match => "○",
            Self::Partial => "△",
            Self::Mismatch => "×",
            Self::Unreadable => "?",
        }
    }
}

/// The five marks and 複数の有効な資格 of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Marks {
    /// 判定結果 per field.
    pub fields: PerField<Mark>,
    /// 複数の有効な資格; `None` when the column is missing, blank or unreadable.
    pub multiple: Option<bool>,
}

impl Marks {
    /// All ○ and one qualification.
    pub fn all_match() -> Self {
        Self { fields: PerField([Mark::Match; 5]), multiple: Some(false) }
    }

    /// The fields marked ×.
    pub fn mismatches(&self) -> impl Iterator<Item = FieldKind> + '_ {
        self.fields.iter().filter(|(_, mark)| **mark == Mark::Mismatch).map(|(field, _)| field)
    }

    /// Whether 生年月日 or 性別 is × (the letters and evidence rules hang on it: G3, G4).
    pub fn birth_or_sex_differs(&self) -> bool {
        [FieldKind::Birth, FieldKind::Sex].iter().any(|&field| self.fields[field] == Mark::Mismatch)
    }

    /// Packs into 12 bits: two per field, two for 複数の有効な資格.
    pub fn pack(&self) -> u16 {
        let fields = self.fields.0.iter().rev().fold(0u16, |bits, mark| bits << 2 | *mark as u16);
        let multiple = match self.multiple {
            Some(false) => 0,
            Some(true) => 1,
            None => 2,
        };
        multiple << 10 | fields
    }

    /// Reads packed bits; unknown patterns are unreadable marks.
    pub fn unpack(bits: u16) -> Self {
        let mark = |n: u16| match bits >> (2 * n) & 3 {
            0 => Mark::Match,
            1 => Mark::Mismatch,
            _ => Mark::Unreadable,
        };
        let multiple = match bits >> 10 & 3 {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        };
        Self { fields: PerField([mark(0), mark(1), mark(2), mark(3), mark(4)]), multiple }
    }
}

/// Reads 複数の有効な資格: 1, 有, あり, ○ … / 0, 無, なし, blank; `None` for anything else.
pub fn parse_multiple(text: &str) -> Option<bool> {
    match text.trim_matches([' ', '　']) {
        "1" | "１" | "有" | "あり" | "有り" | "○" | "〇" | "◯" => Some(true),
        "0" | "０" | "" | "無" | "なし" | "無し" | "×" => Some(false),
        _ => None,
    }
}

/// Whether a mark in the column 支援措置 sets the flag. Only words that plainly say no leave it off: a word that nobody
/// foresaw must not send a letter to an address that is to be kept secret.
pub fn parse_protected(text: &str) -> bool {
    !matches!(
        text.trim_matches([' ', '　', '\t']),
        "" | "0"
            | "０"
            | "00"
            | "無"
            | "無し"
            | "なし"
            | "非該当"
            | "該当なし"
            | "対象外"
            | "否"
            | "×"
            | "✕"
            | "-"
            | "－"
            | "ー"
            | "―"
            | "N"
            | "n"
            | "NO"
            | "No"
            | "no"
            | "FALSE"
            | "False"
            | "false"
    )
}

/// Anything that holds the known columns of a row: a stored [`Row`], or the cells of a row on its way into the store.
pub trait Cells {
    /// The text of a column, empty where the file has none.
    fn cell(&self, column: Column) -> &str;

    /// What the insurer registered.
    fn left(&self, field: FieldKind) -> &str {
        self.cell(Column::Left(field))
    }

    /// What the resident register says.
    fn right(&self, field: FieldKind) -> &str {
        self.cell(Column::Right(field))
    }

    /// The 個人番号, where it has a readable form.
    fn my_number(&self) -> Option<MyNumber> {
        MyNumber::parse(self.cell(Column::MyNumber))
    }

    /// The five marks and 複数の有効な資格.
    fn marks(&self) -> Marks {
        Marks {
            fields: PerField::from_fn(|field| Mark::parse(self.cell(Column::Mark(field))).unwrap_or(Mark::Unreadable)),
            multiple: parse_multiple(self.cell(Column::Multiple)),
        }
    }

    /// Whether the file marks the record with 支援措置 (DOMAIN §8).
    fn protected(&self) -> bool {
        parse_protected(self.cell(Column::Protected))
    }

    /// The 総合判定.
    fn overall(&self) -> Overall {
        Overall::parse(self.cell(Column::Overall)).unwrap_or(Overall::Unreadable)
    }
}

impl Cells for [&str; Column::COUNT] {
    fn cell(&self, column: Column) -> &str {
        self[column.index()]
    }
}

impl Cells for Row {
    fn cell(&self, column: Column) -> &str {
        self.cells.get(column.index()).map_or("", String::as_str)
    }
}

/// A row as it stood in the file: every cell as decoded, never normalised.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// The physical line in the file, counted from 1.
    pub line: u32,
    /// The known columns in the order of [`Column::ALL`]; empty where the file has none.
    pub cells: Vec<String>,
    /// Extra columns with their header.
    pub extras: Vec<(String, String)>,
    /// Its characters that would be written with other bytes than they had, over all cells and extras in order.
    pub twins: Twins,
}

/// `Debug` leaves the cells out: they are personal data.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("line", &self.line).finish_non_exhaustive()
    }
}

impl Row {
    /// The text of a column, empty where the file has none.
    pub fn cell(&self, column: Column) -> &str {
        Cells::cell(self, column)
    }

    /// What the insurer registered.
    pub fn left(&self, field: FieldKind) -> &str {
        Cells::left(self, field)
    }

    /// What the resident register says.
    pub fn right(&self, field: FieldKind) -> &str {
        Cells::right(self, field)
    }

    /// The id shown to people: 整理番号 where the file has one, else the record key.
    pub fn id(&self) -> String {
        self.key()
    }

    /// The key of the record across files: 整理番号; without it 保険者番号+記号+番号+枝番+取得日, else a fingerprint of the
    /// row (DOMAIN §7).
    pub fn key(&self) -> String {
        let id = self.cell(Column::Id).trim();
        if !id.is_empty() {
            return id.to_owned();
        }
        let parts = [Column::InsurerNo, Column::Symbol, Column::Number, Column::Branch, Column::Acquired];
        if !self.cell(Column::Number).trim().is_empty() {
            return parts.map(|column| self.cell(column).trim()).join("-");
        }
        let mut hash = blake3::Hasher::new();
        for cell in &self.cells {
            hash.update(&(cell.len() as u64).to_le_bytes()).update(cell.as_bytes());
        }
        format!("#{}", &hash.finalize().to_hex()[..16])
    }

    /// The facts of the row that the rules compute from its own columns (danger flags come from all rows).
    pub fn facts(&self) -> Facts {
        let marks = self.marks();
        let overall = self.overall();
        Facts {
            class: classify(&marks),
            overall,
            marks,
            scope: super::scope::scope(
                overall,
                self.cell(Column::Acquired),
                self.cell(Column::Lost),
                self.cell(Column::MatchedOn),
            )
            .0,
            dangers: DangerSet::default(),
            protected: self.protected(),
        }
    }
}

/// What a record is by the rules, computed at import and kept in packed columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The class by the marks.
    pub class: Class,
    /// The file's own 総合判定, authoritative.
    pub overall: Overall,
    /// The marks.
    pub marks: Marks,
    /// Whether the record stands in item 1.
    pub scope: Scope,
    /// Danger flags (DOMAIN §6).
    pub dangers: DangerSet,
    /// 支援措置 by the file; what an operator set by hand stands in the case (see [`super::case::Case::is_protected`]).
    pub protected: bool,
}

impl Facts {
    /// The packed size in bytes.
    pub const BYTES: usize = 6;

    /// Whether the record stands in item 1 of the report and takes a category.
    pub fn in_item1(&self) -> bool {
        self.scope == Scope::Item1
    }

    /// The bit for 支援措置, above the twelve of the marks; it is 0 in stores of before the column was read.
    const PROTECTED: u16 = 1 << 15;

    /// Packs for a column: class, 総合判定 and scope, marks with 支援措置, dangers.
    pub fn pack(&self) -> [u8; Self::BYTES] {
        let protected = if self.protected { Self::PROTECTED } else { 0 };
        let marks = (self.marks.pack() | protected).to_le_bytes();
        let dangers = self.dangers.bits().to_le_bytes();
        [self.class.code(), (self.overall as u8) << 4 | self.scope as u8, marks[0], marks[1], dangers[0], dangers[1]]
    }

    /// Reads packed bytes; `None` when they hold no facts.
    pub fn unpack(bytes: [u8; Self::BYTES]) -> Option<Self> {
        let marks = u16::from_le_bytes([bytes[2], bytes[3]]);
        Some(Self {
            class: Class::from_code(bytes[0])?,
            overall: *[Overall::Match, Overall::Partial, Overall::Mismatch, Overall::Unreadable]
                .get(usize::from(bytes[1] >> 4))?,
            scope: *Scope::ALL.get(usize::from(bytes[1] & 15))?,
            marks: Marks::unpack(marks),
            dangers: DangerSet::from_bits(u16::from_le_bytes([bytes[4], bytes[5]])),
            protected: marks & Self::PROTECTED != 0,
        })
    }
}

/// A record as callers see it: its number, its current row and its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The number inside the store.
    pub no: RecordNo,
    /// The current row.
    pub row: Row,
    /// The facts of the current row, danger flags included.
    pub facts: Facts,
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

    #[test]
    fn marks_pack_and_unpack() {
        let all = [Mark::Match, Mark::Mismatch, Mark::Unreadable];
        for bits in 0..3usize.pow(5) {
            for multiple in [Some(false), Some(true), None] {
                let fields = PerField::from_fn(|field| all[bits / 3usize.pow(field.index() as u32) % 3]);
                let marks = Marks { fields, multiple };
                assert_eq!(Marks::unpack(marks.pack()), marks);
            }
        }
    }

    #[test]
    fn facts_pack_and_unpack() {
        for class in Class::ALL {
            for overall in [Overall::Match, Overall::Partial, Overall::Mismatch, Overall::Unreadable] {
                for scope in Scope::ALL {
                    for protected in [false, true] {
                        let (marks, dangers) = (Marks::all_match(), DangerSet::from_bits(0x85));
                        let facts = Facts { class, overall, scope, marks, dangers, protected };
                        assert_eq!(Facts::unpack(facts.pack()), Some(facts));
                    }
                }
            }
        }
        assert_eq!(Facts::unpack([0xff; 6]), None);
    }

    #[test]
    fn mark_words() {
        for ok in ["○", "〇", "◯", "一致", "OK", " ○ "] {
            assert_eq!(Mark::parse(ok), Some(Mark::Match));
        }
        for ng in ["×", "✕", "Ｘ", "x", "不一致", "NG"] {
            assert_eq!(Mark::parse(ng), Some(Mark::Mismatch));
        }
        for none in ["", "1", "0", "△", "?", "不"] {
            assert_eq!(Mark::parse(none), None, "{none}");
        }
        assert_eq!(Overall::parse("▲"), Some(Overall::Partial));
    }

    /// What says no is known; everything else that stands there keeps a letter back.
    #[test]
    fn marks_of_protection() {
        for on in ["1", "○", "有", "あり", " 該当 ", "対象", "DV", "１", "済", "?", "2024-03-31まで"] {
            assert!(parse_protected(on), "{on}");
        }
        for off in ["", " ", "　", "0", " ０", "無", "なし", "非該当", "対象外", "×", "-", "no", "false"] {
            assert!(!parse_protected(off), "{off}");
        }
    }

    #[test]
    fn keys_of_a_record() {
        let mut row = Row { line: 2, cells: vec![String::new(); Column::COUNT], ..Row::default() };
        let print = row.key();
        assert!(print.starts_with('#') && print.len() == 17);
        row.cells[Column::InsurerNo.index()] = "169854".into();
        row.cells[Column::Number.index()] = "123".into();
        row.cells[Column::Acquired.index()] = "20200401".into();
        assert_eq!(row.key(), "169854--123--20200401");
        row.cells[Column::Id.index()] = "0000000001".into();
        assert_eq!(row.key(), "0000000001");
    }
}
