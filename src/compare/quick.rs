//! Quick comparison: recognises values that differ only in the commonest notations, without taking them apart.
//!
//! Most fields that upstream marked ○ are such values, and recognising them here spares a million comparisons at import. The quick
//! comparison only ever says "the same": of two different texts it says so only where [`super::compare`] says 一致 or 表記ゆれ, and whatever
//! it does not know goes to the full comparison. `quick_tests` compares the two on every combination of the building blocks.

use super::address::quick::QuickAddress;
use super::birth::parse_date;
use super::field::FieldKind;
use super::narrow::{NarrowChars, same_narrow};
use super::sex::{Sex, parse_sex};

/// Returns whether two values are the same text except for half and full width; in names also for spaces, in kana for hiragana, and in
/// addresses of the commonest shape (`1-2-3` or `1丁目2番3号`, a building and its room) for the words between their numbers.
///
/// A text is always the same as itself, also where the full comparison has doubts about both.
pub fn plainly_same(field: FieldKind, left: &str, right: &str) -> bool {
    left == right || same_width(field, left, right) || same_address(field, left, right)
}

fn same_address(field: FieldKind, left: &str, right: &str) -> bool {
    let read = |text| if field == FieldKind::Address { QuickAddress::read(text) } else { None };
    read(left).is_some_and(|left| read(right).is_some_and(|right| left.is_same(&right)))
}

/// Returns whether two different texts have the same meaning and differ in width only. Spaces of an address count: `1-1 1201` and
/// `1-11 201` are two places.
fn same_width(field: FieldKind, left: &str, right: &str) -> bool {
    let start = same_start(left, right);
    let (left_rest, right_rest) = (&left[start..], &right[start..]);
    let same = || same_narrow(field, left_rest, right_rest);
    match field {
        FieldKind::Kanji | FieldKind::Kana => same_name(field, &left[..start], left_rest, right_rest),
        FieldKind::Birth => same() && is_certain_date(if left.is_ascii() { left } else { right }),
        FieldKind::Sex => same() && matches!(parse_sex(left), Some(Sex::Male | Sex::Female)),
        FieldKind::Address => same() && !left.trim_matches([' ', '\u{3000}']).is_empty(),
    }
}

/// Returns whether a text is a whole date without doubt.
fn is_certain_date(text: &str) -> bool {
    parse_date(text).is_some_and(|parsed| !parsed.doubtful && !parsed.date.is_partial())
}

/// Returns the number of bytes at the start that are the same kana and kanji (U+3041–U+9FFF, without combining marks) on both sides. These
/// characters do not depend on their neighbours; they are the town of most addresses.
fn same_start(left: &str, right: &str) -> usize {
    let pairs = left.as_bytes().as_chunks::<3>().0.iter().zip(right.as_bytes().as_chunks::<3>().0);
    let is_independent = |c: &[u8; 3]| {
        matches!(
            c,
            [0xE5..=0xE9, ..]
                | [0xE4, 0xB8..=0xBF, _]
                | [0xE3, 0x81, 0x81..=0xBF]
                | [0xE3, 0x82, 0x80..=0x96 | 0xA1..=0xBF]
                | [0xE3, 0x83, 0x80..=0xBE]
        )
    };
    3 * pairs.take_while(|(l, r)| l == r && is_independent(l)).count()
}

/// Returns whether two names with the same start are the same except for width and for spaces that do not contradict each other.
fn same_name(field: FieldKind, start: &str, left: &str, right: &str) -> bool {
    let (mut left, mut right) = (NarrowChars::new(field, left), NarrowChars::new(field, right));
    let mut before = start.chars().next_back();
    let (mut gap_left_only, mut gap_right_only) = (false, false);
    let mut has_character = false;
    loop {
        let (l, r) = (left.next(), right.next());
        if l != r {
            return false;
        }
        let Some(c) = l else { break };
        if left.is_behind_gap() != right.is_behind_gap()
            && let Some(before) = before
        {
            gap_left_only |= left.is_behind_gap();
            gap_right_only |= right.is_behind_gap();
            // 林 田子 and 林田 子 are two names, SUN LI NA and SUN LINA may be.
            if (gap_left_only && gap_right_only) || (before.is_ascii_alphabetic() && c.is_ascii_alphabetic()) {
                return false;
            }
        }
        has_character |= c != '・';
        before = Some(c);
    }
    !left.is_stopped() && !right.is_stopped() && (has_character || start.contains(|c| c != '・'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_spaces_of_names() {
        for (field, left, right, same) in [
            (FieldKind::Kana, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ", true),
            (FieldKind::Kana, "ﾊﾟﾋﾟﾌﾟ ﾂﾞ", "パピプヅ", true),
            (FieldKind::Kana, "ヤマタ", "ヤマダ", false),
            (FieldKind::Kana, "やまだ　じゅん", "ﾔﾏﾀﾞ ｼﾞｭﾝ", true),
            (FieldKind::Kanji, "はな子", "ハナ子", false),
            (FieldKind::Kanji, "山田", "山田　", true),
            (FieldKind::Kana, "ハナ", "ハナコ", false),
            (FieldKind::Address, "高山町", "高山町 ", false),
            (FieldKind::Kanji, "山田 太郎", "山田　太郎", true),
            (FieldKind::Address, "赤坂１－１１　２０１", "赤坂1-11 201", true),
            (FieldKind::Address, "赤坂1-1 1201", "赤坂1-11 201", false),
            (FieldKind::Kanji, "", "　", false),
        ] {
            assert_eq!(plainly_same(field, left, right), same, "{left} {right}");
        }
    }
}
