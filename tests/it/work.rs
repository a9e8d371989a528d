//! A workspace of its own for each test, with a cleared environment, and the binary run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A temporary home with one workspace.
pub(crate) struct Work {
    home: TempDir,
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Fails the test with everything that was said unless the command ended with this code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.ends_with(0)
    }

    /// The one JSON value on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// One JSON value a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Work {
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.path("work")
    }

    /// The binary with a cleared environment.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(binary());
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("MEKEN_WORKSPACE", self.workspace())
            .current_dir(self.home.path());
        command
    }

    /// Runs one command line, split at blanks.
    pub(crate) fn run(&self, line: &str) -> Said {
        self.run_args(&line.split_whitespace().collect::<Vec<_>>())
    }

    pub(crate) fn run_args(&self, args: &[&str]) -> Said {
        self.command().args(args).output().unwrap().into()
    }

    /// Writes a file into the home, with the folders above it.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Writes the settings of the workspace.
    pub(crate) fn settings(&self, text: &str) {
        self.write("work/settings.toml", text);
    }

    /// A sample file with its truth, imported.
    pub(crate) fn with_sample(rows: u64) -> (Self, Vec<Truth>) {
        let work = Self::new();
        work.run(&format!("sample --rows {rows} --truth truth.tsv -o sample.csv")).ok();
        work.run("import sample.csv").ok();
        let truth = truth(&work.path("truth.tsv"));
        (work, truth)
    }
}

pub(crate) fn binary() -> &'static str {
    env!("CARGO_BIN_EXE_meken")
}

/// One line of a truth table.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    pub(crate) id: String,
    pub(crate) class: String,
    pub(crate) in_item1: bool,
    pub(crate) same_person: bool,
    pub(crate) must_not_suggest: bool,
    pub(crate) category: String,
    pub(crate) danger: String,
    pub(crate) may_suggest: bool,
}

pub(crate) fn truth(path: &Path) -> Vec<Truth> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap_or_else(|| panic!("no {name}"));
    let columns = [
        at("整理番号"),
        at("class"),
        at("in_item1"),
        at("same_person"),
        at("must_not_suggest"),
        at("sensible_category"),
        at("danger"),
        at("may_suggest"),
    ];
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = |n: usize| cells[columns[n]].to_owned();
            Truth {
                id: cell(0),
                class: cell(1),
                in_item1: cell(2) == "1",
                same_person: cell(3) == "1",
                must_not_suggest: cell(4) == "1",
                category: cell(5),
                danger: cell(6),
                may_suggest: cell(7) == "1",
            }
        })
        .collect()
}
