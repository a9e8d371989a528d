//! The signature of a record's differences, so that like records can follow one another in the queue.

use serde::{Deserialize, Serialize};

use super::person::PerField;
use super::record::{Mark, Marks};
use crate::compare::{Code, Comparison, FieldKind, Verdict};

/// A signature at two levels: the classes of difference, and the exact characters.
///
/// Records with equal [`classes`](Self::classes) need the same kind of look (an address in another notation); where
/// [`exact`](Self::exact) is equal as well, the very same characters differ (高→髙). The order puts like beside like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pattern {
    /// Which fields differ, how far, and by which codes: 4 bits a field (mark ×, verdict) above the set of codes.
    pub classes: u64,
    /// A hash of the reasons as they are worded, field by field; 0 where nothing differs.
    pub exact: u64,
}

impl Pattern {
    /// The packed size in bytes.
    pub const BYTES: usize = 16;

    /// Computes the signature of a record.
    pub fn of(marks: &Marks, comparisons: &PerField<Comparison>) -> Self {
        let mut verdicts = 0u64;
        let mut codes = 0u64;
        let mut exact = None;
        for (field, comparison) in comparisons.iter() {
            let mark = u64::from(marks.fields[field] != Mark::Match);
            verdicts = verdicts << 4 | mark << 3 | comparison.verdict as u64;
            for reason in &comparison.reasons {
                codes |= 1 << (reason.code as u32).min(CODE_BITS - 1);
                let hash = exact.get_or_insert_with(blake3::Hasher::new);
                hash.update(&[field.index() as u8, reason.code as u8]).update(reason.text.as_bytes()).update(&[0xff]);
            }
        }
        let exact = exact.map_or(0, |hash| {
            let bytes = hash.finalize();
            bytes.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
        });
        Self { classes: verdicts << CODE_BITS | codes, exact }
    }

    /// Tells whether two records differ in the same classes.
    pub fn is_like(self, other: Self) -> bool {
        self.classes == other.classes
    }

    /// Packs for a column.
    pub fn pack(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.classes.to_le_bytes());
        bytes[8..].copy_from_slice(&self.exact.to_le_bytes());
        bytes
    }

    /// Reads packed bytes.
    pub fn unpack(bytes: [u8; Self::BYTES]) -> Self {
        let both = u128::from_le_bytes(bytes);
        Self { classes: both as u64, exact: (both >> 64) as u64 }
    }

    /// What it says about a field: whether its mark is not ○, and the verdict.
    pub fn field(self, field: FieldKind) -> (bool, Verdict) {
        let bits = self.classes >> CODE_BITS >> (4 * (FieldKind::ALL.len() - 1 - field.index()));
        let verdict = Verdict::ALL.get((bits & 7) as usize).copied().unwrap_or(Verdict::Missing);
        (bits & 8 != 0, verdict)
    }

    /// Whether the comparison of a field gave a code; `None` where another field may have given it.
    pub fn has_code(self, field: FieldKind, code: Code) -> Option<bool> {
        let bit = (code as u32).min(CODE_BITS - 1);
        match self.classes >> bit & 1 {
            0 => Some(false),
            _ => code.is_of_one_field().then_some(code.field() == field),
        }
    }
}

/// Room for the set of codes below the five fields.
const CODE_BITS: u32 = 44;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;

    #[test]
    fn gives_back_what_it_was_made_of() {
        let comparisons = PerField::from_fn(|field| match field {
            FieldKind::Kana => compare(field, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ"),
            FieldKind::Address => compare(field, "港区赤坂1-11", "港区赤坂1-12"),
            FieldKind::Birth => compare(field, "", "19851203"),
            field => compare(field, "1", "1"),
        });
        let mut marks = Marks::all_match();
        marks.fields[FieldKind::Address] = Mark::Mismatch;
        let pattern = Pattern::of(&marks, &comparisons);
        for field in FieldKind::ALL {
            assert_eq!(pattern.field(field), (field == FieldKind::Address, comparisons[field].verdict), "{field}");
        }
    }

    #[test]
    fn two_levels_tell_classes_and_characters_apart() {
        let of = |kanji: [&str; 2], address: [&str; 2]| {
            let mut marks = Marks::all_match();
            marks.fields[FieldKind::Kanji] = Mark::Mismatch;
            Pattern::of(
                &marks,
                &PerField::from_fn(|field| match field {
                    FieldKind::Kanji => compare(field, kanji[0], kanji[1]),
                    FieldKind::Address => compare(field, address[0], address[1]),
                    FieldKind::Kana => compare(field, "ヤマダ", "ヤマダ"),
                    FieldKind::Birth => compare(field, "19851203", "19851203"),
                    field => compare(field, "1", "1"),
                }),
            )
        };
        let same = ["港区赤坂1-11", "港区赤坂1-11"];
        let [taka, other_taka, zawa] =
            [["高田", "髙田"], ["高木", "髙木"], ["沢田", "澤田"]].map(|kanji| of(kanji, same));
        assert_eq!(taka, other_taka);
        assert!(taka.is_like(zawa) && taka.exact != zawa.exact);
        assert!(!taka.is_like(of(["高田", "高田"], ["港区赤坂1-11", "港区赤坂1丁目11"])));
        assert_eq!(of(["高田", "高田"], same).exact, 0);
        assert_eq!(Pattern::unpack(taka.pack()), taka);
    }
}
