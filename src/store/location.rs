//! The store as a file of its workspace, without opening it.

use std::fs;
use std::path::Path;

use super::redb_store::FILE_NAME;
use super::{Store, StoreError};

/// Whether a workspace holds a store.
pub fn exists(workspace: &Path) -> bool {
    workspace.join(FILE_NAME).exists()
}

/// Removes the store that was made for an import which then did not happen, by whoever still holds it; the folder goes too
/// where it was made for it (`folder`) and nothing else lies in it. A store that holds anything stays.
pub fn remove_unused(held: &dyn Store, workspace: &Path, folder: bool) -> Result<(), StoreError> {
    let meta = held.snapshot()?.meta()?;
    if !meta.imports.is_empty() || meta.audit_seq > 0 {
        return Ok(());
    }
    fs::remove_file(workspace.join(FILE_NAME))?;
    if folder {
        // Something else may lie in it by now; then it stays.
        let _ = fs::remove_dir(workspace);
    }
    Ok(())
}

/// Removes the store of a workspace. Only for fictitious data, by whoever has just held it (see `cli::demo`).
pub fn remove(workspace: &Path) -> Result<(), StoreError> {
    fs::remove_file(workspace.join(FILE_NAME)).map_err(|error| StoreError::Engine(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{ImportRecord, open, open_or_create};

    #[test]
    fn only_a_store_without_anything_is_taken_away() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("work");
        let store = open_or_create(&dir).unwrap();
        remove_unused(&store, &dir, false).unwrap();
        assert!(!exists(&dir) && dir.exists());
        drop(store);

        let store = open_or_create(&dir).unwrap();
        let actor = crate::domain::event::Actor { operator: "検査".into(), at: jiff::Timestamp::UNIX_EPOCH };
        store.import().unwrap().commit(ImportRecord::default(), &actor).unwrap();
        remove_unused(&store, &dir, true).unwrap();
        drop(store);
        assert_eq!(open(&dir).unwrap().snapshot().unwrap().meta().unwrap().imports.len(), 1);
    }
}
