//! When the next frame may be written: a terminal that is behind gets no more than it has drawn.
//!
//! Behind every frame stands a question (DSR 5) that terminals answer once they have drawn what came before it. While
//! answers come, at most two small frames are on their way; everything that happens meanwhile is drawn as one. So a key
//! held down builds no backlog in the buffers of the line, and a record counts as drawn only when the terminal says so. A
//! terminal that does not answer is no longer asked.

use std::collections::VecDeque;

/// Asks the terminal to say that it is ready; the answer is `ESC [ 0 n`.
pub(super) const QUESTION: &[u8] = b"\x1b[5n";

/// Maximum size in bytes of a frame that a second one can follow before the terminal answers.
const SMALL: usize = 2 * 1024;
/// Maximum wait for an answer, in milliseconds.
const OVERDUE: u64 = 2_000;

/// How the terminal stands to questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Manner {
    /// Not known yet: it is asked, and nobody waits.
    #[default]
    Unknown,
    /// It answers.
    Answers,
    /// It does not.
    Mute,
}

/// A frame on its way: its bytes and when it was written.
type Flight = (usize, u64);

/// Watches the frames on their way.
#[derive(Debug, Default)]
pub(super) struct Pace {
    flying: VecDeque<Flight>,
    manner: Manner,
}

impl Pace {
    /// Whether another frame may be written.
    pub(super) fn may_send(&self) -> bool {
        self.manner != Manner::Answers
            || match self.flying.front() {
                None => true,
                Some((bytes, _)) => self.flying.len() == 1 && *bytes <= SMALL,
            }
    }

    /// Whether the question should stand behind the next frame.
    pub(super) fn asks(&self) -> bool {
        self.manner != Manner::Mute
    }

    /// Notes a frame with its question.
    pub(super) fn sent(&mut self, bytes: usize, at: u64) {
        self.flying.push_back((bytes, at));
    }

    /// Notes an answer.
    pub(super) fn answered(&mut self) {
        if self.flying.pop_front().is_some() {
            self.manner = Manner::Answers;
        }
    }

    /// Whether everything written counts as drawn.
    pub(super) fn is_drawn(&self) -> bool {
        self.manner != Manner::Answers || self.flying.is_empty()
    }

    /// Whether answers may still come.
    pub(super) fn is_quiet(&self) -> bool {
        self.flying.is_empty()
    }

    /// When the oldest answer is overdue.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.flying.front().map(|(_, at)| at + OVERDUE)
    }

    /// Gives up on answers that are overdue; gives whether something changed.
    pub(super) fn expire(&mut self, now: u64) -> bool {
        if self.deadline().is_none_or(|due| now < due) {
            return false;
        }
        self.flying.clear();
        self.manner = if self.manner == Manner::Answers { Manner::Unknown } else { Manner::Mute };
        true
    }

    /// Asks anew: another terminal may be there.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_answers_gets_no_more_than_it_draws() {
        let mut pace = Pace::default();
        pace.sent(9_000, 0);
        assert!(pace.may_send() && pace.is_drawn(), "nothing is known yet");
        pace.answered();
        pace.sent(500, 10);
        assert!(pace.may_send() && !pace.is_drawn());
        pace.sent(500, 20);
        assert!(!pace.may_send());
        pace.answered();
        assert!(pace.may_send() && !pace.is_drawn());
        pace.answered();
        assert!(pace.is_drawn() && pace.is_quiet());
        pace.sent(5_000, 30);
        assert!(!pace.may_send(), "a long frame goes alone");
    }

    #[test]
    fn a_terminal_that_does_not_answer_is_not_waited_for() {
        let mut pace = Pace::default();
        pace.sent(100, 0);
        assert!(!pace.expire(1_999) && pace.expire(2_000));
        assert!(!pace.asks() && pace.may_send() && pace.is_drawn());
        // One that has answered is asked again before it counts as mute.
        pace.forget();
        pace.sent(100, 0);
        pace.answered();
        pace.sent(9_000, 10);
        assert!(!pace.may_send() && pace.expire(2_010) && pace.may_send() && pace.asks());
        // An answer nobody waits for says nothing.
        pace.answered();
        assert_eq!(pace.manner, Manner::Unknown);
    }
}
