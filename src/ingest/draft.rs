//! Writes a layout profile for a file: what is known of its columns, for the user to fill in.

use std::fmt::Write as _;

use super::profile::{MARKS, is_needed};
use super::words;
use crate::compare::{parse_date, visible};
use crate::domain::person::MyNumber;
use crate::domain::quarantine::mask;
use crate::domain::record::{Column, Overall};

/// What is known about a file for which a profile is written.
pub(crate) struct ProfileDraft<'d> {
    /// Header names in order.
    pub(crate) names: &'d [String],
    /// Index of each of [`Column::ALL`] in the file.
    pub(crate) columns: &'d [Option<usize>; Column::COUNT],
    /// How many rows the header has, where that must be said.
    pub(crate) header_rows: Option<u8>,
    /// The forms of the values of each column.
    pub(crate) samples: &'d [Vec<String>],
    /// Words for marks.
    pub(crate) marks: &'d [(String, Overall)],
}

impl ProfileDraft<'_> {
    /// Writes the profile: what each column of the file is, what could not be mapped, and what is missing.
    pub(crate) fn write(&self) -> String {
        let mut text = String::from(
            "# meken のレイアウト定義。\"\" のところに、ファイルの列名か列の番号(1から)を書いてください。\n# 書いていない列は見出しから判断します。見出しのないファイルでは header_rows = 0 とし、番号で指定します。\n",
        );
        let headerless = self.header_rows == Some(0);
        text.push_str("#\n# ファイルの列:\n");
        for (at, name) in self.names.iter().enumerate() {
            let known = Column::ALL.into_iter().find(|column| self.columns[column.index()] == Some(at));
            let known = known.map_or("(使いません)", Column::name);
            let name = if headerless { String::new() } else { format!("{}  ", shown(name)) };
            let samples = self.samples.get(at).filter(|samples| !samples.is_empty());
            let samples = samples.map(|samples| format!("  値の形: {}", samples.join(" | "))).unwrap_or_default();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "#   {:>3}  {name}→ {known}{samples}", at + 1);
        }
        if let Some(rows) = self.header_rows {
            let _ = write!(text, "\nheader_rows = {rows}\n");
        }
        text.push_str("\n[columns]\n");
        for column in Column::ALL {
            let _ = match self.columns[column.index()] {
                Some(at) if headerless => writeln!(text, "\"{}\" = {}", column.name(), at + 1),
                Some(at) => writeln!(text, "\"{}\" = {}", column.name(), column_ref(self.names, at)),
                None if is_needed(column) => writeln!(text, "\"{}\" = \"\"  # 必須", column.name()),
                None => writeln!(text, "# \"{}\" = \"\"", column.name()),
            };
        }
        if self.marks.is_empty() {
            text.push_str("\n# 判定結果や総合判定が数字などのときは、その値を書いてください。\n# [marks]\n# \"○\" = [\"1\"]\n# \"△\" = [\"2\"]\n# \"×\" = [\"3\"]\n");
        } else {
            text.push_str("\n[marks]\n");
            for (label, mark) in MARKS {
                let words: Vec<String> = (self.marks.iter().filter(|(_, known)| *known == mark))
                    .map(|(word, _)| toml::Value::String(word.clone()).to_string())
                    .collect();
                let _ = writeln!(text, "\"{label}\" = [{}]", words.join(", "));
            }
        }
        text
    }
}

/// Writes a profile to fill in for a file that is refused: without values of its rows.
pub(crate) fn to_fill_in(names: &[String], columns: &[Option<usize>; Column::COUNT]) -> String {
    // What looks like a header may be the first row of a file without one: its values are nobody's business here.
    let is_value = |name: &String| {
        let digits = name.trim().len() >= 6 && name.trim().bytes().all(|b| b.is_ascii_digit());
        // Hardly a row of a person is without a date or a sex.
        let person = parse_date(name).is_some() || matches!(name.trim(), "男" | "女" | "男性" | "女性");
        digits || person || Overall::parse(name).is_some() || MyNumber::parse(name).is_some()
    };
    let data = names.iter().any(is_value);
    ProfileDraft { names, columns, header_rows: data.then_some(0), samples: &[], marks: &[] }.write()
}

/// A header name as it may be shown, masked and shortened: a longer text is a line that could not be cut.
pub(super) fn shown(name: &str) -> String {
    const MAXIMUM: usize = 40;
    let short: String = name.chars().take(MAXIMUM).collect();
    let more = if short.len() < name.len() { "…" } else { "" };
    format!("{}{more}", mask(&visible(&short)))
}

/// Names a column of the file by its header where that is unique, else by its number.
fn column_ref(names: &[String], at: usize) -> String {
    let name = words::normalise(&names[at]);
    if name.is_empty() || names.iter().filter(|other| words::normalise(other) == name).count() > 1 {
        return (at + 1).to_string();
    }
    toml::Value::String(names[at].clone()).to_string()
}
