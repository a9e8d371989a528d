//! Exports as jobs: to the exports folder, under the default name.

use std::path::Path;

use super::error::JobError;
use super::progress::JobProgress;
use crate::app::job::Outcome;
use crate::compare::visible;
use crate::desk::Seat;
use crate::domain::export::ExportRequest;
use crate::export::{self, ExportError, Stage, Target, Template, TextEncoding};
use crate::service::BatchExpect;

/// Number of steps of an export, the writing of the file included.
const STEPS: u64 = 4;

pub(super) fn run(
    exports: &Path,
    desk: &Seat,
    request: ExportRequest,
    expect: Option<BatchExpect>,
    tell: &mut dyn FnMut(JobProgress),
) -> Result<Outcome, JobError> {
    let (encoding, template) = (TextEncoding::default(), Template::default());
    let target = Target { file: None, exports, encoding, template, expect };
    let written = export::write(desk, request, &target, &mut |stage| {
        let (done, plan) = match stage {
            Stage::Planned(plan) => (1, plan),
            Stage::Checked(plan) => (2, plan),
            Stage::Made(plan) => (3, plan),
        };
        tell(JobProgress::Step { done, total: STEPS, rows: plan.table.rows.len() as u64 });
    });
    let written = written.map_err(|fault| match fault {
        ExportError::Desk(fault) => JobError::Desk(fault),
        fault @ ExportError::Unwritten { .. } => JobError::Unwritten(fault),
        fault => JobError::Export(fault),
    })?;
    let name = written.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = exports.display().to_string();
    Ok(Outcome::said(format!("{name} に {} 行を書き出しました ({})", written.rows, visible(&folder))))
}
