//! The hash that tells a changed row from an unchanged one.
//!
//! What looks unchanged is not written, and a decision on it stands. Whoever writes a file must therefore not be able to
//! make two rows that look the same: the hash is keyed with a secret of the store (SipHash-1-3). Stores made before there
//! was such a secret keep the hash that their fingerprints were made with, [`Fingerprinter`].

use siphasher::sip::SipHasher13;
use std::hash::Hasher;

use super::fingerprint::Fingerprinter;
use super::new_row::Fingerprints;

/// Bytes of the secret of a store.
pub(super) const KEY_BYTES: usize = 16;

/// Fingerprints the rows of one store.
#[derive(Clone)]
pub struct RowHasher {
    /// The hash before any row; `None` where the store has no secret.
    keyed: Option<SipHasher13>,
    buffer: Vec<u8>,
}

/// `Debug` tells nothing of the secret.
impl std::fmt::Debug for RowHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowHasher").field("keyed", &self.keyed.is_some()).finish_non_exhaustive()
    }
}

impl RowHasher {
    /// The hasher of a store with this secret.
    pub(super) fn new(key: Option<&[u8; KEY_BYTES]>) -> Self {
        Self { keyed: key.map(SipHasher13::new_with_key), buffer: Vec::new() }
    }

    /// Fingerprints a row: over the cells that reopen a case, and going on from there over all others (RULES §7).
    pub fn fingerprints<'c>(
        &mut self,
        significant: impl Iterator<Item = &'c str>,
        others: impl Iterator<Item = &'c str>,
    ) -> Fingerprints {
        let Some(mut hash) = self.keyed else { return unkeyed(significant, others) };
        self.take(&mut hash, significant);
        let significant = hash.finish();
        self.take(&mut hash, others);
        Fingerprints { significant, whole: hash.finish() }
    }

    /// Takes cells at once, each behind its length, so that text does not move between cells unseen.
    fn take<'c>(&mut self, hash: &mut SipHasher13, cells: impl Iterator<Item = &'c str>) {
        self.buffer.clear();
        for cell in cells {
            match u8::try_from(cell.len()) {
                Ok(length) if length < u8::MAX => self.buffer.push(length),
                _ => {
                    self.buffer.push(u8::MAX);
                    self.buffer.extend((cell.len() as u64).to_le_bytes());
                }
            }
            self.buffer.extend(cell.as_bytes());
        }
        hash.write(&self.buffer);
    }
}

/// The fingerprints of a store without a secret.
fn unkeyed<'c>(significant: impl Iterator<Item = &'c str>, others: impl Iterator<Item = &'c str>) -> Fingerprints {
    let mut fingerprint = Fingerprinter::new();
    significant.for_each(|cell| fingerprint.cell(cell.as_bytes()));
    let significant = fingerprint.finish();
    others.for_each(|cell| fingerprint.cell(cell.as_bytes()));
    Fingerprints { significant, whole: fingerprint.finish() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(key: Option<u8>, significant: &[String], others: &[String]) -> Fingerprints {
        let mut hasher = RowHasher::new(key.map(|byte| [byte; KEY_BYTES]).as_ref());
        // What was hashed before does not count.
        hasher.fingerprints(["前"].into_iter(), ["の行"].into_iter());
        hasher.fingerprints(significant.iter().map(String::as_str), others.iter().map(String::as_str))
    }

    #[test]
    fn it_is_the_same_for_ever() {
        // Stores keep these values; another hash would make every row look changed and reopen every case.
        let (significant, others) =
            (["山田　太郎".to_owned(), String::new()], ["19851203".to_owned(), "長".repeat(100)]);
        let found = [None, Some(7)].map(|key| of(key, &significant, &others)).map(|of| (of.significant, of.whole));
        assert_eq!(found, GOLDEN);
    }

    /// Without and with a secret; the latter reckoned by another implementation of SipHash-1-3 as well.
    const GOLDEN: [(u64, u64); 2] = [
        (11_563_480_219_734_227_731, 2_964_016_634_373_909_481),
        (3_721_540_494_331_705_867, 8_993_414_093_973_463_954),
    ];

    #[test]
    fn stores_with_other_secrets_have_other_fingerprints() {
        let cells = ["a".to_owned()];
        assert_ne!(of(Some(1), &cells, &[]), of(Some(2), &cells, &[]));
        assert_ne!(of(Some(1), &cells, &[]), of(None, &cells, &[]));
    }

    fn cells() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec(prop_oneof![".{0,3}", "a{0,3}", "x{250,300}"], 0..4)
    }

    proptest! {
        /// Only the same cells look the same, and `significant` looks at the significant ones alone.
        #[test]
        fn other_cells_look_different(a in cells(), b in cells(), c in cells(), d in cells(), key in prop_oneof![Just(None), any::<u8>().prop_map(Some)]) {
            let (one, other) = (of(key, &a, &b), of(key, &c, &d));
            prop_assert_eq!(one.significant == other.significant, a == c);
            let all = |first: &[String], second: &[String]| [first, second].concat();
            prop_assert_eq!(one.whole == other.whole, all(&a, &b) == all(&c, &d));
        }
    }
}
