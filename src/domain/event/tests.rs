//! Undo and redo of events.

use super::reversal::same_content;
use super::*;
use crate::domain::case::State;
use crate::domain::category::Category;
use proptest::prelude::*;

fn event(n: u64, kind: EventKind, refers: Option<u64>, before: &Case, after: &Case) -> Event {
    let actor = Actor::named("佐藤", Timestamp::UNIX_EPOCH);
    Event {
        id: EventId::first(n),
        before: Some(before.clone()),
        after: Some(after.clone()),
        refers: refers.map(EventId::first),
        ..Event::new(kind, Subject::Record(RecordNo(7)), &actor)
    }
}

fn decided(category: Category) -> Case {
    Case { state: State::Decided(category), version: 1, ..Case::default() }
}

#[test]
fn undo_and_redo_bring_the_same_content_back() {
    let (open, done) = (Case::default(), decided(Category::C23));
    let decide = event(1, EventKind::Decide, None, &open, &done);
    let back = undo(&decide, &done).unwrap();
    assert!(same_content(&back.after, &open));
    assert!(back.after.version > done.version);
    let again = redo(&decide, &back.after).unwrap();
    assert!(same_content(&again.after, &done));
}

#[test]
fn a_later_change_or_a_batch_stops_undo() {
    let (open, done) = (Case::default(), decided(Category::C23));
    let decide = event(1, EventKind::Decide, None, &open, &done);
    assert_eq!(undo(&decide, &decided(Category::C24)), Err(UndoRefusal::ChangedSince));
    let listed = Case { in_batch: Some(2), version: 2, ..done.clone() };
    assert_eq!(undo(&decide, &listed), Err(UndoRefusal::InBatch(2)));
    // A note says nothing of the decision; the record stays in its batch.
    let noted = Case { note: "電話".into(), version: 3, ..listed.clone() };
    let note = event(2, EventKind::Note, None, &listed, &noted);
    assert_eq!(undo(&note, &noted).unwrap().after.in_batch, Some(2));
}

/// What led to the decision that was withdrawn is history: no step before the withdrawal is taken back or made again
/// behind it, so that the old decision cannot come back and be listed once more.
#[test]
fn nothing_before_a_withdrawal_is_undone_or_redone() {
    use crate::domain::case::withdraw;
    let at = |seconds| Some(Timestamp::from_second(seconds).unwrap());
    let open = Case::default();
    let hold = Case { state: State::Pending, decided_at: at(1), version: 1, ..open.clone() };
    let first = Case { decided_at: at(2), version: 2, ..decided(Category::C24) };
    let done = Case { decided_at: at(3), version: 3, ..decided(Category::C23) };
    let noted = Case { note: "電話".into(), version: 4, ..done.clone() };
    let back = withdraw(&noted, "別人の疑い", "佐藤", Timestamp::from_second(9).unwrap());
    assert!(back.state.is_open() && back.note == "電話" && back.version == 5);
    let steps = [
        event(1, EventKind::Decide, None, &open, &hold),
        event(2, EventKind::Decide, None, &hold, &first),
        event(3, EventKind::Decide, None, &first, &done),
        event(4, EventKind::Note, None, &done, &noted),
    ];
    let mut trail = steps.to_vec();
    trail.push(event(5, EventKind::Withdraw, None, &noted, &back));
    for step in &steps {
        assert_eq!(undo(step, &back), Err(UndoRefusal::ChangedSince), "{step:?}");
        assert_eq!(redo(step, &back), Err(UndoRefusal::ChangedSince), "{step:?}");
    }
    assert_eq!(may_undo(&trail[4], "佐藤", false), Err(UndoRefusal::Kind(EventKind::Withdraw)));
    // A decision after it is a new one, and goes back no further than 確認中.
    let anew = Case { decided_at: at(10), version: 6, ..decided(Category::C23) };
    let decide = event(6, EventKind::Decide, None, &back, &anew);
    let undone = undo(&decide, &anew).unwrap().after;
    assert!(same_content(&undone, &back));
    for step in &steps {
        assert_eq!(undo(step, &undone), Err(UndoRefusal::ChangedSince), "{step:?}");
    }
    assert!(same_content(&redo(&decide, &undone).unwrap().after, &anew));
}

#[test]
fn an_old_event_is_undone_by_its_number_if_it_is_mine_and_stands() {
    let (open, done) = (Case::default(), decided(Category::C23));
    let decide = event(1, EventKind::Decide, None, &open, &done);
    let undone = event(2, EventKind::Undo, Some(1), &done, &open);
    let redone = event(3, EventKind::Redo, Some(1), &open, &done);
    let trail = [decide.clone(), undone.clone(), redone];
    let after = |len: usize| {
        let stack = UndoStack::of(&trail[..len], "佐藤");
        may_undo(&decide, "佐藤", stack.can_undo(decide.id))
    };
    assert_eq!([after(1), after(2), after(3)], [Ok(()), Err(UndoRefusal::AlreadyUndone), Ok(())]);
    assert_eq!(may_undo(&decide, "鈴木", false), Err(UndoRefusal::Other("佐藤".into())));
    for kind in [EventKind::Import, EventKind::Update, EventKind::Batch, EventKind::Withdraw, EventKind::Freeze] {
        let refusal = may_undo(&Event { kind, ..decide.clone() }, "佐藤", false).unwrap_err();
        assert!(refusal.to_string().ends_with("ください"), "{refusal}");
    }
    assert_eq!(may_undo(&undone, "佐藤", false), Err(UndoRefusal::Kind(EventKind::Undo)));
}

#[test]
fn other_operators_events_are_not_mine_to_undo() {
    let mut stack = UndoStack::default();
    stack.push(&event(1, EventKind::Decide, None, &Case::default(), &decided(Category::C23)), "鈴木");
    assert_eq!(stack.next_undo(), None);
}

proptest! {
    /// Any sequence of decisions, undos and redos behaves as an editor's undo does.
    #[test]
    fn the_stack_is_an_editors_undo(steps in proptest::collection::vec(0u8..3, 0..60)) {
        let mut stack = UndoStack::default();
        let (mut done, mut undone): (Vec<u64>, Vec<u64>) = (vec![], vec![]);
        let case = Case::default();
        for (n, step) in steps.into_iter().enumerate() {
            let seq = n as u64 + 1;
            match step {
                0 => {
                    stack.push(&event(seq, EventKind::Decide, None, &case, &case), "佐藤");
                    done.push(seq);
                    undone.clear();
                }
                1 => {
                    if let Some(last) = done.pop() {
                        prop_assert_eq!(stack.next_undo(), Some(EventId::first(last)));
                        stack.push(&event(seq, EventKind::Undo, Some(last), &case, &case), "佐藤");
                        undone.push(last);
                    }
                }
                _ => {
                    if let Some(last) = undone.pop() {
                        prop_assert_eq!(stack.next_redo(), Some(EventId::first(last)));
                        stack.push(&event(seq, EventKind::Redo, Some(last), &case, &case), "佐藤");
                        done.push(last);
                    }
                }
            }
            prop_assert_eq!(stack.next_undo(), done.last().copied().map(EventId::first));
            prop_assert_eq!(stack.next_redo(), undone.last().copied().map(EventId::first));
        }
    }
}
