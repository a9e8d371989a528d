//! The manifest beside every export: what the file is, and from which state of the store it came (DESIGN §3, §7).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::compare::visible;
use crate::domain::calendar::japan;
use crate::store::Meta;

/// `FILE.manifest.json`. Other tools check the file with its SHA-256; `meken verify` checks the store with the audit head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Name of the exported file, without folder.
    pub file: String,
    /// What was exported: release, report, records, quarantine …
    pub kind: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Data rows, the header not counted.
    pub rows: u64,
    /// Counts that belong to the export, by name.
    pub counts: BTreeMap<String, u64>,
    /// Name of the newest imported file, without folder.
    pub source: String,
    /// Its SHA-256.
    pub source_sha256: String,
    /// Identity of the store.
    pub store: String,
    /// Hash of the newest audit event.
    pub audit_head: String,
    /// Its number.
    pub audit_seq: u64,
    /// Who exported.
    pub operator: String,
    /// When, Japanese time.
    pub time: String,
    /// Version of the program.
    pub version: String,
}

/// Origin of an export: the part of the manifest that does not follow from the bytes of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What is exported: release, report, records, quarantine …
    pub kind: String,
    /// Data rows.
    pub rows: u64,
    /// Counts by name.
    pub counts: BTreeMap<String, u64>,
    /// Name and SHA-256 of the newest imported file.
    pub source: (String, String),
    /// Identity of the store.
    pub store: String,
    /// Hash and number of the newest audit event.
    pub audit: (String, u64),
    /// Who exports.
    pub operator: String,
    /// When.
    pub at: Timestamp,
}

impl Origin {
    /// Describes an export from a store in this state.
    pub fn of(kind: &str, meta: &Meta, operator: &str, at: Timestamp) -> Self {
        let source = meta.imports.last();
        Self {
            kind: kind.to_owned(),
            rows: 0,
            counts: BTreeMap::new(),
            source: source.map(|import| (import.file.clone(), import.sha256.clone())).unwrap_or_default(),
            store: meta.id.clone(),
            audit: (meta.audit_head.clone(), meta.audit_seq),
            operator: operator.to_owned(),
            at,
        }
    }

    /// Sets the number of data rows.
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows as u64;
        self
    }

    /// Adds a count.
    pub fn count(mut self, name: &str, count: u64) -> Self {
        self.counts.insert(name.to_owned(), count);
        self
    }
}

impl Manifest {
    /// Describes the bytes of a file of this name.
    pub fn of(file: &str, bytes: &[u8], origin: &Origin) -> Self {
        Self {
            file: file.to_owned(),
            kind: origin.kind.clone(),
            sha256: sha256(bytes),
            bytes: bytes.len() as u64,
            rows: origin.rows,
            counts: origin.counts.clone(),
            source: origin.source.0.clone(),
            source_sha256: origin.source.1.clone(),
            store: origin.store.clone(),
            audit_head: origin.audit.0.clone(),
            audit_seq: origin.audit.1,
            operator: origin.operator.clone(),
            time: origin.at.to_zoned(japan()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The manifest as indented JSON with a final line end.
    ///
    /// What cannot be seen (in a file name, say) is written with the escapes of JSON, so that a reader of JSON gets it as it
    /// is and a person who opens the file sees that it is there.
    pub fn to_json(&self) -> Vec<u8> {
        let json = serde_json::to_string_pretty(self).expect("text and numbers always have a JSON form");
        let mut out = String::with_capacity(json.len() + 1);
        for c in json.chars() {
            let mut buffer = [0; 4];
            let one: &str = c.encode_utf8(&mut buffer);
            // Outside its strings JSON holds nothing but ASCII and line ends; serde escapes the control characters inside.
            if c.is_ascii() && c != '\u{7F}' || visible(one) == one {
                out.push(c);
            } else {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
        }
        out.push('\n');
        out.into_bytes()
    }

    /// Reads a manifest; `None` when the bytes are none.
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Whether these are the bytes it describes.
    pub fn describes(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes.len() as u64 && self.sha256 == sha256(bytes)
    }
}

/// SHA-256, hexadecimal in lower case.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::store::ImportRecord;

    pub(in crate::export) fn origin() -> Origin {
        let import =
            ImportRecord { number: 2, file: "zenken.csv".into(), sha256: "ab".repeat(32), ..ImportRecord::default() };
        let meta = Meta {
            schema: 1,
            id: "store-1".into(),
            imports: vec![ImportRecord::default(), import],
            record_numbers: 9,
            audit_seq: 41,
            audit_head: "cd".repeat(32),
        };
        Origin::of("release", &meta, "佐藤", "2023-12-14T00:30:00Z".parse().unwrap()).rows(2).count("2-3", 2)
    }

    #[test]
    fn sha256_of_known_texts() {
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn the_fields_of_a_manifest() {
        let manifest = Manifest::of("out.csv", b"abc", &origin());
        let value: serde_json::Value = serde_json::from_slice(&manifest.to_json()).unwrap();
        let keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        let expected = [
            "file",
            "kind",
            "sha256",
            "bytes",
            "rows",
            "counts",
            "source",
            "source_sha256",
            "store",
            "audit_head",
            "audit_seq",
            "operator",
            "time",
            "version",
        ];
        assert_eq!(keys, expected);
        assert_eq!(value["sha256"], sha256(b"abc"));
        assert_eq!(value["bytes"], 3);
        assert_eq!(value["rows"], 2);
        assert_eq!(value["counts"]["2-3"], 2);
        assert_eq!(value["source_sha256"], "ab".repeat(32));
        assert_eq!(value["audit_seq"], 41);
        assert_eq!(value["time"], "2023-12-14T09:30:00+09:00");
        assert_eq!(Manifest::from_json(&manifest.to_json()), Some(manifest));
        assert_eq!(Manifest::from_json(b"{}"), None);
    }

    #[test]
    fn what_cannot_be_seen_is_escaped_and_read_as_it_is() {
        let name = "突合\u{E0AE}\u{200B}\u{202E}\u{7F}\u{F0000}𠮷髙.csv";
        let manifest = Manifest::of(name, b"abc", &origin());
        let json = String::from_utf8(manifest.to_json()).unwrap();
        assert!(json.contains(r"突合\ue0ae\u200b\u202e\u007f\udb80\udc00𠮷髙.csv"), "{json}");
        assert_eq!(Manifest::from_json(json.as_bytes()), Some(manifest));
    }

    #[test]
    fn a_changed_file_is_noticed() {
        let manifest = Manifest::of("out.csv", b"abc", &origin());
        assert!(manifest.describes(b"abc"));
        assert!(!manifest.describes(b"abd") && !manifest.describes(b"abc "));
    }
}
