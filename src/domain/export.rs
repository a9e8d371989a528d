//! The kinds of lists that can be exported. The command line with its help and completion, the screens and the README
//! follow this table; `export` has one file for each kind.

use jiff::Timestamp;

use super::calendar::japan_time;

/// What is known of a kind of export before anything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportInfo {
    /// Name on the command line, and `kind` in manifests.
    pub word: &'static str,
    /// Japanese name.
    pub label: &'static str,
    /// First part of the default file name.
    pub file: &'static str,
    /// Counter of its numbered editions (第1回); `None` where there are none.
    pub counter: Option<&'static str>,
    /// Whether an export without a number makes a new edition in the store before it is written.
    pub creates: bool,
    /// Whether a template may define its columns.
    pub template: bool,
}

macro_rules! export_kinds {
    ($($(#[doc = $doc:literal])+ $name:ident $info:tt,)*) => {
        /// A kind of export.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ExportKind {
            $($(#[doc = $doc])+ $name,)*
        }

        impl ExportKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What is known of it.
            pub const fn info(self) -> ExportInfo {
                match self { $(Self::$name => ExportInfo $info,)* }
            }
        }
    };
}

export_kinds! {
    /// 解除リスト: the next batch, or one that was made before
    Release {
        word: "release", label: "解除リスト", file: "解除", counter: Some("回"), creates: true, template: true,
    },
    /// 件数報告: the counts as they stand, or a frozen report
    Report {
        word: "report", label: "件数報告", file: "件数報告", counter: Some("号"), creates: false, template: false,
    },
    /// Every record with its values, comparison and decision
    Records {
        word: "records", label: "記録の一覧", file: "一覧", counter: None, creates: false, template: false,
    },
    /// The open rows of the quarantine, to be corrected and imported again
    Quarantine {
        word: "quarantine", label: "隔離した行", file: "隔離", counter: None, creates: false, template: false,
    },
}

/// One export that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExportRequest {
    /// The kind.
    pub kind: ExportKind,
    /// The edition: a batch that was made before, a frozen report; `None` for the next or current one.
    pub number: Option<u32>,
}

impl ExportRequest {
    /// The next or current edition of a kind.
    pub const fn of(kind: ExportKind) -> Self {
        Self { kind, number: None }
    }

    /// A numbered edition of a kind.
    pub const fn numbered(kind: ExportKind, number: u32) -> Self {
        Self { kind, number: Some(number) }
    }

    /// Whether carrying it out makes new state in the store.
    pub const fn creates(self) -> bool {
        self.kind.info().creates && self.number.is_none()
    }

    /// Default file name: made of the number or the time, never of data.
    pub fn file_name(self, at: Timestamp) -> String {
        let ExportInfo { file, counter, .. } = self.kind.info();
        match (counter, self.number) {
            (Some(counter), Some(number)) => format!("{file}_第{number}{counter}.csv"),
            _ => format!("{file}_{}.csv", japan_time(at).strftime("%Y%m%d_%H%M%S")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_hold_the_number_or_the_time() {
        let at = "2023-12-14T00:30:00Z".parse().unwrap();
        for (request, name) in [
            (ExportRequest::numbered(ExportKind::Release, 3), "解除_第3回.csv"),
            (ExportRequest::numbered(ExportKind::Report, 1), "件数報告_第1号.csv"),
            (ExportRequest::of(ExportKind::Report), "件数報告_20231214_093000.csv"),
            (ExportRequest::of(ExportKind::Records), "一覧_20231214_093000.csv"),
            (ExportRequest::of(ExportKind::Quarantine), "隔離_20231214_093000.csv"),
        ] {
            assert_eq!(request.file_name(at), name);
        }
    }

    #[test]
    fn only_a_list_without_a_number_is_made_anew() {
        for &kind in ExportKind::ALL {
            assert!(!ExportRequest::numbered(kind, 1).creates());
            assert_eq!(ExportRequest::of(kind).creates(), kind == ExportKind::Release);
        }
    }

    #[test]
    fn words_labels_and_file_names_tell_the_kinds_apart() {
        for part in [|info: ExportInfo| info.word, |info: ExportInfo| info.label, |info: ExportInfo| info.file] {
            let mut all: Vec<&str> = ExportKind::ALL.iter().map(|kind| part(kind.info())).collect();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), ExportKind::ALL.len());
        }
    }
}
