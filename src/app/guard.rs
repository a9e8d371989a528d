//! Stray input never decides (ARCHITECTURE "Workstation"): bursts, keys held down, and records that nobody has seen
//! yet.
//!
//! A key that could decide waits a moment: a burst shows itself by the keys that follow at once. The same key again
//! soon after waits longer: a key held down shows itself by repeating. Keys that cannot decide never wait.

use super::action::Action;
use crate::config::keys::Key;
use crate::domain::record::RecordNo;

/// Maximum milliseconds between two keys of one run.
pub const CLOSE: u64 = 5;
/// Minimum number of keys in a run that make it a burst.
pub const BURST: usize = 8;
/// Milliseconds without a key after which a burst is over.
pub const BURST_OVER: u64 = 100;
/// Milliseconds within which the same key may be a key held down: keyboards wait that long before they repeat.
pub const SAME: u64 = 1_100;
/// Milliseconds within which a key held down repeats.
pub const REPEAT: u64 = 150;
/// Milliseconds without a key, counted from the frame that shows a refusal, after which a key may decide again.
pub const PAUSE: u64 = 1_000;

/// What a decision hangs on: the record and what stands above it. A decision needs the scene that was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scene {
    /// The record at the cursor.
    pub record: Option<RecordNo>,
    /// Counts everything that opened or closed above the screen.
    pub above: u64,
}

/// A key that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The key.
    pub key: Key,
    /// How it stands to the keys before.
    pub stroke: Stroke,
    /// The scene when it was pressed.
    pub scene: Scene,
    /// When it was pressed: that it waited does not take it out of a burst.
    pub at: u64,
}

/// How a key press stands to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// How often this key was pressed in a row, this time included.
    pub same: usize,
    /// Whether it follows so fast that the key is held down.
    pub repeats: bool,
}

/// A decision that waits for the key to be quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// What was asked for.
    pub action: Action,
    /// The key that would repeat.
    pub key: Key,
    /// The scene it was asked in.
    pub scene: Scene,
    /// When it may be done.
    pub due: u64,
}

/// Watches the times of keys.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    last: Option<(Key, u64)>,
    run: usize,
    same: usize,
    burst_until: u64,
    /// The newest time known.
    now: u64,
    /// Since when nothing decides, because a decision was refused or left unfinished.
    refused: Option<u64>,
    /// Whether the refusal stands on the screen.
    shown: bool,
    /// Keys that wait until the run is over.
    pub waiting: Vec<Waiting>,
    /// A decision that waits.
    pub held: Option<HeldKey>,
}

impl Guard {
    /// Notes the time.
    pub fn pass(&mut self, at: u64) {
        self.now = self.now.max(at);
    }

    /// Notes that a decision was refused or left unfinished: what was typed ahead of it must not decide something else.
    pub fn refuse(&mut self) {
        (self.refused, self.shown) = (Some(self.now), false);
    }

    /// Notes that the current frame stands on the screen; the pause after a refusal begins when it can be read.
    pub fn show(&mut self) {
        if self.refused.is_some() && !self.shown {
            (self.refused, self.shown) = (Some(self.now), true);
        }
    }

    /// Notes that the operator went to another record, which ends the pause.
    pub fn moved(&mut self) {
        self.refused = None;
    }

    /// Whether nothing may decide yet after a refusal.
    pub fn pauses(&self) -> bool {
        self.refused.is_some()
    }

    /// Notes a key press.
    pub fn observe(&mut self, key: Key, at: u64, repeat: bool) -> Stroke {
        self.pass(at);
        if let Some(since) = self.refused {
            self.refused = (!self.shown || at < since + PAUSE).then_some(at.max(since));
        }
        let gap = self.last.map(|(_, last)| at.saturating_sub(last));
        let same_key = self.last.is_some_and(|(last, _)| last == key);
        self.run = if gap.is_some_and(|gap| gap < CLOSE) { self.run + 1 } else { 1 };
        self.same = if same_key && gap.is_some_and(|gap| gap < SAME) { self.same + 1 } else { 1 };
        if self.run >= BURST || (at < self.burst_until && self.run > 1) {
            self.burst_until = self.burst_until.max(at + BURST_OVER);
        }
        self.last = Some((key, at));
        let fast = same_key && gap.is_some_and(|gap| gap < REPEAT);
        Stroke { same: self.same, repeats: repeat || fast }
    }

    /// Notes that something came in which nobody typed: keys right around it may not decide.
    pub fn disturb(&mut self, at: u64) {
        self.burst_until = at + BURST_OVER;
        self.waiting.clear();
        self.held = None;
    }

    /// Whether a key pressed at this time belongs to a burst, or to what came in beside it.
    pub fn in_burst(&self, at: u64) -> bool {
        self.run >= BURST || at < self.burst_until
    }

    /// Whether the run that waiting keys belong to is over.
    pub fn run_is_over(&self, at: u64) -> bool {
        self.last.is_none_or(|(_, last)| at.saturating_sub(last) >= CLOSE)
    }

    /// When something waiting may go on, if anything waits.
    pub fn deadline(&self) -> Option<u64> {
        let run = (!self.waiting.is_empty()).then(|| self.last.map_or(0, |(_, last)| last + CLOSE));
        let held = self.held.map(|held| held.due);
        run.into_iter().chain(held).min()
    }
}

/// Folds a full-width letter that an IME left on produces; `None` for letters no keymap knows (かな, 漢字).
pub fn fold_ime(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        '\u{3000}' => Some(' '),
        '「' => Some('['),
        '」' => Some(']'),
        '。' => Some('.'),
        '・' => Some('/'),
        c if c.is_ascii() => Some(c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_eight_keys_close_together_and_lasts_until_quiet() {
        let mut guard = Guard::default();
        for n in 0..7 {
            guard.observe(Key::char('a'), n, false);
            assert!(!guard.in_burst(n));
        }
        guard.observe(Key::char('b'), 7, false);
        assert!(guard.in_burst(7) && guard.in_burst(100));
        // What trickles in behind the burst belongs to it.
        guard.observe(Key::char('c'), 90, false);
        guard.observe(Key::char('d'), 91, false);
        assert!(guard.in_burst(150));
        guard.observe(Key::char('e'), 400, false);
        assert!(!guard.in_burst(400));
    }

    /// What follows a refusal decides only after a pause that begins when the refusal can be read, or after a movement.
    #[test]
    fn a_refusal_is_followed_by_a_pause() {
        let pauses = |shown: Option<u64>, keys: &[u64]| {
            let mut guard = Guard::default();
            guard.observe(Key::char('x'), 1_000, false);
            guard.refuse();
            if let Some(at) = shown {
                guard.pass(at);
                guard.show();
            }
            for at in keys {
                guard.observe(Key::char('y'), *at, false);
            }
            guard.pauses()
        };
        assert!(pauses(Some(1_000), &[1_400]) && pauses(Some(1_000), &[1_999]));
        assert!(!pauses(Some(1_000), &[2_000]));
        // On a slow line it is read later.
        assert!(pauses(Some(1_300), &[2_299]) && !pauses(Some(1_300), &[2_300]));
        assert!(pauses(None, &[9_000]), "nobody has seen it yet");
        // Every key in between begins the pause anew.
        assert!(pauses(Some(1_000), &[1_900, 2_800]) && !pauses(Some(1_000), &[1_900, 2_900]));
        let mut guard = Guard::default();
        guard.refuse();
        guard.moved();
        assert!(!guard.pauses());
    }

    #[test]
    fn strokes_count_the_same_key() {
        let mut guard = Guard::default();
        assert_eq!(guard.observe(Key::char('a'), 0, false), Stroke { same: 1, repeats: false });
        assert_eq!(guard.observe(Key::char('a'), 500, false), Stroke { same: 2, repeats: false });
        assert_eq!(guard.observe(Key::char('a'), 530, false), Stroke { same: 3, repeats: true });
        assert_eq!(guard.observe(Key::char('b'), 540, false), Stroke { same: 1, repeats: false });
        assert_eq!(guard.observe(Key::char('b'), 5_000, false), Stroke { same: 1, repeats: false });
    }

    #[test]
    fn full_width_letters_fold() {
        assert_eq!("ａ２？：「」".chars().map(fold_ime).collect::<Option<String>>().as_deref(), Some("a2?:[]"));
        assert_eq!(fold_ime('あ'), None);
    }
}
