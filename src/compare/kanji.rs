//! 漢字氏名: names in kanji, kana or Latin letters (RULES §5 N1–N8).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::alignment::UnitRelation;
use super::char_class::{is_bar, is_dropped, is_kanji, is_katakana, is_latin, is_name_dot, is_placeholder};
use super::draft::ComparisonDraft;
use super::kana;
use super::kana_chars::{katakana, large};
use super::kanji_pair::kanji_pair;
use super::mark;
use super::name_fold::{ascii_sign, repeats};
use super::reason::{Code, Hint, StepClass};
use super::unit::{self, Unit, UnitLine};
use super::variants::standard;
use super::verdict::Verdict;
use super::word_breaks::{breaks_conflict, words_differ};

/// Folds a name into units.
pub(crate) fn units(text: &str) -> UnitLine {
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
            // A few letters such as ß have no single capital.
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
        // The iteration mark of vertical writing.
        '〻' => {
            unit.marks |= mark::VARIANT;
            '々'
        }
        _ if is_kanji(c) => {
            let standard = standard(c);
            if standard != c {
                unit.marks |= mark::VARIANT;
            }
            standard
        }
        _ => match ascii_sign(c, before) {
            Some(sign) => {
                unit.marks |= mark::SIGN;
                sign
            }
            None => c,
        },
    }
}

/// Records what folding made two units of a name equal.
fn record_folding(draft: &mut ComparisonDraft<'_>, left: &Unit, right: &Unit) {
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
    if differ & mark::SIGN != 0 || (both & mark::SIGN != 0 && left.plain != right.plain) {
        draft.step_at(Code::N1, StepClass::A, "記号の字形", false, l.clone(), r.clone());
    }
    if differ & (mark::WIDTH | mark::COMPOSED | mark::ROMAN) != 0 {
        draft.step_at(Code::N1, StepClass::A, "全角・半角", false, l, r);
    }
}

/// Returns how two units of two names are related.
fn relate(left: &[Unit], i: usize, right: &[Unit], j: usize) -> UnitRelation {
    let (l, r) = (left[i].c, right[j].c);
    match (is_placeholder(l), is_placeholder(r)) {
        (true, true) => return UnitRelation::Unreadable,
        (true, false) | (false, true) => return UnitRelation::Placeholder,
        _ => {}
    }
    if l == r {
        return UnitRelation::Equal;
    }
    if repeats(left, i, &right[j]) || repeats(right, j, &left[i]) {
        return UnitRelation::Step(Code::N8, StepClass::B, if is_kanji(l) || is_kanji(r) { "々" } else { "ゝ・ゞ" });
    }
    if is_kanji(l) && is_kanji(r) {
        return kanji_pair(l, r);
    }
    let no = |c| matches!(c, 'ノ' | '之' | 'の' | '乃');
    if no(l) && no(r) {
        return UnitRelation::Step(Code::N8, StepClass::B, "ノ・之");
    }
    let (kl, kr) = (katakana(l), katakana(r));
    let ke = |c| matches!(c, 'ケ' | 'ガ' | 'ヵ' | 'カ' | '箇' | '个');
    if ke(kl) && ke(kr) && i > 0 && j > 0 && is_kanji(left[i - 1].c) && is_kanji(right[j - 1].c) {
        return UnitRelation::Step(Code::N8, StepClass::B, "ケ・ガ");
    }
    if kl == kr {
        return UnitRelation::Step(Code::N4, StepClass::B, "ひらがな・カタカナ");
    }
    if large(kl).unwrap_or(kl) == large(kr).unwrap_or(kr) {
        let class = if is_foreign(left, i) && is_foreign(right, j) { StepClass::A } else { StepClass::B };
        return UnitRelation::Step(Code::N8, class, "小書きのかな");
    }
    UnitRelation::Unrelated
}

/// Returns whether a kana belongs to a foreign name, where a large kana for a small one is notation as in readings (K2): surname and given
/// name are in katakana, or the word has ヴ, which no Japanese name has. キヨ and キョ of Japanese names are two sounds.
fn is_foreign(name: &[Unit], at: usize) -> bool {
    let is_katakana_only = || name.iter().all(|unit| is_katakana(unit.c) || !unit.c.is_alphanumeric());
    let whole = || name.iter().any(|unit| unit.spaced) && is_katakana_only();
    let mut words = name.chunk_by(|before, unit| is_katakana(before.c) && is_katakana(unit.c) && !unit.spaced);
    let mut end = 0;
    let word = words.find(|word| {
        end += word.len();
        at < end
    });
    word.is_some_and(|word| word.iter().any(|unit| unit.c == 'ヴ')) || whole()
}

/// Compares two names.
pub(crate) fn compare(draft: &mut ComparisonDraft<'_>) {
    let (left, right) = (units(draft.left), units(draft.right));
    draft.compare_spaces(&left, &right, Code::N1);
    if left.units.is_empty() && right.units.is_empty() {
        draft.step(Code::NX, StepClass::B, "双方とも読めない値");
        return;
    }
    draft.compare_units(&left.units, &right.units, relate, Code::NX, record_folding);
    if draft.verdict() != Verdict::Different {
        if left.units.len() == right.units.len() && breaks_conflict(&left, &right) {
            draft.step(Code::N1, StepClass::B, "姓名の区切りの位置が異なる");
        }
        if words_differ(&left, &right) {
            draft.step(Code::N7, StepClass::B, "ローマ字の語の区切り");
        }
        if left.dropped != right.dropped && has_dot_of_kanji(draft.left) != has_dot_of_kanji(draft.right) {
            draft.step(Code::N1, StepClass::B, "漢字の間の中点");
        }
        return;
    }
    match (script(&left), script(&right)) {
        (Script::Latin, Script::Latin) => latin(draft, &left, &right),
        (Script::Latin, Script::Japanese) | (Script::Japanese, Script::Latin) => {
            if !other_name_in_brackets(draft, &left, &right) {
                draft.clear();
                draft.hint = Some(Hint::Alias);
                draft.step(Code::N6, StepClass::Difference, "通称と本名");
            }
        }
        (Script::Kana, Script::Kana) if left.gaps().chain(right.gaps()).next().is_some() && as_reading(draft) => {}
        (Script::Latin, Script::Kana) | (Script::Kana, Script::Latin) => {
            draft.clear();
            draft.step(Code::N7, StepClass::B, "ローマ字とかな");
        }
        _ => japanese(draft, &left, &right),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Kana,
    Japanese,
}

/// Returns the script of a name.
fn script(line: &UnitLine) -> Script {
    let letters = || line.units.iter().map(|u| u.c).filter(|c| c.is_alphanumeric() && !is_placeholder(*c));
    if letters().all(|c| c.is_ascii_digit() || is_latin(c)) {
        Script::Latin
    } else if letters().all(|c| is_katakana(katakana(c))) {
        Script::Kana
    } else {
        Script::Japanese
    }
}

/// Returns whether a dot stands between two kanji. Names in kanji have none, and some systems write it for a character that they lack.
fn has_dot_of_kanji(name: &str) -> bool {
    let mut before = ['\0'; 2];
    name.chars().filter(|c| !is_dropped(*c)).any(|c| {
        let found = is_kanji(before[0]) && is_name_dot(before[1]) && is_kanji(c);
        before = [before[1], c];
        found
    })
}

/// Compares two names in kana by the rules of readings: order, middle names, long vowels, ヴ and ブ; returns whether they explain the
/// difference. The name itself is more than a reading, so a person decides (N7).
fn as_reading(draft: &mut ComparisonDraft<'_>) -> bool {
    let mut reading = ComparisonDraft::new(draft.left, draft.right, false);
    kana::compare(&mut reading);
    if reading.verdict() == Verdict::Different {
        return false;
    }
    draft.clear();
    draft.hint = reading.hint;
    let label = if reading.hint == Some(Hint::NameOrder) {
        "かなの氏名の語順・省略"
    } else {
        "かなの氏名の書き方"
    };
    draft.step(Code::N7, StepClass::B, label);
    true
}

/// Compares two names in kanji and kana.
fn japanese(draft: &mut ComparisonDraft<'_>, left: &UnitLine, right: &UnitLine) {
    if other_name_in_brackets(draft, left, right) {
        return;
    }
    let fits = |i: usize, j: usize| relate(&left.units, i, &right.units, j) != UnitRelation::Unrelated;
    let (n, m) = (left.units.len(), right.units.len());
    let head = (0..n.min(m)).take_while(|k| fits(*k, *k)).count();
    let tail = (0..n.min(m) - head).take_while(|k| fits(n - 1 - k, m - 1 - k)).count();
    let (l, r) = (&left.units[head..n - tail], &right.units[head..m - tail]);
    // A lone ー is not the reading of any kanji, in particular not of 一.
    let kana = |units: &[Unit]| units.iter().any(|u| u.c != 'ー') && units.iter().all(|u| is_katakana(katakana(u.c)));
    let kanji = |units: &[Unit]| !units.is_empty() && units.iter().all(|u| is_kanji(u.c));
    if (kana(l) && kanji(r) && l.len() <= 6 * r.len()) || (kanji(l) && kana(r) && r.len() <= 6 * l.len()) {
        draft.replace_differences(Code::N4, StepClass::B, "漢字とかな", true);
        draft.soften_spans();
        return;
    }
    if same_given_name(left, right, tail) {
        draft.hint = Some(Hint::SurnameChange);
        draft.replace_differences(Code::N5, StepClass::Difference, "氏が異なり名は同じ", true);
    }
}

/// Returns whether the last `tail` units, which are related, are the whole given name.
fn same_given_name(left: &UnitLine, right: &UnitLine, tail: usize) -> bool {
    let (n, m) = (left.units.len(), right.units.len());
    if tail == 0 || tail >= n || tail >= m {
        return false;
    }
    let given = |line: &UnitLine| line.gaps().next().map(|gap| line.units.len() - gap);
    match (given(left), given(right)) {
        (Some(l), Some(r)) => l == r && l <= tail,
        (Some(g), None) | (None, Some(g)) => g <= tail,
        (None, None) => tail >= 2,
    }
}

/// Records 旧氏 or 通称 in brackets on one side; returns whether they explain the difference.
fn other_name_in_brackets(draft: &mut ComparisonDraft<'_>, left: &UnitLine, right: &UnitLine) -> bool {
    let readings = |line: &UnitLine| -> Vec<Vec<Unit>> {
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
        !a.is_empty() && a.len() == b.len() && (0..a.len()).all(|i| relate(a, i, b, i) != UnitRelation::Unrelated)
    };
    if !l.iter().any(|a| r.iter().any(|b| fit(a, b))) {
        return false;
    }
    draft.hint = Some(Hint::SurnameChange);
    draft.replace_differences(Code::N5, StepClass::B, "旧氏・通称の併記", true);
    draft.soften_spans();
    true
}

/// Compares two names in Latin letters that differ in some letter (N7).
fn latin(draft: &mut ComparisonDraft<'_>, left: &UnitLine, right: &UnitLine) {
    let words = |line: &UnitLine| -> Vec<String> {
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
        draft.clear();
        draft.hint = Some(Hint::NameOrder);
        draft.step(Code::N7, StepClass::B, label);
    }
}

/// Returns the plain letter for a Latin letter with a stroke, which has no decomposition.
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
