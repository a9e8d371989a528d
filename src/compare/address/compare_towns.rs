//! Comparison of 町名, the part between 市区町村 and numbers (RULES §5 A2, A4).

use super::municipality::MunicipalityMatch;
use super::pairing::{byte_range, digits_split_differently, record_relation, relate, units_match};
use super::parse::ParsedAddress;
use super::street::{AzaMarker, DroppedWord, StreetAddress};
use super::words::LOT_KANJI;
use crate::compare::char_class::{is_bar, is_hiragana, is_katakana};
use crate::compare::draft::ComparisonDraft;
use crate::compare::numeral::is_kanji_digit;
use crate::compare::reason::{Code, StepClass};
use crate::compare::unit::Unit;

/// Folded 町名 whose spellings の and 之 belong to two towns of one 市区町村: of the 117,000 towns in KEN_ALL of Japan Post (2026-10, no
/// copyright asserted) only 清須市西枇杷島町 has such a pair, 日の出 and 日之出.
const AMBIGUOUS_TOWNS: [&str; 1] = ["西枇杷島町日ノ出"];

/// Compares 大字, 小字 and 字: omitting one is harmless, another one at the same place is 要確認.
fn compare_aza_markers(draft: &mut ComparisonDraft<'_>, left: &StreetAddress, right: &StreetAddress) {
    let (l, r) = (left.aza_markers.as_slice(), right.aza_markers.as_slice());
    let first_bytes = |markers: &[AzaMarker]| markers.first().map_or(0..0, |m| m.start..m.end);
    let has_conflict =
        |a: &AzaMarker| r.iter().any(|b| a.at == b.at && a.first != b.first && (a.first == '小' || b.first == '小'));
    if l.len() != r.len() {
        let (class, label) = match l.iter().any(has_conflict) {
            true => (StepClass::B, "大字と小字"),
            false => (StepClass::A, "大字・字の省略"),
        };
        draft.step_at(Code::A2, class, label, class == StepClass::B, first_bytes(l), first_bytes(r));
        return;
    }
    for (a, b) in l.iter().zip(r) {
        let (a_bytes, b_bytes) = (a.start..a.end, b.start..b.end);
        if a.at != b.at {
            draft.step_at(Code::A2, StepClass::B, "大字・字の位置が異なる", true, a_bytes, b_bytes);
        } else if a.first != b.first && a.first != '字' && b.first != '字' {
            draft.step_at(Code::A2, StepClass::B, "大字と小字", true, a_bytes, b_bytes);
        } else if a.first != b.first {
            draft.step_at(Code::A2, StepClass::A, "大字・字の書き方", true, a_bytes, b_bytes);
        }
    }
}

/// Compares the words that were dropped from the 町名: they have no meaning.
fn compare_dropped_words(draft: &mut ComparisonDraft<'_>, left: &StreetAddress, right: &StreetAddress) {
    for (word, label) in [(DroppedWord::Dai, "地割の「第」の有無"), (DroppedWord::No, "「の」の有無")] {
        let bytes = |s: &StreetAddress| -> Vec<_> {
            s.dropped.iter().filter(|(dropped, _)| *dropped == word).map(|(_, bytes)| bytes.clone()).collect()
        };
        let (l, r) = (bytes(left), bytes(right));
        if l.len() != r.len() {
            let first = |bytes: &[std::ops::Range<usize>]| bytes.first().cloned().unwrap_or(0..0);
            draft.step_at(Code::A2, StepClass::A, label, true, first(&l), first(&r));
        }
    }
}

/// Compares 町名.
pub(super) fn compare_towns(draft: &mut ComparisonDraft<'_>, left: &ParsedAddress, right: &ParsedAddress) {
    let (l, r) = (&left.street.town, &right.street.town);
    compare_aza_markers(draft, &left.street, &right.street);
    compare_dropped_words(draft, &left.street, &right.street);
    if units_match(l, r) {
        for i in 0..l.len() {
            record_relation(draft, relate(l, i, r, i), &l[i], &r[i]);
        }
        if digits_split_differently(l, r) {
            draft.step_at(Code::A1, StepClass::B, "数字の切れ目", true, byte_range(l), byte_range(r));
        }
        let no_and_kore = |i: usize| matches!((l[i].plain, r[i].plain), ('の', '之') | ('之', 'の'));
        if (0..l.len()).any(no_and_kore) && AMBIGUOUS_TOWNS.iter().any(|town| l.iter().map(|u| u.c).eq(town.chars())) {
            draft.step_at(Code::A4, StepClass::B, "字だけが違う別の町がある", true, byte_range(l), byte_range(r));
        }
        return;
    }
    let shorter = l.len() < r.len();
    let (short, long) = if shorter { (left, right) } else { (right, left) };
    let short_text = if shorter { draft.left } else { draft.right };
    let (l_bytes, r_bytes) = (byte_range(l), byte_range(r));
    let (code, class, label) = omitted_character(short, long, short_text)
        .or_else(|| omitted_part(&short.street, &long.street))
        .unwrap_or((Code::AX, StepClass::Difference, "町名が異なる"));
    draft.step_at(code, class, label, true, l_bytes, r_bytes);
}

/// Step for two 町名 that differ; `None` when no rule applies.
type TownFinding = Option<(Code, StepClass, &'static str)>;

/// Returns the step for a 町名 of which one side omits a character.
fn omitted_character(shorter: &ParsedAddress, longer: &ParsedAddress, short_text: &str) -> TownFinding {
    let (short, long) = (shorter.street.town.as_slice(), longer.street.town.as_slice());
    let uncertain = |label| Some((Code::A2, StepClass::B, label));
    // 商工センタ-6: the hyphen behind katakana stands for ー.
    if let ([rest @ .., bar], Some(last)) = (long, short.last())
        && bar.c == 'ー'
        && is_katakana(last.c)
        && short_text[last.end as usize..].starts_with(is_bar)
        && units_match(short, rest)
    {
        return Some((Code::A4, StepClass::A, "長音記号"));
    }
    let in_kyoto = shorter.municipality.as_ref().is_some_and(MunicipalityMatch::is_in_kyoto);
    let without = |units: &[Unit], is_omitted: &dyn Fn(&[Unit], usize) -> bool| -> Vec<Unit> {
        (0..units.len()).filter(|at| !is_omitted(units, *at)).map(|at| units[at]).collect()
    };
    // 西入ル and 西入 of 京都.
    let is_ru =
        |units: &[Unit], at: usize, behind: &str| at > 0 && units[at].c == 'ル' && behind.contains(units[at - 1].c);
    let ru_of_iru = |units: &[Unit], at: usize| is_ru(units, at, "入");
    if in_kyoto && units_match(&without(short, &ru_of_iru), &without(long, &ru_of_iru)) {
        return Some((Code::A4, StepClass::A, "入ル・入"));
    }
    // 四条下ル瓦町 and 四条下瓦町: there are 瓦町 and 下瓦町.
    let any_ru = |units: &[Unit], at: usize| is_ru(units, at, "入上下");
    if in_kyoto && units_match(&without(short, &any_ru), &without(long, &any_ru)) {
        return uncertain("上ル・下ルの「ル」の有無");
    }
    // A street of 京都 before the 町名 on one side only.
    let extra = long.len() - short.len();
    let is_street = |c: char| matches!(c, '通' | 'ル' | '入');
    if in_kyoto
        && !short.is_empty()
        && units_match(short, &long[extra..])
        && long[..extra].iter().any(|u| is_street(u.c))
    {
        return uncertain("通り名の省略");
    }
    // 条 of 北16条西, a former 区, 第, or the 小 that is left of 小字, on one side only.
    let is_behind_digit = |units: &[Unit], at: usize| at > 0 && units[at - 1].c.is_ascii_digit();
    for (word, label) in [('条', "条の省略"), ('区', "区の有無"), ('第', "「第」の有無")] {
        let is_word = |units: &[Unit], at: usize| units[at].c == word && (word != '条' || is_behind_digit(units, at));
        if extra > 0 && units_match(&without(short, &is_word), &without(long, &is_word)) {
            return uncertain(label);
        }
    }
    let first_of_marker = |units: &[Unit], at: usize| {
        shorter.street.aza_markers.iter().any(|marker| marker.at == at && marker.first == units[at].plain)
    };
    if extra > 0 && units_match(short, &without(long, &first_of_marker)) {
        return uncertain("大字・小字の「字」の有無");
    }
    None
}

/// Returns the step for a 町名 of which one side omits a part: a 小字, a lot letter, a name behind 丁目, or a 大字 before a written 字. It may
/// also be another place, so a person decides; an additional 町 or 村 always makes another town.
fn omitted_part(shorter: &StreetAddress, longer: &StreetAddress) -> TownFinding {
    let (short, long) = (shorter.town.as_slice(), longer.town.as_slice());
    let uncertain = |label| Some((Code::A2, StepClass::B, label));
    let extra_len = long.len() - short.len();
    let (same, extra) = long.split_at(short.len());
    if !units_match(short, same) {
        let before_marker = longer.aza_markers.iter().any(|marker| marker.at == extra_len);
        let ends_same = before_marker && !short.is_empty() && units_match(short, &long[extra_len..]);
        return ends_same.then(|| uncertain("大字の有無")).flatten();
    }
    match (same, extra) {
        (_, []) => None,
        ([], _) => uncertain("町名・小字の有無"),
        ([.., a, b], _) if a.c == '丁' && b.c == '目' => uncertain("丁目の後の地名の有無"),
        (_, [one]) if is_lot_letter(one.c, short.last()) => uncertain("甲・乙、イ・ロなどの有無"),
        (_, [one]) if "東西南北上中下".contains(one.c) => uncertain("東西南北などの有無"),
        (_, [one]) if matches!(one.c, '町' | '村') => None,
        _ if extra.iter().all(|u| u.c.is_numeric() || is_kanji_digit(u.plain)) => None,
        _ => uncertain("小字の有無"),
    }
}

/// Returns whether the last character of a 町名 is a lot letter: 甲, イ, A; a kana only when it stands alone.
fn is_lot_letter(c: char, before: Option<&Unit>) -> bool {
    LOT_KANJI.contains(c)
        || c.is_ascii_uppercase()
        || (is_katakana(c) && c != 'ー' && before.is_none_or(|u| !is_katakana(u.c)))
        || (is_hiragana(c) && before.is_none_or(|u| !is_hiragana(u.c)))
}
