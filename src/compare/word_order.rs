//! Order of the words of a name: the same words in another order, or some of them left out.

use super::alignment::UnitRelation;
use super::draft::PairRule;
use super::unit::{Unit, UnitLine};

/// How the words of two names are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WordOrder {
    /// The same words in another order.
    Changed,
    /// All words of one name are among those of the other, which has three or more.
    LeftOut,
}

/// Returns how the words of two different names are related by a rule for their characters; `None` when they are other words.
pub(crate) fn word_order(left: &UnitLine, right: &UnitLine, rule: PairRule) -> Option<WordOrder> {
    let (left, right) = (words(left), words(right));
    match (left.len(), right.len()) {
        (0, _) | (_, 0) | (1, 1) => None,
        // A name without spaces contains the words of the other one after another.
        (1, _) => is_rotation(&right, left[0], rule).then_some(WordOrder::Changed),
        (_, 1) => is_rotation(&left, right[0], rule).then_some(WordOrder::Changed),
        (l, r) if l <= r => has_words(&left, right, rule).then_some(relation(l, r)),
        (l, r) => has_words(&right, left, rule).then_some(relation(l, r)),
    }
}

fn relation(left: usize, right: usize) -> WordOrder {
    if left == right { WordOrder::Changed } else { WordOrder::LeftOut }
}

/// Splits a name at its spaces.
fn words(line: &UnitLine) -> Vec<&[Unit]> {
    line.units.chunk_by(|_, unit| !unit.spaced).collect()
}

/// Returns whether two words are related in all characters.
fn fits(left: &[Unit], right: &[Unit], rule: PairRule) -> bool {
    left.len() == right.len() && (0..left.len()).all(|i| rule(left, i, right, i) != UnitRelation::Unrelated)
}

/// Returns whether every one of some words is among others, each counted once.
fn has_words(few: &[&[Unit]], mut many: Vec<&[Unit]>, rule: PairRule) -> bool {
    few.iter()
        .all(|word| many.iter().position(|other| fits(word, other, rule)).map(|at| many.swap_remove(at)).is_some())
}

/// Returns whether a name without spaces is some words from another beginning.
fn is_rotation(words: &[&[Unit]], joined: &[Unit], rule: PairRule) -> bool {
    (1..words.len()).any(|at| fits(&[&words[at..], &words[..at]].concat().concat(), joined, rule))
}
