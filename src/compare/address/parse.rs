//! Parsing of a whole address: 郵便番号, 都道府県 and 市区町村, and the street address behind them.

use super::fold::units;
use super::municipality::{self, MunicipalityMatch};
use super::parse_street::parse_street;
use super::postal_code;
use super::street::{BareNumber, StreetAddress};
use crate::compare::unit::{Unit, UnitLine};

/// Address parsed into its parts.
pub(super) struct ParsedAddress {
    /// Folded text of the whole address.
    pub(super) line: UnitLine,
    /// Number of units of the 郵便番号 at the start.
    pub(super) postal_len: usize,
    /// Matching entries of the table of 市区町村; `None` when there is none.
    pub(super) municipality: Option<MunicipalityMatch>,
    /// Index of the first unit behind 都道府県 and 市区町村.
    pub(super) street_start: usize,
    /// Everything behind the 市区町村.
    pub(super) street: StreetAddress,
}

impl ParsedAddress {
    /// Returns the units of 都道府県 and 市区町村.
    pub(super) fn municipality_units(&self) -> &[Unit] {
        &self.line.units[self.postal_len..self.street_start]
    }

    /// Returns whether no 都道府県, 市区町村 or 町名 is written, at most numbers, a building or a room.
    pub(super) fn has_no_locality(&self) -> bool {
        self.street_start == self.postal_len && self.street.town.is_empty()
    }
}

/// Parses an address.
pub(super) fn parse(text: &str) -> ParsedAddress {
    let line = units(text);
    let postal_len = postal_code::len(&line.units);
    let municipality = municipality::find(&line.units[postal_len..]);
    let municipality_len =
        municipality.as_ref().map_or_else(|| municipality::prefecture_len(&line.units[postal_len..]), |m| m.len);
    let street_start = postal_len + municipality_len;
    let mut street = parse_street(&line.units[street_start..]);
    let jo_has_chome = municipality.as_ref().is_some_and(MunicipalityMatch::divides_jo_into_chome);
    street.bare_number = BareNumber::behind(&street.town, jo_has_chome);
    ParsedAddress { line, postal_len, municipality, street_start, street }
}
