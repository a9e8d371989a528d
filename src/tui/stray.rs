//! Any bytes at any pace, from the terminal to the decision: nothing is decided but by keys that were pressed in peace on a
//! record that was drawn (ARCHITECTURE "Workstation").

use proptest::prelude::*;

use super::escape::{Escape, Input, Timed};
use crate::app::guard::{BURST, BURST_OVER, CLOSE, Scene};
use crate::app::update::testing::Bench;
use crate::app::{Effect, Msg};

/// A terminal before a workstation, with the history that a decision is judged by.
struct Chain {
    bench: Bench,
    escape: Escape,
    history: Vec<Timed>,
    drawn: Option<Scene>,
}

impl Chain {
    fn new() -> Self {
        let bench = Bench::new(12, (80, 24));
        let drawn = Some(bench.model.scene());
        Self { bench, escape: Escape::default(), history: Vec::new(), drawn }
    }

    /// Lets time pass up to a moment, as the runtime does.
    fn pass(&mut self, until: u64) {
        loop {
            let due = [self.escape.deadline(), self.bench.model.shared.input.deadline()].into_iter().flatten().min();
            let Some(due) = due.filter(|due| *due < until) else { return };
            let inputs = self.escape.flush(due);
            self.take(inputs);
            if self.bench.model.shared.input.deadline().is_some_and(|model| model <= due) {
                self.tell(Msg::Quiet { at: due });
            }
        }
    }

    fn arrive(&mut self, bytes: &[u8], at: u64) {
        self.pass(at);
        let inputs = self.escape.push(bytes, at);
        self.take(inputs);
    }

    fn take(&mut self, inputs: Vec<Timed>) {
        for timed in inputs {
            self.history.push(timed.clone());
            let at = timed.at;
            self.tell(match timed.what {
                Input::Key(key, repeat) => Msg::Key { key, at, repeat },
                Input::Paste(text) => Msg::Paste { text, at },
                Input::Stray => Msg::Stray { at },
                Input::Ready => continue,
            });
        }
    }

    fn draw(&mut self) {
        self.bench.send(Msg::Drawn);
        self.drawn = Some(self.bench.model.scene());
    }

    /// Tells the workstation something; whatever is decided by it must have been meant.
    fn tell(&mut self, msg: Msg) {
        let before = self.bench.model.scene();
        let effects = self.bench.send(msg);
        for effect in effects {
            let Effect::Decide { seen, .. } = effect else { continue };
            assert_eq!(self.drawn, Some(before), "decided without being drawn");
            assert_eq!(Some(seen.record), before.record, "decided another record than the one on the screen");
            let keys: Vec<u64> =
                self.history.iter().filter(|t| matches!(t.what, Input::Key(..))).map(|t| t.at).collect();
            let last = *keys.last().unwrap();
            let disturbed = |t: &&Timed| !matches!(t.what, Input::Key(..) | Input::Ready) && t.at + BURST_OVER > last;
            assert_eq!(self.history.iter().find(disturbed), None, "decided beside stray input: {:?}", self.history);
            let run = keys.windows(2).rev().take_while(|pair| pair[1] - pair[0] < CLOSE).count() + 1;
            assert!(run < BURST, "decided by a burst: {:?}", self.history);
        }
    }
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "m",
        "d",
        "a",
        "2",
        "3",
        "23",
        "x",
        "y",
        "v",
        "u",
        "\r",
        "\x1b",
        "[",
        "j",
        "\x1b[23~",
        "\x1b[",
        "23~",
        "\x1b[I",
        "\x1b[0n",
        "\x1b[23;2R",
        "\x1b[<0;2;3M",
        "\x1b[200~m",
        "m\x1b[201~",
        "ｄ",
        "あ",
        "\u{7f}",
        ".",
        "1",
        "20231201",
    ];
    prop_oneof![
        6 => prop::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..12),
    ]
}

fn gap() -> impl Strategy<Value = u64> {
    prop_oneof![0u64..6, 6u64..120, 120u64..2_500]
}

proptest! {
    #[test]
    fn nothing_is_decided_but_in_peace(steps in prop::collection::vec((piece(), gap(), any::<bool>()), 1..60)) {
        let mut chain = Chain::new();
        let mut at = 100_000;
        for (bytes, gap, drawn) in steps {
            at += gap;
            chain.arrive(&bytes, at);
            if drawn {
                chain.draw();
            }
        }
        chain.pass(at + 20_000);
    }

    /// A screen too small to show the record decides nothing, whatever is pressed.
    #[test]
    fn a_screen_that_shows_no_record_decides_nothing(steps in prop::collection::vec((piece(), gap()), 1..60)) {
        let mut chain = Chain::new();
        chain.tell(Msg::Resize(30, 8));
        chain.draw();
        let mut at = 100_000;
        for (bytes, gap) in steps {
            at += gap;
            chain.arrive(&bytes, at);
            chain.draw();
        }
        chain.pass(at + 20_000);
        prop_assert_eq!(chain.bench.decisions(), 0);
    }
}

/// The proof that the chain decides at all when keys are pressed in peace.
#[test]
fn keys_in_peace_decide() {
    let mut chain = Chain::new();
    for (keys, at) in [(&b"d"[..], 20_000), (b"d", 30_000), (b"d", 40_000)] {
        chain.arrive(keys, at);
        chain.pass(at + 1_000);
        chain.draw();
    }
    assert_eq!(chain.bench.decisions(), 3);
}
