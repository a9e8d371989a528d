//! A fast, stable 64-bit checksum over byte strings, not made for secrets. Stores without a secret of their own also tell
//! changed rows by it (see [`super::row_hash`]).

const K: [u64; 3] = [0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F];

/// None of the others, or the first cell would be multiplied with nothing.
const START: u64 = 0x243F_6A88_85A3_08D3;

/// Multiplies into 128 bits and folds the halves.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Up to eight bytes as a number, the first one lowest.
fn word(bytes: &[u8]) -> u64 {
    let number = |four: &[u8; 4]| u64::from(u32::from_le_bytes(*four));
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // The two may overlap, where they agree.
        (Some(first), Some(last)) => number(first) | number(last) << (8 * (bytes.len() - 4)),
        _ => bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

/// A fingerprint in the making.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fingerprinter(u64);

impl Fingerprinter {
    /// Begins.
    pub(super) fn new() -> Self {
        Self(START)
    }

    /// Takes a cell; its length counts, so that text does not move between cells unseen.
    pub(super) fn cell(&mut self, cell: &[u8]) {
        let (pairs, rest) = cell.as_chunks::<16>();
        for pair in pairs {
            self.0 = mix(self.0 ^ word(&pair[..8]), word(&pair[8..]) ^ K[0]);
        }
        // At most fifteen bytes are left, so the length has a byte of the second word to itself.
        let (first, second) = rest.split_at(rest.len().min(8));
        self.0 = mix(self.0 ^ word(first) ^ K[2], (word(second) | (cell.len() as u64) << 56) ^ K[1]);
    }

    /// The fingerprint.
    pub(super) fn finish(self) -> u64 {
        mix(self.0 ^ K[1], K[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn of(cells: &[&str]) -> u64 {
        let mut fingerprint = Fingerprinter::new();
        cells.iter().for_each(|cell| fingerprint.cell(cell.as_bytes()));
        fingerprint.finish()
    }

    #[test]
    fn it_is_the_same_for_ever() {
        // Stores keep these values; another algorithm would make every row look changed.
        assert_eq!((of(&[]), of(&["山田　太郎", "", "19851203"])), GOLDEN);
    }

    const GOLDEN: (u64, u64) = (7_758_887_261_871_781_287, 5_828_085_464_985_359_967);

    #[test]
    fn words_are_little_endian() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        for length in 0..=8 {
            let mut padded = [0; 8];
            padded[..length].copy_from_slice(&bytes[..length]);
            assert_eq!(word(&bytes[..length]), u64::from_le_bytes(padded), "{length}");
        }
    }

    #[test]
    fn close_rows_differ() {
        let mut seen = HashSet::new();
        for n in 0..20_000 {
            let text = format!("{n:010}");
            assert!(seen.insert(of(&[&text, "", "○"])));
            assert!(seen.insert(of(&["", &text, "○"])));
            assert!(seen.insert(of(&[&text, "○"])));
            assert!(seen.insert(of(&[&text[..4], &text[4..], "○"])));
            assert!(seen.insert(of(&[&"\0".repeat(n % 40), &text])));
        }
    }
}
