//! The kinds of export, one file each: `plan` reads a list from the desk and lays it out, `commit` makes what is new.
//!
//! [`withdrawals`] lays out a list that is no kind yet.

pub mod quarantine;
pub mod records;
pub mod release;
pub mod report;
pub mod withdrawals;

use crate::desk::Seat;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::export::error::ExportError;
use crate::export::plan::Plan;
use crate::export::template::Template;

/// Reads and lays out what an export would write; nothing is made or written.
///
/// # Errors
/// Where there is nothing to export, or the store cannot be read.
pub fn plan(desk: &Seat, request: ExportRequest, template: &Template) -> Result<Plan, ExportError> {
    match request.kind {
        ExportKind::Release => release::plan(desk, request.number, template),
        ExportKind::Report => report::plan(desk, request.number),
        ExportKind::Records => records::plan(desk),
        ExportKind::Quarantine => quarantine::plan(desk),
    }
}

/// Makes what an export makes in the store; a list that makes nothing is written as it was planned.
pub(super) fn commit(
    desk: &Seat,
    request: ExportRequest,
    plan: Plan,
    template: &Template,
) -> Result<Plan, ExportError> {
    match (request.kind, plan.expect) {
        (ExportKind::Release, Some(expect)) => release::commit(desk, expect, template),
        _ => Ok(plan),
    }
}
