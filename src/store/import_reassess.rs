//! Facts and danger flags of a record that are computed anew while its row stays.

use super::import::Import;
use super::{StoreError, lookup};
use crate::domain::danger::{DangerSet, DangerSign};
use crate::domain::pattern::Pattern;
use crate::domain::record::{Facts, RecordNo};
use crate::domain::scope::Scope;

impl Import<'_> {
    /// Gives a known record other facts, pattern and search text for the row that it has, and takes its danger flags from it.
    /// Its row and its case stay as they are, and a record that vanished stays vanished.
    pub fn reassess(&mut self, no: RecordNo, facts: Facts, review: Option<(Pattern, &str)>) -> Result<(), StoreError> {
        let store = self.store;
        store.guard(|| {
            if !self.facts_of(no)?.dangers.is_empty() {
                self.put_signs(no, &[])?;
            }
            let facts = Facts { dangers: DangerSet::default(), ..facts };
            self.set_review(no, facts, review)?;
            let scope = match self.vanished.get(no) {
                Some(_) => {
                    self.vanished.insert(no, facts.scope);
                    Scope::Vanished
                }
                None => facts.scope,
            };
            self.set_facts(no, Facts { scope, ..facts })
        })
    }

    /// The danger flags of a record with their evidence, as they stand within this import.
    pub fn signs(&mut self, no: RecordNo) -> Result<Vec<DangerSign>, StoreError> {
        let store = self.store;
        store.guard(|| match self.signs.get(&no) {
            Some(signs) => Ok(signs.clone()),
            None => lookup::signs(&*self.txn, no),
        })
    }
}
