//! Canonical form of an address, for join keys.

use super::municipality::{self, MunicipalityMatch};
use super::number::{Counter, NumeralDoubt};
use super::parse::parse;
use super::postal_code;
use super::street::BareNumber;

/// Returns the canonical form of an address: 市区町村, 町名, numbers joined by `-`, building and 方書.
pub(crate) fn fold(text: &str) -> String {
    let address = parse(text);
    let mut out: String = postal_code::digits(&address.line.units[..address.postal_len]).collect();
    match address.municipality.as_ref().and_then(MunicipalityMatch::unique) {
        Some(id) => out.push_str(&municipality::entry(id).full()),
        None => out.extend(address.municipality_units().iter().map(|u| u.c)),
    }
    if address.municipality.is_some() {
        out.push('/');
    }
    let street = &address.street;
    out.extend(street.town.iter().map(|u| u.c));
    if street.aza_markers.iter().any(|marker| marker.first == '小') {
        out.push('小');
    }
    let mut separator = '|';
    for (at, number) in street.numbers.iter().chain(&street.rooms).enumerate() {
        // Keep the start of a room that has several parts or could be a branch number.
        let mark_rooms = street.rooms.len() > 1 || street.numbers.len() < 3;
        out.push(if at == street.numbers.len() && mark_rooms { '#' } else { separator });
        match (number.doubt, number.counter) {
            (NumeralDoubt::Always, _) | (NumeralDoubt::Unnamed, None) => out.push('?'),
            _ => {}
        }
        out.extend(std::iter::repeat_n('0', number.zeros));
        out.push_str(&number.value.to_string());
        separator = '-';
    }
    if let [only] = street.numbers.as_slice() {
        match (only.counter, street.bare_number) {
            (Some(Counter::Chome | Counter::Bancho), _) | (None, BareNumber::Chome) => out.push('丁'),
            (None | Some(Counter::Ban), _) | (Some(Counter::Go), BareNumber::LotOrGo) => {}
            _ => out.push('号'),
        }
    }
    for (prefix, units) in
        [('=', &street.lot_letter), ('>', &street.quarter), ('|', &street.building), ('@', &street.care_of)]
    {
        if !units.is_empty() {
            out.push(prefix);
            out.extend(units.iter().map(|u| u.c));
        }
    }
    if let Some(floor) = street.floor {
        out.push_str(&format!("|{}{}F", if street.basement { "B" } else { "" }, floor.value));
    }
    out
}
