//! Reads a 突合結果ファイル into a store: bytes → rows (RULES §7, ARCHITECTURE "How an import runs").
//!
//! [`import`] is the only way in. In the order of the work: `scan` finds the `encoding`; `decode` turns bytes into text without
//! losing any (`twins` keeps bytes that the text does not tell, `hash` names the file); `frame` cuts the text into records with
//! their physical lines, `cells` and `reader` cut records into cells; `header`, `resolve`, `words`, `profile` and `draft` say which
//! column is which (`layout`); `validate` accepts a row with counted `warnings` or rejects it (`row`; `spreadsheet` knows what
//! those programs break); `prepare` makes rows ready; `delta` compares them with what the store knows, `held` with what was rejected
//! before, `person` and `others` look for other people, `insurer` knows whose file it is, `recompute` whether unchanged rows are judged anew; `pipeline` runs all of it on a few threads
//! in one transaction, and `report` tells what happened to every row. `correction` and `listed` read files that meken wrote.
//! May use `domain`, `compare`, `store` and the diagnostics of `config`; knows no terminal, no engine and no clock but the
//! stopwatch of the report.

mod candidates;
mod cells;
mod correction;
mod counts;
mod danger;
mod decode;
mod delta;
mod draft;
mod encoding;
mod error;
mod frame;
mod hash;
mod header;
mod held;
mod held_columns;
mod incoming;
mod insurer;
mod io_words;
mod layout;
mod listed;
mod mapping;
mod options;
mod others;
mod person;
mod pipeline;
mod prepare;
mod profile;
mod reader;
mod recompute;
mod report;
mod resolve;
mod row;
mod row_fingerprint;
mod row_twins;
mod scan;
mod space;
mod spreadsheet;
mod totals;
mod twins;
mod validate;
mod warnings;
mod words;

#[cfg(test)]
mod tests;

pub use counts::{RejectedCount, Vanishing};
pub use encoding::{Encoding, UnknownEncoding};
pub use error::{IngestError, Refusal};
pub(crate) use io_words::io_words;
pub use mapping::{MappedColumn, Mapping, mapping};
pub use options::{DEFAULT_MAX_BYTES, ImportOptions, Progress};
pub use others::OtherPersons;
pub use pipeline::import;
pub use profile::{LayoutProfile, ProfileError, RememberedProfile, remember, remembered};
pub use report::ImportReport;
