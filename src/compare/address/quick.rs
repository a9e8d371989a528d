//! Quick comparison of addresses of the commonest shape: 町名, up to four numbers, a building and its room.
//!
//! An address of any other shape is not read here; the full comparison ([`super::compare`]) knows them all. The shape is narrow on purpose:
//! where a digit or a numeral stands in 町名 or a space between two numbers, the same characters may be two places.

use super::number::Counter;
use super::reader::{MAX_DIGITS, MIN_ROOM_DIGITS};
use super::words::{BAN, BANCHI, CHOME, CounterWord, GO, is_number_kanji, is_word_katakana};
use crate::compare::char_class::{is_bar, is_hiragana, is_kanji, is_katakana};
use crate::compare::char_fold::wide_kana;
use crate::compare::field::FieldKind;
use crate::compare::narrow::same_narrow;
use crate::compare::numeral::is_kanji_digit;

/// Maximum number of numbers: 丁目, 番地, 号 and one more.
const MAX_NUMBERS: usize = 4;

/// Counters that the quick comparison knows, a word before every shorter one that it starts with.
const QUICK_COUNTERS: [CounterWord; 4] = [CHOME, BANCHI, BAN, GO];

/// Address of the commonest shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QuickAddress<'t> {
    town: &'t str,
    /// Digits of each number and what follows them; empty digits where there are fewer numbers.
    numbers: [(&'t str, Separator); MAX_NUMBERS],
    building: &'t str,
    room: &'t str,
}

/// What follows a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Nothing,
    Bar,
    Counter(CounterWord),
}

impl<'t> QuickAddress<'t> {
    /// Reads an address; `None` when it has another shape.
    pub(crate) fn read(text: &'t str) -> Option<Self> {
        let (town, mut rest) = text.split_at(text.find(is_digit)?);
        let mut numbers = [("", Separator::Nothing); MAX_NUMBERS];
        for number in &mut numbers {
            let digits;
            (digits, rest) = rest.split_at(rest.find(|c| !is_digit(c)).unwrap_or(rest.len()));
            let (separator, after) = Separator::read(rest);
            if is_too_long(digits) {
                return None;
            }
            *number = (digits, separator);
            rest = after;
            let number_follows = rest.starts_with(is_digit);
            if number_follows && !separator.can_continue() || !number_follows && !separator.can_end() {
                return None;
            }
            if !number_follows {
                let (building, room) = if rest.is_empty() { ("", "") } else { read_building(rest)? };
                return Some(Self { town, numbers, building, room });
            }
        }
        None
    }

    /// Returns whether two addresses are the same except for width, for `-` in place of a counter between numbers, for 番地, 番 or 号 behind
    /// the last one, and for 号 and a space around the number of the room. A lone 号 is not the same as a lone 番地 or a bare number.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let same = |l, r| l == r || same_narrow(FieldKind::Address, l, r);
        self.town == other.town
            && is_plain_town(self.town)
            && self.numbers.iter().zip(&other.numbers).all(|(l, r)| l.1.fits(r.1) && same(l.0, r.0))
            && (!self.has_one_number() || self.is_lot() == other.is_lot())
            && same(self.building, other.building)
            && same(self.room, other.room)
    }
}

impl QuickAddress<'_> {
    fn has_one_number(&self) -> bool {
        self.numbers[1].0.is_empty()
    }

    /// Returns whether the first number can be the 番地.
    fn is_lot(&self) -> bool {
        match self.numbers[0].1 {
            Separator::Counter(word) => Counter::is_lot(Some(word.counter)),
            Separator::Nothing | Separator::Bar => true,
        }
    }
}

impl Separator {
    /// Reads the separator at the start of a text; returns it with the text behind it.
    fn read(text: &str) -> (Self, &str) {
        if let Some(rest) = text.strip_prefix(is_bar) {
            return (Self::Bar, rest);
        }
        let counter = QUICK_COUNTERS.into_iter().find_map(|word| Some((Self::Counter(word), word.strip(text)?)));
        counter.unwrap_or((Self::Nothing, text))
    }

    /// Returns whether another number can follow.
    fn can_continue(self) -> bool {
        matches!(self, Self::Bar | Self::Counter(CHOME | BANCHI | BAN))
    }

    /// Returns whether the chain of numbers can end here.
    fn can_end(self) -> bool {
        matches!(self, Self::Nothing | Self::Counter(BANCHI | BAN | GO))
    }

    /// Returns whether two separators may stand in place of each other: equal ones, or any counter and none.
    fn fits(self, other: Self) -> bool {
        self == other || !matches!((self, other), (Self::Counter(_), Self::Counter(_)))
    }
}

/// Returns whether a 町名 consists of kana and kanji without numerals and does not end in a word about the number behind it.
fn is_plain_town(town: &str) -> bool {
    let is_name = |c| is_kanji(c) || is_katakana(c) || is_hiragana(c);
    town.chars().all(|c| is_name(c) && !is_kanji_digit(c)) && town.ends_with(|c| is_kanji(c) && !is_number_kanji(c))
}

/// Returns whether the full comparison does not read some digits as a number.
fn is_too_long(digits: &str) -> bool {
    digits.len() > MAX_DIGITS && digits.chars().count() > MAX_DIGITS
}

/// Reads a space, a name that begins with katakana, and the number of a room if there is one; `None` for anything else.
///
/// One or two digits right behind the name are the number of the building and belong to its name, unless 号 follows.
fn read_building(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix(is_space)?;
    let (name, number) = text.split_at(text.find(is_digit).unwrap_or(text.len()));
    let (separate_name, room) = (name.strip_suffix(is_space), number.strip_suffix(GO.first));
    let begins_name = |c| is_katakana(wide_kana(c)) && !is_word_katakana(wide_kana(c));
    let is_name = |c: char| {
        is_katakana(wide_kana(c)) || matches!(c, 'ﾞ' | 'ﾟ') || is_kanji(c) && !is_kanji_digit(c) && !is_number_kanji(c)
    };
    let plain_name = if number.is_empty() { name } else { separate_name.unwrap_or(name) };
    let digits = room.unwrap_or(number);
    if !plain_name.starts_with(begins_name)
        || !plain_name.chars().all(is_name)
        || !digits.chars().all(is_digit)
        || is_too_long(digits)
    {
        return None;
    }
    let names_room = separate_name.is_some() || room.is_some() || digits.chars().nth(MIN_ROOM_DIGITS - 1).is_some();
    Some(if names_room { (plain_name, digits) } else { (text, "") })
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '　')
}

/// Building blocks of addresses, for the tests that combine them.
#[cfg(test)]
pub(crate) mod building_blocks {
    use super::QuickAddress;
    use crate::compare::address::words;

    /// Returns whether an address has the shape of the quick comparison.
    pub(crate) fn is_read(text: &str) -> bool {
        QuickAddress::read(text).is_some()
    }

    /// Returns every word of the shared tables, and every character of the tables of characters.
    pub(crate) fn words() -> Vec<String> {
        let mut all: Vec<String> =
            [&words::NUMERAL_WORDS[..], &words::TOWN_NUMBER_WORDS, &words::BUILDING_WORDS, &words::CARE_OF_WORDS]
                .concat()
                .into_iter()
                .map(str::to_owned)
                .collect();
        all.extend(words::COUNTER_WORDS.map(|word| [Some(word.first), word.second].into_iter().flatten().collect()));
        all.extend(words::ROOM_WORDS.map(|(word, _)| word.to_owned()));
        let characters = [
            words::TOWN_ENDINGS,
            words::NAME_AFTER_BAN,
            words::WORD_AFTER_GO,
            words::LOT_KANJI,
            words::LOT_KATAKANA,
            words::BUILDING_COUNTERS,
            words::NUMBERED_PARTS,
        ];
        all.extend(characters.concat().chars().map(String::from));
        all.extend(["第", "大字", "小字", "一", "十", "ケ", "ヶ", "の", "上ル", "通リ"].map(str::to_owned));
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;
    use crate::compare::{judge, plainly_same};

    #[test]
    fn the_same_in_other_notations() {
        for (left, right, same) in [
            ("赤坂１−２", "赤坂1-2", true),
            ("鹿ノ台北3-2-9 サニーコート 506", "鹿ノ台北３丁目２番９号　サニーコート５０６号", true),
            ("鹿ノ台北3-2 ﾒｿﾞﾝ桜 101", "鹿ノ台北3-2　メゾン桜１０１", true),
            ("高山町1328", "高山町１３２８番地", true),
            ("高山町２４８５－２４", "高山町２４８５番地２４", true),
            ("高山町1番2", "高山町1丁目2", false),
            ("高山町1番地", "高山町1号", false),
            ("高山町５番３号", "高山町5 3号", false),
            ("高山町５番３号", "高山町5-3号室", false),
            ("高山町３丁目", "高山町3", false),
            ("高山町３-１２", "高山町31-2", false),
            ("高山町３-１", "高山町3-1-1", false),
            ("高山町3-1", "高山町3-1 メゾン", false),
            ("高山町3 コーポ1 12", "高山町3 コーポ11 2", false),
            ("赤坂1-1 1201", "赤坂1-11 201", false),
            // A space behind a number and a kanji says where 町名 ends.
            ("高山町5西 201", "高山町5西201", false),
            ("南1西5-8", "南1西 5-8", false),
            ("上る2丁目下天神町 650-1", "上る2丁目下天神町650-1", false),
            ("高山町1-二 3番地", "高山町1-二3号", false),
            ("赤坂1-1\u{200B} 201", "赤坂1-1\u{200B}201", false),
            ("赤坂1-1\u{FE0F} 201", "赤坂1-1\u{FE0F}201", false),
            ("麻布十番3", "麻布十番３号", false),
            ("百番10丁目12号", "百番10-12号", false),
        ] {
            assert_eq!(plainly_same(FieldKind::Address, left, right), same, "{left} {right}");
        }
    }

    const TOKENS: &[&str] = &[
        "1",
        "2",
        "12",
        "101",
        "01",
        "１",
        "２",
        "３",
        "１０１",
        "丁目",
        "番地",
        "番",
        "号",
        "-",
        "－",
        "ー",
        "−",
        " ",
        "　",
        "号室",
        "号棟",
        "号館",
        "号線",
        "番町",
        "番館",
        "条",
        "区",
        "棟",
        "階",
        "F",
        "方",
        "様方",
        "室",
        "地割",
        "街区",
        "の",
        "ノ",
        "ケ",
        "ヶ",
        "一",
        "二",
        "十",
        "百",
        "〇",
        "町",
        "村",
        "市",
        "東",
        "西",
        "甲",
        "字",
        "大字",
        "第",
        "A",
        "Ａ",
        "コーポ",
        "ﾒｿﾞﾝ",
        "メゾン",
        "桜",
        "ビル",
        "丁",
        "通",
        "上る",
        "上ル",
        "・",
        "地下",
        "●",
        "\u{200B}",
        "\u{E0100}",
        "\u{3099}",
        "ﾞ",
    ];
    const SWITCHED: &[&str] = &["", " ", "　", "-", "－", "ー", "丁目", "番地", "番", "号"];

    /// Generates an address of any shape, or one near the quick shape.
    fn address() -> impl Strategy<Value = String> {
        let head = select(
            &["", "東京都港区赤坂", "府中町", "北海道札幌市中央区北", "京都市上京区", "麻布十番", "鹿ノ台北"][..],
        );
        let number = || select(&["1", "2", "3", "12", "101", "５", "２０"][..]);
        let any = proptest::collection::vec(select(TOKENS), 1..9).prop_map(|tokens| tokens.concat());
        let word = || select(SWITCHED);
        let building =
            (select(&["", " ", "　"][..]), select(&["メゾン", "コーポ桜", "ｻﾆｰ", "北ビル", "ノア", "3棟"][..]));
        let near = (number(), word(), number(), word(), number(), word(), building, word(), number(), word())
            .prop_map(|(a, b, c, d, e, f, (gap, name), g, h, i)| [a, b, c, d, e, f, gap, name, g, h, i].concat());
        let short = (number(), word(), number(), word()).prop_map(|(a, b, c, d)| [a, b, c, d].concat());
        (head, prop_oneof![any, near, short]).prop_map(|(head, rest)| format!("{head}{rest}"))
    }

    /// Inserts, removes or replaces words, bars and spaces, and changes the width of digits.
    fn edited(text: &str, edits: &[(Index, &str)], wide: u32) -> String {
        let mut text = text.to_owned();
        for (index, word) in edits {
            let positions: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = *index.get(&positions);
            let old = SWITCHED[1..].iter().find(|old| text[at..].starts_with(**old)).map_or(0, |old| old.len());
            text.replace_range(at..at + old, word);
        }
        let width = |(at, c): (usize, char)| match c {
            '0'..='9' | '-' if wide >> (at % 32) & 1 == 1 => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
            '０'..='９' if wide >> (at % 32) & 1 == 1 => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        };
        text.chars().enumerate().map(width).collect()
    }

    proptest! {
        #[test]
        fn random_addresses_in_other_notations(
            text in address(),
            edits in proptest::collection::vec(proptest::collection::vec((any::<Index>(), select(SWITCHED)), 0..4), 12),
            wide: u32,
        ) {
            for (n, edits) in edits.iter().enumerate() {
                let other = edited(&text, edits, wide.rotate_left(n as u32));
                let same = plainly_same(FieldKind::Address, &text, &other);
                prop_assert_eq!(same, plainly_same(FieldKind::Address, &other, &text));
                if same && text != other {
                    let found = judge(FieldKind::Address, &text, &other);
                    prop_assert!(found.verdict.is_same(), "{} {} {:?}", text, other, found.reasons);
                }
            }
        }
    }
}
