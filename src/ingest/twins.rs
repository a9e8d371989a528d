//! Finds the characters of a CP932 file whose code is not the one they would be written with, while it is decoded; `row_twins`
//! keeps them with their row. Looking for them costs one pass for four bytes; a file without any carries nothing.

use memchr::{memchr_iter, memchr3_iter};

use crate::domain::original_codes::LEADS;

/// A character whose code is not the one it would be written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Twin {
    /// Where it stands in the decoded text, counted from the start of the file's text (or of the slab).
    pub(crate) at: u64,
    /// Its bytes in the file.
    pub(crate) bytes: [u8; 2],
}

/// Finds the ends of such characters in CP932 bytes that begin with a whole character, in order; returns whether the bytes end
/// within a character.
///
/// The second byte of a character may look like the first of one, so it is read from a byte that is a character of its own
/// on: digits, blanks, commas and line ends are.
pub(crate) fn find(raw: &[u8], ends: &mut Vec<usize>) -> bool {
    let [special, first, second, ibm] = LEADS;
    let mut begins = 0;
    pass(raw, memchr3_iter(first, second, ibm, raw), &mut begins, ends);
    pass(raw, memchr_iter(special, raw), &mut 0, ends);
    ends.sort_unstable();
    advance(raw, begins, raw.len()) > raw.len()
}

/// Checks the positions of first bytes in order; `begins` is a character boundary.
fn pass(raw: &[u8], hits: impl Iterator<Item = usize>, begins: &mut usize, ends: &mut Vec<usize>) {
    for hit in hits {
        let twin = matches!(
            (raw[hit], raw.get(hit + 1)),
            (0x87, Some(0x90..=0x9C)) | (0xED | 0xEE, Some(0x40..=0xFC)) | (0xFA, Some(0x4A..=0x5B))
        );
        if !twin || hit < *begins {
            continue;
        }
        *begins = advance(raw, *begins, hit);
        if *begins == hit {
            *begins += 2;
            ends.push(*begins);
        }
    }
}

/// The first character boundary from `to` on, read from a boundary `from`.
fn advance(raw: &[u8], from: usize, to: usize) -> usize {
    let single = raw[from..to].iter().rposition(|&b| b < 0x40);
    let mut at = single.map_or(from, |at| from + at + 1);
    while at < to {
        let double = matches!(raw[at], 0x81..=0x9F | 0xE0..=0xFC) && raw.get(at + 1).is_none_or(|&next| next >= 0x40);
        at += if double { 2 } else { 1 };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found() {
        for (code, _) in crate::domain::original_codes::codes() {
            let mut ends = Vec::new();
            assert!(!find(&[b'1', code[0], code[1], b','], &mut ends));
            assert_eq!(ends, [3], "{code:02X?}");
        }
    }

    #[test]
    fn second_bytes_that_look_like_first_ones_are_passed_over() {
        let ends = |raw: &[u8]| {
            let mut ends = Vec::new();
            let torn = find(raw, &mut ends);
            (ends, torn)
        };
        assert_eq!(ends(b"1,\xEE\xE0,\x87\x9C"), (vec![4, 7], false));
        // 88EE E088: EE and E0 are halves of two other characters.
        assert_eq!(ends(b",\x88\xEE\xE0\x88"), (vec![], false));
        assert_eq!(ends(b"\x88\xEE\xEE\xE0\xEE\xE0"), (vec![4, 6], false));
        assert_eq!(ends(b"\xFB\xFC\xED\x40A\xEE"), (vec![4], true));
        assert_eq!(ends(b"1,2"), (vec![], false));
        assert_eq!(ends(b""), (vec![], false));
        // Half-width kana stand alone.
        assert_eq!(ends(b"\xC0\xEE\xE0"), (vec![3], false));
    }
}
