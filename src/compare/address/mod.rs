//! 住所: addresses (RULES §5 A1–A7).
//!
//! An address is folded into units (`fold`), taken apart from the front (`parse`: `postal_code`, `municipality`, then `parse_street` with
//! `chain`, `counter` and `premises`) and compared part by part (`compare` and the `compare_*` files, unit by unit in `pairing`). `quick`
//! recognises the commonest equal addresses without taking them apart.

mod building_name;
pub(super) mod canonical;
mod chain;
pub(super) mod compare;
mod compare_buildings;
mod compare_municipalities;
mod compare_numbers;
mod compare_towns;
mod counter;
mod designator;
pub(super) mod fold;
pub(super) mod municipality;
mod number;
mod pairing;
mod parse;
mod parse_street;
mod postal_code;
mod premises;
pub(super) mod quick;
mod reader;
mod reconcile;
mod street;
mod words;

#[cfg(test)]
mod tests;
