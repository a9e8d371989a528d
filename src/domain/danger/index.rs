//! The flags that need every row of the file: F2, F3 and F5.
//!
//! Each row leaves small keys: a hash of its 個人番号, of its registered person (生年月日 and loosely folded kana), and,
//! where the row is not all ○, of the person on its J-LIS side. Equal hashes only name candidates; the rows themselves
//! decide. A key has 32 bits and stands at the place of its record, so two million rows take 16 MB.

use std::collections::{HashMap, HashSet};

use crate::compare::{self, FieldKind, Verdict};
use crate::domain::record::{Cells, Column, Overall, RecordNo, Row};
use crate::domain::scope::{DateCell, matched_on};

/// The keys of one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowKeys {
    number: Option<u32>,
    left: Option<u32>,
    right: Option<u32>,
}

impl RowKeys {
    /// The key of its 個人番号.
    pub fn number(&self) -> Option<u32> {
        self.number.map(|key| key.max(NO_KEY + 1))
    }
}

/// Takes the keys of a row.
pub fn keys(row: &impl Cells, overall: Overall) -> RowKeys {
    let number = row.my_number().and_then(|number| number.join_key()).map(|key| fold32(mix(SEED, key)));
    let person = |birth: &str, kana: &str| {
        let birth = birth_key(birth)?;
        Some(fold32(loose_kana(kana).fold(mix(SEED, birth), |hash, c| mix(hash, u64::from(u32::from(c))))))
    };
    let left = person(row.left(FieldKind::Birth), row.left(FieldKind::Kana));
    let right = match overall {
        Overall::Match => None,
        _ => person(row.right(FieldKind::Birth), row.right(FieldKind::Kana)),
    };
    RowKeys { number, left, right }
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(hash: u64, value: u64) -> u64 {
    let x = (hash ^ value).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^ (x >> 32)
}

fn fold32(hash: u64) -> u32 {
    (hash >> 32) as u32 ^ hash as u32
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

/// Collects the keys of every row; its two parts name candidates, each on its own.
#[derive(Debug, Default)]
pub struct DangerIndex {
    /// Who holds which number.
    pub numbers: Numbers,
    /// Who is written on which side.
    pub persons: Persons,
}

/// The 個人番号 of every row, by record number; 0 where a record has none.
#[derive(Debug, Default)]
pub struct Numbers(Vec<u32>);

/// The persons of every row.
#[derive(Debug, Default)]
pub struct Persons {
    /// The registered side, by record number; 0 where a record has none.
    left: Vec<u32>,
    /// Key of the J-LIS side above the record number.
    subjects: Vec<u64>,
}

/// Stands for "no key"; a key that happens to be like it takes the next value.
const NO_KEY: u32 = 0;

/// At most so many rows of one key are looked at; more is no person but a placeholder.
const MOST_ALIKE: usize = 64;

/// A set of keys that may say "perhaps" for a key that is not in it.
struct Sieve(Vec<u64>);

impl Sieve {
    const BITS: u32 = 24;

    fn new() -> Self {
        Self(vec![0; 1 << (Self::BITS - 6)])
    }

    /// Whether the key is perhaps in it.
    fn holds(&self, key: u32) -> bool {
        let bit = key >> (32 - Self::BITS);
        self.0[bit as usize / 64] >> (bit % 64) & 1 == 1
    }

    fn insert(&mut self, key: u32) {
        let bit = key >> (32 - Self::BITS);
        self.0[bit as usize / 64] |= 1 << (bit % 64);
    }
}

impl DangerIndex {
    /// Adds a row.
    pub fn push(&mut self, no: RecordNo, keys: RowKeys) {
        let usable = |key: Option<u32>| key.map_or(NO_KEY, |key| key.max(NO_KEY + 1));
        let Self { numbers: Numbers(numbers), persons: Persons { left, subjects } } = self;
        let place = no.0 as usize;
        if numbers.len() <= place {
            numbers.resize(place + 1, NO_KEY);
            left.resize(place + 1, NO_KEY);
        }
        numbers[place] = usable(keys.number);
        left[place] = usable(keys.left);
        if keys.right.is_some() {
            subjects.push(u64::from(usable(keys.right)) << 32 | u64::from(no.0));
        }
    }
}

impl Persons {
    /// Pairs in order: the J-LIS side of the first may fit the registered side of the second (F2).
    pub fn fits(mut self) -> Vec<(RecordNo, RecordNo)> {
        self.subjects.sort_unstable();
        let mut wanted = Sieve::new();
        self.subjects.iter().for_each(|&subject| wanted.insert((subject >> 32) as u32));
        let mut looked_at: HashMap<u32, usize> = HashMap::new();
        let mut fits = Vec::new();
        for (other, &key) in (0u32..).zip(&self.left) {
            if key == NO_KEY || !wanted.holds(key) {
                continue;
            }
            let start = self.subjects.partition_point(|&subject| (subject >> 32) < u64::from(key));
            let alike = self.subjects[start..].iter().take_while(|&&subject| subject >> 32 == u64::from(key));
            let mut alike = alike.map(|&subject| subject as u32).peekable();
            if alike.peek().is_none() {
                continue;
            }
            let looked_at = looked_at.entry(key).or_default();
            if *looked_at < MOST_ALIKE {
                *looked_at += 1;
                fits.extend(alike.filter(|&no| no != other).map(|no| (RecordNo(no), RecordNo(other))));
            }
        }
        fits.sort_unstable();
        fits
    }
}

impl Numbers {
    /// The records whose 個人番号 may be one of these by their keys, the first ones of each.
    pub fn holders(&self, wanted: &HashSet<u32>, most: usize) -> Vec<RecordNo> {
        let mut found: HashMap<u32, usize> = HashMap::new();
        let mut is_wanted = |key: u32| {
            wanted.contains(&key) && {
                let found = found.entry(key).or_default();
                *found += 1;
                *found <= most
            }
        };
        (0u32..).zip(&self.0).filter(|&(_, &key)| is_wanted(key)).map(|(no, _)| RecordNo(no)).collect()
    }

    /// The records that may hold one 個人番号 (F5), each group in order.
    pub fn shared(self) -> Vec<Vec<RecordNo>> {
        let Self(keys) = self;
        let (mut once, mut again) = (Sieve::new(), Sieve::new());
        for &key in &keys {
            if once.holds(key) {
                again.insert(key);
            }
            once.insert(key);
        }
        let perhaps = (0u32..).zip(&keys).filter(|&(_, &key)| key != NO_KEY && again.holds(key));
        let mut perhaps: Vec<(u32, u32)> = perhaps.map(|(no, &key)| (key, no)).collect();
        perhaps.sort_unstable();
        perhaps
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
            .map(|group| group.iter().map(|&(_, no)| RecordNo(no)).collect())
            .collect()
    }
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
    fn candidates_are_named_by_equal_keys() {
        let mut index = DangerIndex::default();
        let row = |number, left, right| RowKeys { number: Some(number), left: Some(left), right };
        index.push(RecordNo(0), row(1, 10, Some(20)));
        index.push(RecordNo(1), row(1, 20, None));
        index.push(RecordNo(2), row(2, 30, Some(30)));
        assert_eq!(index.persons.fits(), [(RecordNo(0), RecordNo(1))]);
        assert_eq!(index.numbers.shared(), [[RecordNo(0), RecordNo(1)]]);
    }

    #[test]
    fn unknown_births_fit_nobody() {
        assert_eq!(birth_key("19850100"), None);
        assert_eq!(birth_key(""), None);
        assert_eq!(birth_key("昭和60年1月2日"), birth_key("19850102"));
    }
}
