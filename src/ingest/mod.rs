//! Reads a 突合結果ファイル into a store: bytes → rows (RULES §7, ARCHITECTURE "How an import runs").
//!
//! [`import`] is the only way in. In the order of the work: `input` opens a file of any kind and gives its records as a `source`. Of text,
//! `scan` finds the `encoding` and `input` the `separator`; `decode` turns bytes into text without
//! losing any (`twins` keeps bytes that the text does not tell, `hash` names the file); `frame` cuts the text into records with
//! their physical lines. A `workbook` (`file_cursor` reads it) gives the rows of a `sheet` as such records: `cell_text` writes its values,
//! `cell_notes` and `merged` say what is doubtful about them. `cells` and `reader` cut records into cells; `header`, `resolve`, `words`, `profile` and `draft` say which
//! column is which (`layout`); `validate` accepts a row with counted `warnings` (`doubts`; by bytes first, `glance` and `row_dates`) or
//! rejects it (`row`; `spreadsheet` and `serial` know what those programs break); `prepare` makes rows ready; `delta` compares them with what the store knows, `held` with what was rejected
//! before, `person` and `others` look for other people, `insurer` knows whose file it is, `recompute` whether unchanged rows are judged anew; `pipeline` runs all of it on a few threads
//! in one transaction, and `report` tells what happened to every row. `correction` and `listed` read files that meken wrote.
//! May use `domain`, `compare`, `store` and the diagnostics of `config`; knows no terminal, no engine and no clock but the
//! stopwatch of the report.

mod candidates;
mod cell_notes;
mod cell_text;
mod cells;
mod correction;
mod counts;
mod danger;
mod decode;
mod delta;
mod doubts;
mod draft;
mod encoding;
mod error;
mod file_cursor;
mod frame;
mod glance;
mod hash;
mod header;
mod held;
mod held_columns;
mod incoming;
mod input;
mod insurer;
mod io_words;
mod layout;
mod listed;
mod mapping;
mod merged;
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
mod row_dates;
mod row_fingerprint;
mod row_twins;
mod scan;
mod separator;
mod serial;
mod sheet;
mod source;
mod space;
mod spreadsheet;
mod totals;
mod twins;
mod validate;
mod warnings;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

pub use counts::{RejectedCount, Vanishing};
pub use encoding::{Encoding, UnknownEncoding};
pub use error::{IngestError, Refusal, SheetName};
pub(crate) use io_words::io_words;
pub use mapping::{MappedColumn, Mapping, mapping};
pub use options::{ImportOptions, Progress};
pub use others::OtherPersons;
pub use pipeline::import;
pub use profile::{LayoutProfile, ProfileError, RememberedProfile, remember, remembered};
pub use report::ImportReport;
pub use separator::Separator;
pub use serial::{UnknownDateSystem, date_system};
