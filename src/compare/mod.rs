//! Japanese text comparison: one field of one person against the same field from the other side.
//!
//! This room contains the verdict on a pair of values (一致, 表記ゆれ, 要確認, 相違, 欠落), the named steps that lead to
//! it (RULES §5), the aligned spans for highlighting, the canonical forms used as join and search keys, the display form of text
//! ([`mod@visible`]) and its width in terminal cells ([`mod@width`]).
//! It depends on no other room and is pure: no IO, clock, environment or terminal. It never decides by a similarity score, and a doubtful
//! pair is 要確認, never the same.

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
mod name_fold;
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
mod word_order;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod name_laws;
#[cfg(test)]
mod quick_tests;
#[cfg(test)]
mod tests;

pub use birth::{DateSystem, ParsedDate, PartialDate, birth_serial, parse_date, serial_date};
pub use canonical::{fold, municipality, search_fold, search_fold_into, split_name};
pub use field::FieldKind;
pub use inspect::{Inspection, inspect};
pub use quick::plainly_same;
pub use reason::{Code, Hint, Reason, StepClass};
pub use span::{Aligned, SpanKind};
pub use variants::{Variant, VariantSource, variants};
pub use verdict::{Comparison, RecordVerdict, Verdict, record_counts_as_notation, record_verdict};
pub use visible::{VisibleUnit, visible, visible_units};
pub use width::{CellWidth, has_sound_mark, holds_together, stands_alone};

use draft::ComparisonDraft;
use hidden::HiddenChars;

/// Edition of the rules and tables of this room. It is incremented with every change that can give another verdict or other codes (a test
/// detects such a change), so that stored results of another edition are computed again where they are used.
pub const EDITION: u32 = 3;

/// Compares one field of the 加入者 side (`left`) with the same field of the J-LIS side (`right`), RULES §5.
///
/// Symmetric: with the sides swapped, verdict and codes stay and only the direction of reasons and spans changes.
pub fn compare(field: FieldKind, left: &str, right: &str) -> Comparison {
    compare_in_order(field, left, right, true)
}

/// Compares like [`compare`], but without spans.
pub fn judge(field: FieldKind, left: &str, right: &str) -> Comparison {
    compare_in_order(field, left, right, false)
}

fn compare_in_order(field: FieldKind, left: &str, right: &str, with_spans: bool) -> Comparison {
    // Comparing the pair in a fixed order makes the result symmetric, whatever the alignment does with ties.
    let swapped = left > right;
    let (first, second) = if swapped { (right, left) } else { (left, right) };
    let mut draft = compare_field(field, first, second, with_spans);
    let hidden = if first == second { <[HiddenChars; 2]>::default() } else { [first, second].map(HiddenChars::of) };
    if draft.verdict() != Verdict::Missing && hidden.iter().any(|h| h.any) {
        // A soft hyphen on one side may be drawn or not, so the milder verdict of the two counts. Those on both sides are drawn by the same
        // system, so the verdict with visible hyphens counts.
        if hidden.iter().any(|h| h.soft) {
            let (first, second) = (hidden::with_visible_hyphens(first), hidden::with_visible_hyphens(second));
            let shown = compare_field(field, &first, &second, with_spans);
            if shown.verdict() < draft.verdict() || hidden.iter().all(|h| h.soft) {
                draft = draft.with_findings_of(shown);
            }
        }
        let (code, class, label) = hidden::step(field);
        draft.step(code, class, label);
    }
    draft.finish(swapped)
}

fn compare_field<'t>(field: FieldKind, left: &'t str, right: &'t str, with_spans: bool) -> ComparisonDraft<'t> {
    let mut draft = ComparisonDraft::new(left, right, with_spans);
    if !draft.record_missing(field) {
        match field {
            FieldKind::Kanji => kanji::compare(&mut draft),
            FieldKind::Kana => kana::compare(&mut draft),
            FieldKind::Birth => birth::compare::compare(&mut draft),
            FieldKind::Sex => sex::compare(&mut draft),
            FieldKind::Address => address::compare::compare(&mut draft),
        }
    }
    draft
}
