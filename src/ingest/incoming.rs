//! A row of the file on its way into the store: accepted by itself, waiting for the end of the file, or rejected.

use super::danger::DangerKeys;
use crate::domain::original_codes::OriginalCodes;
use crate::domain::pattern::Pattern;
use crate::domain::record::Facts;
use crate::store::{Fingerprints, NewRow};

/// Origin of a rejected row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RejectedRow {
    /// Physical line.
    pub(crate) line: u32,
    /// Its record key, where it can be read.
    pub(crate) key: Option<String>,
    /// The number of the rejected row that it should correct.
    pub(crate) corrects: Option<u32>,
    /// It was not corrected at all.
    pub(crate) unchanged: bool,
    /// Its characters that would be written with other bytes.
    pub(crate) twins: OriginalCodes,
}

/// A row that an earlier import rejected as a contradiction, kept until the end of the file: only then is it known which of
/// the two rows counts, whatever their order.
pub(super) struct DeferredRow {
    line: u32,
    corrects: Option<u32>,
    pub(super) key: String,
    pub(super) packed: Vec<u8>,
    fingerprints: Fingerprints,
    facts: Facts,
    review: Option<(Pattern, String)>,
    pub(super) keys: DangerKeys,
    pub(super) raw: (Vec<String>, OriginalCodes),
}

impl DeferredRow {
    pub(super) fn of(arriving: &AcceptedRow<'_>, raw: (Vec<String>, OriginalCodes)) -> Self {
        let AcceptedRow { line, row, keys, corrects, .. } = *arriving;
        Self {
            line,
            corrects,
            key: row.key.to_owned(),
            packed: row.packed.to_vec(),
            fingerprints: row.fingerprints,
            facts: row.facts,
            review: row.review.map(|(pattern, text)| (pattern, text.to_owned())),
            keys: *keys,
            raw,
        }
    }

    pub(super) fn accepted(&self, same_person: bool) -> AcceptedRow<'_> {
        let review = self.review.as_ref().map(|(pattern, text)| (*pattern, text.as_str()));
        let row =
            NewRow { key: &self.key, packed: &self.packed, fingerprints: self.fingerprints, facts: self.facts, review };
        AcceptedRow { line: self.line, row, keys: &self.keys, corrects: self.corrects, same_person }
    }
}

/// A row that was accepted by itself.
#[derive(Clone, Copy)]
pub(crate) struct AcceptedRow<'a> {
    /// Physical line.
    pub(crate) line: u32,
    pub(crate) row: NewRow<'a>,
    pub(crate) keys: &'a DangerKeys,
    /// The number of the rejected row that it corrects.
    pub(crate) corrects: Option<u32>,
    /// It is known to speak of the person of its record.
    pub(crate) same_person: bool,
}
