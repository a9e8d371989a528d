//! Kinds of matching runs (RULES §7): which records a file speaks for.

use serde::{Deserialize, Serialize};

/// Which rows a file speaks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Run {
    /// 全件: rows that are missing have vanished.
    #[default]
    Full,
    /// 差分突合: adds and updates only.
    Delta,
    /// 誤入力チェック: adds and updates only.
    NewCheck,
    /// 隔離訂正: held-back rows that were written out and corrected; adds and updates only.
    Correction,
}

impl Run {
    /// The kinds that an operator can name, with their words on the command line.
    pub const WORDS: [(&'static str, Self); 3] =
        [("full", Self::Full), ("delta", Self::Delta), ("new-check", Self::NewCheck)];
}

/// An import as messages and lists name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportName {
    /// Its number, from 1.
    pub number: u32,
    /// Name of its file, without folder.
    pub file: String,
}
