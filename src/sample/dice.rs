//! Chance with a fixed algorithm: the same seed gives the same throws on every machine and for ever.

/// A thin coat over the PCG generator of `oorandom`.
pub(super) struct Dice(oorandom::Rand32);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(oorandom::Rand32::new(seed))
    }

    /// Gives a number from 0 to `limit - 1`; 0 when `limit` is 0.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        if limit <= 1 { 0 } else { self.0.rand_range(0..limit) }
    }

    /// Gives a number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Is true `per_mille` times in a thousand.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// Gives an index into something of length `len`, which must not be empty.
    pub(super) fn index(&mut self, len: usize) -> usize {
        // Tables are far shorter than u32::MAX.
        self.below(len as u32) as usize
    }

    /// Picks one of `items`, which must not be empty (all lists here are tables, checked by tests).
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }
}
