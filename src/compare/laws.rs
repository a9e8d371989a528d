//! Laws that hold for every pair of values, tested with random text.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(proptest::char::any(), 0..24).prop_map(|chars| chars.into_iter().collect())
}

/// Text out of the characters the rules are about.
fn pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 1..9).prop_map(|parts| parts.concat())
}

const NAMES: &[&str] = &[
    "高",
    "髙",
    "崎",
    "﨑",
    "渡",
    "辺",
    "邊",
    "邉",
    "斎",
    "齋",
    "斉",
    "齊",
    "弁",
    "辨",
    "瓣",
    "吉",
    "𠮷",
    "々",
    "ノ",
    "之",
    "ヶ",
    "ケ",
    "ヨシ",
    "よし",
    "Li",
    "LI",
    "Ｌ",
    "(",
    ")",
    "　",
    " ",
    "●",
    "\u{E000}",
    "葛\u{E0100}",
    "\u{FA19}",
    "神",
    "太",
    "大",
];
const KANA: &[&str] = &[
    "ア", "オ", "ウ", "ー", "－", "‐", "コ", "ヨ", "ョ", "ッ", "ツ", "ヅ", "ズ", "ヂ", "ヴ", "ブ", "ヲ", "か", "ガ",
    "ｶ", "ﾞ", "ﾟ", "ハ", "ﾊﾟ", "　", " ", "●", "A",
];
const DATES: &[&str] = &[
    "1985", "12", "03", "3", "0", "00", "年", "月", "日", "昭和", "S", "60", "/", "-", ".", "令和", "元", "64", "31",
    "1", "１", "十", "平成", "8",
];
const ADDRESSES: &[&str] = &[
    "東京都",
    "港区",
    "赤坂",
    "大字",
    "字",
    "一",
    "二",
    "1",
    "2",
    "11",
    "0",
    "０",
    "丁目",
    "番地",
    "番",
    "号",
    "-",
    "－",
    "の",
    "ノ",
    "条",
    "西",
    "町",
    "三",
    "田",
    "ビル",
    "山田ビル2",
    " ",
    "　",
    "201",
    "号室",
    "A",
    "階",
    "F",
    "棟",
    "方",
    "様方",
    "ケ",
    "が",
    "丘",
    "●",
    "甲",
];
const SEXES: &[&str] = &["男", "女", "1", "2", "3", "9", "M", "f", ":", "性", "不明", " "];

const NAME_GROUPS: &[&[&str]] = &[
    &["高", "髙"],
    &["崎", "﨑", "嵜"],
    &["辺", "邊", "邉"],
    &["斎", "齋", "斉"],
    &["弁", "辨", "瓣"],
    &["ヶ", "ケ", "が"],
    &["ノ", "之"],
    &["L", "l", "Ｌ"],
    &["神", "\u{FA19}", "神\u{E0100}"],
    &["ー", "－", "一"],
    &["佐佐", "佐々"],
];
const KANA_GROUPS: &[&[&str]] = &[
    &["ョ", "ヨ", "よ"],
    &["ー", "－", "ウ", "オ"],
    &["ズ", "ヅ", "ス"],
    &["ジ", "ヂ"],
    &["ガ", "ｶﾞ", "か\u{3099}", "カ"],
    &["ヲ", "オ"],
    &["ブ", "ヴ"],
    &["ト", "ﾄ", "と"],
];
const ADDRESS_GROUPS: &[&[&str]] = &[
    &["東京都港区", "港区"],
    &["北海道虻田郡ニセコ町", "ニセコ町", "北海道ニセコ町"],
    &["大字", "字", ""],
    &["赤坂", "三田", "六本木", "北二条西", "三番町"],
    &["一丁目", "1-", "１丁目", "1の", "一の"],
    &["2番地", "二番", "2号", "2", "2-"],
    &["3号", "三号", "3", "ノ3", "の３"],
    &["ケ丘", "ヶ丘", "が丘"],
    &[" ", "　", ""],
    &["山田ビル", "ﾔﾏﾀﾞﾋﾞﾙ", "ヤマダビル", "コーポA", "A"],
    &["201", "201号", "201号室", "２０１"],
    &["4階", "4F", "四階"],
    &["小山方", "小山様方"],
];

/// Two texts of the same parts, each part in one of its writings.
fn twins(groups: &'static [&'static [&'static str]]) -> impl Strategy<Value = (String, String)> {
    prop::collection::vec((prop::sample::select(groups), any::<(prop::sample::Index, prop::sample::Index)>()), 1..7)
        .prop_map(|parts| {
            let write = |second: bool| {
                parts.iter().map(|(group, (a, b))| *(if second { b } else { a }).get(group)).collect::<String>()
            };
            (write(false), write(true))
        })
}

fn field_and_text() -> impl Strategy<Value = (FieldKind, String, String)> {
    let of = |field: FieldKind, list: &'static [&'static str]| (Just(field), pieces(list), pieces(list));
    prop_oneof![
        of(FieldKind::Kanji, NAMES),
        of(FieldKind::Kana, KANA),
        of(FieldKind::Birth, DATES),
        of(FieldKind::Sex, SEXES),
        of(FieldKind::Address, ADDRESSES),
        (prop::sample::select(&FieldKind::ALL[..]), any_text(), any_text()),
    ]
}

fn check_laws(field: FieldKind, left: &str, right: &str) -> Result<(), TestCaseError> {
    let forward = compare(field, left, right);
    let mut backward = compare(field, right, left);
    prop_assert_eq!(forward.codes(), backward.codes());
    for span in &mut backward.aligned {
        std::mem::swap(&mut span.left, &mut span.right);
    }
    prop_assert_eq!(&forward.aligned, &backward.aligned);
    prop_assert_eq!(
        (forward.verdict, forward.placeholder, forward.hint),
        (backward.verdict, backward.placeholder, backward.hint)
    );
    // Spans cover both texts in order and never split a cluster.
    let edges = |text: &str| text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect::<Vec<_>>();
    let (edges_left, edges_right) = (edges(left), edges(right));
    let (mut l, mut r) = (0, 0);
    for span in &forward.aligned {
        prop_assert_eq!((span.left.start, span.right.start), (l, r));
        prop_assert!(!span.left.is_empty() || !span.right.is_empty());
        (l, r) = (span.left.end, span.right.end);
        prop_assert!(edges_left.contains(&l) && edges_right.contains(&r));
        if span.kind == SpanKind::Equal {
            prop_assert_eq!(&left[span.left.clone()], &right[span.right.clone()]);
        }
    }
    prop_assert_eq!((l, r), (left.len(), right.len()));
    for reason in &forward.reasons {
        prop_assert!(left.get(reason.left.clone()).is_some() && right.get(reason.right.clone()).is_some());
        prop_assert_eq!(visible(&reason.text), reason.text.as_str());
    }
    // The verdict is the worst step; 相違 and 要確認 always say why.
    if forward.verdict >= Verdict::Uncertain {
        prop_assert!(!forward.reasons.is_empty());
    }
    prop_assert!(!forward.placeholder || forward.verdict == Verdict::Uncertain);
    Ok(())
}

/// Readable, and split by no space, so that fold equality must mean equality.
fn plain(text: &str) -> bool {
    !text.chars().any(|c| unit::is_placeholder(c) || c == ' ' || c == '　')
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laws_hold_for_pairs((field, left, right) in field_and_text()) {
        check_laws(field, &left, &right)?;
    }

    #[test]
    fn laws_hold_for_a_value_and_itself((field, left, _) in field_and_text()) {
        check_laws(field, &left, &left)?;
    }

    #[test]
    fn keys_never_panic((_, text, _) in field_and_text()) {
        for field in FieldKind::ALL {
            fold(field, &text);
        }
        search_fold(&text);
        split_name(&text);
        municipality(&text);
        parse_date(&text);
    }

    #[test]
    fn equal_folds_mean_equal_names((left, right) in twins(NAME_GROUPS)) {
        if plain(&left) && fold(FieldKind::Kanji, &left) == fold(FieldKind::Kanji, &right) {
            prop_assert!(compare(FieldKind::Kanji, &left, &right).verdict.is_same(), "{} / {}", left, right);
        }
    }

    #[test]
    fn equal_folds_mean_equal_readings((left, right) in twins(KANA_GROUPS)) {
        if plain(&left) && fold(FieldKind::Kana, &left) == fold(FieldKind::Kana, &right) {
            prop_assert!(compare(FieldKind::Kana, &left, &right).verdict.is_same(), "{} / {}", left, right);
        }
    }

    /// Two unreadable values are never taken for equal.
    #[test]
    fn unreadable_is_never_the_same(before in pieces(NAMES), hole in prop::sample::select(&["●", "〓", "?", "\u{E000}", "■"][..])) {
        let text = format!("{before}{hole}田");
        for field in [FieldKind::Kanji, FieldKind::Kana, FieldKind::Address] {
            prop_assert!(!compare(field, &text, &text).verdict.is_same());
        }
    }

    /// Another digit in a date is never the same date.
    #[test]
    fn another_digit_is_another_date(year in 1900i32..2030, month in 1u32..13, day in 1u32..29, at in 0usize..8, other in 0u8..10) {
        let left = format!("{year:04}{month:02}{day:02}");
        let mut right = left.clone().into_bytes();
        right[at] = b'0' + other;
        let right = String::from_utf8(right).expect("digits");
        if left != right {
            prop_assert!(!compare(FieldKind::Birth, &left, &right).verdict.is_same(), "{} {}", left, right);
            let dashed = format!("{}-{}-{}", &right[..4], &right[4..6], &right[6..]);
            prop_assert!(!compare(FieldKind::Birth, &left, &dashed).verdict.is_same(), "{} {}", left, dashed);
        }
    }

    /// Another digit in an address is never the same address, whatever the notation.
    #[test]
    fn another_digit_is_another_address(
        numbers in prop::collection::vec(1u32..2000, 1..4),
        room in prop::option::of(101u32..1500),
        building in prop::sample::select(&["", "山田ビル", "コーポA", "第2ハイツ"][..]),
        style in 0usize..4,
        other_style in 0usize..4,
        at in 0usize..12,
        digit in 0u8..10,
    ) {
        let write = |numbers: &[u32], room: Option<u32>, style: usize| {
            let list: Vec<String> = numbers.iter().map(u32::to_string).collect();
            let chain = match (style, list.as_slice()) {
                (0, _) => list.join("-"),
                (1, _) => list.join("の"),
                (2, [a]) => format!("{a}番地"),
                (2, [a, b]) => format!("{a}番地{b}"),
                (2, [a, b, c]) => format!("{a}丁目{b}番{c}号"),
                (_, _) => list.join("－"),
            };
            let room = room.map(|r| format!(" {r}{}", if style == 2 { "号室" } else { "" })).unwrap_or_default();
            format!("東京都港区赤坂{chain} {building}{room}")
        };
        let mut all: Vec<u32> = numbers.iter().copied().chain(room).collect();
        let pick = at % all.len();
        let mut digits = all[pick].to_string().into_bytes();
        let place = at % digits.len();
        digits[place] = b'0' + digit;
        let changed: u32 = String::from_utf8(digits).expect("digits").parse().expect("a number");
        if changed != all[pick] {
            all[pick] = changed;
            let (left, right) = (write(&numbers, room, style), write(&all[..numbers.len()], all.get(numbers.len()).copied(), other_style));
            prop_assert!(!compare(FieldKind::Address, &left, &right).verdict.is_same(), "{} / {}", left, right);
            let same = write(&numbers, room, other_style);
            prop_assert!(compare(FieldKind::Address, &left, &same).verdict.is_same(), "{} / {}", left, same);
        }
    }

    #[test]
    fn equal_folds_mean_equal_addresses((left, right) in twins(ADDRESS_GROUPS)) {
        if !left.trim().is_empty() && fold(FieldKind::Address, &left) == fold(FieldKind::Address, &right) {
            let found = compare(FieldKind::Address, &left, &right);
            let counters = ["丁目・番・号の食い違い", "枝番または部屋番号の有無"];
            let counters = found.reasons.iter().any(|r| counters.iter().any(|c| r.text.starts_with(c)));
            prop_assert!(found.verdict.is_same() || counters || right.trim().is_empty(), "{} / {}: {:?}", left, right, found.reasons);
        }
    }
}
