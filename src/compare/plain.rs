//! A quick look before a comparison: whether two values are written alike but for the commonest notations.
//!
//! Most fields that upstream marked ○ are. Saying so here spares a million comparisons at import; whatever is not plainly
//! the same still goes to [`super::compare`]. What this calls the same, `compare` never calls 相違 (a test holds the two
//! together).

use super::FieldKind;
use super::unit::{is_bar, wide_kana};

/// Whether two values are the same text but for half and full width; in names also for spaces, in kana for hiragana, and in
/// addresses for `1-2-3` or `1丁目2番3号`.
///
/// Spaces of an address count: `1-1 1201` and `1-11 201` are two places.
pub fn plainly_same(field: FieldKind, left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    let start = same_start(left, right);
    let before = left[..start].chars().next_back();
    let (left, right) = (&left[start..], &right[start..]);
    match field {
        FieldKind::Address => same(before, Parcel::of(left, before), Parcel::of(right, before)),
        _ => same(before, Narrow::of(left, field), Narrow::of(right, field)),
    }
}

/// Whether two texts give the same characters, and any at all; `before` both began alike.
fn same(before: Option<char>, mut left: impl Iterator<Item = char>, mut right: impl Iterator<Item = char>) -> bool {
    let first = left.next();
    first.or(before).is_some() && first == right.next() && left.eq(right)
}

/// How many bytes at the start are the same kana and kanji (U+3040–U+9FFF), which fold alone: the town of most addresses.
fn same_start(left: &str, right: &str) -> usize {
    let pairs = left.as_bytes().as_chunks::<3>().0.iter().zip(right.as_bytes().as_chunks::<3>().0);
    let fold_alone = |c: &[u8; 3]| matches!(c, [0xE3, 0x81..=0xBF, _] | [0xE4..=0xE9, ..]);
    3 * pairs.take_while(|(l, r)| l == r && fold_alone(l)).count()
}

/// Characters with their width folded, one after another and without allocation.
struct Narrow<'t> {
    rest: &'t str,
    spaces_count: bool,
    hiragana_counts: bool,
}

impl Iterator for Narrow<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            let mut chars = self.rest.chars();
            let c = chars.next()?;
            self.rest = chars.as_str();
            return Some(match c {
                ' ' | '\u{3000}' if self.spaces_count => ' ',
                ' ' | '\u{3000}' => continue,
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0)?,
                'ぁ'..='ゖ' if !self.hiragana_counts => char::from_u32(c as u32 + 0x60)?,
                '\u{ff66}'..='\u{ff9d}' => self.voiced(wide_kana(c)),
                c => c,
            });
        }
    }
}

impl<'t> Narrow<'t> {
    fn of(text: &'t str, field: FieldKind) -> Self {
        let spaces_count = !matches!(field, FieldKind::Kanji | FieldKind::Kana);
        Self { rest: text, spaces_count, hiragana_counts: field != FieldKind::Kana }
    }

    /// The next character, where one stands there.
    fn peek(&self) -> Option<char> {
        Self { ..*self }.next()
    }

    /// Joins a half-width kana with the half-width voicing mark behind it.
    fn voiced(&mut self, kana: char) -> char {
        let (mark, step) = match self.rest.chars().next() {
            Some('\u{ff9e}') => ('\u{ff9e}', 1),
            Some('\u{ff9f}') => ('\u{ff9f}', 2),
            _ => return kana,
        };
        let fits = match kana {
            'カ'..='ト' => step == 1 && !matches!(kana, 'ッ'),
            'ハ'..='ホ' => true,
            _ => false,
        };
        if !fits {
            return kana;
        }
        self.rest = &self.rest[mark.len_utf8()..];
        char::from_u32(kana as u32 + step).unwrap_or(kana)
    }
}

/// The characters of an address with the words of its numbers folded.
struct Parcel<'t> {
    text: Narrow<'t>,
    before: Option<char>,
}

impl<'t> Parcel<'t> {
    fn of(text: &'t str, before: Option<char>) -> Self {
        Self { text: Narrow::of(text, FieldKind::Address), before }
    }

    fn is_before_digit(&self) -> bool {
        self.text.peek().is_some_and(|c| c.is_ascii_digit())
    }

    /// Passes over a word behind a number: between two numbers it is a hyphen, at the end of the numbers it is nothing.
    fn word(&mut self) -> Option<char> {
        const WORDS: [&str; 4] = ["丁目", "番地", "番", "号"];
        let rest = WORDS.iter().find_map(|word| self.text.rest.strip_prefix(word))?;
        let chome = self.text.rest.starts_with('丁');
        let go = self.text.rest.starts_with('号');
        let behind = Self { text: Narrow { rest, ..self.text }, before: None };
        if !go && behind.is_before_digit() {
            self.text.rest = rest;
            return Some('-');
        }
        if !chome && behind.text.peek().is_none_or(|c| c == ' ') {
            self.text.rest = rest;
        }
        None
    }
}

impl Iterator for Parcel<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let after_digit = self.before.is_some_and(|c| c.is_ascii_digit());
        if after_digit && let Some(hyphen) = self.word() {
            self.before = Some(hyphen);
            return Some(hyphen);
        }
        let mut c = self.text.next()?;
        // A space between the name of a building and the number of a room says nothing.
        if c == ' ' && self.before.is_some_and(|c| !c.is_ascii()) && self.is_before_digit() {
            c = self.text.next()?;
        }
        if after_digit && is_bar(c) && self.is_before_digit() {
            c = '-';
        }
        self.before = Some(c);
        Some(c)
    }
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
            (FieldKind::Address, "コーポ桜２０１", "コーポ桜 201号", true),
            (FieldKind::Kanji, "山田 太郎", "山田　太郎", true),
            (FieldKind::Address, "１−２", "1-2", true),
            (
                FieldKind::Address,
                "鹿ノ台北3-2-9 サニーコート 506",
                "鹿ノ台北３丁目２番９号　サニーコート５０６号",
                true,
            ),
            (FieldKind::Address, "高山町1328", "高山町１３２８番地", true),
            (FieldKind::Address, "高山町２４８５－２４", "高山町２４８５番地２４", true),
            (FieldKind::Address, "高山町５番３号", "高山町5 3号", false),
            (FieldKind::Address, "高山町５番３号", "高山町5-3号室", false),
            (FieldKind::Address, "高山町３丁目", "高山町3", false),
            (FieldKind::Address, "高山町３-１２", "高山町31-2", false),
            (FieldKind::Address, "高山町３-１", "高山町3-1-1", false),
            (FieldKind::Address, "高山町3 コーポ1 12", "高山町3 コーポ11 2", false),
            (FieldKind::Address, "赤坂１－１１　２０１", "赤坂1-11 201", true),
            (FieldKind::Address, "赤坂1-1 1201", "赤坂1-11 201", false),
            (FieldKind::Kanji, "", "　", false),
        ] {
            assert_eq!(plainly_same(field, left, right), same, "{left} {right}");
        }
    }

    /// The same address in one of its notations, with numbers that may be other ones.
    fn address() -> impl Strategy<Value = [String; 2]> {
        let number = prop_oneof![1u32..40, 100u32..1300];
        let numbers = proptest::collection::vec((number.clone(), 0usize..6, 0usize..6), 1..5);
        let building =
            ("(|メゾン桜|コーポＡ|第2ビル|2棟|[ァ-ンー]{2})", proptest::option::of(number), 0usize..6, 0usize..6);
        let town = "(|大字|北)[山川台町字]{1,3}(|[一二三]|ノ|第2)";
        (town, numbers, building, any::<u64>(), 0u32..4).prop_map(|(town, numbers, (name, room, l, r), seed, other)| {
            let side = |right: bool| {
                let mut text = town.clone();
                for (n, (number, l, r)) in numbers.iter().enumerate() {
                    let number = number + u32::from(right && other == 1 && n == 0);
                    let last = n + 1 == numbers.len();
                    let between = ["-", "－", "丁目", "番地", "番", "号"];
                    let end = ["", "番地", "番", "号", "丁目", "号室"];
                    let word = if last { end } else { between }[if right { *r } else { *l }];
                    let digits = number.to_string();
                    let wide = |c: char| char::from_u32(c as u32 + 0xfee0).unwrap();
                    match seed >> (n + 8 * usize::from(right)) & 1 {
                        0 => text.push_str(&digits),
                        _ => text.extend(digits.chars().map(wide)),
                    }
                    text.push_str(word);
                }
                let n = if right { r } else { l };
                let gap = ["", " ", "　", " ", "　", ""];
                text.push_str(gap[n]);
                text.push_str(&name);
                if let Some(room) = room {
                    text.push_str(["", " ", "　", "", "-", "　"][n]);
                    text.push_str(&(room + u32::from(right && other == 2)).to_string());
                    text.push_str(["", "号", "号室", "", "号", "室"][n]);
                }
                text
            };
            [side(false), side(true)]
        })
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

        #[test]
        fn addresses_that_are_plainly_the_same_are_never_called_different([left, right] in address()) {
            if plainly_same(FieldKind::Address, &left, &right) {
                let verdict = compare(FieldKind::Address, &left, &right).verdict;
                prop_assert_ne!(verdict, Verdict::Different, "{} {}", &left, &right);
            }
            prop_assert_eq!(
                plainly_same(FieldKind::Address, &left, &right),
                plainly_same(FieldKind::Address, &right, &left)
            );
        }
    }
}
