//! Who asks for a change, and on which state of the record.
//!
//! A request carries an identity made once by the asking side, so that one sent twice is carried out once, and the version of
//! every case as it was drawn, so that nobody decides over a colleague unseen.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::record::RecordNo;

/// The identity of one request (128 random bits), made by the asking side and kept when the request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u128);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// A text that is no [`RequestId`]: 32 hexadecimal digits are expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("要求番号の形式が正しくありません")]
pub struct InvalidRequestId;

impl FromStr for RequestId {
    type Err = InvalidRequestId;
    fn from_str(text: &str) -> Result<Self, InvalidRequestId> {
        if text.len() != 32 {
            return Err(InvalidRequestId);
        }
        u128::from_str_radix(text, 16).map(Self).map_err(|_| InvalidRequestId)
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RequestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One run of a workstation or command; events of one session stand together in the audit trail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u64);

/// What a caller may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Decides records, makes lists and reports.
    #[default]
    Operator,
    /// Looks only.
    Viewer,
}

/// Who asks: taken from the kernel or the local process, never from the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The operator's name.
    pub operator: String,
    /// The account by number.
    pub uid: u32,
    /// The run of the program.
    pub session: SessionId,
    /// What they may do.
    pub role: Role,
}

impl Caller {
    /// A caller known by name alone, for tests and imports of old stores.
    pub fn named(operator: impl Into<String>) -> Self {
        Self { operator: operator.into(), ..Self::default() }
    }
}

/// A record with the version of its case as it was shown to the caller (0 for an untouched one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seen {
    /// The record.
    pub record: RecordNo,
    /// [`super::case::Case::version`] as it was drawn.
    pub version: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_reads_back_from_its_text() {
        for id in [RequestId(0), RequestId(u128::MAX), RequestId(0x0123_4567_89ab_cdef)] {
            assert_eq!(id.to_string().parse(), Ok(id));
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(serde_json::from_str::<RequestId>(&json).unwrap(), id);
        }
        for wrong in ["", "12", "0123456789abcdef0123456789abcdeg", "0123456789abcdef0123456789abcdef0"] {
            assert_eq!(wrong.parse::<RequestId>(), Err(InvalidRequestId), "{wrong}");
        }
    }
}
