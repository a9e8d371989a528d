//! A quick look before a comparison: whether two values are written alike but for the commonest notations.
//!
//! Most fields that upstream marked ○ are. Saying so here spares a million comparisons at import; whatever is not plainly
//! the same still goes to [`super::compare`]. What this calls the same, `compare` never calls 相違 (a test holds the two
//! together).

use super::address::quick::QuickAddress;
use super::field::FieldKind;
use super::narrow::NarrowChars;

/// Whether two values are the same text but for half and full width; in names also for spaces, in kana for hiragana, and in
/// addresses of the commonest shape (`1-2-3` or `1丁目2番3号`, a building and its room) for the words between their numbers.
pub fn plainly_same(field: FieldKind, left: &str, right: &str) -> bool {
    left == right || same_width(field, left, right) || {
        let read = |text| if field == FieldKind::Address { QuickAddress::read(text) } else { None };
        read(left).is_some_and(|left| read(right).is_some_and(|right| left.is_same(&right)))
    }
}

/// Whether two texts give the same characters, and any at all. Spaces of an address count: `1-1 1201` and `1-11 201` are two
/// places.
fn same_width(field: FieldKind, left: &str, right: &str) -> bool {
    let start = same_start(left, right);
    let (mut left, mut right) = (NarrowChars::of(&left[start..], field), NarrowChars::of(&right[start..], field));
    let first = left.next();
    (start > 0 || first.is_some()) && first == right.next() && left.eq(right)
}

/// How many bytes at the start are the same kana and kanji (U+3040–U+9FFF), which fold alone: the town of most addresses.
fn same_start(left: &str, right: &str) -> usize {
    let pairs = left.as_bytes().as_chunks::<3>().0.iter().zip(right.as_bytes().as_chunks::<3>().0);
    let fold_alone = |c: &[u8; 3]| matches!(c, [0xE3, 0x81..=0xBF, _] | [0xE4..=0xE9, ..]);
    3 * pairs.take_while(|(l, r)| l == r && fold_alone(l)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::compare::{Verdict, compare};

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

    proptest! {
        #[test]
        fn what_is_plainly_the_same_is_never_called_different(
            text in "[ 　ァ-ヶｦ-ﾟＡ-ｚ０-９0-9a-zぁ-ん山田川上●－ー-]{1,12}",
            other in "[ 　ァ-ヶｦ-ﾟＡ-ｚ０-９0-9a-zぁ-ん山田川上●－ー-]{1,12}",
            seed in any::<u32>(),
        ) {
            // The same text with some characters widened or narrowed.
            let changed: String = text
                .chars()
                .enumerate()
                .map(|(n, c)| match c {
                    '!'..='~' if seed >> (n % 32) & 1 == 1 => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
                    ' ' if seed >> (n % 32) & 1 == 1 => '\u{3000}',
                    c => c,
                })
                .collect();
            for right in [&changed, &other] {
                for field in FieldKind::ALL {
                    if plainly_same(field, &text, right) {
                        prop_assert_ne!(compare(field, &text, right).verdict, Verdict::Different, "{} {}", &text, right);
                    }
                }
            }
        }
    }
}
