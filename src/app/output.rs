//! 出力: the 解除 lists and 件数報告 that were made, and what the next ones would be.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::window::Window;
use crate::domain::batch::{CameBack, Withdrawal, protected_words};
use crate::domain::calendar::Cutoff;
use crate::domain::category::Category;
use crate::domain::filter::CHANGED;
use crate::domain::suspension::Class;
use crate::domain::tally::{Bridge, Report};
use crate::service::BatchExpect;

/// Maximum number of records that a line names.
pub const NAMED: usize = 5;

/// What the next 解除 list would hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The number it would have.
    pub number: u32,
    /// The cut-off it would be for.
    pub cutoff: Cutoff,
    /// Rows that go on it.
    pub rows: u64,
    /// These by class.
    pub by_class: BTreeMap<Class, u64>,
    /// These by category.
    pub by_category: BTreeMap<Category, u64>,
    /// Records that do not go on it, by reason.
    pub left_out: Vec<(&'static str, u64)>,
    /// How many of the rows were called right although a flag names another person, and the first of them with their flags.
    pub doubtful: (u64, Vec<String>),
    /// Reported records that a newer file changed and nobody has dealt with: how many, and the first with their list.
    pub changed: (u64, Vec<(String, u32)>),
    /// How many of the rows stand under 支援措置.
    pub protected: u64,
    /// What was withdrawn before.
    pub came_back: CameBack,
}

impl Next {
    /// What is expected of the list that is made after this preview.
    pub fn expect(&self) -> BatchExpect {
        let Self { number, rows, protected, .. } = *self;
        BatchExpect { number, rows, doubtful: self.doubtful.0, protected }
    }

    /// What must be known before the list is made: doubtful rows, 支援措置, what came back, what changed after it was reported.
    pub fn warnings(&self) -> Vec<String> {
        let before = self.doubts(NAMED).into_iter().chain(protected_words(self.protected));
        let after = self.changes().map(|changes| format!("報告した後に{changes}"));
        before.chain(self.came_back.words(NAMED)).chain(after).collect()
    }

    /// Names the rows that were called right although a flag names another person, at most so many of them; `None` without
    /// any.
    pub fn doubts(&self, most: usize) -> Option<String> {
        let (count, ids) = &self.doubtful;
        let ids = &ids[..ids.len().min(most)];
        let more = if *count > ids.len() as u64 { " …" } else { "" };
        let ids = crate::compare::visible(&ids.join(" ")).into_owned();
        (*count > 0).then(|| format!("別人の注意があるのに誤りなしとした記録 {count} 件: {ids}{more}"))
    }

    /// Names the reported records that changed, by list; `None` without any.
    pub fn changes(&self) -> Option<String> {
        let (count, named) = &self.changed;
        let list = |group: &[(String, u32)]| {
            let ids: Vec<_> = group.iter().map(|(id, _)| crate::compare::visible(id)).collect();
            format!("第{}回 {}", group[0].1, ids.join(" "))
        };
        let lists: Vec<String> = named.chunk_by(|a, b| a.1 == b.1).map(list).collect();
        let more = if *count > named.len() as u64 { " …" } else { "" };
        (*count > 0).then(|| {
            format!(
                "内容が変わった記録 {count} 件: {}{more}。決定し直すか取り下げてください(f batch:{CHANGED} で一覧)",
                lists.join("、")
            )
        })
    }
}

/// A 解除 list that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Running number.
    pub number: u32,
    /// 報告回次
    pub round: u32,
    /// 報告締切
    pub cutoff: DateTime,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it.
    pub operator: String,
    /// Rows.
    pub rows: u64,
    /// How many of them stand under 支援措置 now.
    pub protected: u64,
    /// Rows by class.
    pub by_class: BTreeMap<Class, u64>,
    /// Rows by category.
    pub by_category: BTreeMap<Category, u64>,
    /// What was withdrawn from it.
    pub withdrawn: Vec<Withdrawal>,
}

/// A 件数報告: the counts as they stand now, or a frozen one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Its number, once frozen.
    pub number: Option<u32>,
    /// 基準日時
    pub as_of: Timestamp,
    /// Who froze it.
    pub operator: String,
    /// The counts.
    pub report: Report,
    /// From the report before.
    pub bridge: Option<Bridge>,
    /// Identities that do not hold, in words.
    pub broken: Vec<String>,
}

/// Everything 出力 shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outputs {
    /// The next 解除 list.
    pub next: Next,
    /// The 解除 lists, newest first.
    pub sent: Vec<Sent>,
    /// The counts as they stand now.
    pub now: Count,
    /// The frozen reports, newest first.
    pub frozen: Vec<Count>,
    /// Rows held back at import.
    pub quarantined: u64,
    /// Where files are written.
    pub folder: String,
}

/// A line of 出力.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// The next 解除 list.
    Next(&'a Next),
    /// A 解除 list that was made.
    Sent(&'a Sent),
    /// A 件数報告.
    Count(&'a Count),
}

/// The screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// What it shows, once read.
    pub all: Option<Outputs>,
    /// Records with one 個人番号 decided both ways (G9): 誤りなし and 誤り; `None` until looked for.
    pub contradictions: Option<Vec<(String, String)>>,
    /// The visible part.
    pub window: Window,
}

impl Output {
    /// The lines: next list, lists, counts now, frozen reports.
    pub fn len(&self) -> usize {
        self.all.as_ref().map_or(0, |all| 2 + all.sent.len() + all.frozen.len())
    }

    /// Whether nothing is read yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A line.
    pub fn entry(&self, row: usize) -> Option<Entry<'_>> {
        let all = self.all.as_ref()?;
        let sent = all.sent.len();
        match row {
            0 => Some(Entry::Next(&all.next)),
            row if row <= sent => all.sent.get(row - 1).map(Entry::Sent),
            row if row == sent + 1 => Some(Entry::Count(&all.now)),
            row => all.frozen.get(row - sent - 2).map(Entry::Count),
        }
    }

    /// The line at the cursor.
    pub fn here(&self) -> Option<Entry<'_>> {
        self.entry(self.window.cursor)
    }
}
