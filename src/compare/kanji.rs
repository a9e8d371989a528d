//! 漢字氏名: names in kanji, kana or Latin letters (RULES §5 N1–N8).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::kana;
use super::reason::{Code, Hint, StepClass};
use super::step::{Draft, Pair};
use super::unit::{self, Line, Unit, is_bar, is_hiragana, is_kanji, is_katakana, is_placeholder, mark};
use super::variants::{Source, is_rare, relation, standard};
use super::verdict::Verdict;

/// Folds a name into units.
pub(crate) fn units(text: &str) -> Line {
    let mut line = unit::line(text);
    line.dots_as_spaces();
    let mut before = None;
    for unit in &mut line.units {
        unit.c = fold_unit(unit, before);
        before = Some(unit.c);
    }
    line
}

fn fold_unit(unit: &mut Unit, before: Option<char>) -> char {
    let c = unit.c;
    match c {
        _ if is_latin(c) && c.is_lowercase() => {
            unit.marks |= mark::CASE;
            // Only ß and its like have no single capital.
            let mut upper = c.to_uppercase();
            if upper.len() == 1 { upper.next().unwrap_or(c) } else { c }
        }
        'ヶ' => {
            unit.marks |= mark::SMALL_KE;
            'ケ'
        }
        _ if is_bar(c) && before.is_some_and(is_katakana) => {
            if c != 'ー' {
                unit.marks = (unit.marks | mark::BAR) & !mark::WIDTH;
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
    }
}

/// Names what made two units of a name equal.
pub(crate) fn folding(draft: &mut Draft<'_>, left: &Unit, right: &Unit) {
    let differ = left.marks ^ right.marks;
    let both = left.marks | right.marks;
    let (l, r) = (left.range(), right.range());
    if left.plain != right.plain && both & mark::VARIANT != 0 {
        draft.step_at(Code::N2, StepClass::A, "異体字", true, l.clone(), r.clone());
    } else if both & mark::COMPAT != 0 {
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
    if is_kanji(l) && is_kanji(r) {
        let repeats = |side: &[Unit], at: usize, other: char| at > 0 && side[at].c == '々' && side[at - 1].c == other;
        if repeats(left, i, r) || repeats(right, j, l) {
            return Pair::Step(Code::N8, StepClass::B, "々");
        }
        return kanji_pair(l, r);
    }
    let no = |c| matches!(c, 'ノ' | '之' | 'の' | '乃');
    if no(l) && no(r) {
        return Pair::Step(Code::N8, StepClass::B, "ノ・之");
    }
    let (kl, kr) = (katakana(l), katakana(r));
    let ke = |c| matches!(c, 'ケ' | 'ガ' | 'ヵ' | 'カ' | '箇' | '个');
    if ke(kl) && ke(kr) && i > 0 && j > 0 && is_kanji(left[i - 1].c) && is_kanji(right[j - 1].c) {
        return Pair::Step(Code::N8, StepClass::B, "ケ・ガ");
    }
    if kl == kr {
        return Pair::Step(Code::N4, StepClass::B, "ひらがな・カタカナ");
    }
    if kana::large(kl).unwrap_or(kl) == kana::large(kr).unwrap_or(kr) {
        return Pair::Step(Code::N8, StepClass::B, "小書きのかな");
    }
    Pair::No
}

/// Relates two different kanji in standard form.
pub(crate) fn kanji_pair(l: char, r: char) -> Pair {
    match relation(l, r) {
        Some((StepClass::A, _)) => return Pair::Step(Code::N2, StepClass::A, "異体字"),
        Some((_, Source::Notice)) => return Pair::Step(Code::N2, StepClass::B, "戸籍の通達が結ぶ字"),
        Some(_) => return Pair::Step(Code::N2, StepClass::B, "別の字とも異体字ともいえる字"),
        None => {}
    }
    if is_rare(l) || is_rare(r) {
        return Pair::Step(Code::N2, StepClass::B, "JISにない字");
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
    draft.spaces(&left, &right, Code::N1);
    if left.units.is_empty() && right.units.is_empty() {
        draft.step(Code::NX, StepClass::B, "双方とも読めない値");
        return;
    }
    draft.walk(&left.units, &right.units, pair, Code::NX, folding);
    if draft.verdict() != Verdict::Different {
        if left.units.len() == right.units.len() && breaks_conflict(&left, &right) {
            draft.step(Code::N1, StepClass::B, "姓名の区切りの位置が異なる");
        }
        if words_differ(&left, &right) {
            draft.step(Code::N7, StepClass::B, "ローマ字の語の区切り");
        }
        return;
    }
    match (script(&left), script(&right)) {
        (Script::Latin, Script::Latin) => latin(draft, &left, &right),
        (Script::Latin, Script::Japanese) | (Script::Japanese, Script::Latin) => {
            if !other_name_in_brackets(draft, &left, &right) {
                draft.restart();
                draft.hint = Some(Hint::Alias);
                draft.step(Code::N6, StepClass::Difference, "通称と本名");
            }
        }
        (Script::Latin, Script::Kana) | (Script::Kana, Script::Latin) => {
            draft.restart();
            draft.step(Code::N7, StepClass::B, "ローマ字とかな");
        }
        _ => japanese(draft, &left, &right),
    }
}

/// Tells whether the spaces split the two names at places that contradict each other: 林 田子, 林田 子.
pub(crate) fn breaks_conflict(left: &Line, right: &Line) -> bool {
    let lacks = |line: &Line, other: &Line| line.gaps().any(|gap| other.gaps().all(|known| known != gap));
    lacks(left, right) && lacks(right, left)
}

/// Tells whether a space parts two Latin letters on one side only: SUN LI NA has a word more than SUN LINA, XI AN is two syllables and
/// XIAN may be one. How many names there are is for a person to say.
pub(crate) fn words_differ(left: &Line, right: &Line) -> bool {
    let parts = |line: &Line, other: &Line| {
        let lettered = |at: usize| line.units.get(at).is_some_and(|u| is_lettered(u.c));
        let parted = |gap: usize| other.units.get(gap).is_some_and(|u| u.spaced);
        line.gaps().any(|gap| lettered(gap - 1) && lettered(gap) && !parted(gap))
    };
    parts(left, right) || parts(right, left)
}

/// Tells whether a character is a letter of a script that writes names in words: Latin, Cyrillic, Hangul, but neither kana nor kanji.
fn is_lettered(c: char) -> bool {
    c.is_alphabetic() && !is_kanji(c) && !is_katakana(katakana(c))
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Kana,
    Japanese,
}

fn script(line: &Line) -> Script {
    let letters = || line.units.iter().map(|u| u.c).filter(|c| c.is_alphanumeric() && !is_placeholder(*c));
    if letters().all(|c| c.is_ascii_digit() || is_latin(c)) {
        Script::Latin
    } else if letters().all(|c| is_katakana(katakana(c))) {
        Script::Kana
    } else {
        Script::Japanese
    }
}

fn japanese(draft: &mut Draft<'_>, left: &Line, right: &Line) {
    if other_name_in_brackets(draft, left, right) {
        return;
    }
    let fits = |i: usize, j: usize| pair(&left.units, i, &right.units, j) != Pair::No;
    let (n, m) = (left.units.len(), right.units.len());
    let head = (0..n.min(m)).take_while(|k| fits(*k, *k)).count();
    let tail = (0..n.min(m) - head).take_while(|k| fits(n - 1 - k, m - 1 - k)).count();
    let (l, r) = (&left.units[head..n - tail], &right.units[head..m - tail]);
    // A lone ー is the reading of no kanji, least of all of 一.
    let kana = |units: &[Unit]| units.iter().any(|u| u.c != 'ー') && units.iter().all(|u| is_katakana(katakana(u.c)));
    let kanji = |units: &[Unit]| !units.is_empty() && units.iter().all(|u| is_kanji(u.c));
    if (kana(l) && kanji(r) && l.len() <= 6 * r.len()) || (kanji(l) && kana(r) && r.len() <= 6 * l.len()) {
        draft.instead_of_differences(Code::N4, StepClass::B, "漢字とかな", true);
        draft.soften_spans();
        return;
    }
    if same_given_name(left, right, tail) {
        draft.hint = Some(Hint::SurnameChange);
        draft.instead_of_differences(Code::N5, StepClass::Difference, "氏が異なり名は同じ", true);
    }
}

/// Tells whether the last `tail` units, which fit, are the whole given name.
fn same_given_name(left: &Line, right: &Line, tail: usize) -> bool {
    let (n, m) = (left.units.len(), right.units.len());
    if tail == 0 || tail >= n || tail >= m {
        return false;
    }
    let given = |line: &Line| line.gaps().next().map(|gap| line.units.len() - gap);
    match (given(left), given(right)) {
        (Some(l), Some(r)) => l == r && l <= tail,
        (Some(g), None) | (None, Some(g)) => g <= tail,
        (None, None) => tail >= 2,
    }
}

/// Handles 旧氏 or 通称 written in brackets on one side; true when that explains the difference.
fn other_name_in_brackets(draft: &mut Draft<'_>, left: &Line, right: &Line) -> bool {
    let readings = |line: &Line| -> Vec<Vec<Unit>> {
        let opening = |c| matches!(c, '(' | '[' | '〔' | '【' | '〈' | '<' | '「' | '{');
        let closing = |c| matches!(c, ')' | ']' | '〕' | '】' | '〉' | '>' | '」' | '}');
        let open = line.units.iter().position(|u| opening(u.c));
        let close = line.units.iter().rposition(|u| closing(u.c));
        match (open, close) {
            (Some(o), Some(c)) if o < c => {
                let (before, inside, after) = (&line.units[..o], &line.units[o + 1..c], &line.units[c + 1..]);
                vec![[before, after].concat(), [inside, after].concat(), inside.to_vec()]
            }
            _ => vec![line.units.clone()],
        }
    };
    let (l, r) = (readings(left), readings(right));
    if l.len() == 1 && r.len() == 1 {
        return false;
    }
    let fit = |a: &Vec<Unit>, b: &Vec<Unit>| {
        !a.is_empty() && a.len() == b.len() && (0..a.len()).all(|i| pair(a, i, b, i) != Pair::No)
    };
    if !l.iter().any(|a| r.iter().any(|b| fit(a, b))) {
        return false;
    }
    draft.hint = Some(Hint::SurnameChange);
    draft.instead_of_differences(Code::N5, StepClass::B, "旧氏・通称の併記", true);
    draft.soften_spans();
    true
}

/// Compares two names in Latin letters that are not the same letter by letter (N7).
fn latin(draft: &mut Draft<'_>, left: &Line, right: &Line) {
    let words = |line: &Line| -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for unit in &line.units {
            let letters: String =
                std::iter::once(plain_latin(unit.c)).nfd().filter(|c| !is_combining_mark(*c)).collect();
            let breaks = unit.spaced || matches!(unit.c, ',' | '.' | '-' | '・');
            match words.last_mut() {
                Some(word) if !breaks => word.push_str(letters.trim_matches(['\'', '’', '`'])),
                _ => words.push(letters.trim_matches([',', '.', '-', '・']).to_owned()),
            }
        }
        words.retain(|w| !w.is_empty());
        words
    };
    let (mut l, mut r) = (words(left), words(right));
    let (joined_l, joined_r) = (l.concat(), r.concat());
    let label = if joined_l == joined_r {
        Some("記号・発音記号")
    } else {
        let cut = joined_l.starts_with(&joined_r) || joined_r.starts_with(&joined_l);
        let cut = cut && joined_l.len().min(joined_r.len()) >= 5;
        l.sort_unstable();
        r.sort_unstable();
        let inside = |few: &[String], many: &[String]| {
            let mut rest = many.to_vec();
            few.iter().all(|w| rest.iter().position(|o| o == w).map(|at| rest.swap_remove(at)).is_some())
        };
        if l == r {
            Some("語順")
        } else if inside(&l, &r) || inside(&r, &l) {
            Some("ミドルネーム等の省略")
        } else if cut {
            Some("途中で切れた氏名")
        } else {
            None
        }
    };
    if let Some(label) = label {
        draft.restart();
        draft.hint = Some(Hint::NameOrder);
        draft.step(Code::N7, StepClass::B, label);
    }
}

/// Gives a Latin letter that has a stroke of its own, and no decomposition, as the plain letter that is written for it.
fn plain_latin(c: char) -> char {
    match c {
        'Đ' | 'đ' | 'Ð' => 'D',
        'Ł' | 'ł' => 'L',
        'Ø' | 'ø' => 'O',
        'Ħ' | 'ħ' => 'H',
        'ı' => 'I',
        _ => c,
    }
}
