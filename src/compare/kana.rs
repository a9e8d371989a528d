//! カナ氏名: readings (`DOMAIN §5` K1–K6).

use super::kanji::katakana;
use super::reason::{Code, StepClass};
use super::step::{Draft, Pair, align};
use super::unit::{self, Line, Unit, is_bar, is_hiragana, is_katakana, is_placeholder, mark};

/// Folds a reading into units: katakana, large kana, ジ ズ, ー.
pub(crate) fn units(text: &str) -> Line {
    let mut line = unit::line(text);
    let mut before = None;
    for unit in &mut line.units {
        let mut c = unit.c;
        if is_hiragana(c) {
            unit.marks |= mark::HIRAGANA;
            c = katakana(c);
        }
        if let Some(large) = large(c) {
            unit.marks |= mark::SMALL;
            c = large;
        }
        c = match c {
            'ヂ' => {
                unit.marks |= mark::YOTSU;
                'ジ'
            }
            'ヅ' => {
                unit.marks |= mark::YOTSU;
                'ズ'
            }
            'a'..='z' => {
                unit.marks |= mark::CASE;
                c.to_ascii_uppercase()
            }
            _ if is_bar(c) && before.is_some_and(is_katakana) => {
                if c != 'ー' {
                    unit.marks |= mark::BAR;
                }
                'ー'
            }
            _ => c,
        };
        unit.c = c;
        before = Some(c);
    }
    line
}

/// Gives the large form of a small kana.
pub(crate) fn large(c: char) -> Option<char> {
    const SMALL: &str = "ァィゥェォッャュョヮヵヶ";
    const LARGE: &str = "アイウエオツヤユヨワカケ";
    SMALL.chars().position(|s| s == c).and_then(|at| LARGE.chars().nth(at))
}

/// Gives the vowel a kana ends in, as its column: アイウエオ = 0…4.
pub(crate) fn vowel(c: char) -> Option<usize> {
    const COLUMNS: [&str; 5] = [
        "アカサタナハマヤラワガザダバパ",
        "イキシチニヒミリギジビピヰ",
        "ウクスツヌフムユルグズブプヴ",
        "エケセテネヘメレゲゼデベペヱ",
        "オコソトノホモヨロヲゴゾドボポ",
    ];
    COLUMNS.iter().position(|column| column.contains(c))
}

/// Gives a kana without its sound mark.
pub(crate) fn unvoiced(c: char) -> char {
    const VOICED: &str = "ガギグゲゴザジズゼゾダデドバビブベボパピプペポ";
    const PLAIN: &str = "カキクケコサシスセソタテトハヒフヘホハヒフヘホ";
    VOICED.chars().position(|v| v == c).and_then(|at| PLAIN.chars().nth(at)).unwrap_or(c)
}

fn folding(draft: &mut Draft<'_>, left: &Unit, right: &Unit) {
    let differ = left.marks ^ right.marks;
    let (l, r) = (left.range(), right.range());
    let mut named = false;
    for (bit, code, label) in [
        (mark::SMALL, Code::K2, "小書きのかな"),
        (mark::YOTSU, Code::K3, "ヂヅ・ジズ"),
        (mark::BAR, Code::K3, "長音記号"),
        (mark::HIRAGANA, Code::K1, "ひらがな"),
    ] {
        if differ & bit != 0 {
            draft.step_at(code, StepClass::A, label, code != Code::K1, l.clone(), r.clone());
            named = true;
        }
    }
    if differ & !(mark::SMALL | mark::YOTSU | mark::BAR | mark::HIRAGANA) != 0 || !named {
        draft.step_at(Code::K1, StepClass::A, "全角・半角", false, l, r);
    }
}

fn pair(left: &[Unit], i: usize, right: &[Unit], j: usize) -> Pair {
    let (l, r) = (left[i].c, right[j].c);
    match (is_placeholder(l), is_placeholder(r)) {
        (true, true) => return Pair::Unreadable,
        (true, false) | (false, true) => return Pair::Placeholder,
        _ => {}
    }
    if l == r {
        return Pair::Equal;
    }
    let before = (i > 0 && j > 0 && left[i - 1].c == right[j - 1].c).then(|| vowel(left[i - 1].c)).flatten();
    let either = |a: char, b: char| (l == a && r == b) || (l == b && r == a);
    match before {
        Some(4) if either('ー', 'ウ') || either('ー', 'オ') => return Pair::Step(Code::K4, StepClass::A, "長音"),
        Some(2) if either('ー', 'ウ') => return Pair::Step(Code::K4, StepClass::A, "長音"),
        Some(4) if either('オ', 'ウ') => return Pair::Step(Code::K4, StepClass::B, "長音 オ・ウ"),
        Some(3) if either('ー', 'イ') || either('ー', 'エ') => return Pair::Step(Code::K4, StepClass::B, "長音"),
        Some(0) if either('ー', 'ア') => return Pair::Step(Code::K4, StepClass::B, "長音"),
        Some(1) if either('ー', 'イ') => return Pair::Step(Code::K4, StepClass::B, "長音"),
        _ => {}
    }
    if either('ヲ', 'オ') {
        return Pair::Step(Code::K3, StepClass::B, "ヲ・オ");
    }
    if either('ヴ', 'ブ') || either('ヰ', 'イ') || either('ヱ', 'エ') {
        return Pair::Step(Code::K3, StepClass::B, "かなの字");
    }
    if unvoiced(l) == unvoiced(r) {
        return Pair::Step(Code::K5, StepClass::B, "濁点");
    }
    Pair::No
}

/// Compares two readings.
pub(crate) fn compare(draft: &mut Draft<'_>) {
    let (left, right) = (units(draft.left), units(draft.right));
    let cost = |i: usize, j: usize| match pair(&left.units, i, &right.units, j) {
        Pair::Equal => 0,
        Pair::Step(_, StepClass::A, _) => 1,
        Pair::Step(..) | Pair::Placeholder | Pair::Unreadable => 2,
        Pair::No => 4,
    };
    draft.spaces(&left, &right, Code::K1);
    for place in align(&left.units, &right.units, cost) {
        match place {
            (Some(i), Some(j)) => {
                let found = pair(&left.units, i, &right.units, j);
                draft.place(found, &left.units[i], &right.units[j], Code::KX, folding);
            }
            (Some(i), None) => draft.gap(true, &left.units[i..=i], Code::KX, StepClass::Difference, "文字の有無"),
            (None, Some(j)) => draft.gap(false, &right.units[j..=j], Code::KX, StepClass::Difference, "文字の有無"),
            (None, None) => {}
        }
    }
}
