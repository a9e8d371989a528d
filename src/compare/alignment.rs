//! Alignment of two lines of units, for showing where two values differ.

use super::reason::{Code, StepClass};
use super::unit::Unit;

/// How a pair of units is related by the rules of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnitRelation {
    /// Equal after folding; the units record what folding changed.
    Equal,
    /// Related by a named step.
    Step(Code, StepClass, &'static str),
    /// One unit is a placeholder and may stand for the other (N3).
    Placeholder,
    /// Both units are placeholders (N3).
    Unreadable,
    /// Not related.
    Unrelated,
}

/// Pair of an alignment as unit indices; `None` is a gap.
pub(crate) type AlignedPair = (Option<usize>, Option<usize>);

/// Aligns two lines of units with minimum total cost; `cost` is that of a pair, 0 for equal units.
///
/// The alignment only shows where two values differ: no verdict depends on the cost.
pub(crate) fn align(left: &[Unit], right: &[Unit], cost: impl Fn(usize, usize) -> u32) -> Vec<AlignedPair> {
    /// Cost of a unit without partner.
    const GAP: u32 = 3;
    /// Maximum number of cells of the table; larger parts are paired in order.
    const MAX_CELLS: usize = 40_000;
    let mut head = 0;
    while head < left.len().min(right.len()) && cost(head, head) == 0 {
        head += 1;
    }
    let mut tail = 0;
    while tail < left.len().min(right.len()) - head && cost(left.len() - 1 - tail, right.len() - 1 - tail) == 0 {
        tail += 1;
    }
    let (n, m) = (left.len() - head - tail, right.len() - head - tail);
    let mut pairs: Vec<AlignedPair> = (0..head).map(|i| (Some(i), Some(i))).collect();
    if n == 0 || m == 0 || n * m > MAX_CELLS {
        pairs.extend((0..n.max(m)).map(|k| ((k < n).then_some(head + k), (k < m).then_some(head + k))));
    } else {
        let width = m + 1;
        let mut table = vec![0u32; (n + 1) * width];
        for i in 0..=n {
            for j in 0..=m {
                let mut best = u32::MAX;
                if i == 0 && j == 0 {
                    best = 0;
                }
                if i > 0 {
                    best = best.min(table[(i - 1) * width + j] + GAP);
                }
                if j > 0 {
                    best = best.min(table[i * width + j - 1] + GAP);
                }
                if i > 0 && j > 0 {
                    best = best.min(table[(i - 1) * width + j - 1] + cost(head + i - 1, head + j - 1));
                }
                table[i * width + j] = best;
            }
        }
        let (mut i, mut j) = (n, m);
        let from = pairs.len();
        while i > 0 || j > 0 {
            let here = table[i * width + j];
            if i > 0 && j > 0 && here == table[(i - 1) * width + j - 1] + cost(head + i - 1, head + j - 1) {
                pairs.push((Some(head + i - 1), Some(head + j - 1)));
                i -= 1;
                j -= 1;
            } else if i > 0 && here == table[(i - 1) * width + j] + GAP {
                pairs.push((Some(head + i - 1), None));
                i -= 1;
            } else {
                pairs.push((None, Some(head + j - 1)));
                j -= 1;
            }
        }
        pairs[from..].reverse();
    }
    pairs.extend((0..tail).map(|k| (Some(left.len() - tail + k), Some(right.len() - tail + k))));
    pairs
}
