//! A set of records.

use super::RecordNo;

/// A set of record numbers, one bit for each number up to the greatest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordSet {
    words: Vec<u64>,
    len: u64,
}

impl RecordSet {
    /// Adds a record; whether it was not in the set.
    pub fn insert(&mut self, no: RecordNo) -> bool {
        let (word, bit) = (no.0 as usize / 64, 1 << (no.0 % 64));
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        self.len += u64::from(new);
        new
    }

    /// Whether a record is in the set.
    pub fn contains(&self, no: RecordNo) -> bool {
        self.words.get(no.0 as usize / 64).is_some_and(|word| word >> (no.0 % 64) & 1 == 1)
    }

    /// How many records are in the set.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether no record is in the set.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The records in order.
    pub fn iter(&self) -> impl Iterator<Item = RecordNo> + '_ {
        (0u32..).zip(&self.words).flat_map(|(word, &bits)| {
            let mut rest = bits;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(RecordNo(64 * word + bit))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(numbers in proptest::collection::vec(0u32..300, 0..200)) {
            let (mut set, mut model) = (RecordSet::default(), BTreeSet::new());
            for number in numbers {
                prop_assert_eq!(set.insert(RecordNo(number)), model.insert(number));
            }
            prop_assert_eq!(set.len(), model.len() as u64);
            prop_assert!((0..400).all(|number| set.contains(RecordNo(number)) == model.contains(&number)));
            prop_assert!(set.iter().map(|no| no.0).eq(model));
        }
    }
}
