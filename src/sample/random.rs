//! Random numbers from a fixed algorithm: a seed gives the same sequence on every machine and in every release.

/// A seeded generator: the PCG of `oorandom`.
pub(super) struct Random(oorandom::Rand32);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(oorandom::Rand32::new(seed))
    }

    /// Returns a number from 0 to `limit - 1`; 0 when `limit` is 0.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        if limit <= 1 { 0 } else { self.0.rand_range(0..limit) }
    }

    /// Returns a number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Returns true with a probability of `per_mille` in a thousand.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// Returns an index below `len`, which must not be 0.
    pub(super) fn index(&mut self, len: usize) -> usize {
        // Tables are far shorter than u32::MAX.
        self.below(len as u32) as usize
    }

    /// Returns one of `items`, which must not be empty (all lists are tables, checked by tests).
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }
}
