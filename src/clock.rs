//! The machine's clocks: the only module that reads them.
//!
//! The time of day is an argument of everything that needs it ([`Clock`](crate::desk::Clock)); only `main` takes it from
//! here. The other clock measures how long something takes or is waited for, and decides nothing that is kept.

use std::time::Instant;

use jiff::Timestamp;

/// Returns the time of day.
#[expect(clippy::disallowed_methods, reason = "the one reading of the time of day")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Returns a moment of the clock that only goes forward.
#[expect(clippy::disallowed_methods, reason = "the one reading of the monotonic clock")]
pub fn instant() -> Instant {
    Instant::now()
}
