//! The flags that need every row of the file: F2, F3 and F5.
//!
//! Each row leaves small keys: a hash of its 個人番号, of its registered person (生年月日 and loosely folded kana), and,
//! where the row is not all ○, of the person on its J-LIS side. Equal hashes only name candidates; the rows themselves
//! decide. Whoever reads the file collects the keys and finds equal ones (`ingest::candidates`).

use std::fmt;

use siphasher::sip::SipHasher13;

use crate::compare::{self, FieldKind, Verdict};
use crate::domain::record::{Cells, Column, Overall, Row};
use crate::domain::scope::{DateCell, matched_on};

/// The keys of one row; none of them is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowKeys {
    /// Of its 個人番号.
    pub number: Option<u64>,
    /// Of the registered person.
    pub left: Option<u64>,
    /// Of the person on its J-LIS side.
    pub right: Option<u64>,
}

/// Makes the keys of rows under a secret: they may lie in a temporary file, and tell nothing to whoever does not have it.
#[derive(Clone, Copy)]
pub struct Keyer(SipHasher13);

/// `Debug` tells nothing of the secret.
impl fmt::Debug for Keyer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyer").finish_non_exhaustive()
    }
}

impl Keyer {
    /// A keyer with a secret; keys of different secrets cannot be compared.
    pub fn new(secret: [u8; 16]) -> Self {
        Self(SipHasher13::new_with_key(&secret))
    }

    /// Takes the keys of a row.
    pub fn keys(&self, row: &impl Cells, overall: Overall) -> RowKeys {
        let key = |value: u64| self.0.hash(&value.to_le_bytes()).max(1);
        let number = row.my_number().and_then(|number| number.join_key()).map(key);
        let person = |birth: &str, kana: &str| {
            let birth = birth_key(birth)?;
            Some(key(loose_kana(kana).fold(mix(SEED, birth), |hash, c| mix(hash, u64::from(u32::from(c))))))
        };
        let left = person(row.left(FieldKind::Birth), row.left(FieldKind::Kana));
        let right = match overall {
            Overall::Match => None,
            _ => person(row.right(FieldKind::Birth), row.right(FieldKind::Kana)),
        };
        RowKeys { number, left, right }
    }
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(hash: u64, value: u64) -> u64 {
    let x = (hash ^ value).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 32)
}

/// A number for the day of birth; `None` when it is unknown, for unknown days fit nobody.
fn birth_key(text: &str) -> Option<u64> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|day: &u64| !day.is_multiple_of(100));
    }
    compare::parse_date(text)
        .and_then(|parsed| parsed.date.full())
        .map(|(year, month, day)| year.unsigned_abs() as u64 * 10_000 + u64::from(month) * 100 + u64::from(day))
}

/// Katakana without width, voicing, smallness, long marks and spaces: what every kana notation has in common.
fn loose_kana(text: &str) -> impl Iterator<Item = char> + '_ {
    /// Half-width katakana U+FF66–U+FF9D in order, small ones large.
    const HALF: [char; 56] = [
        'ヲ', 'ア', 'イ', 'ウ', 'エ', 'オ', 'ヤ', 'ユ', 'ヨ', 'ツ', 'ー', 'ア', 'イ', 'ウ', 'エ', 'オ', 'カ', 'キ',
        'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ', 'ヌ', 'ネ', 'ノ',
        'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ',
        'ワ', 'ン',
    ];
    text.chars().filter_map(|c| {
        let c = match c {
            'ｦ'..='ﾝ' => HALF[(c as u32 - 'ｦ' as u32) as usize],
            'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60)?,
            c => c,
        };
        match c {
            ' ' | '　' | 'ー' | '-' | '－' | '‐' | '・' | 'ﾞ' | 'ﾟ' | '\u{3099}' | '\u{309a}' => None,
            // Small kana stand just before the large ones, voiced ones just after.
            'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' => {
                char::from_u32(c as u32 + 1)
            }
            'ヵ' => Some('カ'),
            'ヶ' => Some('ケ'),
            'ヴ' => Some('ウ'),
            // ヂ and ヅ are written ジ and ズ as well; all four fold to シ and ス.
            'ヂ' | 'ジ' => Some('シ'),
            'ヅ' | 'ズ' => Some('ス'),
            'ガ' | 'ギ' | 'グ' | 'ゲ' | 'ゴ' | 'ザ' | 'ゼ' | 'ゾ' | 'ダ' | 'デ' | 'ド' | 'バ' | 'ビ' | 'ブ' | 'ベ'
            | 'ボ' => char::from_u32(c as u32 - 1),
            'パ' | 'ピ' | 'プ' | 'ペ' | 'ポ' => char::from_u32(c as u32 - 2),
            // チ and ツ under a half-width voicing mark are ヂ and ヅ; without the mark at hand they fold alike.
            'チ' => Some('シ'),
            'ツ' => Some('ス'),
            c => Some(c),
        }
    })
}

fn same(field: FieldKind, left: &str, right: &str) -> bool {
    matches!(compare::judge(field, left, right).verdict, Verdict::Same | Verdict::Notation)
}

/// Whether two registered sides are one person: birth date and kana agree.
fn one_person(a: &Row, b: &Row) -> bool {
    [FieldKind::Birth, FieldKind::Kana].into_iter().all(|field| same(field, a.left(field), b.left(field)))
}

/// F2: the J-LIS side of `x` fits the registered side of `y`, who shares 記号番号 or address with `x` and is another person.
pub fn fits(x: &Row, y: &Row) -> bool {
    let name = |field| compare::judge(field, x.right(field), y.left(field)).verdict;
    let person = same(FieldKind::Birth, x.right(FieldKind::Birth), y.left(FieldKind::Birth))
        && matches!(name(FieldKind::Kana), Verdict::Same | Verdict::Notation)
        && name(FieldKind::Kanji) != Verdict::Different;
    person && !one_person(x, y) && (same_household(x, y) || same_address(x, y))
}

fn same_household(x: &Row, y: &Row) -> bool {
    let number = |row: &Row| (row.cell(Column::Symbol).trim().to_owned(), row.cell(Column::Number).trim().to_owned());
    !number(x).1.is_empty() && number(x) == number(y)
}

fn same_address(x: &Row, y: &Row) -> bool {
    same(FieldKind::Address, x.left(FieldKind::Address), y.left(FieldKind::Address))
}

/// F5: two enrolled rows of different persons hold one 個人番号.
pub fn shares_number(a: &Row, b: &Row) -> bool {
    holds_number_of(a, b) && is_enrolled(a) && is_enrolled(b) && !one_person(a, b)
}

/// Whether two rows say the same of a number, so that one of them speaks for both where F5 is looked for.
pub fn is_one_holder(a: &Row, b: &Row) -> bool {
    holds_number_of(a, b) && is_enrolled(a) == is_enrolled(b) && one_person(a, b)
}

fn holds_number_of(a: &Row, b: &Row) -> bool {
    let number = |row: &Row| row.my_number().and_then(|number| number.join_key());
    number(a).is_some() && number(a) == number(b)
}

/// Enrolled at 突合時点; unknown dates count as enrolled (RULES §3).
fn is_enrolled(row: &Row) -> bool {
    let day = matched_on(row);
    let date = |column| DateCell::read(row.cell(column)).day();
    date(Column::Acquired).is_none_or(|acquired| acquired <= day) && date(Column::Lost).is_none_or(|lost| lost > day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_notations_share_a_loose_form() {
        let loose = |text: &str| loose_kana(text).collect::<String>();
        for (a, b) in [
            ("ﾔﾏﾀﾞ ｼﾞｭﾝｲﾁ", "ヤマダ　ジユンイチ"),
            ("やまだ じゅんいち", "ヤマダ　ジュンイチ"),
            ("ミヅキ", "ミズキ"),
            ("ﾐﾂﾞｷ", "ミズキ"),
            ("ﾁﾂﾞｺ", "チズコ"),
            ("パピコ", "ﾊﾟﾋﾟｺ"),
            ("ユーキ", "ﾕｰｷ"),
        ] {
            assert_eq!(loose(a), loose(b), "{a} {b}");
        }
        assert_ne!(loose("ヤマダ"), loose("ヤマモ"));
    }

    #[test]
    fn unknown_births_fit_nobody() {
        assert_eq!(birth_key("19850100"), None);
        assert_eq!(birth_key(""), None);
        assert_eq!(birth_key("昭和60年1月2日"), birth_key("19850102"));
    }
}
