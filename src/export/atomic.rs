//! Writes files whole or not at all: the only place of the room that touches the disk.
//!
//! Bytes go to a temporary file in the folder of the target, mode 0600, which is synced before it is renamed; then the folder
//! is synced. A reader sees the old file or the new one, never a part. Paths come from the user,
//! never from data.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::ExportError;
use super::manifest::{Manifest, Origin};

/// Suffix of the name of a manifest.
const MANIFEST: &str = ".manifest.json";

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The file.
    pub file: PathBuf,
    /// The manifest beside it.
    pub manifest: PathBuf,
    /// What the manifest says.
    pub content: Manifest,
    /// The copy of the manifest in the exports folder.
    pub copy: Option<PathBuf>,
}

/// Writes an export and the manifest beside it; with `exports` also keeps a copy of the manifest in that folder, which is
/// made (0700) where it is missing. The copy is named after the audit number, so that later exports do not replace it.
///
/// Everything is checked and on disk under temporary names before the first name changes. An existing file is replaced
/// only if it is a plain file.
pub fn save(path: &Path, bytes: &[u8], origin: &Origin, exports: Option<&Path>) -> Result<Saved, ExportError> {
    let target = Target::new(path)?;
    if target.name.as_bytes().ends_with(MANIFEST.as_bytes()) {
        return Err(ExportError::ManifestName(path.to_owned()));
    }
    let beside = Target::new(&target.folder.join(with_manifest(&target.name)))?;
    let content = Manifest::of(&target.name.to_string_lossy(), bytes, origin);
    let json = content.to_json();
    let copy = match exports {
        Some(folder) => Some(copy_target(folder, &target, content.audit_seq)?),
        None => None,
    };
    let copy = copy.flatten();
    let staged_copy = copy.as_ref().map(|copy| stage(copy, &json)).transpose()?;
    let staged_manifest = stage(&beside, &json)?;
    let staged_file = stage(&target, bytes)?;
    // The copy first: a manifest in the exports folder may only be too new for its file, never missing.
    if let (Some(copy), Some(staged)) = (&copy, staged_copy) {
        publish(copy, staged)?;
    }
    publish(&target, staged_file)?;
    publish(&beside, staged_manifest)?;
    Ok(Saved { file: target.path, manifest: beside.path, content, copy: copy.map(|copy| copy.path) })
}

/// Checks beforehand whether [`save`] would refuse a path.
pub fn check(path: &Path) -> Result<(), ExportError> {
    Target::new(path).map(drop)
}

/// Writes one file without a manifest.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let target = Target::new(path)?;
    let staged = stage(&target, bytes)?;
    publish(&target, staged)
}

/// A path that may be written.
struct Target {
    path: PathBuf,
    folder: PathBuf,
    name: OsString,
}

impl Target {
    /// Checks that the folder exists and that nothing but a plain file would be replaced.
    fn new(path: &Path) -> Result<Self, ExportError> {
        let names_folder = path.as_os_str().as_bytes().ends_with(b"/");
        let Some(name) = path.file_name().filter(|_| !names_folder) else {
            return Err(ExportError::IsFolder(path.to_owned()));
        };
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        match fs::metadata(&folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(ExportError::NoFolder(folder)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(ExportError::NoFolder(folder));
            }
            Err(error) => return Err(ExportError::io(&folder, "確認")(error)),
        }
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(ExportError::IsFolder(path.to_owned())),
            Ok(metadata) if !metadata.is_file() => return Err(ExportError::NotRegular(path.to_owned())),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(ExportError::io(path, "確認")(error)),
        }
        Ok(Self { path: path.to_owned(), folder, name: name.to_owned() })
    }
}

/// Where the copy of the manifest goes; `None` when the export itself lies in the exports folder.
fn copy_target(exports: &Path, target: &Target, audit_seq: u64) -> Result<Option<Target>, ExportError> {
    if !exports.exists() {
        DirBuilder::new().mode(0o700).create(exports).map_err(ExportError::io(exports, "作成"))?;
    }
    let same = |a: &Path, b: &Path| Some(fs::canonicalize(a).ok()? == fs::canonicalize(b).ok()?);
    if same(exports, &target.folder) == Some(true) {
        return Ok(None);
    }
    let mut name = OsString::from(format!("{audit_seq:010}-"));
    name.push(with_manifest(&target.name));
    Target::new(&exports.join(name)).map(Some)
}

fn with_manifest(name: &std::ffi::OsStr) -> OsString {
    let mut name = name.to_owned();
    name.push(MANIFEST);
    name
}

/// Writes and syncs bytes under a temporary name beside the target; dropping the result removes it.
fn stage(target: &Target, bytes: &[u8]) -> Result<NamedTempFile, ExportError> {
    let doing = "書き込み";
    let mut file = tempfile::Builder::new()
        .prefix(".meken-")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(&target.folder)
        .map_err(ExportError::io(&target.path, doing))?;
    file.write_all(bytes).map_err(ExportError::io(&target.path, doing))?;
    file.as_file().sync_all().map_err(ExportError::io(&target.path, doing))?;
    Ok(file)
}

/// Renames a staged file to its target and syncs the folder.
fn publish(target: &Target, staged: NamedTempFile) -> Result<(), ExportError> {
    staged.persist(&target.path).map_err(|error| ExportError::io(&target.path, "置き換え")(error.error))?;
    File::open(&target.folder)
        .and_then(|folder| folder.sync_all())
        .map_err(ExportError::io(&target.folder, "ディスクへ保存"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::super::manifest::tests::origin;
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn file_manifest_and_copy() {
        let folder = tempfile::tempdir().unwrap();
        let (path, exports) = (folder.path().join("解除.csv"), folder.path().join("exports"));
        let saved = save(&path, b"abc", &origin(), Some(&exports)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"abc");
        assert_eq!(saved.manifest, folder.path().join("解除.csv.manifest.json"));
        let json = fs::read(&saved.manifest).unwrap();
        let manifest = Manifest::from_json(&json).unwrap();
        assert_eq!(manifest, saved.content);
        assert_eq!(manifest.file, "解除.csv");
        assert!(manifest.describes(b"abc"));
        let copy = saved.copy.unwrap();
        assert_eq!(copy, exports.join("0000000041-解除.csv.manifest.json"));
        assert_eq!(fs::read(&copy).unwrap(), json);
        for file in [&path, &saved.manifest, &copy] {
            assert_eq!(mode(file), 0o600, "{}", file.display());
        }
        assert_eq!(mode(&exports), 0o700);
        assert_eq!(names(folder.path()), ["exports", "解除.csv", "解除.csv.manifest.json"]);
    }

    #[test]
    fn an_export_inside_the_exports_folder_needs_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        let saved = save(&folder.path().join("a.csv"), b"", &origin(), Some(folder.path())).unwrap();
        assert_eq!(saved.copy, None);
        assert_eq!(names(folder.path()), ["a.csv", "a.csv.manifest.json"]);
    }

    #[test]
    fn a_plain_file_is_replaced_and_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "old and longer").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn what_is_refused_is_named_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("sub")).unwrap();
        fs::write(at("plain"), "keep").unwrap();
        symlink(at("plain"), at("link")).unwrap();
        fs::create_dir(at("busy.csv.manifest.json")).unwrap();
        let before = names(folder.path());
        type Test = fn(&ExportError) -> bool;
        let table: [(&str, Test); 9] = [
            ("sub", |e| matches!(e, ExportError::IsFolder(_))),
            ("new/", |e| matches!(e, ExportError::IsFolder(_))),
            ("..", |e| matches!(e, ExportError::IsFolder(_))),
            ("missing/a.csv", |e| matches!(e, ExportError::NoFolder(_))),
            ("plain/a.csv", |e| matches!(e, ExportError::NoFolder(_))),
            ("link", |e| matches!(e, ExportError::NotRegular(_))),
            ("busy.csv", |e| matches!(e, ExportError::IsFolder(_))),
            ("a.csv.manifest.json", |e| matches!(e, ExportError::ManifestName(_))),
            ("", |e| matches!(e, ExportError::IsFolder(_))),
        ];
        for (name, expected) in table {
            let error = save(&at(name), b"new", &origin(), None).unwrap_err();
            assert!(expected(&error), "{name}: {error:?}");
            assert!(error.to_string().contains("ください"), "{error}");
            assert_eq!(names(folder.path()), before, "{name}");
        }
        assert_eq!(fs::read(at("plain")).unwrap(), b"keep");
    }

    #[test]
    fn a_device_is_never_replaced() {
        assert!(matches!(write(Path::new("/dev/null"), b"x"), Err(ExportError::NotRegular(_))));
    }

    #[test]
    fn a_name_that_is_too_long_is_an_error_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("a".repeat(300)), b"x").unwrap_err();
        assert!(error.to_string().contains("できませんでした"), "{error}");
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }
}
