//! カナ氏名: readings (RULES §5 K1–K6).

use super::alignment::UnitRelation;
use super::char_class::{is_bar, is_katakana, is_placeholder};
use super::draft::ComparisonDraft;
use super::kana_chars::{katakana, large, unvoiced, vowel};
use super::mark;
use super::name_fold::{ascii_sign, repeats};
use super::reason::{Code, Hint, StepClass};
use super::romaji;
use super::unit::{self, Unit, UnitLine};
use super::verdict::Verdict;
use super::word_breaks::{breaks_conflict, words_differ};
use super::word_order::{WordOrder, word_order};

/// Folds a reading into units: katakana, large kana, ジ ズ, ー.
pub(crate) fn units(text: &str) -> UnitLine {
    let mut line = unit::line(text);
    line.dots_as_spaces();
    let mut before = None;
    for unit in &mut line.units {
        let mut c = katakana(unit.c);
        if c != unit.c {
            unit.marks |= mark::HIRAGANA;
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
                    unit.marks = (unit.marks | mark::BAR) & !mark::WIDTH;
                }
                'ー'
            }
            _ => match ascii_sign(c, before) {
                Some(sign) => {
                    unit.marks |= mark::SIGN;
                    sign
                }
                None => c,
            },
        };
        unit.c = c;
        before = Some(c);
    }
    line
}

/// Records what folding made two units of a reading equal.
fn record_folding(draft: &mut ComparisonDraft<'_>, left: &Unit, right: &Unit) {
    let differ = left.marks ^ right.marks;
    let (l, r) = (left.range(), right.range());
    let mut named = false;
    for (bit, code, label) in [
        (mark::SMALL, Code::K2, "小書きのかな"),
        (mark::YOTSU, Code::K3, "ヂヅ・ジズ"),
        (mark::BAR, Code::K3, "長音記号"),
        (mark::HIRAGANA, Code::K1, "ひらがな"),
        (mark::SIGN, Code::K1, "記号の字形"),
    ] {
        let two_signs = bit == mark::SIGN && left.marks & right.marks & bit != 0 && left.plain != right.plain;
        if differ & bit != 0 || two_signs {
            draft.step_at(code, StepClass::A, label, code != Code::K1, l.clone(), r.clone());
            named = true;
        }
    }
    if differ & !(mark::SMALL | mark::YOTSU | mark::BAR | mark::HIRAGANA | mark::SIGN) != 0 || !named {
        draft.step_at(Code::K1, StepClass::A, "全角・半角", false, l, r);
    }
}

/// Returns how two units of two readings are related.
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
    let before = (i > 0 && j > 0 && left[i - 1].c == right[j - 1].c).then(|| vowel(left[i - 1].c)).flatten();
    let either = |a: char, b: char| (l == a && r == b) || (l == b && r == a);
    match before {
        Some(4) if either('ー', 'ウ') || either('ー', 'オ') => {
            return UnitRelation::Step(Code::K4, StepClass::A, "長音");
        }
        Some(2) if either('ー', 'ウ') => return UnitRelation::Step(Code::K4, StepClass::A, "長音"),
        Some(4) if either('オ', 'ウ') => return UnitRelation::Step(Code::K4, StepClass::B, "長音 オ・ウ"),
        Some(3) if either('ー', 'イ') || either('ー', 'エ') => {
            return UnitRelation::Step(Code::K4, StepClass::B, "長音");
        }
        Some(0) if either('ー', 'ア') => return UnitRelation::Step(Code::K4, StepClass::B, "長音"),
        Some(1) if either('ー', 'イ') => return UnitRelation::Step(Code::K4, StepClass::B, "長音"),
        _ => {}
    }
    if either('ヲ', 'オ') {
        return UnitRelation::Step(Code::K3, StepClass::B, "ヲ・オ");
    }
    if either('ヴ', 'ブ') || either('ヰ', 'イ') || either('ヱ', 'エ') {
        return UnitRelation::Step(Code::K3, StepClass::B, "かなの字");
    }
    if repeats(left, i, &right[j]) || repeats(right, j, &left[i]) {
        return UnitRelation::Step(Code::K3, StepClass::B, "ヽ・ヾ");
    }
    // ヅ is folded to ズ, but without its sound mark it is ツ.
    let written = |unit: &Unit| unvoiced(large(katakana(unit.plain)).unwrap_or(katakana(unit.plain)));
    if unvoiced(l) == unvoiced(r) || written(&left[i]) == written(&right[j]) {
        return UnitRelation::Step(Code::K5, StepClass::B, "濁点");
    }
    UnitRelation::Unrelated
}

/// Compares two readings.
pub(crate) fn compare(draft: &mut ComparisonDraft<'_>) {
    let (left, right) = (units(draft.left), units(draft.right));
    draft.compare_spaces(&left, &right, Code::K1);
    if left.units.is_empty() && right.units.is_empty() {
        draft.step(Code::KX, StepClass::B, "双方とも読めない値");
        return;
    }
    let kana = |line: &UnitLine| line.units.iter().all(|u| is_katakana(u.c) || !u.c.is_alphanumeric());
    if kana(&left) != kana(&right) {
        let latin = |line: &UnitLine| line.units.iter().all(|u| !u.c.is_alphanumeric() || u.c.is_ascii_alphabetic());
        let label = match (kana(&left), latin(&left) || latin(&right)) {
            (_, false) => "かなとかな以外の文字",
            (true, true) if romaji::fits(&left, &right) => "ローマ字とかな（読みは合う）",
            (false, true) if romaji::fits(&right, &left) => "ローマ字とかな（読みは合う）",
            _ => "ローマ字とかな（読みの確認が必要）",
        };
        draft.step(Code::KX, StepClass::B, label);
        return;
    }
    draft.compare_units(&left.units, &right.units, relate, Code::KX, record_folding);
    if draft.verdict() != Verdict::Different {
        if left.units.len() == right.units.len() && breaks_conflict(&left, &right) {
            draft.step(Code::K1, StepClass::B, "姓名の区切りの位置が異なる");
        }
        if words_differ(&left, &right) {
            draft.step(Code::K1, StepClass::B, "ローマ字の語の区切り");
        }
        return;
    }
    for (loosened, code, label) in [
        ([&left, &right].map(without_v), Code::K3, "ヴ・ブ"),
        ([&left, &right].map(without_apostrophes), Code::KX, "アポストロフィの有無"),
    ] {
        let [l, r] = &loosened;
        if (l.len() != left.units.len() || r.len() != right.units.len())
            && l.len() == r.len()
            && (0..l.len()).all(|i| relate(l, i, r, i) != UnitRelation::Unrelated)
        {
            draft.replace_differences(code, StepClass::B, label, true);
            draft.soften_spans();
            return;
        }
    }
    classify_difference(draft, &left, &right);
}

/// Names the kind of a difference: a long vowel, the order or number of words, the surname or another reading.
fn classify_difference(draft: &mut ComparisonDraft<'_>, left: &UnitLine, right: &UnitLine) {
    let fits = |i: usize, j: usize| relate(&left.units, i, &right.units, j) != UnitRelation::Unrelated;
    let (n, m) = (left.units.len(), right.units.len());
    let head = (0..n.min(m)).take_while(|k| fits(*k, *k)).count();
    let tail = (0..n.min(m) - head).take_while(|k| fits(n - 1 - k, m - 1 - k)).count();
    let (l, r) = (&left.units[head..n - tail], &right.units[head..m - tail]);
    let long = |extra: &[Unit]| {
        let before = head.checked_sub(1).and_then(|at| vowel(left.units[at].c));
        matches!((extra, before), ([one], Some(v)) if one.c == 'ー' || vowel(one.c) == Some(v) || (one.c == 'ウ' && v == 4))
            && matches!(extra, [one] if "ーアイウエオ".contains(one.c))
    };
    if (l.is_empty() && long(r)) || (r.is_empty() && long(l)) {
        draft.replace_differences(Code::K4, StepClass::Difference, "長音の有無", true);
        return;
    }
    if let Some(order) = word_order(left, right, relate) {
        record_order(draft, order);
        return;
    }
    let (Some(gl), Some(gr)) = (left.gaps().next(), right.gaps().next()) else { return };
    let bytes =
        |units: &[Unit]| units.first().map_or(0, |u| u.start as usize)..units.last().map_or(0, |u| u.end as usize);
    let ((sl, fl), (sr, fr)) = (left.units.split_at(gl), right.units.split_at(gr));
    if gl == gr && head >= gl && l.len().max(r.len()) > 1 {
        draft.name_differences(Code::K6, "名の読みが異なる", bytes(fl), bytes(fr));
    } else if fl.len() == fr.len() && tail >= fl.len() {
        draft.hint = Some(Hint::SurnameChange);
        draft.name_differences(Code::KX, "氏が異なり名は同じ", bytes(sl), bytes(sr));
    }
}

/// Records that two readings have the same words in another order, or some words on one side only. The order of a foreign name is a matter of
/// the system, and a reading does not tell which name is foreign, so a person decides as with Latin letters (N7).
fn record_order(draft: &mut ComparisonDraft<'_>, order: WordOrder) {
    let label = match order {
        WordOrder::Changed => "氏名の語順が異なる",
        WordOrder::LeftOut => "ミドルネーム等の省略",
    };
    draft.clear();
    draft.hint = Some(Hint::NameOrder);
    draft.step_at(Code::KX, StepClass::B, label, true, 0..draft.left.len(), 0..draft.right.len());
}

/// Returns the units without apostrophes.
fn without_apostrophes(line: &UnitLine) -> Vec<Unit> {
    line.units.iter().filter(|unit| unit.c != '\'').copied().collect()
}

/// Returns the units with ヴァ ヴィ ヴェ ヴォ as バ ビ ベ ボ.
fn without_v(line: &UnitLine) -> Vec<Unit> {
    let mut out: Vec<Unit> = Vec::with_capacity(line.units.len());
    for unit in &line.units {
        match (out.last_mut(), unit.c) {
            (Some(last), 'ア' | 'イ' | 'エ' | 'オ') if last.c == 'ヴ' => {
                last.c = match unit.c {
                    'ア' => 'バ',
                    'イ' => 'ビ',
                    'エ' => 'ベ',
                    _ => 'ボ',
                };
                last.end = unit.end;
            }
            _ => out.push(*unit),
        }
    }
    out
}
