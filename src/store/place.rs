//! The store as a file of its workspace, without opening it.

use std::fs;
use std::path::Path;

use super::StoreError;
use super::redb_store::FILE_NAME;

/// Whether a workspace holds a store.
pub fn exists(workspace: &Path) -> bool {
    workspace.join(FILE_NAME).exists()
}

/// Removes the store of a workspace. Only for fictitious data, by whoever has just held it (see `cli::demo`).
pub fn remove(workspace: &Path) -> Result<(), StoreError> {
    fs::remove_file(workspace.join(FILE_NAME)).map_err(|error| StoreError::Engine(error.to_string()))
}
