//! What the screen 出力 shows.

use std::path::Path;

use crate::compare::visible;
use crate::view::Outputs;

/// What 出力 shows, with the folder of its files, which the desk does not know.
pub fn in_folder(outputs: Outputs, exports: &Path) -> Outputs {
    let folder = exports.display().to_string();
    Outputs { folder: visible(&folder).into_owned(), ..outputs }
}
