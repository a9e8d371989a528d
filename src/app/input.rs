//! Keys on their way in: a chord begun, and what decides whether a key may decide.

use super::guard::{Guard, Scene};
use super::lock::Lock;
use crate::config::keys::Key;

/// What is known of keys and of what stood on the screen when they were pressed.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Keys of a sequence so far.
    pub pressed: Vec<Key>,
    /// Watches for stray input.
    pub guard: Guard,
    /// Blanks the screen when nobody is there.
    pub lock: Lock,
    /// The scene on the screen.
    pub(super) drawn: Option<Scene>,
    /// Counts what opened or closed above the screen.
    pub(super) above: u64,
}

impl Input {
    /// When time alone changes something, if it does.
    pub fn deadline(&self) -> Option<u64> {
        self.guard.deadline().into_iter().chain(self.lock.deadline()).min()
    }
}
