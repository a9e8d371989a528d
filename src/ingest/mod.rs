//! Reads a 突合結果ファイル into a store: bytes → rows (RULES §7, ARCHITECTURE "How an import runs").
//!
//! [`import`] is the only way in. `decode` finds the encoding and turns bytes into text without losing any, `hash` names
//! the file, `twins` keeps bytes that the text does not tell, `frame` and `reader` cut the text into records with their
//! physical lines, `words`, `layout` and `profile` say which column is which, `validate` accepts a row with counted warnings or
//! holds it back (`spreadsheet` knows what those programs break), `delta` compares rows with what the store knows, `person` counts
//! those that are another person's, `insurer` knows whose file it is, `prepare` makes rows ready, `pipeline` runs all of it on a
//! few threads in one transaction, and `report` tells what happened to every row. May use `domain`, `compare` and `store`; knows no terminal, no engine and no clock but the stopwatch of the
//! report.

mod correction;
mod danger;
mod decode;
mod delta;
mod error;
mod frame;
mod hash;
mod held;
mod insurer;
mod layout;
mod listed;
mod mapping;
mod person;
mod pipeline;
mod prepare;
mod profile;
mod reader;
mod report;
mod spreadsheet;
mod twins;
mod validate;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use decode::{Encoding, UnknownEncoding};
pub use delta::{HeldCount, Vanishing};
pub(crate) use error::io_words;
pub use error::{IngestError, Refusal};
pub use mapping::{MappedColumn, Mapping, mapping};
pub use person::Others;
pub use pipeline::import;
pub use profile::{LayoutProfile, ProfileError, Remembered, remember, remembered};
pub use report::ImportReport;

use crate::domain::run::Run;

/// The largest file that is read unless the settings say otherwise: 1 GiB (ARCHITECTURE "How an import runs").
pub const DEFAULT_MAX_BYTES: u64 = 1 << 30;

/// How a file is to be read.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The encoding, where the operator forces one.
    pub encoding: Option<Encoding>,
    /// The layout profile, where the operator gives one.
    pub layout: Option<LayoutProfile>,
    /// The profiles that were used for a header before.
    pub remembered: Vec<Remembered>,
    /// Which rows the file speaks for.
    pub run: Run,
    /// Whether missing 判定結果 columns are made up for by comparison.
    pub recompute_marks: bool,
    /// Takes a full file although more than half of the records would vanish.
    pub allow_vanish: bool,
    /// Takes a file although its 保険者番号 is not that of the records.
    pub allow_insurer: bool,
    /// Reads and counts everything, and writes nothing.
    pub check: bool,
    /// The largest file in bytes.
    pub max_bytes: u64,
    /// Set by another thread to stop the import; nothing is then written.
    pub cancel: Option<Arc<AtomicBool>>,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            encoding: None,
            layout: None,
            remembered: Vec::new(),
            run: Run::Full,
            recompute_marks: false,
            allow_vanish: false,
            allow_insurer: false,
            check: false,
            max_bytes: DEFAULT_MAX_BYTES,
            cancel: None,
        }
    }
}

impl ImportOptions {
    /// A fingerprint of what is asked for beside file, encoding and run: another profile may read the same bytes otherwise.
    fn fingerprint(&self) -> String {
        if self.layout.is_none() && self.remembered.is_empty() && !self.recompute_marks {
            return String::new();
        }
        let remembered = self.remembered.iter().map(|remembered| remembered.profile.text());
        let profiles: Vec<&str> = self.layout.iter().map(LayoutProfile::text).chain(remembered).collect();
        let asked = format!("{profiles:?} {}", self.recompute_marks);
        blake3::hash(asked.as_bytes()).to_hex()[..16].to_owned()
    }
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that are read.
    pub bytes_done: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
    /// Rows that are read.
    pub rows: u64,
}
