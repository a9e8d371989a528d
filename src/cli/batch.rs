//! stub
use super::{args::BatchArgs, context::Context}; use crate::error::Failure;
pub(super) fn run(_: &Context, _: &BatchArgs) -> Result<(), Failure> { Ok(()) }
