//! What is counted over all rows while they are made ready, and the refusals and warnings that follow from it.

use std::collections::{BTreeMap, BTreeSet};

use super::encoding::Encoding;
use super::error::Refusal;
use super::serial::SerialCounts;
use super::warnings::Warnings;
use crate::domain::record::Column;

/// Maximum number of undecodable rows that are tolerated in a file of any size; beyond them at most one row in a hundred.
const UNDECODABLE_FREE: u64 = 3;

/// What is counted over all rows.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub(super) rows: u64,
    pub(super) undecodable: u64,
    /// Line and byte of the first undecodable sequence.
    pub(super) first_fault: Option<(u32, u64)>,
    /// Rows of a sheet with a number where text is needed.
    pub(super) numbers: u64,
    /// Line and column of the first one.
    pub(super) first_number: Option<(u32, Column)>,
    pub(super) warnings: Warnings,
    /// The 保険者番号 of the file with the first line of each.
    pub(super) insurers: BTreeMap<String, u32>,
    /// Day serials in the date columns.
    pub(super) serials: SerialCounts,
    /// Codes that stand where a mark is expected.
    pub(super) mark_codes: BTreeSet<String>,
}

impl Totals {
    /// Adds the totals of later rows.
    pub(super) fn append(&mut self, later: &Self) {
        self.rows += later.rows;
        self.undecodable += later.undecodable;
        self.first_fault = self.first_fault.or(later.first_fault);
        self.numbers += later.numbers;
        self.first_number = self.first_number.or(later.first_number);
        self.warnings.append(&later.warnings);
        self.serials.append(&later.serials);
        self.mark_codes.extend(later.mark_codes.iter().cloned());
        for (number, &line) in &later.insurers {
            let first = self.insurers.entry(number.clone()).or_insert(line);
            *first = line.min(*first);
        }
    }

    /// Refuses a file without rows, with too many that are no text, or with numbers in most of them where text is needed;
    /// gives the warnings.
    pub(super) fn check(&self, name: &str, encoding: Encoding) -> Result<Warnings, Refusal> {
        let (file, rows, undecodable) = (name.to_owned(), self.rows, self.undecodable);
        if rows == 0 {
            return Err(Refusal::Empty { file });
        }
        if let Some((line, column)) = self.first_number.filter(|_| self.numbers * 2 > rows) {
            return Err(Refusal::NumberCells { file, rows, numbers: self.numbers, column: column.name(), line });
        }
        match self.first_fault {
            Some((line, byte)) if undecodable > UNDECODABLE_FREE && undecodable * 100 > rows => {
                let encoding = encoding.name();
                Err(Refusal::TooManyUndecodable { file, rows, undecodable, encoding, line, byte })
            }
            _ => {
                let mut warnings = self.warnings.clone();
                let mut lines: Vec<u32> = self.insurers.values().copied().collect();
                lines.sort_unstable();
                lines.iter().skip(1).for_each(|&line| warnings.add("insurer-mixed", line));
                Ok(warnings)
            }
        }
    }
}
