//! Where an event stands in the trail.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The place of an event: the chain of the process that wrote it and its number there, from 1 without gaps.
///
/// A store in one file has one chain, number 0, and shows the number alone (`1207`); an event of another chain is `3-1207`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    /// The chain.
    pub chain: u32,
    /// The number in the chain.
    pub n: u64,
}

impl EventId {
    /// An event of chain 0.
    pub const fn first(n: u64) -> Self {
        Self { chain: 0, n }
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.chain {
            0 => self.n.fmt(f),
            chain => f.pad(&format!("{chain}-{}", self.n)),
        }
    }
}

/// A text that is no [`EventId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("「{0}」は操作の番号ではありません。履歴(F6)の番号を入力してください")]
pub struct InvalidEventId(pub String);

impl FromStr for EventId {
    type Err = InvalidEventId;
    fn from_str(text: &str) -> Result<Self, InvalidEventId> {
        let invalid = || InvalidEventId(text.to_owned());
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match text.split_once('-') {
            None if digits(text) => Ok(Self::first(text.parse().map_err(|_| invalid())?)),
            Some((chain, n)) if digits(chain) && digits(n) => {
                let id = Self { chain: chain.parse().map_err(|_| invalid())?, n: n.parse().map_err(|_| invalid())? };
                if id.chain > 0 { Ok(id) } else { Err(invalid()) }
            }
            _ => Err(invalid()),
        }
    }
}

/// A number for chain 0, as stores of before hold it; else the text.
impl Serialize for EventId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.chain == 0 { serializer.serialize_u64(self.n) } else { serializer.collect_str(self) }
    }
}

impl<'de> Deserialize<'de> for EventId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(u64),
            Text(String),
        }
        match Form::deserialize(deserializer)? {
            Form::Number(n) => Ok(Self::first(n)),
            Form::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_reads_back_from_its_text_and_its_json(chain in 0u32..4, n: u64) {
            let id = EventId { chain, n };
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<EventId>(&json).unwrap(), id);
            prop_assert_eq!(json == n.to_string(), chain == 0);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for wrong in ["", "-", "1-", "-1", "0-7", "a", "1-2-3", "+1", " 1", "99999999999999999999"] {
            assert!(wrong.parse::<EventId>().is_err(), "{wrong}");
        }
    }
}
