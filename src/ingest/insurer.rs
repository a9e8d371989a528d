//! Detects a file of another insurer: it holds other people, perhaps under the same 整理番号.

use std::collections::{BTreeMap, BTreeSet};

use super::validate::MAXIMUM_INSURERS;
use crate::domain::record::Column;
use crate::store::{Meta, Snapshot, StoreError};

/// The 保険者番号 of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Insurers(BTreeSet<String>);

impl Insurers {
    /// Those of all imports; none where they cannot be told, so that no file is refused for them.
    ///
    /// Earlier editions of the program did not keep them: there the first record speaks for all, unless a file held several.
    pub(super) fn of(snapshot: &dyn Snapshot, meta: &Meta) -> Result<Self, StoreError> {
        let mut known = BTreeSet::new();
        let mut kept = true;
        for import in &meta.imports {
            match &import.insurers {
                Some(insurers) => known.extend(insurers.iter().map(|insurer| plain(insurer))),
                None if import.warnings.contains_key("insurer-mixed") => return Ok(Self::default()),
                None => kept = false,
            }
        }
        if !kept && let Some((no, _)) = snapshot.facts(0..64)?.into_iter().next() {
            let first = snapshot.records(&[no])?.pop();
            known.extend(first.map(|record| plain(record.row.cell(Column::InsurerNo))));
        }
        known.remove("");
        Ok(if known.len() < MAXIMUM_INSURERS { Self(known) } else { Self::default() })
    }

    /// Those of a file that are not known, as they stand in it.
    pub(super) fn strangers(&self, file: &BTreeMap<String, u32>) -> Vec<String> {
        let is_strange = |insurer: &&String| !self.0.is_empty() && !self.0.contains(&plain(insurer));
        file.keys().filter(is_strange).cloned().collect()
    }

    /// All of them.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }
}

/// Normalises a 保険者番号: half width, without leading zeros, which spreadsheets lose.
fn plain(insurer: &str) -> String {
    let half = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        c => c,
    };
    insurer.trim().trim_start_matches(['0', '０']).chars().map(half).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_in_any_width_and_without_its_zeros() {
        let known = Insurers(["138057", "39131156"].map(str::to_owned).into());
        let file = |numbers: &[&str]| numbers.iter().map(|&number| (number.to_owned(), 2)).collect();
        assert_eq!(known.strangers(&file(&["00138057", "１３８０５７", " 39131156"])), Vec::<String>::new());
        assert_eq!(known.strangers(&file(&["138057", "138065"])), ["138065"]);
        assert_eq!(Insurers::default().strangers(&file(&["138065"])), Vec::<String>::new(), "nothing to go by");
    }
}
