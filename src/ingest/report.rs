//! What happened to every row of a file, as JSON (ARCHITECTURE "Commands") and as Japanese text. Nothing is dropped
//! silently: the rows read are always imported + updated + unchanged + quarantined + repeats.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::counts::{Counts, RejectedCount, Vanishing};
use super::others::OtherPersons;
use super::separator::Separator;
use super::spreadsheet::{INSURER_ZEROS, NUMBER_ZEROS};
use super::warnings::{WARNINGS, Warnings};
use crate::domain::run::Run;
use crate::domain::suspension::Class;
use crate::store::ImportRecord;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportReport {
    /// File name without folder.
    pub file: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Its encoding, recognised or forced; `xlsx` for a workbook.
    pub encoding: String,
    /// The sign between its cells; `None` for a workbook.
    pub separator: Option<Separator>,
    /// The sheet that was read, where it is a workbook.
    pub sheet: Option<String>,
    /// Hidden sheets that have content and were not read.
    pub hidden_sheets: Vec<String>,
    /// How the columns were found, in words.
    pub layout: String,
    /// The fingerprint of the header row, by which a profile is remembered; empty where the file has none.
    pub header_fingerprint: String,
    /// Columns that the rules of the job use and the file does not have.
    pub absent: Vec<&'static str>,
    /// Columns of the file that are kept with each row and not used, in visible form.
    pub unused: Vec<String>,
    /// Kind of run.
    pub run: Run,
    /// Rows read.
    pub rows: u64,
    /// New records.
    pub imported: u64,
    /// Rows rejected.
    pub quarantined: u64,
    /// Identical repeats within the file.
    pub repeats: u64,
    /// Known records with another row.
    pub updated: u64,
    /// Known records with the same row.
    pub unchanged: u64,
    /// Records that are no longer in the file (full run).
    pub vanished: u64,
    /// Decided cases that went back to 確認中.
    pub reopened: u64,
    /// Warnings by code.
    pub warnings: BTreeMap<String, u64>,
    /// The first lines of each warning.
    pub warning_lines: BTreeMap<String, Vec<u32>>,
    /// Rows rejected by code.
    pub quarantine: BTreeMap<&'static str, RejectedCount>,
    /// Rows rejected that were rejected before, as they were (they stand in quarantine once).
    pub held_again: u64,
    /// Rows that earlier imports rejected and this one accepted.
    pub corrected: u64,
    /// Rows that earlier imports rejected and this one rejects with other content.
    pub replaced: u64,
    /// Records that had vanished and are in the file again.
    pub returned: u64,
    /// The records that are no longer in the file; `None` where every record is.
    pub vanishing: Option<Vanishing>,
    /// The file holds what the store holds already, in another order or under another name; nothing was written.
    pub same_content: bool,
    /// Accepted rows by class, in the order of the classes.
    pub by_class: Vec<(Class, u64)>,
    /// Records in item 1 after the import.
    pub in_item1: u64,
    /// Acceptance rows in item 1.
    pub rows_in_item1: u64,
    /// Rows that perhaps speak of another person than the record of their 整理番号.
    pub others: OtherPersons,
    /// The 整理番号 of records in a sent batch that changed, the first ones; the warning `changed-in-batch` counts all.
    pub changed_in_batch: Vec<String>,
    /// The 保険者番号 of the file.
    pub insurers: Vec<String>,
    /// Codes that stand where a mark is expected, for a profile to read.
    pub mark_codes: Vec<String>,
    /// The file of the layout profile that was used.
    pub profile: Option<String>,
    /// Why the file would be refused, where it was only checked; for vanishing records see [`Self::vanishing`].
    pub refusals: Vec<String>,
    /// How long it took.
    pub seconds: f64,
    /// Whether nothing was written because only a check was asked for.
    pub check: bool,
    /// The earlier import of the very same file, where there was one; then nothing was written.
    pub same_as: Option<u32>,
    /// The rules are newer than the facts of the store, and the known file can be read again to compute them anew.
    pub recompute_offered: bool,
    /// Facts of unchanged rows were computed anew, or would be.
    pub recomputed: bool,
    /// The number of the import, where it was written.
    pub number: Option<u32>,
}

impl ImportReport {
    /// Whether every row read is accounted for.
    pub fn adds_up(&self) -> bool {
        self.rows == self.imported + self.updated + self.unchanged + self.quarantined + self.repeats
    }

    /// Whether leading zeros are gone that a number must have: then others may be gone too.
    fn zeros_lost(&self) -> bool {
        self.quarantine.contains_key(NUMBER_ZEROS) || self.warnings.contains_key(INSURER_ZEROS)
    }

    /// Whether hardly any date can be read.
    fn dates_lost(&self) -> bool {
        let unread =
            ["birth-date", "birth-era", "unknown-date"].iter().filter_map(|code| self.warnings.get(*code)).max();
        unread.is_some_and(|unread| unread * 2 >= self.rows - self.quarantined)
    }

    /// Takes the counts of an import.
    pub(crate) fn fill(&mut self, rows: u64, counts: Counts, mut warnings: Warnings) {
        self.rows = rows;
        self.imported = counts.imported;
        self.updated = counts.updated;
        self.unchanged = counts.unchanged;
        self.quarantined = counts.quarantined;
        self.repeats = counts.repeats;
        self.vanished = counts.gone.len();
        self.reopened = counts.reopened;
        self.in_item1 = counts.under_review;
        self.rows_in_item1 = counts.in_item1;
        self.others = counts.others;
        self.changed_in_batch = counts.changed_in_batch;
        self.by_class = Class::ALL.into_iter().zip(counts.by_class).collect();
        self.quarantine = counts.held;
        self.held_again = counts.held_again;
        self.corrected = counts.corrected;
        self.replaced = counts.replaced;
        self.returned = counts.returned;
        warnings.0.extend(counts.warnings.0);
        for (code, warning) in warnings.0 {
            self.warnings.insert(code.to_owned(), warning.count);
            self.warning_lines.insert(code.to_owned(), warning.lines);
        }
    }

    /// The report of a file that an earlier import brought in already: all of its rows are unchanged.
    pub(crate) fn repeat(&mut self, earlier: &ImportRecord, in_item1: u64) {
        self.rows = earlier.rows;
        self.unchanged = earlier.imported + earlier.updated + earlier.unchanged;
        self.quarantined = earlier.quarantined;
        self.repeats = earlier.repeats;
        self.warnings.clone_from(&earlier.warnings);
        self.by_class = Class::ALL
            .into_iter()
            .map(|class| {
                let count = earlier.by_class.iter().find(|(label, _)| label == class.label()).map_or(0, |(_, n)| *n);
                (class, count)
            })
            .collect();
        self.in_item1 = in_item1;
        self.same_as = Some(earlier.number);
    }

    /// The import as the store remembers it.
    pub(crate) fn record(&self, number: u32, header: Vec<String>, operator: &str) -> ImportRecord {
        ImportRecord {
            number,
            file: self.file.clone(),
            sha256: self.sha256.clone(),
            encoding: self.encoding.clone(),
            run: self.run,
            header,
            rows: self.rows,
            imported: self.imported,
            quarantined: self.quarantined,
            repeats: self.repeats,
            updated: self.updated,
            unchanged: self.unchanged,
            vanished: self.vanished,
            reopened: self.reopened,
            warnings: self.warnings.clone(),
            by_class: self.by_class.iter().map(|(class, n)| (class.label().to_owned(), *n)).collect(),
            in_item1: self.in_item1,
            insurers: Some(self.insurers.clone()),
            at: None,
            operator: operator.to_owned(),
            ..ImportRecord::default()
        }
    }

    /// The report for people.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_text(&mut text);
        text
    }

    /// Counts and names the records in a sent batch that changed; `None` without any.
    pub fn changed_ids(&self) -> Option<String> {
        named(self.warnings.get("changed-in-batch").copied().unwrap_or_default(), &self.changed_in_batch)
    }

    /// Counts and names the rows that perhaps speak of another person; `None` without any.
    pub fn other_ids(&self) -> Option<String> {
        named(self.others.total(), &self.others.ids)
    }

    /// Says that facts were computed anew, or would be; `None` where they were not.
    pub(crate) fn recomputed_words(&self) -> Option<String> {
        let does = if self.check { "計算し直します" } else { "計算し直しました" };
        let rest = if self.run == Run::Full { "" } else { "(ファイルにない記録は元のままです)" };
        self.recomputed.then(|| format!("変更なしの記録の区分と危険兆候を、今の規則で{does}{rest}。"))
    }

    /// Names the entry of a layout profile that reads the codes which stand for marks; what they mean only the operator knows.
    fn write_mark_advice(&self, out: &mut String) -> std::fmt::Result {
        let Some(first) = self.mark_codes.first() else { return Ok(()) };
        let codes: Vec<String> = self.mark_codes.iter().map(|code| format!("\"{code}\"")).collect();
        let place = match &self.profile {
            None => "次の行をファイル(例 判定.toml)に書き、--layout 判定.toml を付けて".to_owned(),
            Some(file) => {
                let file = crate::compare::visible(file);
                format!("次の行をレイアウト定義 {file} の末尾に書き加え([marks] があればその下に)、--layout で指定して")
            }
        };
        writeln!(
            out,
            "判定の列に {} があります。{place}取り込み直すと読めます。意味を確かめ、値を [] の中に入れてください(例 \"○\" = [\"{first}\"])。\n\n[marks]\n\"○\" = []\n\"△\" = []\n\"×\" = []\n",
            codes.join("、"),
        )
    }

    /// Says where the rows came from, where that is no text with commas.
    pub(crate) fn source_words(&self) -> Vec<String> {
        let visible = |name: &String| crate::compare::visible(name).into_owned();
        let separator = self.separator.filter(|separator| *separator != Separator::Comma);
        let separator = separator.map(|separator| format!("区切りが{}のファイルとして読みました。", separator.label()));
        let sheet =
            self.sheet.as_ref().map(|sheet| format!("Excel ブックのシート「{}」を読みました。", visible(sheet)));
        let hidden: Vec<String> = self.hidden_sheets.iter().map(visible).collect();
        let hidden = (!hidden.is_empty())
            .then(|| format!("非表示のシート「{}」は読んでいません(読むには --sheet)。", hidden.join("」「")));
        separator.into_iter().chain(sheet).chain(hidden).collect()
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        let file = crate::compare::visible(&self.file);
        match (self.same_as, self.check) {
            (Some(number), _) => {
                writeln!(out, "{file}: 取込 {number} 回目と同じファイルです。何も変更していません。")?;
            }
            (None, _) if self.same_content => {
                writeln!(out, "{file}: 内容は取込済の記録と同じです。何も変更していません。")?;
            }
            (None, true) => writeln!(out, "{file}: 検査しました(何も書き込んでいません)。")?,
            (None, false) => writeln!(out, "{file}: 取り込みました。")?,
        }
        if self.recompute_offered {
            writeln!(
                out,
                "区分と危険兆候の規則が、取込のときより新しくなっています。meken import FILE --recompute-facts で計算し直せます。"
            )?;
        }
        let layout = if self.layout.is_empty() { String::new() } else { format!("  列 {}", self.layout) };
        writeln!(out, "文字コード {}{layout}  SHA-256 {}", self.encoding, self.sha256)?;
        for words in self.source_words() {
            writeln!(out, "{words}")?;
        }
        if !self.absent.is_empty() {
            writeln!(
                out,
                "見つからない列: {}(あるはずなら meken layout guess で対応を付けられます)",
                self.absent.join("、")
            )?;
        }
        if !self.unused.is_empty() {
            let (shown, rest) = self.unused.split_at(self.unused.len().min(12));
            let more = if rest.is_empty() { String::new() } else { format!(" ほか {} 列", rest.len()) };
            writeln!(out, "使わない列: {}{more}", shown.join("、"))?;
        }
        writeln!(
            out,
            "読込 {} = 新規 {} + 更新 {} + 変更なし {} + 隔離 {} + 重複 {}",
            self.rows, self.imported, self.updated, self.unchanged, self.quarantined, self.repeats
        )?;
        if !self.adds_up() {
            writeln!(out, "件数が合いません。この取り込みは使わず、開発元へ連絡してください。")?;
        }
        if let Some(words) = self.recomputed_words() {
            writeln!(out, "{words}")?;
        }
        if self.corrected > 0 {
            writeln!(out, "隔離していた行 {} 件が訂正されました。", self.corrected)?;
        }
        if self.returned > 0 {
            writeln!(out, "「消滅」としていた記録 {} 件が、ふたたびファイルにあります。", self.returned)?;
        }
        if let Some(Vanishing { records, gone, item1, item1_gone }) = self.vanishing.filter(|_| self.check) {
            writeln!(out, "消滅になる記録: {records} 件のうち {gone} 件(設問1は {item1} 件のうち {item1_gone} 件)。")?;
            if self.vanishing.is_some_and(|vanishing| vanishing.is_doubtful()) {
                writeln!(
                    out,
                    "半分を超えるため、このままでは取り込みません。差分なら --run delta、本当に全件なら --allow-vanish を付けてください。"
                )?;
            }
        } else if self.vanished > 0 {
            writeln!(out, "今回のファイルにない記録 {} 件を「消滅」としました。", self.vanished)?;
        }
        if self.reopened > 0 {
            writeln!(out, "内容が変わった決定済みの記録 {} 件を「確認中」に戻しました。", self.reopened)?;
        }
        let classes: Vec<String> =
            self.by_class.iter().filter(|(_, n)| *n > 0).map(|(class, n)| format!("{} {n}", class.label())).collect();
        writeln!(out, "区分 {}  取込後の確認対象 {}", classes.join("  "), self.in_item1)?;
        for refusal in &self.refusals {
            writeln!(out, "このままでは取り込みません。{refusal}")?;
        }
        if let Some(changed) = self.changed_ids() {
            let becomes = if self.check { "戻ります" } else { "戻しました" };
            writeln!(
                out,
                "解除リストに載せた記録の内容が変わり、確認中に{becomes}: {changed}。決定し直すか取り下げてください。一覧は meken list --all --filter batch:{}",
                crate::domain::filter::CHANGED,
            )?;
        }
        if let Some(others) = self.other_ids().filter(|_| self.refusals.is_empty()) {
            writeln!(out, "別人の疑いで隔離した行: {others}。記録と決定は元のままです。")?;
        }
        // What has a sentence of its own is told once.
        let told = |code: &str| code == "changed-in-batch";
        if self.warnings.keys().any(|code| !told(code)) {
            writeln!(out, "注意:")?;
            for (code, count) in self.warnings.iter().filter(|(code, _)| !told(code)) {
                let words = WARNINGS.iter().find(|(known, _)| known == code).map_or("", |(_, words)| words);
                let lines = lines(self.warning_lines.get(code).map_or(&[], Vec::as_slice), *count);
                writeln!(out, "  {count:>6} 件  {words}{lines} [{code}]")?;
            }
        }
        if self.dates_lost() {
            writeln!(
                out,
                "半分以上の行で日付が読めません。列の対応(meken layout guess)と、表計算ソフトで保存し直していないかを確認してください。"
            )?;
        }
        if self.zeros_lost() {
            writeln!(
                out,
                "表計算ソフトで保存し直したファイルのようです。整理番号や番号の先頭の 0 も落ちていれば、解除リストの整理番号が元と合いません。元のファイルを取り込んでください。"
            )?;
        }
        if self.quarantined > 0 {
            writeln!(out, "隔離:")?;
            for (code, RejectedCount { count, lines: first, reason, .. }) in &self.quarantine {
                writeln!(out, "  {count:>6} 件  {reason}{} [{code}]", lines(first, *count))?;
            }
            if self.quarantined * 2 >= self.rows {
                writeln!(
                    out,
                    "半分以上の行が隔離されました。列の対応(meken layout guess)、文字コード、表計算ソフトで保存し直していないかを確認してください。"
                )?;
            }
            self.write_mark_advice(out)?;
            if self.held_again > 0 {
                writeln!(out, "うち {} 件は前の取込で隔離した行と同じです(新しく隔離していません)。", self.held_again)?;
            }
            writeln!(
                out,
                "隔離した行は meken quarantine で一覧、meken export quarantine で書き出せます。直したファイルをもう一度取り込んでください。"
            )?;
        }
        Ok(())
    }
}

/// A count with the first 整理番号.
fn named(count: u64, ids: &[String]) -> Option<String> {
    /// Maximum number of records that are named.
    const NAMED: usize = 10;
    let ids: Vec<_> = ids.iter().take(NAMED).map(|id| crate::compare::visible(id)).collect();
    let more = if count > ids.len() as u64 { " ほか" } else { "" };
    (count > 0).then(|| format!("{count} 件(整理番号 {}{more})", ids.join("、")))
}

/// Words the first lines.
fn lines(first: &[u32], count: u64) -> String {
    if first.is_empty() {
        return String::new();
    }
    let list = first.iter().map(u32::to_string).collect::<Vec<_>>().join("、");
    let more = if count > first.len() as u64 { " ほか" } else { "" };
    format!("({list} 行目{more})")
}

impl Serialize for ImportReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct ByClass<'a>(&'a [(Class, u64)]);
        impl Serialize for ByClass<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(class, n)| (class.label(), n)))
            }
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("file", &crate::compare::visible(&self.file))?;
        map.serialize_entry("sha256", &self.sha256)?;
        map.serialize_entry("encoding", &self.encoding)?;
        map.serialize_entry("run", &self.run)?;
        map.serialize_entry("rows", &self.rows)?;
        map.serialize_entry("imported", &self.imported)?;
        map.serialize_entry("quarantined", &self.quarantined)?;
        map.serialize_entry("repeats", &self.repeats)?;
        map.serialize_entry("updated", &self.updated)?;
        map.serialize_entry("unchanged", &self.unchanged)?;
        map.serialize_entry("vanished", &self.vanished)?;
        map.serialize_entry("reopened", &self.reopened)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.serialize_entry("by_class", &ByClass(&self.by_class))?;
        map.serialize_entry("in_item1", &self.in_item1)?;
        map.serialize_entry("seconds", &self.seconds)?;
        map.serialize_entry("check", &self.check)?;
        map.serialize_entry("same_as", &self.same_as)?;
        map.serialize_entry("layout", &self.layout)?;
        map.serialize_entry("absent_columns", &self.absent)?;
        map.serialize_entry("unused_columns", &self.unused)?;
        let vanishes = self.vanishing.is_some_and(|vanishing| vanishing.is_doubtful());
        map.serialize_entry("would_refuse", &(vanishes || !self.refusals.is_empty()))?;
        map.serialize_entry("refusals", &self.refusals)?;
        map.serialize_entry("insurers", &self.insurers)?;
        map.serialize_entry("rows_in_item1", &self.rows_in_item1)?;
        map.serialize_entry("other_persons", &self.others.total())?;
        map.serialize_entry("changed_in_batch", &self.changed_in_batch)?;
        map.serialize_entry("same_content", &self.same_content)?;
        map.serialize_entry("recompute_offered", &self.recompute_offered)?;
        map.serialize_entry("recomputed", &self.recomputed)?;
        map.serialize_entry("import", &self.number)?;
        map.serialize_entry("warning_lines", &self.warning_lines)?;
        map.serialize_entry("quarantine", &self.quarantine)?;
        map.serialize_entry("held_again", &self.held_again)?;
        map.serialize_entry("corrected", &self.corrected)?;
        map.serialize_entry("returned", &self.returned)?;
        map.serialize_entry("separator", &self.separator.map(Separator::word))?;
        let visible = |name: &String| crate::compare::visible(name).into_owned();
        map.serialize_entry("sheet", &self.sheet.as_ref().map(visible))?;
        map.serialize_entry("hidden_sheets", &self.hidden_sheets.iter().map(visible).collect::<Vec<_>>())?;
        map.end()
    }
}
