//! The envelope of every value: a version byte and a checksum, verified at every read.
//!
//! redb checks its pages only when it repairs, so a flipped bit would reach a person as a name or a decision. The checksum
//! also covers the kind and the key, so a value that turns up in another place is found out. Errors name the kind alone:
//! values are personal data.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::fingerprint::Fingerprinter;

/// Version byte of a value whose checksum is the beginning of its BLAKE3 hash.
const VERSION: u8 = 1;

/// Version byte of a value whose checksum is its [`Fingerprinter`]: of rows and columns so many are written at once that the other
/// one is felt. Stores that hold them with the other one are read as well.
const QUICK: u8 = 2;

/// Version byte and checksum.
const PREFIX: usize = 9;

/// What a value is; it enters the checksum and words the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum ValueKind {
    Meta = 1,
    Import,
    Rows,
    Column,
    Key,
    Versions,
    Signs,
    Case,
    Audit,
    Batch,
    Withdrawal,
    InBatch,
    Report,
    Quarantine,
    Session,
    Request,
    Tally,
    Steps,
}

impl ValueKind {
    /// The Japanese wording.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Meta => "管理情報",
            Self::Import => "取込記録",
            Self::Rows => "行データ",
            Self::Column => "列データ",
            Self::Key => "整理番号の索引",
            Self::Versions => "行の版",
            Self::Signs => "危険兆候",
            Self::Case => "決定",
            Self::Audit => "監査記録",
            Self::Batch => "解除リスト",
            Self::Withdrawal => "取下げ",
            Self::InBatch => "解除済の索引",
            Self::Report => "件数報告",
            Self::Quarantine => "隔離行",
            Self::Session => "作業位置",
            Self::Request => "要求の記録",
            Self::Tally => "件数",
            Self::Steps => "取消の索引",
        }
    }

    /// The fault of a value of this kind.
    pub(super) fn corrupt(self) -> StoreError {
        StoreError::Corrupt(self.label().to_owned())
    }
}

fn checksum(version: u8, kind: ValueKind, key: &[u8], payload: &[u8]) -> Option<[u8; 8]> {
    let head = [version, kind as u8, key.len() as u8];
    match version {
        VERSION => {
            let mut hash = blake3::Hasher::new();
            hash.update(&head).update(key).update(payload);
            hash.finalize().as_bytes().first_chunk().copied()
        }
        QUICK => {
            let mut fingerprint = Fingerprinter::new();
            [&head, key, &payload.len().to_le_bytes(), payload].into_iter().for_each(|part| fingerprint.cell(part));
            Some(fingerprint.finish().to_le_bytes())
        }
        _ => None,
    }
}

/// Wraps a payload that will be stored under a key.
pub(super) fn seal(kind: ValueKind, key: &[u8], payload: &[u8]) -> Vec<u8> {
    let version = if matches!(kind, ValueKind::Rows | ValueKind::Column) { QUICK } else { VERSION };
    let mut sealed = Vec::with_capacity(PREFIX + payload.len());
    sealed.push(version);
    sealed.extend(checksum(version, kind, key, payload).into_iter().flatten());
    sealed.extend(payload);
    sealed
}

/// The payload of a sealed value, where version and checksum hold.
pub(super) fn open<'a>(kind: ValueKind, key: &[u8], sealed: &'a [u8]) -> Result<&'a [u8], StoreError> {
    match sealed.split_at_checked(PREFIX) {
        Some(([version, sum @ ..], payload))
            if checksum(*version, kind, key, payload).is_some_and(|expected| expected == sum) =>
        {
            Ok(payload)
        }
        _ => Err(kind.corrupt()),
    }
}

/// A digest of a sealed value's payload (BLAKE3, hexadecimal): what an audit event says of the value it made.
pub(super) fn digest(sealed: &[u8]) -> String {
    blake3::hash(sealed.get(PREFIX..).unwrap_or_default()).to_hex().to_string()
}

/// Seals a value as JSON.
pub(super) fn seal_json<T: Serialize>(kind: ValueKind, key: &[u8], value: &T) -> Result<Vec<u8>, StoreError> {
    let json =
        serde_json::to_vec(value).map_err(|_| StoreError::Refused(format!("{}を保存できません", kind.label())))?;
    Ok(seal(kind, key, &json))
}

/// Reads what [`seal_json`] wrote.
pub(super) fn open_json<T: DeserializeOwned>(kind: ValueKind, key: &[u8], sealed: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(open(kind, key, sealed)?).map_err(|_| kind.corrupt())
}

/// A number with a checksum in eight bytes, for tables with an entry per record. A million entries are made at once, so
/// the checksum is a quick one.
pub(super) fn checked(kind: ValueKind, key: &[u8], number: u32) -> [u8; 8] {
    let mut fingerprint = Fingerprinter::new();
    fingerprint.cell(&[VERSION, kind as u8]);
    fingerprint.cell(key);
    fingerprint.cell(&number.to_le_bytes());
    (u64::from(number) << 32 | fingerprint.finish() >> 32).to_le_bytes()
}

/// Reads what [`checked`] made.
pub(super) fn open_checked(kind: ValueKind, key: &[u8], value: &[u8]) -> Result<u32, StoreError> {
    let number = value.last_chunk().map(|bytes| u32::from_le_bytes(*bytes)).unwrap_or_default();
    if checked(kind, key, number) == value { Ok(number) } else { Err(kind.corrupt()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_in_another_place_is_found_out() {
        let sealed = seal(ValueKind::Case, &[7], b"x");
        assert_eq!(open(ValueKind::Case, &[7], &sealed).unwrap(), b"x");
        assert!(open(ValueKind::Case, &[8], &sealed).is_err());
        assert!(open(ValueKind::Batch, &[7], &sealed).is_err());
        let number = checked(ValueKind::Key, b"0001", 5);
        assert_eq!(open_checked(ValueKind::Key, b"0001", &number).unwrap(), 5);
        assert!(open_checked(ValueKind::Key, b"0002", &number).is_err());
    }

    #[test]
    fn rows_under_the_other_checksum_are_read() {
        let mut sealed = vec![VERSION];
        sealed.extend(checksum(VERSION, ValueKind::Rows, &[7], b"rows").unwrap());
        sealed.extend(b"rows");
        assert_eq!(open(ValueKind::Rows, &[7], &sealed).unwrap(), b"rows");
        sealed[0] = QUICK;
        assert!(open(ValueKind::Rows, &[7], &sealed).is_err());
    }

    proptest! {
        #[test]
        fn any_changed_byte_is_found_out(payload in proptest::collection::vec(any::<u8>(), 0..80), at: usize, by in 1u8..) {
            for kind in [ValueKind::Rows, ValueKind::Case] {
                let mut sealed = seal(kind, &[1, 2], &payload);
                prop_assert_eq!(open(kind, &[1, 2], &sealed).unwrap(), payload.as_slice());
                let at = at % sealed.len();
                sealed[at] ^= by;
                let opened = open(kind, &[1, 2], &sealed);
                prop_assert!(matches!(opened, Err(StoreError::Corrupt(_))));
            }
        }

        #[test]
        fn a_cut_value_is_found_out(payload in proptest::collection::vec(0u8..2, 1..600), cut: usize) {
            let sealed = seal(ValueKind::Rows, &[], &payload);
            prop_assert!(open(ValueKind::Rows, &[], &sealed[..cut % sealed.len()]).is_err());
        }

        #[test]
        fn short_or_foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert!(open(ValueKind::Audit, &[], &bytes).is_err());
            prop_assert!(open_json::<serde_json::Value>(ValueKind::Audit, &[], &bytes).is_err());
        }
    }
}
