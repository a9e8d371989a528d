//! Fingerprints of a row, by which a newer file tells what changed: what reopens a case, and everything.

use super::row::RowCells;
use crate::domain::record::Column;
use crate::store::Fingerprints;
use crate::store::fingerprint::Fingerprinter;

/// Whether a change of a column reopens a case (DOMAIN §7).
const fn is_significant(column: Column) -> bool {
    use Column::{Acquired, Left, Lost, Mark, Multiple, Overall, Right};
    matches!(column, Left(_) | Right(_) | Mark(_) | Overall | Multiple | Acquired | Lost)
}

/// The indexes of the columns, those that reopen a case first, and how many these are.
const BY_WEIGHT: ([usize; Column::COUNT], usize) = {
    let (mut places, mut count) = ([0; Column::COUNT], 0);
    let mut significant = 0;
    while count < Column::COUNT {
        // First round: what reopens a case; second round: the others.
        let mut at = 0;
        let first = count == 0;
        while at < Column::COUNT {
            if is_significant(Column::ALL[at]) == first {
                places[count] = at;
                count += 1;
            }
            at += 1;
        }
        if first {
            significant = count;
        }
    }
    (places, significant)
};

/// Fingerprints a row: over what reopens a case, and going on from there over everything (DOMAIN §7).
pub(super) fn fingerprints<'c>(cells: &RowCells<'_>, extras: impl Iterator<Item = &'c str>) -> Fingerprints {
    let (significant, others) = BY_WEIGHT.0.split_at(BY_WEIGHT.1);
    let mut fingerprint = Fingerprinter::new();
    significant.iter().for_each(|&at| fingerprint.cell(cells[at].as_bytes()));
    let significant = fingerprint.finish();
    others.iter().for_each(|&at| fingerprint.cell(cells[at].as_bytes()));
    extras.for_each(|extra| fingerprint.cell(extra.as_bytes()));
    Fingerprints { significant, whole: fingerprint.finish() }
}
