//! The store in one redb file: making, opening, and who may go on after a fault.
//!
//! A fault of the engine is final for the handle: whatever was asked when it happened may or may not be durable, so every
//! later call answers [`StoreError::Reopen`], and the caller opens the store anew and reads back. Nothing is retried, and
//! no store is ever deleted or made anew because it is busy or damaged.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use redb::backends::FileBackend;
use redb::{Database, DatabaseError, Durability, ReadableDatabase, StorageBackend, StorageError, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::backend::Sparing;
use super::envelope::{self, ValueKind};
use super::import::RedbImport;
use super::lookup::Tables;
use super::read::RedbSnapshot;
use super::schema::{
    AUDIT, BATCHES, BY_KEY, COLUMNS, DECISIONS, HISTORY, Head, IMPORTS, IN_BATCH, META, META_HEAD, META_STORE, OLDEST,
    QUARANTINE, REPORTS, ROWS, SCHEMA, SESSIONS, SIGNS, VERSIONS, WITHDRAWALS,
};
use super::{ImportWriter, Snapshot, Store, StoreError, write};
use crate::domain::event::{Actor, Change, Event};

/// Name of the store inside a workspace.
pub const FILE_NAME: &str = "meken.redb";

/// redb's own default of 1 GiB is more than the machines it runs on can spare.
const CACHE_BYTES: usize = 20 * 1024 * 1024;

/// A store in a redb file, held by this process alone.
pub struct RedbStore {
    pub(super) db: Database,
    pub(super) identity: Identity,
    faulted: AtomicBool,
}

/// `Debug` tells the identity and nothing that is stored.
impl std::fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedbStore").field("id", &self.identity.id).finish_non_exhaustive()
    }
}

/// What never changes about a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// Schema version.
    pub schema: u32,
    /// Random identity.
    pub id: String,
}

/// Opens the store of a workspace folder.
///
/// # Errors
/// [`StoreError::Missing`] when there is none, [`StoreError::Busy`] when another process holds it.
pub fn open(workspace: &Path) -> Result<RedbStore, StoreError> {
    let path = workspace.join(FILE_NAME);
    let file = match fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(StoreError::Missing),
        found => found?.ino(),
    };
    tighten(workspace, 0o700)?;
    tighten(&path, 0o600)?;
    let opened = File::options().read(true).write(true).open(&path)?;
    if opened.metadata()?.len() == 0 {
        // The engine would make a new database of it.
        return Err(foreign());
    }
    let db = database(opened)?;
    // Whoever held it before may have taken an unused store away meanwhile (see `location::remove_unused`); what is written to
    // a file without a name would be lost.
    match fs::metadata(&path) {
        Ok(now) if now.ino() == file => RedbStore::over(db),
        Ok(_) => Err(StoreError::Busy { holder: None }),
        Err(_) => Err(StoreError::Missing),
    }
}

/// Opens the store of a workspace folder and makes folder (0700) and store (0600) where there is none.
///
/// A new store comes into its place complete or not at all, and never over another one.
pub fn open_or_create(workspace: &Path) -> Result<RedbStore, StoreError> {
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
    let db = database(file.reopen()?)?;
    let store = RedbStore::initialise(db)?;
    match file.persist_noclobber(&path) {
        Ok(_) => {
            File::open(workspace)?.sync_all()?;
            Ok(store)
        }
        // Another process was faster: its store is the store.
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => open(workspace),
        Err(error) => Err(error.error.into()),
    }
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

/// The database in a file; an empty file becomes one.
fn database(file: File) -> Result<Database, StoreError> {
    over(FileBackend::new(file)?, CACHE_BYTES)
}

/// The database on a backend, with so many bytes of cache.
pub(super) fn over(backend: impl StorageBackend, cache: usize) -> Result<Database, StoreError> {
    match Database::builder().set_cache_size(cache).create_with_backend(Sparing::over(backend)) {
        Err(DatabaseError::Storage(StorageError::Io(cause))) if cause.kind() == ErrorKind::InvalidData => {
            Err(foreign())
        }
        opened => Ok(opened?),
    }
}

/// The file holds something else.
fn foreign() -> StoreError {
    StoreError::Corrupt("meken のデータではありません".to_owned())
}

/// 128 bits from the system, hexadecimal.
fn random_id() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl RedbStore {
    /// Makes every table, so that reading never meets a missing one.
    pub(super) fn initialise(db: Database) -> Result<Self, StoreError> {
        let identity = Identity { schema: SCHEMA, id: random_id()? };
        let mut txn = db.begin_write()?;
        txn.set_two_phase_commit(true);
        txn.set_quick_repair(true);
        {
            let mut meta = txn.open_table(META)?;
            let sealed = envelope::seal_json(ValueKind::Meta, META_STORE.as_bytes(), &identity)?;
            meta.insert(META_STORE, sealed.as_slice())?;
            meta.insert(META_HEAD, Head::START.seal().as_slice())?;
            for table in [IMPORTS, ROWS, VERSIONS, SIGNS, DECISIONS, BATCHES, WITHDRAWALS, REPORTS] {
                txn.open_table(table)?;
            }
            txn.open_table(COLUMNS)?;
            txn.open_table(BY_KEY)?;
            txn.open_table(AUDIT)?;
            txn.open_table(HISTORY)?;
            txn.open_table(IN_BATCH)?;
            txn.open_table(QUARANTINE)?;
            txn.open_table(SESSIONS)?;
        }
        txn.commit()?;
        Ok(Self { db, identity, faulted: AtomicBool::new(false) })
    }

    /// Takes an opened database that should hold a store.
    pub(super) fn over(db: Database) -> Result<Self, StoreError> {
        let identity: Identity = {
            let txn = db.begin_read()?;
            let meta = txn.table(META).map_err(|_| foreign())?;
            let sealed = redb::ReadableTable::get(&meta, META_STORE)?.ok_or_else(|| ValueKind::Meta.corrupt())?;
            envelope::open_json(ValueKind::Meta, META_STORE.as_bytes(), sealed.value())?
        };
        if !(OLDEST..=SCHEMA).contains(&identity.schema) {
            return Err(StoreError::Refused(format!(
                "このデータは別の版の meken で作られています(形式 {}、この版は {SCHEMA})。対応する版をお使いください",
                identity.schema
            )));
        }
        Ok(Self { db, identity, faulted: AtomicBool::new(false) })
    }

    /// Lets work through while the handle is sound, and closes it for good after a fault of the engine.
    pub(super) fn guard<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.faulted.load(Ordering::Acquire) {
            return Err(StoreError::Reopen("前の障害のため".to_owned()));
        }
        let result = work();
        if result.as_ref().is_err_and(StoreError::is_final) {
            self.faulted.store(true, Ordering::Release);
        }
        result
    }

    /// Begins a write that is durable, in two phases, before its commit returns.
    pub(super) fn begin(&self) -> Result<WriteTransaction, StoreError> {
        let mut txn = self.db.begin_write()?;
        txn.set_durability(Durability::Immediate).map_err(redb::Error::from)?;
        txn.set_two_phase_commit(true);
        Ok(txn)
    }

    /// Saves the engine's state of free pages, so that opening after a crash needs no repair.
    pub(super) fn save_free_pages(&self) -> Result<(), StoreError> {
        let mut txn = self.begin()?;
        txn.set_quick_repair(true);
        Ok(txn.commit()?)
    }

    /// Walks the whole file and checks every page; needs the store for itself. `false`: something was wrong and repaired.
    pub fn check_integrity(&mut self) -> Result<bool, StoreError> {
        Ok(self.db.check_integrity()?)
    }
}

impl Store for RedbStore {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, StoreError> {
        self.guard(|| Ok(Box::new(RedbSnapshot::new(self, self.db.begin_read()?)) as Box<dyn Snapshot>))
    }

    fn apply(&self, changes: &[Change], actor: &Actor) -> Result<Vec<Event>, StoreError> {
        self.guard(|| write::apply(self, changes, actor))
    }

    fn import(&self) -> Result<Box<dyn ImportWriter + '_>, StoreError> {
        self.guard(|| Ok(Box::new(RedbImport::begin(self)?) as Box<dyn ImportWriter>))
    }

    fn settle(&self) -> Result<(), StoreError> {
        self.guard(|| self.save_free_pages())
    }

    fn keep_session(&self, operator: &str, session: &[u8]) -> Result<(), StoreError> {
        self.guard(|| {
            let txn = self.begin()?;
            let sealed = envelope::seal(ValueKind::Session, operator.as_bytes(), session);
            txn.open_table(SESSIONS)?.insert(operator, sealed.as_slice())?;
            Ok(txn.commit()?)
        })
    }
}
