//! 履歴, 出力, 隔離, imports and commands of the palette on a fake world.

use super::testing::Bench;
use crate::app::action::Screen;
use crate::app::command::{Command, Entry};
use crate::app::effect::Effect;
use crate::app::job::{ImportSource, Job};
use crate::app::modal::{InfoBody, Modal, Prompt, Purpose};
use crate::app::msg::Msg;
use crate::domain::case::State;
use crate::domain::category::Category;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::record::RecordNo;
use crate::domain::run::Run;

fn bench(records: u32) -> Bench {
    Bench::new(records, (80, 24))
}

fn state(bench: &Bench, no: u32) -> State {
    bench.world.case(RecordNo(no)).state
}

/// Decides the second record twice and the third once, and stands on the second.
fn worked() -> Bench {
    let mut bench = bench(12);
    bench.press("j");
    bench.press("s");
    bench.press("d");
    bench.press("k");
    bench.press("k");
    bench.press("d");
    bench.type_text("届出書を見直した");
    bench.press("enter");
    bench.press("g g");
    bench.press("j");
    assert_eq!((bench.here(), bench.world.events.len()), (2, 3));
    bench
}

#[test]
fn history_shows_the_record_and_then_all() {
    let mut bench = worked();
    bench.press("F6");
    let seqs = |bench: &Bench| bench.model.history.steps.iter().map(|step| step.event.id.n).collect::<Vec<_>>();
    assert_eq!((bench.model.screen, seqs(&bench)), (Screen::History, vec![3, 1]));
    bench.press("tab");
    assert_eq!(seqs(&bench), [3, 2, 1]);
    bench.press("tab");
    assert_eq!(seqs(&bench), [3, 1]);
    bench.press("esc");
    assert_eq!((bench.model.screen, bench.here()), (Screen::Review, 2));
}

/// `/` looks in the list itself, `n` and `N` go round its hits, `esc` goes back to where it began.
#[test]
fn words_are_looked_for_in_the_trail() {
    let mut bench = worked();
    bench.press("F6");
    bench.press("tab");
    let here = |bench: &Bench| bench.model.history.here().map(|step| step.event.id.n);
    let ids = [3, 2, 1].map(|seq: usize| bench.world.events[seq - 1].record.unwrap());
    assert_ne!(ids[0], ids[1]);
    let id = bench.world.view(ids[0]).record.row.id();
    bench.press("/");
    bench.type_text(&id);
    bench.press("enter");
    assert_eq!((bench.model.screen, here(&bench)), (Screen::History, Some(3)), "{}", bench.message());
    assert!(bench.message().contains("2 件"), "{}", bench.message());
    bench.press("n");
    assert_eq!(here(&bench), Some(1));
    bench.press("n");
    assert_eq!(here(&bench), Some(3));
    bench.press("N");
    assert_eq!(here(&bench), Some(1));
    bench.press("/");
    bench.type_text(&bench.world.view(ids[1]).record.row.id());
    assert_eq!(here(&bench), Some(2));
    bench.press("esc");
    assert_eq!((here(&bench), bench.model.find.query.as_str()), (Some(1), ""));
    bench.press("/");
    bench.type_text("ありえない");
    bench.press("enter");
    assert!(bench.message().contains("見つかりません"), "{}", bench.message());
    assert_eq!(bench.decisions(), 3);
}

/// What stands on pages of the trail that are not read yet is found all the same.
#[test]
fn older_pages_are_looked_through() {
    let mut bench = bench(12);
    bench.press("d");
    bench.press("k");
    bench.press("e");
    bench.type_text("最初のメモ");
    bench.press("enter");
    for n in 0..120 {
        bench.press("e");
        bench.press("ctrl-u");
        bench.type_text(&format!("次の {n}"));
        bench.press("enter");
    }
    bench.press("F6");
    let read = bench.model.history.steps.len();
    assert!(bench.model.history.next.is_some() && read < 100, "{read}");
    bench.press("/");
    bench.type_text("最初のメモ");
    bench.press("enter");
    let note = bench.model.history.here().and_then(|step| step.event.after.clone()).map(|case| case.note);
    assert_eq!(note.as_deref(), Some("最初のメモ"), "{}", bench.message());
}

#[test]
fn words_are_looked_for_in_outputs_and_help() {
    let mut bench = worked();
    bench.press("F5");
    bench.press("/");
    bench.type_text("件数報告");
    bench.press("enter");
    let row = bench.model.output.window.cursor;
    assert!(matches!(bench.model.output.entry(row), Some(crate::app::output::Entry::Count(_))), "{}", bench.message());
    // The view tells the lines of the help; the text stays in sight while one types.
    bench.press("?");
    *bench.model.find.help.borrow_mut() = ["ひとつ", "ふたつ メモ", "みっつ", "ﾒﾓ"].map(str::to_owned).into();
    bench.press("/");
    bench.type_text("メモ");
    assert!(matches!(
        &bench.model.modal,
        Some(Modal::Prompt(Prompt { purpose: Purpose::Find { help: true, .. }, .. }))
    ));
    bench.press("enter");
    assert!(
        matches!(bench.model.modal, Some(Modal::Help { .. })) && bench.message().contains("2 件"),
        "{}",
        bench.message()
    );
    assert_eq!(bench.model.find.line(), Some(1));
    bench.press("n");
    assert_eq!(bench.model.find.line(), Some(3));
    bench.press("n");
    assert_eq!(bench.model.find.line(), Some(1));
    bench.press("q");
    assert!(bench.model.modal.is_none() && bench.model.screen == Screen::Output);
}

#[test]
fn an_old_step_is_undone_after_a_question() {
    let mut bench = worked();
    bench.press("F6");
    bench.press("tab");
    bench.press("j");
    bench.press("enter");
    let Some(Modal::Confirm(question)) = &bench.model.modal else { panic!("{}", bench.message()) };
    assert!(question.lines.iter().any(|line| line.contains("2-3 → 未着手")), "{:?}", question.lines);
    bench.press("n");
    assert_eq!(state(&bench, 3), State::Decided(Category::C23));
    bench.press("enter");
    bench.press("enter");
    assert_eq!(state(&bench, 3), State::Untouched);
    // The list is read anew and says so.
    assert_eq!(bench.model.history.steps[0].event.id.n, 4);
    assert!(bench.model.history.is_undone(2));
    assert_eq!(bench.model.queue.state(RecordNo(3)), State::Untouched);
}

#[test]
fn a_step_that_is_not_the_newest_or_stands_in_a_list_is_refused_with_what_to_do() {
    let mut bench = worked();
    bench.press("F6");
    bench.press("j");
    bench.press("enter");
    assert!(bench.model.modal.is_none());
    assert!(bench.message().contains("先に新しい操作を取り消してください"), "{}", bench.message());
    bench.world.put_in_batch(RecordNo(2), 1);
    bench.press("k");
    bench.press("enter");
    // Only the evidence would change: what was sent must stay as it is all the same.
    assert!(bench.message().contains("先に取下げてください"), "{}", bench.message());
    assert_eq!(bench.world.events.len(), 3);
}

#[test]
fn undo_by_number_from_the_palette() {
    let mut bench = worked();
    bench.press(":");
    bench.type_text("undo 2");
    let Some(Modal::Palette(palette)) = &bench.model.modal else { panic!() };
    assert_eq!(palette.found, [Entry::Command(Command::UndoStep(2))]);
    bench.press("enter");
    bench.press("enter");
    assert_eq!(state(&bench, 3), State::Untouched);
    for (text, says) in [("undo 2", "すでに取り消されています"), ("undo 99", "操作はありません"), ("undo x", "使い方")]
    {
        bench.press(":");
        bench.type_text(text);
        bench.press("enter");
        assert!(bench.message().contains(says), "{text}: {}", bench.message());
    }
    assert_eq!(bench.world.events.len(), 4);
}

/// ARCHITECTURE "Speed": a page of the trail is as long as the screen, and the next one is read when it comes into
/// sight.
#[test]
fn the_trail_is_read_page_by_page() {
    for size in [(40, 10), (80, 24), (200, 50)] {
        let mut bench = Bench::new(300, size);
        for _ in 0..150 {
            bench.press("m");
        }
        bench.world.asked.clear();
        bench.press("F6");
        bench.press("tab");
        for key in ["G", "G", "pgdn", "g g", "j"] {
            let height = bench.model.list_height();
            let limits = |bench: &Bench| -> Vec<usize> {
                let pages = bench.world.asked.iter().filter_map(|effect| match effect {
                    Effect::History { limit, .. } => Some(*limit),
                    _ => None,
                });
                pages.collect()
            };
            assert!(limits(&bench).iter().sum::<usize>() <= 2 * (height + 2), "{size:?} {:?}", limits(&bench));
            bench.world.asked.clear();
            bench.press(key);
        }
        for _ in 0..200 {
            bench.press("pgdn");
        }
        assert_eq!(bench.model.history.next, None);
        let mut seqs: Vec<u64> = bench.model.history.steps.iter().map(|step| step.event.id.n).collect();
        assert_eq!(seqs.len(), bench.world.events.len());
        seqs.dedup();
        assert!(seqs.is_sorted_by(|a, b| a > b));
        assert_eq!(seqs.len(), bench.world.events.len());
    }
}

#[test]
fn a_list_is_made_and_written_once_confirmed() {
    let mut bench = worked();
    bench.press("F5");
    bench.press("w");
    let Some(Modal::Confirm(question)) = &bench.model.modal else { panic!("{}", bench.message()) };
    let text = question.lines.join("\n");
    for part in ["第3回", "2 件", "G9", "隔離した行が 3 行"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(bench.world.tasks, []);
    bench.press("n");
    assert_eq!(bench.world.tasks, []);
    bench.press("w");
    bench.press("enter");
    assert!(matches!(bench.world.tasks[..], [Job::Export { request, expect: Some(expect) }]
        if request == ExportRequest::of(ExportKind::Release) && (expect.number, expect.rows) == (3, 2)));
    assert_eq!(bench.model.output.len(), 2 + 3 + 1);
    assert_eq!(bench.model.job, None);
    bench.press("j");
    bench.press("w");
    bench.press("enter");
    assert_eq!(bench.world.tasks[1], Job::export(ExportRequest::numbered(ExportKind::Release, 3)));
}

#[test]
fn withdrawing_asks_for_record_and_reason() {
    let mut bench = worked();
    bench.press("F5");
    bench.press("x");
    assert!(bench.model.modal.is_none());
    bench.press("j");
    bench.press("x");
    bench.press("enter");
    let Some(Modal::Prompt(Prompt { fault: Some(_), .. })) = &bench.model.modal else { panic!("no fault") };
    bench.type_text("0001234");
    bench.press("enter");
    bench.type_text("別人の疑い");
    bench.press("enter");
    bench.press("enter");
    let expected = Job::Withdraw { batch: 2, id: "0001234".into(), reason: "別人の疑い".into() };
    assert_eq!(bench.world.tasks, [expected]);
    // The queue knows at once, although the record is not the one on the screen.
    assert_eq!((state(&bench, 2), bench.model.queue.state(RecordNo(2))), (State::Pending, State::Pending));
}

/// A record that was withdrawn is open again: it takes a new decision by one key, and `u` leads back to 確認中 only.
#[test]
fn a_withdrawn_record_is_decided_anew() {
    let mut bench = worked();
    bench.world.put_in_batch(RecordNo(2), 2);
    bench.model.records.clear();
    bench.press("j");
    bench.press("k");
    let open = bench.model.queue.remaining();
    let task = Job::Withdraw { batch: 2, id: "0001234".into(), reason: "別人の疑い".into() };
    let done = bench.world.answer(&Effect::Do(task)).unwrap();
    bench.send(done);
    bench.send(Msg::Drawn);
    assert_eq!((state(&bench, 2), bench.model.queue.remaining()), (State::Pending, open + 1));
    assert_eq!((bench.model.screen, bench.here()), (Screen::Review, 2));
    bench.press("s");
    assert_eq!((state(&bench, 2), bench.model.queue.remaining()), (State::Decided(Category::C23), open));
    bench.press("u");
    assert_eq!((state(&bench, 2), bench.model.queue.remaining()), (State::Pending, open + 1));
}

#[test]
fn a_report_is_frozen_once_confirmed() {
    let mut bench = worked();
    bench.press("F5");
    bench.press("z");
    bench.press("enter");
    assert!(matches!(&bench.world.tasks[..], [Job::Freeze(expect)] if expect.number == 2));
    assert_eq!(bench.model.output.all.as_ref().unwrap().frozen.len(), 2);
}

#[test]
fn an_import_is_checked_shown_and_confirmed() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.press("enter");
    assert!(matches!(&bench.model.modal, Some(Modal::Prompt(Prompt { purpose: Purpose::Import, fault: Some(_), .. }))));
    bench.type_text("/tmp/new.csv");
    bench.press("enter");
    assert_eq!(bench.world.tasks, [Job::Check(ImportSource::of("/tmp/new.csv"))]);
    let Some(Modal::Confirm(question)) = &bench.model.modal else { panic!("{}", bench.message()) };
    assert!(question.lines[0].contains("新規 2"));
    bench.press("enter");
    assert_eq!(bench.world.tasks[1], Job::Import(ImportSource::of("/tmp/new.csv")));
    assert!(matches!(&bench.model.modal, Some(Modal::Info { body: InfoBody::Text(_), .. })));
    bench.press("esc");
    bench.press(":");
    bench.type_text("import /tmp/same.csv");
    bench.press("enter");
    // What is in already asks nothing.
    assert!(matches!(&bench.model.modal, Some(Modal::Info { .. })), "{}", bench.message());
    assert_eq!(bench.world.tasks.len(), 3);
}

fn prompted(bench: &Bench) -> (&str, Option<&str>) {
    match &bench.model.modal {
        Some(Modal::Prompt(prompt)) => (prompt.line.text(), prompt.fault.as_deref()),
        other => panic!("{other:?} {}", bench.message()),
    }
}

/// A path is completed as far as it is certain, then candidate by candidate; options behind it likewise.
#[test]
fn the_file_to_import_is_completed() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.type_text("/tmp/");
    bench.press("tab");
    assert_eq!(prompted(&bench).0, "/tmp/new");
    assert_eq!(bench.message(), "候補 3件: new/  new.csv  newer.csv");
    for expected in ["/tmp/new/", "/tmp/new.csv", "/tmp/newer.csv", "/tmp/new/"] {
        bench.press("tab");
        assert_eq!(prompted(&bench).0, expected);
    }
    bench.press("backtab");
    assert_eq!(prompted(&bench).0, "/tmp/newer.csv");
    bench.type_text(" --ru");
    bench.press("tab");
    assert_eq!(prompted(&bench).0, "/tmp/newer.csv --run");
    bench.type_text(" d");
    bench.press("tab");
    assert_eq!(prompted(&bench).0, "/tmp/newer.csv --run delta");
    bench.press("enter");
    let expected = ImportSource { run: Run::Delta, ..ImportSource::of("/tmp/newer.csv") };
    assert_eq!(bench.world.tasks, [Job::Check(expected)]);
    bench.press("n");
    bench.press("F8");
    bench.type_text("/tmp/x");
    bench.press("tab");
    assert_eq!((prompted(&bench).0, bench.message()), ("/tmp/x", "候補はありません"));
}

/// Candidates that come late change no line that was typed on meanwhile.
#[test]
fn late_candidates_are_dropped() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.world.slow = true;
    bench.type_text("/tmp/new.");
    bench.press("tab");
    bench.type_text("x");
    bench.world.slow = false;
    bench.answer_all();
    assert_eq!(prompted(&bench).0, "/tmp/new.x");
}

#[test]
fn a_path_that_is_wrong_stands_there_to_be_put_right() {
    let mut bench = bench(6);
    for (typed, fault) in [("/tmp/absent.csv", "ファイルがありません"), ("/tmp/new.csv --run", "--run の後")]
    {
        bench.press("F8");
        bench.type_text(typed);
        bench.press("enter");
        let (line, said) = prompted(&bench);
        assert!(line == typed && said.unwrap().contains(fault), "{line} {said:?}");
        bench.press("esc");
    }
    // Who stops a check has not mistyped.
    bench.world.slow = true;
    bench.press("F8");
    bench.type_text("/tmp/absent.csv");
    bench.press("enter");
    bench.press("esc");
    bench.world.slow = false;
    bench.answer_all();
    assert!(bench.model.modal.is_none() && bench.model.job.is_none());
}

#[test]
fn a_full_file_that_lacks_most_records_is_confirmed_once_more() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.type_text("/tmp/half.csv");
    bench.press("enter");
    bench.press("enter");
    let Some(Modal::Confirm(question)) = &bench.model.modal else { panic!("{}", bench.message()) };
    assert!(question.lines.last().unwrap().contains("本当に全件"), "{:?}", question.lines);
    bench.press("n");
    assert_eq!(bench.world.tasks.len(), 2);
    bench.press(":");
    bench.type_text("import /tmp/half.csv");
    bench.press("enter");
    // As many keys as a reflex has: none of them is the word.
    bench.press("enter enter y enter enter");
    assert!(matches!(prompted(&bench), ("y", Some(fault)) if fault.contains("full")), "{}", bench.message());
    assert!(bench.world.tasks.iter().all(|task| !matches!(task, Job::Import(source) if source.allow_vanish)));
    bench.press("esc");
    assert_eq!((bench.model.modal.is_none(), bench.message()), (true, "やめました。何も変わっていません"));
    bench.press(":");
    bench.type_text("import /tmp/half.csv");
    bench.press("enter enter enter enter");
    assert!(matches!(prompted(&bench), ("", Some(_))), "{}", bench.message());
    let before = bench.world.tasks.len();
    bench.type_text("全件");
    bench.press("enter");
    assert_eq!(bench.world.tasks.len(), before + 1);
    assert!(matches!(bench.world.tasks.last(), Some(Job::Import(source)) if source.allow_vanish));
    assert!(matches!(&bench.model.modal, Some(Modal::Info { .. })), "{}", bench.message());
}

/// From a step of the trail to its record, even past a filter; from one without a record nowhere.
#[test]
fn a_step_of_the_trail_leads_to_its_record() {
    let mut bench = bench(12);
    bench.press("j");
    bench.press("d");
    bench.press("f");
    bench.type_text("class:①");
    bench.press("enter");
    bench.press("F6");
    bench.press("tab");
    bench.press("o");
    assert_eq!((bench.model.screen, bench.here()), (Screen::Review, 2));
    assert!(!bench.model.queue.is_narrowed() && bench.message().contains("絞り込みを解除"), "{}", bench.message());
    bench.press("F5");
    bench.press("o");
    assert!(bench.model.screen == Screen::Output && bench.message().contains("ありません"), "{}", bench.message());
}

#[test]
fn the_record_just_seen_is_offered_for_withdrawal() {
    let mut bench = worked();
    bench.world.put_in_batch(RecordNo(bench.here()), 2);
    bench.model.records.clear();
    bench.press("j");
    bench.press("k");
    bench.press("F5");
    bench.press("j");
    bench.press("x");
    assert_eq!(prompted(&bench).0, bench.world.records[bench.here() as usize - 1].row.id());
    bench.type_text("9");
    assert_eq!(prompted(&bench).0, "9");
}

#[test]
fn nothing_is_decided_while_a_file_is_imported() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.type_text("/tmp/new.csv");
    bench.world.slow = true;
    bench.press("enter");
    bench.send(Msg::Progress { done: 45, total: 100, rows: 12_000 });
    assert_eq!(bench.model.job.as_ref().map(|job| (job.done, job.rows)), Some((45, 12_000)));
    bench.press("d");
    bench.press("u");
    assert!(bench.message().contains("終わるまで"), "{}", bench.message());
    assert!(bench.model.unsaved.is_empty() && bench.decisions() == 0);
    bench.press("esc");
    assert!(bench.world.asked.contains(&Effect::Stop));
}

#[test]
fn views_are_saved_and_survive_a_restart() {
    let mut bench = bench(12);
    bench.press(":");
    bench.type_text("view save 第1週");
    bench.press("enter");
    assert!(bench.message().contains("絞込がありません"));
    bench.press("f");
    bench.type_text("class:①");
    bench.press("enter");
    bench.press(":");
    bench.type_text("view save 第1週");
    bench.press("enter");
    bench.press("esc");
    bench.press("esc");
    assert!(!bench.model.queue.is_narrowed());
    bench.send(Msg::Idle);
    let world = std::mem::replace(&mut bench.world, super::testing::World::new(0));
    let mut bench = Bench::open(world, (80, 24));
    bench.press("V");
    bench.press("enter");
    assert_eq!((bench.model.filter.as_str(), bench.model.queue.is_narrowed()), ("class:①", true));
    bench.press(":");
    bench.type_text("view drop 第1週");
    bench.press("enter");
    assert!(bench.model.views.is_empty());
}

#[test]
fn the_cursor_goes_on_or_stays_as_asked() {
    let mut bench = bench(6);
    bench.press("j");
    bench.press("A");
    bench.press("d");
    assert_eq!((bench.here(), state(&bench, 2)), (2, State::Decided(Category::C23)));
    bench.press("A");
    bench.press("j");
    bench.press("d");
    assert_eq!(bench.here(), 4);
}

/// From another screen a record is never decided: it was not seen.
#[test]
fn deciding_from_another_screen_goes_to_the_record_first() {
    for screen in ["F4", "F5", "F6", "F7"] {
        let mut bench = bench(6);
        bench.press(screen);
        bench.press(":");
        bench.type_text("decide 2-4");
        bench.press("enter");
        assert_eq!((bench.model.screen, bench.decisions()), (Screen::Review, 0), "{screen}");
        assert!(bench.model.modal.is_none());
    }
    let mut bench = bench(6);
    bench.press("F3");
    assert_eq!(bench.model.screen, Screen::Review);
    assert!(bench.message().contains("グループ"));
}

#[test]
fn a_held_back_row_is_dismissed_with_a_reason_and_comes_back() {
    let mut bench = bench(6);
    bench.press("F7");
    bench.press("d");
    bench.press("enter");
    assert!(bench.world.tasks.is_empty());
    bench.type_text("資格のない行");
    bench.press("enter");
    bench.press("enter");
    let expected = Job::Dismiss { number: 1, dismiss: true, reason: "資格のない行".into() };
    assert_eq!(bench.world.tasks, [expected]);
    assert_eq!((bench.model.held.len(), bench.model.held.here().map(|row| row.number)), (2, Some(2)));
    bench.press("tab");
    assert_eq!((bench.model.held.len(), bench.model.held.open()), (3, 2));
    bench.press("d");
    bench.type_text("誤り");
    bench.press("enter");
    bench.press("enter");
    assert_eq!(bench.model.held.open(), 3);
    bench.press("w");
    bench.press("enter");
    assert_eq!(bench.world.tasks.last(), Some(&Job::export(ExportRequest::of(ExportKind::Quarantine))));
}

#[test]
fn columns_that_cannot_be_told_are_chosen_on_a_screen() {
    let mut bench = bench(6);
    bench.press("F8");
    bench.type_text("/tmp/unmapped.csv");
    bench.press("enter");
    assert_eq!(bench.model.screen, Screen::Mapping);
    assert_eq!(bench.model.mapping.missing().len(), 1);
    bench.press("w");
    assert!(bench.message().contains("まだ足りません: 総合判定"), "{}", bench.message());
    // The cursor stands on the column that nothing is known of, and what is missing is the first choice.
    assert_eq!(bench.model.mapping.window.cursor, 15);
    bench.press("enter");
    bench.press("enter");
    assert!(bench.model.mapping.missing().is_empty());
    bench.press("w");
    let Some(Job::Check(source)) = bench.world.tasks.last() else { panic!("{:?}", bench.world.tasks) };
    assert_eq!(source.columns.len(), 16);
    bench.press("enter");
    assert!(matches!(bench.world.tasks.last(), Some(Job::Import(ImportSource { columns, .. })) if columns.len() == 16));
    assert_eq!(bench.model.screen, Screen::Review);
}
