//! Work that takes a moment: exports and imports, one at a time, with progress.

use crate::domain::case::Case;
use crate::domain::export::ExportRequest;
use crate::domain::record::{Column, RecordNo};
use crate::domain::run::Run;
use crate::service::{BatchExpect, ReportExpect};

/// A file to import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportSource {
    /// As the operator named it.
    pub path: String,
    /// The encoding that the operator forces.
    pub encoding: Option<String>,
    /// The layout profile that the operator gives.
    pub layout: Option<String>,
    /// The date system by which day serials are read.
    pub serial_dates: Option<String>,
    /// The sheet of a workbook that the operator names.
    pub sheet: Option<String>,
    /// What the file speaks for.
    pub run: Run,
    /// Whether it is taken although most records would vanish.
    pub allow_vanish: bool,
    /// Whether it is taken although its 保険者番号 is another.
    pub allow_insurer: bool,
    /// Whether missing 判定結果 columns are made up for by comparison.
    pub recompute_marks: bool,
    /// Whether the facts of unchanged records are computed anew.
    pub recompute_facts: bool,
    /// Which columns are which (number from 1), where the operator chose; empty where the header says.
    pub columns: Vec<(Column, usize)>,
}

impl ImportSource {
    /// The options that may follow a path, spelt as on the command line, with the values of those that take a word.
    pub const OPTIONS: [(&'static str, &'static [&'static str]); 9] = [
        ("run", &["full", "delta", "new-check"]),
        ("encoding", &["utf-8", "cp932", "utf-16le", "utf-16be"]),
        ("layout", &[]),
        ("sheet", &[]),
        ("recompute-marks", &[]),
        ("serial-dates", &["1900", "1904"]),
        ("allow-vanish", &[]),
        ("allow-insurer", &[]),
        ("recompute-facts", &[]),
    ];

    /// A file whose header says which columns are which.
    pub fn of(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// Where options begin in a line, at the blank before each: ` --` and a name that is known; all else is a path's.
    pub fn options_in(text: &str) -> impl Iterator<Item = usize> {
        let known = |part: &str| Self::OPTIONS.iter().any(|(name, _)| part.split(' ').next() == Some(*name));
        text.match_indices(" --").map(|(at, _)| at).filter(move |at| text.get(at + 3..).is_some_and(known))
    }

    /// Reads `FILE --run delta --layout FILE`; a path may hold blanks and ` --`. The error says which option is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let starts: Vec<usize> = Self::options_in(text).collect();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let path = text.get(..starts.first().copied().unwrap_or(text.len())).unwrap_or_default();
        let mut source = Self::of(path.trim());
        for part in starts.iter().zip(ends).filter_map(|(start, end)| text.get(start + 3..end)) {
            let (name, value) = part.split_once(' ').map_or((part, ""), |(name, value)| (name, value.trim()));
            let given = || match value {
                "" => Err(format!("--{name} の後に値を入力してください")),
                value => Ok(value.to_owned()),
            };
            match name {
                "run" => {
                    let word = given()?;
                    let run = Run::WORDS.iter().find(|(known, _)| *known == word);
                    source.run = run.ok_or("--run には full、delta、new-check のどれかを指定してください")?.1;
                }
                "encoding" => source.encoding = Some(given()?),
                "layout" => source.layout = Some(given()?),
                "serial-dates" => source.serial_dates = Some(given()?),
                "sheet" => source.sheet = Some(given()?),
                "recompute-marks" if value.is_empty() => source.recompute_marks = true,
                "allow-vanish" if value.is_empty() => source.allow_vanish = true,
                "allow-insurer" if value.is_empty() => source.allow_insurer = true,
                "recompute-facts" if value.is_empty() => source.recompute_facts = true,
                _ => {
                    let known = Self::OPTIONS.map(|(name, _)| format!("--{name}")).join(" ");
                    let part = crate::compare::visible(part).into_owned();
                    return Err(format!("「--{part}」という指定はありません({known})"));
                }
            }
        }
        Ok(source)
    }

    /// The text that [`Self::parse`] reads as this, but for chosen columns.
    pub fn text(&self) -> String {
        let mut text = self.path.clone();
        if let Some((word, _)) = Run::WORDS.iter().find(|(_, run)| *run == self.run && *run != Run::Full) {
            text.push_str(&format!(" --run {word}"));
        }
        let words = [
            ("encoding", &self.encoding),
            ("layout", &self.layout),
            ("sheet", &self.sheet),
            ("serial-dates", &self.serial_dates),
        ];
        for (name, value) in words {
            if let Some(value) = value {
                text.push_str(&format!(" --{name} {value}"));
            }
        }
        for (name, set) in [
            ("recompute-marks", self.recompute_marks),
            ("allow-vanish", self.allow_vanish),
            ("allow-insurer", self.allow_insurer),
            ("recompute-facts", self.recompute_facts),
        ] {
            if set {
                text.push_str(&format!(" --{name}"));
            }
        }
        text
    }
}

/// Names a file in a message as the operator named it, where the message begins with the file's name alone.
pub fn located(path: &str, message: &str) -> String {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    match message.strip_prefix(name).filter(|rest| rest.starts_with(':') && !name.is_empty()) {
        Some(rest) => format!("{}{rest}", crate::compare::visible(path)),
        None => message.to_owned(),
    }
}

/// Work that takes a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Write a list to a file; a new one is made first.
    Export {
        /// The list.
        request: ExportRequest,
        /// What the preview counted, where a new list is made.
        expect: Option<BatchExpect>,
    },
    /// Keep the counts as a numbered report, if they are what the preview counted.
    Freeze(Box<ReportExpect>),
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
    /// Read a file and say what it would change.
    Check(ImportSource),
    /// Import a file.
    Import(ImportSource),
}

impl Job {
    /// A list written to a file; a new one is made from whatever is there when the job runs.
    pub fn export(request: ExportRequest) -> Self {
        Self::Export { request, expect: None }
    }

    /// What is being done, for the progress line.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Export { request, .. } if request.creates() => "解除リストを作成中",
            Self::Export { .. } => "書き出し中",
            Self::Freeze(_) => "件数報告を確定中",
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

/// A job that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningJob {
    /// The job.
    pub task: Job,
    /// How much is done, of `total`.
    pub done: u64,
    /// All of it; 0 when not known.
    pub total: u64,
    /// Rows so far.
    pub rows: u64,
}

impl RunningJob {
    /// A job that begins.
    pub fn of(task: Job) -> Self {
        Self { task, done: 0, total: 0, rows: 0 }
    }
}

/// How a job ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// In one line.
    pub message: String,
    /// In several, where there is more to say.
    pub lines: Vec<String>,
    /// Whether there is nothing to do: the file is in already.
    pub nothing: bool,
    /// Whether nothing was done because most records would vanish, which is to be confirmed first.
    pub vanishes: bool,
    /// The record whose case it changed, as it stands now.
    pub case: Option<Box<(RecordNo, Case)>>,
}

impl Outcome {
    /// The outcome of a job that has one line to say.
    pub fn said(message: String) -> Self {
        Self { message, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_follow_a_path_that_may_hold_blanks() {
        let source = ImportSource::parse(
            "/tmp/突合 結果.csv --run delta --encoding cp932 --layout /tmp/a b.toml --allow-vanish",
        );
        let source = source.unwrap();
        assert!(!source.allow_insurer && ImportSource::parse("a.csv --allow-insurer").unwrap().allow_insurer);
        let again = ImportSource::parse("a.csv --recompute-facts").unwrap();
        assert!(!source.recompute_facts && again.recompute_facts && !again.recompute_marks);
        assert_eq!(again.text(), "a.csv --recompute-facts");
        assert_eq!((source.path.as_str(), source.run), ("/tmp/突合 結果.csv", Run::Delta));
        assert_eq!((source.encoding.as_deref(), source.layout.as_deref()), (Some("cp932"), Some("/tmp/a b.toml")));
        assert_eq!((source.allow_vanish, source.recompute_marks), (true, false));
        let serial = ImportSource::parse("a.csv --serial-dates 1904").unwrap();
        assert_eq!(
            (serial.serial_dates.as_deref(), serial.text().as_str()),
            (Some("1904"), "a.csv --serial-dates 1904")
        );
        let book = ImportSource::parse("a.xlsx --sheet 12月 分 --check --run delta").unwrap();
        assert_eq!((book.sheet.as_deref(), book.run), (Some("12月 分 --check"), Run::Delta));
        assert_eq!(ImportSource::parse(&book.text()).unwrap(), book);
        assert_eq!(ImportSource::parse(&source.text()).unwrap(), source);
        assert_eq!(ImportSource::parse(" a.csv ").unwrap(), ImportSource::of("a.csv"));
        for (text, said) in [
            ("a.csv --run", "--run の後"),
            ("a.csv --run all", "full、delta、new-check"),
            ("a.csv --run delta --rum full", "full、delta、new-check"),
            ("a.csv --allow-vanish yes", "「--allow-vanish yes」という指定はありません"),
        ] {
            let error = ImportSource::parse(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn a_path_may_hold_two_hyphens_after_a_blank() {
        for path in ["突合 --写し.csv", "a --b/c --runs.csv", "a --run.csv", "a --", "--run"] {
            assert_eq!(ImportSource::parse(path).unwrap(), ImportSource::of(path));
            let source = ImportSource { run: Run::Delta, allow_vanish: true, ..ImportSource::of(path) };
            assert_eq!(ImportSource::parse(&source.text()).unwrap(), source, "{path}");
        }
        let source = ImportSource::parse("a.csv --layout b --c.toml --run delta").unwrap();
        assert_eq!((source.layout.as_deref(), source.run), (Some("b --c.toml"), Run::Delta));
    }

    #[test]
    fn a_file_is_named_as_it_was_typed() {
        assert_eq!(located("/data/a.csv", "a.csv:3: 引用符"), "/data/a.csv:3: 引用符");
        assert_eq!(located("/data/tmp/", "tmp: 通常の"), "/data/tmp/: 通常の");
        assert_eq!(located("a.csv", "保存できません"), "保存できません");
        assert_eq!(located("", ": 空"), ": 空");
    }
}
