//! Work that takes a moment: files written, imports; one at a time, with progress.

use crate::domain::record::Column;

/// A file to import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// As the operator named it.
    pub path: String,
    /// Which columns are which (number from 1), where the operator chose; empty where the header says.
    pub columns: Vec<(Column, usize)>,
}

impl Source {
    /// A file whose header says which columns are which.
    pub fn of(path: impl Into<String>) -> Self {
        Self { path: path.into(), columns: Vec::new() }
    }
}

/// One piece of such work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Make the next 解除 list and write it.
    Release,
    /// Write a 解除 list again.
    WriteBatch(u32),
    /// Write a 件数報告: a frozen one, or the counts as they stand.
    WriteReport(Option<u32>),
    /// Keep the counts as a numbered report.
    Freeze,
    /// Take a record out of a sent list.
    Withdraw {
        /// The list.
        batch: u32,
        /// 整理番号
        id: String,
        /// Why.
        reason: String,
    },
    /// Dismiss a row held back at import, or take that back.
    Dismiss {
        /// Its number.
        number: u32,
        /// Whether it is dismissed; else it is open again.
        dismiss: bool,
        /// Why.
        reason: String,
    },
    /// Write the rows held back, for correction.
    WriteQuarantine,
    /// Read a file and say what it would change.
    Check(Source),
    /// Import a file.
    Import(Source),
}

impl Task {
    /// What is being done, for the progress line.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Release => "解除リストを作成中",
            Self::WriteBatch(_) | Self::WriteReport(_) | Self::WriteQuarantine => "書き出し中",
            Self::Freeze => "件数報告を確定中",
            Self::Withdraw { .. } => "取下げ中",
            Self::Dismiss { .. } => "隔離の扱いを変更中",
            Self::Check(_) => "ファイルを検査中",
            Self::Import(_) => "取込中",
        }
    }

    /// Whether it can be stopped half way, with nothing done.
    pub fn can_stop(&self) -> bool {
        matches!(self, Self::Check(_) | Self::Import(_))
    }
}

/// Work that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What.
    pub task: Task,
    /// How much is done, of `total`.
    pub done: u64,
    /// All of it; 0 when not known.
    pub total: u64,
    /// Rows so far.
    pub rows: u64,
}

impl Job {
    /// Work that begins.
    pub fn of(task: Task) -> Self {
        Self { task, done: 0, total: 0, rows: 0 }
    }
}

/// How such work ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// In one line.
    pub message: String,
    /// In several, where there is more to say.
    pub lines: Vec<String>,
    /// Whether there is nothing to do: the file is in already.
    pub nothing: bool,
}
