//! JobContext of the worker that take a moment: files written to the exports folder, imports with progress.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, DirEntry};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::app::job::{ImportSource, Job, Outcome, located};
use crate::app::msg::Msg;
use crate::app::screen::mapping::{FileColumn, Mapping};
use crate::app::screen::output::{Count, NextRelease, Outputs, Sent};
use crate::compare::visible;
use crate::desk::{Desk, DeskError};
use crate::domain::batch::Batch;
use crate::domain::calendar::japan_time;
use crate::domain::event::Actor;
use crate::domain::record::Column;
use crate::domain::tally::ITEMS;
use crate::export::{self, ExportError, Origin, Table, Template, TextEncoding};
use crate::ingest::{self, ImportOptions, ImportReport, IngestError, LayoutProfile, Refusal, UnknownEncoding};

/// Progress is told so often at most: a line over a slow connection must not lag behind.
const TELL: Duration = Duration::from_millis(100);

/// What jobs need beside the desk.
#[derive(Clone, Debug)]
pub(super) struct JobContext {
    /// Where files are written.
    pub(super) exports: PathBuf,
    /// Where the profiles of headers are kept.
    pub(super) layouts: PathBuf,
    /// Set by another thread to stop an import.
    pub(super) stop: Arc<AtomicBool>,
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum JobError {
    #[error(transparent)]
    Desk(#[from] DeskError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("{0}")]
    Import(String),
    #[error("{folder} を作れません: {cause}")]
    Folder { folder: String, cause: std::io::Error },
    /// The list is made and stands in the store; only the file is missing.
    #[error("{fault}。第{number}回は作成済です。一覧で選んで書き出してください")]
    Unwritten { number: u32, fault: Box<JobError> },
}

impl JobError {
    /// The fault of the store, where it is one.
    pub(super) fn store(&self) -> Option<&crate::store::StoreError> {
        match self {
            Self::Desk(DeskError::Store(error)) => Some(error),
            Self::Unwritten { fault, .. } => fault.store(),
            _ => None,
        }
    }

    /// The fault of an import; one of the store stays one.
    fn of_import(error: IngestError) -> Self {
        match error {
            IngestError::Store(error) => error.into(),
            error => Self::Import(refusal(&error)),
        }
    }
}

impl From<crate::store::StoreError> for JobError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Desk(error.into())
    }
}

impl JobContext {
    /// Does a job; `tell` hears how far it has come.
    pub(super) fn run(&self, desk: &Desk, task: &Job, tell: &mut dyn FnMut(Msg)) -> Result<Outcome, JobError> {
        match task {
            Job::Release => self.release(desk, tell),
            Job::WriteBatch(number) => {
                desk.batch(*number).map_err(JobError::from).and_then(|(batch, _)| self.write_batch(desk, &batch))
            }
            Job::WriteReport(number) => self.write_report(desk, *number),
            Job::WriteQuarantine => self.write_quarantine(desk),
            Job::Freeze => desk.freeze().map_err(JobError::from).map(|view| {
                say(format!("件数報告 第{}号として確定しました。この画面で書き出せます", view.frozen.unwrap_or(0)))
            }),
            Job::Withdraw { batch, id, reason } => {
                desk.withdraw(*batch, id, reason).map_err(JobError::from).and_then(|withdrawal| {
                    let case = desk.snapshot()?.case(withdrawal.record)?;
                    let id = visible(id);
                    let next = "載せるには決定し直してください";
                    let message = format!("{id} を第{batch}回から取り下げました(確認中)。{next}");
                    Ok(Outcome { message, case: Some(Box::new((withdrawal.record, case))), ..Outcome::default() })
                })
            }
            Job::Dismiss { number, dismiss, reason } => {
                let done = if *dismiss { desk.dismiss(&[*number], reason) } else { desk.restore(&[*number], reason) };
                let what = if *dismiss { "除外しました" } else { "未処理に戻しました" };
                done.map_err(JobError::from).map(|_| say(format!("隔離番号 {number} の行を{what}")))
            }
            Job::Check(path) => self.import(desk, path, true, tell),
            Job::Import(path) => self.import(desk, path, false, tell),
        }
    }

    /// Makes the next list and writes it; whatever can be refused is refused before the list exists.
    fn release(&self, desk: &Desk, tell: &mut dyn FnMut(Msg)) -> Result<Outcome, JobError> {
        let planned = desk.preview_batch()?;
        let rows = planned.rows.len() as u64;
        tell(Msg::Progress { done: 1, total: 4, rows });
        export::release::table(&planned, &Template::default()).to_csv(TextEncoding::default())?;
        self.folder()?;
        export::atomic::check(&self.exports.join(batch_name(&planned)))?;
        tell(Msg::Progress { done: 2, total: 4, rows });
        let batch = desk.make_batch()?;
        tell(Msg::Progress { done: 3, total: 4, rows });
        self.write_batch(desk, &batch)
            .map_err(|fault| JobError::Unwritten { number: batch.number, fault: Box::new(fault) })
    }

    fn write_batch(&self, desk: &Desk, batch: &Batch) -> Result<Outcome, JobError> {
        let table = export::release::table(batch, &Template::default());
        let counts = vec![("batch".to_owned(), u64::from(batch.number)), ("round".to_owned(), u64::from(batch.round))];
        self.save(desk, "release", &batch_name(batch), &table, counts)
    }

    fn write_report(&self, desk: &Desk, number: Option<u32>) -> Result<Outcome, JobError> {
        let (report, bridge, as_of) = match number {
            None => {
                let view = desk.report()?;
                (view.report, view.bridge, view.as_of)
            }
            Some(number) => {
                let frozen = desk.snapshot()?.reports()?.into_iter().find(|report| report.number == number);
                let frozen = frozen.ok_or_else(|| {
                    DeskError::Usage(format!("件数報告 第{number}号はありません。読み直して選び直してください"))
                })?;
                (frozen.report, frozen.bridge, frozen.as_of)
            }
        };
        let name = match number {
            Some(number) => format!("件数報告_第{number}号.csv"),
            None => format!("件数報告_{}.csv", japan_time(as_of).strftime("%Y%m%d_%H%M%S")),
        };
        let table = export::report::table(&report, bridge.as_ref(), as_of);
        let counts = ITEMS.map(|item| (item.to_owned(), report.item(item)));
        self.save(desk, "report", &name, &table, counts.into())
    }

    fn write_quarantine(&self, desk: &Desk) -> Result<Outcome, JobError> {
        let snapshot = desk.snapshot()?;
        let mut rows = Vec::new();
        snapshot.each_held(&mut |row| rows.extend(row.state.is_open().then_some(row)))?;
        let table = export::quarantine::table(&rows, &snapshot.meta()?.imports);
        drop(snapshot);
        let name = format!("隔離_{}.csv", japan_time(desk.now()).strftime("%Y%m%d_%H%M%S"));
        self.save(desk, "quarantine", &name, &table, Vec::new())
    }

    fn save(
        &self,
        desk: &Desk,
        kind: &str,
        name: &str,
        table: &Table,
        counts: Vec<(String, u64)>,
    ) -> Result<Outcome, JobError> {
        let bytes = table.to_csv(TextEncoding::default())?;
        let meta = desk.snapshot()?.meta()?;
        let mut origin = Origin::of(kind, &meta, desk.operator(), desk.now()).rows(table.rows.len());
        for (name, count) in counts {
            origin = origin.count(&name, count);
        }
        self.folder()?;
        export::atomic::save(&self.exports.join(name), &bytes, &origin, Some(&self.exports))?;
        let folder = self.exports.display().to_string();
        Ok(say(format!("{name} に {} 行を書き出しました ({})", table.rows.len(), visible(&folder))))
    }

    fn folder(&self) -> Result<(), JobError> {
        if self.exports.is_dir() {
            return Ok(());
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&self.exports).map_err(|cause| {
            let folder = self.exports.display().to_string();
            JobError::Folder { folder: visible(&folder).into_owned(), cause }
        })
    }

    fn import(
        &self,
        desk: &Desk,
        source: &ImportSource,
        check: bool,
        tell: &mut dyn FnMut(Msg),
    ) -> Result<Outcome, JobError> {
        self.stop.store(false, Ordering::Relaxed);
        let path = place(&source.path);
        let refused = |error: IngestError| match JobError::of_import(error) {
            JobError::Import(words) => JobError::Import(located(&source.path, &words)),
            fault => fault,
        };
        let mut options = ImportOptions {
            check,
            encoding: match &source.encoding {
                Some(word) => Some(word.parse().map_err(|error: UnknownEncoding| JobError::Import(error.to_string()))?),
                None => None,
            },
            layout: match &source.layout {
                Some(file) => {
                    Some(LayoutProfile::from_file(&place(file)).map_err(|error| JobError::Import(error.to_string()))?)
                }
                None => None,
            },
            run: source.run,
            recompute_marks: source.recompute_marks,
            allow_vanish: source.allow_vanish,
            allow_insurer: source.allow_insurer,
            cancel: Some(Arc::clone(&self.stop)),
            remembered: ingest::remembered(&self.layouts),
            ..ImportOptions::default()
        };
        if !source.columns.is_empty() {
            let mut mapping = ingest::mapping(&path, &options).map_err(refused)?;
            for column in Column::ALL {
                mapping.choose(column, None);
            }
            for (column, number) in &source.columns {
                mapping.choose(*column, Some(*number));
            }
            options.layout = Some(mapping.to_profile().map_err(|error| JobError::Import(error.to_string()))?);
        }
        let actor = Actor { operator: desk.operator().to_owned(), at: desk.now() };
        let mut told = Instant::now();
        let report = ingest::import(&path, desk.store(), &options, &actor, &mut |progress| {
            if told.elapsed() >= TELL {
                told = Instant::now();
                tell(Msg::Progress { done: progress.bytes_done, total: progress.bytes_total, rows: progress.rows });
            }
        });
        let report = match report {
            Ok(report) => report,
            Err(error) if error.profile_to_fill_in().is_some() => {
                // What the header does not say is asked on a screen of its own.
                if let Ok(found) = ingest::mapping(&path, &options) {
                    tell(Msg::Unmapped(Box::new(mapping(source, &found))));
                }
                return Err(refused(error));
            }
            Err(IngestError::Refused(Refusal::WouldVanish { vanishing, .. })) => {
                let lines = vec![
                    format!(
                        "全件のファイルとして取り込むと、記録 {} 件のうち {} 件が消滅になります。",
                        vanishing.records, vanishing.gone
                    ),
                    format!("設問1は {} 件のうち {} 件です。", vanishing.item1, vanishing.item1_gone),
                    "別の保険者のファイルか、一部だけのファイルではありませんか。".to_owned(),
                ];
                return Ok(Outcome { vanishes: true, lines, ..Outcome::default() });
            }
            Err(error) => return Err(refused(error)),
        };
        if let Some(words) = report.refusals.first() {
            // A check tells what an import would: there is nothing to confirm.
            return Err(JobError::Import(located(&source.path, words)));
        }
        let mut outcome = outcome(&report);
        if let Some(profile) =
            options.layout.as_ref().filter(|_| report.number.is_some() && !report.header_print.is_empty())
        {
            // The import is done: a fault here is told and no more.
            outcome.lines.push(match ingest::remember(&self.layouts, &report.header_print, profile) {
                Ok(_) => "この見出しの列の対応を覚えました。次からは選ばずに取り込めます。".to_owned(),
                Err(error) => format!("列の対応を覚えられませんでした({error})。次も選んでください。"),
            });
        }
        Ok(outcome)
    }
}

/// The columns of a file, as the screen shows them.
fn mapping(source: &ImportSource, found: &ingest::Mapping) -> Mapping {
    let columns = found.columns().into_iter().map(|column| FileColumn {
        number: column.number,
        name: column.name,
        samples: column.samples,
        column: column.column,
    });
    Mapping { source: source.clone(), columns: columns.collect(), ..Mapping::default() }
}

/// The paths that begin with what was typed, folders with a `/` behind them; the first ones by name where there are many.
///
/// A folder on a network that is gone may keep the caller waiting for ever.
pub(super) fn paths(part: &str) -> Vec<String> {
    let (folder, begun) = part.rsplit_once('/').map_or(("", part), |(folder, begun)| (&part[..=folder.len()], begun));
    let looked_in = if folder.is_empty() { PathBuf::from(".") } else { place(folder) };
    let Ok(entries) = std::fs::read_dir(looked_in) else { return Vec::new() };
    let mut fitting: Vec<(String, DirEntry)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let fits = name.starts_with(begun) && (!name.starts_with('.') || begun.starts_with('.'));
            fits.then_some((name, entry))
        })
        .collect();
    // The order of a folder is anybody's: the first ones are those by name.
    fitting.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    fitting.truncate(MOST_PATHS);
    // The folder mostly says itself what an entry is; a link counts as what it leads to.
    let is_folder = |entry: &DirEntry| match entry.file_type() {
        Ok(kind) if !kind.is_symlink() => kind.is_dir(),
        _ => std::fs::metadata(entry.path()).is_ok_and(|meta| meta.is_dir()),
    };
    let shown =
        |(name, entry): (String, DirEntry)| format!("{folder}{name}{}", if is_folder(&entry) { "/" } else { "" });
    let mut found: Vec<String> = fitting.into_iter().map(shown).collect();
    found.sort_unstable();
    found
}

/// So many paths are offered.
const MOST_PATHS: usize = 1_000;

/// The path as a person types it: `~` is the home folder.
fn place(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

fn refusal(error: &IngestError) -> String {
    match error.profile_to_fill_in() {
        // What is missing stands on the screen.
        Some(_) => "見出しだけでは列が決まりません。列の対応を選んでください".to_owned(),
        None => error.to_string(),
    }
}

fn text(report: &ImportReport) -> Vec<String> {
    report.to_text().lines().map(str::to_owned).collect()
}

/// What an import would change, shortest first: it stands above a question.
fn preview(report: &ImportReport) -> Vec<String> {
    let mut lines = vec![
        format!("{} を検査しました。まだ何も変わっていません。", visible(&report.file)),
        format!("  新規 {}  更新 {}  変更なし {}", report.imported, report.updated, report.unchanged),
        format!("  消滅 {}  確認中に戻る決定 {}", report.vanished, report.reopened),
        format!("  隔離 {}  重複 {}  文字コード {}", report.quarantined, report.repeats, report.encoding),
        format!("  取込後の確認対象 {}", report.in_item1),
    ];
    lines.extend(report.other_ids().map(|others| format!("  別人の疑いで隔離 {others}")));
    lines.extend(report.changed_ids().map(|changed| format!("  報告後の変更 {changed}")));
    // The notes stand as in the report.
    lines.extend(
        text(report).into_iter().skip_while(|line| !line.starts_with("注意")).map(|line| line.trim_end().to_owned()),
    );
    lines
}

fn outcome(report: &ImportReport) -> Outcome {
    let lines = if report.check && report.same_as.is_none() { preview(report) } else { text(report) };
    let message = match (report.same_as, report.check) {
        (Some(_), _) => "同じファイルが取込済です。何も変更していません".to_owned(),
        (None, true) => "検査しました".to_owned(),
        (None, false) => format!(
            "取り込みました: 新規 {} 更新 {} 変更なし {} 消滅 {} 隔離 {}",
            report.imported, report.updated, report.unchanged, report.vanished, report.quarantined
        ),
    };
    Outcome { message, lines, nothing: report.same_as.is_some(), ..Outcome::default() }
}

fn say(message: String) -> Outcome {
    Outcome { message, ..Outcome::default() }
}

/// The name of the file of a list: made of numbers alone, never of data.
fn batch_name(batch: &Batch) -> String {
    format!("解除_第{}回.csv", batch.number)
}

/// Reads what 出力 shows.
pub(super) fn outputs(desk: &Desk, exports: &Path) -> Result<Outputs, DeskError> {
    let outlook = desk.outlook()?;
    let snapshot = desk.snapshot()?;
    let withdrawals = snapshot.withdrawals()?;
    let protected = desk.protected_records()?;
    let mut sent: Vec<Sent> = snapshot
        .batches()?
        .into_iter()
        .map(|batch| {
            let (mut by_class, mut by_category) = (BTreeMap::new(), BTreeMap::new());
            for row in &batch.rows {
                *by_class.entry(row.class).or_default() += 1;
                *by_category.entry(row.category).or_default() += 1;
            }
            Sent {
                number: batch.number,
                round: batch.round,
                cutoff: batch.cutoff,
                made_at: batch.made_at,
                operator: batch.operator,
                rows: batch.rows.len() as u64,
                protected: batch.rows.iter().filter(|row| protected.contains(&row.record)).count() as u64,
                by_class,
                by_category,
                withdrawn: withdrawals.iter().filter(|one| one.batch == batch.number).cloned().collect(),
            }
        })
        .collect();
    sent.reverse();
    let mut frozen: Vec<Count> = snapshot
        .reports()?
        .into_iter()
        .map(|frozen| Count {
            number: Some(frozen.number),
            as_of: frozen.as_of,
            operator: frozen.operator,
            broken: frozen.report.broken_identities(),
            report: frozen.report,
            bridge: frozen.bridge,
        })
        .collect();
    frozen.reverse();
    drop(snapshot);
    let view = desk.report()?;
    let now = Count {
        number: None,
        as_of: view.as_of,
        operator: String::new(),
        broken: view.report.broken_identities(),
        report: view.report,
        bridge: view.bridge,
    };
    let next = NextRelease {
        number: outlook.number,
        cutoff: outlook.cutoff,
        rows: outlook.rows,
        by_class: outlook.by_class,
        by_category: outlook.by_category,
        left_out: outlook.left_out,
        doubtful: outlook.doubtful,
        changed: outlook.changed,
        protected: outlook.protected,
        came_back: outlook.came_back,
    };
    let folder = exports.display().to_string();
    Ok(Outputs { next, sent, now, frozen, quarantined: outlook.quarantined, folder: visible(&folder).into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::screen::mapping::Mapping;
    use crate::compare::FieldKind;
    use crate::config::settings::Settings;
    use crate::domain::case::Decision;
    use crate::domain::category::{Category, EvidenceCode};
    use crate::domain::run::Run;
    use crate::store;

    /// A workspace with a desk on it, and files beside it.
    struct Place {
        folder: tempfile::TempDir,
        desk: Desk,
        jobs: JobContext,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = store::open_or_create(&folder.path().join("work")).unwrap();
            let clock = Arc::new(|| "2023-12-11T01:00:00Z".parse().unwrap());
            let desk = Desk::new(Arc::new(store), Settings::default(), "佐藤", clock).unwrap();
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

        fn run(&self, task: Job) -> (Result<Outcome, String>, Vec<Msg>) {
            let mut told = Vec::new();
            let result = self.jobs.run(&self.desk, &task, &mut |msg| told.push(msg));
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
    fn the_errands_of_a_week() {
        let place = Place::new();
        let first = place.file("a.csv", &canonical(), &[("0000001", "赤坂1-2-3"), ("0000002", "赤坂1-2-4")]);
        let (checked, _) = place.run(Job::Check(ImportSource::of(&first)));
        assert!(!checked.unwrap().nothing);
        assert!(place.desk.snapshot().unwrap().meta().unwrap().imports.is_empty(), "a check writes nothing");
        place.run(Job::Import(ImportSource::of(&first))).0.unwrap();
        assert!(place.run(Job::Import(ImportSource::of(&first))).0.unwrap().nothing);
        assert!(place.run(Job::Release).0.unwrap_err().contains("載せる記録がありません"));

        let no = place.desk.find("0000001").unwrap();
        // Zeros in front may be left out where that names one record.
        let sought = |id: &str| place.desk.seek(id).unwrap().map(|(no, _)| no);
        assert_eq!([sought("0000001"), sought("1"), sought("9"), sought("")], [Some(no), Some(no), None, None]);
        let decision = Decision::category(Category::C23).with(EvidenceCode::Notification);
        place.desk.decide(no, &decision).unwrap();
        let all = outputs(&place.desk, &place.jobs.exports).unwrap();
        assert_eq!((all.next.number, all.next.rows, all.now.report.backlog), (1, 1, 1));
        assert_eq!(all.next.left_out, [("未了(区分なし)", 1)]);
        place.run(Job::Release).0.unwrap();
        let bytes = std::fs::read(place.jobs.exports.join("解除_第1回.csv")).unwrap();
        place.run(Job::WriteBatch(1)).0.unwrap();
        assert_eq!(std::fs::read(place.jobs.exports.join("解除_第1回.csv")).unwrap(), bytes);

        let withdraw = |id: &str| Job::Withdraw { batch: 1, id: id.into(), reason: "別人の疑い".into() };
        assert!(place.run(withdraw("0000002")).0.unwrap_err().contains("載っていません"));
        place.run(withdraw("0000001")).0.unwrap();
        place.run(Job::Freeze).0.unwrap();
        place.run(Job::WriteReport(Some(1))).0.unwrap();
        assert!(place.run(Job::WriteReport(Some(9))).0.is_err());
        let all = outputs(&place.desk, &place.jobs.exports).unwrap();
        assert_eq!((all.sent[0].withdrawn.len(), all.frozen.len(), all.next.rows), (1, 1, 0));
        assert_eq!((all.now.report.backlog, all.next.left_out.clone()), (2, vec![("未了(区分なし)", 2)]));
        assert_eq!(all.next.came_back.words(5), ["取下げ後の再確認待ちで載らない記録 1 件: 0000001"]);
        assert!(place.run(Job::Release).0.unwrap_err().contains("載せる記録がありません"));
        // Nothing of what led to the old decision is taken back or done again; only a new one lists the record.
        assert!(place.desk.undo(None).is_err() && place.desk.redo().is_err());
        place.desk.decide(no, &decision).unwrap();
        let all = outputs(&place.desk, &place.jobs.exports).unwrap();
        assert_eq!((all.next.rows, all.now.broken.len()), (1, 0));
        assert_eq!(all.next.came_back.words(5), ["取下げ後に決定し直して載る記録 1 件: 0000001"]);
        place.run(Job::Release).0.unwrap();
        let all = outputs(&place.desk, &place.jobs.exports).unwrap();
        assert_eq!((all.sent.len(), all.next.rows, all.next.came_back.words(5).len()), (2, 0, 0));
        let names = place.names();
        assert!(names.contains(&"解除_第1回.csv".to_owned()) && names.contains(&"件数報告_第1号.csv".to_owned()));
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
        place.run(Job::Release).0.unwrap();
        let newer = file("b.csv", &[("0000001", "赤坂9-9-9"), ("0000002", "赤坂1-2-4")]);
        let preview = place.run(Job::Check(ImportSource::of(&newer))).0.unwrap().lines.join("\n");
        assert!(preview.contains("取込後の確認対象 2") && preview.contains("整理番号 0000001"), "{preview}");
        let done = place.run(Job::Import(ImportSource::of(&newer))).0.unwrap();
        assert!(done.lines.iter().any(|line| line.contains("整理番号 0000001")), "{:?}", done.lines);
        let all = outputs(&place.desk, &place.jobs.exports).unwrap();
        assert!(all.next.changes().unwrap().starts_with("内容が変わった記録 1 件: 第1回 0000001"));
        assert_eq!(all.next.left_out, [("未了(区分なし)", 1), ("報告後に変更", 1)]);
        assert_eq!(place.desk.status().unwrap().status.changed, 1);
        place.desk.decide(one, &papers).unwrap();
        assert!(outputs(&place.desk, &place.jobs.exports).unwrap().next.changes().is_none());
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
            paths(&format!("{base}/{part}"))
                .into_iter()
                .map(|path| path[base.len() + 1..].to_owned())
                .collect::<Vec<_>>()
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
        for number in (0..MOST_PATHS + 200).rev() {
            std::fs::write(folder.path().join(format!("{number:05}")), "").unwrap();
        }
        std::os::unix::fs::symlink(folder.path(), folder.path().join("00000a")).unwrap();
        let base = folder.path().display().to_string();
        let found = paths(&format!("{base}/"));
        assert_eq!(found.len(), MOST_PATHS);
        assert_eq!(found[1], format!("{base}/00000a/"));
        assert_eq!(found[MOST_PATHS - 1], format!("{base}/{:05}", MOST_PATHS - 2));
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
        let (step, refused) = place.desk.step(first.seq).unwrap();
        assert_eq!(step.id, "0000001");
        assert!(refused.unwrap().to_string().contains("先に新しい操作"));
        assert!(place.desk.undo_step(first.seq).is_err());
        place.desk.undo_step(first.seq + 2).unwrap();
        place.desk.undo_step(first.seq).unwrap();
        assert!(place.desk.undo_step(first.seq).unwrap_err().to_string().contains("すでに"));
        let page = place.desk.history(None, None, 3).unwrap();
        assert_eq!((page.steps.len(), page.next), (3, Some(page.steps[2].event.seq)));
        let rest = place.desk.history(None, page.next, 100).unwrap();
        assert_eq!(rest.next, None);
        let of_one = place.desk.history(Some(one), None, 3).unwrap();
        assert_eq!((of_one.steps.len(), of_one.next.is_some()), (3, true));
        let older = place.desk.history(Some(one), of_one.next, 3).unwrap();
        assert_eq!((older.steps.len(), older.next), (1, None));
        // Redo brings back what was taken back last.
        assert_eq!(place.desk.redo().unwrap().refers, Some(first.seq));
        place.run(Job::Release).0.unwrap();
        let redone = place.desk.history(Some(one), None, 1).unwrap();
        assert!(place.desk.step(first.seq).unwrap().1.unwrap().to_string().contains("取下げ"), "{redone:?}");
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
        let Some(Msg::Unmapped(found)) = told.into_iter().find(|msg| matches!(msg, Msg::Unmapped(_))) else {
            panic!("no columns to choose from")
        };
        let mut mapping: Mapping = *found;
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
        let result = place.jobs.run(&place.desk, &Job::Import(ImportSource::of(&file)), &mut |msg| {
            if let Msg::Progress { .. } = msg {
                told += 1;
                stop.store(true, Ordering::Relaxed);
            }
        });
        assert!(told > 0, "no progress was told");
        assert!(result.unwrap_err().to_string().contains("中止"));
        assert!(place.desk.snapshot().unwrap().meta().unwrap().imports.is_empty());
    }
}
