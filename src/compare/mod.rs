//! Japanese text comparison: one field of one person against the same field from the other side.
//!
//! What lives here: the verdict on a pair of values (一致, 表記ゆれ, 要確認, 相違, 欠落), the named steps that were needed to reach
//! it (RULES §5), the aligned spans for highlighting, the canonical forms used as join and search keys, and the only places
//! that know how to make text visible ([`mod@visible`]) and how wide it is in a terminal ([`mod@width`]).
//! It may use nothing of the other rooms and is pure: no IO, clock, environment or terminal. It must never decide by a
//! similarity score, and never call two values the same when in doubt: then the verdict is 要確認.

mod address;
mod alignment;
pub mod birth;
mod canonical;
mod char_class;
mod char_fold;
mod draft;
pub mod field;
mod hidden;
pub mod inspect;
mod kana;
mod kana_chars;
mod kanji;
mod kanji_pair;
mod kanji_set;
mod mark;
mod narrow;
mod numeral;
mod quick;
pub mod reason;
mod romaji;
pub mod sex;
pub mod span;
mod unit;
pub mod variants;
pub mod verdict;
pub mod visible;
pub mod width;
mod word_breaks;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod quick_tests;
#[cfg(test)]
mod tests;

pub use birth::{ParsedDate, PartialDate, parse_date};
pub use canonical::{fold, municipality, search_fold, search_fold_into, split_name};
pub use field::FieldKind;
pub use inspect::{Inspection, inspect};
pub use quick::plainly_same;
pub use reason::{Code, Hint, Reason, StepClass};
pub use span::{Aligned, SpanKind};
pub use variants::{Variant, VariantSource, variants};
pub use verdict::{Comparison, RecordVerdict, Verdict, record_counts_as_notation, record_verdict};
pub use visible::{VisibleUnit, visible, visible_units};
pub use width::CellWidth;

use draft::ComparisonDraft;
use hidden::HiddenChars;

/// The edition of the rules and tables of this room. It goes up with every change that can give another verdict or other
/// codes (a test names such a change): what was computed under another edition is computed anew where it matters.
pub const EDITION: u32 = 2;

/// Compares one field of the 加入者 side (`left`) with the same field of the J-LIS side (`right`), RULES §5.
///
/// Symmetric: with the sides swapped, verdict and codes stay and only the direction of reasons and spans changes.
pub fn compare(field: FieldKind, left: &str, right: &str) -> Comparison {
    find_out(field, left, right, true)
}

/// Compares as [`compare`] does, but leaves the spans out: for whoever shows nothing.
pub fn judge(field: FieldKind, left: &str, right: &str) -> Comparison {
    find_out(field, left, right, false)
}

fn find_out(field: FieldKind, left: &str, right: &str, with_spans: bool) -> Comparison {
    // Working on an ordered pair makes the answer symmetric whatever the tie-breaking of the alignment.
    let swapped = left > right;
    let (first, second) = if swapped { (right, left) } else { (left, right) };
    let mut draft = drafted(field, first, second, with_spans);
    let hidden = if first == second { <[HiddenChars; 2]>::default() } else { [first, second].map(HiddenChars::of) };
    if draft.verdict() != Verdict::Missing && hidden.iter().any(|h| h.any) {
        // A soft hyphen on one side may be with_spans or not, so the milder answer of the two stands. With some on both sides, one system
        // draws them all: there it can be seen whether they stand at the same places.
        if hidden.iter().any(|h| h.soft) {
            let (first, second) = (hidden::with_hyphens(first), hidden::with_hyphens(second));
            let shown = drafted(field, &first, &second, with_spans);
            if shown.verdict() < draft.verdict() || hidden.iter().all(|h| h.soft) {
                draft = draft.with_findings_of(shown);
            }
        }
        let (code, class, label) = hidden::step(field);
        draft.step(code, class, label);
    }
    draft.finish(swapped)
}

fn drafted<'t>(field: FieldKind, left: &'t str, right: &'t str, with_spans: bool) -> ComparisonDraft<'t> {
    let mut draft = ComparisonDraft::new(left, right, with_spans);
    if !draft.record_missing(field) {
        match field {
            FieldKind::Kanji => kanji::compare(&mut draft),
            FieldKind::Kana => kana::compare(&mut draft),
            FieldKind::Birth => birth::compare(&mut draft),
            FieldKind::Sex => sex::compare(&mut draft),
            FieldKind::Address => address::compare::compare(&mut draft),
        }
    }
    draft
}
