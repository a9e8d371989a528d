//! Where an operator stands, kept in the store so that quitting, a crash or a lost connection costs no position.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::record::RecordNo;

/// Position, filter, search and half-typed note of one operator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The record at the cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordNo>,
    /// Its 整理番号, for people who look into the session.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The filter expression.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub filter: String,
    /// The search.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// Saved views: filter expressions by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub views: BTreeMap<String, String>,
    /// Whether the cursor stays on a record that was decided.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stay: bool,
    /// A note half typed, and the record it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<(RecordNo, String)>,
    /// The place of the record in the whole queue, where it is looked for first.
    #[serde(skip_serializing_if = "is_start")]
    pub place: usize,
    /// The version of the case that the operator was looking at when they began the note.
    #[serde(skip_serializing_if = "is_zero")]
    pub note_version: u32,
}

/// The way back to where an operator stood, while the queue arrives.
#[derive(Clone, Debug)]
pub(super) struct Returning {
    /// Where they stood; `None` at the first start.
    pub(super) session: Option<Session>,
    /// The row at which the cursor waits; `None` once it stands where it belongs, or was moved by hand.
    pub(super) row: Option<usize>,
}

fn is_start(place: &usize) -> bool {
    *place == 0
}

fn is_zero(version: &u32) -> bool {
    *version == 0
}

impl Session {
    /// The bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A struct of strings and numbers always has a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads kept bytes; what cannot be read is an empty session, which costs the position only.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_kept() {
        let session = Session {
            record: Some(RecordNo(7)),
            key: "0001234".into(),
            filter: "class:②".into(),
            search: "高崎".into(),
            note: Some((RecordNo(3), "電話で".into())),
            note_version: 2,
            place: 20_000,
            views: BTreeMap::from([("第1週".to_owned(), "class:①".to_owned())]),
            stay: true,
        };
        assert_eq!(Session::from_bytes(&session.to_bytes()), session);
        assert_eq!(Session::from_bytes(b"\xff not json"), Session::default());
    }
}
