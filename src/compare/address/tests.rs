//! Properties of whole addresses: one place in all notations, and places that differ in one part.

use proptest::prelude::*;
use proptest::sample::select;

use crate::compare::{Comparison, FieldKind, Verdict, judge};

/// Towns, each in all its notations.
const TOWNS: [&[&str]; 7] = [
    &["佐貫町"],
    &["大字松尾", "松尾", "字松尾"],
    &["ロの", "ロ", "字ロ"],
    &["鳳至町甲の", "鳳至町甲"],
    &["第3地割", "3地割", "第三地割", "第３地割"],
    &["東和町第12地割字上", "東和町12地割字上", "東和町第十二地割上"],
    &["つつじが丘", "つつじヶ丘", "つつじケ丘"],
];

/// Counters of the numbers; an empty one is a branch number.
const CHAINS: [&[&str]; 7] = [
    &["番地"],
    &["番地", ""],
    &["番地", "", ""],
    &["番", "号"],
    &["丁目", "番地"],
    &["丁目", "番地", ""],
    &["丁目", "番", "号"],
];

/// Letters of lots.
const LOTS: [&str; 6] = ["イ", "ロ", "ハ", "A", "B", "C"];

/// Buildings: what stands before and behind their number, in all notations.
const BUILDINGS: [(&str, &[&str]); 5] = [
    ("コーポ", &[""]),
    ("山田ビル", &["棟", "号棟"]),
    ("第", &["桜荘"]),
    ("メゾン桜", &["号館"]),
    ("サンハイツ", &["番館"]),
];

/// Names before 方, and the words behind them.
const CARE_OF: [&str; 3] = ["鈴木", "佐藤", "小山"];
const CARE_OF_WORDS: [&str; 5] = ["方", "様方", "様", "気付", "宅"];

/// Address in parts.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    town: usize,
    counters: &'static [&'static str],
    values: Vec<u32>,
    lot: Option<&'static str>,
    building: Option<usize>,
    /// Number of the building.
    ordinal: u32,
    room: Option<u32>,
    care_of: Option<&'static str>,
}

/// Choices of one notation, each taken modulo the number of possibilities.
type Notation = [usize; 10];

fn notation() -> impl Strategy<Value = Notation> {
    prop::array::uniform10(0usize..60)
}

fn place() -> impl Strategy<Value = Place> {
    let values = prop::collection::vec(prop_oneof![1u32..30, 30u32..1600], 3);
    let lot = prop_oneof![3 => Just(None), 1 => select(&LOTS[..]).prop_map(Some)];
    let building = prop::option::of(0..BUILDINGS.len());
    let care_of = prop_oneof![3 => Just(None), 1 => select(&CARE_OF[..]).prop_map(Some)];
    let room = prop::option::of(prop_oneof![1u32..20, 101u32..1300]);
    (0..TOWNS.len(), select(&CHAINS[..]), values, lot, building, 1u32..13, room, care_of).prop_map(
        |(town, counters, mut values, lot, building, ordinal, room, care_of)| {
            values.truncate(counters.len());
            if counters[0] == "丁目" {
                values[0] = values[0] % 30 + 1;
            }
            let lot = lot.filter(|_| !matches!(counters.last(), Some(&"号")));
            Place { town, counters, values, lot, building, ordinal, room, care_of }
        },
    )
}

fn wide(n: u32) -> String {
    n.to_string().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect()
}

/// Writes a number below 10,000 in kanji numerals.
fn kanji(n: u32) -> String {
    let mut text = String::new();
    for (unit, sign) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = n / unit % 10;
        if digit > 1 || (digit == 1 && unit == 1) {
            text.extend("一二三四五六七八九".chars().nth(digit as usize - 1));
        }
        if digit > 0 {
            text.push_str(sign);
        }
    }
    text
}

impl Place {
    fn write(&self, notation: &Notation) -> String {
        let [head, town, style, joint, mark, behind, digits, space, room_word, care_of_word] = *notation;
        let heads = ["千葉県佐倉市", "佐倉市"];
        let towns = TOWNS[self.town];
        let mut text = format!("{}{}", heads[head % 2], towns[town % towns.len()]);
        text.push_str(&self.write_numbers(style % 8));
        if let Some(lot) = self.lot {
            text.push_str(["", "の", "-", "ノ"][joint % 4]);
            text.push_str(lot);
        }
        let space = [" ", "　"][space % 2];
        if let Some(building) = self.building {
            let (before, after) = BUILDINGS[building];
            let roman = ["I", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "Ⅵ", "Ⅶ", "Ⅷ", "Ⅸ", "Ⅹ", "Ⅺ", "Ⅻ"];
            let ordinal = match mark % 5 {
                0 => kanji(self.ordinal),
                1 => wide(self.ordinal),
                // A letter I is no numeral.
                2 if self.ordinal > 1 => roman[self.ordinal as usize - 1].to_owned(),
                3 if matches!(self.ordinal, 2..=4 | 6..=9 | 11..) && before != "第" => {
                    ["II", "III", "IV", "", "VI", "VII", "VIII", "IX", "", "XI", "XII"][self.ordinal as usize - 2]
                        .to_owned()
                }
                _ => self.ordinal.to_string(),
            };
            text.push_str(&[space, before, &ordinal, after[behind % after.len()]].concat());
        }
        if let Some(room) = self.room {
            let digits = if digits % 2 == 0 { room.to_string() } else { wide(room) };
            text.push_str(&[space, &digits, ["", "号", "号室", "室"][room_word % 4]].concat());
        }
        if let Some(name) = self.care_of {
            text.push_str(&[space, name, CARE_OF_WORDS[care_of_word % CARE_OF_WORDS.len()]].concat());
        }
        text
    }

    fn write_numbers(&self, style: usize) -> String {
        let spell: fn(u32) -> String = match style {
            1 | 4 => wide,
            5 | 6 => kanji,
            _ => |n| n.to_string(),
        };
        let joint = match style {
            0 => "-",
            1 => "－",
            2 | 6 if self.values.len() > 1 => "の",
            _ => "",
        };
        let list: Vec<String> = self.values.iter().map(|n| spell(*n)).collect();
        if !joint.is_empty() {
            return list.join(joint);
        }
        let mut text = String::new();
        for (at, (number, counter)) in list.iter().zip(self.counters).enumerate() {
            if counter.is_empty() {
                // Behind a branch number, or between kanji numerals, something has to part the two.
                let branch = at > 1 && self.counters[at - 1].is_empty();
                text.push_str(if branch { "-" } else { ["", "の"][style % 2] });
            }
            text.push_str(number);
            text.push_str(counter);
        }
        text
    }

    /// Changes one part into another one of its kind; returns whether that gives another place.
    fn change(&mut self, part: usize, by: u32) -> bool {
        let at = by as usize % self.values.len();
        match part {
            0 => self.values[at] += by % 3 + 1,
            1 => self.values.swap(0, at),
            2 => {
                let digits = self.values[at].to_string();
                let (first, rest) = digits.split_at(1);
                if self.values.len() == 3 || rest.is_empty() || rest.starts_with('0') {
                    return false;
                }
                self.values[at] = first.parse().expect("a digit");
                self.values.insert(at + 1, rest.parse().expect("digits"));
                self.counters = if self.values.len() == 2 { CHAINS[1] } else { CHAINS[2] };
            }
            _ => return self.change_premises(part, by),
        }
        true
    }

    /// Changes lot letter, number of the building, room or 方書 into another one.
    fn change_premises(&mut self, part: usize, by: u32) -> bool {
        let other = |list: &[&'static str], old: &'static str| -> &'static str {
            let at = list.iter().position(|one| *one == old).unwrap_or(0);
            list[(at + 1 + by as usize % (list.len() - 1)) % list.len()]
        };
        match (part, self.lot, self.building, self.room, self.care_of) {
            (3, Some(lot), ..) => self.lot = Some(other(&LOTS, lot)),
            (4, _, Some(_), ..) => self.ordinal = (self.ordinal + by % 11) % 12 + 1,
            (5, _, _, Some(room), _) => self.room = Some(room + by % 9 + 1),
            (6, _, _, _, Some(name)) => self.care_of = Some(other(&CARE_OF, name)),
            _ => return false,
        }
        true
    }
}

/// Compares both ways; the answer must not depend on the order.
fn compare(left: &str, right: &str) -> Comparison {
    let (found, swapped) = (judge(FieldKind::Address, left, right), judge(FieldKind::Address, right, left));
    assert_eq!((found.verdict, found.codes()), (swapped.verdict, swapped.codes()), "{left} / {right}");
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_place_in_all_notations(place in place(), one in notation(), other in notation()) {
        let (left, right) = (place.write(&one), place.write(&other));
        let found = compare(&left, &right);
        prop_assert!(found.verdict.is_same(), "{} / {}: {:?}", left, right, found.reasons);
    }

    #[test]
    fn places_that_differ_in_one_part(
        place in place(),
        part in 0usize..7,
        by in 0u32..1_000,
        one in notation(),
        other in notation(),
    ) {
        let mut changed = place.clone();
        if !changed.change(part, by) || changed == place {
            return Ok(());
        }
        let (left, right) = (place.write(&one), changed.write(&other));
        let found = compare(&left, &right);
        prop_assert!(!found.verdict.is_same(), "{} / {}: {:?}", left, right, found.reasons);
        // Another lot letter, number of a building, room or 方書, all else equal.
        if part > 2 {
            prop_assert_eq!(found.verdict, Verdict::Different, "{} / {}: {:?}", left, right, found.reasons);
        }
    }

    /// What tells a place from the next may not be omitted.
    #[test]
    fn omitted_parts_are_uncertain(place in place(), part in 0usize..4, one in notation(), other in notation()) {
        let mut shorter = place.clone();
        match part {
            0 => shorter.lot = None,
            1 => shorter.room = None,
            2 => shorter.care_of = None,
            3 if shorter.values.len() > 1 => drop(shorter.values.pop()),
            _ => {}
        }
        shorter.counters = &shorter.counters[..shorter.values.len()];
        if shorter == place {
            return Ok(());
        }
        let (left, right) = (place.write(&one), shorter.write(&other));
        let found = compare(&left, &right);
        prop_assert!(!found.verdict.is_same(), "{} / {}: {:?}", left, right, found.reasons);
    }

    /// A room that the other side writes into the chain of numbers may be a branch number, unless three numbers stand before it (A7).
    #[test]
    fn rooms_in_the_chain(place in place(), room in 1u32..1_500, one in notation(), other in notation()) {
        let apart = Place { lot: None, room: Some(room), ..place.clone() };
        let mut joined = Place { room: None, building: None, ..apart.clone() };
        joined.values.push(room);
        let (left, right) = (apart.write(&one), {
            let mut bare = other;
            bare[2] %= 3;
            joined.write(&bare)
        });
        let found = compare(&left, &right);
        let chome = place.counters[0] == "丁目" && place.values.len() == 3;
        prop_assert!(!found.verdict.is_same() || chome || place.values.len() == 3 && place.values[0] < 100, "{} / {}: {:?}", left, right, found.reasons);
        prop_assert!(found.verdict != Verdict::Different, "{} / {}: {:?}", left, right, found.reasons);
    }

    /// A lone number is the 番地; another counter is another place or 要確認, but for the 丁目 behind a 条 of Hokkaido (A7).
    #[test]
    fn lone_numbers(
        town in select(&["千葉県佐倉市佐貫町", "佐倉市ロ", "京都府京都市下京区七条", "奈良県奈良市五条西", "北海道深川市二条", "北海道帯広市西五条南", "旭川市四条通"][..]),
        value in 1u32..60,
        counter in select(&["丁目", "丁", "番地", "番", "号", "号室", "番丁", "字"][..]),
        rest in select(&["", " コーポ201", "　鈴木方"][..]),
        digits in 0usize..2,
    ) {
        let number = if digits == 0 { value.to_string() } else { wide(value) };
        let found = compare(&format!("{town}{number}{counter}{rest}"), &format!("{town}{value}{rest}"));
        let in_jo = town.contains("帯広") || town.contains("旭川");
        let same = if in_jo { matches!(counter, "丁目" | "丁") } else { matches!(counter, "番地" | "番") };
        prop_assert_eq!(found.verdict.is_same(), same, "{}{}{}: {:?}", town, value, counter, found.reasons);
        prop_assert!(found.verdict != Verdict::Different);
    }
}

/// What may be a branch number, the letter of a lot, a 方書, a floor or a wing is never left out as part of a building name.
#[test]
fn no_part_of_a_place_is_left_out_with_the_building_name() {
    let head = "東京都港区赤坂";
    let mut wrong = Vec::new();
    for (left, right) in [
        ("10番地イの5 桜荘201号室", "10番地イ 201号室"),
        ("10番地のAの5 桜荘201", "10番地のA 201"),
        ("10番地イの5号 コーポ201", "10番地イ 201号"),
        ("10番地イ-5 桜荘201", "10番地イ 201"),
        ("10A-5 コーポ201", "10A 201"),
        ("20番地5丁コーポ桜", "20番地5コーポ桜"),
        ("1-2-3丁コーポ201", "1-2-3コーポ201"),
        ("5番3丁コーポ", "5番3コーポ"),
        ("10-2丁", "10-2"),
        ("20 A2", "20 鈴木方A2"),
        ("20 A101", "20 鈴木方A101"),
        ("20 鈴木方 桜荘201", "20 201"),
        ("20番地A3", "20番地 山田ビル3階A3"),
        ("20 A101", "20 桜荘3階A101"),
        ("3番地の三山田ビル 1001", "3番地 1001"),
        ("3番地の十二桜荘 101", "3番地 101"),
        ("1-2-三桜荘 101", "1-2 101"),
        ("1丁目2番の十三桜荘 3階", "1丁目2番 3階"),
        ("1丁目2番地 3号 桜荘201", "1丁目2番地 201"),
        ("10番地 5-6 コーポ201", "10番地 201"),
        ("1-2 の3 コーポ201", "1-2 201"),
        ("10番地の 3 コーポ201", "10番地 201"),
        ("10番地の戊桜荘3号室", "10番地 3号室"),
        ("10番地の子桜荘3号室", "10番地 3号室"),
        ("10番地い 桜荘101", "10番地 101"),
        ("10番地のヨコーポ101", "10番地 101"),
        ("10番地のワパークハイツ101", "10番地 101"),
        ("1-2 2号館桜荘201", "1-2 201"),
        ("1-2-3 東館 桜荘 201", "1-2-3 201"),
        ("1-2-3 5街区若葉ハイツ 305", "1-2-3 305"),
    ] {
        for (a, b) in [(left, right), (right, left)] {
            let found = compare(&format!("{head}{a}"), &format!("{head}{b}")).verdict;
            if matches!(found, Verdict::Same | Verdict::Notation) {
                wrong.push(format!("{a} / {b}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (left, right) in [("1-2-3 桜荘 201", "1-2-3 201"), ("1-2-3 コーポ桜A201", "1-2-3 A201")] {
        let found = compare(&format!("{head}{left}"), &format!("{head}{right}")).verdict;
        assert_eq!(found, Verdict::Notation, "{left} / {right}");
    }
}
