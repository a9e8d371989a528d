//! Imports and checks of a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::error::JobError;
use super::path::expanded;
use super::progress::JobProgress;
use super::summary;
use crate::app::job::{ImportSource, Outcome, located};
use crate::app::screen::mapping::{FileColumn, Mapping};
use crate::clock;
use crate::config::paths::Workspace;
use crate::desk::Seat;
use crate::domain::record::Column;
use crate::ingest::{
    self, ImportOptions, ImportReport, IngestError, LayoutProfile, Progress, Refusal, UnknownEncoding,
};

/// Minimum time between two reports of progress: a line over a slow connection must not lag behind.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Imports a file, or checks it, in the name of the desk's operator.
///
/// # Errors
/// Why nothing was imported.
pub fn file(
    desk: &Seat,
    path: &Path,
    options: &ImportOptions,
    tell: &mut dyn FnMut(Progress),
) -> Result<ImportReport, IngestError> {
    ingest::import(path, desk.store(), options, &desk.actor(), tell)
}

/// What became of the layout profile of an import that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RememberOutcome {
    /// Kept in this file for the next file with the same header.
    Kept(PathBuf),
    /// Not kept: a file without a header would not show that its columns were moved.
    NoHeader,
    /// It could not be kept, for this reason; the import is done all the same.
    Failed(String),
}

/// Keeps the profile with which a file was imported; `None` where no profile was given or nothing was imported.
pub fn remember(layouts: &Path, report: &ImportReport, profile: Option<&LayoutProfile>) -> Option<RememberOutcome> {
    let profile = profile.filter(|_| report.number.is_some())?;
    if report.header_fingerprint.is_empty() {
        return Some(RememberOutcome::NoHeader);
    }
    Some(match ingest::remember(layouts, &report.header_fingerprint, profile) {
        Ok(path) => RememberOutcome::Kept(path),
        Err(error) => RememberOutcome::Failed(error.to_string()),
    })
}

/// Imports or checks a file that was named on a screen.
pub(super) fn run(
    layouts: &Path,
    stop: &Arc<AtomicBool>,
    desk: &Seat,
    source: &ImportSource,
    check: bool,
    tell: &mut dyn FnMut(JobProgress),
) -> Result<Outcome, JobError> {
    stop.store(false, Ordering::Relaxed);
    let path = expanded(&source.path);
    let refused = |error: IngestError| match JobError::from(error) {
        JobError::Import(words) => JobError::Import(located(&source.path, &words)),
        fault => fault,
    };
    let mut options = options(layouts, stop, desk, source, check)?;
    if !source.columns.is_empty() {
        let mut mapping = ingest::mapping(&path, &options).map_err(refused)?;
        for column in Column::ALL {
            mapping.choose(column, None);
        }
        for (column, number) in &source.columns {
            mapping.choose(*column, Some(*number));
        }
        options.layout = Some(mapping.to_profile().map_err(in_words)?);
    }
    let mut told = clock::instant();
    let report = file(desk, &path, &options, &mut |progress| {
        if told.elapsed() >= PROGRESS_INTERVAL {
            told = clock::instant();
            tell(JobProgress::Step { done: progress.bytes_done, total: progress.bytes_total, rows: progress.rows });
        }
    });
    let report = match report {
        Ok(report) => report,
        Err(error) if error.profile_to_fill_in().is_some() => {
            // What the header does not say is asked on a screen of its own.
            if let Ok(found) = ingest::mapping(&path, &options) {
                tell(JobProgress::Unmapped(Box::new(mapping(source, &found))));
            }
            return Err(refused(error));
        }
        Err(IngestError::Refused(Refusal::WouldVanish { vanishing, .. })) => {
            return Ok(summary::vanishing(&vanishing));
        }
        Err(error) => return Err(refused(error)),
    };
    if let Some(words) = report.refusals.first() {
        // A check tells what an import would: there is nothing to confirm.
        return Err(JobError::Import(located(&source.path, words)));
    }
    let mut outcome = summary::outcome(&report);
    outcome.lines.extend(match remember(layouts, &report, options.layout.as_ref()) {
        Some(RememberOutcome::Kept(_)) => {
            Some("この見出しの列の対応を覚えました。次からは選ばずに取り込めます。".to_owned())
        }
        Some(RememberOutcome::Failed(error)) => {
            Some(format!("列の対応を覚えられませんでした({error})。次も選んでください。"))
        }
        Some(RememberOutcome::NoHeader) | None => None,
    });
    Ok(outcome)
}

/// The options that stand behind a path.
fn options(
    layouts: &Path,
    stop: &Arc<AtomicBool>,
    desk: &Seat,
    source: &ImportSource,
    check: bool,
) -> Result<ImportOptions, JobError> {
    let workspace = layouts.parent().map(Workspace::at);
    Ok(ImportOptions {
        check,
        encoding: match &source.encoding {
            Some(word) => Some(word.parse().map_err(|error: UnknownEncoding| in_words(error))?),
            None => None,
        },
        layout: match &source.layout {
            Some(file) => Some(LayoutProfile::from_file(&expanded(file)).map_err(in_words)?),
            None => None,
        },
        serial_dates: match &source.serial_dates {
            Some(word) => Some(ingest::date_system(word).map_err(in_words)?),
            None => None,
        },
        sheet: source.sheet.clone(),
        max_bytes: desk.settings().import.max_size.0,
        settings: workspace.map(|workspace| workspace.settings()).unwrap_or_default(),
        run: source.run,
        recompute_marks: source.recompute_marks,
        allow_vanish: source.allow_vanish,
        allow_insurer: source.allow_insurer,
        recompute_facts: source.recompute_facts,
        cancel: Some(Arc::clone(stop)),
        remembered: ingest::remembered(layouts),
    })
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

fn in_words(error: impl std::fmt::Display) -> JobError {
    JobError::Import(error.to_string())
}
