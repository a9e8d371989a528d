//! The rules of the job, pure: no IO, no clock, no terminal, no environment.
//!
//! Each rule stands in the module that bears its name: [`suspension`] holds the table of RULES §2, [`scope`] §3,
//! [`category`], [`case`], [`guard`] and [`transition`] §4, [`suggestion`] the end of §5, [`danger`] §6, [`record`], [`identity`] and
//! [`quarantine`] §7, [`tally`], [`batch`] and [`calendar`] §8. The steps of §5 that compare two values are in [`crate::compare`].
//!
//! Beside the rules: [`request`] says who asks and what they have seen, [`event`] what is kept of a change, [`replay`] what
//! the events add up to, [`counter`] what is counted of the records; [`queue`], [`pattern`], [`filter`] and [`trend`] serve the
//! screens; [`export`] lists the kinds of lists, [`listed`] reads one that comes back, [`formula`] and [`original_codes`] guard what
//! is written to files, [`byte_size`] says how large they may be.
//!
//! The date, the operator and the settings of the workspace come in as arguments. May use [`crate::compare`] and nothing
//! else of the crate.
//!
#![doc = include_str!("RULES.md")]

pub mod batch;
pub mod byte_size;
pub mod calendar;
pub mod case;
pub mod category;
pub mod counter;
pub mod danger;
pub mod event;
pub mod export;
pub mod filter;
pub mod formula;
pub mod guard;
pub mod identity;
pub mod insurer;
pub mod listed;
pub mod original_codes;
pub mod pattern;
pub mod person;
pub mod quarantine;
pub mod queue;
pub mod record;
pub mod replay;
pub mod request;
pub mod run;
pub mod scope;
pub mod suggestion;
pub mod suspension;
pub mod tally;
pub mod transition;
pub mod trend;

pub use crate::compare::FieldKind;
