//! 生年月日: dates in every notation of RULES §7 (RULES §5 D1–D3).
//!
//! A text is read (`parse`, with `era` and `time_of_day`) as every date that it may mean; two texts are equal dates when they have one in
//! common, and plainly so when neither leaves a doubt (`compare`). `serial` reads the day numbers of spreadsheets.

pub(super) mod compare;
mod date;
mod doubt;
mod era;
#[cfg(test)]
mod laws;
mod parse;
mod serial;
mod time_of_day;

pub use date::PartialDate;
pub use era::Era;
pub use parse::{ParsedDate, parse_date};
pub use serial::{DateSystem, birth_serial, serial_date};
