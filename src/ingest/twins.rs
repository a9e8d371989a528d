//! Characters of a CP932 file whose code is not the one they would be written with: found while it is decoded, kept with
//! their row. Looking for them costs one pass for four bytes; a file without any carries nothing.

use memchr::{memchr_iter, memchr3_iter};

use super::correction::Corrections;
use super::frame::{Frame, Slab};
use super::layout::Layout;
use super::reader::{Record, unguard};
use crate::domain::record::Column;
use crate::domain::twins::{LEADS, Twins};

/// Such a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Twin {
    /// Where it stands in the decoded text, counted from the start of the file's text (or of the slab).
    pub(crate) at: u64,
    /// Its bytes in the file.
    pub(crate) bytes: [u8; 2],
}

/// Tells where in a stretch of CP932 that begins with a character such characters end, in order; whether the stretch ends
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

/// Takes the places of first bytes in order; `begins` is a place where a character begins.
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

/// The first place from `to` on where a character begins, read from one where a character begins.
fn advance(raw: &[u8], from: usize, to: usize) -> usize {
    let single = raw[from..to].iter().rposition(|&b| b < 0x40);
    let mut at = single.map_or(from, |at| from + at + 1);
    while at < to {
        let double = matches!(raw[at], 0x81..=0x9F | 0xE0..=0xFC) && raw.get(at + 1).is_none_or(|&next| next >= 0x40);
        at += if double { 2 } else { 1 };
    }
    at
}

impl Slab {
    /// The twins in a record, over its text as it stands in the file.
    pub(super) fn twins_of(&self, frame: &Frame) -> Twins {
        let place = |twin: &Twin| usize::try_from(twin.at).unwrap_or(usize::MAX);
        let range = frame.range();
        let first = self.twins.partition_point(|twin| place(twin) < range.start);
        let own = self.twins[first..].iter().take_while(|twin| place(twin) < range.end);
        Twins::at(frame.of(&self.text), own.map(|twin| (place(twin) - range.start, twin.bytes)))
    }
}

/// The twins of a record in the order of the columns in which its row is kept: the known ones, then the others.
///
/// A cell of a file of corrected rows that was not touched has the bytes that it had before.
pub(super) fn of_row(twins: &Twins, record: &Record<'_>, layout: &Layout, corrections: Option<&Corrections>) -> Twins {
    let at = |n: usize| record.value(n);
    let cells = twins.cut(record.cells());
    let none = Twins::default();
    let own = |n: usize| cells.get(n).unwrap_or(&none);
    let before = corrections.and_then(|corrections| corrections.twins(layout, at));
    let known = Column::ALL.into_iter().enumerate().map(|(n, column)| {
        let place = layout.columns[column.index()];
        let now = place.map_or(("", &none), |place| (at(place), own(place)));
        before.as_ref().and_then(|before| before[n].as_ref()).map_or(now, |(text, twins)| (*text, twins))
    });
    let extras = layout.extras.iter().map(|(place, _)| (at(*place), own(*place)));
    Twins::join(known.chain(extras))
}

/// The same of a record that is held back, over its cells in the order of the file.
pub(super) fn of_held(twins: Twins, raw: &[String], layout: &Layout, corrections: Option<&Corrections>) -> Twins {
    let at = |n: usize| raw.get(n).map_or("", |cell| unguard(cell));
    let Some(before) = corrections.and_then(|corrections| corrections.twins(layout, at)) else { return twins };
    let mut cells = twins.cut(raw.iter().map(String::as_str));
    for (place, before) in layout.columns.iter().zip(&before) {
        if let (Some((_, before)), Some(cell)) = (before, place.and_then(|place| cells.get_mut(place))) {
            cell.clone_from(before);
        }
    }
    Twins::join(raw.iter().map(String::as_str).zip(&cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found() {
        for (code, _) in crate::domain::twins::codes() {
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
