//! 漢字氏名: names in kanji, kana or Latin letters (`DOMAIN §5` N1–N8).

use std::sync::LazyLock;

use super::reason::{Code, Hint, StepClass};
use super::step::{Draft, Pair, align};
use super::unit::{self, Line, Unit, is_bar, is_hiragana, is_kanji, is_katakana, is_placeholder, mark};
use super::verdict::Verdict;

/// Old and variant forms, each with the standard form it may be taken for.
static VARIANTS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut pairs = Vec::with_capacity(1024);
    for line in include_str!("tables/variants.txt").lines() {
        let mut chars = line.split('#').next().unwrap_or_default().chars().filter(|c| !c.is_whitespace());
        if let Some(standard) = chars.next() {
            pairs.extend(chars.map(|old| (old, standard)));
        }
    }
    pairs.sort_unstable();
    pairs
});

/// Gives the standard form of an old or variant form.
pub(crate) fn standard(c: char) -> char {
    if !is_kanji(c) {
        return c;
    }
    match VARIANTS.binary_search_by_key(&c, |p| p.0) {
        Ok(at) => VARIANTS[at].1,
        Err(_) => c,
    }
}

/// Folds a name into units.
pub(crate) fn units(text: &str) -> Line {
    let mut line = unit::line(text);
    let mut before = None;
    for unit in &mut line.units {
        fold_unit(unit, before);
        before = Some(unit.c);
    }
    line
}

fn fold_unit(unit: &mut Unit, before: Option<char>) {
    let c = unit.c;
    let folded = match c {
        'a'..='z' => {
            unit.marks |= mark::CASE;
            c.to_ascii_uppercase()
        }
        'ヶ' => {
            unit.marks |= mark::SMALL_KE;
            'ケ'
        }
        _ if is_bar(c) && before.is_some_and(is_katakana) => {
            if c != 'ー' {
                unit.marks |= mark::BAR;
            }
            'ー'
        }
        _ if is_kanji(c) => {
            let standard = standard(c);
            if standard != c {
                unit.marks |= mark::VARIANT;
            }
            standard
        }
        _ => c,
    };
    unit.c = folded;
}

fn folding(draft: &mut Draft<'_>, left: &Unit, right: &Unit) {
    let differ = left.marks ^ right.marks;
    let (l, r) = (left.range(), right.range());
    let both = left.marks | right.marks;
    if left.plain != right.plain && both & mark::VARIANT != 0 {
        draft.step_at(Code::N2, StepClass::A, "異体字", true, l.clone(), r.clone());
    }
    if both & mark::COMPAT != 0 && left.plain == right.plain {
        draft.step_at(Code::N2, StepClass::A, "互換漢字", true, l.clone(), r.clone());
    }
    if both & mark::IVS != 0 {
        draft.step_at(Code::N2, StepClass::A, "異体字セレクタ", false, l.clone(), r.clone());
    }
    if differ & mark::CASE != 0 {
        draft.step_at(Code::N7, StepClass::A, "大文字・小文字", false, l.clone(), r.clone());
    }
    if differ & mark::SMALL_KE != 0 {
        draft.step_at(Code::N8, StepClass::A, "ヶ・ケ", true, l.clone(), r.clone());
    }
    if differ & mark::BAR != 0 {
        draft.step_at(Code::N1, StepClass::A, "長音記号", true, l.clone(), r.clone());
    }
    if differ & (mark::WIDTH | mark::COMPOSED | mark::SPELT) != 0 {
        draft.step_at(Code::N1, StepClass::A, "全角・半角", false, l, r);
    }
}

/// Relates two units of two names.
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
    let repeats = |side: &[Unit], at: usize, other: char| at > 0 && side[at].c == '々' && side[at - 1].c == other;
    if repeats(left, i, r) || repeats(right, j, l) {
        return Pair::Step(Code::N8, StepClass::B, "々");
    }
    let no = |c| matches!(c, 'ノ' | '之' | 'の' | '乃');
    if no(l) && no(r) {
        return Pair::Step(Code::N8, StepClass::B, "ノ・之");
    }
    if is_hiragana(l) != is_hiragana(r) && katakana(l) == katakana(r) {
        return Pair::Step(Code::N4, StepClass::B, "ひらがな・カタカナ");
    }
    Pair::No
}

/// Turns hiragana into katakana.
pub(crate) fn katakana(c: char) -> char {
    if is_hiragana(c) { char::from_u32(c as u32 + 0x60).unwrap_or(c) } else { c }
}

/// Compares two names.
pub(crate) fn compare(draft: &mut Draft<'_>) {
    let (left, right) = (units(draft.left), units(draft.right));
    let cost = |i: usize, j: usize| match pair(&left.units, i, &right.units, j) {
        Pair::Equal => 0,
        Pair::Step(_, StepClass::A, _) => 1,
        Pair::Step(..) | Pair::Placeholder | Pair::Unreadable => 2,
        Pair::No => 4,
    };
    draft.spaces(&left, &right, Code::N1);
    for place in align(&left.units, &right.units, cost) {
        match place {
            (Some(i), Some(j)) => {
                let found = pair(&left.units, i, &right.units, j);
                draft.place(found, &left.units[i], &right.units[j], Code::NX, folding);
            }
            (Some(i), None) => draft.gap(true, &left.units[i..=i], Code::NX, StepClass::Difference, "文字の有無"),
            (None, Some(j)) => draft.gap(false, &right.units[j..=j], Code::NX, StepClass::Difference, "文字の有無"),
            (None, None) => {}
        }
    }
    if draft.verdict() == Verdict::Different {
        draft.hint = None::<Hint>;
    }
}
