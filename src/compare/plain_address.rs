//! The commonest shape of an address, read without taking it apart: 町名, up to four numbers, a building and its room.
//!
//! What does not have exactly this shape is not read here; [`super::address`] knows the others. The shape is narrow on purpose: where
//! a digit or a numeral stands in 町名 or a space between two numbers, the same characters may be two places.

use super::FieldKind;
use super::numeral::is_kanji_digit;
use super::plain::Narrow;
use super::unit::{is_bar, is_hiragana, is_kanji, is_katakana, wide_kana};

/// An address of that shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlainAddress<'t> {
    town: &'t str,
    /// Digits and what stands behind them; empty where there are fewer.
    numbers: [(&'t str, Behind); MOST],
    building: &'t str,
    room: &'t str,
}

/// An address has no more numbers than 丁目, 番地, 号 and one more.
const MOST: usize = 4;

/// What stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    Nothing,
    Bar,
    Chome,
    Banchi,
    Ban,
    Go,
}

impl<'t> PlainAddress<'t> {
    /// Reads an address; `None` when it has any other shape.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let (town, mut rest) = text.split_at(text.find(is_digit)?);
        let mut numbers = [("", Behind::Nothing); MOST];
        for number in &mut numbers {
            let digits;
            (digits, rest) = rest.split_at(rest.find(|c| !is_digit(c)).unwrap_or(rest.len()));
            let (behind, after) = Behind::read(rest);
            *number = (digits, behind);
            rest = after;
            match (behind, rest.starts_with(is_digit)) {
                (Behind::Bar | Behind::Chome | Behind::Banchi | Behind::Ban, true) => {}
                (Behind::Nothing | Behind::Banchi | Behind::Ban | Behind::Go, false) => {
                    let (building, room) = if rest.is_empty() { ("", "") } else { building(rest)? };
                    return Some(Self { town, numbers, building, room });
                }
                _ => return None,
            }
        }
        None
    }

    /// Whether two addresses are the same but for width, for `-` in place of a word between numbers, for 番地, 番 or 号 behind
    /// the last one, and for 号 and a space around the number of the room.
    pub(super) fn is(&self, other: &Self) -> bool {
        let same = |l, r| l == r || Narrow::of(l, FieldKind::Address).eq(Narrow::of(r, FieldKind::Address));
        let fit = |l: Behind, r: Behind| {
            l == r || matches!(l, Behind::Bar | Behind::Nothing) || matches!(r, Behind::Bar | Behind::Nothing)
        };
        self.town == other.town
            && is_plain_town(self.town)
            && self.numbers.iter().zip(&other.numbers).all(|(l, r)| fit(l.1, r.1) && same(l.0, r.0))
            && same(self.building, other.building)
            && same(self.room, other.room)
    }
}

impl Behind {
    /// What a text begins with, and the text behind it.
    fn read(text: &str) -> (Self, &str) {
        const WORDS: [(&str, Behind); 4] =
            [("丁目", Behind::Chome), ("番地", Behind::Banchi), ("番", Behind::Ban), ("号", Behind::Go)];
        if let Some(rest) = text.strip_prefix(is_bar) {
            return (Self::Bar, rest);
        }
        let found = WORDS.iter().find_map(|(word, behind)| text.strip_prefix(word).map(|rest| (*behind, rest)));
        found.unwrap_or((Self::Nothing, text))
    }
}

/// Kana and kanji without numerals, at the end no word that says something about the number behind it.
fn is_plain_town(town: &str) -> bool {
    let named = |c| is_kanji(c) || is_katakana(c) || is_hiragana(c);
    town.chars().all(|c| named(c) && !is_kanji_digit(c)) && town.ends_with(|c| is_kanji(c) && !is_counter(c))
}

/// A space, a name that begins with katakana, perhaps the number of a room; `None` for anything else.
fn building(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix(is_space)?;
    let (name, room) = text.split_at(text.find(is_digit).unwrap_or(text.len()));
    let name = if room.is_empty() { name } else { name.strip_suffix(is_space).unwrap_or(name) };
    let room = room.strip_suffix('号').unwrap_or(room);
    // Kana that are words of addresses too: ケ and ツ in 町名, ノ and カ between numbers, ル in 上ル.
    let is_word = |c| matches!(c, 'ケ' | 'ツ' | 'ノ' | 'ル' | 'リ' | 'カ' | 'ガ' | 'ヶ' | 'ヵ' | 'ッ' | 'ー');
    let begins = |c| is_katakana(wide_kana(c)) && !is_word(wide_kana(c));
    let named = |c: char| {
        is_katakana(wide_kana(c)) || matches!(c, 'ﾞ' | 'ﾟ') || is_kanji(c) && !is_kanji_digit(c) && !is_counter(c)
    };
    (name.starts_with(begins) && name.chars().all(named) && room.chars().all(is_digit)).then_some((name, room))
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '　')
}

/// Whether a kanji beside a number may be a word about it.
fn is_counter(c: char) -> bool {
    matches!(
        c,
        '番' | '号'
            | '目'
            | '丁'
            | '条'
            | '線'
            | '第'
            | '棟'
            | '階'
            | '地'
            | '室'
            | '館'
            | '方'
            | '様'
            | '内'
            | '区'
            | '組'
            | '割'
            | '字'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;
    use crate::compare::{Verdict, compare, plainly_same};

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

    /// An address of any shape, or one near the plain shape.
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

    /// The same with words, bars and spaces put in, taken away or exchanged, and digits in another width.
    fn edited(text: &str, edits: &[(Index, &str)], wide: u32) -> String {
        let mut text = text.to_owned();
        for (place, word) in edits {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = *place.get(&places);
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
        fn what_is_plainly_the_same_is_never_called_different(
            text in address(),
            edits in proptest::collection::vec(proptest::collection::vec((any::<Index>(), select(SWITCHED)), 0..4), 12),
            wide: u32,
        ) {
            for (n, edits) in edits.iter().enumerate() {
                let other = edited(&text, edits, wide.rotate_left(n as u32));
                let same = plainly_same(FieldKind::Address, &text, &other);
                prop_assert_eq!(same, plainly_same(FieldKind::Address, &other, &text));
                if same {
                    let found = compare(FieldKind::Address, &text, &other);
                    prop_assert_ne!(found.verdict, Verdict::Different, "{} {} {:?}", text, other, found.reasons);
                }
            }
        }
    }
}
