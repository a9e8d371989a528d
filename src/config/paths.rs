//! Paths: the workspace folder and its files, and the user's configuration folder (ARCHITECTURE "Commands").

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The workspace folder (mode 0700) of one job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    dir: PathBuf,
}

/// Returns the folder of the user's keymaps and themes: `$XDG_CONFIG_HOME/meken`, else `~/.config/meken`.
pub fn config_dir(env: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute = |name: &str| env(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")));
    config.map(|config| config.join("meken"))
}

/// Error: neither a workspace nor a home folder is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("作業フォルダの場所がわかりません。--workspace DIR か環境変数 MEKEN_WORKSPACE で指定してください")]
pub struct NoWorkspaceDir;

impl Workspace {
    /// Creates the workspace of a folder.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Creates a named workspace in the user's data folder: `$XDG_DATA_HOME/meken/NAME`, else
    /// `~/.local/share/meken/NAME`.
    pub fn named(name: &str, env: impl Fn(&str) -> Option<OsString>) -> Result<Self, NoWorkspaceDir> {
        let absolute = |name: &str| env(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let data = absolute("XDG_DATA_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".local").join("share")))
            .ok_or(NoWorkspaceDir)?;
        Ok(Self { dir: data.join("meken").join(name) })
    }

    /// Returns the folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// `settings.toml`
    pub fn settings(&self) -> PathBuf {
        self.dir.join("settings.toml")
    }

    /// `layouts/`: the layout profiles that were used, one for each header.
    pub fn layouts(&self) -> PathBuf {
        self.dir.join("layouts")
    }

    /// `exports/`: manifests, which reveal an older copy of the store.
    pub fn exports(&self) -> PathBuf {
        self.dir.join("exports")
    }

    /// `meken.sock`: the socket of the process that holds the store.
    pub fn socket(&self) -> PathBuf {
        self.dir.join("meken.sock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_folder_comes_from_xdg_or_home() {
        let env = |set: &'static [(&str, &str)]| {
            move |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, v)| OsString::from(v))
        };
        let dir = |set| Workspace::named("demo", env(set)).map(|w| w.dir().to_owned());
        assert_eq!(dir(&[("XDG_DATA_HOME", "/d"), ("HOME", "/h")]), Ok(PathBuf::from("/d/meken/demo")));
        assert_eq!(dir(&[("XDG_DATA_HOME", "rel"), ("HOME", "/h")]), Ok(PathBuf::from("/h/.local/share/meken/demo")));
        assert_eq!(dir(&[]), Err(NoWorkspaceDir));
        let config = |set| config_dir(env(set));
        assert_eq!(config(&[("XDG_CONFIG_HOME", "/c"), ("HOME", "/h")]), Some(PathBuf::from("/c/meken")));
        assert_eq!(config(&[("XDG_CONFIG_HOME", ""), ("HOME", "/h")]), Some(PathBuf::from("/h/.config/meken")));
        assert_eq!(config(&[]), None);
    }
}
