//! Characters that CP932 holds twice: NEC's row 13 and its selection of IBM's characters repeat what stands elsewhere.
//!
//! Two codes that read as one character cannot be told apart in the text, so whoever writes the text as CP932 would give
//! other bytes than the file had (髙 is EEE0 or FBFC). Where a file uses the code that is not written by itself, its bytes
//! are kept beside the text. Rows without such a code carry nothing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use encoding_rs::SHIFT_JIS;
use serde::{Deserialize, Serialize};

/// The first bytes of all codes that are not written by themselves: NEC's row 13, NEC's selection (two), IBM's own.
pub const LEADS: [u8; 4] = [0x87, 0xED, 0xEE, 0xFA];

/// Code → character, for every code whose character is written with another code.
static CODES: LazyLock<BTreeMap<[u8; 2], char>> = LazyLock::new(|| {
    let mut codes = BTreeMap::new();
    for bytes in LEADS.into_iter().flat_map(|lead| (0x40..=0xFC).map(move |trail| [lead, trail])) {
        let Some(text) = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes) else { continue };
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && *SHIFT_JIS.encode(&text).0 != bytes
        {
            codes.insert(bytes, c);
        }
    }
    codes
});

/// The characters of [`CODES`] in order.
static CHARS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut chars: Vec<char> = CODES.values().copied().collect();
    chars.sort_unstable();
    chars.dedup();
    chars
});

/// The character of a code that is not written by itself; `None` for every other code.
pub fn character(bytes: [u8; 2]) -> Option<char> {
    CODES.get(&bytes).copied()
}

/// Every code that is not written by itself, with its character.
pub fn codes() -> impl Iterator<Item = ([u8; 2], char)> {
    CODES.iter().map(|(bytes, c)| (*bytes, *c))
}

/// Whether a character has more than one code.
pub fn has_two_codes(c: char) -> bool {
    !c.is_ascii() && CHARS.binary_search(&c).is_ok()
}

/// The name of the part of CP932 in which a code stands.
pub fn part(bytes: [u8; 2]) -> &'static str {
    match bytes[0] {
        0x87 => "NEC特殊文字",
        0xED | 0xEE => "NEC選定IBM拡張文字",
        0xFA..=0xFC => "IBM拡張文字",
        _ => "JIS X 0208",
    }
}

/// The bytes with which a character is written by itself.
pub fn written(c: char) -> Vec<u8> {
    SHIFT_JIS.encode(c.encode_utf8(&mut [0; 4])).0.into_owned()
}

/// The bytes that characters of a text had in their file, where they are written with others.
///
/// A character is known by its number among those of the text that have two codes, so that escapes, guards and masks
/// around it do not move it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OriginalCodes(Vec<(u32, [u8; 2])>);

impl OriginalCodes {
    /// Whether every character is written with the bytes that it had.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the bytes of the n-th character that has two codes, in order.
    pub fn push(&mut self, nth: u32, bytes: [u8; 2]) {
        self.0.push((nth, bytes));
    }

    /// Number and bytes of each.
    pub fn iter(&self) -> impl Iterator<Item = (u32, [u8; 2])> + '_ {
        self.0.iter().copied()
    }

    /// Of a text and the places (in bytes of the text) where such characters stand.
    pub fn at(text: &str, places: impl IntoIterator<Item = (usize, [u8; 2])>) -> Self {
        let mut twins = Self::default();
        let (mut nth, mut from) = (0, 0);
        for (place, bytes) in places {
            nth += count(&text[from..place]);
            from = place;
            twins.push(nth, bytes);
        }
        twins
    }

    /// Cuts the twins of several texts, one after another, into those of each.
    pub fn cut<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Self> {
        let mut rest = self.0.iter().peekable();
        let mut first = 0;
        texts
            .into_iter()
            .map(|text| {
                let mut own = Self::default();
                if rest.peek().is_some() {
                    let next = first + count(text);
                    while let Some((nth, bytes)) = rest.next_if(|(nth, _)| *nth < next) {
                        own.push(nth - first, *bytes);
                    }
                    first = next;
                }
                own
            })
            .collect()
    }

    /// The twins of several texts, one after another.
    pub fn join<'t>(texts: impl IntoIterator<Item = (&'t str, &'t Self)>) -> Self {
        let mut all = Self::default();
        let mut first = 0;
        for (text, own) in texts {
            own.iter().for_each(|(nth, bytes)| all.push(first + nth, bytes));
            first += count(text);
        }
        all
    }

    /// The characters of a text, each with the bytes that it had where those are not what is written by itself. Bytes of
    /// another character (the text was changed) are left out.
    pub fn of<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (char, Option<[u8; 2]>)> + 't {
        let (mut rest, mut nth) = (self.0.iter().peekable(), 0);
        text.chars().map(move |c| {
            if rest.peek().is_none() || !has_two_codes(c) {
                return (c, None);
            }
            let own = rest.next_if(|(number, _)| *number == nth).map(|(_, bytes)| *bytes);
            nth += 1;
            (c, own.filter(|bytes| character(*bytes) == Some(c)))
        })
    }
}

/// How many characters of a text have two codes.
fn count(text: &str) -> u32 {
    text.chars().filter(|c| has_two_codes(*c)).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which codes there are is a fact of CP932, so it is counted over all of it: 9 of NEC's row 13, all 374 of NEC's
    /// selection, and 15 of IBM's own that stand elsewhere first.
    #[test]
    fn all_codes_of_cp932_that_are_not_written_by_themselves_are_known() {
        let mut found = Vec::new();
        for bytes in (0x81..=0xFCu8).flat_map(|lead| (0x40..=0xFCu8).map(move |trail| [lead, trail])) {
            let Some(text) = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes) else { continue };
            // 外字 have one code each, which `export::csv` writes.
            if text.chars().count() == 1 && !(0xF0..=0xF9).contains(&bytes[0]) && *SHIFT_JIS.encode(&text).0 != bytes {
                found.push((bytes, text.chars().next().unwrap()));
            }
        }
        assert_eq!(codes().collect::<Vec<_>>(), found);
        let of = |leads: &[u8]| found.iter().filter(|(bytes, _)| leads.contains(&bytes[0])).count();
        assert_eq!((of(&[0x87]), of(&[0xED, 0xEE]), of(&[0xFA]), found.len()), (9, 374, 15, 398));
        for (bytes, c) in [([0x87, 0x9C], '∪'), ([0xEE, 0xF9], '￢'), ([0xFA, 0x54], '￢'), ([0xEE, 0xE0], '髙')] {
            assert_eq!(character(bytes), Some(c), "{bytes:02X?}");
        }
        assert_eq!((character([0xFB, 0xFC]), written('髙')), (None, vec![0xFB, 0xFC]));
        assert!(has_two_codes('髙') && !has_two_codes('高') && !has_two_codes('a'));
    }

    #[test]
    fn twins_are_cut_joined_and_found_again() {
        let (nec, ibm) = ([0xEE, 0xE0], [0xFA, 0x54]);
        let text = "髙い,髙￢,髙";
        let twins = OriginalCodes::at(text, [(0, nec), (text.find('￢').unwrap(), ibm)]);
        assert_eq!(twins.iter().collect::<Vec<_>>(), [(0, nec), (2, ibm)]);
        let cells = ["髙い", "髙￢", "", "髙"];
        let cut = twins.cut(cells);
        assert_eq!(cut[1].iter().collect::<Vec<_>>(), [(1, ibm)]);
        assert!(cut[2].is_empty() && cut[3].is_empty());
        assert_eq!(OriginalCodes::join(cells.into_iter().zip(&cut)), twins);
        let of: Vec<_> = cut[1].of("'〔髙￢〕").filter(|(_, bytes)| bytes.is_some()).collect();
        assert_eq!(of, [('￢', Some(ibm))]);
        assert!(cut[1].of("髙髙").all(|(_, bytes)| bytes.is_none()), "changed text");
    }
}
