//! Sequences cut by the network (ARCHITECTURE "Workstation"): every split of every sequence that a keyboard or a
//! terminal sends, in a real terminal, and a whole decision on a line on which every byte comes alone.

use std::time::Duration;

use crate::terminal::{Line, Terminal, touched};
use crate::wait::{AFTER_REFUSAL, BEYOND_ESC, BEYOND_STRAY, TYPED_BYTE, WITHIN_ESC, silence};
use crate::work::Work;

/// Keys, reports and answers; those that hold `2` and `3`, `m`, `a` or `d` would decide if their pieces were typed.
const SEQUENCES: [&str; 47] = [
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[F",
    "\x1b[Z",
    "\x1bOA",
    "\x1bOB",
    "\x1bOC",
    "\x1bOD",
    "\x1bOH",
    "\x1bOF",
    "\x1bOQ",
    "\x1bOS",
    "\x1b[[B",
    "\x1bOr",
    "\x1bOs",
    "\x1b[1~",
    "\x1b[2~",
    "\x1b[3~",
    "\x1b[4~",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[7~",
    "\x1b[8~",
    "\x1b[12~",
    "\x1b[14~",
    "\x1b[17~",
    "\x1b[20~",
    "\x1b[21~",
    "\x1b[23~",
    "\x1b[24~",
    "\x1b[1;5C",
    "\x1b[1;2B",
    "\x1b[3;5~",
    "\x1b[23;5~",
    "\x1b[109;5u",
    "\x1b[27;5;109~",
    "\x1b[0n",
    "\x1b[23;23R",
    "\x1b[?62;4;22c",
    "\x1b[>41;354;0c",
    "\x1b[<0;23;23M",
    "\x1b[I",
    "\x1b[200~m23a\r\x1b[201~",
    "髙",
];

/// Four workstations share the splits; each pause is longer than a lone ESC is waited for, or shorter.
#[test]
fn every_split_of_every_sequence_decides_nothing() {
    let splits = SEQUENCES.iter().flat_map(|text| (1..text.len()).map(move |place| text.as_bytes().split_at(place)));
    let splits: Vec<(&[u8], &[u8])> = splits.collect();
    assert!(splits.len() > 180, "{}", splits.len());
    let part = |turn: usize| splits.iter().skip(turn).step_by(4).copied().collect::<Vec<_>>();
    std::thread::scope(|scope| {
        for turn in 0..4 {
            let splits = part(turn);
            scope.spawn(move || {
                let (work, _) = Work::with_sample(300);
                let terminal = Terminal::open(&work, Line::default());
                terminal.wait_for_record();
                terminal.wait_for_rest();
                for (n, (before, behind)) in splits.into_iter().enumerate() {
                    terminal.press(before);
                    silence([WITHIN_ESC, BEYOND_ESC, BEYOND_STRAY][n % 3]);
                    terminal.press(behind);
                    silence(BEYOND_STRAY);
                    // Whatever screen or prompt it led to, the next one begins with the record.
                    terminal.press("\x1b");
                    silence(BEYOND_ESC);
                    terminal.press("\x1bOQ");
                    silence(BEYOND_STRAY);
                }
                terminal.wait_for_record();
                terminal.assert_alive();
                // The proof that a key pressed in peace decides: what came before was not simply lost.
                let id = terminal.wait_for_record();
                silence(AFTER_REFUSAL);
                terminal.press("m");
                terminal.wait_for(&format!("保存済: {id}"));
                terminal.quit();
                assert_eq!(touched(&work), [id]);
            });
        }
    });
}

/// A modem's line: 300 ms there and back, every byte of either way alone. One decision, taken back, and the way home.
#[test]
fn a_slow_line_carries_a_whole_decision() {
    let (work, _) = Work::with_sample(300);
    let line = Line { round_trip: Duration::from_millis(300), per_byte: Duration::from_micros(500), ..Line::default() };
    let terminal = Terminal::open(&work, line);
    let press = |keys: &str| {
        for byte in keys.bytes() {
            terminal.press([byte]);
            silence(TYPED_BYTE);
        }
    };
    let first = terminal.wait_for_record();
    terminal.wait_for_rest();
    press("\x1b[B");
    let id = terminal.wait_for_other(&first);
    // A record counts as drawn once its frame has come back.
    terminal.wait_for_rest();
    press("m");
    terminal.wait_for_letter(&id);
    assert_eq!(touched(&work), std::slice::from_ref(&id));
    terminal.wait_for_rest();
    press("u");
    terminal.wait("the record as before", |screen| !screen.contains("●4-"));
    press("\x1b[A");
    terminal.assert_redraw_changes_nothing();
    terminal.quit();
    assert_eq!(touched(&work), Vec::<String>::new());
}
