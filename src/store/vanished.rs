//! Records that have vanished, with the scope they had, while an import changes them.

use super::column::ChunkWriter;
use super::engine::{Txn, View};
use super::schema::{ColumnId, VANISHED_BYTES, VANISHED_PER_CHUNK};
use super::{StoreError, lookup};
use crate::domain::record::RecordNo;
use crate::domain::scope::Scope;

/// The scopes before, four bits for each record up to the greatest that has vanished.
#[derive(Debug, Default)]
pub(super) struct VanishedScopes {
    pairs: Vec<u8>,
}

impl VanishedScopes {
    /// Reads the column.
    pub(super) fn read(view: &dyn View) -> Result<Self, StoreError> {
        let mut scopes = Self::default();
        lookup::each_vanished(view, &mut |no, scope| {
            scopes.insert(no, scope);
            Ok(())
        })?;
        Ok(scopes)
    }

    /// The scope that a record had; `None` where it has not vanished.
    pub(super) fn get(&self, no: RecordNo) -> Option<Scope> {
        let pair = self.pairs.get(no.0 as usize / 2)?;
        let place = usize::from(pair >> (4 * (no.0 % 2)) & 0xf);
        Scope::ALL.get(place.checked_sub(1)?).copied()
    }

    /// Notes a record that has vanished.
    pub(super) fn insert(&mut self, no: RecordNo, scope: Scope) {
        let place = no.0 as usize / 2;
        if self.pairs.len() <= place {
            self.pairs.resize(place + 1, 0);
        }
        let shift = 4 * (no.0 % 2);
        self.pairs[place] = self.pairs[place] & !(0xf << shift) | (scope as u8 + 1) << shift;
    }

    /// Takes a record out that is there again; gives the scope it had.
    pub(super) fn remove(&mut self, no: RecordNo) -> Option<Scope> {
        let scope = self.get(no)?;
        self.pairs[no.0 as usize / 2] &= !(0xf << (4 * (no.0 % 2)));
        Some(scope)
    }

    /// Writes the column.
    pub(super) fn write(&self, txn: &mut dyn Txn) -> Result<(), StoreError> {
        let mut column = ChunkWriter::new(ColumnId::Vanished, VANISHED_PER_CHUNK * VANISHED_BYTES);
        for (place, _) in self.pairs.iter().enumerate().filter(|(_, pair)| **pair != 0) {
            for no in [2 * place as u32, 2 * place as u32 + 1].map(RecordNo) {
                if let Some(scope) = self.get(no) {
                    let [a, b, c, d] = no.0.to_le_bytes();
                    column.push(txn, &[a, b, c, d, scope as u8])?;
                }
            }
        }
        column.finish(txn)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map(changes in proptest::collection::vec((0u32..40, 0usize..6), 0..200)) {
            let (mut scopes, mut model) = (VanishedScopes::default(), BTreeMap::new());
            for (no, scope) in changes {
                match Scope::ALL.get(scope) {
                    Some(&scope) => {
                        scopes.insert(RecordNo(no), scope);
                        model.insert(no, scope);
                    }
                    None => prop_assert_eq!(scopes.remove(RecordNo(no)), model.remove(&no)),
                }
            }
            for no in 0..50 {
                prop_assert_eq!(scopes.get(RecordNo(no)), model.get(&no).copied());
            }
        }
    }
}
