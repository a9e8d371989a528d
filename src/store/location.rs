//! The store as a file of its workspace: opening, making and removing it, and who may read it.
//!
//! No store is ever deleted or made anew because it is busy or damaged.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::engine::redb::Redb;
use super::{Store, StoreError};

/// Name of the store inside a workspace.
pub const FILE_NAME: &str = "meken.redb";

/// Opens the store of a workspace folder.
///
/// # Errors
/// [`StoreError::Missing`] when there is none, [`StoreError::Busy`] when another process holds it.
pub fn open(workspace: &Path) -> Result<Store, StoreError> {
    let path = workspace.join(FILE_NAME);
    let file = match fs::metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(StoreError::Missing),
        found => found?.ino(),
    };
    tighten(workspace, 0o700)?;
    tighten(&path, 0o600)?;
    let opened = File::options().read(true).write(true).open(&path)?;
    if opened.metadata()?.len() == 0 {
        // The engine would make a new database of it.
        return Err(StoreError::foreign());
    }
    let engine = Redb::in_file(opened)?;
    // Whoever held it before may have taken an unused store away meanwhile (see [`remove_unused`]); what is written to
    // a file without a name would be lost.
    match fs::metadata(&path) {
        Ok(now) if now.ino() == file => Ok(Store::over(engine)?.in_folder(workspace)),
        Ok(_) => Err(StoreError::Busy { holder: None }),
        Err(_) => Err(StoreError::Missing),
    }
}

/// Opens the store of a workspace folder and makes folder (0700) and store (0600) where there is none.
///
/// A new store comes into its place complete or not at all, and never over another one.
pub fn open_or_create(workspace: &Path) -> Result<Store, StoreError> {
    match open(workspace) {
        Err(StoreError::Missing) => {}
        opened => return opened,
    }
    refuse_shared(workspace)?;
    DirBuilder::new().recursive(true).mode(0o700).create(workspace)?;
    tighten(workspace, 0o700)?;
    let path: PathBuf = workspace.join(FILE_NAME);
    let file = tempfile::Builder::new()
        .prefix(".meken-new-")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(workspace)?;
    let store = Store::initialise(Redb::in_file(file.reopen()?)?)?.in_folder(workspace);
    match file.persist_noclobber(&path) {
        Ok(_) => {
            File::open(workspace)?.sync_all()?;
            Ok(store)
        }
        // Another process was faster: its store is the store.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => open(workspace),
        Err(error) => Err(error.error.into()),
    }
}

/// Whether a workspace holds a store.
pub fn exists(workspace: &Path) -> bool {
    workspace.join(FILE_NAME).exists()
}

/// Removes the store that was made for an import which then did not happen, by whoever still holds it; the folder goes too
/// where it was made for it (`folder`) and nothing else lies in it. A store that holds anything stays.
pub fn remove_unused(held: &Store, workspace: &Path, folder: bool) -> Result<(), StoreError> {
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

/// A folder that belongs to everybody (`/tmp`) or to somebody else is no workspace: closing it would lock others out.
fn refuse_shared(workspace: &Path) -> Result<(), StoreError> {
    const STICKY: u32 = 0o1000;
    let Ok(found) = fs::metadata(workspace) else { return Ok(()) };
    let mine = found.uid() == rustix::process::geteuid().as_raw();
    if mine && found.permissions().mode() & STICKY == 0 {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "{} は共有または他の利用者のフォルダです。自分専用のフォルダを指定してください",
        workspace.display()
    )))
}

/// Takes away what others may do with a file or folder; it holds personal data.
fn tighten(path: &Path, mode: u32) -> Result<(), StoreError> {
    let now = fs::metadata(path)?.permissions().mode();
    if now & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(now & mode)).map_err(|error| {
        StoreError::Refused(format!(
            "{} は他の利用者から読める設定で、変更できません({error})。所有者が chmod {mode:o} を実行してください",
            path.display()
        ))
    })
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
        let actor = crate::domain::event::Actor::named("検査", jiff::Timestamp::UNIX_EPOCH);
        store.import().unwrap().commit(ImportRecord::default(), &actor).unwrap();
        remove_unused(&store, &dir, true).unwrap();
        drop(store);
        assert_eq!(open(&dir).unwrap().snapshot().unwrap().meta().unwrap().imports.len(), 1);
    }
}
