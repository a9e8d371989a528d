//! Options and progress of an import.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::encoding::Encoding;
use super::error::Refusal;
use super::profile::{LayoutProfile, RememberedProfile};
use super::serial;
use crate::compare::DateSystem;
use crate::domain::byte_size::ByteSize;
use crate::domain::run::Run;

/// Options of an import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The encoding, where the operator forces one.
    pub encoding: Option<Encoding>,
    /// The layout profile, where the operator gives one.
    pub layout: Option<LayoutProfile>,
    /// The profiles that were used for a header before.
    pub remembered: Vec<RememberedProfile>,
    /// Which records the file covers.
    pub run: Run,
    /// Whether missing 判定結果 columns are made up for by comparison.
    pub recompute_marks: bool,
    /// Reads day serials of a spreadsheet in date columns as dates of this system.
    pub serial_dates: Option<DateSystem>,
    /// Accepts a full file although more than half of the records would vanish.
    pub allow_vanish: bool,
    /// Accepts a file although its 保険者番号 is not that of the records.
    pub allow_insurer: bool,
    /// Computes the facts of unchanged rows anew, and reads a file that is known already.
    pub recompute_facts: bool,
    /// Reads and counts everything, and writes nothing.
    pub check: bool,
    /// The sheet to read, where the file is a workbook.
    pub sheet: Option<String>,
    /// Maximum size of the file in bytes, unpacked too.
    pub max_bytes: u64,
    /// The settings file in which the maximum stands or may be written.
    pub settings: PathBuf,
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
            serial_dates: None,
            allow_vanish: false,
            allow_insurer: false,
            recompute_facts: false,
            check: false,
            sheet: None,
            max_bytes: ByteSize::DEFAULT_MAXIMUM.0,
            settings: PathBuf::from("settings.toml"),
            cancel: None,
        }
    }
}

impl ImportOptions {
    /// The refusal of a file of this size.
    pub(super) fn too_large(&self, file: &str, bytes: u64) -> Refusal {
        let (max, settings) = (self.max_bytes, self.settings.clone());
        Refusal::TooLarge { file: file.to_owned(), what: "", bytes, max, settings }
    }

    /// Fingerprint of the options beside file, encoding and run: another profile may read the same bytes differently, and
    /// another sheet of them holds other rows.
    pub(super) fn fingerprint(&self, sheet: Option<&str>) -> String {
        let plain = self.layout.is_none() && self.remembered.is_empty() && !self.recompute_marks;
        if plain && self.serial_dates.is_none() && sheet.is_none() {
            return String::new();
        }
        let remembered = self.remembered.iter().map(|remembered| remembered.profile.text());
        let profiles: Vec<&str> = self.layout.iter().map(LayoutProfile::text).chain(remembered).collect();
        let mut asked = format!("{profiles:?} {}", self.recompute_marks);
        if let Some(system) = self.serial_dates {
            asked.push_str(serial::word(system));
        }
        if let Some(sheet) = sheet {
            asked.push_str(&format!(" {sheet:?}"));
        }
        blake3::hash(asked.as_bytes()).to_hex()[..16].to_owned()
    }
}

/// Progress of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that are read.
    pub bytes_done: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
    /// Rows that are read.
    pub rows: u64,
}
