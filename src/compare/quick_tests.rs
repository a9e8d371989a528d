//! The quick comparison against the full one, on every combination of its building blocks.

use std::collections::HashMap;

use proptest::prelude::*;

use super::address::quick::building_blocks;
use super::kana_chars::katakana;
use super::{FieldKind, judge, plainly_same, unit};

/// Pairs that the two comparisons were asked about.
#[derive(Default)]
struct Checked {
    /// Number of pairs.
    pairs: usize,
    /// Number of pairs of different texts that the quick comparison calls the same.
    same: usize,
    /// Pairs that only the quick comparison calls the same.
    faults: Vec<String>,
}

impl Checked {
    /// Asks both comparisons about a pair.
    fn pair(&mut self, field: FieldKind, left: &str, right: &str) {
        let same = plainly_same(field, left, right);
        assert_eq!(same, plainly_same(field, right, left), "{left} {right}");
        self.pairs += 1;
        if !same || left == right {
            return;
        }
        self.same += 1;
        let found = judge(field, left, right);
        if !found.verdict.is_same() {
            self.faults.push(format!("{field} {left:?} {right:?}: {} {:?}", found.verdict, found.codes()));
        }
    }

    /// Asks about every pair of some texts.
    fn all_pairs(&mut self, field: FieldKind, texts: &[String]) {
        for (at, left) in texts.iter().enumerate() {
            for right in &texts[at..] {
                self.pair(field, left, right);
            }
        }
    }

    /// Ends the test; fails without enough pairs that the quick comparison calls the same.
    fn finish(self, at_least: usize) {
        eprintln!("{} pairs, {} of them plainly the same", self.pairs, self.same);
        let faults = &self.faults[..self.faults.len().min(40)];
        assert!(faults.is_empty(), "{} faults: {faults:#?}", self.faults.len());
        assert!(self.same >= at_least, "only {} of {} pairs are plainly the same", self.same, self.pairs);
    }
}

/// What can stand behind a number: everything the readers know, and what they do not.
const SEPARATORS: [&str; 18] =
    ["", "-", "－", "ー", "−", "一", "の", "ノ", " ", "　", "丁目", "丁", "番地", "番", "番丁", "号", "号室", "条"];

/// Every chain of up to four numbers with every separator behind every number, alone and with building and room, on both sides.
#[test]
fn every_chain_of_numbers() {
    const DIGITS: [&str; 4] = ["3", "12", "5", "201"];
    const BEHIND: [&str; 4] = ["", "　メゾン桜", " ﾒｿﾞﾝ桜 101", "　メゾン桜１０１号"];
    let mut checked = Checked::default();
    for count in 1..=DIGITS.len() {
        // Of several bars one is enough in long chains.
        let is_used = |separator: &&str| count <= 2 || !matches!(*separator, "－" | "ー" | "−");
        let mut chains = vec!["東京都港区赤坂".to_owned()];
        for (at, digits) in DIGITS[..count].iter().enumerate() {
            let separators = SEPARATORS.into_iter().filter(is_used).filter(|s| at + 1 == count || !s.is_empty());
            let separators: Vec<&str> = separators.collect();
            chains =
                chains.iter().flat_map(|chain| separators.iter().map(move |s| format!("{chain}{digits}{s}"))).collect();
        }
        let texts = chains.iter().flat_map(|chain| BEHIND.map(|behind| format!("{chain}{behind}")));
        let texts: Vec<String> = texts.filter(|text| building_blocks::is_read(text)).collect();
        checked.all_pairs(FieldKind::Address, &texts);
    }
    checked.finish(10_000);
}

/// Every digit form in every place of a number.
#[test]
fn every_form_of_digits() {
    const DIGITS: [&str; 12] =
        ["1", "１", "01", "０１", "0", "〇", "11", "1１", "123456789012345", "1234567890123456", "一", "①"];
    let mut checked = Checked::default();
    let frames: [fn(&str) -> [String; 2]; 5] = [
        |d| [format!("高山町{d}"), format!("高山町{d}番地")],
        |d| [format!("高山町{d}-2"), format!("高山町{d}丁目2番")],
        |d| [format!("高山町3-{d}"), format!("高山町3番{d}号")],
        |d| [format!("高山町3-2 メゾン{d}"), format!("高山町3番2号　ﾒｿﾞﾝ {d}号")],
        |d| [format!("高山町3-2 メゾン {d}"), format!("高山町3番2　ﾒｿﾞﾝ{d}号")],
    ];
    for frame in frames {
        let texts: Vec<String> = DIGITS.iter().flat_map(|digits| frame(digits)).collect();
        checked.all_pairs(FieldKind::Address, &texts);
    }
    checked.finish(50);
}

/// Every word of addresses at the beginning, inside and at the end of a 町名, with every short chain of numbers; at the end also behind
/// several 市区町村.
#[test]
fn every_word_in_a_town() {
    const BETWEEN: [&str; 5] = ["-", "丁目", "番地", "番", "号"];
    const BEHIND: [&str; 6] = ["", "-", "番地", "番", "号", "丁目"];
    let two = BETWEEN.iter().flat_map(|first| BEHIND.map(|second| format!("3{first}2{second}")));
    let chains: Vec<String> = BEHIND.map(|behind| format!("3{behind}")).into_iter().chain(two).collect();
    let mut checked = Checked::default();
    for word in building_blocks::words() {
        let mut towns = vec![word.clone(), format!("{word}坂"), format!("赤{word}坂")];
        let heads = ["", "東京都港区", "札幌市", "京都府京都市上京区"];
        towns.extend(heads.map(|head| format!("{head}赤坂{word}")));
        for town in towns {
            let texts = chains.iter().map(|chain| format!("{town}{chain}"));
            checked.all_pairs(
                FieldKind::Address,
                &texts.filter(|text| building_blocks::is_read(text)).collect::<Vec<_>>(),
            );
        }
    }
    checked.finish(10_000);
}

/// Every katakana and every word of addresses in a building name, with every form of a room.
#[test]
fn every_word_in_a_building() {
    const ROOMS: [&str; 9] = ["", "1", " 1", "12号", "　１２", "101", " 101", "１０１号", " 101号"];
    let katakana = ('ァ'..='ヾ').chain('ｦ'..='ﾟ').map(String::from);
    let mut checked = Checked::default();
    for word in katakana.chain(building_blocks::words()) {
        for name in [word.clone(), format!("{word}ゾン"), format!("メ{word}ン"), format!("メゾン{word}")] {
            let name = &name;
            let texts = |chain: &'static str| {
                ROOMS.iter().map(move |room| format!("赤坂{chain}{name}{room}")).collect::<Vec<_>>()
            };
            let (left, right) = (texts("3-2 "), texts("3番2号　"));
            for left in &left {
                for right in &right {
                    checked.pair(FieldKind::Address, left, right);
                }
            }
        }
    }
    checked.finish(5_000);
}

/// Every token of addresses put in at every place of some addresses, against the same address in another notation.
#[test]
fn every_token_at_every_place() {
    const ADDRESSES: [&str; 6] = [
        "赤坂3-2",
        "赤坂3丁目2番1号",
        "高山町12番地",
        "鹿ノ台北3-2 メゾン桜 101",
        "港区三田1-2-3　ﾒｿﾞﾝ",
        "赤坂12-3-4 コーポ2",
    ];
    let notations: [fn(&str) -> String; 8] = [
        wide,
        |text| text.replace('-', "－"),
        |text| text.replace('-', "丁目"),
        |text| text.replace('-', "番地"),
        |text| text.replace("丁目", "-").replace(['番', '号'], "-"),
        |text| text.replace(' ', "　"),
        |text| text.replace([' ', '　'], ""),
        |text| format!("{text}号"),
    ];
    let mut tokens = building_blocks::words();
    tokens.extend(SEPARATORS.map(str::to_owned));
    tokens.extend(
        [
            "1",
            "２",
            "12",
            "A",
            "Ａ",
            "・",
            "●",
            "?",
            "(",
            "\u{200B}",
            "\u{AD}",
            "\u{3099}",
            "\u{E0100}",
            "ﾞ",
            "〒",
            "Ⅱ",
            "II",
            "の1",
        ]
        .map(str::to_owned),
    );
    let mut checked = Checked::default();
    for address in ADDRESSES {
        for token in &tokens {
            for at in address.char_indices().map(|(at, _)| at).chain([address.len()]) {
                let mut text = address.to_owned();
                text.insert_str(at, token);
                for notation in notations {
                    checked.pair(FieldKind::Address, &text, &notation(&text));
                }
            }
        }
    }
    checked.finish(2_000);
}

/// Writes ASCII in full width.
fn wide(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c })
        .collect()
}

/// Characters of every class that the quick comparison tells apart.
const CHARACTERS: [&str; 47] = [
    "山",
    "𠮷",
    "﨑",
    "々",
    "〇",
    "一",
    "ア",
    "ｱ",
    "あ",
    "カ",
    "ｶ",
    "か",
    "ガ",
    "ｶﾞ",
    "ハ",
    "ﾊﾟ",
    "パ",
    "ッ",
    "ｯ",
    "ヴ",
    "ｳﾞ",
    "ﾞ",
    "ﾟ",
    "\u{3099}",
    "ー",
    "ｰ",
    "-",
    "－",
    "−",
    "・",
    "･",
    "A",
    "Ａ",
    "a",
    "1",
    "１",
    " ",
    "　",
    "●",
    "〓",
    "?",
    "？",
    "*",
    "\u{200B}",
    "\u{AD}",
    "\u{E0100}",
    "Ⅱ",
];

/// Texts of up to `count` of some parts.
fn texts_of(parts: &[&str], count: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut longest = all.clone();
    for _ in 0..count {
        longest = longest.iter().flat_map(|text| parts.iter().map(move |part| format!("{text}{part}"))).collect();
        all.extend_from_slice(&longest);
    }
    all
}

/// Asks about all pairs of texts that can be the same: those with the same characters except for width, spaces and hiragana.
fn check_by_characters(checked: &mut Checked, field: FieldKind, texts: Vec<String>) {
    let mut groups: HashMap<String, Vec<String>> = HashMap::new();
    for text in texts {
        let key: String = unit::line(&text).units.iter().map(|unit| katakana(unit.c)).collect();
        groups.entry(key).or_default().push(text);
    }
    for texts in groups.values() {
        checked.all_pairs(field, texts);
    }
}

/// Every text of two characters of all classes, and longer ones of spaces and letters.
#[test]
fn every_class_of_characters() {
    let mut checked = Checked::default();
    for field in FieldKind::ALL {
        check_by_characters(&mut checked, field, texts_of(&CHARACTERS, 2));
    }
    for field in [FieldKind::Kanji, FieldKind::Kana] {
        check_by_characters(&mut checked, field, texts_of(&["山", "ｱ", "ア", "A", "・", " ", "　"], 4));
    }
    checked.finish(1_000);
}

/// Every notation of a date and a sex that differs in width only.
#[test]
fn every_width_of_dates_and_sexes() {
    let mut checked = Checked::default();
    for date in [
        "19851203",
        "19850000",
        "19850431",
        "18700101",
        "S60.12.3",
        "昭和65年1月1日",
        "5601203",
        "1985/12/03",
        "1985-1 2-03",
        "不詳1",
    ] {
        checked.all_pairs(
            FieldKind::Birth,
            &[date.to_owned(), wide(date), date.replace(' ', "　"), date.replacen('1', "１", 1)],
        );
    }
    for sex in ["1", "2", "3", "9", "M", "1:男", "0", "x"] {
        checked.all_pairs(FieldKind::Sex, &[sex.to_owned(), wide(sex)]);
    }
    checked.finish(10);
}

proptest! {
    #[test]
    fn random_texts_in_another_width(
        text in "[ 　ァ-ヶｦ-ﾟＡ-ｚ０-９0-9a-zぁ-ん山田川上●－ー-]{1,12}",
        other in "[ 　ァ-ヶｦ-ﾟＡ-ｚ０-９0-9a-zぁ-ん山田川上●－ー-]{1,12}",
        seed in any::<u32>(),
    ) {
        // The same text with some characters in another width.
        let changed: String = text
            .chars()
            .enumerate()
            .map(|(n, c)| match c {
                '!'..='~' if seed >> (n % 32) & 1 == 1 => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
                ' ' if seed >> (n % 32) & 1 == 1 => '\u{3000}',
                c => c,
            })
            .collect();
        for right in [&changed, &other] {
            for field in FieldKind::ALL {
                if plainly_same(field, &text, right) && text != *right {
                    prop_assert!(judge(field, &text, right).verdict.is_same(), "{} {}", &text, right);
                }
            }
        }
    }
}
