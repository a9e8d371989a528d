//! 町名: what stands between the 市区町村 and the numbers (RULES §5 A2, A4).

use super::address::{Address, bytes, fits, pair, parted_otherwise, record};
use super::numeral::is_kanji_digit;
use super::parcel::{Parcel, Section};
use super::place::Found;
use super::reason::{Code, StepClass};
use super::step::Draft;
use super::tail::LOTS;
use super::unit::{Unit, is_bar, is_hiragana, is_katakana};

/// Towns, as folded, whose spellings stand for two towns of one 市区町村: of the 117,000 towns in KEN_ALL of Japan Post (2026-10, no copyright
/// asserted) only 清須市西枇杷島町 has such a pair, 日の出 and 日之出.
const TWINS: [&str; 1] = ["西枇杷島町日ノ出"];

/// Compares 大字, 小字 and 字: left out they say nothing, but one that stands where the other side has another is not the same by itself.
fn sections(draft: &mut Draft<'_>, left: &Parcel, right: &Parcel) {
    let (l, r) = (left.dropped.as_slice(), right.dropped.as_slice());
    let side = |sections: &[Section]| sections.first().map_or(0..0, |s| s.start..s.end);
    let other =
        |a: &Section| r.iter().any(|b| a.at == b.at && a.first != b.first && (a.first == '小' || b.first == '小'));
    if l.len() != r.len() {
        let (class, label) = match l.iter().any(other) {
            true => (StepClass::B, "大字と小字"),
            false => (StepClass::A, "大字・字の省略"),
        };
        draft.step_at(Code::A2, class, label, class == StepClass::B, side(l), side(r));
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

/// Compares 町名.
pub(super) fn towns(draft: &mut Draft<'_>, left: &Address, right: &Address) {
    let (l, r) = (&left.parcel.town, &right.parcel.town);
    sections(draft, &left.parcel, &right.parcel);
    if fits(l, r) {
        for i in 0..l.len() {
            record(draft, pair(l, i, r, i), &l[i], &r[i]);
        }
        if parted_otherwise(l, r) {
            draft.step_at(Code::A1, StepClass::B, "数字の切れ目", true, bytes(l), bytes(r));
        }
        let both = |i: usize| matches!((l[i].plain, r[i].plain), ('の', '之') | ('之', 'の'));
        if (0..l.len()).any(both) && TWINS.iter().any(|twin| l.iter().map(|u| u.c).eq(twin.chars())) {
            draft.step_at(Code::A4, StepClass::B, "字だけが違う別の町がある", true, bytes(l), bytes(r));
        }
        return;
    }
    let shorter = l.len() < r.len();
    let (short, long) = if shorter { (left, right) } else { (right, left) };
    let short_text = if shorter { draft.left } else { draft.right };
    let (lb, rb) = (bytes(l), bytes(r));
    let (code, class, label) = town_notation(short, long, short_text)
        .or_else(|| town_part(&short.parcel, &long.parcel))
        .unwrap_or((Code::AX, StepClass::Difference, "町名が異なる"));
    draft.step_at(code, class, label, true, lb, rb);
}

/// What is known of two 町名 that do not fit.
type Known = Option<(Code, StepClass, &'static str)>;

/// The notations in which one side writes a character of the same 町名 that the other leaves out.
fn town_notation(shorter: &Address, longer: &Address, short_text: &str) -> Known {
    let (short, long) = (shorter.parcel.town.as_slice(), longer.parcel.town.as_slice());
    let asked = |label| Some((Code::A2, StepClass::B, label));
    // 商工センタ-6: behind katakana the hyphen was meant for ー.
    if let ([rest @ .., bar], Some(last)) = (long, short.last())
        && bar.c == 'ー'
        && is_katakana(last.c)
        && short_text[last.end as usize..].starts_with(is_bar)
        && fits(short, rest)
    {
        return Some((Code::A4, StepClass::A, "長音記号"));
    }
    // ハの７４ and ハ７４.
    if let [rest @ .., letter, no] = long
        && no.c == 'ノ'
        && is_katakana(letter.c)
        && rest.len() < short.len()
        && fits(short, &long[..long.len() - 1])
    {
        return asked("「の」の有無");
    }
    let in_kyoto = shorter.found.as_ref().is_some_and(Found::in_kyoto);
    let without = |units: &[Unit], gone: &dyn Fn(&[Unit], usize) -> bool| -> Vec<Unit> {
        (0..units.len()).filter(|at| !gone(units, *at)).map(|at| units[at]).collect()
    };
    // 西入ル and 西入 of 京都.
    let ru =
        |units: &[Unit], at: usize, behind: &str| at > 0 && units[at].c == 'ル' && behind.contains(units[at - 1].c);
    let entered = |units: &[Unit], at: usize| ru(units, at, "入");
    if in_kyoto && fits(&without(short, &entered), &without(long, &entered)) {
        return Some((Code::A4, StepClass::A, "入ル・入"));
    }
    // 四条下ル瓦町 and 四条下瓦町: there are 瓦町 and 下瓦町.
    let up_or_down = |units: &[Unit], at: usize| ru(units, at, "入上下");
    if in_kyoto && fits(&without(short, &up_or_down), &without(long, &up_or_down)) {
        return asked("上ル・下ルの「ル」の有無");
    }
    // A street of 京都 before the 町名 on one side only.
    let extra = long.len() - short.len();
    let street = |c: char| matches!(c, '通' | 'ル' | '入');
    if in_kyoto && !short.is_empty() && fits(short, &long[extra..]) && long[..extra].iter().any(|u| street(u.c)) {
        return asked("通り名の省略");
    }
    // 第 before the number of a 地割.
    let allotment = |units: &[Unit], at: usize| {
        let digits = units[at + 1..].iter().take_while(|u| u.c.is_ascii_digit()).count();
        let behind = units[at + 1 + digits..].iter().map(|u| u.c).take(2);
        units[at].c == '第' && digits > 0 && behind.eq("地割".chars())
    };
    if extra > 0 && fits(&without(short, &allotment), &without(long, &allotment)) {
        return Some((Code::A2, StepClass::A, "地割の「第」の有無"));
    }
    // 条 of 北16条西, a former 区, 第, or the 小 that is left of 小字, on one side only.
    let digit = |units: &[Unit], at: usize| at > 0 && units[at - 1].c.is_ascii_digit();
    for (word, label) in [('条', "条の省略"), ('区', "区の有無"), ('第', "「第」の有無")] {
        let gone = |units: &[Unit], at: usize| units[at].c == word && (word != '条' || digit(units, at));
        if extra > 0 && fits(&without(short, &gone), &without(long, &gone)) {
            return asked(label);
        }
    }
    let section = |units: &[Unit], at: usize| {
        shorter.parcel.dropped.iter().any(|section| section.at == at && section.first == units[at].plain)
    };
    if extra > 0 && fits(short, &without(long, &section)) {
        return asked("大字・小字の「字」の有無");
    }
    None
}

/// What one side has more of its 町名: a 小字, a letter of the lot, a name behind 丁目, or a 大字 before a written 字. Whether the other side
/// left it out or means another place is for a person to say. A 町 or 村 more makes another town.
fn town_part(shorter: &Parcel, longer: &Parcel) -> Known {
    let (short, long) = (shorter.town.as_slice(), longer.town.as_slice());
    let asked = |label| Some((Code::A2, StepClass::B, label));
    let more = long.len() - short.len();
    let (same, extra) = long.split_at(short.len());
    if !fits(short, same) {
        let before_section = longer.dropped.iter().any(|section| section.at == more);
        let tail = before_section && !short.is_empty() && fits(short, &long[more..]);
        return tail.then(|| asked("大字の有無")).flatten();
    }
    match (same, extra) {
        (_, []) => None,
        ([], _) => asked("町名・小字の有無"),
        ([.., a, b], _) if a.c == '丁' && b.c == '目' => asked("丁目の後の地名の有無"),
        (_, [one]) if is_letter_of_lot(one.c, short.last()) => asked("甲・乙、イ・ロなどの有無"),
        (_, [one]) if "東西南北上中下".contains(one.c) => asked("東西南北などの有無"),
        (_, [one]) if matches!(one.c, '町' | '村') => None,
        _ if extra.iter().all(|u| u.c.is_numeric() || is_kanji_digit(u.plain)) => None,
        _ => asked("小字の有無"),
    }
}

/// Tells whether a character at the end of a 町名 is a letter of the lot: 甲, イ, A; a katakana only where it stands alone.
fn is_letter_of_lot(c: char, before: Option<&Unit>) -> bool {
    LOTS.contains(c)
        || c.is_ascii_uppercase()
        || (is_katakana(c) && c != 'ー' && before.is_none_or(|u| !is_katakana(u.c)))
        || (is_hiragana(c) && before.is_none_or(|u| !is_hiragana(u.c)))
}
