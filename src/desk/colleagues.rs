//! Two operators at one store: nobody decides over the other unseen, and nothing is done twice.

use super::tests::{letter, office, papers, sound, state};
use super::*;
use crate::domain::case::{Case, Decision, State};
use crate::domain::category::Category;
use crate::domain::event::{EventId, EventKind, UndoRefusal};
use crate::domain::request::{Role, Seen};
use crate::service::{BatchExpect, Command, Done, UndoTarget};

/// A second operator at the same desk.
fn colleague(seat: &Seat) -> Seat {
    Seat::at(seat.desk().clone(), Caller::named("鈴木"))
}

fn events(desk: &Desk) -> u64 {
    desk.snapshot().unwrap().meta().unwrap().audit_seq
}

/// The case that a refusal says stands now.
fn stale(result: Result<Done, DeskError>) -> Case {
    match result {
        Err(DeskError::Stale { case, .. }) => *case,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_decision_on_a_state_that_a_colleague_changed_is_refused() {
    let office = office(&[("1", ""), ("2", "")]);
    let (first, second) = (&office.desk, colleague(&office.desk));
    let one = first.find("1").unwrap();
    let drawn = second.seen(one);
    first.decide(one, &papers()).unwrap();
    let before = events(first);
    let decide = |decision: Decision| Command::Decide { seen: drawn, decision: Box::new(decision) };
    let now = stale(second.run(&decide(Decision { reason: Some("見直し".into()), ..letter() })));
    assert_eq!((now.state, now.operator.as_str(), now.version), (State::Decided(Category::C23), "佐藤", 1));
    // The same holds for whatever else changes the case, before any other rule is asked.
    for command in [
        Command::Annotate { seen: drawn, note: "電話で確認".into() },
        Command::Protect { seen: drawn, on: true, reason: String::new() },
        Command::Reopen { seen: drawn, reason: "見直し".into() },
    ] {
        assert_eq!(stale(second.run(&command)), now, "{command:?}");
    }
    let two = Seen { record: first.find("2").unwrap(), version: 0 };
    let many = Command::DecideMany(vec![(two, papers()), (drawn, papers())]);
    let Err(DeskError::Lines(refused)) = second.run(&many) else { panic!("decided") };
    assert!(matches!(&refused[..], [(1, DeskError::Stale { .. })]), "{refused:?}");
    assert_eq!((events(first), state(first, two.record)), (before, State::Untouched), "nothing was changed");
    // Asked again on what stands there now, it is done.
    second.annotate(one, "電話で確認").unwrap();
    let again = Command::Decide { seen: Seen { version: 2, ..drawn }, decision: Box::new(papers()) };
    assert!(matches!(second.run(&again), Err(DeskError::Refused(_))), "the rules are asked again");
    sound(first);
}

#[test]
fn a_note_is_not_replaced_unseen() {
    let office = office(&[("1", "")]);
    let (first, second) = (&office.desk, colleague(&office.desk));
    let one = first.find("1").unwrap();
    let drawn = second.seen(one);
    first.annotate(one, "本人から電話あり").unwrap();
    let now = stale(second.run(&Command::Annotate { seen: drawn, note: "不在".into() }));
    assert_eq!(now.note, "本人から電話あり");
    assert_eq!(first.snapshot().unwrap().case(one).unwrap().note, "本人から電話あり");
}

/// One of several lines of a file that name one record follows on from the line before.
#[test]
fn lines_about_one_record_follow_on_from_each_other() {
    let office = office(&[("1", "")]);
    let desk = &office.desk;
    let one = desk.find("1").unwrap();
    let again = Decision { reason: Some("見直し".into()), ..Decision::category(Category::C24) };
    let events = desk.decide_all(&[(one, papers()), (one, again)]).unwrap();
    assert_eq!(events.len(), 2);
    // The trail tells that they were made together, and that a change alone was not.
    assert!(events.iter().all(|event| event.group.is_some() && event.group == event.request));
    assert_eq!(desk.annotate(one, "電話").unwrap().group, None);
    assert_eq!(state(desk, one), State::Decided(Category::C24));
}

#[test]
fn a_list_or_report_that_is_no_longer_the_preview_is_not_made() {
    let office = office(&[("1", ""), ("2", "")]);
    let (first, second) = (&office.desk, colleague(&office.desk));
    let [one, two] = ["1", "2"].map(|id| first.find(id).unwrap());
    first.decide(one, &papers()).unwrap();
    let shown = BatchExpect::from(&second.outlook().unwrap());
    let counted = second.preview_report().unwrap();
    assert_eq!((shown, second.preview_batch().unwrap().1), (BatchExpect { number: 1, rows: 1, ..shown }, shown));
    first.decide(two, &papers()).unwrap();
    let before = events(first);
    let Err(DeskError::BatchMoved { now }) = second.make_batch(shown) else { panic!("made") };
    assert_eq!((now.number, now.rows), (1, 2));
    let Err(DeskError::ReportMoved { now: counts }) = second.freeze(&counted) else { panic!("frozen") };
    assert_eq!((counted.report.backlog, counts.report.backlog), (1, 0));
    assert_eq!(events(first), before, "nothing was changed");
    // As many rows as before are another list where one of them stands under 支援措置 now.
    first.protect(two, true, "申出").unwrap();
    assert!(matches!(second.make_batch(now), Err(DeskError::BatchMoved { now }) if now.protected == 1));
    let now = BatchExpect::from(&second.outlook().unwrap());
    assert_eq!(second.make_batch(now).unwrap().rows.len(), 2);
    // The number is taken.
    assert!(matches!(first.make_batch(now), Err(DeskError::NothingToRelease)));
    second.freeze(&second.preview_report().unwrap()).unwrap();
    sound(first);
}

#[test]
fn each_operator_takes_back_their_own_newest_step() {
    let office = office(&[("1", ""), ("2", "")]);
    let (first, second) = (&office.desk, colleague(&office.desk));
    let [one, two] = ["1", "2"].map(|id| first.find(id).unwrap());
    let mine = first.decide(one, &papers()).unwrap();
    let theirs = second.decide(two, &papers()).unwrap();
    assert_eq!(first.undo(None).unwrap().refers, Some(mine.id));
    assert_eq!(second.undo(None).unwrap().refers, Some(theirs.id));
    assert_eq!(first.redo().unwrap().refers, Some(mine.id));
    assert!(matches!(
        colleague(first).undo_step(mine.id.n),
        Err(DeskError::Undo(UndoRefusal::AlreadyUndone | UndoRefusal::Other(_)))
    ));
}

/// The same account at two terminals: a key never takes back a step that its terminal does not know of.
#[test]
fn a_step_made_elsewhere_is_not_taken_back_unseen() {
    let office = office(&[("1", ""), ("2", "")]);
    let (here, there) = (&office.desk, office.desk.clone());
    let [one, two] = ["1", "2"].map(|id| here.find(id).unwrap());
    let known = here.decide(one, &papers()).unwrap().id.n;
    let elsewhere = there.decide(two, &papers()).unwrap().id.n;
    let undo = |known| Command::Undo(UndoTarget::Newest { known: Some(known) });
    let Err(DeskError::StepsMoved { newest }) = here.run(&undo(known)) else { panic!("taken back") };
    assert_eq!((newest, events(here)), (elsewhere, elsewhere));
    assert!(matches!(here.run(&Command::Redo { known: Some(known) }), Err(DeskError::StepsMoved { .. })));
    // A colleague's steps do not count.
    colleague(here).annotate(one, "電話").unwrap();
    assert_eq!(here.run(&undo(newest)).unwrap().events()[0].refers, Some(EventId::first(elsewhere)));
}

#[test]
fn a_request_sent_again_is_done_once() {
    let office = office(&[("1", ""), ("2", "")]);
    let desk = &office.desk;
    let seen = desk.seen(desk.find("1").unwrap());
    let command = Command::Decide { seen, decision: Box::new(papers()) };
    let id = request_id().unwrap();
    let send = |who: &Caller| Service::run(desk.desk(), who, id, &command);
    let first = send(desk.caller()).unwrap();
    assert_eq!(send(desk.caller()).unwrap(), first);
    let events = desk.snapshot().unwrap().events(0..u64::MAX, Some(seen.record)).unwrap();
    assert_eq!(events.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Decide]);
    // Another caller's request is another one, whatever its number.
    assert!(matches!(send(&Caller::named("鈴木")), Err(DeskError::Stale { .. })));
    assert!(matches!(
        colleague(desk).desk().run(&Caller::named("鈴木"), id, &note(desk, "2")),
        Err(DeskError::Store(_))
    ));
    // Nor is it the answer to another command.
    assert!(matches!(Service::run(desk.desk(), desk.caller(), id, &note(desk, "2")), Err(DeskError::Usage(_))));
    assert_eq!(state(desk, desk.find("2").unwrap()), State::Untouched);
    assert_ne!(request_id().unwrap(), id);
}

fn note(desk: &Seat, id: &str) -> Command {
    Command::Annotate { seen: desk.seen(desk.find(id).unwrap()), note: "電話".into() }
}

/// Each list, withdrawal and report is answered as it was kept, however often it is asked for, and made once.
#[test]
fn lists_and_reports_sent_again_are_answered_as_they_were_kept() {
    let office = office(&[("1", "")]);
    let desk = &office.desk;
    desk.decide(desk.find("1").unwrap(), &papers()).unwrap();
    let twice = |command: Command| {
        let id = request_id().unwrap();
        let first = Service::run(desk.desk(), desk.caller(), id, &command).unwrap();
        let count = events(desk);
        assert_eq!(Service::run(desk.desk(), desk.caller(), id, &command).unwrap(), first);
        assert_eq!(events(desk), count);
    };
    twice(Command::MakeBatch(desk.preview_batch().unwrap().1));
    twice(Command::Freeze(Box::new(desk.preview_report().unwrap())));
    twice(Command::Withdraw { batch: 1, id: "1".into(), reason: "誤り".into() });
    sound(desk);
}

/// One that is sent again while the first one is under way fails on what the first one did, or is found in the transaction;
/// it is answered all the same.
#[test]
fn a_request_sent_twice_at_once_is_answered_twice() {
    let at_once = |desk: &Seat, command: &Command| {
        let (id, before) = (request_id().unwrap(), events(desk));
        let done: Vec<Done> = std::thread::scope(|scope| {
            let send = || Service::run(desk.desk(), desk.caller(), id, command).unwrap();
            let sent: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
            sent.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(done.iter().all(|one| *one == done[0]), "{done:?}");
        assert_eq!(events(desk), before + 1);
    };
    for _ in 0..10 {
        let office = office(&[("1", "")]);
        let desk = &office.desk;
        let seen = desk.seen(desk.find("1").unwrap());
        at_once(desk, &Command::Decide { seen, decision: Box::new(papers()) });
        at_once(desk, &Command::MakeBatch(desk.preview_batch().unwrap().1));
        at_once(desk, &Command::Freeze(Box::new(desk.preview_report().unwrap())));
        at_once(desk, &Command::Withdraw { batch: 1, id: "1".into(), reason: "誤り".into() });
        sound(desk);
    }
}

#[test]
fn who_may_only_look_changes_nothing() {
    let office = office(&[("1", "")]);
    let viewer = Seat::at(office.desk.desk().clone(), Caller { role: Role::Viewer, ..Caller::named("監査") });
    let before = events(&viewer);
    assert!(matches!(viewer.annotate(viewer.find("1").unwrap(), "電話"), Err(DeskError::ViewerOnly)));
    viewer.run(&Command::KeepSession(b"here".to_vec())).unwrap();
    assert_eq!(events(&viewer), before);
}
