//! Combinations of variations for rows that are marked × or △, with their frequency.

use super::vary::Change;
use Change as C;

/// The variations of one row.
#[derive(Debug)]
pub(super) struct Recipe {
    pub(super) changes: &'static [Change],
    /// 複数の有効な資格.
    pub(super) multiple: bool,
    /// Relative frequency, once each recipe has been shown.
    pub(super) weight: u32,
}

const fn one(changes: &'static [Change], weight: u32) -> Recipe {
    Recipe { changes, multiple: false, weight }
}

const fn several(changes: &'static [Change], weight: u32) -> Recipe {
    Recipe { changes, multiple: true, weight }
}

/// Rows judged ×, in the order in which a file first shows them: classes in turn, so that a short file has all of them.
pub(super) const REVIEW: [Recipe; 56] = [
    one(&[C::N2, C::A1], 30),
    one(&[C::D1Digit], 10),
    one(&[C::N3, C::K2], 12),
    several(&[C::A3Building], 20),
    one(&[C::N2, C::K1, C::A1], 8),
    several(&[C::A6], 14),
    one(&[C::N5], 16),
    one(&[C::N3, C::A2Prefecture], 16),
    several(&[C::SameAddress], 2),
    one(&[C::D2Era], 3),
    one(&[C::N7Case, C::K3Bar], 6),
    several(&[C::A4], 12),
    one(&[C::N6], 8),
    one(&[C::K6, C::A3Room], 6),
    one(&[C::N8Ke, C::K2], 3),
    one(&[C::N2, C::A1, C::BadNumber], 1),
    several(&[C::A2Prefix], 12),
    one(&[C::N4, C::K3Ji], 6),
    one(&[C::S1], 3),
    one(&[C::K5, C::A5], 5),
    one(&[C::N1, C::K1], 6),
    several(&[C::A5], 14),
    one(&[C::N3, C::K4Bar, C::A1], 4),
    one(&[C::N8Repeat, C::K4Oo], 2),
    one(&[C::K3Wo, C::A4], 2),
    one(&[C::D1Swapped], 4),
    several(&[C::A1], 26),
    one(&[C::N2Yoshi, C::A3Building], 5),
    one(&[C::Nx], 3),
    one(&[C::N2Own, C::K5], 4),
    one(&[C::D2Year], 4),
    one(&[C::N7Order, C::K3Vu], 4),
    several(&[C::A3OtherRoom], 6),
    one(&[C::N5, C::A6], 10),
    one(&[C::K2, C::A1Kanji], 12),
    one(&[C::N8No, C::A2County], 3),
    one(&[C::D2Unknown], 3),
    one(&[C::N2Selector, C::K4Short], 3),
    several(&[C::N3Town], 5),
    one(&[C::N3Private, C::A4], 6),
    one(&[C::S1Unset], 2),
    several(&[C::A1, C::A3Building], 12),
    one(&[C::N7Middle, C::KMissing], 3),
    one(&[C::K3Ji, C::A1], 10),
    one(&[C::D1Transposed, C::N2], 3),
    several(&[C::A3Branch], 5),
    one(&[C::N8Ke, C::A3Building], 3),
    one(&[C::K4Bar, C::A2Prefix], 8),
    one(&[C::N7Cut, C::K1], 3),
    several(&[C::Ax], 10),
    one(&[C::D3], 2),
    one(&[C::N2, C::K3Ji, C::A2Prefecture], 5),
    several(&[C::A3Host], 4),
    one(&[C::K1, C::A1], 12),
    one(&[C::N2, C::K2], 14),
    one(&[C::D1Digit, C::A1], 4),
];

/// Rows judged △.
pub(super) const MINOR: [Recipe; 24] = [
    one(&[C::A1], 60),
    one(&[C::N2], 50),
    one(&[C::K1], 20),
    one(&[C::A3Building], 30),
    several(&[C::N3], 15),
    one(&[C::A2Prefecture], 15),
    one(&[C::K2], 20),
    one(&[C::A6], 20),
    one(&[C::N2Own], 6),
    one(&[C::A4], 15),
    one(&[C::K3Ji], 12),
    one(&[C::A5], 20),
    one(&[C::N8Ke], 3),
    one(&[C::K4Bar], 10),
    one(&[C::A2Prefix], 15),
    one(&[C::N7Case], 5),
    one(&[C::A1, C::A2Prefix], 10),
    one(&[C::K6], 6),
    one(&[C::N4], 4),
    one(&[C::A3Room], 10),
    one(&[C::N1], 8),
    one(&[C::K5], 6),
    several(&[C::N8Repeat], 3),
    one(&[C::Ax], 20),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_recipe_is_forgotten() {
        assert!(REVIEW.iter().chain(&MINOR).all(|r| r.weight > 0 && !r.changes.is_empty()));
    }
}
