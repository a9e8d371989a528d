//! Errands of the worker that take a moment: files written to the exports folder, imports with progress.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::app::msg::Msg;
use crate::app::output::{Count, Next, Outputs, Sent};
use crate::app::task::{Outcome, Task};
use crate::compare::visible;
use crate::desk::{Desk, DeskError};
use crate::domain::batch::Batch;
use crate::domain::calendar::japan_time;
use crate::domain::event::Actor;
use crate::domain::tally::ITEMS;
use crate::export::{self, ExportError, Origin, Table, Template, TextEncoding};
use crate::ingest::{self, ImportOptions, ImportReport, IngestError};

/// Progress is told so often at most: a line over a slow connection must not lag behind.
const TELL: Duration = Duration::from_millis(100);

/// What errands need beside the desk.
#[derive(Clone, Debug)]
pub(super) struct Errands {
    /// Where files are written.
    pub(super) exports: PathBuf,
    /// Set by another thread to stop an import.
    pub(super) stop: Arc<AtomicBool>,
}

/// Why an errand was not done.
#[derive(Debug, thiserror::Error)]
enum Fault {
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
    Unwritten { number: u32, fault: Box<Fault> },
}

impl From<crate::store::StoreError> for Fault {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Desk(error.into())
    }
}

impl Errands {
    /// Does an errand; `tell` hears how far it has come.
    pub(super) fn run(&self, desk: &Desk, task: &Task, tell: &mut dyn FnMut(Msg)) -> Result<Outcome, String> {
        let done = match task {
            Task::Release => self.release(desk, tell),
            Task::WriteBatch(number) => {
                desk.batch(*number).map_err(Fault::from).and_then(|(batch, _)| self.write_batch(desk, &batch))
            }
            Task::WriteReport(number) => self.write_report(desk, *number),
            Task::WriteQuarantine => self.write_quarantine(desk),
            Task::Freeze => desk.freeze().map_err(Fault::from).map(|view| {
                say(format!("件数報告 第{}号として確定しました。w で書き出せます", view.frozen.unwrap_or(0)))
            }),
            Task::Withdraw { batch, id, reason } => desk
                .withdraw(*batch, id, reason)
                .map_err(Fault::from)
                .map(|_| say(format!("整理番号 {} を第{batch}回から取り下げました", visible(id)))),
            Task::Dismiss { number, dismiss, reason } => {
                let done = if *dismiss { desk.dismiss(&[*number], reason) } else { desk.restore(&[*number], reason) };
                let what = if *dismiss { "除外しました" } else { "未処理に戻しました" };
                done.map_err(Fault::from).map(|_| say(format!("隔離番号 {number} の行を{what}")))
            }
            Task::Check(path) => self.import(desk, path, true, tell),
            Task::Import(path) => self.import(desk, path, false, tell),
        };
        done.map_err(|fault| fault.to_string())
    }

    /// Makes the next list and writes it; whatever can be refused is refused before the list exists.
    fn release(&self, desk: &Desk, tell: &mut dyn FnMut(Msg)) -> Result<Outcome, Fault> {
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
            .map_err(|fault| Fault::Unwritten { number: batch.number, fault: Box::new(fault) })
    }

    fn write_batch(&self, desk: &Desk, batch: &Batch) -> Result<Outcome, Fault> {
        let table = export::release::table(batch, &Template::default());
        let counts = vec![("batch".to_owned(), u64::from(batch.number)), ("round".to_owned(), u64::from(batch.round))];
        self.save(desk, "release", &batch_name(batch), &table, counts)
    }

    fn write_report(&self, desk: &Desk, number: Option<u32>) -> Result<Outcome, Fault> {
        let (report, bridge, as_of) = match number {
            None => {
                let view = desk.report()?;
                (view.report, view.bridge, view.as_of)
            }
            Some(number) => {
                let frozen = desk.snapshot()?.reports()?.into_iter().find(|report| report.number == number);
                let frozen = frozen.ok_or_else(|| {
                    DeskError::Usage(format!("件数報告 第{number}号はありません。読み直して(r)選び直してください"))
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

    fn write_quarantine(&self, desk: &Desk) -> Result<Outcome, Fault> {
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
    ) -> Result<Outcome, Fault> {
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

    fn folder(&self) -> Result<(), Fault> {
        if self.exports.is_dir() {
            return Ok(());
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&self.exports).map_err(|cause| {
            let folder = self.exports.display().to_string();
            Fault::Folder { folder: visible(&folder).into_owned(), cause }
        })
    }

    fn import(&self, desk: &Desk, path: &str, check: bool, tell: &mut dyn FnMut(Msg)) -> Result<Outcome, Fault> {
        self.stop.store(false, Ordering::Relaxed);
        let options = ImportOptions { check, cancel: Some(Arc::clone(&self.stop)), ..ImportOptions::default() };
        let actor = Actor { operator: desk.operator().to_owned(), at: desk.now() };
        let mut told = Instant::now();
        let report = ingest::import(&place(path), desk.store(), &options, &actor, &mut |progress| {
            if told.elapsed() >= TELL {
                told = Instant::now();
                tell(Msg::Progress { done: progress.bytes_done, total: progress.bytes_total, rows: progress.rows });
            }
        });
        report.map(|report| outcome(&report)).map_err(|error| Fault::Import(refusal(&error)))
    }
}

/// The path as a person types it: `~` is the home folder.
fn place(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

fn refusal(error: &IngestError) -> String {
    match error.profile_to_fill_in() {
        Some(_) => format!(
            "{error}\n\n列の対応が分からないため、取り込めません。何も変わっていません。\n次の命令で対応表の案を作り、直してから取り込んでください:\n  meken import ファイル        (対応表の案を表示)\n  meken import --layout 対応表.toml ファイル"
        ),
        None => error.to_string(),
    }
}

fn outcome(report: &ImportReport) -> Outcome {
    let lines: Vec<String> = report.to_text().lines().map(str::to_owned).collect();
    let message = match (report.same_as, report.check) {
        (Some(_), _) => "同じファイルが取込済です。何も変更していません".to_owned(),
        (None, true) => "検査しました".to_owned(),
        (None, false) => format!(
            "取り込みました: 新規 {} 更新 {} 変更なし {} 消滅 {} 隔離 {}",
            report.imported, report.updated, report.unchanged, report.vanished, report.quarantined
        ),
    };
    Outcome { message, lines, nothing: report.same_as.is_some() }
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
    let next = Next {
        number: outlook.number,
        cutoff: outlook.cutoff,
        rows: outlook.rows,
        by_class: outlook.by_class,
        by_category: outlook.by_category,
        left_out: outlook.left_out,
    };
    let folder = exports.display().to_string();
    Ok(Outputs { next, sent, now, frozen, quarantined: outlook.quarantined, folder: visible(&folder).into_owned() })
}
