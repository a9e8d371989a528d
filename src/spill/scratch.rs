//! Where temporary files are made.

use std::fs::File;
use std::io;
use std::path::PathBuf;

/// The folder in which temporary files are made.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    folder: Option<PathBuf>,
}

impl Scratch {
    /// Files in a folder; those of [`Scratch::default`] are made in the temporary folder of the system, for tests.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()) }
    }

    /// The folder, where one was named.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_deref()
    }

    /// Makes a file without a name, readable for its owner alone.
    pub(super) fn file(&self) -> io::Result<File> {
        self.folder.as_ref().map_or_else(tempfile::tempfile, tempfile::tempfile_in)
    }
}
