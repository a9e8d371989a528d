//! Carries an export out, in one way for the command line and the screens: plan, check, make what is new, write.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::atomic;
use super::encoding::TextEncoding;
use super::error::ExportError;
use super::kinds::{commit, plan};
use super::manifest::Origin;
use super::plan::Plan;
use super::template::Template;
use crate::desk::{DeskError, Seat};
use crate::domain::export::ExportRequest;
use crate::service::BatchExpect;

/// Where and how a list is written.
#[derive(Clone, Debug)]
pub struct Target<'t> {
    /// The file; `None` for the default name in the exports folder.
    pub file: Option<&'t Path>,
    /// The exports folder, which keeps a copy of every manifest.
    pub exports: &'t Path,
    /// The encoding.
    pub encoding: TextEncoding,
    /// The columns, for kinds that take a template.
    pub template: Template,
    /// What an earlier preview counted, where one was shown; a list that would be another one is not made.
    pub expect: Option<BatchExpect>,
}

/// How far an export has come.
#[derive(Clone, Copy, Debug)]
pub enum Stage<'p> {
    /// Read and laid out.
    Planned(&'p Plan),
    /// Nothing that can be known beforehand stands against it.
    Checked(&'p Plan),
    /// What is new is made in the store.
    Made(&'p Plan),
}

/// A list that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Data rows.
    pub rows: usize,
}

/// Carries an export out; `tell` hears how far it has come. Whatever can be refused is refused before anything is made.
///
/// # Errors
/// [`ExportError::Unwritten`] where a new list is made but could not be written; otherwise nothing has changed.
pub fn write(
    desk: &Seat,
    request: ExportRequest,
    target: &Target<'_>,
    tell: &mut dyn FnMut(Stage<'_>),
) -> Result<Written, ExportError> {
    let planned = plan(desk, request, &target.template)?;
    if let (Some(shown), Some(now)) = (target.expect, planned.expect)
        && shown != now
    {
        return Err(DeskError::BatchMoved { now }.into());
    }
    tell(Stage::Planned(&planned));
    let bytes = planned.table.to_csv(target.encoding)?;
    if target.file.is_none() {
        make_folder(target.exports)?;
    }
    atomic::check(&path_of(&planned, target))?;
    tell(Stage::Checked(&planned));
    if !request.creates() {
        return save(desk, &planned, &bytes, target);
    }
    let made = commit(desk, request, planned, &target.template)?;
    tell(Stage::Made(&made));
    let written = made.table.to_csv(target.encoding).and_then(|bytes| save(desk, &made, &bytes, target));
    written.map_err(|fault| ExportError::Unwritten { number: made.edition.number.unwrap_or(0), fault: Box::new(fault) })
}

fn path_of(plan: &Plan, target: &Target<'_>) -> PathBuf {
    target.file.map_or_else(|| target.exports.join(plan.file_name()), Path::to_owned)
}

fn save(desk: &Seat, plan: &Plan, bytes: &[u8], target: &Target<'_>) -> Result<Written, ExportError> {
    let path = path_of(plan, target);
    let meta = desk.snapshot()?.meta()?;
    let rows = plan.table.rows.len();
    let mut origin = Origin::of(plan.edition.kind.info().word, &meta, desk.operator(), desk.now()).rows(rows);
    for (name, count) in &plan.counts {
        origin = origin.count(name, *count);
    }
    atomic::save(&path, bytes, &origin, Some(target.exports))?;
    Ok(Written { path, rows })
}

fn make_folder(folder: &Path) -> Result<(), ExportError> {
    if folder.is_dir() {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|cause| ExportError::Folder { folder: folder.to_owned(), cause })
}
