//! The rules of the job (DOMAIN §2–§9), pure: no IO, no clock, no terminal, no environment.
//!
//! A newcomer finds a rule by its name: `suspension` holds the table of DOMAIN §2, `scope` §3, `category`, `case` and
//! `guard` §4, `danger` §6, `tally` and `calendar` §8. What today is, who the operator is and what the workspace allows
//! come in as arguments. May use [`crate::compare`] and nothing else of the crate.

pub mod batch;
pub mod calendar;
pub mod case;
pub mod category;
pub mod danger;
pub mod event;
pub mod export;
pub mod filter;
pub mod formula;
pub mod guard;
pub mod held;
pub mod identity;
pub mod insurer;
pub mod listed;
pub mod pattern;
pub mod person;
pub mod queue;
pub mod record;
pub mod request;
pub mod run;
pub mod scope;
pub mod suggestion;
pub mod suspension;
pub mod tally;
pub mod trend;
pub mod twins;

pub use crate::compare::FieldKind;
