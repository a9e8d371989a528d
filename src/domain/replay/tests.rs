//! Replaying trails of this layout and of older ones.

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::domain::case::State;
use crate::domain::category::Category;
use crate::domain::event::{Actor, EventId};

fn event(n: u64, kind: EventKind, subject: Subject) -> Event {
    let actor = Actor::named("佐藤", Timestamp::UNIX_EPOCH);
    Event { id: EventId::first(n), ..Event::new(kind, subject, &actor) }
}

fn step(n: u64, kind: EventKind, no: RecordNo, before: &Case, after: &Case) -> Event {
    Event { before: Some(before.clone()), after: Some(after.clone()), ..event(n, kind, Subject::Record(no)) }
}

fn batch(n: u64, number: u32, records: &[RecordNo]) -> Event {
    let detail = Detail::Batch { records: records.to_vec(), digest: format!("d{number}") };
    Event { detail, ..event(n, EventKind::Batch, Subject::Batch(number)) }
}

const NEW: Older<'_> = Older { until: 0, records: &|_| Vec::new() };

fn decided(version: u32) -> Case {
    Case { state: State::Decided(Category::C23), version, ..Case::default() }
}

#[test]
fn a_batch_takes_its_records_and_a_withdrawal_frees_one() {
    let (a, b) = (RecordNo(3), RecordNo(5));
    let mut replay = Replay::default();
    let listed = |version| Case { in_batch: Some(1), ..decided(version) };
    let back = Case { state: State::Pending, version: 3, ..Case::default() };
    let withdrawn = Event {
        detail: Detail::Withdrawal { batch: 1, digest: "w".into() },
        ..step(4, EventKind::Withdraw, b, &listed(2), &back)
    };
    for event in [
        step(1, EventKind::Decide, a, &Case::default(), &decided(1)),
        step(2, EventKind::Decide, b, &Case::default(), &decided(1)),
        batch(3, 1, &[a, b]),
        withdrawn,
    ] {
        replay.apply(&event, &NEW).unwrap();
    }
    assert_eq!(replay.cases[&a], listed(2));
    assert_eq!(replay.cases[&b], back);
    assert_eq!((replay.batches[&1].as_str(), replay.withdrawals.as_slice()), ("d1", ["w".to_owned()].as_slice()));
}

/// Before layout 5 cases did not hold the batch, and a batch did not raise their version.
#[test]
fn an_older_trail_gives_cases_with_their_batch() {
    let no = RecordNo(3);
    let records = |number| if number == 1 { vec![no] } else { Vec::new() };
    let older = Older { until: 4, records: &records };
    let words = |words: &str| Detail::Words(words.into());
    let noted = Case { note: "電話".into(), ..decided(2) };
    let mut replay = Replay::default();
    for event in [
        step(1, EventKind::Decide, no, &Case::default(), &decided(1)),
        Event { detail: words("解除 第1回 1件"), ..event(2, EventKind::Batch, Subject::Batch(1)) },
        step(3, EventKind::Note, no, &decided(1), &noted),
        Event { detail: words("件数報告 第1回"), ..event(4, EventKind::Freeze, Subject::Report(1)) },
    ] {
        replay.apply(&event, &older).unwrap();
    }
    let listed = Case { in_batch: Some(1), ..noted };
    assert_eq!(replay.cases[&no], listed);
    assert_eq!((replay.batches[&1].as_str(), replay.reports[&1].as_str()), ("", ""));
    // An event of this layout goes on from there, with the batch in its case.
    let after = Case { note: "済".into(), version: 3, ..listed.clone() };
    replay.apply(&step(5, EventKind::Note, no, &listed, &after), &older).unwrap();
    assert_eq!(replay.cases[&no], after);
}

/// The oldest withdrawals did not reopen the case and held no case; the record went on a list again once it was decided.
#[test]
fn the_oldest_withdrawals_free_the_record_too() {
    let no = RecordNo(3);
    let older = Older { until: 5, records: &|_| vec![no] };
    let words = |words: &str| Detail::Words(words.into());
    let mut replay = Replay::default();
    replay.apply(&step(1, EventKind::Decide, no, &Case::default(), &decided(1)), &older).unwrap();
    let batch = |n, number| Event { detail: words("解除"), ..event(n, EventKind::Batch, Subject::Batch(number)) };
    replay.apply(&batch(2, 1), &older).unwrap();
    let withdrawn = Event { detail: words("解除 第1回"), ..event(3, EventKind::Withdraw, Subject::Record(no)) };
    replay.apply(&withdrawn, &older).unwrap();
    assert_eq!(replay.cases[&no], decided(1));
    replay.apply(&step(4, EventKind::Decide, no, &decided(1), &decided(2)), &older).unwrap();
    replay.apply(&batch(5, 2), &older).unwrap();
    assert_eq!(replay.cases[&no].in_batch, Some(2));
}

#[test]
fn what_does_not_follow_is_told() {
    let no = RecordNo(3);
    let mut replay = Replay::default();
    let wrong = step(1, EventKind::Decide, no, &decided(7), &decided(8));
    assert_eq!(replay.apply(&wrong, &NEW), Err(Contradiction::Before));
    assert_eq!(replay.cases[&no], decided(8));
    assert_eq!(replay.apply(&batch(2, 2, &[no]), &NEW), Err(Contradiction::Number));
    assert_eq!(replay.apply(&batch(3, 3, &[no]), &NEW), Err(Contradiction::InBatch(no)));
    assert_eq!(replay.apply(&event(4, EventKind::Import, Subject::Import(2)), &NEW), Err(Contradiction::Number));
}

proptest! {
    /// Two trails give one hash exactly where they end in one state.
    #[test]
    fn the_hash_tells_states_apart(notes in proptest::collection::vec((0u32..4, "[ab]{0,1}"), 1..12)) {
        let run = |notes: &[(u32, String)]| {
            let mut replay = Replay::default();
            for (n, (no, note)) in notes.iter().enumerate() {
                let no = RecordNo(*no);
                let before = replay.cases.get(&no).cloned().unwrap_or_default();
                let after = Case { note: note.clone(), version: before.version + 1, ..before.clone() };
                replay.apply(&step(n as u64 + 1, EventKind::Note, no, &before, &after), &NEW).unwrap();
            }
            replay
        };
        let (all, fewer) = (run(&notes), run(&notes[..notes.len() - 1]));
        prop_assert_eq!(all.hash(), run(&notes).hash());
        prop_assert_ne!(all.hash(), fewer.hash());
    }
}
