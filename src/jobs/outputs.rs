//! What the screen 出力 shows.

use std::path::Path;

use crate::compare::visible;
use crate::desk::{Desk, DeskError};
use crate::view::Outputs;

/// Reads what 出力 shows: the lists and reports that were made, and what the next ones would be.
///
/// # Errors
/// Where the store cannot be read.
pub fn outputs(desk: &Desk, exports: &Path) -> Result<Outputs, DeskError> {
    let folder = exports.display().to_string();
    Ok(Outputs { folder: visible(&folder).into_owned(), ..desk.outputs()? })
}
