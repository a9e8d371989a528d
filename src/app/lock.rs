//! The idle lock (ARCHITECTURE "Workstation"): after a while without a key the screen is blank, and the keys that wake
//! it do nothing else.
//!
//! It hides personal data from whoever passes by; it asks for no password, which is the business of the session's host.

use std::time::Duration;

use super::guard::SAME;
use crate::config::keys::Key;

/// Milliseconds within which keys belong to the one that woke the screen.
const TOGETHER: u64 = 300;

/// Watches for idleness.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// Milliseconds without a key after which the screen is blanked; `None` never.
    after: Option<u64>,
    last: u64,
    locked: bool,
    /// The last key that was swallowed, when, and whether it was the one that woke the screen.
    swallowed: Option<(Option<Key>, u64, bool)>,
}

impl Lock {
    /// A lock that falls after a time; zero means never.
    pub fn after(idle: Duration) -> Self {
        let after = u64::try_from(idle.as_millis()).unwrap_or(u64::MAX);
        Self { after: (after > 0).then_some(after), ..Self::default() }
    }

    /// Whether the screen is blank.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// When the screen is to be blanked.
    pub fn deadline(&self) -> Option<u64> {
        let after = self.after.filter(|_| !self.locked)?;
        Some(self.last.saturating_add(after))
    }

    /// Blanks the screen when it is time; gives whether it did.
    pub fn fall(&mut self, at: u64) -> bool {
        let due = self.deadline().is_some_and(|due| at >= due);
        self.locked |= due;
        due
    }

    /// Notes a key, or a paste (`None`); gives whether it must do nothing because it belongs to what woke the screen.
    pub fn swallows(&mut self, key: Option<Key>, at: u64) -> bool {
        // Time may have passed unnoticed while the program was stopped.
        self.fall(at);
        self.last = at;
        let belongs = self.swallowed.is_some_and(|(last, when, woke)| {
            let gap = at.saturating_sub(when);
            // A key held down begins to repeat only after a while.
            gap < TOGETHER || (woke && last.is_some() && last == key && gap < SAME)
        });
        let swallow = self.locked || belongs;
        let woke = std::mem::take(&mut self.locked);
        self.swallowed = swallow.then_some((key, at, woke));
        swallow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char) -> Option<Key> {
        Some(Key::char(c))
    }

    #[test]
    fn falls_after_its_time_and_swallows_what_wakes_it() {
        let mut lock = Lock::after(Duration::from_secs(60));
        assert!(!lock.swallows(key('j'), 1_000));
        assert_eq!(lock.deadline(), Some(61_000));
        assert!(!lock.fall(60_999) && lock.fall(61_000) && lock.is_locked());
        assert_eq!(lock.deadline(), None);
        assert!(lock.swallows(key('m'), 90_000) && !lock.is_locked());
        // The rest of a burst, and of a key held down.
        assert!(lock.swallows(key('2'), 90_001) && lock.swallows(key('3'), 90_250));
        assert!(!lock.swallows(key('m'), 90_560));
        assert!(lock.fall(150_560) && lock.swallows(key('m'), 160_000));
        assert!(lock.swallows(key('m'), 161_000) && lock.swallows(key('m'), 161_033));
        // Somebody who presses the same key again and again is let in with the third.
        assert!(!lock.swallows(key('m'), 161_400));
        // A paste wakes it too.
        assert!(lock.fall(222_200) && lock.swallows(None, 230_000) && lock.swallows(key('m'), 230_010));
    }

    #[test]
    fn zero_means_never() {
        let mut lock = Lock::after(Duration::ZERO);
        assert_eq!(lock.deadline(), None);
        assert!(!lock.fall(u64::MAX) && !lock.swallows(key('m'), u64::MAX));
    }
}
