//! stub
use super::{args::ExportArgs, context::Context}; use crate::error::Failure;
pub(super) fn run(_: &Context, _: &ExportArgs) -> Result<(), Failure> { Ok(()) }
