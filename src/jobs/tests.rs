use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::path::MAXIMUM_PATHS;
use super::*;
use crate::app::job::ImportSource;
use crate::app::job::{Job, Outcome};
use crate::compare::FieldKind;
use crate::config::settings::Settings;
use crate::desk::{DeskError, Seat};
use crate::domain::case::Decision;
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::record::Column;
use crate::domain::run::Run;
use crate::export::Template;
use crate::service::BatchExpect;
use crate::store;
use crate::view::{LeftOut, Outputs};

const RELEASE: ExportRequest = ExportRequest::of(ExportKind::Release);

/// What 出力 shows.
fn outputs(desk: &Seat, exports: &Path) -> Result<Outputs, DeskError> {
    Ok(in_folder(desk.outputs()?, exports))
}

/// A workspace with a desk on it, and files beside it.
struct Place {
    folder: tempfile::TempDir,
    desk: Seat,
    jobs: JobContext,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open_or_create(&folder.path().join("work")).unwrap();
        let clock = Arc::new(|| "2023-12-11T01:00:00Z".parse().unwrap());
        let desk = Seat::new(Arc::new(store), Settings::default(), "佐藤", clock).unwrap();
        let jobs = JobContext {
            exports: folder.path().join("work/exports"),
            layouts: folder.path().join("work/layouts"),
            stop: Arc::default(),
        };
        Self { folder, desk, jobs }
    }

    /// Writes a file of fictitious people: 整理番号 and how the address differs.
    fn file(&self, name: &str, header: &[String], people: &[(&str, &str)]) -> String {
        let mut text = header.join(",");
        for (id, address) in people {
            let cell = |column: &Column| match column {
                Column::Id => (*id).to_owned(),
                Column::InsurerNo => "138057".to_owned(),
                Column::MyNumber => format!("0000{}9", id),
                Column::Left(field) | Column::Right(field) => match (field, column) {
                    (FieldKind::Kanji, _) => "山田　太郎".to_owned(),
                    (FieldKind::Kana, _) => "ヤマダ　タロウ".to_owned(),
                    (FieldKind::Birth, _) => "19600101".to_owned(),
                    (FieldKind::Sex, _) => "1".to_owned(),
                    (FieldKind::Address, Column::Left(_)) => (*address).to_owned(),
                    (FieldKind::Address, _) => "東京都港区赤坂1-2-3".to_owned(),
                },
                Column::Mark(FieldKind::Address) | Column::Overall => "×".to_owned(),
                Column::Mark(_) => "○".to_owned(),
                Column::Multiple => "1".to_owned(),
                Column::MatchedOn => "20230915".to_owned(),
                Column::Acquired => "20200401".to_owned(),
                _ => String::new(),
            };
            let cells: Vec<String> = Column::ALL.iter().take(header.len()).map(cell).collect();
            text.push_str(&format!("\r\n{}", cells.join(",")));
        }
        let path = self.folder.path().join(name);
        std::fs::write(&path, text + "\r\n").unwrap();
        path.display().to_string()
    }

    fn run(&self, task: Job) -> (Result<Outcome, String>, Vec<JobProgress>) {
        let mut told = Vec::new();
        let result = self.jobs.run(&self.desk, &task, &mut |progress| told.push(progress));
        let result = result.map_err(|fault| fault.to_string());
        (result, told)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.jobs.exports).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn canonical() -> Vec<String> {
    Column::ALL.iter().take(Column::COUNT - 1).map(|column| column.name().to_owned()).collect()
}

/// Import, decide, release, write again, withdraw, freeze: as an operator does from the screens.
#[test]
fn the_jobs_of_a_week() {
    let place = Place::new();
    let first = place.file("a.csv", &canonical(), &[("0000001", "赤坂1-2-3"), ("0000002", "赤坂1-2-4")]);
    let (checked, _) = place.run(Job::Check(ImportSource::of(&first)));
    assert!(!checked.unwrap().nothing);
    assert!(place.desk.snapshot().unwrap().meta().unwrap().imports.is_empty(), "a check writes nothing");
    place.run(Job::Import(ImportSource::of(&first))).0.unwrap();
    assert!(place.run(Job::Import(ImportSource::of(&first))).0.unwrap().nothing);
    assert!(place.run(Job::export(RELEASE)).0.unwrap_err().contains("載せる記録がありません"));

    let no = place.desk.find("0000001").unwrap();
    // Zeros in front may be left out where that names one record.
    let sought = |id: &str| place.desk.seek(id).unwrap().map(|(no, _)| no);
    assert_eq!([sought("0000001"), sought("1"), sought("9"), sought("")], [Some(no), Some(no), None, None]);
    let decision = Decision::category(Category::C23).with(EvidenceCode::Notification);
    place.desk.decide(no, &decision).unwrap();
    let all = outputs(&place.desk, &place.jobs.exports).unwrap();
    assert_eq!((all.next.number, all.next.rows, all.now.report.backlog), (1, 1, 1));
    assert_eq!(all.next.left_out, [(LeftOut::Open, 1)]);
    place.run(Job::export(RELEASE)).0.unwrap();
    let bytes = std::fs::read(place.jobs.exports.join("解除_第1回.csv")).unwrap();
    place.run(Job::export(ExportRequest::numbered(ExportKind::Release, 1))).0.unwrap();
    assert_eq!(std::fs::read(place.jobs.exports.join("解除_第1回.csv")).unwrap(), bytes);

    let withdraw = |id: &str| Job::Withdraw { batch: 1, id: id.into(), reason: "別人の疑い".into() };
    assert!(place.run(withdraw("0000002")).0.unwrap_err().contains("載っていません"));
    place.run(withdraw("0000001")).0.unwrap();
    place.run(Job::Freeze(Box::new(place.desk.preview_report().unwrap()))).0.unwrap();
    place.run(Job::export(ExportRequest::numbered(ExportKind::Report, 1))).0.unwrap();
    assert!(place.run(Job::export(ExportRequest::numbered(ExportKind::Report, 9))).0.is_err());
    let all = outputs(&place.desk, &place.jobs.exports).unwrap();
    assert_eq!((all.sent[0].withdrawn.len(), all.frozen.len(), all.next.rows), (1, 1, 0));
    assert_eq!((all.now.report.backlog, all.next.left_out.clone()), (2, vec![(LeftOut::Open, 2)]));
    assert_eq!(all.next.came_back.words(5), ["取下げ後の再確認待ちで載らない記録 1 件: 0000001"]);
    assert!(place.run(Job::export(RELEASE)).0.unwrap_err().contains("載せる記録がありません"));
    // Nothing of what led to the old decision is taken back or done again; only a new one lists the record.
    assert!(place.desk.undo(None).is_err() && place.desk.redo().is_err());
    place.desk.decide(no, &decision).unwrap();
    let all = outputs(&place.desk, &place.jobs.exports).unwrap();
    assert_eq!((all.next.rows, all.now.broken().len()), (1, 0));
    assert_eq!(all.next.came_back.words(5), ["取下げ後に決定し直して載る記録 1 件: 0000001"]);
    place.run(Job::export(RELEASE)).0.unwrap();
    let all = outputs(&place.desk, &place.jobs.exports).unwrap();
    assert_eq!((all.sent.len(), all.next.rows, all.next.came_back.words(5).len()), (2, 0, 0));
    let names = place.names();
    assert!(names.contains(&"解除_第1回.csv".to_owned()) && names.contains(&"件数報告_第1号.csv".to_owned()));
}

/// Every kind is written by the same job, with a manifest that names it, and a plan says beforehand what it would hold.
#[test]
fn every_kind_of_export_is_planned_and_written() {
    let place = Place::new();
    let people = [("0000001", "赤坂1-2-3"), ("0000002", "赤坂1-2-4"), ("", "赤坂1-2-5")];
    let file = place.file("a.csv", &canonical(), &people);
    place.run(Job::Import(ImportSource::of(&file))).0.unwrap();
    let decision = Decision::category(Category::C23).with(EvidenceCode::Notification);
    place.desk.decide(place.desk.find("0000001").unwrap(), &decision).unwrap();
    for &kind in ExportKind::ALL {
        let info = kind.info();
        let request = ExportRequest::of(kind);
        let plan = crate::export::plan(&place.desk, request, &Template::default()).unwrap();
        assert!(plan.preview[0].contains(&plan.table.rows.len().to_string()), "{:?}", plan.preview);
        if kind == ExportKind::Release {
            assert_eq!(plan.excluded, [("未了(区分なし)", 1)]);
        }
        let done = place.run(Job::export(request)).0.unwrap().message;
        let name = plan.file_name();
        assert!(done.starts_with(&format!("{name} に {} 行", plan.table.rows.len())), "{done}");
        let manifest = std::fs::read(place.jobs.exports.join(format!("{name}.manifest.json"))).unwrap();
        let manifest = crate::export::Manifest::from_json(&manifest).unwrap();
        assert_eq!((manifest.kind.as_str(), manifest.rows), (info.word, plan.table.rows.len() as u64));
    }
}

/// Before a list is made, those are named that were called right although a flag names another person, by whatever evidence.
#[test]
fn doubtful_rows_of_the_next_list_are_named() {
    let place = Place::new();
    let people = [("0000001", "神奈川県横浜市中区本町1-1"), ("0000002", "赤坂1-2-4")];
    let file = place.file("a.csv", &canonical(), &people);
    place.run(Job::Import(ImportSource::of(&file))).0.unwrap();
    let [one, two] = ["0000001", "0000002"].map(|id| place.desk.find(id).unwrap());
    let by_eye = Decision::category(Category::C23).with(EvidenceCode::Visual);
    place.desk.decide(two, &Decision::category(Category::C23).with(EvidenceCode::Notification)).unwrap();
    let doubts = || outputs(&place.desk, &place.jobs.exports).unwrap().next.doubts(9);
    assert_eq!(doubts(), None);
    assert!(place.desk.view(one).unwrap().record.facts.dangers.names_another());
    place.desk.decide(one, &by_eye).unwrap();
    let named = "別人の注意があるのに誤りなしとした記録 1 件: 0000001(F4)";
    assert_eq!(doubts().unwrap(), named);
    let papers = Decision { reason: Some("届出書を見た".into()), ..by_eye.with(EvidenceCode::Notification) };
    place.desk.decide(one, &papers).unwrap();
    assert_eq!(doubts().unwrap(), named);
}

/// A check of a file that would be refused is refused like the import, with the option that takes it, and a change of a
/// reported record is named on the screens of import and output.
#[test]
fn refusals_and_reported_changes_reach_the_screens() {
    let place = Place::new();
    let file = |name: &str, people: &[(&str, &str)]| place.file(name, &canonical(), people);
    let first = file("a.csv", &[("0000001", "赤坂1-2-3"), ("0000002", "赤坂1-2-4")]);
    place.run(Job::Import(ImportSource::of(&first))).0.unwrap();
    let text = std::fs::read_to_string(&first).unwrap().replace("138057", "138065");
    let other = place.folder.path().join("other.csv").display().to_string();
    std::fs::write(&other, text).unwrap();
    for task in [Job::Check(ImportSource::of(&other)), Job::Import(ImportSource::of(&other))] {
        let fault = place.run(task).0.unwrap_err().to_string();
        assert!(fault.starts_with(&other) && fault.contains("--allow-insurer"), "{fault}");
    }
    let asked = ImportSource::parse(&format!("{other} --allow-insurer")).unwrap();
    assert!(place.run(Job::Check(asked)).0.is_ok());

    let one = place.desk.find("0000001").unwrap();
    let papers = Decision::category(Category::C23).with(EvidenceCode::Notification);
    place.desk.decide(one, &papers).unwrap();
    place.run(Job::export(RELEASE)).0.unwrap();
    let newer = file("b.csv", &[("0000001", "赤坂9-9-9"), ("0000002", "赤坂1-2-4")]);
    let preview = place.run(Job::Check(ImportSource::of(&newer))).0.unwrap().lines.join("\n");
    assert!(preview.contains("取込後の確認対象 2") && preview.contains("整理番号 0000001"), "{preview}");
    let done = place.run(Job::Import(ImportSource::of(&newer))).0.unwrap();
    assert!(done.lines.iter().any(|line| line.contains("整理番号 0000001")), "{:?}", done.lines);
    let all = outputs(&place.desk, &place.jobs.exports).unwrap();
    assert!(all.next.changes().unwrap().starts_with("内容が変わった記録 1 件: 第1回 0000001"));
    assert_eq!(all.next.left_out, [(LeftOut::Open, 1), (LeftOut::Changed, 1)]);
    assert_eq!(place.desk.status().unwrap().status.changed, 1);
    place.desk.decide(one, &papers).unwrap();
    assert!(outputs(&place.desk, &place.jobs.exports).unwrap().next.changes().is_none());
}

/// Facts of an older edition: the known file says so on the screen, and is computed anew where that is asked for.
#[test]
fn a_known_file_offers_to_recompute_and_does() {
    let place = Place::new();
    let file = place.file("a.csv", &canonical(), &[("0000001", "赤坂1-2-3")]);
    place.run(Job::Import(ImportSource::of(&file))).0.unwrap();
    let snapshot = place.desk.snapshot().unwrap();
    let first = snapshot.meta().unwrap().imports.remove(0);
    drop(snapshot);
    let older = store::ImportRecord { facts_edition: 0, ..first };
    place.desk.store().import().unwrap().commit(older, &place.desk.actor()).unwrap();
    let offered = place.run(Job::Check(ImportSource::of(&file))).0.unwrap();
    assert!(offered.nothing && offered.lines.iter().any(|line| line.contains("--recompute-facts")), "{offered:?}");
    let asked = ImportSource::parse(&format!("{file} --recompute-facts")).unwrap();
    let preview = place.run(Job::Check(asked.clone())).0.unwrap();
    assert!(!preview.nothing && preview.lines.iter().any(|line| line.contains("計算し直します")), "{preview:?}");
    let done = place.run(Job::Import(asked)).0.unwrap();
    assert!(done.message.contains("変更なし 1") && done.lines.iter().any(|line| line.contains("計算し直しました")));
    let nothing = place.run(Job::Check(ImportSource::of(&file))).0.unwrap();
    assert!(nothing.nothing && !nothing.lines.iter().any(|line| line.contains("--recompute-facts")), "{nothing:?}");
}

/// What may follow a path reaches the import, and a refusal names the file as it was typed.
#[test]
fn options_reach_the_import() {
    let place = Place::new();
    let all: Vec<String> = (1..=9).map(|n| format!("{n:07}")).collect();
    let people: Vec<(&str, &str)> = all.iter().map(|id| (id.as_str(), "赤坂1-2-3")).collect();
    let whole = place.file("whole.csv", &canonical(), &people);
    let part = place.file("part.csv", &canonical(), &people[..2]);
    place.run(Job::Import(ImportSource::of(&whole))).0.unwrap();
    let outcome = place.run(Job::Import(ImportSource::of(&part))).0.unwrap();
    assert!(outcome.vanishes && outcome.lines[0].contains("9 件のうち 7 件"), "{:?}", outcome.lines);
    assert_eq!(place.desk.snapshot().unwrap().meta().unwrap().imports.len(), 1, "nothing was done");
    place.run(Job::Import(ImportSource { run: Run::Delta, ..ImportSource::of(&part) })).0.unwrap();
    let outcome = place.run(Job::Import(ImportSource { allow_vanish: true, ..ImportSource::of(&part) })).0.unwrap();
    assert!(!outcome.vanishes && outcome.message.contains("消滅 7"), "{}", outcome.message);

    let fault = |source: ImportSource| place.run(Job::Check(source)).0.unwrap_err();
    let folder = place.folder.path().display().to_string();
    assert!(
        fault(ImportSource::of(&folder)).starts_with(&format!("{folder}: ")),
        "{}",
        fault(ImportSource::of(&folder))
    );
    assert!(fault(ImportSource::of(format!("{folder}/x.csv"))).starts_with(&format!("{folder}/x.csv: ")));
    let source = ImportSource { encoding: Some("ebcdic".into()), ..ImportSource::of(&whole) };
    assert!(fault(source).contains("ebcdic"));
    let source = ImportSource { layout: Some(format!("{folder}/x.toml")), ..ImportSource::of(&whole) };
    assert!(fault(source).contains("x.toml"));
}

#[test]
fn paths_are_found_by_their_beginning() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["突合1.csv", "突合2.csv", ".secret"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    std::fs::create_dir(folder.path().join("突合の控え")).unwrap();
    let at = |part: &str| {
        let base = folder.path().display().to_string();
        paths(&format!("{base}/{part}")).into_iter().map(|path| path[base.len() + 1..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(at("突合"), ["突合1.csv", "突合2.csv", "突合の控え/"]);
    assert_eq!(at("突合2"), ["突合2.csv"]);
    assert_eq!(at(""), at("突合"));
    assert_eq!(at("."), [".secret"]);
    assert!(at("なし/").is_empty());
}

/// Where there are too many paths, the first ones by name are offered, whatever the order of the folder.
#[test]
fn of_many_paths_the_first_are_offered() {
    let folder = tempfile::tempdir().unwrap();
    for number in (0..MAXIMUM_PATHS + 200).rev() {
        std::fs::write(folder.path().join(format!("{number:05}")), "").unwrap();
    }
    std::os::unix::fs::symlink(folder.path(), folder.path().join("00000a")).unwrap();
    let base = folder.path().display().to_string();
    let found = paths(&format!("{base}/"));
    assert_eq!(found.len(), MAXIMUM_PATHS);
    assert_eq!(found[1], format!("{base}/00000a/"));
    assert_eq!(found[MAXIMUM_PATHS - 1], format!("{base}/{:05}", MAXIMUM_PATHS - 2));
}

#[test]
fn an_old_step_is_taken_back_by_its_number() {
    let place = Place::new();
    let file = place.file("a.csv", &canonical(), &[("0000001", "赤坂1-2-3"), ("0000002", "赤坂1-2-4")]);
    place.run(Job::Import(ImportSource::of(&file))).0.unwrap();
    let decision = Decision::category(Category::C23).with(EvidenceCode::Notification);
    let [one, two] = ["0000001", "0000002"].map(|id| place.desk.find(id).unwrap());
    let first = place.desk.decide(one, &decision).unwrap();
    place.desk.decide(two, &decision).unwrap();
    place.desk.annotate(one, "電話で確認").unwrap();
    // The note came later: the decision is no longer the newest state of its record.
    let (step, refused) = place.desk.step(first.id).unwrap();
    assert_eq!(step.id, "0000001");
    assert!(refused.unwrap().to_string().contains("先に新しい操作"));
    assert!(place.desk.undo_step(first.id.n).is_err());
    place.desk.undo_step(first.id.n + 2).unwrap();
    place.desk.undo_step(first.id.n).unwrap();
    assert!(place.desk.undo_step(first.id.n).unwrap_err().to_string().contains("すでに"));
    let page = place.desk.history(None, None, 3).unwrap();
    assert_eq!((page.steps.len(), page.next), (3, Some(page.steps[2].event.id.n)));
    let rest = place.desk.history(None, page.next, 100).unwrap();
    assert_eq!(rest.next, None);
    let of_one = place.desk.history(Some(one), None, 3).unwrap();
    assert_eq!((of_one.steps.len(), of_one.next.is_some()), (3, true));
    let older = place.desk.history(Some(one), of_one.next, 3).unwrap();
    assert_eq!((older.steps.len(), older.next), (1, None));
    // Redo brings back what was taken back last.
    assert_eq!(place.desk.redo().unwrap().refers, Some(first.id));
    place.run(Job::export(RELEASE)).0.unwrap();
    let redone = place.desk.history(Some(one), None, 1).unwrap();
    assert!(place.desk.step(first.id).unwrap().1.unwrap().to_string().contains("取下げ"), "{redone:?}");
}

#[test]
fn columns_that_cannot_be_told_are_asked_for_and_remembered() {
    let place = Place::new();
    let mut header = canonical();
    let overall = Column::Overall.index();
    header[overall] = "結果その他".to_owned();
    let file = place.file("b.csv", &header, &[("0000001", "赤坂1-2-3")]);
    let (result, told) = place.run(Job::Check(ImportSource::of(&file)));
    assert!(result.is_err());
    let Some(JobProgress::Unmapped(found)) =
        told.into_iter().find(|progress| matches!(progress, JobProgress::Unmapped(_)))
    else {
        panic!("no columns to choose from")
    };
    let mut mapping = *found;
    assert_eq!(mapping.missing(), [Column::Overall]);
    assert_eq!(mapping.columns[overall].samples, ["×"]);
    mapping.choose(overall, Some(Column::Overall));
    let source = ImportSource { columns: mapping.chosen(), ..ImportSource::of(file) };
    place.run(Job::Check(source.clone())).0.unwrap();
    place.run(Job::Import(source)).0.unwrap();
    // The next file with this header needs no choice.
    let next = place.file("c.csv", &header, &[("0000001", "赤坂1-2-3"), ("0000002", "赤坂9-9-9")]);
    let outcome = place.run(Job::Import(ImportSource::of(&next))).0.unwrap();
    assert!(outcome.message.contains("新規 1"), "{}", outcome.message);
}

#[test]
fn a_stopped_import_leaves_nothing() {
    let place = Place::new();
    let people: Vec<(String, &str)> = (0..30_000).map(|n| (format!("{n:07}"), "赤坂1-2-3")).collect();
    let people: Vec<(&str, &str)> = people.iter().map(|(id, address)| (id.as_str(), *address)).collect();
    let file = place.file("big.csv", &canonical(), &people);
    let stop = Arc::clone(&place.jobs.stop);
    let mut told = 0;
    let result = place.jobs.run(&place.desk, &Job::Import(ImportSource::of(&file)), &mut |progress| {
        if let JobProgress::Step { .. } = progress {
            told += 1;
            stop.store(true, Ordering::Relaxed);
        }
    });
    assert!(told > 0, "no progress was told");
    assert!(result.unwrap_err().to_string().contains("中止"));
    assert!(place.desk.snapshot().unwrap().meta().unwrap().imports.is_empty());
}

/// A list that would be another one than the screen showed is refused before anything is made or written.
#[test]
fn a_list_that_is_no_longer_the_preview_is_not_made() {
    let place = Place::new();
    let file = place.file("a.csv", &canonical(), &[("0000001", "赤坂1-2-3"), ("0000002", "赤坂1-2-4")]);
    place.run(Job::Import(ImportSource::of(&file))).0.unwrap();
    let [one, two] = ["0000001", "0000002"].map(|id| place.desk.find(id).unwrap());
    let papers = Decision::category(Category::C23).with(EvidenceCode::Notification);
    let shown = || Some(BatchExpect::from(&place.desk.outlook().unwrap()));
    place.desk.decide(one, &papers).unwrap();
    let before = shown();
    place.desk.decide(two, &papers).unwrap();
    let refused = place.run(Job::Export { request: RELEASE, expect: before }).0.unwrap_err();
    assert!(refused.contains("内容が変わりました(第1回 2 件)"), "{refused}");
    assert!(place.desk.batches().unwrap().is_empty() && !place.jobs.exports.exists());
    place.run(Job::Export { request: RELEASE, expect: shown() }).0.unwrap();
    assert_eq!(place.desk.batches().unwrap()[0].batch.rows.len(), 2);
}
