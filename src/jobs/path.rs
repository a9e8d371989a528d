//! Paths as a person types them: the home folder, and completion.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

/// Maximum number of paths that are offered.
pub(super) const MAXIMUM_PATHS: usize = 1_000;

/// The paths that begin with what was typed, folders with a `/` behind them; the first ones by name where there are many.
///
/// A folder on a network that is gone may keep the caller waiting for ever.
pub fn paths(part: &str) -> Vec<String> {
    let (folder, begun) = part.rsplit_once('/').map_or(("", part), |(folder, begun)| (&part[..=folder.len()], begun));
    let searched = if folder.is_empty() { PathBuf::from(".") } else { expanded(folder) };
    let Ok(entries) = std::fs::read_dir(searched) else { return Vec::new() };
    let mut fitting: Vec<(String, DirEntry)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let fits = name.starts_with(begun) && (!name.starts_with('.') || begun.starts_with('.'));
            fits.then_some((name, entry))
        })
        .collect();
    // A folder is read in no particular order: the first ones are those by name.
    fitting.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    fitting.truncate(MAXIMUM_PATHS);
    // The entry mostly says itself what it is; a link counts as what it leads to.
    let is_folder = |entry: &DirEntry| match entry.file_type() {
        Ok(kind) if !kind.is_symlink() => kind.is_dir(),
        _ => std::fs::metadata(entry.path()).is_ok_and(|meta| meta.is_dir()),
    };
    let shown =
        |(name, entry): (String, DirEntry)| format!("{folder}{name}{}", if is_folder(&entry) { "/" } else { "" });
    let mut found: Vec<String> = fitting.into_iter().map(shown).collect();
    found.sort_unstable();
    found
}

/// The path that was typed, with `~` as the home folder.
pub(super) fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}
